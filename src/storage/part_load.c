// SPDX-License-Identifier: Apache-2.0
/* What a part's files say: columns, layouts, granules, marks, primary index. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "io/file_stream.h"
#include "storage/delta.h"
#include "storage/part.h"
#include "storage/stream_name.h"
#include "storage/table_keys.h"
#include "storage/value_binary.h"

enum { MARK_SIZE = 16, ROWS_SIZE = 8 };
static const size_t small_file_max = 64u << 20, framed_file_max = 1u << 30;

static void file_in(struct part *p, const char *name, char *to, size_t size)
{
	part_path(p, to, size);
	size_t n = strlen(to);
	snprintf(to + n, size - n, "/%s", name);
}

enum status part_read_file(struct part *p, const struct part_meta *m, const char *name, struct strbuf *out,
                           struct error *err)
{
	char path[4096];
	file_in(p, name, path, sizeof path);
	TRY(file_read_all(path, small_file_max, out, err));
	return checksums_verify(&m->checksums, str_of(name), strbuf_str(out), path, err);
}

enum status part_read_framed(struct part *p, const char *name, struct strbuf *out, struct error *err)
{
	char path[4096];
	struct strbuf bytes;
	file_in(p, name, path, sizeof path);
	strbuf_init(&bytes, NULL);
	enum status st = file_read_all(path, framed_file_max, &bytes, err);
	if (st == OK) {
		struct frame_reader r;
		frame_reader_init_bytes(&r, bytes.data, bytes.size, path, NULL);
		st = frame_reader_read_all(&r, framed_file_max, out, err);
		frame_reader_fini(&r);
	}
	strbuf_fini(&bytes);
	return st;
}

static bool has_file(struct part *p, const char *name)
{
	char path[4096];
	file_in(p, name, path, sizeof path);
	return file_exists(path);
}

/* ---- marks ---- */

/* The marks file `stem` in whichever of its forms is there, decoded; *mrk4: one mark a stream in a compact part. */
static enum status read_marks(struct part *p, const char *stem, bool compact, struct strbuf *out, bool *mrk4,
                              struct error *err)
{
	static const char *const wide[] = {"cmrk2", "mrk2"}, *const narrow[] = {"cmrk4", "mrk4", "cmrk3", "mrk3"};
	const char *const *forms = compact ? narrow : wide;
	char name[300];
	for (unsigned i = 0; i < (compact ? 4u : 2u); i++) {
		snprintf(name, sizeof name, "%s.%s", stem, forms[i]);
		if (!has_file(p, name))
			continue;
		*mrk4 = compact && i < 2;
		if (name[strlen(stem) + 1] == 'c')
			return part_read_framed(p, name, out, err);
		char path[4096];
		file_in(p, name, path, sizeof path);
		return file_read_all(path, framed_file_max, out, err);
	}
	return ERR(err, E_CORRUPTED_DATA, "part %s has no marks for '%s'", p->name_text, stem);
}

static uint64_t get_u64(const char *at)
{
	uint64_t v;
	memcpy(&v, at, 8);
	return v;
}

/* From the numbers of rows that stand `stride` bytes apart; a last mark without rows is the end. */
static enum status set_granules(struct part *p, struct part_meta *m, const char *rows, size_t stride, size_t count,
                                struct error *err)
{
	if (count > UINT32_MAX - 1)
		return ERR(err, E_CORRUPTED_DATA, "part %s has too many marks", p->name_text);
	m->first_row = ARENA_ARRAY(&m->arena, uint64_t, count + 1);
	uint64_t total = 0;
	m->granules = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t n = get_u64(rows + i * stride);
		if (n == 0)
			break;
		m->first_row[m->granules++] = total;
		total += n;
	}
	m->first_row[m->granules] = total;
	if (total < m->rows || (m->granules != 0 && m->first_row[m->granules - 1] >= m->rows))
		return ERR(err, E_CORRUPTED_DATA, "the marks of part %s do not fit its %llu rows", p->name_text,
		           (unsigned long long)m->rows);
	m->first_row[m->granules] = m->rows; /* ClickHouse may leave the last granule's mark at its full size */
	return OK;
}

