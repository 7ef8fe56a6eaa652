// SPDX-License-Identifier: Apache-2.0
/* Builds zones from the two forms they are written in: TZif files and POSIX TZ values. */
#include <assert.h>

#include "base/timezone_impl.h"

/* No transition lies outside ±2^37 s (about 4,300 years); "Big Bang" entries of old compilers do and say nothing. */
#define EARLIEST (-((int64_t)1 << 37))
#define LATEST ((int64_t)1 << 37)
enum { OFFSET_MAX = 168 * 3600 };

/* ---- a zone being built ---- */

struct builder {
	struct arena *arena;
	struct timezone_interval *intervals;
	size_t count, capacity;
	struct strbuf_small {
		char text[1024];
		size_t size;
	} names;
};

static bool add_name(struct builder *b, struct str name, uint16_t *out)
{
	if (name.size >= sizeof b->names.text - b->names.size)
		return false;
	*out = (uint16_t)b->names.size;
	if (name.size != 0)
		memcpy(b->names.text + b->names.size, name.data, name.size);
	b->names.size += name.size;
	b->names.text[b->names.size++] = 0;
	return true;
}

/* Appends; what begins when its predecessor does replaces it, and what changes nothing is left out. */
static void add_interval(struct builder *b, struct timezone_interval i)
{
	if (b->count != 0 && b->intervals[b->count - 1].from >= i.from)
		b->count--;
	if (b->count != 0) {
		const struct timezone_interval *last = &b->intervals[b->count - 1];
		if (last->offset == i.offset && last->dst == i.dst &&
		    strcmp(b->names.text + last->abbreviation, b->names.text + i.abbreviation) == 0)
			return;
	}
	ARENA_PUSH(b->arena, b->intervals, b->count, b->capacity, i);
}

static void finish(struct builder *b, int64_t fold_from, struct timezone *out)
{
	assert(b->count >= 1 && b->count < TIMEZONE_INTERVALS_MAX);
	size_t n = b->count;
	b->intervals[0].from = INT64_MIN;
	struct timezone_interval sentinel = b->intervals[n - 1];
	sentinel.from = INT64_MAX;
	ARENA_PUSH(b->arena, b->intervals, b->count, b->capacity, sentinel);

	out->intervals = b->intervals;
	out->interval_count = (uint32_t)n;
	out->abbreviations = arena_copy(b->arena, b->names.text, b->names.size);
	out->fold_from = fold_from;
	out->fold_before = INT64_MIN;
	out->is_utc = n == 1 && b->intervals[0].offset == 0;
	out->bucket_base = INT64_MAX;
	out->bucket_count = 0;
	out->buckets = NULL;
	if (n == 1)
		return;
	int64_t base = b->intervals[1].from, last = b->intervals[n - 1].from;
	uint32_t buckets = (uint32_t)((last - base) >> TIMEZONE_BUCKET_BITS) + 1;
	uint16_t *index = ARENA_ARRAY(b->arena, uint16_t, buckets);
	for (uint32_t k = 0, i = 1; k < buckets; k++) {
		while (i + 1 < n && b->intervals[i + 1].from <= base + ((int64_t)k << TIMEZONE_BUCKET_BITS))
			i++;
		index[k] = (uint16_t)i;
	}
	out->bucket_base = base;
	out->bucket_count = buckets;
	out->buckets = index;
}

/* ---- POSIX rules: std offset [dst [offset] [,start[/time],end[/time]]] ---- */

struct change {
	enum { CHANGE_JULIAN, CHANGE_DAY, CHANGE_WEEKDAY } kind; /* Jn: no leap day; n: from 0; Mm.w.d */
	unsigned month, week, day;
	int32_t time; /* seconds of the local day, in the time that ends */
};

struct rule {
	struct str std, dst; /* names */
	int32_t std_offset, dst_offset;
	bool has_dst;
	struct change start, end;
};

static bool take(struct str *s, char c)
{
	if (s->size == 0 || s->data[0] != c)
		return false;
	s->data++;
	s->size--;
	return true;
}

static bool take_number(struct str *s, unsigned max, unsigned *out)
{
	unsigned v = 0;
	size_t n = 0;
	for (; n < s->size && s->data[n] >= '0' && s->data[n] <= '9'; n++) {
		v = v * 10 + (unsigned)(s->data[n] - '0');
		if (v > max)
			return false;
	}
	s->data += n;
	s->size -= n;
	*out = v;
	return n != 0;
}

/* [+-]h[:m[:s]] in seconds. */
static bool take_time(struct str *s, unsigned hours_max, int32_t *out)
{
	unsigned h, m = 0, sec = 0;
	bool minus = take(s, '-');
	if (!minus)
		(void)take(s, '+');
	if (!take_number(s, hours_max, &h))
		return false;
	if (take(s, ':') && (!take_number(s, 59, &m) || (take(s, ':') && !take_number(s, 59, &sec))))
		return false;
	*out = (int32_t)(h * 3600 + m * 60 + sec);
	if (minus)
		*out = -*out;
	return true;
}

