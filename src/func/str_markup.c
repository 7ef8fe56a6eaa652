// SPDX-License-Identifier: Apache-2.0
/* XML and HTML in text: entities and what stands between the tags. */
#include "base/utf8.h"
#include "func/str_impl.h"

static const struct {
	const char *name;
	uint32_t code;
} entities[] = {
#define ENTITY_ROW(name, code) {#name, code},
#include "func/html_entities.def"
#undef ENTITY_ROW
};

static void encode_xml(struct strbuf *to, struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		switch (s.data[i]) {
		case '<':
			strbuf_putz(to, "&lt;");
			break;
		case '>':
			strbuf_putz(to, "&gt;");
			break;
		case '&':
			strbuf_putz(to, "&amp;");
			break;
		case '"':
			strbuf_putz(to, "&quot;");
			break;
		case '\'':
			strbuf_putz(to, "&apos;");
			break;
		default:
			strbuf_putc(to, s.data[i]);
		}
}

/* "#65" or "#x41"; false when it is no code point. */
static bool numeric_entity(struct str name, uint32_t *code)
{
	bool hex = name.size > 1 && (name.data[1] == 'x' || name.data[1] == 'X');
	uint32_t v = 0;
	size_t i = hex ? 2 : 1;
	if (i >= name.size || name.size > 12)
		return false;
	for (; i < name.size; i++) {
		char c = ascii_lower(name.data[i]);
		unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
		if (d >= (hex ? 16 : 10))
			return false;
		v = v * (hex ? 16 : 10) + d;
		if (v > 0x10ffff)
			return false;
	}
	*code = v;
	return true;
}

static bool entity(struct str name, bool html, uint32_t *code)
{
	if (name.size != 0 && name.data[0] == '#')
		return numeric_entity(name, code);
	/* XML's five stand first */
	for (size_t i = 0; i < (html ? ARRAY_COUNT(entities) : 5); i++)
		if (str_eq(name, str_of(entities[i].name))) {
			*code = entities[i].code;
			return true;
		}
	return false;
}

static void decode(struct strbuf *to, struct str s, bool html)
{
	const char *p = s.data, *end = s.data + s.size;
	char bytes[4];
	while (p < end) {
		const char *and = memchr(p, '&', (size_t)(end - p));
		const char *semicolon = and == NULL ? NULL : memchr(and, ';', (size_t)(end - and));
		if (semicolon == NULL)
			break;
		/* the last & before the semicolon begins the entity */
		for (const char *q = and + 1; q < semicolon; q++)
			if (*q == '&')
				and = q;
		uint32_t code;
		strbuf_put(to, p, (size_t)(and - p));
		if (entity(str_make(and + 1, (size_t)(semicolon - and - 1)), html, &code)) {
			strbuf_put(to, bytes, utf8_encode(code, bytes));
			p = semicolon + 1;
		} else {
			strbuf_putc(to, '&');
			p = and + 1;
		}
	}
	strbuf_put(to, p, (size_t)(end - p));
}

static void decode_xml(struct strbuf *to, struct str s)
{
	decode(to, s, false);
}

static void decode_html(struct strbuf *to, struct str s)
{
	decode(to, s, true);
}

/* ---- extractTextFromHTML: tags become one blank, comments, scripts and styles nothing ---- */

static const char *find(const char *p, const char *end, struct str what)
{
	for (; (size_t)(end - p) >= what.size; p++)
		if (str_eq_nocase(str_make(p, what.size), what))
			return p;
	return NULL;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether a tag of that name begins at p. */
static bool is_tag(const char *p, const char *end, struct str name)
{
	if ((size_t)(end - p) < name.size + 1 || !str_eq_nocase(str_make(p + 1, name.size), name))
		return false;
	p += name.size + 1;
	return p == end || is_space(*p) || *p == '>' || *p == '/';
}

/* Behind the tag or comment at p; CDATA text goes to *text. */
static const char *skip_tag(const char *p, const char *end, struct str *text)
{
	const char *at;
	struct str rest = {p, (size_t)(end - p)};
	*text = STR("");
	if (str_starts_with(rest, STR("<!--"))) {
		at = find(p + 4, end, STR("-->"));
		return at == NULL ? end : at + 3;
	}
	if (str_starts_with(rest, STR("<![CDATA["))) {
		at = find(p + 9, end, STR("]]>"));
		*text = str_make(p + 9, (size_t)((at == NULL ? end : at) - p - 9));
		return at == NULL ? end : at + 3;
	}
	for (unsigned k = 0; k < 2; k++)
		if (is_tag(p, end, k == 0 ? STR("script") : STR("style"))) {
			at = find(p + 1, end, k == 0 ? STR("</script") : STR("</style"));
			if (at == NULL)
				return end;
			p = at;
			break;
		}
	at = memchr(p, '>', (size_t)(end - p));
	return at == NULL ? end : at + 1;
}

/* Appends words, one blank before each but the first; what is written in one piece stays together. */
static void put_words(struct strbuf *to, struct str s, size_t start, bool *space)
{
	for (size_t i = 0; i < s.size; i++) {
		if (is_space(s.data[i])) {
			*space = true;
			continue;
		}
		if (*space && to->size > start)
			strbuf_putc(to, ' ');
		*space = false;
		strbuf_putc(to, s.data[i]);
	}
}

static void extract_text(struct strbuf *to, struct str s)
{
	const char *p = s.data, *end = s.data + s.size;
	size_t start = to->size;
	bool space = false;
	struct str text;
	while (p < end) {
		const char *tag = memchr(p, '<', (size_t)(end - p));
		put_words(to, str_make(p, (size_t)((tag == NULL ? end : tag) - p)), start, &space);
		if (tag == NULL)
			break;
		space = true;
		p = skip_tag(tag, end, &text);
		put_words(to, text, start, &space);
	}
}

static enum status exec_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	static const struct {
		const char *name;
		void (*make)(struct strbuf *to, struct str s);
	} makers[] = {{"encodeXMLComponent", encode_xml}, {"decodeXMLComponent", decode_xml},
		{"decodeHTMLComponent", decode_html}, {"extractTextFromHTML", extract_text}};
	size_t k = 0;
	while (strcmp(makers[k].name, c->function->name) != 0)
		k++;
	return str_each_text(c, e, args[0], count, makers[k].make, out);
}

#define TEXT(name, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "S", "String", NULL, exec_text, text, name sample, answer)

static const struct function rows[] = {
	TEXT("encodeXMLComponent", "A text with XML's five special characters as entities.", "('<a & b>')",
	     "&lt;a &amp; b&gt;"),
	TEXT("decodeXMLComponent", "A text with XML's entities replaced.", "('&lt;&#65;&gt;')", "<A>"),
	TEXT("decodeHTMLComponent", "A text with HTML's entities replaced.", "('&amp;&eacute;')", "&é"),
	TEXT("extractTextFromHTML", "The text between the tags.", "('<p>Hello <b>x</b></p>')", "Hello x"),
};

FUNCTION_FAMILY(str_markup, "XML and HTML");
