// SPDX-License-Identifier: Apache-2.0
/*
 * Backpressure: where merges and flushes fall behind, inserts become slower, the more so the further behind they are,
 * and only where that does not help at all they are refused. An insert into memory makes no part, so it waits for
 * memory alone.
 */
#include "base/clock.h"
#include "engine/mergetree_impl.h"
#include "storage/merge_choice.h"

enum { REFUSE_AFTER_US = 30 * 1000 * 1000, ROOM_WAIT_US = 5 * 1000 * 1000, LOOK_US = 50 * 1000 };

_Atomic uint64_t mergetree_delayed_inserts, mergetree_rejected_inserts;

/* Parts on disk of the partition that has the most. */
static uint32_t most_parts(const struct part_set *set)
{
	uint32_t most = 0;
	for (uint32_t from = 0; from < set->count;) {
		uint32_t end = part_set_partition_end(set, from), n = 0;
		for (; from < end; from++)
			n += set->parts[from]->delta == NULL;
		most = n > most ? n : most;
	}
	return most;
}

static uint32_t parts_now(const struct table *t, struct txn_manager *txns)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, t->def->slot);
	uint32_t n = set == NULL ? 0 : most_parts(set);
	if (set != NULL)
		version_unref(&set->version);
	return n;
}

/* From the least delay at parts_to_delay to the greatest just before parts_to_throw. */
static int64_t delay_for(const struct merge_settings *s, uint32_t parts)
{
	uint64_t room = s->parts_to_throw > s->parts_to_delay ? s->parts_to_throw - s->parts_to_delay : 1;
	uint64_t over = parts - s->parts_to_delay + 1;
	double us = (double)s->delay_max_us * (double)(over > room ? room : over) / (double)room;
	return us < (double)s->delay_min_us ? (int64_t)s->delay_min_us : (int64_t)us;
}

enum status mergetree_wait_for_merges(const struct table *t, struct txn_manager *txns, const struct merge_settings *s,
                                      struct error *err)
{
	uint32_t parts = s->parts_to_delay == 0 ? 0 : parts_now(t, txns);
	if (parts == 0 || parts < s->parts_to_delay)
		return OK;
	int64_t start = clock_mono_us(), end = start + delay_for(s, parts);
	mergetree_delayed_inserts++;
	while (parts >= s->parts_to_delay) {
		int64_t now = clock_mono_us();
		bool refuse = s->parts_to_throw != 0 && parts >= s->parts_to_throw;
		if (now >= end && !refuse)
			return OK;
		if (refuse && (now - start > REFUSE_AFTER_US || !mergetree_merges_run())) {
			mergetree_rejected_inserts++;
			return ERR(err, E_TOO_MANY_PARTS, "Too many parts (%u) in a partition of table %.*s. Merges are processing "
			           "significantly slower than inserts", parts, STR_ARG(t->def->name));
		}
		mergetree_wait_for_progress(now + LOOK_US);
		parts = parts_now(t, txns);
	}
	return OK;
}

bool mergetree_wait_for_room(void)
{
	int64_t end = clock_mono_us() + ROOM_WAIT_US;
	while (!mergetree_delta_has_room() && mergetree_merges_run() && clock_mono_us() < end)
		mergetree_wait_for_progress(clock_mono_us() + LOOK_US);
	return mergetree_delta_has_room();
}