static struct frame_mark *copy_marks(const char *at, size_t stride, size_t count)
{
	struct frame_mark *marks = calloc(count + 1, sizeof *marks);
	for (size_t i = 0; marks != NULL && i < count; i++)
		marks[i] = (struct frame_mark){get_u64(at + i * stride), get_u64(at + i * stride + 8)};
	return marks;
}

static enum status load_compact_marks(struct part *p, struct part_meta *m, struct error *err)
{
	struct strbuf b;
	bool mrk4 = false;
	strbuf_init(&b, NULL);
	enum status st = read_marks(p, "data", true, &b, &mrk4, err);
	size_t per_granule = 0;
	for (uint32_t i = 0; i < m->columns.count; i++)
		per_granule += mrk4 ? m->layouts[i]->stream_count : 1;
	size_t stride = per_granule * MARK_SIZE + ROWS_SIZE;
	if (st == OK && b.size % stride != 0)
		st = ERR(err, E_CORRUPTED_DATA, "the marks of part %s have a wrong size", p->name_text);
	size_t count = b.size / stride;
	if (st == OK)
		st = set_granules(p, m, b.data + per_granule * MARK_SIZE, stride, count, err);
	const char *at = b.data;
	for (uint32_t i = 0; st == OK && i < m->columns.count; i++)
		for (uint32_t k = 0; k < m->layouts[i]->stream_count; k++) {
			/* one mark a column: its streams follow each other, and are read as one */
			m->streams[i][k].marks = copy_marks(at, stride, count);
			if (m->streams[i][k].marks == NULL)
				st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
			if (mrk4 || k + 1 == m->layouts[i]->stream_count)
				at += MARK_SIZE;
		}
	m->data_streams_joined = !mrk4;
	strbuf_fini(&b);
	return st;
}

static enum status load_wide_marks(struct part *p, struct part_meta *m, uint32_t column, uint32_t stream,
                                   struct strbuf *b, struct error *err)
{
	bool unused;
	struct str file = stream_name_file(&m->arena, m->layouts[column]->streams[stream].name);
	char stem[STREAM_NAME_MAX + 1];
	snprintf(stem, sizeof stem, "%.*s", STR_ARG(file));
	TRY(read_marks(p, stem, false, b, &unused, err));
	if (b->size % (MARK_SIZE + ROWS_SIZE) != 0)
		return ERR(err, E_CORRUPTED_DATA, "the marks of '%s' in part %s have a wrong size", stem, p->name_text);
	return OK;
}

static enum status load_wide_granules(struct part *p, struct part_meta *m, struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status st = load_wide_marks(p, m, 0, 0, &b, err);
	if (st == OK)
		st = set_granules(p, m, b.data + MARK_SIZE, MARK_SIZE + ROWS_SIZE, b.size / (MARK_SIZE + ROWS_SIZE), err);
	strbuf_fini(&b);
	return st;
}

/* ---- the part ---- */

/* checksums.txt does not list columns.txt, so what is wrong with it shows here. */
static enum status read_columns(struct part *p, struct part_meta *m, struct str text, struct error *err)
{
	struct error why;
	error_init(&why);
	enum status st = columns_txt_read(&m->arena, text, &m->columns, &why);
	if (st == OK || st == E_CANNOT_ALLOCATE || st == E_MEMORY_LIMIT)
		return st == OK ? OK : ERR(err, st, "%s", why.message);
	return ERR(err, E_CORRUPTED_DATA, "part %s has a damaged columns.txt: %s", p->name_text, why.message);
}

static enum status load_texts(struct part *p, struct part_meta *m, struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status st = OK;
	if (has_file(p, "checksums.txt")) {
		st = part_read_file(p, m, "checksums.txt", &b, err);
		if (st == OK)
			st = checksums_read(&m->arena, strbuf_str(&b), &m->checksums, err);
	}
	strbuf_clear(&b);
	if (st == OK)
		st = part_read_file(p, m, "columns.txt", &b, err);
	if (st == OK)
		st = read_columns(p, m, strbuf_str(&b), err);
	strbuf_clear(&b);
	if (st == OK && has_file(p, "serialization.json")) {
		st = part_read_file(p, m, "serialization.json", &b, err);
		if (st == OK)
			st = serialization_json_read(&m->arena, strbuf_str(&b), &m->columns, err);
	}
	strbuf_clear(&b);
	if (st == OK)
		st = part_read_file(p, m, "count.txt", &b, err);
	if (st == OK && !str_to_u64(str_trim(strbuf_str(&b)), &m->rows))
		st = ERR(err, E_CORRUPTED_DATA, "part %s has a damaged count.txt", p->name_text);
	strbuf_clear(&b);
	if (st == OK && has_file(p, "partition.dat")) {
		st = part_read_file(p, m, "partition.dat", &b, err);
		m->partition = arena_str(&m->arena, strbuf_str(&b));
	}
	strbuf_fini(&b);
	return st;
}

