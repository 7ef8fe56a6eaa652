// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.h"

#include <assert.h>
#include <stdlib.h>
#include "base/log.h"
#include "catalog/catalog_impl.h"

/* A reference that a caller holds. */
struct table_handle {
	struct table table;
	_Atomic uint32_t references;
	struct table_core *core;
};

/* ---- life ---- */
void catalog_register(void)
{
	catalog_version_register();
}

struct txn_manager *catalog_txn_manager(struct catalog *c)
{
	return c->manager;
}

static enum status create_first(struct catalog *c, struct error *err)
{
	struct txn *t = txn_begin(c->manager, TXN_READ_COMMITTED);
	enum status st = txn_statement_begin(t, err);
	const struct database_def first = {.name = STR("default"), .oid = 16384, .engine = STR("Atomic")};
	const struct database_def second = {.name = STR("postgres"), .oid = 5, .engine = STR("Atomic")};
	const struct role_def user = {.name = STR("default"), .oid = OID_ROLE_DEFAULT, .login = true, .superuser = true,
	                              .create_db = true, .create_role = true, .inherit = true, .connection_limit = -1,
	                              .auth = STR("no_password")};
	if (st == OK)
		st = catalog_create_database(c, t, &first, err);
	if (st == OK)
		st = catalog_create_database(c, t, &second, err);
	if (st == OK)
		st = catalog_create_role(c, t, &user, err);
	if (st != OK) {
		txn_rollback(t);
		return st;
	}
	return txn_commit(t, err);
}

/* A table that does not open is reported and left in the catalog: its data may be wanted once what is missing is there.
 * */
static void open_tables(struct txn_manager *m, const struct catalog_version *v)
{
	for (uint32_t i = 0; i < v->count; i++) {
		struct entry *e = v->by_name[i];
		struct error err;
		if (e->table != NULL)
			txn_slot_taken(m, e->table->slot);
		if (e->kind != ENTRY_TABLE || e->core->opened)
			continue;
		error_init(&err);
		e->core->home.ops = ops_of(e->table);
		table_def_unref(e->core->home.def);
		e->core->home.def = table_def_ref(e->table);
		if (core_open(e->core, &err) != OK)
			LOG(LOG_ERROR, "catalog", "table %.*s.%.*s does not open: %s", STR_ARG(e->database), STR_ARG(e->name), err.message);
	}
}

enum status catalog_open(struct txn_manager *m, struct memtrack *track, struct catalog **out, struct error *err)
{
	*out = NULL;
	struct catalog *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	c->manager = m;
	c->track = track;
	pthread_mutex_init(&c->sequence_mutex, NULL);
	arena_init(&c->arena, track);
	strmap_init(&c->system, &c->arena, false);
	c->system_last = &c->system_first;
	c->next_system_oid = OID_SYSTEM_TABLE;
	c->next_oid = OID_FIRST;
	struct version *v = txn_newest_version(m, TXN_SLOT_CATALOG);
	enum status st = OK;
	if (v == NULL) {
		st = create_first(c, err);
		v = txn_newest_version(m, TXN_SLOT_CATALOG);
	}
	if (st == OK) {
		c->next_oid = ((struct catalog_version *)v)->oid_end;
		open_tables(m, (struct catalog_version *)v);
	}
	version_unref(v);
	if (st != OK) {
		catalog_close(c);
		return st;
	}
	*out = c;
	return OK;
}

void catalog_close(struct catalog *c)
{
	if (c == NULL)
		return;
	/* engines close while the manager lives; versions that still hold the cores find them closed */
	struct catalog_version *v = (struct catalog_version *)txn_newest_version(c->manager, TXN_SLOT_CATALOG);
	for (uint32_t i = 0; v != NULL && i < v->count; i++)
		if (v->by_name[i]->core != NULL)
			core_close(v->by_name[i]->core);
	version_unref(&v->version);
	for (struct system_table *s = c->system_first; s != NULL; s = s->next) {
		core_unref(s->core);
		table_def_unref(s->def);
	}
	while (c->sequences != NULL) {
		struct sequence_state *s = c->sequences;
		c->sequences = s->next;
		free(s);
	}
	arena_fini(&c->arena);
	pthread_mutex_destroy(&c->sequence_mutex);
	free(c);
}

