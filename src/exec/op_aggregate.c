// SPDX-License-Identifier: Apache-2.0
/*
 * GROUP BY. Every worker has a table of its own; a batch's keys are looked up at once, then each aggregate adds its
 * arguments to the rows found. Where several workers have many groups their tables are split into parts by hash, and
 * the workers that read the result merge one part each at a time. Without keys there is one row of states a worker.
 */
#include "exec/op_aggregate_impl.h"
#include "exec/op_group_few.h"

/* ---- states ---- */

void agg_init_rows(const struct agg_operator *g, char *const *rows, uint32_t n)
{
	for (uint32_t k = 0; k < g->item_count; k++) {
		const struct aggregator *a = g->items[k].aggregator;
		if (a->ops->init != NULL)
			for (uint32_t i = 0; i < n; i++)
				a->ops->init(a, rows[i] + g->items[k].offset);
	}
}

/* Leaves the states zeroed, which is also what an abandoned row has. */
void agg_destroy_rows(const struct agg_operator *g, char *const *rows, uint32_t n)
{
	for (uint32_t k = 0; k < g->item_count; k++) {
		const struct aggregator *a = g->items[k].aggregator;
		if (a->ops->destroy == NULL)
			continue;
		for (uint32_t i = 0; i < n; i++) {
			a->ops->destroy(a, rows[i] + g->items[k].offset, &g->base.query->track);
			memset(rows[i] + g->items[k].offset, 0, a->state_size);
		}
	}
}

static bool states_own_memory(const struct agg_operator *g)
{
	for (uint32_t k = 0; k < g->item_count; k++)
		if (g->items[k].aggregator->ops->destroy != NULL)
			return true;
	return false;
}

static void destroy_table(const struct agg_operator *g, struct group_table *t)
{
	char *rows[256];
	for (unsigned p = 0; p < t->part_count && states_own_memory(g); p++) {
		struct group_cursor at = {t->parts[p].first, 0};
		uint32_t n;
		while ((n = group_part_rows(t, &at, rows, ARRAY_COUNT(rows))) != 0)
			agg_destroy_rows(g, rows, n);
	}
	group_table_fini(t);
}

void agg_reset_table(const struct agg_operator *g, struct group_table *t)
{
	destroy_table(g, t);
	group_table_init(t, &g->layout, &g->base.query->track);
}

/* ---- input ---- */

static enum status add_item(const struct agg_operator *g, const struct agg_item *item, struct worker *w,
                            struct vector *const *values, char *const *groups, char *one, const uint32_t *picks,
                            uint32_t count)
{
	const struct aggregator *a = item->aggregator;
	const struct vector **args = ARENA_ARRAY(&w->scratch, const struct vector *, a->arg_count + 1);
	for (uint32_t i = 0; i < a->arg_count; i++)
		args[i] = values[item->args + i];
	if (item->filter != NO_VALUE) {
		uint32_t *rows = ARENA_RAW(&w->scratch, uint32_t, count + 1);
		uint32_t n = op_select(values[item->filter], picks, count, rows);
		if (groups != NULL && n != count) {
			char **chosen = ARENA_ARRAY(&w->scratch, char *, n + 1);
			for (uint32_t i = 0, k = 0; i < n; i++, k++) {
				while ((picks == NULL ? k : picks[k]) != rows[i])
					k++;
				chosen[i] = groups[k];
			}
			groups = chosen;
		}
		if (n != count || picks != NULL)
			picks = rows;
		count = n;
	}
	if (count == 0)
		return OK;
	return groups == NULL ? a->ops->add_one(a, &w->eval, one + item->offset, args, picks, count)
	                      : a->ops->add(a, &w->eval, groups, item->offset, args, picks, count);
}

/* Keys that are no group, because there may be no more, are left out of groups and picks. */
static uint32_t drop_missing(char **groups, uint32_t *picks, uint32_t count)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < count; i++) {
		groups[n] = groups[i];
		picks[n] = i;
		n += groups[i] != NULL;
	}
	return n;
}

