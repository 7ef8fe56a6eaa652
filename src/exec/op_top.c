// SPDX-License-Identifier: Apache-2.0
#include "exec/op_top.h"

#include <assert.h>
#include "base/sort.h"

enum { ROOM_MIN = 256 };

#define SORT_NAME sort_u64
#define SORT_TYPE uint64_t
#define SORT_LESS(a, b) (*(a) < *(b))
#include "base/sort.h"

static uint32_t top_room(const struct top *t)
{
	return t->limit * 2 < ROOM_MIN ? ROOM_MIN : t->limit * 2;
}

void top_init(struct top *t, struct arena *a, const struct plan_order *order, uint64_t limit, bool alone,
              bool pg)
{
	assert(limit != 0 && limit <= TOP_LIMIT_MAX);
	sort_order_init(&t->order, a, order, 1, pg);
	t->limit = (uint32_t)limit;
	t->drops_ties = alone && sort_order_is_exact(&t->order) && t->order.bits <= 64;
}

void top_worker_init(struct top_worker *w, const struct top *t, struct arena *a)
{
	w->keys = ARENA_ARRAY(a, uint64_t, top_room(t));
	w->count = 0;
	w->bound = UINT64_MAX;
	w->bounded = false;
}

/* Only the upper half of a sort key is looked at: where it ties the row stays, unless it is all of the key. */
uint32_t top_pick(const struct top *t, struct top_worker *w, struct vector *column, uint32_t count,
                  struct sort_item *items, uint32_t *picks)
{
	uint32_t n = 0, room = top_room(t);
	sort_order_keys(&t->order, &column, count, 0, items);
	for (uint32_t i = 0; i < count; i++) {
		if (items[i].high > w->bound || (items[i].high == w->bound && w->bounded && t->drops_ties))
			continue;
		picks[n++] = i;
		w->keys[w->count++] = items[i].high;
		if (w->count == room) {
			sort_u64(w->keys, room);
			w->count = t->limit;
			w->bound = w->keys[t->limit - 1];
			w->bounded = true;
		}
	}
	return n;
}
