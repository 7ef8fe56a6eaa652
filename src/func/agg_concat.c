// SPDX-License-Identifier: Apache-2.0
/*
 * groupConcat(separator, limit) and string_agg: texts one after the other. With a limit the place of each text is kept
 * beside, so that a merge can take some of them.
 */
#include <assert.h>

#include "func/agg_array_impl.h"

struct concat_rule {
	struct str separator;
	uint64_t limit;
	bool per_row;         /* the separator is the second argument, of each row its own */
};

struct concat_state {
	struct agg_list text; /* its count: of texts */
	struct agg_vec places; /* with a limit: begin and end of each, uint64_t */
};

static void concat_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct concat_state *s = (void *)state;
	agg_list_free(&s->text, track);
	agg_vec_free(&s->places, track, sizeof(uint64_t));
}

static enum status concat_put(const struct concat_rule *r, struct eval *e, struct concat_state *s, struct str separator,
                              struct str text)
{
	struct agg_list *l = &s->text;
	size_t extra = l->count != 0 ? separator.size : 0;
	if (l->size + extra + text.size > STRING_SIZE_MAX)
		return ERR(e->err, E_STRING_TOO_LONG, "a concatenation is longer than %u bytes", (unsigned)STRING_SIZE_MAX);
	TRY(agg_list_reserve(e, l, extra + text.size + 1));
	memcpy(l->data + l->size, separator.data, extra);
	if (text.size != 0)
		memcpy(l->data + l->size + extra, text.data, text.size);
	l->size += extra + text.size;
	l->count++;
	if (r->limit == UINT64_MAX)
		return OK;
	TRY(agg_vec_reserve(e, &s->places, 2, sizeof(uint64_t)));
	uint64_t *p = (uint64_t *)s->places.data + s->places.count;
	p[0] = l->size - text.size;
	p[1] = l->size;
	s->places.count += 2;
	return OK;
}

static enum status concat_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct concat_rule *r = a->data;
	struct concat_state *t = (void *)state;
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK && t->text.count < r->limit; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		const struct vector *at;
		struct str separator = r->separator;
		if (r->per_row) {
			uint32_t k = vector_index(args[1], row, &at);
			bool null = at->nulls != NULL && bit_get(at->nulls, k);
			separator = null ? STR("") : strview_str((const struct strview *)at->data + k);
			if (vector_is_null(args[0], row))
				continue;
		}
		uint32_t k = vector_index(args[0], row, &at);
		if (at->type->id == TYPE_STRING) {
			s = concat_put(r, e, t, separator, strview_str((const struct strview *)at->data + k));
			continue;
		}
		strbuf_clear(&b);
		value_write(&b, args[0], row, VALUE_RAW, e->session->text != NULL ? e->session->text : &value_options_default);
		s = strbuf_status(&b, e->err);
		if (s == OK)
			s = concat_put(r, e, t, separator, strbuf_str(&b));
	}
	strbuf_fini(&b);
	return s;
}

static enum status concat_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	const struct concat_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct concat_state *s = (void *)(states[i] + offset);
		const struct concat_state *o = (const void *)(others[i] + other_offset);
		uint32_t had = s->text.count;
		if (o->text.count == 0)
			continue;
		if (r->limit == UINT64_MAX) {
			TRY(concat_put(r, e, s, r->separator, str_make(o->text.data, o->text.size)));
			s->text.count = had + o->text.count;
			continue;
		}
		const uint64_t *p = o->places.data;
		for (uint32_t k = 0; k < o->text.count && s->text.count < r->limit; k++)
			TRY(concat_put(r, e, s, r->separator, str_make(o->text.data + p[2 * k], p[2 * k + 1] - p[2 * k])));
	}
	return OK;
}

static enum status concat_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct concat_state *s = (const void *)(states[i] + offset);
		if (s->text.count == 0 && to->type->nullable)
			TRY(builder_null(to, e->err));
		else
			TRY(builder_string(to, s->text.data, s->text.size, e->err));
	}
	return OK;
}