static enum status check_limits(struct agg_operator *g, struct worker *w, const struct group_table *t)
{
	const struct query_limits *l = &w->query->limits;
	if (l->max_rows_to_group_by == 0 || t->count <= l->max_rows_to_group_by || l->group_by_overflow_any)
		return OK;
	if (l->group_by_overflow_break) {
		atomic_store(&w->pipeline->satisfied, true);
		return OK;
	}
	return ERR(&w->err, E_TOO_MANY_ROWS, "Limit for rows to GROUP BY exceeded: has %llu rows, maximum: %llu",
	           (unsigned long long)t->count, (unsigned long long)l->max_rows_to_group_by);
}

/* Each combination of keys that the batch has is looked up once. */
static enum status insert_few(struct agg_operator *g, struct agg_worker *me, struct worker *w,
                              struct vector *const *keys, const struct few_keys *few, uint32_t count, char **groups,
                              char **fresh, uint32_t *fresh_count)
{
	struct vector **values = ARENA_ARRAY(&w->scratch, struct vector *, g->key_count + 1);
	char **rows = ARENA_ARRAY(&w->scratch, char *, few->count + 1);
	enum status s = OK;
	for (uint32_t k = 0; k < g->key_count && s == OK; k++)
		s = vector_gather(w->eval.track, keys[k], few->first, few->count, &values[k], &w->err);
	if (s == OK)
		s = group_keys_set(&me->keys, &w->eval, values, few->count);
	if (s == OK)
		s = group_table_insert(&me->table, &me->keys, NULL, few->count, g->limit, rows, fresh, fresh_count, &w->err);
	for (uint32_t k = 0; k < g->key_count; k++)
		vector_unref(values[k]);
	TRY(s);
	for (uint32_t i = 0; i < count; i++)
		groups[i] = rows[few->number[i]];
	return OK;
}

static enum status find_groups(struct agg_operator *g, struct agg_worker *me, struct worker *w,
                               struct vector *const *keys, uint32_t count, char **groups, char **fresh,
                               uint32_t *fresh_count)
{
	struct few_keys few;
	bool may_be_few = g->key_count == 1 ? keys[0]->form == VECTOR_DICT : g->layout.kind == GROUP_VIEW;
	if (may_be_few && few_keys_find(&w->scratch, keys, g->key_count, count, &few))
		return insert_few(g, me, w, keys, &few, count, groups, fresh, fresh_count);
	TRY(group_keys_set(&me->keys, &w->eval, keys, count));
	return group_table_insert(&me->table, &me->keys, NULL, count, g->limit, groups, fresh, fresh_count, &w->err);
}

static enum status add_groups(struct agg_operator *g, struct agg_worker *me, struct worker *w,
                              struct vector *const *keys, struct vector *const *values, uint32_t count)
{
	uint32_t fresh_count = 0, *picks = NULL;
	char **groups = ARENA_ARRAY(&w->scratch, char *, count + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, count + 1);
	enum status s = find_groups(g, me, w, keys, count, groups, fresh, &fresh_count);
	agg_init_rows(g, fresh, fresh_count);
	if (unlikely(s == E_MEMORY_LIMIT)) {
		fresh_count = 0;
		TRY(agg_spill_retry(g, me, w, s));
		s = find_groups(g, me, w, keys, count, groups, fresh, &fresh_count);
		agg_init_rows(g, fresh, fresh_count);
	}
	TRY(s);
	if (me->table.count >= g->limit) {
		picks = ARENA_RAW(&w->scratch, uint32_t, count + 1);
		count = drop_missing(groups, picks, count);
	}
	for (uint32_t k = 0; k < g->item_count; k++)
		TRY(add_item(g, &g->items[k], w, values, groups, NULL, picks, count));
	TRY(check_limits(g, w, &me->table));
	if (me->table.part_count == 1 && g->threads > 1 && me->table.count >= SPLIT_GROUPS && !g->layout.direct &&
	    (s = group_table_split(&me->table, &w->err)) != OK)
		return agg_spill_retry(g, me, w, s);
	return OK;
}

