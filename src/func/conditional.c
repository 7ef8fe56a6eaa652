// SPDX-License-Identifier: Apache-2.0
/* if, multiIf, CASE with an expression, coalesce and its kin, greatest and least: rows chosen from several branches. */
#include <assert.h>

#include "func/cast.h"
#include "func/select_rows.h"
#include "func/subcall.h"
#include "kernel/kernel.h"

/* ---- common types ---- */

/*
 * The type that branches (every `step`th argument from `first`, and the last when `last`) are cast to; each keeps
 * whether it is Nullable. The result is Nullable where one is. `or_variant`: types without a
 * common one give a Variant.
 */
static enum status common_branches(struct bind_env *env, struct call *c, const uint32_t *which, uint32_t n,
                                   bool or_variant)
{
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, n + 1), *common;
	bool nullable = false;
	for (uint32_t k = 0; k < n; k++)
		types[k] = type_low_cardinality(env->arena, c->arg_types[which[k]], false);
	TRY(or_variant ? call_branch_type(env, types, n, &common) : call_common_type(env, types, n, &common));
	if (common->id == TYPE_VARIANT) { /* it has its own NULL */
		for (uint32_t k = 0; k < n; k++)
			c->arg_types[which[k]] = common;
		c->result = common;
		return OK;
	}
	const struct type *plain = type_not_nullable(env->arena, common);
	for (uint32_t k = 0; k < n; k++) {
		bool null = types[k]->nullable || types[k]->id == TYPE_NOTHING;
		nullable |= null;
		c->arg_types[which[k]] = null && plain->id != TYPE_NOTHING ? type_nullable(env->arena, plain) : plain;
		if (plain->id == TYPE_NOTHING)
			c->arg_types[which[k]] = types[k];
	}
	c->result = nullable ? type_nullable(env->arena, plain) : plain;
	return OK;
}

/* A condition: Bool or UInt8, NULL or a literal NULL among them; other numbers where the dialect has them. */
static enum status check_condition(struct bind_env *env, struct call *c, uint32_t i)
{
	const struct type *t = c->arg_types[i];
	if (t->id == TYPE_BOOL || t->id == TYPE_UINT8 || t->id == TYPE_NOTHING)
		return OK;
	if (env->session->dialect == DIALECT_POSTGRESQL) {
		if (t->id == TYPE_STRING && t->face == FACE_UNKNOWN) {
			c->arg_types[i] = t->nullable ? type_nullable(env->arena, type_simple(TYPE_BOOL)) : type_simple(TYPE_BOOL);
			return OK;
		}
		return ERR(env->err, E_TYPE_MISMATCH, "argument of CASE/WHEN must be type boolean, not type %.*s",
		           STR_ARG(type_pg_base_name(env->arena, t)));
	}
	return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
	           "Illegal type %.*s of argument %u (condition) of function %.*s. Must be UInt8",
	           STR_ARG(type_name(env->arena, t)), i + 1, STR_ARG(c->name));
}

/* ---- conditions as bytes ---- */

/* The condition's truth of each row: NULL counts as false. Points into the vector where it can. */
static const uint8_t *condition(struct eval *e, const struct vector *v, uint32_t count)
{
	uint8_t *room;
	if (v->type->id == TYPE_NOTHING)
		return ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	if (v->form == VECTOR_FLAT && v->nulls == NULL)
		return v->data;
	room = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	if (v->form == VECTOR_CONST) {
		if (!vector_is_null(v, 0))
			memset(room, *(const uint8_t *)v->data != 0, count);
		return room;
	}
	memcpy(room, v->data, count);
	for (size_t i = bits_next_set(v->nulls, 0, count); i < count; i = bits_next_set(v->nulls, i + 1, count))
		room[i] = 0;
	return room;
}

static bool constant_condition(const struct vector *v, bool *holds)
{
	if (v->type->id != TYPE_NOTHING && v->form != VECTOR_CONST)
		return false;
	*holds = v->type->id != TYPE_NOTHING && !vector_is_null(v, 0) && *(const uint8_t *)v->data != 0;
	return true;
}

