// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's generate_series() and generate_subscripts(): arrays that the planner unnests. */
#include <assert.h>

#include "column/numeric.h"
#include "func/array_impl.h"
#include "func/time_add.h"

enum series_kind { SERIES_INTEGER, SERIES_NUMERIC, SERIES_TIME };
struct series {
	enum series_kind kind;
	const struct timezone *tz; /* in which days and months of a step are counted */
};

static enum status zero_step(struct eval *e)
{
	return ERR(e->err, E_INVALID_PARAMETER_VALUE, "step size cannot equal zero");
}

static enum status too_many(struct eval *e)
{
	return ERR(e->err, E_TOO_MANY_ROWS, "a series of more than %u values", UINT32_MAX);
}

static enum status integer_row(struct builder *to, int64_t start, int64_t stop, int64_t step, struct eval *e)
{
	if (step == 0)
		return zero_step(e);
	if (step > 0 ? start > stop : start < stop)
		return OK;
	uint64_t distance = step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
	uint64_t stride = step > 0 ? (uint64_t)step : -(uint64_t)step, n = distance / stride;
	if (n >= UINT32_MAX - to->count)
		return too_many(e);
	TRY(builder_reserve(to, (uint32_t)n + 1, e->err));
	uint64_t v = (uint64_t)start;
	bool wide = to->type->id == TYPE_INT64;
	for (uint64_t i = 0; i <= n; i++, v += (uint64_t)step) {
		if (wide)
			*(int64_t *)builder_next(to, sizeof(int64_t)) = (int64_t)v;
		else
			*(int32_t *)builder_next(to, sizeof(int32_t)) = (int32_t)v;
	}
	return OK;
}

static enum status numeric_values(struct builder *to, struct numeric *at, const struct numeric *stop,
                                  const struct numeric *step, struct eval *e)
{
	struct strbuf wire;
	enum status s = OK;
	bool down = step->sign == NUMERIC_NEGATIVE;
	strbuf_init(&wire, e->track);
	while (s == OK && (down ? numeric_compare(at, stop) >= 0 : numeric_compare(at, stop) <= 0)) {
		if (e->cancelled != NULL && atomic_load_explicit(e->cancelled, memory_order_relaxed)) {
			s = ERR(e->err, E_CANCELLED, "canceling statement due to user request");
			break;
		}
		strbuf_clear(&wire);
		numeric_encode(at, &wire);
		s = strbuf_status(&wire, e->err);
		if (s == OK && to->count == UINT32_MAX - 1)
			s = too_many(e);
		if (s == OK)
			s = builder_string(to, wire.data, wire.size, e->err);
		if (s == OK)
			s = numeric_add(at, step, at, e->err);
	}
	strbuf_fini(&wire);
	return s;
}

static enum status numeric_row(struct builder *to, struct str start, struct str stop, struct str step, struct eval *e)
{
	static const char *const words[] = {"start", "stop", "step size"};
	struct str wires[3] = {start, stop, step};
	struct numeric n[3];
	enum status s = OK;
	for (int i = 0; i < 3; i++)
		numeric_init(&n[i]);
	for (int i = 0; i < 3 && s == OK; i++) {
		if (wires[i].data == NULL)
			s = numeric_from_i128(&n[i], 1, 0, e->err);
		else
			s = numeric_decode(&n[i], wires[i], e->err);
		if (s == OK && numeric_is_special(&n[i]))
			s = ERR(e->err, E_INVALID_PARAMETER_VALUE, "%s value cannot be %s", words[i],
			        numeric_is_nan(&n[i]) ? "NaN" : "infinity");
	}
	if (s == OK && numeric_is_zero(&n[2]))
		s = zero_step(e);
	if (s == OK)
		s = numeric_values(to, &n[0], &n[1], &n[2], e);
	for (int i = 0; i < 3; i++)
		numeric_fini(&n[i]);
	return s;
}

