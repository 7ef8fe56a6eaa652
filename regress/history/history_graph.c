// SPDX-License-Identifier: Apache-2.0
#include "history_graph.h"

#include <stdlib.h>
#include "history.h"

static void *zeros(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);
	if (p == NULL)
		abort();
	return p;
}

void graph_edge(struct graph *g, uint32_t from, uint32_t to, const char *why)
{
	struct graph_edge *e = history_room((void **)&g->edges, g->edge_count++, &g->edge_capacity, sizeof *e);
	*e = (struct graph_edge){from, to, why};
}

void graph_free(struct graph *g)
{
	free(g->edges);
	*g = (struct graph){0};
}

static int by_from(const void *a, const void *b)
{
	const struct graph_edge *x = a, *y = b;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* first[n] … first[n + 1]: the edges from n. */
static size_t *index_edges(struct graph *g)
{
	size_t *first = zeros(g->nodes + 1, sizeof *first);
	if (g->edge_count != 0)
		qsort(g->edges, g->edge_count, sizeof *g->edges, by_from);
	for (size_t i = 0; i < g->edge_count; i++)
		first[g->edges[i].from + 1]++;
	for (uint32_t n = 0; n < g->nodes; n++)
		first[n + 1] += first[n];
	return first;
}

/*
 * Takes nodes away to which no edge leads, until none is such (Kahn). Whoever stays has an edge from one that stays:
 * going back along those, a node that comes again is on a circle. UINT32_MAX: there is none.
 */
static uint32_t on_circle(const struct graph *g, const size_t *first)
{
	uint32_t *in = zeros(g->nodes, sizeof *in), *ready = zeros(g->nodes, sizeof *ready), at = UINT32_MAX;
	size_t *into = zeros(g->nodes, sizeof *into), count = 0;
	uint8_t *seen = zeros(g->nodes, 1);
	for (size_t i = 0; i < g->edge_count; i++)
		in[g->edges[i].to]++;
	for (uint32_t n = 0; n < g->nodes; n++)
		if (in[n] == 0)
			ready[count++] = n;
	for (size_t k = 0; k < count; k++)
		for (size_t i = first[ready[k]]; i < first[ready[k] + 1]; i++)
			if (--in[g->edges[i].to] == 0)
				ready[count++] = g->edges[i].to;
	for (size_t i = 0; i < g->edge_count; i++)
		if (in[g->edges[i].from] != 0) {
			into[g->edges[i].to] = i;
			at = g->edges[i].from;
		}
	while (at != UINT32_MAX && !seen[at]) {
		seen[at] = 1;
		at = g->edges[into[at]].from;
	}
	free(in);
	free(ready);
	free(into);
	free(seen);
	return at;
}

/* Breadth first from `start` until an edge leads back to it. */
static size_t shortest(const struct graph *g, const size_t *first, uint32_t start, struct graph_edge **circle)
{
	size_t *by = zeros(g->nodes, sizeof *by); /* edge + 1 by which it was reached */
	uint32_t *queue = zeros(g->nodes, sizeof *queue);
	size_t at = 0, count = 1, length = 0, last = SIZE_MAX;
	queue[0] = start;
	while (at < count && last == SIZE_MAX) {
		uint32_t n = queue[at++];
		for (size_t i = first[n]; i < first[n + 1] && last == SIZE_MAX; i++) {
			uint32_t to = g->edges[i].to;
			if (to == start)
				last = i;
			else if (by[to] == 0) {
				by[to] = i + 1;
				queue[count++] = to;
			}
		}
	}
	for (size_t e = last; e != SIZE_MAX; length++)
		e = g->edges[e].from == start ? SIZE_MAX : by[g->edges[e].from] - 1;
	*circle = zeros(length, sizeof **circle);
	size_t e = last;
	for (size_t i = length; i-- > 0;) {
		(*circle)[i] = g->edges[e];
		e = by[g->edges[e].from] - 1;
	}
	free(by);
	free(queue);
	return length;
}

size_t graph_circle(struct graph *g, struct graph_edge **circle)
{
	size_t *first = index_edges(g), length = 0;
	uint32_t start = on_circle(g, first);
	*circle = NULL;
	if (start != UINT32_MAX)
		length = shortest(g, first, start, circle);
	free(first);
	return length;
}
