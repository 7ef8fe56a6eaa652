// SPDX-License-Identifier: Apache-2.0
/* EXPLAIN's nodes as text, JSON, YAML and XML, each as PostgreSQL writes it. */
#include "exec/explain_impl.h"

/* ---- text ---- */

static void indent(struct strbuf *to, unsigned n)
{
	strbuf_printf(to, "%*s", (int)n * 2, "");
}

static void text_title(const struct explainer *x, const struct explain_node *n, struct strbuf *to)
{
	const struct explain_options *o = &x->options;
	strbuf_puts(to, n->title);
	if (o->costs)
		strbuf_printf(to, "  (cost=%.2f..%.2f rows=%.0f width=%u)", n->startup_cost, n->total_cost, n->rows, n->width);
	if (!o->analyze)
		return;
	if (!n->executed)
		strbuf_putz(to, " (never executed)");
	else if (o->timing)
		strbuf_printf(to, " (actual time=%.3f..%.3f rows=%.0f loops=%llu)", n->startup_ms, n->total_ms, n->actual_rows,
		              (unsigned long long)n->loops);
	else
		strbuf_printf(to, " (actual rows=%.0f loops=%llu)", n->actual_rows, (unsigned long long)n->loops);
}

static void text_node(const struct explainer *x, const struct explain_node *n, unsigned depth, struct strbuf *to)
{
	if (n->subplan.size != 0) {
		indent(to, depth++);
		strbuf_printf(to, "%.*s\n", STR_ARG(n->subplan));
	}
	indent(to, depth);
	if (depth != 0) {
		strbuf_putz(to, "->  ");
		depth += 2;
	}
	text_title(x, n, to);
	strbuf_putc(to, '\n');
	depth++;
	for (size_t i = 0; i < n->property_count; i++) {
		const struct explain_property *p = &n->properties[i];
		if (p->structured_only)
			continue;
		indent(to, depth);
		strbuf_printf(to, "%s: ", p->key);
		if (p->kind == EXPLAIN_LIST_VALUE)
			for (uint32_t k = 0; k < p->item_count; k++)
				strbuf_printf(to, "%s%.*s", k == 0 ? "" : ", ", STR_ARG(p->items[k]));
		else
			strbuf_puts(to, p->value);
		strbuf_putc(to, '\n');
	}
	for (size_t i = 0; i < n->child_count; i++)
		text_node(x, n->children[i], depth, to);
}

/* ---- JSON, YAML, XML: one walk, three pens ---- */

struct pen {
	struct arena *arena;
	struct strbuf *to;
	enum explain_form form;
	unsigned depth;
	bool first;                 /* in the group that is open */
	bool item;                  /* YAML: the next key stands behind "- " */
};

/* "Node Type" as an element's name: Node-Type. */
static void xml_name(struct pen *w, const char *key)
{
	for (; *key != 0; key++)
		strbuf_putc(w->to, *key == ' ' || *key == '/' ? '-' : *key);
}

static void xml_text(struct pen *w, struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		switch (s.data[i]) {
		case '<': strbuf_putz(w->to, "&lt;"); break;
		case '>': strbuf_putz(w->to, "&gt;"); break;
		case '&': strbuf_putz(w->to, "&amp;"); break;
		default: strbuf_putc(w->to, s.data[i]);
		}
}

static void new_line(struct pen *w)
{
	if (w->form == EXPLAIN_AS_JSON && !w->first)
		strbuf_putc(w->to, ',');
	if (w->form == EXPLAIN_AS_YAML && w->item) {
		w->item = w->first = false;
		return;
	}
	if (w->form != EXPLAIN_AS_XML && w->to->size != 0)
		strbuf_putc(w->to, '\n');
	indent(w->to, w->depth);
	w->first = false;
}

static void put_key(struct pen *w, const char *key)
{
	new_line(w);
	if (w->form == EXPLAIN_AS_JSON)
		strbuf_printf(w->to, "\"%s\": ", key);
	else if (w->form == EXPLAIN_AS_YAML)
		strbuf_printf(w->to, "%s: ", key);
}

/* One value under its key, or an item of a list where key is NULL. */
static void put_value(struct pen *w, const char *key, struct str value, bool raw)
{
	const char *element = key == NULL ? "Item" : key;
	if (key == NULL)
		new_line(w);
	else
		put_key(w, key);
	if (w->form == EXPLAIN_AS_XML) {
		strbuf_putc(w->to, '<');
		xml_name(w, element);
		strbuf_putc(w->to, '>');
		xml_text(w, value);
		strbuf_putz(w->to, "</");
		xml_name(w, element);
		strbuf_putz(w->to, ">\n");
		return;
	}
	if (w->form == EXPLAIN_AS_YAML && key == NULL)
		strbuf_putz(w->to, "- ");
	if (raw)
		strbuf_puts(w->to, value);
	else
		json_write_string(w->to, value, false);
}