/* Month by month from the value before, as PostgreSQL does: 31 January, 29 February, 29 March. */
static enum status time_row(const struct series *x, struct builder *to, int64_t at, int64_t stop,
                            struct pginterval step, struct eval *e)
{
	int direction = pginterval_compare(step, (struct pginterval){0});
	if (direction == 0)
		return zero_step(e);
	while (direction > 0 ? at <= stop : at >= stop) {
		if (to->count == UINT32_MAX - 1)
			return too_many(e);
		if (to->count % BATCH_ROWS_MAX == 0 && e->cancelled != NULL &&
		    atomic_load_explicit(e->cancelled, memory_order_relaxed))
			return ERR(e->err, E_CANCELLED, "canceling statement due to user request");
		TRY(builder_fixed(to, &at, e->err));
		int64_t next;
		if (at == INT64_MAX || at == INT64_MIN)
			return ERR(e->err, E_DATETIME_OVERFLOW, "timestamp out of range");
		if (instant_add_pginterval(at, step, x->tz, &next))
			return ERR(e->err, E_DATETIME_OVERFLOW, "timestamp out of range");
		if (next == at)
			return ERR(e->err, E_INVALID_PARAMETER_VALUE, "step size does not move the series");
		at = next;
	}
	return OK;
}

static enum status exec_series(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct series *x = c->state;
	bool has_step = c->arg_count > 2;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row[3] = {0, 0, 0};
		for (uint32_t k = 0; k < c->arg_count; k++)
			row[k] = args[k]->form == VECTOR_CONST ? 0 : i;
		if (eval_skips(e, i)) {
			s = OK;
		} else if (x->kind == SERIES_INTEGER) {
			s = integer_row(b->children[0], ((const int64_t *)args[0]->data)[row[0]],
			                ((const int64_t *)args[1]->data)[row[1]],
			                has_step ? ((const int64_t *)args[2]->data)[row[2]] : 1, e);
		} else if (x->kind == SERIES_NUMERIC) {
			s = numeric_row(b->children[0], strview_str((const struct strview *)args[0]->data + row[0]),
			                strview_str((const struct strview *)args[1]->data + row[1]),
			                has_step ? strview_str((const struct strview *)args[2]->data + row[2]) : str_make(NULL, 0), e);
		} else {
			s = time_row(x, b->children[0], ((const int64_t *)args[0]->data)[row[0]],
			             ((const int64_t *)args[1]->data)[row[1]], pginterval_at(args[2]->data, row[2]), e);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static bool is_untyped(const struct type *t)
{
	return t->id == TYPE_NOTHING || (t->id == TYPE_STRING && t->face == FACE_UNKNOWN);
}

static enum status time_series(struct bind_env *env, struct call *c, struct series *x, bool zoned)
{
	const struct type *t = type_with_face(env->arena, type_datetime64(env->arena, 6, timezone_utc()),
	                                      zoned ? FACE_TIMESTAMPTZ : FACE_TIMESTAMP, -1);
	if (c->arg_count != 3)
		return call_bad_type(env, c, 0);
	if (!is_untyped(c->arg_types[2]) && c->arg_types[2]->id != TYPE_PGINTERVAL && c->arg_types[2]->id != TYPE_INTERVAL)
		return call_bad_type(env, c, 2);
	x->kind = SERIES_TIME;
	x->tz = zoned ? call_zone(NULL, env->session) : timezone_utc();
	for (uint32_t i = 0; i < 2; i++)
		if (is_untyped(c->arg_types[i]) || !type_equal(c->arg_types[i], t))
			c->arg_types[i] = t;
	c->arg_types[2] = type_simple(TYPE_PGINTERVAL);
	c->result = type_array(env->arena, t);
	return OK;
}

static enum status bind_series(struct bind_env *env, struct call *c)
{
	struct series *x = ARENA_NEW(env->arena, struct series);
	bool times = false, zoned = false, dates = false, numbers = true, numeric = false, wide = false, floats = false;
	c->state = x;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (is_untyped(t))
			continue;
		bool temporal = i < 2 && type_is_temporal(t);
		times |= temporal;
		dates |= temporal && (t->id == TYPE_DATE || t->id == TYPE_DATE32);
		zoned |= temporal && type_face(t) == FACE_TIMESTAMPTZ;
		numbers &= type_is_number(t) && t->id != TYPE_BOOL;
		floats |= type_is_float(t);
		numeric |= type_is_decimal(t) || t->id == TYPE_NUMERIC || physical_size(type_physical(t)) > 8 ||
			t->id == TYPE_UINT64;
		wide |= physical_size(type_physical(t)) > 4 || t->id == TYPE_UINT32;
	}
	if (times)
		return time_series(env, c, x, zoned || dates);
	if (!numbers || floats)
		return call_bad_type(env, c, 0);
	x->kind = numeric ? SERIES_NUMERIC : SERIES_INTEGER;
	const struct type *t = type_simple(numeric ? TYPE_NUMERIC : TYPE_INT64);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != t->id)
			c->arg_types[i] = t;
	if (!numeric && !wide)
		t = type_simple(TYPE_INT32);
	c->result = type_array(env->arena, t);
	return OK;
}