/* Grouping sets: the keys that are not in the set give way to defaults (NULL where they are Nullable). */
static enum status add_sets(struct agg_operator *g, struct agg_worker *me, struct worker *w,
                            struct vector *const *values, uint32_t count)
{
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, g->key_count);
	for (uint32_t set = 0; set < g->set_count; set++) {
		uint32_t made = 0;
		enum status s = OK;
		uint64_t missing = g->sets[set] >> 32 << 32; /* equal sets are told apart by what stands here */
		for (; made < g->plan_keys && s == OK; made++) {
			keys[made] = NULL;
			if (g->sets[set] >> made & 1) {
				keys[made] = vector_ref(values[made]);
				continue;
			}
			missing |= (uint64_t)1 << made;
			s = vector_default_constant(w->eval.track, g->layout.types[made], count, &keys[made], &w->err);
		}
		if (s == OK) {
			struct vector one = {.form = VECTOR_CONST, .count = count, .type = g->layout.types[g->plan_keys], .data = &missing};
			keys[g->plan_keys] = &one;
			s = add_groups(g, me, w, keys, values, count);
		}
		for (uint32_t k = 0; k < made; k++)
			vector_unref(keys[k]);
		TRY(s);
	}
	return OK;
}

static enum status one_row(struct agg_operator *g, struct agg_worker *me, struct worker *w)
{
	if (me->one != NULL)
		return OK;
	size_t size = g->layout.row_size;
	TRY(memtrack_charge(&w->query->track, (int64_t)size, &w->err));
	me->one = calloc(1, size);
	if (me->one == NULL) {
		memtrack_release(&w->query->track, (int64_t)size);
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate the states of an aggregation");
	}
	agg_init_rows(g, &me->one, 1);
	return OK;
}

static enum status agg_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct agg_operator *g = (struct agg_operator *)o;
	struct agg_worker *me = &g->workers[w->number];
	struct vector **values = ARENA_ARRAY(&w->scratch, struct vector *, g->value_count + 1);
	enum status s = program_run(g->program, &w->eval, in->columns, w->query->slots, in->count, values);
	if (s != OK) {
		batch_free(in);
		return s;
	}
	if (unlikely(atomic_load_explicit(&g->before, memory_order_relaxed) < 0))
		atomic_store(&g->before, memtrack_used(&w->query->track));
	if (g->key_count == 0) {
		s = one_row(g, me, w);
		for (uint32_t k = 0; k < g->item_count && s == OK; k++)
			s = add_item(g, &g->items[k], w, values, NULL, me->one, NULL, in->count);
	} else if (g->set_count != 0) {
		s = add_sets(g, me, w, values, in->count);
	} else {
		s = add_groups(g, me, w, values, values, in->count);
	}
	for (uint32_t i = 0; i < g->value_count; i++)
		vector_unref(values[i]);
	batch_free(in);
	return s == OK && g->can_spill ? agg_spill_check(g, me, w) : s;
}

static enum status agg_drain(struct operator *o, struct worker *w)
{
	struct agg_operator *g = (struct agg_operator *)o;
	return atomic_load(&g->spilled) ? agg_spill_table(g, &g->workers[w->number], w) : OK;
}

/* ---- merging ---- */

enum status agg_merge_items(struct agg_operator *g, struct worker *w, char *const *to, char *const *from, uint32_t n)
{
	for (uint32_t k = 0; k < g->item_count && n != 0; k++) {
		const struct aggregator *a = g->items[k].aggregator;
		TRY(a->ops->merge(a, &w->eval, to, g->items[k].offset, from, g->items[k].offset, n));
	}
	return OK;
}

