// SPDX-License-Identifier: Apache-2.0
/* TRUNCATE, OPTIMIZE and the partition commands of ALTER. */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "engine/mergetree_impl.h"
#include "storage/merge_choice.h"
#include "storage/part_reader.h"
#include "storage/value_binary.h"

enum status mergetree_truncate(struct table *t, struct txn *txn, struct error *err)
{
	struct part_change *c;
	if (mergetree_parts(t, txn) == NULL)
		return OK;
	TRY(mergetree_change(t, txn, &c, err));
	enum status st = part_change_remove_blocks(c, STR(""), UINT64_MAX, PART_DELETED, err);
	if (st != OK) {
		part_change_free(c);
		return st;
	}
	return txn_add_change(txn, part_change_base(c), err);
}

/* ---- OPTIMIZE ---- */

static bool wants(const struct partition_command *c, const struct part *p)
{
	return c->partition_id.size == 0 || str_eq(c->partition_id, p->name.partition);
}

/* What is materialized (c->name) is written with every part anew. */
static bool next_part(const struct part_set *set, const struct partition_command *c, uint32_t *at,
                      struct merge_request *r)
{
	while (*at < set->count) {
		r->from = (*at)++;
		r->count = 1;
		r->flush = false;
		if (wants(c, set->parts[r->from]))
			return true;
	}
	return false;
}

/* The first partition that a run over it would change: more than one part, or one that no merge has made yet. */
static bool next_range(const struct part_set *set, const struct table_keys *k, const struct partition_command *c,
                       uint32_t *at, struct merge_request *r)
{
	if (c->name.size != 0)
		return next_part(set, c, at, r);
	while (*at < set->count) {
		uint32_t from = *at, end = part_set_partition_end(set, from);
		*at = end;
		bool again = c->deduplicate
		             || (c->final && (k->mode != MERGE_ORDINARY || k->ttl_count != 0 || c->cleanup));
		r->flush = end - from == 1 && !again && set->parts[from]->delta != NULL;
		if (wants(c, set->parts[from]) && (end - from > 1 || again || r->flush)) {
			r->from = from;
			r->count = end - from;
			return true;
		}
	}
	return false;
}

/* Stored positions of DEDUPLICATE BY's columns; those of the keys must be among them. */
static enum status columns_by_name(const struct table_keys *k, const struct partition_command *c, uint32_t *by,
                                   struct error *err)
{
	for (uint32_t i = 0; i < c->by_count; i++) {
		const struct column_def *d = table_def_column(k->def, c->by[i]);
		uint32_t stored = d == NULL ? UINT32_MAX : k->stored_of[d - k->def->columns];
		if (stored == UINT32_MAX)
			return ERR(err, E_NO_SUCH_COLUMN, "There is no stored column %.*s to deduplicate by", STR_ARG(c->by[i]));
		by[i] = stored;
	}
	bool *used = calloc(k->def->column_count + 1, sizeof *used);
	enum status st = used == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < k->sort_count + k->partition_count; i++)
		expr_columns(k->all[i], used);
	for (uint32_t i = 0; st == OK && i < k->def->column_count; i++) {
		bool found = !used[i];
		for (uint32_t n = 0; n < c->by_count && !found; n++)
			found = by[n] == k->stored_of[i];
		if (!found)
			st = ERR(err, E_THERE_IS_NO_COLUMN, "DEDUPLICATE expression must include all columns used in table's ORDER BY, "
			         "PRIMARY KEY, or PARTITION BY but '%.*s' is missing", STR_ARG(k->def->columns[i].name));
	}
	free(used);
	return st;
}

