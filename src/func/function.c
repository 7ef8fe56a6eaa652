// SPDX-License-Identifier: Apache-2.0
/*
 * Binding one call against one row: argument patterns, the null rule, common types, and the errors of bad arguments.
 */
#include "func/function.h"

#include <assert.h>
#include "column/variant.h"

#include "func/cast.h"

enum { PATTERN_MAX = 24 };

/* One letter of a pattern and what follows it. */
struct slot {
	char letter;
	bool constant;
	char repeat; /* '\0', '?', '+', '&' */
};

static uint32_t parse_pattern(const char *text, struct slot *slots)
{
	uint32_t n = 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == ' ')
			continue;
		if (*p == '?' || *p == '+' || *p == '&') {
			assert(n != 0);
			slots[n - 1].repeat = *p;
			continue;
		}
		assert(n < PATTERN_MAX);
		slots[n++] = (struct slot){ascii_upper(*p), *p >= 'a' && *p <= 'z', '\0'};
	}
	return n;
}

/* ---- errors ---- */

static const struct {
	const char *function, *sign;
} operators[] = {
	{"plus", "+"}, {"minus", "-"}, {"multiply", "*"}, {"divide", "/"}, {"modulo", "%"}, {"negate", "-"},
	{"equals", "="}, {"notEquals", "<>"}, {"less", "<"}, {"lessOrEquals", "<="}, {"greater", ">"},
	{"greaterOrEquals", ">="}, {"concat", "||"}, {"like", "~~"}, {"notLike", "!~~"}, {"ilike", "~~*"},
	{"notILike", "!~~*"},
};

/* PostgreSQL's complaint that nothing of this name takes these types. */
static enum status no_such_function(struct bind_env *env, const struct call *c)
{
	const char *sign = NULL;
	for (size_t i = 0; i < ARRAY_COUNT(operators); i++)
		if (str_eq(c->name, str_of(operators[i].function)))
			sign = operators[i].sign;
	struct str list = STR("");
	for (uint32_t i = 0; i < c->arg_count; i++) {
		struct str one = type_pg_base_name(env->arena, c->arg_types[i]);
		list = arena_strf(env->arena, "%.*s%s%.*s", STR_ARG(list), i == 0 ? "" : ", ", STR_ARG(one));
	}
	if (sign != NULL && c->arg_count == 2)
		ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "operator does not exist: %.*s %s %.*s",
		    STR_ARG(type_pg_base_name(env->arena, c->arg_types[0])), sign,
		    STR_ARG(type_pg_base_name(env->arena, c->arg_types[1])));
	else if (sign != NULL && c->arg_count == 1)
		ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "operator does not exist: %s %.*s", sign, STR_ARG(list));
	else
		ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "function %.*s(%.*s) does not exist", STR_ARG(c->name),
		    STR_ARG(list));
	return error_hint(env->err, "No %s matches the given name and argument types. You might need to add explicit type "
	                            "casts.", sign != NULL ? "operator" : "function");
}

enum status call_bad_type(struct bind_env *env, const struct call *c, uint32_t arg)
{
	assert(arg < c->arg_count);
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return no_such_function(env, c);
	return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Illegal type %.*s of argument %u of function %.*s",
	           STR_ARG(type_name(env->arena, c->arg_types[arg])), arg + 1, STR_ARG(c->name));
}

enum status call_bad_count(struct bind_env *env, const struct call *c, const char *expected)
{
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return no_such_function(env, c);
	return ERR(env->err, E_NUMBER_OF_ARGUMENTS,
	           "Number of arguments for function %.*s doesn't match: passed %u, should be %s", STR_ARG(c->name),
	           c->arg_count, expected);
}

static enum status bad_count(struct bind_env *env, const struct call *c, const struct slot *slots, uint32_t n)
{
	uint32_t least = 0, most = 0;
	bool open = false;
	for (uint32_t i = 0; i < n; i++) {
		least += slots[i].repeat == '\0' || slots[i].repeat == '+';
		most += slots[i].repeat != '&';
		open |= slots[i].repeat == '+' || slots[i].repeat == '&';
	}
	struct str text = open ? arena_strf(env->arena, "at least %u", least)
	                  : least == most ? arena_strf(env->arena, "%u", least)
	                                  : arena_strf(env->arena, "%u to %u", least, most);
	return call_bad_count(env, c, text.data);
}

/* ---- common types ---- */

/* A literal or parameter of the postgresql dialect that has no type yet. */
static bool is_unknown(const struct type *t)
{
	return t->id == TYPE_NOTHING || (t->id == TYPE_STRING && t->face == FACE_UNKNOWN);
}

