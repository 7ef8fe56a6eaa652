// SPDX-License-Identifier: Apache-2.0
/*
 * Window functions over rows sorted by partition and order. Rows are kept until their partition is complete; then each
 * function gives a column over all complete partitions at once. Only one worker pushes: the sort below has one reader.
 *
 * An aggregate whose frame only grows keeps one state. Where frames slide, long ones are put together from states of
 * aligned runs of rows (a tree of fan-out 16 over the partition), short ones are added up anew.
 */
#include "exec/op_window_impl.h"

enum { CHUNK_ROWS_MIN = BATCH_ROWS_MAX, FAN_BITS = 4, FAN = 1 << FAN_BITS, LEVELS_MAX = 8, LONG_FRAME_ROWS = 64 };

struct window_operator {
	struct operator base;
	struct arena arena;
	struct program *program;
	uint32_t value_count;
	const struct type **types;     /* of the kept columns: the input's, then the program's values */
	uint32_t column_count;
	uint32_t partition, order;     /* where their values begin */
	uint32_t partition_count, order_count;
	struct window_item *items;
	uint32_t item_count;
	struct op_batches held;
	uint64_t complete;             /* held rows that belong to complete partitions */
	bool pg;
};

/* One chunk while its functions are computed. */
struct chunk {
	struct window_operator *o;
	struct worker *w;
	struct vector **columns;
	uint32_t count;
	struct window_rows rows;
};

/* ---- partitions and peers ---- */

static bool equal_rows(struct vector *const *columns, uint32_t n, struct vector *const *others, uint32_t i, uint32_t j)
{
	for (uint32_t c = 0; c < n; c++)
		if (vector_compare_rows(columns[c], i, others[c], j) != 0)
			return false;
	return true;
}

/* The partition that begins at c->rows.end, and its peers. */
static void next_partition(struct chunk *c)
{
	struct window_operator *o = c->o;
	struct window_rows *r = &c->rows;
	struct vector *const *partition = c->columns + o->partition, *const *order = c->columns + o->order;
	uint32_t i = r->end, first = i;
	r->start = i;
	r->group_count = 0;
	for (; i < c->count && (i == r->start || equal_rows(partition, o->partition_count, partition, i - 1, i)); i++) {
		if (i != r->start && !equal_rows(order, o->order_count, order, i - 1, i)) {
			for (uint32_t k = first; k < i; k++)
				r->peers_to[k] = i;
			first = i;
		}
		if (first == i)
			r->groups[r->group_count++] = i;
		r->peers_from[i] = first;
		r->group[i] = r->group_count - 1;
	}
	for (uint32_t k = first; k < i; k++)
		r->peers_to[k] = i;
	r->groups[r->group_count] = i;
	r->end = i;
}

/* ---- numbers of rows ---- */

static enum status put_integer(struct builder *to, int64_t v, struct error *err)
{
	int32_t narrow = (int32_t)v;
	return physical_size(to->physical) == 4 ? builder_fixed(to, &narrow, err) : builder_fixed(to, &v, err);
}

static enum status put_ranks(struct chunk *c, enum window_function f, struct builder *to)
{
	const struct window_rows *r = &c->rows;
	double rows = r->end - r->start;
	for (uint32_t i = r->start; i < r->end; i++) {
		int64_t rank = (int64_t)r->peers_from[i] - r->start + 1;
		double x;
		switch (f) {
		case WINDOW_ROW_NUMBER:
			TRY(put_integer(to, (int64_t)i - r->start + 1, &c->w->err));
			break;
		case WINDOW_RANK:
			TRY(put_integer(to, rank, &c->w->err));
			break;
		case WINDOW_DENSE_RANK:
			TRY(put_integer(to, (int64_t)r->group[i] + 1, &c->w->err));
			break;
		case WINDOW_PERCENT_RANK:
			x = rows <= 1 ? 0 : (double)(rank - 1) / (rows - 1);
			TRY(builder_fixed(to, &x, &c->w->err));
			break;
		default:
			x = (double)(r->peers_to[i] - r->start) / rows;
			TRY(builder_fixed(to, &x, &c->w->err));
			break;
		}
	}
	return OK;
}

