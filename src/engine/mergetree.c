// SPDX-License-Identifier: Apache-2.0
#include "engine/mergetree.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/cpu.h"
#include "base/log.h"
#include "catalog/catalog.h"
#include "engine/mergetree_impl.h"
#include "io/cache.h"
#include "storage/column_range.h"
#include "storage/final_scan.h"
#include "storage/key_lookup.h"
#include "storage/row_fetch.h"

static struct cache *block_cache;
static char temporary_path[1024]; /* of an instance in memory */

struct cache *mergetree_cache(void)
{
	return block_cache;
}

struct mergetree *mergetree_of(const struct table *t)
{
	return t->state;
}

enum status mergetree_keys(const struct table *t, struct table_keys **out, struct error *err)
{
	struct mergetree *m = mergetree_of(t);
	pthread_mutex_lock(&m->mutex);
	enum status st = OK;
	if (m->keys == NULL || m->keys->def != t->def) {
		struct table_keys *fresh;
		st = table_keys_new(t->def, &fresh, err);
		if (st == OK) {
			table_keys_unref(m->keys);
			m->keys = fresh;
		}
	}
	*out = st == OK ? table_keys_ref(m->keys) : NULL;
	pthread_mutex_unlock(&m->mutex);
	return st;
}

/* A version number may come again with other columns, after an ALTER that was rolled back. */
static bool schema_fits(const struct delta_schema *s, const struct table_keys *k)
{
	bool same = s != NULL && s->schema_version == k->def->schema_version && s->columns.count == k->stored_count;
	for (uint32_t i = 0; same && i < k->stored_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[i]];
		same = str_eq(s->columns.columns[i].name, c->name) && type_equal(s->columns.columns[i].type, c->type);
	}
	return same;
}

enum status mergetree_delta_schema(const struct table *t, const struct table_keys *keys, struct delta_schema **out,
                                   struct error *err)
{
	struct mergetree *m = mergetree_of(t);
	pthread_mutex_lock(&m->mutex);
	if (!schema_fits(m->delta_schema, keys)) {
		struct part_column *columns = calloc(keys->stored_count + 1, sizeof *columns);
		delta_schema_unref(m->delta_schema);
		m->delta_schema = NULL;
		for (uint32_t i = 0; columns != NULL && i < keys->stored_count; i++) {
			const struct column_def *c = &keys->def->columns[keys->stored[i]];
			columns[i] = (struct part_column){.name = c->name, .type = c->type};
		}
		if (columns != NULL)
			m->delta_schema = delta_schema_new(keys->def->schema_version, columns, keys->stored_count);
		free(columns);
	}
	*out = m->delta_schema == NULL ? NULL : delta_schema_ref(m->delta_schema);
	pthread_mutex_unlock(&m->mutex);
	return *out == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
}

const struct part_set *mergetree_parts(struct table *t, struct txn *txn)
{
	return (const struct part_set *)txn_version(txn, t->def->slot);
}

static struct schema_names *names_of(const struct table_def *d)
{
	struct schema_column *columns = calloc(d->column_count + 1, sizeof *columns);
	if (columns == NULL)
		return NULL;
	for (uint32_t i = 0; i < d->column_count; i++)
		columns[i] = (struct schema_column){d->columns[i].number, d->columns[i].name};
	struct schema_names *names = schema_names_new(d->schema_version, columns, d->column_count);
	free(columns);
	return names;
}

void mergetree_uuid_text(const uint8_t uuid[16], char to[37])
{
	u128 v;
	memcpy(&v, uuid, 16);
	format_uuid(v, to);
	to[36] = '\0';
}

/* Parts of an instance in memory are files of this process, and go with it. */
static const char *data_path(struct txn *txn)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	const char *path = txn_manager_path(txn_manager_of(txn));
	if (path != NULL)
		return path;
	pthread_mutex_lock(&mutex);
	if (temporary_path[0] == '\0') {
		const char *tmp = getenv("TMPDIR");
		snprintf(temporary_path, sizeof temporary_path, "%s/hanzo-datastore-%d-%lld", tmp != NULL ? tmp : "/tmp",
		         (int)getpid(), (long long)clock_wall_us());
	}
	pthread_mutex_unlock(&mutex);
	return temporary_path;
}

