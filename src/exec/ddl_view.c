// SPDX-License-Identifier: Apache-2.0
/* CREATE VIEW and CREATE MATERIALIZED VIEW, with TO or with an inner table. */
#include <assert.h>
#include "exec/ddl_impl.h"

enum { SOURCE_DEPTH_MAX = 64 };

/* ---- the table whose inserts fire a materialized view ---- */
static const struct ast *cte_query(const struct ast_select *q, const struct ast_table *t)
{
	if (t->name.count != 1)
		return NULL;
	AST_EACH(&q->with, w)
		if (str_eq(((struct ast_with *)w)->name.text, t->name.parts[0].text))
			return ((struct ast_with *)w)->query;
	return NULL;
}

/* The leftmost table of FROM, through joins, subqueries and CTEs; NULL when there is none. */
static const struct ast_table *source_table(const struct ast *x, unsigned depth)
{
	const struct ast_select *q = NULL;
	while (x != NULL && depth++ < SOURCE_DEPTH_MAX) {
		switch (x->kind) {
		case AST_SELECT:
			q = (const struct ast_select *)x;
			x = q->form != SELECT_PLAIN ? (q->operands.count == 0 ? NULL : q->operands.items[0])
			                            : (q->from.count == 0 ? NULL : q->from.items[0]);
			break;
		case AST_JOIN:
			x = ((const struct ast_join *)x)->left;
			break;
		case AST_ARRAY_JOIN:
			x = ((const struct ast_array_join *)x)->source;
			break;
		case AST_TABLE: {
			const struct ast_table *t = (const struct ast_table *)x;
			if (t->form == TABLE_SUBQUERY) {
				x = t->query;
				break;
			}
			if (t->form != TABLE_NAME)
				return NULL;
			const struct ast *cte = q == NULL ? NULL : cte_query(q, t);
			if (cte == NULL)
				return t;
			x = cte;
			break;
		}
		default:
			return NULL;
		}
	}
	return NULL;
}

static enum status set_source(struct ddl_context *c, struct table_def *def, const struct ast *query, struct error *err)
{
	const struct ast_table *t = source_table(query, 0);
	struct table *source;
	def->from_database = def->from_table = STR("");
	if (t == NULL)
		return OK;
	TRY(ddl_find_table(c, &t->name, false, &source, err));
	def->from_database = arena_str(&def->arena, source->def->database);
	def->from_table = arena_str(&def->arena, source->def->name);
	return OK;
}

/* ---- columns ---- */
static enum status target_of(struct ddl_context *c, const struct table_def *def, struct table **out, struct error *err)
{
	*out = NULL;
	if (def->kind != TABLE_MATERIALIZED_VIEW || def->to_table.size == 0)
		return OK;
	return catalog_find_table(c->catalog, c->txn, def->to_database, STR(""), def->to_table, out, err);
}

/* ClickHouse stores a view's query with the database of each table, found when the view is made. */
struct qualifying {
	struct ddl_context *c;
	struct ast_list *hidden;     /* WITH names */
};

static bool note_with(struct ast *x, void *arg)
{
	struct qualifying *q = arg;
	if (x->kind == AST_WITH)
		ast_list_push(q->c->arena, q->hidden, x);
	return true;
}

static bool qualify(struct ast *x, void *arg)
{
	struct qualifying *q = arg;
	struct ast_table *t = (struct ast_table *)x;
	struct table *found;
	struct error ignored;
	if (x->kind != AST_TABLE || t->form != TABLE_NAME || t->name.count != 1)
		return true;
	AST_EACH(q->hidden, w)
		if (str_eq(((struct ast_with *)w)->name.text, t->name.parts[0].text))
			return true;
	error_init(&ignored);
	if (ddl_find_table(q->c, &t->name, true, &found, &ignored) != OK || found == NULL || found->def->temporary
	    || found->def->database.size == 0 || !str_eq(found->def->schema, STR("public")))
		return true;
	struct name_part *parts = ARENA_ARRAY(q->c->arena, struct name_part, 2);
	parts[0].text = arena_str(q->c->arena, found->def->database);
	parts[1] = t->name.parts[0];
	t->name.parts = parts;
	t->name.count = 2;
	return true;
}

static const struct ast *qualified(struct ddl_context *c, const struct ast *query)
{
	struct ast_list hidden = {0};
	struct qualifying q = {c, &hidden};
	if (ddl_is_pg(c))
		return query;
	struct ast *copy = ast_clone(c->arena, query);
	ast_walk(copy, note_with, &q);
	ast_walk(copy, qualify, &q);
	return copy;
}

/* What a materialized view computes has a place in the table it fills. */
static enum status check_target(const struct table_def *target, const struct query_plan *plan, struct error *err)
{
	for (uint32_t i = 0; i < plan->visible_columns; i++)
		if (table_def_column(target, plan->root->names[i]) == NULL)
			return ERR(err, E_THERE_IS_NO_COLUMN, "Column %.*s does not exist in the materialized view's target table %.*s",
			           STR_ARG(plan->root->names[i]), STR_ARG(target->name));
	return OK;
}

