// SPDX-License-Identifier: Apache-2.0
/* FROM: tables, views, CTEs and subqueries. Each adds its columns to the scope and its rows to the scope's plan. */
#include "catalog/objects.h"
#include "parse/parser.h"
#include "plan/binder_impl.h"

enum { VIEW_DEPTH_MAX = 32 };

static void release_table(void *t)
{
	table_release(t);
}

/* ---- columns of a table ---- */

/* The type and the expression under which the dialect sees a stored column. */
enum status bind_face(struct binder *b, struct expr *column, struct expr **out)
{
	const struct type *t = column->type, *to;
	*out = column;
	if (b->dialect != DIALECT_POSTGRESQL)
		return OK;
	switch (t->id) {
	case TYPE_INT8:
	case TYPE_UINT8:
		to = type_simple(TYPE_INT16);
		break;
	case TYPE_UINT16:
		to = type_simple(TYPE_INT32);
		break;
	case TYPE_UINT32:
		if (t->face == FACE_OID || t->face == FACE_REGCLASS || t->face == FACE_REGTYPE || t->face == FACE_REGPROC ||
		    t->face == FACE_REGNAMESPACE)
			return OK;
		to = type_simple(TYPE_INT64);
		break;
	case TYPE_UINT64:
		if (t->face == FACE_INT2)
			to = type_simple(TYPE_INT16);
		else if (t->face == FACE_INT4)
			to = type_simple(TYPE_INT32);
		else if (t->face == FACE_INT8)
			to = type_simple(TYPE_INT64);
		else
			return OK;
		break;
	default:
		/* interval, and the bare numeric, are stored in other types than they are computed in */
		to = type_of_face(b->arena, t);
		return type_equal_physical(t, to) ? OK : expr_cast(&b->env, column, to, CAST_PG, out);
	}
	if (t->nullable)
		to = type_nullable(b->arena, to);
	return expr_cast(&b->env, column, to, CAST_IMPLICIT, out);
}

static enum status add_column(struct binder *b, struct scope *s, struct table *t, struct str alias,
                              const struct column_def *d, uint32_t index, size_t first)
{
	struct expr *x = NULL;
	if (d->default_kind == COLUMN_ALIAS)
		x = bind_null(b, type_simple(TYPE_NOTHING)); /* never read: references expand */
	else
		TRY(bind_face(b, expr_column(b->arena, index, d->type, d->name), &x));
	if (x == NULL)
		return b->err->status;
	struct scope_column *c = scope_add(b, s, x, alias, d->name);
	c->type = d->type;
	c->database = t->def->database;
	c->schema = t->def->schema;
	c->table = t->def->name;
	c->relation_first = (uint32_t)first;
	c->table_oid = t->def->oid;
	c->attnum = d->attnum;
	c->hidden = d->hidden;
	c->materialized = d->default_kind == COLUMN_MATERIALIZED;
	if (d->default_kind == COLUMN_ALIAS) {
		c->def = t->def;
		c->alias_column = d;
		c->is_alias = true;
	}
	return OK;
}

static enum status virtual_columns(struct binder *b, struct scope *s, struct table *t, struct str alias, struct plan *p,
                                   uint32_t at, size_t first)
{
	for (uint32_t i = 0; i < t->ops->virtual_column_count; i++, at++) {
		const struct virtual_column *v = &t->ops->virtual_columns[i];
		const struct type *type;
		TRY(type_parse(b->arena, str_of(v->type), &type, b->err));
		p->types[at] = type;
		p->names[at] = str_of(v->name);
		p->u.scan.columns[at] = COLUMN_VIRTUAL | i;
		struct expr *x;
		TRY(bind_face(b, expr_column(b->arena, at, type, str_of(v->name)), &x));
		struct scope_column *c = scope_add(b, s, x, alias, str_of(v->name));
		c->hidden = true;
		c->relation_first = (uint32_t)first;
	}
	return OK;
}