static int64_t integer_at(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	return ((const int64_t *)at->data)[row];
}

static enum status put_ntile(struct chunk *c, const struct window_item *item, struct builder *to)
{
	const struct window_rows *r = &c->rows;
	const struct vector *v = c->columns[item->args];
	uint64_t rows = r->end - r->start;
	bool none = vector_is_null(v, r->start);
	int64_t buckets = none ? 1 : integer_at(v, r->start);
	if (buckets <= 0)
		return ERR(&c->w->err, E_NTILE_ARGUMENT, "%s", c->o->pg ? "argument of ntile must be greater than zero"
		           : "Argument of 'ntile' function must be greater than zero.");
	uint64_t size = rows / (uint64_t)buckets, larger = rows % (uint64_t)buckets;
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t in_larger = larger * (size + 1);
		uint64_t tile = i < in_larger ? i / (size + 1) : larger + (i - in_larger) / size;
		TRY(none ? builder_default(to, &c->w->err) : put_integer(to, (int64_t)tile + 1, &c->w->err));
	}
	return OK;
}

/* ---- values of other rows ---- */

static enum status put_shifted(struct chunk *c, const struct window_item *item, const struct window_bounds *b,
                               struct builder *to)
{
	const struct plan_window *p = item->plan;
	const struct window_rows *r = &c->rows;
	bool in_frame = p->function == WINDOW_LAG_IN_FRAME || p->function == WINDOW_LEAD_IN_FRAME;
	bool back = p->function == WINDOW_LAG || p->function == WINDOW_LAG_IN_FRAME;
	for (uint32_t i = r->start; i < r->end; i++) {
		int64_t offset = 1, at;
		struct window_span span = {r->start, r->end};
		if (p->arg_count >= 2) {
			if (vector_is_null(c->columns[item->args + 1], i)) {
				TRY(builder_default(to, &c->w->err));
				continue;
			}
			offset = integer_at(c->columns[item->args + 1], i);
		}
		if (offset < 0 && !c->o->pg)
			return ERR(&c->w->err, E_BAD_ARGUMENTS, "The offset of a window function must be nonnegative, %lld given",
			           (long long)offset);
		if (in_frame) {
			struct window_frame f;
			window_frame_of(b, i, &f);
			span = f.count == 0 ? (struct window_span){i, i} : f.spans[0];
		}
		offset = offset > UINT32_MAX ? UINT32_MAX : offset < -(int64_t)UINT32_MAX ? -(int64_t)UINT32_MAX : offset;
		at = back ? (int64_t)i - offset : (int64_t)i + offset;
		if (at >= span.from && at < span.to)
			TRY(builder_row(to, c->columns[item->args], (uint32_t)at, &c->w->err));
		else if (p->arg_count == 3)
			TRY(builder_row(to, c->columns[item->args + 2], i, &c->w->err));
		else
			TRY(builder_default(to, &c->w->err));
	}
	return OK;
}

static enum status put_nth(struct chunk *c, const struct window_item *item, const struct window_bounds *b,
                           struct builder *to)
{
	const struct plan_window *p = item->plan;
	const struct window_rows *r = &c->rows;
	for (uint32_t i = r->start; i < r->end; i++) {
		struct window_frame f;
		int64_t n = 1;
		bool none = p->function == WINDOW_NTH_VALUE && vector_is_null(c->columns[item->args + 1], i);
		uint32_t at = UINT32_MAX;
		window_frame_of(b, i, &f);
		if (p->function == WINDOW_NTH_VALUE && !none) {
			n = integer_at(c->columns[item->args + 1], i);
			if (n <= 0)
				return ERR(&c->w->err, E_NTH_VALUE_ARGUMENT, "argument of nth_value must be greater than zero");
		}
		if (p->function == WINDOW_LAST_VALUE && f.count != 0)
			at = f.spans[f.count - 1].to - 1;
		for (uint32_t k = 0; k < f.count && at == UINT32_MAX && !none; k++) {
			uint32_t size = f.spans[k].to - f.spans[k].from;
			if (n <= size)
				at = f.spans[k].from + (uint32_t)n - 1;
			else
				n -= size;
		}
		TRY(at == UINT32_MAX ? builder_default(to, &c->w->err)
		    : builder_row(to, c->columns[item->args], at, &c->w->err));
	}
	return OK;
}

