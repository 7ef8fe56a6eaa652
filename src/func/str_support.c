// SPDX-License-Identifier: Apache-2.0
/* What the string families share: results as views, substring search, LIKE patterns. */
#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <utf8proc.h>

#include "base/utf8.h"
#include "func/str_impl.h"

enum status str_views(const struct call *c, struct eval *e, const struct vector *v, uint32_t count, struct vector **out)
{
	struct vector *made;
	TRY(call_result(c, e, count, &made));
	enum status s = vector_share_heaps(made, v, e->err);
	if (s != OK)
		vector_unref(made);
	else
		*out = made;
	return s;
}

enum status str_each_part(const struct call *c, struct eval *e, const struct vector *v, uint32_t count,
                          struct str (*part)(struct str), struct vector **out)
{
	struct str_arg text = str_arg(v);
	TRY(str_views(c, e, v, count, out));
	struct strview *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		struct str s = part(str_arg_at(&text, i));
		to[i] = strview_make(s.data, s.size);
	}
	return OK;
}

enum status str_each_text(const struct call *c, struct eval *e, const struct vector *v, uint32_t count,
                          void (*make)(struct strbuf *to, struct str s), struct vector **out)
{
	struct str_arg text = str_arg(v);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		if (!eval_skips(e, i))
			make(&o.text, str_arg_at(&text, i));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- search ---- */

/* How common a byte is in URLs, JSON and prose: 0 for what is not in the list, which is most rare. */
static unsigned commonness(unsigned char b)
{
	static const char by_rarity[] = "zqjxkvbpgfw?=&-_%ymculdhrsin0123456789oat.,{}e:/\" ";
	const char *p = b == '\0' ? NULL : strchr(by_rarity, ascii_lower((char)b));
	return p == NULL ? 0 : (unsigned)(p - by_rarity) + 1;
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

void searcher_init(struct searcher *s, struct str needle, bool nocase)
{
	uint32_t best = 0, next = 0;
	*s = (struct searcher){.needle = needle, .nocase = nocase};
	if (needle.size == 0)
		return;
	for (uint32_t i = 1; i < needle.size; i++)
		if (commonness((unsigned char)needle.data[i]) < commonness((unsigned char)needle.data[best]))
			best = i;
	next = best != 0 || needle.size == 1 ? 0 : 1;
	for (uint32_t i = 0; i < needle.size; i++)
		if (i != best && needle.data[i] != needle.data[best] &&
		    commonness((unsigned char)needle.data[i]) < commonness((unsigned char)needle.data[next]))
			next = i;
	s->first = best < next ? best : next;
	s->second = best < next ? next : best;
	char a = needle.data[s->first], b = needle.data[s->second];
	s->a[0] = (unsigned char)(nocase ? ascii_lower(a) : a);
	s->a[1] = (unsigned char)(nocase ? ascii_upper(a) : a);
	s->b[0] = (unsigned char)(nocase ? ascii_lower(b) : b);
	s->b[1] = (unsigned char)(nocase ? ascii_upper(b) : b);
}

static inline bool found_at(const struct searcher *s, const char *p)
{
	return s->nocase ? same_nocase(p, s->needle.data, s->needle.size) : memcmp(p, s->needle.data, s->needle.size) == 0;
}

/* The scalar twin: also for haystacks too short for a block. */
static const char *find_scalar(const struct searcher *s, const char *p, const char *last)
{
	for (; p <= last; p++) {
		unsigned char a = (unsigned char)p[s->first], b = (unsigned char)p[s->second];
		if ((a == s->a[0] || a == s->a[1]) && (b == s->b[0] || b == s->b[1]) && found_at(s, p))
			return p;
	}
	return NULL;
}

#ifdef __SSE2__
/* Bit k: the two bytes stand right for an occurrence at p + k. */
static inline unsigned candidates(const struct searcher *s, const char *p, __m128i a, __m128i b)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(p + s->first)), y = _mm_loadu_si128((const __m128i *)(p + s->second));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(x, a), _mm_cmpeq_epi8(y, b)));
}

