// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_EXPLAIN_IMPL_H
#define EXEC_EXPLAIN_IMPL_H
/*
 * EXPLAIN in PostgreSQL's layout. The plan becomes a tree of nodes with properties in PostgreSQL's names and order
 * (explain_pg.c), which is written as text, JSON, YAML or XML (explain_pg_write.c). Projections and filters are no
 * nodes of their own there: a filter is a property of the node below it.
 */
#include "exec/profile.h"
#include "exec/session_impl.h"
#include "parse/ast_admin.h"

enum explain_form { EXPLAIN_AS_TEXT, EXPLAIN_AS_JSON, EXPLAIN_AS_YAML, EXPLAIN_AS_XML };

/* EXPLAIN (…) */
struct explain_options {
	bool analyze, verbose, costs, buffers, timing, summary;
	enum explain_form form;
};

enum explain_value { EXPLAIN_TEXT_VALUE, EXPLAIN_RAW_VALUE, EXPLAIN_LIST_VALUE };

struct explain_property {
	const char *key;
	enum explain_value kind;
	bool structured_only;       /* not in the text form, whose title says it */
	struct str value;
	struct str *items;
	uint32_t item_count;
};

struct explain_node {
	struct str title;           /* "Seq Scan on t a", of the text form */
	struct str subplan;         /* "InitPlan 1 (returns $0)"; empty: none */
	struct explain_property *properties;
	size_t property_count, property_capacity;
	struct explain_node **children;
	size_t child_count, child_capacity;
	const char *relationship;   /* to its parent; NULL: it has none */
	double startup_cost, total_cost, rows;
	uint32_t width;
	bool executed;
	double startup_ms, total_ms, actual_rows; /* of one loop */
	uint64_t loops;
};

struct explainer {
	struct arena *arena;
	struct explain_options options;
	const struct query_plan *query;
	const struct profile *profile; /* NULL: without ANALYZE */
	const struct value_options *text;
	bool qualify;               /* names with their table's: there are several, or VERBOSE */
	double planning_ms, execution_ms;
};

/* explain_pg.c */
enum status explain_pg_options(const struct ast_explain *x, struct explain_options *out, struct error *err) MUST_CHECK;
struct explain_node *explain_pg_node(struct explainer *x, const struct plan *p, const char *relationship);
/* The whole query: its root with InitPlans and CTEs below. */
struct explain_node *explain_pg_tree(struct explainer *x);

/* INSERT, UPDATE or DELETE of what `below` gives. */
struct explain_node *explain_pg_change(struct explainer *x, struct explain_node *below, const char *operation,
                                       struct str table);

/* explain_pg_write.c: the answer, to be cut into lines where the form is text. */
void explain_pg_write(const struct explainer *x, const struct explain_node *root, struct strbuf *to);

/* explain_expr.c: an expression over the output of `inputs[0]`, or of two inputs of a join, as SQL. */
struct str explain_expr(const struct explainer *x, const struct expr *e, struct plan *const *inputs, uint32_t n);
struct str explain_column(const struct explainer *x, const struct plan *p, uint32_t column);

#endif
