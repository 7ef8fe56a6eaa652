// SPDX-License-Identifier: Apache-2.0
#include "storage/key_map.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/hash.h"
#include "base/log.h"
#include "base/sort.h"
#include "io/cache.h"
#include "io/file.h"
#include "storage/delta.h"
#include "storage/part_source.h"

enum { BUCKET_ROWS = 4096, BITS_MAX = 20, PASS_ROWS = 8 << 20, READ_ROWS = 8192 };
enum { WORTH_TIMES = 4 }; /* reading a part this often is as dear as making a map */

uint64_t key_map_min_rows = 32768;

struct key_map_footer {
	char magic[8];
	uint64_t columns;             /* key_columns.id */
	uint64_t rows, modified_us, bytes; /* of the part */
	uint64_t entries;
	uint32_t bits;
	uint32_t crc;                 /* the last */
};
_Static_assert(sizeof(struct key_map_footer) == 56, "the footer is on disk");

static const char magic[8] = {'H', 'K', 'E', 'Y', 'M', 'A', 'P', KEY_HASH_VERSION};

struct key_map {
	struct key_map *next;         /* the part's */
	struct key_columns columns;   /* with positions of its own */
	pthread_mutex_t mutex;        /* guards what follows; held while it is made */
	uint64_t read;                /* rows that were read for lack of a map */
	/* of a part on disk */
	bool ready, failed;
	char *path;
	struct file *file;
	unsigned bits;
	uint32_t *sums;
	uint64_t *starts;             /* of buckets, in entries; one more than there are */
	/* of a delta */
	uint64_t rows, room;
	struct buffer *hashes, *older; /* uint64_t, uint32_t per row: the row + 1 before it in its list; 0: it is the first */
	struct buffer *heads;         /* uint32_t: row + 1 */
	unsigned head_bits;
};

static enum status no_memory(struct error *err)
{
	return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
}

void key_columns_init(struct key_columns *c, const struct table_keys *keys, const uint32_t *stored, uint32_t count)
{
	struct arena a;
	arena_init(&a, NULL);
	*c = (struct key_columns){.count = count, .stored = stored, .id = KEY_HASH_VERSION};
	for (uint32_t i = 0; i < count; i++) {
		const struct column_def *d = &keys->def->columns[keys->stored[stored[i]]];
		struct str type = type_name(&a, d->type);
		c->id = cityhash64_pair(c->id, cityhash64_seeded(type.data, type.size, d->number));
	}
	arena_fini(&a);
}

enum status key_match_add(struct key_match_list *l, uint32_t at, uint64_t row, struct error *err)
{
	struct key_match m = {at, l->row_base + row};
	(void)err;
	ARENA_PUSH(l->arena, l->items, l->count, l->capacity, m);
	return OK;
}

/* ---- reading keys ---- */

static enum status read_blocks(const struct key_map_env *env, struct part_source *source, const struct key_columns *c,
                               uint64_t from, uint64_t to, key_block_fn fn, void *arg, struct error *err)
{
	struct arena a;
	enum status st = OK;
	arena_init(&a, env->eval->track);
	struct key_hash *hashes = arena_raw(&a, READ_ROWS * sizeof *hashes);
	uint8_t *skip = arena_raw(&a, READ_ROWS);
	struct vector **columns = ARENA_ARRAY(&a, struct vector *, c->count + 1);
	for (uint64_t row = from; st == OK && row < to;) {
		uint32_t n = to - row < READ_ROWS ? (uint32_t)(to - row) : READ_ROWS;
		if (env->eval->cancelled != NULL && atomic_load_explicit(env->eval->cancelled, memory_order_relaxed)) {
			st = ERR(err, E_CANCELLED, "Query was cancelled");
			break;
		}
		st = part_source_read(source, n, columns, err);
		if (st != OK)
			break;
		key_hash_rows(columns, c->count, n, hashes, skip);
		for (uint32_t i = 0; i < c->count; i++)
			vector_unref(columns[i]);
		st = fn(arg, hashes, skip, n, row, err);
		row += n;
	}
	arena_fini(&a);
	return st;
}

