// SPDX-License-Identifier: Apache-2.0
/* Aggregates of the postgresql dialect only: booleans, JSON, ordered sets (percentile_cont, percentile_disc, mode). */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "column/json_text.h"
#include "column/pginterval.h"
#include "func/agg_array_impl.h"

/* ---- bool_and, bool_or ---- */

#define AND_VALUE(s, x) (*(s) &= (x) != 0)
#define OR_VALUE(s, x) (*(s) |= (x) != 0)
#define AND_MERGE(s, o) (*(s) &= *(o))
#define OR_MERGE(s, o) (*(s) |= *(o))

#define FOLD_NAME bool_and
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD AND_VALUE
#define FOLD_MERGE AND_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME bool_or
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD OR_VALUE
#define FOLD_MERGE OR_MERGE
#include "func/agg_fold_tmpl.h"

static void true_init(const struct aggregator *a, char *state)
{
	*(uint64_t *)(void *)state = 1;
}

static enum status bool_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(builder_fixed(to, states[i] + offset, e->err));
	return OK;
}

static const struct aggregate_ops and_ops = {true_init, NULL, bool_and_add, bool_and_add_one, bool_and_merge,
                                             bool_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops or_ops = {NULL, NULL, bool_or_add, bool_or_add_one, bool_or_merge, bool_finish,
                                            agg_raw_write, agg_raw_read};

static enum status bind_bool(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	if (a->arg_types[0]->id != TYPE_BOOL)
		return agg_bad_type(env, a, 0);
	bool is_or = strcmp(a->aggregate->name, "bool_or") == 0;
	return agg_set(a, is_or ? &or_ops : &and_ops, type_simple(TYPE_BOOL), sizeof(uint64_t));
}

/* ---- JSON: the text so far, without its brackets ---- */

struct json_rule {
	bool object, binary;
	struct str separator;
};

static void json_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_list_free((struct agg_list *)(void *)state, track);
}

static void put_json(struct strbuf *b, const struct vector *v, uint32_t row, struct eval *e)
{
	struct value_options options = e->session->text != NULL ? *e->session->text : value_options_default;
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	enum face face = type_face(at->type);
	options.json_quote_64bit_integers = false;
	options.json_named_tuples_as_objects = true;
	if (vector_is_null(v, row))
		strbuf_putz(b, "null");
	else if (type_physical(at->type) == PHYS_STR && (face == FACE_JSON || face == FACE_JSONB))
		strbuf_puts(b, strview_str((const struct strview *)at->data + i));
	else
		value_write(b, v, row, VALUE_JSON, &options);
}

static void put_key(struct strbuf *b, const struct vector *v, uint32_t row, struct eval *e)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	value_write(&text, v, row, VALUE_PG, e->session->text != NULL ? e->session->text : &value_options_default);
	json_write_string(b, strbuf_str(&text), false);
	strbuf_fini(&text);
}

static enum status append_text(struct eval *e, struct agg_list *l, struct str separator, struct str text)
{
	size_t extra = l->count == 0 ? 0 : separator.size;
	if (l->size + extra + text.size > STRING_SIZE_MAX - 8)
		return ERR(e->err, E_STRING_TOO_LONG, "a JSON value is longer than %u bytes", (unsigned)STRING_SIZE_MAX);
	TRY(agg_list_reserve(e, l, extra + text.size + 1));
	memcpy(l->data + l->size, separator.data, extra);
	if (text.size != 0)
		memcpy(l->data + l->size + extra, text.data, text.size);
	l->size += extra + text.size;
	l->count++;
	return OK;
}

static enum status json_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct json_rule *r = a->data;
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		strbuf_clear(&b);
		if (r->object && vector_is_null(args[0], row))
			s = ERR(e->err, E_INVALID_PARAMETER_VALUE, "field name must not be null");
		if (r->object && s == OK) {
			put_key(&b, args[0], row, e);
			strbuf_putz(&b, r->binary ? ": " : " : ");
		}
		put_json(&b, args[r->object], row, e);
		if (s == OK)
			s = strbuf_status(&b, e->err);
		if (s == OK)
			s = append_text(e, (void *)state, r->separator, strbuf_str(&b));
	}
	strbuf_fini(&b);
	return s;
}

