// SPDX-License-Identifier: Apache-2.0
#include "storage/merge_column.h"

#include <assert.h>
#include <stdlib.h>
#include "base/wide.h"
#include "storage/merge_map.h"
#include "storage/ttl.h"

enum fold_kind { FOLD_NONE, FOLD_NUMBER, FOLD_STATE, FOLD_SIMPLE, FOLD_MAP };

struct merge_column {
	const struct merge_env *env;
	const struct merge_rows *rows;
	struct arena arena;
	struct merge_source *sources;
	uint32_t source_count;
	uint64_t at;                  /* next entry of the rows */
	const struct type *type;
	struct builder *builder;
	enum fold_kind fold;
	struct aggregator *aggregator;
	struct eval eval;
	struct arena scratch;
	char *state;                  /* of the output row that is being folded */
	bool state_open;
	struct vector *start;         /* where the output row was begun, held, and the row there */
	uint32_t start_row;
	struct map_fold *map;
	struct vector **map_columns;
	/* a column TTL; or the columns of the map, from [1] on */
	const struct table_ttl *ttl;
	uint32_t *ttl_columns, ttl_column_count;
	int64_t now;
};

/* ---- setting up ---- */

static enum status choose_fold(struct merge_column *c, uint32_t stored, bool fold, struct error *err)
{
	const struct table_keys *k = c->env->keys;
	if (!fold || !k->summed[stored] || (k->mode != MERGE_SUMMING && k->mode != MERGE_AGGREGATING))
		return OK;
	struct bind_env env = {.arena = &c->arena, .session = c->env->session, .err = err};
	if (k->map_of[stored] != NULL) {
		c->fold = FOLD_MAP;
		c->map_columns = ARENA_ARRAY(&c->arena, struct vector *, k->map_of[stored]->count);
		return map_fold_new(k, k->map_of[stored], stored, c->env->track, &c->map, err);
	}
	if (c->type->id == TYPE_AGGSTATE) {
		c->fold = FOLD_STATE;
		TRY(aggregate_of_type(&env, c->type, &c->aggregator));
	} else if (c->type->simple_aggregate.size != 0) {
		c->fold = FOLD_SIMPLE;
		TRY(aggregate_of_simple(&env, c->type, &c->aggregator));
	} else {
		c->fold = FOLD_NUMBER;
		return OK;
	}
	c->state = arena_alloc(&c->arena, c->aggregator->state_size + c->aggregator->state_align);
	uintptr_t align = c->aggregator->state_align == 0 ? 1 : c->aggregator->state_align;
	c->state = (char *)(((uintptr_t)c->state + align - 1) / align * align);
	return OK;
}

/* A column with a TTL of its own reads what the rule needs beside it. */
static void choose_ttl(struct merge_column *c, uint32_t stored, const struct merge_options *o)
{
	const struct table_keys *k = c->env->keys;
	c->now = o->now;
	c->ttl_columns = ARENA_ARRAY(&c->arena, uint32_t, k->stored_count + 2);
	c->ttl_columns[c->ttl_column_count++] = stored;
	for (uint32_t i = 0; c->fold == FOLD_MAP && i < k->map_of[stored]->count; i++)
		if (k->map_of[stored]->columns[i] != stored)
			c->ttl_columns[c->ttl_column_count++] = k->map_of[stored]->columns[i];
	for (uint32_t i = 0; o->ttl && i < k->ttl_count && c->fold == FOLD_NONE; i++) {
		if (k->ttls[i].column != k->stored[stored])
			continue;
		struct expr *all[3] = {k->ttls[i].expires, k->ttls[i].where, k->ttls[i].filler};
		c->ttl = &k->ttls[i];
		needed_columns(k, all, 3, c->ttl_columns, &c->ttl_column_count);
	}
}

enum status merge_column_new(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                             const struct merge_rows *rows, uint32_t stored, const struct merge_options *o,
                             struct merge_column **out, struct error *err)
{
	struct merge_column *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	c->env = env;
	c->rows = rows;
	c->type = env->keys->def->columns[env->keys->stored[stored]].type;
	arena_init(&c->arena, env->track);
	arena_init(&c->scratch, env->track);
	c->eval = (struct eval){.session = env->session, .track = env->track, .scratch = &c->scratch, .err = err};
	enum status st = choose_fold(c, stored, o->fold, err);
	choose_ttl(c, stored, o);
	c->sources = ARENA_ARRAY(&c->arena, struct merge_source, input_count + 1);
	for (; st == OK && c->source_count < input_count; c->source_count++)
		st = merge_source_open(&c->sources[c->source_count], env, &inputs[c->source_count], c->ttl_columns,
		                       c->ttl_column_count, err);
	if (st == OK)
		st = builder_new(env->track, c->type, &c->builder, err);
	if (st != OK) {
		merge_column_free(c);
		return st;
	}
	*out = c;
	return OK;
}

static void drop_state(struct merge_column *c)
{
	if (c->state_open && c->aggregator->ops->destroy != NULL)
		c->aggregator->ops->destroy(c->aggregator, c->state, c->env->track);
	c->state_open = false;
}