/* PostgreSQL's order of preference among numbers; 0 for what it does not have. */
static unsigned number_rank(const struct type *t)
{
	switch (t->id) {
	case TYPE_INT8:
	case TYPE_UINT8:
	case TYPE_INT16:
		return 1;
	case TYPE_UINT16:
	case TYPE_INT32:
		return 2;
	case TYPE_UINT32:
	case TYPE_INT64:
		return 3;
	case TYPE_UINT64:
	case TYPE_INT128:
	case TYPE_UINT128:
	case TYPE_INT256:
	case TYPE_UINT256:
	case TYPE_DECIMAL32:
	case TYPE_DECIMAL64:
	case TYPE_DECIMAL128:
	case TYPE_DECIMAL256:
	case TYPE_NUMERIC:
		return 4;
	case TYPE_FLOAT32:
		return 5;
	case TYPE_FLOAT64:
		return 6;
	default:
		return 0;
	}
}

static unsigned temporal_rank(const struct type *t)
{
	if (t->id == TYPE_DATE || t->id == TYPE_DATE32)
		return 1;
	if (t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64)
		return type_face(t) == FACE_TIMESTAMPTZ ? 3 : 2;
	return 0;
}

static const struct type *number_of_rank(unsigned rank)
{
	static const enum type_id ids[] = {TYPE_NOTHING, TYPE_INT16, TYPE_INT32, TYPE_INT64, TYPE_NUMERIC,
	                                   TYPE_FLOAT32, TYPE_FLOAT64};
	return type_simple(ids[rank]);
}

static enum status common_pg(struct bind_env *env, const struct type *const *types, uint32_t n,
                             const struct type **out)
{
	const struct type *best = NULL, **known = ARENA_ARRAY(env->arena, const struct type *, n);
	bool nullable = false, all_equal = true, numbers = true, temporals = true, strings = true;
	unsigned rank = 0;
	uint32_t m = 0;
	for (uint32_t i = 0; i < n; i++) {
		nullable |= types[i]->nullable;
		if (is_unknown(types[i]))
			continue;
		const struct type *t = known[m++] = type_plain(env->arena, types[i]);
		all_equal = all_equal && (m == 1 || type_equal(known[0], t));
		numbers = numbers && number_rank(t) != 0;
		temporals = temporals && temporal_rank(t) != 0;
		strings = strings && type_is_string(t);
		unsigned r = number_rank(t) != 0 ? number_rank(t) : temporal_rank(t);
		if (best == NULL || r > rank) {
			best = t;
			rank = r;
		}
	}
	if (m == 0)
		best = type_simple(TYPE_STRING);
	else if (!all_equal && numbers)
		best = number_of_rank(rank);
	else if (!all_equal && strings)
		best = type_simple(TYPE_STRING);
	else if (!all_equal && temporals && temporal_rank(best) > 1)
		best = type_with_face(env->arena, type_datetime64(env->arena, 6, timezone_utc()), type_face(best), -1);
	else if (!all_equal && !temporals) {
		struct error ignored;
		error_init(&ignored);
		if (type_common(env->arena, known, m, &best, &ignored) != OK)
			return ERR(env->err, E_NO_COMMON_TYPE, "types %.*s and %.*s cannot be matched",
			           STR_ARG(type_pg_base_name(env->arena, known[0])),
			           STR_ARG(type_pg_base_name(env->arena, known[m - 1])));
	}
	*out = nullable ? type_nullable(env->arena, best) : best;
	return OK;
}

enum status call_common_type(struct bind_env *env, const struct type *const *types, uint32_t n,
                             const struct type **out)
{
	assert(n != 0);
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return common_pg(env, types, n, out);
	return type_common(env->arena, types, n, out, env->err);
}

enum status call_branch_type(struct bind_env *env, const struct type *const *types, uint32_t n,
                             const struct type **out)
{
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return common_pg(env, types, n, out);
	return type_common_or_variant(env->arena, types, n, out, env->err);
}

/* ---- patterns ---- */

