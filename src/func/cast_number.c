// SPDX-License-Identifier: Apache-2.0
/*
 * Casts among numbers: integers of all widths, floats, decimals, Numeric, Bool.
 *
 * Integers and floats go through the kernels: one range check over the whole batch, then a wrapping cast; only where
 * the check fails are rows looked at one by one. Decimals are scaled integers: widen, rescale, narrow.
 */
#include <assert.h>
#include <math.h>

#include "column/numeric.h"
#include "func/cast_impl.h"
#include "kernel/kernel.h"

/* ---- one value of any integer type ---- */

/* Sign-extended or zero-extended to 256 bits. */
static i256 load_wide(enum physical p, const void *data, uint32_t i)
{
	i256 v;
	size_t size = physical_size(p);
	kernels()->cast[p][PHYS_I256](&v, (const char *)data + i * size, 1);
	return v;
}

static bool is_unsigned(enum physical p)
{
	return p >= PHYS_U8 && p <= PHYS_U256;
}

/* Whether the value, which has the type `from`, is one of `to`. */
static bool fits(i256 v, enum physical from, enum physical to)
{
	unsigned char narrow[32];
	i256 back;
	if (is_unsigned(to) != is_unsigned(from) && i256_negative(v))
		return false;
	kernels()->cast[PHYS_I256][to](narrow, &v, 1);
	kernels()->cast[to][PHYS_I256](&back, narrow, 1);
	return memcmp(&back, &v, sizeof v) == 0;
}

/* Whether some value of the batch, dead rows included, is out of the target's range. */
static bool any_out_of_range(enum physical from, const void *data, uint32_t n, enum physical to)
{
	unsigned char least[32], greatest[32];
	if (n == 0)
		return false;
	if (kernels()->range[from] == NULL)
		return true; /* 256 bits: row by row */
	kernels()->range[from](data, n, least, greatest);
	return !fits(load_wide(from, least, 0), from, to) || !fits(load_wide(from, greatest, 0), from, to);
}

static enum status integer_to_integer(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	const void *in = r->in->data;
	if (k->to->id == TYPE_BOOL && k->from->id != TYPE_BOOL) {
		kernels()->is_nonzero[from](r->out->data, in, r->n);
		return OK;
	}
	kernels()->cast[from][to](r->out->data, in, r->n);
	if (!k->checked || !any_out_of_range(from, in, r->n, to))
		return OK;
	size_t size = physical_size(to);
	for (uint32_t i = 0; i < r->n; i++)
		if (!fits(load_wide(from, in, i), from, to)) {
			if (!cast_forgives(k, e, r, i))
				return cast_out_of_range(k, e);
			memset((char *)r->out->data + i * size, 0, size);
		}
	return OK;
}

/* ---- floats ---- */

static double load_double(enum physical p, const void *data, uint32_t i)
{
	float f;
	double d;
	if (p == PHYS_F32) {
		memcpy(&f, (const char *)data + i * sizeof f, sizeof f);
		return (double)f;
	}
	memcpy(&d, (const char *)data + i * sizeof d, sizeof d);
	return d;
}

static enum status integer_to_float(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	kernels()->cast[from][to](r->out->data, r->in->data, r->n);
	if (!k->exact)
		return OK;
	for (uint32_t i = 0; i < r->n; i++) {
		double d = load_double(to, r->out->data, i);
		i256 v = load_wide(from, r->in->data, i), back = i256_from_double(d);
		if (memcmp(&v, &back, sizeof v) != 0 && !cast_forgives(k, e, r, i))
			return cast_out_of_range(k, e);
	}
	return OK;
}

static enum status float_to_float(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	kernels()->cast[from][to](r->out->data, r->in->data, r->n);
	if (!k->checked || to != PHYS_F32 || from == PHYS_F32)
		return OK;
	const float *out = r->out->data;
	for (uint32_t i = 0; i < r->n; i++) {
		double v = load_double(from, r->in->data, i);
		bool over = isinf(out[i]) && !isinf(v), under = out[i] == 0 && v != 0;
		if (k->exact ? (double)out[i] != v && !isnan(v) : k->dialect == DIALECT_POSTGRESQL && (over || under)) {
			if (cast_forgives(k, e, r, i))
				continue;
			if (k->exact)
				return cast_out_of_range(k, e);
			return ERR(e->err, E_OUT_OF_RANGE, "value out of range: %s", over ? "overflow" : "underflow");
		}
	}
	return OK;
}

