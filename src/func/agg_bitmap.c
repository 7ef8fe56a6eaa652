// SPDX-License-Identifier: Apache-2.0
/* groupBitmap of integers; groupBitmapAnd, groupBitmapOr, groupBitmapXor of bitmaps. Results: how many values. */
#include "func/roaring.h"

struct bitmap_rule {
	struct roaring_rule values;
	enum roaring_operation operation; /* of the functions of bitmaps */
};

struct bitmap_state {
	struct roaring set;
	bool any;                         /* a bitmap came */
};

static void bitmap_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	roaring_free(&((struct bitmap_state *)(void *)state)->set, track);
}

static uint64_t value_at(const struct roaring_rule *u, const void *data, uint32_t row)
{
	switch (u->width) {
	case 1: return u->is_signed ? (uint64_t)((const int8_t *)data)[row] : ((const uint8_t *)data)[row];
	case 2: return u->is_signed ? (uint64_t)((const int16_t *)data)[row] : ((const uint16_t *)data)[row];
	case 4: return u->is_signed ? (uint64_t)((const int32_t *)data)[row] : ((const uint32_t *)data)[row];
	default: return ((const uint64_t *)data)[row];
	}
}

static enum status bitmap_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct bitmap_rule *r = a->data;
	struct vector *flat;
	TRY(vector_flatten(e->track, args[0], &flat, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct bitmap_state *to = (void *)(states == NULL ? state : states[i] + offset);
		to->any = true;
		s = roaring_add(&r->values, e, &to->set, value_at(&r->values, flat->data, rows == NULL ? i : rows[i]));
	}
	vector_unref(flat);
	return s;
}

static enum status bitmap_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : bitmap_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status bitmap_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : bitmap_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status combine(const struct bitmap_rule *r, struct eval *e, struct bitmap_state *to,
                           const struct roaring *other)
{
	enum roaring_operation operation = to->any ? r->operation : ROARING_OR;
	to->any = true;
	return roaring_combine(&r->values, e, &to->set, operation, other);
}

static enum status bitmap_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct bitmap_state *o = (const void *)(others[i] + other_offset);
		if (o->any)
			TRY(combine(a->data, e, (void *)(states[i] + offset), &o->set));
	}
	return OK;
}

static enum status bitmap_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t n = roaring_count(&((const struct bitmap_state *)(const void *)(states[i] + offset))->set);
		TRY(builder_fixed(to, &n, e->err));
	}
	return OK;
}

static enum status bitmap_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct bitmap_rule *r = a->data;
	roaring_write(&r->values, &((const struct bitmap_state *)(const void *)state)->set, to);
	return OK;
}

static enum status bitmap_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	const struct bitmap_rule *r = a->data;
	struct bitmap_state *s = (void *)state;
	s->any = true;
	return roaring_read(&r->values, e, &s->set, from, consumed);
}

static const struct aggregate_ops bitmap_ops = {NULL, bitmap_destroy, bitmap_add, bitmap_add_one, bitmap_merge,
                                                bitmap_finish, bitmap_write, bitmap_read};

static enum status bind_bitmap(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	if (!roaring_takes(a->arg_types[0]))
		return agg_bad_type(env, a, 0);
	struct bitmap_rule *r = ARENA_NEW(env->arena, struct bitmap_rule);
	r->values = roaring_rule_of(a->arg_types[0]);
	r->operation = ROARING_OR;
	a->data = r;
	return agg_set(a, &bitmap_ops, a->arg_types[0], sizeof(struct bitmap_state));
}

/* ---- of bitmaps ---- */

static enum status fold_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct bitmap_rule *r = a->data;
	struct vector *flat;
	TRY(vector_flatten(e->track, args[0], &flat, e->err));
	const struct strview *values = flat->data;
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct bitmap_state *to = (void *)(states == NULL ? state : states[i] + offset);
		struct roaring one = {0};
		size_t consumed;
		struct str bytes = strview_str(&values[rows == NULL ? i : rows[i]]);
		if (bytes.size != 0) /* a column's default: no values */
			s = roaring_read(&r->values, e, &one, bytes, &consumed);
		if (s == OK)
			s = combine(r, e, to, &one);
		roaring_free(&one, e->track);
	}
	vector_unref(flat);
	return s;
}

static enum status fold_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : fold_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status fold_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : fold_rows(a, e, NULL, 0, state, args, rows, count);
}

static const struct aggregate_ops fold_ops = {NULL, bitmap_destroy, fold_add, fold_add_one, bitmap_merge,
                                              bitmap_finish, bitmap_write, bitmap_read};

static enum status bind_fold(struct bind_env *env, struct aggregator *a, enum roaring_operation operation)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	const struct type *t = a->arg_types[0];
	if (t->id != TYPE_AGGSTATE || !str_starts_with(t->aggregate, STR("groupBitmap")) || t->child_count != 1 ||
	    !roaring_takes(t->children[0]))
		return agg_bad_type(env, a, 0);
	struct bitmap_rule *r = ARENA_NEW(env->arena, struct bitmap_rule);
	r->values = roaring_rule_of(t->children[0]);
	r->operation = operation;
	a->data = r;
	a->state_type = t;
	return agg_set(a, &fold_ops, t->children[0], sizeof(struct bitmap_state));
}

static enum status bind_and(struct bind_env *env, struct aggregator *a)
{
	return bind_fold(env, a, ROARING_AND);
}

static enum status bind_or(struct bind_env *env, struct aggregator *a)
{
	return bind_fold(env, a, ROARING_OR);
}

static enum status bind_xor(struct bind_env *env, struct aggregator *a)
{
	return bind_fold(env, a, ROARING_XOR);
}

#define OF_BITMAPS(name, bind, text, answer) \
	{name, "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind, text, \
	 "SELECT " name "(b) FROM (SELECT bitmapBuild(arrayJoin([[1, 2, 3], [2, 3, 4, 5]])) AS b)", answer, NULL}

static const struct aggregate rows[] = {
	{"groupBitmap", "", AGGREGATE_CH | AGGREGATE_DUPLICATES_IGNORED, bind_bitmap,
	 "Number of different integers, which the state keeps as a bitmap", "SELECT groupBitmap(number % 7) FROM numbers(100)",
	 "7", NULL},
	OF_BITMAPS("groupBitmapAnd", bind_and, "Number of values that all bitmaps have", "2"),
	OF_BITMAPS("groupBitmapOr", bind_or, "Number of values that any bitmap has", "5"),
	OF_BITMAPS("groupBitmapXor", bind_xor, "Number of values that an odd number of bitmaps have", "3"),
};

AGGREGATE_FAMILY(bitmap, "Bitmaps");
