// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_INSTANCE_H
#define EXEC_INSTANCE_H
/*
 * An instance: one data directory (or memory) with its log, catalog and pools. Opening registers what the rooms above
 * exec/ add through hooks, replays the log, opens the tables.
 */
#include "exec/session.h"

struct txn_manager;

/* Set by server/ before instance_open(): registers engines, table functions and system tables (engine/ is above). */
extern void (*instance_register_hook)(void);
/* After the catalog is open: background merges start; before it closes they stop. */
extern enum status (*instance_started_hook)(struct instance *i, bool background, struct error *err);
extern void (*instance_stopping_hook)(struct instance *i);

struct txn_manager *instance_txns(struct instance *i);
/* What the server was configured with; NULL: nothing. */
const struct config *instance_configuration(const struct instance *i);
struct pool;
struct pool *instance_pool(struct instance *i);
struct memtrack *instance_memtrack(struct instance *i);
/* The instance that is open in this process, for tables that show the server itself; NULL before. */
struct instance *instance_current(void);

#endif
