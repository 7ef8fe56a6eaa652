// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_JSON_IMPL_H
#define FUNC_JSON_IMPL_H
/*
 * JSON read where it stands: no tree is built. A cursor walks the text, values that are not wanted are skipped by their
 * brackets and quotes. All functions take p at a value's first byte and give NULL or false where the text is no JSON.
 */
#include "func/str_impl.h"

/* Behind white space; may be `end`. */
static inline const char *json_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}
/* Behind the value at p. */
const char *json_skip(const char *p, const char *end);
/* The whole text as one value without white space around it; false when its brackets do not even close. */
bool json_document(struct str text, struct str *value);
/* A string's bytes, quotes included, decoded and appended; false for a bad escape. */
bool json_decode(struct str quoted, struct strbuf *to);

/* Members of an object or elements of an array, one after the other. */
struct json_walk {
	const char *p, *end;
	bool object, first;
	struct str key;     /* with quotes; objects */
	struct str value;
};
/* false: neither object nor array. */
bool json_walk_begin(struct json_walk *w, struct str value);
bool json_walk_next(struct json_walk *w);
bool json_key_is(struct str quoted, struct str key, bool nocase, struct strbuf *scratch);

/* What stands at the value's start: '{' '[' '"' 'n' (null) 'b' (true, false) '0' (number), '\0' nothing. */
char json_kind(struct str value);
/* Minified, escapes resolved and numbers as JSON writers of ClickHouse print them. */
void json_minify(struct str value, struct strbuf *to);
struct str json_find_key(struct str object, struct str key, bool nocase, struct strbuf *scratch, bool *found);
/* Element or member number `index`: from 1, or negative from the end; *key receives a member's key. */
bool json_find_index(struct str value, int64_t index, struct str *key, struct str *out);
uint64_t json_length(struct str value);

#endif
