// SPDX-License-Identifier: Apache-2.0
/*
 * The order of inner joins. Neighbouring ones are taken apart into inputs and conditions and put together again, by
 * dynamic programming over sets of inputs up to the setting's number of them, greedily beyond. The smaller side of each
 * is the one that is built. Equalities of columns are closed under transitivity first, so that any two inputs of
 * a chain can be joined directly. What is small is left as it was written.
 */
#include <math.h>

#include "plan/estimate.h"
#include "plan/rewrite_impl.h"

enum { INPUTS_MAX = 32, DYNAMIC_MAX = 12, SMALL_ROWS = 20000 };

/* A condition over the columns of all inputs, one input's behind another's. */
struct condition {
	struct expr *x;             /* NULL: left = right */
	struct expr *left, *right;  /* each of one input */
	bool null_safe, derived;    /* derived: follows from others */
	uint32_t inputs, left_inputs, right_inputs; /* bits */
	double distinct;            /* of an equality: values that it can take at most */
};

/* A set of inputs, joined. */
struct joined {
	double rows, cost;
	uint32_t left, right;       /* sets; 0: one input alone */
};

struct cluster {
	struct binder *b;
	struct plan *inputs[INPUTS_MAX];
	uint32_t first[INPUTS_MAX + 1]; /* column */
	double rows[INPUTS_MAX], base[INPUTS_MAX];
	uint32_t count;
	struct condition *conditions;
	size_t condition_count, condition_capacity;
};

static bool can_move(const struct plan *p)
{
	return p->kind == PLAN_JOIN && (p->u.join.kind == PLAN_JOIN_INNER || p->u.join.kind == PLAN_JOIN_CROSS) &&
	       !p->u.join.any && !p->u.join.once && p->u.join.asof == 0;
}

static struct expr *shifted(struct cluster *c, const struct expr *x, uint32_t width, uint32_t by)
{
	uint32_t *map = ARENA_ARRAY(c->b->arena, uint32_t, width + 1);
	for (uint32_t i = 0; i < width; i++)
		map[i] = i + by;
	return expr_remap(c->b->arena, x, map);
}

static uint32_t inputs_of(const struct cluster *c, const struct expr *x)
{
	uint32_t bits = 0;
	for (uint32_t i = 0; x->kind == EXPR_COLUMN && i < c->count; i++)
		if (x->column >= c->first[i] && x->column < c->first[i + 1])
			bits |= 1u << i;
	for (uint32_t i = 0; i < x->arg_count; i++)
		bits |= inputs_of(c, x->args[i]);
	return bits;
}

static void add(struct cluster *c, struct condition k)
{
	ARENA_PUSH(c->b->arena, c->conditions, c->condition_count, c->condition_capacity, k);
}

static void add_conjuncts(struct cluster *c, struct expr *x)
{
	struct expr **parts = NULL;
	size_t n = 0, capacity = 0;
	bind_conjuncts(c->b, x, &parts, &n, &capacity);
	for (size_t i = 0; i < n; i++)
		add(c, (struct condition){.x = parts[i]});
}

static enum status order_tree(struct binder *b, struct plan **p);

/* Takes p apart; its columns begin at `at`. */
static enum status take_apart(struct cluster *c, struct plan *p, uint32_t at)
{
	if (p->kind == PLAN_FILTER && can_move(p->inputs[0]) && !p->u.filter.predicate->is_volatile) {
		add_conjuncts(c, shifted(c, p->u.filter.predicate, p->column_count, at));
		return take_apart(c, p->inputs[0], at);
	}
	if (!can_move(p) || c->count + 2 > INPUTS_MAX) {
		TRY(order_tree(c->b, &p));
		c->first[c->count] = at;
		c->inputs[c->count++] = p;
		c->first[c->count] = at + p->column_count;
		return OK;
	}
	uint32_t left = p->inputs[0]->column_count, right = p->inputs[1]->column_count;
	for (uint32_t i = 0; i < p->u.join.key_count; i++)
		add(c, (struct condition){.left = shifted(c, p->u.join.left_keys[i], left, at),
		                          .right = shifted(c, p->u.join.right_keys[i], right, at + left),
		                          .null_safe = p->u.join.null_safe != NULL && p->u.join.null_safe[i]});
	if (p->u.join.residual != NULL)
		add_conjuncts(c, shifted(c, p->u.join.residual, left + right, at));
	TRY(take_apart(c, p->inputs[0], at));
	return take_apart(c, p->inputs[1], at + left);
}

/* ---- equalities ---- */

static bool is_column_pair(const struct condition *k)
{
	return k->x == NULL && !k->null_safe && k->left->kind == EXPR_COLUMN && k->right->kind == EXPR_COLUMN;
}