/* Part p of all tables into that of the first. */
static enum status merge_part(struct agg_operator *g, struct worker *w, unsigned p)
{
	enum { PAIRS = 1024 };
	char *to[PAIRS], *from[PAIRS];
	struct group_table *t = &g->workers[0].table;
	for (unsigned i = 1; i < g->threads; i++) {
		struct group_table *other = &g->workers[i].table;
		if (other->part_count == 0)
			continue;
		struct group_cursor at = {other->parts[p].first, 0};
		bool more = true;
		while (more) {
			uint32_t n;
			TRY(query_check(w->query, &w->err));
			TRY(group_part_merge(t, other, p, &at, to, from, PAIRS, &n, &more, &w->err));
			TRY(agg_merge_items(g, w, to, from, n));
			agg_destroy_rows(g, from, n);
		}
	}
	return OK;
}

static enum status merge_one_rows(struct agg_operator *g, struct worker *w)
{
	TRY(one_row(g, &g->workers[0], w));
	for (unsigned i = 1; i < g->threads; i++) {
		char *from = g->workers[i].one;
		if (from != NULL)
			TRY(agg_merge_items(g, w, &g->workers[0].one, &from, 1));
	}
	return OK;
}

/* The fullest table goes first, all get the same number of parts. */
static enum status align_tables(struct agg_operator *g, struct worker *w)
{
	unsigned best = 0;
	bool split = false;
	uint64_t total = 0;
	for (unsigned i = 0; i < g->threads; i++) {
		if (g->workers[i].table.count > g->workers[best].table.count)
			best = i;
		split |= g->workers[i].table.part_count > 1;
		total += g->workers[i].table.count;
	}
	struct group_table swap = g->workers[0].table;
	g->workers[0].table = g->workers[best].table;
	g->workers[best].table = swap;
	split |= g->threads > 1 && total != g->workers[0].table.count && total >= 2 * (uint64_t)SPLIT_GROUPS &&
		!g->layout.direct;
	for (unsigned i = 0; i < g->threads && split; i++) {
		struct group_table *t = &g->workers[i].table;
		if (t->part_count != GROUP_PARTS && (t->count != 0 || i == 0))
			TRY(group_table_split(t, &w->err));
	}
	g->split = split;
	return OK;
}

/* No rows came: the empty grouping set has its row all the same (PostgreSQL). */
static enum status add_empty_set(struct agg_operator *g, struct worker *w, uint64_t missing)
{
	struct agg_worker *me = &g->workers[0];
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, g->key_count);
	struct vector one = {.form = VECTOR_CONST, .count = 1, .type = g->layout.types[g->plan_keys], .data = &missing};
	char *group, *fresh;
	uint32_t made = 0, fresh_count = 0;
	enum status s = OK;
	for (; made < g->plan_keys && s == OK; made++)
		s = vector_default_constant(w->eval.track, g->layout.types[made], 1, &keys[made], &w->err);
	keys[g->plan_keys] = &one;
	if (s == OK)
		s = group_keys_set(&me->keys, &w->eval, keys, 1);
	if (s == OK)
		s = group_table_insert(&me->table, &me->keys, NULL, 1, UINT64_MAX, &group, &fresh, &fresh_count, &w->err);
	if (s == OK)
		agg_init_rows(g, &fresh, fresh_count);
	for (uint32_t k = 0; k < made; k++)
		vector_unref(keys[k]);
	return s;
}

static bool has_groups(const struct agg_operator *g)
{
	for (unsigned i = 0; i < g->threads; i++)
		if (g->workers[i].table.count != 0)
			return true;
	return false;
}

static enum status agg_finish(struct operator *o, struct worker *w)
{
	struct agg_operator *g = (struct agg_operator *)o;
	if (atomic_load(&g->spilled))
		return agg_spill_finish(g, w);
	bool none = g->set_count != 0 && g->one_row_when_empty && !has_groups(g);
	for (uint32_t i = 0; none && i < g->set_count; i++)
		if ((uint32_t)g->sets[i] == 0)
			TRY(add_empty_set(g, w, (g->sets[i] >> 32 << 32) | low_mask64(g->plan_keys)));
	if (g->key_count == 0) {
		bool any = g->one_row_when_empty;
		for (unsigned i = 0; i < g->threads; i++)
			any |= g->workers[i].one != NULL;
		return any ? merge_one_rows(g, w) : OK;
	}
	TRY(align_tables(g, w));
	return g->split || g->workers[0].table.part_count == 0 ? OK : merge_part(g, w, 0);
}

