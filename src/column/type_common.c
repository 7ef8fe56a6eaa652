// SPDX-License-Identifier: Apache-2.0
/* The least type that holds the values of several types, by ClickHouse's rules. */
#include "base/strbuf.h"
#include "column/type.h"

/* What the inputs are, gathered in one pass. */
struct mix {
	struct arena *arena;
	const struct type **types; /* plain, Nothing left out */
	uint32_t n;
	uint32_t count[TYPE_COUNT];
};

static enum status no_common(const struct type *const *types, uint32_t n, struct arena *a, const char *why,
                             struct error *err)
{
	enum { NAMED_MAX = 10 };
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (uint32_t i = 0; i < n && i < NAMED_MAX; i++) {
		if (i != 0)
			strbuf_putz(&b, ", ");
		strbuf_puts(&b, type_name(a, types[i]));
	}
	enum status s = ERR(err, E_NO_COMMON_TYPE, "There is no supertype for types %s because %s", strbuf_cstr(&b), why);
	strbuf_fini(&b);
	return s;
}

static uint32_t count_between(const struct mix *m, enum type_id first, enum type_id last)
{
	uint32_t n = 0;
	for (enum type_id id = first; id <= last; id++)
		n += m->count[id];
	return n;
}

static bool all_equal(const struct type *const *types, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (!type_equal(types[0], types[i]))
			return false;
	return true;
}

/* Bits of the widest signed, unsigned and floating type. Bool counts as UInt8. */
static void widths(const struct mix *m, unsigned *is_signed, unsigned *is_unsigned, unsigned *is_float)
{
	*is_signed = *is_unsigned = *is_float = 0;
	for (uint32_t i = 0; i < m->n; i++) {
		const struct type *t = m->types[i];
		unsigned bits = (unsigned)physical_size(type_physical(t)) * 8;
		unsigned *to = type_is_float(t) ? is_float : type_is_integer(t) || t->id == TYPE_BOOL ? is_unsigned : NULL;
		if (to == is_unsigned && type_is_signed(t))
			to = is_signed;
		if (to != NULL && bits > *to)
			*to = bits;
	}
}

static unsigned log2_bytes(unsigned bits)
{
	unsigned n = 0;
	while (8u << n < bits)
		n++;
	return n;
}

static const char *common_integer_or_float(const struct mix *m, const struct type **out)
{
	unsigned is_signed, is_unsigned, is_float;
	widths(m, &is_signed, &is_unsigned, &is_float);
	unsigned integer = is_signed > is_unsigned ? is_signed : is_unsigned;
	if (is_float != 0) {
		/* an exact integer needs a mantissa of its width */
		unsigned bits = is_float == 64 || integer > 16 ? 64 : 32;
		if (integer > 32)
			return "some of them are integers and some are floating point, but there is no floating point type that can "
			       "exactly represent all required integers";
		*out = type_simple(bits == 64 ? TYPE_FLOAT64 : TYPE_FLOAT32);
		return NULL;
	}
	/* an unsigned type beside a signed one needs one bit more; 128 and 256 bits know one size more only */
	unsigned bits = is_signed == 0 || is_unsigned == 0 || is_signed > is_unsigned ? integer : is_unsigned * 2;
	if (is_signed != 0 && is_unsigned >= is_signed && (is_unsigned == 64 || bits > 256))
		return "some of them are signed integers and some are unsigned integers, but there is no signed integer type that "
		       "can exactly represent all required unsigned integer values";
	static const uint8_t signed_ids[] = {TYPE_INT8, TYPE_INT16, TYPE_INT32, TYPE_INT64, TYPE_INT128, TYPE_INT256};
	static const uint8_t unsigned_ids[] = {TYPE_UINT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT64, TYPE_UINT128, TYPE_UINT256};
	*out = type_simple((is_signed != 0 ? signed_ids : unsigned_ids)[log2_bytes(bits)]);
	return NULL;
}

/* Decimal digits that the integer part of a type needs. */
static unsigned integer_digits(const struct type *t)
{
	switch (physical_size(type_physical(t))) {
	case 1: return 3;
	case 2: return 5;
	case 4: return 10;
	case 8: return 20;
	case 16: return 39;
	default: return 78;
	}
}

