// SPDX-License-Identifier: Apache-2.0
#include "storage/skip_read.h"

#include "storage/skip_filter.h"
#include "storage/stream_name.h"
#include "storage/value_binary.h"

enum status skip_questions_new(const struct table_keys *k, const struct scan_request *r, struct arena *a,
                               struct skip_question **out, struct error *err)
{
	*out = NULL;
	for (uint32_t i = 0; i < k->skip_count && r->filter_count != 0; i++) {
		struct condition_set *c;
		bool useful;
		TRY(condition_new(k, r, k->skips[i].exprs, k->skips[i].expr_count, &c, &useful, err));
		if (!useful) {
			condition_free(c);
			continue;
		}
		struct skip_question *q = ARENA_NEW(a, struct skip_question);
		*q = (struct skip_question){&k->skips[i], c, *out};
		*out = q;
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

static enum status set_can_match(const struct skip_question *q, struct str body, bool *can, struct error *err)
{
	const struct skip_index *x = q->index;
	struct arena a;
	struct cursor c = cursor_of(body);
	uint64_t n = cursor_varuint(&c);
	*can = true;
	if (n == 0 || n > UINT32_MAX)
		return OK;
	arena_init(&a, NULL);
	struct vector **v = ARENA_ARRAY(&a, struct vector *, x->expr_count);
	enum status st = OK;
	for (uint32_t e = 0; st == OK && e < x->expr_count; e++) {
		struct builder *b = NULL;
		st = builder_new(NULL, type_low_cardinality(&a, x->exprs[e]->type, false), &b, err);
		for (uint64_t i = 0; st == OK && i < n; i++)
			st = value_binary_read(&c, b, err);
		if (st == OK)
			st = builder_finish(b, &v[e], err);
		builder_free(b);
	}
	if (st == OK)
		st = condition_bind(q->condition, v, (uint32_t)n, err);
	*can = false;
	for (uint32_t i = 0; st == OK && i < n && !*can; i++)
		*can = condition_check(q->condition, i, i, x->expr_count, false);
	for (uint32_t e = 0; e < x->expr_count; e++)
		vector_unref(v[e]);
	arena_fini(&a);
	return st;
}

/* ---- filters ---- */

struct filters {
	const struct skip_index *index;
	struct str *filters;       /* per expression */
	uint32_t functions;
	struct strbuf scratch;
};

static bool has_value(struct filters *f, const struct atom *a, uint32_t row)
{
	uint64_t hash;
	struct str filter = f->filters[a->key];
	if (!bloom_value_hash(a->constant, row, &f->scratch, &hash))
		return true;
	return bloom_has((const uint8_t *)filter.data, filter.size, f->functions, hash);
}

static bool has_hashes(struct filters *f, const struct atom *a, const struct hash_list *l)
{
	struct str filter = f->filters[a->key];
	for (size_t i = 0; i < l->count && !l->failed; i++)
		if (!bloom_has((const uint8_t *)filter.data, filter.size, f->functions, l->hashes[i]))
			return false;
	return true;
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
	struct hash_list l = {0};
	bloom_text_hashes(text, f->index->kind == SKIP_NGRAM ? f->index->n : 0, &l);
	bool can = has_hashes(f, a, &l);
	hash_list_free(&l);
	return can;
}

struct pieces {
	struct filters *filters;
	const struct atom *atom;
	bool can;
};

static bool word_byte(char c)
{
	uint8_t u = (uint8_t)c;
	return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z');
}

/* Words at the edge of a wildcard may be parts of longer ones: they are left out. */
static void ask_piece(void *arg, struct str piece, bool starts, bool ends)
{
	struct pieces *p = arg;
	if (p->filters->index->kind == SKIP_TOKEN) {
		while (!starts && piece.size != 0 && word_byte(piece.data[0])) {
			piece.data++;
			piece.size--;
		}
		while (!ends && piece.size != 0 && word_byte(piece.data[piece.size - 1]))
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
		return !texts || f->index->kind != SKIP_TOKEN || has_text(f, a, constant_text(a, 0));
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

static bool filters_can_match(const struct skip_question *q, struct filters *f, struct str body)
{
	struct cursor c = cursor_of(body);
	for (uint32_t e = 0; e < q->index->expr_count; e++)
		f->filters[e] = cursor_str(&c);
	return c.failed || condition_check_by(q->condition, atom_can_match, f);
}

static enum status ask_bodies(const struct skip_question *q, const struct part_meta *m, struct str bytes, bool *wanted,
                              struct error *err)
{
	const struct skip_index *x = q->index;
	struct cursor c = cursor_of(bytes);
	struct arena a;
	uint32_t bits;
	arena_init(&a, NULL);
	struct filters f = {.index = x, .filters = ARENA_ARRAY(&a, struct str, x->expr_count),
	                    .functions = (uint32_t)x->hashes};
	strbuf_init(&f.scratch, NULL);
	if (x->kind == SKIP_BLOOM)
		bloom_shape(x->bloom_rate, &bits, &f.functions);
	enum status st = OK;
	for (uint32_t g = 0; st == OK && g < index_granules(x, m); g++) {
		struct str body = cursor_str(&c);
		bool can = true;
		if (c.failed)
			st = ERR(err, E_CORRUPTED_DATA, "skip index %.*s is cut short", STR_ARG(x->name));
		else if (x->kind == SKIP_SET)
			st = set_can_match(q, body, &can, err);
		else
			can = filters_can_match(q, &f, body);
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
	strbuf_putz(&name, minmax ? ".idx2" : ".hdx");
	enum status st = OK;
	if (checksums_find(&m->checksums, strbuf_str(&name)) != NULL) {
		st = part_read_framed(p, strbuf_cstr(&name), &bytes, err);
		if (st == OK)
			st = minmax ? ask_minmax(q, m, strbuf_str(&bytes), wanted, err) : ask_bodies(q, m, strbuf_str(&bytes), wanted, err);
	}
	strbuf_fini(&name);
	strbuf_fini(&bytes);
	return st;
}
