// SPDX-License-Identifier: Apache-2.0
#include "history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "history_graph.h"

enum { COMPLAINTS_MAX = 8 };

struct append {
	int64_t value;
	uint32_t key;
	size_t txn;
	int64_t ended;           /* of its transaction */
	size_t rank;             /* in the order of its key; SIZE_MAX: nobody saw it */
	bool last;               /* of its transaction in this key */
};

struct check {
	const struct history *h;
	struct append *appends;  /* by value */
	size_t append_count, append_capacity;
	size_t *owner;           /* the transaction of each operation */
	uint32_t key_count;
	size_t *order, *order_count; /* by key: its longest list, in numbers */
	int64_t *asked;          /* by operation: when the snapshot may have been taken at the earliest */
	unsigned wrong;
	FILE *out;
};

static void *zeros(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);
	if (p == NULL)
		abort();
	return p;
}

static void complain(struct check *c, const char *what, size_t op, int64_t value)
{
	const struct history_op *o = &c->h->ops[op];
	const struct history_txn *t = &c->h->txns[c->owner[op]];
	if (c->wrong++ < COMPLAINTS_MAX)
		fprintf(c->out, "# %s: key %u, value %" PRId64 ", in transaction %zu (%s, %" PRId64 " to %" PRId64 ")\n", what,
		        o->key, value, c->owner[op], t->level == LEVEL_RR ? "repeatable read" : "read committed", t->start, t->ended);
}

static bool is_done(const struct check *c, size_t txn)
{
	return c->h->txns[txn].outcome == OUTCOME_COMMITTED;
}

/* ---- lists ---- */

static int by_value(const void *a, const void *b)
{
	const struct append *x = a, *y = b;
	return x->value < y->value ? -1 : x->value > y->value;
}

static struct append *find(const struct check *c, int64_t value)
{
	struct append key = {.value = value};
	return c->append_count == 0 ? NULL : bsearch(&key, c->appends, c->append_count, sizeof key, by_value);
}

static void gather_appends(struct check *c)
{
	const struct history *h = c->h;
	for (size_t t = 0; t < h->txn_count; t++) {
		const struct history_txn *x = &h->txns[t];
		for (size_t i = x->first; i < x->first + x->count; i++) {
			const struct history_op *o = &h->ops[i];
			c->owner[i] = t;
			c->asked[i] = x->level == LEVEL_RR ? x->start : o->start;
			if (o->key >= c->key_count)
				c->key_count = o->key + 1;
			if (o->kind != OP_APPEND)
				continue;
			struct append *a = history_room((void **)&c->appends, c->append_count++, &c->append_capacity, sizeof *a);
			*a = (struct append){.value = o->value, .key = o->key, .txn = t, .ended = x->ended, .rank = SIZE_MAX,
			                     .last = true};
			for (size_t k = i + 1; k < x->first + x->count; k++)
				if (h->ops[k].kind == OP_APPEND && h->ops[k].key == o->key)
					a->last = false;
		}
	}
	if (c->append_count != 0)
		qsort(c->appends, c->append_count, sizeof *c->appends, by_value);
}

/* The own values stand behind those of others; how many of others there are. */
static size_t others(const struct check *c, size_t op)
{
	const struct history_op *o = &c->h->ops[op];
	size_t n = o->count;
	while (n > 0) {
		const struct append *a = find(c, c->h->numbers[o->list + n - 1]);
		if (a == NULL || a->txn != c->owner[op])
			break;
		n--;
	}
	return n;
}

/* What was appended to this key in the same transaction before must be there, and nothing else of it. */
static void check_own(struct check *c, size_t op)
{
	const struct history_op *o = &c->h->ops[op];
	size_t at = others(c, op);
	for (size_t i = c->h->txns[c->owner[op]].first; i < op; i++) {
		const struct history_op *w = &c->h->ops[i];
		if (w->kind != OP_APPEND || w->key != o->key)
			continue;
		if (at >= o->count || c->h->numbers[o->list + at] != w->value) {
			complain(c, "an own write is not seen", op, w->value);
			return;
		}
		at++;
	}
	if (at != o->count)
		complain(c, "a value of its own before it was written", op, c->h->numbers[o->list + at]);
}

