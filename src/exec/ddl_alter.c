// SPDX-License-Identifier: Apache-2.0
/*
 * ALTER TABLE and its like. All commands of a statement that change the definition are applied to one copy of it, which
 * then replaces the old one; commands on data run in their place between.
 */
#include "catalog/column_note.h"
#include "exec/ddl_impl.h"

struct table_def *ddl_copy_def(struct ddl_context *c, const struct table *t)
{
	(void)c;
	return table_def_clone(t->def, t->def->track);
}

static enum status not_yet(const char *what, struct error *err)
{
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: ALTER TABLE … %s", what);
}

/* Removes element i of an array in place. */
static void remove_at(void *array, uint32_t i, uint32_t *count, size_t size)
{
	char *base = array;
	memmove(base + i * size, base + (i + 1) * size, (*count - i - 1) * size);
	--*count;
}

/* ---- indexes, projections, constraints ---- */
static enum status place_index(struct table_def *def, const struct ast_alter_command *x, struct error *err)
{
	struct index_def moved = def->indexes[def->index_count - 1];
	uint32_t at = x->first ? 0 : def->index_count - 1;
	if (!x->first && x->target.count == 0)
		return OK;
	for (uint32_t i = 0; !x->first && i + 1 < def->index_count; i++)
		if (str_eq(def->indexes[i].name, name_last(&x->target)))
			at = i + 1;
	if (!x->first && at == def->index_count - 1
	    && (at == 0 || !str_eq(def->indexes[at - 1].name, name_last(&x->target))))
		return ERR(err, E_BAD_ARGUMENTS, "Wrong index name. Cannot find index `%.*s` to insert after",
		           STR_ARG(name_last(&x->target)));
	memmove(def->indexes + at + 1, def->indexes + at, (def->index_count - 1 - at) * sizeof *def->indexes);
	def->indexes[at] = moved;
	return OK;
}

static enum status add_index(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                             struct error *err)
{
	const struct ast_index_def *d = (const struct ast_index_def *)x->definition;
	for (uint32_t i = 0; x->if_not_exists && i < def->index_count; i++)
		if (str_eq(def->indexes[i].name, d->name))
			return OK;
	TRY(ddl_add_index(c, def, d, err));
	return place_index(def, x, err);
}

static enum status drop_index(struct table_def *def, const struct ast_alter_command *x, struct error *err)
{
	struct str name = name_last(&x->name);
	for (uint32_t i = 0; i < def->index_count; i++)
		if (str_eq(def->indexes[i].name, name)) {
			remove_at(def->indexes, i, &def->index_count, sizeof *def->indexes);
			return OK;
		}
	return x->if_exists ? OK : ERR(err, E_BAD_ARGUMENTS, "Wrong index name. Cannot find index `%.*s` to drop",
	                               STR_ARG(name));
}

static enum status add_projection(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                  struct error *err)
{
	const struct ast_projection_def *d = (const struct ast_projection_def *)x->definition;
	for (uint32_t i = 0; x->if_not_exists && i < def->projection_count; i++)
		if (str_eq(def->projections[i].name, d->name))
			return OK;
	return ddl_add_projection(c, def, d, err);
}

/* A projection has nothing in parts yet that could be built or cleared. */
static enum status find_projection(const struct table_def *def, const struct ast_alter_command *x, struct error *err)
{
	struct str name = name_last(&x->name);
	for (uint32_t i = 0; i < def->projection_count; i++)
		if (str_eq(def->projections[i].name, name))
			return OK;
	return x->if_exists ? OK : ERR(err, E_NO_SUCH_PROJECTION, "There is no projection %.*s in table", STR_ARG(name));
}

static enum status drop_projection(struct table_def *def, const struct ast_alter_command *x, struct error *err)
{
	struct str name = name_last(&x->name);
	for (uint32_t i = 0; i < def->projection_count; i++)
		if (str_eq(def->projections[i].name, name)) {
			remove_at(def->projections, i, &def->projection_count, sizeof *def->projections);
			return OK;
		}
	return x->if_exists ? OK : ERR(err, E_NO_SUCH_PROJECTION, "There is no projection %.*s in table", STR_ARG(name));
}

static struct constraint_def *find_constraint(struct table_def *def, struct str name)
{
	for (uint32_t i = 0; i < def->constraint_count; i++)
		if (!constraint_is_note(&def->constraints[i]) && str_eq(def->constraints[i].name, name))
			return &def->constraints[i];
	return NULL;
}

