// SPDX-License-Identifier: Apache-2.0
/* file(path[, format[, structure]]): rows of files in a format, read and, one file, written. */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "engine/table_functions.h"
#include "format/format.h"
#include "io/file.h"

enum { CHUNK = 1 << 20 };

static char root[PATH_MAX] = "";
static bool anywhere;

void file_function_root(const char *directory)
{
	anywhere = directory == NULL;
	if (directory != NULL)
		snprintf(root, sizeof root, "%s", directory);
}

struct file_call {
	struct table_function_call *call;
	const char *pattern;          /* the path, below the root */
	struct str format;
	char **paths;
	size_t path_count;
};

/* ---- which files ---- */

/* The path must not leave the root, whatever it is called. */
static enum status full_path(struct arena *a, struct str path, const char **out, struct error *err)
{
	if (path.size == 0 || memchr(path.data, '\0', path.size) != NULL)
		return ERR(err, E_BAD_ARGUMENTS, "a file must have a name");
	if (anywhere) {
		*out = arena_strf(a, "%.*s", STR_ARG(path)).data;
		return OK;
	}
	size_t below = strlen(root);
	bool inside = root[0] != '\0';
	if (path.data[0] == '/')
		inside = inside && str_starts_with(path, str_of(root)) && path.size > below && path.data[below] == '/';
	*out = path.data[0] == '/' ? arena_strf(a, "%.*s", STR_ARG(path)).data
		: arena_strf(a, "%s/%.*s", root, STR_ARG(path)).data;
	for (const char *p = *out; inside && (p = strstr(p, "/..")) != NULL; p += 3)
		inside = p[3] != '/' && p[3] != '\0';
	return inside ? OK : ERR(err, E_ACCESS_DENIED, "File `%.*s` is not inside `%s`", STR_ARG(path), root);
}

/* What a link leads to counts; of a file that is not there yet, what its directory is. */
static enum status check_real(const char *path, struct error *err)
{
	char real[PATH_MAX], base[PATH_MAX], parent[PATH_MAX];
	if (anywhere)
		return OK;
	const char *slash = strrchr(path, '/');
	snprintf(parent, sizeof parent, "%.*s", slash == NULL ? 1 : (int)(slash - path), slash == NULL ? "." : path);
	bool found = realpath(path, real) != NULL || realpath(parent, real) != NULL;
	size_t below = realpath(root, base) == NULL ? 0 : strlen(base);
	if (!found || below == 0 || !str_starts_with(str_of(real), str_of(base)) ||
	    (real[below] != '/' && real[below] != '\0'))
		return ERR(err, E_ACCESS_DENIED, "File `%s` is not inside `%s`", path, root);
	return OK;
}

static enum status find_files(struct file_call *f, struct error *err)
{
	glob_t found;
	size_t room = 0;
	f->path_count = 0;
	f->paths = NULL;
	if (glob(f->pattern, GLOB_BRACE | GLOB_MARK, NULL, &found) != 0)
		found.gl_pathc = 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *p = found.gl_pathv[i];
		if (p[strlen(p) - 1] != '/')
			ARENA_PUSH(f->call->arena, f->paths, f->path_count, room,
			           (char *)(uintptr_t)arena_strf(f->call->arena, "%s", p).data);
	}
	if (found.gl_pathc != 0)
		globfree(&found);
	for (size_t i = 0; i < f->path_count; i++)
		TRY(check_real(f->paths[i], err));
	if (f->path_count == 0 && strpbrk(f->pattern, "*?{[") == NULL)
		return ERR(err, E_FILE_DOES_NOT_EXIST, "File %s doesn't exist", f->pattern);
	return OK;
}

static struct str format_of_path(struct str path)
{
	static const char *const names[][2] = {{"csv", "CSV"}, {"tsv", "TabSeparated"}, {"json", "JSON"},
		{"jsonl", "JSONEachRow"}, {"ndjson", "JSONEachRow"}, {"native", "Native"}, {"txt", "TabSeparated"},
		{"bin", "RowBinary"}, {"rowbinary", "RowBinary"}, {"sql", "MySQLDump"}, {"md", "Markdown"}};
	for (size_t i = path.size; i > 0 && path.data[i - 1] != '/'; i--)
		for (size_t k = 0; path.data[i - 1] == '.' && k < ARRAY_COUNT(names); k++)
			if (str_eq_nocase(str_make(path.data + i, path.size - i), str_of(names[k][0])))
				return str_of(names[k][1]);
	return STR("");
}

