// SPDX-License-Identifier: Apache-2.0
/* INSERT, UPDATE, DELETE. */
#include "parse/print_impl.h"

static void print_target(struct printer *pr, const struct ast *target)
{
	/* a[1], a.b and (a).b stay as the grammar of targets reads them */
	if (target->kind == AST_CALL && ((const struct ast_call *)target)->form == CALL_DOT) {
		const struct ast_call *c = (const struct ast_call *)target;
		print_target(pr, c->args.items[0]);
		put(pr, ".");
		if (((const struct ast_literal *)c->args.items[1])->type == LITERAL_STRING)
			put_ident(pr, ((const struct ast_literal *)c->args.items[1])->text);
		else
			print_expr(pr, c->args.items[1]);
		return;
	}
	print_expr(pr, target);
}

void print_assignments(struct printer *pr, const struct ast_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		const struct ast_assignment *a = (const struct ast_assignment *)list->items[i];
		put_if(pr, i != 0, ", ");
		put_if(pr, a->row, "(");
		for (unsigned k = 0; k < a->targets.count; k++) {
			put_if(pr, k != 0, ", ");
			print_target(pr, a->targets.items[k]);
		}
		put(pr, a->row ? ") = " : " = ");
		const struct ast_call *values = (const struct ast_call *)a->value;
		if (a->row && a->value->kind == AST_CALL && values->form == CALL_PARENS) {
			put(pr, "(");
			print_list(pr, &values->args);
			put(pr, ")");
			continue;
		}
		print_expr(pr, a->value);
	}
}

static void print_returning(struct printer *pr, const struct ast_list *list)
{
	if (list->count == 0)
		return;
	new_line(pr);
	put(pr, "RETURNING ");
	print_list(pr, list);
}

static void print_conflict(struct printer *pr, const struct ast_conflict *c)
{
	new_line(pr);
	put(pr, "ON CONFLICT");
	if (c->constraint.data != NULL) {
		put(pr, " ON CONSTRAINT ");
		put_ident(pr, c->constraint);
	} else if (c->targets.count != 0) {
		put(pr, " (");
		print_list(pr, &c->targets);
		put(pr, ")");
		if (c->target_where != NULL) {
			put(pr, " WHERE ");
			print_expr(pr, c->target_where);
		}
	}
	if (!c->update) {
		put(pr, " DO NOTHING");
		return;
	}
	put(pr, " DO UPDATE SET ");
	print_assignments(pr, &c->assignments);
	if (c->where != NULL) {
		put(pr, " WHERE ");
		print_expr(pr, c->where);
	}
}

static void print_insert_target(struct printer *pr, const struct ast_insert *in)
{
	put(pr, "INSERT INTO ");
	if (in->function != NULL) {
		put(pr, "FUNCTION ");
		print_expr(pr, &in->function->ast);
		if (in->partition_by != NULL) {
			put(pr, " PARTITION BY ");
			print_expr(pr, in->partition_by);
		}
	} else {
		put_name(pr, &in->table);
	}
	print_alias(pr, &in->ast);
	if (in->columns.count != 0) {
		put(pr, " (");
		for (unsigned i = 0; i < in->columns.count; i++) {
			put_if(pr, i != 0, ", ");
			print_target(pr, in->columns.items[i]);
		}
		put(pr, ")");
	}
	put_if(pr, in->overriding_system, " OVERRIDING SYSTEM VALUE");
	put_if(pr, in->overriding_user, " OVERRIDING USER VALUE");
}

void print_insert(struct printer *pr, const struct ast_insert *in)
{
	bool lines = in->settings.count != 0;
	bool ch = in_clickhouse(pr);
	/* ClickHouse moves WITH in front of the query; PostgreSQL keeps it in front of all */
	bool move = ch && in->query != NULL && in->query->kind == AST_SELECT &&
		((const struct ast_select *)in->query)->form != SELECT_VALUES;
	if (!move)
		print_with(pr, &in->with, in->with_recursive);
	print_insert_target(pr, in);
	if (in->infile != NULL) {
		put(pr, " FROM INFILE ");
		print_expr(pr, in->infile);
		if (in->infile_compression.data != NULL) {
			put(pr, " COMPRESSION ");
			put_string(pr, in->infile_compression);
		}
	}
	print_settings_clause(pr, &in->settings);
	if (in->default_values)
		put(pr, " DEFAULT VALUES");
	else if (in->query != NULL && !(ch && ((const struct ast_select *)in->query)->form == SELECT_VALUES)) {
		if (lines)
			new_line(pr);
		else
			put(pr, " ");
		if (move)
			print_with(pr, &in->with, in->with_recursive);
		print_query(pr, in->query);
	} else if (in->format.data != NULL) {
		if (lines)
			new_line(pr);
		else
			put(pr, " ");
		put(pr, "FORMAT ");
		if (str_eq(in->format, STR("Values")))
			put(pr, "Values"); /* though the word is one that identifiers quote */
		else
			put_format(pr, in->format);
	}
	if (in->conflict != NULL)
		print_conflict(pr, in->conflict);
	print_returning(pr, &in->returning);
}

static void print_where(struct printer *pr, const struct ast *partition, const struct ast *where, struct str cursor)
{
	if (partition != NULL) {
		put(pr, " IN PARTITION ");
		print_partition(pr, partition);
	}
	if (where != NULL) {
		put(pr, " WHERE ");
		print_expr(pr, where);
	} else if (cursor.data != NULL) {
		put(pr, " WHERE CURRENT OF ");
		put_ident(pr, cursor);
	}
}

/* The table, and its alias behind ON CLUSTER. */
static void print_changed(struct printer *pr, const struct ast_table *t, const struct name *cluster)
{
	struct ast_table plain = *t;
	plain.ast.alias = NULL;
	print_table_expr(pr, &plain.ast);
	print_cluster(pr, cluster);
	print_alias(pr, &t->ast);
}

void print_update(struct printer *pr, const struct ast_update *u)
{
	print_with(pr, &u->with, u->with_recursive);
	put(pr, "UPDATE ");
	print_changed(pr, u->table, &u->cluster);
	put(pr, " SET ");
	print_assignments(pr, &u->assignments);
	if (u->from.count != 0) {
		put(pr, " FROM ");
		for (unsigned i = 0; i < u->from.count; i++) {
			put_if(pr, i != 0, ", ");
			print_table_expr(pr, u->from.items[i]);
		}
	}
	print_where(pr, u->partition, u->where, u->cursor);
	print_returning(pr, &u->returning);
	print_settings_clause(pr, &u->settings);
}

void print_delete(struct printer *pr, const struct ast_delete *d)
{
	print_with(pr, &d->with, d->with_recursive);
	put(pr, "DELETE FROM ");
	print_changed(pr, d->table, &d->cluster);
	if (d->using_tables.count != 0) {
		put(pr, " USING ");
		for (unsigned i = 0; i < d->using_tables.count; i++) {
			put_if(pr, i != 0, ", ");
			print_table_expr(pr, d->using_tables.items[i]);
		}
	}
	print_where(pr, d->partition, d->where, d->cursor);
	print_returning(pr, &d->returning);
	print_settings_clause(pr, &d->settings);
}