static enum status constraint_missing(struct ddl_context *c, const struct table_def *def,
                                      const struct ast_alter_command *x, struct error *err)
{
	struct str name = name_last(&x->name);
	if (!x->if_exists)
		return ERR(err, E_UNKNOWN_OBJECT, "constraint \"%.*s\" of relation \"%.*s\" does not exist", STR_ARG(name),
		           STR_ARG(def->name));
	ddl_say(c, "NOTICE", E_UNKNOWN_OBJECT, "constraint \"%.*s\" of relation \"%.*s\" does not exist, skipping",
	        STR_ARG(name), STR_ARG(def->name));
	return OK;
}

static enum status alter_constraint(struct ddl_context *c, struct table *t, struct table_def *def,
                                    const struct ast_alter_command *x, struct error *err)
{
	if (x->type == ALTER_ADD_CONSTRAINT) {
		const struct ast_constraint *k = (const struct ast_constraint *)x->definition;
		if (x->if_not_exists && find_constraint(def, k->name) != NULL)
			return OK;
		uint32_t before = def->constraint_count;
		TRY(ddl_add_constraint(c, def, k, err));
		/* a primary key that comes later cannot reorder what is stored; an empty key takes it over */
		if (before < def->constraint_count && k->type == CONSTRAINT_PRIMARY_KEY && str_eq(def->order_by.text, STR("tuple()")))
			ddl_say(c, "NOTICE", OK, "primary key \"%.*s\" does not change the order of the table",
			        STR_ARG(def->constraints[before].name));
		const struct constraint_def *d = &def->constraints[before];
		if (before < def->constraint_count && ddl_is_pg(c) && (d->kind == 'p' || d->kind == 'u'))
			return ddl_check_unique(c, t, d->name, d->columns, d->kind == 'p', err);
		return OK;
	}
	struct constraint_def *k = find_constraint(def, name_last(&x->name));
	if (k == NULL)
		return constraint_missing(c, def, x, err);
	if (x->type == ALTER_DROP_CONSTRAINT)
		remove_at(def->constraints, (uint32_t)(k - def->constraints), &def->constraint_count, sizeof *k);
	else if (x->type == ALTER_RENAME_CONSTRAINT)
		k->name = arena_str(&def->arena, name_last(&x->target));
	return OK;
}

/* ---- keys, TTL, settings ---- */
static enum status reset_setting(struct table_def *def, const struct ast_alter_command *x)
{
	AST_EACH(&x->items, item) {
		struct str name = name_last(&((struct ast_identifier *)item)->name);
		for (uint32_t i = 0; i < def->setting_count; i++)
			if (str_eq(def->settings[i].name, name)) {
				remove_at(def->settings, i, &def->setting_count, sizeof *def->settings);
				break;
			}
	}
	return OK;
}

static enum status modify_setting(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                  struct error *err)
{
	AST_EACH(&x->items, item)
		TRY(ddl_add_setting(c, def, (struct ast_setting *)item, err));
	return OK;
}

static enum status modify_query(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                struct error *err)
{
	if (def->kind != TABLE_MATERIALIZED_VIEW && def->kind != TABLE_VIEW)
		return ERR(err, E_BAD_ARGUMENTS, "MODIFY QUERY is for views");
	def->column_count = 0;
	def->columns = NULL;
	def->next_column_number = 1;
	return ddl_view_query(c, def, x->definition, err);
}

