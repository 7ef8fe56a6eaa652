// SPDX-License-Identifier: Apache-2.0
/* Values of fixed width as text. */
#include <math.h>

#include "base/fpconv.h"
#include "column/digits.h"
#include "column/pginterval.h"
#include "column/value_write_impl.h"

static char *put_bool(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	uint8_t v = ((const uint8_t *)data)[i];
	struct str own = v != 0 ? c->options->bool_true : c->options->bool_false;
	if (own.data != NULL && own.size < PUT_MAX &&
	    (c->mode == MODE_ESCAPED || c->mode == MODE_RAW || c->mode == MODE_CSV)) {
		memcpy(out, own.data, own.size);
		return out + own.size;
	}
	if (!c->options->bool_as_text && c->mode != MODE_JSON)
		return put_u64(out, v);
	memcpy(out, v != 0 ? "true" : "false", v != 0 ? 4 : 5);
	return out + (v != 0 ? 4 : 5);
}

static char *put_int8(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_i64(out, ((const int8_t *)data)[i]);
}

static char *put_int16(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_i64(out, ((const int16_t *)data)[i]);
}

static char *put_int32(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_i64(out, ((const int32_t *)data)[i]);
}

static char *put_int64(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_i64(out, ((const int64_t *)data)[i]);
}

static char *put_uint8(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_u64(out, ((const uint8_t *)data)[i]);
}

static char *put_uint16(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_u64(out, ((const uint16_t *)data)[i]);
}

static char *put_uint32(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_u64(out, ((const uint32_t *)data)[i]);
}

static char *put_uint64(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return put_u64(out, ((const uint64_t *)data)[i]);
}

static u128 load128(const void *data, uint32_t i)
{
	u128 v;
	memcpy(&v, (const char *)data + (size_t)i * 16, 16);
	return v;
}

static u256 load256(const void *data, uint32_t i)
{
	u256 v;
	memcpy(&v, (const char *)data + (size_t)i * 32, 32);
	return v;
}

static char *put_int128(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + i128_format((i128)load128(data, i), out);
}

static char *put_uint128(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + u128_format(load128(data, i), out);
}

static char *put_int256(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + i256_format(load256(data, i), out);
}

static char *put_uint256(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + u256_format(load256(data, i), out);
}

static char *put_null(char *out)
{
	memcpy(out, "null", 4);
	return out + 4;
}

static char *put_float32(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	float v = ((const float *)data)[i];
	if (unlikely(c->mode == MODE_JSON && !isfinite(v))) {
		if (!c->options->json_quote_denormals)
			return put_null(out);
		*out = '"';
		char *end = out + 1 + fp_format32_ch(v, out + 1);
		*end = '"';
		return end + 1;
	}
	return out + fp_format32_ch(v, out);
}

static char *put_float64(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	double v = ((const double *)data)[i];
	if (unlikely(c->mode == MODE_JSON && !isfinite(v))) {
		if (!c->options->json_quote_denormals)
			return put_null(out);
		*out = '"';
		char *end = out + 1 + fp_format64_ch(v, out + 1);
		*end = '"';
		return end + 1;
	}
	return out + fp_format64_ch(v, out);
}

static char *put_decimal32(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_decimal64(((const int32_t *)data)[i], c->type->scale, c->trailing_zeros, out);
}

static char *put_decimal64(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_decimal64(((const int64_t *)data)[i], c->type->scale, c->trailing_zeros, out);
}

static char *put_decimal128(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	i128 v = (i128)load128(data, i);
	return out + format_decimal(i256_from_i128(v), c->type->scale, c->trailing_zeros, out);
}

static char *put_decimal256(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_decimal(load256(data, i), c->type->scale, c->trailing_zeros, out);
}

static char *put_uuid(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_uuid(load128(data, i), out);
}

static char *put_ipv4(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_ipv4(((const uint32_t *)data)[i], out);
}

static char *put_ipv6(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_ipv6(load128(data, i), out);
}

static char *put_date16(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_date(((const uint16_t *)data)[i], out);
}

static char *put_date32(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_date(((const int32_t *)data)[i], out);
}

enum { OUTPUT_SIMPLE, OUTPUT_ISO, OUTPUT_TIMESTAMP };

/* The forms beside the simple one. */
static char *put_datetime_other(const struct put_context *c, int64_t ticks, unsigned scale, char *out)
{
	if (c->options->datetime_output == OUTPUT_ISO) {
		struct day_cache cache = {.day = INT64_MIN};
		out += format_datetime_cached(&cache, ticks, scale, timezone_utc(), 'T', out);
		*out = 'Z';
		return out + 1;
	}
	if (scale == 0)
		return put_i64(out, ticks);
	return out + format_decimal64(ticks, scale, true, out);
}

static char *put_datetime(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	uint32_t v = ((const uint32_t *)data)[i];
	if (unlikely(c->options->datetime_output != OUTPUT_SIMPLE))
		return put_datetime_other(c, v, 0, out);
	return out + format_datetime_cached(c->cache, v, 0, c->tz, ' ', out);
}

static char *put_datetime64(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	int64_t v = ((const int64_t *)data)[i];
	if (unlikely(c->options->datetime_output != OUTPUT_SIMPLE))
		return put_datetime_other(c, v, c->type->scale, out);
	return out + format_datetime_cached(c->cache, v, c->type->scale, c->tz, ' ', out);
}

static char *put_time(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_time(((const int32_t *)data)[i], 0, out);
}

static char *put_time64(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + format_time(((const int64_t *)data)[i], c->type->scale, out);
}

