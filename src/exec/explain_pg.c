// SPDX-License-Identifier: Apache-2.0
/* A plan as nodes with PostgreSQL's names. */
#include "exec/explain_impl.h"

/* ---- options ---- */

static struct str word_of(const struct ast *x)
{
	if (x != NULL && x->kind == AST_IDENTIFIER)
		return name_last(&((const struct ast_identifier *)x)->name);
	if (x != NULL && x->kind == AST_LITERAL && ((const struct ast_literal *)x)->type == LITERAL_STRING)
		return ((const struct ast_literal *)x)->text;
	return STR("");
}

static enum status flag_of(const struct ast_setting *s, bool *out, struct error *err)
{
	static const char *const on[] = {"on", "true", "yes", "t", "1"}, *const off[] = {"off", "false", "no", "f", "0"};
	const struct ast_literal *l = (const struct ast_literal *)s->value;
	struct str word = word_of(s->value);
	*out = true;
	if (s->value == NULL)
		return OK;
	if (l->ast.kind == AST_LITERAL && l->type != LITERAL_STRING) {
		*out = l->type == LITERAL_BOOL ? l->boolean : l->u != 0;
		return OK;
	}
	for (size_t i = 0; i < ARRAY_COUNT(on); i++) {
		if (str_eq_nocase(word, str_of(on[i])))
			return OK;
		if (str_eq_nocase(word, str_of(off[i]))) {
			*out = false;
			return OK;
		}
	}
	return ERR(err, E_SYNTAX, "%.*s requires a Boolean value", STR_ARG(name_last(&s->name)));
}

static enum status form_of(struct str word, enum explain_form *out, struct error *err)
{
	static const char *const names[] = {"text", "json", "yaml", "xml"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq_nocase(word, str_of(names[i]))) {
			*out = (enum explain_form)i;
			return OK;
		}
	return ERR(err, E_INVALID_PARAMETER_VALUE, "unrecognized value for EXPLAIN option \"format\": \"%.*s\"",
	           STR_ARG(word));
}

enum status explain_pg_options(const struct ast_explain *x, struct explain_options *out, struct error *err)
{
	bool ignored, timing_said = false, summary_said = false;
	*out = (struct explain_options){.analyze = x->analyze, .verbose = x->verbose, .costs = true};
	struct {
		const char *name;
		bool *to, *said;
	} flags[] = {{"analyze", &out->analyze, NULL}, {"verbose", &out->verbose, NULL}, {"costs", &out->costs, NULL},
		{"buffers", &out->buffers, NULL}, {"timing", &out->timing, &timing_said},
		{"summary", &out->summary, &summary_said}, {"settings", &ignored, NULL}, {"wal", &ignored, NULL}};
	AST_EACH(&x->options, item) {
		const struct ast_setting *s = (const struct ast_setting *)item;
		struct str name = name_last(&s->name);
		bool known = str_eq_nocase(name, STR("format"));
		if (known)
			TRY(form_of(word_of(s->value), &out->form, err));
		for (size_t i = 0; !known && i < ARRAY_COUNT(flags); i++)
			if (str_eq_nocase(name, str_of(flags[i].name))) {
				TRY(flag_of(s, flags[i].to, err));
				if (flags[i].said != NULL)
					*flags[i].said = true;
				known = true;
			}
		if (!known)
			return ERR(err, E_SYNTAX, "unrecognized EXPLAIN option \"%.*s\"", STR_ARG(name));
	}
	if (out->timing && !out->analyze)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
	out->timing = timing_said ? out->timing : out->analyze;
	out->summary = summary_said ? out->summary : out->analyze;
	return OK;
}

/* ---- properties ---- */

static struct explain_property *add(struct explainer *x, struct explain_node *n, const char *key,
                                    enum explain_value kind, bool structured_only)
{
	struct explain_property p = {.key = key, .kind = kind, .structured_only = structured_only};
	ARENA_PUSH(x->arena, n->properties, n->property_count, n->property_capacity, p);
	return &n->properties[n->property_count - 1];
}

static void add_title(struct explainer *x, struct explain_node *n, const char *key, struct str value)
{
	add(x, n, key, EXPLAIN_TEXT_VALUE, true)->value = value;
}

static void add_text(struct explainer *x, struct explain_node *n, const char *key, struct str value)
{
	add(x, n, key, EXPLAIN_TEXT_VALUE, false)->value = value;
}

