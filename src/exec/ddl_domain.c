// SPDX-License-Identifier: Apache-2.0
/*
 * Domains: a base type with NOT NULL and CHECKs over VALUE. A column of one carries them as constraints of its table,
 * of kind 'd' and with the domain's OID, in which VALUE is the column; inserts check them as any other. Also here: the
 * record that a column is an identity, of kind 'i'.
 */
#include "catalog/column_note.h"
#include "exec/ddl_impl.h"

static enum status parse_definition(struct ddl_context *c, const struct type_object *d,
                                    const struct ast_column_def **out, struct error *err)
{
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL};
	struct ast *x;
	TRY(parse_statement(c->arena, arena_strf(c->arena, "CREATE DOMAIN x AS %.*s", STR_ARG(d->definition)), &options,
	                    &x, err));
	*out = ((const struct ast_create_type *)x)->domain;
	return OK;
}

const struct type_object *ddl_find_domain(struct ddl_context *c, const struct ast_type *t)
{
	struct ddl_place places[16];
	uint32_t count;
	if (t == NULL || t->has_args || t->dimensions != 0 || t->name.count == 0 ||
	    ddl_places(c, &t->name, places, 16, &count, NULL) != OK)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct type_object *d = catalog_find_type(c->catalog, c->txn, places[i].database, places[i].schema,
		                                                places[i].name);
		if (d != NULL)
			return d->kind == 'd' ? d : NULL;
	}
	return NULL;
}

struct substitution {
	struct arena *arena;
	struct name column;
};

/* VALUE becomes the column. */
static void substitute(struct ast **x, void *arg)
{
	struct substitution *s = arg;
	if ((*x)->kind == AST_IDENTIFIER && ((struct ast_identifier *)*x)->name.count == 1 &&
	    str_eq_nocase(name_last(&((struct ast_identifier *)*x)->name), STR("value"))) {
		struct ast_identifier *own = arena_copy(s->arena, *x, sizeof *own);
		own->name = s->column;
		*x = &own->ast;
		return;
	}
	ast_children(*x, substitute, arg);
}

static bool is_not_null(const struct ast_column_def *d)
{
	bool said = d->nullability == NULLABILITY_NOT_NULL;
	AST_EACH(&d->constraints, k)
		said |= ((const struct ast_constraint *)k)->type == CONSTRAINT_NOT_NULL;
	return said;
}

/* The names that PostgreSQL chooses: posint_check, posint_check1. */
static struct str check_name(struct ddl_context *c, const struct type_object *d, const struct ast_constraint *k,
                             uint32_t number)
{
	if (k->name.size != 0)
		return k->name;
	return number == 0 ? arena_strf(c->arena, "%.*s_check", STR_ARG(d->name))
		: arena_strf(c->arena, "%.*s_check%u", STR_ARG(d->name), number);
}

static void push_constraint(struct table_def *def, const struct constraint_def *k)
{
	struct constraint_def *all = ARENA_ARRAY(&def->arena, struct constraint_def, def->constraint_count + 1);
	if (def->constraint_count != 0)
		memcpy(all, def->constraints, def->constraint_count * sizeof *all);
	all[def->constraint_count++] = *k;
	def->constraints = all;
}

