// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_TOKEN_LIST_H
#define STORAGE_TOKEN_LIST_H
/*
 * Token list: the marks that the last inserts into a table have left, so that the same insert, sent again by a client
 * that has seen no answer, is known. A mark is the hash of a token that the client gave, or of a partition and rows.
 *
 * Immutable and shared by versions of the table: adding copies the last, open chunk only. The oldest chunks go when
 * `window` marks are left without them.
 */
#include "base/arena.h"
#include "base/hash.h"
#include "base/strbuf.h"
struct cursor;

enum { TOKEN_CHUNK = 256 };

struct insert_token {
	struct hash128 hash;
	int64_t at_s;             /* wall clock */
};

struct token_list;

struct token_list *token_list_ref(const struct token_list *l); /* NULL passes */
void token_list_unref(struct token_list *l);                   /* NULL is allowed */
uint64_t token_list_count(const struct token_list *l);
/* Whether it has the hash, not older than since_s. */
bool token_list_has(const struct token_list *l, struct hash128 hash, int64_t since_s);
/* base, which may be NULL, with n more. */
enum status token_list_add(const struct token_list *base, const struct insert_token *tokens, size_t n, uint64_t window,
                           struct token_list **out, struct error *err) MUST_CHECK;
void token_list_encode(const struct token_list *l, struct strbuf *to); /* NULL: none */
enum status token_list_decode(struct cursor *c, struct token_list **out, struct error *err) MUST_CHECK;
void insert_token_encode(const struct insert_token *t, struct strbuf *to);
struct insert_token insert_token_decode(struct cursor *c);

#endif
