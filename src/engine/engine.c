// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include "base/timezone.h"
#include "engine/memory.h"
#include "engine/mergetree.h"
#include "engine/system/rows.h"
#include "engine/table_functions.h"
#include "engine/view.h"
#include "plan/binder.h"
#include "storage/table_keys.h"

/* Keys, TTLs and indexes are bound outside any session: UTC, the dialect they were written in. */
static enum status bind_keys(struct arena *a, const struct stored_sql *sql, const struct table_def *def,
                             struct expr ***exprs, uint32_t *count, struct error *err)
{
	struct eval_session *session = ARENA_NEW(a, struct eval_session);
	*session = (struct eval_session){.dialect = sql->dialect, .tz = timezone_utc(), .database = sql->database,
		.search_path = sql->search_path, .text = &value_options_default};
	struct bind_config c = {.arena = a, .session = session, .err = err};
	return bind_stored(&c, sql, def, true, exprs, count);
}

void engines_register(void)
{
	expr_bind_hook = bind_keys;
	memory_register();
	mergetree_register();
	view_register();
	table_functions_register();
}

enum status engines_started(struct instance *i, bool background, struct error *err)
{
	TRY(system_tables_register(instance_catalog(i), err));
	TRY(storage_tables_register(instance_catalog(i), err));
	TRY(pg_tables_register(instance_catalog(i), err));
	return mergetree_started(i, background, err);
}

void engines_stopping(struct instance *i)
{
	mergetree_stopping(i);
}