/* ---- output ---- */

enum status agg_item_column(const struct agg_item *item, struct worker *w, char *const *rows, uint32_t n,
                               struct vector **out)
{
	const struct aggregator *a = item->aggregator;
	struct builder *to;
	TRY(builder_new(w->eval.track, a->result, &to, &w->err));
	enum status s = builder_reserve(to, n, &w->err);
	if (s == OK)
		s = a->ops->finish(a, &w->eval, rows, item->offset, n, to);
	return builder_close(to, s, out, &w->err);
}

/* Drops the groups that cannot be among the first. */
static enum status keep_top(struct agg_operator *g, struct worker *w, char *const **rows, uint32_t *n)
{
	struct vector *v, *flat;
	if (g->top.limit == 0)
		return OK;
	TRY(agg_item_column(&g->items[g->top_item], w, *rows, *n, &v));
	enum status s = vector_flatten(w->eval.track, v, &flat, &w->err);
	vector_unref(v);
	TRY(s);
	struct sort_item *items = ARENA_ARRAY(&w->scratch, struct sort_item, *n + 1);
	uint32_t *picks = ARENA_ARRAY(&w->scratch, uint32_t, *n + 1);
	uint32_t kept = top_pick(&g->top, &g->workers[w->number].top, flat, *n, items, picks);
	vector_unref(flat);
	if (kept == *n)
		return OK;
	if (kept == 0) /* operators get no empty batches */
		picks[kept++] = 0;
	char **fewer = ARENA_ARRAY(&w->scratch, char *, kept + 1);
	for (uint32_t i = 0; i < kept; i++)
		fewer[i] = (*rows)[picks[i]];
	*rows = fewer;
	*n = kept;
	return OK;
}

static enum status addresses(struct worker *w, char *const *rows, uint32_t n, struct vector **out)
{
	TRY(vector_new(w->eval.track, type_simple(TYPE_UINT64), n, out, &w->err));
	for (uint32_t i = 0; i < n; i++)
		((uint64_t *)(*out)->data)[i] = (uintptr_t)rows[i];
	return OK;
}

