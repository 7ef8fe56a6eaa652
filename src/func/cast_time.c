// SPDX-License-Identifier: Apache-2.0
/*
 * Casts among dates, times, timestamps, numbers and intervals.
 *
 * An instant is ticks of 10^-scale seconds since the epoch in UTC; a date is days. Between them stands the zone: the
 * type's own, else the session's. PostgreSQL's timestamp is kept as an instant whose UTC clock shows the local time, so
 * only casts between timestamp and timestamptz look at the session's zone.
 */
#include <assert.h>
#include <limits.h>
#include <math.h>

#include "column/pginterval.h"
#include "func/cast_impl.h"
#include "kernel/kernel.h"

enum { DAY_SECONDS = 86400 };
/* What ClickHouse clamps to: Date32 and DateTime64 span 1900 … 2299 as dates, 0000 … 9999 as text. */
enum { DATE32_LEAST = -25567, DATE32_GREATEST = 120529 };
static const int64_t US_PER_DAY = 86400000000;

/* The least and greatest integers of a PostgreSQL-faced column are the infinities. */
static bool has_infinity(const struct type *t)
{
	return t->face == FACE_DATE || t->face == FACE_TIMESTAMP || t->face == FACE_TIMESTAMPTZ;
}

static const struct timezone *zone_of(const struct type *t, const struct eval *e)
{
	if (t->tz != NULL)
		return t->tz;
	return e->session->tz != NULL ? e->session->tz : timezone_utc();
}

/* Offsets of near instants, without a look-up for each. */
struct zone_cursor {
	const struct timezone *tz;
	int64_t from, until;
	int32_t offset;
};

static inline int32_t offset_at(struct zone_cursor *z, int64_t seconds)
{
	if (unlikely(seconds < z->from || seconds >= z->until))
		z->offset = timezone_span(z->tz, seconds, &z->from, &z->until);
	return z->offset;
}

static struct zone_cursor cursor_of(const struct timezone *tz)
{
	return (struct zone_cursor){.tz = tz, .from = 1, .until = 0};
}

static int64_t pow10_i64(unsigned n)
{
	return (int64_t)pow10_u64(n);
}

/* ---- loading and storing one value by kind ---- */

static inline int64_t load_integer(const struct type *t, const void *data, uint32_t i)
{
	uint16_t u16;
	uint32_t u32;
	int32_t i32;
	int64_t i64;
	switch (type_physical(t)) {
	case PHYS_U16:
		memcpy(&u16, (const char *)data + i * sizeof u16, sizeof u16);
		return u16;
	case PHYS_U32:
		memcpy(&u32, (const char *)data + i * sizeof u32, sizeof u32);
		return u32;
	case PHYS_I32:
		memcpy(&i32, (const char *)data + i * sizeof i32, sizeof i32);
		return i32;
	default:
		memcpy(&i64, (const char *)data + i * sizeof i64, sizeof i64);
		return i64;
	}
}

static inline void store_integer(const struct type *t, void *data, uint32_t i, int64_t v)
{
	switch (type_physical(t)) {
	case PHYS_U16:
		((uint16_t *)data)[i] = (uint16_t)v;
		return;
	case PHYS_U32:
		((uint32_t *)data)[i] = (uint32_t)v;
		return;
	case PHYS_I32:
		((int32_t *)data)[i] = (int32_t)v;
		return;
	default:
		((int64_t *)data)[i] = v;
		return;
	}
}

/* -1, 0, 1: minus infinity, finite, infinity */
static int infinity_of(const struct type *t, int64_t v)
{
	if (!has_infinity(t))
		return 0;
	if (t->id == TYPE_DATE32)
		return v == INT32_MIN ? -1 : v == INT32_MAX;
	if (t->id == TYPE_DATETIME64)
		return v == INT64_MIN ? -1 : v == INT64_MAX;
	return 0;
}

static int64_t infinite(const struct type *t, int sign)
{
	if (t->id == TYPE_DATE32)
		return sign < 0 ? INT32_MIN : INT32_MAX;
	return sign < 0 ? INT64_MIN : INT64_MAX;
}

