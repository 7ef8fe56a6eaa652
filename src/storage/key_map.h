// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_KEY_MAP_H
#define STORAGE_KEY_MAP_H
/*
 * Key map: from the hash of a key to the rows of one part that have it. Made when it is first worth it, never needed
 * for the truth: one that is missing, torn or of another part is made anew from the part's columns, so its file is
 * neither synced nor logged, and a merge makes that of its result where a source had one.
 *
 * Of a part on disk it is a file beside the parts, store/<uuid>/marks/<part>-<key>.keys, read in buckets through the
 * block cache. Of a delta it is in memory and grows with it.
 *
 *     file, version 1, little endian:
 *     [bucket 0] … [bucket 2^bits - 1]   by the hash's upper `bits` bits: {u32 the 32 bits below, u32 row} ascending
 *     [{u32 entries, u32 crc32c} per bucket]
 *     [footer: see struct key_map_footer; its crc32c is over the buckets' directory and itself]
 */
#include "func/eval.h"
#include "storage/key_hash.h"
#include "storage/part_set.h"
#include "storage/table_keys.h"

/* Which columns, by stored position. The id is of their numbers and types. */
struct key_columns {
	uint64_t id;
	uint32_t count;
	const uint32_t *stored;
};

/* What reads the part: it must be in `set`. */
struct key_map_env {
	const struct table_keys *keys;
	const struct part_set *set;
	struct cache *cache;
	struct eval *eval;
};

/* Hashes ascending. */
struct key_probe {
	const uint64_t *hashes;
	uint32_t count;
};

struct key_match_list {
	struct key_match *items;      /* catalog/table.h */
	size_t count, capacity;
	struct arena *arena;
	uint64_t row_base;            /* added to row numbers */
};

struct key_map;

/* Parts of fewer rows are read; tests lower it. */
extern uint64_t key_map_min_rows;

void key_columns_init(struct key_columns *c, const struct table_keys *keys, const uint32_t *stored, uint32_t count);
/* The part's map, made where it is not there. *out NULL: this part has none, and is to be read. */
enum status key_map_open(const struct key_map_env *env, struct part *p, const struct key_columns *c,
                         struct key_map **out, struct error *err) MUST_CHECK;
/* Whether it is worth opening for somebody who would read `rows` rows otherwise; counts them. */
bool key_map_is_worth(struct part *p, const struct key_columns *c, uint64_t rows);
/* Rows of the map that have one of the hashes and are not marked. E_CORRUPTED_DATA: the file was, and is removed. */
enum status key_map_find(struct key_map *m, const struct key_map_env *env, struct part *p,
                         const struct key_probe *probe, const struct row_set *marks, struct key_match_list *out,
                         struct error *err) MUST_CHECK;
/* Makes for `made` what maps its sources have; without success it is left to the first who asks. */
void key_map_carry(const struct key_map_env *env, struct part *made, const struct part *source);
enum status key_match_add(struct key_match_list *l, uint32_t at, uint64_t row, struct error *err) MUST_CHECK;

/* For part.c: with the last reference to the part; the files go with a part that is removed. */
void key_maps_free(struct key_map *m, bool remove_files);
/* For part_set.c: at start, removes what belongs to no part of the set. */
enum status key_maps_reconcile(const struct part_set *s, struct error *err) MUST_CHECK;

/* Rows [from, to) of the part, in blocks: fn gets hashes, bytes that are set for NULL keys, the first row. */
typedef enum status (*key_block_fn)(void *arg, const struct key_hash *hashes, const uint8_t *skip, uint32_t count,
                                    uint64_t first_row, struct error *err);
enum status key_read_rows(const struct key_map_env *env, struct part *p, const struct key_columns *c, uint64_t from,
                          uint64_t to, key_block_fn fn, void *arg, struct error *err) MUST_CHECK;

#endif