enum status key_read_rows(const struct key_map_env *env, struct part *p, const struct key_columns *c, uint64_t from,
                          uint64_t to, key_block_fn fn, void *arg, struct error *err)
{
	struct part_source *source;
	struct part_meta *m;
	if (from >= to)
		return OK;
	TRY(part_load(p, env->eval->session, &m, err));
	TRY(part_source_new(env->keys, env->set, p, c->stored, c->count, env->cache, env->eval, &source, err));
	uint32_t granule = part_meta_granule(m, from);
	enum status st = part_source_seek(source, granule, m->granules, err);
	if (st == OK && m->first_row[granule] != from)
		st = part_source_skip(source, from - m->first_row[granule], err);
	if (st == OK)
		st = read_blocks(env, source, c, from, to, fn, arg, err);
	part_source_free(source);
	return st;
}

/* ---- the maps of a part ---- */

static struct key_map *map_new(const struct key_columns *c)
{
	struct key_map *m = calloc(1, sizeof *m + c->count * sizeof *c->stored);
	if (m == NULL)
		return NULL;
	uint32_t *stored = (uint32_t *)(m + 1);
	memcpy(stored, c->stored, c->count * sizeof *stored);
	m->columns = (struct key_columns){c->id, c->count, stored};
	pthread_mutex_init(&m->mutex, NULL);
	return m;
}

/* NULL: no memory. */
static struct key_map *map_of(struct part *p, const struct key_columns *c)
{
	struct part_identity *i = p->identity;
	pthread_mutex_lock(&i->mutex);
	struct key_map *m = i->maps;
	while (m != NULL && m->columns.id != c->id)
		m = m->next;
	if (m == NULL && (m = map_new(c)) != NULL) {
		m->next = i->maps;
		i->maps = m;
	}
	pthread_mutex_unlock(&i->mutex);
	return m;
}

static void close_file(struct key_map *m)
{
	file_drop(m->file);
	free(m->sums);
	free(m->starts);
	m->file = NULL;
	m->sums = NULL;
	m->starts = NULL;
	m->ready = false;
}

void key_maps_free(struct key_map *m, bool remove_files)
{
	while (m != NULL) {
		struct key_map *next = m->next;
		struct error err;
		error_init(&err);
		close_file(m);
		if (remove_files && m->path != NULL)
			(void)!file_unlink(m->path, &err); /* it may never have come to be */
		buffer_unref(m->hashes);
		buffer_unref(m->older);
		buffer_unref(m->heads);
		pthread_mutex_destroy(&m->mutex);
		free(m->path);
		free(m);
		m = next;
	}
}

static bool may_have_file(const struct part *p)
{
	return p->rows < UINT32_MAX && p->rows >= key_map_min_rows;
}

bool key_map_is_worth(struct part *p, const struct key_columns *c, uint64_t rows)
{
	/* one of the own transaction's has no lasting name or rows yet */
	if (rows < key_map_min_rows / 32 || p->rows >= UINT32_MAX || p->csn == TXN_CSN_PRIVATE)
		return false;
	if (p->delta != NULL)
		return true;
	struct key_map *m = may_have_file(p) ? map_of(p, c) : NULL;
	if (m == NULL)
		return false;
	pthread_mutex_lock(&m->mutex);
	if (!m->ready)
		m->read += rows;
	bool worth = !m->failed && (m->ready || rows >= p->rows / 2 || m->read >= WORTH_TIMES * p->rows);
	pthread_mutex_unlock(&m->mutex);
	return worth;
}

/* ---- making a file ---- */

struct making {
	unsigned bits;
	uint32_t *counts;             /* per bucket */
	uint64_t first, end;          /* buckets of this pass */
	uint64_t *places;             /* where the next entry of a bucket goes */
	struct key_index32 *entries, *other;
};

static uint64_t bucket_of(unsigned bits, uint64_t hash)
{
	return bits == 0 ? 0 : hash >> (64 - bits);
}

