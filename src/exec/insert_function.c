// SPDX-License-Identifier: Apache-2.0
/* INSERT INTO FUNCTION: a table that is there for one statement and gives its rows to a table function. */
#include "catalog/catalog.h"
#include "catalog/table_function.h"
#include "exec/session_impl.h"
#include "plan/binder.h"

static enum status function_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                                   struct memtrack *track, struct insert_sink **out, struct error *err)
{
	const struct table_function_call *c = t->state;
	return c->insert(c->arg, session, track, out, err);
}

static const struct table_ops function_ops = {.engine = "TableFunction", .insert = function_insert};

static void release_def(void *def)
{
	table_def_unref(def);
}

enum status insert_function_table(struct session *s, struct arena *a, const struct ast_call *call, struct table **out,
                                  struct error *err)
{
	struct bind_config config;
	struct table_function_call *c;
	session_bind_config(s, a, err, &config);
	TRY(bind_insert_function(&config, call, &c));
	struct table *t = ARENA_NEW(a, struct table);
	struct table_def *d = table_def_new(NULL);
	arena_defer(a, release_def, d);
	d->dialect = s->dialect;
	d->engine = STR("TableFunction");
	d->name = arena_str(&d->arena, name_last(&call->name));
	d->database = STR("_table_function");
	d->column_count = c->column_count;
	d->columns = ARENA_ARRAY(&d->arena, struct column_def, c->column_count + 1);
	for (uint32_t i = 0; i < c->column_count; i++) {
		d->columns[i].name = c->names[i];
		d->columns[i].type = c->types[i];
	}
	*t = (struct table){.ops = &function_ops, .def = d, .state = c};
	*out = t;
	return OK;
}