static void add_number(struct explainer *x, struct explain_node *n, const char *key, uint64_t value)
{
	add(x, n, key, EXPLAIN_RAW_VALUE, false)->value = arena_strf(x->arena, "%llu", (unsigned long long)value);
}

static void add_list(struct explainer *x, struct explain_node *n, const char *key, struct str *items, uint32_t count)
{
	if (count == 0)
		return;
	struct explain_property *p = add(x, n, key, EXPLAIN_LIST_VALUE, false);
	p->items = items;
	p->item_count = count;
}

static void add_keys(struct explainer *x, struct explain_node *n, const char *key, const struct plan *p,
                     struct expr *const *keys, uint32_t count)
{
	struct str *items = ARENA_ARRAY(x->arena, struct str, count + 1);
	for (uint32_t i = 0; i < count; i++)
		items[i] = explain_expr(x, keys[i], p->inputs, p->input_count);
	add_list(x, n, key, items, count);
}

static void add_order(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	uint32_t count = p->u.sort.order_count;
	struct str *items = ARENA_ARRAY(x->arena, struct str, count + 1);
	for (uint32_t i = 0; i < count; i++) {
		const struct plan_order *o = &p->u.sort.order[i];
		struct str s = explain_expr(x, o->expr, p->inputs, p->input_count);
		const char *nulls = o->nulls_first == o->descending ? "" : o->nulls_first ? " NULLS FIRST" : " NULLS LAST";
		items[i] = arena_strf(x->arena, "%.*s%s%s", STR_ARG(s), o->descending ? " DESC" : "", nulls);
	}
	add_list(x, n, "Sort Key", items, count);
}

/* (a) AND (b), as one property. */
static void add_conditions(struct explainer *x, struct explain_node *n, const char *key, struct str *items,
                           size_t count)
{
	struct str s = STR("");
	for (size_t i = 0; i < count; i++) {
		bool bare = items[i].size == 0 || items[i].data[0] != '(';
		s = arena_strf(x->arena, "%.*s%s%s%.*s%s", STR_ARG(s), i == 0 ? "" : " AND ", bare ? "(" : "",
		               STR_ARG(items[i]), bare ? ")" : "");
	}
	if (count > 1)
		s = arena_strf(x->arena, "(%.*s)", STR_ARG(s));
	if (count != 0)
		add_text(x, n, key, s);
}

/* ---- what a node is ---- */

static const char *join_type(enum plan_join_kind kind)
{
	switch (kind) {
	case PLAN_JOIN_LEFT: return "Left";
	case PLAN_JOIN_RIGHT: return "Right";
	case PLAN_JOIN_FULL: return "Full";
	case PLAN_JOIN_SEMI: case PLAN_JOIN_MARK: return "Semi";
	case PLAN_JOIN_ANTI: return "Anti";
	default: return "Inner";
	}
}

static void name_node(struct explainer *x, struct explain_node *n, const char *type, const char *strategy,
                      struct str title)
{
	n->title = title;
	add_title(x, n, "Node Type", str_of(type));
	if (strategy != NULL)
		add_title(x, n, "Strategy", str_of(strategy));
	if (strategy != NULL && strcmp(type, "Aggregate") == 0)
		add_title(x, n, "Partial Mode", STR("Simple"));
	if (n->relationship != NULL)
		add_title(x, n, "Parent Relationship", str_of(n->relationship));
	if (n->subplan.size != 0)
		add_title(x, n, "Subplan Name", n->subplan);
	add(x, n, "Parallel Aware", EXPLAIN_RAW_VALUE, true)->value = STR("false");
	add(x, n, "Async Capable", EXPLAIN_RAW_VALUE, true)->value = STR("false");
}

static void name_scan(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	const struct table_def *def = p->u.scan.table->def;
	struct str alias = p->u.scan.alias.size != 0 ? p->u.scan.alias : def->name;
	struct str on = x->options.verbose ? arena_strf(x->arena, "public.%.*s", STR_ARG(def->name)) : def->name;
	struct str title = str_eq(alias, def->name) ? arena_strf(x->arena, "Seq Scan on %.*s", STR_ARG(on))
		: arena_strf(x->arena, "Seq Scan on %.*s %.*s", STR_ARG(on), STR_ARG(alias));
	name_node(x, n, "Seq Scan", NULL, title);
	add_title(x, n, "Relation Name", def->name);
	if (x->options.verbose)
		add_title(x, n, "Schema", STR("public"));
	add_title(x, n, "Alias", alias);
}

