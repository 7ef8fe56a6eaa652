// SPDX-License-Identifier: Apache-2.0
#include "storage/skip_read.h"

#include <stdlib.h>
#include "storage/set_block.h"
#include "storage/set_filter.h"
#include "storage/skip_filter.h"
#include "storage/skip_index.h"
#include "storage/stream_name.h"
#include "storage/value_binary.h"

enum status skip_questions_new(const struct table_keys *k, const struct scan_request *r, struct arena *a,
                               struct skip_question **out, struct error *err)
{
	*out = NULL;
	for (uint32_t i = 0; i < k->skip_count && r->filter_count != 0; i++) {
		struct condition_set *c;
		bool useful;
		struct set_filter *f = NULL;
		TRY(condition_new(k, r, k->skips[i].exprs, k->skips[i].expr_count, &c, &useful, err));
		struct skip_question *q = ARENA_NEW(a, struct skip_question);
		*q = (struct skip_question){&k->skips[i], c, NULL, *out};
		*out = q;
		if (k->skips[i].kind == SKIP_SET)
			TRY(set_filter_new(k, r, k->skips[i].exprs, k->skips[i].expr_count, a, &f, err));
		q->filter = f;
		if (!useful && f == NULL) {
			condition_free(c);
			*out = q->next;
		}
	}
	return OK;
}

void skip_questions_free(struct skip_question *q)
{
	for (; q != NULL; q = q->next)
		condition_free(q->condition);
}

static uint32_t index_granules(const struct skip_index *x, const struct part_meta *m)
{
	return (m->granules + x->granularity - 1) / x->granularity;
}

static void refuse(const struct skip_index *x, const struct part_meta *m, bool *wanted, uint32_t index_granule)
{
	uint32_t from = index_granule * x->granularity, to = from + x->granularity;
	for (uint32_t g = from; g < to && g < m->granules; g++)
		wanted[g] = false;
}

/* ---- minmax ---- */

static enum status ask_minmax(const struct skip_question *q, const struct part_meta *m, struct str bytes, bool *wanted,
                              struct error *err)
{
	const struct skip_index *x = q->index;
	uint32_t n = index_granules(x, m);
	struct arena a;
	struct cursor c = cursor_of(bytes);
	arena_init(&a, NULL);
	struct builder **b = ARENA_ARRAY(&a, struct builder *, x->expr_count);
	struct vector **v = ARENA_ARRAY(&a, struct vector *, x->expr_count);
	enum status st = OK;
	for (uint32_t e = 0; st == OK && e < x->expr_count; e++)
		st = builder_new(NULL, type_low_cardinality(&a, x->exprs[e]->type, false), &b[e], err);
	for (uint32_t g = 0; st == OK && g < n; g++)
		for (uint32_t e = 0; st == OK && e < x->expr_count; e++)
			for (int end = 0; st == OK && end < 2; end++)
				st = value_binary_read(&c, b[e], err);
	for (uint32_t e = 0; e < x->expr_count; e++) {
		if (st == OK)
			st = builder_finish(b[e], &v[e], err);
		builder_free(b[e]);
	}
	if (st == OK)
		st = condition_bind(q->condition, v, 2 * n, err);
	for (uint32_t g = 0; st == OK && g < n; g++)
		if (!condition_check(q->condition, 2 * g, 2 * g + 1, x->expr_count, false))
			refuse(x, m, wanted, g);
	for (uint32_t e = 0; e < x->expr_count; e++)
		vector_unref(v[e]);
	arena_fini(&a);
	return st;
}

/* ---- set ---- */