/* Limits of an integer type as doubles: [low, high). */
static void float_limits(enum physical p, double *low, double *high)
{
	int bits = (int)physical_size(p) * 8;
	*low = is_unsigned(p) ? 0 : -ldexp(1, bits - 1);
	*high = ldexp(1, is_unsigned(p) ? bits : bits - 1);
}

static enum status bad_float(const struct cast *k, struct eval *e, double v)
{
	if (!isfinite(v) && k->dialect == DIALECT_CLICKHOUSE && !k->exact)
		return ERR(e->err, E_CANNOT_CONVERT, "Unexpected inf or nan to integer conversion");
	return cast_out_of_range(k, e);
}

/* Rounds to whole numbers (half to even) into scratch memory, as PostgreSQL's casts do. */
static const void *round_floats(struct eval *e, enum physical p, const void *in, uint32_t n)
{
	if (p == PHYS_F32) {
		float *whole = arena_alloc(e->scratch, n * sizeof *whole);
		for (uint32_t i = 0; i < n; i++)
			whole[i] = rintf((float)load_double(p, in, i));
		return whole;
	}
	double *whole = arena_alloc(e->scratch, n * sizeof *whole);
	for (uint32_t i = 0; i < n; i++)
		whole[i] = rint(load_double(p, in, i));
	return whole;
}

static enum status float_to_integer(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	const void *in = r->in->data;
	double low, high;
	if (k->to->id == TYPE_BOOL) {
		kernels()->is_nonzero[from](r->out->data, in, r->n);
		return OK;
	}
	if (k->dialect == DIALECT_POSTGRESQL)
		in = round_floats(e, from, in, r->n);
	kernels()->cast[from][to](r->out->data, in, r->n);
	float_limits(to, &low, &high);
	size_t size = physical_size(to);
	for (uint32_t i = 0; i < r->n; i++) {
		double v = load_double(from, in, i), whole = trunc(v);
		bool bad = !isfinite(v) || (k->checked && !(whole >= low && whole < high)) || (k->exact && whole != v);
		if (bad) {
			if (!cast_forgives(k, e, r, i))
				return bad_float(k, e, v);
			memset((char *)r->out->data + i * size, 0, size);
		}
	}
	return OK;
}

/* ---- decimals ---- */

static unsigned decimal_scale(const struct type *t)
{
	return type_is_decimal(t) || t->id == TYPE_DATETIME64 ? t->scale : 0;
}

/* Digits that the target may hold: its precision where that is checked, else what its integer has room for. */
static unsigned decimal_digits(const struct cast *k)
{
	if (k->dialect == DIALECT_POSTGRESQL || k->mode == CAST_INSERT || k->exact)
		return k->to->precision;
	size_t size = physical_size(type_physical(k->to));
	return size == 4 ? 9 : size == 8 ? 18 : size == 16 ? 38 : 76;
}

static enum status decimal_overflow(const struct cast *k, struct eval *e)
{
	if (k->dialect == DIALECT_POSTGRESQL && type_is_decimal(k->to)) {
		int digits = k->to->precision - k->to->scale;
		ERR(e->err, E_OUT_OF_RANGE, "numeric field overflow");
		return error_detail(e->err, "A field with precision %u, scale %u must round to an absolute value less than %s%.0d.",
		                    k->to->precision, k->to->scale, digits == 0 ? "1" : "10^", digits);
	}
	if (k->dialect == DIALECT_POSTGRESQL)
		return cast_out_of_range(k, e);
	if (k->mode == CAST_INSERT && k->dialect == DIALECT_CLICKHOUSE && type_is_decimal(k->to))
		return ERR(e->err, E_DECIMAL_TOO_BIG, "Decimal value is too big for %.*s", STR_ARG(type_name(e->scratch, k->to)));
	return ERR(e->err, E_DECIMAL_OVERFLOW, type_is_decimal(k->to) ? "Decimal convert overflow" : "Convert overflow");
}