static bool find_parameter(struct ast *x, void *arg)
{
	const struct ast_parameter *p = (const struct ast_parameter *)x;
	struct qualifying *q = arg;
	if (x->kind == AST_PARAMETER && p->name.data != NULL &&
	    (q->c->named == NULL || strmap_get(q->c->named, p->name) == NULL))
		ast_list_push(q->c->arena, q->hidden, x);
	return true;
}

/* Whether the query has parameters that nothing says yet: such a view is called, v(x = 5), and has no columns. */
static bool has_parameters(struct ddl_context *c, const struct ast *query)
{
	struct ast_list found = {0};
	struct qualifying q = {c, &found};
	ast_walk((struct ast *)query, find_parameter, &q);
	return found.count != 0;
}

enum status ddl_view_query(struct ddl_context *c, struct table_def *def, const struct ast *query, struct error *err)
{
	struct ddl_columns to = {.c = c, .def = def};
	struct bind_config config = ddl_bind_config(c, err);
	struct query_plan *plan;
	struct table *target;
	def->as_select = ddl_stored(c, &def->arena, qualified(c, query));
	if (def->kind == TABLE_VIEW && has_parameters(c, query))
		return OK;
	TRY(target_of(c, def, &target, err));
	enum status st = target != NULL ? bind_view(&config, &def->as_select, NULL, target->def, NULL, NULL, &plan)
	                                : bind_query(&config, query, &plan);
	if (st == OK && target != NULL)
		st = check_target(target->def, plan, err);
	table_release(target);
	TRY(st);
	if (def->kind == TABLE_MATERIALIZED_VIEW)
		TRY(set_source(c, def, query, err));
	uint32_t given = def->column_count;
	if (given > plan->visible_columns)
		return ERR(err, E_SYNTAX, "a view cannot have more columns than its query");
	for (uint32_t i = 0; i < plan->visible_columns; i++) {
		const struct type *type;
		TRY(ddl_storable(c->arena, plan->root->types[i], &type, err));
		if (i < given) {
			if (def->columns[i].type == NULL)
				def->columns[i].type = type_copy(&def->arena, type);
			continue;
		}
		struct str name = plan->root->names[i];
		if (table_def_column(def, name) != NULL)
			return ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" specified more than once", STR_ARG(name));
		to.capacity = def->column_count == given ? given : to.capacity;
		ddl_push_column(&to, name, type);
	}
	return OK;
}

/* (a, b) gives names, definitions give types too. */
static enum status declared_columns(struct ddl_context *c, struct table_def *def, const struct ast_list *columns,
                                    struct error *err)
{
	struct ddl_columns to = {.c = c, .def = def};
	AST_EACH(columns, x) {
		if (x->kind == AST_COLUMN_DEF) {
			TRY(ddl_add_column(&to, (struct ast_column_def *)x, err));
		} else if (x->kind == AST_IDENTIFIER) {
			struct column_def *d = ddl_push_column(&to, name_last(&((struct ast_identifier *)x)->name),
			                                       type_simple(TYPE_STRING));
			d->type = NULL;
		}
	}
	return OK;
}

/* ---- inner tables ---- */
static enum status create_inner(struct ddl_context *c, const struct table_def *view, const struct ast_create_view *x,
                                struct error *err)
{
	struct table_def *def = table_def_new(NULL);
	struct arena *a = &def->arena;
	struct ddl_columns to = {.c = c, .def = def};
	def->dialect = view->dialect;
	def->database = arena_str(a, view->database);
	def->schema = STR("public");
	def->name = arena_strf(a, ".inner.%.*s", STR_ARG(view->name));
	def->owner = arena_str(a, view->owner);
	for (uint32_t i = 0; i < view->column_count; i++)
		ddl_push_column(&to, view->columns[i].name, view->columns[i].type);
	enum status st = ddl_storage(c, def, x->storage, err);
	if (st == OK && ddl_is_merge_tree(def->engine) && def->order_by.text.size == 0) {
		def->order_by = def->primary_key.text.size != 0
			? def->primary_key
			: (struct stored_sql){.text = STR("tuple()"), .dialect = DIALECT_CLICKHOUSE, .database = STR(""),
			                      .search_path = STR("")};
	}
	if (st == OK)
		st = ddl_check_expressions(c, def, err);
	if (st != OK) {
		table_def_unref(def);
		return st;
	}
	return catalog_create_table(c->catalog, c->txn, def, err);
}

static enum status set_target(struct ddl_context *c, struct table_def *def, const struct ast_create_view *x,
                              struct error *err)
{
	struct table *target;
	if (x->to.count == 0)
		return OK;
	TRY(ddl_find_table(c, &x->to, false, &target, err));
	def->to_database = arena_str(&def->arena, target->def->database);
	def->to_table = arena_str(&def->arena, target->def->name);
	return OK;
}

