// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_LEXER_H
#define PARSE_LEXER_H
/*
 * Lexer: text to tokens, one at a time, without copying. A token says where it stands; its value (folded identifier,
 * decoded string) is made by token_text() when the parser takes it.
 *
 * Dialects differ in the escapes of strings, the nesting of comments, `#` comments, `?` and the munching of operators.
 */
#include "base/arena.h"
#include "base/error.h"
#include "parse/dialect.h"

enum token_kind {
	T_END,
	T_WORD,           /* bare word; keyword says which, or NOT_KEYWORD */
	T_QUOTED,         /* "x" or `x` */
	T_UQUOTED,        /* U&"x" */
	T_STRING,         /* 'x' */
	T_ESTRING,        /* E'x' */
	T_USTRING,        /* U&'x' */
	T_DOLLAR,         /* $tag$x$tag$ */
	T_BITS, T_HEX,    /* B'x', X'x' */
	T_NUMBER,
	T_PARAM,          /* $1 */
	T_OPERATOR,       /* op says which; OP_OTHER: by its text */
	T_LPAREN, T_RPAREN, T_LBRACKET, T_RBRACKET, T_LBRACE, T_RBRACE, T_COMMA, T_SEMICOLON, T_DOT, T_COLON,
	T_COLONS,         /* :: */
	T_ASSIGN,         /* := */
	T_QUESTION,       /* ? of ClickHouse's a ? b : c */
	T_AT_AT,          /* @@ of ClickHouse's @@version */
	T_BAD_STRING, T_BAD_QUOTED, T_BAD_DOLLAR, T_BAD_COMMENT, T_BAD_BITS, T_BAD_NUMBER, T_BAD_BYTE
};

enum operator {
	OP_OTHER, OP_PLUS, OP_MINUS, OP_STAR, OP_SLASH, OP_PERCENT, OP_CARET, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,
	OP_CONCAT, OP_ARROW, OP_FAT_ARROW, OP_NULL_SAFE, OP_PIPE
};

enum keyword {
	NOT_KEYWORD,
#define KEYWORD(NAME, class, flags) KW_##NAME,
#include "parse/keyword.def"
#undef KEYWORD
	KW_COUNT
};

enum keyword_class { KEYWORD_NONE, KEYWORD_UNRESERVED, KEYWORD_COL_NAME, KEYWORD_TYPE_FUNC, KEYWORD_RESERVED };
enum { KW_L = 1, KW_A = 2, KW_Q = 4 };

struct keyword_info {
	const char *text; /* upper case */
	uint8_t size, class, flags;
};

extern const struct keyword_info keywords[KW_COUNT];

/* NOT_KEYWORD when the word is none; any case. */
enum keyword keyword_find(struct str word);

struct token {
	uint8_t kind;
	bool newline;     /* a line break stood before it */
	uint16_t code;    /* enum keyword or enum operator */
	uint32_t offset, size; /* bytes */
	uint32_t position;     /* 1-based character */
};

struct lexer {
	struct str text;
	enum dialect dialect;
	size_t at;        /* bytes */
	size_t counted;   /* bytes whose characters are counted */
	uint32_t characters;
	uint8_t previous; /* kind of the token before, T_END at the start */
	bool ascii;
};

/* The text may have at most UINT32_MAX - 1 bytes. */
void lexer_init(struct lexer *l, struct str text, enum dialect dialect);
/* Goes on at another byte offset, not before the last token. */
void lexer_seek(struct lexer *l, size_t offset);
/* Never fails: what is malformed is a T_BAD token, the end is T_END for ever. */
struct token lexer_next(struct lexer *l);

/*
 * The value of an identifier or string token. E_SYNTAX or E_BAD_ENCODING (with the token's position) for a malformed
 * escape. `uescape` is the escape character of U& forms, normally a backslash.
 */
enum status token_text(const struct token *t, struct str text, enum dialect dialect, char uescape, struct arena *a,
	struct str *out, struct error *err) MUST_CHECK;

#endif