enum status mergetree_place(struct table *t, struct txn *txn, struct table_place **out, struct error *err)
{
	struct mergetree *m = mergetree_of(t);
	const struct part_set *set = mergetree_parts(t, txn);
	pthread_mutex_lock(&m->mutex);
	if (set != NULL && m->place != set->place) {
		table_place_unref(m->place);
		m->place = table_place_ref(set->place);
	}
	if (m->place == NULL) {
		char id[37], dir[4096];
		mergetree_uuid_text(t->def->uuid, id);
		table_place_path(data_path(txn), str_of(id), dir, sizeof dir);
		m->place = table_place_new(dir);
	}
	*out = m->place == NULL ? NULL : table_place_ref(m->place);
	pthread_mutex_unlock(&m->mutex);
	return *out == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
}

enum status mergetree_change(struct table *t, struct txn *txn, struct part_change **out, struct error *err)
{
	struct table_place *place;
	TRY(mergetree_place(t, txn, &place, err));
	struct part_change *c = part_change_new(t->def->slot, place);
	struct schema_names *names = names_of(t->def);
	table_place_unref(place);
	if (c == NULL || names == NULL) {
		if (c != NULL)
			part_change_free(c);
		schema_names_unref(names);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	part_change_schema(c, names);
	*out = c;
	return OK;
}

/* ---- slots of the interface ---- */

static enum status check(struct table_def *def, struct arena *scratch, struct error *err)
{
	(void)scratch;
	struct table_keys *keys;
	TRY(table_keys_new(def, &keys, err));
	table_keys_unref(keys);
	return OK;
}

static enum status open_table(struct table *t, struct error *err)
{
	struct mergetree *m = calloc(1, sizeof *m);
	if (m == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	m->claims = insert_claims_new();
	if (m->claims == NULL) {
		free(m);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	pthread_mutex_init(&m->mutex, NULL);
	pthread_mutex_init(&m->merge_mutex, NULL);
	pthread_mutex_init(&m->flush_mutex, NULL);
	t->state = m;
	return OK;
}

static void close_table(struct table *t)
{
	struct mergetree *m = mergetree_of(t);
	if (m == NULL)
		return;
	table_keys_unref(m->keys);
	delta_schema_unref(m->delta_schema);
	insert_claims_unref(m->claims);
	table_place_unref(m->place);
	pthread_mutex_destroy(&m->mutex);
	pthread_mutex_destroy(&m->merge_mutex);
	pthread_mutex_destroy(&m->flush_mutex);
	free(m);
	t->state = NULL;
}

static enum status scan(struct table *t, struct txn *txn, const struct scan_request *r, struct scan **out,
                        struct error *err)
{
	struct table_keys *keys;
	TRY(mergetree_keys(t, &keys, err));
	const struct part_set *set = mergetree_parts(t, txn);
	enum status st = r->final && final_scan_needed(keys) ? final_scan_new(set, keys, block_cache, r, out, err)
	                                                     : table_scan_new(set, keys, block_cache, r, out, err);
	table_keys_unref(keys);
	return st;
}

static enum status find_keys(struct table *t, const struct version *v, const struct key_request *r, struct arena *a,
                             struct key_match **out, size_t *count, struct error *err)
{
	struct table_keys *keys;
	TRY(mergetree_keys(t, &keys, err));
	enum status st = key_lookup((const struct part_set *)v, keys, block_cache, r, a, out, count, err);
	table_keys_unref(keys);
	return st;
}

static enum status fetch_rows(struct table *t, const struct version *v, const struct scan_request *r,
                              const uint64_t *ids, uint32_t count, struct batch **out, struct error *err)
{
	struct table_keys *keys;
	struct arena a;
	TRY(mergetree_keys(t, &keys, err));
	arena_init(&a, r->track);
	uint32_t *stored = ARENA_ARRAY(&a, uint32_t, r->column_count + 1);
	for (uint32_t i = 0; i < r->column_count; i++)
		stored[i] = keys->stored_of[r->columns[i]];
	struct eval e = {.session = r->session, .track = r->track, .scratch = &a, .err = err, .cancelled = r->cancelled};
	const struct row_fetch f = {(const struct part_set *)v, keys, block_cache, &e, stored, r->column_count};
	enum status st = row_fetch(&f, ids, count, out, err);
	arena_fini(&a);
	table_keys_unref(keys);
	return st;
}

static bool row_count(struct table *t, struct txn *txn, uint64_t *rows)
{
	const struct part_set *s = mergetree_parts(t, txn);
	*rows = s == NULL ? 0 : s->rows;
	return true;
}

static enum status column_range(struct table *t, struct txn *txn, uint32_t column, struct eval *e, uint64_t range[2],
                                bool *known, struct error *err)
{
	struct table_keys *keys;
	TRY(mergetree_keys(t, &keys, err));
	enum status st = column_range_of(mergetree_parts(t, txn), keys, block_cache, e, column, range, known, err);
	table_keys_unref(keys);
	return st;
}

static enum status size(struct table *t, struct txn *txn, struct table_size *out, struct error *err)
{
	(void)err;
	const struct part_set *s = mergetree_parts(t, txn);
	*out = (struct table_size){0};
	if (s != NULL)
		*out = (struct table_size){s->rows, s->bytes_on_disk, s->bytes_plain, s->count};
	return OK;
}

/* The type of a column was looked at before: an enum may have more names now. */
static bool same_key(const struct expr *a, const struct expr *b)
{
	return a->kind == EXPR_COLUMN && b->kind == EXPR_COLUMN ? a->column == b->column : expr_equal(a, b);
}

/* Rows that exist stay sorted where the key grows by columns that are new with it, and so equal in all of them. */
static enum status check_new_keys(const struct table_def *before, const struct table_keys *old,
                                  const struct table_keys *new, struct error *err)
{
	const struct table_def *to = new->def;
	struct arena arena;
	arena_init(&arena, NULL);
	bool *used = ARENA_ARRAY(&arena, bool, to->column_count + 1);
	uint32_t *moved = ARENA_ARRAY(&arena, uint32_t, before->column_count + 1);
	enum status st = OK;
	for (uint32_t b = 0; b < before->column_count; b++)
		for (uint32_t c = 0; c < to->column_count; c++)
			if (before->columns[b].number == to->columns[c].number)
				moved[b] = c;
	for (uint32_t i = 0; st == OK && i < old->sort_count; i++)
		if (!same_key(expr_remap(&arena, old->sort[i], moved), new->sort[i]))
			st = ERR(err, E_BAD_ARGUMENTS, "the new sorting key must begin with the old one");
	for (uint32_t i = old->sort_count; st == OK && i < new->sort_count; i++) {
		memset(used, 0, to->column_count * sizeof *used);
		expr_columns(new->sort[i], used);
		for (uint32_t c = 0; st == OK && c < to->column_count; c++)
			for (uint32_t b = 0; st == OK && used[c] && b < before->column_count; b++)
				if (before->columns[b].number == to->columns[c].number)
					st = ERR(err, E_BAD_ARGUMENTS, "Existing column %.*s is used in the expression that was added to the sorting "
					         "key. You can add expressions that use only the newly added columns",
					         STR_ARG(to->columns[c].name));
	}
	arena_fini(&arena);
	return st;
}

/* An enum that gained names has the order it had; whether it only gained them was checked before. */
static bool same_key_type(const struct type *a, const struct type *b)
{
	bool enums = (a->id == TYPE_ENUM8 || a->id == TYPE_ENUM16) && a->id == b->id && a->nullable == b->nullable &&
		a->low_cardinality == b->low_cardinality;
	return enums || type_equal(a, b);
}

/* Parts keep the columns they were written with: what changed is told apart by number and type when they are read. */
static enum status alter(struct table *t, struct txn *txn, struct table_def *to, struct error *err)
{
	(void)txn;
	struct table_keys *old, *new;
	TRY(mergetree_keys(t, &old, err));
	enum status st = table_keys_new(to, &new, err);
	if (st == OK) {
		bool same = new->sort_count >= old->sort_count && new->partition_count == old->partition_count;
		for (uint32_t i = 0; same && i < old->sort_count; i++)
			same = same_key_type(old->sort_types[i], new->sort_types[i]);
		for (uint32_t i = 0; same && i < old->partition_count; i++)
			same = same_key_type(old->partition_types[i], new->partition_types[i]);
		if (!same)
			st = ERR(err, E_ALTER_OF_COLUMN_IS_FORBIDDEN, "the sorting and partition keys of parts that exist cannot change");
		else
			st = check_new_keys(t->def, old, new, err);
		table_keys_unref(new);
	}
	table_keys_unref(old);
	return st;
}

/* Rows in memory have nothing to be checked against. */
static enum status verify(struct table *t, struct txn *txn, const struct partition_command *c,
                          void (*each)(void *arg, struct str piece, const struct error *why), void *arg,
                          struct error *err)
{
	const struct part_set *set = mergetree_parts(t, txn);
	bool found = false;
	for (uint32_t i = 0; set != NULL && i < set->count; i++) {
		struct part *p = set->parts[i];
		struct error why;
		error_init(&why);
		if (c->part.size != 0 ? !str_eq(c->part, str_of(p->name_text))
		                      : c->partition_id.size != 0 && !str_eq(c->partition_id, p->name.partition))
			continue;
		found = true;
		enum status st = p->delta != NULL ? OK : part_verify(p, &why);
		if (st == E_CANNOT_ALLOCATE || st == E_MEMORY_LIMIT)
			return ERR(err, st, "%s", why.message);
		each(arg, str_of(p->name_text), st == OK ? NULL : &why);
	}
	if (c->part.size != 0 && !found)
		return ERR(err, E_NO_SUCH_DATA_PART, "No such data part '%.*s' to check", STR_ARG(c->part));
	return OK;
}

#define MERGETREE_FEATURES                                                                                        \
	(TABLE_APPLIES_PREWHERE | TABLE_SORTED | TABLE_PARTITIONED | TABLE_SAMPLE | TABLE_INSERT                      \
	 | TABLE_DURABLE | TABLE_TTL | TABLE_INDEXES | TABLE_SETTINGS | TABLE_ROW_IDS)

#define MERGETREE_OPS(name, final)                             \
	{                                                          \
		.engine = name,                                        \
		.features = MERGETREE_FEATURES | (final),              \
		.virtual_columns = table_virtual_columns,              \
		.virtual_column_count = VIRTUAL_COUNT,                 \
		.check = check,                                        \
		.open = open_table,                                    \
		.close = close_table,                                  \
		.scan = scan,                                          \
		.find_keys = find_keys,                                \
		.fetch_rows = fetch_rows,                              \
		.insert = mergetree_insert,                            \
		.truncate = mergetree_truncate,                        \
		.partition = mergetree_partition,                      \
		.background = mergetree_background,                    \
		.alter = alter,                                        \
		.verify = verify,                                      \
		.lock_rows = mergetree_lock_rows,                      \
		.lock_free_row = mergetree_lock_free_row,              \
		.delete_rows = mergetree_delete_rows,                  \
		.row_count = row_count,                                \
		.size = size,                                          \
		.column_range = column_range,                          \
	}

/* Rows in the order they came: parts without a key, which nobody sees. */
#define LOG_OPS(name)                                          \
	{                                                          \
		.engine = name,                                        \
		.features = TABLE_APPLIES_PREWHERE | TABLE_INSERT | TABLE_DURABLE, \
		.check = check,                                        \
		.open = open_table,                                    \
		.close = close_table,                                  \
		.scan = scan,                                          \
		.find_keys = find_keys,                                \
		.fetch_rows = fetch_rows,                              \
		.insert = mergetree_insert,                            \
		.virtual_columns = table_virtual_columns,              \
		.virtual_column_count = VIRTUAL_COUNT,                 \
		.truncate = mergetree_truncate,                        \
		.alter = alter,                                        \
		.verify = verify,                                      \
		.lock_rows = mergetree_lock_rows,                      \
		.lock_free_row = mergetree_lock_free_row,              \
		.delete_rows = mergetree_delete_rows,                  \
		.row_count = row_count,                                \
		.size = size,                                          \
		.column_range = column_range,                          \
	}

static const struct table_ops family[] = {
	MERGETREE_OPS("MergeTree", 0),
	MERGETREE_OPS("ReplacingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("SummingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("AggregatingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("CollapsingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("VersionedCollapsingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("ReplicatedMergeTree", 0),
	MERGETREE_OPS("ReplicatedReplacingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("ReplicatedSummingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("ReplicatedAggregatingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("ReplicatedCollapsingMergeTree", TABLE_FINAL),
	MERGETREE_OPS("ReplicatedVersionedCollapsingMergeTree", TABLE_FINAL),
	LOG_OPS("Log"),
	LOG_OPS("TinyLog"),
	LOG_OPS("StripeLog"),
};

bool mergetree_is(const struct table *t)
{
	return t->ops >= family && t->ops < family + ARRAY_COUNT(family);
}

/* Room for queries: what is cached can be read again. */
static void shrink_cache(uint64_t bytes)
{
	cache_shrink(block_cache, bytes);
}

void mergetree_register(void)
{
	struct error err;
	error_init(&err);
	part_set_register();
	for (size_t i = 0; i < ARRAY_COUNT(family); i++)
		table_engine_register(&family[i]);
	if (block_cache == NULL && cache_new(&block_cache, memory_available_bytes() / 4, &memtrack_server, &err) != OK)
		LOG(LOG_WARNING, "storage", "no block cache: %s", err.message);
	if (block_cache != NULL)
		memtrack_set_reserve(cache_track(block_cache), shrink_cache);
}

static enum status reconcile(void *arg, uint32_t slot, const struct version *v, struct error *err)
{
	(void)slot;
	return v->kind->id != PART_SET_KIND ? OK
		: part_set_reconcile((const struct part_set *)v, txn_manager_recovered_to(arg), err);
}

/* What another look will not mend; a disk that fails to read is no reason to give a part up. */
static bool is_damage(enum status st)
{
	return st == E_CORRUPTED_DATA || st == E_CHECKSUM_DOESNT_MATCH || st == E_FILE_DOES_NOT_EXIST
	       || st == E_CANNOT_DECOMPRESS || st == E_CANNOT_PARSE_TEXT;
}

/* A part that is damaged at a glance goes to detached/, and the others serve. */
static enum status set_aside_broken(void *manager, uint32_t slot, const struct version *v, struct error *err)
{
	const struct part_set *set = (const struct part_set *)v;
	struct part_change *c = NULL;
	enum status st = OK;
	for (uint32_t i = 0; v->kind->id == PART_SET_KIND && st == OK && i < set->count; i++) {
		struct part *p = set->parts[i];
		struct error why;
		error_init(&why);
		if (p->delta != NULL || !is_damage(part_check(p, &why)))
			continue;
		LOG(LOG_ERROR, "storage", "part %s of %s is broken and set aside as detached/broken-on-start_%s: %s", p->name_text,
		    set->place->dir, p->name_text, why.message);
		if (c == NULL && (c = part_change_new(slot, set->place)) == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		st = part_change_remove(c, p, PART_BROKEN, err);
	}
	if (c == NULL || st != OK) {
		if (c != NULL)
			part_change_free(c);
		return st;
	}
	struct txn *txn = txn_begin(manager, TXN_READ_COMMITTED);
	st = txn_add_change(txn, part_change_base(c), err);
	if (st == OK)
		return txn_commit(txn, err);
	txn_rollback(txn);
	return st;
}

/* The directory of all tables', whose name must be safe before any of them is. */
static enum status make_store(struct txn_manager *m, struct error *err)
{
	char path[4096];
	if (txn_manager_path(m) == NULL)
		return OK;
	snprintf(path, sizeof path, "%s/store", txn_manager_path(m));
	TRY(file_mkdirs(path, false, err));
	return file_sync_parent(path, err);
}

enum status mergetree_started(struct instance *i, bool background, struct error *err)
{
	int64_t limit = atomic_load(&memtrack_server.limit_bytes);
	if (block_cache != NULL && limit > 0 && (uint64_t)limit < memory_available_bytes()) /* as configured */
		cache_set_capacity(block_cache, (uint64_t)limit / 4);
	TRY(make_store(instance_txns(i), err));
	if (!txn_manager_recovered_to(instance_txns(i)))
		TRY(mergetree_remove_orphans(i, err));
	TRY(txn_each_slot(instance_txns(i), reconcile, instance_txns(i), err));
	TRY(txn_each_slot(instance_txns(i), set_aside_broken, instance_txns(i), err));
	return background ? mergetree_merges_start(i, err) : OK;
}

void mergetree_stopping(struct instance *i)
{
	mergetree_merges_stop();
	mergetree_flush_all(i);
	struct error err;
	error_init(&err);
	if (temporary_path[0] != '\0' && file_remove_tree(temporary_path, &err) != OK)
		LOG(LOG_WARNING, "storage", "%s", err.message);
	temporary_path[0] = '\0';
}
