// SPDX-License-Identifier: Apache-2.0
/* DROP and DETACH of tables and views, TRUNCATE, RENAME and EXCHANGE. */
#include "exec/ddl_impl.h"

/* ---- dependents ---- */
struct owned {
	struct ddl_context *c;
	const struct table_def *table;
	struct sequence_def *list;
	size_t count, capacity;
};

static enum status note_owned(void *arg, const struct sequence_def *d)
{
	struct owned *o = arg;
	struct str prefix = arena_strf(o->c->arena, "%.*s.%.*s.", STR_ARG(o->table->schema), STR_ARG(o->table->name));
	if (!str_eq(d->database, o->table->database) || !str_starts_with(d->owned_by, prefix))
		return OK;
	struct sequence_def copy = {.database = arena_str(o->c->arena, d->database),
	                            .schema = arena_str(o->c->arena, d->schema), .name = arena_str(o->c->arena, d->name)};
	ARENA_PUSH(o->c->arena, o->list, o->count, o->capacity, copy);
	return OK;
}

static enum status drop_owned(struct ddl_context *c, const struct table_def *d, struct error *err)
{
	struct owned o = {.c = c, .table = d};
	TRY(catalog_each_sequence(c->catalog, c->txn, note_owned, &o));
	for (size_t i = 0; i < o.count; i++)
		TRY(catalog_drop_sequence(c->catalog, c->txn, o.list[i].database, o.list[i].schema, o.list[i].name, err));
	return OK;
}

static enum status inner_of(struct ddl_context *c, const struct table_def *view, struct table **out)
{
	struct error ignored;
	error_init(&ignored);
	struct str name = arena_strf(c->arena, ".inner.%.*s", STR_ARG(view->name));
	*out = NULL;
	if (view->kind != TABLE_MATERIALIZED_VIEW || view->to_table.size != 0)
		return OK;
	enum status st = catalog_find_table(c->catalog, c->txn, view->database, STR(""), name, out, &ignored);
	return st == OK || st == E_UNKNOWN_TABLE ? OK : st;
}

enum status ddl_drop_one_table(struct ddl_context *c, struct table *t, struct error *err)
{
	struct table *inner;
	TRY(inner_of(c, t->def, &inner));
	if (inner != NULL) {
		enum status st = catalog_drop_table(c->catalog, c->txn, inner, err);
		table_release(inner);
		TRY(st);
	}
	TRY(drop_owned(c, t->def, err));
	return catalog_drop_table(c->catalog, c->txn, t, err);
}