/* Passes over one index granule; *can whether it may hold what is asked. */
static enum status set_can_match(const struct skip_question *q, struct cursor *c, bool *can, struct error *err)
{
	const struct skip_index *x = q->index;
	struct arena a;
	uint64_t n = cursor_le(c, 8);
	*can = true;
	if (n == 0)
		return OK;
	if (n > UINT32_MAX)
		return ERR(err, E_CORRUPTED_DATA, "skip index %.*s is damaged", STR_ARG(x->name));
	arena_init(&a, NULL);
	struct vector **v = ARENA_ARRAY(&a, struct vector *, x->expr_count);
	enum status st = OK;
	for (uint32_t e = 0; st == OK && e < x->expr_count; e++)
		st = set_block_read(c, x->exprs[e]->type, (uint32_t)n, &a, &v[e], err);
	if (st == OK)
		st = condition_bind(q->condition, v, (uint32_t)n, err);
	bool *pass = malloc(n);
	if (st == OK && pass == NULL)
		st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (st == OK) {
		memset(pass, 1, n);
		if (q->filter != NULL)
			set_filter_run(q->filter, v, (uint32_t)n, pass);
	}
	*can = false;
	for (uint32_t i = 0; st == OK && i < n && !*can; i++)
		*can = pass[i] && condition_check(q->condition, i, i, x->expr_count, false);
	free(pass);
	for (uint32_t e = 0; e < x->expr_count; e++)
		vector_unref(v[e]);
	arena_fini(&a);
	return st;
}

/* ---- filters ---- */

struct filters {
	const struct skip_index *index;
	struct str *filters;       /* per expression */
	uint32_t bits, functions;
	struct strbuf scratch;
};

static bool is_zero(const struct vector *v, uint32_t row)
{
	return type_physical(v->type) == PHYS_F32 ? ((const float *)v->data)[row] == 0 : ((const double *)v->data)[row] == 0;
}

static bool has_value(struct filters *f, const struct atom *a, uint32_t row)
{
	uint64_t hash;
	struct str filter = f->filters[a->key];
	const struct vector *at;
	uint32_t i = vector_index(a->constant, row, &at);
	/* zero has two forms, which are equal */
	if (type_is_float(at->type) && is_zero(at, i))
		return true;
	if (!bloom_value_hash(a->constant, row, &f->scratch, &hash))
		return true;
	return bloom_has((const uint8_t *)filter.data, filter.size, f->functions, hash);
}

static struct str constant_text(const struct atom *a, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(a->constant, row, &at);
	return strview_str((const struct strview *)at->data + i);
}

/* All words, or n-grams, of a whole text. */
static bool has_text(struct filters *f, const struct atom *a, struct str text)
{
	struct str filter = f->filters[a->key];
	if (f->index->kind == SKIP_TEXT)
		return bloom_has_text((const uint8_t *)filter.data, filter.size, f->functions, text, f->index->n);
	struct bloom_text t = {(uint8_t *)(uintptr_t)filter.data, filter.size, f->index->hashes, f->index->seed, f->index->n};
	return bloom_text_has(&t, text);
}

static bool of_words(const struct skip_index *x)
{
	return x->kind == SKIP_TOKEN || (x->kind == SKIP_TEXT && x->n == TOKENS_WORDS);
}

struct pieces {
	struct filters *filters;
	const struct atom *atom;
	bool can;
};

/* Words at the edge of a wildcard may be parts of longer ones: they are left out. */
static void ask_piece(void *arg, struct str piece, bool starts, bool ends)
{
	struct pieces *p = arg;
	if (of_words(p->filters->index)) {
		while (!starts && piece.size != 0 && bloom_word_char((uint8_t)piece.data[0])) {
			piece.data++;
			piece.size--;
		}
		while (!ends && piece.size != 0 && bloom_word_char((uint8_t)piece.data[piece.size - 1]))
			piece.size--;
	}
	p->can = p->can && has_text(p->filters, p->atom, piece);
}

