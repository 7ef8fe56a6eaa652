// SPDX-License-Identifier: Apache-2.0
/* CREATE of types, sequences, extensions, functions; roles, GRANT, COMMENT, and what is only recorded. */
#include "parse/print_impl.h"

/* ---- functions ---- */

void print_function_args(struct printer *pr, const struct ast_list *args)
{
	for (unsigned i = 0; i < args->count; i++) {
		const struct ast_function_arg *a = (const struct ast_function_arg *)args->items[i];
		put_if(pr, i != 0, ", ");
		if (a->mode.data != NULL) {
			put_upper(pr, a->mode);
			put(pr, " ");
		}
		if (a->type == NULL) {
			puts_str(pr, a->name);
			continue;
		}
		if (a->name.data != NULL) {
			put_ident(pr, a->name);
			put(pr, " ");
		}
		print_type(pr, a->type);
		if (a->default_value != NULL) {
			put(pr, " DEFAULT ");
			print_expr(pr, a->default_value);
		}
	}
}

static void print_function_option(struct printer *pr, const struct ast_setting *s)
{
	static const char *const valued[] = {"cost", "rows", "parallel", "support"};
	struct str name = name_last(&s->name);
	new_line(pr);
	for (size_t i = 0; i < ARRAY_COUNT(valued); i++)
		if (name_is(&s->name, valued[i])) {
			put_upper(pr, name);
			put(pr, " ");
			print_expr(pr, s->value);
			return;
		}
	if (s->value == NULL && !s->is_default) {
		put_upper(pr, name);
		return;
	}
	struct ast *one = (struct ast *)(uintptr_t)&s->ast;
	struct ast_set set = {.settings = {&one, 1, 1}};
	print_set(pr, &set);
}

/* $$…$$, with a tag when the body holds that */
static void print_body(struct printer *pr, struct str body)
{
	const char *tag = "$$";
	if (str_find(body, STR("$$")) >= 0)
		tag = str_find(body, STR("$_$")) >= 0 ? NULL : "$_$";
	if (tag == NULL) {
		put_string(pr, body);
		return;
	}
	put(pr, tag);
	puts_str(pr, body);
	put(pr, tag);
}

void print_create_function(struct printer *pr, const struct ast_create_function *f)
{
	put(pr, f->or_replace ? "CREATE OR REPLACE " : "CREATE ");
	put(pr, f->procedure ? "PROCEDURE " : "FUNCTION ");
	put_if(pr, f->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &f->name);
	print_cluster(pr, &f->cluster);
	if (f->lambda != NULL) {
		put(pr, " AS ");
		print_expr(pr, f->lambda);
		return;
	}
	put(pr, "(");
	print_function_args(pr, &f->args);
	put(pr, ")");
	if (f->returns != NULL) {
		put(pr, " RETURNS ");
		print_type(pr, f->returns);
	} else if (f->returns_table.count != 0) {
		put(pr, " RETURNS TABLE(");
		print_function_args(pr, &f->returns_table);
		put(pr, ")");
	}
	if (f->language.data != NULL) {
		new_line(pr);
		put(pr, "LANGUAGE ");
		put_ident(pr, f->language);
	}
	AST_EACH(&f->options, o)
		print_function_option(pr, (const struct ast_setting *)o);
	if (f->body.data != NULL) {
		new_line(pr);
		put(pr, "AS ");
		print_body(pr, f->body);
		if (f->link_symbol.data != NULL) {
			put(pr, ", ");
			put_string(pr, f->link_symbol);
		}
	} else if (f->sql_return != NULL) {
		new_line(pr);
		put(pr, "RETURN ");
		print_expr(pr, f->sql_return);
	} else if (f->sql_body.count != 0) {
		new_line(pr);
		put(pr, "BEGIN ATOMIC");
		AST_EACH(&f->sql_body, s) {
			new_line(pr);
			print_any(pr, s);
			put(pr, ";");
		}
		new_line(pr);
		put(pr, "END");
	}
}