/* One branch for all rows. */
static enum status whole_branch(const struct call *c, struct eval *e, const struct vector *v, uint32_t count,
                                struct vector **out)
{
	if (v->type->id == TYPE_NOTHING)
		return vector_null_constant(e->track, c->result, count, out, e->err);
	if (v->form == VECTOR_CONST)
		return eval_repeat(e, v, count, out);
	*out = vector_ref(v);
	return OK;
}

/* ---- if, multiIf ---- */

static enum status bind_if(struct bind_env *env, struct call *c)
{
	static const uint32_t which[] = {1, 2};
	TRY(check_condition(env, c, 0));
	return common_branches(env, c, which, 2, true);
}

static enum status exec_if(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                           struct vector **out)
{
	bool holds;
	if (constant_condition(args[0], &holds))
		return whole_branch(c, e, args[holds ? 1 : 2], count, out);
	return select_by_mask(e, c->result, condition(e, args[0], count), args[1], args[2], count, out);
}

static enum status bind_multi_if(struct bind_env *env, struct call *c)
{
	uint32_t n = c->arg_count;
	if (n < 3 || n % 2 == 0)
		return call_bad_count(env, c, "an odd number, at least 3");
	uint32_t *which = ARENA_ARRAY(env->arena, uint32_t, n / 2 + 1);
	for (uint32_t k = 0; k < n / 2; k++) {
		TRY(check_condition(env, c, 2 * k));
		which[k] = 2 * k + 1;
	}
	which[n / 2] = n - 1;
	return common_branches(env, c, which, n / 2 + 1, true);
}

static enum status exec_multi_if(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	uint32_t conditions = c->arg_count / 2, *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1), first = conditions;
	bool holds, open = false;
	const struct vector **branches = ARENA_ARRAY(e->scratch, const struct vector *, conditions + 1);
	for (uint32_t k = 0; k < conditions; k++)
		branches[k] = args[2 * k + 1];
	branches[conditions] = args[c->arg_count - 1];
	for (uint32_t i = 0; i < count; i++)
		from[i] = conditions;
	for (uint32_t k = 0; k < conditions; k++) {
		if (constant_condition(args[2 * k], &holds)) {
			if (!holds)
				continue;
			for (uint32_t i = 0; open && i < count; i++)
				from[i] = from[i] == conditions ? k : from[i];
			first = open ? first : k;
			break;
		}
		const uint8_t *mask = condition(e, args[2 * k], count);
		for (uint32_t i = 0; i < count; i++)
			from[i] = from[i] == conditions && mask[i] ? k : from[i];
		open = true;
	}
	if (!open)
		return whole_branch(c, e, branches[first], count, out);
	return select_rows(e, c->result, branches, conditions + 1, from, count, out);
}

/* ---- CASE x WHEN a THEN b … as a function ---- */

struct case_state {
	struct subcall **equal;
};

static enum status bind_case(struct bind_env *env, struct call *c)
{
	uint32_t n = c->arg_count;
	if (n < 4 || n % 2 != 0)
		return call_bad_count(env, c, "an even number, at least 4");
	uint32_t pairs = (n - 2) / 2, *which = ARENA_ARRAY(env->arena, uint32_t, pairs + 1);
	struct case_state *s = ARENA_NEW(env->arena, struct case_state);
	s->equal = ARENA_ARRAY(env->arena, struct subcall *, pairs);
	for (uint32_t k = 0; k < pairs; k++) {
		const struct type *pair[2] = {c->arg_types[0], c->arg_types[2 * k + 1]};
		const struct vector *constants[2] = {c->constants[0], c->constants[2 * k + 1]};
		TRY(subcall_bind(env, STR("equals"), pair, constants, 2, &s->equal[k]));
		which[k] = 2 * k + 2;
	}
	which[pairs] = n - 1;
	c->state = s;
	return common_branches(env, c, which, pairs + 1, true);
}