/* Arrays, maps and tuples whose NULLs a hidden column keeps: PostgreSQL sees them, ClickHouse has none of that kind. */
static enum status nullable_columns(struct binder *b, struct scope *s, const struct table_def *def, size_t first)
{
	for (size_t i = first; i < s->column_count && b->dialect == DIALECT_POSTGRESQL; i++) {
		struct scope_column *mask = &s->columns[i];
		if (!mask->hidden || mask->attnum != 0 || !str_starts_with(mask->name, STR("__null_")))
			continue;
		for (size_t k = first; k < s->column_count; k++) {
			const struct column_def *d = table_def_column(def, s->columns[k].name);
			const struct column_def *mine = d == NULL ? NULL : table_def_null_column(def, d);
			if (mine == NULL || !str_eq(mine->name, mask->name) || d->not_null)
				continue;
			struct expr *args[2] = {s->columns[k].expr, mask->expr};
			const struct expr *column = table_def_column(def, mask->name) == NULL ? NULL : mask->expr;
			if (column != NULL && column->kind == EXPR_CALL)
				args[1] = column->args[0]; /* as it is stored, not under its face */
			TRY(bind_function(b, STR("withNulls"), args, 2, 0, &s->columns[k].expr));
			s->columns[k].expr->name = s->columns[k].name;
			s->columns[k].type = s->columns[k].expr->type;
		}
	}
	return OK;
}

static bool finalizes_on_read(const struct table_def *def)
{
	const char *v = table_def_setting(def, "finalize_on_read");
	return v != NULL && strcmp(v, "0") != 0 && strcmp(v, "false") != 0;
}

/* States of a table that finalises on read come out as finished values. */
static enum status finalize_states(struct binder *b, struct scope *s, size_t first)
{
	for (size_t i = first; i < s->column_count; i++) {
		struct scope_column *c = &s->columns[i];
		if (c->is_alias || c->expr->type->id != TYPE_AGGSTATE)
			continue;
		struct expr *state = c->expr;
		TRY(bind_function(b, STR("finalizeAggregation"), &state, 1, 0, &c->expr));
		c->expr->name = c->name;
		c->type = c->expr->type;
	}
	return OK;
}

enum status bind_table_columns(struct binder *b, struct scope *s, struct table *t, struct str alias)
{
	const struct table_def *def = t->def;
	size_t first = s->column_count;
	uint32_t stored = 0;
	for (uint32_t i = 0; i < def->column_count; i++)
		stored += def->columns[i].default_kind != COLUMN_ALIAS && def->columns[i].default_kind != COLUMN_EPHEMERAL;
	struct plan *p = plan_new(b->arena, PLAN_SCAN, stored + t->ops->virtual_column_count);
	p->u.scan.table = t;
	p->u.scan.alias = alias;
	p->u.scan.columns = ARENA_ARRAY(b->arena, uint32_t, p->column_count + 1);
	uint32_t at = 0;
	for (uint32_t i = 0; i < def->column_count; i++) {
		const struct column_def *d = &def->columns[i];
		if (d->default_kind == COLUMN_EPHEMERAL)
			continue;
		TRY(add_column(b, s, t, alias, d, at, first));
		if (d->default_kind == COLUMN_ALIAS)
			continue;
		p->types[at] = d->type;
		p->names[at] = d->name;
		p->u.scan.columns[at++] = i;
	}
	TRY(nullable_columns(b, s, def, first));
	TRY(virtual_columns(b, s, t, alias, p, at, first));
	if (finalizes_on_read(def)) {
		p->u.scan.final = true;
		TRY(finalize_states(b, s, first));
	}
	s->plan = p;
	b->query->reads_tables = true;
	return OK;
}

/* ---- subqueries, views, CTEs ---- */

static enum status too_many_names(struct binder *b, struct str alias, uint32_t have, uint32_t given)
{
	ERR(b->err, E_INVALID_COLUMN_REFERENCE, "table \"%.*s\" has %u columns available but %u columns specified",
	    STR_ARG(alias), have, given);
	return error_at(b->err, NO_POSITION);
}

/* The output columns of `inner` become columns of s under an alias, with other names where the alias lists them. */
static enum status add_rows(struct binder *b, struct scope *s, struct scope *inner, struct plan *plan, struct str alias,
                            const struct ast_list *names)
{
	size_t first = s->column_count;
	uint32_t given = names == NULL ? 0 : names->count;
	if (given > plan->column_count)
		return too_many_names(b, alias, plan->column_count, given);
	for (uint32_t i = 0; i < plan->column_count; i++) {
		struct str name = plan->names[i];
		if (i < given && names->items[i]->kind == AST_IDENTIFIER)
			name = name_last(&((struct ast_identifier *)names->items[i])->name);
		struct scope_column *c = scope_add(b, s, expr_column(b->arena, i, plan->types[i], name), alias, name);
		c->relation_first = (uint32_t)first;
		if (inner != NULL && i < inner->column_count) {
			c->table_oid = inner->columns[i].table_oid;
			c->attnum = inner->columns[i].attnum;
		}
	}
	s->plan = plan;
	s->totals = inner != NULL ? inner->totals : NULL;
	return OK;
}