/* What an untyped literal becomes where this letter stands; NULL where the letter does not say. */
static const struct type *type_for_unknown(struct bind_env *env, char letter)
{
	switch (letter) {
	case 'S':
	case 'T':
	case 'Z':
		return type_simple(TYPE_STRING);
	case 'I':
		return type_simple(TYPE_INT32);
	case 'J':
		return type_simple(TYPE_INT64);
	case 'U':
		return type_simple(TYPE_UINT64);
	case 'N':
	case 'F':
		return type_simple(TYPE_FLOAT64);
	case 'B':
		return type_simple(TYPE_BOOL);
	case 'D':
		return type_simple(TYPE_DATE32);
	case 'C':
	case 'E':
		return type_with_face(env->arena, type_datetime64(env->arena, 6, timezone_utc()), FACE_TIMESTAMPTZ, -1);
	case 'V':
		return type_simple(TYPE_PGINTERVAL);
	case 'G':
		return type_simple(TYPE_UUID);
	case 'K':
		return type_simple(TYPE_IPV4);
	default:
		return NULL;
	}
}

static bool is_enum(const struct type *t)
{
	return t->id == TYPE_ENUM8 || t->id == TYPE_ENUM16;
}

/* Whether an argument of this type may stand where the letter is; *want is what it is cast to, or NULL to keep it. */
static bool letter_takes(struct bind_env *env, char letter, const struct type *t, const struct type **want)
{
	*want = NULL;
	switch (letter) {
	case 'S':
		if (is_enum(t) || t->face == FACE_BPCHAR) /* the blanks behind a char(n) do not count */
			*want = type_simple(TYPE_STRING);
		return type_is_string(t) || is_enum(t);
	case 'T':
	case 'Z':
		if (t->id != TYPE_STRING || t->face == FACE_BPCHAR)
			*want = type_simple(TYPE_STRING);
		return type_is_string(t) || is_enum(t);
	case 'I':
		return type_is_integer(t) || t->id == TYPE_BOOL;
	case 'J':
		if (t->id != TYPE_INT64)
			*want = type_simple(TYPE_INT64);
		return type_is_integer(t) || t->id == TYPE_BOOL;
	case 'U':
		if (t->id != TYPE_UINT64)
			*want = type_simple(TYPE_UINT64);
		return type_is_integer(t) || t->id == TYPE_BOOL;
	case 'N':
		return type_is_number(t);
	case 'F':
		if (t->id != TYPE_FLOAT64)
			*want = type_simple(TYPE_FLOAT64);
		return type_is_number(t);
	case 'B':
		if (t->id != TYPE_UINT8 && t->id != TYPE_BOOL)
			*want = type_simple(TYPE_BOOL);
		return type_is_number(t);
	case 'D':
		return t->id == TYPE_DATE || t->id == TYPE_DATE32;
	case 'C':
		return t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64;
	case 'E':
		return type_is_temporal(t);
	case 'A':
		return t->id == TYPE_ARRAY;
	case 'M':
		return t->id == TYPE_MAP;
	case 'P':
		return t->id == TYPE_TUPLE;
	case 'V':
		return t->id == TYPE_INTERVAL || t->id == TYPE_PGINTERVAL;
	case 'L':
		return t->id == TYPE_LAMBDA;
	case 'G':
		return t->id == TYPE_UUID;
	case 'K':
		return t->id == TYPE_IPV4;
	case '*':
	case 'X':
		return true;
	default:
		assert(!"a letter that no pattern has");
		return false;
	}
}

static enum status check_argument(struct bind_env *env, struct call *c, uint32_t i, const struct slot *slot)
{
	const struct type *want = NULL;
	if (is_unknown(c->arg_types[i]) && env->session->dialect == DIALECT_POSTGRESQL) {
		want = type_for_unknown(env, slot->letter);
		if (want != NULL && (c->arg_types[i]->id != TYPE_STRING || want->id != TYPE_STRING))
			c->arg_types[i] = want;
	}
	if (!letter_takes(env, slot->letter, c->arg_types[i], &want))
		return call_bad_type(env, c, i);
	if (slot->constant && c->constants[i] == NULL) {
		if (env->session->dialect == DIALECT_POSTGRESQL)
			return ERR(env->err, E_ILLEGAL_COLUMN, "argument %u of function %.*s must be a constant", i + 1,
			           STR_ARG(c->name));
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument %u of function %.*s must be a constant", i + 1,
		           STR_ARG(c->name));
	}
	if (want != NULL)
		c->arg_types[i] = want;
	return OK;
}

