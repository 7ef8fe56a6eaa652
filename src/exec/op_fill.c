// SPDX-License-Identifier: Apache-2.0
/*
 * ORDER BY … WITH FILL: rows that the sorted input leaves out are put in. `current` is the last point reached, `next`
 * the point up to which rows are made: that of the row that came, or TO. Each value of the sort columns in front of
 * the first filled one is filled for itself. Only one worker pushes: the sort below has one reader.
 */
#include "base/timezone.h"
#include "exec/op_impl.h"
#include "func/time_add.h"

/* A value of a filled column, or NULL. */
struct fill_point {
	bool none;
	struct fill_number v;
};

struct fill_operator {
	struct operator base;
	struct arena arena;
	const struct plan_fill *columns;
	uint32_t count;
	struct program *program;       /* interpolations */
	struct builder **out;          /* rows on their way, one builder a column */
	struct fill_point *current, *next, *stale; /* per filled column; stale: where the last row's validity ends */
	struct vector **prefix;        /* CONST: the sort columns in front, of this range */
	struct vector **last;          /* CONST: the last row, for interpolation; NULL without */
	bool started;
};

/* ---- points ---- */

static int compare_numbers(const struct plan_fill *c, struct fill_number a, struct fill_number b)
{
	int order = c->is_float ? (a.f > b.f) - (a.f < b.f) : (a.i > b.i) - (a.i < b.i);
	return c->descending ? -order : order;
}

static bool before(const struct fill_operator *o, const struct fill_point *a, const struct fill_point *b)
{
	for (uint32_t i = 0; i < o->count; i++) {
		if (a[i].none || b[i].none)
			continue;
		int order = compare_numbers(&o->columns[i], a[i].v, b[i].v);
		if (order != 0)
			return order < 0;
	}
	return false;
}

static bool all_none(const struct fill_operator *o, const struct fill_point *a)
{
	for (uint32_t i = 0; i < o->count; i++)
		if (!a[i].none)
			return false;
	return true;
}

/* v one step on; false where there is no such value. */
static bool advance(const struct fill_operator *o, const struct plan_fill *c, const struct fill_step *s,
                    struct fill_number *v)
{
	const struct type *t = o->base.plan->types[c->column];
	int64_t to = 0;
	if (c->is_float) {
		v->f += s->number.f;
		return true;
	}
	if (s->unit == UNIT_NONE) {
		v->i += s->number.i;
		return true;
	}
	const struct timezone *tz = t->tz != NULL ? t->tz : o->base.query->session->tz;
	bool bad = t->id == TYPE_DATE || t->id == TYPE_DATE32
		? date_add_units((int64_t)v->i, (int64_t)s->number.i, s->unit, &to)
		: instant_add_units((int64_t)v->i, t->id == TYPE_DATETIME64 ? t->scale : 0, (int64_t)s->number.i, s->unit, tz, &to);
	v->i = to;
	return !bad;
}

static void init_from(struct fill_operator *o, uint32_t from)
{
	for (uint32_t i = from; i < o->count; i++)
		o->current[i] = (struct fill_point){!o->columns[i].has_from, o->columns[i].from};
}

/* The next point to fill before `next`; false where there is none. */
static bool next_point(struct fill_operator *o)
{
	uint32_t at = 0;
	if (!before(o, o->current, o->next))
		return false;
	while (at < o->count && (o->current[at].none || o->next[at].none ||
	                         compare_numbers(&o->columns[at], o->current[at].v, o->next[at].v) == 0))
		at++;
	if (at == o->count)
		return false;
	for (uint32_t i = o->count; i-- > at + 1;) { /* the later columns run up to their TO first */
		struct fill_number v = o->current[i].v;
		const struct plan_fill *c = &o->columns[i];
		if (!c->has_to || o->current[i].none || !advance(o, c, &c->step, &v) || compare_numbers(c, v, c->to) >= 0)
			continue;
		o->current[i].v = v;
		init_from(o, i + 1);
		return true;
	}
	const struct plan_fill *c = &o->columns[at];
	struct fill_number v = o->current[at].v;
	if (!advance(o, c, &c->step, &v) || compare_numbers(c, o->next[at].v, v) < 0 ||
	    (c->has_to && compare_numbers(c, v, c->to) >= 0))
		return false;
	o->current[at].v = v;
	if (compare_numbers(c, v, o->next[at].v) != 0) {
		init_from(o, at + 1);
		return true;
	}
	bool less = false;
	for (uint32_t i = at + 1; i < o->count; i++) {
		if (o->columns[i].has_from)
			o->current[i] = (struct fill_point){false, o->columns[i].from};
		else
			o->current[i] = o->next[i];
		less |= !o->current[i].none && !o->next[i].none &&
			compare_numbers(&o->columns[i], o->current[i].v, o->next[i].v) < 0;
	}
	return less;
}

