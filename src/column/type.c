// SPDX-License-Identifier: Apache-2.0
#include "column/type.h"

#include <assert.h>

static const uint8_t type_physicals[TYPE_COUNT] = {
#define TYPE_ROW(id, name, phys, width, face) [TYPE_##id] = PHYS_##phys,
#include "column/types.def"
#undef TYPE_ROW
};

static const uint8_t type_widths[TYPE_COUNT] = {
#define TYPE_ROW(id, name, phys, width, face) [TYPE_##id] = width,
#include "column/types.def"
#undef TYPE_ROW
};

static const uint8_t type_faces[TYPE_COUNT] = {
#define TYPE_ROW(id, name, phys, width, face) [TYPE_##id] = FACE_##face,
#include "column/types.def"
#undef TYPE_ROW
};

static const uint8_t physical_sizes[PHYS_COUNT] = {
	[PHYS_I8] = 1, [PHYS_I16] = 2, [PHYS_I32] = 4, [PHYS_I64] = 8, [PHYS_I128] = 16, [PHYS_I256] = 32,
	[PHYS_U8] = 1, [PHYS_U16] = 2, [PHYS_U32] = 4, [PHYS_U64] = 8, [PHYS_U128] = 16, [PHYS_U256] = 32,
	[PHYS_F32] = 4, [PHYS_F64] = 8, [PHYS_STR] = 16,
};

static const struct type simple_types[TYPE_COUNT] = {
#define TYPE_ROW(type, name, phys, width, face) [TYPE_##type] = {.id = TYPE_##type, .typmod = -1},
#include "column/types.def"
#undef TYPE_ROW
};

enum physical type_physical(const struct type *t)
{
	return type_physicals[t->id];
}

size_t physical_size(enum physical p)
{
	assert(p < PHYS_COUNT);
	return physical_sizes[p];
}

size_t type_disk_size(const struct type *t)
{
	return t->id == TYPE_FIXEDSTRING ? t->length : type_widths[t->id];
}

enum face type_face(const struct type *t)
{
	if (t->face != FACE_DEFAULT)
		return t->face;
	if ((t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64) && t->tz != NULL)
		return FACE_TIMESTAMPTZ;
	return type_faces[t->id];
}

/* The array type over elements of a face: arrays of any depth have the innermost element's. */
uint32_t type_oid(const struct type *t)
{
	bool array = false;
	while (type_face(t) == FACE_ARRAY) {
		assert(t->id == TYPE_ARRAY);
		array = true;
		t = t->children[0];
	}
	if (t->face == FACE_ENUM)
		return (uint32_t)t->typmod + array;
	const struct face_info *f = face_info(type_face(t));
	return array ? f->array_oid : f->oid;
}

bool type_is_integer(const struct type *t)
{
	return t->id >= TYPE_INT8 && t->id <= TYPE_UINT256;
}

bool type_is_signed(const struct type *t)
{
	enum physical p = type_physical(t);
	return (p >= PHYS_I8 && p <= PHYS_I256) || p == PHYS_F32 || p == PHYS_F64 || t->id == TYPE_NUMERIC;
}

bool type_is_float(const struct type *t)
{
	return t->id == TYPE_FLOAT32 || t->id == TYPE_FLOAT64;
}

bool type_is_decimal(const struct type *t)
{
	return t->id >= TYPE_DECIMAL32 && t->id <= TYPE_DECIMAL256;
}

bool type_is_number(const struct type *t)
{
	return t->id >= TYPE_BOOL && t->id <= TYPE_NUMERIC;
}

bool type_is_string(const struct type *t)
{
	return t->id == TYPE_STRING || t->id == TYPE_FIXEDSTRING;
}

bool type_is_temporal(const struct type *t)
{
	return t->id >= TYPE_DATE && t->id <= TYPE_DATETIME64;
}

static bool equal_values(const struct type *a, const struct type *b)
{
	if (a->value_count != b->value_count)
		return false;
	for (uint32_t i = 0; i < a->value_count; i++)
		if (a->values[i].value != b->values[i].value || !str_eq(a->values[i].name, b->values[i].name))
			return false;
	return true;
}