static uint32_t rest_of(unsigned bits, uint64_t hash)
{
	return (uint32_t)(hash << bits >> 32);
}

static enum status count_block(void *arg, const struct key_hash *hashes, const uint8_t *skip, uint32_t count,
                               uint64_t first_row, struct error *err)
{
	struct making *k = arg;
	(void)first_row, (void)err;
	for (uint32_t r = 0; r < count; r++)
		k->counts[bucket_of(k->bits, hashes[r].low)] += !skip[r];
	return OK;
}

static enum status place_block(void *arg, const struct key_hash *hashes, const uint8_t *skip, uint32_t count,
                               uint64_t first_row, struct error *err)
{
	struct making *k = arg;
	(void)err;
	for (uint32_t r = 0; r < count; r++) {
		uint64_t b = bucket_of(k->bits, hashes[r].low);
		if (!skip[r] && b >= k->first && b < k->end)
			k->entries[k->places[b]++] = (struct key_index32){rest_of(k->bits, hashes[r].low), (uint32_t)(first_row + r)};
	}
	return OK;
}

/* As many buckets as fit into one pass over the part. */
static uint64_t choose_pass(struct making *k, uint64_t buckets)
{
	uint64_t rows = 0;
	for (k->end = k->first; k->end < buckets; k->end++) {
		if (k->end != k->first && rows + k->counts[k->end] > PASS_ROWS)
			break;
		k->places[k->end] = rows;
		rows += k->counts[k->end];
	}
	return rows;
}

static enum status write_pass(struct making *k, struct file *f, uint32_t *sums, struct error *err)
{
	uint64_t at = 0;
	for (uint64_t b = k->first; b < k->end; b++) {
		struct key_index32 *sorted = radix_sort_u32(k->entries + at, k->other, k->counts[b]);
		if (sorted != k->entries + at && k->counts[b] != 0)
			memcpy(k->entries + at, sorted, k->counts[b] * sizeof *sorted);
		sums[b] = crc32c(0, k->entries + at, k->counts[b] * sizeof *sorted);
		at += k->counts[b];
	}
	return at == 0 ? OK : file_append(f, k->entries, at * sizeof *k->entries, err);
}

static enum status write_end(const struct key_map *m, const struct part *p, const struct making *k, struct file *f,
                             const uint32_t *sums, struct error *err)
{
	uint64_t buckets = (uint64_t)1 << k->bits;
	struct key_map_footer foot = {.columns = m->columns.id, .rows = p->rows, .modified_us = (uint64_t)p->modified_us,
	                              .bytes = p->bytes_on_disk, .bits = k->bits};
	struct strbuf b;
	memcpy(foot.magic, magic, sizeof magic);
	strbuf_init(&b, NULL);
	for (uint64_t i = 0; i < buckets; i++) {
		strbuf_put_le(&b, k->counts[i], 4);
		strbuf_put_le(&b, sums[i], 4);
		foot.entries += k->counts[i];
	}
	strbuf_put(&b, &foot, offsetof(struct key_map_footer, crc));
	strbuf_put_le(&b, crc32c(0, b.data, b.size), 4);
	enum status st = b.failed ? no_memory(err) : file_append(f, b.data, b.size, err);
	strbuf_fini(&b);
	return st;
}