static struct fill_point read_point(const struct vector *v, uint32_t row)
{
	struct fill_point p = {.none = vector_is_null(v, row)};
	const struct vector *at;
	row = vector_index(v, row, &at);
	switch (type_physical(v->type)) {
	case PHYS_I8: p.v.i = ((const int8_t *)at->data)[row]; break;
	case PHYS_I16: p.v.i = ((const int16_t *)at->data)[row]; break;
	case PHYS_I32: p.v.i = ((const int32_t *)at->data)[row]; break;
	case PHYS_I64: p.v.i = ((const int64_t *)at->data)[row]; break;
	case PHYS_U8: p.v.i = ((const uint8_t *)at->data)[row]; break;
	case PHYS_U16: p.v.i = ((const uint16_t *)at->data)[row]; break;
	case PHYS_U32: p.v.i = ((const uint32_t *)at->data)[row]; break;
	case PHYS_U64: p.v.i = ((const uint64_t *)at->data)[row]; break;
	case PHYS_F32: p.v.f = (double)((const float *)at->data)[row]; break;
	case PHYS_F64: p.v.f = ((const double *)at->data)[row]; break;
	default: p.none = true; break;
	}
	return p;
}

static enum status put_point(struct builder *to, const struct plan_fill *c, const struct fill_point *p,
                             struct error *err)
{
	if (p->none)
		return builder_default(to, err);
	if (c->is_float) {
		float narrow = (float)p->v.f;
		return physical_size(to->physical) == 4 ? builder_fixed(to, &narrow, err) : builder_fixed(to, &p->v.f, err);
	}
	return builder_fixed(to, &p->v.i, err); /* little endian: the low bytes */
}

/* ---- output ---- */

static enum status flush(struct fill_operator *o, struct worker *w)
{
	uint32_t n = o->base.plan->column_count;
	struct batch *b;
	if (n == 0 || o->out[0]->count == 0)
		return OK;
	TRY(batch_new(n, &b, &w->err));
	b->count = o->out[0]->count;
	for (uint32_t c = 0; c < n; c++) {
		enum status s = builder_finish(o->out[c], &b->columns[c], &w->err);
		if (s != OK) {
			batch_free(b);
			return s;
		}
	}
	return op_pass_many(&o->base, w, b);
}

static enum status full(struct fill_operator *o, struct worker *w)
{
	if (o->out[0]->count < BATCH_ROWS_MAX)
		return OK;
	TRY(query_check(w->query, &w->err));
	return flush(o, w);
}

static enum status replace(struct vector **slot, struct worker *w, const struct vector *v, uint32_t row)
{
	struct vector *made = NULL;
	TRY(vector_constant(w->eval.track, v, row, 1, &made, &w->err));
	vector_unref(*slot);
	*slot = made;
	return OK;
}

/* The last row that was put out becomes what the next interpolation reads. */
static enum status remember_filled(struct fill_operator *o, struct worker *w)
{
	for (uint32_t c = 0; c < o->base.plan->column_count; c++) {
		struct builder *one;
		struct vector *v = NULL;
		TRY(builder_new(w->eval.track, o->base.plan->types[c], &one, &w->err));
		enum status s = OK;
		uint32_t k = 0;
		while (k < o->count && o->columns[k].column != c)
			k++;
		s = k < o->count ? put_point(one, &o->columns[k], &o->current[k], &w->err) : builder_default(one, &w->err);
		if (s == OK)
			s = builder_finish(one, &v, &w->err);
		if (s == OK)
			s = replace(&o->last[c], w, v, 0);
		vector_unref(v);
		builder_free(one);
		TRY(s);
	}
	return OK;
}

static enum status interpolate(struct fill_operator *o, struct worker *w, struct vector **values)
{
	const struct plan *p = o->base.plan;
	struct arena outer = w->scratch;
	if (p->u.fill.interpolation_count == 0)
		return OK;
	arena_init(&w->scratch, outer.track);
	enum status s = program_run(o->program, &w->eval, o->last, w->query->slots, 1, values);
	arena_fini(&w->scratch);
	w->scratch = outer;
	return s;
}