/* a / b for b > 0, cut or rounded half away from zero. */
static inline i128 divide_scaled(i128 a, i128 b, bool round)
{
	i128 q = a / b, rest = a % b;
	if (round && (rest < 0 ? -rest : rest) >= b - b / 2)
		q += a < 0 ? -1 : 1;
	return q;
}

static i256 divide_scaled256(i256 a, i256 b, bool round)
{
	i256 q, rest;
	i256_divmod(a, b, &q, &rest);
	if (round) {
		i256 magnitude = i256_negative(rest) ? u256_negate(rest) : rest;
		if (i256_compare(magnitude, u256_sub(b, magnitude)) >= 0)
			q = i256_negative(a) ? u256_sub(q, u256_from_u64(1)) : u256_add(q, u256_from_u64(1));
	}
	return q;
}

static const void *widen(struct eval *e, const struct cast_run *r, enum physical from, enum physical to)
{
	if (from == to)
		return r->in->data;
	void *wide = arena_alloc(e->scratch, (size_t)r->n * physical_size(to) + BUFFER_PAD);
	kernels()->cast[from][to](wide, r->in->data, r->n);
	return wide;
}

/* 64 bits on both sides and no more in between. */
static enum status rescale64(const struct cast *k, struct eval *e, struct cast_run *r, int shift, int64_t limit)
{
	const char *in = widen(e, r, type_physical(k->from), PHYS_I64);
	enum physical to = type_physical(k->to);
	int64_t *out = to == PHYS_I64 ? r->out->data : arena_alloc(e->scratch, (size_t)r->n * sizeof *out);
	int64_t factor = (int64_t)pow10_u64((unsigned)(shift < 0 ? -shift : shift));
	bool round = k->dialect == DIALECT_POSTGRESQL;
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v, w;
		memcpy(&v, in + i * sizeof v, sizeof v);
		bool over = false;
		if (shift >= 0)
			over = __builtin_mul_overflow(v, factor, &w);
		else
			w = (int64_t)divide_scaled(v, factor, round);
		if (unlikely(over || w > limit || w < -limit || (k->exact && shift < 0 && v % factor != 0))) {
			if (!cast_forgives(k, e, r, i))
				return decimal_overflow(k, e);
			w = 0;
		}
		out[i] = w;
	}
	if (to != PHYS_I64)
		kernels()->cast[PHYS_I64][to](r->out->data, out, r->n);
	return OK;
}

static enum status rescale128(const struct cast *k, struct eval *e, struct cast_run *r, int shift, i128 limit)
{
	const char *in = widen(e, r, type_physical(k->from), PHYS_I128);
	enum physical to = type_physical(k->to);
	i128 *out = arena_alloc(e->scratch, (size_t)r->n * sizeof *out);
	i128 factor = pow10_i128((unsigned)(shift < 0 ? -shift : shift));
	bool round = k->dialect == DIALECT_POSTGRESQL;
	for (uint32_t i = 0; i < r->n; i++) {
		i128 v, w;
		memcpy(&v, in + i * sizeof v, sizeof v);
		bool over = false;
		if (shift >= 0)
			over = __builtin_mul_overflow(v, factor, &w);
		else
			w = divide_scaled(v, factor, round);
		if (unlikely(over || w > limit || w < -limit || (k->exact && shift < 0 && v % factor != 0))) {
			if (!cast_forgives(k, e, r, i))
				return decimal_overflow(k, e);
			w = 0;
		}
		out[i] = w;
	}
	kernels()->cast[PHYS_I128][to](r->out->data, out, r->n);
	return OK;
}

