// SPDX-License-Identifier: Apache-2.0
/*
 * windowFunnel and retention.
 *
 * windowFunnel keeps (time,
 	number of the condition) pairs and at the end looks for the longest prefix of the conditions
 * that came one after the other within the window of the first. The window is in seconds over Date and DateTime (as
 * ClickHouse), over DateTime64 too, where fractions of a second count, and in the argument's units over integers.
 */
#include <assert.h>

#include "func/aggregate_impl.h"

enum { EVENTS_MAX = 32 };

struct funnel_event {
	uint64_t time;
	uint8_t event;  /* 1 for the first condition; 0: none held (strict_order) */
};

struct funnel_rule {
	uint64_t window;   /* in units of the times */
	uint32_t width;    /* of a serialised time */
	uint8_t events;
	bool deduplicate, order, increase, once, allow_reentry;
};

struct funnel_state {
	struct agg_vec list;
	uint32_t sorted;   /* 1: in order */
};

static bool event_before(const struct funnel_event *a, const struct funnel_event *b)
{
	return a->time != b->time ? a->time < b->time : a->event < b->event;
}

#define SORT_NAME sort_events
#define SORT_TYPE struct funnel_event
#define SORT_LESS(a, b) event_before((a), (b))
#include "base/sort.h"

static void funnel_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_vec_free(&((struct funnel_state *)(void *)state)->list, track, sizeof(struct funnel_event));
}

static enum status push(struct eval *e, struct funnel_state *s, uint64_t time, uint8_t event)
{
	TRY(agg_vec_reserve(e, &s->list, 1, sizeof(struct funnel_event)));
	struct funnel_event *list = s->list.data, x = {time, event};
	if (s->list.count == 0)
		s->sorted = 1;
	else if (s->sorted && !event_before(&list[s->list.count - 1], &x))
		s->sorted = list[s->list.count - 1].time == time && list[s->list.count - 1].event == event;
	list[s->list.count++] = x;
	return OK;
}

/* Signed times keep their order as unsigned ones. */
static uint64_t time_at(const struct vector *v, uint32_t row)
{
	const void *d = v->data;
	switch (type_physical(v->type)) {
	case PHYS_U8: return ((const uint8_t *)d)[row];
	case PHYS_U16: return ((const uint16_t *)d)[row];
	case PHYS_U32: return ((const uint32_t *)d)[row];
	case PHYS_I32: return (uint64_t)((const int32_t *)d)[row] + ((uint64_t)1 << 63);
	case PHYS_I64: return (uint64_t)((const int64_t *)d)[row] + ((uint64_t)1 << 63);
	default: return ((const uint64_t *)d)[row];
	}
}

static inline bool holds(const struct vector *v, uint32_t row)
{
	return ((const uint8_t *)v->data)[row] != 0 && !(v->nulls != NULL && bit_get(v->nulls, row));
}

static enum status funnel_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct funnel_rule *r = a->data;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		struct funnel_state *t = (void *)(states == NULL ? state : states[i] + offset);
		bool any = false;
		uint64_t time = time_at(flat[0], row);
		/* the last condition first, so that one row that meets several does not go on from itself */
		for (uint8_t k = r->events; k > 0 && s == OK; k--)
			if (holds(flat[k], row)) {
				any = true;
				s = push(e, t, time, k);
			}
		if (!any && s == OK && r->order)
			s = push(e, t, time, 0);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status funnel_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : funnel_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status funnel_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return funnel_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status funnel_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct funnel_state *s = (void *)(states[i] + offset);
		const struct funnel_state *o = (const void *)(others[i] + other_offset);
		const struct funnel_event *list = o->list.data;
		for (uint32_t k = 0; k < o->list.count; k++)
			TRY(push(e, s, list[k].time, list[k].event));
	}
	return OK;
}

/* first: time of the chain's first event; last: of its latest one. */
struct chain {
	bool there;
	uint64_t first, last;
};

