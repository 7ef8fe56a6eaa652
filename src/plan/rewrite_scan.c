// SPDX-License-Identifier: Apache-2.0
/*
 * Rewrites that spare scans columns: the columns that an order with a limit does not need are fetched for the rows that
 * are left; the bound of such an order becomes a filter of the scan; of strings whose lengths alone are asked for only
 * those are read.
 */
#include "plan/rewrite_impl.h"

enum { BOUND_LIMIT_MAX = 65536 };

static bool gives_row_ids(const struct plan *scan)
{
	return (scan->u.scan.table->ops->features & TABLE_ROW_IDS) != 0 && !scan->u.scan.final;
}

/* ---- the bound of a limited order ---- */

/* Integers and what is kept as such: the order of the values is that of the numbers. */
static bool is_bounded_type(const struct type *t)
{
	switch (type_physical(t)) {
	case PHYS_U8: case PHYS_I8: case PHYS_U16: case PHYS_I16: case PHYS_U32: case PHYS_I32: case PHYS_U64: case PHYS_I64:
		return !t->nullable && !t->low_cardinality;
	default:
		return false;
	}
}

void rewrite_bound(const struct binder *b, struct plan *sort)
{
	struct plan *p = sort->inputs[0];
	const struct expr *x = sort->u.sort.order[0].expr;
	uint64_t most = b->config->options.top_bound_limit;
	if (sort->u.sort.limit == 0 || sort->u.sort.limit > (most < BOUND_LIMIT_MAX ? most : BOUND_LIMIT_MAX))
		return;
	for (; (p->kind == PLAN_PROJECT || p->kind == PLAN_FILTER) && x->kind == EXPR_COLUMN; p = p->inputs[0])
		if (p->kind == PLAN_PROJECT)
			x = p->u.project.exprs[x->column];
	if (p->kind != PLAN_SCAN || x->kind != EXPR_COLUMN || !gives_row_ids(p) || !is_bounded_type(x->type) ||
	    (p->u.scan.columns[x->column] & (COLUMN_VIRTUAL | COLUMN_SIZES)) != 0)
		return;
	sort->u.sort.bound = p;
	sort->u.sort.bound_column = x->column;
}

/* ---- lengths of strings ---- */

/* Whether the lengths of scan column c may be read instead of its strings. */
static bool has_lengths(const struct binder *b, const struct plan *scan, uint32_t c)
{
	const struct type *t = scan->types[c];
	return b->dialect == DIALECT_CLICKHOUSE && b->config->options.lengths_alone && t->id == TYPE_STRING && !t->nullable &&
	       !t->low_cardinality && (t->face == FACE_DEFAULT || t->face == FACE_TEXT) &&
	       (scan->u.scan.columns[c] & (COLUMN_VIRTUAL | COLUMN_SIZES)) == 0;
}

static bool is_empty_text(const struct expr *x)
{
	return x->kind == EXPR_CONSTANT && x->type->id == TYPE_STRING && !vector_is_null(x->constant, 0) &&
	       ((const struct strview *)x->constant->data)->size == 0;
}

enum length_call { LENGTH_NONE, LENGTH_ITSELF, LENGTH_ZERO, LENGTH_NOT_ZERO };

/* What x asks of column c, if x is a call that needs nothing but its length. */
static enum length_call length_call(const struct expr *x, uint32_t c)
{
	if (x->kind != EXPR_CALL || x->call->function == NULL || x->arg_count == 0 || x->arg_count > 2)
		return LENGTH_NONE;
	const char *name = x->call->function->name;
	unsigned at = x->args[0]->kind == EXPR_COLUMN ? 0 : x->arg_count - 1;
	if (x->args[at]->kind != EXPR_COLUMN || x->args[at]->column != c)
		return LENGTH_NONE;
	if (x->arg_count == 2 && x->type->id == TYPE_UINT8 && is_empty_text(x->args[1 - at]))
		return strcmp(name, "equals") == 0 ? LENGTH_ZERO : strcmp(name, "notEquals") == 0 ? LENGTH_NOT_ZERO : LENGTH_NONE;
	if (x->arg_count != 1)
		return LENGTH_NONE;
	if (strcmp(name, "length") == 0 && x->type->id == TYPE_UINT64)
		return LENGTH_ITSELF;
	return strcmp(name, "empty") == 0 ? LENGTH_ZERO : strcmp(name, "notEmpty") == 0 ? LENGTH_NOT_ZERO : LENGTH_NONE;
}