/* information_schema._pg_expandarray(array): elements beside their numbers. */
static enum status exec_expand(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct vector *flat;
	struct builder *b;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	const uint32_t *at = flat->data;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct builder *rows = s == OK ? b->children[0] : NULL;
		for (uint32_t k = at[i]; k < at[i + 1] && s == OK; k++) {
			int32_t n = (int32_t)(k - at[i]) + 1;
			s = builder_row(rows->children[0], flat->children[0], k, e->err);
			if (s == OK)
				s = builder_fixed(rows->children[1], &n, e->err);
			if (s == OK)
				s = builder_end_tuple(rows, e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

static enum status bind_expand(struct bind_env *env, struct call *c)
{
	const struct type *fields[2] = {c->arg_types[0]->children[0], type_simple(TYPE_INT32)};
	struct str names[2] = {STR("x"), STR("n")};
	const struct type *row = type_tuple(env->arena, fields, arena_copy(env->arena, names, sizeof names), 2);
	c->result = type_array(env->arena, type_with_face(env->arena, row, FACE_RECORD, -1));
	return OK;
}

/* generate_subscripts(array, dimension[, reverse]) */
static enum status exec_subscripts(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct vector *flat;
	struct builder *b;
	struct i64_arg dimensions = i64_arg(args[1]);
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const struct vector *list = flat;
		uint32_t row = i, n = 0;
		int64_t dimension = i64_arg_at(&dimensions, i);
		bool reverse = c->arg_count > 2 && ((const uint8_t *)args[2]->data)[args[2]->form == VECTOR_CONST ? 0 : i];
		for (int64_t d = 1; d <= dimension && list->type->id == TYPE_ARRAY; d++) {
			const uint32_t *at = list->data;
			n = d == dimension ? at[row + 1] - at[row] : 0;
			if (at[row + 1] == at[row])
				break;
			row = vector_index(list->children[0], at[row], &list);
		}
		if (!eval_skips(e, i) && n != 0)
			s = integer_row(b->children[0], reverse ? n : 1, reverse ? 1 : n, reverse ? -1 : 1, e);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

static const struct function rows[] = {
	{.name = "generate_series", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "***?",
	 .bind = bind_series, .exec = exec_series, .description = "A row for each value from start to stop.",
	 .example = "generate_series(7, 7)", .example_result = "7"},
	{.name = "_pg_expandarray", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "A",
	 .bind = bind_expand, .exec = exec_expand, .description = "A row for each element, x, and its number, n.",
	 .example = "_pg_expandarray(ARRAY[7])", .example_result = "(7,1)"},
	{.name = "generate_subscripts", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "AJB?",
	 .result = "Array(Int32)", .exec = exec_subscripts, .description = "A row for each subscript of a dimension.",
	 .example = "generate_subscripts(ARRAY[7], 1)", .example_result = "1"},
};

FUNCTION_FAMILY(pg_series, "PostgreSQL: series");
