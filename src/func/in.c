// SPDX-License-Identifier: Apache-2.0
/*
 * in, notIn: membership in an array that is constant, known when the statement starts (a subquery's rows), or a column.
 *
 * The set of a constant is built when the call is bound. One that comes as a vector is built at its first batch and
 * kept in the call's state for the batches and threads to come: the only thing there that changes while a statement
 * runs, by one atomic exchange. The set holds the vector whose address is its key.
 */
#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "func/cast.h"
#include "func/value_set.h"

/* A set and the array it was made of. */
struct known_set {
	struct vector *array; /* a reference: its memory stays its own */
	struct value_set *set;
};

struct in_state {
	_Atomic(struct known_set *) known;
	bool at_bind; /* `known` was made when the call was bound: args[1] is not looked at */
};

static void known_free(struct known_set *k)
{
	if (k == NULL)
		return;
	value_set_free(k->set);
	vector_unref(k->array);
	free(k);
}

static void drop_state(void *arg)
{
	struct in_state *s = arg;
	known_free(atomic_load(&s->known));
}

/* The set of row 0 of an array vector. */
static enum status known_new(const struct vector *array, struct memtrack *track, struct known_set **out,
                             struct error *err)
{
	struct known_set *k = calloc(1, sizeof *k);
	struct vector *elements = NULL;
	const uint32_t *offsets = array->data;
	if (k == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a set");
	k->array = vector_ref(array);
	enum status s = vector_slice(track, array->children[0], offsets[0], offsets[1] - offsets[0], &elements, err);
	if (s == OK)
		s = value_set_new(elements, track, &k->set, err);
	vector_unref(elements);
	if (s != OK) {
		known_free(k);
		return s;
	}
	*out = k;
	return OK;
}

/* ---- binding ---- */

/* The element type that both sides are compared in. */
static enum status member_type(struct bind_env *env, const struct call *c, const struct type **out)
{
	const struct type *left = type_plain(env->arena, c->arg_types[0]);
	const struct type *element = type_plain(env->arena, c->arg_types[1]->children[0]);
	const struct type *both[2] = {left, element};
	*out = left;
	if (element->id == TYPE_NOTHING || type_equal_physical(left, element))
		return OK;
	enum status s = call_common_type(env, both, 2, out);
	if (s == OK)
		return OK;
	error_clear(env->err);
	/* texts beside dates, enums and addresses */
	*out = left;
	return cast_possible(element, left, CAST_CH) ? OK : call_bad_type(env, c, 1);
}

static enum status bind_set(struct bind_env *env, struct call *c, struct in_state *state, const struct type *array)
{
	struct arena scratch;
	struct vector *cast = NULL;
	struct known_set *known = NULL;
	arena_init(&scratch, NULL);
	struct eval e = {.session = env->session, .scratch = &scratch, .err = env->err};
	enum status s = cast_vector(&e, env->arena, c->constants[1], array, CAST_IMPLICIT, &cast);
	if (s == OK)
		s = known_new(cast, NULL, &known, env->err);
	vector_unref(cast);
	arena_fini(&scratch);
	TRY(s);
	atomic_store(&state->known, known);
	state->at_bind = true;
	return OK;
}

static enum status bind_in(struct bind_env *env, struct call *c)
{
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	const struct type *left = c->arg_types[0], *member;
	struct in_state *state = ARENA_NEW(env->arena, struct in_state);
	if (c->arg_types[1]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 1);
	const struct type *element = c->arg_types[1]->children[0];
	bool null_member = element->nullable || element->id == TYPE_NOTHING;
	c->result = type_simple(pg ? TYPE_BOOL : TYPE_UINT8);
	if (left->nullable || left->id == TYPE_NOTHING || (pg && null_member))
		c->result = type_nullable(env->arena, c->result);
	c->state = state;
	arena_defer(env->arena, drop_state, state);
	if (left->id == TYPE_NOTHING)
		return OK;
	TRY(member_type(env, c, &member));
	const struct type *array = type_array(env->arena, null_member ? type_nullable(env->arena, member) : member);
	if (c->constants[1] != NULL && !vector_is_null(c->constants[1], 0))
		TRY(bind_set(env, c, state, array));
	else if (!type_equal_physical(element, member) || element->low_cardinality || element->id == TYPE_NOTHING)
		c->arg_types[1] = array;
	if (!type_equal_physical(left, member))
		c->arg_types[0] = left->nullable ? type_nullable(env->arena, member) : member;
	return OK;
}

/* ---- running ---- */

/* The set of a constant array vector; *mine is what the caller frees. */
static enum status set_of(struct in_state *state, struct eval *e, const struct vector *array, struct known_set **out,
                          struct known_set **mine)
{
	struct known_set *known = atomic_load_explicit(&state->known, memory_order_acquire), *none = NULL;
	*mine = NULL;
	if (known != NULL && (state->at_bind ||
	                      (known->array->data == array->data && known->array->children[0] == array->children[0]))) {
		*out = known;
		return OK;
	}
	TRY(known_new(array, e->track, out, e->err));
	/* the first array stays; another one is a set for this batch */
	if (known != NULL || !atomic_compare_exchange_strong(&state->known, &none, *out))
		*mine = *out;
	return OK;
}

/* Whether row i is among the elements of its own row's array; *null: one of them is NULL. */
static bool among(const struct vector *left, uint32_t i, const struct vector *array, uint32_t row, bool *null)
{
	const uint32_t *offsets = array->data;
	*null = false;
	for (uint32_t k = offsets[row]; k < offsets[row + 1]; k++) {
		if (vector_is_null(array->children[0], k)) {
			*null = true;
			continue;
		}
		const struct vector *at, *from;
		uint32_t p = vector_index(array->children[0], k, &at), q = vector_index(left, i, &from);
		if (vector_compare_rows(at, p, from, q) == 0)
			return true;
	}
	return false;
}

struct answer {
	uint8_t *found;
	uint8_t *unknown; /* PostgreSQL: not found, but a member is NULL */
};

static enum status find_all(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct answer *a, bool *empty)
{
	struct in_state *state = c->state;
	struct known_set *known, *mine = NULL;
	bool constant_left = args[0]->form == VECTOR_CONST && count != 0;
	*empty = false;
	if (!state->at_bind && args[1]->form != VECTOR_CONST) {
		for (uint32_t i = 0; i < count; i++) {
			bool null = false;
			a->found[i] = !vector_is_null(args[0], i) && !vector_is_null(args[1], i) && among(args[0], i, args[1], i, &null);
			a->unknown[i] = !a->found[i] && (vector_is_null(args[1], i) || null);
		}
		return OK;
	}
	TRY(set_of(state, e, args[1], &known, &mine));
	enum status s = value_set_find(known->set, args[0], constant_left ? 1 : count, a->found, e->track, e->err);
	if (constant_left)
		memset(a->found, a->found[0], count);
	bool null = value_set_has_null(known->set);
	for (uint32_t i = 0; i < count; i++)
		a->unknown[i] = null && !a->found[i];
	*empty = !null && value_set_count(known->set) == 0;
	known_free(mine);
	return s;
}

static enum status exec_in(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                           struct vector **out)
{
	bool negated = c->function->name[0] == 'n', pg = e->session->dialect == DIALECT_POSTGRESQL, empty;
	if (args[0]->type->id == TYPE_NOTHING)
		return vector_null_constant(e->track, c->result, count, out, e->err);
	struct answer a = {ARENA_ARRAY(e->scratch, uint8_t, count + 1), ARENA_ARRAY(e->scratch, uint8_t, count + 1)};
	struct vector *v;
	TRY(find_all(c, e, args, count, &a, &empty));
	TRY(call_result(c, e, count, &v));
	uint8_t *to = v->data;
	enum status s = OK;
	for (uint32_t i = 0; i < count; i++)
		to[i] = (a.found[i] != 0) != negated;
	for (uint32_t i = 0; c->result->nullable && i < count && s == OK; i++) {
		bool null = vector_is_null(args[0], i) && !(pg && empty);
		if (!null && !(pg && a.unknown[i]))
			continue;
		s = vector_make_nulls(v, e->track, e->err);
		if (s == OK)
			bit_set(v->nulls, i);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

#define MEMBERSHIP(fname, others, what, example_) \
	{.name = fname, .aliases = others, .flags = FUNCTION_BOTH, .nulls = FUNCTION_NULL_CUSTOM, .args = "**", \
	 .bind = bind_in, \
	 .exec = exec_in, .description = what, .example = example_}

static const struct function rows[] = {
	MEMBERSHIP("in", "globalIn", "Whether the first is one of the set.", "2 IN (1, 2)"),
	MEMBERSHIP("notIn", "globalNotIn", "Whether the first is none of the set.", "2 NOT IN (1, 3)"),
};

FUNCTION_FAMILY(in, "Sets");
