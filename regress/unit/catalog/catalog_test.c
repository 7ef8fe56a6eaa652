// SPDX-License-Identifier: Apache-2.0
/*
 * The catalog on a real log: what a transaction sees of its own changes and others do not, what is there again after a
 * restart, which concurrent changes are refused.
 */
#include <stdlib.h>
#include <unistd.h>
#include "catalog/catalog.h"
#include "catalog/objects.h"
#include "io/file.h"
#include "regress/unit/tap.h"

static struct error err;
static struct txn_manager *manager;
static struct catalog *catalog;
static char dir[] = "catalog_test_XXXXXX";
static int opened, closed;

static enum status fake_open(struct table *t, struct error *e)
{
	(void)e;
	t->state = &opened;
	opened++;
	return OK;
}

static void fake_close(struct table *t)
{
	(void)t;
	closed++;
}

static enum status fake_check(struct table_def *def, struct arena *scratch, struct error *e)
{
	(void)scratch;
	return str_eq(def->engine_args, STR("bad")) ? ERR(e, E_BAD_ARGUMENTS, "bad") : OK;
}

static const struct table_ops fake = {.engine = "Fake", .check = fake_check, .open = fake_open, .close = fake_close};

static void start(void)
{
	struct txn_config config = {.path = dir};
	ok(txn_manager_open(&config, &manager, &err) == OK, "the log opens %s", err.message);
	ok(catalog_open(manager, NULL, &catalog, &err) == OK, "the catalog opens %s", err.message);
}

static void stop(void)
{
	catalog_close(catalog);
	txn_manager_close(manager);
}

static struct txn *begin(void)
{
	struct txn *t = txn_begin(manager, TXN_READ_COMMITTED);
	error_clear(&err);
	if (txn_statement_begin(t, &err) != OK)
		abort();
	return t;
}

static struct table_def *definition(const char *name)
{
	struct table_def *d = table_def_new(NULL);
	struct arena *a = &d->arena;
	const char *types[] = {"UInt64", "LowCardinality(Nullable(String))",
	                       "Array(Tuple(a UInt8, b Nullable(DateTime64(3, 'UTC'))))"};
	d->database = STR("default");
	d->name = arena_str(a, str_of(name));
	d->engine = STR("Fake");
	d->column_count = 3;
	d->columns = ARENA_ARRAY(a, struct column_def, 3);
	for (int i = 0; i < 3; i++) {
		d->columns[i].name = arena_strf(a, "c%d", i);
		if (type_parse(a, str_of(types[i]), &d->columns[i].type, &err) != OK)
			abort();
	}
	d->columns[0].type = type_with_face(a, d->columns[0].type, FACE_INT4, -1);
	d->columns[1].default_kind = COLUMN_DEFAULT;
	d->columns[1].default_expr = (struct stored_sql){STR("'x'"), DIALECT_POSTGRESQL, STR("default"), STR("public")};
	d->order_by.text = STR("c0");
	return d;
}

static struct table *find(struct txn *t, const char *name)
{
	struct table *table;
	error_clear(&err);
	return catalog_find_table(catalog, t, STR("default"), STR(""), str_of(name), &table, &err) == OK ? table : NULL;
}

static bool there(struct txn *t, const char *name)
{
	struct table *table = find(t, name);
	table_release(table);
	return table != NULL;
}

static void test_create(void)
{
	struct txn *t = begin(), *other = begin();
	ok(catalog_create_table(catalog, t, definition("a"), &err) == OK, "a table is created %s", err.message);
	ok(there(t, "a"), "its transaction sees it");
	ok(!there(other, "a"), "another does not");
	error_clear(&err);
	is_int(catalog_create_table(catalog, t, definition("a"), &err), E_TABLE_EXISTS, "its name is taken");
	error_clear(&err);
	ok(catalog_create_table(catalog, other, definition("a"), &err) != OK || txn_commit(t, &err) == OK,
	   "the first commits");
	error_clear(&err);
	is_int(txn_commit(other, &err), E_TABLE_EXISTS, "the second with that name does not");
	t = begin();
	ok(there(t, "a"), "then others see it");
	ok(!there(t, "A"), "names are exact");
	struct table *nocase = catalog_find_table_nocase(catalog, t, STR("default"), STR(""), STR("A"));
	ok(nocase != NULL, "unless asked otherwise");
	table_release(nocase);
	ok(find(t, "aa") == NULL && strstr(err.message, "Maybe you meant default.a?") != NULL, "%s", err.message);
	struct table_def *bad = definition("bad");
	bad->engine_args = STR("bad");
	error_clear(&err);
	is_int(catalog_create_table(catalog, t, bad, &err), E_BAD_ARGUMENTS, "the engine may refuse");
	bad = definition("b");
	bad->engine = STR("Nonesuch");
	error_clear(&err);
	is_int(catalog_create_table(catalog, t, bad, &err), E_UNKNOWN_STORAGE, "and must be known");
	ok(catalog_create_table(catalog, t, definition("gone"), &err) != OK || there(t, "gone"), "a table for nothing");
	txn_rollback(t);
	t = begin();
	ok(!there(t, "gone"), "is gone after a rollback");
	txn_rollback(t);
}