static const char *common_decimal(const struct mix *m, const struct type **out)
{
	unsigned scale = 0, precision = 1;
	if (m->count[TYPE_FLOAT32] + m->count[TYPE_FLOAT64] != 0)
		return "some of them are Decimal and some are floating point";
	for (uint32_t i = 0; i < m->n; i++) {
		const struct type *t = m->types[i];
		if (type_is_decimal(t) && t->scale > scale)
			scale = t->scale;
	}
	for (uint32_t i = 0; i < m->n; i++) {
		const struct type *t = m->types[i];
		unsigned need = type_is_decimal(t) ? t->precision : integer_digits(t) + scale;
		precision = need > precision ? need : precision;
	}
	if (precision > 76)
		return "the required precision is greater than 76";
	*out = type_decimal(m->arena, precision <= 9 ? 9 : precision <= 18 ? 18 : precision <= 38 ? 38 : 76, scale);
	return NULL;
}

static const char *common_number(const struct mix *m, const struct type **out)
{
	uint32_t floats = m->count[TYPE_FLOAT32] + m->count[TYPE_FLOAT64];
	if (m->count[TYPE_NUMERIC] != 0) {
		*out = type_simple(floats != 0 ? TYPE_FLOAT64 : TYPE_NUMERIC);
		return NULL;
	}
	if (count_between(m, TYPE_DECIMAL32, TYPE_DECIMAL256) != 0)
		return common_decimal(m, out);
	if (m->count[TYPE_BOOL] + m->count[TYPE_UINT8] == m->n) { /* one stored type under two names: the first's */
		*out = m->types[0];
		return NULL;
	}
	return common_integer_or_float(m, out);
}

/* The zone of the first of the types that the result is made of. */
static const char *common_temporal(const struct mix *m, const struct type **out)
{
	const struct type *first = NULL;
	bool wide = m->count[TYPE_DATETIME64] != 0;
	if (m->count[TYPE_DATETIME] + m->count[TYPE_DATETIME64] == 0) {
		*out = type_simple(TYPE_DATE32);
		return NULL;
	}
	for (uint32_t i = 0; i < m->n; i++) {
		const struct type *t = m->types[i];
		if (t->id == TYPE_DATETIME64 && (first == NULL || first->id != TYPE_DATETIME64 || t->scale > first->scale))
			first = t;
		else if (t->id == TYPE_DATETIME && first == NULL)
			first = t;
	}
	if (wide || m->count[TYPE_DATE32] != 0)
		*out = type_datetime64(m->arena, wide ? first->scale : 0, first->tz);
	else
		*out = type_datetime(m->arena, first->tz);
	return NULL;
}

static const char *common_interval(const struct mix *m, const struct type **out)
{
	unsigned unit = UNIT_COUNT;
	bool months = false, shorter = false;
	for (uint32_t i = 0; i < m->n; i++) {
		unit = m->types[i]->scale < unit ? m->types[i]->scale : unit;
		months |= m->types[i]->scale >= UNIT_MONTH;
		shorter |= m->types[i]->scale < UNIT_MONTH;
	}
	if (months && shorter)
		return "some of them are intervals of months and some of days or less";
	*out = type_interval(m->arena, unit);
	return NULL;
}

/* Child by child; names stay where all agree. */
static enum status common_children(const struct mix *m, const struct type **out, struct error *err)
{
	const struct type *first = m->types[0];
	uint32_t n = first->child_count;
	bool named = first->names != NULL;
	const struct type **children = ARENA_ARRAY(m->arena, const struct type *, n), **column =
		ARENA_ARRAY(m->arena, const struct type *, m->n);
	for (uint32_t i = 1; i < m->n; i++) {
		if (m->types[i]->child_count != n)
			return no_common(m->types, m->n, m->arena, "Tuples have different sizes", err);
		for (uint32_t k = 0; named && k < n; k++)
			named = m->types[i]->names != NULL && str_eq(m->types[i]->names[k], first->names[k]);
	}
	for (uint32_t k = 0; k < n; k++) {
		for (uint32_t i = 0; i < m->n; i++)
			column[i] = m->types[i]->children[k];
		TRY(type_common(m->arena, column, m->n, &children[k], err));
	}
	if (first->id == TYPE_ARRAY)
		*out = type_array(m->arena, children[0]);
	else if (first->id == TYPE_MAP)
		*out = type_map(m->arena, children[0], children[1]);
	else
		*out = type_tuple(m->arena, children, named ? first->names : NULL, n);
	return OK;
}