static struct str alias_of(const struct ast_table *t, struct str otherwise)
{
	return t->ast.alias != NULL ? t->ast.alias->text : otherwise;
}

static enum status bind_subquery_table(struct binder *b, struct scope *s, const struct ast_table *t)
{
	struct scope *inner;
	if (t->ast.alias == NULL && b->dialect == DIALECT_POSTGRESQL) {
		ERR(b->err, E_SYNTAX, "subquery in FROM must have an alias");
		error_hint(b->err, "For example, FROM (SELECT ...) [AS] foo.");
		return error_at(b->err, t->ast.position);
	}
	/* the enclosing FROM is not visible inside, what encloses it is */
	TRY(bind_select(b, s->parent, (const struct ast_select *)t->query, s->correlation, s->ctes, &inner));
	return add_rows(b, s, inner, inner->plan, alias_of(t, STR("")), &t->columns);
}

static enum status bind_cte(struct binder *b, struct scope *s, const struct ast_table *t, struct cte_entry *e)
{
	struct scope *inner;
	struct plan *plan;
	if (e->busy && e->work_type != NULL) {
		TRY(bind_recursive_reference(b, s, e, &plan));
		return add_rows(b, s, NULL, plan, alias_of(t, e->name), &t->columns);
	}
	if (e->busy)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: mutual recursion between WITH queries");
	if (bind_is_recursive(e)) {
		e->busy = true;
		enum status recursive = bind_recursive(b, e, &plan);
		e->busy = false;
		TRY(recursive);
		return add_rows(b, s, NULL, plan, alias_of(t, e->name), &t->columns);
	}
	if (e->with->query->kind != AST_SELECT)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: data-modifying statements in WITH");
	e->busy = true;
	/* bound anew for each reader, so that each prunes columns and pushes filters for itself */
	struct cte_entry *visible = b->dialect == DIALECT_POSTGRESQL || e->visible != NULL ? e->visible : NULL;
	enum status status = bind_select(b, e->scope->parent, (const struct ast_select *)e->with->query, e->scope->correlation,
	                                 visible, &inner);
	e->busy = false;
	TRY(status);
	if (e->with->columns.count != 0) {
		struct plan *p = inner->plan;
		if (e->with->columns.count > p->column_count && b->dialect == DIALECT_POSTGRESQL) {
			ERR(b->err, E_INVALID_COLUMN_REFERENCE, "WITH query \"%.*s\" has %u columns available but %u columns specified",
			    STR_ARG(e->name), p->column_count, e->with->columns.count);
			return error_at(b->err, e->with->ast.position);
		}
		for (uint32_t i = 0; i < p->column_count && i < e->with->columns.count; i++)
			p->names[i] = name_last(&((struct ast_identifier *)e->with->columns.items[i])->name);
	}
	return add_rows(b, s, inner, inner->plan, alias_of(t, e->name), &t->columns);
}

/* A view's query; `values`: what its parameters are, NULL: it has none, or the statement's. */
static enum status bind_view_query(struct binder *b, struct scope *s, struct table *view, struct str alias,
                                   const struct ast_list *names, const struct strmap *values)
{
	const struct stored_sql *sql = &view->def->as_select;
	struct parse_options options = {.dialect = sql->dialect, .max_elements = 1000000};
	struct ast *ast;
	struct scope *inner;
	struct eval_session saved = b->own_session;
	enum dialect dialect = b->dialect;
	if (b->view_depth >= VIEW_DEPTH_MAX)
		return ERR(b->err, E_AST_TOO_DEEP, "Views are nested too deeply");
	TRY(parse_statement(b->arena, sql->text, &options, &ast, b->err));
	/* its dialect and its names are those it was written under */
	b->dialect = b->own_session.dialect = sql->dialect;
	if (sql->database.size != 0)
		b->own_session.database = sql->database;
	b->own_session.search_path = sql->search_path;
	b->view_depth++;
	struct lambda_scope *lambda = b->lambda;
	const struct strmap *named = b->config->named;
	b->lambda = NULL;
	if (values != NULL)
		b->config->named = values;
	enum status status = bind_select(b, NULL, (const struct ast_select *)ast, NULL, NULL, &inner);
	b->config->named = named;
	b->lambda = lambda;
	b->view_depth--;
	b->own_session = saved;
	b->dialect = dialect;
	if (status != OK) {
		error_context(b->err, "view \"%.*s\"", STR_ARG(view->def->name));
		return status;
	}
	/* a view's columns were named when it was made */
	size_t first = s->column_count;
	TRY(add_rows(b, s, NULL, inner->plan, alias, names));
	for (uint32_t i = 0; i < view->def->column_count && first + i < s->column_count; i++) {
		struct scope_column *c = &s->columns[first + i];
		c->table_oid = view->def->oid;
		c->attnum = view->def->columns[i].attnum;
		c->database = view->def->database;
		c->schema = view->def->schema;
		if (names == NULL || names->count == 0)
			c->name = view->def->columns[i].name;
		struct expr *x = c->expr;
		if (!type_equal(x->type, view->def->columns[i].type) && view->def->columns[i].type != NULL && dialect == sql->dialect)
			TRY(expr_cast(&b->env, x, view->def->columns[i].type, CAST_CH, &c->expr));
		TRY(bind_face(b, c->expr, &c->expr));
	}
	return OK;
}