static bool knows(const struct cluster *c, const struct expr *l, const struct expr *r)
{
	for (size_t i = 0; i < c->condition_count; i++) {
		const struct condition *k = &c->conditions[i];
		if (is_column_pair(k) && ((k->left->column == l->column && k->right->column == r->column) ||
		                          (k->left->column == r->column && k->right->column == l->column)))
			return true;
	}
	return false;
}

static bool same_bytes(struct binder *b, const struct expr *l, const struct expr *r)
{
	return type_equal_physical(type_plain(b->arena, l->type), type_plain(b->arena, r->type));
}

/* a = b and b = c: a = c. */
static void close_equalities(struct cluster *c)
{
	enum { MOST = 200 };
	for (size_t i = 0; i < c->condition_count && c->condition_count < MOST; i++)
		for (size_t k = 0; k < i && c->condition_count < MOST; k++) {
			if (!is_column_pair(&c->conditions[i]) || !is_column_pair(&c->conditions[k]))
				continue;
			struct expr *a[2] = {c->conditions[i].left, c->conditions[i].right};
			struct expr *d[2] = {c->conditions[k].left, c->conditions[k].right};
			for (unsigned m = 0; m < 4; m++) {
				struct expr *l = a[m >> 1], *r = d[m & 1];
				if (a[1 - (m >> 1)]->column != d[1 - (m & 1)]->column || l->column == r->column ||
				    inputs_of(c, l) == inputs_of(c, r) || knows(c, l, r) || !same_bytes(c->b, l, r))
					continue;
				add(c, (struct condition){.left = l, .right = r, .derived = true});
			}
		}
}

/* The least of the inputs that an equality ties together bounds how many values it has. */
static void count_distinct(struct cluster *c)
{
	for (size_t i = 0; i < c->condition_count; i++) {
		struct condition *k = &c->conditions[i];
		k->left_inputs = k->x != NULL ? 0 : inputs_of(c, k->left);
		k->right_inputs = k->x != NULL ? 0 : inputs_of(c, k->right);
		k->inputs = k->x != NULL ? inputs_of(c, k->x) : k->left_inputs | k->right_inputs;
		k->distinct = INFINITY;
		for (uint32_t n = 0; n < c->count; n++)
			if ((k->inputs >> n & 1) != 0)
				k->distinct = fmin(k->distinct, c->base[n]);
	}
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < c->condition_count; i++)
			for (size_t j = 0; j < c->condition_count; j++) {
				struct condition *k = &c->conditions[i], *o = &c->conditions[j];
				if (is_column_pair(k) && is_column_pair(o) &&
				    (k->left->column == o->left->column || k->left->column == o->right->column ||
				     k->right->column == o->left->column || k->right->column == o->right->column))
					k->distinct = fmin(k->distinct, o->distinct);
			}
}

/* ---- costs ---- */

static bool joins(const struct condition *k, uint32_t l, uint32_t r)
{
	return k->x == NULL && ((!(k->left_inputs & ~l) && !(k->right_inputs & ~r)) ||
	                        (!(k->left_inputs & ~r) && !(k->right_inputs & ~l)));
}

/* *tied: an equality joins them. */
static struct joined cost_of(const struct cluster *c, const struct joined *left, uint32_t l, const struct joined *right,
                             uint32_t r, bool *tied)
{
	double distinct = 1, share = 1;
	*tied = false;
	for (size_t i = 0; i < c->condition_count; i++) {
		const struct condition *k = &c->conditions[i];
		bool here = (k->inputs & ~(l | r)) == 0 && (k->inputs & l) != 0 && (k->inputs & r) != 0;
		if (here && joins(k, l, r)) {
			*tied = true;
			distinct = fmax(distinct, k->distinct);
		} else if (here && k->x != NULL) {
			share *= estimate_share(k->x);
		}
	}
	struct joined j = {.left = l, .right = r};
	if (right->rows > left->rows) {
		j.left = r;
		j.right = l;
	}
	double pairs = left->rows * right->rows;
	j.rows = fmax(pairs / distinct * share, 1);
	/* what is put out, probed and built; without an equality every pair is looked at */
	j.cost = left->cost + right->cost + j.rows + fmax(left->rows, right->rows) / 2 + 2 * fmin(left->rows, right->rows) +
	         (*tied ? 0 : pairs);
	return j;
}

