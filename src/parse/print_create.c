// SPDX-License-Identifier: Apache-2.0
/* CREATE of tables, views, databases, indexes and dictionaries, as SHOW CREATE prints them. */
#include "parse/print_impl.h"

static void print_uuid(struct printer *pr, const struct ast *uuid)
{
	if (uuid == NULL)
		return;
	put(pr, " UUID ");
	print_expr(pr, uuid);
}

static void print_comment_clause(struct printer *pr, const struct ast *comment)
{
	if (comment == NULL)
		return;
	new_line(pr);
	put(pr, "COMMENT ");
	print_expr(pr, comment);
}

/* ( element, … ), one per line */
static void print_block(struct printer *pr, const struct ast_list *list, bool (*shown)(const struct ast *))
{
	bool first = true;
	new_line(pr);
	put(pr, "(");
	pr->indent++;
	AST_EACH(list, e) {
		if (!shown(e))
			continue;
		put_if(pr, !first, ",");
		if (first)
			soft_line(pr);
		else
			new_line(pr);
		print_element(pr, e);
		first = false;
	}
	pr->indent--;
	soft_line(pr);
	put(pr, ")");
}

static bool any_element(const struct ast *e)
{
	(void)e;
	return true;
}

/* ---- tables ---- */

/* ClickHouse shows columns, then indexes, constraints and projections; its PRIMARY KEY element becomes a clause. */
static int element_rank(const struct ast *e)
{
	switch (e->kind) {
	case AST_INDEX_DEF: return 1;
	case AST_CONSTRAINT: return ((const struct ast_constraint *)e)->type == CONSTRAINT_PRIMARY_KEY ? -1 : 2;
	case AST_PROJECTION_DEF: return 3;
	default: return 0;
	}
}

static bool shown_element(const struct ast *e)
{
	return element_rank(e) >= 0;
}

static void print_clickhouse_elements(struct printer *pr, const struct ast_list *elements)
{
	struct ast_list sorted = {NULL, 0, 0};
	struct arena a;
	arena_init(&a, NULL);
	for (int rank = 0; rank <= 3; rank++)
		AST_EACH(elements, e)
			if (element_rank(e) == rank)
				ast_list_push(&a, &sorted, e);
	print_block(pr, &sorted, shown_element);
	arena_fini(&a);
}

/* The key that elements and columns declare, as a clause. */
static void print_element_key(struct printer *pr, const struct ast_list *elements)
{
	unsigned count = 0;
	const struct name *single = NULL;
	AST_EACH(elements, e) {
		if (element_rank(e) < 0) {
			new_line(pr);
			put(pr, "PRIMARY KEY ");
			print_expr(pr, ((const struct ast_constraint *)e)->columns.items[0]);
			return;
		}
		if (e->kind == AST_COLUMN_DEF && ((const struct ast_column_def *)e)->primary_key) {
			single = &((const struct ast_column_def *)e)->name;
			count++;
		}
	}
	if (count == 0)
		return;
	new_line(pr);
	put(pr, count == 1 ? "PRIMARY KEY tuple(" : "PRIMARY KEY (");
	bool first = true;
	AST_EACH(elements, e)
		if (e->kind == AST_COLUMN_DEF && ((const struct ast_column_def *)e)->primary_key) {
			put_if(pr, !first, ", ");
			put_name(pr, count == 1 ? single : &((const struct ast_column_def *)e)->name);
			first = false;
		}
	put(pr, ")");
}

/* Storage with the key of the elements in its place between PARTITION BY and ORDER BY. */
static void print_table_storage(struct printer *pr, const struct ast_create_table *t)
{
	const struct ast_storage *s = t->storage;
	if (s == NULL || !in_clickhouse(pr) || s->primary_key != NULL) {
		print_storage(pr, s);
		if (s == NULL && in_clickhouse(pr))
			print_element_key(pr, &t->elements);
		return;
	}
	struct ast_storage head = *s, tail = *s;
	head.order_by = head.sample_by = head.unique_key = NULL;
	head.ttl = head.settings = head.options = (struct ast_list){NULL, 0, 0};
	head.tablespace = (struct str){NULL, 0};
	tail.engine = NULL;
	tail.partition_by = NULL;
	tail.access_method = (struct str){NULL, 0};
	print_storage(pr, &head);
	print_element_key(pr, &t->elements);
	print_storage(pr, &tail);
}

