// SPDX-License-Identifier: Apache-2.0
/*
 * System tables and views: registered at start, the same for every transaction. Database and schema `x` mean the same
 * set: pg_catalog, information_schema and system can be reached as a schema of every database and as a database.
 */
#include <assert.h>
#include "catalog/catalog_impl.h"

/* Both spellings are ClickHouse's database; PostgreSQL's views are the schema of that name. */
static struct str fold_database(struct str name)
{
	return str_eq(name, STR("information_schema")) ? STR("INFORMATION_SCHEMA") : name;
}

bool system_has_database(struct str database)
{
	struct str d = fold_database(database);
	return str_eq(d, STR("system")) || str_eq(d, STR("INFORMATION_SCHEMA"));
}

bool system_has_schema(struct str schema)
{
	return str_eq(schema, STR("public")) || str_eq(schema, STR("pg_catalog")) || str_eq(schema, STR("information_schema"))
	       || str_eq(schema, STR("system"));
}

static struct str system_key(struct arena *a, struct str space, struct str name)
{
	return arena_strf(a, "%.*s%c%.*s", STR_ARG(space), 0x1f, STR_ARG(name));
}

/* Which of the system's name spaces a place means; empty: none. */
static struct str space_of(struct str database, struct str schema)
{
	struct str d = fold_database(database), s = schema;
	if (s.size != 0 && !str_eq(s, STR("public")))
		return system_has_schema(s) ? s : STR("");
	return system_has_database(d) || str_eq(d, STR("pg_catalog")) ? d : STR("");
}

struct system_table *system_find(struct catalog *c, struct str database, struct str schema, struct str name,
                                 bool nocase)
{
	struct str space = space_of(database, schema);
	if (space.size == 0)
		return NULL;
	if (!nocase && !str_eq(space, STR("INFORMATION_SCHEMA"))) {
		struct arena scratch;
		arena_init(&scratch, NULL);
		struct system_table *s = strmap_get(&c->system, system_key(&scratch, space, name));
		arena_fini(&scratch);
		return s;
	}
	for (struct system_table *s = c->system_first; s != NULL; s = s->next)
		if (str_eq_nocase(s->def->name, name) && str_eq(space_of(s->def->database, s->def->schema), space))
			return s;
	return NULL;
}

enum status catalog_register_system_table(struct catalog *c, struct table_def *def, const struct table_ops *ops,
                                          struct error *err)
{
	struct str space = space_of(def->database, def->schema);
	if (space.size == 0) {
		enum status st = ERR(err, E_LOGICAL_ERROR, "system table %.*s belongs to no system database", STR_ARG(def->name));
		table_def_unref(def);
		return st;
	}
	if (def->schema.size == 0)
		def->schema = system_has_database(def->database) ? STR("public") : space;
	if (def->oid == 0)
		def->oid = c->next_system_oid++;
	if (def->engine.size == 0)
		def->engine = str_of(ops->engine);
	for (uint32_t i = 0; i < def->column_count; i++) {
		if (def->columns[i].number == 0)
			def->columns[i].number = i + 1;
		def->columns[i].attnum = (int16_t)(i + 1);
	}
	struct system_table *s = ARENA_NEW(&c->arena, struct system_table);
	s->def = def;
	s->core = core_new(ops, def);
	enum status st = core_open(s->core, err);
	if (st != OK) {
		core_unref(s->core);
		table_def_unref(def);
		return st;
	}
	*c->system_last = s;
	c->system_last = &s->next;
	struct arena scratch;
	arena_init(&scratch, NULL);
	strmap_set(&c->system, system_key(&scratch, space, def->name), s);
	arena_fini(&scratch);
	return OK;
}

enum status catalog_register_system_view(struct catalog *c, struct str database, struct str schema, struct str name,
                                         struct str query, enum dialect dialect, struct error *err)
{
	struct table_def *d = table_def_new(c->track);
	d->kind = TABLE_VIEW;
	d->dialect = dialect;
	d->database = arena_str(&d->arena, database);
	d->schema = arena_str(&d->arena, schema);
	d->name = arena_str(&d->arena, name);
	d->engine = STR("View");
	d->as_select.text = arena_str(&d->arena, query);
	d->as_select.dialect = dialect;
	d->as_select.database = database.size != 0 ? d->database : d->schema;
	d->as_select.search_path = STR("pg_catalog");
	return catalog_register_system_table(c, d, ops_of(d), err);
}

enum status catalog_each_system_view(struct catalog *c, enum status (*fn)(void *arg, struct table_def *def), void *arg)
{
	for (struct system_table *s = c->system_first; s != NULL; s = s->next)
		if (s->def->kind == TABLE_VIEW)
			TRY(fn(arg, s->def));
	return OK;
}
