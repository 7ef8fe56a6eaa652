// SPDX-License-Identifier: Apache-2.0
/* What a LowCardinality column is made of: its dictionary and the places in it. */
#include "func/array_impl.h"

/*
 * The dictionary of a batch: NULL where the type has it, the default, then the values as they come. Keys gives its
 * entry number i in row i, cut or filled with defaults to the number of rows; Indices the place of each row's value.
 */
static enum status exec_parts(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool keys = strcmp(c->function->name, "lowCardinalityKeys") == 0;
	struct vector *flat = NULL, *zero = NULL, *null = NULL, *made = NULL;
	const struct type *t = type_low_cardinality(e->scratch, args[0]->type, false);
	struct classes k = {0};
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = vector_default_constant(e->track, type_not_nullable(e->scratch, t), 1, &zero, e->err);
	if (s == OK && t->nullable)
		s = vector_null_constant(e->track, t, 1, &null, e->err);
	const struct vector *items[3] = {zero, flat, null};
	if (s == OK && t->nullable) {
		items[0] = null;
		items[1] = zero;
		items[2] = flat;
	}
	uint32_t n = t->nullable ? 3 : 2;
	if (s == OK)
		s = classes_open(e, items, n, &k);
	if (s == OK && !keys) {
		s = call_result(c, e, count, &made);
		for (uint32_t i = 0; i < count && s == OK; i++)
			((uint64_t *)made->data)[i] = k.ids[k.starts[n - 1] + i];
	} else if (s == OK) {
		uint32_t *places = array_room(e, count), done = 0;
		for (uint32_t i = 0; i < k.starts[n - 1] + count && done < count; i++)
			if (classes_first(&k, k.ids[i], 1))
				places[done++] = i;
		while (done < count)
			places[done++] = 0;
		s = vector_gather(e->track, k.all, places, count, &made, e->err);
	}
	if (s == OK)
		*out = made;
	classes_close(&k);
	vector_unref(flat);
	vector_unref(zero);
	vector_unref(null);
	return s;
}

static enum status bind_parts(struct bind_env *env, struct call *c)
{
	if (!c->arg_types[0]->low_cardinality)
		return call_bad_type(env, c, 0);
	c->result = strcmp(c->function->name, "lowCardinalityKeys") == 0
		? type_low_cardinality(env->arena, c->arg_types[0], false) : type_simple(TYPE_UINT64);
	return OK;
}

#define PART(row_name, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "*", \
	 .bind = bind_parts, .exec = exec_parts, .description = text, .example = sample, .example_result = answer}

static const struct function rows[] = {
	PART("lowCardinalityIndices", "The place of the value in the batch's dictionary.",
	     "lowCardinalityIndices(toLowCardinality('a'))", "1"),
	PART("lowCardinalityKeys", "The entries of the batch's dictionary, one a row.",
	     "length(lowCardinalityKeys(toLowCardinality('a')))", "0"),
};

FUNCTION_FAMILY(dictionary_parts, "Dictionaries of LowCardinality");
