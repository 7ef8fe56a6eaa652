// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include "engine/memory.h"
#include "engine/system/rows.h"
#include "engine/view.h"

void engines_register(void)
{
	memory_register();
	view_register();
}

enum status engines_started(struct instance *i, bool background, struct error *err)
{
	TRY(system_tables_register(instance_catalog(i), err));
	return pg_tables_register(instance_catalog(i), err);
}

void engines_stopping(struct instance *i)
{
}
