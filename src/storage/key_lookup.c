// SPDX-License-Identifier: Apache-2.0
#include "storage/key_lookup.h"

#include "storage/key_map.h"
#include "storage/marks.h"
#include "storage/scan_ranges.h"

struct lookup {
	struct key_map_env env;
	struct key_columns columns;
	struct key_probe probe;
	struct arena *arena;
	uint32_t *first;               /* hashes by their upper bits: where those with more begin; made when a part is read */
	unsigned shift;
	const struct row_set *marks;   /* of the part at hand */
	struct key_match_list found;
};

/* Some four hashes for each value of the upper bits. */
static void make_directory(struct lookup *l)
{
	unsigned bits = 1;
	while (bits < 24 && l->probe.count >> bits > 4)
		bits++;
	uint32_t size = (uint32_t)1 << bits, at = 0;
	l->shift = 64 - bits;
	l->first = arena_raw(l->arena, (size + 1) * sizeof *l->first);
	for (uint32_t b = 0; b < size; b++) {
		while (at < l->probe.count && l->probe.hashes[at] >> l->shift < b)
			at++;
		l->first[b] = at;
	}
	l->first[size] = l->probe.count;
}

static enum status look_at_block(void *arg, const struct key_hash *hashes, const uint8_t *skip, uint32_t count,
                                 uint64_t first_row, struct error *err)
{
	struct lookup *l = arg;
	const uint64_t *wanted = l->probe.hashes;
	for (uint32_t r = 0; r < count; r++) {
		uint64_t h = hashes[r].low;
		uint32_t i = l->first[h >> l->shift], end = l->first[(h >> l->shift) + 1];
		while (i < end && wanted[i] < h)
			i++;
		if (i < end && wanted[i] == h && !skip[r] && !row_set_has(l->marks, first_row + r))
			TRY(key_match_add(&l->found, i, first_row + r, err));
	}
	return OK;
}

/* The ranges [from, to) are of one part. */
static enum status look_into_part(struct lookup *l, const struct granule_range *from, const struct granule_range *to,
                                  struct error *err)
{
	struct part *p = l->env.set->parts[from->part];
	const uint64_t *first_row = p->meta->first_row;
	uint64_t rows = 0;
	l->marks = l->env.set->marks[from->part];
	l->found.row_base = (uint64_t)from->part << ROW_ID_PART_SHIFT;
	for (const struct granule_range *g = from; g < to; g++)
		rows += first_row[g->to] - first_row[g->from];
	if (key_map_is_worth(p, &l->columns, rows)) {
		struct key_map *m;
		size_t before = l->found.count;
		TRY(key_map_open(&l->env, p, &l->columns, &m, err));
		enum status st = m == NULL ? E_CORRUPTED_DATA : key_map_find(m, &l->env, p, &l->probe, l->marks, &l->found, err);
		if (st != E_CORRUPTED_DATA)
			return st;
		error_clear(err); /* without the map, then */
		l->found.count = before;
	}
	if (l->first == NULL)
		make_directory(l);
	for (const struct granule_range *g = from; g < to; g++)
		TRY(key_read_rows(&l->env, p, &l->columns, first_row[g->from], first_row[g->to], look_at_block, l, err));
	return OK;
}

enum status key_lookup(const struct part_set *set, struct table_keys *keys, struct cache *cache,
                       const struct key_request *r, struct arena *a, struct key_match **out, size_t *count,
                       struct error *err)
{
	struct arena scratch;
	struct scan_ranges ranges;
	*out = NULL;
	*count = 0;
	if (set == NULL || set->count == 0 || r->count == 0)
		return OK;
	arena_init(&scratch, r->track);
	struct eval e = {.session = storage_session(keys->def->dialect), .track = r->track, .scratch = &scratch, .err = err,
	                 .cancelled = r->cancelled};
	struct lookup l = {.env = {keys, set, cache, &e}, .probe = {r->hashes, r->count}, .arena = a, .found = {.arena = a}};
	uint32_t *stored = ARENA_ARRAY(a, uint32_t, r->column_count + 1);
	for (uint32_t i = 0; i < r->column_count; i++)
		stored[i] = keys->stored_of[r->columns[i]];
	key_columns_init(&l.columns, keys, stored, r->column_count);
	struct scan_request scan = {.columns = r->columns, .column_count = r->column_count, .filters = r->filters,
	                            .filter_count = r->filter_count, .session = e.session, .track = r->track,
	                            .cancelled = r->cancelled};
	struct arena range_arena;
	arena_init(&range_arena, r->track);
	enum status st = scan_ranges_select(set, keys, cache, &scan, &range_arena, &ranges, err);
	for (size_t i = 0, end; st == OK && i < ranges.count; i = end) {
		for (end = i + 1; end < ranges.count && ranges.ranges[end].part == ranges.ranges[i].part;)
			end++;
		st = look_into_part(&l, &ranges.ranges[i], &ranges.ranges[end], err);
	}
	arena_fini(&range_arena);
	arena_fini(&scratch);
	*out = l.found.items;
	*count = l.found.count;
	return st;
}