enum status ddl_add_domain(struct ddl_context *c, struct table_def *def, struct str column,
                           const struct type_object *d, struct error *err)
{
	const struct ast_column_def *x;
	struct arena *a = &def->arena;
	struct name_part part = {.text = column, .quoted = true};
	struct constraint_def k = {.kind = 'd', .oid = d->oid, .columns = ddl_quoted(a, column, DIALECT_POSTGRESQL),
		.name = STR(""), .definition = arena_str(a, d->name)};
	uint32_t before = def->constraint_count, number = 0;
	TRY(parse_definition(c, d, &x, err));
	if (is_not_null(x)) {
		k.expr = (struct stored_sql){.text = arena_strf(a, "%.*s IS NOT NULL", STR_ARG(k.columns)),
			.dialect = DIALECT_POSTGRESQL, .database = arena_str(a, c->session->database),
			.search_path = arena_str(a, c->session->search_path)};
		push_constraint(def, &k);
	}
	AST_EACH(&x->constraints, item) {
		const struct ast_constraint *one = (const struct ast_constraint *)item;
		if (one->type != CONSTRAINT_CHECK)
			continue;
		struct substitution s = {c->arena, {&part, 1}};
		struct ast *check = ast_clone(c->arena, one->check);
		substitute(&check, &s);
		k.name = arena_str(a, check_name(c, d, one, number++));
		k.expr = ddl_stored(c, a, check);
		push_constraint(def, &k);
	}
	if (def->constraint_count == before) {
		k.expr = (struct stored_sql){.text = STR("")};
		push_constraint(def, &k); /* so that the column is known to be of this domain */
	}
	return OK;
}

void ddl_note_identity(struct table_def *def, struct str column, bool always)
{
	struct arena *a = &def->arena;
	struct str quoted = ddl_quoted(a, column, DIALECT_POSTGRESQL);
	struct constraint_def k = {.kind = 'i', .name = STR(""), .columns = quoted, .expr = {.text = STR("")},
		.definition = always ? STR("ALWAYS") : STR("BY DEFAULT")};
	ddl_drop_notes(def, column, "i");
	push_constraint(def, &k);
}

void ddl_drop_notes(struct table_def *def, struct str column, const char *kinds)
{
	struct str quoted = ddl_quoted(&def->arena, column, DIALECT_POSTGRESQL);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < def->constraint_count; i++)
		if (strchr(kinds, def->constraints[i].kind) == NULL || !str_eq(def->constraints[i].columns, quoted))
			def->constraints[kept++] = def->constraints[i];
	def->constraint_count = kept;
}

/* ---- ALTER DOMAIN ---- */

struct domain_users {
	uint32_t oid;
	struct arena *arena;
	uint32_t *tables;
	size_t count, capacity;
	struct str table, column;
};

static enum status note_user(void *arg, struct table *t)
{
	struct domain_users *u = arg;
	for (uint32_t i = 0; i < t->def->constraint_count; i++) {
		const struct constraint_def *k = &t->def->constraints[i];
		if (k->kind != 'd' || k->oid != u->oid)
			continue;
		if (u->count == 0) {
			u->table = arena_str(u->arena, t->def->name);
			u->column = arena_str(u->arena, k->columns);
		}
		ARENA_PUSH(u->arena, u->tables, u->count, u->capacity, t->def->oid);
		break;
	}
	return OK;
}

enum status ddl_check_domain_unused(struct ddl_context *c, const struct type_object *d, const char *what,
                                    struct error *err)
{
	struct domain_users u = {.oid = d->oid, .arena = c->arena};
	TRY(catalog_each_table(c->catalog, c->txn, d->database, note_user, &u));
	if (u.count == 0)
		return OK;
	if (what != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: %s of a domain that columns use (%.*s.%.*s)", what,
		           STR_ARG(u.table), STR_ARG(u.column));
	ERR(err, E_DEPENDENT_OBJECTS, "cannot drop type %.*s because other objects depend on it", STR_ARG(d->name));
	error_detail(err, "column %.*s of table %.*s depends on type %.*s", STR_ARG(u.column), STR_ARG(u.table),
	             STR_ARG(d->name));
	return error_hint(err, "Drop the columns first.");
}

static enum status drop_check(struct ddl_context *c, const struct type_object *d, struct ast_column_def *x,
                              const struct ast_alter_command *cmd, struct error *err)
{
	struct ast_list kept = {0};
	uint32_t number = 0;
	AST_EACH(&x->constraints, item) {
		const struct ast_constraint *k = (const struct ast_constraint *)item;
		bool named = k->type == CONSTRAINT_CHECK && str_eq(check_name(c, d, k, number), name_last(&cmd->name));
		number += k->type == CONSTRAINT_CHECK && k->name.size == 0;
		if (!named)
			ast_list_push(c->arena, &kept, item);
	}
	if (kept.count == x->constraints.count && !cmd->if_exists)
		return ERR(err, E_UNKNOWN_OBJECT, "constraint \"%.*s\" of domain \"%.*s\" does not exist",
		           STR_ARG(name_last(&cmd->name)), STR_ARG(d->name));
	x->constraints = kept;
	return OK;
}