static void print_as(struct printer *pr, const struct ast_create_table *t)
{
	if (t->as_table.count != 0 || t->as_function != NULL) {
		put(pr, t->clone ? " CLONE AS " : " AS ");
		if (t->as_function != NULL)
			print_expr(pr, &t->as_function->ast);
		else
			put_name(pr, &t->as_table);
	}
}

static void print_create_head(struct printer *pr, const struct ast_create_table *t)
{
	if (t->attach)
		put(pr, "ATTACH ");
	else if (t->replace)
		put(pr, "REPLACE ");
	else
		put(pr, t->or_replace ? "CREATE OR REPLACE " : "CREATE ");
	put_if(pr, t->temporary, "TEMPORARY ");
	put_if(pr, t->unlogged, "UNLOGGED ");
	put(pr, "TABLE ");
	put_if(pr, t->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &t->name);
	print_uuid(pr, t->uuid);
	if (t->attach_from != NULL) {
		put(pr, " FROM ");
		print_expr(pr, t->attach_from);
	}
	print_cluster(pr, &t->cluster);
}

static void print_partitioning(struct printer *pr, const struct ast_create_table *t)
{
	if (t->inherits.count != 0) {
		new_line(pr);
		put(pr, "INHERITS (");
		print_list(pr, &t->inherits);
		put(pr, ")");
	}
	if (t->partition_spec != NULL) {
		new_line(pr);
		put(pr, "PARTITION BY ");
		put_upper(pr, t->partition_spec->strategy);
		put(pr, " ");
		print_index_elements(pr, &t->partition_spec->elements);
	}
}

static void print_create_table(struct printer *pr, const struct ast_create_table *t)
{
	print_create_head(pr, t);
	if (t->partition_of.count != 0) {
		put(pr, " PARTITION OF ");
		put_name(pr, &t->partition_of);
	}
	if (t->of_type.count != 0) {
		put(pr, " OF ");
		put_name(pr, &t->of_type);
	}
	if (t->elements.count != 0 && in_clickhouse(pr))
		print_clickhouse_elements(pr, &t->elements);
	else if (t->elements.count != 0 || t->has_elements)
		print_block(pr, &t->elements, any_element);
	if (t->as_columns.count != 0) {
		put(pr, " (");
		print_list(pr, &t->as_columns);
		put(pr, ")");
	}
	if (t->bound != NULL) {
		put(pr, " ");
		print_bound(pr, t->bound);
	}
	print_as(pr, t);
	print_partitioning(pr, t);
	print_table_storage(pr, t);
	if (t->on_commit.data != NULL) {
		new_line(pr);
		put(pr, "ON COMMIT ");
		put_upper(pr, t->on_commit);
	}
	print_comment_clause(pr, t->comment);
	put_if(pr, t->empty, " EMPTY");
	if (t->as_query != NULL) {
		new_line(pr);
		put(pr, "AS ");
		print_query(pr, t->as_query);
		put_if(pr, t->no_data, " WITH NO DATA");
	}
}

/* ---- views ---- */

static void print_view_columns(struct printer *pr, const struct ast_list *columns)
{
	if (columns->count == 0)
		return;
	if (columns->items[0]->kind == AST_IDENTIFIER) {
		put(pr, " (");
		print_list(pr, columns);
		put(pr, ")");
		return;
	}
	print_block(pr, columns, any_element);
}

static void print_view_head(struct printer *pr, const struct ast_create_view *v)
{
	if (v->attach)
		put(pr, "ATTACH ");
	else
		put(pr, v->or_replace ? "CREATE OR REPLACE " : "CREATE ");
	put_if(pr, v->temporary, "TEMPORARY ");
	put_if(pr, v->recursive, "RECURSIVE ");
	put_if(pr, v->materialized, "MATERIALIZED ");
	put_if(pr, v->live, "LIVE ");
	put(pr, "VIEW ");
	put_if(pr, v->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &v->name);
	print_uuid(pr, v->uuid);
	print_cluster(pr, &v->cluster);
}

