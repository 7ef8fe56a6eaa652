// SPDX-License-Identifier: Apache-2.0
/*
 * sequenceMatch and sequenceCount: whether, or how often, a pattern of events occurs: (?N) an event that meets
 * condition N, . any event, .* any number of them, (?t op N) the time in between.
 *
 *     uint8 sorted | uint64 count | time (of the argument's width), uint64 conditions, in turn
 */
#include <stdlib.h>

#include "func/aggregate_impl.h"

enum { CONDITIONS_MAX = 32, ITERATIONS_MAX = 1000000 };

enum action_kind { ACTION_EVENT, ACTION_ANY, ACTION_STAR, ACTION_TIME };
enum time_test { TIME_LESS, TIME_LESS_EQUAL, TIME_GREATER, TIME_GREATER_EQUAL, TIME_EQUAL };
struct action {
	uint8_t kind, test;
	uint64_t extra;            /* condition, from 0; units of time */
};

struct sequence_rule {
	struct action *actions;
	uint32_t n;
	uint32_t width;            /* of a time */
	bool counts;
};

struct moment {
	uint64_t time, conditions;
};

struct sequence_state {
	struct agg_vec list;       /* struct moment */
	bool sorted;
};

static void sequence_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_vec_free(&((struct sequence_state *)(void *)state)->list, track, sizeof(struct moment));
}

static enum status push(struct eval *e, struct sequence_state *s, struct moment m)
{
	TRY(agg_vec_reserve(e, &s->list, 1, sizeof m));
	((struct moment *)s->list.data)[s->list.count++] = m;
	s->sorted = false;
	return OK;
}

static enum status sequence_add_one(const struct aggregator *a, struct eval *e, char *state,
                                    const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct sequence_rule *r = a->data;
	const struct vector *flat[CONDITIONS_MAX + 1];
	struct vector *owned[CONDITIONS_MAX + 1];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		struct moment m = {0, 0};
		for (uint32_t k = 1; k < a->arg_count; k++)
			m.conditions |= (uint64_t)(((const uint8_t *)flat[k]->data)[row] != 0) << (k - 1);
		memcpy(&m.time, (const char *)flat[0]->data + (size_t)row * r->width, r->width);
		if (m.conditions != 0)
			s = push(e, (void *)state, m);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status sequence_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct sequence_state *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->list.count; k++)
			TRY(push(e, (void *)(states[i] + offset), ((const struct moment *)o->list.data)[k]));
	}
	return OK;
}

static int compare_moments(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->conditions > y->conditions) - (x->conditions < y->conditions);
}

/* Where a choice was made: the event and action, and the event that times are measured from. */
struct choice {
	uint32_t action, event, base;
};

/* Goes on from an earlier choice with the event behind it. */
static bool back(struct agg_vec *choices, uint32_t *action, uint32_t *event, uint32_t *base)
{
	if (choices->count == 0)
		return false;
	const struct choice *c = &((const struct choice *)choices->data)[--choices->count];
	*action = c->action;
	*event = c->event + 1;
	*base = c->base;
	return true;
}

static bool time_holds(const struct action *x, uint64_t time, uint64_t base)
{
	uint64_t limit = base + x->extra;
	switch (x->test) {
	case TIME_LESS: return time < limit;
	case TIME_LESS_EQUAL: return time <= limit;
	case TIME_GREATER: return time > limit;
	case TIME_GREATER_EQUAL: return time >= limit;
	default: return time == limit;
	}
}

