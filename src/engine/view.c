// SPDX-License-Identifier: Apache-2.0
#include "engine/view.h"

#include "catalog/catalog.h"
#include "exec/instance.h"

static enum status no_open(struct table *t, struct error *err)
{
	return OK;
}

static void no_close(struct table *t)
{
}

/* The table that a materialized view fills. */
static enum status find_target(struct table *t, struct txn *txn, struct table **out, struct error *err)
{
	const struct table_def *d = t->def;
	struct str database = d->to_table.size != 0 && d->to_database.size != 0 ? d->to_database : d->database,
		name = d->to_table;
	struct arena a;
	arena_init(&a, NULL);
	if (name.size == 0)
		name = arena_strf(&a, ".inner.%.*s", STR_ARG(d->name));
	enum status s = catalog_find_table(instance_catalog(instance_current()), txn, database, STR(""), name, out, err);
	arena_fini(&a);
	return s;
}

/* The view's columns are some of its target's, by name. */
static enum status view_scan(struct table *t, struct txn *txn, const struct scan_request *r, struct scan **out,
                             struct error *err)
{
	struct table *target;
	struct arena a;
	TRY(find_target(t, txn, &target, err));
	arena_init(&a, NULL);
	struct scan_request inner = *r;
	uint32_t *columns = ARENA_ARRAY(&a, uint32_t, r->column_count + 1);
	enum status s = OK;
	for (uint32_t i = 0; i < r->column_count && s == OK; i++) {
		const struct column_def *d = table_def_column(target->def, t->def->columns[r->columns[i]].name);
		if (d == NULL)
			s = ERR(err, E_NO_SUCH_COLUMN, "the target of the view has no column %.*s",
			        STR_ARG(t->def->columns[r->columns[i]].name));
		else
			columns[i] = (uint32_t)(d - target->def->columns);
	}
	inner.columns = columns;
	if (s == OK)
		s = target->ops->scan(target, txn, &inner, out, err);
	arena_fini(&a);
	table_release(target);
	return s;
}

static enum status view_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                               struct memtrack *track, struct insert_sink **out, struct error *err)
{
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: INSERT into a materialized view; insert into its target table");
}

static const struct table_ops view_ops = {.engine = "View", .open = no_open, .close = no_close};
static const struct table_ops materialized_ops = {
	.engine = "MaterializedView", .open = no_open, .close = no_close, .scan = view_scan, .insert = view_insert,
};

void view_register(void)
{
	table_engine_register(&view_ops);
	table_engine_register(&materialized_ops);
}
