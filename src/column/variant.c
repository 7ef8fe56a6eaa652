// SPDX-License-Identifier: Apache-2.0
#include "column/variant.h"

#include <assert.h>

/* ---- types ---- */

struct named_member {
	struct str name;
	const struct type *type;
};

static void add_member(struct arena *a, struct named_member *list, uint32_t *n, const struct type *t)
{
	if (t->id == TYPE_VARIANT) {
		for (uint32_t k = 1; k < t->child_count; k++)
			add_member(a, list, n, t->children[k]);
		return;
	}
	if (t->id == TYPE_NOTHING)
		return;
	t = type_not_nullable(a, t);
	struct str name = type_name(a, t);
	uint32_t at = 0;
	while (at < *n && str_compare(list[at].name, name) < 0)
		at++;
	if (at < *n && str_eq(list[at].name, name))
		return;
	memmove(list + at + 1, list + at, (*n - at) * sizeof *list);
	list[at] = (struct named_member){name, t};
	++*n;
}

const struct type *type_variant(struct arena *a, const struct type *const *members, uint32_t n)
{
	uint32_t room = n, count = 0;
	for (uint32_t i = 0; i < n; i++)
		room += members[i]->child_count;
	struct named_member *list = ARENA_ARRAY(a, struct named_member, room + 1);
	for (uint32_t i = 0; i < n; i++)
		add_member(a, list, &count, members[i]);
	struct type *t = arena_copy(a, type_simple(TYPE_VARIANT), sizeof *t);
	t->nullable = true;
	t->child_count = count + 1;
	t->children = ARENA_ARRAY(a, const struct type *, count + 1);
	t->children[0] = type_simple(TYPE_UINT8);
	for (uint32_t i = 0; i < count; i++)
		t->children[i + 1] = list[i].type;
	return t;
}

uint32_t variant_code(const struct type *variant, const struct type *member)
{
	struct type plain = *member;
	plain.nullable = false;
	for (uint32_t k = 1; k < variant->child_count; k++)
		if (type_equal(variant->children[k], &plain))
			return k;
	/* faces and names of PostgreSQL do not tell members apart */
	for (uint32_t k = 1; k < variant->child_count; k++)
		if (variant->children[k]->id == plain.id && type_equal_physical(variant->children[k], &plain))
			return k;
	return 0;
}

enum status type_common_or_variant(struct arena *a, const struct type *const *types, uint32_t n,
                                   const struct type **out, struct error *err)
{
	bool any = false;
	uint32_t members = 0;
	for (uint32_t i = 0; i < n; i++) {
		any = any || types[i]->id == TYPE_VARIANT;
		members += types[i]->id == TYPE_VARIANT ? types[i]->child_count - 1 : 1;
	}
	if (!any) {
		struct error ignored;
		error_init(&ignored);
		enum status s = type_common(a, types, n, out, &ignored);
		if (s != E_NO_COMMON_TYPE)
			return s == OK ? OK : type_common(a, types, n, out, err);
	}
	for (uint32_t i = 0; i < n; i++)
		if (types[i]->id == TYPE_AGGSTATE || types[i]->id == TYPE_NUMERIC || types[i]->id == TYPE_PGINTERVAL)
			return type_common(a, types, n, out, err);
	if (members > VARIANT_MEMBERS_MAX)
		return ERR(err, E_BAD_ARGUMENTS, "Variant type with more than %d nested types is not allowed", VARIANT_MEMBERS_MAX);
	*out = type_variant(a, types, n);
	return OK;
}

/* ---- vectors ---- */

