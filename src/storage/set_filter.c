// SPDX-License-Identifier: Apache-2.0
#include "storage/set_filter.h"

#include <string.h>
#include "storage/condition.h"

enum { DEPTH_MAX = 200 };

struct set_filter {
	const struct scan_request *request;
	const struct type **types;  /* of the keys, as the filters want them */
	uint32_t key_count, count;
	struct program **programs;
	uint32_t *needs;            /* per program: bit i, key i */
};

struct rewrite {
	struct arena *arena;
	struct expr **keys;         /* over the request's columns, NULL where they are not known */
	uint32_t key_count;
	uint32_t needs;
};

/* x over the keys instead of the columns; NULL where it needs more than them. */
static struct expr *over_keys(struct rewrite *w, struct expr *x, unsigned depth)
{
	for (uint32_t k = 0; k < w->key_count; k++)
		if (w->keys[k] != NULL && expr_equal(w->keys[k], x)) {
			w->needs |= 1u << k;
			return expr_column(w->arena, k, x->type, x->name);
		}
	if (x->kind == EXPR_CONSTANT || x->kind == EXPR_SLOT)
		return x;
	if (x->kind != EXPR_CALL || x->is_volatile || depth > DEPTH_MAX)
		return NULL;
	struct expr **args = ARENA_ARRAY(w->arena, struct expr *, x->call->arg_count + 1);
	for (uint32_t i = 0; i < x->call->arg_count; i++) {
		args[i] = over_keys(w, x->args[i], depth + 1);
		if (args[i] == NULL)
			return NULL;
	}
	return expr_call(w->arena, x->call, args);
}

enum status set_filter_new(const struct table_keys *k, const struct scan_request *r, struct expr *const *keys,
                           uint32_t key_count, struct arena *a, struct set_filter **out, struct error *err)
{
	struct set_filter *f = ARENA_NEW(a, struct set_filter);
	struct rewrite w = {.arena = a, .key_count = key_count < 32 ? key_count : 32};
	*out = NULL;
	w.keys = ARENA_ARRAY(a, struct expr *, key_count + 1);
	f->request = r;
	f->key_count = w.key_count;
	f->types = ARENA_ARRAY(a, const struct type *, key_count + 1);
	f->programs = ARENA_ARRAY(a, struct program *, r->filter_count + 1);
	f->needs = ARENA_ARRAY(a, uint32_t, r->filter_count + 1);
	for (uint32_t i = 0; i < w.key_count; i++) {
		enum physical p = type_physical(keys[i]->type);
		bool composite = p == PHYS_ARRAY || p == PHYS_MAP || p == PHYS_TUPLE;
		w.keys[i] = composite || keys[i]->is_volatile ? NULL : condition_key(k, r, a, keys[i]);
		f->types[i] = w.keys[i] != NULL ? w.keys[i]->type : NULL;
	}
	for (uint32_t i = 0; i < r->filter_count; i++) {
		w.needs = 0;
		struct expr *x = over_keys(&w, r->filters[i], 0);
		if (x == NULL || w.needs == 0 || type_physical(x->type) != PHYS_U8)
			continue;
		f->needs[f->count] = w.needs;
		TRY(program_compile(a, &x, 1, &f->programs[f->count++], err));
	}
	if (f->count != 0)
		*out = f;
	return OK;
}

static enum status run_one(const struct set_filter *f, const struct program *p, struct vector *const *keys,
                           uint32_t from, uint32_t n, struct vector **out, struct error *err)
{
	struct arena scratch;
	enum status st = OK;
	arena_init(&scratch, NULL);
	struct vector **in = ARENA_ARRAY(&scratch, struct vector *, f->key_count + 1);
	for (uint32_t i = 0; st == OK && i < f->key_count; i++) {
		struct vector *slice;
		if (keys[i] == NULL || f->types[i] == NULL)
			continue;
		st = vector_slice(NULL, keys[i], from, n, &slice, err);
		if (st != OK)
			break;
		st = vector_retype(slice, f->types[i], &in[i], err);
		vector_unref(slice);
	}
	struct eval e = {.session = f->request->session, .scratch = &scratch, .err = err};
	if (st == OK)
		st = program_run(p, &e, in, f->request->slots, n, out);
	for (uint32_t i = 0; i < f->key_count; i++)
		vector_unref(in[i]);
	arena_fini(&scratch);
	return st;
}

void set_filter_run(const struct set_filter *f, struct vector *const *keys, uint32_t rows, bool *pass)
{
	uint32_t known = 0;
	for (uint32_t i = 0; i < f->key_count; i++)
		known |= keys[i] == NULL || f->types[i] == NULL ? 0 : 1u << i;
	for (uint32_t i = 0; i < f->count; i++) {
		if ((f->needs[i] & ~known) != 0)
			continue;
		for (uint32_t from = 0; from < rows; from += BATCH_ROWS_MAX) {
			uint32_t n = rows - from < BATCH_ROWS_MAX ? rows - from : BATCH_ROWS_MAX;
			struct vector *v;
			struct error ignored;
			error_init(&ignored);
			if (run_one(f, f->programs[i], keys, from, n, &v, &ignored) != OK)
				break;
			for (uint32_t row = 0; row < n; row++) {
				const struct vector *at;
				uint32_t k = vector_index(v, row, &at);
				pass[from + row] &= !(at->nulls != NULL && bit_get(at->nulls, k)) && ((const uint8_t *)at->data)[k] != 0;
			}
			vector_unref(v);
		}
	}
}
