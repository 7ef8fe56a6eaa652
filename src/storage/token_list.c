// SPDX-License-Identifier: Apache-2.0
#include "storage/token_list.h"

#include <stdlib.h>
#include "txn/cursor.h"

enum { CHUNKS_MAX = 1 << 16 };

struct token_chunk {
	_Atomic uint32_t references;
	uint32_t count;
	struct insert_token tokens[TOKEN_CHUNK];
};

struct token_list {
	_Atomic uint32_t references;
	uint32_t chunk_count;
	struct token_chunk *chunks[]; /* all but the last are full */
};

struct token_list *token_list_ref(const struct token_list *l)
{
	struct token_list *mine = (struct token_list *)(uintptr_t)l;
	if (mine != NULL)
		mine->references++;
	return mine;
}

void token_list_unref(struct token_list *l)
{
	if (l == NULL || --l->references != 0)
		return;
	for (uint32_t i = 0; i < l->chunk_count; i++)
		if (--l->chunks[i]->references == 0)
			free(l->chunks[i]);
	free(l);
}

uint64_t token_list_count(const struct token_list *l)
{
	if (l == NULL || l->chunk_count == 0)
		return 0;
	return (uint64_t)(l->chunk_count - 1) * TOKEN_CHUNK + l->chunks[l->chunk_count - 1]->count;
}

bool token_list_has(const struct token_list *l, struct hash128 hash, int64_t since_s)
{
	for (uint32_t i = l == NULL ? 0 : l->chunk_count; i > 0; i--) {
		const struct token_chunk *c = l->chunks[i - 1];
		for (uint32_t k = c->count; k > 0; k--) {
			const struct insert_token *t = &c->tokens[k - 1];
			if (t->hash.low == hash.low && t->hash.high == hash.high)
				return t->at_s >= since_s;
		}
	}
	return false;
}

static struct token_chunk *open_chunk(struct token_list *l)
{
	struct token_chunk *last = l->chunk_count == 0 ? NULL : l->chunks[l->chunk_count - 1];
	if (last != NULL && last->count < TOKEN_CHUNK)
		return last;
	struct token_chunk *c = malloc(sizeof *c);
	if (c == NULL)
		return NULL;
	c->references = 1;
	c->count = 0;
	l->chunks[l->chunk_count++] = c;
	return c;
}

/* Room for `more` tokens; shares what is full, copies the open chunk. */
static struct token_list *copy_list(const struct token_list *base, uint32_t first, size_t more)
{
	uint32_t kept = base == NULL ? 0 : base->chunk_count - first;
	struct token_list *l = calloc(1, sizeof *l + (kept + more / TOKEN_CHUNK + 2) * sizeof l->chunks[0]);
	if (l == NULL)
		return NULL;
	l->references = 1;
	for (uint32_t i = 0; i < kept; i++) {
		struct token_chunk *c = base->chunks[first + i];
		if (c->count == TOKEN_CHUNK) {
			c->references++;
		} else {
			struct token_chunk *mine = malloc(sizeof *mine);
			if (mine == NULL) {
				token_list_unref(l);
				return NULL;
			}
			memcpy(mine->tokens, c->tokens, c->count * sizeof c->tokens[0]);
			mine->count = c->count;
			mine->references = 1;
			c = mine;
		}
		l->chunks[l->chunk_count++] = c;
	}
	return l;
}

enum status token_list_add(const struct token_list *base, const struct insert_token *tokens, size_t n, uint64_t window,
                           struct token_list **out, struct error *err)
{
	uint64_t count = token_list_count(base) + n;
	uint32_t first = 0;
	while (base != NULL && first + 1 < base->chunk_count && count - TOKEN_CHUNK >= window) {
		count -= TOKEN_CHUNK;
		first++;
	}
	struct token_list *l = copy_list(base, first, n);
	for (size_t i = 0; l != NULL && i < n; i++) {
		struct token_chunk *c = open_chunk(l);
		if (c == NULL) {
			token_list_unref(l);
			l = NULL;
			break;
		}
		c->tokens[c->count++] = tokens[i];
	}
	*out = l;
	return l == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
}

void insert_token_encode(const struct insert_token *t, struct strbuf *to)
{
	strbuf_put_le(to, t->hash.low, 8);
	strbuf_put_le(to, t->hash.high, 8);
	strbuf_put_le(to, (uint64_t)t->at_s, 8);
}

struct insert_token insert_token_decode(struct cursor *c)
{
	struct insert_token t;
	t.hash.low = cursor_le(c, 8);
	t.hash.high = cursor_le(c, 8);
	t.at_s = (int64_t)cursor_le(c, 8);
	return t;
}

void token_list_encode(const struct token_list *l, struct strbuf *to)
{
	strbuf_put_varuint(to, token_list_count(l));
	for (uint32_t i = 0; l != NULL && i < l->chunk_count; i++)
		for (uint32_t k = 0; k < l->chunks[i]->count; k++)
			insert_token_encode(&l->chunks[i]->tokens[k], to);
}

enum status token_list_decode(struct cursor *c, struct token_list **out, struct error *err)
{
	uint64_t count = cursor_varuint(c);
	*out = NULL;
	if (c->failed || count > cursor_left(c) / 24 || count > (uint64_t)CHUNKS_MAX * TOKEN_CHUNK)
		return ERR(err, E_CORRUPTED_DATA, "a list of insert tokens is damaged");
	if (count == 0)
		return OK;
	struct insert_token *all = calloc(count, sizeof *all);
	if (all == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint64_t i = 0; i < count; i++)
		all[i] = insert_token_decode(c);
	enum status st = token_list_add(NULL, all, count, UINT64_MAX, out, err);
	free(all);
	return st;
}