static void name_join(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	enum plan_join_kind kind = p->kind == PLAN_APPLY ? p->u.apply.kind : p->u.join.kind;
	const char *type = join_type(kind), *said = strcmp(type, "Inner") == 0 ? "" : type;
	const char *space = said[0] == 0 ? "" : " ";
	bool hash = p->kind == PLAN_JOIN && p->u.join.key_count != 0;
	name_node(x, n, hash ? "Hash Join" : "Nested Loop", NULL, said[0] == 0 ? str_of(hash ? "Hash Join" : "Nested Loop")
	          : arena_strf(x->arena, "%s%s%s%s", hash ? "Hash" : "Nested Loop", space, said, " Join"));
	add_title(x, n, "Join Type", str_of(type));
	if (p->kind == PLAN_APPLY)
		return;
	struct str *items = ARENA_ARRAY(x->arena, struct str, p->u.join.key_count + 1);
	for (uint32_t i = 0; i < p->u.join.key_count; i++) {
		struct str l = explain_expr(x, p->u.join.left_keys[i], p->inputs, 1);
		struct str r = explain_expr(x, p->u.join.right_keys[i], p->inputs + 1, 1);
		items[i] = arena_strf(x->arena, "(%.*s = %.*s)", STR_ARG(l), STR_ARG(r));
	}
	add_conditions(x, n, "Hash Cond", items, p->u.join.key_count);
	if (p->u.join.residual != NULL)
		add_text(x, n, "Join Filter", explain_expr(x, p->u.join.residual, p->inputs, 2));
}

static void name_aggregate(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	bool keys = p->u.aggregate.key_count != 0, sorted = keys && p->u.aggregate.input_sorted;
	name_node(x, n, "Aggregate", !keys ? "Plain" : sorted ? "Sorted" : "Hashed",
	          !keys ? STR("Aggregate") : sorted ? STR("GroupAggregate") : STR("HashAggregate"));
	add_keys(x, n, "Group Key", p, p->u.aggregate.keys, p->u.aggregate.key_count);
}

static void name_distinct(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	struct str *items = ARENA_ARRAY(x->arena, struct str, p->column_count + 1);
	name_node(x, n, "Aggregate", "Hashed", STR("HashAggregate"));
	for (uint32_t i = 0; i < p->column_count; i++)
		items[i] = explain_column(x, p, i);
	add_list(x, n, "Group Key", items, p->column_count);
}

static void name_rows(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	struct str name = p->kind == PLAN_FUNCTION ? p->u.function.name : p->kind == PLAN_CTE ? p->u.cte->name
		: STR("generate_series");
	bool cte = p->kind == PLAN_CTE;
	const char *type = cte ? "CTE Scan" : "Function Scan";
	name_node(x, n, type, NULL, arena_strf(x->arena, "%s on %.*s", type, STR_ARG(name)));
	add_title(x, n, cte ? "CTE Name" : "Function Name", name);
	add_title(x, n, "Alias", name);
}

static void name_set(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	struct str command = arena_strf(x->arena, "%s%s", p->u.set.except ? "Except" : "Intersect",
	                                p->u.set.all ? " All" : "");
	name_node(x, n, "SetOp", "Hashed", arena_strf(x->arena, "HashSetOp %.*s", STR_ARG(command)));
	add_title(x, n, "Command", command);
}