static enum status put_filled_column(struct fill_operator *o, struct worker *w, uint32_t c,
                                     struct vector *const *values)
{
	const struct plan *p = o->base.plan;
	for (uint32_t i = 0; i < o->count; i++)
		if (o->columns[i].column == c)
			return put_point(o->out[c], &o->columns[i], &o->current[i], &w->err);
	for (uint32_t i = 0; i < p->u.fill.prefix_count; i++)
		if (p->u.fill.prefix[i] == c && o->prefix[i] != NULL)
			return builder_row(o->out[c], o->prefix[i], 0, &w->err);
	for (uint32_t i = 0; i < p->u.fill.interpolation_count; i++)
		if (p->u.fill.interpolations[i].column == c)
			return builder_row(o->out[c], values[i], 0, &w->err);
	return builder_default(o->out[c], &w->err);
}

/* One row at the current point. */
static enum status put_filled(struct fill_operator *o, struct worker *w)
{
	const struct plan *p = o->base.plan;
	struct vector *values[64] = {NULL};
	uint32_t n = p->u.fill.interpolation_count;
	TRY(interpolate(o, w, values));
	enum status s = OK;
	for (uint32_t c = 0; c < p->column_count && s == OK; c++)
		s = put_filled_column(o, w, c, values);
	if (s == OK && n != 0)
		s = remember_filled(o, w);
	for (uint32_t i = 0; i < n; i++) {
		if (s == OK)
			s = replace(&o->last[p->u.fill.interpolations[i].column], w, values[i], 0);
		vector_unref(values[i]);
	}
	return s == OK ? full(o, w) : s;
}

static enum status fill_up(struct fill_operator *o, struct worker *w, bool current_too)
{
	if (current_too && before(o, o->current, o->next))
		TRY(put_filled(o, w));
	while (next_point(o))
		TRY(put_filled(o, w));
	return OK;
}

/* ---- input ---- */

/* `next` is the value, but not beyond TO nor beyond where the last row's validity ends. */
static void set_next(struct fill_operator *o, uint32_t i, struct fill_point value)
{
	const struct plan_fill *c = &o->columns[i];
	if (c->has_to && (value.none || compare_numbers(c, value.v, c->to) >= 0))
		value = (struct fill_point){false, c->to};
	if (c->has_staleness && !o->stale[i].none && (value.none || compare_numbers(c, value.v, o->stale[i].v) > 0))
		value = o->stale[i];
	o->next[i] = value;
}

static enum status end_range(struct fill_operator *o, struct worker *w)
{
	bool first = before(o, o->next, o->current) || all_none(o, o->current);
	for (uint32_t i = 0; i < o->count; i++)
		set_next(o, i, (struct fill_point){.none = true});
	return fill_up(o, w, first);
}

static enum status begin_range(struct fill_operator *o, struct worker *w, const struct batch *in, uint32_t row)
{
	const struct plan *p = o->base.plan;
	for (uint32_t i = 0; i < p->u.fill.prefix_count; i++)
		TRY(replace(&o->prefix[i], w, in->columns[p->u.fill.prefix[i]], row));
	for (uint32_t i = 0; i < o->count; i++) {
		o->next[i].none = true;
		o->stale[i].none = true;
	}
	for (uint32_t i = 0; i < o->count; i++) {
		const struct plan_fill *c = &o->columns[i];
		struct fill_point value = read_point(in->columns[c->column], row);
		if (c->has_from && (value.none || compare_numbers(c, value.v, c->from) != 0)) {
			init_from(o, i);
			return !value.none && compare_numbers(c, c->from, value.v) < 0 ? put_filled(o, w) : OK;
		}
		o->current[i] = value;
	}
	return OK;
}

static bool same_range(const struct fill_operator *o, const struct batch *in, uint32_t row)
{
	const struct plan *p = o->base.plan;
	for (uint32_t i = 0; i < p->u.fill.prefix_count; i++)
		if (vector_compare_rows(o->prefix[i], 0, in->columns[p->u.fill.prefix[i]], row) != 0)
			return false;
	return true;
}

static enum status put_row(struct fill_operator *o, struct worker *w, const struct batch *in, uint32_t row)
{
	for (uint32_t c = 0; c < in->column_count; c++)
		TRY(builder_row(o->out[c], in->columns[c], row, &w->err));
	for (uint32_t c = 0; o->last != NULL && c < in->column_count; c++)
		TRY(replace(&o->last[c], w, in->columns[c], row));
	for (uint32_t i = 0; i < o->count; i++) {
		const struct plan_fill *f = &o->columns[i];
		if (!f->has_staleness)
			continue;
		o->current[i] = o->next[i] = o->stale[i] = read_point(in->columns[f->column], row);
		if (!o->stale[i].none && !advance(o, f, &f->staleness, &o->stale[i].v))
			o->stale[i].none = true;
	}
	return full(o, w);
}

