// SPDX-License-Identifier: Apache-2.0
#include "storage/part_files.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include "column/value.h"
#include "io/stream_hash.h"
#include "txn/cursor.h"

enum { COLUMNS_MAX = 100000, CHECKSUMS_VERSION = 4 };
static const char columns_head[] = "columns format version: 1\n";
static const char checksums_head[] = "checksums format version: 4\n";
static const size_t checksums_size_max = 64u << 20;

/* ---- columns.txt ---- */

static void put_quoted(struct strbuf *to, struct str name)
{
	strbuf_putc(to, '`');
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];
		if (c == '`' || c == '\\')
			strbuf_putc(to, '\\');
		if (c == '\n')
			strbuf_putz(to, "\\n");
		else if (c == '\t')
			strbuf_putz(to, "\\t");
		else
			strbuf_putc(to, c);
	}
	strbuf_putc(to, '`');
}

void columns_txt_write(const struct part_columns *c, struct strbuf *to)
{
	struct arena a;
	arena_init(&a, NULL);
	strbuf_printf(to, "%s%u columns:\n", columns_head, c->count);
	for (uint32_t i = 0; i < c->count; i++) {
		put_quoted(to, c->columns[i].name);
		strbuf_putc(to, ' ');
		strbuf_puts(to, type_name(&a, c->columns[i].type));
		strbuf_putc(to, '\n');
	}
	arena_fini(&a);
}

static bool next_line(struct str *text, struct str *line)
{
	if (text->size == 0)
		return false;
	ptrdiff_t end = str_find_char(*text, '\n');
	size_t n = end < 0 ? text->size : (size_t)end;
	*line = (struct str){text->data, n};
	size_t skip = n < text->size ? n + 1 : n;
	*text = (struct str){text->data + skip, text->size - skip};
	return true;
}

/* "`name` Type" */
static enum status column_line(struct arena *a, struct str line, struct part_column *out, struct error *err)
{
	char *name = arena_alloc(a, line.size + 1);
	size_t n = 0, i = 1;
	bool closed = false;
	for (; i < line.size && !closed; i++) {
		char c = line.data[i];
		if (c == '`') {
			closed = true;
		} else if (c == '\\' && i + 1 < line.size) {
			c = line.data[++i];
			name[n++] = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		} else {
			name[n++] = c;
		}
	}
	if (line.size == 0 || line.data[0] != '`' || !closed || i >= line.size || line.data[i] != ' ')
		return ERR(err, E_CORRUPTED_DATA, "columns.txt has a line that is no column: %.*s", STR_ARG(line));
	out->name = (struct str){name, n};
	return type_parse(a, (struct str){line.data + i + 1, line.size - i - 1}, &out->type, err);
}

enum status columns_txt_read(struct arena *a, struct str text, struct part_columns *out, struct error *err)
{
	struct str line;
	uint64_t count;
	*out = (struct part_columns){0};
	if (!str_starts_with(text, str_of(columns_head)))
		return ERR(err, E_CORRUPTED_DATA, "columns.txt is of an unknown version");
	text = (struct str){text.data + sizeof columns_head - 1, text.size - (sizeof columns_head - 1)};
	if (!next_line(&text, &line) || !str_ends_with(line, STR(" columns:"))
	    || !str_to_u64((struct str){line.data, line.size - 9}, &count) || count > COLUMNS_MAX)
		return ERR(err, E_CORRUPTED_DATA, "columns.txt does not say how many columns there are");
	out->columns = ARENA_ARRAY(a, struct part_column, count);
	for (; out->count < count; out->count++) {
		if (!next_line(&text, &line))
			return ERR(err, E_CORRUPTED_DATA, "columns.txt ends after %u columns", out->count);
		TRY(column_line(a, line, &out->columns[out->count], err));
	}
	return OK;
}

void substreams_txt_write(struct column_layout *const *layouts, uint32_t count, struct strbuf *to)
{
	strbuf_printf(to, "columns substreams version: 1\n%u columns:\n", count);
	for (uint32_t i = 0; i < count; i++) {
		const struct column_layout *l = layouts[i];
		strbuf_printf(to, "%u substreams for column ", l->stream_count);
		put_quoted(to, l->name);
		strbuf_putz(to, ":\n");
		for (uint32_t k = 0; k < l->stream_count; k++) {
			strbuf_putc(to, '\t');
			strbuf_puts(to, l->streams[k].name);
			strbuf_putc(to, '\n');
		}
	}
}

/* ---- serialization.json ---- */