static enum status rescale256(const struct cast *k, struct eval *e, struct cast_run *r, int shift, i256 limit)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	i256 factor = pow10_i256((unsigned)(shift < 0 ? -shift : shift)), low = u256_negate(limit);
	bool round = k->dialect == DIALECT_POSTGRESQL;
	size_t size = physical_size(to);
	for (uint32_t i = 0; i < r->n; i++) {
		i256 v = load_wide(from, r->in->data, i), w;
		bool over = from == PHYS_U256 && i256_negative(v);
		if (shift >= 0)
			over |= i256_mul_overflow(v, factor, &w);
		else
			w = divide_scaled256(v, factor, round);
		if (over || i256_compare(w, limit) > 0 || i256_compare(w, low) < 0) {
			if (!cast_forgives(k, e, r, i))
				return decimal_overflow(k, e);
			w = (i256){{0, 0, 0, 0}};
		}
		kernels()->cast[PHYS_I256][to]((char *)r->out->data + i * size, &w, 1);
	}
	return OK;
}

/* Integers and decimals to decimals. */
static enum status exact_to_decimal(const struct cast *k, struct eval *e, struct cast_run *r)
{
	int shift = (int)k->to->scale - (int)decimal_scale(k->from);
	size_t from = physical_size(type_physical(k->from)), to = physical_size(type_physical(k->to));
	unsigned digits = decimal_digits(k);
	bool from_u64 = type_physical(k->from) == PHYS_U64, from_u128 = type_physical(k->from) == PHYS_U128;
	if (from <= 8 && !from_u64 && to <= 8 && shift <= 18 && shift >= -18)
		return rescale64(k, e, r, shift, (int64_t)pow10_u64(digits) - 1);
	if (from <= 16 && !from_u128 && to <= 16 && shift <= 38 && shift >= -38)
		return rescale128(k, e, r, shift, pow10_i128(digits) - 1);
	return rescale256(k, e, r, shift, u256_sub(pow10_i256(digits), u256_from_u64(1)));
}

/* Decimals, and DateTime64 as seconds, to integers. */
static enum status decimal_to_integer(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	i256 factor = pow10_i256(decimal_scale(k->from));
	bool round = k->dialect == DIALECT_POSTGRESQL, small = from == PHYS_I32 || from == PHYS_I64;
	int64_t factor64 = small ? (int64_t)pow10_u64(decimal_scale(k->from)) : 1;
	size_t size = physical_size(to);
	if (k->to->id == TYPE_BOOL) {
		kernels()->is_nonzero[from](r->out->data, r->in->data, r->n);
		return OK;
	}
	for (uint32_t i = 0; i < r->n; i++) {
		i256 v = load_wide(from, r->in->data, i), w;
		if (small)
			w = i256_from_i64((int64_t)divide_scaled((int64_t)v.limb[0], factor64, round));
		else
			w = divide_scaled256(v, factor, round);
		bool bad = !fits(w, PHYS_I256, to);
		if (k->exact && !bad) {
			i256 back = u256_mul(w, factor);
			bad = memcmp(&v, &back, sizeof v) != 0;
		}
		if (bad) {
			if (!cast_forgives(k, e, r, i))
				return decimal_overflow(k, e);
			w = (i256){{0, 0, 0, 0}};
		}
		kernels()->cast[PHYS_I256][to]((char *)r->out->data + i * size, &w, 1);
	}
	return OK;
}

static enum status decimal_to_float(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from);
	unsigned scale = decimal_scale(k->from);
	bool special = type_face(k->from) == FACE_NUMERIC && from == PHYS_I256;
	if (type_physical(k->to) == PHYS_F32) {
		float *out = r->out->data, factor = (float)i256_to_double(pow10_i256(scale));
		kernels()->cast[from][PHYS_F32](out, r->in->data, r->n);
		for (uint32_t i = 0; i < r->n; i++)
			out[i] /= factor;
		return OK;
	}
	double *out = r->out->data, factor = i256_to_double(pow10_i256(scale));
	kernels()->cast[from][PHYS_F64](out, r->in->data, r->n);
	for (uint32_t i = 0; i < r->n; i++)
		out[i] /= factor;
	for (uint32_t i = 0; special && i < r->n; i++) {
		enum numeric_sign sign;
		if (decimal_is_special(load_wide(from, r->in->data, i), &sign))
			out[i] = sign == NUMERIC_NAN ? (double)NAN : sign == NUMERIC_PLUS_INFINITY ? INFINITY : -INFINITY;
	}
	return OK;
}