uint32_t catalog_oid_new(struct catalog *c)
{
	return c->next_oid++;
}

struct str schema_or_public(struct str schema)
{
	return schema.size == 0 ? STR("public") : schema;
}

/* ---- handles ---- */
struct table *table_handle(struct table_core *core, const struct table_def *def)
{
	struct table_handle *h = calloc(1, sizeof *h);
	if (h == NULL)
		abort();
	h->references = 1;
	h->core = core_ref(core);
	h->table.ops = core->home.ops;
	h->table.state = core->home.state;
	h->table.def = table_def_ref(def);
	return &h->table;
}

struct table_core *table_core_of(const struct table *t)
{
	return ((struct table_handle *)t)->core;
}

struct table *table_ref(struct table *t)
{
	((struct table_handle *)t)->references++;
	return t;
}

void table_release(struct table *t)
{
	struct table_handle *h = (struct table_handle *)t;
	if (t == NULL || --h->references != 0)
		return;
	table_def_unref(t->def);
	core_unref(h->core);
	free(h);
}

/* ---- finding ---- */
bool catalog_has_database(struct catalog *c, struct txn *t, struct str database)
{
	return system_has_database(database)
	       || version_find(catalog_version_of(c, t), ENTRY_DATABASE, STR(""), STR(""), database) != NULL;
}

bool catalog_has_schema(struct catalog *c, struct txn *t, struct str database, struct str schema)
{
	return system_has_schema(schema)
	       || version_find(catalog_version_of(c, t), ENTRY_SCHEMA, database, STR(""), schema) != NULL;
}

/* Walks the tables of a database, or of all where it is empty; stops when fn says so. */
static struct entry *first_table(const struct catalog_version *v, struct str database, uint32_t *at)
{
	*at = version_lower_bound(v, ENTRY_TABLE, database, STR(""), STR(""));
	if (v == NULL || *at >= v->count || v->by_name[*at]->kind != ENTRY_TABLE)
		return NULL;
	return database.size == 0 || str_eq(v->by_name[*at]->database, database) ? v->by_name[*at] : NULL;
}

static struct entry *next_table(const struct catalog_version *v, struct str database, uint32_t *at)
{
	++*at;
	if (*at >= v->count || v->by_name[*at]->kind != ENTRY_TABLE)
		return NULL;
	return database.size == 0 || str_eq(v->by_name[*at]->database, database) ? v->by_name[*at] : NULL;
}

static enum status unknown_table(const struct catalog_version *v, struct str database, struct str schema,
                                 struct str name, struct error *err)
{
	unsigned best = name.size < 4 ? 1 : name.size < 8 ? 2 : 3;
	uint32_t at;
	const struct entry *near = NULL;
	for (const struct entry *e = first_table(v, database, &at); e != NULL; e = next_table(v, database, &at)) {
		unsigned d = str_distance_nocase(e->name, name, best);
		if (d < best + (near == NULL)) {
			best = d;
			near = e;
		}
	}
	if (near != NULL)
		return ERR(err, E_UNKNOWN_TABLE, "Table %.*s.%.*s does not exist. Maybe you meant %.*s.%.*s?", STR_ARG(database),
		           STR_ARG(name), STR_ARG(near->database), STR_ARG(near->name));
	if (schema.size != 0 && !str_eq(schema, STR("public")))
		return ERR(err, E_UNKNOWN_TABLE, "Table %.*s.%.*s.%.*s does not exist", STR_ARG(database), STR_ARG(schema),
		           STR_ARG(name));
	return ERR(err, E_UNKNOWN_TABLE, "Table %.*s.%.*s does not exist", STR_ARG(database), STR_ARG(name));
}