/* ---- types, sequences, extensions ---- */

static void print_create_type(struct printer *pr, const struct ast_create_type *t)
{
	put(pr, t->form == TYPE_DOMAIN ? "CREATE DOMAIN " : "CREATE TYPE ");
	put_name(pr, &t->name);
	switch (t->form) {
	case TYPE_ENUM:
		put(pr, " AS ENUM (");
		print_list(pr, &t->labels);
		put(pr, ")");
		break;
	case TYPE_COMPOSITE:
		put(pr, " AS (");
		for (unsigned i = 0; i < t->columns.count; i++) {
			put_if(pr, i != 0, ", ");
			print_column_def(pr, (const struct ast_column_def *)t->columns.items[i]);
		}
		put(pr, ")");
		break;
	case TYPE_RANGE: case TYPE_BASE:
		put(pr, t->form == TYPE_RANGE ? " AS RANGE " : " ");
		print_options(pr, &t->options);
		break;
	case TYPE_SHELL: break;
	case TYPE_DOMAIN: {
		/* a domain is a column without a name */
		struct ast_column_def c = *t->domain;
		put(pr, " AS");
		c.name = (struct name){NULL, 0};
		struct strbuf text, *outer = pr->b;
		strbuf_init(&text, NULL);
		pr->b = &text;
		print_column_def(pr, &c);
		pr->b = outer;
		struct str s = strbuf_str(&text);
		/* ClickHouse quotes the empty name */
		puts_str(pr, str_starts_with(s, STR("``")) ? str_make(s.data + 2, s.size - 2) : s);
		strbuf_fini(&text);
		break;
	}
	}
}

static void print_create_sequence(struct printer *pr, const struct ast_create_sequence *s)
{
	put(pr, s->temporary ? "CREATE TEMPORARY SEQUENCE " : "CREATE SEQUENCE ");
	put_if(pr, s->if_not_exists, "IF NOT EXISTS ");
	put_name(pr, &s->name);
	print_sequence_options(pr, s->options);
}

static void print_create_extension(struct printer *pr, const struct ast_create_extension *e)
{
	put(pr, "CREATE EXTENSION ");
	put_if(pr, e->if_not_exists, "IF NOT EXISTS ");
	put_ident(pr, e->name);
	if (e->schema.data != NULL) {
		put(pr, " WITH SCHEMA ");
		put_ident(pr, e->schema);
	}
	if (e->version.data != NULL) {
		put(pr, " VERSION ");
		put_string(pr, e->version);
	}
	put_if(pr, e->cascade, " CASCADE");
}

/* ---- roles ---- */

static void print_principals(struct printer *pr, const struct ast_principals *r)
{
	put_if(pr, r->none, "NONE");
	put_if(pr, r->all, "ALL");
	print_list(pr, &r->names);
	if (r->except.count != 0) {
		put(pr, " EXCEPT ");
		print_list(pr, &r->except);
	}
}

static void print_hosts(struct printer *pr, const struct ast_list *hosts)
{
	put(pr, " HOST ");
	for (unsigned i = 0; i < hosts->count; i++) {
		const struct ast_setting *h = (const struct ast_setting *)hosts->items[i];
		put_if(pr, i != 0, ", ");
		put_upper(pr, name_last(&h->name));
		if (h->value != NULL) {
			put(pr, " ");
			print_expr(pr, h->value);
		}
	}
}

/* a = 1 MIN 0 MAX 2 READONLY, PROFILE 'p' */
static void print_role_settings(struct printer *pr, const struct ast_role *r)
{
	put(pr, r->alter && !in_clickhouse(pr) ? " SET " : " SETTINGS ");
	for (unsigned i = 0; i < r->settings.count; i++) {
		const struct ast_setting *s = (const struct ast_setting *)r->settings.items[i];
		if (s->name.count == 2) {
			put(pr, " ");
			put_upper(pr, name_last(&s->name));
			if (s->value != NULL) {
				put(pr, " ");
				print_expr(pr, s->value);
			}
			continue;
		}
		put_if(pr, i != 0, ", ");
		if (name_is(&s->name, "profile") && s->value != NULL) {
			put(pr, "PROFILE ");
			print_expr(pr, s->value);
		} else {
			print_setting(pr, s);
		}
	}
}