static void open_group(struct pen *w, const char *key, const char *element, char bracket)
{
	if (w->form == EXPLAIN_AS_XML) {
		indent(w->to, w->depth);
		strbuf_putc(w->to, '<');
		xml_name(w, element);
		strbuf_putz(w->to, ">\n");
	} else {
		if (key == NULL)
			new_line(w);
		else
			put_key(w, key);
		if (w->form == EXPLAIN_AS_JSON)
			strbuf_putc(w->to, bracket);
		w->item = w->form == EXPLAIN_AS_YAML && key == NULL;
		if (w->item)
			strbuf_putz(w->to, "- ");
	}
	w->depth++;
	w->first = true;
}

static void close_group(struct pen *w, const char *element, char bracket)
{
	w->depth--;
	w->item = false;
	w->first = false;
	if (w->form == EXPLAIN_AS_XML) {
		indent(w->to, w->depth);
		strbuf_putz(w->to, "</");
		xml_name(w, element);
		strbuf_putz(w->to, ">\n");
	} else if (w->form == EXPLAIN_AS_JSON) {
		strbuf_putc(w->to, '\n');
		indent(w->to, w->depth);
		strbuf_putc(w->to, bracket);
	}
}

static void put_number(struct pen *w, const char *key, int decimals, double value)
{
	put_value(w, key, arena_strf(w->arena, "%.*f", decimals, value), true);
}

static void put_costs(const struct explainer *x, const struct explain_node *n, struct pen *w)
{
	if (x->options.costs) {
		put_number(w, "Startup Cost", 2, n->startup_cost);
		put_number(w, "Total Cost", 2, n->total_cost);
		put_number(w, "Plan Rows", 0, n->rows);
		put_number(w, "Plan Width", 0, n->width);
	}
	if (!x->options.analyze)
		return;
	if (x->options.timing) {
		put_number(w, "Actual Startup Time", 3, n->startup_ms);
		put_number(w, "Actual Total Time", 3, n->total_ms);
	}
	put_number(w, "Actual Rows", 0, n->actual_rows);
	put_number(w, "Actual Loops", 0, (double)n->loops);
}

static void put_properties(const struct explainer *x, const struct explain_node *n, struct pen *w)
{
	bool costs = false;
	for (size_t i = 0; i < n->property_count; i++) {
		const struct explain_property *p = &n->properties[i];
		if (!p->structured_only && !costs) {
			put_costs(x, n, w);
			costs = true;
		}
		if (p->kind != EXPLAIN_LIST_VALUE) {
			put_value(w, p->key, p->value, p->kind == EXPLAIN_RAW_VALUE);
			continue;
		}
		open_group(w, p->key, p->key, '[');
		for (uint32_t k = 0; k < p->item_count; k++)
			put_value(w, NULL, p->items[k], false);
		close_group(w, p->key, ']');
	}
	if (!costs)
		put_costs(x, n, w);
}

static void put_node(const struct explainer *x, const struct explain_node *n, const char *key, struct pen *w)
{
	open_group(w, key, "Plan", '{');
	put_properties(x, n, w);
	if (n->child_count != 0) {
		open_group(w, "Plans", "Plans", '[');
		for (size_t i = 0; i < n->child_count; i++)
			put_node(x, n->children[i], NULL, w);
		close_group(w, "Plans", ']');
	}
	close_group(w, "Plan", '}');
}

static void put_query(const struct explainer *x, const struct explain_node *root, struct pen *w)
{
	if (w->form == EXPLAIN_AS_XML)
		strbuf_putz(w->to, "<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n");
	else if (w->form == EXPLAIN_AS_JSON)
		strbuf_putc(w->to, '[');
	w->depth = w->form == EXPLAIN_AS_YAML ? 0 : 1;
	w->first = true;
	open_group(w, NULL, "Query", '{');
	put_node(x, root, "Plan", w);
	if (x->options.summary)
		put_number(w, "Planning Time", 3, x->planning_ms);
	if (x->options.analyze) {
		open_group(w, "Triggers", "Triggers", '[');
		close_group(w, "Triggers", ']');
		if (x->options.summary)
			put_number(w, "Execution Time", 3, x->execution_ms);
	}
	close_group(w, "Query", '}');
	strbuf_putz(w->to, w->form == EXPLAIN_AS_XML ? "</explain>" : w->form == EXPLAIN_AS_JSON ? "\n]" : "");
}

void explain_pg_write(const struct explainer *x, const struct explain_node *root, struct strbuf *to)
{
	struct pen w = {.arena = x->arena, .to = to, .form = x->options.form};
	if (x->options.form != EXPLAIN_AS_TEXT) {
		put_query(x, root, &w);
		return;
	}
	text_node(x, root, 0, to);
	if (x->options.summary)
		strbuf_printf(to, "Planning Time: %.3f ms\n", x->planning_ms);
	if (x->options.summary && x->options.analyze)
		strbuf_printf(to, "Execution Time: %.3f ms\n", x->execution_ms);
}