static enum status take_row(struct fill_operator *o, struct worker *w, const struct batch *in, uint32_t row)
{
	if (o->started && !same_range(o, in, row)) {
		TRY(end_range(o, w));
		TRY(begin_range(o, w, in, row));
	} else if (!o->started) {
		o->started = true;
		TRY(begin_range(o, w, in, row));
	}
	bool first = before(o, o->next, o->current) || all_none(o, o->current);
	for (uint32_t i = 0; i < o->count; i++)
		set_next(o, i, read_point(in->columns[o->columns[i].column], row));
	TRY(fill_up(o, w, first));
	return put_row(o, w, in, row);
}

static enum status fill_push(struct operator *op, struct worker *w, struct batch *in)
{
	struct fill_operator *o = (struct fill_operator *)op;
	enum status s = OK;
	for (uint32_t i = 0; i < in->count && s == OK; i++)
		s = take_row(o, w, in, i);
	batch_free(in);
	return s;
}

static enum status fill_drain(struct operator *op, struct worker *w)
{
	struct fill_operator *o = (struct fill_operator *)op;
	if (w->number != 0)
		return OK;
	if (o->started) {
		TRY(end_range(o, w));
	} else if (op->plan->u.fill.prefix_count == 0) { /* no rows came: from FROM to TO */
		init_from(o, 0);
		for (uint32_t i = 0; i < o->count; i++)
			o->next[i] = (struct fill_point){!o->columns[i].has_to, o->columns[i].to};
		TRY(fill_up(o, w, true));
	}
	return flush(o, w);
}

static void fill_free(struct operator *op)
{
	struct fill_operator *o = (struct fill_operator *)op;
	const struct plan *p = op->plan;
	for (uint32_t c = 0; c < p->column_count; c++) {
		if (o->out != NULL && o->out[c] != NULL)
			builder_free(o->out[c]);
		if (o->last != NULL)
			vector_unref(o->last[c]);
	}
	for (uint32_t i = 0; o->prefix != NULL && i < p->u.fill.prefix_count; i++)
		vector_unref(o->prefix[i]);
	arena_fini(&o->arena);
	free(o);
}

static const struct operator_ops fill_ops = {
	.name = "Filling", .push = fill_push, .drain = fill_drain, .free = fill_free,
};

static enum status make(struct fill_operator *o, struct query *q, const struct plan *p)
{
	uint32_t n = p->u.fill.interpolation_count;
	struct expr **exprs = ARENA_ARRAY(&o->arena, struct expr *, n + 1);
	o->columns = p->u.fill.columns;
	o->count = p->u.fill.count;
	o->current = ARENA_ARRAY(&o->arena, struct fill_point, o->count);
	o->next = ARENA_ARRAY(&o->arena, struct fill_point, o->count);
	o->stale = ARENA_ARRAY(&o->arena, struct fill_point, o->count);
	o->prefix = ARENA_ARRAY(&o->arena, struct vector *, p->u.fill.prefix_count + 1);
	o->out = ARENA_ARRAY(&o->arena, struct builder *, p->column_count + 1);
	for (uint32_t c = 0; c < p->column_count; c++)
		TRY(builder_new(&q->track, p->types[c], &o->out[c], &q->err));
	for (uint32_t i = 0; i < n; i++)
		exprs[i] = p->u.fill.interpolations[i].expr;
	TRY(program_compile(&o->arena, exprs, n, &o->program, &q->err));
	if (n == 0)
		return OK;
	o->last = ARENA_ARRAY(&o->arena, struct vector *, p->column_count + 1);
	for (uint32_t c = 0; c < p->column_count; c++)
		TRY(vector_default_constant(&q->track, p->types[c], 1, &o->last[c], &q->err));
	return OK;
}

enum status fill_operator_new(struct query *q, const struct plan *p, struct operator **out)
{
	struct fill_operator *o;
	TRY(op_new(q, sizeof *o, &fill_ops, p, &o));
	arena_init(&o->arena, &q->track);
	enum status s = make(o, q, p);
	if (s != OK) {
		fill_free(&o->base);
		return s;
	}
	*out = &o->base;
	return OK;
}
