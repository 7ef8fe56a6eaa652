// SPDX-License-Identifier: Apache-2.0
/* JSON as PostgreSQL's json and jsonb take it: checked by RFC 8259, for jsonb in its one form. */
#include "column/json_text.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "column/digits.h"
#include "column/numeric.h"

enum { DEPTH_MAX = 500 };

/* A member of the object being read: where its text stands in the output, its key in the key store. */
struct member {
	size_t text, text_size, key, key_size;
	uint32_t order;
};

struct json_reader {
	const char *p, *end;
	struct str whole;
	struct strbuf *out;      /* NULL: only check */
	struct strbuf keys;
	struct member *members;  /* of all open objects, innermost last */
	size_t member_count, member_capacity;
	unsigned depth;
	struct error *err;
};

static enum status read_value(struct json_reader *r);

static enum status bad(struct json_reader *r)
{
	enum { SHOWN_MAX = 64 };
	size_t left = (size_t)(r->end - r->p);
	enum status s = ERR(r->err, E_CANNOT_PARSE_TEXT, "invalid input syntax for type json");
	if (r->err != NULL && left == 0)
		error_detail(r->err, "The input string ended unexpectedly.");
	else if (r->err != NULL)
		error_detail(r->err, "Token \"%.*s\" is invalid.", (int)utf8_prefix_size(r->p, left > SHOWN_MAX ? SHOWN_MAX : left),
		             r->p);
	return s;
}