static void print_create_view(struct printer *pr, const struct ast_create_view *v)
{
	print_view_head(pr, v);
	if (v->refresh != NULL) {
		new_line(pr);
		print_refresh(pr, v->refresh);
	}
	if (v->to.count != 0) {
		put(pr, " TO ");
		put_name(pr, &v->to);
	} else if (v->to_inner_uuid != NULL) {
		put(pr, " TO INNER UUID ");
		print_expr(pr, v->to_inner_uuid);
	}
	print_view_columns(pr, &v->columns);
	if (v->options.count != 0) {
		put(pr, " WITH ");
		print_options(pr, &v->options);
	}
	print_storage(pr, v->storage);
	put_if(pr, v->populate, " POPULATE");
	put_if(pr, v->empty, " EMPTY");
	if (v->definer.count != 0 || v->sql_security.data != NULL) {
		new_line(pr);
		print_definer(pr, &v->definer, v->sql_security);
	}
	print_comment_clause(pr, v->comment);
	if (v->query == NULL)
		return;
	new_line(pr);
	put(pr, "AS ");
	print_query(pr, v->query);
	put_if(pr, v->no_data, " WITH NO DATA");
	if (v->check_option.data != NULL) {
		put(pr, " WITH ");
		put_upper(pr, v->check_option);
		put(pr, " CHECK OPTION");
	}
}

/* ---- databases ---- */

static void print_create_database(struct printer *pr, const struct ast_create_database *d)
{
	put(pr, d->attach ? "ATTACH " : "CREATE ");
	put(pr, d->schema ? "SCHEMA " : "DATABASE ");
	put_if(pr, d->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &d->name);
	print_uuid(pr, d->uuid);
	print_cluster(pr, &d->cluster);
	print_storage(pr, d->storage);
	print_comment_clause(pr, d->comment);
	if (d->authorization.data != NULL) {
		put(pr, d->name.count == 0 ? "AUTHORIZATION " : " AUTHORIZATION ");
		put_ident(pr, d->authorization);
	}
	AST_EACH(&d->options, node) {
		const struct ast_setting *s = (const struct ast_setting *)node;
		put(pr, " ");
		if (name_is(&s->name, "connection_limit"))
			put(pr, "CONNECTION LIMIT");
		else
			put_upper(pr, name_last(&s->name));
		put(pr, " = ");
		if (s->is_default)
			put(pr, "DEFAULT");
		else
			print_expr(pr, s->value);
	}
	AST_EACH(&d->elements, e) {
		new_line(pr);
		print_any(pr, e);
	}
}

/* ---- indexes ---- */