/* Each file that checksums.txt names is there and as long as it says. */
static enum status check_sizes(struct part *p, const struct part_meta *m, struct error *err)
{
	char dir[4096 - 512], path[4096];
	part_path(p, dir, sizeof dir);
	for (size_t i = 0; i < m->checksums.count; i++) {
		const struct checksum *c = &m->checksums.files[i];
		struct file_info info;
		if (str_ends_with(c->name, STR(".proj")))
			continue;
		snprintf(path, sizeof path, "%s/%.*s", dir, STR_ARG(c->name));
		TRY(file_stat(path, &info, err));
		if (info.size != c->size)
			return ERR(err, E_CHECKSUM_DOESNT_MATCH, "'%s' has %llu bytes, not the %llu that checksums.txt says", path,
			           (unsigned long long)info.size, (unsigned long long)c->size);
	}
	return OK;
}

static enum status load_layouts(struct part_meta *m, const struct eval_session *session, struct error *err)
{
	struct layout_options o = {
		.compact = m->compact,
		.classic_strings = !m->columns.sized_strings,
		.classic_nested_strings = !m->columns.sized_nested_strings,
		.arena = &m->arena,
		.session = session,
	};
	uint32_t n = m->columns.count;
	m->layouts = ARENA_ARRAY(&m->arena, struct column_layout *, n);
	m->streams = ARENA_ARRAY(&m->arena, struct part_stream *, n);
	struct part_stream **streams = m->streams;
	m->streams = NULL;
	for (uint32_t i = 0; i < n; i++) {
		const struct part_column *c = &m->columns.columns[i];
		TRY(column_layout_new(&o, c->name, c->type, c->sparse, &m->layouts[i], err));
		streams[i] = ARENA_ARRAY(&m->arena, struct part_stream, m->layouts[i]->stream_count);
	}
	m->streams = streams;
	return OK;
}

static enum status load(struct part *p, struct part_meta *m, const struct eval_session *session, struct error *err)
{
	TRY(load_texts(p, m, err));
	if (m->columns.count == 0)
		return ERR(err, E_CORRUPTED_DATA, "part %s has no columns", p->name_text);
	TRY(check_sizes(p, m, err));
	m->compact = has_file(p, "data.bin") && (has_file(p, "data.cmrk4") || has_file(p, "data.cmrk3")
	                                         || has_file(p, "data.mrk3") || has_file(p, "data.mrk4"));
	TRY(load_layouts(m, session, err));
	if (!m->compact)
		return load_wide_granules(p, m, err);
	TRY(load_compact_marks(p, m, err));
	char path[4096];
	file_in(p, "data.bin", path, sizeof path);
	TRY(file_open(&m->data.file, path, FILE_READ, err));
	return file_size(m->data.file, &m->data.size, err);
}

enum status part_check(struct part *p, struct error *err)
{
	struct part_meta *m = calloc(1, sizeof *m);
	if (m == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&m->arena, NULL);
	enum status st = OK;
	if (!has_file(p, "checksums.txt"))
		st = ERR(err, E_FILE_DOES_NOT_EXIST, "part %s has no checksums.txt", p->name_text);
	if (st == OK)
		st = load_texts(p, m, err);
	if (st == OK)
		st = check_sizes(p, m, err);
	part_meta_free(m);
	return st;
}