/* ---- reading: the files one behind the other ---- */

struct file_chain {
	char *const *paths;
	size_t count, next;
	struct file *file;
	uint64_t offset;
	char *chunk;
};

static enum status chain_read(void *arg, struct str *chunk, struct error *err)
{
	struct file_chain *c = arg;
	size_t got = 0;
	while (got == 0) {
		if (c->file == NULL) {
			if (c->next == c->count)
				break;
			TRY(file_open(&c->file, c->paths[c->next++], FILE_READ, err));
			c->offset = 0;
		}
		TRY(file_read_at(c->file, c->chunk, CHUNK, c->offset, &got, err));
		c->offset += got;
		if (got == 0) {
			file_drop(c->file);
			c->file = NULL;
		}
	}
	*chunk = (struct str){c->chunk, got};
	return OK;
}

static void chain_release(void *arg)
{
	struct file_chain *c = arg;
	file_drop(c->file);
	free(c->chunk);
	free(c);
}

static enum status chain_new(const struct file_call *f, struct file_chain **out, struct error *err)
{
	struct file_chain *c = calloc(1, sizeof *c);
	char *chunk = malloc(CHUNK);
	if (c == NULL || chunk == NULL) {
		free(c);
		free(chunk);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	*c = (struct file_chain){.paths = f->paths, .count = f->path_count, .chunk = chunk};
	*out = c;
	return OK;
}

static enum status open_file(void *arg, const struct scan_request *r, struct scan **out, struct error *err)
{
	struct file_call *f = arg;
	struct file_chain *c;
	TRY(find_files(f, err));
	TRY(chain_new(f, &c, err));
	return format_scan_new(r, f->format, f->call->types, f->call->names, f->call->column_count,
	                       (struct format_source){chain_read, chain_release, c}, out, err);
}

/* ---- writing ---- */

struct file_sink {
	struct insert_sink base;
	struct format_writer *writer;
	struct format_options options;
	struct format_column *columns;
	struct strbuf out;
	struct file *file;
	uint64_t rows;
};

static enum status put_out(struct file_sink *s, struct error *err)
{
	TRY(strbuf_status(&s->out, err));
	if (s->out.size != 0)
		TRY(file_append(s->file, s->out.data, s->out.size, err));
	strbuf_clear(&s->out);
	return OK;
}

static enum status sink_write(struct insert_sink *base, const struct batch *block, struct error *err)
{
	struct file_sink *s = (struct file_sink *)base;
	TRY(format_write_batch(s->writer, block, &s->out, err));
	s->rows += block->count;
	return put_out(s, err);
}

static enum status sink_finish(struct insert_sink *base, struct error *err)
{
	struct file_sink *s = (struct file_sink *)base;
	struct format_summary summary = {.rows = s->rows};
	TRY(format_write_end(s->writer, &summary, &s->out, err));
	TRY(put_out(s, err));
	struct file *f = s->file;
	s->file = NULL;
	return file_close(f, err);
}

static void sink_free(struct insert_sink *base)
{
	struct file_sink *s = (struct file_sink *)base;
	file_drop(s->file);
	format_writer_free(s->writer);
	strbuf_fini(&s->out);
	free(s->columns);
	free(s);
}

static const struct insert_sink_ops sink_ops = {.write = sink_write, .finish = sink_finish, .free = sink_free};

static enum status start_sink(struct file_sink *s, const struct file_call *f, struct memtrack *track, struct error *err)
{
	const struct table_function_call *c = f->call;
	struct file_info info;
	bool exists = file_exists(f->pattern);
	uint64_t size = 0;
	if (!anywhere)
		TRY(file_mkdirs(root, false, err));
	TRY(check_real(f->pattern, err));
	if (exists) {
		TRY(file_stat(f->pattern, &info, err));
		size = info.size;
	}
	const struct format_info *format = format_find(f->format);
	if (size != 0 && (format == NULL || !format->is_row_text))
		return ERR(err, E_BAD_ARGUMENTS,
		           "Cannot append data in format %.*s to file %s, because it contains data already", STR_ARG(f->format),
		           f->pattern);
	for (uint32_t i = 0; i < c->column_count; i++)
		s->columns[i] = (struct format_column){c->names[i], c->types[i]};
	TRY(format_writer_new(f->format, s->columns, c->column_count, &s->options, track, &s->writer, err));
	TRY(file_open(&s->file, f->pattern, FILE_WRITE | FILE_CREATE | FILE_APPEND, err));
	if (size == 0)
		TRY(format_write_begin(s->writer, &s->out, err));
	return put_out(s, err);
}

static enum status insert_file(void *arg, const struct eval_session *session, struct memtrack *track,
                               struct insert_sink **out, struct error *err)
{
	const struct file_call *f = arg;
	struct file_sink *s = calloc(1, sizeof *s);
	struct format_column *columns = calloc(f->call->column_count + 1, sizeof *columns);
	if (s == NULL || columns == NULL) {
		free(s);
		free(columns);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an insert");
	}
	s->base.ops = &sink_ops;
	s->columns = columns;
	s->options = format_options_default;
	if (session->text != NULL)
		s->options.values = *session->text;
	strbuf_init(&s->out, track);
	enum status st = strpbrk(f->pattern, "*?{") != NULL
		? ERR(err, E_ACCESS_DENIED, "Table '%s' is in readonly mode because of globs in filepath", f->pattern)
		: start_sink(s, f, track, err);
	if (st != OK) {
		sink_free(&s->base);
		return st;
	}
	*out = &s->base;
	return OK;
}

/* ---- the call ---- */

static enum status infer_columns(struct file_call *f, struct error *err)
{
	struct table_function_call *c = f->call;
	struct file_chain *chain;
	struct format_column *columns;
	TRY(find_files(f, err));
	if (f->path_count == 0)
		return ERR(err, E_BAD_ARGUMENTS,
		           "The table structure cannot be extracted: there are no files that match %s", f->pattern);
	TRY(chain_new(f, &chain, err));
	struct format_input input = {chain_read, chain};
	enum status st = format_infer_schema(f->format, &input, c->arena, &columns, &c->column_count, err);
	chain_release(chain);
	TRY(st);
	c->types = ARENA_ARRAY(c->arena, const struct type *, c->column_count + 1);
	c->names = ARENA_ARRAY(c->arena, struct str, c->column_count + 1);
	for (uint32_t i = 0; i < c->column_count; i++)
		c->types[i] = columns[i].type, c->names[i] = columns[i].name;
	return OK;
}

static enum status bind_file(struct table_function_call *c, struct error *err)
{
	struct file_call *f = ARENA_NEW(c->arena, struct file_call);
	struct str path, structure = STR("auto"), compression = STR("auto");
	if (c->arg_count < 1 || c->arg_count > 4)
		return ERR(err, E_NUMBER_OF_ARGUMENTS,
		           "Table function 'file' requires from 1 to 4 arguments: path, [format, structure, compression_method]");
	f->call = c;
	f->format = STR("auto");
	TRY(table_function_text(c, 0, &path, err));
	if (c->arg_count > 1)
		TRY(table_function_text(c, 1, &f->format, err));
	if (c->arg_count > 2)
		TRY(table_function_text(c, 2, &structure, err));
	if (c->arg_count > 3)
		TRY(table_function_text(c, 3, &compression, err));
	if (!str_eq(compression, STR("auto")) && !str_eq(compression, STR("none")))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: compression %.*s of file()", STR_ARG(compression));
	TRY(full_path(c->arena, path, &f->pattern, err));
	if (str_eq(f->format, STR("auto")))
		f->format = format_of_path(path);
	if (f->format.size == 0)
		return ERR(err, E_BAD_ARGUMENTS, "the format of file %.*s has to be given", STR_ARG(path));
	if (format_find(f->format) == NULL)
		return format_unknown(f->format, err);
	if (str_eq(structure, STR("auto")))
		TRY(infer_columns(f, err));
	else
		TRY(table_function_structure(c, structure, err));
	c->open = open_file;
	c->insert = insert_file;
	c->arg = f;
	return OK;
}

const struct table_function file_function = {"file", "Rows of files in a format.", bind_file};