/* ---- tables ---- */

static bool is_current_schema(const struct binder *b, struct str schema)
{
	return catalog_has_schema(b->config->catalog, b->config->txn, b->session->database, schema);
}

/* Where a table name of one to three parts may be; tried in order. */
struct place {
	struct str database, schema;
};

static uint32_t places_of(struct binder *b, const struct name *n, struct place *out)
{
	uint32_t count = 0;
	struct str database = b->session->database, temporary = arena_strf(b->arena, "pg_temp_%u", b->session->process_id);
	if (n->count >= 3) {
		out[count++] = (struct place){n->parts[0].text, n->parts[1].text};
	} else if (n->count == 2) {
		struct str first = str_eq(n->parts[0].text, STR("pg_temp")) ? temporary : n->parts[0].text;
		if (b->dialect == DIALECT_POSTGRESQL) {
			if (is_current_schema(b, first))
				out[count++] = (struct place){database, first};
			out[count++] = (struct place){first, STR("")};
		} else {
			out[count++] = (struct place){first, STR("")};
			out[count++] = (struct place){database, first};
		}
	} else {
		if (is_current_schema(b, temporary))
			out[count++] = (struct place){database, temporary};
		if (b->dialect == DIALECT_POSTGRESQL)
			out[count++] = (struct place){database, STR("pg_catalog")};
		/* the schemas of the search path, "a, b" */
		struct str path = b->session->search_path;
		while (path.size != 0 && count < 12) {
			ptrdiff_t comma = str_find_char(path, ',');
			struct str one = str_trim(comma < 0 ? path : str_make(path.data, (size_t)comma));
			path = comma < 0 ? STR("") : str_make(path.data + comma + 1, path.size - (size_t)comma - 1);
			if (one.size >= 2 && one.data[0] == '"')
				one = str_make(one.data + 1, one.size - 2);
			if (one.size != 0 && !str_eq(one, STR("$user")) && !str_eq(one, STR("public")))
				out[count++] = (struct place){database, one};
		}
		out[count++] = (struct place){database, STR("")};
		if (b->dialect == DIALECT_CLICKHOUSE)
			out[count++] = (struct place){database, STR("pg_catalog")};
	}
	return count;
}

enum status bind_find_table(struct binder *b, const struct name *n, int position, struct table **out)
{
	struct place places[16];
	struct str name = name_last(n);
	if (b->config->catalog == NULL)
		return ERR(b->err, E_UNKNOWN_TABLE, "Tables cannot be used here");
	uint32_t count = places_of(b, n, places);
	struct error first;
	error_init(&first);
	for (uint32_t i = 0; i < count; i++) {
		struct error local;
		error_init(&local);
		if (catalog_find_table(b->config->catalog, b->config->txn, places[i].database, places[i].schema, name, out, &local) ==
		    OK)
			goto found;
		if (first.status == OK || n->count == 1 || (i + 1 == count && b->dialect == DIALECT_POSTGRESQL))
			first = local;
	}
	if (b->dialect == DIALECT_POSTGRESQL && !n->parts[n->count - 1].quoted)
		for (uint32_t i = 0; i < count; i++) {
			*out = catalog_find_table_nocase(b->config->catalog, b->config->txn, places[i].database, places[i].schema, name);
			if (*out != NULL)
				goto found;
		}
	if (b->dialect == DIALECT_POSTGRESQL) {
		struct strbuf text;
		strbuf_init(&text, NULL);
		for (unsigned i = 0; i < n->count; i++) {
			if (i != 0)
				strbuf_putc(&text, '.');
			strbuf_puts(&text, n->parts[i].text);
		}
		ERR(b->err, E_UNKNOWN_TABLE, "relation \"%s\" does not exist", strbuf_cstr(&text));
		strbuf_fini(&text);
	} else if (b->err != NULL && !error_is_set(b->err)) {
		*b->err = first;
	}
	return error_at(b->err, position);
found:
	arena_defer(b->arena, release_table, *out);
	return OK;
}

