// SPDX-License-Identifier: Apache-2.0
/* CREATE and DROP of databases and schemas. */
#include "exec/ddl_impl.h"

static enum status create_schema(struct ddl_context *c, const struct ast_create_database *x, struct error *err)
{
	struct str name = x->name.count == 0 ? x->authorization : name_last(&x->name);
	struct str database = c->session->database;
	if (x->name.count > 1)
		TRY(ddl_part(c, &x->name.parts[x->name.count - 2], &database, err));
	if (catalog_has_schema(c->catalog, c->txn, database, name)) {
		if (!x->if_not_exists)
			return ERR(err, E_SCHEMA_EXISTS, "schema \"%.*s\" already exists", STR_ARG(name));
		ddl_say(c, "NOTICE", E_SCHEMA_EXISTS, "schema \"%.*s\" already exists, skipping", STR_ARG(name));
		return OK;
	}
	if (str_starts_with(name, STR("pg_")))
		return ERR(err, E_ACCESS_DENIED, "unacceptable schema name \"%.*s\"", STR_ARG(name));
	if (x->elements.count != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: statements inside CREATE SCHEMA");
	const struct schema_def d = {.database = database, .name = name,
	                             .owner = x->authorization.size != 0 ? x->authorization : c->user};
	return catalog_create_schema(c->catalog, c->txn, &d, err);
}

enum status ddl_create_database(struct ddl_context *c, const struct ast_create_database *x, struct error *err)
{
	struct str name, comment = STR(""), engine = STR("Atomic");
	if (x->schema && ddl_is_pg(c))
		return create_schema(c, x, err);
	if (x->name.count != 1)
		return ERR(err, E_SYNTAX, "a database has a name of one part");
	TRY(ddl_part(c, &x->name.parts[0], &name, err));
	if (catalog_has_database(c->catalog, c->txn, name)) {
		if (x->if_not_exists)
			return OK;
		return ddl_is_pg(c) ? ERR(err, E_DATABASE_EXISTS, "database \"%.*s\" already exists", STR_ARG(name))
		                    : ERR(err, E_DATABASE_EXISTS, "Database %.*s already exists.", STR_ARG(name));
	}
	if (x->storage != NULL && x->storage->engine != NULL) {
		static const char *const known[] = {"Atomic", "Ordinary", "Lazy", "Memory", "Replicated", "Shared"};
		bool found = false;
		engine = name_last(&x->storage->engine->name);
		for (size_t i = 0; i < ARRAY_COUNT(known); i++)
			found |= str_eq(engine, str_of(known[i]));
		if (!found)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: database engine %.*s", STR_ARG(engine));
		/* one way of keeping tables serves them all */
		if (!str_eq(engine, STR("Replicated")))
			engine = STR("Atomic");
	}
	if (x->comment != NULL)
		(void)ddl_is_string(x->comment, &comment);
	const struct database_def d = {.name = name, .engine = engine, .comment = comment};
	return catalog_create_database(c->catalog, c->txn, &d, err);
}

/* Counts the user's tables of a place. */
struct counting {
	struct str schema;
	uint32_t count;
};

static enum status count_table(void *arg, struct table *t)
{
	struct counting *k = arg;
	if (t->def->kind != TABLE_SYSTEM && t->def->oid >= 20000 && (k->schema.size == 0 || str_eq(t->def->schema, k->schema)))
		k->count++;
	return OK;
}

static enum status drop_schema(struct ddl_context *c, const struct ast_drop *x, struct str name, struct error *err)
{
	struct counting k = {.schema = name};
	if (!catalog_has_schema(c->catalog, c->txn, c->session->database, name)) {
		if (!x->if_exists)
			return ERR(err, E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist", STR_ARG(name));
		ddl_say(c, "NOTICE", E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist, skipping", STR_ARG(name));
		return OK;
	}
	TRY(catalog_each_table(c->catalog, c->txn, c->session->database, count_table, &k));
	if (k.count != 0 && !x->cascade) {
		ERR(err, E_DEPENDENT_OBJECTS, "cannot drop schema %.*s because other objects depend on it", STR_ARG(name));
		return error_hint(err, "Use DROP ... CASCADE to drop the dependent objects too.");
	}
	return catalog_drop_schema(c->catalog, c->txn, c->session->database, name, err);
}

static enum status drop_database(struct ddl_context *c, const struct ast_drop *x, struct str name, struct error *err)
{
	struct counting k = {0};
	if (!catalog_has_database(c->catalog, c->txn, name)) {
		if (!x->if_exists)
			return ddl_is_pg(c) ? ERR(err, E_UNKNOWN_DATABASE, "database \"%.*s\" does not exist", STR_ARG(name))
			                    : ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(name));
		ddl_say(c, "NOTICE", E_UNKNOWN_DATABASE, "database \"%.*s\" does not exist, skipping", STR_ARG(name));
		return OK;
	}
	if (ddl_is_pg(c) && str_eq(name, c->session->database))
		return ERR(err, E_WRONG_STATE, "cannot drop the currently open database");
	if (x->if_empty) {
		TRY(catalog_each_table(c->catalog, c->txn, name, count_table, &k));
		if (k.count != 0)
			return ERR(err, E_DATABASE_NOT_EMPTY, "Database %.*s is not empty", STR_ARG(name));
	}
	if (x->detach)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: DETACH DATABASE");
	return catalog_drop_database(c->catalog, c->txn, name, err);
}

enum status ddl_drop_database(struct ddl_context *c, const struct ast_drop *x, struct error *err)
{
	AST_EACH(&x->names, n) {
		struct str name;
		const struct name *full = &((struct ast_identifier *)n)->name;
		TRY(ddl_part(c, &full->parts[full->count - 1], &name, err));
		TRY(x->object == OBJECT_SCHEMA && ddl_is_pg(c) ? drop_schema(c, x, name, err) : drop_database(c, x, name, err));
	}
	return OK;
}

struct temporary_schemas {
	struct arena *arena;
	struct str own;              /* empty: every session's */
	struct schema_def *found;
	size_t count, capacity;
};

static enum status note_temporary(void *arg, const struct schema_def *d)
{
	struct temporary_schemas *t = arg;
	if (t->own.size != 0 ? !str_eq(d->name, t->own) : !str_starts_with(d->name, STR("pg_temp_")))
		return OK;
	struct schema_def copy = {.database = arena_str(t->arena, d->database), .name = arena_str(t->arena, d->name)};
	ARENA_PUSH(t->arena, t->found, t->count, t->capacity, copy);
	return OK;
}

static enum status drop_temporary(struct catalog *catalog, struct txn *txn, struct str own, struct error *err)
{
	struct arena a;
	arena_init(&a, NULL);
	struct temporary_schemas list = {.arena = &a, .own = own};
	enum status st = catalog_each_schema(catalog, txn, note_temporary, &list);
	for (size_t i = 0; st == OK && i < list.count; i++)
		st = catalog_drop_schema(catalog, txn, list.found[i].database, list.found[i].name, err);
	arena_fini(&a);
	return st;
}

enum status ddl_drop_temporary(struct ddl_context *c, struct error *err)
{
	return drop_temporary(c->catalog, c->txn, ddl_temporary_schema(c), err);
}

enum status ddl_drop_all_temporary(struct catalog *c, struct txn *t, struct error *err)
{
	return drop_temporary(c, t, STR(""), err);
}
