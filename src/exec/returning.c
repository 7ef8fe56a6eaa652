// SPDX-License-Identifier: Apache-2.0
/* RETURNING of INSERT: a query over each block that is stored, after defaults were filled in. */
#include "exec/change.h"

#include <stdlib.h>

#include "exec/run_impl.h"

struct returning {
	struct statement *st;
	struct table *table;
};

static enum status bind(struct statement *st, struct table *t, struct block_source *source, struct query_plan **out,
                        struct error *err)
{
	struct bind_config c;
	const struct ast_insert *q = (const struct ast_insert *)st->ast;
	struct ast_table *table = ARENA_NEW(&st->plan_arena, struct ast_table);
	table->ast = (struct ast){.kind = AST_TABLE, .position = q->ast.position, .depth = 1, .alias = q->ast.alias};
	table->name = q->table;
	statement_bind_config(st, st->run_params, err, &c);
	return bind_over_block(&c, table, &q->returning, t->def, block_source_open, source, out);
}

enum status returning_describe(struct statement *st, struct table *t, struct error *err)
{
	struct query_plan *plan;
	if (((const struct ast_insert *)st->ast)->returning.count == 0)
		return OK;
	st->run_params = NULL;
	TRY(bind(st, t, NULL, &plan, err));
	statement_describe_from(st, plan, 0);
	return OK;
}

static enum status take_block(void *arg, const struct batch *stored, struct error *err)
{
	struct returning *r = arg;
	struct statement *st = r->st;
	struct block_source source = {stored, r->table->ops};
	struct query *q = ARENA_NEW(&st->plan_arena, struct query); /* rows that are kept are charged to it */
	struct batch *b = NULL;
	*q = (struct query){.parent = &st->query, .session = &st->session->eval, .txn = st->session->txn,
		.limits = st->query.limits};
	q->limits.max_threads = 1; /* in the order of the block */
	memtrack_init(&q->track, &st->query.track, "returning", 0);
	enum status s = bind(st, r->table, &source, &q->plan, err);
	if (s == OK)
		s = query_start(q, err);
	while (s == OK && (s = query_next(q, &b, err)) == OK && b != NULL)
		statement_keep(st, b);
	if (q->plan != NULL)
		query_end(q);
	return s;
}

enum status returning_watch(struct statement *st, struct table *t, struct error *err)
{
	(void)err;
	if (((const struct ast_insert *)st->ast)->returning.count == 0)
		return OK;
	struct returning *r = ARENA_NEW(&st->plan_arena, struct returning);
	*r = (struct returning){st, t};
	inserter_on_block(st->inserter, take_block, r);
	return OK;
}