/* The best way to each set of inputs, from those of its halves. */
static void order_dynamic(const struct cluster *c, struct joined *best)
{
	uint32_t all = (1u << c->count) - 1;
	for (uint32_t set = 1; set <= all; set++) {
		if ((set & (set - 1)) == 0)
			continue;
		best[set].cost = INFINITY;
		for (uint32_t l = (set - 1) & set; l != 0; l = (l - 1) & set) {
			uint32_t r = set & ~l;
			bool tied;
			if (l < r)
				continue;
			struct joined j = cost_of(c, &best[l], l, &best[r], r, &tied);
			if (j.cost < best[set].cost)
				best[set] = j;
		}
	}
}

/* ---- putting together ---- */

/* Where a column of all inputs is in the plan under construction. */
struct placed {
	struct plan *plan;
	uint32_t *at;
};

static void place_input(struct cluster *c, uint32_t i, struct placed *out)
{
	out->plan = c->inputs[i];
	out->at = ARENA_ARRAY(c->b->arena, uint32_t, c->first[c->count] + 1);
	for (uint32_t k = c->first[i]; k < c->first[i + 1]; k++)
		out->at[k] = k - c->first[i];
}

static enum status join_node(struct cluster *c, const struct placed *l, uint32_t ls, const struct placed *r,
                             uint32_t rs, struct placed *out)
{
	struct arena *a = c->b->arena;
	uint32_t left = l->plan->column_count, n = left + r->plan->column_count, keys = 0, rest_count = 0;
	struct plan *p = plan_new(a, PLAN_JOIN, n);
	struct expr **rest = ARENA_ARRAY(a, struct expr *, c->condition_count + 1);
	p->inputs = ARENA_ARRAY(a, struct plan *, 2);
	p->inputs[0] = l->plan;
	p->inputs[1] = r->plan;
	p->input_count = 2;
	p->u.join.left_keys = ARENA_ARRAY(a, struct expr *, c->condition_count + 1);
	p->u.join.right_keys = ARENA_ARRAY(a, struct expr *, c->condition_count + 1);
	p->u.join.null_safe = ARENA_ARRAY(a, bool, c->condition_count + 1);
	for (uint32_t i = 0; i < n; i++) {
		const struct plan *side = i < left ? l->plan : r->plan;
		p->types[i] = side->types[i < left ? i : i - left];
		p->names[i] = side->names[i < left ? i : i - left];
	}
	out->plan = p;
	out->at = ARENA_ARRAY(a, uint32_t, c->first[c->count] + 1);
	for (uint32_t i = 0; i < c->count; i++)
		for (uint32_t k = c->first[i]; k < c->first[i + 1]; k++)
			out->at[k] = (ls >> i & 1) != 0 ? l->at[k] : (rs >> i & 1) != 0 ? left + r->at[k] : 0;
	for (size_t i = 0; i < c->condition_count; i++) {
		const struct condition *k = &c->conditions[i];
		if ((k->inputs & ~(ls | rs)) != 0 || (k->inputs & ls) == 0 || (k->inputs & rs) == 0)
			continue;
		if (joins(k, ls, rs)) {
			bool straight = (k->left_inputs & ~ls) == 0;
			p->u.join.left_keys[keys] = expr_remap(a, straight ? k->left : k->right, l->at);
			p->u.join.right_keys[keys] = expr_remap(a, straight ? k->right : k->left, r->at);
			p->u.join.null_safe[keys++] = k->null_safe;
		} else {
			rest[rest_count++] = expr_remap(a, k->x, out->at);
		}
	}
	p->u.join.key_count = keys;
	p->u.join.kind = keys + rest_count == 0 ? PLAN_JOIN_CROSS : PLAN_JOIN_INNER;
	p->u.join.residual = rest_count == 0 ? NULL : rest[0];
	return rest_count < 2 ? OK : bind_function(c->b, STR("and"), rest, rest_count, 0, &p->u.join.residual);
}

static enum status put_together(struct cluster *c, const struct joined *best, uint32_t set, struct placed *out)
{
	struct placed l, r;
	if ((set & (set - 1)) == 0) {
		place_input(c, (uint32_t)__builtin_ctz(set), out);
		return OK;
	}
	TRY(put_together(c, best, best[set].left, &l));
	TRY(put_together(c, best, best[set].right, &r));
	return join_node(c, &l, best[set].left, &r, best[set].right, out);
}

