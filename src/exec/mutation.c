// SPDX-License-Identifier: Apache-2.0
/*
 * ALTER TABLE … DELETE and UPDATE of ClickHouse: mutations. Each command is a DELETE or UPDATE of its own that has
 * ended when the statement answers, so mutations_sync makes no difference and there is never one left to kill; those
 * that have ended are what system.mutations shows.
 */
#include "exec/mutation.h"

#include <stdio.h>

#include "base/clock.h"
#include "exec/change.h"
#include "parse/ast_alter.h"
#include "parse/print.h"

enum { KEPT = 100 };

static struct {
	pthread_mutex_t mutex; /* guards what follows */
	struct mutation_entry entries[KEPT];
	uint64_t count;        /* ever */
} done = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void mutations_each(void (*fn)(void *arg, const struct mutation_entry *e), void *arg)
{
	pthread_mutex_lock(&done.mutex);
	uint64_t from = done.count > KEPT ? done.count - KEPT : 0;
	for (uint64_t i = from; i < done.count; i++)
		fn(arg, &done.entries[i % KEPT]);
	pthread_mutex_unlock(&done.mutex);
}

static void note(const struct table_def *def, struct str command, int64_t created_us)
{
	pthread_mutex_lock(&done.mutex);
	struct mutation_entry *e = &done.entries[done.count++ % KEPT];
	snprintf(e->database, sizeof e->database, "%.*s", STR_ARG(def->database));
	snprintf(e->table, sizeof e->table, "%.*s", STR_ARG(def->name));
	snprintf(e->id, sizeof e->id, "mutation_%llu.txt", (unsigned long long)done.count);
	snprintf(e->command, sizeof e->command, "(%.*s)", STR_ARG(command));
	e->created_us = created_us;
	pthread_mutex_unlock(&done.mutex);
}

bool mutation_handles(const struct ast *x)
{
	const struct ast_alter *a = (const struct ast_alter *)x;
	if (x->kind != AST_ALTER || a->object != OBJECT_TABLE || a->commands.count == 0)
		return false;
	AST_EACH(&a->commands, c) {
		enum alter_type type = ((const struct ast_alter_command *)c)->type;
		if (type != ALTER_DELETE && type != ALTER_UPDATE)
			return false;
	}
	return true;
}

/* The command as a statement of its own. */
static const struct ast *statement_of(struct arena *a, const struct ast_alter *alter, const struct ast_alter_command *c)
{
	struct ast_table *t = ARENA_NEW(a, struct ast_table);
	t->ast = (struct ast){.kind = AST_TABLE, .position = alter->ast.position, .depth = 1};
	t->name = alter->name;
	if (c->type == ALTER_DELETE) {
		struct ast_delete *d = ARENA_NEW(a, struct ast_delete);
		d->ast = (struct ast){.kind = AST_DELETE, .position = c->ast.position, .depth = c->ast.depth};
		d->table = t;
		d->where = c->value;
		d->partition = c->partition;
		return &d->ast;
	}
	struct ast_update *u = ARENA_NEW(a, struct ast_update);
	u->ast = (struct ast){.kind = AST_UPDATE, .position = c->ast.position, .depth = c->ast.depth};
	u->table = t;
	u->assignments = c->items;
	u->where = c->value;
	u->partition = c->partition;
	return &u->ast;
}

enum status mutation_prepare(struct statement *st, struct error *err)
{
	const struct ast_alter *a = (const struct ast_alter *)st->ast;
	st->kind = STATEMENT_MUTATION;
	st->info.command = "ALTER TABLE";
	AST_EACH(&a->commands, x)
		TRY(change_check(st, statement_of(&st->arena, a, (const struct ast_alter_command *)x), err));
	return OK;
}

enum status mutation_run(struct statement *st, struct error *err)
{
	const struct ast_alter *a = (const struct ast_alter *)st->ast;
	const struct table_def *def;
	if (st->session->status == TRANSACTION_OPEN)
		return ERR(err, E_TRANSACTION_ACTIVE, "ALTER TABLE … DELETE and UPDATE cannot run inside a transaction block");
	AST_EACH(&a->commands, x) {
		int64_t now = clock_wall_us();
		TRY(change_run_one(st, statement_of(&st->arena, a, (const struct ast_alter_command *)x), &def, err));
		note(def, ast_text(&st->arena, x, DIALECT_CLICKHOUSE), now);
		TRY(txn_statement_begin(st->session->txn, err));
	}
	st->rows = 0;
	return OK;
}
