// SPDX-License-Identifier: Apache-2.0
/* Partition commands of ALTER, and OPTIMIZE. */
#include <inttypes.h>
#include "exec/ddl_impl.h"
#include "func/cast.h"
#include "storage/table_keys.h"

bool ddl_is_partition_command(enum alter_type type)
{
	switch (type) {
	case ALTER_DROP_PARTITION:
	case ALTER_DETACH_PARTITION:
	case ALTER_ATTACH_PARTITION:
	case ALTER_REPLACE_PARTITION:
	case ALTER_MOVE_PARTITION:
	case ALTER_FETCH_PARTITION:
	case ALTER_FREEZE_PARTITION:
	case ALTER_UNFREEZE_PARTITION:
	case ALTER_FORGET_PARTITION:
	case ALTER_REWRITE_PARTS:
	case ALTER_CLEAR_COLUMN:
		return true;
	default:
		return false;
	}
}

static bool is_id_call(const struct ast *x, struct str *id)
{
	if (x->kind != AST_CALL)
		return false;
	const struct ast_call *call = (const struct ast_call *)x;
	return name_is(&call->name, "partitionId") && call->args.count == 1 && ddl_is_string(call->args.items[0], id);
}

/* The value x, which the statement gives, as one of the key's type; one row. */
static enum status partition_value(struct ddl_context *c, const struct ast *x, const struct type *type,
                                   struct vector **out, struct error *err)
{
	struct bind_config config = ddl_bind_config(c, err);
	struct error why;
	struct vector *v = NULL;
	error_init(&why);
	struct eval e = {.session = c->session, .track = c->track, .scratch = c->arena, .err = &why};
	const struct type *plain = type_low_cardinality(c->arena, type, false);
	*out = NULL;
	TRY(bind_constant(&config, x, NULL, STR(""), &v));
	if (vector_is_null(v, 0) && !plain->nullable)
		return ERR(err, E_TYPE_MISMATCH, "NULL is no value of a partition key of type %.*s",
		           STR_ARG(type_name(c->arena, plain)));
	if (cast_vector(&e, c->arena, v, plain, CAST_INSERT, out) != OK)
		return ERR(err, E_TYPE_MISMATCH, "Cannot convert the partition value to type %.*s: %s",
		           STR_ARG(type_name(c->arena, plain)), why.message);
	return OK;
}

static enum status id_of_values(struct ddl_context *c, const struct table_keys *k, const struct ast_list *items,
                                struct str *out, struct error *err)
{
	if (items->count != k->partition_count)
		return ERR(err, E_INVALID_PARTITION_VALUE, "Wrong number of fields in the partition expression: %u, must be: %u",
		           items->count, k->partition_count);
	struct vector **values = ARENA_ARRAY(c->arena, struct vector *, items->count + 1);
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < items->count; i++)
		st = partition_value(c, items->items[i], k->partition_types[i], &values[i], err);
	if (st == OK)
		*out = partition_id(c->arena, (const struct vector *const *)values, k->partition_count, 0);
	for (uint32_t i = 0; i < items->count; i++)
		vector_unref(values[i]);
	return st;
}

enum status ddl_partition_id(struct ddl_context *c, const struct table *t, const struct ast *x, struct str *out,
                             struct error *err)
{
	struct table_keys *k;
	struct ast_list items = {0};
	const struct ast_call *call = (const struct ast_call *)x;
	*out = STR("");
	if (x == NULL || (x->kind == AST_IDENTIFIER &&
	                  str_eq_nocase(name_last(&((const struct ast_identifier *)x)->name), STR("all"))))
		return OK;
	if (is_id_call(x, out))
		return OK;
	if (!ddl_is_merge_tree(t->def->engine))
		return OK; /* refuses by itself */
	TRY(table_keys_new(t->def, &k, err));
	if (x->kind == AST_CALL && name_is(&call->name, "tuple"))
		items = call->args;
	else
		ast_list_push(c->arena, &items, (struct ast *)(uintptr_t)x);
	enum status st = id_of_values(c, k, &items, out, err);
	table_keys_unref(k);
	return st;
}

static enum status run_command(struct ddl_context *c, struct table *t, const struct partition_command *p,
                               struct error *err)
{
	if (t->ops->partition == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "Partition operations are not supported by storage %s", t->ops->engine);
	return t->ops->partition(t, c->txn, p, err);
}

static bool action_of(const struct ast_alter_command *x, enum partition_action *out)
{
	switch (x->type) {
	case ALTER_DROP_PARTITION:
		*out = x->detached ? PARTITION_DROP_DETACHED : PARTITION_DROP;
		return true;
	case ALTER_DETACH_PARTITION:
		*out = PARTITION_DETACH;
		return true;
	case ALTER_ATTACH_PARTITION:
		*out = PARTITION_ATTACH;
		return true;
	case ALTER_REPLACE_PARTITION:
		*out = PARTITION_REPLACE;
		return true;
	case ALTER_MOVE_PARTITION:
		*out = PARTITION_MOVE;
		return true;
	case ALTER_FREEZE_PARTITION:
		*out = PARTITION_FREEZE;
		return true;
	case ALTER_UNFREEZE_PARTITION:
		*out = PARTITION_UNFREEZE;
		return true;
	case ALTER_CLEAR_COLUMN:
		*out = PARTITION_CLEAR_COLUMN;
		return true;
	default:
		return false;
	}
}