static void name_any(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	static const char *const names[PLAN_KIND_COUNT] = {[PLAN_LIMIT] = "Limit", [PLAN_UNNEST] = "ProjectSet",
		[PLAN_UNION] = "Append", [PLAN_WINDOW] = "WindowAgg", [PLAN_FILL] = "Fill", [PLAN_TOTALS] = "Totals"};
	switch (p->kind) {
	case PLAN_SCAN: name_scan(x, n, p); return;
	case PLAN_JOIN: case PLAN_APPLY: name_join(x, n, p); return;
	case PLAN_AGGREGATE: name_aggregate(x, n, p); return;
	case PLAN_DISTINCT: name_distinct(x, n, p); return;
	case PLAN_SET: name_set(x, n, p); return;
	case PLAN_SERIES: case PLAN_FUNCTION: case PLAN_CTE: name_rows(x, n, p); return;
	case PLAN_SORT:
		name_node(x, n, "Sort", NULL, STR("Sort"));
		add_order(x, n, p);
		return;
	case PLAN_LIMIT_BY:
		name_node(x, n, "Unique", NULL, STR("Unique"));
		add_keys(x, n, "Group Key", p, p->u.limit_by.keys, p->u.limit_by.key_count);
		return;
	case PLAN_COUNT_ROWS:
		name_node(x, n, "Result", NULL, STR("Result"));
		add_text(x, n, "Row Count Of", p->u.count_rows.table->def->name);
		return;
	case PLAN_VALUES:
		if (p->column_count != 0 && p->u.values.row_count != 1) {
			name_node(x, n, "Values Scan", NULL, STR("Values Scan on \"*VALUES*\""));
			add_title(x, n, "Alias", STR("*VALUES*"));
			return;
		}
		break;
	default:
		break;
	}
	const char *name = names[p->kind] == NULL ? "Result" : names[p->kind];
	name_node(x, n, name, NULL, str_of(name));
}

/* ---- estimates ---- */

static double estimate(const struct plan *p, const double *inputs)
{
	double in = p->input_count == 0 ? 1 : inputs[0];
	if (p->estimated_rows >= 0)
		return p->estimated_rows;
	switch (p->kind) {
	case PLAN_VALUES: return p->u.values.row_count;
	case PLAN_COUNT_ROWS: case PLAN_TOTALS_ROW: return 1;
	case PLAN_SCAN: return p->u.scan.filter_count != 0 ? 333 : 1000;
	case PLAN_SERIES: case PLAN_FUNCTION: case PLAN_CTE: return 1000;
	case PLAN_FILTER: return in / 3 < 1 ? 1 : in / 3;
	case PLAN_AGGREGATE: return p->u.aggregate.key_count == 0 ? 1 : in < 200 ? in : 200;
	case PLAN_DISTINCT: return in < 200 ? in : 200;
	case PLAN_JOIN: return in > inputs[1] ? in : inputs[1];
	case PLAN_UNNEST: return 10 * in;
	case PLAN_SORT: return p->u.sort.limit != 0 && (double)p->u.sort.limit < in ? (double)p->u.sort.limit : in;
	case PLAN_UNION:
		for (uint32_t i = 1; i < p->input_count; i++)
			in += inputs[i];
		return in;
	default: return in;
	}
}

/* Rows of a LIMIT whose number is written in the query. */
static double limited(const struct plan *p, double rows)
{
	const struct expr *l = p->kind == PLAN_LIMIT ? p->u.limit.limit : NULL;
	if (l == NULL || l->kind != EXPR_CONSTANT || l->type->id != TYPE_UINT64 || vector_is_null(l->constant, 0))
		return rows;
	double n = (double)*(const uint64_t *)l->constant->data;
	return n < rows ? n : rows;
}

static uint32_t width_of(const struct plan *p)
{
	uint32_t width = 0;
	for (uint32_t i = 0; i < p->column_count; i++) {
		const struct type *t = p->types[i];
		int length = t->id == TYPE_ARRAY ? -1 : face_info(type_face(t))->length;
		width += length > 0 ? (uint32_t)length : 32;
	}
	return width;
}

static bool is_breaker(const struct plan *p)
{
	switch (p->kind) {
	case PLAN_AGGREGATE: case PLAN_SORT: case PLAN_SET: case PLAN_WINDOW: case PLAN_DISTINCT: return true;
	default: return false;
	}
}

static void measure(struct explain_node *n, const struct plan *p)
{
	double below = 0, below_ms = 0, in = 0;
	for (size_t i = 0; i < n->child_count; i++) {
		below += n->children[i]->total_cost;
		below_ms += n->children[i]->total_ms * (double)n->children[i]->loops;
		in += n->children[i]->rows;
	}
	n->startup_cost = n->child_count == 0 ? 0 : is_breaker(p) ? below + in * 0.01 : n->children[0]->startup_cost;
	n->total_cost = below + (in + n->rows) * 0.01;
	if (n->total_cost < n->startup_cost)
		n->total_cost = n->startup_cost;
	if (!n->executed)
		return;
	n->total_ms += below_ms / (double)n->loops;
	n->startup_ms = n->child_count == 0 ? 0 : is_breaker(p) ? n->total_ms : n->children[0]->startup_ms;
}