static enum status float_to_decimal(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical from = type_physical(k->from), to = type_physical(k->to);
	size_t size = physical_size(to);
	i256 limit = pow10_i256(decimal_digits(k)), low = u256_negate(limit);
	double factor = i256_to_double(pow10_i256(k->to->scale));
	bool bare = k->to->face == FACE_NUMERIC && k->to->typmod == -1 && to == PHYS_I256;
	for (uint32_t i = 0; i < r->n; i++) {
		double v = load_double(from, r->in->data, i);
		bool finite = isfinite(v), over = false;
		i256 w = {{0, 0, 0, 0}};
		double scaled = from == PHYS_F32 ? (double)((float)v * (float)factor) : v * factor;
		if (k->dialect == DIALECT_POSTGRESQL && finite) {
			struct numeric n;
			numeric_init(&n);
			TRY(from == PHYS_F32 ? numeric_from_float(&n, (float)v, e->err) : numeric_from_double(&n, v, e->err));
			over = !numeric_to_i256(&n, k->to->scale, &w);
			numeric_fini(&n);
		} else if (finite && fabs(scaled) < 5e76) {
			w = i256_from_double(scaled);
		} else {
			over = true;
		}
		if (!finite && bare) {
			w = decimal_special(isnan(v) ? NUMERIC_NAN : v > 0 ? NUMERIC_PLUS_INFINITY : NUMERIC_MINUS_INFINITY);
		} else if (over || i256_compare(w, limit) >= 0 || i256_compare(w, low) <= 0) {
			if (cast_forgives(k, e, r, i))
				w = (i256){{0, 0, 0, 0}};
			else if (!finite && k->dialect == DIALECT_CLICKHOUSE)
				return ERR(e->err, E_DECIMAL_OVERFLOW, "Decimal convert overflow. Cannot convert infinity or NaN to decimal");
			else
				return decimal_overflow(k, e);
		}
		kernels()->cast[PHYS_I256][to]((char *)r->out->data + i * size, &w, 1);
	}
	return OK;
}

/* ---- Numeric ---- */

/* Row i of any number as a struct numeric. */
static enum status load_numeric(const struct cast *k, struct eval *e, const struct cast_run *r, uint32_t i,
                                struct numeric *n)
{
	enum physical p = type_physical(k->from);
	enum numeric_sign sign;
	if (p == PHYS_STR)
		return numeric_decode(n, strview_str((const struct strview *)r->in->data + i), e->err);
	if (p == PHYS_F32)
		return numeric_from_float(n, (float)load_double(p, r->in->data, i), e->err);
	if (p == PHYS_F64)
		return numeric_from_double(n, load_double(p, r->in->data, i), e->err);
	i256 v = load_wide(p, r->in->data, i);
	if (p == PHYS_U256)
		return numeric_from_u256(n, v, e->err);
	if (!type_is_decimal(k->from))
		return numeric_from_i256(n, v, decimal_scale(k->from), e->err);
	if (p == PHYS_I256 && type_face(k->from) == FACE_NUMERIC && decimal_is_special(v, &sign)) {
		numeric_set_special(n, sign);
		return OK;
	}
	TRY(numeric_from_i256(n, v, k->from->scale, e->err));
	if (k->from->face == FACE_NUMERIC && k->from->typmod == -1)
		numeric_trim_scale(n); /* a column of bare numeric has lost its display scale */
	return OK;
}

static enum status any_to_numeric(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct strbuf text;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, r->n + 1);
	struct numeric n;
	enum status s = OK;
	numeric_init(&n);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		bool dead = cast_row_is_dead(r, i);
		if (!dead)
			s = load_numeric(k, e, r, i, &n);
		if (!dead && s == OK && k->to->typmod != -1)
			s = numeric_apply_typmod(&n, k->to->typmod, e->err);
		if (s == OK && !dead)
			numeric_encode(&n, &text);
		else
			strbuf_put(&text, "\0\0\0\0\0\0\0", NUMERIC_HEADER);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = cast_strings(k, e, r, &text, ends);
	strbuf_fini(&text);
	numeric_fini(&n);
	return s;
}