/* ---- the statement ---- */
static enum status replace_view(struct ddl_context *c, const struct ast_create_view *x, const struct ddl_place *place,
                                bool *skip, struct error *err)
{
	struct table *t;
	struct error ignored;
	*skip = false;
	error_init(&ignored);
	if (catalog_find_table(c->catalog, c->txn, place->database, place->schema, place->name, &t, &ignored) != OK)
		return OK;
	enum status st = OK;
	if (x->if_not_exists) {
		*skip = true;
		ddl_say(c, "NOTICE", E_TABLE_EXISTS, "relation \"%.*s\" already exists, skipping", STR_ARG(place->name));
	} else if (x->or_replace && t->def->kind != TABLE_TABLE) {
		st = ddl_drop_one_table(c, t, err);
	} else if (ddl_is_pg(c)) {
		st = ERR(err, E_TABLE_EXISTS, "relation \"%.*s\" already exists", STR_ARG(place->name));
	} else {
		st = ERR(err, E_TABLE_EXISTS, "Table %.*s.%.*s already exists", STR_ARG(place->database), STR_ARG(place->name));
	}
	table_release(t);
	return st;
}

static enum status check_supported(const struct ast_create_view *x, struct error *err)
{
	if (x->live)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: LIVE VIEW");
	if (x->refresh != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: REFRESH of a materialized view");
	if (x->recursive)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: recursive views");
	if (x->populate && x->to.count != 0)
		return ERR(err, E_SYNTAX, "POPULATE does not go with TO");
	return OK;
}

/* PostgreSQL's materialized view is a table that is filled once; ours follows its source from then on. */
static enum status fill(struct ddl_context *c, const struct table_def *view, const struct ast_create_view *x,
                        struct ddl_result *out, struct error *err)
{
	bool populate = x->populate || (ddl_is_pg(c) && x->to.count == 0 && !x->no_data);
	if (!x->materialized || !populate)
		return OK;
	struct name_part parts[3] = {{.text = view->database, .quoted = true}, {.text = STR("public"), .quoted = true},
	                             {.text = arena_strf(c->arena, ".inner.%.*s", STR_ARG(view->name)), .quoted = true}};
	const struct name full = {parts, 3};
	out->fill_query = x->query;
	if (ddl_is_pg(c))
		out->tag = "SELECT";
	return ddl_find_table(c, &full, false, &out->fill_table, err);
}

enum status ddl_create_view(struct ddl_context *c, const struct ast_create_view *x, struct ddl_result *out,
                            struct error *err)
{
	struct ddl_place place;
	struct str comment;
	bool skip;
	TRY(check_supported(x, err));
	TRY(ddl_new_place(c, &x->name, false, &place, err));
	TRY(replace_view(c, x, &place, &skip, err));
	if (skip)
		return OK;
	struct table_def *def = table_def_new(NULL);
	struct arena *a = &def->arena;
	def->kind = x->materialized ? TABLE_MATERIALIZED_VIEW : TABLE_VIEW;
	def->engine = x->materialized ? STR("MaterializedView") : STR("View");
	def->dialect = c->session->dialect;
	def->database = arena_str(a, place.database);
	def->schema = arena_str(a, place.schema);
	def->name = arena_str(a, place.name);
	def->owner = arena_str(a, c->user);
	if (x->comment != NULL && ddl_is_string(x->comment, &comment))
		def->comment = arena_str(a, comment);
	enum status st = set_target(c, def, x, err);
	if (st == OK)
		st = declared_columns(c, def, &x->columns, err);
	if (st == OK)
		st = ddl_view_query(c, def, x->query, err);
	if (st == OK && x->materialized && x->to.count == 0)
		st = create_inner(c, def, x, err);
	if (st == OK)
		st = fill(c, def, x, out, err);
	if (st != OK) {
		table_def_unref(def);
		return st;
	}
	return catalog_create_table(c->catalog, c->txn, def, err);
}

enum status ddl_refresh(struct ddl_context *c, const struct name *view, struct table **to, struct ast **query,
                        struct error *err)
{
	struct table *t;
	TRY(ddl_find_table(c, view, false, &t, err));
	const struct table_def *d = t->def;
	if (d->kind != TABLE_MATERIALIZED_VIEW)
		return ERR(err, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a materialized view", STR_ARG(d->name));
	if (d->to_table.size != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: REFRESH of a materialized view that writes to another table");
	struct parse_options options = {.dialect = d->as_select.dialect};
	struct name_part *parts = ARENA_ARRAY(c->arena, struct name_part, view->count);
	memcpy(parts, view->parts, view->count * sizeof *parts);
	parts[view->count - 1].text = arena_strf(c->arena, ".inner.%.*s", STR_ARG(d->name));
	TRY(parse_statement(c->arena, d->as_select.text, &options, query, err));
	TRY(ddl_truncate_one(c, t, err));
	return ddl_find_table(c, &(struct name){parts, view->count}, false, to, err);
}