static bool is_date(const struct type *t)
{
	return t->id == TYPE_DATE || t->id == TYPE_DATE32;
}

static enum status time_out_of_range(const struct cast *k, struct eval *e)
{
	if (k->dialect == DIALECT_POSTGRESQL)
		return ERR(e->err, E_DATETIME_OVERFLOW, "%s out of range", is_date(k->to) ? "date" : "timestamp");
	return ERR(e->err, E_OUT_OF_RANGE, "Value is out of range of type %.*s", STR_ARG(cast_type_name(k, e, k->to)));
}

/* Days in the range of the target date type; ClickHouse's Date wraps, Date32 is clamped where not checked. */
static bool store_date(const struct cast *k, struct cast_run *r, uint32_t i, int64_t days)
{
	if (k->to->id == TYPE_DATE) {
		((uint16_t *)r->out->data)[i] = (uint16_t)days;
		return !k->checked || (days >= 0 && days <= UINT16_MAX);
	}
	if (!k->checked)
		days = days < DATE32_LEAST ? DATE32_LEAST : days > DATE32_GREATEST ? DATE32_GREATEST : days;
	((int32_t *)r->out->data)[i] = (int32_t)days;
	return days >= INT32_MIN && days <= INT32_MAX;
}

/* ---- dates and instants ---- */

static enum status date_to_date(const struct cast *k, struct eval *e, struct cast_run *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v = load_integer(k->from, r->in->data, i);
		int inf = infinity_of(k->from, v);
		if (inf != 0 && has_infinity(k->to))
			store_integer(k->to, r->out->data, i, infinite(k->to, inf));
		else if (!store_date(k, r, i, v) && !cast_forgives(k, e, r, i))
			return time_out_of_range(k, e);
	}
	return OK;
}

/* Midnight in the target's zone. */
static enum status date_to_instant(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool local_clock = type_face(k->to) == FACE_TIMESTAMP && k->to->face != FACE_DEFAULT;
	const struct timezone *tz = local_clock ? timezone_utc() : zone_of(k->to, e);
	if (type_face(k->to) == FACE_TIMESTAMPTZ && k->dialect == DIALECT_POSTGRESQL && e->session->tz != NULL)
		tz = e->session->tz;
	bool utc = timezone_is_utc(tz);
	int64_t factor = k->to->id == TYPE_DATETIME64 ? pow10_i64(k->to->scale) : 1;
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t days = load_integer(k->from, r->in->data, i), ticks;
		int inf = infinity_of(k->from, days);
		if (inf != 0 && has_infinity(k->to)) {
			store_integer(k->to, r->out->data, i, infinite(k->to, inf));
			continue;
		}
		int64_t seconds = utc ? days * DAY_SECONDS : timezone_to_utc(tz, days * DAY_SECONDS);
		bool over = __builtin_mul_overflow(seconds, factor, &ticks);
		if (k->to->id == TYPE_DATETIME && !k->checked)
			ticks = ticks < 0 ? 0 : ticks > UINT32_MAX ? UINT32_MAX : ticks;
		else if (k->to->id == TYPE_DATETIME)
			over |= ticks < 0 || ticks > UINT32_MAX;
		if (over && !cast_forgives(k, e, r, i))
			return time_out_of_range(k, e);
		store_integer(k->to, r->out->data, i, ticks);
	}
	return OK;
}

/* The zone in which an instant's date or clock is read. */
static const struct timezone *reading_zone(const struct cast *k, const struct eval *e)
{
	if (k->from->face == FACE_TIMESTAMP)
		return timezone_utc();
	if (k->from->face == FACE_TIMESTAMPTZ && k->dialect == DIALECT_POSTGRESQL && e->session->tz != NULL)
		return e->session->tz;
	return zone_of(k->from, e);
}