static void blanks(struct json_reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static bool take(struct json_reader *r, char c)
{
	blanks(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static void put(struct json_reader *r, const char *text)
{
	if (r->out != NULL)
		strbuf_putz(r->out, text);
}

/* As PostgreSQL's escape_json() has it. */
static void put_string(struct strbuf *to, struct str s)
{
	static const char from[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
	strbuf_putc(to, '"');
	for (size_t i = 0; i < s.size;) {
		size_t start = i;
		while (i < s.size && (unsigned char)s.data[i] >= 0x20 && s.data[i] != '"' && s.data[i] != '\\')
			i++;
		strbuf_put(to, s.data + start, i - start);
		if (i == s.size)
			break;
		const char *e = s.data[i] == '\0' ? NULL : strchr(from, s.data[i]);
		if (e != NULL) {
			strbuf_putc(to, '\\');
			strbuf_putc(to, letters[e - from]);
		} else {
			strbuf_printf(to, "\\u%04x", (unsigned char)s.data[i]);
		}
		i++;
	}
	strbuf_putc(to, '"');
}

static bool hex4(struct json_reader *r, unsigned *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++, r->p++) {
		char c = r->p < r->end ? ascii_lower(*r->p) : 'x';
		if (!is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		*out = *out << 4 | (unsigned)(is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return true;
}

/* Behind "\u". jsonb holds neither NUL nor halves of pairs. */
static enum status read_unicode(struct json_reader *r, struct strbuf *to)
{
	unsigned code, low;
	char text[4];
	if (!hex4(r, &code))
		return bad(r);
	if (code >= 0xd800 && code < 0xe000) {
		bool pair = code < 0xdc00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u';
		if (pair) {
			r->p += 2;
			pair = hex4(r, &low) && low >= 0xdc00 && low < 0xe000;
		}
		if (!pair)
			return r->out == NULL ? OK : bad(r);
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	if (code == 0 && r->out != NULL)
		return ERR(r->err, E_UNTRANSLATABLE, "unsupported Unicode escape sequence");
	strbuf_put(to, text, utf8_encode(code, text));
	return OK;
}

/* A string behind its quote, decoded. */
static enum status read_string(struct json_reader *r, struct strbuf *to)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	while (r->p < r->end && *r->p != '"') {
		const char *start = r->p;
		while (r->p < r->end && (unsigned char)*r->p >= 0x20 && *r->p != '"' && *r->p != '\\')
			r->p++;
		strbuf_put(to, start, (size_t)(r->p - start));
		if (r->p == r->end || (unsigned char)*r->p < 0x20)
			return bad(r);
		if (*r->p == '"')
			break;
		if (++r->p == r->end)
			return bad(r);
		char c = *r->p++;
		const char *e = c == '\0' ? NULL : strchr(letters, c);
		if (e != NULL)
			strbuf_putc(to, bytes[e - letters]);
		else if (c == 'u')
			TRY(read_unicode(r, to));
		else
			return bad(r);
	}
	return take(r, '"') ? OK : bad(r);
}

static bool digits(struct json_reader *r)
{
	const char *start = r->p;
	while (r->p < r->end && is_digit(*r->p))
		r->p++;
	return r->p != start;
}

static enum status read_number(struct json_reader *r)
{
	const char *start = r->p;
	r->p += *r->p == '-';
	bool zero = r->p < r->end && *r->p == '0';
	const char *first = r->p;
	bool good = digits(r) && !(zero && r->p - first > 1);
	if (good && r->p < r->end && *r->p == '.') {
		r->p++;
		good = digits(r);
	}
	if (good && r->p < r->end && ascii_lower(*r->p) == 'e') {
		r->p++;
		r->p += r->p < r->end && (*r->p == '+' || *r->p == '-');
		good = digits(r);
	}
	if (!good)
		return bad(r);
	if (r->out == NULL)
		return OK;
	struct numeric n;
	numeric_init(&n);
	enum status s = numeric_parse(&n, str_make(start, (size_t)(r->p - start)), r->err);
	if (s == OK)
		numeric_format(&n, r->out);
	numeric_fini(&n);
	return s;
}

static enum status read_array(struct json_reader *r)
{
	put(r, "[");
	if (!take(r, ']')) {
		bool more = false;
		do {
			put(r, more ? ", " : "");
			TRY(read_value(r));
			more = true;
		} while (take(r, ','));
		if (!take(r, ']'))
			return bad(r);
	}
	put(r, "]");
	return OK;
}

static enum status push_member(struct json_reader *r, struct member m)
{
	if (r->member_count == r->member_capacity) {
		size_t capacity = r->member_capacity == 0 ? 32 : r->member_capacity * 2;
		struct member *p = realloc(r->members, capacity * sizeof *p);
		if (p == NULL)
			return ERR(r->err, E_CANNOT_ALLOCATE, "cannot allocate %zu object members", capacity);
		r->members = p;
		r->member_capacity = capacity;
	}
	r->members[r->member_count++] = m;
	return OK;
}

/* jsonb's order of keys: the shorter first, then by bytes; equal keys by position. */
static int compare_keys(const struct member *a, const struct member *b, const char *keys)
{
	if (a->key_size != b->key_size)
		return a->key_size < b->key_size ? -1 : 1;
	return a->key_size == 0 ? 0 : memcmp(keys + a->key, keys + b->key, a->key_size);
}

static int by_key(const void *a, const void *b, void *keys)
{
	const struct member *x = a, *y = b;
	int c = compare_keys(x, y, keys);
	return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

/* Puts the members, which stand in the output from `start` on, in order; of equal keys the last stays. */
static enum status sort_members(struct json_reader *r, struct member *m, size_t n, size_t start)
{
	struct strbuf sorted;
	bool in_order = true;
	for (size_t i = 1; i < n && in_order; i++)
		in_order = compare_keys(&m[i - 1], &m[i], r->keys.data) < 0;
	if (in_order || r->out->failed)
		return OK;
	qsort_r(m, n, sizeof *m, by_key, r->keys.data);
	strbuf_init(&sorted, r->out->track);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && compare_keys(&m[i], &m[i + 1], r->keys.data) == 0)
			continue;
		if (sorted.size != 0)
			strbuf_putz(&sorted, ", ");
		strbuf_put(&sorted, r->out->data + m[i].text, m[i].text_size);
	}
	enum status s = strbuf_status(&sorted, r->err);
	if (s == OK) {
		r->out->size = start;
		strbuf_puts(r->out, strbuf_str(&sorted));
	}
	strbuf_fini(&sorted);
	return s;
}

static enum status read_object(struct json_reader *r)
{
	size_t first = r->member_count, keys = r->keys.size;
	put(r, "{");
	size_t start = r->out == NULL ? 0 : r->out->size;
	if (!take(r, '}')) {
		do {
			if (r->member_count != first)
				put(r, ", ");
			struct member m = {.key = r->keys.size, .order = (uint32_t)r->member_count};
			if (!take(r, '"'))
				return bad(r);
			TRY(read_string(r, &r->keys));
			m.key_size = r->keys.size - m.key;
			if (!take(r, ':'))
				return bad(r);
			if (r->out != NULL) {
				m.text = r->out->size;
				put_string(r->out, str_make(r->keys.data + m.key, m.key_size));
				put(r, ": ");
			} else {
				r->keys.size = m.key;
			}
			TRY(read_value(r));
			if (r->out != NULL)
				m.text_size = r->out->size - m.text;
			TRY(push_member(r, m));
		} while (take(r, ','));
		if (!take(r, '}'))
			return bad(r);
	}
	if (r->out != NULL && !r->keys.failed)
		TRY(sort_members(r, r->members + first, r->member_count - first, start));
	r->member_count = first;
	r->keys.size = keys;
	put(r, "}");
	return OK;
}

static enum status read_word(struct json_reader *r, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return bad(r);
	r->p += n;
	put(r, word);
	return OK;
}

static enum status read_value(struct json_reader *r)
{
	enum status s;
	blanks(r);
	if (r->p == r->end)
		return bad(r);
	if (++r->depth > DEPTH_MAX)
		return ERR(r->err, E_AST_TOO_DEEP, "JSON is nested deeper than %d levels", DEPTH_MAX);
	switch (*r->p) {
	case '{':
		r->p++;
		s = read_object(r);
		break;
	case '[':
		r->p++;
		s = read_array(r);
		break;
	case '"': {
		size_t keys = r->keys.size;
		r->p++;
		s = read_string(r, &r->keys);
		if (s == OK && r->out != NULL)
			put_string(r->out, str_make(r->keys.data + keys, r->keys.size - keys));
		r->keys.size = keys;
		break;
	}
	case 't': s = read_word(r, "true"); break;
	case 'f': s = read_word(r, "false"); break;
	case 'n': s = read_word(r, "null"); break;
	default: s = *r->p == '-' || is_digit(*r->p) ? read_number(r) : bad(r); break;
	}
	r->depth--;
	return s;
}

static enum status read_whole(struct str text, struct strbuf *out, struct error *err)
{
	struct json_reader r = {.p = text.data, .end = text.data + text.size, .whole = text, .out = out, .err = err};
	strbuf_init(&r.keys, out == NULL ? NULL : out->track);
	enum status s = read_value(&r);
	blanks(&r);
	if (s == OK && r.p != r.end)
		s = bad(&r);
	if (s == OK)
		s = strbuf_status(&r.keys, err);
	if (s == OK && out != NULL)
		s = strbuf_status(out, err);
	strbuf_fini(&r.keys);
	free(r.members);
	return s;
}

enum status json_check(struct str text, struct error *err)
{
	return read_whole(text, NULL, err);
}

enum status jsonb_normalize(struct str text, struct strbuf *out, struct error *err)
{
	return read_whole(text, out, err);
}
