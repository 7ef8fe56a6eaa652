// SPDX-License-Identifier: Apache-2.0
#include "parse/lexer.h"

#include <assert.h>

#include "base/utf8.h"

const struct keyword_info keywords[KW_COUNT] = {
	[NOT_KEYWORD] = {"", 0, KEYWORD_NONE, 0},
#define KEYWORD(NAME, class, flags) [KW_##NAME] = {#NAME, sizeof #NAME - 1, KEYWORD_##class, flags},
#include "parse/keyword.def"
#undef KEYWORD
};

enum keyword keyword_find(struct str word)
{
	enum { LONGEST = 24 };
	char upper[LONGEST];
	if (word.size == 0 || word.size > LONGEST)
		return NOT_KEYWORD;
	for (size_t i = 0; i < word.size; i++)
		upper[i] = ascii_upper(word.data[i]);
	int low = NOT_KEYWORD + 1, high = KW_COUNT;
	while (low < high) {
		int middle = low + (high - low) / 2;
		int c = str_compare(str_make(upper, word.size), str_make(keywords[middle].text, keywords[middle].size));
		if (c == 0)
			return (enum keyword)middle;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NOT_KEYWORD;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

static bool is_word_start(char c)
{
	return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' || (uint8_t)c >= 0x80;
}

static bool is_word(char c)
{
	return is_word_start(c) || is_digit(c) || c == '$';
}

static bool is_operator_char(char c)
{
	return c != '\0' && strchr("+-*/<>=~!@#%^&|?", c) != NULL;
}

/* The byte at offset i, NUL past the end. */
static char peek(const struct lexer *l, size_t i)
{
	return i < l->text.size ? l->text.data[i] : '\0';
}

void lexer_init(struct lexer *l, struct str text, enum dialect dialect)
{
	assert(text.size < UINT32_MAX);
	memset(l, 0, sizeof *l);
	l->text = text;
	l->dialect = dialect;
	l->ascii = true;
	for (size_t i = 0; i < text.size && l->ascii; i++)
		l->ascii = (uint8_t)text.data[i] < 0x80;
	if (text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
		l->at = 3;
}

void lexer_seek(struct lexer *l, size_t offset)
{
	assert(offset <= l->text.size);
	l->at = offset;
	l->previous = T_END;
}

/* 1-based character number of a byte offset; offsets only grow. */
static uint32_t position_of(struct lexer *l, size_t offset)
{
	if (l->ascii)
		return (uint32_t)offset + 1;
	if (offset < l->counted) {
		l->counted = 0;
		l->characters = 0;
	}
	l->characters += (uint32_t)utf8_count(l->text.data + l->counted, offset - l->counted);
	l->counted = offset;
	return l->characters + 1;
}

/* Bytes of a white space character of more than one byte at i, 0 when there is none: NBSP, U+2000..200B, U+3000, BOM.
 * */
static size_t wide_space(const struct lexer *l, size_t i)
{
	uint8_t a = (uint8_t)peek(l, i), b = (uint8_t)peek(l, i + 1), c = (uint8_t)peek(l, i + 2);
	if (a == 0xC2 && b == 0xA0)
		return 2;
	if (a == 0xE2 && b == 0x80 && c >= 0x80 && c <= 0x8B)
		return 3;
	return (a == 0xE3 && b == 0x80 && c == 0x80) || (a == 0xEF && b == 0xBB && c == 0xBF) ? 3 : 0;
}

/* Offset behind the comment block that begins at i, or 0 when it does not end. */
static size_t skip_block_comment(const struct lexer *l, size_t i)
{
	bool nests = l->dialect == DIALECT_POSTGRESQL;
	unsigned level = 1;
	for (i += 2; i + 1 < l->text.size; i++) {
		if (l->text.data[i] == '*' && l->text.data[i + 1] == '/') {
			i++;
			if (--level == 0)
				return i + 1;
		} else if (nests && l->text.data[i] == '/' && l->text.data[i + 1] == '*') {
			i++;
			level++;
		}
	}
	return 0;
}

static bool line_comment_at(const struct lexer *l, size_t i)
{
	char c = peek(l, i), d = peek(l, i + 1);
	if (c == '-' && d == '-')
		return true;
	return c == '#' && ((d == ' ' && l->dialect == DIALECT_CLICKHOUSE) || d == '!');
}

/* Skips blanks and comments; false when a comment does not end. */
static bool skip_blanks(struct lexer *l, bool *newline)
{
	for (;;) {
		char c = peek(l, l->at);
		size_t wide;
		if (l->at >= l->text.size)
			return true;
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			*newline |= c == '\n' || c == '\r';
			l->at++;
		} else if (line_comment_at(l, l->at)) {
			while (l->at < l->text.size && l->text.data[l->at] != '\n')
				l->at++;
		} else if (c == '/' && peek(l, l->at + 1) == '*') {
			size_t end = skip_block_comment(l, l->at);
			if (end == 0)
				return false;
			l->at = end;
		} else if ((uint8_t)c >= 0x80 && (wide = wide_space(l, l->at)) != 0) {
			l->at += wide;
		} else {
			return true;
		}
	}
}

/* Offset behind a quoted run that begins with a quote at i, 0 when it does not end. */
static size_t skip_quoted(const struct lexer *l, size_t i, bool backslashes)
{
	char quote = l->text.data[i];
	for (i++; i < l->text.size; i++) {
		if (backslashes && l->text.data[i] == '\\') {
			i++;
		} else if (l->text.data[i] == quote) {
			if (peek(l, i + 1) != quote || i + 1 >= l->text.size)
				return i + 1;
			i++;
		}
	}
	return 0;
}

static struct token finish(struct lexer *l, struct token t, enum token_kind kind, size_t end)
{
	assert(end >= t.offset && end <= l->text.size);
	t.kind = (uint8_t)kind;
	t.size = (uint32_t)(end - t.offset);
	l->at = end;
	l->previous = t.kind;
	return t;
}

static struct token quoted(struct lexer *l, struct token t, size_t quote_at, bool backslashes, enum token_kind kind,
	enum token_kind bad)
{
	size_t end = skip_quoted(l, quote_at, backslashes);
	return end == 0 ? finish(l, t, bad, l->text.size) : finish(l, t, kind, end);
}

static size_t skip_digits(const struct lexer *l, size_t i, bool (*is)(char))
{
	while (is(peek(l, i)) || (peek(l, i) == '_' && is(peek(l, i + 1))))
		i++;
	return i;
}

static bool is_binary_digit(char c)
{
	return c == '0' || c == '1';
}

static bool is_octal_digit(char c)
{
	return c >= '0' && c <= '7';
}

static size_t skip_exponent(const struct lexer *l, size_t i, char mark)
{
	if (ascii_lower(peek(l, i)) != mark)
		return i;
	size_t digits = i + 1 + (peek(l, i + 1) == '+' || peek(l, i + 1) == '-');
	return is_digit(peek(l, digits)) ? skip_digits(l, digits, is_digit) : i;
}

static struct token number(struct lexer *l, struct token t)
{
	size_t i = l->at;
	char second = ascii_lower(peek(l, i + 1));
	if (l->previous == T_DOT && i > 0 && l->text.data[i - 1] == '.') {
		/* a.1.2: tuple elements, not a fraction */
		i = skip_digits(l, i, is_digit);
	} else if (peek(l, i) == '0' && second == 'x' && is_hex(peek(l, i + 2))) {
		i = skip_digits(l, i + 2, is_hex);
		if (peek(l, i) == '.' && is_hex(peek(l, i + 1)))
			i = skip_digits(l, i + 1, is_hex);
		i = skip_exponent(l, i, 'p');
	} else if (peek(l, i) == '0' && second == 'b' && is_binary_digit(peek(l, i + 2))) {
		i = skip_digits(l, i + 2, is_binary_digit);
	} else if (peek(l, i) == '0' && second == 'o' && is_octal_digit(peek(l, i + 2))) {
		i = skip_digits(l, i + 2, is_octal_digit);
	} else {
		i = skip_digits(l, i, is_digit);
		if (peek(l, i) == '.' && peek(l, i + 1) != '.')
			i = skip_digits(l, i + 1, is_digit);
		i = skip_exponent(l, i, 'e');
	}
	if (!is_word_start(peek(l, i)) || ((uint8_t)peek(l, i) >= 0x80 && wide_space(l, i) != 0))
		return finish(l, t, T_NUMBER, i);
	/* 1abc: ClickHouse's identifiers may begin with a digit */
	bool word = l->dialect == DIALECT_CLICKHOUSE;
	for (size_t k = t.offset; k < i; k++)
		word &= is_word(l->text.data[k]);
	while (is_word(peek(l, i)))
		i++;
	return finish(l, t, word ? T_WORD : T_BAD_NUMBER, i);
}

/* $1, $tag$…$tag$, and $name as a word of the clickhouse dialect. */
static struct token dollar(struct lexer *l, struct token t)
{
	size_t i = l->at + 1;
	if (is_digit(peek(l, i)))
		return finish(l, t, T_PARAM, skip_digits(l, i, is_digit));
	while (is_word(peek(l, i)) && peek(l, i) != '$')
		i++;
	if (peek(l, i) == '$') {
		struct str tag = str_make(l->text.data + l->at, i + 1 - l->at);
		ptrdiff_t end = str_find(str_make(l->text.data + i + 1, l->text.size - i - 1), tag);
		if (end >= 0)
			return finish(l, t, T_DOLLAR, i + 1 + (size_t)end + tag.size);
		if (l->dialect == DIALECT_POSTGRESQL)
			return finish(l, t, T_BAD_DOLLAR, l->text.size);
	}
	if (l->dialect == DIALECT_CLICKHOUSE && i > l->at + 1)
		return finish(l, t, T_WORD, i);
	return finish(l, t, T_BAD_BYTE, l->at + 1);
}

static struct token word(struct lexer *l, struct token t)
{
	size_t i = l->at;
	char c = ascii_lower(peek(l, i)), next = peek(l, i + 1);
	bool backslashes = l->dialect == DIALECT_CLICKHOUSE;
	if (next == '\'') {
		switch (c) {
		case 'e': return quoted(l, t, i + 1, true, T_ESTRING, T_BAD_STRING);
		case 'n': t.offset++; return quoted(l, t, i + 1, backslashes, T_STRING, T_BAD_STRING);
		case 'b': return quoted(l, t, i + 1, false, T_BITS, T_BAD_BITS);
		case 'x': return quoted(l, t, i + 1, false, T_HEX, T_BAD_BITS);
		default: break;
		}
	}
	if (c == 'u' && next == '&' && peek(l, i + 2) == '\'')
		return quoted(l, t, i + 2, false, T_USTRING, T_BAD_STRING);
	if (c == 'u' && next == '&' && peek(l, i + 2) == '"')
		return quoted(l, t, i + 2, false, T_UQUOTED, T_BAD_QUOTED);
	while (is_word(peek(l, i)) && ((uint8_t)peek(l, i) < 0x80 || wide_space(l, i) == 0))
		i++;
	t.code = (uint16_t)keyword_find(str_make(l->text.data + l->at, i - l->at));
	return finish(l, t, T_WORD, i);
}

static const struct {
	const char *text;
	enum operator op;
} operators[] = {
	/* longest first: the clickhouse dialect takes the longest that fits */
	{"!~~*", OP_OTHER}, {"->>", OP_OTHER}, {"#>>", OP_OTHER}, {"!~*", OP_OTHER}, {"!~~", OP_OTHER}, {"~~*", OP_OTHER},
	{"<->", OP_OTHER}, {"<#>", OP_OTHER}, {"<=>", OP_NULL_SAFE}, {"<+>", OP_OTHER}, {"-|-", OP_OTHER}, {"||/",
		OP_OTHER},
	{"==", OP_EQ}, {"!=", OP_NE}, {"<>", OP_NE}, {"<=", OP_LE}, {">=", OP_GE}, {"||", OP_CONCAT}, {"->", OP_ARROW},
	{"=>", OP_FAT_ARROW}, {"#>", OP_OTHER}, {"#-", OP_OTHER}, {"@>", OP_OTHER}, {"<@", OP_OTHER}, {"@?", OP_OTHER},
	{"~*", OP_OTHER}, {"!~", OP_OTHER}, {"~~", OP_OTHER}, {"<<", OP_OTHER}, {">>", OP_OTHER}, {"&&", OP_OTHER},
	{"|/", OP_OTHER}, {"!!", OP_OTHER}, {"^@", OP_OTHER},
	{"+", OP_PLUS}, {"-", OP_MINUS}, {"*", OP_STAR}, {"/", OP_SLASH}, {"%", OP_PERCENT}, {"^", OP_CARET}, {"=", OP_EQ},
	{"<", OP_LT}, {">", OP_GT}, {"|", OP_PIPE}, {"~", OP_OTHER}, {"!", OP_OTHER}, {"@", OP_OTHER}, {"#", OP_OTHER},
	{"&", OP_OTHER}, {"?", OP_OTHER},
};

static const int operator_count = sizeof operators / sizeof operators[0];

/* Index of the operator spelt so, or -1. */
static int find_operator(struct str s)
{
	for (int i = 0; i < operator_count; i++)
		if (str_eq(s, str_of(operators[i].text)))
			return i;
	return -1;
}

/* PostgreSQL: the longest run, without a comment and without a trailing sign that belongs to what follows. */
static struct token operator_munched(struct lexer *l, struct token t)
{
	size_t i = l->at;
	while (is_operator_char(peek(l, i)) && !(i > l->at && peek(l, i) == '-' && peek(l, i + 1) == '-')
		&& !(peek(l, i) == '/' && peek(l, i + 1) == '*'))
		i++;
	int known;
	while ((known = find_operator(str_make(l->text.data + l->at, i - l->at))) < 0 && i > l->at + 1
		&& (l->text.data[i - 1] == '-' || l->text.data[i - 1] == '+'))
		i--;
	t.code = known < 0 ? OP_OTHER : (uint16_t)operators[known].op;
	return finish(l, t, T_OPERATOR, i);
}

static struct token operator(struct lexer *l, struct token t)
{
	char c = peek(l, l->at), next = peek(l, l->at + 1);
	if (l->dialect == DIALECT_POSTGRESQL)
		return operator_munched(l, t);
	if (c == '?')
		return finish(l, t, T_QUESTION, l->at + 1);
	if (c == '@' && next == '@')
		return finish(l, t, T_AT_AT, l->at + 2);
	struct str rest = str_make(l->text.data + l->at, l->text.size - l->at);
	for (int i = 0; i < operator_count; i++) {
		struct str text = str_of(operators[i].text);
		if (str_starts_with(rest, text)) {
			t.code = (uint16_t)operators[i].op;
			return finish(l, t, T_OPERATOR, l->at + text.size);
		}
	}
	return finish(l, t, T_BAD_BYTE, l->at + 1);
}

static struct token colon(struct lexer *l, struct token t)
{
	char next = peek(l, l->at + 1);
	if (next == ':')
		return finish(l, t, T_COLONS, l->at + 2);
	if (next == '=')
		return finish(l, t, T_ASSIGN, l->at + 2);
	return finish(l, t, T_COLON, l->at + 1);
}

static bool before_dot_access(uint8_t kind)
{
	return kind == T_WORD || kind == T_QUOTED || kind == T_UQUOTED || kind == T_RPAREN || kind == T_RBRACKET
		|| kind == T_RBRACE || kind == T_NUMBER || kind == T_STRING;
}

struct token lexer_next(struct lexer *l)
{
	struct token t = {0};
	bool closed = skip_blanks(l, &t.newline);
	t.offset = (uint32_t)l->at;
	t.position = position_of(l, l->at);
	if (!closed)
		return finish(l, t, T_BAD_COMMENT, l->text.size);
	if (l->at >= l->text.size)
		return finish(l, t, T_END, l->at);
	char c = l->text.data[l->at];
	switch (c) {
	case '(': return finish(l, t, T_LPAREN, l->at + 1);
	case ')': return finish(l, t, T_RPAREN, l->at + 1);
	case '[': return finish(l, t, T_LBRACKET, l->at + 1);
	case ']': return finish(l, t, T_RBRACKET, l->at + 1);
	case '{': return finish(l, t, T_LBRACE, l->at + 1);
	case '}': return finish(l, t, T_RBRACE, l->at + 1);
	case ',': return finish(l, t, T_COMMA, l->at + 1);
	case ';': return finish(l, t, T_SEMICOLON, l->at + 1);
	case ':': return colon(l, t);
	case '\'': return quoted(l, t, l->at, l->dialect == DIALECT_CLICKHOUSE, T_STRING, T_BAD_STRING);
	case '"': return quoted(l, t, l->at, l->dialect == DIALECT_CLICKHOUSE, T_QUOTED, T_BAD_QUOTED);
	case '`': return quoted(l, t, l->at, l->dialect == DIALECT_CLICKHOUSE, T_QUOTED, T_BAD_QUOTED);
	case '$': return dollar(l, t);
	case '.':
		if (is_digit(peek(l, l->at + 1)) && !before_dot_access(l->previous))
			return number(l, t);
		return finish(l, t, T_DOT, l->at + 1);
	default: break;
	}
	if (is_digit(c))
		return number(l, t);
	if ((uint8_t)c == 0xE2 && (uint8_t)peek(l, l->at + 1) == 0x88 && (uint8_t)peek(l, l->at + 2) == 0x92) {
		t.code = OP_MINUS; /* U+2212 MINUS SIGN */
		return finish(l, t, T_OPERATOR, l->at + 3);
	}
	if (is_word_start(c))
		return word(l, t);
	if (is_operator_char(c))
		return operator(l, t);
	return finish(l, t, T_BAD_BYTE, l->at + 1);
}
