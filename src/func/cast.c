// SPDX-License-Identifier: Apache-2.0
/*
 * Casts: choosing a loop by the kinds of source and target, and running it with NULLs and failing rows around it.
 */
#include "func/cast.h"

#include <assert.h>

#include "func/cast_impl.h"

/* ---- choosing ---- */

static bool is_nested(const struct type *t)
{
	return t->id == TYPE_ARRAY || t->id == TYPE_TUPLE || t->id == TYPE_MAP;
}

/* Nothing but flags and faces differ: the same bytes mean the same. */
bool cast_is_identity(const struct type *from, const struct type *to)
{
	struct type a = *from, b = *to;
	a.nullable = b.nullable = false;
	if (from->id != to->id || !type_equal_physical(&a, &b))
		return false;
	if (from->id == TYPE_DATETIME64 || from->id == TYPE_TIME64)
		return from->scale == to->scale && from->face == to->face && from->typmod == to->typmod;
	if (from->id == TYPE_ENUM8 || from->id == TYPE_ENUM16) {
		if (from->value_count != to->value_count)
			return false;
		for (uint32_t i = 0; i < from->value_count; i++)
			if (from->values[i].value != to->values[i].value || !str_eq(from->values[i].name, to->values[i].name))
				return false;
		return true;
	}
	if (from->id == TYPE_STRING)
		return from->face == to->face && from->typmod == to->typmod;
	if (type_is_decimal(from) || from->id == TYPE_NUMERIC)
		return from->scale == to->scale && (to->typmod == -1 || from->typmod == to->typmod) &&
		       from->precision <= to->precision;
	if (from->id == TYPE_FIXEDSTRING)
		return from->length == to->length;
	if (from->id == TYPE_INTERVAL)
		return from->scale == to->scale;
	if (from->id == TYPE_AGGSTATE)
		return str_eq(from->aggregate, to->aggregate);
	for (uint32_t i = 0; i < from->child_count; i++)
		if (!cast_is_identity(from->children[i], to->children[i]) ||
		    from->children[i]->nullable != to->children[i]->nullable)
			return false;
	return to->face == FACE_DEFAULT || to->face == from->face || from->child_count == 0;
}

static enum status run_identity(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(vector_share(r->in, &r->out, e->err));
	r->out->count = r->n;
	return OK;
}

/* From Nothing: there is no value, every row is NULL or none is there. */
static enum status run_nothing(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct vector *constant;
	TRY(vector_default_constant(e->track, k->to, r->n, &constant, e->err));
	enum status s = vector_flatten(e->track, constant, &r->out, e->err);
	vector_unref(constant);
	for (uint32_t i = 0; s == OK && i < r->n; i++)
		if (!k->to->nullable && !cast_forgives(k, e, r, i))
			s = ERR(e->err, E_NOT_NULL_VIOLATION, "Cannot convert NULL value to non-Nullable type");
	return s;
}

enum { IPV6_BYTES = 16 };

/* The address's bytes, most significant first. */
static enum status run_address_bytes(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct strview *values = r->in->data;
	uint64_t *to = r->out->data;
	for (uint32_t i = 0; i < r->n; i++) {
		uint64_t half[2] = {0};
		struct str bytes = strview_str(&values[i]);
		if (bytes.size == sizeof half)
			memcpy(half, bytes.data, sizeof half);
		to[2 * i] = __builtin_bswap64(half[1]);
		to[2 * i + 1] = __builtin_bswap64(half[0]);
	}
	return OK;
}