/* How fast a value rises per second since the row before; falling counts as 0. */
static enum status put_derivative(struct chunk *c, const struct window_item *item, struct builder *to)
{
	const struct window_rows *r = &c->rows;
	for (uint32_t i = r->start; i < r->end; i++) {
		double v[2][2], rate = 0;
		for (unsigned k = 0; k < 2 && i > r->start; k++)
			for (unsigned a = 0; a < 2; a++) {
				const struct vector *at;
				uint32_t row = vector_index(c->columns[item->args + a], i - k, &at);
				v[k][a] = ((const double *)at->data)[row];
			}
		if (i > r->start && v[0][1] > v[1][1] && v[0][0] > v[1][0])
			rate = (v[0][0] - v[1][0]) / (v[0][1] - v[1][1]);
		TRY(builder_fixed(to, &rate, &c->w->err));
	}
	return OK;
}

/* ---- aggregates ---- */

struct aggregating {
	struct chunk *c;
	const struct window_item *item;
	const struct aggregator *a;
	const struct vector **args;
	uint32_t *rows;            /* the chunk's rows that the filter leaves */
	uint32_t *before;          /* with a filter: how many of them stand before each row; NULL: all are left */
	char *state;
	size_t size;               /* of a state, aligned */
	char *tree;                /* states of the levels, one after the other; NULL: none */
	uint32_t level_at[LEVELS_MAX], level_count[LEVELS_MAX], levels, tree_states;
};

static uint32_t filtered(const struct aggregating *x, uint32_t row)
{
	return x->before == NULL ? row : x->before[row];
}

static void reset_state(struct aggregating *x, char *state)
{
	if (x->a->ops->destroy != NULL)
		x->a->ops->destroy(x->a, state, x->c->w->eval.track);
	memset(state, 0, x->a->state_size);
	if (x->a->ops->init != NULL)
		x->a->ops->init(x->a, state);
}

/* Filtered rows [from, to). */
static enum status add_rows(struct aggregating *x, char *state, uint32_t from, uint32_t to)
{
	return from >= to ? OK : x->a->ops->add_one(x->a, &x->c->w->eval, state, x->args, x->rows + from, to - from);
}

static void free_tree(struct aggregating *x)
{
	for (uint32_t i = 0; i < x->tree_states && x->a->ops->destroy != NULL; i++)
		x->a->ops->destroy(x->a, x->tree + i * x->size, x->c->w->eval.track);
	if (x->tree != NULL)
		memtrack_release(x->c->w->eval.track, (int64_t)(x->tree_states * x->size));
	free(x->tree);
	x->tree = NULL;
	x->tree_states = 0;
}

/* States of aligned runs of 16, 256 … filtered rows of the partition [from, to). */
static enum status build_tree(struct aggregating *x, uint32_t from, uint32_t to)
{
	uint32_t total = 0, n = to - from;
	struct worker *w = x->c->w;
	x->levels = 0;
	while ((n >>= FAN_BITS) != 0 && x->levels < LEVELS_MAX) {
		x->level_at[x->levels] = total;
		x->level_count[x->levels++] = n;
		total += n;
	}
	TRY(memtrack_charge(w->eval.track, (int64_t)(total * x->size), &w->err));
	x->tree = calloc(total + 1, x->size);
	x->tree_states = total;
	if (x->tree == NULL)
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate the states of a window function");
	for (uint32_t i = 0; i < total && x->a->ops->init != NULL; i++)
		x->a->ops->init(x->a, x->tree + i * x->size);
	for (uint32_t level = 0; level < x->levels; level++)
		for (uint32_t i = 0; i < x->level_count[level]; i++) {
			char *state = x->tree + (x->level_at[level] + i) * x->size;
			if (level == 0) {
				TRY(add_rows(x, state, from + i * FAN, from + (i + 1) * FAN));
				continue;
			}
			for (uint32_t k = 0; k < FAN; k++) {
				char *part = x->tree + (x->level_at[level - 1] + i * FAN + k) * x->size;
				TRY(x->a->ops->merge(x->a, &w->eval, &state, 0, &part, 0, 1));
			}
		}
	return OK;
}