/* Looks for the pattern from *at on; *at is then behind what matched. */
static enum status match(const struct sequence_rule *r, struct eval *e, const struct moment *list, uint32_t n,
                         struct agg_vec *choices, uint32_t *at, bool *found)
{
	uint32_t action = 0, event = *at, base = *at;
	choices->count = 0;
	*found = false;
	for (uint32_t i = 0; action < r->n && event < n; i++) {
		const struct action *x = &r->actions[action];
		if (i == ITERATIONS_MAX)
			return ERR(e->err, E_TOO_SLOW, "Pattern application proves too difficult, exceeding max iterations (%d)",
			           ITERATIONS_MAX);
		if (x->kind == ACTION_EVENT && !(list[event].conditions >> x->extra & 1)) {
			if (!back(choices, &action, &event, &base))
				break;
			continue;
		}
		if (x->kind == ACTION_EVENT || x->kind == ACTION_ANY) {
			base = event++;
			action++;
			continue;
		}
		if (x->kind == ACTION_TIME && !time_holds(x, list[event].time, list[base].time)) {
			bool later = x->test == TIME_GREATER || x->test == TIME_GREATER_EQUAL ||
				(x->test == TIME_EQUAL && list[event].time < list[base].time + x->extra);
			if (later && ++event < n)
				continue;
			if (!back(choices, &action, &event, &base))
				break;
			continue;
		}
		TRY(agg_vec_reserve(e, choices, 1, sizeof(struct choice)));
		((struct choice *)choices->data)[choices->count++] = (struct choice){action, event, base};
		base = event;
		action++;
	}
	while (action < r->n && r->actions[action].kind == ACTION_STAR)
		action++;
	*at = event;
	*found = action == r->n;
	return OK;
}

static enum status sequence_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   uint32_t count, struct builder *to)
{
	const struct sequence_rule *r = a->data;
	struct agg_vec choices = {0};
	enum status status = OK;
	for (uint32_t i = 0; i < count && status == OK; i++) {
		struct sequence_state *s = (void *)(states[i] + offset);
		uint32_t at = 0;
		uint64_t times = 0;
		bool found = true;
		if (!s->sorted && s->list.count > 1)
			qsort(s->list.data, s->list.count, sizeof(struct moment), compare_moments);
		s->sorted = true;
		while (found && at < s->list.count && status == OK && (r->counts || times == 0)) {
			status = match(r, e, s->list.data, s->list.count, &choices, &at, &found);
			times += found;
		}
		uint8_t any = times != 0;
		if (status == OK)
			status = builder_fixed(to, r->counts ? (const void *)&times : &any, e->err);
	}
	agg_vec_free(&choices, e->track, sizeof(struct choice));
	return status;
}

static enum status sequence_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct sequence_rule *r = a->data;
	const struct sequence_state *s = (const void *)state;
	strbuf_putc(to, s->sorted);
	strbuf_put_le(to, s->list.count, 8);
	for (uint32_t i = 0; i < s->list.count; i++) {
		strbuf_put_le(to, ((const struct moment *)s->list.data)[i].time, r->width);
		strbuf_put_le(to, ((const struct moment *)s->list.data)[i].conditions, 8);
	}
	return OK;
}

