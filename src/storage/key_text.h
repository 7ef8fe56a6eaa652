// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_KEY_TEXT_H
#define STORAGE_KEY_TEXT_H
/* Cutting printed definitions: engine and index arguments, and TTL clauses. Quotes and brackets are respected. */
#include "base/arena.h"
#include "base/error.h"

struct key_arg {
	struct str text;      /* unquoted when it is an identifier in quotes; the inside of a string */
	bool quoted;          /* a string literal */
	bool is_list;         /* "(a, b)" */
	struct str *list;
	uint32_t list_count;
};

struct key_args {
	struct key_arg *args;
	uint32_t count;
};

enum status key_args_parse(struct arena *a, struct str text, struct key_args *out, struct error *err) MUST_CHECK;

struct ttl_text {
	struct str expires, where;
	struct str recompress;       /* RECOMPRESS CODEC(…): the codecs */
	bool moves;                  /* TO DISK 'default', TO VOLUME 'default': where everything is anyway */
};

/* "d + INTERVAL 1 MONTH DELETE WHERE x, …"; GROUP BY is not supported yet. */
enum status ttl_text_split(struct arena *a, struct str text, struct ttl_text **out, uint32_t *count, struct error *err)
	MUST_CHECK;

#endif