static enum status write_file(struct key_map *m, const struct key_map_env *env, struct part *p, struct making *k,
                              struct file *f, struct error *err)
{
	uint64_t buckets = (uint64_t)1 << k->bits, most = 0, rows = 0;
	struct buffer *entries = NULL, *other = NULL;
	uint32_t *sums = calloc(buckets, sizeof *sums);
	enum status st = sums == NULL ? no_memory(err) : OK;
	for (uint64_t i = 0; i < buckets; i++) {
		most = k->counts[i] > most ? k->counts[i] : most;
		rows += k->counts[i];
	}
	if (most < PASS_ROWS)
		rows = rows < PASS_ROWS ? rows : PASS_ROWS;
	else
		rows = most;
	if (st == OK)
		st = buffer_new(env->eval->track, (rows + 1) * sizeof *k->entries, &entries, err);
	if (st == OK)
		st = buffer_new(env->eval->track, (most + 1) * sizeof *k->other, &other, err);
	for (k->first = 0; st == OK && k->first < buckets; k->first = k->end) {
		k->entries = (struct key_index32 *)entries->data;
		k->other = (struct key_index32 *)other->data;
		if (choose_pass(k, buckets) != 0)
			st = key_read_rows(env, p, &m->columns, 0, p->rows, place_block, k, err);
		if (st == OK)
			st = write_pass(k, f, sums, err);
	}
	if (st == OK)
		st = write_end(m, p, k, f, sums, err);
	buffer_unref(entries);
	buffer_unref(other);
	free(sums);
	return st;
}

static enum status make_file(struct key_map *m, const struct key_map_env *env, struct part *p, struct error *err)
{
	struct making k = {0};
	char temporary[4200], dir[4096];
	struct file *f = NULL;
	while (p->rows >> k.bits > BUCKET_ROWS && k.bits < BITS_MAX)
		k.bits++;
	uint64_t buckets = (uint64_t)1 << k.bits;
	k.counts = calloc(buckets, sizeof *k.counts);
	k.places = calloc(buckets, sizeof *k.places);
	enum status st = k.counts == NULL || k.places == NULL ? no_memory(err) : OK;
	if (st == OK)
		st = key_read_rows(env, p, &m->columns, 0, p->rows, count_block, &k, err);
	snprintf(dir, sizeof dir, "%s/marks", p->table_dir);
	snprintf(temporary, sizeof temporary, "%s.tmp", m->path);
	if (st == OK && !file_is_directory(dir))
		st = file_mkdirs(dir, false, err);
	if (st == OK && file_exists(temporary))
		st = file_unlink(temporary, err);
	if (st == OK)
		st = file_open(&f, temporary, FILE_NEW, err);
	if (st == OK)
		st = write_file(m, env, p, &k, f, err);
	if (f != NULL && st == OK)
		st = file_close(f, err);
	else
		file_drop(f);
	if (st == OK)
		st = file_rename(temporary, m->path, err);
	free(k.counts);
	free(k.places);
	return st;
}

/* ---- opening one ---- */

static enum status read_directory(struct key_map *m, const struct key_map_footer *foot, uint64_t size,
                                  struct error *err)
{
	uint64_t buckets = (uint64_t)1 << foot->bits, bytes = buckets * 8;
	uint64_t at = foot->entries * sizeof(struct key_index32);
	if (at + bytes + sizeof *foot != size)
		return ERR(err, E_CORRUPTED_DATA, "'%s' has a wrong size", m->path);
	uint32_t *pairs = malloc(bytes + sizeof *foot);
	m->sums = calloc(buckets, sizeof *m->sums);
	m->starts = calloc(buckets + 1, sizeof *m->starts);
	enum status st = pairs == NULL || m->sums == NULL || m->starts == NULL ? no_memory(err) : OK;
	if (st == OK)
		st = file_read_full(m->file, pairs, bytes, at, err);
	if (st == OK) {
		uint32_t crc = crc32c(crc32c(0, pairs, bytes), foot, offsetof(struct key_map_footer, crc));
		if (crc != foot->crc)
			st = ERR(err, E_CORRUPTED_DATA, "'%s' is damaged", m->path);
	}
	for (uint64_t b = 0; st == OK && b < buckets; b++) {
		m->starts[b + 1] = m->starts[b] + pairs[2 * b];
		m->sums[b] = pairs[2 * b + 1];
	}
	if (st == OK && m->starts[buckets] != foot->entries)
		st = ERR(err, E_CORRUPTED_DATA, "'%s' is damaged", m->path);
	free(pairs);
	m->bits = foot->bits;
	return st;
}