/* Filtered rows [from, to) by the largest aligned runs, in order. */
static enum status add_by_tree(struct aggregating *x, uint32_t base, uint32_t from, uint32_t to)
{
	while (from < to) {
		uint32_t at = from - base, level = 0, run = 1;
		while (level < x->levels && (at & ((run << FAN_BITS) - 1)) == 0 && to - from >= run << FAN_BITS &&
		       (at >> (FAN_BITS * (level + 1))) < x->level_count[level]) {
			level++;
			run <<= FAN_BITS;
		}
		if (level == 0) {
			uint32_t end = from + FAN - (at & (FAN - 1));
			end = end > to ? to : end;
			TRY(add_rows(x, x->state, from, end));
			from = end;
			continue;
		}
		char *part = x->tree + (x->level_at[level - 1] + (at >> (FAN_BITS * level))) * x->size;
		TRY(x->a->ops->merge(x->a, &x->c->w->eval, &x->state, 0, &part, 0, 1));
		from += run;
	}
	return OK;
}

static enum status add_frame(struct aggregating *x, const struct window_frame *f)
{
	uint32_t base = filtered(x, x->c->rows.start);
	reset_state(x, x->state);
	for (uint32_t k = 0; k < f->count; k++) {
		uint32_t from = filtered(x, f->spans[k].from), to = filtered(x, f->spans[k].to);
		if (to - from < LONG_FRAME_ROWS) {
			TRY(add_rows(x, x->state, from, to));
			continue;
		}
		if (x->tree == NULL)
			TRY(build_tree(x, base, filtered(x, x->c->rows.end)));
		TRY(add_by_tree(x, base, from, to));
	}
	return OK;
}

static bool same_frame(const struct window_frame *a, const struct window_frame *b)
{
	return a->count == b->count && memcmp(a->spans, b->spans, a->count * sizeof *a->spans) == 0;
}

static bool frame_grows(const struct window_frame *was, const struct window_frame *now)
{
	return was->count == 1 && now->count == 1 && was->spans[0].from == now->spans[0].from &&
		was->spans[0].to <= now->spans[0].to;
}

static enum status put_partition(struct aggregating *x, const struct window_bounds *b, struct builder *to)
{
	const struct window_rows *r = &x->c->rows;
	struct worker *w = x->c->w;
	struct window_frame was = {.count = 0}, now;
	reset_state(x, x->state);
	for (uint32_t i = r->start; i < r->end; i++) {
		window_frame_of(b, i, &now);
		if (i > r->start && same_frame(&was, &now)) {
			; /* the state is what it has to be */
		} else if (i > r->start && frame_grows(&was, &now)) {
			TRY(add_rows(x, x->state, filtered(x, was.spans[0].to), filtered(x, now.spans[0].to)));
		} else if (i == r->start && now.count == 1) { /* most likely it grows from here */
			TRY(add_rows(x, x->state, filtered(x, now.spans[0].from), filtered(x, now.spans[0].to)));
		} else {
			TRY(add_frame(x, &now));
		}
		was = now;
		TRY(x->a->ops->finish(x->a, &w->eval, &x->state, 0, 1, to));
		if ((i & 1023) == 1023) {
			arena_reset(&w->scratch);
			TRY(query_check(w->query, &w->err));
		}
	}
	return OK;
}

/* Which rows the filter leaves. Memory is the chunk's. */
static void filter_rows(struct aggregating *x, struct arena *a)
{
	uint32_t n = x->c->count;
	x->rows = ARENA_ARRAY(a, uint32_t, n + 1);
	if (x->item->filter == WINDOW_NO_VALUE) {
		for (uint32_t i = 0; i < n; i++)
			x->rows[i] = i;
		return;
	}
	uint32_t kept = op_select(x->c->columns[x->item->filter], NULL, n, x->rows);
	x->before = ARENA_ARRAY(a, uint32_t, n + 1);
	for (uint32_t i = 0, k = 0; i <= n; i++) {
		x->before[i] = k;
		k += k < kept && x->rows[k] == i;
	}
}

static bool is_descending(const struct window_operator *o)
{
	return o->order_count != 0 && o->base.plan->u.window.order[0].descending;
}

