// SPDX-License-Identifier: Apache-2.0
#include "storage/block_part.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "storage/part_merge.h"
#include "storage/sort_rows.h"
#include "storage/stream_name.h"
#include "storage/value_binary.h"

uint64_t vector_plain_bytes(const struct vector *v)
{
	if (v->form == VECTOR_DICT)
		return vector_plain_bytes(v->children[0]) + v->count;
	uint32_t rows = v->form == VECTOR_CONST ? 1 : v->count;
	uint64_t times = v->form == VECTOR_CONST ? v->count : 1, bytes = v->type->nullable ? rows : 0;
	switch (type_physical(v->type)) {
	case PHYS_STR: {
		const struct strview *s = v->data;
		for (uint32_t i = 0; i < rows; i++)
			bytes += s[i].size;
		bytes += (uint64_t)rows * 8;
		break;
	}
	case PHYS_ARRAY:
	case PHYS_MAP:
	case PHYS_TUPLE:
		bytes += type_physical(v->type) == PHYS_TUPLE ? 0 : (uint64_t)rows * 8;
		for (uint32_t k = 0; k < v->child_count; k++)
			bytes += vector_plain_bytes(v->children[k]);
		break;
	default:
		bytes += rows * physical_size(type_physical(v->type));
	}
	return bytes * times;
}

/* In batches: functions count on them. */
enum status table_program_run(const struct table_keys *k, const struct program *p, uint32_t outputs,
                              const struct eval_session *session, struct memtrack *track, struct vector *const *stored,
                              uint32_t rows, struct vector **outs, struct error *err)
{
	uint32_t columns = k->def->column_count, batches = (rows + BATCH_ROWS_MAX - 1) / BATCH_ROWS_MAX;
	struct arena a, scratch;
	arena_init(&a, track);
	arena_init(&scratch, track);
	struct eval e = {.session = session, .track = track, .scratch = &scratch, .err = err};
	if (batches == 0)
		batches = 1;
	struct vector **inputs = ARENA_ARRAY(&a, struct vector *, columns + 1);
	struct vector **slice = ARENA_ARRAY(&a, struct vector *, k->stored_count + 1);
	struct vector **results = ARENA_ARRAY(&a, struct vector *, (size_t)batches * outputs + 1);
	enum status st = OK;
	uint32_t done = 0;
	for (; st == OK && done < batches; done++) {
		uint32_t from = done * BATCH_ROWS_MAX, n = rows - from < BATCH_ROWS_MAX ? rows - from : BATCH_ROWS_MAX;
		for (uint32_t c = 0; st == OK && c < k->stored_count; c++)
			if (stored[c] != NULL)
				st = vector_slice(track, stored[c], from, n, &slice[c], err);
		table_keys_inputs(k, slice, inputs);
		if (st == OK)
			st = program_run(p, &e, inputs, NULL, n, results + (size_t)done * outputs);
		for (uint32_t c = 0; c < k->stored_count; c++) {
			vector_unref(slice[c]);
			slice[c] = NULL;
		}
		arena_reset(&scratch);
		if (st != OK)
			break;
	}
	for (uint32_t o = 0; o < outputs; o++) {
		const struct vector **list = ARENA_ARRAY(&a, const struct vector *, batches);
		for (uint32_t b = 0; b < done; b++)
			list[b] = results[(size_t)b * outputs + o];
		outs[o] = NULL;
		if (st == OK && batches == 1)
			outs[o] = vector_ref(list[0]);
		else if (st == OK)
			st = vector_concat(track, list, batches, list[0]->type, &outs[o], err);
		for (uint32_t b = 0; b < done; b++)
			vector_unref(results[(size_t)b * outputs + o]);
	}
	if (st != OK)
		for (uint32_t o = 0; o < outputs; o++)
			vector_unref(outs[o]);
	arena_fini(&scratch);
	arena_fini(&a);
	return st;
}

static enum status run_exprs(const struct table_keys *k, struct expr *const *exprs, uint32_t n, const struct program *p,
                             const struct eval_session *session, struct memtrack *track, struct vector *const *stored,
                             uint32_t rows, struct vector **outs, struct error *err)
{
	bool plain = true;
	for (uint32_t i = 0; i < n; i++)
		plain = plain && exprs[i]->kind == EXPR_COLUMN;
	if (!plain)
		return table_program_run(k, p, n, session, track, stored, rows, outs, err);
	for (uint32_t i = 0; i < n; i++)
		outs[i] = vector_ref(stored[k->stored_of[exprs[i]->column]]);
	return OK;
}

