// SPDX-License-Identifier: Apache-2.0
/* Further columns for the rows that a limit has left, from the scan that gave the rows. */
#include "exec/op_impl.h"
#include "exec/run_impl.h"

struct fetch_operator {
	struct operator base;
	struct scan *scan;
};

static enum status add_columns(const struct fetch_operator *o, struct worker *w, struct batch *in, struct batch **out)
{
	const struct plan *p = o->base.plan;
	uint32_t n = p->column_count - p->u.fetch.count;
	struct vector *ids;
	struct batch *more, *all;
	TRY(vector_flatten(w->eval.track, in->columns[p->u.fetch.row_id], &ids, &w->err));
	enum status s = o->scan->ops->fetch(o->scan, p->u.fetch.columns, p->u.fetch.count, ids->data, in->count, &more,
	                                    &w->err);
	vector_unref(ids);
	TRY(s);
	s = batch_new(p->column_count, &all, &w->err);
	if (s == OK) {
		all->count = in->count;
		memcpy(all->columns, in->columns, n * sizeof *all->columns);
		memcpy(all->columns + n, more->columns, more->column_count * sizeof *all->columns);
		in->column_count = more->column_count = 0; /* theirs no longer */
		*out = all;
	}
	batch_free(more);
	return s;
}

static enum status fetch_push(struct operator *op, struct worker *w, struct batch *in)
{
	struct batch *out = NULL;
	enum status s = add_columns((struct fetch_operator *)op, w, in, &out);
	batch_free(in);
	return s == OK ? op_pass(op, w, out) : s;
}

static void fetch_free(struct operator *op)
{
	free(op);
}

static const struct operator_ops fetch_ops = {.name = "FetchColumns", .push = fetch_push, .free = fetch_free};

enum status fetch_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct fetch_operator *o = calloc(1, sizeof *o);
	if (o == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an operator");
	o->base.ops = &fetch_ops;
	o->base.plan = p;
	for (size_t i = 0; i < r->scan_count; i++)
		if (r->scan_plans[i] == p->u.fetch.scan)
			o->scan = r->scans[i];
	if (o->scan == NULL || o->scan->ops->fetch == NULL) {
		free(o);
		return ERR(err, E_LOGICAL_ERROR, "the scan cannot fetch rows");
	}
	*out = &o->base;
	return OK;
}
