// SPDX-License-Identifier: Apache-2.0
/*
 * topK, topKWeighted, approx_top_k, approx_top_sum: the most frequent values by A. Metwally's Filtered Space-Saving.
 * Counters stand in order, the greatest first; a value without a counter only gets one when its share of a table of
 * hashes outgrows the least counter.
 *
 *     varuint n | value, varuint count, varuint error, in turn | varuint size of the table | a varuint a place
 */
#include "base/hash.h"
#include "func/agg_set_impl.h"

enum { TOP_MAX = 0xffffff, TOP_DEFAULT = 10, LOAD_DEFAULT = 3, PLACES_PER_COUNTER = 6 };

struct top_rule {
	struct agg_set_rule value;     /* how values are kept and written */
	uint64_t threshold, capacity;
	uint32_t places;
	bool weights, counts;
};

struct counter {
	struct agg_string value;
	uint64_t count, error, hash;
};

struct top_state {
	struct agg_vec list;           /* struct counter */
	uint64_t *places;
};

static void top_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct top_rule *r = a->data;
	struct top_state *s = (void *)state;
	struct counter *list = s->list.data;
	for (uint32_t i = 0; i < s->list.count; i++)
		agg_string_free(&list[i].value, track);
	agg_vec_free(&s->list, track, sizeof(struct counter));
	if (s->places != NULL)
		agg_free(track, s->places, r->places * sizeof(uint64_t));
	s->places = NULL;
}

static bool is_greater(const struct counter *a, const struct counter *b)
{
	return a->count > b->count || (a->count == b->count && a->error < b->error);
}

static void move_up(struct counter *list, uint32_t i)
{
	for (; i > 0 && is_greater(&list[i], &list[i - 1]); i--) {
		struct counter t = list[i];
		list[i] = list[i - 1];
		list[i - 1] = t;
	}
}

static enum status make_places(const struct top_rule *r, struct eval *e, struct top_state *s)
{
	void *p = NULL;
	if (s->places != NULL)
		return OK;
	TRY(agg_realloc(e, &p, 0, r->places * sizeof(uint64_t)));
	memset(p, 0, r->places * sizeof(uint64_t));
	s->places = p;
	return OK;
}

static enum status top_insert(const struct top_rule *r, struct eval *e, struct top_state *s, struct str value,
                              uint64_t count, uint64_t error)
{
	uint64_t hash = hash_bytes(value.data, value.size, 0);
	struct counter *list = s->list.data;
	for (uint32_t i = 0; i < s->list.count; i++)
		if (list[i].hash == hash && str_eq(str_make(agg_string_data(&list[i].value), list[i].value.size), value)) {
			list[i].count += count;
			list[i].error += error;
			move_up(list, i);
			return OK;
		}
	TRY(make_places(r, e, s));
	if (s->list.count == r->capacity) {
		struct counter *least = &list[s->list.count - 1];
		uint64_t *share = &s->places[hash & (r->places - 1)];
		if (*share + count < least->count) {
			*share += count;
			return OK;
		}
		s->places[least->hash & (r->places - 1)] = least->count;
		agg_string_free(&least->value, e->track);
		s->list.count--;
		count += *share;
		error += *share;
	}
	TRY(agg_vec_reserve(e, &s->list, 1, sizeof(struct counter)));
	list = s->list.data;
	struct counter *fresh = &list[s->list.count];
	*fresh = (struct counter){.count = count, .error = error, .hash = hash};
	TRY(agg_string_set(e, &fresh->value, value.data, value.size));
	move_up(list, s->list.count++);
	return OK;
}

static uint64_t weight_at(const struct vector *v, uint32_t row)
{
	uint64_t w = 0;
	memcpy(&w, (const char *)v->data + row * physical_size(type_physical(v->type)), physical_size(type_physical(v->type)));
	return w;
}

static enum status top_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct top_rule *r = a->data;
	const struct vector *flat[2];
	struct vector *owned[2];
	struct strbuf bytes;
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	strbuf_init(&bytes, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		uint64_t weight = r->weights ? weight_at(flat[1], row) : 1;
		strbuf_clear(&bytes);
		if (r->value.width != 0)
			strbuf_put(&bytes, (const char *)flat[0]->data + (size_t)row * r->value.width, r->value.width);
		else
			s = agg_blob_write(&bytes, flat[0], row, false, e->err);
		if (s == OK)
			s = strbuf_status(&bytes, e->err);
		if (s == OK)
			s = top_insert(r, e, (void *)state, strbuf_str(&bytes), weight, 0);
	}
	strbuf_fini(&bytes);
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status top_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct top_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct top_state *s = (void *)(states[i] + offset);
		const struct top_state *o = (const void *)(others[i] + other_offset);
		const struct counter *list = o->list.data;
		for (uint32_t k = 0; k < o->list.count; k++)
			TRY(top_insert(r, e, s, str_make(agg_string_data(&list[k].value), list[k].value.size), list[k].count,
			               list[k].error));
	}
	return OK;
}

static enum status top_append(const struct top_rule *r, const struct counter *c, struct builder *to, struct error *err)
{
	const char *data = agg_string_data(&c->value);
	return r->value.width != 0 ? builder_fixed(to, data, err)
		: agg_blob_read(to, str_make(data, c->value.size), false, err);
}