static enum status json_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	const struct json_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct agg_list *o = (const void *)(others[i] + other_offset);
		if (o->count != 0)
			TRY(append_text(e, (void *)(states[i] + offset), r->separator, str_make(o->data, o->size)));
	}
	return OK;
}

static enum status json_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	const struct json_rule *r = a->data;
	struct strbuf b, normal;
	strbuf_init(&b, NULL);
	strbuf_init(&normal, NULL);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const struct agg_list *l = (const void *)(states[i] + offset);
		strbuf_clear(&b);
		strbuf_clear(&normal);
		strbuf_putz(&b, r->object ? r->binary ? "{" : "{ " : "[");
		strbuf_put(&b, l->data, l->size);
		strbuf_putz(&b, r->object ? r->binary ? "}" : " }" : "]");
		s = strbuf_status(&b, e->err);
		bool sort_keys = s == OK && r->binary && r->object; /* each key once */
		if (sort_keys)
			s = jsonb_normalize(strbuf_str(&b), &normal, e->err);
		if (s == OK)
			s = strbuf_status(&normal, e->err);
		const struct strbuf *text = sort_keys ? &normal : &b;
		if (s == OK)
			s = builder_string(to, text->data, text->size, e->err);
	}
	strbuf_fini(&normal);
	strbuf_fini(&b);
	return s;
}

static enum status json_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct agg_list *l = (const void *)state;
	strbuf_put_varuint(to, l->count);
	strbuf_put_varuint(to, l->size);
	strbuf_put(to, l->data, l->size);
	return OK;
}

static enum status json_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                             size_t *consumed)
{
	struct agg_list *l = (void *)state;
	struct agg_reader r = agg_reader(from);
	uint32_t count = agg_get_count(&r, 1), n = agg_get_count(&r, 1);
	TRY(append_text(e, l, STR(""), str_make(r.at, n)));
	l->count = count;
	r.at += n;
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops json_ops = {NULL, json_destroy, agg_add_runs, json_add_one, json_merge, json_finish,
                                              json_write, json_read};

static enum status bind_json(struct bind_env *env, struct aggregator *a)
{
	struct json_rule *r = ARENA_NEW(env->arena, struct json_rule);
	r->object = strstr(a->aggregate->name, "object") != NULL;
	r->binary = strncmp(a->aggregate->name, "jsonb", 5) == 0;
	TRY(agg_arg_count(env, a, 1 + r->object, 1 + r->object));
	const struct type *t = a->arg_types[0];
	/* PostgreSQL puts what has a structure on lines of its own */
	r->separator = !r->binary && !r->object && (t->id == TYPE_ARRAY || t->id == TYPE_TUPLE) ? STR(", \n ") : STR(", ");
	a->data = r;
	const struct type *text = type_with_face(env->arena, type_simple(TYPE_STRING), r->binary ? FACE_JSONB : FACE_JSON, -1);
	return agg_set(a, &json_ops, text, sizeof(struct agg_list));
}

/* ---- ordered sets: all values are kept, sorted at the end ---- */

enum set_kind { SET_CONTINUOUS, SET_DISCRETE, SET_MODE };

struct set_rule {
	enum set_kind kind;
	double *fractions;
	uint32_t count;
	bool many;
};

struct set_state {
	struct builder *values; /* NULL: none */
};

static void set_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct set_state *s = (void *)state;
	builder_free(s->values);
	s->values = NULL;
}

static enum status set_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct set_state *s = (void *)state;
	if (s->values == NULL)
		TRY(builder_new(e->track, a->arg_types[0], &s->values, e->err));
	for (uint32_t i = 0; i < count; i++)
		TRY(builder_row(s->values, args[0], rows == NULL ? i : rows[i], e->err));
	return OK;
}

static enum status set_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct set_state *o = (void *)(others[i] + other_offset);
		struct vector *v;
		if (o->values == NULL || o->values->count == 0)
			continue;
		TRY(builder_finish(o->values, &v, e->err));
		const struct vector *arg = v;
		enum status s = set_add_one(a, e, states[i] + offset, &arg, NULL, v->count);
		vector_unref(v);
		TRY(s);
	}
	return OK;
}

#define SORT_NAME sort_values
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct vector *
#define SORT_LESS(a, b) (vector_compare_rows(context, *(a), context, *(b)) < 0)
#include "base/sort.h"