static enum status concat_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct concat_rule *r = a->data;
	const struct concat_state *s = (const void *)state;
	const uint64_t *p = s->places.data;
	strbuf_put_varuint(to, s->text.size);
	strbuf_put(to, s->text.data, s->text.size);
	if (r->limit == UINT64_MAX && !r->per_row)
		return OK;
	strbuf_put_varuint(to, s->text.count);
	for (uint32_t i = 0; i < s->places.count; i++)
		strbuf_put_varuint(to, p[i]);
	return OK;
}

static enum status concat_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	const struct concat_rule *r = a->data;
	struct concat_state *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, 1);
	TRY(agg_list_reserve(e, &s->text, (size_t)n + 1));
	memcpy(s->text.data, at.at, n);
	s->text.size = n;
	at.at += n;
	s->text.count = n != 0;
	if (r->limit != UINT64_MAX || r->per_row)
		s->text.count = agg_get_count(&at, r->limit != UINT64_MAX);
	if (r->limit != UINT64_MAX && !at.failed) {
		TRY(agg_vec_reserve(e, &s->places, 2 * s->text.count, sizeof(uint64_t)));
		for (uint32_t i = 0; i < 2 * s->text.count; i++) {
			uint64_t p = agg_get_varuint(&at);
			at.failed |= p > n || (i > 0 && p < ((uint64_t *)s->places.data)[i - 1]);
			((uint64_t *)s->places.data)[s->places.count++] = at.failed ? n : p;
		}
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops concat_ops = {NULL, concat_destroy, agg_add_runs, concat_add_one, concat_merge,
                                                concat_finish, concat_write, concat_read};

static enum status bind_concat(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 2));
	TRY(agg_param_count(env, a, 0, 2));
	struct concat_rule *r = ARENA_NEW(env->arena, struct concat_rule);
	r->limit = UINT64_MAX;
	r->separator = STR("");
	if (a->param_count > 0 && !agg_param_str(a, 0, &r->separator))
		return agg_bad_param(env, a, 0, "a string");
	if (a->param_count > 1 && (!agg_param_u64(a, 1, &r->limit) || r->limit == 0))
		return agg_bad_param(env, a, 1, "a positive number");
	r->per_row = a->arg_count == 2;
	if (r->per_row)
		a->arg_types[1] = type_simple(TYPE_STRING);
	a->data = r;
	return agg_set(a, &concat_ops, type_simple(TYPE_STRING), sizeof(struct concat_state));
}

/* NULL over no texts; NULL texts are left out, NULL separators are empty ones. */
static enum status bind_string_agg(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 2, 2));
	struct concat_rule *r = ARENA_NEW(env->arena, struct concat_rule);
	const struct type *text = type_simple(TYPE_STRING);
	for (uint32_t i = 0; i < 2; i++) {
		const struct type *t = a->arg_types[i];
		if (!type_is_string(t) && t->id != TYPE_NOTHING)
			return agg_bad_type(env, a, i);
		a->arg_types[i] = t->nullable || t->id == TYPE_NOTHING ? type_nullable(env->arena, text) : text;
	}
	r->limit = UINT64_MAX;
	r->separator = STR("");
	r->per_row = true;
	a->data = r;
	return agg_set(a, &concat_ops, type_nullable(env->arena, text), sizeof(struct concat_state));
}

static const struct aggregate rows[] = {
	{"groupConcat", "~group_concat ~listagg", AGGREGATE_CH | AGGREGATE_ORDERED, bind_concat,
	 "Values as text, one after the other; groupConcat(separator, limit)",
	 	"SELECT groupConcat(',')(number) FROM numbers(3)",
	 "0,1,2", NULL},
	{"string_agg", "", AGGREGATE_PG | AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_string_agg,
	 "Texts with separators between them", "SELECT string_agg(x, ',') FROM (VALUES ('a'), ('b')) AS t(x)", "a,b", NULL},
};

AGGREGATE_FAMILY(concat, "Texts of groups");