/* Merges commit by themselves, as they change nothing that anybody sees. */
static enum status optimize(struct table *t, const struct partition_command *c, struct txn_manager *txns,
                            struct error *err)
{
	struct mergetree *m = mergetree_of(t);
	struct table_keys *keys = NULL;
	struct merge_request r = {.cleanup = c->cleanup, .force_ttl = c->final, .track = &memtrack_server,
	                          .distinct = c->deduplicate};
	uint32_t *by = calloc(c->by_count + 1, sizeof *by);
	if (by == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	enum status st = mergetree_keys(t, &keys, err);
	if (st == OK && c->by_count != 0)
		st = columns_by_name(keys, c, by, err);
	if (st != OK) {
		free(by);
		table_keys_unref(keys);
		return st;
	}
	r.by = by;
	r.by_count = c->by_count;
	pthread_mutex_lock(&m->merge_mutex);
	pthread_mutex_lock(&m->flush_mutex);
	struct part_set *set = NULL;
	if (st == OK)
		st = mergetree_sealed_parts(t, txns, c->partition_id, &set, err);
	uint32_t at = 0;
	while (st == OK && set != NULL && next_range(set, keys, c, &at, &r)) {
		if (r.count > 1 && (m->stopped & BACKGROUND_MERGES) != 0) {
			st = ERR(err, E_ABORTED, "Cancelled merging parts");
			break;
		}
		struct txn *txn = txn_begin(txns, TXN_READ_COMMITTED);
		st = mergetree_merge(t, txn, set, &r, err);
		if (st == OK)
			st = txn_commit(txn, err);
		else
			txn_rollback(txn);
		if (st == E_SERIALIZATION_FAILURE) { /* a part was dropped meanwhile */
			error_clear(err);
			st = OK;
		}
	}
	if (set != NULL)
		version_unref(&set->version);
	pthread_mutex_unlock(&m->flush_mutex);
	pthread_mutex_unlock(&m->merge_mutex);
	table_keys_unref(keys);
	free(by);
	return st;
}

/* ---- dropping ---- */

/*
 * The last block of a partition (empty: of all) before rows that may still grow; with `on_disk`, before any that are in
 * memory: what came since deltas were sealed or flushed stays out of a command.
 */
static uint64_t last_block(const struct part_set *set, struct str partition, bool on_disk)
{
	uint64_t last = 0, first = UINT64_MAX;
	for (uint32_t i = 0; i < set->count; i++) {
		const struct part *p = set->parts[i];
		if (partition.size != 0 && !str_eq(partition, p->name.partition))
			continue;
		last = p->name.max_block > last ? p->name.max_block : last;
		if (p->delta != NULL && (on_disk || !p->delta->sealed) && p->name.min_block < first)
			first = p->name.min_block;
	}
	return first <= last ? first - 1 : last;
}

static enum status remove_parts(struct table *t, struct txn *txn, const struct partition_command *c,
                                enum part_fate fate, bool on_disk, struct error *err)
{
	const struct part_set *set = mergetree_parts(t, txn);
	struct part_change *change;
	struct part_name parsed;
	if (c->part.size != 0 && !part_name_parse(c->part, &parsed))
		return ERR(err, E_BAD_DATA_PART_NAME, "Unexpected part name: %.*s", STR_ARG(c->part));
	if (set == NULL || set->count == 0)
		return c->part.size == 0 ? OK : ERR(err, E_NO_SUCH_DATA_PART, "No part %.*s in table", STR_ARG(c->part));
	TRY(mergetree_change(t, txn, &change, err));
	enum status st;
	if (c->part.size != 0) {
		struct part *p = part_set_find(set, c->part);
		st = p == NULL ? ERR(err, E_NO_SUCH_DATA_PART, "No part %.*s in table", STR_ARG(c->part))
		               : part_change_remove(change, p, fate, err);
	} else {
		st = part_change_remove_blocks(change, c->partition_id, last_block(set, c->partition_id, on_disk), fate, err);
	}
	if (st != OK) {
		part_change_free(change);
		return st;
	}
	return txn_add_change(txn, part_change_base(change), err);
}

/* ---- copies by hard links ---- */

/* Files that somebody put under detached/ may not be safe on disk. */
static enum status sync_path(const char *path, struct error *err)
{
	struct file *f;
	TRY(file_open(&f, path, FILE_READ, err));
	enum status st = file_sync(f, err);
	file_drop(f);
	return st;
}

static enum status link_directory(const char *from, const char *to, struct error *err)
{
	struct arena a;
	struct file_entry *entries = NULL;
	size_t n = 0;
	arena_init(&a, NULL);
	enum status st = file_mkdirs(to, false, err);
	if (st == OK)
		st = file_list(from, &a, &entries, &n, err);
	for (size_t i = 0; st == OK && i < n; i++) {
		char source[4096], target[4096];
		if (entries[i].kind != FILE_REGULAR)
			continue;
		snprintf(source, sizeof source, "%s/%s", from, entries[i].name);
		snprintf(target, sizeof target, "%s/%s", to, entries[i].name);
		st = file_link(source, target, err);
		if (st == OK)
			st = sync_path(target, err);
	}
	if (st == OK)
		st = file_sync_dir(to, err);
	arena_fini(&a);
	return st;
}

/* The partition id that the part's own values give. */
static enum status check_partition(const struct table_keys *k, const struct part *p, const struct part_meta *m,
                                   struct error *err)
{
	struct arena a;
	struct cursor c = cursor_of(m->partition);
	arena_init(&a, NULL);
	struct vector **values = ARENA_ARRAY(&a, struct vector *, k->partition_count + 1);
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < k->partition_count; i++) {
		struct builder *b = NULL;
		st = builder_new(NULL, type_low_cardinality(&a, k->partition_types[i], false), &b, err);
		if (st == OK)
			st = value_binary_read(&c, b, err);
		if (st == OK)
			st = builder_finish(b, &values[i], err);
		builder_free(b);
	}
	if (st == OK) {
		struct str id = partition_id(&a, (const struct vector *const *)values, k->partition_count, 0);
		if (!str_eq(id, p->name.partition))
			st = ERR(err, E_CORRUPTED_DATA, "part %s is of partition %.*s by its partition.dat", p->name_text, STR_ARG(id));
	}
	for (uint32_t i = 0; i < k->partition_count; i++)
		vector_unref(values[i]);
	arena_fini(&a);
	return st;
}

