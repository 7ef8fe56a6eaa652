// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_HISTORY_GRAPH_H
#define REGRESS_HISTORY_GRAPH_H
/*
 * A directed graph, and one circle of it.
 */
#include <stddef.h>
#include <stdint.h>

struct graph_edge {
	uint32_t from, to;
	const char *why;
};

struct graph {
	uint32_t nodes;
	struct graph_edge *edges;
	size_t edge_count, edge_capacity;
};

void graph_edge(struct graph *g, uint32_t from, uint32_t to, const char *why);
void graph_free(struct graph *g);
/* A shortest circle through some node that is on one: its edges in order to *circle, malloc'd. 0: there is none. */
size_t graph_circle(struct graph *g, struct graph_edge **circle);

#endif