static inline unsigned candidates_nocase(const struct searcher *s, const char *p)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(p + s->first)), y = _mm_loadu_si128((const __m128i *)(p + s->second));
	__m128i a = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8((char)s->a[0])),
	                         _mm_cmpeq_epi8(x, _mm_set1_epi8((char)s->a[1])));
	__m128i b = _mm_or_si128(_mm_cmpeq_epi8(y, _mm_set1_epi8((char)s->b[0])),
	                         _mm_cmpeq_epi8(y, _mm_set1_epi8((char)s->b[1])));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(a, b));
}

static const char *find_blocks(const struct searcher *s, const char *p, const char *last)
{
	__m128i a = _mm_set1_epi8((char)s->a[0]), b = _mm_set1_epi8((char)s->b[0]);
	for (;;) {
		for (unsigned m = s->nocase ? candidates_nocase(s, p) : candidates(s, p, a, b); m != 0; m &= m - 1) {
			const char *at = p + ctz32(m);
			if (found_at(s, at))
				return at;
		}
		if (p == last - 15)
			return NULL;
		/* the last block overlaps the one before, so that no tail remains */
		p = p + 16 > last - 15 ? last - 15 : p + 16;
	}
}
#endif

void searcher_init_utf8(struct searcher *s, struct str needle, bool nocase)
{
	searcher_init(s, needle, nocase);
	for (size_t i = 0; i < needle.size && nocase; i++)
		s->fold |= (unsigned char)needle.data[i] >= 0x80;
}

/* Whether the needle's characters begin at p, in any case. */
static bool folded_at(const struct searcher *s, const char *p, const char *end)
{
	uint32_t a, b;
	for (size_t i = 0; i < s->needle.size;) {
		if (p == end)
			return false;
		i += utf8_decode(s->needle.data + i, s->needle.size - i, &a);
		p += utf8_decode(p, (size_t)(end - p), &b);
		if (a != b && utf8proc_tolower((utf8proc_int32_t)a) != utf8proc_tolower((utf8proc_int32_t)b))
			return false;
	}
	return true;
}

static const char *find_folded(const struct searcher *s, const char *p, const char *end)
{
	uint32_t c;
	while (p < end && !folded_at(s, p, end))
		p += utf8_decode(p, (size_t)(end - p), &c);
	return p < end ? p : NULL;
}

const char *searcher_find(const struct searcher *s, const char *p, const char *end)
{
	if (s->needle.size == 0)
		return p;
	if (unlikely(s->fold))
		return find_folded(s, p, end);
	if ((size_t)(end - p) < s->needle.size)
		return NULL;
	const char *last = end - s->needle.size;
#ifdef __SSE2__
	if (last - p >= 15)
		return find_blocks(s, p, last);
#endif
	return find_scalar(s, p, last);
}

/* ---- LIKE ---- */

/* Without the escapes. */
static struct str unescape(struct arena *a, struct str s, char escape)
{
	char *to = arena_alloc(a, s.size + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.size; i++) {
		if (escape != '\0' && s.data[i] == escape && i + 1 < s.size) {
			char next = s.data[i + 1];
			if (next == '%' || next == '_' || next == escape)
				i++;
		}
		to[n++] = s.data[i];
	}
	return str_make(to, n);
}

enum status like_compile(struct like *l, struct str pattern, char escape, bool nocase, struct arena *a,
                         struct error *err)
{
	uint32_t percents = 0, n = 0;
	bool general = false;
	*l = (struct like){.nocase = nocase, .text = pattern, .escape = escape};
	for (size_t i = 0; i < pattern.size; i++) {
		if (escape != '\0' && pattern.data[i] == escape) {
			if (i + 1 == pattern.size)
				return ERR(err, E_BAD_ARGUMENTS, "Invalid escape sequence at the end of LIKE pattern '%.*s'",
				           (int)(pattern.size > 200 ? 200 : pattern.size), pattern.data);
			i++;
			general |= nocase && (unsigned char)pattern.data[i] >= 0x80;
			continue;
		}
		percents += pattern.data[i] == '%';
		general |= pattern.data[i] == '_' || (nocase && (unsigned char)pattern.data[i] >= 0x80);
	}
	if (general) {
		l->kind = LIKE_GENERAL;
		return OK;
	}
	l->segments = ARENA_ARRAY(a, struct searcher, percents + 1);
	l->open_start = pattern.size != 0 && pattern.data[0] == '%';
	for (size_t i = 0, from = 0; i <= pattern.size; i++) {
		bool at_end = i == pattern.size;
		if (!at_end && escape != '\0' && pattern.data[i] == escape) {
			i++;
			continue;
		}
		if (!at_end && pattern.data[i] != '%')
			continue;
		if (i != from)
			searcher_init(&l->segments[n++], unescape(a, str_make(pattern.data + from, i - from), escape), nocase);
		l->open_end = at_end && from == i && percents != 0;
		from = i + 1;
	}
	l->segment_count = n;
	if (n == 1 || percents == 0) {
		l->text = n == 0 ? STR("") : l->segments[0].needle;
		l->kind = percents == 0 ? LIKE_EXACT
		          : !l->open_start ? LIKE_PREFIX
		          : l->open_end ? LIKE_CONTAINS
		                        : LIKE_SUFFIX;
	} else {
		l->kind = LIKE_SEGMENTS;
	}
	return OK;
}