cast_fn cast_choose(const struct type *from, const struct type *to, enum cast_mode mode, enum dialect dialect)
{
	bool pg = mode == CAST_PG;
	if (from->id == TYPE_LAMBDA || to->id == TYPE_LAMBDA)
		return NULL;
	if (from->id == TYPE_NOTHING)
		return run_nothing;
	if (cast_is_identity(from, to))
		return run_identity;
	if (from->id == TYPE_VARIANT || to->id == TYPE_VARIANT)
		return cast_choose_variant(from, to, mode);
	if (from->id == TYPE_AGGSTATE || to->id == TYPE_AGGSTATE)
		return cast_choose_state(from, to);
	if (is_nested(from) && is_nested(to))
		return cast_choose_nested(from, to);
	if (to->id == TYPE_STRING || to->id == TYPE_FIXEDSTRING)
		return cast_choose_to_text(from, to);
	if (from->id == TYPE_FIXEDSTRING && from->length == IPV6_BYTES && to->id == TYPE_IPV6 && !pg)
		return run_address_bytes;
	if (type_is_string(from)) {
		if (to->id == TYPE_MAP && (mode == CAST_CH || mode == CAST_ACCURATE))
			return NULL;
		return cast_choose_from_text(from, to);
	}
	if (is_nested(from) || is_nested(to))
		return cast_choose_interval_parts(from, to);
	bool from_number = type_is_number(from), to_number = type_is_number(to);
	if (from_number && to_number) {
		bool fractional = type_is_float(from) || type_is_decimal(from) || from->id == TYPE_NUMERIC;
		if (pg && dialect == DIALECT_POSTGRESQL && to->id == TYPE_BOOL && fractional)
			return NULL;
		return cast_choose_number(from, to);
	}
	if (pg && ((from_number && type_is_temporal(to)) || (type_is_temporal(from) && to_number)))
		return NULL;
	cast_fn fn = cast_choose_time(from, to, mode);
	return fn != NULL ? fn : cast_choose_misc(from, to);
}

/* ---- binding ---- */

/* Which element of `to` element i of `from` becomes; false when the shapes do not match. */
static bool child_pair(const struct type *from, const struct type *to, uint32_t i, const struct type **a,
                       const struct type **b)
{
	*b = to->children[i];
	if (from->id == to->id) {
		*a = from->children[i];
		return true;
	}
	/* Array(Tuple(K, V)) and Map(K, V); Tuple(Array(K), Array(V)) to Map(K, V) */
	if (from->id == TYPE_ARRAY && to->id == TYPE_MAP) {
		const struct type *pair = from->children[0];
		if (pair->id == TYPE_NOTHING) {
			*a = pair;
			return true;
		}
		*a = pair->id == TYPE_TUPLE && pair->child_count == 2 ? pair->children[i] : NULL;
		return *a != NULL;
	}
	if (from->id == TYPE_TUPLE && to->id == TYPE_MAP) {
		if (from->child_count != 2 || from->children[i]->id != TYPE_ARRAY)
			return false;
		*a = from->children[i]->children[0];
		return true;
	}
	return false;
}

static enum status build(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode,
                         unsigned depth, struct cast **out);

static enum status cannot(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode)
{
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return ERR(env->err, E_CANNOT_COERCE, "cannot cast type %.*s to %.*s", STR_ARG(type_pg_base_name(env->arena, from)),
		           STR_ARG(type_pg_base_name(env->arena, to)));
	if (from->id == TYPE_TUPLE && to->id == TYPE_TUPLE)
		return ERR(env->err, E_CANNOT_COERCE,
		           "CAST AS Tuple can only be performed between tuple types with the same number of elements or from String. "
		           "Left type: %.*s, right type: %.*s", STR_ARG(type_name(env->arena, from)),
		           	STR_ARG(type_name(env->arena, to)));
	if (to->id == TYPE_VARIANT)
		return cast_no_variant(env, from, to);
	bool nested = from->id == TYPE_ARRAY || from->id == TYPE_TUPLE || from->id == TYPE_MAP;
	if (nested && (type_is_number(to) || type_is_temporal(to)))
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Illegal type %.*s of argument of function to%.*s",
		           STR_ARG(type_name(env->arena, from)), STR_ARG(type_name(env->arena, to)));
	bool states = from->id == TYPE_AGGSTATE && to->id == TYPE_AGGSTATE;
	return ERR(env->err, states ? E_CANNOT_CONVERT : E_CANNOT_COERCE, "Conversion from %.*s to %.*s is not supported",
	           STR_ARG(type_name(env->arena, from)), STR_ARG(type_name(env->arena, to)));
}