static enum status open_file(struct key_map *m, const struct part *p, struct error *err)
{
	struct key_map_footer foot;
	uint64_t size = 0;
	TRY(file_open(&m->file, m->path, FILE_READ, err));
	enum status st = file_size(m->file, &size, err);
	if (st == OK && size < sizeof foot)
		st = ERR(err, E_CORRUPTED_DATA, "'%s' is too short", m->path);
	if (st == OK)
		st = file_read_full(m->file, &foot, sizeof foot, size - sizeof foot, err);
	bool fits = st == OK && memcmp(foot.magic, magic, sizeof magic) == 0 && foot.columns == m->columns.id
	            && foot.rows == p->rows && foot.modified_us == (uint64_t)p->modified_us && foot.bytes == p->bytes_on_disk
	            && foot.bits <= BITS_MAX && foot.entries <= p->rows;
	if (st == OK && !fits)
		st = ERR(err, E_CORRUPTED_DATA, "'%s' is of another part", m->path);
	if (st == OK)
		st = read_directory(m, &foot, size, err);
	if (st != OK)
		close_file(m);
	m->ready = st == OK;
	return st;
}

/* What is no reason to do without a map for good. */
static bool is_passing(enum status st)
{
	return st == E_CANCELLED || st == E_CANNOT_ALLOCATE || st == E_MEMORY_LIMIT || st == E_TIMEOUT;
}

static enum status open_disk(struct key_map *m, const struct key_map_env *env, struct part *p, struct error *err)
{
	struct error first;
	error_init(&first);
	if (m->ready || m->failed)
		return OK;
	if (m->path == NULL) {
		size_t size = strlen(p->table_dir) + strlen(p->name_text) + 64;
		m->path = malloc(size);
		if (m->path == NULL)
			return no_memory(err);
		snprintf(m->path, size, "%s/marks/%s-%016llx.keys", p->table_dir, p->name_text, (unsigned long long)m->columns.id);
	}
	if (file_exists(m->path) && open_file(m, p, &first) == OK)
		return OK;
	error_clear(&first);
	enum status st = make_file(m, env, p, &first);
	if (st == OK)
		st = open_file(m, p, &first);
	if (st == OK)
		return OK;
	if (is_passing(st))
		return ERR(err, st, "%s", first.message);
	/* a disk that is full: the part is read instead */
	LOG(LOG_WARNING, "storage", "no map of keys for part %s: %s", p->name_text, first.message);
	m->failed = true;
	return OK;
}

/* ---- a delta's ---- */

static enum status add_block(void *arg, const struct key_hash *hashes, const uint8_t *skip, uint32_t count,
                             uint64_t first_row, struct error *err)
{
	struct key_map *m = arg;
	uint64_t *kept = (uint64_t *)m->hashes->data;
	uint32_t *older = (uint32_t *)m->older->data, *heads = (uint32_t *)m->heads->data;
	(void)err;
	for (uint32_t r = 0; r < count; r++) {
		uint64_t row = first_row + r;
		uint32_t *head = &heads[hashes[r].low >> (64 - m->head_bits)];
		kept[row] = hashes[r].low;
		older[row] = skip[r] ? 0 : *head;
		if (!skip[r])
			*head = (uint32_t)row + 1;
	}
	m->rows = first_row + count;
	return OK;
}

static enum status grow(struct key_map *m, uint64_t rows, struct error *err)
{
	uint64_t room = m->room == 0 ? 8192 : m->room;
	while (room < rows)
		room *= 2;
	if (room == m->room)
		return OK;
	struct buffer *heads;
	unsigned bits = 1;
	while ((uint64_t)1 << bits < room)
		bits++;
	TRY(buffer_reserve(&m->hashes, &delta_track, room * sizeof(uint64_t), m->rows * sizeof(uint64_t), err));
	TRY(buffer_reserve(&m->older, &delta_track, room * sizeof(uint32_t), m->rows * sizeof(uint32_t), err));
	TRY(buffer_new(&delta_track, ((uint64_t)1 << bits) * sizeof(uint32_t), &heads, err));
	memset(heads->data, 0, ((uint64_t)1 << bits) * sizeof(uint32_t));
	buffer_unref(m->heads);
	m->heads = heads;
	m->head_bits = bits;
	m->room = room;
	/* rows with a NULL come into the lists, too, where nobody asks for their hash but by chance */
	const uint64_t *kept = (const uint64_t *)m->hashes->data;
	uint32_t *older = (uint32_t *)m->older->data, *lists = (uint32_t *)heads->data;
	for (uint64_t r = 0; r < m->rows; r++) {
		uint32_t *head = &lists[kept[r] >> (64 - bits)];
		older[r] = *head;
		*head = (uint32_t)r + 1;
	}
	return OK;
}