enum status variant_codes(struct memtrack *track, const struct vector *v, struct vector **out, struct error *err)
{
	assert(v->form == VECTOR_FLAT && v->type->id == TYPE_VARIANT);
	struct vector *flat, *own;
	if (v->children[0]->form == VECTOR_CONST && v->children[0]->count < v->count) {
		struct vector *repeated;
		TRY(vector_constant(track, v->children[0], 0, v->count, &repeated, err));
		enum status s = vector_flatten(track, repeated, &flat, err);
		vector_unref(repeated);
		TRY(s);
	} else {
		TRY(vector_flatten(track, v->children[0], &flat, err));
	}
	enum status s = vector_new(track, flat->type, v->count, &own, err);
	for (uint32_t i = 0; s == OK && i < v->count; i++)
		((uint8_t *)own->data)[i] = v->nulls != NULL && bit_get(v->nulls, i) ? 0 : ((const uint8_t *)flat->data)[i];
	vector_unref(flat);
	if (s == OK)
		*out = own;
	return s;
}

enum status variant_member(struct memtrack *track, const struct vector *v, uint32_t code, struct vector **out,
                           struct error *err)
{
	struct vector *codes, *gathered = NULL;
	struct buffer *rows = NULL;
	TRY(variant_codes(track, v, &codes, err));
	enum status s = buffer_new(track, ((size_t)v->count + 1) * sizeof(uint32_t), &rows, err);
	uint32_t n = 0;
	for (uint32_t i = 0; s == OK && i < v->count; i++)
		if (((const uint8_t *)codes->data)[i] == code)
			((uint32_t *)rows->data)[n++] = i;
	if (s == OK)
		s = vector_gather(track, v->children[code], (const uint32_t *)rows->data, n, &gathered, err);
	if (s == OK && gathered->form == VECTOR_CONST)
		gathered->count = n;
	if (s == OK)
		s = vector_flatten(track, gathered, out, err);
	vector_unref(gathered);
	vector_unref(codes);
	buffer_unref(rows);
	return s;
}

enum status variant_append(struct builder *b, uint32_t code, const struct vector *member, uint32_t row,
                           struct error *err)
{
	if (code == 0)
		return builder_null(b, err);
	TRY(builder_row(b->children[code], member, row, err));
	return variant_end(b, code, err);
}

enum status variant_end(struct builder *b, uint32_t code, struct error *err)
{
	uint8_t byte = (uint8_t)code;
	if (code == 0)
		return b->type->nullable ? builder_null(b, err) : builder_default(b, err);
	TRY(builder_fixed(b->children[0], &byte, err));
	for (uint32_t k = 1; k < b->child_count; k++)
		if (k != code)
			TRY(builder_default(b->children[k], err));
	return builder_end_tuple(b, err);
}

enum status variant_scatter(struct builder *b, const uint8_t *codes, uint32_t n, struct vector *const *dense,
                            struct error *err)
{
	uint32_t at[VARIANT_MEMBERS_MAX + 2] = {0};
	for (uint32_t i = 0; i < n; i++) {
		uint32_t code = codes[i];
		assert(code < b->child_count);
		TRY(variant_append(b, code, code == 0 ? NULL : dense[code - 1], code == 0 ? 0 : at[code]++, err));
	}
	return OK;
}

/* ---- texts ---- */

static unsigned parse_rank(const struct type *t)
{
	if (type_is_integer(t))
		return (unsigned)physical_size(type_physical(t)) * 2 + !type_is_signed(t);
	if (t->id == TYPE_BOOL)
		return 1;
	if (type_is_float(t) || type_is_decimal(t))
		return 100 + (unsigned)physical_size(type_physical(t));
	if (type_is_string(t))
		return t->id == TYPE_STRING ? 255 : 254;
	return 150 + t->id;
}

void variant_parse_order(const struct type *t, uint8_t *codes)
{
	uint32_t n = 0;
	for (uint32_t k = 1; k < t->child_count; k++) {
		uint32_t at = n++;
		for (; at > 0 && parse_rank(t->children[codes[at - 1]]) > parse_rank(t->children[k]); at--)
			codes[at] = codes[at - 1];
		codes[at] = (uint8_t)k;
	}
}
