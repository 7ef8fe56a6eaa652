// SPDX-License-Identifier: Apache-2.0
/*
 * WITH TOTALS. The rows of the aggregation (those that HAVING left) are kept until all have come, while the states
 * behind them are merged into one more row; LIMIT above must not cut that short. The row stays with the query, apart
 * from its rows, and is the source of the plan that computes the totals' columns.
 */
#include <pthread.h>

#include "exec/op_aggregate_impl.h"
#include "exec/run_impl.h"

struct totals_operator {
	struct operator base;
	struct agg_operator *groups;
	pthread_mutex_t lock;        /* guards what follows while rows come */
	struct op_batches batches;
	char *row;                   /* states of the totals, laid out as the groups' */
	uint32_t at;                 /* output: the next batch */
};

/* ---- the states ---- */

static enum status new_row(struct totals_operator *o, struct worker *w)
{
	size_t size = o->groups->layout.row_size;
	TRY(memtrack_charge(&w->query->track, (int64_t)size, &w->err));
	o->row = calloc(1, size);
	if (o->row == NULL) {
		memtrack_release(&w->query->track, (int64_t)size);
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate the totals");
	}
	agg_init_rows(o->groups, &o->row, 1);
	return OK;
}

static enum status merge_group(struct totals_operator *o, struct worker *w, char *from)
{
	for (uint32_t k = 0; k < o->groups->item_count; k++) {
		const struct agg_item *item = &o->groups->items[k];
		TRY(item->aggregator->ops->merge(item->aggregator, &w->eval, &o->row, item->offset, &from, item->offset, 1));
	}
	return OK;
}

static uint64_t u64_at(const struct vector *v, uint32_t i)
{
	const struct vector *at;
	uint32_t k = vector_index(v, i, &at);
	return ((const uint64_t *)at->data)[k];
}

/* The groups of a batch, without those of grouping sets that leave keys out. */
static enum status merge_batch(struct totals_operator *o, struct worker *w, const struct batch *b)
{
	const struct vector *address = b->columns[b->column_count - 1];
	const struct vector *grouping = o->groups->set_count != 0 ? b->columns[b->column_count - 2] : NULL;
	if (o->row == NULL)
		TRY(new_row(o, w));
	for (uint32_t i = 0; i < b->count; i++)
		if (grouping == NULL || u64_at(grouping, i) == 0)
			TRY(merge_group(o, w, (char *)(uintptr_t)u64_at(address, i)));
	return OK;
}

/* ---- input ---- */

static enum status totals_push(struct operator *op, struct worker *w, struct batch *in)
{
	struct totals_operator *o = (struct totals_operator *)op;
	pthread_mutex_lock(&o->lock);
	enum status s = merge_batch(o, w, in);
	if (s == OK)
		s = op_batches_add(&o->batches, in, &w->err);
	else
		batch_free(in);
	pthread_mutex_unlock(&o->lock);
	return s;
}

/* Keys at their defaults, then the aggregates' results. */
static enum status totals_batch(struct totals_operator *o, struct worker *w, struct batch **out)
{
	const struct plan *p = o->base.plan;
	struct batch *b;
	uint32_t keys = o->groups->plan_keys, items = o->groups->item_count;
	TRY(batch_new(p->column_count, &b, &w->err));
	b->count = 1;
	enum status s = OK;
	for (uint32_t c = 0; c < p->column_count && s == OK; c++)
		s = c >= keys && c < keys + items
			? agg_item_column(&o->groups->items[c - keys], w, &o->row, 1, &b->columns[c])
			: vector_default_constant(&w->query->track, p->types[c], 1, &b->columns[c], &w->err);
	if (s != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

static enum status totals_finish(struct operator *op, struct worker *w)
{
	struct totals_operator *o = (struct totals_operator *)op;
	uint32_t number = op->plan->u.totals.number;
	struct batch *b;
	if (w->query->totals == NULL) /* a subquery's: nobody reads them */
		return OK;
	if (o->row == NULL)
		TRY(new_row(o, w));
	TRY(totals_batch(o, w, &b));
	batch_free(w->query->totals[number]);
	w->query->totals[number] = b;
	return OK;
}

/* ---- output ---- */

static enum status totals_next(struct operator *op, struct worker *w, struct batch **out)
{
	struct totals_operator *o = (struct totals_operator *)op;
	*out = NULL;
	if (o->at < o->batches.count) {
		*out = o->batches.items[o->at];
		o->batches.items[o->at++] = NULL;
	}
	return OK;
}

static void totals_free(struct operator *op)
{
	struct totals_operator *o = (struct totals_operator *)op;
	if (o->row != NULL) {
		agg_destroy_rows(o->groups, &o->row, 1);
		free(o->row);
		memtrack_release(&op->query->track, (int64_t)o->groups->layout.row_size);
	}
	op_batches_free(&o->batches);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

static const struct operator_ops totals_ops = {
	.name = "TotalsHaving", .push = totals_push, .finish = totals_finish, .next = totals_next, .free = totals_free,
};

enum status totals_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct totals_operator *o;
	struct operator *groups = NULL;
	for (size_t i = 0; i < r->operator_count; i++)
		if (r->operators[i]->plan == p->u.totals.aggregate)
			groups = r->operators[i];
	if (groups == NULL)
		return ERR(err, E_LOGICAL_ERROR, "the aggregation of WITH TOTALS is missing");
	TRY(op_new(r->query, sizeof *o, &totals_ops, p, &o));
	pthread_mutex_init(&o->lock, NULL);
	o->groups = (struct agg_operator *)groups;
	*out = &o->base;
	return OK;
}

/* ---- the row as a source ---- */

struct row_source {
	struct operator base;
	bool given;
};

static enum status row_next(struct operator *op, struct worker *w, struct batch **out)
{
	struct row_source *o = (struct row_source *)op;
	uint32_t number = op->plan->u.totals.number;
	*out = NULL;
	if (o->given || w->query->totals == NULL || w->query->totals[number] == NULL)
		return OK;
	o->given = true;
	const struct batch *row = w->query->totals[number];
	return op_pick(w, row->columns, op->plan->column_count, NULL, 1, out);
}

static void row_free(struct operator *op)
{
	free(op);
}

static const struct operator_ops row_ops = {.name = "TotalsRow", .next = row_next, .free = row_free};

enum status totals_row_source_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct row_source *o;
	enum status s = op_new(r->query, sizeof *o, &row_ops, p, &o);
	if (s != OK)
		return ERR(err, s, "cannot allocate an operator");
	*out = &o->base;
	return OK;
}