/* One argument of v(x = 5): its name, and its value as text. */
static enum status view_argument(struct binder *b, struct scope *s, const struct ast *x, struct strmap *to)
{
	const struct ast_call *c = (const struct ast_call *)x;
	bool named = x->kind == AST_CALL && c->form == CALL_OPERATOR && name_is(&c->name, "equals") &&
		c->args.items[0]->kind == AST_IDENTIFIER;
	struct expr *value;
	if (!named) {
		ERR(b->err, E_BAD_ARGUMENTS, "A view with parameters takes them as name = value");
		return error_at(b->err, x->position);
	}
	TRY(bind_expr(b, s, c->args.items[1], &value));
	TRY(bind_settle(b, &value));
	if (value->kind != EXPR_CONSTANT) {
		ERR(b->err, E_BAD_ARGUMENTS, "The value of a view's parameter must be a constant");
		return error_at(b->err, x->position);
	}
	struct strbuf text;
	struct str *kept = ARENA_NEW(b->arena, struct str);
	strbuf_init(&text, NULL);
	if (vector_is_null(value->constant, 0))
		strbuf_putz(&text, "\\N");
	else
		value_write(&text, value->constant, 0, VALUE_TSV, &value_options_default);
	*kept = arena_str(b->arena, strbuf_str(&text));
	strbuf_fini(&text);
	strmap_set(to, name_last(&((const struct ast_identifier *)c->args.items[0])->name), kept);
	return OK;
}

/* v(x = 5): a view whose query has parameters. *found: there is such a view. */
enum status bind_view_call(struct binder *b, struct scope *s, const struct ast_table *t, bool *found)
{
	struct table *view;
	struct strmap *values = ARENA_NEW(b->arena, struct strmap);
	struct scope *inner = ARENA_NEW(b->arena, struct scope);
	struct error *err = b->err, ignored;
	error_init(&ignored);
	b->err = &ignored;
	*found = b->config->catalog != NULL && bind_find_table(b, &t->function->name, t->ast.position, &view) == OK &&
		view->def->kind == TABLE_VIEW;
	b->err = err;
	if (!*found)
		return OK;
	if (b->config->check_access != NULL)
		TRY(b->config->check_access(b->config->access_arg, view->def, b->err));
	strmap_init(values, b->arena, false);
	inner->plan = plan_new(b->arena, PLAN_VALUES, 0);
	inner->plan->u.values.row_count = 1;
	AST_EACH(&t->function->args, x)
		TRY(view_argument(b, inner, x, values));
	return bind_view_query(b, s, view, alias_of(t, view->def->name), &t->columns, values);
}

/* A materialized view's query reads the inserted block where it names the table that fired it. */
static enum status bind_block(struct binder *b, struct scope *s, struct table *t, struct str alias)
{
	TRY(bind_table_columns(b, s, t, alias));
	struct plan *scan = s->plan, *p = plan_new(b->arena, PLAN_FUNCTION, scan->column_count);
	for (uint32_t i = 0; i < scan->column_count; i++) {
		p->types[i] = scan->types[i];
		p->names[i] = scan->names[i];
	}
	p->u.function.open = b->block_open;
	p->u.function.arg = b->block_arg;
	p->u.function.name = t->def->name;
	s->plan = p;
	return OK;
}