static enum status instant_to_date(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct zone_cursor zone = cursor_of(reading_zone(k, e));
	int64_t factor = k->from->id == TYPE_DATETIME64 ? pow10_i64(k->from->scale) : 1;
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v = load_integer(k->from, r->in->data, i);
		int inf = infinity_of(k->from, v);
		if (inf != 0 && has_infinity(k->to)) {
			store_integer(k->to, r->out->data, i, infinite(k->to, inf));
			continue;
		}
		int64_t seconds = factor == 1 ? v : floor_div(v, factor);
		if (!store_date(k, r, i, floor_div(seconds + offset_at(&zone, seconds), DAY_SECONDS)) &&
		    !cast_forgives(k, e, r, i))
			return time_out_of_range(k, e);
	}
	return OK;
}

/* Ticks of one scale in another; PostgreSQL rounds half away from zero, ClickHouse cuts toward the past. */
static bool rescale_ticks(int64_t v, int from, int to, bool round, int64_t *out)
{
	if (to >= from)
		return !__builtin_mul_overflow(v, pow10_i64((unsigned)(to - from)), out);
	int64_t factor = pow10_i64((unsigned)(from - to)), q = floor_div(v, factor), rest = v - q * factor;
	*out = q + (round && rest >= factor - factor / 2);
	return true;
}

/* Between DateTime and DateTime64 of any scale, timestamp and timestamptz. */
static enum status instant_to_instant(const struct cast *k, struct eval *e, struct cast_run *r)
{
	int from = k->from->id == TYPE_DATETIME64 ? k->from->scale : 0, to = k->to->id == TYPE_DATETIME64 ? k->to->scale : 0;
	int keep = k->to->typmod >= 0 && k->to->typmod < to && k->to->face != FACE_DEFAULT ? k->to->typmod : to;
	bool round = k->dialect == DIALECT_POSTGRESQL;
	bool to_tz = k->from->face == FACE_TIMESTAMP && k->to->face == FACE_TIMESTAMPTZ;
	bool to_local = k->from->face == FACE_TIMESTAMPTZ && k->to->face == FACE_TIMESTAMP;
	const struct timezone *tz = e->session->tz != NULL ? e->session->tz : timezone_utc();
	struct zone_cursor zone = cursor_of(tz);
	int64_t factor = pow10_i64((unsigned)from);
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v = load_integer(k->from, r->in->data, i), ticks = 0;
		int inf = infinity_of(k->from, v);
		if (inf != 0 && has_infinity(k->to)) {
			store_integer(k->to, r->out->data, i, infinite(k->to, inf));
			continue;
		}
		bool over = false;
		if (to_tz || to_local) {
			int64_t seconds = floor_div(v, factor),
				other = to_tz ? timezone_to_utc(tz, seconds) : seconds + offset_at(&zone, seconds);
			over = __builtin_add_overflow(v, (other - seconds) * factor, &v);
		}
		over |= !rescale_ticks(v, from, keep, round, &ticks);
		if (keep != to)
			over |= !rescale_ticks(ticks, keep, to, false, &ticks);
		if (k->to->id == TYPE_DATETIME && k->checked)
			over |= ticks < 0 || ticks > UINT32_MAX;
		if (over && !cast_forgives(k, e, r, i))
			return time_out_of_range(k, e);
		store_integer(k->to, r->out->data, i, over ? 0 : ticks);
	}
	return OK;
}

/* ---- time of day ---- */

static enum status instant_to_time(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct zone_cursor zone = cursor_of(reading_zone(k, e));
	int from = k->from->id == TYPE_DATETIME64 ? k->from->scale : 0, to = k->to->id == TYPE_TIME64 ? k->to->scale : 0;
	int64_t factor = pow10_i64((unsigned)from);
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v = load_integer(k->from, r->in->data, i), seconds = floor_div(v, factor), ticks;
		int64_t local = seconds + offset_at(&zone, seconds);
		int64_t of_day = (local - floor_div(local, DAY_SECONDS) * DAY_SECONDS) * factor + (v - seconds * factor);
		rescale_ticks(of_day, from, to, k->dialect == DIALECT_POSTGRESQL, &ticks);
		store_integer(k->to, r->out->data, i, ticks);
	}
	return OK;
}