static enum status apply_pattern(struct bind_env *env, const struct function *f, struct call *c,
                                 const struct type **common)
{
	struct slot slots[PATTERN_MAX];
	uint32_t n = parse_pattern(f->args, slots), required = 0, arg = 0, of_common = 0;
	uint32_t *who = ARENA_ARRAY(env->arena, uint32_t, c->arg_count + 1);
	for (uint32_t i = 0; i < n; i++)
		required += slots[i].repeat == '\0' || slots[i].repeat == '+';
	if (c->arg_count < required)
		return bad_count(env, c, slots, n);
	uint32_t extra = c->arg_count - required;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t times = slots[i].repeat == '\0' ? 1 : 0;
		if (slots[i].repeat == '?')
			times = extra != 0;
		else if (slots[i].repeat != '\0')
			times = extra + (slots[i].repeat == '+');
		if (slots[i].repeat != '\0')
			extra -= times - (slots[i].repeat == '+');
		for (uint32_t k = 0; k < times; k++, arg++) {
			TRY(check_argument(env, c, arg, &slots[i]));
			if (slots[i].letter == 'X')
				who[of_common++] = arg;
		}
	}
	if (extra != 0)
		return bad_count(env, c, slots, n);
	assert(arg == c->arg_count);
	if (of_common == 0)
		return OK;
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, of_common);
	for (uint32_t i = 0; i < of_common; i++)
		types[i] = c->arg_types[who[i]];
	TRY(call_common_type(env, types, of_common, common));
	for (uint32_t i = 0; i < of_common; i++)
		c->arg_types[who[i]] = *common;
	return OK;
}

/* ---- results ---- */

static enum status apply_result(struct bind_env *env, const struct function *f, struct call *c,
                                const struct type *common)
{
	const char *r = f->result;
	if (r == NULL)
		return OK;
	if (r[0] == '=' && r[1] == 'X') {
		c->result = common;
	} else if (r[0] == '=' || r[0] == '[') {
		uint32_t i = (uint32_t)(r[1] - '1');
		assert(i < c->arg_count);
		c->result = r[0] == '[' ? type_array(env->arena, c->arg_types[i]) : c->arg_types[i];
	} else {
		return type_parse(env->arena, str_of(r), &c->result, env->err);
	}
	return OK;
}

/* ---- null rule and LowCardinality around bind ---- */

/* Stands in as exec where a literal NULL decides the result: call_run() never gets that far. */
static enum status exec_null(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	return vector_null_constant(e->track, c->result, count, out, e->err);
}

bool call_literal_null(struct bind_env *env, struct call *c, uint32_t arg)
{
	if (arg >= c->arg_count || c->arg_types[arg]->id != TYPE_NOTHING || env->session->dialect == DIALECT_POSTGRESQL)
		return false;
	c->result = type_nullable(env->arena, type_simple(TYPE_NOTHING));
	c->exec = exec_null;
	return true;
}

/* The type that a literal NULL takes in the postgresql dialect where a pattern does not say: that of another argument.
 * */
static const struct type *type_for_null(const struct call *c)
{
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_NOTHING && c->arg_types[i]->id != TYPE_LAMBDA)
			return c->arg_types[i];
	return type_simple(TYPE_STRING);
}

static enum status bind_row(struct bind_env *env, const struct function *f, struct call *c)
{
	const struct type *common = NULL;
	if (f->args != NULL)
		TRY(apply_pattern(env, f, c, &common));
	TRY(apply_result(env, f, c, common));
	if (f->bind != NULL)
		TRY(f->bind(env, c));
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id == TYPE_LAMBDA) /* one that bind took has its result's type here */
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Function %.*s takes no lambda as argument %u",
			           STR_ARG(c->name), i + 1);
	assert(c->exec != NULL && c->result != NULL);
	return OK;
}

/*
 * ClickHouse gives a result LowCardinality where it computes it over the dictionary: one such argument, the others
 * constant. Only what may be a dictionary's entry qualifies.
 */
static bool result_is_low_cardinality(const struct call *c, const struct type *const *given)
{
	uint32_t dictionaries = 0;
	if (c->function->nulls != FUNCTION_NULL_DEFAULT || c->function->flags & FUNCTION_NO_DICT ||
	    c->function->volatility == FUNCTION_VOLATILE)
		return false;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (given[i]->low_cardinality)
			dictionaries++;
		else if (c->constants[i] == NULL)
			return false;
	}
	const struct type *r = c->result;
	return dictionaries == 1 && (type_is_string(r) || type_is_integer(r) || type_is_float(r) || r->id == TYPE_DATE ||
	                             r->id == TYPE_DATE32 || r->id == TYPE_DATETIME || r->id == TYPE_UUID);
}