static enum status put_aggregates(struct aggregating *x, struct builder *to)
{
	struct chunk *c = x->c;
	struct window_bounds b;
	for (c->rows.end = 0; c->rows.end < c->count;) {
		next_partition(c);
		TRY(window_bounds_init(&b, x->item, &c->rows, is_descending(c->o), c->o->pg, &c->w->err));
		TRY(put_partition(x, &b, to));
		free_tree(x);
	}
	return OK;
}

static enum status put_aggregate(struct chunk *c, const struct window_item *item, struct builder *to)
{
	struct worker *w = c->w;
	const struct aggregator *a = item->plan->aggregate.aggregator;
	struct aggregating x = {.c = c, .item = item, .a = a, .size = ((size_t)a->state_size + 15) & ~(size_t)15};
	struct arena outer = w->scratch; /* it holds no address of its own */
	x.args = ARENA_ARRAY(&outer, const struct vector *, a->arg_count + 1);
	for (uint32_t i = 0; i < a->arg_count; i++)
		x.args[i] = c->columns[item->args + i];
	filter_rows(&x, &outer);
	x.state = ARENA_ARRAY(&outer, char, x.size + 16);
	x.state += -(uintptr_t)x.state & 15;
	memset(x.state, 0, x.size);
	arena_init(&w->scratch, outer.track);
	enum status s = put_aggregates(&x, to);
	free_tree(&x);
	if (a->ops->destroy != NULL)
		a->ops->destroy(a, x.state, w->eval.track);
	arena_fini(&w->scratch);
	w->scratch = outer;
	return s;
}

/* ---- a chunk ---- */

static enum status put_function(struct chunk *c, const struct window_item *item, struct builder *to)
{
	struct window_bounds b;
	if (item->plan->function == WINDOW_AGGREGATE)
		return put_aggregate(c, item, to);
	for (c->rows.end = 0; c->rows.end < c->count;) {
		next_partition(c);
		TRY(query_check(c->w->query, &c->w->err));
		TRY(window_bounds_init(&b, item, &c->rows, is_descending(c->o), c->o->pg, &c->w->err));
		switch (item->plan->function) {
		case WINDOW_NTILE:
			TRY(put_ntile(c, item, to));
			break;
		case WINDOW_LAG:
		case WINDOW_LEAD:
		case WINDOW_LAG_IN_FRAME:
		case WINDOW_LEAD_IN_FRAME:
			TRY(put_shifted(c, item, &b, to));
			break;
		case WINDOW_FIRST_VALUE:
		case WINDOW_LAST_VALUE:
		case WINDOW_NTH_VALUE:
			TRY(put_nth(c, item, &b, to));
			break;
		case WINDOW_DERIVATIVE:
			TRY(put_derivative(c, item, to));
			break;
		default:
			TRY(put_ranks(c, item->plan->function, to));
			break;
		}
	}
	return OK;
}

static enum status compute(struct chunk *c, struct vector **out)
{
	struct window_operator *o = c->o;
	for (uint32_t i = 0; i < o->item_count; i++) {
		struct builder *to;
		TRY(builder_new(c->w->eval.track, o->items[i].plan->type, &to, &c->w->err));
		enum status s = builder_reserve(to, c->count, &c->w->err);
		if (s == OK)
			s = put_function(c, &o->items[i], to);
		if (s == OK)
			s = builder_finish(to, &out[i], &c->w->err);
		builder_free(to);
		TRY(s);
	}
	return OK;
}

/* Passes rows [0, c->count) on, with the functions' columns. */
static enum status put_rows(struct chunk *c, struct vector *const *results)
{
	struct window_operator *o = c->o;
	uint32_t inputs = o->base.plan->inputs[0]->column_count;
	for (uint32_t at = 0; at < c->count; at += BATCH_ROWS_MAX) {
		uint32_t n = c->count - at < BATCH_ROWS_MAX ? c->count - at : BATCH_ROWS_MAX;
		struct batch *b;
		TRY(batch_new(inputs + o->item_count, &b, &c->w->err));
		b->count = n;
		for (uint32_t i = 0; i < b->column_count; i++) {
			enum status s = vector_slice(c->w->eval.track, i < inputs ? c->columns[i] : results[i - inputs], at, n,
			                             &b->columns[i], &c->w->err);
			if (s != OK) {
				batch_free(b);
				return s;
			}
		}
		TRY(op_pass_many(&o->base, c->w, b));
	}
	return OK;
}