/* Whether x needs of column c only its length; *uses counts. */
static bool needs_length_only(const struct expr *x, uint32_t c, uint32_t *uses)
{
	if (x == NULL)
		return true;
	if (x->kind == EXPR_COLUMN)
		return x->column != c;
	if (length_call(x, c) != LENGTH_NONE) {
		(*uses)++;
		return true;
	}
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!needs_length_only(x->args[i], c, uses))
			return false;
	return true;
}

static enum status take_length(struct binder *b, struct expr *x, uint32_t c, struct expr **out)
{
	*out = x;
	if (x == NULL || x->arg_count == 0)
		return OK;
	enum length_call what = length_call(x, c);
	struct expr *length = expr_column(b->arena, c, type_simple(TYPE_UINT64), STR(""));
	if (what == LENGTH_ITSELF) {
		length->name = x->name;
		*out = length;
		return OK;
	}
	if (what != LENGTH_NONE) {
		struct vector *zero;
		TRY(vector_default_constant(NULL, length->type, 1, &zero, b->env.err));
		struct expr *args[2] = {length, expr_constant(b->arena, zero)};
		return bind_function(b, what == LENGTH_ZERO ? STR("equals") : STR("notEquals"), args, 2, x->position, out);
	}
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		TRY(take_length(b, x->args[i], c, &args[i]));
	struct expr *y = x->kind == EXPR_LAMBDA ? expr_lambda(b->arena, x->lambda, args) : expr_call(b->arena, x->call, args);
	y->type = x->type;
	y->position = x->position;
	y->name = x->name;
	*out = y;
	return OK;
}

/* ---- columns after the limit ---- */

static uint32_t row_id_column(const struct table *t)
{
	for (uint32_t i = 0; i < t->ops->virtual_column_count; i++)
		if (strcmp(t->ops->virtual_columns[i].name, "__row_id") == 0)
			return COLUMN_VIRTUAL | i;
	return 0;
}

/* A scan of the columns that are needed before the limit, and of the rows' numbers behind them. */
static enum status narrow_scan(struct binder *b, const struct plan *scan, const bool *early, const bool *lengths,
                               uint32_t *map, struct plan **out)
{
	uint32_t n = 0;
	struct plan *fresh = plan_new(b->arena, PLAN_SCAN, scan->column_count + 1);
	fresh->u.scan = scan->u.scan;
	fresh->u.scan.columns = ARENA_ARRAY(b->arena, uint32_t, scan->column_count + 1);
	for (uint32_t i = 0; i < scan->column_count; i++) {
		if (!early[i] && !lengths[i])
			continue;
		fresh->types[n] = lengths[i] ? type_simple(TYPE_UINT64) : scan->types[i];
		fresh->names[n] = scan->names[i];
		fresh->u.scan.columns[n] = scan->u.scan.columns[i] | (lengths[i] ? COLUMN_SIZES : 0);
		map[i] = n++;
	}
	fresh->types[n] = type_simple(TYPE_UINT64);
	fresh->names[n] = STR("__row_id");
	fresh->u.scan.columns[n] = row_id_column(scan->u.scan.table);
	fresh->column_count = n + 1;
	fresh->u.scan.filters = ARENA_ARRAY(b->arena, struct expr *, scan->u.scan.filter_count + 1);
	for (uint32_t i = 0; i < scan->u.scan.filter_count; i++) {
		struct expr *x = scan->u.scan.filters[i];
		for (uint32_t c = 0; c < scan->column_count; c++)
			if (lengths[c])
				TRY(take_length(b, x, c, &x));
		fresh->u.scan.filters[i] = expr_remap(b->arena, x, map);
	}
	*out = fresh;
	return OK;
}