enum status part_load(struct part *p, const struct eval_session *session, struct part_meta **out, struct error *err)
{
	*out = p->meta;
	if (*out != NULL)
		return OK;
	struct part_meta *m = calloc(1, sizeof *m);
	if (m == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&m->arena, NULL);
	enum status st = p->delta != NULL ? delta_meta(p->delta, m, err) : load(p, m, session, err);
	if (st != OK) {
		part_meta_free(m);
		return st;
	}
	struct part_meta *none = NULL;
	if (!atomic_compare_exchange_strong(&p->meta, &none, m)) {
		part_meta_free(m); /* another thread was faster */
		m = none;
	}
	*out = m;
	return OK;
}

static enum status decode_keys(struct part *p, struct part_meta *m, struct str bytes, const struct type *const *types,
                               uint32_t count, struct vector **keys, struct error *err)
{
	struct builder **b = ARENA_ARRAY(&m->arena, struct builder *, count);
	struct cursor c = cursor_of(bytes);
	enum status st = OK;
	for (uint32_t k = 0; st == OK && k < count; k++)
		st = builder_new(NULL, type_low_cardinality(&m->arena, type_copy(&m->arena, types[k]), false), &b[k], err);
	uint32_t rows = 0;
	while (st == OK && cursor_left(&c) != 0 && rows <= m->granules) {
		for (uint32_t k = 0; st == OK && k < count; k++)
			st = value_binary_read(&c, b[k], err);
		rows++;
	}
	if (st == OK && (rows < m->granules || cursor_left(&c) != 0))
		st = ERR(err, E_CORRUPTED_DATA, "the primary index of part %s does not fit its marks", p->name_text);
	for (uint32_t k = 0; st == OK && k < count; k++)
		st = builder_finish(b[k], &keys[k], err);
	for (uint32_t k = 0; k < count; k++)
		builder_free(b[k]);
	return st;
}

enum status part_load_keys(struct part *p, struct part_meta *m, const struct type *const *types, uint32_t count,
                           struct error *err)
{
	enum status st = OK;
	pthread_mutex_lock(&p->load_mutex);
	bool loaded = m->keys_loaded;
	pthread_mutex_unlock(&p->load_mutex);
	if (loaded)
		return OK;
	struct strbuf b;
	strbuf_init(&b, NULL);
	if (has_file(p, "primary.cidx"))
		st = part_read_framed(p, "primary.cidx", &b, err);
	else if (has_file(p, "primary.idx"))
		st = part_read_file(p, m, "primary.idx", &b, err);
	else if (count != 0)
		st = ERR(err, E_CORRUPTED_DATA, "part %s has no primary index", p->name_text);
	pthread_mutex_lock(&p->load_mutex);
	if (st == OK && !m->keys_loaded) {
		struct vector **keys = ARENA_ARRAY(&m->arena, struct vector *, count);
		st = decode_keys(p, m, strbuf_str(&b), types, count, keys, err);
		if (st == OK) {
			m->keys = keys;
			m->key_count = count;
			m->keys_loaded = true;
		} else {
			for (uint32_t k = 0; k < count; k++)
				vector_unref(keys[k]);
		}
	}
	pthread_mutex_unlock(&p->load_mutex);
	strbuf_fini(&b);
	return st;
}

static enum status read_minmax(struct part *p, struct part_meta *m, const struct table_keys *k, struct vector **out,
                               bool *found, struct error *err)
{
	struct strbuf name, bytes;
	enum status st = OK;
	*found = true;
	strbuf_init(&name, NULL);
	strbuf_init(&bytes, NULL);
	for (uint32_t i = 0; st == OK && i < k->minmax_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[k->minmax[i]]];
		struct builder *b = NULL;
		strbuf_clear(&name);
		strbuf_clear(&bytes);
		strbuf_putz(&name, "minmax_");
		stream_name_escape(&name, c->name);
		strbuf_putz(&name, ".idx");
		if (!has_file(p, strbuf_cstr(&name))) {
			*found = false;
			break;
		}
		st = part_read_file(p, m, strbuf_cstr(&name), &bytes, err);
		struct cursor cursor = cursor_of(strbuf_str(&bytes));
		if (st == OK)
			st = builder_new(NULL, type_low_cardinality(&m->arena, type_copy(&m->arena, c->type), false), &b, err);
		for (int end = 0; st == OK && end < 2; end++)
			st = value_binary_read(&cursor, b, err);
		if (st == OK)
			st = builder_finish(b, &out[i], err);
		builder_free(b);
	}
	strbuf_fini(&name);
	strbuf_fini(&bytes);
	return st;
}

