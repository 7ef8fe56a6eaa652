// SPDX-License-Identifier: Apache-2.0
/*
 * transform(x, [from…], [to…][, default]): the element of `to` at the place that x has in `from`, else the default,
 * else x itself. `from` is looked up by hash.
 */
#include <assert.h>

#include "func/cast.h"
#include "func/select_rows.h"
#include "kernel/kernel.h"

struct transform {
	struct vector *from, *to;   /* FLAT elements of the constant arrays, cast */
	uint64_t *hashes;
	uint32_t *slots, slot_mask; /* row + 1 of `from` */
	uint32_t null_row;          /* of `from`, + 1 */
	struct call cast_self;      /* x as the result where there is no default; exec NULL: not needed */
};

static void drop_vector(void *v)
{
	vector_unref(v);
}

/* The elements of a constant array, cast to `type`; kept by the statement's arena. */
static enum status constant_elements(struct bind_env *env, const struct call *c, uint32_t arg, const struct type *type,
                                     struct vector **out)
{
	struct arena scratch;
	struct vector *part = NULL, *flat = NULL, *cast = NULL;
	const struct vector *array = c->constants[arg];
	if (array == NULL || vector_is_null(array, 0))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument %u of function %.*s must be a constant array", arg + 1,
		           STR_ARG(c->name));
	const uint32_t *offsets = array->data;
	arena_init(&scratch, NULL);
	struct eval e = {.session = env->session, .scratch = &scratch, .err = env->err};
	enum status s = vector_slice(NULL, array->children[0], offsets[0], offsets[1] - offsets[0], &part, env->err);
	if (s == OK)
		s = vector_flatten(NULL, part, &flat, env->err);
	if (s == OK)
		s = cast_vector(&e, env->arena, flat, flat->type->nullable ? type_nullable(env->arena, type) : type, CAST_IMPLICIT,
		                &cast);
	if (s == OK)
		s = vector_flatten(NULL, cast, out, env->err);
	vector_unref(part);
	vector_unref(flat);
	vector_unref(cast);
	arena_fini(&scratch);
	if (s == OK)
		arena_defer(env->arena, drop_vector, *out);
	return s;
}

static enum status build_table(struct bind_env *env, struct transform *t)
{
	uint32_t n = t->from->count, slots = (uint32_t)round_up_pow2((uint64_t)n * 2 + 2);
	t->hashes = ARENA_ARRAY(env->arena, uint64_t, n + 1);
	t->slots = ARENA_ARRAY(env->arena, uint32_t, slots);
	t->slot_mask = slots - 1;
	TRY(kernel_hash_column(t->from, t->hashes, false, NULL, env->err));
	for (uint32_t i = 0; i < n; i++) {
		if (vector_is_null(t->from, i)) {
			t->null_row = t->null_row != 0 ? t->null_row : i + 1;
			continue;
		}
		uint32_t at = (uint32_t)t->hashes[i] & t->slot_mask;
		while (t->slots[at] != 0 && vector_compare_rows(t->from, t->slots[at] - 1, t->from, i) != 0)
			at = (at + 1) & t->slot_mask;
		if (t->slots[at] == 0)
			t->slots[at] = i + 1;
	}
	return OK;
}

static enum status bind_transform(struct bind_env *env, struct call *c)
{
	struct transform *t = ARENA_NEW(env->arena, struct transform);
	const struct type *x = c->arg_types[0], *plain = type_plain(env->arena, x), *key, *types[2], *result;
	for (uint32_t i = 1; i < 3; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	bool has_default = c->arg_count == 4;
	types[0] = plain;
	types[1] = type_plain(env->arena, c->arg_types[1]->children[0]);
	if (x->id == TYPE_NOTHING)
		plain = types[0] = types[1];
	if (call_common_type(env, types, 2, &key) != OK) {
		error_clear(env->err);
		return call_bad_type(env, c, 1);
	}
	types[0] = c->arg_types[2]->children[0];
	types[1] = has_default ? c->arg_types[3] : x;
	TRY(call_common_type(env, types, 2, &result));
	result = type_low_cardinality(env->arena, result, false);
	TRY(constant_elements(env, c, 1, key, &t->from));
	TRY(constant_elements(env, c, 2, type_not_nullable(env->arena, result), &t->to));
	if (t->from->count != t->to->count)
		return ERR(env->err, E_BAD_ARGUMENTS, "Second and third arguments of function %.*s must be arrays of same size",
		           STR_ARG(c->name));
	TRY(build_table(env, t));
	c->arg_types[0] = x->nullable ? type_nullable(env->arena, key) : key;
	const struct type *other = type_not_nullable(env->arena, result);
	if (has_default) {
		c->arg_types[3] = c->arg_types[3]->nullable ? type_nullable(env->arena, other) : other;
	} else if (!type_equal(c->arg_types[0], result)) {
		t->cast_self = (struct call){.name = STR("CAST"), .arg_count = 1};
		t->cast_self.arg_types = ARENA_ARRAY(env->arena, const struct type *, 1);
		t->cast_self.arg_types[0] = c->arg_types[0];
		TRY(cast_bind(env, c->arg_types[0], result, CAST_IMPLICIT, &t->cast_self));
	}
	c->result = result;
	c->state = t;
	return OK;
}

static enum status exec_transform(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	const struct transform *t = c->state;
	struct vector *rows = NULL, *self = NULL, *mapped = NULL;
	uint32_t *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1), *at = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	uint64_t *hashes = ARENA_ARRAY(e->scratch, uint64_t, count + 1);
	const struct vector *other = c->arg_count == 4 ? args[3] : args[0];
	enum status s = args[0]->form == VECTOR_CONST ? eval_repeat(e, args[0], count, &rows)
	                                               : (rows = vector_ref(args[0]), OK);
	if (s == OK)
		s = kernel_hash_column(rows, hashes, false, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = 0, place = args[0]->form == VECTOR_CONST ? 0 : i;
		if (vector_is_null(rows, i)) {
			row = t->null_row;
		} else {
			for (uint32_t k = (uint32_t)hashes[i] & t->slot_mask; t->slots[k] != 0; k = (k + 1) & t->slot_mask) {
				uint32_t candidate = t->slots[k] - 1;
				if (t->hashes[candidate] == hashes[i] && vector_compare_rows(t->from, candidate, args[0], place) == 0) {
					row = candidate + 1;
					break;
				}
			}
		}
		from[i] = row == 0;
		at[i] = row == 0 ? 0 : row - 1;
	}
	if (s == OK && t->to->count != 0)
		s = vector_gather(e->track, t->to, at, count, &mapped, e->err);
	if (s == OK && t->cast_self.exec != NULL) {
		s = call_run(&t->cast_self, e, &other, count, &self);
		other = self;
	}
	struct vector *flat = NULL;
	if (s == OK && other->form == VECTOR_DICT) {
		s = vector_flatten(e->track, other, &flat, e->err);
		other = flat;
	}
	if (s == OK) {
		const struct vector *branches[2] = {mapped, other};
		s = select_rows(e, c->result, branches, 2, from, count, out);
	}
	vector_unref(flat);
	vector_unref(rows);
	vector_unref(self);
	vector_unref(mapped);
	return s;
}

static const struct function rows[] = {
	{.name = "transform", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "****?", .bind = bind_transform, .exec = exec_transform,
	 .description = "The value that stands in the second array where the first has x; else the default or x itself.",
	 .example = "transform(2, [1, 2], ['a', 'b'], 'c')", .example_result = "b"},
};

FUNCTION_FAMILY(transform, "Mapping of values");
