// SPDX-License-Identifier: Apache-2.0
#include "exec/profile.h"

#include <stdlib.h>

#include "base/clock.h"
#include "exec/run_impl.h"

void profile_init(struct profile *p)
{
	*p = (struct profile){0};
	pthread_mutex_init(&p->lock, NULL);
}

void profile_fini(struct profile *p)
{
	pthread_mutex_destroy(&p->lock);
	free(p->nodes);
}

static struct profile_node *slot_of(struct profile_node *nodes, size_t capacity, const struct plan *plan)
{
	size_t i = ((uintptr_t)plan >> 4) * 0x9e3779b97f4a7c15u >> 20 & (capacity - 1);
	while (nodes[i].plan != NULL && nodes[i].plan != plan)
		i = (i + 1) & (capacity - 1);
	return &nodes[i];
}

static bool grow(struct profile *p)
{
	size_t capacity = p->capacity == 0 ? 64 : 2 * p->capacity;
	struct profile_node *nodes = calloc(capacity, sizeof *nodes);
	if (nodes == NULL)
		return false;
	for (size_t i = 0; i < p->capacity; i++)
		if (p->nodes[i].plan != NULL)
			*slot_of(nodes, capacity, p->nodes[i].plan) = p->nodes[i];
	free(p->nodes);
	p->nodes = nodes;
	p->capacity = capacity;
	return true;
}

static struct profile_node *node_of(struct profile *p, const struct plan *plan)
{
	if (2 * p->count >= p->capacity && !grow(p)) {
		p->no_memory = true;
		return NULL;
	}
	struct profile_node *n = slot_of(p->nodes, p->capacity, plan);
	p->count += n->plan == NULL;
	n->plan = plan;
	return n;
}

const struct profile_node *profile_of(const struct profile *p, const struct plan *plan)
{
	if (p == NULL || p->capacity == 0)
		return NULL;
	const struct profile_node *n = slot_of(p->nodes, p->capacity, plan);
	return n->plan == NULL ? NULL : n;
}

void profile_add_run(struct profile *p, const struct query_run *r)
{
	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < r->operator_count; i++) {
		const struct operator *o = r->operators[i];
		struct profile_node *n = o->plan == NULL ? NULL : node_of(p, o->plan);
		if (n == NULL)
			continue;
		bool again = false; /* one node may be several operators: the two sides of a join */
		for (size_t k = 0; k < i && !again; k++)
			again = r->operators[k]->plan == o->plan;
		n->loops += !again;
		n->rows += atomic_load(&o->rows_out);
		uint32_t threads = (uint32_t)__builtin_popcountll(atomic_load(&o->worked));
		n->busy_ns += threads == 0 ? 0 : atomic_load(&o->busy_ns) / threads;
	}
	for (size_t i = 0; i < r->scan_plan_count; i++) {
		struct profile_node *n = i < r->scan_count ? node_of(p, r->scan_plans[i]) : NULL;
		if (n != NULL) {
			n->read_rows += atomic_load(&r->scans[i]->stats.rows);
			n->read_bytes += atomic_load(&r->scans[i]->stats.bytes);
			n->parts += atomic_load(&r->scans[i]->stats.parts);
			n->granules += atomic_load(&r->scans[i]->stats.granules);
			n->granules_total += atomic_load(&r->scans[i]->stats.granules_total);
		}
	}
	pthread_mutex_unlock(&p->lock);
}

/* ---- time and rows ---- */

struct timed {
	int64_t start, outer_ns;
	struct operator *outer;
};

static struct timed begin(struct worker *w, struct operator *o)
{
	struct timed t = {clock_mono_ns(), w->inner_ns, w->inside};
	w->inner_ns = 0;
	w->inside = o;
	return t;
}

static void end(struct worker *w, struct operator *o, struct timed t)
{
	int64_t all = clock_mono_ns() - t.start;
	atomic_fetch_add_explicit(&o->busy_ns, all - w->inner_ns, memory_order_relaxed);
	atomic_fetch_or_explicit(&o->worked, (uint64_t)1 << w->number, memory_order_relaxed);
	w->inner_ns = t.outer_ns + all;
	w->inside = t.outer;
}

enum status operator_push_timed(struct operator *o, struct worker *w, struct batch *b)
{
	if (w->inside != NULL)
		atomic_fetch_add_explicit(&w->inside->rows_out, b->count, memory_order_relaxed);
	struct timed t = begin(w, o);
	enum status s = o->ops->push(o, w, b);
	end(w, o, t);
	return s;
}

enum status operator_next(struct operator *o, struct worker *w, struct batch **out)
{
	if (likely(w->query->profile == NULL))
		return o->ops->next(o, w, out);
	struct timed t = begin(w, o);
	enum status s = o->ops->next(o, w, out);
	end(w, o, t);
	if (s == OK && *out != NULL)
		atomic_fetch_add_explicit(&o->rows_out, (*out)->count, memory_order_relaxed);
	return s;
}

static enum status call(enum status (*fn)(struct operator *o, struct worker *w), struct operator *o, struct worker *w)
{
	if (fn == NULL)
		return OK;
	if (likely(w->query->profile == NULL))
		return fn(o, w);
	struct timed t = begin(w, o);
	enum status s = fn(o, w);
	end(w, o, t);
	return s;
}

enum status operator_drain(struct operator *o, struct worker *w)
{
	return call(o->ops->drain, o, w);
}

enum status operator_finish(struct operator *o, struct worker *w)
{
	return call(o->ops->finish, o, w);
}