static enum status exec_case(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct case_state *state = c->state;
	uint32_t pairs = (c->arg_count - 2) / 2, *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	const struct vector **branches = ARENA_ARRAY(e->scratch, const struct vector *, pairs + 1);
	enum status s = OK;
	branches[pairs] = args[c->arg_count - 1];
	for (uint32_t i = 0; i < count; i++)
		from[i] = pairs;
	for (uint32_t k = 0; k < pairs && s == OK; k++) {
		const struct vector *pair[2] = {args[0], args[2 * k + 1]};
		struct vector *equal = NULL, *flat = NULL;
		branches[k] = args[2 * k + 2];
		s = subcall_run(state->equal[k], e, pair, count, &equal);
		if (s == OK)
			s = vector_flatten(e->track, equal, &flat, e->err);
		if (s == OK) {
			const uint8_t *mask = condition(e, flat, count);
			for (uint32_t i = 0; i < count; i++)
				from[i] = from[i] == pairs && mask[i] ? k : from[i];
		}
		vector_unref(equal);
		vector_unref(flat);
	}
	return s != OK ? s : select_rows(e, c->result, branches, pairs + 1, from, count, out);
}

/* ---- coalesce, ifNull ---- */

/* Arguments behind the first that is never NULL do not count. */
static enum status bind_coalesce(struct bind_env *env, struct call *c)
{
	uint32_t n = 0, *which = ARENA_ARRAY(env->arena, uint32_t, c->arg_count + 1);
	bool ends = false;
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	if (c->arg_count == 0) {
		c->result = type_nullable(env->arena, type_simple(TYPE_NOTHING));
		return OK;
	}
	for (uint32_t i = 0; i < c->arg_count && (!ends || pg); i++) {
		which[n++] = i;
		ends |= !c->arg_types[i]->nullable && c->arg_types[i]->id != TYPE_NOTHING;
	}
	TRY(common_branches(env, c, which, n, true));
	if (ends)
		c->result = type_not_nullable(env->arena, c->result);
	return OK;
}

static enum status exec_coalesce(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	uint32_t *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1), open = count, n = 0;
	if (c->arg_count == 0)
		return vector_null_constant(e->track, c->result, count, out, e->err);
	while (n < c->arg_count) { /* those behind one that is never NULL may be of any type */
		const struct type *t = c->arg_types[n++];
		if (!t->nullable && t->id != TYPE_NOTHING)
			break;
	}
	for (uint32_t i = 0; i < count; i++)
		from[i] = BRANCH_NULL;
	for (uint32_t k = 0; k < n && open != 0; k++) {
		const struct vector *v = args[k];
		if (v->type->id == TYPE_NOTHING || (v->form == VECTOR_CONST && vector_is_null(v, 0)))
			continue;
		if (k == 0 && (v->form == VECTOR_CONST || !vector_has_nulls(v)))
			return whole_branch(c, e, v, count, out);
		for (uint32_t i = 0; i < count; i++)
			if (from[i] == BRANCH_NULL && !(v->form == VECTOR_FLAT && v->nulls != NULL && bit_get(v->nulls, i))) {
				from[i] = k;
				open--;
			}
	}
	/* rows that nobody looks at may find no value where the type has no NULL */
	for (uint32_t i = 0; i < count && open != 0 && !c->result->nullable; i++)
		if (from[i] == BRANCH_NULL)
			from[i] = n - 1;
	return select_rows(e, c->result, args, n, from, count, out);
}

/* ---- nullIf ---- */

static enum status bind_null_if(struct bind_env *env, struct call *c)
{
	struct subcall *equal;
	if (c->arg_types[0]->id == TYPE_NOTHING || c->arg_types[1]->id == TYPE_NOTHING) {
		c->result = type_nullable(env->arena, c->arg_types[0]);
		return OK;
	}
	TRY(subcall_bind(env, STR("equals"), c->arg_types, c->constants, 2, &equal));
	c->result = type_nullable(env->arena, c->arg_types[0]);
	c->state = equal;
	return OK;
}

static enum status exec_null_if(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct vector *equal = NULL, *flat = NULL;
	if (c->state == NULL)
		return whole_branch(c, e, args[0], count, out);
	enum status s = subcall_run(c->state, e, args, count, &equal);
	if (s == OK)
		s = vector_flatten(e->track, equal, &flat, e->err);
	if (s == OK) {
		const uint8_t *mask = condition(e, flat, count);
		uint32_t *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
		for (uint32_t i = 0; i < count; i++)
			from[i] = mask[i] ? BRANCH_NULL : 0;
		s = select_rows(e, c->result, args, 1, from, count, out);
	}
	vector_unref(equal);
	vector_unref(flat);
	return s;
}

