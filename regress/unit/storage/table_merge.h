// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_STORAGE_TABLE_MERGE_H
#define REGRESS_UNIT_STORAGE_TABLE_MERGE_H
#include "regress/unit/storage/table_fixture.h"

/* All parts, which are of one partition, into one. */
static bool merge_all(struct fixture *f)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f->def->slot);
	struct arena a;
	arena_init(&a, NULL);
	struct merge_env env = {.keys = f->keys, .set = set, .session = storage_session(DIALECT_CLICKHOUSE)};
	struct merge_input *inputs = ARENA_ARRAY(&a, struct merge_input, set->count);
	struct part_change *c = part_change_new(f->def->slot, f->place);
	struct merge_target target = {.place = f->place, .name = set->parts[0]->name};
	bool good = true;
	for (uint32_t i = 0; good && i < set->count; i++) {
		good = merge_input_whole(set->parts[i], i, &a, &inputs[i], &err) == OK
		       && part_change_remove(c, set->parts[i], PART_DELETED, &err) == OK;
		target.name.max_block = set->parts[i]->name.max_block;
	}
	target.name.level++;
	struct merge_options o = {.fold = true};
	struct part *made = NULL;
	good = good && part_merge(&env, inputs, set->count, &o, &target, &made, &err) == OK;
	if (good && made != NULL)
		good = part_change_add(c, made, false, &err) == OK;
	part_unref(made);
	struct txn *t = txn_begin(txns, TXN_READ_COMMITTED);
	good = good && txn_add_change(t, part_change_base(c), &err) == OK;
	good = txn_commit(t, &err) == OK && good;
	version_unref(&set->version);
	arena_fini(&a);
	return ok(good, "parts are merged: %s", err.message) && part_count(f) <= 1;
}

#endif