static bool is_letter(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/* Letters, or anything up to 31 bytes between < and >. */
static bool take_name(struct str *s, struct str *out)
{
	size_t n = 0;
	bool quoted = take(s, '<');
	while (n < s->size && (quoted ? s->data[n] != '>' : is_letter(s->data[n])))
		n++;
	*out = str_make(s->data, n);
	s->data += n;
	s->size -= n;
	return n <= 31 && (!quoted || take(s, '>'));
}

static bool take_change(struct str *s, struct change *out)
{
	out->time = 7200;
	if (take(s, 'M')) {
		out->kind = CHANGE_WEEKDAY;
		if (!take_number(s, 12, &out->month) || !take(s, '.') || !take_number(s, 5, &out->week) || !take(s, '.') ||
		    !take_number(s, 6, &out->day) || out->month == 0 || out->week == 0)
			return false;
	} else if (take(s, 'J')) {
		out->kind = CHANGE_JULIAN;
		if (!take_number(s, 365, &out->day) || out->day == 0)
			return false;
	} else {
		out->kind = CHANGE_DAY;
		if (!take_number(s, 365, &out->day))
			return false;
	}
	return !take(s, '/') || take_time(s, 167, &out->time);
}

static bool rule_parse(struct str s, struct rule *r)
{
	memset(r, 0, sizeof *r);
	if (!take_name(&s, &r->std) || !take_time(&s, 167, &r->std_offset))
		return false;
	r->std_offset = -r->std_offset;
	if (s.size == 0)
		return true;
	if (!take_name(&s, &r->dst) || r->dst.size == 0)
		return false;
	r->has_dst = true;
	r->dst_offset = r->std_offset + 3600;
	if (s.size != 0 && s.data[0] != ',') {
		if (!take_time(&s, 167, &r->dst_offset))
			return false;
		r->dst_offset = -r->dst_offset;
	}
	if (s.size == 0)
		s = STR(",M3.2.0,M11.1.0");
	return take(&s, ',') && take_change(&s, &r->start) && take(&s, ',') && take_change(&s, &r->end) && s.size == 0;
}

/* The local second, since 1970, at which a change happens in a year. */
static int64_t change_in(const struct change *c, int32_t year)
{
	int64_t day;
	if (c->kind == CHANGE_WEEKDAY) {
		int64_t first = civil_to_days(year, c->month, 1);
		unsigned sunday_based = (days_weekday(first) + 1) % 7;
		unsigned of_month = (c->day + 7 - sunday_based) % 7 + (c->week - 1) * 7;
		if (of_month >= civil_days_in_month(year, c->month))
			of_month -= 7;
		day = first + of_month;
	} else if (c->kind == CHANGE_JULIAN) {
		day = civil_to_days(year, 1, 1) + c->day - 1 + (c->day >= 60 && civil_is_leap(year));
	} else {
		day = civil_to_days(year, 1, 1) + c->day;
	}
	return day * 86400 + c->time;
}

/* Writes the rule out for 402 years from the one that holds `after`; returns the instant from which it is folded. */
static int64_t unroll(struct builder *b, const struct rule *r, int64_t after, uint16_t std_name, uint16_t dst_name)
{
	int32_t first = days_to_civil(floor_div(after, 86400)).year;
	struct timezone_interval changes[2 * 402];
	size_t n = 0;
	for (int32_t year = first; year <= first + 401; year++) {
		int64_t end = change_in(&r->end, year) - r->dst_offset, start = change_in(&r->start, year) - r->std_offset;
		changes[n++] = (struct timezone_interval){end, r->std_offset, std_name, false};
		changes[n++] = (struct timezone_interval){start, r->dst_offset, dst_name, true};
		/* In order of time; where summer time ends and begins at once, it goes on. */
		for (size_t i = n - 2; i < n; i++)
			for (size_t k = i; k > 0 && changes[k].from < changes[k - 1].from; k--) {
				struct timezone_interval swap = changes[k];
				changes[k] = changes[k - 1];
				changes[k - 1] = swap;
			}
	}
	for (size_t i = 0; i < n; i++)
		if (changes[i].from > after)
			add_interval(b, changes[i]);
	return civil_to_days(first + 401, 1, 1) * 86400;
}

/* Continues b by a rule after an instant. A rule without summer time changes nothing: the last transition led to it. */
static bool continue_by_rule(struct builder *b, const struct rule *r, int64_t after, int64_t *fold_from)
{
	uint16_t std_name, dst_name;
	*fold_from = INT64_MAX;
	if (!add_name(b, r->std, &std_name) || !add_name(b, r->dst, &dst_name))
		return false;
	if (b->count == 0)
		add_interval(b, (struct timezone_interval){EARLIEST, r->std_offset, std_name, false});
	if (r->has_dst)
		*fold_from = unroll(b, r, after, std_name, dst_name);
	return true;
}

bool timezone_from_posix(struct arena *arena, struct str text, struct timezone *out)
{
	struct builder b = {.arena = arena};
	struct rule r;
	int64_t fold_from;
	if (!rule_parse(text, &r) || !continue_by_rule(&b, &r, 0, &fold_from))
		return false;
	finish(&b, fold_from, out);
	if (fold_from != INT64_MAX)
		out->fold_before = fold_from - TIMEZONE_CYCLE;
	return true;
}

void timezone_from_offset(struct arena *arena, int32_t seconds_east, const char *abbreviation, struct timezone *out)
{
	struct builder b = {.arena = arena};
	uint16_t name = 0;
	bool fits = add_name(&b, str_of(abbreviation), &name);
	assert(fits);
	(void)fits;
	add_interval(&b, (struct timezone_interval){EARLIEST, seconds_east, name, false});
	finish(&b, INT64_MAX, out);
}

/* ---- TZif ---- */

struct tzif {
	const uint8_t *times, *indexes, *types, *names;
	uint32_t time_count, type_count, name_count;
	unsigned time_size;
	size_t size; /* of header and data */
};

static int64_t big_endian(const uint8_t *p, unsigned bytes)
{
	uint64_t v = bytes == 4 && p[0] >= 0x80 ? 0xffffffff : 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* One of the file's two blocks: a header of 44 bytes, then the data whose counts it gives. */
static bool tzif_block(struct str s, unsigned time_size, struct tzif *out)
{
	uint32_t n[6]; /* isut, isstd, leap, time, type, char */
	const uint8_t *p = (const uint8_t *)s.data;
	if (s.size < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	for (int i = 0; i < 6; i++)
		n[i] = (uint32_t)big_endian(p + 20 + i * 4, 4);
	if (n[3] > TIMEZONE_INTERVALS_MAX / 2 || n[4] == 0 || n[4] > 256 || n[5] == 0 || n[5] > 512 || n[0] > 256 ||
	    n[1] > 256 || n[2] != 0)
		return false;
	*out = (struct tzif){.time_count = n[3], .type_count = n[4], .name_count = n[5], .time_size = time_size};
	out->times = p + 44;
	out->indexes = out->times + n[3] * time_size;
	out->types = out->indexes + n[3];
	out->names = out->types + n[4] * 6;
	out->size = 44 + n[3] * (time_size + 1) + n[4] * 6 + n[5] + n[1] + n[0];
	if (out->size > s.size || out->names[n[5] - 1] != 0)
		return false;
	for (uint32_t i = 0; i < n[3]; i++)
		if (out->indexes[i] >= n[4])
			return false;
	for (uint32_t i = 0; i < n[4]; i++) {
		int64_t offset = big_endian(out->types + i * 6, 4);
		if (offset > OFFSET_MAX || offset < -OFFSET_MAX || out->types[i * 6 + 5] >= n[5])
			return false;
	}
	return true;
}

static struct timezone_interval tzif_interval(const struct tzif *t, int64_t from, unsigned type)
{
	const uint8_t *p = t->types + type * 6;
	return (struct timezone_interval){from, (int32_t)big_endian(p, 4), p[5], p[4] != 0};
}

bool timezone_from_tzif(struct arena *arena, struct str bytes, struct timezone *out)
{
	struct builder b = {.arena = arena};
	struct tzif t;
	struct str rest, footer = {NULL, 0};
	if (!tzif_block(bytes, 4, &t))
		return false;
	if (bytes.data[4] >= '2') {
		rest = str_make(bytes.data + t.size, bytes.size - t.size);
		if (!tzif_block(rest, 8, &t))
			return false;
		rest = str_make(rest.data + t.size, rest.size - t.size);
		if (!take(&rest, '\n') || str_find_char(rest, '\n') < 0)
			return false;
		footer = str_make(rest.data, (size_t)str_find_char(rest, '\n'));
	}
	memcpy(b.names.text, t.names, t.name_count);
	b.names.size = t.name_count;
	add_interval(&b, tzif_interval(&t, INT64_MIN, 0));
	int64_t last = EARLIEST;
	for (uint32_t i = 0; i < t.time_count; i++) {
		int64_t at = big_endian(t.times + i * t.time_size, t.time_size);
		if (at > LATEST || (i != 0 && at <= last && last != EARLIEST))
			return false;
		last = at < EARLIEST ? EARLIEST : at;
		add_interval(&b, tzif_interval(&t, at < EARLIEST ? INT64_MIN : at, t.indexes[i]));
	}
	int64_t fold_from = INT64_MAX;
	struct rule r;
	if (footer.size != 0 && (!rule_parse(footer, &r) || !continue_by_rule(&b, &r, last, &fold_from)))
		return false;
	finish(&b, fold_from, out);
	return true;
}
