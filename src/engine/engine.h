// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H
/*
 * All table engines, table functions and system tables, as the server registers them. One call before any instance is
 * opened; the others as instance hooks (exec/instance.h).
 */
#include "exec/instance.h"

void engines_register(void);
/* The catalog is open: system tables are added to it and, with `background`, merges start. */
enum status engines_started(struct instance *i, bool background, struct error *err) MUST_CHECK;
/* Before the catalog closes: background work has ended when it returns. */
void engines_stopping(struct instance *i);

#endif