enum status part_load_minmax(struct part *p, struct part_meta *m, const struct table_keys *k, struct vector ***out,
                             struct error *err)
{
	enum status st = OK;
	*out = NULL;
	if (p->delta != NULL)
		return OK;
	pthread_mutex_lock(&p->load_mutex);
	if (!m->minmax_loaded) {
		bool found;
		struct vector **v = ARENA_ARRAY(&m->arena, struct vector *, k->minmax_count + 1);
		st = read_minmax(p, m, k, v, &found, err);
		for (uint32_t i = 0; (st != OK || !found) && i < k->minmax_count; i++)
			vector_unref(v[i]);
		if (st == OK) {
			m->minmax = found ? v : NULL;
			m->minmax_count = found ? k->minmax_count : 0;
			m->minmax_loaded = true;
		}
	}
	if (st == OK && m->minmax_count == k->minmax_count)
		*out = m->minmax;
	pthread_mutex_unlock(&p->load_mutex);
	return st;
}

enum status part_load_stream(struct part *p, struct part_meta *m, uint32_t column, uint32_t stream, struct error *err)
{
	struct part_stream *s = &m->streams[column][stream];
	pthread_mutex_lock(&p->mutex);
	bool loaded = m->compact || s->file != NULL;
	pthread_mutex_unlock(&p->mutex);
	if (loaded)
		return OK;
	struct arena a;
	struct strbuf b;
	struct part_stream fresh = {0};
	arena_init(&a, NULL);
	strbuf_init(&b, NULL);
	char name[STREAM_NAME_MAX + 8], path[4096];
	struct str file = stream_name_file(&a, m->layouts[column]->streams[stream].name);
	snprintf(name, sizeof name, "%.*s.bin", STR_ARG(file));
	file_in(p, name, path, sizeof path);
	bool unused;
	name[file.size] = '\0';
	enum status st = read_marks(p, name, false, &b, &unused, err);
	if (st == OK && b.size / (MARK_SIZE + ROWS_SIZE) < m->granules)
		st = ERR(err, E_CORRUPTED_DATA, "'%s' of part %s has marks for fewer granules than the part has", name,
		         p->name_text);
	if (st == OK)
		st = file_open(&fresh.file, path, FILE_READ, err);
	if (st == OK)
		st = file_size(fresh.file, &fresh.size, err);
	if (st == OK && (fresh.marks = copy_marks(b.data, MARK_SIZE + ROWS_SIZE, m->granules)) == NULL)
		st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	pthread_mutex_lock(&p->mutex);
	if (st == OK && s->file == NULL) {
		*s = fresh;
		fresh = (struct part_stream){0};
	}
	pthread_mutex_unlock(&p->mutex);
	file_drop(fresh.file);
	free(fresh.marks);
	strbuf_fini(&b);
	arena_fini(&a);
	return st;
}

enum status part_verify(struct part *p, struct error *err)
{
	struct part_meta *m;
	TRY(part_load(p, NULL, &m, err));
	char path[4096];
	for (size_t i = 0; i < m->checksums.count; i++) {
		const struct checksum *c = &m->checksums.files[i];
		char name[300];
		if (str_ends_with(c->name, STR(".proj")))
			continue;
		snprintf(name, sizeof name, "%.*s", STR_ARG(c->name));
		file_in(p, name, path, sizeof path);
		struct file_reader r;
		TRY(file_reader_open(&r, path, true, NULL, err));
		const uint8_t *data;
		size_t got = 1;
		enum status st = OK;
		while (st == OK && got != 0) {
			st = file_reader_peek(&r, FILE_STREAM_BUFFER, &data, &got, err);
			if (st == OK)
				file_reader_consume(&r, got);
		}
		struct hash128 h = file_reader_hash(&r);
		file_reader_close(&r);
		TRY(st);
		if (h.low != c->hash.low || h.high != c->hash.high)
			return ERR(err, E_CHECKSUM_DOESNT_MATCH, "'%s' is not what checksums.txt says", path);
	}
	return OK;
}