static char *put_pginterval(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + pginterval_format(pginterval_at(data, i), out);
}

static const put_fn puts_by_type[TYPE_COUNT] = {
	[TYPE_BOOL] = put_bool, [TYPE_INT8] = put_int8, [TYPE_INT16] = put_int16, [TYPE_INT32] = put_int32,
	[TYPE_INT64] = put_int64, [TYPE_INT128] = put_int128, [TYPE_INT256] = put_int256, [TYPE_UINT8] = put_uint8,
	[TYPE_UINT16] = put_uint16, [TYPE_UINT32] = put_uint32, [TYPE_UINT64] = put_uint64, [TYPE_UINT128] = put_uint128,
	[TYPE_UINT256] = put_uint256, [TYPE_FLOAT32] = put_float32, [TYPE_FLOAT64] = put_float64,
	[TYPE_DECIMAL32] = put_decimal32, [TYPE_DECIMAL64] = put_decimal64, [TYPE_DECIMAL128] = put_decimal128,
	[TYPE_DECIMAL256] = put_decimal256, [TYPE_UUID] = put_uuid, [TYPE_DATE] = put_date16, [TYPE_DATE32] = put_date32,
	[TYPE_DATETIME] = put_datetime, [TYPE_DATETIME64] = put_datetime64, [TYPE_TIME] = put_time,
	[TYPE_TIME64] = put_time64, [TYPE_INTERVAL] = put_int64, [TYPE_PGINTERVAL] = put_pginterval,
	[TYPE_IPV4] = put_ipv4, [TYPE_IPV6] = put_ipv6,
};

put_fn put_of(const struct type *t, enum write_mode mode)
{
	if (mode == MODE_PG && type_is_object(t))
		return NULL; /* a name of any length */
	put_fn f = mode == MODE_PG ? put_of_pg(t) : NULL;
	return f != NULL ? f : puts_by_type[t->id];
}

char put_quote(const struct type *t, enum write_mode mode, const struct value_options *options)
{
	char quote = mode == MODE_QUOTED ? '\'' : mode == MODE_CSV || mode == MODE_JSON || mode == MODE_PG_JSON ? '"' : 0;
	if (t->id < TYPE_UUID || t->id == TYPE_INTERVAL) { /* numbers, quoted in JSON only and on demand */
		if (mode != MODE_JSON)
			return 0;
		bool wide = type_is_integer(t) && physical_size(type_physical(t)) >= 8;
		bool on = (wide && options->json_quote_64bit_integers) || (type_is_decimal(t) && options->json_quote_decimals) ||
			(t->id == TYPE_FLOAT64 && options->json_quote_64bit_floats);
		return on ? '"' : 0;
	}
	return quote;
}

void put_context_init(struct put_context *c, struct value_writer *w, const struct type *t, enum write_mode mode)
{
	c->type = t;
	c->options = w->options;
	c->tz = t->tz != NULL ? t->tz : w->tz;
	c->cache = &w->cache;
	c->mode = mode == MODE_PG_JSON ? MODE_JSON : mode;
	c->trailing_zeros = w->options->decimal_trailing_zeros;
	if (mode == MODE_PG || mode == MODE_PG_JSON) {
		c->trailing_zeros = !(t->face == FACE_NUMERIC && t->typmod < 0);
		if (type_face(t) == FACE_TIMESTAMPTZ) /* PostgreSQL shows them in the session's zone */
			c->tz = w->tz;
	}
}

/* Inlined with a constant `put`, so that each call is a loop of its own; NULLs and quotes are rare. */
__attribute__((always_inline)) static inline void fixed_column(struct value_writer *w, const struct vector *v,
                                                               enum write_mode mode, struct str null, uint32_t *ends,
                                                               put_fn put)
{
	struct strbuf *to = w->to;
	struct put_context c;
	char quote = put_quote(v->type, mode, w->options);
	put_context_init(&c, w, v->type, mode);
	for (uint32_t i = 0; i < v->count; i++) {
		if (unlikely(!strbuf_reserve(to, PUT_MAX + 2))) {
			ends[i] = (uint32_t)to->size;
			continue;
		}
		char *p = to->data + to->size;
		if (v->nulls != NULL && bit_get(v->nulls, i)) {
			memcpy(p, null.data, null.size);
			p += null.size;
		} else if (quote != 0) {
			*p++ = quote;
			p = put(&c, v->data, i, p);
			*p++ = quote;
		} else {
			p = put(&c, v->data, i, p);
		}
		to->size = (size_t)(p - to->data);
		ends[i] = (uint32_t)to->size;
	}
}

void write_fixed_column(struct value_writer *w, const struct vector *v, enum write_mode mode, struct str null,
                        uint32_t *ends, put_fn put)
{
	if (put == put_int64)
		fixed_column(w, v, mode, null, ends, put_int64);
	else if (put == put_int32)
		fixed_column(w, v, mode, null, ends, put_int32);
	else if (put == put_uint8)
		fixed_column(w, v, mode, null, ends, put_uint8);
	else if (put == put_uint16)
		fixed_column(w, v, mode, null, ends, put_uint16);
	else if (put == put_uint32)
		fixed_column(w, v, mode, null, ends, put_uint32);
	else if (put == put_uint64)
		fixed_column(w, v, mode, null, ends, put_uint64);
	else if (put == put_datetime)
		fixed_column(w, v, mode, null, ends, put_datetime);
	else if (put == put_datetime64)
		fixed_column(w, v, mode, null, ends, put_datetime64);
	else
		fixed_column(w, v, mode, null, ends, put);
}