/* ---- greatest, least ---- */

static enum status exec_mixed(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out);

/* UInt64 beside signed integers: compared in 128 bits; the greatest is then UInt64, the least Int64. */
static bool bind_mixed(struct bind_env *env, struct call *c)
{
	bool nullable = false;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (!type_is_integer(t) || physical_size(type_physical(t)) > 8)
			return false;
		nullable |= t->nullable;
	}
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *wide = type_simple(TYPE_INT128);
		c->arg_types[i] = c->arg_types[i]->nullable ? type_nullable(env->arena, wide) : wide;
	}
	c->result = type_simple(ascii_lower(c->function->name[0]) == 'g' ? TYPE_UINT64 : TYPE_INT64);
	if (nullable)
		c->result = type_nullable(env->arena, c->result);
	return true;
}

static enum status bind_extreme(struct bind_env *env, struct call *c)
{
	uint32_t n = c->arg_count, *which = ARENA_ARRAY(env->arena, uint32_t, n + 1);
	bool all_null = true;
	for (uint32_t i = 0; i < n; i++) {
		which[i] = i;
		all_null &= c->arg_types[i]->nullable || c->arg_types[i]->id == TYPE_NOTHING;
	}
	enum status s = common_branches(env, c, which, n, false);
	if (s == E_NO_COMMON_TYPE && bind_mixed(env, c)) {
		error_clear(env->err);
		c->exec = exec_mixed;
		return OK;
	}
	TRY(s);
	/* NULLs are passed over; ClickHouse shows Nullable where any argument is */
	if (!all_null && env->session->dialect == DIALECT_POSTGRESQL)
		c->result = type_not_nullable(env->arena, c->result);
	return OK;
}

/* All arguments numbers without NULLs: kernels. */
static enum status extreme_numbers(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, enum kernel_arith op, struct vector **out)
{
	enum physical p = type_physical(c->result);
	size_t width = physical_size(p);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	char *room[2] = {v->data, arena_alloc(e->scratch, count * width + BUFFER_PAD)};
	const void *acc = args[0]->data;
	bool constant = args[0]->form == VECTOR_CONST;
	for (uint32_t k = 1; k < c->arg_count; k++) {
		bool other = args[k]->form == VECTOR_CONST;
		/* the last step ends in the result */
		char *to = room[(c->arg_count - 1 - k) % 2];
		enum kernel_shape shape = constant && !other ? KERNEL_CV : other ? KERNEL_VC : KERNEL_VV;
		kernels()->arith[op][p][shape](to, acc, args[k]->data, constant && other ? 1 : count);
		constant = constant && other;
		acc = to;
	}
	if (constant && count > 1) {
		char one[32];
		memcpy(one, acc, width);
		for (uint32_t i = 0; i < count; i++)
			memcpy((char *)v->data + i * width, one, width);
	} else if (c->arg_count == 1) {
		memcpy(v->data, acc, count * width);
	}
	*out = v;
	return OK;
}

static enum status exec_extreme(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	bool greatest = ascii_lower(c->function->name[0]) == 'g', plain = true;
	bool pg = e->session->dialect == DIALECT_POSTGRESQL;
	for (uint32_t k = 0; k < c->arg_count; k++)
		plain = plain && args[k]->nulls == NULL && args[k]->type->id != TYPE_NOTHING;
	enum physical p = type_physical(c->result);
	bool by_value = c->result->id != TYPE_UUID && c->result->id != TYPE_PGINTERVAL && !(pg && type_is_float(c->result));
	if (plain && by_value && kernels()->arith[KERNEL_MIN][p][0] != NULL)
		return extreme_numbers(c, e, args, count, greatest ? KERNEL_MAX : KERNEL_MIN, out);
	uint32_t *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	for (uint32_t i = 0; i < count; i++) {
		from[i] = BRANCH_NULL;
		for (uint32_t k = 0; k < c->arg_count; k++) {
			if (args[k]->type->id == TYPE_NOTHING || vector_is_null(args[k], i))
				continue;
			if (from[i] == BRANCH_NULL) {
				from[i] = k;
				continue;
			}
			const struct vector *best = args[from[i]];
			int order = vector_compare_rows(args[k], args[k]->form == VECTOR_CONST ? 0 : i, best,
			                                best->form == VECTOR_CONST ? 0 : i);
			if (greatest ? order > 0 : order < 0)
				from[i] = k;
		}
		if (from[i] == BRANCH_NULL && !c->result->nullable)
			from[i] = 0;
	}
	return select_rows(e, c->result, args, c->arg_count, from, count, out);
}

