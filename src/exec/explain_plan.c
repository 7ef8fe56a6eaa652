// SPDX-License-Identifier: Apache-2.0
/* EXPLAIN PLAN and EXPLAIN PIPELINE in ClickHouse's layout, of the nodes that really run. */
#include "exec/explain_text.h"

static const char *node_name(const struct plan *p)
{
	static const char *const names[PLAN_KIND_COUNT] = {
		[PLAN_SCAN] = "ReadFromTable", [PLAN_VALUES] = "ReadFromValues", [PLAN_SERIES] = "ReadFromSystemNumbers",
		[PLAN_FILTER] = "Filter", [PLAN_PROJECT] = "Expression", [PLAN_AGGREGATE] = "Aggregating",
		[PLAN_DISTINCT] = "Distinct", [PLAN_JOIN] = "Join", [PLAN_SORT] = "Sorting", [PLAN_LIMIT] = "Limit",
		[PLAN_LIMIT_BY] = "LimitBy", [PLAN_UNNEST] = "ArrayJoin", [PLAN_UNION] = "Union", [PLAN_SET] = "IntersectOrExcept",
		[PLAN_APPLY] = "Apply", [PLAN_FUNCTION] = "ReadFromFunction", [PLAN_COUNT_ROWS] = "ReadRowCount",
		[PLAN_RANGES] = "ReadColumnRanges",
		[PLAN_WINDOW] = "Window", [PLAN_FILL] = "Filling", [PLAN_CTE] = "ReadFromCTE", [PLAN_FETCH] = "FetchColumns",
		[PLAN_TOTALS] = "TotalsHaving", [PLAN_TOTALS_ROW] = "ReadFromTotals",
	};
	if (p->kind == PLAN_VALUES && p->column_count == 0 && p->u.values.row_count == 1)
		return "ReadFromSystemOne";
	return names[p->kind];
}

static struct str node_title(struct arena *a, const struct plan *p)
{
	if (p->kind == PLAN_SCAN) {
		const struct table_def *d = p->u.scan.table->def;
		return arena_strf(a, "ReadFrom%s (%.*s.%.*s)", p->u.scan.table->ops->engine, STR_ARG(d->database), STR_ARG(d->name));
	}
	return str_of(node_name(p));
}

static void put_names(struct strbuf *out, const struct plan *p)
{
	for (uint32_t i = 0; i < p->column_count; i++) {
		strbuf_putz(out, i == 0 ? "" : ", ");
		strbuf_puts(out, p->names[i]);
	}
}

static uint32_t child_count(const struct plan *p)
{
	return p->input_count + (p->kind == PLAN_APPLY);
}

static const struct plan *child_at(const struct plan *p, uint32_t i)
{
	return i < p->input_count ? p->inputs[i] : p->u.apply.right;
}

/* Expressions of their own line are left out, as there. */
static const struct plan *visible(const struct plan *p)
{
	while (p->kind == PLAN_PROJECT && p->input_count == 1)
		p = p->inputs[0];
	return p;
}

static void put_details(struct strbuf *out, const struct plan *p, struct str lead)
{
	bool source = child_count(p) == 0;
	if (p->kind == PLAN_SCAN && p->u.scan.prewhere_count != 0)
		strbuf_printf(out, "%.*sPrewhere: %u conditions\n", STR_ARG(lead), p->u.scan.prewhere_count);
	if (p->kind == PLAN_SORT && p->u.sort.limit != 0)
		strbuf_printf(out, "%.*sLimit %llu\n", STR_ARG(lead), (unsigned long long)p->u.sort.limit);
	if (p->kind == PLAN_AGGREGATE)
		strbuf_printf(out, "%.*sKeys: %u, aggregates: %u\n", STR_ARG(lead), p->u.aggregate.key_count,
		              p->u.aggregate.aggregate_count);
	if (source && p->column_count != 0) {
		strbuf_printf(out, "%.*sOutput: ", STR_ARG(lead));
		put_names(out, p);
		strbuf_putz(out, "\n");
	}
}

static void put_node(struct arena *a, struct strbuf *out, const struct plan *p, struct str prefix)
{
	uint32_t n = child_count(p);
	strbuf_puts(out, node_title(a, p));
	strbuf_putz(out, "\n");
	put_details(out, p, arena_strf(a, "%.*s%s", STR_ARG(prefix), n != 0 ? "│  " : "   "));
	for (uint32_t i = 0; i < n; i++) {
		bool last = i + 1 == n;
		strbuf_printf(out, "%.*s%s", STR_ARG(prefix), last ? "└──" : "├──");
		put_node(a, out, visible(child_at(p, i)), arena_strf(a, "%.*s%s", STR_ARG(prefix), last ? "   " : "│  "));
	}
}

void explain_plan(struct arena *a, const struct plan *root, struct strbuf *out)
{
	strbuf_putz(out, "Output: ");
	put_names(out, root);
	strbuf_putz(out, "\n\n");
	put_node(a, out, visible(root), STR(""));
}

static void put_processor(struct strbuf *out, const struct plan *p, unsigned depth)
{
	uint32_t n = child_count(p);
	strbuf_printf(out, "%*s(%s)\n", (int)depth * 2, "", node_name(p));
	if (n != 0)
		strbuf_printf(out, "%*s%sTransform\n", (int)depth * 2, "", node_name(p));
	for (uint32_t i = 0; i < n; i++)
		put_processor(out, child_at(p, i), depth + 1);
}

void explain_pipeline(const struct plan *root, struct strbuf *out)
{
	put_processor(out, root, 0);
}
