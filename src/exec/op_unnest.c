// SPDX-License-Identifier: Apache-2.0
/* ARRAY JOIN and unnest(): a row for every element of one or several arrays side by side. */
#include "exec/op_impl.h"

enum { MISSING = UINT32_MAX };

struct unnest_operator {
	struct operator base;
	struct arena arena;
	struct program *program;
	uint32_t array_count, input_columns;
};

/* Output rows being gathered from one input batch. */
struct unnesting {
	struct unnest_operator *u;
	struct worker *w;
	struct batch *in;
	struct vector **arrays;   /* FLAT */
	uint32_t *row, **element; /* per output row: input row, and element of each array or MISSING */
	int64_t *ordinal;
	bool *missing;            /* per array */
	uint32_t count;
};

/* Map elements are tuples (key, value). */
static enum status elements_of(struct unnesting *x, const struct vector *v, struct vector **out)
{
	if (type_physical(v->type) == PHYS_ARRAY) {
		*out = vector_ref(v->children[0]);
		return OK;
	}
	const struct type *t = type_tuple(&x->w->scratch, v->type->children, NULL, 2);
	TRY(vector_new(x->w->eval.track, t, v->children[0]->count, out, &x->w->err));
	(*out)->children[0] = vector_ref(v->children[0]);
	(*out)->children[1] = vector_ref(v->children[1]);
	return OK;
}

static enum status pick_elements(struct unnesting *x, uint32_t k, const struct type *t, struct vector **out)
{
	struct worker *w = x->w;
	struct vector *elements;
	TRY(elements_of(x, x->arrays[k], &elements));
	enum status s;
	if (!x->missing[k]) {
		s = vector_gather(w->eval.track, elements, x->element[k], x->count, out, &w->err);
		vector_unref(elements);
		return s == OK ? op_retype(w, out, t) : s;
	}
	struct builder *b;
	s = builder_new(w->eval.track, t, &b, &w->err);
	for (uint32_t i = 0; i < x->count && s == OK; i++)
		s = x->element[k][i] == MISSING ? builder_default(b, &w->err) : builder_row(b, elements, x->element[k][i], &w->err);
	s = builder_close(b, s, out, &w->err);
	vector_unref(elements);
	return s;
}

static enum status flush(struct unnesting *x)
{
	const struct plan *p = x->u->base.plan;
	struct worker *w = x->w;
	struct batch *b;
	uint32_t n = x->u->input_columns;
	if (x->count == 0)
		return OK;
	TRY(batch_new(p->column_count, &b, &w->err));
	b->count = x->count;
	enum status s = OK;
	for (uint32_t c = 0; c < n && s == OK; c++)
		s = vector_gather(w->eval.track, x->in->columns[c], x->row, x->count, &b->columns[c], &w->err);
	for (uint32_t k = 0; k < x->u->array_count && s == OK; k++)
		s = pick_elements(x, k, p->types[n + k], &b->columns[n + k]);
	if (s == OK && p->u.unnest.ordinality) {
		struct vector **v = &b->columns[n + x->u->array_count];
		s = vector_new(w->eval.track, p->types[n + x->u->array_count], x->count, v, &w->err);
		if (s == OK)
			memcpy((*v)->data, x->ordinal, x->count * sizeof *x->ordinal);
	}
	x->count = 0;
	memset(x->missing, 0, x->u->array_count * sizeof *x->missing);
	if (s != OK) {
		batch_free(b);
		return s;
	}
	return op_pass_many(&x->u->base, w, b);
}

static uint32_t length_at(const struct vector *v, uint32_t row)
{
	const uint32_t *offsets = v->data;
	bool null = v->nulls != NULL && bit_get(v->nulls, row);
	return null ? 0 : offsets[row + 1] - offsets[row];
}

static enum status add_row(struct unnesting *x, uint32_t row)
{
	const struct plan *p = x->u->base.plan;
	uint32_t most = 0, n = x->u->array_count;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t length = length_at(x->arrays[k], row);
		if (k != 0 && length != most && !p->u.unnest.pad)
			return ERR(&x->w->err, E_SIZES_OF_ARRAYS, "Sizes of ARRAY-JOIN-ed arrays do not match");
		most = length > most ? length : most;
	}
	bool empty = most == 0 && p->u.unnest.left;
	for (uint32_t i = 0; i < most || (empty && i == 0); i++) {
		uint32_t at = x->count++;
		x->row[at] = row;
		x->ordinal[at] = (int64_t)i + 1;
		for (uint32_t k = 0; k < n; k++) {
			bool there = i < length_at(x->arrays[k], row);
			x->element[k][at] = there ? ((const uint32_t *)x->arrays[k]->data)[row] + i : MISSING;
			x->missing[k] |= !there;
		}
		if (x->count == BATCH_ROWS_MAX)
			TRY(flush(x));
	}
	return OK;
}

static enum status unnest_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct unnest_operator *u = (struct unnest_operator *)o;
	uint32_t n = u->array_count;
	struct unnesting x = {.u = u, .w = w, .in = in};
	x.arrays = ARENA_ARRAY(&w->scratch, struct vector *, n + 1);
	x.row = ARENA_ARRAY(&w->scratch, uint32_t, BATCH_ROWS_MAX);
	x.ordinal = ARENA_ARRAY(&w->scratch, int64_t, BATCH_ROWS_MAX);
	x.element = ARENA_ARRAY(&w->scratch, uint32_t *, n + 1);
	x.missing = ARENA_ARRAY(&w->scratch, bool, n + 1);
	enum status s = program_run(u->program, &w->eval, in->columns, w->query->slots, in->count, x.arrays);
	for (uint32_t k = 0; k < n && s == OK; k++) {
		struct vector *flat;
		x.element[k] = ARENA_ARRAY(&w->scratch, uint32_t, BATCH_ROWS_MAX);
		s = vector_flatten(w->eval.track, x.arrays[k], &flat, &w->err);
		if (s == OK) {
			vector_unref(x.arrays[k]);
			x.arrays[k] = flat;
		}
	}
	for (uint32_t row = 0; row < in->count && s == OK; row++)
		s = add_row(&x, row);
	if (s == OK)
		s = flush(&x);
	for (uint32_t k = 0; k < n; k++)
		vector_unref(x.arrays[k]);
	batch_free(in);
	return s;
}

static void unnest_free(struct operator *o)
{
	struct unnest_operator *u = (struct unnest_operator *)o;
	arena_fini(&u->arena);
	free(u);
}

static const struct operator_ops unnest_ops = {.name = "ArrayJoin", .push = unnest_push, .free = unnest_free};

enum status unnest_operator_new(struct query *q, const struct plan *p, struct operator **out)
{
	struct unnest_operator *u;
	TRY(op_new(q, sizeof *u, &unnest_ops, p, &u));
	arena_init(&u->arena, &q->track);
	u->array_count = p->u.unnest.array_count;
	u->input_columns = p->column_count - u->array_count - p->u.unnest.ordinality;
	enum status s = program_compile(&u->arena, p->u.unnest.arrays, u->array_count, &u->program, &q->err);
	if (s != OK) {
		unnest_free(&u->base);
		return s;
	}
	*out = &u->base;
	return OK;
}
