// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_DISK_H
#define REGRESS_DISK_H
/*
 * What a disk may hold after the power was cut, from the record of a memfs.
 *
 * Data of a file is safe after a sync of the file, a name after a sync of its directory; nothing else is. What came
 * after the last sync is there or not: each write, each 512 bytes of it, and each change of names by itself, as long as
 * changes of one name keep their order. A rename between directories is one change. A write whose sync failed may have
 * reached the disk or not, and no later sync changes that.
 */
#include "memfs.h"

struct disk;

enum disk_fate {
	FATE_DROP,       /* nothing that was not synced */
	FATE_KEEP,       /* all: as after kill -9 */
	FATE_PREFIX,     /* what came before some moment */
	FATE_NAMES,      /* all names, no data */
	FATE_DATA,       /* all data, no names */
	FATE_SOME,       /* each change by a throw of dice */
	FATE_TORN,       /* each sector by a throw of dice, all names */
	FATE_COUNT
};

/* Everything on `base` is safe. */
struct disk *disk_new(const struct memfs *base, uint64_t seed);
void disk_free(struct disk *d);
/* Goes on to the state after the first `count` operations of the record. */
void disk_advance(struct disk *d, const struct disk_log *log, size_t count);
/* A disk as it may be found after a cut now. */
struct memfs *disk_cut(struct disk *d, const struct disk_log *log, enum disk_fate fate, uint64_t seed);

uint64_t dice(uint64_t *state);                       /* xorshift */
uint64_t dice_below(uint64_t *state, uint64_t limit);

#endif