static void test_change(void)
{
	struct txn *t = begin();
	struct table *a = find(t, "a");
	struct table_def *to = table_def_clone(a->def, NULL);
	to->columns[2].name = STR("renamed");
	uint32_t oid = a->def->oid, number = a->def->columns[2].number;
	ok(catalog_alter_table(catalog, t, to, &err) == OK, "ALTER %s", err.message);
	struct table *changed = find(t, "a");
	is_int(changed->def->schema_version, 2, "counts the version");
	ok(table_def_column(changed->def, STR("renamed"))->number == number && changed->def->oid == oid, "and keeps numbers");
	ok(table_def_column(a->def, STR("c2")) != NULL, "what was held stays as it was");
	ok(catalog_rename_table(catalog, t, changed, STR("default"), STR(""), STR("b"), false, &err) == OK, "RENAME");
	table_release(changed);
	table_release(a);
	ok(catalog_create_table(catalog, t, definition("a"), &err) == OK, "the old name is free");
	a = find(t, "a");
	ok(catalog_rename_table(catalog, t, a, STR("default"), STR(""), STR("b"), true, &err) == OK, "EXCHANGE");
	table_release(a);
	a = find(t, "a");
	ok(a->def->oid == oid && a->state == &opened, "swaps the tables, which stay open");
	ok(txn_commit(t, &err) == OK, "all of it commits %s", err.message);

	struct txn *one = begin(), *two = begin();
	struct table_def *x = table_def_clone(a->def, NULL), *y = table_def_clone(a->def, NULL);
	ok(catalog_alter_table(catalog, one, x, &err) == OK && catalog_alter_table(catalog, two, y, &err) == OK,
	   "two alter at a time");
	ok(txn_commit(one, &err) == OK, "one wins");
	is_int(txn_commit(two, &err), E_SERIALIZATION_FAILURE, "the other is told");
	table_release(a);
}

static void test_drop(void)
{
	struct txn *t = begin();
	struct table *b = find(t, "b");
	ok(catalog_detach_table(catalog, t, b, false, &err) == OK && !there(t, "b"), "DETACH hides a table");
	table_release(b);
	ok(txn_commit(t, &err) == OK, "and commits");
	t = begin();
	error_clear(&err);
	ok(catalog_attach_table(catalog, t, STR("default"), STR("b"), &err) == OK && there(t, "b"), "ATTACH brings it back");
	b = find(t, "b");
	ok(catalog_drop_table(catalog, t, b, &err) == OK && !there(t, "b"), "DROP ends it");
	table_release(b);
	ok(txn_commit(t, &err) == OK, "for good %s", err.message);
}

