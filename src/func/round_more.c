// SPDX-License-Identifier: Apache-2.0
/* Rounding down to values of a list: roundDuration, roundAge, roundDown. */
#include "func/array_impl.h"

static const double durations[] = {0, 1, 10, 30, 60, 120, 180, 240, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000};
static const double ages[] = {0, 17, 18, 25, 35, 45, 55};

static enum status exec_list(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	bool age = strcmp(c->function->name, "roundAge") == 0;
	const double *in = args[0]->data, *list = age ? ages : durations;
	uint32_t n = age ? ARRAY_COUNT(ages) : ARRAY_COUNT(durations);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		double x = in[i];
		/* years of age from 1 to 17 are 17 */
		uint32_t k = age && x >= 1 && x < 18 ? 1 : 0;
		while (k + 1 < n && list[k + 1] <= x)
			k++;
		if (age)
			((uint8_t *)(*out)->data)[i] = (uint8_t)list[k];
		else
			((uint16_t *)(*out)->data)[i] = (uint16_t)list[k];
	}
	return OK;
}

struct boundaries {
	uint32_t *places;   /* ascending */
	uint32_t n;
	const struct vector *items;
};

/* roundDown(x, [constants]): the greatest of them that is not above x, else the least. */
static enum status exec_down(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct boundaries *b = c->state;
	struct vector *items;
	uint32_t *places = array_room(e, count);
	TRY(cast_vector(e, e->scratch, b->items, c->result, CAST_CH, &items));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t low = 0, high = b->n;
		while (high - low > 1) {
			uint32_t middle = (low + high) / 2;
			if (vector_compare_rows(items, b->places[middle], args[0], i) <= 0)
				low = middle;
			else
				high = middle;
		}
		places[i] = b->places[low];
	}
	enum status s = vector_gather(e->track, items, places, count, out, e->err);
	vector_unref(items);
	return s;
}

struct by_value {
	const struct vector *items;
};
#define SORT_NAME sort_boundaries
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct by_value *
#define SORT_LESS(a, b) (vector_compare_rows(context->items, *(a), context->items, *(b)) < 0)
#include "base/sort.h"

static enum status bind_down(struct bind_env *env, struct call *c)
{
	struct boundaries *b = ARENA_NEW(env->arena, struct boundaries);
	const struct type *t = c->arg_types[1];
	if (!type_is_number(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	if (t->id != TYPE_ARRAY || !(type_is_number(t->children[0]) || t->children[0]->id == TYPE_NOTHING))
		return call_bad_type(env, c, 1);
	if (c->constants[1] == NULL)
		return ERR(env->err, E_ILLEGAL_COLUMN, "The second argument of function %.*s must be a constant array",
		           STR_ARG(c->name));
	const uint32_t *at = array_offsets(c->constants[1]);
	b->n = at[1] - at[0];
	b->items = c->constants[1]->children[0];
	if (b->n == 0)
		return ERR(env->err, E_BAD_ARGUMENTS, "Empty array is illegal for boundaries in roundDown function");
	const struct type *both[2] = {c->arg_types[0], type_not_nullable(env->arena, t->children[0])};
	TRY(call_common_type(env, both, 2, &c->result));
	c->arg_types[0] = c->result;
	b->places = ARENA_ARRAY(env->arena, uint32_t, b->n);
	for (uint32_t k = 0; k < b->n; k++)
		b->places[k] = at[0] + k;
	struct by_value by = {b->items};
	sort_boundaries(b->places, b->n, &by);
	c->state = b;
	return OK;
}

static const struct function rows[] = {
	FUNCTION_ROW("roundDuration", NULL, FUNCTION_CH, "F", "UInt16", NULL, exec_list,
	             "Seconds rounded down to a usual length.", "roundDuration(70)", "60"),
	FUNCTION_ROW("roundAge", NULL, FUNCTION_CH, "F", "UInt8", NULL, exec_list, "Years rounded down to an age group.",
	             "roundAge(25)", "25"),
	FUNCTION_ROW("roundDown", NULL, FUNCTION_CH, "**", NULL, bind_down, exec_down,
	             "Rounded down to one of the values given.", "roundDown(37, [10, 20, 30])", "30"),
};

FUNCTION_FAMILY(round_more, "Rounding to a list");