static enum status build_children(struct bind_env *env, struct cast *k, unsigned depth)
{
	const struct type *from = k->from, *to = k->to;
	uint32_t n = to->child_count;
	if (from->id == TYPE_TUPLE && to->id == TYPE_TUPLE && from->child_count != n)
		return cannot(env, from, to, k->mode);
	k->children = ARENA_ARRAY(env->arena, const struct cast *, n + 1);
	if (from->id == TYPE_MAP && to->id == TYPE_ARRAY) {
		/* the element type is a pair: its own children are what the map's become */
		const struct type *pair = to->children[0];
		if (pair->id != TYPE_TUPLE || pair->child_count != 2)
			return cannot(env, from, to, k->mode);
		k->children = ARENA_ARRAY(env->arena, const struct cast *, 2);
		for (uint32_t i = 0; i < 2; i++)
			TRY(build(env, from->children[i], pair->children[i], k->mode, depth, (struct cast **)&k->children[i]));
		return OK;
	}
	for (uint32_t i = 0; i < n; i++) {
		const struct type *a, *b;
		if (!child_pair(from, to, i, &a, &b))
			return cannot(env, from, to, k->mode);
		TRY(build(env, a, b, k->mode, depth, (struct cast **)&k->children[i]));
	}
	return OK;
}

static enum status build(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode,
                         unsigned depth, struct cast **out)
{
	struct cast *k = ARENA_NEW(env->arena, struct cast);
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	if (depth > TYPE_DEPTH_MAX)
		return cannot(env, from, to, mode);
	k->from = from;
	k->to = to;
	k->mode = mode;
	k->dialect = mode == CAST_PG || ((mode == CAST_INSERT || mode == CAST_IMPLICIT) && pg) ? DIALECT_POSTGRESQL
	                                                                                      : DIALECT_CLICKHOUSE;
	/* ClickHouse's CAST of text to a Nullable type gives NULL where the text does not parse */
	bool lenient = mode == CAST_CH && to->nullable && type_is_string(from) && !type_is_string(to);
	k->or_null = to->nullable && (lenient || mode == CAST_CH_OR_NULL || mode == CAST_ACCURATE_OR_NULL);
	k->or_zero = mode == CAST_CH_OR_ZERO;
	k->exact = mode == CAST_ACCURATE || mode == CAST_ACCURATE_OR_NULL;
	k->checked = mode != CAST_CH || lenient;
	k->fn = cast_choose(from, to, mode, env->session->dialect);
	if (k->fn == NULL)
		return cannot(env, from, to, mode);
	if (type_is_string(from) && !type_is_string(to) && to->id != TYPE_AGGSTATE && to->id != TYPE_VARIANT)
		k->fn = cast_faster_from_text(k);
	if (is_nested(from) && is_nested(to) && k->fn != run_identity)
		TRY(build_children(env, k, depth + 1));
	TRY(cast_prepare_enum(env, k));
	TRY(cast_prepare_state(env, k));
	TRY(cast_prepare_variant(env, k));
	*out = k;
	return OK;
}

enum status cast_build(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode,
                       struct cast **out)
{
	return build(env, from, to, mode, 0, out);
}

/* Widening never fails: short-circuiting need not bother. */
static bool is_cheap(const struct cast *k)
{
	return k->fn == run_identity || (type_is_number(k->from) && type_is_number(k->to) &&
	                                 k->mode == CAST_IMPLICIT && !type_is_decimal(k->to) && k->to->id != TYPE_NUMERIC &&
	                                 (k->to->nullable || !k->from->nullable));
}

static const struct function cast_row = {
	.name = "CAST", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN, .nulls = FUNCTION_NULL_CUSTOM,
		.volatility = FUNCTION_IMMUTABLE,
	.family = "cast",
};
static const struct function cheap_cast_row = {
	.name = "CAST", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN | FUNCTION_CHEAP, .nulls = FUNCTION_NULL_CUSTOM,
	.volatility = FUNCTION_IMMUTABLE, .family = "cast",
};

enum status cast_bind(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode,
                      struct call *c)
{
	struct cast *k;
	const struct type *result = to;
	bool keeps_null = mode == CAST_PG || mode == CAST_IMPLICIT;
	if (keeps_null && from->nullable)
		result = type_nullable(env->arena, to);
	if (mode == CAST_CH && env->session->dialect == DIALECT_CLICKHOUSE && from->id == TYPE_NOTHING && from->nullable &&
	    !to->nullable)
		return ERR(env->err, E_CANNOT_CONVERT, "Cannot convert NULL to a non-nullable type");
	if (mode == CAST_CH_OR_NULL || mode == CAST_ACCURATE_OR_NULL)
		result = type_nullable(env->arena, to);
	TRY(build(env, from, result, mode, 0, &k));
	c->state = k;
	c->exec = cast_exec;
	c->result = result;
	c->function = is_cheap(k) ? &cheap_cast_row : &cast_row;
	return OK;
}