static double as_double(const struct vector *v, uint32_t i)
{
	return v->type->id == TYPE_FLOAT64 ? ((const double *)v->data)[i] : 0;
}

static enum status put_between(struct eval *e, const struct vector *v, const uint32_t *order, double fraction,
                               struct builder *to)
{
	double place = fraction * (v->count - 1);
	uint32_t low = (uint32_t)floor(place), high = (uint32_t)ceil(place);
	double part = place - low;
	if (v->type->id == TYPE_PGINTERVAL) {
		struct pginterval x = pginterval_at(v->data, order[low]), y = pginterval_at(v->data, order[high]), d = x;
		if (pginterval_negate(x, &d) || pginterval_add(y, d, &d) || pginterval_multiply(d, part, &d) ||
		    pginterval_add(x, d, &x))
			return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
		return builder_fixed(to, &x, e->err);
	}
	double x = as_double(v, order[low]), y = as_double(v, order[high]), r = low == high ? x : x + part * (y - x);
	return builder_fixed(to, &r, e->err);
}

/* The most frequent value, the first of several in order. */
static uint32_t mode_of(const struct vector *v, const uint32_t *order)
{
	uint32_t best = 0, most = 0, run = 0;
	for (uint32_t i = 0; i < v->count; i++) {
		run = i != 0 && vector_compare_rows(v, order[i - 1], v, order[i]) == 0 ? run + 1 : 1;
		if (run > most) {
			most = run;
			best = i - (run - 1);
		}
	}
	return order[best];
}

static enum status put_set(const struct aggregator *a, struct eval *e, const struct vector *v, const uint32_t *order,
                           struct builder *to)
{
	const struct set_rule *r = a->data;
	struct builder *one = r->many ? to->children[0] : to;
	if (r->kind == SET_MODE)
		return builder_row(to, v, mode_of(v, order), e->err);
	for (uint32_t k = 0; k < r->count; k++) {
		if (r->kind == SET_CONTINUOUS) {
			TRY(put_between(e, v, order, r->fractions[k], one));
			continue;
		}
		double place = ceil(r->fractions[k] * v->count);
		TRY(builder_row(one, v, order[place < 1 ? 0 : (uint32_t)place - 1], e->err));
	}
	return r->many ? builder_end_array(to, e->err) : OK;
}

static enum status set_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		struct set_state *s = (void *)(states[i] + offset);
		struct vector *v;
		void *order = NULL;
		if (s->values == NULL || s->values->count == 0) {
			TRY(builder_default(to, e->err));
			continue;
		}
		TRY(builder_finish(s->values, &v, e->err));
		enum status status = agg_realloc(e, &order, 0, v->count * sizeof(uint32_t));
		if (status == OK) {
			for (uint32_t k = 0; k < v->count; k++)
				((uint32_t *)order)[k] = k;
			sort_values(order, v->count, v);
			status = put_set(a, e, v, order, to);
		}
		agg_free(e->track, order, v->count * sizeof(uint32_t));
		if (status == OK) /* the state stays as it was */
			status = builder_range(s->values, v, 0, v->count, e->err);
		vector_unref(v);
		TRY(status);
	}
	return OK;
}

static enum status set_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct set_state *s = (const void *)state;
	uint32_t n = s->values == NULL ? 0 : s->values->count;
	struct vector *v;
	strbuf_put_varuint(to, n);
	if (n == 0)
		return OK;
	TRY(builder_finish(s->values, &v, e->err));
	enum status status = OK;
	for (uint32_t i = 0; i < n && status == OK; i++)
		status = agg_value_write(to, v, i, e->err);
	if (status == OK)
		status = builder_range(s->values, v, 0, n, e->err);
	vector_unref(v);
	return status;
}

static enum status set_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct set_state *s = (void *)state;
	struct agg_reader r = agg_reader(from);
	uint32_t n = agg_get_count(&r, 1);
	if (s->values == NULL)
		TRY(builder_new(e->track, a->arg_types[0], &s->values, e->err));
	for (uint32_t i = 0; i < n; i++)
		TRY(agg_value_read(s->values, &r, e->err));
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops set_ops = {NULL, set_destroy, agg_add_runs, set_add_one, set_merge, set_finish,
                                             set_write, set_read};

