// SPDX-License-Identifier: Apache-2.0
/* Partition commands of ALTER, and OPTIMIZE. */
#include <inttypes.h>
#include "exec/ddl_impl.h"

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

/* One value of a partition key as ClickHouse names a partition by it: numbers and dates as digits, else a hash. */
static bool value_id(const struct ast *x, struct strbuf *out)
{
	int64_t number;
	struct str text;
	if (ddl_is_integer(x, &number)) {
		strbuf_put_i64(out, number);
		return true;
	}
	if (!ddl_is_string(x, &text))
		return false;
	/* '2026-01-31' of a key by date */
	if (text.size == 10 && text.data[4] == '-' && text.data[7] == '-') {
		strbuf_put(out, text.data, 4);
		strbuf_put(out, text.data + 5, 2);
		strbuf_put(out, text.data + 8, 2);
		return true;
	}
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	strbuf_puts(out, text);
	return text.size != 0;
}

/*
 * Partition IDs as the part format has them: "all" without a key, integers and dates in digits, joined by '-'. Others
 * are hashes of the value, which the engine gives: partition_id empty and `value` set asks it.
 */
static enum status partition_id(struct ddl_context *c, const struct table *t, const struct ast *x, struct str *out,
                                struct error *err)
{
	struct strbuf b;
	bool known = true;
	*out = STR("");
	if (x == NULL || (x->kind == AST_IDENTIFIER &&
	                  str_eq_nocase(name_last(&((const struct ast_identifier *)x)->name), STR("all"))))
		return OK;
	if (is_id_call(x, out))
		return OK;
	if (t->def->partition_by.text.size == 0) {
		*out = STR("all");
		return OK;
	}
	strbuf_init(&b, NULL);
	if (x->kind == AST_CALL && name_is(&((const struct ast_call *)x)->name, "tuple")) {
		const struct ast_call *call = (const struct ast_call *)x;
		AST_EACH(&call->args, item) {
			if (b.size != 0)
				strbuf_putc(&b, '-');
			known &= value_id(item, &b);
		}
		if (call->args.count == 0)
			strbuf_putz(&b, "all");
	} else {
		known = value_id(x, &b);
	}
	*out = arena_str(c->arena, strbuf_str(&b));
	strbuf_fini(&b);
	return known ? OK : ERR(err, E_NOT_IMPLEMENTED,
	                        "not supported yet: this partition expression; PARTITION ID '…' works");
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
		TRY(partition_id(c, t, x->partition, &p.partition_id, err));
	}
	p.name = x->type == ALTER_CLEAR_COLUMN ? name_last(&x->name) : x->text;
	if (x->target.count != 0)
		TRY(ddl_find_table(c, &x->target, false, &p.other, err));
	return run_command(c, t, &p, err);
}

enum status ddl_optimize(struct ddl_context *c, const struct ast_optimize *x, struct error *err)
{
	struct partition_command p = {.action = PARTITION_OPTIMIZE, .partition_id = STR(""), .part = STR(""), .name = STR(""),
	                              .final = x->final, .deduplicate = x->deduplicate, .cleanup = x->cleanup};
	struct table *t;
	TRY(ddl_find_table(c, &x->table, false, &t, err));
	if (x->deduplicate_by.count != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: OPTIMIZE … DEDUPLICATE BY");
	if (x->dry_run)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: OPTIMIZE … DRY RUN");
	TRY(partition_id(c, t, x->partition, &p.partition_id, err));
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