static bool equal_names(const struct type *a, const struct type *b)
{
	if ((a->names == NULL) != (b->names == NULL))
		return false;
	for (uint32_t i = 0; a->names != NULL && i < a->child_count; i++)
		if (!str_eq(a->names[i], b->names[i]))
			return false;
	return true;
}

enum sameness {
	SAME_ALL,
	SAME_BYTES, /* names, faces and zones may differ */
	SAME_STATE, /* and dictionaries: what a state keeps is values */
};

static bool equal(const struct type *a, const struct type *b, enum sameness how)
{
	if (a == b)
		return true;
	if (a->id != b->id || a->nullable != b->nullable || a->precision != b->precision || a->scale != b->scale ||
	    a->length != b->length || a->child_count != b->child_count || !str_eq(a->aggregate, b->aggregate) ||
	    (a->low_cardinality != b->low_cardinality && how != SAME_STATE) || !equal_values(a, b))
		return false;
	if (how == SAME_ALL &&
	    (type_face(a) != type_face(b) || a->typmod != b->typmod || a->tz != b->tz || !equal_names(a, b)))
		return false;
	if (how == SAME_BYTES && a->id == TYPE_AGGSTATE)
		how = SAME_STATE;
	for (uint32_t i = 0; i < a->child_count; i++)
		if (!equal(a->children[i], b->children[i], how))
			return false;
	return true;
}

bool type_equal(const struct type *a, const struct type *b)
{
	return equal(a, b, SAME_ALL);
}

bool type_equal_physical(const struct type *a, const struct type *b)
{
	return equal(a, b, SAME_BYTES);
}

union type_default type_default_value(const struct type *t)
{
	union type_default d = {{0}};
	if (t->id == TYPE_ENUM8 && t->value_count != 0)
		d.i8 = (int8_t)t->values[0].value;
	else if (t->id == TYPE_ENUM16 && t->value_count != 0)
		d.i16 = t->values[0].value;
	return d;
}

uint32_t type_default_size(const struct type *t)
{
	enum { NUMERIC_ZERO_SIZE = 8 }; /* four zero words: numeric.h */
	return t->id == TYPE_FIXEDSTRING ? t->length : t->id == TYPE_NUMERIC ? NUMERIC_ZERO_SIZE : 0;
}

/* ---- building ---- */

const struct type *type_simple(enum type_id id)
{
	assert(id < TYPE_COUNT);
	return &simple_types[id];
}

static struct type *change(struct arena *a, const struct type *t)
{
	return arena_copy(a, t, sizeof *t);
}

static struct type *make(struct arena *a, enum type_id id)
{
	return change(a, type_simple(id));
}

const struct type *type_nullable(struct arena *a, const struct type *t)
{
	if (t->nullable)
		return t;
	struct type *c = change(a, t);
	c->nullable = true;
	return c;
}

const struct type *type_not_nullable(struct arena *a, const struct type *t)
{
	if (!t->nullable)
		return t;
	struct type *c = change(a, t);
	c->nullable = false;
	return c;
}

const struct type *type_plain(struct arena *a, const struct type *t)
{
	return type_low_cardinality(a, type_not_nullable(a, t), false);
}

const struct type *type_low_cardinality(struct arena *a, const struct type *t, bool low_cardinality)
{
	if (t->low_cardinality == low_cardinality)
		return t;
	struct type *c = change(a, t);
	c->low_cardinality = low_cardinality;
	return c;
}

const struct type *type_with_face(struct arena *a, const struct type *t, enum face face, int32_t typmod)
{
	if (t->face == face && t->typmod == typmod)
		return t;
	struct type *c = change(a, t);
	c->face = (uint8_t)face;
	c->typmod = typmod;
	return c;
}

const struct type *type_decimal(struct arena *a, unsigned precision, unsigned scale)
{
	assert(precision >= 1 && precision <= 76 && scale <= precision);
	enum type_id id = precision <= 9 ? TYPE_DECIMAL32 : precision <= 18 ? TYPE_DECIMAL64
	                : precision <= 38 ? TYPE_DECIMAL128 : TYPE_DECIMAL256;
	struct type *t = make(a, id);
	t->precision = (uint8_t)precision;
	t->scale = (uint8_t)scale;
	return t;
}