static uint32_t fold(uint32_t c)
{
	if (c < 0x80)
		return (uint32_t)(unsigned char)ascii_lower((char)c);
	/* Latin-1, Greek and Cyrillic capitals stand a fixed distance before their small letters */
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	return c >= 0x400 && c <= 0x40f ? c + 80 : c;
}

/* One character of the text against one of the pattern; advances both. */
static bool same_character(const struct like *l, struct str s, size_t *i, struct str p, size_t *k)
{
	uint32_t a, b;
	size_t at = *k;
	if (l->escape != '\0' && p.data[at] == l->escape && at + 1 < p.size)
		at++;
	else if (p.data[at] == '_') {
		*i += utf8_decode(s.data + *i, s.size - *i, &a);
		*k = at + 1;
		return true;
	}
	unsigned n = utf8_decode(s.data + *i, s.size - *i, &a), m = utf8_decode(p.data + at, p.size - at, &b);
	bool same = l->nocase ? fold(a) == fold(b) && (a != 0xfffd || n == m)
	                      : n == m && memcmp(s.data + *i, p.data + at, n) == 0;
	*i += n;
	*k = at + m;
	return same;
}

static bool match_general(const struct like *l, struct str s)
{
	struct str p = l->text;
	size_t i = 0, k = 0, star = SIZE_MAX, from = 0;
	uint32_t skipped;
	while (i < s.size) {
		if (k < p.size && p.data[k] == '%' && p.data[k] != l->escape) {
			star = ++k;
			from = i;
			continue;
		}
		if (k < p.size && same_character(l, s, &i, p, &k))
			continue;
		if (star == SIZE_MAX)
			return false;
		from += utf8_decode(s.data + from, s.size - from, &skipped);
		i = from;
		k = star;
	}
	while (k < p.size && p.data[k] == '%')
		k++;
	return k == p.size;
}

static inline bool same_bytes(const struct like *l, const char *a, struct str b)
{
	return l->nocase ? same_nocase(a, b.data, b.size) : memcmp(a, b.data, b.size) == 0;
}

static bool match_segments(const struct like *l, struct str s)
{
	const char *p = s.data, *end = s.data + s.size;
	uint32_t from = 0, until = l->segment_count;
	if (!l->open_start) {
		struct str first = l->segments[from++].needle;
		if (first.size > s.size || !same_bytes(l, p, first))
			return false;
		p += first.size;
	}
	if (!l->open_end) {
		struct str last = l->segments[--until].needle;
		if (last.size > (size_t)(end - p) || !same_bytes(l, end - last.size, last))
			return false;
		end -= last.size;
	}
	for (; from < until; from++) {
		p = searcher_find(&l->segments[from], p, end);
		if (p == NULL)
			return false;
		p += l->segments[from].needle.size;
	}
	return true;
}

bool like_match(const struct like *l, struct str s)
{
	switch (l->kind) {
	case LIKE_EXACT:
		return s.size == l->text.size && same_bytes(l, s.data, l->text);
	case LIKE_PREFIX:
		return s.size >= l->text.size && same_bytes(l, s.data, l->text);
	case LIKE_SUFFIX:
		return s.size >= l->text.size && same_bytes(l, s.data + s.size - l->text.size, l->text);
	case LIKE_CONTAINS:
		return searcher_find(&l->segments[0], s.data, s.data + s.size) != NULL;
	case LIKE_SEGMENTS:
		return match_segments(l, s);
	case LIKE_GENERAL:
		return match_general(l, s);
	}
	return false;
}