static uint8_t longest(const struct funnel_rule *r, const struct funnel_event *list, uint32_t count)
{
	struct chain chains[EVENTS_MAX + 1] = {{0}};
	bool first = false;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t time = list[i].time;
		if (r->order && list[i].event == 0) {
			if (first)
				break;
			continue;
		}
		uint8_t k = list[i].event;
		if (k == 1) {
			chains[1] = (struct chain){true, time, time};
			first = true;
		} else if (r->deduplicate && chains[k].there) {
			return (uint8_t)(k - 1);
		} else if (r->order && first && !chains[k - 1].there) {
			for (uint8_t n = 1; n <= r->events; n++)
				if (!chains[n].there)
					return (uint8_t)(n - 1);
		} else if (chains[k - 1].there) {
			const struct chain *before = &chains[k - 1];
			bool matched = time <= before->first + r->window;
			if (r->increase)
				matched = matched && before->last < time;
			if (matched) {
				chains[k] = (struct chain){true, before->first, time};
				if (k == r->events)
					return r->events;
			}
		}
	}
	for (uint8_t k = r->events; k > 0; k--)
		if (chains[k].there)
			return k;
	return 0;
}

static enum status funnel_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	const struct funnel_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct funnel_state *s = (void *)(states[i] + offset);
		if (!s->sorted && s->list.count > 1)
			sort_events(s->list.data, s->list.count);
		s->sorted = 1;
		uint8_t level = r->events == 1 ? 0 : longest(r, s->list.data, s->list.count);
		for (uint32_t k = 0; k < s->list.count && r->events == 1 && level == 0; k++)
			level = ((const struct funnel_event *)s->list.data)[k].event == 1;
		TRY(builder_fixed(to, &level, e->err));
	}
	return OK;
}

/* bool sorted | uint64 count | times (of the argument's width), uint8 event, in turn */
static enum status funnel_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct funnel_rule *r = a->data;
	const struct funnel_state *s = (const void *)state;
	const struct funnel_event *list = s->list.data;
	uint64_t flip = type_is_signed(a->arg_types[0]) ? (uint64_t)1 << 63 : 0;
	strbuf_putc(to, s->list.count == 0 || s->sorted);
	strbuf_put_le(to, s->list.count, 8);
	for (uint32_t i = 0; i < s->list.count; i++) {
		strbuf_put_le(to, list[i].time - flip, r->width);
		strbuf_putc(to, (char)list[i].event);
	}
	return OK;
}