static enum status common_plain(const struct mix *m, const struct type **out, struct error *err)
{
	uint32_t n = m->n;
	const char *why = "of their different kinds";
	enum type_id id = m->types[0]->id;
	uint32_t enums = m->count[TYPE_ENUM8] + m->count[TYPE_ENUM16];
	uint32_t strings = m->count[TYPE_STRING] + m->count[TYPE_FIXEDSTRING];
	if ((id == TYPE_ARRAY || id == TYPE_TUPLE || id == TYPE_MAP) && m->count[id] == n)
		return common_children(m, out, err);
	if (strings != 0) {
		*out = type_simple(TYPE_STRING);
		why = strings + enums == n ? NULL : "some of them are String/FixedString/Enum and some of them are not";
	} else if (enums != 0) {
		*out = type_simple(m->count[TYPE_ENUM16] != 0 ? TYPE_INT16 : TYPE_INT8);
		why = enums == n ? NULL : "some of them are Enum and some of them are not";
	} else if (count_between(m, TYPE_BOOL, TYPE_NUMERIC) == n) {
		why = common_number(m, out);
	} else if (count_between(m, TYPE_DATE, TYPE_DATETIME64) == n) {
		why = common_temporal(m, out);
	} else if (m->count[TYPE_TIME] + m->count[TYPE_TIME64] == n) {
		unsigned scale = 0;
		for (uint32_t i = 0; i < n; i++)
			scale = m->types[i]->scale > scale ? m->types[i]->scale : scale;
		*out = m->count[TYPE_TIME64] != 0 ? type_time64(m->arena, scale) : type_simple(TYPE_TIME);
		why = NULL;
	} else if (m->count[TYPE_INTERVAL] == n) {
		why = common_interval(m, out);
	} else if (m->count[TYPE_INTERVAL] + m->count[TYPE_PGINTERVAL] == n) {
		*out = type_simple(TYPE_PGINTERVAL);
		why = NULL;
	} else if (m->count[id] == n && type_equal_physical(m->types[0], m->types[n - 1]) && id != TYPE_AGGSTATE) {
		*out = type_simple(id);
		why = NULL;
	}
	return why == NULL ? OK : no_common(m->types, n, m->arena, why, err);
}

/* A face that all inputs share stays; its typmod too, where they agree. */
static const struct type *keep_face(const struct mix *m, const struct type *t)
{
	const struct type *first = m->types[0];
	bool same_face = first->face != FACE_DEFAULT, same_typmod = true;
	for (uint32_t i = 0; i < m->n; i++) {
		same_face = same_face && m->types[i]->face == first->face && m->types[i]->id == t->id;
		same_typmod = same_typmod && m->types[i]->typmod == first->typmod;
	}
	return same_face ? type_with_face(m->arena, t, first->face, same_typmod ? first->typmod : -1) : t;
}

enum status type_common(struct arena *a, const struct type *const *types, uint32_t n, const struct type **out,
                        struct error *err)
{
	struct mix m = {.arena = a};
	bool nullable = false, low_cardinality = n != 0;
	if (n != 0 && all_equal(types, n)) {
		*out = types[0];
		return OK;
	}
	m.types = ARENA_ARRAY(a, const struct type *, n);
	for (uint32_t i = 0; i < n; i++) {
		nullable = nullable || types[i]->nullable;
		if (types[i]->id == TYPE_NOTHING)
			continue;
		low_cardinality = low_cardinality && types[i]->low_cardinality;
		m.types[m.n++] = type_plain(a, types[i]);
		m.count[types[i]->id]++;
	}
	const struct type *t = type_simple(TYPE_NOTHING);
	if (m.n != 0 && all_equal(m.types, m.n)) {
		t = m.types[0];
	} else if (m.n != 0) {
		TRY(common_plain(&m, &t, err));
		t = keep_face(&m, t);
	}
	if (nullable) /* arrays too: in expressions they can be NULL */
		t = type_nullable(a, t);
	*out = type_low_cardinality(a, t, low_cardinality && m.n != 0);
	return OK;
}