enum status agg_output(struct agg_operator *g, struct worker *w, char *const *rows, uint32_t n, struct batch **out)
{
	struct batch *b;
	uint32_t keys = g->key_count;
	TRY(keep_top(g, w, &rows, &n));
	TRY(batch_new(keys + g->item_count + g->totals, &b, &w->err));
	b->count = n;
	enum status s = keys == 0 ? OK : group_key_columns(&g->layout, rows, n, w->eval.track, b->columns, &w->err);
	for (uint32_t k = 0; k < g->item_count && s == OK; k++)
		s = agg_item_column(&g->items[k], w, rows, n, &b->columns[keys + k]);
	if (s != OK) {
		batch_free(b);
		return s;
	}
	if (g->set_count != 0) { /* the grouping column goes to the end */
		struct vector *grouping = b->columns[g->plan_keys];
		memmove(&b->columns[g->plan_keys], &b->columns[g->plan_keys + 1], g->item_count * sizeof *b->columns);
		b->columns[g->plan_keys + g->item_count] = grouping;
	}
	if (g->totals && (s = addresses(w, rows, n, &b->columns[keys + g->item_count])) != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

static enum status agg_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct agg_operator *g = (struct agg_operator *)o;
	struct agg_worker *me = &g->workers[w->number];
	*out = NULL;
	if (g->key_count == 0) {
		bool mine = !atomic_exchange(&g->given, true) && g->workers[0].one != NULL;
		return mine ? agg_output(g, w, &g->workers[0].one, 1, out) : OK;
	}
	if (atomic_load(&g->spilled))
		return agg_spill_next(g, w, out);
	struct group_table *t = &g->workers[0].table;
	char **rows = ARENA_ARRAY(&w->scratch, char *, BATCH_ROWS_MAX);
	for (;;) {
		uint32_t n = group_part_rows(t, &me->at, rows, BATCH_ROWS_MAX);
		if (n != 0)
			return agg_output(g, w, rows, n, out);
		unsigned part = atomic_fetch_add(&g->next_part, 1);
		if (part >= t->part_count)
			return OK;
		if (g->split)
			TRY(merge_part(g, w, part));
		me->at = (struct group_cursor){t->parts[part].first, 0};
	}
}

static unsigned agg_parallelism(struct operator *o)
{
	struct agg_operator *g = (struct agg_operator *)o;
	return g->split || atomic_load(&g->spilled) ? g->threads : 1;
}

static void agg_free_operator(struct operator *o)
{
	struct agg_operator *g = (struct agg_operator *)o;
	for (unsigned i = 0; g->workers != NULL && i < g->threads; i++) {
		struct agg_worker *me = &g->workers[i];
		if (me->one != NULL) {
			agg_destroy_rows(g, &me->one, 1);
			free(me->one);
			memtrack_release(&o->query->track, (int64_t)g->layout.row_size);
		}
		destroy_table(g, &me->table);
		group_keys_fini(&me->keys);
		spill_buffers_fini(&me->buffers);
		spill_part_free(me->part);
	}
	spill_list_fini(&g->parts);
	spill_set_unref(g->set);
	pthread_mutex_destroy(&g->lock);
	free(g->workers);
	arena_fini(&g->arena);
	free(g);
}

static const struct operator_ops aggregate_ops_table = {
	.name = "Aggregating", .push = agg_push, .drain = agg_drain, .finish = agg_finish, .next = agg_next,
	.parallelism = agg_parallelism, .free = agg_free_operator,
};

/* ---- construction ---- */

/* The distinct values of the program: keys, then what the aggregates need. */
struct value_list {
	struct arena *arena;
	struct expr **exprs;
	size_t count, capacity;
};

static uint32_t add_value(struct value_list *l, struct expr *x)
{
	ARENA_PUSH(l->arena, l->exprs, l->count, l->capacity, x);
	return (uint32_t)l->count - 1;
}

static enum status make_items(struct agg_operator *g, const struct plan *p, struct value_list *values, uint32_t *size)
{
	g->item_count = p->u.aggregate.aggregate_count;
	g->items = ARENA_ARRAY(&g->arena, struct agg_item, g->item_count + 1);
	for (uint32_t k = 0; k < g->item_count; k++) {
		const struct plan_aggregate *from = &p->u.aggregate.aggregates[k];
		struct agg_item *item = &g->items[k];
		item->aggregator = from->aggregator;
		item->args = (uint32_t)values->count;
		item->filter = NO_VALUE;
		for (uint32_t i = 0; i < from->aggregator->arg_count; i++)
			add_value(values, from->args[i]);
		if (from->order_count != 0) {
			bool *descending = ARENA_ARRAY(&g->arena, bool, from->order_count);
			bool *nulls_first = ARENA_ARRAY(&g->arena, bool, from->order_count);
			const struct type **types = ARENA_ARRAY(&g->arena, const struct type *, from->order_count);
			for (uint32_t i = 0; i < from->order_count; i++) {
				add_value(values, from->order[i].expr);
				types[i] = from->order[i].expr->type;
				descending[i] = from->order[i].descending;
				nulls_first[i] = from->order[i].nulls_first;
			}
			item->aggregator = aggregate_ordered(&g->arena, from->aggregator, types, descending, nulls_first, from->order_count);
		}
		if (from->filter != NULL)
			item->filter = add_value(values, from->filter);
		item->offset = *size;
		*size += item->aggregator->state_size;
	}
	return OK;
}

/* Grouping sets as sets of keys. */
static void make_sets(struct agg_operator *g, const struct plan *p)
{
	uint32_t n = p->u.aggregate.set_count;
	g->sets = ARENA_ARRAY(&g->arena, uint64_t, n + 1);
	for (uint32_t i = 0; i < n; i++)
		g->sets[g->set_count++] = p->u.aggregate.sets[i];
}

static enum status make(struct agg_operator *g, struct query *q, const struct plan *p)
{
	struct value_list values = {.arena = &g->arena};
	uint32_t key_count = p->u.aggregate.key_count, payload = 0;
	const struct type **types = ARENA_ARRAY(&g->arena, const struct type *, key_count + 2);
	if (key_count > 32 && p->u.aggregate.set_count != 0)
		return ERR(&q->err, E_NOT_IMPLEMENTED, "not supported yet: grouping sets of more than 32 keys");
	for (uint32_t i = 0; i < key_count; i++) {
		types[i] = p->u.aggregate.keys[i]->type;
		add_value(&values, p->u.aggregate.keys[i]);
	}
	TRY(make_items(g, p, &values, &payload));
	make_sets(g, p);
	g->totals = p->u.aggregate.totals;
	g->plan_keys = g->key_count = key_count;
	if (g->set_count != 0)
		types[g->key_count++] = type_simple(TYPE_UINT64);
	g->one_row_when_empty = p->u.aggregate.one_row_when_empty;
	group_layout_init(&g->layout, &g->arena, types, g->key_count, payload, q->session->dialect == DIALECT_POSTGRESQL);
	for (uint32_t k = 0; k < g->item_count; k++)
		g->items[k].offset += g->layout.payload_at;
	g->value_count = (uint32_t)values.count;
	g->limit = UINT64_MAX;
	if (q->limits.max_rows_to_group_by != 0 && q->limits.group_by_overflow_any)
		g->limit = q->limits.max_rows_to_group_by;
	bool any_will_do = g->threads == 1 || g->item_count == 0;
	if (p->u.aggregate.limit != 0 && p->u.aggregate.limit < g->limit && p->u.aggregate.limit < LIMIT_MAX && any_will_do)
		g->limit = p->u.aggregate.limit;
	if (p->u.aggregate.top_limit != 0 && g->set_count == 0) {
		top_init(&g->top, &g->arena, &p->u.aggregate.top, p->u.aggregate.top_limit, p->u.aggregate.top_alone,
		         q->session->dialect == DIALECT_POSTGRESQL);
		g->top_item = p->u.aggregate.top.expr->column - key_count;
	}
	g->can_spill = g->key_count != 0 && g->limit == UINT64_MAX && spill_allowed(q, SPILL_GROUP);
	for (uint32_t k = 0; k < g->item_count; k++)
		g->can_spill &= g->items[k].aggregator->ops->write != NULL && g->items[k].aggregator->ops->read != NULL;
	for (unsigned i = 0; i < g->threads; i++) {
		spill_buffers_init(&g->workers[i].buffers);
		if (g->top.limit != 0)
			top_worker_init(&g->workers[i].top, &g->top, &g->arena);
		group_table_init(&g->workers[i].table, &g->layout, &q->track);
		group_keys_init(&g->workers[i].keys, &g->layout, &q->track);
	}
	return program_compile(&g->arena, values.exprs, g->value_count, &g->program, &q->err);
}

enum status aggregate_operator_new(struct query *q, const struct plan *p, unsigned threads, struct operator **out)
{
	struct agg_operator *g;
	TRY(op_new(q, sizeof *g, &aggregate_ops_table, p, &g));
	arena_init(&g->arena, &q->track);
	pthread_mutex_init(&g->lock, NULL);
	spill_list_init(&g->parts);
	atomic_store(&g->before, -1);
	g->threads = threads == 0 ? 1 : threads;
	g->workers = calloc(g->threads, sizeof *g->workers);
	enum status s = g->workers == NULL ? ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate an aggregation") : make(g, q, p);
	if (s != OK) {
		agg_free_operator(&g->base);
		return s;
	}
	*out = &g->base;
	return OK;
}
