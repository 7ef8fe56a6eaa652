// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's binary forms (send and receive functions), by face. All integers are big-endian. */
#include <assert.h>

#include "base/utf8.h"
#include "column/value_parse_impl.h"
#include "column/value_pg_impl.h"

#define PG_EPOCH_US INT64_C(946684800000000) /* 2000-01-01 since 1970 */
enum { PG_EPOCH_DAYS = 10957, JSONB_VERSION = 1, AF_V4 = 2, AF_V6 = 3, DIMENSIONS_MAX = 6 };

static uint64_t get_be(const char *p, unsigned bytes)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

/* ---- writing ---- */

static u256 load_integer(enum physical p, const void *data, uint32_t i)
{
	i128 narrow;
	u256 wide;
	switch (p) {
	case PHYS_I8: return i256_from_i64(((const int8_t *)data)[i]);
	case PHYS_I16: return i256_from_i64(((const int16_t *)data)[i]);
	case PHYS_I32: return i256_from_i64(((const int32_t *)data)[i]);
	case PHYS_I64: return i256_from_i64(((const int64_t *)data)[i]);
	case PHYS_U8: return u256_from_u64(((const uint8_t *)data)[i]);
	case PHYS_U16: return u256_from_u64(((const uint16_t *)data)[i]);
	case PHYS_U32: return u256_from_u64(((const uint32_t *)data)[i]);
	case PHYS_U64: return u256_from_u64(((const uint64_t *)data)[i]);
	case PHYS_I128:
	case PHYS_U128:
		memcpy(&narrow, (const char *)data + (size_t)i * 16, 16);
		return p == PHYS_I128 ? i256_from_i128(narrow) : u256_from_u128((u128)narrow);
	default:
		memcpy(&wide, (const char *)data + (size_t)i * 32, 32);
		return wide;
	}
}

static enum status write_integer(struct strbuf *to, const struct vector *v, uint32_t i, unsigned bytes,
                                 struct error *err)
{
	enum face f = type_face(v->type);
	i256 wide = load_integer(type_physical(v->type), v->data, i);
	int64_t value;
	if (unlikely(i256_to_i64(wide, &value) || !pg_integer_fits(f, wide)))
		return ERR(err, E_OUT_OF_RANGE, "value is out of range for type %s", face_info(f)->sql);
	strbuf_put_be(to, (uint64_t)value, bytes);
	return OK;
}

static enum status write_numeric_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	struct numeric n;
	const struct type *t = v->type;
	enum numeric_sign sign;
	numeric_init(&n);
	i256 wide = load_integer(type_physical(t), v->data, i);
	enum status s = OK;
	if (pg_is_bare_numeric(t) && decimal_is_special(wide, &sign))
		numeric_set_special(&n, sign);
	else if (type_physical(t) == PHYS_U256)
		s = numeric_from_u256(&n, wide, err);
	else
		s = numeric_from_i256(&n, wide, type_is_decimal(t) ? t->scale : 0, err);
	if (s == OK) {
		if (pg_is_bare_numeric(t))
			numeric_trim_scale(&n);
		numeric_encode(&n, to);
	}
	numeric_fini(&n);
	return s;
}

static void write_uuid(struct strbuf *to, const void *data, uint32_t i)
{
	uint64_t halves[2];
	memcpy(halves, (const char *)data + (size_t)i * 16, 16);
	strbuf_put_be(to, halves[0], 8);
	strbuf_put_be(to, halves[1], 8);
}

static void write_timestamp(struct strbuf *to, const struct vector *v, uint32_t i)
{
	const struct type *t = v->type;
	int64_t us = pg_timestamp_us(t, v->data, i);
	bool infinite = t->face != FACE_DEFAULT && (us == INT64_MAX || us == INT64_MIN);
	if (!infinite && type_face(t) == FACE_TIMESTAMP && t->tz != NULL && !timezone_is_utc(t->tz))
		us += (int64_t)timezone_offset(t->tz, us / 1000000 - (us % 1000000 < 0)) * 1000000;
	if (!infinite && __builtin_sub_overflow(us, PG_EPOCH_US, &us))
		us = INT64_MIN + 1;
	strbuf_put_be(to, (uint64_t)us, 8);
}