static void put_kind(const struct sparse_kind *k, const struct str *name, uint64_t rows, struct strbuf *to)
{
	strbuf_printf(to, "{\"kind\":\"%s\",", k->sparse ? "Sparse" : "Default");
	if (name != NULL) {
		strbuf_putz(to, "\"name\":");
		json_write_string(to, *name, true);
		strbuf_putc(to, ',');
	}
	strbuf_printf(to, "\"num_defaults\":%llu,\"num_rows\":%llu", (unsigned long long)k->defaults,
	              (unsigned long long)rows);
	if (k->child_count != 0) {
		strbuf_putz(to, ",\"subcolumns\":[");
		for (uint32_t i = 0; i < k->child_count; i++) {
			if (i != 0)
				strbuf_putc(to, ',');
			put_kind(k->children[i], NULL, rows, to);
		}
		strbuf_putc(to, ']');
	}
	strbuf_putc(to, '}');
}

static int by_name(const void *a, const void *b)
{
	const struct part_column *x = *(struct part_column *const *)a, *y = *(struct part_column *const *)b;
	return str_compare(x->name, y->name);
}

void serialization_json_write(const struct part_columns *c, uint64_t rows, struct strbuf *to)
{
	const struct part_column **sorted = calloc(c->count + 1, sizeof *sorted);
	if (sorted == NULL) {
		to->failed = true;
		return;
	}
	for (uint32_t i = 0; i < c->count; i++)
		sorted[i] = &c->columns[i];
	qsort(sorted, c->count, sizeof *sorted, by_name);
	strbuf_putz(to, "{\"columns\":[");
	bool first = true;
	for (uint32_t i = 0; i < c->count; i++) {
		if (sorted[i]->sparse == NULL)
			continue;
		if (!first)
			strbuf_putc(to, ',');
		first = false;
		put_kind(sorted[i]->sparse, &sorted[i]->name, rows, to);
	}
	strbuf_putc(to, ']');
	if (c->sized_strings)
		strbuf_putz(to, ",\"propagate_types_serialization_versions_to_nested_types\":true,"
		                "\"types_serialization_versions\":{\"string\":1},\"version\":1}");
	else
		strbuf_putz(to, ",\"version\":0}");
	free(sorted);
}

static struct sparse_kind *read_kind(struct arena *a, const cJSON *j, unsigned depth)
{
	struct sparse_kind *k = ARENA_NEW(a, struct sparse_kind);
	const cJSON *kind = cJSON_GetObjectItemCaseSensitive(j, "kind");
	k->sparse = cJSON_IsString(kind) && strcmp(kind->valuestring, "Sparse") == 0;
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(j, "num_rows");
	const cJSON *defaults = cJSON_GetObjectItemCaseSensitive(j, "num_defaults");
	k->rows = cJSON_IsNumber(rows) && rows->valuedouble > 0 ? (uint64_t)rows->valuedouble : 0;
	k->defaults = cJSON_IsNumber(defaults) && defaults->valuedouble > 0 ? (uint64_t)defaults->valuedouble : 0;
	const cJSON *sub = cJSON_GetObjectItemCaseSensitive(j, "subcolumns");
	int n = cJSON_IsArray(sub) && depth < 64 ? cJSON_GetArraySize(sub) : 0;
	k->children = ARENA_ARRAY(a, struct sparse_kind *, n);
	const cJSON *e;
	if (n != 0)
		cJSON_ArrayForEach(e, sub)
			k->children[k->child_count++] = read_kind(a, e, depth + 1);
	return k;
}

static enum status read_versions(const cJSON *root, struct part_columns *c, struct error *err)
{
	const cJSON *versions = cJSON_GetObjectItemCaseSensitive(root, "types_serialization_versions"), *v;
	if (versions != NULL)
		cJSON_ArrayForEach(v, versions) {
			bool is_string = strcmp(v->string, "string") == 0;
			if (is_string && cJSON_IsNumber(v) && v->valueint == 1)
				c->sized_strings = true;
			else if (cJSON_IsNumber(v) && v->valueint != 0)
				return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: parts with serialization version %d of type %s",
				           v->valueint, v->string);
		}
	const cJSON *nested = cJSON_GetObjectItemCaseSensitive(root, "propagate_types_serialization_versions_to_nested_types");
	c->sized_nested_strings = c->sized_strings && cJSON_IsTrue(nested);
	return OK;
}

enum status serialization_json_read(struct arena *a, struct str text, struct part_columns *c, struct error *err)
{
	cJSON *root = cJSON_ParseWithLength(text.data, text.size);
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "columns"), *j;
	if (root == NULL || !cJSON_IsArray(list)) {
		cJSON_Delete(root);
		return ERR(err, E_CORRUPTED_DATA, "serialization.json is no such document");
	}
	cJSON_ArrayForEach(j, list) {
		const cJSON *name = cJSON_GetObjectItemCaseSensitive(j, "name");
		for (uint32_t i = 0; cJSON_IsString(name) && i < c->count; i++)
			if (str_eq(c->columns[i].name, str_of(name->valuestring)))
				c->columns[i].sparse = read_kind(a, j, 0);
	}
	enum status st = read_versions(root, c, err);
	cJSON_Delete(root);
	return st;
}