void merge_column_free(struct merge_column *c)
{
	if (c == NULL)
		return;
	if (c->map != NULL)
		map_fold_free(c->map);
	else
		drop_state(c);
	vector_unref(c->start);
	for (uint32_t i = 0; i < c->source_count; i++)
		merge_source_close(&c->sources[i]);
	builder_free(c->builder);
	arena_fini(&c->scratch);
	arena_fini(&c->arena);
	free(c);
}

/* ---- reading ---- */

/* Values that their column's TTL has ended become the default. */
static enum status apply_ttl(struct merge_column *c, struct merge_source *s, struct error *err)
{
	const struct table_keys *k = c->env->keys;
	struct vector **stored = calloc(k->stored_count + 1, sizeof *stored);
	uint8_t *expired = calloc(1, s->count + 1);
	bool any = false;
	enum status st = stored == NULL || expired == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < c->ttl_column_count; i++)
		stored[c->ttl_columns[i]] = s->columns[i];
	if (st == OK)
		st = ttl_expired_by(k, c->ttl, c->env->session, c->env->track, stored, s->count, c->now, expired, &any, err);
	if (st == OK && any) {
		struct builder *b = NULL;
		struct vector *v = NULL, *filler = NULL;
		st = builder_new(c->env->track, c->type, &b, err);
		if (st == OK && c->ttl->filler != NULL)
			st = table_program_run(k, c->ttl->filler_program, 1, c->env->session, c->env->track, stored, s->count, &filler, err);
		for (uint32_t i = 0; st == OK && i < s->count; i++)
			st = !expired[i] ? builder_row(b, s->columns[0], i, err) : filler != NULL ? builder_row(b, filler, i, err)
				: builder_default(b, err);
		vector_unref(filler);
		if (st == OK)
			st = builder_finish(b, &v, err);
		builder_free(b);
		if (st == OK) {
			vector_unref(s->columns[0]);
			s->columns[0] = v;
		}
	}
	free(stored);
	free(expired);
	return st;
}

static enum status ensure_rows(struct merge_column *c, struct merge_source *s, struct error *err)
{
	if (s->at < s->count)
		return OK;
	TRY(merge_source_next(s, err));
	if (s->count == 0)
		return ERR(err, E_LOGICAL_ERROR, "part %s has fewer rows than its keys", s->input->part->name_text);
	return c->ttl == NULL ? OK : apply_ttl(c, s, err);
}

/* ---- folding ---- */

#define ADD_CASE(P, T)                                                          \
	case PHYS_##P: {                                                            \
		T x, y;                                                                 \
		memcpy(&x, to, sizeof x);                                               \
		memcpy(&y, from, sizeof y);                                             \
		x = (T)(x + y);                                                         \
		memcpy(to, &x, sizeof x);                                               \
		return;                                                                 \
	}

void merge_add_number(enum physical p, void *to, const void *from)
{
	switch (p) {
		ADD_CASE(I8, uint8_t)
		ADD_CASE(I16, uint16_t)
		ADD_CASE(I32, uint32_t)
		ADD_CASE(I64, uint64_t)
		ADD_CASE(I128, u128)
		ADD_CASE(U8, uint8_t)
		ADD_CASE(U16, uint16_t)
		ADD_CASE(U32, uint32_t)
		ADD_CASE(U64, uint64_t)
		ADD_CASE(U128, u128)
		ADD_CASE(F32, float)
		ADD_CASE(F64, double)
	default: {
		u256 x, y;
		memcpy(&x, to, sizeof x);
		memcpy(&y, from, sizeof y);
		x = u256_add(x, y);
		memcpy(to, &x, sizeof x);
	}
	}
}
#undef ADD_CASE

/* Adds the row to the last one of the builder; NULL adds nothing, and is lost when a number comes. */
static enum status fold_number(struct merge_column *c, const struct vector *v, uint32_t row, struct error *err)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at), last = c->builder->count - 1;
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return OK;
	if (c->builder->nulls != NULL && bit_get((const uint64_t *)c->builder->nulls->data, last)) {
		builder_truncate(c->builder, last);
		return builder_row(c->builder, v, row, err);
	}
	size_t width = physical_size(c->builder->physical);
	merge_add_number(c->builder->physical, c->builder->data->data + last * width, (const uint8_t *)at->data + i * width);
	return OK;
}

static void open_state(struct merge_column *c)
{
	const struct aggregator *a = c->aggregator;
	memset(c->state, 0, a->state_size);
	if (a->ops->init != NULL)
		a->ops->init(a, c->state);
	c->state_open = true;
}

static enum status fold_value(struct merge_column *c, const struct vector *v, uint32_t row, struct error *err)
{
	const struct aggregator *a = c->aggregator;
	c->eval.err = err;
	if (c->fold == FOLD_SIMPLE) {
		const struct vector *args[1] = {v};
		return a->ops->add_one(a, &c->eval, c->state, args, &row, 1);
	}
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	struct str bytes = strview_str((const struct strview *)at->data + i);
	size_t consumed;
	char *other = arena_alloc(&c->scratch, a->state_size + a->state_align);
	uintptr_t align = a->state_align == 0 ? 1 : a->state_align;
	other = (char *)(((uintptr_t)other + align - 1) / align * align);
	if (a->ops->init != NULL)
		a->ops->init(a, other);
	/* no bytes are the default of a column that the part lacks: the state of no rows */
	enum status st = bytes.size == 0 ? OK : a->ops->read(a, &c->eval, other, bytes, &consumed);
	if (st == OK)
		st = a->ops->merge(a, &c->eval, &c->state, 0, &other, 0, 1);
	if (a->ops->destroy != NULL)
		a->ops->destroy(a, other, c->env->track);
	return st;
}