/* What changes the definition; *done false: not such a command. */
static enum status alter_def(struct ddl_context *c, struct table *t, struct table_def *def,
                             const struct ast_alter_command *x, bool *done, struct error *err)
{
	struct str text;
	*done = true;
	switch (x->type) {
	case ALTER_ADD_INDEX:
		return add_index(c, def, x, err);
	case ALTER_DROP_INDEX:
		return drop_index(def, x, err);
	case ALTER_ADD_PROJECTION:
		return add_projection(c, def, x, err);
	case ALTER_DROP_PROJECTION:
		return drop_projection(def, x, err);
	case ALTER_MATERIALIZE_PROJECTION:
	case ALTER_CLEAR_PROJECTION:
		return find_projection(def, x, err);
	case ALTER_ADD_CONSTRAINT:
	case ALTER_DROP_CONSTRAINT:
	case ALTER_RENAME_CONSTRAINT:
	case ALTER_ALTER_CONSTRAINT:
	case ALTER_VALIDATE_CONSTRAINT:
		return alter_constraint(c, t, def, x, err);
	case ALTER_MODIFY_ORDER_BY:
		def->order_by = ddl_stored(c, &def->arena, x->value);
		return OK;
	case ALTER_MODIFY_SAMPLE_BY:
		def->sample_by = ddl_stored(c, &def->arena, x->value);
		return OK;
	case ALTER_REMOVE_SAMPLE_BY:
		def->sample_by = (struct stored_sql){.text = STR("")};
		return OK;
	case ALTER_MODIFY_TTL:
		def->ttl = ddl_stored_ttl(c, &def->arena, &x->items);
		return OK;
	case ALTER_REMOVE_TTL:
		def->ttl = (struct stored_sql){.text = STR("")};
		return OK;
	case ALTER_MODIFY_SETTING:
		return modify_setting(c, def, x, err);
	case ALTER_RESET_SETTING:
		return reset_setting(def, x);
	case ALTER_MODIFY_QUERY:
		return modify_query(c, def, x, err);
	case ALTER_MODIFY_COMMENT:
		if (!ddl_is_string(x->value, &text))
			return ERR(err, E_SYNTAX, "a comment must be a string");
		def->comment = arena_str(&def->arena, text);
		return OK;
	case ALTER_OWNER:
		def->owner = arena_str(&def->arena, name_last(&x->name));
		return OK;
	default:
		return ddl_alter_column(c, def, x, done, err);
	}
}

/* PostgreSQL's commands that mean nothing here, and those that change nothing that is stored. */
static bool is_accepted(enum alter_type type)
{
	switch (type) {
	case ALTER_SET_OPTIONS:
	case ALTER_RESET_OPTIONS:
	case ALTER_SET_TABLESPACE:
	case ALTER_TABLE_SWITCH:
	case ALTER_COLUMN_SET_STATISTICS:
	case ALTER_COLUMN_SET_STORAGE:
	case ALTER_COLUMN_SET_COMPRESSION:
	case ALTER_COLUMN_SET_OPTIONS:
	case ALTER_COLUMN_RESET_OPTIONS:
	case ALTER_COLUMN_MODIFY_SETTING:
	case ALTER_COLUMN_RESET_SETTING:
	case ALTER_ADD_STATISTICS:
	case ALTER_MODIFY_STATISTICS:
	case ALTER_DROP_STATISTICS:
	case ALTER_CLEAR_STATISTICS:
	case ALTER_MATERIALIZE_STATISTICS:
	case ALTER_MODIFY_SQL_SECURITY:
	case ALTER_ATTACH_INDEX:
		return true;
	default:
		return false;
	}
}

/* Mutations: what is not stored needs no work now. */
static enum status mutate(const struct ast_alter_command *x, struct error *err)
{
	switch (x->type) {
	case ALTER_UPDATE:
		return not_yet("UPDATE", err);
	case ALTER_DELETE:
		return not_yet("DELETE", err);
	case ALTER_CLEAR_INDEX:
		return not_yet("CLEAR INDEX", err);
	case ALTER_MATERIALIZE_COLUMN:
		return not_yet("MATERIALIZE COLUMN", err);
	case ALTER_APPLY_DELETED_MASK:
	case ALTER_APPLY_PATCHES:
		return OK;
	case ALTER_MODIFY_REFRESH:
		return not_yet("MODIFY REFRESH", err);
	case ALTER_INHERIT:
	case ALTER_NO_INHERIT:
		return not_yet("INHERIT", err);
	default:
		return not_yet("this command", err);
	}
}

/* ---- the statement ---- */
static enum status rename_table(struct ddl_context *c, struct table *t, const struct ast_alter_command *x,
                                struct error *err)
{
	const struct table_def *d = t->def;
	if (x->type == ALTER_SET_SCHEMA)
		return catalog_rename_table(c->catalog, c->txn, t, d->database, name_last(&x->target), d->name, false, err);
	struct table *inner = NULL;
	struct error ignored;
	struct str name = name_last(&x->target);
	error_init(&ignored);
	if (d->kind == TABLE_MATERIALIZED_VIEW && d->to_table.size == 0
	    && catalog_find_table(c->catalog, c->txn, d->database, STR(""),
	                          arena_strf(c->arena, ".inner.%.*s", STR_ARG(d->name)), &inner, &ignored) == OK) {
		enum status st = catalog_rename_table(c->catalog, c->txn, inner, d->database, STR("public"),
		                                      arena_strf(c->arena, ".inner.%.*s", STR_ARG(name)), false, err);
		table_release(inner);
		TRY(st);
	}
	return catalog_rename_table(c->catalog, c->txn, t, d->database, d->schema, name, false, err);
}