static void write_inet(struct strbuf *to, const struct inet_value *v, bool cidr)
{
	char head[4] = {v->v6 ? AF_V6 : AF_V4, (char)v->bits, cidr, v->v6 ? 16 : 4};
	strbuf_put(to, head, sizeof head);
	if (v->v6)
		strbuf_put_be(to, (uint64_t)(v->address >> 64), 8);
	strbuf_put_be(to, (uint64_t)v->address, v->v6 ? 8 : 4);
}

static enum status write_address(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	struct inet_value a = {0, false, 32};
	bool cidr = type_face(v->type) == FACE_CIDR;
	if (v->type->id == TYPE_IPV4) {
		a.address = ((const uint32_t *)v->data)[i];
	} else if (v->type->id == TYPE_IPV6) {
		memcpy(&a.address, (const char *)v->data + (size_t)i * 16, 16);
		a.v6 = true;
		a.bits = 128;
	} else if (!inet_parse(pg_string_of(v, i), cidr, &a)) {
		return ERR(err, E_INCORRECT_DATA, "a stored value is no address");
	}
	write_inet(to, &a, cidr);
	return OK;
}

/* The array's shape: all rows of one depth must be equally long. */
static enum status array_shape(const struct vector *v, uint32_t i, uint32_t *dims, unsigned *ndim, bool *empty,
                               struct error *err)
{
	uint32_t from = i, to = i + 1;
	*ndim = 0;
	*empty = false;
	for (;;) {
		uint32_t length = 0, first = 0, last = 0;
		for (uint32_t r = from; r < to; r++) {
			const struct vector *at;
			uint32_t row = vector_index(v, r, &at);
			const uint32_t *offsets = at->data;
			if (r == from) {
				length = offsets[row + 1] - offsets[row];
				first = offsets[row];
			} else if (offsets[row + 1] - offsets[row] != length) {
				return ERR(err, E_SIZES_OF_ARRAYS, "multidimensional arrays must have array expressions with matching dimensions");
			}
			last = offsets[row + 1];
		}
		if (*ndim == DIMENSIONS_MAX)
			return ERR(err, E_LIMIT_EXCEEDED, "number of array dimensions exceeds the maximum allowed (%d)", DIMENSIONS_MAX);
		dims[(*ndim)++] = length;
		*empty |= length == 0;
		const struct vector *at;
		vector_index(v, from, &at);
		v = at->children[0];
		if (type_face(v->type) != FACE_ARRAY || *empty)
			return OK;
		from = first;
		to = last;
	}
}

static enum status write_elements(struct strbuf *to, const struct vector *v, uint32_t i, bool *has_nulls,
                                  struct error *err)
{
	const struct vector *at;
	i = vector_index(v, i, &at);
	const uint32_t *offsets = at->data;
	const struct vector *elements = at->children[0];
	bool nested = type_face(elements->type) == FACE_ARRAY;
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (nested) {
			TRY(write_elements(to, elements, e, has_nulls, err));
			continue;
		}
		if (vector_is_null(elements, e)) {
			strbuf_put_be(to, UINT32_MAX, 4);
			*has_nulls = true;
			continue;
		}
		size_t start = to->size;
		strbuf_put_be(to, 0, 4);
		TRY(value_write_pg_binary(to, elements, e, err));
		uint32_t size = __builtin_bswap32((uint32_t)(to->size - start - 4));
		if (!to->failed)
			memcpy(to->data + start, &size, 4);
	}
	return OK;
}

static enum status write_array_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	uint32_t dims[DIMENSIONS_MAX];
	unsigned ndim;
	bool empty, has_nulls = false;
	const struct type *leaf = v->type->children[0];
	int bound = type_face(v->type) == FACE_ARRAY ? 1 : 0; /* int2vector and oidvector count from 0 */
	while (type_face(leaf) == FACE_ARRAY)
		leaf = leaf->children[0];
	TRY(array_shape(v, i, dims, &ndim, &empty, err));
	size_t start = to->size;
	strbuf_put_be(to, empty ? 0 : ndim, 4);
	strbuf_put_be(to, 0, 4);
	strbuf_put_be(to, type_oid(leaf), 4);
	if (empty)
		return OK;
	for (unsigned d = 0; d < ndim; d++) {
		strbuf_put_be(to, dims[d], 4);
		strbuf_put_be(to, (uint64_t)bound, 4);
	}
	TRY(write_elements(to, v, i, &has_nulls, err));
	if (has_nulls && !to->failed)
		to->data[start + 7] = 1;
	return OK;
}