static enum status open_delta(struct key_map *m, const struct key_map_env *env, struct part *p, struct error *err)
{
	if (m->rows >= p->rows)
		return OK;
	TRY(grow(m, p->rows, err));
	return key_read_rows(env, p, &m->columns, m->rows, p->rows, add_block, m, err);
}

enum status key_map_open(const struct key_map_env *env, struct part *p, const struct key_columns *c,
                         struct key_map **out, struct error *err)
{
	struct key_map *m = map_of(p, c);
	*out = NULL;
	if (m == NULL)
		return no_memory(err);
	pthread_mutex_lock(&m->mutex);
	enum status st = p->delta != NULL ? open_delta(m, env, p, err) : open_disk(m, env, p, err);
	if (st == OK && !m->failed)
		*out = m;
	pthread_mutex_unlock(&m->mutex);
	return st;
}

/* ---- finding ---- */

static enum status find_in_delta(struct key_map *m, const struct part *p, const struct key_probe *probe,
                                 const struct row_set *marks, struct key_match_list *out, struct error *err)
{
	const uint64_t *kept = (const uint64_t *)m->hashes->data;
	const uint32_t *older = (const uint32_t *)m->older->data, *heads = (const uint32_t *)m->heads->data;
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < probe->count; i++)
		/* the newest first: those before it are deleted */
		for (uint32_t r = heads[probe->hashes[i] >> (64 - m->head_bits)]; r != 0; r = older[r - 1])
			if (kept[r - 1] == probe->hashes[i] && r <= p->rows && !row_set_has(marks, r - 1)) {
				st = key_match_add(out, i, r - 1, err);
				break;
			}
	return st;
}

static enum status read_bucket(const struct key_map *m, struct cache *cache, struct memtrack *track, uint64_t b,
                               struct frame_block *out, struct error *err)
{
	uint64_t count = m->starts[b + 1] - m->starts[b], offset = m->starts[b] * sizeof(struct key_index32);
	*out = (struct frame_block){.size = count * sizeof(struct key_index32), .offset = offset};
	out->frame_size = out->size;
	if (count == 0 || (cache != NULL && cache_get(cache, file_id(m->file), offset, out)))
		return OK;
	TRY(buffer_new(cache != NULL ? cache_track(cache) : track, out->size, &out->buffer, err));
	enum status st = file_read_full(m->file, out->buffer->data, out->size, offset, err);
	if (st == OK && crc32c(0, out->buffer->data, out->size) != m->sums[b])
		st = ERR(err, E_CORRUPTED_DATA, "'%s' is damaged at offset %llu", m->path, (unsigned long long)offset);
	if (st != OK) {
		buffer_unref(out->buffer);
		return st;
	}
	if (cache != NULL)
		cache_put(cache, file_id(m->file), out);
	return OK;
}

static uint64_t lower_bound(const struct key_index32 *e, uint64_t from, uint64_t n, uint32_t key)
{
	uint64_t high = n;
	while (from < high) {
		uint64_t middle = from + (high - from) / 2;
		if (e[middle].key < key)
			from = middle + 1;
		else
			high = middle;
	}
	return from;
}