static void print_role_option(struct printer *pr, const struct ast_setting *s)
{
	put(pr, " ");
	put_upper(pr, name_last(&s->name));
	if (s->value == NULL)
		return;
	put(pr, " ");
	if (s->value->kind == AST_CALL)
		print_list(pr, &((const struct ast_call *)s->value)->args);
	else if (name_is(&s->name, "salt"))
		put_secret(pr, s->value);
	else
		print_expr(pr, s->value);
}

static void print_authentication(struct printer *pr, const struct ast_role *r)
{
	bool password = r->auth_method.data != NULL && str_eq(r->auth_method, STR("password"));
	if (password) {
		put(pr, " PASSWORD ");
		put_secret(pr, r->auth_value);
		return;
	}
	if (r->auth_method.data != NULL || r->auth_value != NULL) {
		put(pr, " IDENTIFIED");
		if (r->auth_method.data != NULL) {
			put(pr, " WITH ");
			puts_str(pr, r->auth_method);
		}
		if (r->auth_value != NULL) {
			put(pr, " BY ");
			put_secret(pr, r->auth_value);
		}
	}
	if (r->not_identified)
		put(pr, in_clickhouse(pr) ? " IDENTIFIED WITH no_password" : " PASSWORD NULL");
}

static void print_role(struct printer *pr, const struct ast_role *r)
{
	put(pr, r->alter ? "ALTER " : r->or_replace ? "CREATE OR REPLACE " : "CREATE ");
	put(pr, object_type_words(r->object));
	put_if(pr, r->if_not_exists, " IF NOT EXISTS");
	put_if(pr, r->if_exists, " IF EXISTS");
	put(pr, " ");
	print_list(pr, &r->names);
	print_cluster(pr, &r->cluster);
	if (r->rename.count != 0) {
		put(pr, " RENAME TO ");
		put_name(pr, &r->rename);
	}
	print_authentication(pr, r);
	AST_EACH(&r->options, o)
		print_role_option(pr, (const struct ast_setting *)o);
	if (r->host_clause)
		print_hosts(pr, &r->hosts);
	if (r->default_roles != NULL) {
		put(pr, " DEFAULT ROLE ");
		print_principals(pr, (const struct ast_principals *)r->default_roles);
	}
	if (r->default_database.data != NULL) {
		put(pr, " DEFAULT DATABASE ");
		put_ident(pr, r->default_database);
	}
	if (r->grantees != NULL) {
		bool any = ((const struct ast_principals *)r->grantees)->all;
		put(pr, any ? " GRANTEES ANY" : " GRANTEES ");
		struct ast_principals rest = *(const struct ast_principals *)r->grantees;
		rest.all = false;
		print_principals(pr, &rest);
	}
	if (r->in_database.count != 0) {
		put(pr, " IN DATABASE ");
		put_name(pr, &r->in_database);
	}
	if (r->settings.count != 0)
		print_role_settings(pr, r);
}

/* ---- GRANT ---- */

static void print_grant_object(struct printer *pr, const struct ast *o)
{
	const struct ast_asterisk *a = (const struct ast_asterisk *)o;
	if (o->kind == AST_ASTERISK) {
		if (a->qualifier.count != 0) {
			if (name_is(&a->qualifier, "*"))
				put(pr, "*");
			else
				put_name(pr, &a->qualifier);
			put(pr, ".");
		}
		put(pr, "*");
	} else if (o->kind == AST_CALL) {
		put_name(pr, &((const struct ast_call *)o)->name);
		put(pr, "(");
		print_function_args(pr, &((const struct ast_call *)o)->args);
		put(pr, ")");
	} else {
		print_expr(pr, o);
	}
}