/* pgvector: int16 dimensions, int16 unused, float4s. */
static enum status write_vector_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	const uint32_t *offsets = v->data;
	strbuf_put_be(to, offsets[i + 1] - offsets[i], 2);
	strbuf_put_be(to, 0, 2);
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++)
		TRY(value_write_pg_binary(to, v->children[0], e, err));
	return OK;
}

static void write_jsonb(struct strbuf *to, const struct vector *v, uint32_t i)
{
	strbuf_putc(to, JSONB_VERSION);
	value_write(to, v, i, VALUE_PG, NULL);
}

static void write_float(struct strbuf *to, const struct vector *v, uint32_t i)
{
	uint32_t narrow;
	uint64_t wide;
	if (type_physical(v->type) == PHYS_F32) {
		memcpy(&narrow, (const char *)v->data + (size_t)i * 4, 4);
		strbuf_put_be(to, narrow, 4);
	} else {
		memcpy(&wide, (const char *)v->data + (size_t)i * 8, 8);
		strbuf_put_be(to, wide, 8);
	}
}

static void write_interval(struct strbuf *to, const struct vector *v, uint32_t i)
{
	struct pginterval p = pg_interval_of(v, i);
	strbuf_put_be(to, (uint64_t)p.us, 8);
	strbuf_put_be(to, (uint64_t)(uint32_t)p.days, 4);
	strbuf_put_be(to, (uint64_t)(uint32_t)p.months, 4);
}

static enum status write_string_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	enum face f = type_face(v->type);
	if (f == FACE_INET || f == FACE_CIDR)
		return write_address(to, v, i, err);
	if (f == FACE_JSONB)
		strbuf_putc(to, JSONB_VERSION);
	strbuf_puts(to, pg_string_of(v, i));
	return OK;
}

static enum status write_date(struct strbuf *to, const struct vector *v, uint32_t i)
{
	int32_t days = pg_date_days(v->type, v->data, i);
	if (v->type->face == FACE_DEFAULT || (days != INT32_MAX && days != INT32_MIN))
		days = __builtin_sub_overflow(days, PG_EPOCH_DAYS, &days) ? INT32_MIN + 1 : days;
	strbuf_put_be(to, (uint32_t)days, 4);
	return OK;
}

static enum status write_number(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	switch (type_face(v->type)) {
	case FACE_INT2: return write_integer(to, v, i, 2, err);
	case FACE_INT8: return write_integer(to, v, i, 8, err);
	case FACE_NUMERIC: return write_numeric_binary(to, v, i, err);
	default: return write_integer(to, v, i, 4, err); /* int4 and the OID types */
	}
}

/* A row value: its number of fields, then OID, size and bytes of each. */
static enum status write_record_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	strbuf_put_be(to, v->child_count, 4);
	for (uint32_t c = 0; c < v->child_count; c++) {
		const struct vector *field = v->children[c];
		strbuf_put_be(to, type_oid(field->type), 4);
		if (vector_is_null(field, i) || field->type->id == TYPE_NOTHING) {
			strbuf_put_be(to, UINT32_MAX, 4);
			continue;
		}
		size_t at = to->size;
		strbuf_put_be(to, 0, 4);
		TRY(value_write_pg_binary(to, field, i, err));
		if (to->failed)
			break;
		uint32_t size = __builtin_bswap32((uint32_t)(to->size - at - 4));
		memcpy(to->data + at, &size, 4);
	}
	return OK;
}