static enum status exec_mixed(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct call wide = *c;
	struct vector *made;
	wide.result = c->result->nullable ? type_nullable(e->scratch, type_simple(TYPE_INT128)) : type_simple(TYPE_INT128);
	TRY(exec_extreme(&wide, e, args, count, &made));
	enum status s = call_result(c, e, count, out);
	if (s == OK && made->form == VECTOR_FLAT) {
		kernels()->cast[PHYS_I128][type_physical(c->result)]((*out)->data, made->data, count);
		if (made->nulls != NULL)
			s = vector_make_nulls(*out, e->track, e->err);
		if (s == OK && made->nulls != NULL)
			memcpy((*out)->nulls, made->nulls, bits_words(count) * sizeof(uint64_t));
	}
	vector_unref(made);
	if (s != OK)
		vector_unref(*out);
	return s;
}

static const struct function rows[] = {
	{.name = "if", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_SHORT_CIRCUIT, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "***", .bind = bind_if, .exec = exec_if, .description = "The second where the first holds, else the third.",
	 .example = "if(1 = 1, 'yes', 'no')", .example_result = "yes"},
	{.name = "multiIf", .aliases = "caseWithoutExpression", .flags = FUNCTION_BOTH | FUNCTION_SHORT_CIRCUIT,
	 .nulls = FUNCTION_NULL_CUSTOM, .bind = bind_multi_if, .exec = exec_multi_if,
	 .description = "The value behind the first condition that holds, else the last.",
	 .example = "multiIf(1 = 0, 'a', 1 = 1, 'b', 'c')", .example_result = "b"},
	{.name = "caseWithExpression", .aliases = "caseWithExpr", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM,
	 .bind = bind_case, .exec = exec_case,
	 	.description = "The value behind the first equal of the first argument, else the last.",
	 .example = "caseWithExpression(2, 1, 'a', 2, 'b', 'c')", .example_result = "b"},
	{.name = "coalesce", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_SHORT_CIRCUIT, .nulls = FUNCTION_NULL_CUSTOM,
	 .bind = bind_coalesce, .exec = exec_coalesce, .description = "The first value that is not NULL.",
	 .example = "coalesce(NULL, 1, 2)", .example_result = "1"},
	{.name = "ifNull", .aliases = "~nvl", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_SHORT_CIRCUIT,
	 .nulls = FUNCTION_NULL_CUSTOM, .args = "**", .bind = bind_coalesce, .exec = exec_coalesce,
	 .description = "The first value, or the second where it is NULL.", .example = "ifNull(NULL, 5)",
	 	.example_result = "5"},
	{.name = "nullIf", .flags = FUNCTION_BOTH | FUNCTION_NOCASE, .nulls = FUNCTION_NULL_CUSTOM, .args = "**",
	 .bind = bind_null_if, .exec = exec_null_if, .description = "The first value, or NULL where it equals the second.",
	 .example = "nullIf(1, 2)", .example_result = "1"},
	{.name = "greatest", .flags = FUNCTION_BOTH | FUNCTION_NOCASE, .nulls = FUNCTION_NULL_CUSTOM, .args = "*+",
	 .bind = bind_extreme, .exec = exec_extreme, .description = "The greatest value, NULLs passed over.",
	 .example = "greatest(1, 3, 2)", .example_result = "3"},
	{.name = "least", .flags = FUNCTION_BOTH | FUNCTION_NOCASE, .nulls = FUNCTION_NULL_CUSTOM, .args = "*+",
	 .bind = bind_extreme, .exec = exec_extreme, .description = "The least value, NULLs passed over.",
	 .example = "least('b', 'a')", .example_result = "a"},
};

FUNCTION_FAMILY(conditional, "Conditions");
