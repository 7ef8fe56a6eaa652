// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include "engine/memory.h"

void engines_register(void)
{
	memory_register();
}

enum status engines_started(struct instance *i, bool background, struct error *err)
{
	return OK;
}

void engines_stopping(struct instance *i)
{
}