/* What ClickHouse's lightweight DELETE adds to a part: 0 where the row is deleted. */
static const struct str row_exists = {"_row_exists", 11};

static enum status add_deleted(struct part_reader *r, uint64_t rows, struct row_set *deleted, struct error *err)
{
	for (uint64_t row = 0; row < rows;) {
		uint32_t n = rows - row < BATCH_ROWS_MAX ? (uint32_t)(rows - row) : BATCH_ROWS_MAX;
		struct vector *v;
		enum status st = OK;
		TRY(part_reader_read(r, n, &v, err));
		for (uint32_t i = 0; st == OK && i < n; i++) {
			const struct vector *at;
			uint32_t x = vector_index(v, i, &at);
			bool fresh;
			if (((const uint8_t *)at->data)[x] == 0)
				st = row_set_add(deleted, row + i, &fresh, err);
		}
		vector_unref(v);
		TRY(st);
		row += n;
	}
	return OK;
}

/* *out NULL: none are. */
static enum status deleted_rows(const struct table_keys *k, struct part *p, struct part_meta *m, struct row_set **out,
                                struct error *err)
{
	uint32_t column = part_meta_column(m, row_exists);
	struct part_reader *r = NULL;
	struct arena a;
	*out = NULL;
	if (column == UINT32_MAX || m->granules == 0)
		return OK;
	arena_init(&a, NULL);
	struct eval e = {.session = storage_session(k->def->dialect), .scratch = &a, .err = err};
	struct row_set *deleted = row_set_new();
	enum status st = deleted == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	if (st == OK)
		st = part_reader_new(p, m, &column, 1, NULL, &e, &r, err);
	if (st == OK)
		st = part_reader_seek(r, 0, m->granules, err);
	if (st == OK)
		st = add_deleted(r, m->rows, deleted, err);
	part_reader_free(r);
	arena_fini(&a);
	if (st == OK && deleted->count != 0)
		*out = deleted;
	else
		row_set_unref(deleted);
	return st;
}