/* One fraction, or an array of them. */
static enum status fractions(struct bind_env *env, struct aggregator *a, struct set_rule *r)
{
	const struct vector *p = a->params[0];
	struct aggregator one = {.param_count = 1};
	r->count = 1;
	r->many = p->type->id == TYPE_ARRAY;
	if (r->many)
		r->count = ((const uint32_t *)p->data)[1] - ((const uint32_t *)p->data)[0];
	r->fractions = ARENA_ARRAY(env->arena, double, r->count + 1);
	for (uint32_t k = 0; k < r->count; k++) {
		struct vector *element = NULL;
		const struct vector *v = p;
		if (r->many) {
			uint32_t at = ((const uint32_t *)p->data)[0] + k;
			TRY(vector_constant(NULL, p->children[0], at, 1, &element, env->err));
			v = element;
		}
		one.params = &v;
		bool good = agg_param_f64(&one, 0, &r->fractions[k]);
		vector_unref(element);
		if (!good || !(r->fractions[k] >= 0 && r->fractions[k] <= 1))
			return ERR(env->err, E_OUT_OF_RANGE, "percentile value is not between 0 and 1");
	}
	return OK;
}

static enum status bind_set(struct bind_env *env, struct aggregator *a)
{
	struct set_rule *r = ARENA_NEW(env->arena, struct set_rule);
	const char *name = a->aggregate->name;
	r->kind = strcmp(name, "mode") == 0 ? SET_MODE : strcmp(name, "percentile_cont") == 0 ? SET_CONTINUOUS : SET_DISCRETE;
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, r->kind != SET_MODE, r->kind != SET_MODE));
	if (r->kind != SET_MODE)
		TRY(fractions(env, a, r));
	if (r->kind == SET_CONTINUOUS && a->arg_types[0]->id != TYPE_PGINTERVAL) {
		if (!type_is_number(a->arg_types[0]) || a->arg_types[0]->id == TYPE_BOOL)
			return agg_bad_type(env, a, 0);
		a->arg_types[0] = type_simple(TYPE_FLOAT64);
	}
	a->data = r;
	const struct type *result = a->arg_types[0];
	return agg_set(a, &set_ops, r->many ? type_array(env->arena, result) : result, sizeof(struct set_state));
}

#define PG_ROW(name, aliases, flags, bind, text, example, answer) \
	{name, aliases, AGGREGATE_PG | AGGREGATE_EMPTY_NULL_PG | (flags), bind, text, example, answer, NULL}

static const struct aggregate rows[] = {
	PG_ROW("bool_and", "every", AGGREGATE_DUPLICATES_IGNORED, bind_bool, "Whether all are true",
	       "SELECT bool_and(x) FROM (VALUES (true), (false)) AS t(x)", "f"),
	PG_ROW("bool_or", "", AGGREGATE_DUPLICATES_IGNORED, bind_bool, "Whether any is true",
	       "SELECT bool_or(x) FROM (VALUES (true), (false)) AS t(x)", "t"),
	PG_ROW("json_agg", "", AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_json, "Values as a JSON array",
	       "SELECT json_agg(x) FROM (VALUES (1), (2)) AS t(x)", "[1, 2]"),
	PG_ROW("jsonb_agg", "", AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_json, "Values as a JSON array",
	       "SELECT jsonb_agg(x) FROM (VALUES (1), (2)) AS t(x)", "[1, 2]"),
	PG_ROW("json_object_agg", "", AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_json, "Keys and values as a JSON object",
	       "SELECT json_object_agg(k, v) FROM (VALUES ('a', 1)) AS t(k, v)", "{ \"a\" : 1 }"),
	PG_ROW("jsonb_object_agg", "", AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_json, "Keys and values as a JSON object",
	       "SELECT jsonb_object_agg(k, v) FROM (VALUES ('a', 1)) AS t(k, v)", "{\"a\": 1}"),
	PG_ROW("percentile_cont", "", 0, bind_set, "Quantile, interpolated",
	       "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES (1), (2)) AS t(x)", "1.5"),
	PG_ROW("percentile_disc", "", 0, bind_set, "Quantile, one of the values",
	       "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES (1), (2)) AS t(x)", "1"),
	PG_ROW("mode", "", 0, bind_set, "The most frequent value",
	       "SELECT mode() WITHIN GROUP (ORDER BY x) FROM (VALUES (1), (2), (2)) AS t(x)", "2"),
};

AGGREGATE_FAMILY(pg, "PostgreSQL's aggregates");