/* The rows from `from` on are kept for later. */
static enum status keep_rest(struct chunk *c, uint32_t from, uint32_t total)
{
	struct window_operator *o = c->o;
	struct batch *b;
	if (from == total)
		return OK;
	TRY(batch_new(o->column_count, &b, &c->w->err));
	b->count = total - from;
	for (uint32_t i = 0; i < o->column_count; i++) {
		enum status s = vector_slice(c->w->eval.track, c->columns[i], from, b->count, &b->columns[i], &c->w->err);
		if (s != OK) {
			batch_free(b);
			return s;
		}
	}
	return op_batches_add(&o->held, b, &c->w->err);
}

static enum status run_chunk(struct chunk *c, uint32_t total)
{
	struct window_operator *o = c->o;
	struct arena *a = &c->w->scratch;
	const struct op_batches *list = &o->held;
	for (uint32_t i = 0; i < o->column_count; i++)
		TRY(op_batches_concat(c->w, &list, 1, i, o->types[i], NULL, &c->columns[i]));
	op_batches_free(&o->held);
	TRY(keep_rest(c, c->count, total));
	c->rows = (struct window_rows){.columns = c->columns, .peers_from = ARENA_ARRAY(a, uint32_t, c->count + 1),
		.peers_to = ARENA_ARRAY(a, uint32_t, c->count + 1), .group = ARENA_ARRAY(a, uint32_t, c->count + 1),
		.groups = ARENA_ARRAY(a, uint32_t, c->count + 1)};
	struct vector **results = ARENA_ARRAY(a, struct vector *, o->item_count + 1);
	enum status s = compute(c, results);
	if (s == OK)
		s = put_rows(c, results);
	for (uint32_t i = 0; i < o->item_count; i++)
		vector_unref(results[i]);
	return s;
}

/* Computes the first `count` held rows, which are whole partitions. */
static enum status flush(struct window_operator *o, struct worker *w, uint64_t count)
{
	uint64_t total = o->held.rows;
	if (count == 0)
		return OK;
	if (total >= UINT32_MAX)
		return ERR(&w->err, E_TOO_MANY_ROWS, "not supported yet: a window partition of %llu rows", (unsigned long long)total);
	struct chunk c = {.o = o, .w = w, .count = (uint32_t)count,
		.columns = ARENA_ARRAY(&w->scratch, struct vector *, o->column_count + 1)};
	o->complete = 0;
	enum status s = run_chunk(&c, (uint32_t)total);
	for (uint32_t i = 0; i < o->column_count; i++)
		vector_unref(c.columns[i]);
	return s;
}

/* ---- input ---- */

