// SPDX-License-Identifier: Apache-2.0
/*
 * What no table owns, at start: part sets that an insert left behind its table's DROP, and directories of tables whose
 * CREATE never came to a commit or whose DROP ended before it had removed them.
 */
#include <stdio.h>
#include "base/log.h"
#include "base/strmap.h"
#include "catalog/catalog.h"
#include "engine/mergetree_impl.h"
#include "exec/instance.h"

struct owners {
	struct arena arena;
	struct strmap ids;         /* text of the uuid */
	bool *owned;               /* by slot */
	size_t slot_count, slot_capacity;
	uint32_t *orphans;
	size_t orphan_count, orphan_capacity;
};

static enum status note_owner(void *arg, struct table *t)
{
	struct owners *o = arg;
	char id[37];
	mergetree_uuid_text(t->def->uuid, id);
	(void)strmap_set(&o->ids, str_of(id), o);
	while (o->slot_count <= t->def->slot)
		ARENA_PUSH(&o->arena, o->owned, o->slot_count, o->slot_capacity, false);
	o->owned[t->def->slot] = true;
	return OK;
}

static enum status note_orphan(void *arg, uint32_t slot, const struct version *v, struct error *err)
{
	(void)err;
	struct owners *o = arg;
	if (v->kind->id != PART_SET_KIND || (slot < o->slot_count && o->owned[slot]))
		return OK;
	LOG(LOG_WARNING, "storage", "removing the parts in %s, which belong to no table",
	    ((const struct part_set *)v)->place->dir);
	ARENA_PUSH(&o->arena, o->orphans, o->orphan_count, o->orphan_capacity, slot);
	return OK;
}

static enum status clear_orphans(struct txn_manager *m, const struct owners *o, struct error *err)
{
	if (o->orphan_count == 0)
		return OK;
	struct txn *txn = txn_begin(m, TXN_READ_COMMITTED);
	enum status st = OK;
	for (size_t i = 0; st == OK && i < o->orphan_count; i++)
		st = txn_clear_slot(txn, o->orphans[i], err);
	if (st == OK)
		return txn_commit(txn, err);
	txn_rollback(txn);
	return st;
}

/* 8-4-4-4-12 hexadecimal digits; whatever else lies there is somebody else's. */
static bool is_uuid(const char *name)
{
	size_t i = 0;
	for (; name[i] != '\0' && i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool digit = (name[i] >= '0' && name[i] <= '9') || (name[i] >= 'a' && name[i] <= 'f');
		if (dash ? name[i] != '-' : !digit)
			return false;
	}
	return i == 36 && name[i] == '\0';
}

static enum status remove_directories(const char *data, struct owners *o, bool keep, struct error *err)
{
	char path[4096];
	struct file_entry *entries;
	size_t n;
	snprintf(path, sizeof path, "%s/store", data);
	TRY(file_list(path, &o->arena, &entries, &n, err));
	for (size_t i = 0; i < n; i++) {
		if (entries[i].kind != FILE_DIRECTORY || !is_uuid(entries[i].name)
		    || strmap_get(&o->ids, str_of(entries[i].name)) != NULL)
			continue;
		snprintf(path, sizeof path, "%s/store/%s", data, entries[i].name);
		if (keep) {
			LOG(LOG_WARNING, "storage", "%s belongs to no table; it stays, since the log was not read to its end", path);
			continue;
		}
		struct error why;
		error_init(&why);
		LOG(LOG_INFO, "storage", "removing %s, which belongs to no table", path);
		if (file_remove_tree(path, &why) != OK) /* the next start tries again */
			LOG(LOG_WARNING, "storage", "%s", why.message);
	}
	return OK;
}

enum status mergetree_remove_orphans(struct instance *i, struct error *err)
{
	struct owners o = {0};
	struct txn_manager *m = instance_txns(i);
	if (txn_manager_path(m) == NULL)
		return OK;
	arena_init(&o.arena, NULL);
	strmap_init(&o.ids, &o.arena, false);
	struct txn *txn = txn_begin(m, TXN_READ_COMMITTED);
	enum status st = catalog_each_table(instance_catalog(i), txn, STR(""), note_owner, &o);
	txn_rollback(txn);
	if (st == OK)
		st = txn_each_slot(m, note_orphan, &o, err);
	if (st == OK)
		st = clear_orphans(m, &o, err);
	if (st == OK)
		st = remove_directories(txn_manager_path(m), &o, txn_manager_was_cut(m), err);
	arena_fini(&o.arena);
	return st;
}