/* The order over the narrow scan: its expressions were over a projection of the wide one. */
static struct plan *narrow_sort(struct binder *b, const struct plan *sort, struct plan *scan, const uint32_t *wide,
                                const uint32_t *map)
{
	uint32_t *both = ARENA_ARRAY(b->arena, uint32_t, sort->column_count + 1);
	for (uint32_t i = 0; i < sort->column_count; i++)
		both[i] = map[wide[i]];
	struct plan *fresh = plan_unary(b->arena, PLAN_SORT, scan);
	fresh->u.sort = sort->u.sort;
	fresh->u.sort.order = ARENA_ARRAY(b->arena, struct plan_order, sort->u.sort.order_count);
	for (uint32_t i = 0; i < sort->u.sort.order_count; i++) {
		fresh->u.sort.order[i] = sort->u.sort.order[i];
		fresh->u.sort.order[i].expr = expr_remap(b->arena, sort->u.sort.order[i].expr, both);
	}
	return fresh;
}

static struct plan *fetch_rest(struct binder *b, struct plan *sort, const struct plan *scan, const bool *late,
                               uint32_t *map)
{
	uint32_t n = sort->column_count;
	struct plan *fetch = plan_unary(b->arena, PLAN_FETCH, sort);
	struct plan *wide = plan_new(b->arena, PLAN_FETCH, n + scan->column_count);
	memcpy(wide->types, fetch->types, n * sizeof *wide->types);
	memcpy(wide->names, fetch->names, n * sizeof *wide->names);
	wide->inputs = fetch->inputs;
	wide->input_count = 1;
	wide->u.fetch.scan = sort->inputs[0];
	wide->u.fetch.row_id = n - 1;
	wide->u.fetch.columns = ARENA_ARRAY(b->arena, uint32_t, scan->column_count + 1);
	for (uint32_t i = 0; i < scan->column_count; i++) {
		if (!late[i])
			continue;
		wide->types[n] = scan->types[i];
		wide->names[n] = scan->names[i];
		wide->u.fetch.columns[wide->u.fetch.count++] = scan->u.scan.columns[i];
		map[i] = n++;
	}
	wide->column_count = n;
	return wide;
}

/* Where the sort's input column comes from in the scan below plain projections; false: it is computed. */
static bool trace(const struct plan *p, uint32_t column, uint32_t *out)
{
	for (; p->kind == PLAN_PROJECT; p = p->inputs[0]) {
		const struct expr *x = p->u.project.exprs[column];
		if (x->kind != EXPR_COLUMN)
			return false;
		column = x->column;
	}
	*out = column;
	return true;
}

/* Strings that only filters want, and of which these want the lengths, are fetched late as the others are. */
static void find_lengths(const struct binder *b, const struct plan *scan, bool *early, bool *lengths)
{
	for (uint32_t c = 0; c < scan->column_count; c++) {
		uint32_t uses = 0;
		bool only = !early[c] && has_lengths(b, scan, c);
		for (uint32_t i = 0; only && i < scan->u.scan.filter_count; i++)
			only = needs_length_only(scan->u.scan.filters[i], c, &uses);
		lengths[c] = only && uses != 0;
	}
	bool *used = early;
	for (uint32_t i = 0; i < scan->u.scan.filter_count; i++)
		expr_columns(scan->u.scan.filters[i], used);
	for (uint32_t c = 0; c < scan->column_count; c++)
		early[c] = (early[c] && !lengths[c]) || (scan->u.scan.columns[c] & (COLUMN_VIRTUAL | COLUMN_SIZES)) != 0;
}