enum status catalog_find_table(struct catalog *c, struct txn *t, struct str database, struct str schema,
                               struct str name, struct table **out, struct error *err)
{
	*out = NULL;
	const struct system_table *s = system_find(c, database, schema, name, false);
	if (s != NULL) {
		*out = table_handle(s->core, s->def);
		return OK;
	}
	const struct catalog_version *v = catalog_version_of(c, t);
	const struct entry *e = version_find(v, ENTRY_TABLE, database, schema_or_public(schema), name);
	if (e != NULL) {
		*out = table_handle(e->core, e->table);
		return OK;
	}
	if (!catalog_has_database(c, t, database) && !str_eq(database, STR("pg_catalog")))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(database));
	return unknown_table(v, database, schema, name, err);
}

struct table *catalog_find_table_nocase(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                        struct str name)
{
	const struct system_table *s = system_find(c, database, schema, name, true);
	if (s != NULL)
		return table_handle(s->core, s->def);
	const struct catalog_version *v = catalog_version_of(c, t);
	struct str wanted = schema_or_public(schema);
	const struct entry *found = NULL;
	uint32_t at;
	for (const struct entry *e = first_table(v, database, &at); e != NULL; e = next_table(v, database, &at)) {
		if (!str_eq_nocase(e->name, name) || !str_eq(e->schema, wanted))
			continue;
		if (found != NULL)
			return NULL;
		found = e;
	}
	return found == NULL ? NULL : table_handle(found->core, found->table);
}

struct table *catalog_find_table_oid(struct catalog *c, struct txn *t, uint32_t oid)
{
	const struct entry *e = version_find_oid(catalog_version_of(c, t), oid);
	if (e != NULL)
		return e->kind == ENTRY_TABLE ? table_handle(e->core, e->table) : NULL;
	for (const struct system_table *s = c->system_first; s != NULL; s = s->next)
		if (s->def->oid == oid)
			return table_handle(s->core, s->def);
	return NULL;
}

struct table_def *catalog_newest_def(struct catalog *c, uint32_t oid)
{
	struct catalog_version *v = (struct catalog_version *)txn_newest_version(c->manager, TXN_SLOT_CATALOG);
	const struct entry *e = version_find_oid(v, oid);
	struct table_def *d = e == NULL || e->kind != ENTRY_TABLE ? NULL : table_def_ref(e->table);
	version_unref(&v->version);
	return d;
}

enum status catalog_each_newest_table(struct catalog *c, enum status (*fn)(void *arg, struct table *table), void *arg)
{
	struct catalog_version *v = (struct catalog_version *)txn_newest_version(c->manager, TXN_SLOT_CATALOG);
	enum status st = OK;
	uint32_t at;
	if (v == NULL)
		return OK;
	for (struct entry *e = first_table(v, STR(""), &at); st == OK && e != NULL; e = next_table(v, STR(""), &at)) {
		struct table *table = table_handle(e->core, e->table);
		st = fn(arg, table);
		table_release(table);
	}
	version_unref(&v->version);
	return st;
}

enum status catalog_views_of(struct catalog *c, struct txn *t, const struct table *source, struct arena *a,
                             struct table ***views, uint32_t *count, struct error *err)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	size_t capacity = 0, n = 0;
	struct table **list = NULL;
	uint32_t at;
	(void)err;
	for (const struct entry *e = first_table(v, STR(""), &at); e != NULL; e = next_table(v, STR(""), &at)) {
		const struct table_def *d = e->table;
		if (d->kind != TABLE_MATERIALIZED_VIEW || !str_eq(d->from_table, source->def->name)
		    || !str_eq(d->from_database, source->def->database))
			continue;
		struct table *view = table_handle(e->core, d);
		arena_defer(a, (void (*)(void *))table_release, view);
		ARENA_PUSH(a, list, n, capacity, view);
	}
	*views = list;
	*count = (uint32_t)n;
	return OK;
}