/* false: it does not fit. */
static bool store_numeric(const struct cast *k, const struct numeric *n, void *out)
{
	enum physical p = type_physical(k->to);
	i256 v = {{0, 0, 0, 0}};
	if (type_is_float(k->to)) {
		double d = numeric_to_double(n);
		if (p == PHYS_F32)
			*(float *)out = (float)d;
		else
			*(double *)out = d;
		bool lost = p == PHYS_F32 ? isinf((float)d) : isinf(d);
		return !lost || numeric_is_special(n);
	}
	if (type_is_decimal(k->to)) {
		bool bare = p == PHYS_I256 && type_face(k->to) == FACE_NUMERIC;
		if (bare && numeric_is_special(n))
			v = decimal_special((enum numeric_sign)n->sign);
		else if (!numeric_to_i256(n, k->to->scale, &v))
			return false;
		i256 limit = pow10_i256(k->to->precision);
		if (!(bare && numeric_is_special(n)) &&
		    (i256_compare(v, limit) >= 0 || i256_compare(v, u256_negate(limit)) <= 0 || (bare && decimal_is_reserved(v))))
			return false;
	} else if (p == PHYS_U256) {
		if (!numeric_to_u256(n, &v))
			return false;
	} else if (!numeric_to_i256(n, 0, &v) || !fits(v, PHYS_I256, p)) {
		return false;
	}
	kernels()->cast[PHYS_I256][p](out, &v, 1);
	return true;
}

static enum status bad_numeric(const struct cast *k, struct eval *e, const struct numeric *n)
{
	if (numeric_is_special(n) && !type_is_float(k->to)) {
		struct str name = cast_type_name(k, e, k->to);
		return ERR(e->err, E_NOT_IMPLEMENTED, "cannot convert %s to %.*s", numeric_is_nan(n) ? "NaN" : "infinity",
		           STR_ARG(name));
	}
	if (!type_is_float(k->to))
		return decimal_overflow(k, e);
	struct strbuf text;
	strbuf_init(&text, NULL);
	numeric_format(n, &text);
	ERR(e->err, E_OUT_OF_RANGE, "\"%s\" is out of range for type %.*s", strbuf_cstr(&text),
	    STR_ARG(cast_type_name(k, e, k->to)));
	strbuf_fini(&text);
	return E_OUT_OF_RANGE;
}

static enum status numeric_to_any(const struct cast *k, struct eval *e, struct cast_run *r)
{
	size_t size = physical_size(type_physical(k->to));
	struct numeric n;
	enum status s = OK;
	numeric_init(&n);
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		char *out = (char *)r->out->data + i * size;
		bool dead = cast_row_is_dead(r, i);
		if (!dead)
			s = load_numeric(k, e, r, i, &n);
		if (s == OK && !dead && k->dialect == DIALECT_CLICKHOUSE && type_is_integer(k->to) && !numeric_is_special(&n))
			numeric_trunc(&n, 0);
		if (s == OK && !dead && k->to->id == TYPE_BOOL) {
			*(uint8_t *)out = !numeric_is_zero(&n);
		} else if (s == OK && (dead || !store_numeric(k, &n, out))) {
			if (!cast_forgives(k, e, r, i))
				s = bad_numeric(k, e, &n);
			memset(out, 0, size);
		}
	}
	numeric_fini(&n);
	return s;
}

cast_fn cast_choose_number(const struct type *from, const struct type *to)
{
	bool from_float = type_is_float(from), to_float = type_is_float(to);
	if (to->id == TYPE_NUMERIC)
		return any_to_numeric;
	if (from->id == TYPE_NUMERIC)
		return numeric_to_any;
	if (type_is_decimal(from) || from->id == TYPE_DATETIME64) {
		if (to_float)
			return decimal_to_float;
		return type_is_decimal(to) ? exact_to_decimal : decimal_to_integer;
	}
	if (type_is_decimal(to))
		return from_float ? float_to_decimal : exact_to_decimal;
	if (from_float)
		return to_float ? float_to_float : float_to_integer;
	return to_float ? integer_to_float : integer_to_integer;
}
