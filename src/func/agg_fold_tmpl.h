// SPDX-License-Identifier: Apache-2.0
/*
 * Loops of an aggregate over one fixed-width argument whose state is a small struct. Define before including:
 *     FOLD_NAME            prefix of the functions
 *     FOLD_T               the argument's C type
 *     FOLD_STATE           the state's type
 *     FOLD_ADD(s, x)       statement: adds x to *s
 *     FOLD_MERGE(s, o)     statement: adds *o to *s
 * and get FOLD_NAME_add, _add_one and _merge. The macros are undefined again. Values may be unaligned, so they are
 * loaded by memcpy; the loop over one state keeps it in registers.
 */
#include "base/sort.h"
#define FOLD_FN(suffix) SORT_PASTE(FOLD_NAME, suffix)

static enum status FOLD_FN(_add)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	const char *data = v->data;
	if (rows == NULL) {
		for (uint32_t i = 0; i < count; i++) {
			FOLD_STATE *s = (FOLD_STATE *)(void *)(states[i] + offset);
			FOLD_T x;
			memcpy(&x, data + i * sizeof x, sizeof x);
			FOLD_ADD(s, x);
		}
	} else {
		for (uint32_t i = 0; i < count; i++) {
			FOLD_STATE *s = (FOLD_STATE *)(void *)(states[i] + offset);
			FOLD_T x;
			memcpy(&x, data + rows[i] * sizeof x, sizeof x);
			FOLD_ADD(s, x);
		}
	}
	vector_unref(v);
	return OK;
}

static enum status FOLD_FN(_add_one)(const struct aggregator *a, struct eval *e, char *state,
                                     const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	const char *data = v->data;
	FOLD_STATE local = *(FOLD_STATE *)(void *)state, *s = &local;
	if (rows == NULL) {
		for (uint32_t i = 0; i < count; i++) {
			FOLD_T x;
			memcpy(&x, data + i * sizeof x, sizeof x);
			FOLD_ADD(s, x);
		}
	} else {
		for (uint32_t i = 0; i < count; i++) {
			FOLD_T x;
			memcpy(&x, data + rows[i] * sizeof x, sizeof x);
			FOLD_ADD(s, x);
		}
	}
	*(FOLD_STATE *)(void *)state = local;
	vector_unref(v);
	return OK;
}

static enum status FOLD_FN(_merge)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		FOLD_STATE *s = (FOLD_STATE *)(void *)(states[i] + offset);
		const FOLD_STATE *o = (const FOLD_STATE *)(void *)(others[i] + other_offset);
		FOLD_MERGE(s, o);
	}
	return OK;
}

#undef FOLD_FN
#undef FOLD_NAME
#undef FOLD_T
#undef FOLD_STATE
#undef FOLD_ADD
#undef FOLD_MERGE