/* ---- walking ---- */
static const struct database_def system_databases[] = {
	{.name = {"INFORMATION_SCHEMA", 18}, .oid = 13001, .engine = {"Memory", 6}, .comment = {"", 0}, .is_system = true},
	{.name = {"information_schema", 18}, .oid = 13002, .engine = {"Memory", 6}, .comment = {"", 0}, .is_system = true},
	{.name = {"system", 6}, .oid = 13003, .engine = {"Atomic", 6}, .comment = {"", 0}, .is_system = true},
};

enum status catalog_each_database(struct catalog *c, struct txn *t,
                                  enum status (*fn)(void *arg, const struct database_def *d), void *arg)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	for (size_t i = 0; i < ARRAY_COUNT(system_databases); i++)
		TRY(fn(arg, &system_databases[i]));
	for (uint32_t i = version_lower_bound(v, ENTRY_DATABASE, STR(""), STR(""), STR(""));
	     v != NULL && i < v->count && v->by_name[i]->kind == ENTRY_DATABASE; i++)
		TRY(fn(arg, &v->by_name[i]->u.database_def));
	return OK;
}

static enum status each_schema_of(const struct catalog_version *v, struct str database,
                                  enum status (*fn)(void *arg, const struct schema_def *d), void *arg)
{
	static const struct {
		const char *name, *comment;
		uint32_t oid;
	} everywhere[] = {{"pg_catalog", "system catalog schema", 11}, {"public", "standard public schema", 2200},
	                  {"information_schema", "", 13010}, {"system", "", 13011}};
	for (size_t i = 0; i < ARRAY_COUNT(everywhere); i++) {
		struct schema_def d = {.database = database, .name = str_of(everywhere[i].name), .oid = everywhere[i].oid,
		                       .owner = STR("default"), .comment = str_of(everywhere[i].comment)};
		TRY(fn(arg, &d));
	}
	for (uint32_t i = version_lower_bound(v, ENTRY_SCHEMA, database, STR(""), STR(""));
	     i < v->count && v->by_name[i]->kind == ENTRY_SCHEMA && str_eq(v->by_name[i]->database, database); i++)
		TRY(fn(arg, &v->by_name[i]->u.schema_def));
	return OK;
}

enum status catalog_each_schema(struct catalog *c, struct txn *t,
                                enum status (*fn)(void *arg, const struct schema_def *d), void *arg)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	for (size_t i = 0; i < ARRAY_COUNT(system_databases); i++)
		TRY(each_schema_of(v, system_databases[i].name, fn, arg));
	for (uint32_t i = version_lower_bound(v, ENTRY_DATABASE, STR(""), STR(""), STR(""));
	     v != NULL && i < v->count && v->by_name[i]->kind == ENTRY_DATABASE; i++)
		TRY(each_schema_of(v, v->by_name[i]->name, fn, arg));
	return OK;
}

enum status catalog_each_table(struct catalog *c, struct txn *t, struct str database,
                               enum status (*fn)(void *arg, struct table *table), void *arg)
{
	const struct catalog_version *v = (const struct catalog_version *)version_ref(&catalog_version_of(c, t)->version);
	enum status st = OK;
	uint32_t at;
	for (struct system_table *s = c->system_first; st == OK && s != NULL; s = s->next) {
		if (database.size != 0 && s->def->database.size != 0 && !str_eq(s->def->database, database))
			continue;
		struct table *table = table_handle(s->core, s->def);
		st = fn(arg, table);
		table_release(table);
	}
	for (struct entry *e = first_table(v, database, &at); st == OK && e != NULL; e = next_table(v, database, &at)) {
		struct table *table = table_handle(e->core, e->table);
		st = fn(arg, table);
		table_release(table);
	}
	version_unref((struct version *)&v->version);
	return st;
}