/* ---- DROP ---- */
static enum status check_kind(struct ddl_context *c, enum object_type object, const struct table *t, struct error *err)
{
	enum table_kind kind = t->def->kind;
	if (object == OBJECT_TABLE && kind == TABLE_VIEW && ddl_is_pg(c)) {
		ERR(err, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a table", STR_ARG(t->def->name));
		return error_hint(err, "Use DROP VIEW to remove a view.");
	}
	if (object == OBJECT_VIEW && kind == TABLE_TABLE)
		return ddl_is_pg(c) ? ERR(err, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a view", STR_ARG(t->def->name))
		                    : ERR(err, E_BAD_ARGUMENTS, "Table %.*s.%.*s is not a View", STR_ARG(t->def->database),
		                          STR_ARG(t->def->name));
	if (object == OBJECT_MATERIALIZED_VIEW && kind != TABLE_MATERIALIZED_VIEW)
		return ERR(err, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a materialized view", STR_ARG(t->def->name));
	return OK;
}

static enum status check_size(struct ddl_context *c, struct table *t, struct error *err)
{
	uint64_t limit = settings_u64(c->settings, SET_max_table_size_to_drop);
	struct table_size size = {0};
	if (limit == 0 || t->ops->size == NULL)
		return OK;
	TRY(t->ops->size(t, c->txn, &size, err));
	if (size.bytes_on_disk <= limit)
		return OK;
	return ERR(err, E_LIMIT_EXCEEDED,
	           "Table %.*s.%.*s has %llu bytes, more than max_table_size_to_drop; set it to 0 to drop it",
	           STR_ARG(t->def->database), STR_ARG(t->def->name), (unsigned long long)size.bytes_on_disk);
}

static enum status check_empty(struct ddl_context *c, struct table *t, struct error *err)
{
	uint64_t rows = 0;
	if (t->ops->row_count == NULL || !t->ops->row_count(t, c->txn, &rows))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: IF EMPTY of engine %s", t->ops->engine);
	if (rows != 0)
		return ERR(err, E_TABLE_NOT_EMPTY, "Table %.*s.%.*s is not empty", STR_ARG(t->def->database), STR_ARG(t->def->name));
	return OK;
}

enum status ddl_drop(struct ddl_context *c, const struct ast_drop *x, struct ddl_result *out, struct error *err)
{
	(void)out;
	AST_EACH(&x->names, n) {
		const struct name *name = &((struct ast_identifier *)n)->name;
		struct table *t;
		TRY(ddl_find_table(c, name, true, &t, err));
		if (t == NULL && x->if_exists) {
			ddl_say(c, "NOTICE", E_UNKNOWN_TABLE, "%s \"%.*s\" does not exist, skipping",
			        x->object == OBJECT_TABLE ? "table" : "view", STR_ARG(name_last(name)));
			continue;
		}
		if (t == NULL && ddl_is_pg(c))
			return ERR(err, E_UNKNOWN_TABLE, "%s \"%.*s\" does not exist", x->object == OBJECT_TABLE ? "table" : "view",
			           STR_ARG(name_last(name)));
		if (t == NULL)
			TRY(ddl_find_table(c, name, false, &t, err));
		TRY(check_kind(c, x->object, t, err));
		if (x->detach) {
			TRY(catalog_detach_table(c->catalog, c->txn, t, x->permanently, err));
			continue;
		}
		if (x->if_empty)
			TRY(check_empty(c, t, err));
		TRY(check_size(c, t, err));
		TRY(ddl_drop_one_table(c, t, err));
	}
	return OK;
}

/* ---- TRUNCATE ---- */
enum status ddl_truncate_one(struct ddl_context *c, struct table *t, struct error *err)
{
	struct table *inner;
	TRY(inner_of(c, t->def, &inner));
	if (inner != NULL) {
		enum status st = ddl_truncate_one(c, inner, err);
		table_release(inner);
		return st;
	}
	if (t->ops->truncate == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "Truncate is not supported by storage %s", t->ops->engine);
	return t->ops->truncate(t, c->txn, err);
}

struct truncating {
	struct ddl_context *c;
	const struct ast_truncate *x;
	struct table **list;
	size_t count, capacity;
};

static enum status note_table(void *arg, struct table *t)
{
	struct truncating *k = arg;
	struct str pattern;
	if (t->def->kind != TABLE_TABLE || t->def->oid < 20000)
		return OK;
	if (k->x->like != NULL && ddl_is_string(k->x->like, &pattern)) {
		bool prefix = pattern.size != 0 && pattern.data[pattern.size - 1] == '%';
		pattern.size -= prefix;
		if (prefix ? !str_starts_with(t->def->name, pattern) : !str_eq(t->def->name, pattern))
			return OK;
	}
	struct table *mine = table_ref(t);
	arena_defer(k->c->arena, (void (*)(void *))table_release, mine);
	ARENA_PUSH(k->c->arena, k->list, k->count, k->capacity, mine);
	return OK;
}

static enum status truncate_database(struct ddl_context *c, const struct ast_truncate *x, struct error *err)
{
	struct truncating k = {.c = c, .x = x};
	AST_EACH(&x->tables, n) {
		struct str name = name_last(&((struct ast_table *)n)->name);
		if (!catalog_has_database(c->catalog, c->txn, name)) {
			if (x->if_exists)
				continue;
			return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(name));
		}
		TRY(catalog_each_table(c->catalog, c->txn, name, note_table, &k));
	}
	for (size_t i = 0; i < k.count; i++)
		TRY(ddl_truncate_one(c, k.list[i], err));
	return OK;
}

static enum status restart_sequences(struct ddl_context *c, const struct table_def *d, struct error *err)
{
	struct owned o = {.c = c, .table = d};
	TRY(catalog_each_sequence(c->catalog, c->txn, note_owned, &o));
	for (size_t i = 0; i < o.count; i++) {
		const struct sequence_def *s =
			catalog_find_sequence(c->catalog, c->txn, o.list[i].database, o.list[i].schema, o.list[i].name);
		TRY(catalog_sequence_set(c->catalog, c->txn, o.list[i].database, o.list[i].schema, o.list[i].name, s->start, false,
		                         err));
	}
	return OK;
}

enum status ddl_truncate(struct ddl_context *c, const struct ast_truncate *x, struct error *err)
{
	if (x->object == OBJECT_DATABASE || x->all_tables)
		return truncate_database(c, x, err);
	AST_EACH(&x->tables, n) {
		struct table *t;
		TRY(ddl_find_table(c, &((struct ast_table *)n)->name, x->if_exists, &t, err));
		if (t == NULL)
			continue;
		if (x->if_empty)
			TRY(check_empty(c, t, err));
		TRY(ddl_truncate_one(c, t, err));
		if (x->restart_identity)
			TRY(restart_sequences(c, t->def, err));
	}
	return OK;
}

/* ---- RENAME and EXCHANGE ---- */
static enum status rename_inner(struct ddl_context *c, const struct table_def *view, const struct ddl_place *to,
                                struct error *err)
{
	struct table *inner;
	TRY(inner_of(c, view, &inner));
	if (inner == NULL)
		return OK;
	struct str name = arena_strf(c->arena, ".inner.%.*s", STR_ARG(to->name));
	enum status st = catalog_rename_table(c->catalog, c->txn, inner, to->database, STR("public"), name, false, err);
	table_release(inner);
	return st;
}

static enum status rename_pair(struct ddl_context *c, const struct ast_rename *x, const struct ast_rename_pair *p,
                               struct error *err)
{
	struct table *t, *other;
	struct ddl_place to;
	TRY(ddl_find_table(c, &p->from, x->if_exists, &t, err));
	if (t == NULL)
		return OK;
	if (x->exchange) {
		TRY(ddl_find_table(c, &p->to, false, &other, err));
		return catalog_rename_table(c->catalog, c->txn, t, other->def->database, other->def->schema, other->def->name, true,
		                            err);
	}
	TRY(ddl_new_place(c, &p->to, false, &to, err));
	TRY(rename_inner(c, t->def, &to, err));
	return catalog_rename_table(c->catalog, c->txn, t, to.database, to.schema, to.name, false, err);
}

enum status ddl_rename(struct ddl_context *c, const struct ast_rename *x, struct error *err)
{
	if (x->object == OBJECT_DICTIONARY)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: dictionaries");
	AST_EACH(&x->pairs, k) {
		const struct ast_rename_pair *p = (struct ast_rename_pair *)k;
		if (x->object != OBJECT_DATABASE) {
			TRY(rename_pair(c, x, p, err));
			continue;
		}
		if (x->if_exists && !catalog_has_database(c->catalog, c->txn, name_last(&p->from)))
			continue;
		TRY(catalog_rename_database(c->catalog, c->txn, name_last(&p->from), name_last(&p->to), err));
	}
	return OK;
}