static bool atom_can_match(void *arg, const struct atom *a)
{
	struct filters *f = arg;
	bool texts = f->index->kind != SKIP_BLOOM;
	if (!a->plain || (texts && type_physical(a->constant->type) != PHYS_STR))
		return true;
	const struct type *t = f->index->exprs[a->key]->type;
	bool elements = t->id == TYPE_ARRAY || t->id == TYPE_MAP;
	if (elements != (a->op == ATOM_HAS))
		return true;
	if (f->index->n == TOKENS_WHOLE && (a->op == ATOM_LIKE || a->op == ATOM_PREFIX))
		return true;
	switch (a->op) {
	case ATOM_EQ:
	case ATOM_HAS:
		return texts ? has_text(f, a, constant_text(a, 0)) : has_value(f, a, 0);
	case ATOM_IN:
		for (uint32_t i = 0; i < a->constant->count; i++)
			if (texts ? has_text(f, a, constant_text(a, i)) : has_value(f, a, i))
				return true;
		return false;
	case ATOM_TOKEN:
		return !of_words(f->index) || has_text(f, a, constant_text(a, 0));
	case ATOM_LIKE: {
		struct pieces p = {f, a, true};
		if (texts)
			like_pieces(constant_text(a, 0), ask_piece, &p);
		return p.can;
	}
	case ATOM_PREFIX: {
		struct pieces p = {f, a, true};
		if (texts)
			ask_piece(&p, constant_text(a, 0), true, false);
		return p.can;
	}
	default:
		return true;
	}
}

/* Passes over one index granule. */
static bool filters_can_match(const struct skip_question *q, struct filters *f, struct cursor *c)
{
	uint64_t size = f->index->bytes;
	if (f->index->kind == SKIP_BLOOM || f->index->kind == SKIP_TEXT) {
		uint64_t values = cursor_varuint(c);
		c->failed |= values > cursor_left(c) * 8;
		size = c->failed ? 0 : (values * f->bits + 7) / 8;
	}
	for (uint32_t e = 0; e < q->index->expr_count; e++)
		f->filters[e] = (struct str){(const char *)cursor_bytes(c, size), size};
	return c->failed || condition_check_by(q->condition, atom_can_match, f);
}

static enum status ask_granules(const struct skip_question *q, const struct part_meta *m, struct str bytes,
                                bool *wanted, struct error *err)
{
	const struct skip_index *x = q->index;
	struct cursor c = cursor_of(bytes);
	struct arena a;
	arena_init(&a, NULL);
	struct filters f = {.index = x, .filters = ARENA_ARRAY(&a, struct str, x->expr_count)};
	strbuf_init(&f.scratch, NULL);
	if (x->kind == SKIP_BLOOM || x->kind == SKIP_TEXT)
		bloom_shape(x->bloom_rate, &f.bits, &f.functions);
	enum status st = OK;
	for (uint32_t g = 0; st == OK && g < index_granules(x, m); g++) {
		bool can = true;
		if (x->kind == SKIP_SET)
			st = set_can_match(q, &c, &can, err);
		else
			can = filters_can_match(q, &f, &c);
		if (st == OK && c.failed)
			st = ERR(err, E_CORRUPTED_DATA, "skip index %.*s is cut short", STR_ARG(x->name));
		if (!can)
			refuse(x, m, wanted, g);
	}
	strbuf_fini(&f.scratch);
	arena_fini(&a);
	return st;
}

enum status skip_question_ask(const struct skip_question *q, struct part *p, struct part_meta *m, bool *wanted,
                              struct error *err)
{
	struct strbuf name, bytes;
	bool minmax = q->index->kind == SKIP_MINMAX;
	strbuf_init(&name, NULL);
	strbuf_init(&bytes, NULL);
	strbuf_putz(&name, "skp_idx_");
	stream_name_escape(&name, q->index->name);
	strbuf_putz(&name, skip_index_suffix(q->index));
	enum status st = OK;
	if (checksums_find(&m->checksums, strbuf_str(&name)) != NULL) {
		st = part_read_framed(p, strbuf_cstr(&name), &bytes, err);
		if (st == OK)
			st = minmax ? ask_minmax(q, m, strbuf_str(&bytes), wanted, err)
			            : ask_granules(q, m, strbuf_str(&bytes), wanted, err);
	}
	strbuf_fini(&name);
	strbuf_fini(&bytes);
	return st;
}