static enum status check_columns(const struct table_keys *k, const struct part *p, const struct part_meta *m,
                                 struct error *err)
{
	uint32_t known = 0;
	for (uint32_t i = 0; i < m->columns.count; i++) {
		const struct part_column *c = &m->columns.columns[i];
		if (str_eq(c->name, row_exists) && c->type->id != TYPE_UINT8)
			return ERR(err, E_CORRUPTED_DATA, "column _row_exists of part %s is no UInt8", p->name_text);
		known += table_def_column(k->def, c->name) != NULL;
	}
	if (known == 0)
		return ERR(err, E_CORRUPTED_DATA, "part %s has no column of this table", p->name_text);
	return OK;
}

/* Links the part at `path` into the table and adds it to the change. */
static enum status adopt(struct table *t, struct txn *txn, const struct table_keys *k, const char *path,
                         struct str name, struct part_change *change, struct error *err)
{
	struct table_place *place;
	struct part *p = NULL;
	struct row_set *deleted = NULL;
	char sub[128], to[4096];
	TRY(mergetree_place(t, txn, &place, err));
	temporary_name("attach", sub, sizeof sub);
	snprintf(to, sizeof to, "%s/%s", place->dir, sub);
	enum status st = table_place_make(place, err);
	if (st == OK)
		st = link_directory(path, to, err);
	if (st == OK)
		st = part_new(name, place->dir, sub, &p, err);
	struct part_meta *m = NULL;
	if (st == OK)
		st = part_load(p, storage_session(k->def->dialect), &m, err);
	if (st == OK)
		st = part_verify(p, err);
	if (st == OK)
		st = check_columns(k, p, m, err);
	if (st == OK)
		st = check_partition(k, p, m, err);
	if (st == OK)
		st = deleted_rows(k, p, m, &deleted, err);
	if (st == OK) {
		p->rows = m->rows;
		p->granules = m->granules;
		p->compact = m->compact;
		p->modified_us = clock_wall_us();
		p->schema_version = k->def->schema_version;
		for (size_t i = 0; i < m->checksums.count; i++) {
			const struct checksum *c = &m->checksums.files[i];
			p->bytes_on_disk += c->size;
			p->bytes_plain += c->compressed ? c->plain_size : c->size;
		}
		st = part_change_add(change, p, true, err);
	}
	if (st == OK)
		part_change_marks(change, deleted);
	row_set_unref(deleted);
	if (st != OK && p != NULL)
		p->retired = true;
	part_unref(p);
	table_place_unref(place);
	return st;
}

static bool detached_matches(const struct partition_command *c, const char *entry)
{
	struct part_name name;
	if (c->part.size != 0)
		return str_eq(c->part, str_of(entry));
	return part_name_parse(str_of(entry), &name) && (c->partition_id.size == 0 || str_eq(c->partition_id, name.partition));
}

/* Calls fn for each directory under detached/ that the command names; E_NO_SUCH_DATA_PART where a named part is not. */
static enum status each_detached(struct table *t, struct txn *txn, const struct partition_command *c,
                                 enum status (*fn)(void *arg, const char *path, const char *name, struct error *err),
                                 void *arg, struct error *err)
{
	struct table_place *place;
	struct arena a;
	struct file_entry *entries = NULL;
	size_t n = 0, found = 0;
	char dir[3072], path[4096];
	TRY(mergetree_place(t, txn, &place, err));
	arena_init(&a, NULL);
	snprintf(dir, sizeof dir, "%s/detached", place->dir);
	enum status st = file_exists(dir) ? file_list(dir, &a, &entries, &n, err) : OK;
	for (size_t i = 0; st == OK && i < n; i++) {
		if (entries[i].kind != FILE_DIRECTORY || !detached_matches(c, entries[i].name))
			continue;
		found++;
		snprintf(path, sizeof path, "%s/%s", dir, entries[i].name);
		st = fn(arg, path, entries[i].name, err);
	}
	if (st == OK && found == 0 && c->part.size != 0)
		st = ERR(err, E_BAD_DATA_PART_NAME, "Detached part \"%.*s\" not found", STR_ARG(c->part));
	arena_fini(&a);
	table_place_unref(place);
	return st;
}

struct attaching {
	struct table *table;
	struct txn *txn;
	struct table_keys *keys;
	struct part_change *change;
};