enum status function_bind(struct bind_env *env, const struct function *f, struct call *c)
{
	uint32_t n = c->arg_count;
	bool default_nulls = f->nulls == FUNCTION_NULL_DEFAULT, nullable = false, literal_null = false;
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	const struct type **given = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	const struct type **stripped = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	c->function = f;
	c->exec = f->exec;
	c->result = NULL;
	c->state = NULL;
	for (uint32_t i = 0; i < n; i++) {
		const struct type *t = given[i] = c->arg_types[i];
		if (default_nulls && t->nullable)
			nullable = true;
		if (default_nulls && t->id == TYPE_NOTHING)
			literal_null = true;
		if (default_nulls || !(f->flags & FUNCTION_NO_DICT))
			t = type_low_cardinality(env->arena, t, false);
		stripped[i] = c->arg_types[i] = default_nulls ? type_not_nullable(env->arena, t) : t;
	}
	if (literal_null && !pg) {
		/* an aggregate state or a wrong count is still told apart by no one: NULL in, NULL out */
		c->result = type_nullable(env->arena, type_simple(TYPE_NOTHING));
		c->exec = exec_null;
		memcpy(c->arg_types, given, n * sizeof *given);
		return OK;
	}
	for (uint32_t i = 0; literal_null && i < n; i++)
		if (stripped[i]->id == TYPE_NOTHING && f->args == NULL)
			c->arg_types[i] = type_for_null(c);
	TRY(bind_row(env, f, c));
	bool low_cardinality = result_is_low_cardinality(c, given);
	for (uint32_t i = 0; i < n; i++) {
		/* what bind left alone comes as it is, flags and all; what it asked for keeps the NULLs */
		if (c->arg_types[i] == stripped[i])
			c->arg_types[i] = given[i];
		else if (default_nulls && given[i]->nullable)
			c->arg_types[i] = type_nullable(env->arena, c->arg_types[i]);
	}
	if (nullable)
		c->result = type_nullable(env->arena, c->result);
	if (low_cardinality && !pg)
		c->result = type_low_cardinality(env->arena, c->result, true);
	return OK;
}

/* ---- constants at bind time ---- */

static const struct vector *constant_of(const struct call *c, uint32_t arg)
{
	if (arg >= c->arg_count || c->constants[arg] == NULL || vector_is_null(c->constants[arg], 0))
		return NULL;
	return c->constants[arg];
}

bool call_const_i64(const struct call *c, uint32_t arg, int64_t *out)
{
	const struct vector *v = constant_of(c, arg);
	if (v == NULL || !(type_is_integer(v->type) || v->type->id == TYPE_BOOL))
		return false;
	switch (type_physical(v->type)) {
	case PHYS_I8:
		*out = *(const int8_t *)v->data;
		return true;
	case PHYS_I16:
		*out = *(const int16_t *)v->data;
		return true;
	case PHYS_I32:
		*out = *(const int32_t *)v->data;
		return true;
	case PHYS_I64:
		*out = *(const int64_t *)v->data;
		return true;
	case PHYS_U8:
		*out = *(const uint8_t *)v->data;
		return true;
	case PHYS_U16:
		*out = *(const uint16_t *)v->data;
		return true;
	case PHYS_U32:
		*out = *(const uint32_t *)v->data;
		return true;
	case PHYS_U64:
		*out = (int64_t)*(const uint64_t *)v->data;
		return *out >= 0;
	default:
		return false;
	}
}

bool call_const_f64(const struct call *c, uint32_t arg, double *out)
{
	const struct vector *v = constant_of(c, arg);
	int64_t i;
	if (v == NULL)
		return false;
	if (call_const_i64(c, arg, &i)) {
		*out = (double)i;
		return true;
	}
	if (!type_is_number(v->type))
		return false;
	/* decimals, wide integers and Numeric go through their cast */
	struct error ignored;
	struct arena a;
	struct vector *f = NULL;
	error_init(&ignored);
	arena_init(&a, NULL);
	struct eval_session session = {.dialect = DIALECT_CLICKHOUSE, .tz = timezone_utc(), .text = &value_options_default};
	struct eval e = {.session = &session, .scratch = &a, .err = &ignored};
	bool fits = cast_vector(&e, &a, v, type_simple(TYPE_FLOAT64), CAST_CH, &f) == OK;
	if (fits)
		*out = *(const double *)f->data;
	vector_unref(f);
	arena_fini(&a);
	return fits;
}

bool call_const_str(const struct call *c, uint32_t arg, struct str *out)
{
	const struct vector *v = constant_of(c, arg);
	if (v == NULL || type_physical(v->type) != PHYS_STR || v->type->id == TYPE_NUMERIC)
		return false;
	*out = strview_str(v->data);
	return true;
}
