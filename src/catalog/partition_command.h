// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_PARTITION_COMMAND_H
#define CATALOG_PARTITION_COMMAND_H
/* What ALTER and OPTIMIZE tell a table's engine to do with its partitions. */
#include "base/str.h"

struct table;

enum partition_action {
	PARTITION_OPTIMIZE, PARTITION_DROP, PARTITION_DETACH, PARTITION_ATTACH, PARTITION_DROP_DETACHED, PARTITION_FREEZE,
	PARTITION_UNFREEZE, PARTITION_REPLACE, PARTITION_MOVE, PARTITION_CLEAR_COLUMN
};

struct partition_command {
	enum partition_action action;
	struct str partition_id;     /* empty: all */
	struct str part;             /* DROP PART 'name' …; else empty */
	struct str name;             /* FREEZE WITH NAME, CLEAR COLUMN */
	struct table *other;         /* ATTACH/REPLACE PARTITION FROM, MOVE TO */
	bool final, deduplicate, cleanup;
	const struct str *by;        /* DEDUPLICATE BY: columns that tell rows apart; by_count 0: all */
	uint32_t by_count;
};

#endif