static void print_create_index(struct printer *pr, const struct ast_create_index *i)
{
	put(pr, i->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	put_if(pr, i->concurrently, "CONCURRENTLY ");
	put_if(pr, i->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &i->name);
	put(pr, i->name.count == 0 ? "ON " : " ON ");
	put_if(pr, i->only, "ONLY ");
	put_name(pr, &i->table);
	print_cluster(pr, &i->cluster);
	if (i->method.data != NULL) {
		put(pr, " USING ");
		put_ident(pr, i->method);
	}
	put(pr, " ");
	if (in_clickhouse(pr) && i->elements.count == 1)
		print_index_element(pr, (const struct ast_index_element *)i->elements.items[0]);
	else
		print_index_elements(pr, &i->elements);
	if (i->type != NULL) {
		put(pr, " TYPE ");
		print_engine_call(pr, i->type);
		put(pr, " GRANULARITY ");
		if (i->granularity != NULL)
			print_expr(pr, i->granularity);
		else
			put(pr, "1");
	}
	if (i->include.count != 0) {
		put(pr, " INCLUDE (");
		print_list(pr, &i->include);
		put(pr, ")");
	}
	put_if(pr, i->nulls_not_distinct, " NULLS NOT DISTINCT");
	if (i->options.count != 0) {
		put(pr, " WITH ");
		print_options(pr, &i->options);
	}
	if (i->tablespace.data != NULL) {
		put(pr, " TABLESPACE ");
		put_ident(pr, i->tablespace);
	}
	if (i->where != NULL) {
		put(pr, " WHERE ");
		print_expr(pr, i->where);
	}
}

/* ---- dictionaries ---- */

static bool is_secret(struct str name)
{
	return str_eq_nocase(name, STR("password")) || str_eq_nocase(name, STR("secret_access_key"));
}

static void print_pair(struct printer *pr, const struct ast_pair *p)
{
	put_upper(pr, p->name);
	if (p->is_group) {
		put(pr, "(");
		for (unsigned i = 0; i < p->items.count; i++) {
			put_if(pr, i != 0, " ");
			print_pair(pr, (const struct ast_pair *)p->items.items[i]);
		}
		put(pr, ")");
		return;
	}
	put(pr, " ");
	if (is_secret(p->name))
		put_secret(pr, p->value);
	else
		print_expr(pr, p->value);
}

static void print_attribute(struct printer *pr, const struct ast_dictionary_attribute *a)
{
	put_column_name(pr, &a->name);
	put(pr, " ");
	print_type(pr, a->type);
	if (a->default_value != NULL) {
		put(pr, " DEFAULT ");
		print_expr(pr, a->default_value);
	}
	if (a->expression != NULL) {
		put(pr, " EXPRESSION ");
		print_expr(pr, a->expression);
	}
	put_if(pr, a->hierarchical, " HIERARCHICAL");
	put_if(pr, a->bidirectional, " BIDIRECTIONAL");
	put_if(pr, a->injective, " INJECTIVE");
	put_if(pr, a->is_object_id, " IS_OBJECT_ID");
}

static void print_wrapped_pair(struct printer *pr, const char *word, const struct ast_pair *p)
{
	if (p == NULL)
		return;
	new_line(pr);
	put(pr, word);
	if (p->name.size != 0)
		put(pr, "(");
	print_pair(pr, p);
	if (p->name.size != 0)
		put(pr, ")");
}

static void print_create_dictionary(struct printer *pr, const struct ast_create_dictionary *d)
{
	put(pr, d->attach ? "ATTACH " : d->or_replace ? "CREATE OR REPLACE " : "CREATE ");
	put(pr, "DICTIONARY ");
	put_if(pr, d->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &d->name);
	print_uuid(pr, d->uuid);
	print_cluster(pr, &d->cluster);
	if (d->attributes.count != 0) {
		new_line(pr);
		put(pr, "(");
		pr->indent++;
		for (unsigned i = 0; i < d->attributes.count; i++) {
			put_if(pr, i != 0, ",");
			if (i == 0)
				soft_line(pr);
			else
				new_line(pr);
			print_attribute(pr, (const struct ast_dictionary_attribute *)d->attributes.items[i]);
		}
		pr->indent--;
		soft_line(pr);
		put(pr, ")");
	}
	if (d->primary_key.count != 0) {
		new_line(pr);
		put(pr, "PRIMARY KEY ");
		print_list(pr, &d->primary_key);
	}
	print_wrapped_pair(pr, "SOURCE", d->source);
	print_wrapped_pair(pr, "LIFETIME", d->lifetime);
	print_wrapped_pair(pr, "LAYOUT", d->layout);
	print_wrapped_pair(pr, "RANGE", d->range);
	if (d->settings.count != 0) {
		new_line(pr);
		put(pr, "SETTINGS(");
		print_settings(pr, &d->settings);
		put(pr, ")");
	}
	print_comment_clause(pr, d->comment);
}

bool print_create(struct printer *pr, const struct ast *ast)
{
	switch (ast->kind) {
	case AST_CREATE_TABLE: print_create_table(pr, (const struct ast_create_table *)ast); return true;
	case AST_CREATE_VIEW: print_create_view(pr, (const struct ast_create_view *)ast); return true;
	case AST_CREATE_DATABASE: print_create_database(pr, (const struct ast_create_database *)ast); return true;
	case AST_CREATE_INDEX: print_create_index(pr, (const struct ast_create_index *)ast); return true;
	case AST_CREATE_DICTIONARY: print_create_dictionary(pr, (const struct ast_create_dictionary *)ast); return true;
	case AST_CREATE_FUNCTION: print_create_function(pr, (const struct ast_create_function *)ast); return true;
	default: return false;
	}
}