static enum status time_to_time(const struct cast *k, struct eval *e, struct cast_run *r)
{
	int from = k->from->id == TYPE_TIME64 ? k->from->scale : 0, to = k->to->id == TYPE_TIME64 ? k->to->scale : 0;
	int keep = k->to->typmod >= 0 && k->to->typmod < to && k->to->face != FACE_DEFAULT ? k->to->typmod : to;
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t ticks;
		bool good = rescale_ticks(load_integer(k->from, r->in->data, i), from, keep, k->dialect == DIALECT_POSTGRESQL,
		                          &ticks);
		if (good && keep != to)
			good = rescale_ticks(ticks, keep, to, false, &ticks);
		if (!good && !cast_forgives(k, e, r, i))
			return time_out_of_range(k, e);
		store_integer(k->to, r->out->data, i, good ? ticks : 0);
	}
	return OK;
}

static enum status time_to_pginterval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	int from = k->from->id == TYPE_TIME64 ? k->from->scale : 0;
	for (uint32_t i = 0; i < r->n; i++) {
		struct pginterval v = {0};
		rescale_ticks(load_integer(k->from, r->in->data, i), from, 6, true, &v.us);
		pginterval_put(r->out->data, i, v);
	}
	return OK;
}

static enum status pginterval_to_time(const struct cast *k, struct eval *e, struct cast_run *r)
{
	int to = k->to->id == TYPE_TIME64 ? k->to->scale : 0;
	for (uint32_t i = 0; i < r->n; i++) {
		struct pginterval v = pginterval_at(r->in->data, i);
		int64_t us = v.us - floor_div(v.us, US_PER_DAY) * US_PER_DAY, ticks;
		rescale_ticks(us, 6, to, true, &ticks);
		store_integer(k->to, r->out->data, i, ticks);
	}
	return OK;
}

/* ---- numbers ---- */

/* Row i of a number as ticks of 10^-scale seconds (or days where scale is 0); false: it does not fit. */
static bool number_ticks(const struct cast *k, const struct cast_run *r, uint32_t i, unsigned scale, int64_t *out)
{
	enum physical p = type_physical(k->from);
	const char *at = (const char *)r->in->data + i * physical_size(p);
	double d;
	i256 v;
	if (type_is_float(k->from)) {
		kernels()->cast[p][PHYS_F64](&d, at, 1);
		d *= (double)pow10_u64(scale);
		*out = d >= 9.2e18 ? INT64_MAX : d <= -9.2e18 ? INT64_MIN : isnan(d) ? 0 : (int64_t)d;
		return isfinite(d) && fabs(d) < 9.2e18;
	}
	kernels()->cast[p][PHYS_I256](&v, at, 1);
	int shift = (int)scale - (type_is_decimal(k->from) ? k->from->scale : 0);
	bool over = false;
	if (shift >= 0) {
		over = i256_mul_overflow(v, pow10_i256((unsigned)shift), &v);
	} else {
		i256 rest;
		i256_divmod(v, pow10_i256((unsigned)-shift), &v, &rest);
	}
	bool negative = i256_negative(v) && p != PHYS_U256;
	if (over || i256_to_i64(v, out)) {
		*out = negative ? INT64_MIN : INT64_MAX;
		return false;
	}
	return true;
}

/* Small numbers are days, larger ones seconds since the epoch. */
static enum status number_to_date(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct zone_cursor zone = cursor_of(zone_of(k->to, e));
	bool wide = k->to->id == TYPE_DATE32;
	int64_t most = wide ? DATE32_GREATEST : UINT16_MAX, least = wide ? DATE32_LEAST : 0;
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v;
		bool good = number_ticks(k, r, i, 0, &v);
		if (v > most && v <= (int64_t)1 << 40)
			v = floor_div(v + offset_at(&zone, v), DAY_SECONDS);
		if (v < least || v > most) {
			good = good && !k->checked;
			v = v < least ? least : most;
		}
		store_integer(k->to, r->out->data, i, v);
		if (!good && k->checked && !cast_forgives(k, e, r, i))
			return time_out_of_range(k, e);
	}
	return OK;
}