static void check_read(struct check *c, size_t op)
{
	const struct history_op *o = &c->h->ops[op];
	size_t n = others(c, op);
	check_own(c, op);
	for (size_t i = 0; i < n; i++) {
		int64_t value = c->h->numbers[o->list + i];
		const struct append *a = find(c, value);
		if (a == NULL || a->key != o->key) {
			complain(c, "a value that nobody appended", op, value);
			continue;
		}
		const struct history_txn *w = &c->h->txns[a->txn];
		if (a->txn == c->owner[op])
			complain(c, "another one's value behind an own one", op, value);
		else if (w->outcome == OUTCOME_ABORTED)
			complain(c, "dirty read: its writer was rolled back", op, value);
		else if (w->asked > o->end)
			complain(c, "dirty read: its writer had not asked for COMMIT", op, value);
		else if (i + 1 == n && !a->last)
			complain(c, "intermediate read: its writer appended more", op, value);
	}
	if (n > c->order_count[o->key]) {
		c->order[o->key] = o->list;
		c->order_count[o->key] = n;
	}
}

static void check_prefix(struct check *c, size_t op)
{
	const struct history_op *o = &c->h->ops[op];
	size_t n = others(c, op);
	const int64_t *order = c->h->numbers + c->order[o->key], *got = c->h->numbers + o->list;
	for (size_t i = 0; i < n; i++)
		if (got[i] != order[i]) {
			complain(c, "incompatible orders", op, got[i]);
			return;
		}
}

static void rank_values(struct check *c)
{
	for (uint32_t k = 0; k < c->key_count; k++)
		for (size_t i = 0; i < c->order_count[k]; i++) {
			struct append *a = find(c, c->h->numbers[c->order[k] + i]);
			if (a != NULL && a->rank != SIZE_MAX && c->wrong++ < COMPLAINTS_MAX)
				fprintf(c->out, "# a value stands there twice: key %u, value %" PRId64 "\n", k, a->value);
			if (a != NULL)
				a->rank = i;
		}
}

/* In a REPEATABLE READ transaction the others' part of a list does not change. */
static void check_repeated(struct check *c, size_t op)
{
	const struct history_op *o = &c->h->ops[op];
	const struct history_txn *t = &c->h->txns[c->owner[op]];
	for (size_t i = t->first; t->level == LEVEL_RR && i < op; i++)
		if (c->h->ops[i].kind == OP_READ && c->h->ops[i].key == o->key && others(c, i) != others(c, op)) {
			complain(c, "unrepeatable read", op, 0);
			return;
		}
}

static int by_key_and_end(const void *a, const void *b)
{
	const struct append *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->ended < y->ended ? -1 : x->ended > y->ended;
}

/* What was acknowledged before a read could take its snapshot is in it. */
static void check_fresh(struct check *c)
{
	struct append *list = zeros(c->append_count, sizeof *list);
	size_t n = 0, *from = zeros(c->key_count + 1, sizeof *from);
	for (size_t i = 0; i < c->append_count; i++)
		if (is_done(c, c->appends[i].txn))
			list[n++] = c->appends[i];
	if (n != 0)
		qsort(list, n, sizeof *list, by_key_and_end);
	for (size_t i = n; i-- > 0;)
		from[list[i].key] = i;
	for (size_t op = 0; op < c->h->op_count; op++) {
		const struct history_op *o = &c->h->ops[op];
		size_t count = o->kind == OP_READ ? others(c, op) : 0;
		for (size_t i = from[o->key]; o->kind == OP_READ && i < n && list[i].key == o->key; i++) {
			if (list[i].ended >= c->asked[op])
				break;
			if (list[i].rank == SIZE_MAX || list[i].rank >= count) {
				complain(c, "an acknowledged append is not seen", op, list[i].value);
				break;
			}
		}
	}
	free(list);
	free(from);
}