const struct type *type_datetime(struct arena *a, const struct timezone *tz)
{
	struct type *t = make(a, TYPE_DATETIME);
	t->tz = tz;
	return t;
}

const struct type *type_datetime64(struct arena *a, unsigned scale, const struct timezone *tz)
{
	assert(scale <= 9);
	struct type *t = make(a, TYPE_DATETIME64);
	t->scale = (uint8_t)scale;
	t->tz = tz;
	return t;
}

const struct type *type_time64(struct arena *a, unsigned scale)
{
	assert(scale <= 9);
	struct type *t = make(a, TYPE_TIME64);
	t->scale = (uint8_t)scale;
	return t;
}

const struct type *type_fixed_string(struct arena *a, uint32_t length)
{
	assert(length >= 1 && length <= FIXED_STRING_MAX);
	struct type *t = make(a, TYPE_FIXEDSTRING);
	t->length = length;
	return t;
}

const struct type *type_interval(struct arena *a, enum interval_unit unit)
{
	assert(unit < UNIT_COUNT);
	struct type *t = make(a, TYPE_INTERVAL);
	t->scale = (uint8_t)unit;
	return t;
}

const struct type *type_enum(struct arena *a, enum type_id id, const struct enum_value *values, uint32_t n)
{
	assert(id == TYPE_ENUM8 || id == TYPE_ENUM16);
	struct type *t = make(a, id);
	struct enum_value *sorted = arena_copy(a, values, n * sizeof *values);
	for (uint32_t i = 1; i < n; i++) /* nearly always in order already */
		for (uint32_t k = i; k > 0 && sorted[k - 1].value > sorted[k].value; k--) {
			struct enum_value swap = sorted[k];
			sorted[k] = sorted[k - 1];
			sorted[k - 1] = swap;
		}
	t->values = sorted;
	t->value_count = n;
	return t;
}

static struct type *make_nested(struct arena *a, enum type_id id, const struct type *const *children, uint32_t n)
{
	struct type *t = make(a, id);
	t->child_count = n;
	t->children = arena_copy(a, children, n * sizeof *children);
	return t;
}

const struct type *type_array(struct arena *a, const struct type *element)
{
	return make_nested(a, TYPE_ARRAY, &element, 1);
}

const struct type *type_map(struct arena *a, const struct type *key, const struct type *value)
{
	return make_nested(a, TYPE_MAP, (const struct type *const[]){key, value}, 2);
}

const struct type *type_tuple(struct arena *a, const struct type *const *elements, const struct str *names, uint32_t n)
{
	struct type *t = make_nested(a, TYPE_TUPLE, elements, n);
	if (names != NULL) {
		t->names = ARENA_ARRAY(a, struct str, n);
		for (uint32_t i = 0; i < n; i++)
			t->names[i] = arena_str(a, names[i]);
	}
	return t;
}

const struct type *type_aggregate(struct arena *a, struct str aggregate, const struct type *const *args, uint32_t n)
{
	struct type *t = make_nested(a, TYPE_AGGSTATE, args, n);
	t->aggregate = arena_str(a, aggregate);
	return t;
}

const struct type *type_copy(struct arena *a, const struct type *t)
{
	struct type *c = change(a, t);
	if (t->child_count != 0)
		c->children = ARENA_ARRAY(a, const struct type *, t->child_count);
	for (uint32_t i = 0; i < t->child_count; i++)
		c->children[i] = type_copy(a, t->children[i]);
	if (t->names != NULL) {
		c->names = ARENA_ARRAY(a, struct str, t->child_count);
		for (uint32_t i = 0; i < t->child_count; i++)
			c->names[i] = arena_str(a, t->names[i]);
	}
	if (t->value_count != 0) {
		struct enum_value *values = arena_copy(a, t->values, t->value_count * sizeof *values);
		for (uint32_t i = 0; i < t->value_count; i++)
			values[i].name = arena_str(a, values[i].name);
		c->values = values;
	}
	if (t->aggregate.size != 0)
		c->aggregate = arena_str(a, t->aggregate);
	if (t->simple_aggregate.size != 0)
		c->simple_aggregate = arena_str(a, t->simple_aggregate);
	if (t->alias.size != 0)
		c->alias = arena_str(a, t->alias);
	return c;
}