bool cast_possible(const struct type *from, const struct type *to, enum cast_mode mode)
{
	struct arena a;
	struct error ignored;
	struct eval_session session = {.dialect = mode == CAST_PG ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE};
	struct cast *k;
	arena_init(&a, NULL);
	error_init(&ignored);
	struct bind_env env = {.arena = &a, .session = &session, .err = &ignored};
	bool possible = build(&env, from, to, mode, 0, &k) == OK;
	arena_fini(&a);
	return possible;
}

enum status cast_vector(struct eval *e, struct arena *a, const struct vector *v, const struct type *to,
                        enum cast_mode mode, struct vector **out)
{
	struct call c = {.arg_count = 1};
	struct bind_env env = {.arena = a, .session = e->session, .err = e->err};
	c.name = STR("CAST");
	c.arg_types = ARENA_ARRAY(a, const struct type *, 1);
	c.arg_types[0] = v->type;
	TRY(cast_bind(&env, v->type, to, mode, &c));
	return call_run(&c, e, &v, v->count, out);
}

/* ---- PostgreSQL's assignment casts ---- */

/* Types that PostgreSQL assigns to each other, its families of faces; 0: no family, only the type itself. */
static int assigned_with(enum face f)
{
	switch ((int)f) {
	case FACE_INT2:
	case FACE_INT4:
	case FACE_INT8:
	case FACE_OID:
	case FACE_NUMERIC:
	case FACE_FLOAT4:
	case FACE_FLOAT8:
		return 'N';
	case FACE_DATE:
	case FACE_TIMESTAMP:
	case FACE_TIMESTAMPTZ:
		return 'D';
	case FACE_JSON:
	case FACE_JSONB:
		return 'J';
	case FACE_INET:
	case FACE_CIDR:
		return 'I';
	default:
		return 0;
	}
}

static bool is_text_face(enum face f)
{
	return f == FACE_TEXT || f == FACE_VARCHAR || f == FACE_BPCHAR || f == FACE_NAME || f == FACE_CITEXT ||
	       f == FACE_CHAR;
}

bool cast_is_assignment(const struct type *from, const struct type *to)
{
	enum face f = type_face(from), t = type_face(to);
	/* what ClickHouse has and PostgreSQL has not goes wherever it fits */
	if (to->face == FACE_DEFAULT || from->id == TYPE_NOTHING || (from->id == TYPE_UINT8 && t == FACE_BOOL))
		return true;
	if (f == t || f == FACE_UNKNOWN || is_text_face(t) || from->id == TYPE_INTERVAL)
		return true;
	bool known = f == FACE_BOOL || f == FACE_BYTEA || f == FACE_UUID || f == FACE_TIME || f == FACE_INTERVAL ||
		is_text_face(f) || assigned_with(f) != 0;
	if (!known || (is_text_face(f) && (from->id == TYPE_ENUM8 || from->id == TYPE_ENUM16)))
		return true;
	if (t == FACE_TIME)
		return f == FACE_TIMESTAMP || f == FACE_TIMESTAMPTZ || f == FACE_INTERVAL;
	if (t == FACE_INTERVAL)
		return f == FACE_TIME;
	return assigned_with(f) != 0 && assigned_with(f) == assigned_with(t);
}

/* ---- running ---- */

bool cast_forgives(const struct cast *k, struct eval *e, struct cast_run *r, uint32_t i)
{
	if (cast_row_is_dead(r, i))
		return true;
	if (k->or_null) {
		if (r->failed == NULL)
			r->failed = ARENA_ARRAY(e->scratch, uint64_t, bits_words(r->n));
		bit_set(r->failed, i);
		return true;
	}
	return k->or_zero;
}

