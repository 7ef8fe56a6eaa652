// SPDX-License-Identifier: Apache-2.0
/* Changes of databases, schemas and tables. */
#include <assert.h>
#include <inttypes.h>
#include <sys/random.h>
#include "base/clock.h"
#include "catalog/catalog_impl.h"

/* ---- databases and schemas ---- */
enum status catalog_create_database(struct catalog *c, struct txn *t, const struct database_def *d, struct error *err)
{
	if (catalog_has_database(c, t, d->name))
		return ERR(err, E_DATABASE_EXISTS, "Database %.*s already exists", STR_ARG(d->name));
	struct entry *e = entry_new(ENTRY_DATABASE, d->oid != 0 ? d->oid : catalog_oid_new(c));
	e->name = arena_str(&e->arena, d->name);
	e->u.database_def = (struct database_def){.name = e->name, .oid = e->oid, .engine = arena_str(&e->arena, d->engine),
	                                          .comment = arena_str(&e->arena, d->comment)};
	struct catalog_change *change = catalog_change_new();
	change_create(change, e);
	return catalog_change_add(t, change, err);
}

static enum status find_database(struct catalog *c, struct txn *t, struct str name, struct entry **out,
                                 struct error *err)
{
	*out = version_find(catalog_version_of(c, t), ENTRY_DATABASE, STR(""), STR(""), name);
	if (*out != NULL)
		return OK;
	if (system_has_database(name))
		return ERR(err, E_ACCESS_DENIED, "Database %.*s belongs to the system", STR_ARG(name));
	return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(name));
}

static void clear_slot_of(struct entry *e, uint32_t *slots, uint32_t *count)
{
	if (e->table != NULL)
		slots[(*count)++] = e->table->slot;
}

/* Removes all of a database, and the slots of its tables. */
enum status catalog_drop_database(struct catalog *c, struct txn *t, struct str name, struct error *err)
{
	struct entry *e;
	TRY(find_database(c, t, name, &e, err));
	const struct catalog_version *v = catalog_version_of(c, t);
	struct catalog_change *change = catalog_change_new();
	struct arena scratch;
	arena_init(&scratch, NULL);
	uint32_t *slots = ARENA_ARRAY(&scratch, uint32_t, v->count + 1), count = 0;
	for (uint32_t i = 0; i < v->count; i++) {
		struct entry *x = v->by_name[i];
		if (x->kind == ENTRY_DATABASE || x->kind == ENTRY_ROLE || !str_eq(x->database, name))
			continue;
		clear_slot_of(x, slots, &count);
		change_remove(change, x);
	}
	change_remove(change, e);
	enum status st = catalog_change_add(t, change, err);
	for (uint32_t i = 0; st == OK && i < count; i++)
		st = txn_clear_slot(t, slots[i], err);
	arena_fini(&scratch);
	return st;
}

/* A copy of an entry under another database name. */
static enum status move_entry(const struct entry *x, struct str to, struct entry **out, struct error *err)
{
	if (x->kind == ENTRY_TABLE) {
		struct table_def *d = table_def_clone(x->table, x->table->track);
		struct str from = x->database;
		d->database = arena_str(&d->arena, to);
		struct str *refs[] = {&d->to_database, &d->from_database};
		for (size_t i = 0; i < ARRAY_COUNT(refs); i++)
			if (str_eq(*refs[i], from))
				*refs[i] = d->database;
		d->schema_version++;
		*out = entry_of_table(d, core_ref(x->core));
		return OK;
	}
	struct strbuf bytes;
	strbuf_init(&bytes, NULL);
	entry_encode(x, &bytes);
	struct cursor in = cursor_of(strbuf_str(&bytes));
	enum status st = entry_decode(&in, out, err);
	strbuf_fini(&bytes);
	TRY(st);
	struct entry *e = *out;
	e->database = arena_str(&e->arena, to);
	if (e->kind == ENTRY_SCHEMA)
		e->u.schema_def.database = e->database;
	else if (e->kind == ENTRY_SEQUENCE)
		e->u.sequence.database = e->database;
	else if (e->kind == ENTRY_TYPE)
		e->u.type.database = e->database;
	else if (e->kind == ENTRY_RECORDED)
		e->u.recorded.database = e->database;
	else if (e->table != NULL)
		e->table->database = arena_str(&e->table->arena, to);
	return OK;
}