static enum status funnel_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	const struct funnel_rule *r = a->data;
	struct funnel_state *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint64_t n, flip = type_is_signed(a->arg_types[0]) ? (uint64_t)1 << 63 : 0;
	(void)agg_get_u8(&at);
	agg_get(&at, &n, sizeof n);
	at.failed |= n > (uint64_t)(at.end - at.at);
	for (uint64_t i = 0; i < n && !at.failed; i++) {
		uint64_t time = 0;
		agg_get(&at, &time, r->width);
		if (flip != 0 && r->width == 4)
			time = (uint64_t)(int64_t)(int32_t)(uint32_t)time;
		uint8_t event = agg_get_u8(&at);
		at.failed |= event > r->events;
		if (!at.failed)
			TRY(push(e, s, time + flip, event));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops funnel_ops = {NULL, funnel_destroy, funnel_add, funnel_add_one, funnel_merge,
                                                funnel_finish, funnel_write, funnel_read};

static enum status funnel_modes(struct bind_env *env, struct aggregator *a, struct funnel_rule *r)
{
	for (uint32_t i = 1; i < a->param_count; i++) {
		struct str mode;
		if (!agg_param_str(a, i, &mode))
			return agg_bad_param(env, a, i, "the name of a mode");
		if (str_eq(mode, STR("strict_deduplication")) || str_eq(mode, STR("strict")))
			r->deduplicate = true;
		else if (str_eq(mode, STR("strict_order")))
			r->order = true;
		else if (str_eq(mode, STR("strict_increase")))
			r->increase = true;
		else
			return ERR(env->err, E_BAD_ARGUMENTS, "Aggregate function %s doesn't support a parameter: %.*s",
				a->aggregate->name, STR_ARG(mode));
	}
	return OK;
}

static enum status conditions(struct bind_env *env, struct aggregator *a, uint32_t from)
{
	for (uint32_t i = from; i < a->arg_count; i++) {
		const struct type *t = a->arg_types[i];
		if (type_physical(t) != PHYS_U8)
			return agg_bad_type(env, a, i);
	}
	return OK;
}

static enum status bind_funnel(struct bind_env *env, struct aggregator *a)
{
	struct funnel_rule *r = ARENA_NEW(env->arena, struct funnel_rule);
	TRY(agg_arg_count(env, a, 2, EVENTS_MAX + 1));
	TRY(agg_param_count(env, a, 1, 5));
	const struct type *t = a->arg_types[0];
	size_t width = physical_size(type_physical(t));
	bool number = type_is_integer(t) && !type_is_signed(t) && width <= 8;
	if (!number && t->id != TYPE_DATE && t->id != TYPE_DATE32 && t->id != TYPE_DATETIME && t->id != TYPE_DATETIME64)
		return agg_bad_type(env, a, 0);
	TRY(conditions(env, a, 1));
	if (!agg_param_u64(a, 0, &r->window))
		return agg_bad_param(env, a, 0, "the window, a number of seconds");
	TRY(funnel_modes(env, a, r));
	if (t->id == TYPE_DATETIME64) { /* HIP-0047: seconds, whatever the scale */
		uint64_t unit = pow10_u64(t->scale);
		r->window = r->window > UINT64_MAX / 4 / unit ? UINT64_MAX / 4 : r->window * unit;
	}
	r->width = (uint32_t)width;
	r->events = (uint8_t)(a->arg_count - 1);
	a->data = r;
	return agg_set(a, &funnel_ops, type_simple(TYPE_UINT8), sizeof(struct funnel_state));
}

/* ---- retention: a bit for each condition that ever held ---- */

static enum status retention_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		uint64_t *bits = (void *)(states == NULL ? state : states[i] + offset);
		for (uint32_t k = 0; k < a->arg_count; k++)
			*bits |= (uint64_t)holds(flat[k], row) << k;
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status retention_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : retention_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status retention_add_one(const struct aggregator *a, struct eval *e, char *state,
                                     const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return retention_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status retention_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		*(uint64_t *)(void *)(states[i] + offset) |= *(const uint64_t *)(void *)(others[i] + other_offset);
	return OK;
}

static enum status retention_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                    uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t bits = *(const uint64_t *)(void *)(states[i] + offset);
		for (uint32_t k = 0; k < a->arg_count; k++) {
			uint8_t v = (bits & 1) && (bits >> k & 1);
			TRY(builder_fixed(to->children[0], &v, e->err));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status retention_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	strbuf_put(to, state, 4);
	return OK;
}

static enum status retention_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                  size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	agg_get(&r, state, 4);
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops retention_ops = {NULL, NULL, retention_add, retention_add_one, retention_merge,
                                                   retention_finish, retention_write, retention_read};

static enum status bind_retention(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 2, EVENTS_MAX));
	TRY(agg_param_count(env, a, 0, 0));
	TRY(conditions(env, a, 0));
	return agg_set(a, &retention_ops, type_array(env->arena, type_simple(TYPE_UINT8)), sizeof(uint64_t));
}

static const struct aggregate rows[] = {
	{"windowFunnel", "", AGGREGATE_CH, bind_funnel,
		"How many conditions came one after the other within a window of seconds",
	 "SELECT windowFunnel(10)(toUInt32(number), number = 1, number = 2) FROM numbers(5)", "2", NULL},
	{"retention", "", AGGREGATE_CH, bind_retention, "Which conditions held beside the first",
	 "SELECT retention(number = 1, number = 9) FROM numbers(5)", "[1,0]", NULL},
};

AGGREGATE_FAMILY(events, "Chains of events");