static enum status number_to_instant(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool wide = k->to->id == TYPE_DATETIME64;
	unsigned scale = wide ? k->to->scale : 0;
	/* the years 0000 and 9999 */
	int64_t factor = pow10_i64(scale), least = wide ? -62167219200 : 0, most = wide ? 253402300799 : UINT32_MAX;
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v;
		bool good = number_ticks(k, r, i, scale, &v);
		int64_t seconds = floor_div(v, factor);
		if (!good || seconds < least || seconds > most) {
			int64_t low, high;
			if (__builtin_mul_overflow(least, factor, &low))
				low = INT64_MIN;
			if (__builtin_mul_overflow(most, factor, &high))
				high = INT64_MAX;
			v = v < 0 ? low : high;
			if (k->checked && !cast_forgives(k, e, r, i))
				return time_out_of_range(k, e);
		}
		store_integer(k->to, r->out->data, i, v);
	}
	return OK;
}

/* Dates and DateTime are integers already; DateTime64 counts as a decimal of its scale. */
static enum status days_to_number(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct type plain = *k->from;
	static const enum type_id integers[] = {
		[PHYS_U16] = TYPE_UINT16, [PHYS_I32] = TYPE_INT32, [PHYS_U32] = TYPE_UINT32, [PHYS_I64] = TYPE_INT64,
	};
	plain.id = k->from->id == TYPE_DATETIME64 || k->from->id == TYPE_TIME64 ? TYPE_DATETIME64
	                                                                       : integers[type_physical(k->from)];
	struct cast inner = *k;
	inner.from = &plain;
	return cast_choose_number(&plain, k->to)(&inner, e, r);
}

static enum status number_to_time(const struct cast *k, struct eval *e, struct cast_run *r)
{
	unsigned scale = k->to->id == TYPE_TIME64 ? k->to->scale : 0;
	int64_t most = 3599999 * pow10_i64(scale);
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v;
		number_ticks(k, r, i, scale, &v);
		store_integer(k->to, r->out->data, i, v < -most ? -most : v > most ? most : v);
	}
	return OK;
}

/* ---- intervals ---- */

static enum status number_to_interval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast inner = *k;
	inner.to = type_simple(TYPE_INT64);
	return cast_choose_number(k->from, inner.to)(&inner, e, r);
}

static enum status interval_to_number(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast inner = *k;
	inner.from = type_simple(TYPE_INT64);
	return cast_choose_number(inner.from, k->to)(&inner, e, r);
}

/* Nanoseconds of a unit below a month, months of one from there on. */
static int64_t unit_size(unsigned unit, bool *months)
{
	static const int64_t sizes[UNIT_COUNT] = {
		[UNIT_NANOSECOND] = 1, [UNIT_MICROSECOND] = 1000, [UNIT_MILLISECOND] = 1000000, [UNIT_SECOND] = 1000000000,
		[UNIT_MINUTE] = 60000000000, [UNIT_HOUR] = 3600000000000, [UNIT_DAY] = 86400000000000,
		[UNIT_WEEK] = 604800000000000, [UNIT_MONTH] = 1, [UNIT_QUARTER] = 3, [UNIT_YEAR] = 12,
	};
	*months = unit >= UNIT_MONTH;
	return sizes[unit];
}

static enum status interval_to_interval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool months;
	i128 from = unit_size(k->from->scale, &months), to = unit_size(k->to->scale, &months);
	for (uint32_t i = 0; i < r->n; i++) {
		i128 v = load_integer(k->from, r->in->data, i) * from / to;
		if ((v > INT64_MAX || v < INT64_MIN) && !cast_forgives(k, e, r, i))
			return cast_out_of_range(k, e);
		((int64_t *)r->out->data)[i] = (int64_t)v;
	}
	return OK;
}