/* ---- circles ---- */

/*
 * Each transaction is two nodes, 2 t and 2 t + 1: the second one is reached by rw, which no other rw may follow. Behind
 * them, one node for each acknowledgement, in a chain.
 */
static void order_edge(struct graph *g, size_t from, size_t to, const char *why)
{
	if (from == to)
		return;
	graph_edge(g, (uint32_t)(2 * from), (uint32_t)(2 * to), why);
	graph_edge(g, (uint32_t)(2 * from + 1), (uint32_t)(2 * to), why);
}

static struct append *ranked(const struct check *c, uint32_t key, size_t rank)
{
	return rank < c->order_count[key] ? find(c, c->h->numbers[c->order[key] + rank]) : NULL;
}

static void list_edges(struct check *c, struct graph *g)
{
	for (uint32_t k = 0; k < c->key_count; k++)
		for (size_t i = 1; i < c->order_count[k]; i++) {
			struct append *a = ranked(c, k, i - 1), *b = ranked(c, k, i);
			if (a != NULL && b != NULL)
				order_edge(g, a->txn, b->txn, "ww");
		}
	for (size_t op = 0; op < c->h->op_count; op++) {
		const struct history_op *o = &c->h->ops[op];
		size_t t = c->owner[op], n = o->kind == OP_READ ? others(c, op) : 0;
		if (o->kind != OP_READ)
			continue;
		struct append *last = n == 0 ? NULL : ranked(c, o->key, n - 1), *next = ranked(c, o->key, n);
		if (last != NULL)
			order_edge(g, last->txn, t, "wr");
		if (next != NULL && next->txn != t && c->h->txns[t].level == LEVEL_RR)
			graph_edge(g, (uint32_t)(2 * t), (uint32_t)(2 * next->txn + 1), "rw");
	}
}

struct moment {
	int64_t at;
	size_t txn;
};

static int by_moment(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void time_edges(const struct check *c, struct graph *g)
{
	size_t n = 0, txns = c->h->txn_count;
	struct moment *acks = zeros(txns, sizeof *acks);
	for (size_t t = 0; t < txns; t++)
		if (is_done(c, t))
			acks[n++] = (struct moment){c->h->txns[t].ended, t};
	if (n != 0)
		qsort(acks, n, sizeof *acks, by_moment);
	uint32_t chain = (uint32_t)(2 * txns);
	for (size_t i = 0; i < n; i++) {
		graph_edge(g, (uint32_t)(2 * acks[i].txn), chain + (uint32_t)i, "acknowledged");
		graph_edge(g, (uint32_t)(2 * acks[i].txn + 1), chain + (uint32_t)i, "acknowledged");
		if (i > 0)
			graph_edge(g, chain + (uint32_t)i - 1, chain + (uint32_t)i, "later");
	}
	for (size_t t = 0; t < txns; t++) {
		size_t low = 0, high = n; /* acknowledgements before it began */
		while (low < high) {
			size_t middle = (low + high) / 2;
			if (acks[middle].at < c->h->txns[t].start)
				low = middle + 1;
			else
				high = middle;
		}
		if (low > 0)
			graph_edge(g, chain + (uint32_t)low - 1, (uint32_t)(2 * t), "begun");
	}
	g->nodes = chain + (uint32_t)n;
	free(acks);
}

static void check_circles(struct check *c)
{
	struct graph g = {0};
	struct graph_edge *circle;
	list_edges(c, &g);
	time_edges(c, &g);
	size_t n = graph_circle(&g, &circle);
	if (n != 0 && c->wrong++ < COMPLAINTS_MAX) {
		fprintf(c->out, "# circle:");
		for (size_t i = 0; i < n; i++)
			if (circle[i].from < 2 * c->h->txn_count)
				fprintf(c->out, " transaction %u -%s->", circle[i].from / 2, circle[i].why);
			else
				fprintf(c->out, " (%s)", circle[i].why);
		fprintf(c->out, "\n");
	}
	free(circle);
	graph_free(&g);
}

/* ---- registers, totals ---- */

struct setting {
	uint32_t key;
	int64_t value;
	size_t op;
	bool done;
};

static int by_register(const void *a, const void *b)
{
	const struct setting *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (int)y->done - (int)x->done;
}

/* Each value is set by one commit, and none is left out. */
static void check_registers(struct check *c)
{
	struct setting *list = zeros(c->h->op_count, sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i < c->h->op_count; i++)
		if (c->h->ops[i].kind == OP_SET && c->h->txns[c->owner[i]].outcome != OUTCOME_ABORTED)
			list[n++] = (struct setting){c->h->ops[i].key, c->h->ops[i].value, i, is_done(c, c->owner[i])};
	if (n != 0)
		qsort(list, n, sizeof *list, by_register);
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || list[i - 1].key != list[i].key;
		int64_t before = first ? 0 : list[i - 1].value;
		if (list[i].value > before + 1)
			complain(c, "dirty read: nobody who committed set the value before", list[i].op, list[i].value);
		else if (!first && list[i].value == before && list[i].done && list[i - 1].done)
			complain(c, "lost update: set from the same value twice", list[i].op, list[i].value);
	}
	free(list);
}