/* ---- checksums.txt ---- */

void checksums_add(struct arena *a, struct checksums *c, struct checksum file)
{
	ARENA_PUSH(a, c->files, c->count, c->capacity, file);
}

static int by_file(const void *a, const void *b)
{
	return str_compare(((const struct checksum *)a)->name, ((const struct checksum *)b)->name);
}

static void put_hash(struct strbuf *to, struct hash128 h)
{
	strbuf_put_le(to, h.low, 8);
	strbuf_put_le(to, h.high, 8);
}

enum status checksums_write(struct checksums *c, struct strbuf *to, struct error *err)
{
	struct strbuf plain;
	strbuf_init(&plain, NULL);
	if (c->count != 0)
		qsort(c->files, c->count, sizeof *c->files, by_file);
	strbuf_put_varuint(&plain, c->count);
	for (size_t i = 0; i < c->count; i++) {
		const struct checksum *f = &c->files[i];
		cursor_put_str(&plain, f->name);
		strbuf_put_varuint(&plain, f->size);
		put_hash(&plain, f->hash);
		strbuf_putc(&plain, (char)f->compressed);
		if (f->compressed) {
			strbuf_put_varuint(&plain, f->plain_size);
			put_hash(&plain, f->plain_hash);
		}
	}
	strbuf_putz(to, checksums_head);
	enum status st = strbuf_status(&plain, err);
	if (st == OK)
		st = frame_encode(&codec_chain_lz4, plain.data, plain.size, to, err);
	strbuf_fini(&plain);
	return st;
}

static struct hash128 take_hash(struct cursor *c)
{
	uint64_t low = cursor_le(c, 8);
	return (struct hash128){low, cursor_le(c, 8)};
}

static enum status decode_checksums(struct arena *a, struct str plain, struct checksums *out, struct error *err)
{
	struct cursor c = cursor_of(plain);
	uint64_t count = cursor_varuint(&c);
	for (uint64_t i = 0; i < count && !c.failed; i++) {
		struct checksum f = {.name = cursor_str(&c)};
		f.name = arena_str(a, f.name);
		f.size = cursor_varuint(&c);
		f.hash = take_hash(&c);
		f.compressed = cursor_le(&c, 1) != 0;
		if (f.compressed) {
			f.plain_size = cursor_varuint(&c);
			f.plain_hash = take_hash(&c);
		}
		checksums_add(a, out, f);
	}
	return c.failed ? ERR(err, E_CORRUPTED_DATA, "checksums.txt is cut short") : OK;
}

enum status checksums_read(struct arena *a, struct str bytes, struct checksums *out, struct error *err)
{
	*out = (struct checksums){0};
	if (!str_starts_with(bytes, str_of(checksums_head)))
		return ERR(err, E_CORRUPTED_DATA, "checksums.txt is of an unknown version");
	size_t head = sizeof checksums_head - 1;
	struct strbuf plain;
	strbuf_init(&plain, NULL);
	struct frame_reader r;
	frame_reader_init_bytes(&r, bytes.data + head, bytes.size - head, "checksums.txt", NULL);
	enum status st = frame_reader_read_all(&r, checksums_size_max, &plain, err);
	if (st == OK)
		st = decode_checksums(a, strbuf_str(&plain), out, err);
	if (st == OK && out->count != 0)
		qsort(out->files, out->count, sizeof *out->files, by_file);
	frame_reader_fini(&r);
	strbuf_fini(&plain);
	return st;
}

const struct checksum *checksums_find(const struct checksums *c, struct str name)
{
	struct checksum key = {.name = name};
	return c->count == 0 ? NULL : bsearch(&key, c->files, c->count, sizeof *c->files, by_file);
}

enum status checksums_verify(const struct checksums *c, struct str name, struct str bytes, const char *path,
                             struct error *err)
{
	const struct checksum *f = checksums_find(c, name);
	if (f == NULL)
		return OK;
	struct stream_hash h;
	stream_hash_init(&h);
	stream_hash_update(&h, bytes.data, bytes.size);
	struct hash128 v = stream_hash_value(&h);
	if (f->size != bytes.size || v.low != f->hash.low || v.high != f->hash.high)
		return ERR(err, E_CHECKSUM_DOESNT_MATCH, "'%s' is not what checksums.txt says", path);
	return OK;
}