/* Always the cheapest next pair. */
static enum status order_greedy(struct cluster *c, struct placed *out)
{
	struct joined have[INPUTS_MAX];
	struct placed placed[INPUTS_MAX];
	uint32_t sets[INPUTS_MAX], n = c->count;
	for (uint32_t i = 0; i < n; i++) {
		have[i] = (struct joined){.rows = c->rows[i]};
		sets[i] = 1u << i;
		place_input(c, i, &placed[i]);
	}
	while (n > 1) {
		uint32_t at = 0, with = 1;
		double least = INFINITY;
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t k = 0; k < n; k++) {
				bool tied;
				struct joined j = {.cost = INFINITY};
				if (i != k)
					j = cost_of(c, &have[i], sets[i], &have[k], sets[k], &tied);
				if (j.cost - have[i].cost - have[k].cost < least && j.left == sets[i]) {
					least = j.cost - have[i].cost - have[k].cost;
					at = i;
					with = k;
				}
			}
		bool tied;
		struct placed both;
		TRY(join_node(c, &placed[at], sets[at], &placed[with], sets[with], &both));
		have[at] = cost_of(c, &have[at], sets[at], &have[with], sets[with], &tied);
		placed[at] = both;
		sets[at] |= sets[with];
		n--;
		have[with] = have[n];
		placed[with] = placed[n];
		sets[with] = sets[n];
		if (at == n)
			at = with;
	}
	*out = placed[0];
	return OK;
}

static enum status order_cluster(struct cluster *c, struct placed *out)
{
	uint64_t limit = c->b->config->options.join_order_limit;
	if (c->count > DYNAMIC_MAX || c->count > limit)
		return order_greedy(c, out);
	struct joined *best = ARENA_ARRAY(c->b->arena, struct joined, (size_t)1 << c->count);
	for (uint32_t i = 0; i < c->count; i++)
		best[1u << i] = (struct joined){.rows = c->rows[i]};
	order_dynamic(c, best);
	return put_together(c, best, (1u << c->count) - 1, out);
}

/* Conditions of one input, and of none, which the join above them had kept: they stay above all. */
static enum status loose_conditions(struct cluster *c, const struct placed *top, struct plan **p)
{
	for (size_t i = 0; i < c->condition_count; i++) {
		const struct condition *k = &c->conditions[i];
		if (k->x == NULL ? (k->left_inputs & k->right_inputs) == 0 && k->left_inputs != 0 && k->right_inputs != 0
		                 : (k->inputs & (k->inputs - 1)) != 0)
			continue;
		struct plan *f = plan_unary(c->b->arena, PLAN_FILTER, *p);
		if (k->x == NULL)
			return ERR(c->b->err, E_LOGICAL_ERROR, "a join key of one side");
		f->u.filter.predicate = expr_remap(c->b->arena, k->x, top->at);
		*p = f;
	}
	return OK;
}

/* Whether every equality is one of two inputs; else the joins stay as they are. */
static bool is_regular(const struct cluster *c)
{
	for (size_t i = 0; i < c->condition_count; i++) {
		const struct condition *k = &c->conditions[i];
		uint32_t l = k->left_inputs, r = k->right_inputs;
		bool single = l != 0 && r != 0 && (l & (l - 1)) == 0 && (r & (r - 1)) == 0 && l != r;
		if (k->x != NULL ? k->x->is_volatile : !single)
			return false;
	}
	return true;
}

static enum status order_joins(struct binder *b, struct plan **p)
{
	struct cluster *c = ARENA_NEW(b->arena, struct cluster);
	struct plan *old = *p;
	double most = 0;
	c->b = b;
	TRY(take_apart(c, old, 0));
	for (uint32_t i = 0; i < c->count; i++) {
		c->rows[i] = estimate_rows(b, c->inputs[i]);
		c->base[i] = fmax(estimate_base(b, c->inputs[i]), 1);
		most = fmax(most, c->base[i]);
	}
	close_equalities(c);
	count_distinct(c);
	if (most < SMALL_ROWS || !is_regular(c))
		return OK;
	struct placed top;
	TRY(order_cluster(c, &top));
	struct plan *made = top.plan;
	TRY(loose_conditions(c, &top, &made));
	uint32_t n = old->column_count;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		exprs[i] = expr_column(b->arena, top.at[i], old->types[i], old->names[i]);
	*p = plan_project(b->arena, made, exprs, old->names, n);
	return OK;
}

static enum status order_tree(struct binder *b, struct plan **p)
{
	struct plan *node = *p;
	TRY(binder_enter(b, 0));
	enum status s = OK;
	bool filtered = node->kind == PLAN_FILTER && can_move(node->inputs[0]) && !node->u.filter.predicate->is_volatile;
	if (can_move(node) || filtered) {
		s = order_joins(b, p);
	} else {
		for (uint32_t i = 0; i < node->input_count && s == OK; i++)
			s = order_tree(b, &node->inputs[i]);
		if (s == OK && node->kind == PLAN_APPLY)
			s = order_tree(b, &node->u.apply.right);
	}
	binder_leave(b);
	return s;
}

enum status rewrite_join_order(struct binder *b, struct plan **p)
{
	return b->config->options.join_order_limit == 0 ? OK : order_tree(b, p);
}