static void check_totals(struct check *c)
{
	for (size_t i = 0; i < c->h->op_count; i++)
		if (c->h->ops[i].kind == OP_TOTAL && c->h->ops[i].value != c->h->numbers[c->h->ops[i].list])
			complain(c, "a total that transfers never change", i, c->h->ops[i].value);
}

/* ---- clocks ---- */

enum { CLOCK_COUNT, CLOCK_MAX, CLOCK_SEEN };

static int64_t clock_number(const struct check *c, size_t op, int which, unsigned writer)
{
	return c->h->numbers[c->h->ops[op].list + (unsigned)which * HISTORY_WRITERS + writer];
}

static void check_clock(struct check *c, size_t op)
{
	const struct history_txn *t = &c->h->txns[c->owner[op]];
	for (unsigned w = 0; w < HISTORY_WRITERS; w++) {
		int64_t count = clock_number(c, op, CLOCK_COUNT, w);
		if (count != clock_number(c, op, CLOCK_MAX, w))
			complain(c, "not a prefix: events of a writer are missing or double", op, w);
		if (clock_number(c, op, CLOCK_SEEN, w) > count)
			complain(c, "not a prefix: an event without those that its writer had seen", op, w);
		for (size_t i = t->first; i < op; i++) {
			bool own = false;
			for (size_t k = i; k < op; k++)
				own |= c->h->ops[k].kind == OP_EVENT && c->h->ops[k].key == w;
			if (t->level == LEVEL_RR && c->h->ops[i].kind == OP_CLOCK && !own && clock_number(c, i, CLOCK_COUNT, w) != count)
				complain(c, "unrepeatable read of events", op, w);
		}
	}
}

/* Bounds that come into force at a moment, and reads that must keep them. */
struct clock_step {
	int64_t at;
	bool reads;
	size_t op;
};

static int by_clock(const void *a, const void *b)
{
	const struct clock_step *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (int)y->reads - (int)x->reads; /* a bound counts for what comes after it */
}