enum status rewrite_fetch(struct binder *b, struct plan **p, struct plan **out)
{
	struct plan *sort = *p, *scan = sort->inputs[0];
	uint32_t n = sort->column_count, *wide = ARENA_ARRAY(b->arena, uint32_t, n + 1), late = 0;
	*out = sort;
	if (sort->u.sort.limit == 0 || sort->u.sort.limit > b->config->options.fetch_limit || sort->u.sort.with_ties)
		return OK;
	while (scan->kind == PLAN_PROJECT)
		scan = scan->inputs[0];
	if (scan->kind != PLAN_SCAN || !gives_row_ids(scan) || scan->u.scan.filter_count != scan->u.scan.prewhere_count)
		return OK;
	bool *early = ARENA_ARRAY(b->arena, bool, scan->column_count + 1), *used = ARENA_ARRAY(b->arena, bool, n + 1);
	bool *lengths = ARENA_ARRAY(b->arena, bool, scan->column_count + 1);
	bool *wanted = ARENA_ARRAY(b->arena, bool, scan->column_count + 1);
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, scan->column_count + 1);
	for (uint32_t i = 0; i < sort->u.sort.order_count; i++)
		expr_columns(sort->u.sort.order[i].expr, used);
	for (uint32_t i = 0; i < n; i++) {
		if (!trace(sort->inputs[0], i, &wide[i]))
			return OK;
		early[wide[i]] |= used[i];
		wanted[wide[i]] = true;
	}
	find_lengths(b, scan, early, lengths);
	for (uint32_t i = 0; i < scan->column_count; i++) {
		wanted[i] = wanted[i] && !early[i];
		late += wanted[i];
	}
	if (late == 0)
		return OK;
	struct plan *narrow;
	TRY(narrow_scan(b, scan, early, lengths, map, &narrow));
	*out = narrow_sort(b, sort, narrow, wide, map);
	struct plan *fetch = fetch_rest(b, *out, scan, wanted, map);
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		exprs[i] = expr_column(b->arena, map[wide[i]], sort->types[i], sort->names[i]);
	*p = plan_project(b->arena, fetch, exprs, sort->names, n);
	return OK;
}

/* ---- lengths instead of strings ---- */

/* The places of all expressions over a scan's columns: its filters and those of the node above. */
struct places {
	struct expr ***items;
	size_t count, capacity;
};

static void add_places(struct binder *b, struct places *l, struct expr **list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		ARENA_PUSH(b->arena, l->items, l->count, l->capacity, &list[i]);
}

static void find_places(struct binder *b, struct plan *p, struct places *l)
{
	struct plan *scan = p->inputs[0];
	add_places(b, l, scan->u.scan.filters, scan->u.scan.filter_count);
	if (p->kind == PLAN_PROJECT) {
		add_places(b, l, p->u.project.exprs, p->column_count);
		return;
	}
	add_places(b, l, p->u.aggregate.keys, p->u.aggregate.key_count);
	for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
		struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
		add_places(b, l, a->args, a->aggregator->arg_count);
		add_places(b, l, &a->filter, 1);
		for (uint32_t k = 0; k < a->order_count; k++)
			add_places(b, l, &a->order[k].expr, 1);
	}
}

enum status rewrite_lengths(struct binder *b, struct plan *p)
{
	struct plan *scan = p->inputs[0];
	struct places l = {0};
	if (!gives_row_ids(scan))
		return OK;
	find_places(b, p, &l);
	for (uint32_t c = 0; c < scan->column_count; c++) {
		uint32_t uses = 0;
		bool only = has_lengths(b, scan, c);
		for (size_t i = 0; only && i < l.count; i++)
			only = needs_length_only(*l.items[i], c, &uses);
		if (!only || uses == 0)
			continue;
		for (size_t i = 0; i < l.count; i++)
			TRY(take_length(b, *l.items[i], c, l.items[i]));
		scan->u.scan.columns[c] |= COLUMN_SIZES;
		scan->types[c] = type_simple(TYPE_UINT64);
	}
	return OK;
}
