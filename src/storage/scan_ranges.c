// SPDX-License-Identifier: Apache-2.0
#include "storage/scan_ranges.h"

#include <assert.h>

static void add_range(struct scan_ranges *s, struct arena *a, uint32_t part, uint32_t from, uint32_t to)
{
	struct granule_range g = {part, from, to};
	ARENA_PUSH(a, s->ranges, s->count, s->capacity, g);
}

enum status scan_ranges_select(const struct part_set *set, const struct table_keys *k, struct cache *cache,
                               const struct scan_request *r, struct arena *a, struct scan_ranges *out,
                               	struct error *err)
{
	(void)cache;
	*out = (struct scan_ranges){.set = set};
	for (uint32_t i = 0; i < set->count; i++) {
		struct part *p = set->parts[i];
		struct part_meta *m;
		TRY(part_load(p, storage_session(k->def->dialect), &m, err));
		out->granules_total += m->granules;
		if (m->granules == 0)
			continue;
		add_range(out, a, i, 0, m->granules);
		out->parts++;
		out->granules += m->granules;
		out->rows += m->rows;
	}
	(void)r;
	return OK;
}

void scan_ranges_cut(const struct scan_ranges *r, uint64_t morsel_rows, struct arena *a, struct morsel **out,
                     uint32_t *count)
{
	size_t capacity = 0, n = 0;
	*out = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct granule_range *g = &r->ranges[i];
		const struct part_meta *m = r->set->parts[g->part]->meta;
		assert(m != NULL);
		for (uint32_t at = g->from; at < g->to;) {
			uint32_t end = at + 1;
			while (end < g->to && m->first_row[end + 1] - m->first_row[at] <= morsel_rows)
				end++;
			struct morsel x = {g->part, at, end, m->first_row[at], m->first_row[end]};
			ARENA_PUSH(a, *out, n, capacity, x);
			at = end;
		}
	}
	*count = (uint32_t)n;
}