enum status catalog_rename_database(struct catalog *c, struct txn *t, struct str from, struct str to, struct error *err)
{
	struct entry *e;
	TRY(find_database(c, t, from, &e, err));
	if (catalog_has_database(c, t, to))
		return ERR(err, E_DATABASE_EXISTS, "Database %.*s already exists", STR_ARG(to));
	const struct catalog_version *v = catalog_version_of(c, t);
	struct catalog_change *change = catalog_change_new();
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < v->count; i++) {
		struct entry *x = v->by_name[i], *moved = NULL;
		if (x->kind == ENTRY_DATABASE || x->kind == ENTRY_ROLE || !str_eq(x->database, from))
			continue;
		st = move_entry(x, to, &moved, err);
		if (st == OK)
			change_replace(change, x, moved);
	}
	if (st != OK) {
		change_drop(change);
		return st;
	}
	struct entry *renamed = entry_new(ENTRY_DATABASE, e->oid);
	renamed->name = arena_str(&renamed->arena, to);
	renamed->u.database_def = (struct database_def){
		.name = renamed->name, .oid = e->oid, .engine = arena_str(&renamed->arena, e->u.database_def.engine),
		.comment = arena_str(&renamed->arena, e->u.database_def.comment)};
	change_replace(change, e, renamed);
	return catalog_change_add(t, change, err);
}

enum status catalog_comment_database(struct catalog *c, struct txn *t, struct str name, struct str comment,
                                     struct error *err)
{
	struct entry *was;
	TRY(find_database(c, t, name, &was, err));
	struct entry *e = entry_new(ENTRY_DATABASE, was->oid);
	e->name = arena_str(&e->arena, name);
	e->u.database_def = (struct database_def){.name = e->name, .oid = e->oid,
	                                          .engine = arena_str(&e->arena, was->u.database_def.engine),
	                                          .comment = arena_str(&e->arena, comment)};
	struct catalog_change *change = catalog_change_new();
	change_replace(change, was, e);
	return catalog_change_add(t, change, err);
}

static struct entry *schema_entry(uint32_t oid, const struct schema_def *d)
{
	struct entry *e = entry_new(ENTRY_SCHEMA, oid);
	e->database = arena_str(&e->arena, d->database);
	e->name = arena_str(&e->arena, d->name);
	e->u.schema_def = (struct schema_def){.database = e->database, .name = e->name, .oid = oid,
	                                      .owner = arena_str(&e->arena, d->owner),
	                                      	.comment = arena_str(&e->arena, d->comment)};
	return e;
}

enum status catalog_create_schema(struct catalog *c, struct txn *t, const struct schema_def *d, struct error *err)
{
	if (!catalog_has_database(c, t, d->database))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(d->database));
	if (catalog_has_schema(c, t, d->database, d->name))
		return ERR(err, E_SCHEMA_EXISTS, "schema \"%.*s\" already exists", STR_ARG(d->name));
	struct catalog_change *change = catalog_change_new();
	struct entry *e = schema_entry(catalog_oid_new(c), d);
	e->temporary = str_starts_with(d->name, STR("pg_temp_"));
	change_create(change, e);
	return catalog_change_add(t, change, err);
}