/* The nulls of the source and the failed rows become the result's. */
static enum status set_nulls(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const uint64_t *nulls = r->in->nulls;
	struct vector *out = r->out;
	if (nulls != NULL && bits_none(nulls, r->n))
		nulls = NULL;
	if (!k->to->nullable && nulls != NULL) {
		for (size_t i = bits_next_set(nulls, 0, r->n); i < r->n; i = bits_next_set(nulls, i + 1, r->n))
			if (!(e->skip != NULL && r->in->form == VECTOR_FLAT && bit_get(e->skip, i)) && !k->or_zero)
				return ERR(e->err, E_NOT_NULL_VIOLATION, "Cannot convert NULL value to non-Nullable type");
		nulls = NULL;
	}
	if (k->fn == run_identity) {
		/* the header is ours, its bitmap may be the source's: that is what is wanted */
		if (!k->to->nullable && out->nulls != NULL) {
			buffer_unref(out->null_buffer);
			out->null_buffer = NULL;
			out->nulls = NULL;
		}
		return OK;
	}
	if (nulls == NULL && r->failed == NULL)
		return OK;
	TRY(vector_make_nulls(out, e->track, e->err));
	if (nulls != NULL)
		bits_or(out->nulls, out->nulls, nulls, r->n);
	if (r->failed != NULL)
		bits_or(out->nulls, out->nulls, r->failed, r->n);
	return OK;
}

enum status cast_apply(const struct cast *k, struct eval *e, const struct vector *in, uint32_t n, const uint64_t *dead,
                       struct vector **out)
{
	struct cast_run r = {.in = in, .n = n, .dead = dead};
	enum status s = OK;
	assert(in->form != VECTOR_DICT);
	if (in->nulls != NULL && dead != NULL) {
		uint64_t *both = ARENA_ARRAY(e->scratch, uint64_t, bits_words(n));
		bits_or(both, dead, in->nulls, n);
		r.dead = both;
	} else if (in->nulls != NULL) {
		r.dead = in->nulls;
	}
	bool fixed = physical_size(type_physical(k->to)) != 0 && type_physical(k->to) != PHYS_STR;
	if (fixed && k->fn != run_identity && k->fn != run_nothing)
		s = vector_new(e->track, k->to, n, &r.out, e->err);
	if (s == OK)
		s = k->fn(k, e, &r);
	if (s == OK)
		s = set_nulls(k, e, &r);
	if (s != OK) {
		vector_unref(r.out);
		return s;
	}
	r.out->type = k->to;
	*out = r.out;
	return OK;
}

enum status cast_exec(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                      struct vector **out)
{
	const struct vector *in = args[0];
	assert(in->form == VECTOR_FLAT || count <= 1);
	return cast_apply(c->state, e, in, count, in->form == VECTOR_FLAT ? e->skip : NULL, out);
}

/* ---- helpers of the loops ---- */

enum status cast_strings(const struct cast *k, struct eval *e, struct cast_run *r, const struct strbuf *text,
                         const uint32_t *ends)
{
	return call_strings(&(struct call){.result = k->to}, e, text, ends, r->n, &r->out);
}

const struct value_options *cast_text_options(const struct eval *e)
{
	return e->session->text != NULL ? e->session->text : &value_options_default;
}

struct str cast_type_name(const struct cast *k, struct eval *e, const struct type *t)
{
	const struct type *plain = type_plain(e->scratch, t);
	return k->dialect == DIALECT_POSTGRESQL ? type_pg_base_name(e->scratch, plain) : type_name(e->scratch, plain);
}

enum status cast_out_of_range(const struct cast *k, struct eval *e)
{
	struct str name = cast_type_name(k, e, k->to);
	if (k->dialect == DIALECT_POSTGRESQL) {
		if (type_face(k->to) == FACE_OID)
			return ERR(e->err, E_OUT_OF_RANGE, "OID out of range");
		return ERR(e->err, E_OUT_OF_RANGE, "%.*s out of range", STR_ARG(name));
	}
	if (k->mode == CAST_INSERT || k->mode == CAST_IMPLICIT)
		return ERR(e->err, E_OUT_OF_RANGE, "Value is out of range of type %.*s", STR_ARG(name));
	return ERR(e->err, E_CANNOT_CONVERT, "Value in column %.*s cannot be safely converted into type %.*s",
	           STR_ARG(cast_type_name(k, e, k->from)), STR_ARG(name));
}