/* Who begins after a read has ended, or an event was acknowledged, sees no less. */
static void check_clock_order(struct check *c)
{
	struct clock_step *steps = zeros(2 * c->h->op_count, sizeof *steps);
	size_t n = 0;
	int64_t least[HISTORY_WRITERS] = {0};
	for (size_t i = 0; i < c->h->op_count; i++) {
		const struct history_op *o = &c->h->ops[i];
		if (o->kind == OP_CLOCK && c->h->txns[c->owner[i]].outcome != OUTCOME_ABORTED) {
			steps[n++] = (struct clock_step){c->asked[i], true, i};
			/* what it saw of its own counts from its commit */
			steps[n++] = (struct clock_step){c->h->txns[c->owner[i]].ended, false, i};
		} else if (o->kind == OP_EVENT && is_done(c, c->owner[i])) {
			steps[n++] = (struct clock_step){c->h->txns[c->owner[i]].ended, false, i};
		}
	}
	if (n != 0)
		qsort(steps, n, sizeof *steps, by_clock);
	for (size_t s = 0; s < n; s++) {
		const struct history_op *o = &c->h->ops[steps[s].op];
		for (unsigned w = 0; w < HISTORY_WRITERS; w++) {
			int64_t here = o->kind == OP_CLOCK ? clock_number(c, steps[s].op, CLOCK_COUNT, w) : o->key == w ? o->value : 0;
			if (steps[s].reads && here < least[w])
				complain(c, "events that were there before are not seen", steps[s].op, here);
			else if (!steps[s].reads && here > least[w] && (o->kind == OP_EVENT || is_done(c, c->owner[steps[s].op])))
				least[w] = here;
		}
	}
	free(steps);
}

/* The newest event of each writer that was seen is one that was committed, or about to. */
static void check_clock_source(struct check *c, size_t op, const struct setting *events, size_t n)
{
	for (unsigned w = 0; w < HISTORY_WRITERS; w++) {
		struct setting want = {.key = w, .value = clock_number(c, op, CLOCK_COUNT, w), .done = true};
		size_t low = 0, high = n;
		while (low < high) {
			size_t middle = (low + high) / 2;
			if (by_register(&events[middle], &want) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		bool found = want.value == 0;
		for (size_t i = low; i < n && !found && events[i].key == w && events[i].value == want.value; i++)
			found = c->owner[events[i].op] == c->owner[op]
			        || (c->h->txns[c->owner[events[i].op]].outcome != OUTCOME_ABORTED
			            && c->h->txns[c->owner[events[i].op]].asked <= c->h->ops[op].end);
		if (!found)
			complain(c, "dirty read of an event", op, want.value);
	}
}

static void check_events(struct check *c)
{
	struct setting *events = zeros(c->h->op_count, sizeof *events);
	size_t n = 0;
	for (size_t i = 0; i < c->h->op_count; i++)
		if (c->h->ops[i].kind == OP_EVENT)
			events[n++] = (struct setting){c->h->ops[i].key, c->h->ops[i].value, i, is_done(c, c->owner[i])};
	if (n != 0)
		qsort(events, n, sizeof *events, by_register);
	for (size_t i = 0; i < c->h->op_count; i++)
		if (c->h->ops[i].kind == OP_CLOCK) {
			check_clock(c, i);
			check_clock_source(c, i, events, n);
		}
	check_clock_order(c);
	free(events);
}

unsigned history_check(const struct history *h, FILE *out)
{
	struct check c = {.h = h, .out = out};
	c.owner = zeros(h->op_count, sizeof *c.owner);
	c.asked = zeros(h->op_count, sizeof *c.asked);
	gather_appends(&c);
	c.order = zeros(c.key_count, sizeof *c.order);
	c.order_count = zeros(c.key_count, sizeof *c.order_count);
	for (size_t i = 1; i < c.append_count; i++)
		if (c.appends[i].value == c.appends[i - 1].value && c.wrong++ < COMPLAINTS_MAX)
			fprintf(out, "# not a history: value %" PRId64 " is appended twice\n", c.appends[i].value);
	void (*const steps[])(struct check *, size_t) = {check_read, check_prefix, check_repeated};
	for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
		for (size_t i = 0; i < h->op_count; i++)
			if (h->ops[i].kind == OP_READ)
				steps[s](&c, i);
	rank_values(&c);
	check_fresh(&c);
	check_circles(&c);
	check_registers(&c);
	check_totals(&c);
	check_events(&c);
	free(c.owner);
	free(c.asked);
	free(c.order);
	free(c.order_count);
	free(c.appends);
	return c.wrong;
}