static enum status attach_one(void *arg, const char *path, const char *name, struct error *err)
{
	struct attaching *a = arg;
	TRY(adopt(a->table, a->txn, a->keys, path, str_of(name), a->change, err));
	return part_change_remove_path(a->change, path, err);
}

static enum status drop_detached_one(void *arg, const char *path, const char *name, struct error *err)
{
	(void)arg, (void)name;
	return file_remove_tree(path, err);
}

static void undo(struct part_change *c)
{
	part_change_base(c)->ops->rolled_back(part_change_base(c));
	part_change_free(c);
}

static enum status attach(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
{
	struct attaching a = {.table = t, .txn = txn};
	TRY(mergetree_keys(t, &a.keys, err));
	enum status st = mergetree_change(t, txn, &a.change, err);
	if (st == OK) {
		part_change_may_create(a.change);
		st = each_detached(t, txn, c, attach_one, &a, err);
		if (st == OK)
			st = txn_add_change(txn, part_change_base(a.change), err);
		else
			undo(a.change);
	}
	table_keys_unref(a.keys);
	return st;
}

/* ---- from and to other tables ---- */

static enum status same_structure(const struct table_keys *a, const struct table_keys *b, struct error *err)
{
	bool same = a->stored_count == b->stored_count && a->sort_count == b->sort_count
	            && a->partition_count == b->partition_count;
	for (uint32_t i = 0; same && i < a->stored_count; i++) {
		const struct column_def *x = &a->def->columns[a->stored[i]], *y = &b->def->columns[b->stored[i]];
		same = str_eq(x->name, y->name) && type_equal(x->type, y->type);
	}
	for (uint32_t i = 0; same && i < a->sort_count; i++)
		same = type_equal(a->sort_types[i], b->sort_types[i]);
	for (uint32_t i = 0; same && i < a->partition_count; i++)
		same = type_equal(a->partition_types[i], b->partition_types[i]);
	return same ? OK : ERR(err, E_BAD_ARGUMENTS, "Tables have different structure");
}

/* Copies the partition's parts from one table to another; *replace: those that are there go. */
static enum status copy_partition(struct table *from, struct table *to, struct txn *txn,
                                  const struct partition_command *c, bool replace, struct error *err)
{
	struct table_keys *source = NULL, *target = NULL;
	struct part_change *change = NULL;
	const struct part_set *set = mergetree_parts(from, txn), *old = mergetree_parts(to, txn);
	if (!mergetree_is(from) || !mergetree_is(to))
		return ERR(err, E_NOT_IMPLEMENTED, "partitions travel between MergeTree tables only");
	TRY(mergetree_keys(from, &source, err));
	enum status st = mergetree_keys(to, &target, err);
	if (st == OK)
		st = same_structure(source, target, err);
	if (st == OK)
		st = mergetree_change(to, txn, &change, err);
	if (st == OK) {
		part_change_may_create(change);
		if (replace && old != NULL)
			st = part_change_remove_blocks(change, c->partition_id, last_block(old, c->partition_id, false), PART_DELETED, err);
		for (uint32_t i = 0; st == OK && set != NULL && i < set->count; i++) {
			char path[4096];
			if (!wants(c, set->parts[i]) || set->parts[i]->name.max_block > last_block(set, c->partition_id, true))
				continue;
			part_path(set->parts[i], path, sizeof path);
			st = adopt(to, txn, target, path, str_of(set->parts[i]->name_text), change, err);
		}
		if (st == OK)
			st = txn_add_change(txn, part_change_base(change), err);
		else
			undo(change);
	}
	table_keys_unref(source);
	table_keys_unref(target);
	return st;
}

/* ---- FREEZE ---- */

static void shadow_path(const struct table_place *place, struct str name, char *to, size_t size)
{
	/* <data>/store/<uuid> -> <data>/shadow/<name>/store/<uuid> */
	const char *slash = strrchr(place->dir, '/');
	size_t data = (size_t)(slash - place->dir) - 6;
	snprintf(to, size, "%.*s/shadow/%.*s/store%s", (int)data, place->dir, STR_ARG(name), slash);
}

static enum status freeze(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
{
	const struct part_set *set = mergetree_parts(t, txn);
	struct str name = c->name;
	char number[32], dir[3072], from[4096], to[4096];
	if (set == NULL)
		return OK;
	if (name.size == 0) {
		snprintf(number, sizeof number, "%lld", (long long)(clock_wall_us() / 1000000));
		name = str_of(number);
	}
	if (str_find_char(name, '/') >= 0 || str_eq(name, STR("..")) || str_eq(name, STR(".")))
		return ERR(err, E_BAD_ARGUMENTS, "the name of a backup is no path");
	shadow_path(set->place, name, dir, sizeof dir);
	TRY(file_mkdirs(dir, true, err));
	for (uint32_t i = 0; i < set->count; i++) {
		if (!wants(c, set->parts[i]) || set->parts[i]->delta != NULL)
			continue;
		part_path(set->parts[i], from, sizeof from);
		snprintf(to, sizeof to, "%s/%s", dir, set->parts[i]->name_text);
		TRY(link_directory(from, to, err));
	}
	return file_sync_dir(dir, err);
}

static enum status unfreeze(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
{
	struct table_place *place;
	char dir[3072];
	if (c->name.size == 0 || str_find_char(c->name, '/') >= 0)
		return ERR(err, E_BAD_ARGUMENTS, "UNFREEZE needs the name of a backup");
	TRY(mergetree_place(t, txn, &place, err));
	shadow_path(place, c->name, dir, sizeof dir);
	enum status st = file_remove_tree(dir, err);
	table_place_unref(place);
	return st;
}

/* Commands on directories find all rows in directories, and no deleted ones; to drop rows it is enough that no others
 * join them. */
static enum status flush_before(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
{
	struct txn_manager *txns = txn_manager_of(txn);
	switch (c->action) {
	case PARTITION_DROP: {
		struct part_set *set = NULL;
		TRY(mergetree_sealed_parts(t, txns, c->partition_id, &set, err));
		if (set != NULL)
			version_unref(&set->version);
		break;
	}
	case PARTITION_DETACH:
	case PARTITION_FREEZE:
	case PARTITION_MOVE:
		TRY(mergetree_purge(t, txns, c->partition_id, err));
		break;
	case PARTITION_ATTACH:
	case PARTITION_REPLACE:
		if (c->action == PARTITION_REPLACE)
			TRY(mergetree_purge(t, txns, c->partition_id, err));
		if (c->other != NULL && mergetree_is(c->other))
			TRY(mergetree_purge(c->other, txns, c->partition_id, err));
		break;
	default:
		return OK;
	}
	return txn_statement_begin(txn, err);
}

enum status mergetree_partition(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
{
	struct partition_command moved = *c;
	TRY(flush_before(t, txn, c, err));
	switch (c->action) {
	case PARTITION_OPTIMIZE:
		return optimize(t, c, txn_manager_of(txn), err);
	case PARTITION_DROP:
		return remove_parts(t, txn, c, PART_DELETED, false, err);
	case PARTITION_DETACH:
		return remove_parts(t, txn, c, PART_DETACHED, true, err);
	case PARTITION_ATTACH:
		return c->other != NULL ? copy_partition(c->other, t, txn, c, false, err) : attach(t, txn, c, err);
	case PARTITION_REPLACE:
		return copy_partition(c->other, t, txn, c, true, err);
	case PARTITION_MOVE:
		TRY(copy_partition(t, c->other, txn, c, false, err));
		moved.part = STR("");
		return remove_parts(t, txn, &moved, PART_DELETED, true, err);
	case PARTITION_DROP_DETACHED:
		return each_detached(t, txn, c, drop_detached_one, NULL, err);
	case PARTITION_FREEZE:
		return freeze(t, txn, c, err);
	case PARTITION_UNFREEZE:
		return unfreeze(t, txn, c, err);
	case PARTITION_CLEAR_COLUMN:
		break;
	}
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: CLEAR COLUMN IN PARTITION");
}