enum status value_write_pg_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err)
{
	const struct vector *at;
	i = vector_index(v, i, &at);
	const struct type *t = at->type;
	enum face f = type_face(t);
	switch ((enum type_id)t->id) {
	case TYPE_BOOL: strbuf_putc(to, ((const uint8_t *)at->data)[i] != 0); return OK;
	case TYPE_FLOAT32: case TYPE_FLOAT64: write_float(to, at, i); return OK;
	case TYPE_DECIMAL32: case TYPE_DECIMAL64: case TYPE_DECIMAL128: case TYPE_DECIMAL256:
		return write_numeric_binary(to, at, i, err);
	case TYPE_NUMERIC: strbuf_puts(to, strview_str(&((const struct strview *)at->data)[i])); return OK;
	case TYPE_STRING: case TYPE_FIXEDSTRING: case TYPE_AGGSTATE: return write_string_binary(to, at, i, err);
	case TYPE_ENUM8: case TYPE_ENUM16: strbuf_puts(to, enum_name(t, at->data, i)); return OK;
	case TYPE_UUID: write_uuid(to, at->data, i); return OK;
	case TYPE_DATE: case TYPE_DATE32: return write_date(to, at, i);
	case TYPE_DATETIME: case TYPE_DATETIME64: write_timestamp(to, at, i); return OK;
	case TYPE_TIME: case TYPE_TIME64: strbuf_put_be(to, (uint64_t)pg_time_us(t, at->data, i), 8); return OK;
	case TYPE_INTERVAL: case TYPE_PGINTERVAL: write_interval(to, at, i); return OK;
	case TYPE_IPV4: case TYPE_IPV6: return write_address(to, at, i, err);
	case TYPE_ARRAY:
		return f == FACE_VECTOR ? write_vector_binary(to, at, i, err) : write_array_binary(to, at, i, err);
	case TYPE_VARIANT: /* text */
		value_write(to, at, i, VALUE_PG, NULL);
		return OK;
	case TYPE_TUPLE: case TYPE_MAP:
		if (f == FACE_RECORD)
			return write_record_binary(to, at, i, err);
		if (f == FACE_INTERVAL)
			write_interval(to, at, i);
		else
			write_jsonb(to, at, i);
		return OK;
	case TYPE_NOTHING: case TYPE_LAMBDA: return OK;
	default: return write_number(to, at, i, err);
	}
}

/* ---- reading ---- */

static enum status bad_size(const struct builder *b, struct error *err)
{
	return ERR(err, E_BAD_COPY_FORMAT, "incorrect binary data format: wrong size of a value of type %s",
	           face_info(type_face(b->type))->sql);
}

static enum status read_numeric(struct builder *b, struct str s, struct error *err)
{
	struct numeric n;
	i256 v;
	numeric_init(&n);
	enum status status = numeric_decode(&n, s, err);
	if (status == OK && b->type->id == TYPE_NUMERIC)
		status = pg_append_wire_numeric(b, &n, err);
	else if (status == OK && type_is_decimal(b->type))
		status = pg_append_numeric(b, &n, err);
	else if (status == OK && b->type->id == TYPE_UINT256 && numeric_to_u256(&n, &v))
		status = builder_fixed(b, &v, err);
	else if (status == OK)
		status = numeric_to_i256(&n, 0, &v) ? pg_append_integer(b, v, STR("numeric"), err)
		                                    : ERR(err, E_OUT_OF_RANGE, "numeric value is out of range");
	numeric_fini(&n);
	return status;
}

static enum status read_integer(struct builder *b, struct str s, struct error *err)
{
	enum face f = type_face(b->type);
	unsigned bytes = f == FACE_INT2 ? 2 : f == FACE_INT8 ? 8 : 4;
	if (f == FACE_NUMERIC)
		return read_numeric(b, s, err);
	if (s.size != bytes)
		return bad_size(b, err);
	uint64_t raw = get_be(s.data, bytes);
	int64_t v = bytes == 2 ? (int16_t)raw : bytes == 8 ? (int64_t)raw : f == FACE_INT4 ? (int32_t)raw : (int64_t)raw;
	char text[24];
	unsigned n = i128_format(v, text);
	return pg_append_integer(b, i256_from_i64(v), str_make(text, n), err);
}

static enum status read_float(struct builder *b, struct str s, struct error *err)
{
	if (s.size != physical_size(b->physical))
		return bad_size(b, err);
	uint64_t bits = get_be(s.data, (unsigned)s.size); /* the low half of it is a float */
	return builder_fixed(b, &bits, err);
}

static enum status read_uuid(struct builder *b, struct str s, struct error *err)
{
	if (s.size != 16)
		return bad_size(b, err);
	uint64_t halves[2] = {get_be(s.data, 8), get_be(s.data + 8, 8)};
	return builder_fixed(b, halves, err);
}