/* SELECT last_value FROM a sequence: its state as one row. */
static enum status bind_sequence(struct binder *b, struct scope *s, const struct ast_table *t, bool *found)
{
	struct place places[16];
	const struct sequence_def *d = NULL;
	struct str name = name_last(&t->name);
	*found = false;
	if (b->config->catalog == NULL || b->dialect != DIALECT_POSTGRESQL)
		return OK;
	uint32_t count = places_of(b, &t->name, places);
	for (uint32_t i = 0; i < count && d == NULL; i++)
		d = catalog_find_sequence(b->config->catalog, b->config->txn, places[i].database, places[i].schema, name);
	if (d == NULL)
		return OK;
	int64_t value;
	bool called;
	catalog_sequence_state(b->config->catalog, d, &value, &called);
	struct plan *p = plan_new(b->arena, PLAN_VALUES, 3);
	p->u.values.exprs = ARENA_ARRAY(b->arena, struct expr *, 3);
	const struct type *big = type_simple(TYPE_INT64);
	TRY(bind_text_constant(b, arena_strf(b->arena, "%lld", (long long)value), big, &p->u.values.exprs[0]));
	TRY(bind_text_constant(b, STR("0"), big, &p->u.values.exprs[1]));
	p->u.values.exprs[2] = bind_bool(b, called);
	static const char *const names[] = {"last_value", "log_cnt", "is_called"};
	for (uint32_t i = 0; i < 3; i++) {
		p->types[i] = p->u.values.exprs[i]->type;
		p->names[i] = str_of(names[i]);
	}
	p->u.values.row_count = 1;
	*found = true;
	return add_rows(b, s, NULL, p, alias_of(t, name), &t->columns);
}

static enum status bind_named_table(struct binder *b, struct scope *s, const struct ast_table *t)
{
	struct table *table;
	bool is_sequence;
	if (t->name.count == 1)
		for (struct cte_entry *e = s->ctes; e != NULL; e = e->next)
			if (str_eq(e->name, t->name.parts[0].text))
				return bind_cte(b, s, t, e);
	TRY(bind_sequence(b, s, t, &is_sequence));
	if (is_sequence)
		return OK;
	TRY(bind_find_table(b, &t->name, t->ast.position, &table));
	struct str alias = alias_of(t, table->def->name);
	if (b->config->check_access != NULL)
		TRY(b->config->check_access(b->config->access_arg, table->def, b->err));
	if (table->def->kind == TABLE_VIEW)
		return bind_view_query(b, s, table, alias, &t->columns, NULL);
	if (b->block_table != NULL && b->view_depth == 0 && memcmp(b->block_table->uuid, table->def->uuid, 16) == 0)
		return bind_block(b, s, table, alias);
	size_t first = s->column_count;
	TRY(bind_table_columns(b, s, table, alias));
	uint32_t visible = 0;
	for (size_t i = first; i < s->column_count; i++)
		visible += !s->columns[i].hidden;
	if (t->columns.count > visible && b->dialect == DIALECT_POSTGRESQL)
		return too_many_names(b, alias, visible, t->columns.count);
	for (uint32_t i = 0; i < t->columns.count && first + i < s->column_count; i++)
		if (t->columns.items[i]->kind == AST_IDENTIFIER)
			s->columns[first + i].name = name_last(&((struct ast_identifier *)t->columns.items[i])->name);
	if (t->final && !(table->ops->features & TABLE_FINAL) && b->dialect == DIALECT_CLICKHOUSE)
		return ERR(b->err, E_ILLEGAL_FINAL, "Storage %s doesn't support FINAL", table->ops->engine);
	s->plan->u.scan.final |= t->final || (b->config->options.final && (table->ops->features & TABLE_FINAL));
	return bind_sample(b, s, t, table, alias, first);
}

static enum status bind_source(struct binder *b, struct scope *s, const struct ast *x)
{
	TRY(binder_enter(b, x->position));
	enum status status = OK;
	if (x->kind == AST_JOIN)
		status = bind_join(b, s, (const struct ast_join *)x);
	else if (x->kind == AST_ARRAY_JOIN)
		status = bind_array_join(b, s, (const struct ast_array_join *)x);
	else if (x->kind != AST_TABLE)
		status = ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: this table expression");
	else if (((const struct ast_table *)x)->form == TABLE_NAME)
		status = bind_named_table(b, s, (const struct ast_table *)x);
	else if (((const struct ast_table *)x)->form == TABLE_SUBQUERY)
		status = bind_subquery_table(b, s, (const struct ast_table *)x);
	else
		status = bind_table_function(b, s, (const struct ast_table *)x);
	binder_leave(b);
	if (status != OK)
		error_at(b->err, x->position);
	return status;
}

enum status bind_from_item(struct binder *b, struct scope *s, const struct ast *x)
{
	return bind_source(b, s, x);
}

enum status bind_from(struct binder *b, struct scope *s, const struct ast_list *from)
{
	if (from->count == 0) {
		s->plan = plan_new(b->arena, PLAN_VALUES, 0);
		s->plan->u.values.row_count = 1;
		return OK;
	}
	TRY(bind_source(b, s, from->items[0]));
	for (unsigned i = 1; i < from->count; i++)
		TRY(bind_comma(b, s, from->items[i]));
	return OK;
}