/* ---- the tree ---- */

enum { FILTERS_MAX = 32 };

/* A node of PostgreSQL's: a plan node, and the projections and filters above it. */
struct merged {
	const struct plan *base;
	const struct plan *filters[FILTERS_MAX];
	size_t filter_count;
	const struct plan *top_filter; /* whose rows come out */
	int64_t busy_ns;
};

static void merge_down(const struct explainer *x, const struct plan *p, struct merged *m)
{
	*m = (struct merged){.base = p};
	for (;; p = p->inputs[0]) {
		const struct profile_node *n = profile_of(x->profile, p);
		m->busy_ns += n == NULL ? 0 : n->busy_ns;
		m->base = p;
		bool filter = p->kind == PLAN_FILTER && m->filter_count < FILTERS_MAX;
		if (!filter && p->kind != PLAN_PROJECT && p->kind != PLAN_FETCH && p->kind != PLAN_TOTALS)
			return;
		if (filter) {
			m->top_filter = m->filter_count == 0 ? p : m->top_filter;
			m->filters[m->filter_count++] = p;
		}
	}
}

static void add_filters(struct explainer *x, struct explain_node *n, const struct merged *m)
{
	const struct plan *b = m->base;
	uint32_t own = b->kind == PLAN_SCAN ? b->u.scan.prewhere_count : 0;
	struct str *items = ARENA_ARRAY(x->arena, struct str, own + m->filter_count + 1);
	struct plan *self = (struct plan *)(uintptr_t)b;
	size_t count = 0;
	for (uint32_t i = 0; i < own; i++)
		items[count++] = explain_expr(x, b->u.scan.filters[i], &self, 1);
	for (size_t i = m->filter_count; i-- != 0;)
		items[count++] = explain_expr(x, m->filters[i]->u.filter.predicate, m->filters[i]->inputs, 1);
	add_conditions(x, n, "Filter", items, count);
}

static void add_actual(struct explainer *x, struct explain_node *n, const struct merged *m)
{
	const struct profile_node *base = profile_of(x->profile, m->base);
	const struct profile_node *top = m->top_filter == NULL ? base : profile_of(x->profile, m->top_filter);
	if (base == NULL || base->loops == 0)
		return;
	n->executed = true;
	n->loops = base->loops;
	n->actual_rows = top == NULL ? 0 : (double)top->rows / (double)n->loops;
	n->total_ms = (double)m->busy_ns / 1e6 / (double)n->loops;
	uint64_t before = base->read_rows > base->rows ? base->read_rows : base->rows, after = top == NULL ? 0 : top->rows;
	bool filtered = m->filter_count != 0 || (m->base->kind == PLAN_SCAN && m->base->u.scan.prewhere_count != 0);
	if (filtered && before > after)
		add_number(x, n, "Rows Removed by Filter", (before - after) / n->loops);
	if (m->base->kind != PLAN_SCAN)
		return;
	if (base->granules_total != 0)
		add_text(x, n, "Granules", arena_strf(x->arena, "%llu of %llu in %llu part%s",
		         (unsigned long long)base->granules, (unsigned long long)base->granules_total,
		         (unsigned long long)base->parts, base->parts == 1 ? "" : "s"));
	if (x->options.buffers && base->read_bytes != 0)
		add(x, n, "Buffers", EXPLAIN_TEXT_VALUE, false)->value = arena_strf(x->arena, "shared read=%llu",
			(unsigned long long)((base->read_bytes + 8191) / 8192));
}

static struct explain_node *new_node(struct explainer *x, const char *relationship)
{
	struct explain_node *n = ARENA_NEW(x->arena, struct explain_node);
	n->relationship = relationship;
	return n;
}

static void add_child(struct explainer *x, struct explain_node *n, struct explain_node *child)
{
	ARENA_PUSH(x->arena, n->children, n->child_count, n->child_capacity, child);
}

/* The side of a hash join that is read into a table first. */
static struct explain_node *hash_node(struct explainer *x, const struct plan *right)
{
	struct explain_node *n = new_node(x, "Inner"), *below = explain_pg_node(x, right, "Outer");
	name_node(x, n, "Hash", NULL, STR("Hash"));
	add_child(x, n, below);
	n->startup_cost = n->total_cost = below->total_cost;
	n->rows = below->rows;
	n->width = below->width;
	n->executed = below->executed;
	n->loops = below->loops;
	n->actual_rows = below->actual_rows;
	n->startup_ms = n->total_ms = below->total_ms;
	return n;
}