static void test_objects(void)
{
	struct txn *t = begin();
	struct arena a;
	arena_init(&a, NULL);
	const struct database_def d = {.name = STR("hanzo"), .engine = STR("Atomic")};
	ok(catalog_create_database(catalog, t, &d, &err) == OK, "a database");
	is_int(catalog_create_database(catalog, t, &d, &err), E_DATABASE_EXISTS, "once");
	struct schema_def s = {.database = STR("hanzo"), .name = STR("app"), .owner = STR("default")};
	ok(catalog_create_schema(catalog, t, &s, &err) == OK && catalog_has_schema(catalog, t, STR("hanzo"), STR("app")),
	   "a schema");
	struct sequence_def q = {.database = STR("hanzo"), .schema = STR("app"), .name = STR("ids"), .start = 5,
	                         .increment = 2, .min_value = 1, .max_value = 1000000, .cache = 1};
	ok(catalog_create_sequence(catalog, t, &q, &err) == OK, "a sequence");
	int64_t v = 0;
	error_clear(&err);
	ok(catalog_sequence_next(catalog, t, q.database, q.schema, q.name, &v, &err) == OK && v == 5,
	   "starts where it is told");
	struct str labels[] = {STR("sad"), STR("happy")};
	struct enum_value values[] = {{STR("sad"), 1}, {STR("happy"), 2}};
	struct type_object mood = {.database = STR("hanzo"), .name = STR("mood"), .kind = 'e', .label_count = 2,
	                           .labels = labels, .type = type_enum(&a, TYPE_ENUM8, values, 2), .definition = STR("")};
	ok(catalog_create_type(catalog, t, &mood, &err) == OK, "a type %s", err.message);
	struct role_def r = {.name = STR("ann"), .login = true, .connection_limit = -1};
	ok(role_set_password(&r, STR("secret"), &a, &err) == OK && str_starts_with(r.scram, STR("SCRAM-SHA-256$4096:")),
	   "a password");
	ok(catalog_create_role(catalog, t, &r, &err) == OK, "a user");
	ok(txn_commit(t, &err) == OK, "all commit %s", err.message);
	t = begin();
	ok(catalog_sequence_next(catalog, t, q.database, q.schema, q.name, &v, &err) == OK && v == 7, "counts on");
	txn_rollback(t);
	t = begin();
	ok(catalog_sequence_next(catalog, t, q.database, q.schema, q.name, &v, &err) == OK && v == 9,
	   "rollbacks do not matter");
	ok(catalog_rename_database(catalog, t, STR("hanzo"), STR("moved"), &err) == OK, "a database moves %s", err.message);
	ok(catalog_find_sequence(catalog, t, STR("moved"), STR("app"), STR("ids")) != NULL, "with all it has");
	ok(txn_commit(t, &err) == OK, "and commits %s", err.message);
	arena_fini(&a);
}

static enum status count_tables(void *arg, struct table *t)
{
	(void)t;
	++*(int *)arg;
	return OK;
}

static void check_restarted(const char *how)
{
	struct txn *t = begin();
	struct table *a = find(t, "a");
	ok(a != NULL, "%s: the table is there", how);
	ok(a != NULL && table_def_column(a->def, STR("renamed")) != NULL, "%s: as it was altered", how);
	ok(a != NULL && type_face(a->def->columns[0].type) == FACE_INT4, "%s: with its faces", how);
	ok(a != NULL && a->def->columns[1].type->low_cardinality &&
	   a->def->columns[1].default_expr.dialect == DIALECT_POSTGRESQL, "%s: types and defaults", how);
	ok(a != NULL && a->ops == &fake && a->state == &opened, "%s: open", how);
	table_release(a);
	int n = 0;
	ok(catalog_each_table(catalog, t, STR(""), count_tables, &n) == OK && n == 1, "%s: and nothing else", how);
	const struct role_def *r = catalog_find_role(catalog, t, STR("ann"));
	ok(r != NULL && role_check_password(r, STR("secret")) && !role_check_password(r, STR("Secret")),
	   "%s: the user's password", how);
	struct role_def scram = *r;
	scram.sha256 = STR("");
	ok(role_check_password(&scram, STR("secret")) && !role_check_password(&scram, STR("s")), "%s: by its verifier too",
	   how);
	const struct type_object *mood = catalog_find_type(catalog, t, STR("moved"), STR(""), STR("mood"));
	ok(mood != NULL && mood->label_count == 2 && mood->type->value_count == 2, "%s: the type", how);
	int64_t v = 0;
	ok(catalog_sequence_next(catalog, t, STR("moved"), STR("app"), STR("ids"), &v, &err) == OK && v > 9,
	   "%s: no value comes twice", how);
	ok(catalog_has_database(catalog, t, STR("postgres")) && catalog_has_database(catalog, t, STR("system")),
	   "%s: databases", how);
	txn_rollback(t);
}

int main(void)
{
	error_init(&err);
	if (mkdtemp(dir) == NULL)
		return 1;
	catalog_register();
	table_engine_register(&fake);
	start();
	test_create();
	test_change();
	test_drop();
	test_objects();
	stop();
	is_int(opened, closed, "every table that was opened is closed");
	start();
	check_restarted("from the checkpoint");
	stop();
	start();
	check_restarted("again");
	stop();
	is_int(opened, closed, "every table that was opened is closed");
	error_clear(&err);
	ok(file_remove_tree(dir, &err) == OK, "the directory goes");
	return tap_done();
}