/* The folded row replaces the last one of the builder. */
static enum status close_state(struct merge_column *c, struct error *err)
{
	if (!c->state_open)
		return OK;
	const struct aggregator *a = c->aggregator;
	enum status st;
	c->eval.err = err;
	builder_truncate(c->builder, c->builder->count - 1);
	if (c->fold == FOLD_SIMPLE) {
		struct builder *b = NULL;
		struct vector *v = NULL;
		st = builder_new(c->env->track, a->result, &b, err);
		if (st == OK)
			st = a->ops->finish(a, &c->eval, &c->state, 0, 1, b);
		if (st == OK)
			st = builder_finish(b, &v, err);
		if (st == OK)
			st = builder_row(c->builder, v, 0, err);
		builder_free(b);
		vector_unref(v);
	} else {
		struct strbuf bytes;
		strbuf_init(&bytes, c->env->track);
		st = a->ops->write(a, &c->eval, c->state, &bytes);
		if (st == OK)
			st = strbuf_status(&bytes, err);
		if (st == OK)
			st = builder_string(c->builder, bytes.data, bytes.size, err);
		strbuf_fini(&bytes);
	}
	drop_state(c);
	arena_reset(&c->scratch);
	return st;
}

static enum status fold(struct merge_column *c, struct merge_source *s, struct error *err)
{
	const struct vector *v = s->columns[0];
	if (c->fold == FOLD_NONE)
		return OK;
	if (c->fold == FOLD_NUMBER)
		return fold_number(c, v, s->at, err);
	if (!c->state_open) {
		open_state(c);
		TRY(fold_value(c, c->start, c->start_row, err));
	}
	return fold_value(c, v, s->at, err);
}

/* The row of each of the map's columns joins its group. */
static enum status fold_map(struct merge_column *c, struct merge_source *s, struct error *err)
{
	const struct table_keys *k = c->env->keys;
	const struct summed_map *map = k->map_of[c->ttl_columns[0]];
	for (uint32_t i = 0; i < map->count; i++)
		for (uint32_t n = 0; n < c->ttl_column_count; n++)
			if (c->ttl_columns[n] == map->columns[i])
				c->map_columns[i] = s->columns[n];
	return map_fold_add(c->map, c->map_columns, s->at, err);
}

/* ---- output ---- */

/* Rows of one input that begin output rows, one behind the other: copied at once. */
static uint32_t run_of_starts(const struct merge_column *c, const struct merge_source *s, uint32_t most)
{
	const uint16_t *ops = (const uint16_t *)c->rows->ops->data;
	uint16_t op = ops[c->at];
	uint32_t n = 1, left = s->count - s->at;
	uint64_t end = c->rows->count - c->at;
	if (left > most)
		left = most;
	if (left > end)
		left = (uint32_t)end;
	while (n < left && ops[c->at + n] == op)
		n++;
	return n;
}

enum status merge_column_read(struct merge_column *c, uint32_t count, struct vector **out, struct error *err)
{
	const uint16_t *ops = (const uint16_t *)c->rows->ops->data;
	uint32_t made = 0;
	while (c->at < c->rows->count) {
		uint16_t op = ops[c->at];
		struct merge_source *s = &c->sources[merge_op_input(op)];
		enum merge_op kind = merge_op_kind(op);
		if (kind == MERGE_START && made == count)
			break;
		TRY(ensure_rows(c, s, err));
		if (c->fold == FOLD_MAP) {
			if (kind == MERGE_START)
				TRY(map_fold_finish(c->map, c->builder, err));
			if (kind != MERGE_DROP)
				TRY(fold_map(c, s, err));
			made += kind == MERGE_START;
			s->at++;
			c->at++;
			continue;
		}
		if (kind == MERGE_START) {
			TRY(close_state(c, err));
			uint32_t n = run_of_starts(c, s, count - made);
			TRY(builder_range(c->builder, s->columns[0], s->at, n, err));
			s->at += n;
			c->at += n;
			made += n;
			if (c->fold == FOLD_STATE || c->fold == FOLD_SIMPLE) {
				if (c->start != s->columns[0]) {
					vector_unref(c->start);
					c->start = vector_ref(s->columns[0]);
				}
				c->start_row = s->at - 1;
			}
			continue;
		}
		if (kind == MERGE_FOLD)
			TRY(fold(c, s, err));
		s->at++;
		c->at++;
	}
	assert(made == count);
	TRY(close_state(c, err));
	if (c->fold == FOLD_MAP)
		TRY(map_fold_finish(c->map, c->builder, err));
	return builder_finish(c->builder, out, err);
}