static enum status sequence_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                 size_t *consumed)
{
	const struct sequence_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint64_t n;
	(void)agg_get_u8(&at);
	agg_get(&at, &n, sizeof n);
	at.failed |= n > (uint64_t)(at.end - at.at);
	for (uint64_t i = 0; i < n && !at.failed; i++) {
		struct moment m = {0, 0};
		agg_get(&at, &m.time, r->width);
		agg_get(&at, &m.conditions, sizeof m.conditions);
		if (!at.failed)
			TRY(push(e, (void *)state, m));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops sequence_ops = {NULL, sequence_destroy, agg_add_runs, sequence_add_one,
                                                  sequence_merge, sequence_finish, sequence_write, sequence_read};

/* ---- the pattern ---- */

static bool take(struct str *p, struct str what)
{
	if (!str_starts_with(*p, what))
		return false;
	p->data += what.size;
	p->size -= what.size;
	return true;
}

static bool take_number(struct str *p, uint64_t *out)
{
	size_t n = 0;
	while (n < p->size && p->data[n] >= '0' && p->data[n] <= '9')
		n++;
	if (n == 0 || n > 18 || !str_to_u64(str_make(p->data, n), out))
		return false;
	p->data += n;
	p->size -= n;
	return true;
}

static bool parse_action(struct str *p, struct action *x)
{
	static const struct {
		struct str sign;
		enum time_test test;
	} signs[] = {{{"<=", 2}, TIME_LESS_EQUAL}, {{"<", 1}, TIME_LESS}, {{">=", 2}, TIME_GREATER_EQUAL},
		{{">", 1}, TIME_GREATER}, {{"==", 2}, TIME_EQUAL}};
	if (take(p, STR(".*"))) {
		x->kind = ACTION_STAR;
		return true;
	}
	if (take(p, STR("."))) {
		x->kind = ACTION_ANY;
		return true;
	}
	if (!take(p, STR("(?")))
		return false;
	if (take(p, STR("t"))) {
		size_t k = 0;
		while (k < ARRAY_COUNT(signs) && !take(p, signs[k].sign))
			k++;
		if (k == ARRAY_COUNT(signs))
			return false;
		x->kind = ACTION_TIME;
		x->test = signs[k].test;
	} else {
		x->kind = ACTION_EVENT;
	}
	return take_number(p, &x->extra) && take(p, STR(")"));
}

static enum status parse_pattern(struct bind_env *env, const struct aggregator *a, struct str text,
                                 struct sequence_rule *r)
{
	struct str p = text;
	r->actions = ARENA_ARRAY(env->arena, struct action, text.size + 1);
	r->actions[r->n++] = (struct action){.kind = ACTION_STAR};
	while (p.size != 0) {
		struct action *x = &r->actions[r->n++];
		*x = (struct action){0};
		if (!parse_action(&p, x))
			return ERR(env->err, E_SYNTAX, "Malformed pattern '%.*s' in aggregate function %s", STR_ARG(text),
			           a->aggregate->name);
		if (x->kind != ACTION_EVENT)
			continue;
		if (x->extra == 0 || x->extra > a->arg_count - 1)
			return ERR(env->err, E_BAD_ARGUMENTS, "Event number %llu is out of range", (unsigned long long)x->extra);
		x->extra--;
	}
	return OK;
}

static enum status bind_sequence(struct bind_env *env, struct aggregator *a)
{
	struct sequence_rule *r = ARENA_NEW(env->arena, struct sequence_rule);
	struct str pattern;
	TRY(agg_arg_count(env, a, 3, CONDITIONS_MAX + 1));
	TRY(agg_param_count(env, a, 1, 1));
	const struct type *t = a->arg_types[0];
	bool number = type_is_integer(t) && !type_is_signed(t) && physical_size(type_physical(t)) <= 8;
	if (!number && t->id != TYPE_DATE && t->id != TYPE_DATETIME)
		return agg_bad_type(env, a, 0);
	for (uint32_t i = 1; i < a->arg_count; i++)
		if (type_physical(a->arg_types[i]) != PHYS_U8)
			return agg_bad_type(env, a, i);
	if (!agg_param_str(a, 0, &pattern))
		return agg_bad_param(env, a, 0, "a pattern");
	TRY(parse_pattern(env, a, pattern, r));
	r->width = (uint32_t)physical_size(type_physical(t));
	r->counts = strcmp(a->aggregate->name, "sequenceCount") == 0;
	a->data = r;
	return agg_set(a, &sequence_ops, type_simple(r->counts ? TYPE_UINT64 : TYPE_UINT8), sizeof(struct sequence_state));
}

static const struct aggregate rows[] = {
	{"sequenceMatch", "", AGGREGATE_CH, bind_sequence, "Whether a pattern of events occurs",
	 "SELECT sequenceMatch('(?1)(?2)')(toUInt32(number), number = 1, number = 2) FROM numbers(3)", "1", NULL},
	{"sequenceCount", "", AGGREGATE_CH, bind_sequence, "How often a pattern of events occurs",
	 "SELECT sequenceCount('(?1)(?2)')(toUInt32(number), number % 2 = 0, number % 2 = 1) FROM numbers(6)", "3", NULL},
};

AGGREGATE_FAMILY(sequence, "Patterns of events");