/* Hashes [from, to) of the probe are of this bucket. */
static enum status find_in_bucket(const struct key_map *m, const struct key_index32 *e, uint64_t n,
                                  const struct key_probe *probe, uint32_t from, uint32_t to,
                                  const struct row_set *marks, struct key_match_list *out, struct error *err)
{
	uint64_t at = 0;
	bool walk = (uint64_t)(to - from) * 16 >= n;
	for (uint32_t i = from; i < to; i++) {
		uint32_t key = rest_of(m->bits, probe->hashes[i]);
		while (walk && at < n && e[at].key < key)
			at++;
		if (!walk)
			at = lower_bound(e, at, n, key);
		for (uint64_t k = at; k < n && e[k].key == key; k++)
			if (!row_set_has(marks, e[k].index))
				TRY(key_match_add(out, i, e[k].index, err));
	}
	return OK;
}

static enum status find_on_disk(struct key_map *m, const struct key_map_env *env, const struct key_probe *probe,
                                const struct row_set *marks, struct key_match_list *out, struct error *err)
{
	for (uint32_t from = 0; from < probe->count;) {
		uint64_t b = bucket_of(m->bits, probe->hashes[from]);
		struct frame_block block;
		uint32_t to = from + 1;
		while (to < probe->count && bucket_of(m->bits, probe->hashes[to]) == b)
			to++;
		TRY(read_bucket(m, env->cache, env->eval->track, b, &block, err));
		uint64_t n = block.size / sizeof(struct key_index32);
		enum status st = n == 0 ? OK : find_in_bucket(m, (const struct key_index32 *)block.buffer->data, n, probe, from, to,
		                                              marks, out, err);
		if (n != 0)
			buffer_unref(block.buffer);
		TRY(st);
		from = to;
	}
	return OK;
}

enum status key_map_find(struct key_map *m, const struct key_map_env *env, struct part *p,
                         const struct key_probe *probe, const struct row_set *marks, struct key_match_list *out,
                         struct error *err)
{
	if (p->delta == NULL) {
		/* what a map that is ready says does not change; a damaged one is removed for the next start */
		enum status st = find_on_disk(m, env, probe, marks, out, err);
		pthread_mutex_lock(&m->mutex);
		m->failed |= st == E_CORRUPTED_DATA;
		pthread_mutex_unlock(&m->mutex);
		if (st == E_CORRUPTED_DATA)
			(void)!file_unlink(m->path, NULL);
		return st;
	}
	pthread_mutex_lock(&m->mutex);
	enum status st = find_in_delta(m, p, probe, marks, out, err);
	pthread_mutex_unlock(&m->mutex);
	return st;
}

/* ---- beside parts ---- */

void key_map_carry(const struct key_map_env *env, struct part *made, const struct part *source)
{
	struct part_identity *i = source->identity;
	if (!may_have_file(made))
		return;
	pthread_mutex_lock(&i->mutex);
	struct key_map *m = i->maps;
	pthread_mutex_unlock(&i->mutex);
	for (; m != NULL; m = m->next) { /* lists only grow at their head */
		struct key_map *of_made;
		struct error err;
		error_init(&err);
		pthread_mutex_lock(&m->mutex);
		bool used = m->ready || m->rows != 0;
		pthread_mutex_unlock(&m->mutex);
		if (used && key_map_open(env, made, &m->columns, &of_made, &err) != OK)
			return;
	}
}

enum status key_maps_reconcile(const struct part_set *s, struct error *err)
{
	char dir[4096], path[8192];
	struct arena a;
	struct file_entry *entries = NULL;
	size_t n = 0;
	snprintf(dir, sizeof dir, "%s/marks", s->place->dir);
	if (!file_is_directory(dir))
		return OK;
	arena_init(&a, NULL);
	enum status st = file_list(dir, &a, &entries, &n, err);
	for (size_t i = 0; st == OK && i < n; i++) {
		const char *dash = strrchr(entries[i].name, '-'), *dot = strrchr(entries[i].name, '.');
		bool wanted = dash != NULL && dot != NULL && strcmp(dot, ".keys") == 0
		              && part_set_find(s, str_make(entries[i].name, (size_t)(dash - entries[i].name))) != NULL;
		if (wanted)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, entries[i].name);
		st = file_unlink(path, err);
	}
	arena_fini(&a);
	return st;
}