static enum status interval_to_pginterval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool months;
	unsigned unit = k->from->scale;
	int64_t size = unit_size(unit, &months);
	for (uint32_t i = 0; i < r->n; i++) {
		int64_t v = load_integer(k->from, r->in->data, i);
		i128 months_or_us = (i128)v * size;
		struct pginterval p = {0};
		bool over = false;
		if (months) {
			p.months = (int32_t)months_or_us;
			over = months_or_us != p.months;
		} else if (unit == UNIT_DAY || unit == UNIT_WEEK) {
			i128 days = (i128)v * (unit == UNIT_WEEK ? 7 : 1);
			p.days = (int32_t)days;
			over = days != p.days;
		} else {
			p.us = (int64_t)(months_or_us / 1000);
			over = months_or_us / 1000 != p.us;
		}
		if (over && !cast_forgives(k, e, r, i))
			return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
		pginterval_put(r->out->data, i, p);
	}
	return OK;
}

static enum status pginterval_to_interval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool months;
	int64_t size = unit_size(k->to->scale, &months);
	for (uint32_t i = 0; i < r->n; i++) {
		struct pginterval p = pginterval_at(r->in->data, i);
		i128 ns = ((i128)p.us + (i128)p.days * US_PER_DAY) * 1000;
		bool lost = months ? ns != 0 : p.months != 0;
		if (lost && !cast_forgives(k, e, r, i))
			return cast_out_of_range(k, e);
		((int64_t *)r->out->data)[i] = (int64_t)(months ? p.months / size : ns / size);
	}
	return OK;
}

/* interval(p): the fraction of a second is rounded. */
static enum status pginterval_to_pginterval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		struct pginterval p = pginterval_at(r->in->data, i);
		if (k->to->typmod >= 0 && k->to->typmod < 6) {
			rescale_ticks(p.us, 6, k->to->typmod, true, &p.us);
			rescale_ticks(p.us, k->to->typmod, 6, false, &p.us);
		}
		pginterval_put(r->out->data, i, p);
	}
	return OK;
}

static bool is_instant(const struct type *t)
{
	return t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64;
}

static bool is_time(const struct type *t)
{
	return t->id == TYPE_TIME || t->id == TYPE_TIME64;
}

static cast_fn choose_interval(const struct type *from, const struct type *to)
{
	if (from->id == TYPE_INTERVAL && to->id == TYPE_INTERVAL)
		return (from->scale >= UNIT_MONTH) == (to->scale >= UNIT_MONTH) ? interval_to_interval : NULL;
	if (from->id == TYPE_INTERVAL && to->id == TYPE_PGINTERVAL)
		return interval_to_pginterval;
	if (from->id == TYPE_PGINTERVAL && to->id == TYPE_INTERVAL)
		return pginterval_to_interval;
	if (from->id == TYPE_PGINTERVAL && to->id == TYPE_PGINTERVAL)
		return pginterval_to_pginterval;
	if (from->id == TYPE_INTERVAL)
		return type_is_number(to) ? interval_to_number : NULL;
	if (to->id == TYPE_INTERVAL)
		return type_is_number(from) ? number_to_interval : NULL;
	if (to->id == TYPE_PGINTERVAL)
		return is_time(from) ? time_to_pginterval : NULL;
	return is_time(to) ? pginterval_to_time : NULL;
}

cast_fn cast_choose_time(const struct type *from, const struct type *to, enum cast_mode mode)
{
	if (from->id == TYPE_INTERVAL || from->id == TYPE_PGINTERVAL || to->id == TYPE_INTERVAL || to->id == TYPE_PGINTERVAL)
		return choose_interval(from, to);
	if (is_date(to))
		return is_date(from) ? date_to_date : is_instant(from) ? instant_to_date : type_is_number(from) &&
		       from->id != TYPE_NUMERIC ? number_to_date : NULL;
	if (is_instant(to))
		return is_date(from) ? date_to_instant : is_instant(from) ? instant_to_instant : type_is_number(from) &&
		       from->id != TYPE_NUMERIC ? number_to_instant : NULL;
	if (is_time(to))
		return is_instant(from) ? instant_to_time : is_time(from) ? time_to_time : type_is_number(from) &&
		       from->id != TYPE_NUMERIC ? number_to_time : NULL;
	if (type_is_number(to) && (type_is_temporal(from) || is_time(from)))
		return days_to_number;
	return NULL;
}