static enum status extend(struct window_operator *o, struct worker *w, struct batch *in, struct batch **out)
{
	struct batch *b;
	uint32_t n = in->column_count;
	TRY(batch_new(o->column_count, &b, &w->err));
	b->count = in->count;
	memcpy(b->columns, in->columns, n * sizeof *b->columns);
	in->column_count = 0;
	enum status s = OK;
	if (o->value_count != 0)
		s = program_run(o->program, &w->eval, b->columns, w->query->slots, b->count, &b->columns[n]);
	if (s == OK)
		s = op_compact(w, b);
	if (s != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

/* How many of the held rows are before the last beginning of a partition in b, which is not yet held. */
static uint64_t complete_rows(const struct window_operator *o, const struct batch *b)
{
	struct vector *const *columns = b->columns + o->partition;
	for (uint32_t i = b->count - 1; i > 0; i--)
		if (!equal_rows(columns, o->partition_count, columns, i - 1, i))
			return o->held.rows + i;
	if (o->held.count == 0)
		return 0;
	const struct batch *last = o->held.items[o->held.count - 1];
	bool same = equal_rows(columns, o->partition_count, last->columns + o->partition, 0, last->count - 1);
	return same ? o->complete : o->held.rows;
}

static enum status window_push(struct operator *op, struct worker *w, struct batch *in)
{
	struct window_operator *o = (struct window_operator *)op;
	struct batch *b = NULL;
	if (in->count == 0) {
		batch_free(in);
		return OK;
	}
	enum status s = extend(o, w, in, &b);
	batch_free(in);
	TRY(s);
	if (o->partition_count != 0)
		o->complete = complete_rows(o, b);
	TRY(op_batches_add(&o->held, b, &w->err));
	return o->complete >= CHUNK_ROWS_MIN ? flush(o, w, o->complete) : OK;
}

static enum status window_drain(struct operator *op, struct worker *w)
{
	struct window_operator *o = (struct window_operator *)op;
	return flush(o, w, o->held.rows);
}

static void window_free(struct operator *op)
{
	struct window_operator *o = (struct window_operator *)op;
	op_batches_free(&o->held);
	arena_fini(&o->arena);
	free(o);
}

static const struct operator_ops window_ops = {
	.name = "Window", .push = window_push, .drain = window_drain, .free = window_free,
};

/* ---- construction ---- */

struct value_list {
	struct window_operator *o;
	uint32_t inputs;
	struct expr **exprs;
	size_t count, capacity;
};

static uint32_t add_value(struct value_list *l, struct expr *x)
{
	if (x == NULL)
		return WINDOW_NO_VALUE;
	ARENA_PUSH(&l->o->arena, l->exprs, l->count, l->capacity, x);
	return l->inputs + (uint32_t)l->count - 1;
}

static void add_item(struct value_list *l, const struct plan_window *p, struct window_item *item)
{
	bool aggregate = p->function == WINDOW_AGGREGATE;
	uint32_t n = aggregate ? p->aggregate.aggregator->arg_count : p->arg_count;
	item->plan = p;
	item->args = l->inputs + (uint32_t)l->count;
	for (uint32_t i = 0; i < n; i++)
		add_value(l, aggregate ? p->aggregate.args[i] : p->args[i]);
	item->filter = add_value(l, p->aggregate.filter);
	item->from_offset = add_value(l, p->frame.from_offset);
	item->to_offset = add_value(l, p->frame.to_offset);
	item->key = add_value(l, p->frame.key);
	item->from_key = add_value(l, p->frame.from_key);
	item->to_key = add_value(l, p->frame.to_key);
}

static enum status make(struct window_operator *o, struct query *q, const struct plan *p)
{
	const struct plan *input = p->inputs[0];
	struct value_list values = {.o = o, .inputs = input->column_count};
	o->partition = input->column_count;
	o->partition_count = p->u.window.partition_count;
	for (uint32_t i = 0; i < o->partition_count; i++)
		add_value(&values, p->u.window.partition[i]);
	o->order = values.inputs + (uint32_t)values.count;
	o->order_count = p->u.window.order_count;
	for (uint32_t i = 0; i < o->order_count; i++)
		add_value(&values, p->u.window.order[i].expr);
	o->item_count = p->u.window.function_count;
	o->items = ARENA_ARRAY(&o->arena, struct window_item, o->item_count + 1);
	for (uint32_t i = 0; i < o->item_count; i++)
		add_item(&values, &p->u.window.functions[i], &o->items[i]);
	o->value_count = (uint32_t)values.count;
	o->column_count = values.inputs + o->value_count;
	o->types = ARENA_ARRAY(&o->arena, const struct type *, o->column_count + 1);
	memcpy(o->types, input->types, values.inputs * sizeof *o->types);
	for (uint32_t i = 0; i < o->value_count; i++)
		o->types[values.inputs + i] = values.exprs[i]->type;
	o->pg = q->session->dialect == DIALECT_POSTGRESQL;
	return program_compile(&o->arena, values.exprs, o->value_count, &o->program, &q->err);
}

enum status window_operator_new(struct query *q, const struct plan *p, struct operator **out)
{
	struct window_operator *o;
	TRY(op_new(q, sizeof *o, &window_ops, p, &o));
	arena_init(&o->arena, &q->track);
	enum status s = make(o, q, p);
	if (s != OK) {
		window_free(&o->base);
		return s;
	}
	*out = &o->base;
	return OK;
}