static enum status finish_def(struct ddl_context *c, struct table *t, struct table_def **def, struct error *err)
{
	struct table_def *to = *def;
	*def = NULL;
	if (to == NULL)
		return OK;
	enum status st = to->kind == TABLE_TABLE ? ddl_check_expressions(c, to, err) : OK;
	if (st != OK) {
		table_def_unref(to);
		return st;
	}
	(void)table_def_ref(to);
	st = catalog_alter_table(c->catalog, c->txn, to, err);
	if (st == OK && t->ops->alter != NULL)
		st = t->ops->alter(t, c->txn, to, err);
	table_def_unref(to);
	return st;
}

static enum status run_one(struct ddl_context *c, struct table *t, struct table_def **def,
                           const struct ast_alter_command *x, struct error *err)
{
	bool done;
	if (is_accepted(x->type))
		return OK;
	if (ddl_is_partition_command(x->type)) {
		TRY(finish_def(c, t, def, err));
		return ddl_partition(c, t, x, err);
	}
	if (x->type == ALTER_RENAME || x->type == ALTER_SET_SCHEMA) {
		TRY(finish_def(c, t, def, err));
		return rename_table(c, t, x, err);
	}
	if (x->type == ALTER_MATERIALIZE_INDEX || x->type == ALTER_MATERIALIZE_TTL) {
		TRY(finish_def(c, t, def, err));
		return ddl_materialize(c, t, x, err);
	}
	if (*def == NULL)
		*def = ddl_copy_def(c, t);
	TRY(alter_def(c, t, *def, x, &done, err));
	return done ? OK : mutate(x, err);
}

/* A new TTL holds for the rows that are there too: setting materialize_ttl_after_modify. */
static enum status rewrite_for_ttl(struct ddl_context *c, struct table *t, const struct ast_alter *x,
                                   struct error *err)
{
	struct ast_alter_command all = {.ast.kind = AST_ALTER_COMMAND, .type = ALTER_MATERIALIZE_TTL};
	bool modified = false;
	if (!ddl_is_merge_tree(t->def->engine) || t->ops->partition == NULL)
		return OK;
	AST_EACH(&x->commands, k) {
		const struct ast_alter_command *a = (const struct ast_alter_command *)k;
		modified = modified || a->type == ALTER_MODIFY_TTL;
	}
	if (!modified)
		return OK;
	TRY(ddl_find_table(c, &x->name, false, &t, err)); /* as it is now */
	return ddl_materialize(c, t, &all, err);
}

enum status ddl_alter(struct ddl_context *c, const struct ast_alter *x, struct ddl_result *out, struct error *err)
{
	struct table *t;
	struct table_def *def = NULL;
	(void)out;
	if (x->object != OBJECT_TABLE && x->object != OBJECT_VIEW && x->object != OBJECT_MATERIALIZED_VIEW
	    && x->object != OBJECT_FOREIGN_TABLE)
		return ddl_alter_object(c, x, err);
	TRY(ddl_find_table(c, &x->name, true, &t, err));
	if (t == NULL && x->if_exists) {
		ddl_say(c, "NOTICE", E_UNKNOWN_TABLE, "relation \"%.*s\" does not exist, skipping", STR_ARG(name_last(&x->name)));
		return OK;
	}
	/* pg_dump says ALTER TABLE for sequences too */
	if (t == NULL && ddl_is_pg(c)) {
		struct error missing;
		error_init(&missing);
		enum status st = ddl_alter_object(c, x, &missing);
		if (st != E_UNKNOWN_OBJECT)
			return st == OK ? OK : ERR(err, st, "%s", missing.message);
	}
	if (t == NULL)
		TRY(ddl_find_table(c, &x->name, false, &t, err));
	enum status st = OK;
	AST_EACH(&x->commands, k) {
		st = run_one(c, t, &def, (struct ast_alter_command *)k, err);
		if (st != OK)
			break;
	}
	if (st != OK) {
		table_def_unref(def);
		return st;
	}
	TRY(finish_def(c, t, &def, err));
	return rewrite_for_ttl(c, t, x, err);
}