static void print_grant_target(struct printer *pr, const struct ast_grant *g)
{
	put(pr, " ON ");
	if (g->all_in_schema) {
		put(pr, "ALL ");
		put(pr, object_type_words(g->object));
		put(pr, "S IN SCHEMA ");
	} else if (g->object != OBJECT_TABLE) {
		put(pr, object_type_words(g->object));
		put(pr, " ");
	}
	for (unsigned i = 0; i < g->objects.count; i++) {
		put_if(pr, i != 0, ", ");
		print_grant_object(pr, g->objects.items[i]);
	}
}

static void print_grant(struct printer *pr, const struct ast_grant *g)
{
	put(pr, g->revoke ? "REVOKE" : "GRANT");
	print_cluster(pr, &g->cluster);
	if (g->option_only)
		put(pr, g->is_role ? " ADMIN OPTION FOR" : " GRANT OPTION FOR");
	put_if(pr, g->current_grants, " CURRENT GRANTS");
	for (unsigned i = 0; i < g->privileges.count; i++) {
		const struct ast *p = g->privileges.items[i];
		put(pr, i != 0 ? ", " : " ");
		if (p->kind != AST_PRIVILEGE) {
			print_expr(pr, p);
			continue;
		}
		puts_str(pr, ((const struct ast_privilege *)p)->name);
		if (((const struct ast_privilege *)p)->columns.count != 0) {
			put(pr, "(");
			print_list(pr, &((const struct ast_privilege *)p)->columns);
			put(pr, ")");
		}
	}
	if (g->objects.count != 0)
		print_grant_target(pr, g);
	put(pr, g->revoke ? " FROM " : " TO ");
	print_principals(pr, g->to);
	if (g->with_option)
		put(pr, g->is_role ? " WITH ADMIN OPTION" : " WITH GRANT OPTION");
	put_if(pr, g->replace, " WITH REPLACE OPTION");
	if (g->granted_by.data != NULL) {
		put(pr, " GRANTED BY ");
		put_ident(pr, g->granted_by);
	}
	put_if(pr, g->cascade, " CASCADE");
}

/* ---- COMMENT ---- */

static void print_comment(struct printer *pr, const struct ast_comment *c)
{
	put(pr, "COMMENT ON ");
	put(pr, object_type_words(c->object));
	put(pr, " ");
	put_name(pr, &c->name);
	bool function = c->object == OBJECT_FUNCTION || c->object == OBJECT_PROCEDURE || c->object == OBJECT_ROUTINE
		|| c->object == OBJECT_AGGREGATE;
	if (function) {
		put(pr, "(");
		print_function_args(pr, &c->args);
		put(pr, ")");
	}
	if (c->on.count != 0) {
		put(pr, " ON ");
		put_name(pr, &c->on);
	}
	put(pr, " IS ");
	print_expr(pr, c->text);
}

bool print_object(struct printer *pr, const struct ast *ast)
{
	switch (ast->kind) {
	case AST_CREATE_TYPE: print_create_type(pr, (const struct ast_create_type *)ast); return true;
	case AST_CREATE_SEQUENCE: print_create_sequence(pr, (const struct ast_create_sequence *)ast); return true;
	case AST_CREATE_EXTENSION: print_create_extension(pr, (const struct ast_create_extension *)ast); return true;
	case AST_ROLE: print_role(pr, (const struct ast_role *)ast); return true;
	case AST_GRANT: print_grant(pr, (const struct ast_grant *)ast); return true;
	case AST_COMMENT: print_comment(pr, (const struct ast_comment *)ast); return true;
	case AST_PRINCIPALS: print_principals(pr, (const struct ast_principals *)ast); return true;
	case AST_RECORDED: puts_str(pr, ((const struct ast_recorded *)ast)->text); return true;
	default: return false;
	}
}
