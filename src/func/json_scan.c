// SPDX-License-Identifier: Apache-2.0
/* Walking JSON text. */
#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/fpconv.h"
#include "base/utf8.h"
#include "func/json_impl.h"

enum { JSON_DEPTH_MAX = 1024 };

/* From behind the opening quote to behind the closing one. */
static const char *skip_string(const char *p, const char *end)
{
	for (;;) {
#ifdef __SSE2__
		const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
		while (end - p >= 16) {
			__m128i x = _mm_loadu_si128((const __m128i *)p);
			unsigned m = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)));
			if (m != 0) {
				p += ctz32(m);
				break;
			}
			p += 16;
		}
#endif
		while (p < end && *p != '"' && *p != '\\')
			p++;
		if (p == end)
			return NULL;
		if (*p == '"')
			return p + 1;
		if (end - p < 2)
			return NULL;
		p += 2;
	}
}

const char *json_skip(const char *p, const char *end)
{
	unsigned depth = 0;
	if (p >= end)
		return NULL;
	if (*p == '"')
		return skip_string(p + 1, end);
	if (*p != '{' && *p != '[') {
		const char *from = p;
		while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != ' ' && *p != '\n' && *p != '\r' && *p != '\t' &&
		       *p != ':')
			p++;
		return p == from ? NULL : p;
	}
	while (p < end) {
		switch (*p++) {
		case '"':
			p = skip_string(p, end);
			if (p == NULL)
				return NULL;
			break;
		case '{':
		case '[':
			if (++depth > JSON_DEPTH_MAX)
				return NULL;
			break;
		case '}':
		case ']':
			if (--depth == 0)
				return p;
			break;
		default:
			break;
		}
	}
	return NULL;
}