static enum status read_date(struct builder *b, struct str s, struct error *err)
{
	if (s.size != 4)
		return bad_size(b, err);
	int32_t days = (int32_t)get_be(s.data, 4);
	bool infinite = days == INT32_MAX || days == INT32_MIN;
	return append_days(b, infinite ? days : (int64_t)days + PG_EPOCH_DAYS, STR("date"), err);
}

static enum status read_timestamp(struct builder *b, struct str s, struct error *err)
{
	const struct type *t = b->type;
	if (s.size != 8)
		return bad_size(b, err);
	int64_t us = (int64_t)get_be(s.data, 8);
	if (us != INT64_MAX && us != INT64_MIN) {
		if (__builtin_add_overflow(us, PG_EPOCH_US, &us))
			return ERR(err, E_DATETIME_OVERFLOW, "timestamp out of range");
		if (type_face(t) == FACE_TIMESTAMP && t->tz != NULL && !timezone_is_utc(t->tz)) {
			int64_t local = us / 1000000 - (us % 1000000 < 0);
			us += (timezone_to_utc(t->tz, local) - local) * 1000000;
		}
	}
	return pg_append_timestamp(b, us, STR("timestamp"), err);
}

static enum status read_time(struct builder *b, struct str s, struct error *err)
{
	if (s.size != 8)
		return bad_size(b, err);
	int64_t us = (int64_t)get_be(s.data, 8);
	if (us < 0 || us > INT64_C(86400000000))
		return ERR(err, E_DATETIME_OVERFLOW, "time out of range");
	return pg_append_time(b, us, STR("time"), err);
}

static enum status read_interval(struct builder *b, struct str s, struct error *err)
{
	if (s.size != 16)
		return bad_size(b, err);
	struct pginterval v = {(int64_t)get_be(s.data, 8), (int32_t)get_be(s.data + 8, 4), (int32_t)get_be(s.data + 12, 4)};
	return pg_append_interval(b, v, err);
}

static enum status read_inet(struct builder *b, struct str s, struct error *err)
{
	bool v6 = s.size == 20 && s.data[0] == AF_V6 && s.data[3] == 16;
	bool v4 = s.size == 8 && s.data[0] == AF_V4 && s.data[3] == 4;
	if ((!v4 && !v6) || (uint8_t)s.data[1] > (v6 ? 128 : 32))
		return bad_size(b, err);
	struct inet_value v = {0, v6, (uint8_t)s.data[1]};
	v.address = v6 ? (u128)get_be(s.data + 4, 8) << 64 | get_be(s.data + 12, 8) : get_be(s.data + 4, 4);
	return pg_append_inet(b, &v, STR("inet"), err);
}

static enum status read_json(struct builder *b, struct str s, struct error *err)
{
	if (type_face(b->type) == FACE_JSONB) {
		if (s.size == 0 || s.data[0] != JSONB_VERSION)
			return ERR(err, E_BAD_COPY_FORMAT, "unsupported jsonb version number");
		s = str_make(s.data + 1, s.size - 1);
	}
	if (b->physical == PHYS_STR)
		return pg_append_json(b, s, err);
	return parse_pg_text(b, s, &value_options_default, err);
}

static enum status read_string(struct builder *b, struct str s, struct error *err)
{
	switch (type_face(b->type)) {
	case FACE_BYTEA:
		return b->type->id == TYPE_FIXEDSTRING ? append_fixed_string(b, s, err) : builder_string(b, s.data, s.size, err);
	case FACE_JSON:
	case FACE_JSONB: return read_json(b, s, err);
	case FACE_INET:
	case FACE_CIDR: return read_inet(b, s, err);
	default: return pg_append_text(b, s, err);
	}
}

/* Elements of dimension d and deeper, row-major. */
static enum status read_elements(struct builder *b, const char **p, const char *end, const uint32_t *dims,
                                 unsigned left,
                                 struct error *err)
{
	struct builder *elements = b->children[0];
	for (uint32_t e = 0; e < dims[0]; e++) {
		if (left > 1) {
			TRY(read_elements(elements, p, end, dims + 1, left - 1, err));
			continue;
		}
		if (end - *p < 4)
			return bad_size(b, err);
		int32_t size = (int32_t)get_be(*p, 4);
		*p += 4;
		if (size == -1) {
			TRY(parse_null(elements, &value_options_default, err));
			continue;
		}
		if (size < 0 || size > end - *p)
			return bad_size(b, err);
		TRY(value_read_pg_binary(elements, str_make(*p, (size_t)size), err));
		*p += size;
	}
	return builder_end_array(b, err);
}