enum status table_keys_run(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                           struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
{
	return run_exprs(k, k->all, k->sort_count + k->partition_count, k->program, session, track, stored, rows, outs, err);
}

enum status table_sort_keys_run(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                                struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
{
	return run_exprs(k, k->sort, k->sort_count, k->sort_program, session, track, stored, rows, outs, err);
}

enum status table_primary_keys_run(const struct table_keys *k, const struct eval_session *session,
                                   struct memtrack *track,
                                   struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
{
	return run_exprs(k, k->sort, k->primary_count, k->primary_program, session, track, stored, rows, outs, err);
}

enum status table_partition_run(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                                struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
{
	return run_exprs(k, k->partition, k->partition_count, k->partition_program, session, track, stored, rows, outs, err);
}

uint32_t granule_rows(const struct merge_settings *s, uint64_t rows, uint64_t bytes)
{
	uint64_t n = s->index_granularity;
	if (s->index_granularity_bytes != 0 && rows != 0 && bytes / rows != 0) {
		uint64_t by_bytes = s->index_granularity_bytes / (bytes / rows);
		n = by_bytes < n ? by_bytes : n;
	}
	return n == 0 ? 1 : (uint32_t)n;
}

void temporary_name(const char *what, char *to, size_t size)
{
	static _Atomic uint64_t number;
	snprintf(to, size, "tmp_%s_%llu_%llu", what, (unsigned long long)clock_wall_us(), (unsigned long long)++number);
}

struct sparse_kind *sparse_kind_for(struct arena *a, const struct table_keys *k, const struct type *t, uint64_t rows,
                                    uint64_t defaults)
{
	struct sparse_kind *s = ARENA_NEW(a, struct sparse_kind);
	s->rows = rows;
	if (t->id == TYPE_TUPLE && !t->nullable) {
		s->child_count = t->child_count;
		s->children = ARENA_ARRAY(a, struct sparse_kind *, t->child_count);
		for (uint32_t i = 0; i < t->child_count; i++)
			s->children[i] = ARENA_NEW(a, struct sparse_kind);
		return s;
	}
	if (!type_may_be_sparse(t))
		return NULL;
	s->defaults = defaults;
	s->sparse = k->settings.sparse_ratio < 1 && rows != 0 && (double)defaults / (double)rows > k->settings.sparse_ratio;
	return s;
}

void part_spec_for(struct arena *a, const struct table_keys *k, struct part_spec *out)
{
	struct part_column *columns = ARENA_ARRAY(a, struct part_column, k->stored_count + 1);
	struct str *codecs = ARENA_ARRAY(a, struct str, k->stored_count + 1);
	for (uint32_t i = 0; i < k->stored_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[i]];
		columns[i] = (struct part_column){.name = c->name, .type = c->type};
		codecs[i] = c->codec;
	}
	*out = (struct part_spec){
		.columns = {.columns = columns, .count = k->stored_count},
		.codecs = codecs,
		.default_codec = k->settings.default_codec,
		.classic = k->settings.classic_layout,
		.adaptive_codecs = k->settings.adaptive_codecs,
		.session = storage_session(k->def->dialect),
	};
}

/* ---- minmax and partition ---- */

enum status minmax_of(const struct table_keys *k, struct vector *const *stored, const uint32_t *rows, uint32_t count,
                      struct memtrack *track, struct arena *a, struct minmax *out, struct error *err)
{
	out->count = 0;
	out->values = ARENA_ARRAY(a, struct vector *, 2 * k->minmax_count + 1);
	assert(count > 0);
	for (; out->count < k->minmax_count; out->count++) {
		const struct vector *v = stored[k->minmax[out->count]];
		uint32_t least = rows == NULL ? 0 : rows[0], greatest = least;
		for (uint32_t i = 1; v->form != VECTOR_CONST && i < count; i++) {
			uint32_t row = rows == NULL ? i : rows[i];
			if (compare_values(v, row, v, least) < 0)
				least = row;
			else if (compare_values(v, row, v, greatest) > 0)
				greatest = row;
		}
		struct vector **to = out->values + 2 * out->count;
		TRY(vector_gather(track, v, &least, 1, &to[0], err));
		enum status st = vector_gather(track, v, &greatest, 1, &to[1], err);
		if (st != OK) {
			vector_unref(to[0]);
			return st;
		}
	}
	return OK;
}

void minmax_join(struct minmax *a, const struct minmax *b)
{
	for (uint32_t i = 0; i < a->count && i < b->count; i++) {
		struct vector **x = a->values + 2 * i, *const *y = b->values + 2 * i;
		if (compare_values(y[0], 0, x[0], 0) < 0) {
			vector_unref(x[0]);
			x[0] = vector_ref(y[0]);
		}
		if (compare_values(y[1], 0, x[1], 0) > 0) {
			vector_unref(x[1]);
			x[1] = vector_ref(y[1]);
		}
	}
}

void minmax_free(struct minmax *m)
{
	for (uint32_t i = 0; i < 2 * m->count; i++)
		vector_unref(m->values[i]);
	m->count = 0;
}

enum status part_write_partition(struct part_writer *w, const struct table_keys *k, const struct vector *const *values,
                                 uint32_t row, const struct minmax *m, struct error *err)
{
	if (k->partition_count == 0)
		return OK;
	struct strbuf b, name;
	strbuf_init(&b, NULL);
	strbuf_init(&name, NULL);
	for (uint32_t i = 0; i < k->partition_count; i++)
		value_binary_write(&b, values[i], row);
	enum status st = strbuf_status(&b, err);
	if (st == OK)
		st = part_writer_add_file(w, "partition.dat", strbuf_str(&b), err);
	for (uint32_t i = 0; st == OK && i < m->count; i++) {
		strbuf_clear(&b);
		strbuf_clear(&name);
		value_binary_write(&b, m->values[2 * i], 0);
		value_binary_write(&b, m->values[2 * i + 1], 0);
		strbuf_putz(&name, "minmax_");
		stream_name_escape(&name, k->def->columns[k->stored[k->minmax[i]]].name);
		strbuf_putz(&name, ".idx");
		st = strbuf_status(&b, err);
		if (st == OK)
			st = part_writer_add_file(w, strbuf_cstr(&name), strbuf_str(&b), err);
	}
	strbuf_fini(&b);
	strbuf_fini(&name);
	return st;
}

/* ---- one part ---- */

struct piece {
	struct vector *const *stored;
	struct block_source *sources;     /* the same columns */
	const struct vector *const *keys; /* sort, then partition columns */
	uint32_t *rows;                   /* in sort order; NULL: as they are */
	uint32_t *places;                 /* of `rows` in the list of blocks; NULL: there is none */
	uint32_t count;
	uint32_t granule;
	bool compact, all;                /* all: no other partition has rows */
	struct str partition;
};

/* Rows [from, from + n) of the piece, of one column. */
static enum status piece_slice(const struct block_target *t, const struct piece *p, uint32_t c, uint32_t from,
                               uint32_t n, struct vector **out, struct error *err)
{
	if (p->places != NULL)
		return block_source_rows(&p->sources[c], p->rows + from, p->places + from, n, t->track, out, err);
	if (p->rows == NULL)
		return vector_slice(t->track, p->stored[c], from, n, out, err);
	return vector_gather(t->track, p->stored[c], p->rows + from, n, out, err);
}

static enum status write_column(const struct block_target *t, const struct piece *p, struct part_writer *w, uint32_t c,
                                struct error *err)
{
	TRY(part_writer_column_begin(w, c, err));
	for (uint32_t at = 0; at < p->count; at += p->granule) {
		uint32_t n = p->count - at < p->granule ? p->count - at : p->granule;
		struct vector *v;
		TRY(piece_slice(t, p, c, at, n, &v, err));
		enum status st = part_writer_column_granule(w, v, 0, n, err);
		vector_unref(v);
		TRY(st);
	}
	return part_writer_column_end(w, err);
}

static enum status write_granule(const struct block_target *t, const struct piece *p, struct part_writer *w,
                                 uint32_t at, uint32_t n, struct error *err)
{
	for (uint32_t c = 0; c < t->keys->stored_count; c++) {
		struct vector *v;
		TRY(piece_slice(t, p, c, at, n, &v, err));
		enum status st = part_writer_granule_column(w, c, v, 0, n, err);
		vector_unref(v);
		TRY(st);
	}
	return OK;
}

/* Keys, minmax, skip indexes and TTL of the granules. */
static enum status write_extras(const struct block_target *t, const struct piece *p, struct part_writer *w,
                                struct error *err)
{
	const struct table_keys *k = t->keys;
	struct part_extras *x = NULL;
	struct vector **stored = calloc(k->stored_count + 1, sizeof *stored);
	enum status st = stored == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory")
	                                : part_extras_new(k, t->session, t->track, &x, err);
	uint32_t needed = 0;
	const uint32_t *columns = st == OK ? part_extras_columns(x, &needed) : NULL;
	for (uint32_t at = 0; st == OK && at < p->count; at += p->granule) {
		uint32_t n = p->count - at < p->granule ? p->count - at : p->granule;
		for (uint32_t i = 0; st == OK && i < needed; i++)
			st = piece_slice(t, p, columns[i], at, n, &stored[columns[i]], err);
		if (st == OK)
			st = part_extras_granule(x, w, stored, n, at + n == p->count, err);
		for (uint32_t i = 0; i < needed; i++) {
			vector_unref(stored[columns[i]]);
			stored[columns[i]] = NULL;
		}
	}
	if (st == OK)
		st = part_extras_finish(x, w, err);
	part_extras_free(x);
	free(stored);
	return st;
}

static enum status write_rows(const struct block_target *t, const struct piece *p, struct part_writer *w,
                              struct error *err)
{
	for (uint32_t c = 0; !p->compact && c < t->keys->stored_count; c++)
		TRY(write_column(t, p, w, c, err));
	for (uint32_t at = 0; p->compact && at < p->count; at += p->granule) {
		uint32_t n = p->count - at < p->granule ? p->count - at : p->granule;
		TRY(write_granule(t, p, w, at, n, err));
	}
	return write_extras(t, p, w, err);
}

static enum status write_piece(const struct block_target *t, struct piece *p, struct part **out, struct error *err)
{
	const struct table_keys *k = t->keys;
	struct arena a;
	struct part_spec spec;
	char sub[128], path[4096];
	arena_init(&a, t->track);
	part_spec_for(&a, k, &spec);
	temporary_name("insert", sub, sizeof sub);
	snprintf(path, sizeof path, "%s/%s", t->place->dir, sub);
	spec.dir = path;
	spec.track = t->track;
	spec.compact = p->compact;
	for (uint32_t c = 0; c < k->stored_count; c++) {
		uint64_t defaults = p->all ? block_source_defaults(&p->sources[c]) : 0;
		spec.columns.columns[c].sparse = sparse_kind_for(&a, k, spec.columns.columns[c].type, p->count, defaults);
	}
	struct part_writer *w = NULL;
	struct part_written done;
	enum status st = table_place_make(t->place, err);
	if (st == OK)
		st = part_writer_new(&spec, &w, err);
	if (st == OK)
		st = write_rows(t, p, w, err);
	if (st == OK && (st = part_writer_finish(w, p->count, &done, err)) == OK)
		w = NULL;
	part_writer_abort(w);
	struct str name = arena_strf(&a, "%.*s_0_0_0", STR_ARG(p->partition));
	if (st == OK)
		st = part_new(name, t->place->dir, sub, out, err);
	arena_fini(&a);
	if (st != OK)
		return st;
	(*out)->rows = done.rows;
	(*out)->granules = done.granules;
	(*out)->bytes_on_disk = done.bytes_on_disk;
	(*out)->bytes_plain = done.bytes_plain;
	(*out)->schema_version = k->def->schema_version;
	(*out)->modified_us = clock_wall_us();
	(*out)->compact = p->compact;
	return OK;
}

/* ---- partitions ---- */

struct split {
	uint32_t partitions;
	uint32_t *of_row;    /* partition number; NULL: there is one */
	uint32_t *first;     /* a row of each */
	uint32_t *counts;
};

static enum status too_many(const struct table_keys *k, struct error *err)
{
	return ERR(err, E_TOO_MANY_PARTS, "too many partitions for one block of an INSERT, more than %llu",
	           (unsigned long long)k->settings.max_partitions_per_insert);
}

static enum status split_rows(const struct block_target *t, const struct vector *const *values, uint32_t rows,
                              struct arena *a, struct split *s, struct error *err)
{
	uint32_t n = t->keys->partition_count, most = (uint32_t)t->keys->settings.max_partitions_per_insert;
	*s = (struct split){.partitions = 1, .first = ARENA_ARRAY(a, uint32_t, most + 1),
	                    .counts = ARENA_ARRAY(a, uint32_t, most + 1)};
	s->counts[0] = rows;
	uint32_t row = 1;
	while (row < rows && compare_key_rows(values, row, values, 0, n) == 0)
		row++;
	if (row == rows)
		return OK;
	s->of_row = ARENA_ARRAY(a, uint32_t, rows);
	s->counts[0] = row;
	uint32_t last = 0;
	for (; row < rows; row++) {
		uint32_t p = last;
		if (compare_key_rows(values, row, values, s->first[p], n) != 0) {
			for (p = 0; p < s->partitions; p++)
				if (compare_key_rows(values, row, values, s->first[p], n) == 0)
					break;
			if (p == s->partitions) {
				if (p == most)
					return too_many(t->keys, err);
				s->first[s->partitions++] = row;
			}
		}
		s->of_row[row] = last = p;
		s->counts[p]++;
	}
	return OK;
}

static enum status sort_piece(const struct block_target *t, struct piece *p, bool *as_is, struct error *err)
{
	bool sorted;
	TRY(sort_rows(p->keys, t->keys->sort_count, p->rows, p->count, t->track, &sorted, err));
	*as_is = sorted;
	return OK;
}

/* Whether a merge of these sorted rows would change them. */
static bool would_fold(const struct block_target *t, const struct piece *p)
{
	const struct table_keys *k = t->keys;
	if (!t->fold || k->mode == MERGE_ORDINARY || k->sort_count == 0)
		return false;
	if (k->mode == MERGE_SUMMING) /* drops rows of zeros, too */
		return true;
	for (uint32_t i = 1; i < p->count; i++) {
		uint32_t a = p->rows == NULL ? i - 1 : p->rows[i - 1], b = p->rows == NULL ? i : p->rows[i];
		if (compare_key_rows(p->keys, a, p->keys, b, k->sort_count) == 0)
			return true;
	}
	return false;
}

/* The part as a merge of it alone leaves it; NULL where no row is left. */
static enum status fold_part(const struct block_target *t, struct part **part, struct error *err)
{
	struct arena a;
	struct merge_input input;
	struct part *whole = *part, *folded = NULL;
	struct merge_env env = {.keys = t->keys, .session = t->session, .track = t->track};
	const struct merge_options o = {.fold = true};
	const struct merge_target target = {.place = t->place, .name = whole->name};
	arena_init(&a, t->track);
	enum status st = merge_input_whole(whole, 0, &a, &input, err);
	if (st == OK)
		st = part_merge(&env, &input, 1, &o, &target, &folded, err);
	arena_fini(&a);
	whole->retired = true;
	part_unref(whole);
	*part = folded;
	return st;
}

/* All columns of what a merge of this one input leaves. */
static enum status merged_columns(const struct merge_env *env, const struct merge_input *input, struct arena *a,
                                  struct vector **columns, uint32_t *rows, struct error *err)
{
	const struct merge_options o = {.fold = true};
	struct merge_rows order;
	TRY(merge_rows_make(env, input, 1, &o, &order, err));
	enum status st = merge_drop_zero_sums(env, input, 1, &order, err);
	*rows = (uint32_t)order.output;
	(void)a;
	for (uint32_t c = 0; st == OK && *rows != 0 && c < env->keys->stored_count; c++) {
		struct merge_column *column = NULL;
		st = merge_column_new(env, input, 1, &order, c, &o, &column, err);
		if (st == OK)
			st = merge_column_read(column, *rows, &columns[c], err);
		merge_column_free(column);
	}
	merge_rows_fini(&order);
	return st;
}

/* The block as a merge of it alone leaves it; NULL where no row is left. */
static enum status fold_block(const struct block_target *t, struct delta_block **block, struct error *err)
{
	struct arena a;
	struct merge_input input;
	struct part *whole;
	struct delta_block *folded = NULL;
	struct merge_env env = {.keys = t->keys, .session = t->session, .track = t->track};
	uint32_t rows = 0, n = t->keys->stored_count;
	TRY(delta_part_new(STR("all"), STR(""), "", *block, 1, &whole, err));
	arena_init(&a, t->track);
	struct vector **columns = ARENA_ARRAY(&a, struct vector *, n + 1);
	enum status st = merge_input_whole(whole, 0, &a, &input, err);
	if (st == OK)
		st = merged_columns(&env, &input, &a, columns, &rows, err);
	if (st == OK && rows != 0)
		st = delta_block_new(t->schema, columns, NULL, rows, &folded, err);
	for (uint32_t i = 0; i < n; i++)
		vector_unref(columns[i]);
	part_unref(whole);
	arena_fini(&a);
	if (st == OK) {
		delta_block_unref(*block);
		*block = folded;
	}
	return st;
}

/* The rows of partition `number`; out->block NULL: folding left none. */
static enum status keep_piece(const struct block_target *t, struct piece *p, const struct split *s, uint32_t number,
                              struct arena *a, struct delta_piece *out, struct error *err)
{
	const struct table_keys *k = t->keys;
	struct strbuf values;
	strbuf_init(&values, NULL);
	for (uint32_t i = 0; i < k->partition_count; i++)
		value_binary_write(&values, p->keys[k->sort_count + i], s->first[number]);
	enum status st = strbuf_status(&values, err);
	out->partition_id = p->partition;
	out->partition = arena_str(a, strbuf_str(&values));
	strbuf_fini(&values);
	/* sorted as a part of these rows alone would be: the order in which queries without ORDER BY have always seen them */
	bool as_is = true, sorted = true;
	if (st == OK && p->count > 1 && k->sort_count != 0)
		st = sort_rows(p->keys, k->sort_count, p->rows, p->count, t->track, &sorted, err);
	as_is = sorted && s->of_row == NULL;
	if (st == OK)
		st = delta_block_new(t->schema, p->stored, as_is ? NULL : p->rows, p->count, &out->block, err);
	if (st == OK && would_fold(t, p) && (st = fold_block(t, &out->block, err)) != OK) {
		delta_block_unref(out->block);
		out->block = NULL;
	}
	return st;
}

/* Of the piece's rows; places[] are those of all. */
static enum status find_places(const struct block_target *t, struct piece *p, const uint32_t *places,
                               struct buffer **buffer, struct error *err)
{
	TRY(buffer_new(t->track, (size_t)p->count * sizeof(uint32_t), buffer, err));
	p->places = (uint32_t *)(*buffer)->data;
	for (uint32_t i = 0; i < p->count; i++)
		p->places[i] = places[p->rows[i]];
	return OK;
}

static enum status write_partition(const struct block_target *t, const struct piece *whole, const struct split *s,
                                   uint32_t number, uint64_t plain_bytes, struct arena *a, struct block_pieces *out,
                                   struct error *err)
{
	struct part **part = &out->parts[out->part_count];
	const struct merge_settings *set = &t->keys->settings;
	struct piece p = *whole;
	struct buffer *rows, *places = NULL;
	uint32_t total = whole->count;
	p.count = s->counts[number];
	TRY(buffer_new(t->track, (size_t)p.count * sizeof(uint32_t), &rows, err));
	p.rows = (uint32_t *)rows->data;
	for (uint32_t i = 0, n = 0; i < total; i++)
		if (s->of_row == NULL || s->of_row[i] == number)
			p.rows[n++] = i;
	uint64_t bytes = (uint64_t)((double)plain_bytes * p.count / total);
	p.compact = bytes < set->min_bytes_for_wide_part &&
		(set->min_rows_for_wide_part == 0 || p.count < set->min_rows_for_wide_part);
	p.granule = granule_rows(set, p.count, bytes);
	p.partition = partition_id(a, p.keys + t->keys->sort_count, t->keys->partition_count, s->first[number]);
	if (t->schema != NULL && p.count < set->memory_rows && bytes < set->memory_bytes) {
		struct delta_piece *d = &out->deltas[out->delta_count];
		enum status kept = keep_piece(t, &p, s, number, a, d, err);
		out->delta_count += kept == OK && d->block != NULL;
		buffer_unref(rows);
		return kept;
	}
	bool as_is = false;
	enum status st = sort_piece(t, &p, &as_is, err);
	p.all = s->of_row == NULL;
	if (st == OK && t->list.count != 0)
		st = find_places(t, &p, whole->places, &places, err);
	else if (as_is && p.all)
		p.rows = NULL;
	bool fold = st == OK && would_fold(t, &p);
	if (st == OK)
		st = write_piece(t, &p, part, err);
	if (st == OK && fold)
		st = fold_part(t, part, err);
	out->part_count += st == OK && *part != NULL;
	buffer_unref(rows);
	buffer_unref(places);
	return st;
}

static void drop_pieces(struct block_pieces *p)
{
	while (p->part_count > 0) {
		p->parts[--p->part_count]->retired = true;
		part_unref(p->parts[p->part_count]);
	}
	while (p->delta_count > 0)
		delta_block_unref(p->deltas[--p->delta_count].block);
}

enum status block_to_pieces(const struct block_target *t, struct vector *const *stored, struct arena *a,
                            struct block_pieces *out, struct error *err)
{
	const struct table_keys *k = t->keys;
	uint32_t rows = t->list.count != 0 ? t->list.rows : k->stored_count == 0 ? 0 : stored[0]->count;
	uint32_t n = k->sort_count + k->partition_count;
	*out = (struct block_pieces){0};
	if (rows == 0)
		return OK;
	assert(t->list.count == 0 || t->schema == NULL);
	struct vector **keys = ARENA_ARRAY(a, struct vector *, n + 1);
	TRY(table_keys_run(k, t->session, t->track, stored, rows, keys, err));
	struct split s;
	enum status st = split_rows(t, (const struct vector *const *)(keys + k->sort_count), rows, a, &s, err);
	uint64_t bytes = t->plain_bytes;
	for (uint32_t c = 0; t->plain_bytes == 0 && c < k->stored_count; c++)
		bytes += vector_plain_bytes(stored[c]);
	struct piece whole = {.stored = stored, .keys = (const struct vector *const *)keys, .count = rows};
	whole.sources = ARENA_ARRAY(a, struct block_source, k->stored_count + 1);
	for (uint32_t c = 0; c < k->stored_count; c++)
		whole.sources[c] = (struct block_source){.list = &t->list, .column = c, .whole = stored[c]};
	if (t->list.count != 0) {
		whole.places = ARENA_ARRAY(a, uint32_t, rows);
		block_list_places(&t->list, whole.places);
	}
	if (st == OK) {
		out->parts = ARENA_ARRAY(a, struct part *, s.partitions);
		out->deltas = ARENA_ARRAY(a, struct delta_piece, s.partitions);
	}
	for (uint32_t i = 0; st == OK && i < s.partitions; i++)
		st = write_partition(t, &whole, &s, i, bytes, a, out, err);
	for (uint32_t c = 0; c < k->stored_count; c++)
		block_source_fini(&whole.sources[c]);
	for (uint32_t i = 0; i < n; i++)
		vector_unref(keys[i]);
	if (st != OK)
		drop_pieces(out);
	return st;
}

enum status block_to_parts(const struct block_target *t, struct vector *const *stored, struct arena *a,
                           struct part ***parts, uint32_t *count, struct error *err)
{
	struct block_target on_disk = *t;
	struct block_pieces pieces;
	on_disk.schema = NULL;
	TRY(block_to_pieces(&on_disk, stored, a, &pieces, err));
	*parts = pieces.parts;
	*count = pieces.part_count;
	return OK;
}

enum status block_hash(struct delta_schema *schema, struct vector *const *stored, struct memtrack *track,
                       struct hash128 *out, struct error *err)
{
	struct siphash h;
	struct strbuf bytes;
	uint32_t rows[DELTA_CHUNK_ROWS], count = stored[0]->count;
	siphash_init(&h, 0, 0);
	strbuf_init(&bytes, track);
	enum status st = OK;
	for (uint32_t at = 0; st == OK && at < count; at += DELTA_CHUNK_ROWS) {
		uint32_t n = count - at < DELTA_CHUNK_ROWS ? count - at : DELTA_CHUNK_ROWS;
		struct delta_block *b;
		for (uint32_t i = 0; i < n; i++)
			rows[i] = at + i;
		st = delta_block_new(schema, stored, rows, n, &b, err);
		if (st != OK)
			break;
		strbuf_clear(&bytes);
		delta_block_encode(b, &bytes);
		delta_block_unref(b);
		st = strbuf_status(&bytes, err);
		if (st == OK)
			siphash_update(&h, bytes.data, bytes.size);
	}
	strbuf_fini(&bytes);
	*out = siphash_final128(&h);
	return st;
}