static enum status find_schema(struct catalog *c, struct txn *t, struct str database, struct str schema,
                               struct entry **out, struct error *err)
{
	*out = version_find(catalog_version_of(c, t), ENTRY_SCHEMA, database, STR(""), schema);
	if (*out != NULL)
		return OK;
	if (system_has_schema(schema))
		return ERR(err, E_DEPENDENT_OBJECTS, "schema %.*s is required by the database system", STR_ARG(schema));
	return ERR(err, E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist", STR_ARG(schema));
}

enum status catalog_replace_schema(struct catalog *c, struct txn *t, struct str name, const struct schema_def *d,
                                   struct error *err)
{
	struct entry *was;
	TRY(find_schema(c, t, d->database, name, &was, err));
	struct catalog_change *change = catalog_change_new();
	change_replace(change, was, schema_entry(was->oid, d));
	const struct catalog_version *v = catalog_version_of(c, t);
	for (uint32_t i = 0; !str_eq(name, d->name) && i < v->count; i++) {
		struct entry *x = v->by_name[i];
		if (x->kind != ENTRY_TABLE || !str_eq(x->database, d->database) || !str_eq(x->schema, name))
			continue;
		struct table_def *def = table_def_clone(x->table, x->table->track);
		def->schema = arena_str(&def->arena, d->name);
		change_replace(change, x, entry_of_table(def, core_ref(x->core)));
	}
	return catalog_change_add(t, change, err);
}

enum status catalog_drop_schema(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                struct error *err)
{
	struct entry *e;
	TRY(find_schema(c, t, database, schema, &e, err));
	const struct catalog_version *v = catalog_version_of(c, t);
	struct catalog_change *change = catalog_change_new();
	struct arena scratch;
	arena_init(&scratch, NULL);
	uint32_t *slots = ARENA_ARRAY(&scratch, uint32_t, v->count + 1), count = 0;
	for (uint32_t i = 0; i < v->count; i++) {
		struct entry *x = v->by_name[i];
		if (x->kind <= ENTRY_SCHEMA || !str_eq(x->database, database) || !str_eq(x->schema, schema))
			continue;
		clear_slot_of(x, slots, &count);
		change_remove(change, x);
	}
	change_remove(change, e);
	enum status st = catalog_change_add(t, change, err);
	for (uint32_t i = 0; st == OK && i < count; i++)
		st = txn_clear_slot(t, slots[i], err);
	arena_fini(&scratch);
	return st;
}

/* ---- tables ---- */
static void uuid_random(uint8_t uuid[16])
{
	size_t have = 0;
	while (have < 16) {
		ssize_t n = getrandom(uuid + have, 16 - have, 0);
		have += n > 0 ? (size_t)n : 0;
	}
	uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
	uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
}

/* Numbers for columns that have none; attnums follow the order but keep what was given before. */
static void number_columns(struct catalog *c, struct table_def *d)
{
	int16_t last = 0;
	for (uint32_t i = 0; i < d->column_count; i++) {
		if (d->columns[i].number >= d->next_column_number)
			d->next_column_number = d->columns[i].number + 1;
		if (d->columns[i].attnum > last)
			last = d->columns[i].attnum;
	}
	for (uint32_t i = 0; i < d->column_count; i++) {
		if (d->columns[i].number == 0)
			d->columns[i].number = d->next_column_number++;
		if (d->columns[i].attnum == 0 && !d->columns[i].hidden)
			d->columns[i].attnum = ++last;
	}
	for (uint32_t i = 0; i < d->index_count; i++)
		if (d->indexes[i].oid == 0)
			d->indexes[i].oid = catalog_oid_new(c);
	for (uint32_t i = 0; i < d->constraint_count; i++)
		if (d->constraints[i].oid == 0)
			d->constraints[i].oid = catalog_oid_new(c);
}

static enum status run_check(const struct table_ops *ops, struct table_def *d, struct error *err)
{
	struct arena scratch;
	if (ops->check == NULL)
		return OK;
	arena_init(&scratch, NULL);
	enum status st = ops->check(d, &scratch, err);
	arena_fini(&scratch);
	return st;
}

static enum status check_home(struct catalog *c, struct txn *t, const struct table_def *d, struct error *err)
{
	if (system_has_database(d->database))
		return ERR(err, E_ACCESS_DENIED, "Database %.*s belongs to the system", STR_ARG(d->database));
	if (!catalog_has_database(c, t, d->database))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(d->database));
	if (!catalog_has_schema(c, t, d->database, d->schema))
		return ERR(err, E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist", STR_ARG(d->schema));
	if (version_find(catalog_version_of(c, t), ENTRY_TABLE, d->database, d->schema, d->name) != NULL)
		return ERR(err, E_TABLE_EXISTS, "Table %.*s.%.*s already exists", STR_ARG(d->database), STR_ARG(d->name));
	return OK;
}

enum status catalog_create_table(struct catalog *c, struct txn *t, struct table_def *def, struct error *err)
{
	static const uint8_t none[16];
	if (def->schema.size == 0)
		def->schema = STR("public");
	const struct table_ops *ops = ops_of(def);
	enum status st = check_home(c, t, def, err);
	if (st == OK && table_engine_find(def->engine) == NULL && def->kind != TABLE_VIEW)
		st = ERR(err, E_UNKNOWN_STORAGE, "Unknown table engine %.*s", STR_ARG(def->engine));
	if (st == OK) {
		if (memcmp(def->uuid, none, sizeof none) == 0)
			uuid_random(def->uuid);
		def->oid = def->oid != 0 ? def->oid : catalog_oid_new(c);
		def->slot = txn_slot_new(c->manager);
		def->schema_version = 1;
		def->modified_us = clock_wall_us();
		number_columns(c, def);
		st = run_check(ops, def, err);
	}
	if (st != OK) {
		table_def_unref(def);
		return st;
	}
	struct table_core *core = core_new(ops, def);
	struct entry *e = entry_of_table(def, core);
	st = core_open(core, err);
	if (st != OK) {
		entry_unref(e);
		return st;
	}
	struct catalog_change *change = catalog_change_new();
	change_create(change, e);
	return catalog_change_add(t, change, err);
}

static enum status entry_of(struct catalog *c, struct txn *t, const struct table_def *d, struct entry **out,
                            struct error *err)
{
	*out = version_find_oid(catalog_version_of(c, t), d->oid);
	if (*out != NULL && (*out)->kind == ENTRY_TABLE)
		return OK;
	if (d->oid < OID_FIRST)
		return ERR(err, E_ACCESS_DENIED, "Table %.*s.%.*s belongs to the system", STR_ARG(d->database), STR_ARG(d->name));
	return ERR(err, E_UNKNOWN_TABLE, "Table %.*s.%.*s does not exist", STR_ARG(d->database), STR_ARG(d->name));
}

enum status catalog_alter_table(struct catalog *c, struct txn *t, struct table_def *to, struct error *err)
{
	struct entry *was;
	enum status st = entry_of(c, t, to, &was, err);
	if (st == OK) {
		to->schema_version = was->table->schema_version + 1;
		to->modified_us = clock_wall_us();
		number_columns(c, to);
		st = run_check(was->core->home.ops, to, err);
	}
	if (st != OK) {
		table_def_unref(to);
		return st;
	}
	struct catalog_change *change = catalog_change_new();
	change_replace(change, was, entry_of_table(to, core_ref(was->core)));
	return catalog_change_add(t, change, err);
}

enum status catalog_drop_table(struct catalog *c, struct txn *t, struct table *table, struct error *err)
{
	struct entry *e;
	TRY(entry_of(c, t, table->def, &e, err));
	uint32_t slot = e->table->slot;
	struct catalog_change *change = catalog_change_new();
	change_remove(change, e);
	TRY(catalog_change_add(t, change, err));
	return txn_clear_slot(t, slot, err);
}

static struct entry *renamed_entry(const struct entry *e, struct str database, struct str schema, struct str name)
{
	struct table_def *d = table_def_clone(e->table, e->table->track);
	d->database = arena_str(&d->arena, database);
	d->schema = arena_str(&d->arena, schema_or_public(schema));
	d->name = arena_str(&d->arena, name);
	d->schema_version++;
	d->modified_us = clock_wall_us();
	return entry_of_table(d, core_ref(e->core));
}

enum status catalog_rename_table(struct catalog *c, struct txn *t, struct table *table, struct str database,
                                 struct str schema, struct str name, bool exchange, struct error *err)
{
	struct entry *e;
	TRY(entry_of(c, t, table->def, &e, err));
	if (!catalog_has_database(c, t, database))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(database));
	if (!catalog_has_schema(c, t, database, schema_or_public(schema)))
		return ERR(err, E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist", STR_ARG(schema));
	struct entry *other = version_find(catalog_version_of(c, t), ENTRY_TABLE, database, schema_or_public(schema), name);
	if (exchange && other == NULL)
		return ERR(err, E_UNKNOWN_TABLE, "Table %.*s.%.*s does not exist", STR_ARG(database), STR_ARG(name));
	if (!exchange && other != NULL)
		return ERR(err, E_TABLE_EXISTS, "Table %.*s.%.*s already exists", STR_ARG(database), STR_ARG(name));
	if (exchange && other == e)
		return OK;
	struct catalog_change *change = catalog_change_new();
	change_replace(change, e, renamed_entry(e, database, schema, name));
	if (exchange)
		change_replace(change, other, renamed_entry(other, e->database, e->schema, e->name));
	return catalog_change_add(t, change, err);
}

/* ---- aside ---- */
enum status catalog_detach_table(struct catalog *c, struct txn *t, struct table *table, bool permanently,
                                 struct error *err)
{
	struct entry *e;
	TRY(entry_of(c, t, table->def, &e, err));
	struct entry *aside = entry_new(ENTRY_DETACHED, e->oid);
	aside->table = table_def_ref(e->table);
	aside->database = aside->table->database;
	aside->schema = aside->table->schema;
	aside->name = aside->table->name;
	aside->permanently = permanently;
	struct catalog_change *change = catalog_change_new();
	change_replace(change, e, aside);
	return catalog_change_add(t, change, err);
}

enum status catalog_attach_table(struct catalog *c, struct txn *t, struct str database, struct str name,
                                 struct error *err)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	struct entry *aside = version_find(v, ENTRY_DETACHED, database, STR("public"), name);
	if (aside == NULL)
		return ERR(err, E_UNKNOWN_TABLE, "Table %.*s.%.*s was not detached", STR_ARG(database), STR_ARG(name));
	struct table_def *def = table_def_ref(aside->table);
	struct table_core *core = core_new(ops_of(def), def);
	struct entry *e = entry_of_table(def, core);
	enum status st = core_open(core, err);
	if (st != OK) {
		entry_unref(e);
		return st;
	}
	struct catalog_change *change = catalog_change_new();
	change_replace(change, aside, e);
	return catalog_change_add(t, change, err);
}

enum status catalog_each_detached(struct catalog *c, struct txn *t, struct str database,
                                  enum status (*fn)(void *arg, const struct table_def *d, bool permanently), void *arg)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	for (uint32_t i = version_lower_bound(v, ENTRY_DETACHED, database, STR(""), STR(""));
	     v != NULL && i < v->count && v->by_name[i]->kind == ENTRY_DETACHED; i++)
		if (database.size == 0 || str_eq(v->by_name[i]->database, database))
			TRY(fn(arg, v->by_name[i]->table, v->by_name[i]->permanently));
	return OK;
}