static enum status read_array(struct builder *b, struct str s, struct error *err)
{
	uint32_t dims[DIMENSIONS_MAX];
	unsigned depth = 1, ndim;
	for (const struct type *t = b->type->children[0]; type_face(t) == FACE_ARRAY; t = t->children[0])
		depth++;
	if (s.size < 12)
		return bad_size(b, err);
	ndim = (unsigned)get_be(s.data, 4);
	if (ndim == 0)
		return builder_end_array(b, err);
	if (ndim > DIMENSIONS_MAX || s.size < 12 + 8 * (size_t)ndim)
		return bad_size(b, err);
	if (ndim != depth)
		return ERR(err, E_SIZES_OF_ARRAYS, "the array has %u dimensions, its type %u", ndim, depth);
	for (unsigned d = 0; d < ndim; d++)
		dims[d] = (uint32_t)get_be(s.data + 12 + 8 * d, 4);
	const char *p = s.data + 12 + 8 * ndim, *end = s.data + s.size;
	uint64_t total = 1;
	for (unsigned d = 0; d < ndim && total <= s.size; d++)
		total *= dims[d];
	if (total > s.size) /* an element takes four bytes at least */
		return bad_size(b, err);
	TRY(read_elements(b, &p, end, dims, ndim, err));
	return p == end ? OK : bad_size(b, err);
}

static enum status read_vector(struct builder *b, struct str s, struct error *err)
{
	uint32_t n = s.size < 4 ? 0 : (uint32_t)get_be(s.data, 2);
	if (s.size < 4 || s.size != 4 + 4 * (size_t)n)
		return bad_size(b, err);
	TRY(pg_check_dimensions(b, n, err));
	for (uint32_t e = 0; e < n; e++)
		TRY(value_read_pg_binary(b->children[0], str_make(s.data + 4 + 4 * (size_t)e, 4), err));
	return builder_end_array(b, err);
}

static enum status read_value(struct builder *b, struct str s, struct error *err)
{
	enum face f = type_face(b->type);
	uint8_t truth;
	switch ((enum type_id)b->type->id) {
	case TYPE_BOOL:
		if (s.size != 1)
			return bad_size(b, err);
		truth = s.data[0] != 0;
		return builder_fixed(b, &truth, err);
	case TYPE_FLOAT32: case TYPE_FLOAT64: return read_float(b, s, err);
	case TYPE_DECIMAL32: case TYPE_DECIMAL64: case TYPE_DECIMAL128: case TYPE_DECIMAL256: case TYPE_NUMERIC:
		return read_numeric(b, s, err);
	case TYPE_STRING: case TYPE_FIXEDSTRING: case TYPE_AGGSTATE: return read_string(b, s, err);
	case TYPE_ENUM8: case TYPE_ENUM16: case TYPE_VARIANT: return parse_pg_text(b, s, &value_options_default, err);
	case TYPE_UUID: return read_uuid(b, s, err);
	case TYPE_DATE: case TYPE_DATE32: return read_date(b, s, err);
	case TYPE_DATETIME: case TYPE_DATETIME64: return read_timestamp(b, s, err);
	case TYPE_TIME: case TYPE_TIME64: return read_time(b, s, err);
	case TYPE_INTERVAL: case TYPE_PGINTERVAL: return read_interval(b, s, err);
	case TYPE_IPV4: case TYPE_IPV6: return read_inet(b, s, err);
	case TYPE_ARRAY: return f == FACE_VECTOR ? read_vector(b, s, err) : read_array(b, s, err);
	case TYPE_TUPLE: case TYPE_MAP: return f == FACE_INTERVAL ? read_interval(b, s, err) : read_json(b, s, err);
	case TYPE_NOTHING: case TYPE_LAMBDA: return bad_size(b, err);
	default: return read_integer(b, s, err);
	}
}

enum status value_read_pg_binary(struct builder *to, struct str bytes, struct error *err)
{
	uint32_t count = to->count;
	enum status s = read_value(to, bytes, err);
	if (s != OK)
		builder_truncate(to, count);
	return s;
}