/* Columns take the domain's constraints as they are now; rows that exist were checked by its former ones. */
enum status ddl_refresh_domain(struct ddl_context *c, const struct type_object *d, struct error *err)
{
	struct domain_users u = {.oid = d->oid, .arena = c->arena};
	TRY(catalog_each_table(c->catalog, c->txn, d->database, note_user, &u));
	for (size_t i = 0; i < u.count; i++) {
		struct table *t = catalog_find_table_oid(c->catalog, c->txn, u.tables[i]);
		if (t == NULL)
			continue;
		struct table_def *def = ddl_copy_def(c, t);
		uint32_t before = def->column_count;
		enum status st = OK;
		for (uint32_t k = 0; st == OK && k < before; k++) {
			struct str column = def->columns[k].name;
			uint32_t count = def->constraint_count;
			struct str quoted = ddl_quoted(c->arena, column, DIALECT_POSTGRESQL);
			bool uses = false;
			for (uint32_t n = 0; n < count; n++)
				uses |= def->constraints[n].kind == 'd' && def->constraints[n].oid == d->oid &&
					str_eq(def->constraints[n].columns, quoted);
			if (!uses)
				continue;
			ddl_drop_notes(def, column, "d");
			st = ddl_add_domain(c, def, column, d, err);
		}
		if (st == OK)
			st = catalog_alter_table(c->catalog, c->txn, table_def_ref(def), err);
		table_def_unref(def);
		table_release(t);
		TRY(st);
	}
	return OK;
}

enum status ddl_alter_domain(struct ddl_context *c, const struct ast_alter *x, struct type_object *d, bool *changed,
                             struct error *err)
{
	const struct ast_column_def *was;
	*changed = false;
	TRY(parse_definition(c, d, &was, err));
	struct ast_column_def *now = (struct ast_column_def *)ast_clone(c->arena, &was->ast);
	AST_EACH(&x->commands, item) {
		const struct ast_alter_command *cmd = (const struct ast_alter_command *)item;
		switch (cmd->type) {
		case ALTER_ADD_CONSTRAINT:
			TRY(ddl_check_domain_unused(c, d, "ADD CONSTRAINT", err));
			ast_list_push(c->arena, &now->constraints, ast_clone(c->arena, cmd->definition));
			break;
		case ALTER_DROP_CONSTRAINT:
			TRY(drop_check(c, d, now, cmd, err));
			break;
		default:
			continue;
		}
		*changed = true;
	}
	if (*changed)
		d->definition = ast_text(c->arena, &now->ast, DIALECT_POSTGRESQL);
	return OK;
}

bool ddl_domain_check_text(struct ddl_context *c, uint32_t oid, struct str *text)
{
	const struct type_object *d = catalog_find_type_oid(c->catalog, c->txn, (oid - DOMAIN_CHECK_OID) / DOMAIN_CHECKS_MAX);
	const struct ast_column_def *x;
	uint32_t number = 0;
	if (d == NULL || d->kind != 'd' || parse_definition(c, d, &x, NULL) != OK)
		return false;
	AST_EACH(&x->constraints, item) {
		const struct ast_constraint *k = (const struct ast_constraint *)item;
		if (k->type != CONSTRAINT_CHECK || number++ != (oid - DOMAIN_CHECK_OID) % DOMAIN_CHECKS_MAX)
			continue;
		*text = arena_strf(c->arena, "CHECK (%.*s)", STR_ARG(ast_text(c->arena, k->check, DIALECT_POSTGRESQL)));
		return true;
	}
	return false;
}