static enum status top_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to)
{
	const struct top_rule *r = a->data;
	struct builder *element = to->children[0];
	for (uint32_t i = 0; i < count; i++) {
		const struct top_state *s = (const void *)(states[i] + offset);
		const struct counter *list = s->list.data;
		for (uint32_t k = 0; k < s->list.count && k < r->threshold; k++) {
			TRY(top_append(r, &list[k], r->counts ? element->children[0] : element, e->err));
			if (!r->counts)
				continue;
			TRY(builder_fixed(element->children[1], &list[k].count, e->err));
			TRY(builder_fixed(element->children[2], &list[k].error, e->err));
			TRY(builder_end_tuple(element, e->err));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status top_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct top_rule *r = a->data;
	const struct top_state *s = (const void *)state;
	const struct counter *list = s->list.data;
	strbuf_put_varuint(to, s->list.count);
	for (uint32_t k = 0; k < s->list.count; k++) {
		if (r->value.width == 0)
			strbuf_put_varuint(to, list[k].value.size);
		strbuf_put(to, agg_string_data(&list[k].value), list[k].value.size);
		strbuf_put_varuint(to, list[k].count);
		strbuf_put_varuint(to, list[k].error);
	}
	strbuf_put_varuint(to, r->places);
	for (uint32_t k = 0; k < r->places; k++)
		strbuf_put_varuint(to, s->places == NULL ? 0 : s->places[k]);
	return OK;
}

static enum status top_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	const struct top_rule *r = a->data;
	struct top_state *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, 2);
	for (uint32_t k = 0; k < n && !at.failed; k++) {
		uint32_t size = r->value.width != 0 ? (uint32_t)r->value.width : agg_get_count(&at, 1);
		if ((size_t)(at.end - at.at) < size)
			at.failed = true;
		struct str value = {at.at, size};
		at.at += at.failed ? 0 : size;
		uint64_t count = agg_get_varuint(&at), error = agg_get_varuint(&at);
		if (!at.failed)
			TRY(top_insert(r, e, s, value, count, error));
	}
	uint32_t places = agg_get_count(&at, 1);
	TRY(make_places(r, e, s));
	for (uint32_t k = 0; k < places && !at.failed; k++) {
		uint64_t share = agg_get_varuint(&at);
		if (places == r->places)
			s->places[k] = share;
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops top_ops = {NULL, top_destroy, agg_add_runs, top_add_one, top_merge, top_finish,
                                             top_write, top_read};

static enum status top_params(struct bind_env *env, struct aggregator *a, struct top_rule *r, bool approx)
{
	uint64_t load = LOAD_DEFAULT;
	struct str mode;
	r->threshold = TOP_DEFAULT;
	r->counts = approx;
	TRY(agg_param_count(env, a, 0, approx ? 2 : 3));
	if (a->param_count > 0 && !agg_param_u64(a, 0, &r->threshold))
		return agg_bad_param(env, a, 0, "a positive number");
	if (r->threshold == 0 || r->threshold > TOP_MAX)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Parameter %llu is illegal for aggregate function '%s'",
		           (unsigned long long)r->threshold, a->aggregate->name);
	if (a->param_count > 1 && (!agg_param_u64(a, 1, &load) || load == 0))
		return agg_bad_param(env, a, 1, "a positive number");
	if (a->param_count > 2) {
		if (!agg_param_str(a, 2, &mode) || !str_eq_nocase(mode, STR("counts")))
			return agg_bad_param(env, a, 2, "'counts'");
		r->counts = true;
	}
	r->capacity = approx && a->param_count > 1 ? load : r->threshold * load;
	if (r->capacity > TOP_MAX || r->capacity < r->threshold)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Too large parameter(s) for aggregate function '%s' (it is %llu, "
		           "at most %d)", a->aggregate->name, (unsigned long long)r->capacity, TOP_MAX);
	return OK;
}

static enum status bind_top(struct bind_env *env, struct aggregator *a)
{
	struct top_rule *r = ARENA_NEW(env->arena, struct top_rule);
	struct str name = str_of(a->aggregate->name);
	bool approx = str_starts_with(name, STR("approx"));
	r->weights = str_eq(name, STR("topKWeighted")) || str_eq(name, STR("approx_top_sum"));
	TRY(agg_arg_count(env, a, 1 + r->weights, 1 + r->weights));
	TRY(top_params(env, a, r, approx));
	if (r->weights && (!type_is_integer(a->arg_types[1]) || physical_size(type_physical(a->arg_types[1])) > 8))
		return agg_bad_type(env, a, 1);
	const struct type *t = a->arg_types[0];
	if (type_physical(t) == PHYS_NONE)
		return agg_bad_type(env, a, 0);
	agg_set_rule_init(&r->value, &t, 1, false);
	for (r->places = 1; r->places <= r->capacity * PLACES_PER_COUNTER; r->places *= 2)
		;
	a->data = r;
	const struct type *element = t;
	if (r->counts) {
		const struct type *const parts[] = {t, type_simple(TYPE_UINT64), type_simple(TYPE_UINT64)};
		const struct str names[] = {STR("item"), STR("count"), STR("error")};
		element = type_tuple(env->arena, parts, names, 3);
	}
	return agg_set(a, &top_ops, type_array(env->arena, element), sizeof(struct top_state));
}

static const struct aggregate rows[] = {
	{"topK", "", AGGREGATE_CH, bind_top, "The most frequent values",
	 "SELECT topK(1)(number % 3) FROM numbers(10)", "[0]", NULL},
	{"topKWeighted", "", AGGREGATE_CH, bind_top, "The values of greatest weight",
	 "SELECT topKWeighted(1)(number, number) FROM numbers(5)", "[4]", NULL},
	{"approx_top_k", "approx_top_count", AGGREGATE_CH, bind_top, "The most frequent values with their counts and errors",
	 "SELECT approx_top_k(1)(number % 3) FROM numbers(10)", "[(0,4,0)]", NULL},
	{"approx_top_sum", "", AGGREGATE_CH, bind_top, "The values of greatest weight with their weights and errors",
	 "SELECT approx_top_sum(1)(number, number) FROM numbers(5)", "[(4,4,0)]", NULL},
};

AGGREGATE_FAMILY(topk, "Frequent values");