static void add_inputs(struct explainer *x, struct explain_node *n, const struct plan *p)
{
	double rows[2] = {0, 0}, all = 0;
	for (uint32_t i = 0; i < p->input_count; i++) {
		const char *relationship = p->kind == PLAN_UNION ? "Member" : i == 0 ? "Outer" : "Inner";
		bool hash = i == 1 && p->kind == PLAN_JOIN && p->u.join.key_count != 0;
		struct explain_node *child = hash ? hash_node(x, p->inputs[i]) : explain_pg_node(x, p->inputs[i], relationship);
		add_child(x, n, child);
		rows[i < 2 ? i : 1] = child->rows;
		all += child->rows;
	}
	if (p->kind == PLAN_APPLY)
		add_child(x, n, explain_pg_node(x, p->u.apply.right, "Inner"));
	n->rows = p->kind == PLAN_UNION && p->estimated_rows < 0 ? all : limited(p, estimate(p, rows));
}

static struct explain_node *describe(struct explainer *x, const struct plan *p, struct explain_node *n)
{
	struct merged m;
	merge_down(x, p, &m);
	name_any(x, n, m.base);
	if (x->options.verbose) {
		struct str *items = ARENA_ARRAY(x->arena, struct str, p->column_count + 1);
		for (uint32_t i = 0; i < p->column_count; i++)
			items[i] = explain_column(x, p, i);
		add_list(x, n, "Output", items, p->column_count);
	}
	add_filters(x, n, &m);
	if (x->options.analyze)
		add_actual(x, n, &m);
	add_inputs(x, n, m.base);
	for (size_t i = 0; i < m.filter_count && p->estimated_rows < 0; i++)
		n->rows = n->rows / 3 < 1 ? 1 : n->rows / 3;
	n->width = width_of(p);
	measure(n, m.base);
	return n;
}

struct explain_node *explain_pg_node(struct explainer *x, const struct plan *p, const char *relationship)
{
	return describe(x, p, new_node(x, relationship));
}

static uint32_t count_scans(const struct plan *p, unsigned depth)
{
	uint32_t n = p->kind == PLAN_SCAN || p->kind == PLAN_FUNCTION;
	if (depth > 64)
		return n;
	for (uint32_t i = 0; i < p->input_count; i++)
		n += count_scans(p->inputs[i], depth + 1);
	if (p->kind == PLAN_APPLY)
		n += count_scans(p->u.apply.right, depth + 1);
	return n;
}

struct explain_node *explain_pg_tree(struct explainer *x)
{
	x->qualify = x->options.verbose || count_scans(x->query->root, 0) > 1;
	struct explain_node *root = explain_pg_node(x, x->query->root, NULL);
	struct explain_node **own = root->children;
	size_t count = root->child_count;
	root->children = NULL;
	root->child_count = root->child_capacity = 0;
	for (uint32_t i = 0; i < x->query->cte_count; i++) {
		struct explain_node *n = new_node(x, "InitPlan");
		n->subplan = arena_strf(x->arena, "CTE %.*s", STR_ARG(x->query->ctes[i]->name));
		add_child(x, root, describe(x, x->query->ctes[i]->plan, n));
	}
	for (uint32_t i = 0; i < x->query->init_count; i++) {
		struct explain_node *n = new_node(x, "InitPlan");
		n->subplan = arena_strf(x->arena, "InitPlan %u (returns $%u)", i + 1, x->query->inits[i].slot);
		add_child(x, root, describe(x, x->query->inits[i].plan, n));
	}
	for (size_t i = 0; i < count; i++)
		add_child(x, root, own[i]);
	return root;
}

struct explain_node *explain_pg_change(struct explainer *x, struct explain_node *below, const char *operation,
                                       struct str table)
{
	struct explain_node *n = new_node(x, NULL);
	below->relationship = "Outer";
	name_node(x, n, "ModifyTable", NULL, arena_strf(x->arena, "%s on %.*s", operation, STR_ARG(table)));
	add_title(x, n, "Operation", str_of(operation));
	add_title(x, n, "Relation Name", table);
	add_title(x, n, "Alias", table);
	add_child(x, n, below);
	n->startup_cost = n->total_cost = below->total_cost;
	return n;
}