bool json_document(struct str text, struct str *value)
{
	const char *end = text.data + text.size, *p = json_blanks(text.data, end);
	while (end > p && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\r' || end[-1] == '\t'))
		end--;
	if (p == end)
		return false;
	*value = str_make(p, (size_t)(end - p));
	switch (*p) {
	case '{':
		return end[-1] == '}' && end - p >= 2;
	case '[':
		return end[-1] == ']' && end - p >= 2;
	case '"':
		return json_skip(p, end) == end;
	default:
		return json_kind(*value) != '\0' && json_skip(p, end) == end;
	}
}

static bool is_number(struct str s)
{
	size_t i = 0, digits;
	if (i < s.size && s.data[i] == '-')
		i++;
	digits = i;
	while (i < s.size && s.data[i] >= '0' && s.data[i] <= '9')
		i++;
	if (i == digits || (s.data[digits] == '0' && i > digits + 1))
		return false;
	if (i < s.size && s.data[i] == '.') {
		digits = ++i;
		while (i < s.size && s.data[i] >= '0' && s.data[i] <= '9')
			i++;
		if (i == digits)
			return false;
	}
	if (i < s.size && (s.data[i] == 'e' || s.data[i] == 'E')) {
		i++;
		if (i < s.size && (s.data[i] == '+' || s.data[i] == '-'))
			i++;
		digits = i;
		while (i < s.size && s.data[i] >= '0' && s.data[i] <= '9')
			i++;
		if (i == digits)
			return false;
	}
	return i == s.size;
}

char json_kind(struct str v)
{
	if (v.size == 0)
		return '\0';
	switch (v.data[0]) {
	case '{':
	case '[':
	case '"':
		return v.data[0];
	case 'n':
		return str_eq(v, STR("null")) ? 'n' : '\0';
	case 't':
		return str_eq(v, STR("true")) ? 'b' : '\0';
	case 'f':
		return str_eq(v, STR("false")) ? 'b' : '\0';
	default:
		return is_number(v) ? '0' : '\0';
	}
}

static bool hex4(const char *p, const char *end, unsigned *out)
{
	if (end - p < 4)
		return false;
	*out = 0;
	for (int i = 0; i < 4; i++) {
		char c = ascii_lower(p[i]);
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		*out = *out << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return true;
}

bool json_decode(struct str quoted, struct strbuf *to)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *p = quoted.data + 1, *end = quoted.data + quoted.size - 1;
	char text[4];
	assert(quoted.size >= 2);
	while (p < end) {
		const char *slash = memchr(p, '\\', (size_t)(end - p));
		strbuf_put(to, p, (size_t)((slash == NULL ? end : slash) - p));
		if (slash == NULL)
			return true;
		p = slash + 1;
		if (p >= end)
			return false;
		unsigned code, low;
		char c = *p++;
		const char *e = c == '\0' ? NULL : strchr(letters, c);
		if (e != NULL) {
			strbuf_putc(to, bytes[e - letters]);
			continue;
		}
		if (c != 'u' || !hex4(p, end, &code))
			return false;
		p += 4;
		if (code >= 0xd800 && code < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' && hex4(p + 2, end, &low) &&
		    low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		}
		strbuf_put(to, text, utf8_encode(code, text));
	}
	return true;
}

bool json_walk_begin(struct json_walk *w, struct str value)
{
	*w = (struct json_walk){.p = value.data + 1, .end = value.data + value.size, .first = true};
	if (value.size < 2 || (value.data[0] != '{' && value.data[0] != '['))
		return false;
	w->object = value.data[0] == '{';
	return true;
}

bool json_walk_next(struct json_walk *w)
{
	const char *p = json_blanks(w->p, w->end), *q;
	if (p >= w->end || *p == '}' || *p == ']')
		return false;
	if (!w->first) {
		if (*p != ',')
			return false;
		p = json_blanks(p + 1, w->end);
	}
	w->first = false;
	if (w->object) {
		if (p >= w->end || *p != '"' || (q = json_skip(p, w->end)) == NULL)
			return false;
		w->key = str_make(p, (size_t)(q - p));
		p = json_blanks(q, w->end);
		if (p >= w->end || *p != ':')
			return false;
		p = json_blanks(p + 1, w->end);
	}
	q = json_skip(p, w->end);
	if (q == NULL)
		return false;
	w->value = str_make(p, (size_t)(q - p));
	w->p = q;
	return true;
}

bool json_key_is(struct str quoted, struct str key, bool nocase, struct strbuf *scratch)
{
	struct str bare = str_make(quoted.data + 1, quoted.size - 2);
	if (bare.size != 0 && memchr(bare.data, '\\', bare.size) != NULL) {
		strbuf_clear(scratch);
		if (!json_decode(quoted, scratch))
			return false;
		bare = strbuf_str(scratch);
	}
	return nocase ? str_eq_nocase(bare, key) : str_eq(bare, key);
}

struct str json_find_key(struct str object, struct str key, bool nocase, struct strbuf *scratch, bool *found)
{
	struct json_walk w;
	*found = false;
	if (!json_walk_begin(&w, object) || !w.object)
		return STR("");
	while (json_walk_next(&w))
		if (json_key_is(w.key, key, nocase, scratch)) {
			*found = true;
			return w.value;
		}
	return STR("");
}

uint64_t json_length(struct str value)
{
	struct json_walk w;
	uint64_t n = 0;
	if (!json_walk_begin(&w, value))
		return 0;
	while (json_walk_next(&w))
		n++;
	return n;
}

bool json_find_index(struct str value, int64_t index, struct str *key, struct str *out)
{
	struct json_walk w;
	if (index < 0)
		index += (int64_t)json_length(value) + 1;
	if (index <= 0 || !json_walk_begin(&w, value))
		return false;
	for (int64_t i = 1; json_walk_next(&w); i++)
		if (i == index) {
			if (key != NULL)
				*key = w.object ? w.key : STR("");
			*out = w.value;
			return true;
		}
	return false;
}

static void minify_number(struct str v, struct strbuf *to)
{
	double d;
	char text[FP_TEXT_MAX];
	bool whole = true;
	for (size_t i = 0; i < v.size; i++)
		whole = whole && v.data[i] != '.' && v.data[i] != 'e' && v.data[i] != 'E';
	if (whole || fp_parse64(v, &d) == 0)
		strbuf_puts(to, v);
	else
		strbuf_put(to, text, fp_format64_ch(d, text));
}

/* Token by token, which needs no recursion. */
void json_minify(struct str value, struct strbuf *to)
{
	const char *p = value.data, *end = value.data + value.size;
	struct strbuf text;
	strbuf_init(&text, NULL);
	while ((p = json_blanks(p, end)) < end) {
		if (strchr("{}[]:,", *p) != NULL && *p != '\0') {
			strbuf_putc(to, *p++);
			continue;
		}
		const char *q = json_skip(p, end);
		if (q == NULL)
			break;
		struct str token = str_make(p, (size_t)(q - p));
		if (*p == '"' && memchr(p, '\\', token.size) != NULL) {
			strbuf_clear(&text);
			if (json_decode(token, &text))
				json_write_string(to, strbuf_str(&text), false);
		} else if (json_kind(token) == '0') {
			minify_number(token, to);
		} else {
			strbuf_puts(to, token);
		}
		p = q;
	}
	strbuf_fini(&text);
}