enum status ddl_partition(struct ddl_context *c, struct table *t, const struct ast_alter_command *x, struct error *err)
{
	struct partition_command p = {.partition_id = STR(""), .part = STR(""), .name = STR("")};
	if (!action_of(x, &p.action))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: this partition command");
	if (x->type == ALTER_MOVE_PARTITION && !str_eq_nocase(x->text, STR("TABLE")))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: MOVE PARTITION TO %.*s", STR_ARG(x->text));
	if (x->part) {
		if (!ddl_is_string(x->partition, &p.part))
			return ERR(err, E_SYNTAX, "the name of a part must be a string");
	} else {
		TRY(ddl_partition_id(c, t, x->partition, &p.partition_id, err));
	}
	p.name = x->type == ALTER_CLEAR_COLUMN ? name_last(&x->name) : x->text;
	if (x->target.count != 0)
		TRY(ddl_find_table(c, &x->target, false, &p.other, err));
	return run_command(c, t, &p, err);
}

/* MATERIALIZE INDEX and TTL: parts are written anew, each by itself, with all that the definition says now. */
enum status ddl_materialize(struct ddl_context *c, struct table *t, const struct ast_alter_command *x,
                            struct error *err)
{
	struct partition_command p = {.action = PARTITION_OPTIMIZE, .partition_id = STR(""), .part = STR(""), .final = true,
	                              .name = STR("TTL")};
	bool known = x->type != ALTER_MATERIALIZE_INDEX;
	for (uint32_t i = 0; i < t->def->index_count && !known; i++)
		known = str_eq(t->def->indexes[i].name, name_last(&x->name));
	if (!known)
		return x->if_exists ? OK : ERR(err, E_BAD_ARGUMENTS, "Unknown index: %.*s", STR_ARG(name_last(&x->name)));
	if (x->type == ALTER_MATERIALIZE_INDEX)
		p.name = name_last(&x->name);
	TRY(ddl_partition_id(c, t, x->partition, &p.partition_id, err));
	return run_command(c, t, &p, err);
}

/* DEDUPLICATE BY a, b, or * with EXCEPT. */
static enum status deduplicate_columns(struct ddl_context *c, const struct table *t, const struct ast_list *items,
                                       struct partition_command *p, struct error *err)
{
	struct str *names = ARENA_ARRAY(c->arena, struct str, t->def->column_count + items->count + 1);
	AST_EACH(items, x) {
		const struct ast_asterisk *star = (const struct ast_asterisk *)x;
		if (x->kind == AST_IDENTIFIER) {
			names[p->by_count++] = name_last(&((const struct ast_identifier *)x)->name);
			continue;
		}
		if (x->kind != AST_ASTERISK || star->pattern.data != NULL || star->columns.count != 0 || items->count != 1)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: DEDUPLICATE BY this expression");
		for (uint32_t i = 0; i < t->def->column_count; i++) {
			const struct column_def *d = &t->def->columns[i];
			bool skip = d->default_kind == COLUMN_ALIAS || d->default_kind == COLUMN_EPHEMERAL
			            || d->default_kind == COLUMN_MATERIALIZED;
			AST_EACH(&star->transforms, k) {
				const struct ast_transform *e = (const struct ast_transform *)k;
				if (e->type != TRANSFORM_EXCEPT || e->pattern.data != NULL)
					return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: DEDUPLICATE BY this expression");
				AST_EACH(&e->items, item)
					skip |= item->kind == AST_IDENTIFIER
					        && str_eq(name_last(&((const struct ast_identifier *)item)->name), d->name);
			}
			if (!skip)
				names[p->by_count++] = d->name;
		}
	}
	p->by = names;
	return OK;
}

enum status ddl_optimize(struct ddl_context *c, const struct ast_optimize *x, struct error *err)
{
	struct partition_command p = {.action = PARTITION_OPTIMIZE, .partition_id = STR(""), .part = STR(""), .name = STR(""),
	                              .final = x->final, .deduplicate = x->deduplicate, .cleanup = x->cleanup};
	struct table *t;
	TRY(ddl_find_table(c, &x->table, false, &t, err));
	TRY(deduplicate_columns(c, t, &x->deduplicate_by, &p, err));
	if (x->dry_run)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: OPTIMIZE … DRY RUN");
	TRY(ddl_partition_id(c, t, x->partition, &p.partition_id, err));
	if (t->def->kind == TABLE_MATERIALIZED_VIEW && t->ops->partition == NULL) {
		struct str name = t->def->to_table.size != 0 ? t->def->to_table
		                                             : arena_strf(c->arena, ".inner.%.*s", STR_ARG(t->def->name));
		struct str database = t->def->to_table.size != 0 ? t->def->to_database : t->def->database;
		struct table *inner;
		TRY(catalog_find_table(c->catalog, c->txn, database, STR(""), name, &inner, err));
		enum status st = run_command(c, inner, &p, err);
		table_release(inner);
		return st;
	}
	return run_command(c, t, &p, err);
}
