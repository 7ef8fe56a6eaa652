// SPDX-License-Identifier: Apache-2.0
/*
 * The null rule: a wrapper that leaves out rows with a NULL in any argument and, where the result may be NULL, keeps a
 * flag whether any row came. Serialised, the flag stands before the nested state, which is left out when it is 0; some
 * functions carry the flag although their result is never NULL, because ClickHouse writes it.
 */
#include <assert.h>

#include "func/aggregate_impl.h"

enum { FLAG_SIZE = 8 };

struct null_rule {
	bool result_nullable, serialize_flag, skip;
	uint32_t prefix;          /* bytes before the nested state */
};

/* Where the null bit of a row of one argument is. */
struct null_bits {
	const uint64_t *bits;
	const uint32_t *map;      /* rows to bits; NULL: itself */
	bool constant;
};

static uint32_t null_sources(const struct vector *const *args, uint32_t n, struct null_bits *out)
{
	uint32_t k = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct vector *v = args[i], *data = v->form == VECTOR_DICT ? v->children[0] : v;
		if (v->type->id == TYPE_NOTHING && v->nulls == NULL && v->form != VECTOR_DICT)
			continue;
		if (data->nulls == NULL)
			continue;
		out[k++] = (struct null_bits){data->nulls, v->form == VECTOR_DICT ? v->data : NULL, v->form == VECTOR_CONST};
	}
	return k;
}

static inline bool is_null(const struct null_bits *b, uint32_t row)
{
	uint32_t at = b->constant ? 0 : b->map != NULL ? b->map[row] : row;
	return bit_get(b->bits, at);
}

/* Rows of [from, from + n) without NULLs: their numbers in `keep`, their places among all in `place`. */
static uint32_t select_rows(const struct null_bits *sources, uint32_t source_count, const uint32_t *rows,
                            uint32_t from, uint32_t n, uint32_t *keep, uint32_t *place)
{
	uint32_t m = 0;
	for (uint32_t i = from; i < from + n; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		bool null = false;
		for (uint32_t k = 0; k < source_count; k++)
			null |= is_null(&sources[k], row);
		keep[m] = row;
		place[m] = i;
		m += !null;
	}
	return m;
}

static void null_init(const struct aggregator *a, char *state)
{
	const struct null_rule *r = a->data;
	agg_init(a->nested, state + r->prefix);
}

static void null_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct null_rule *r = a->data;
	agg_destroy(a->nested, state + r->prefix, track);
}

/* Arguments as the nested function has them: FLAT where rows are selected, and not Nullable. */
static enum status plain_args(const struct aggregator *a, struct eval *e, const struct vector *const *args, bool flat,
                              const struct vector **out, struct vector **owned)
{
	memset(owned, 0, a->arg_count * sizeof *owned);
	for (uint32_t i = 0; i < a->arg_count; i++) {
		out[i] = args[i];
		if (flat && args[i]->form != VECTOR_FLAT) {
			TRY(vector_flatten(e->track, args[i], &owned[i], e->err));
			out[i] = owned[i];
		}
		if (!args[i]->type->nullable || a->nested->arg_types[i]->nullable)
			continue;
		struct vector *plain;
		TRY(vector_retype(out[i], a->nested->arg_types[i], &plain, e->err));
		vector_unref(owned[i]);
		out[i] = owned[i] = plain;
	}
	return OK;
}

static enum status add_selected(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                const struct vector *const *args, const struct null_bits *sources,
                                uint32_t source_count, const uint32_t *rows, uint32_t count)
{
	const struct null_rule *r = a->data;
	uint32_t keep[AGG_CHUNK], place[AGG_CHUNK];
	char *to[AGG_CHUNK];
	for (uint32_t from = 0; from < count; from += AGG_CHUNK) {
		uint32_t n = count - from < AGG_CHUNK ? count - from : AGG_CHUNK;
		uint32_t m = select_rows(sources, source_count, rows, from, n, keep, place);
		for (uint32_t i = 0; i < m; i++)
			to[i] = states[place[i]];
		if (r->prefix != 0)
			for (uint32_t i = 0; i < m; i++)
				to[i][offset] = 1;
		if (m != 0)
			TRY(a->nested->ops->add(a->nested, e, to, offset + r->prefix, args, keep, m));
	}
	return OK;
}

static enum status null_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct null_rule *r = a->data;
	struct null_bits *sources = ARENA_ARRAY(e->scratch, struct null_bits, a->arg_count + 1);
	const struct vector **plain = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count + 1);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count + 1);
	uint32_t n = r->skip ? null_sources(args, a->arg_count, sources) : 0;
	enum status s = plain_args(a, e, args, n != 0, plain, owned);
	if (s == OK && n != 0) {
		s = add_selected(a, e, states, offset, plain, sources, n, rows, count);
	} else if (s == OK) {
		for (uint32_t i = 0; i < count && r->prefix != 0; i++)
			states[i][offset] = 1;
		s = a->nested->ops->add(a->nested, e, states, offset + r->prefix, plain, rows, count);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status one_selected(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const struct null_bits *sources,
                                uint32_t source_count, const uint32_t *rows, uint32_t count)
{
	const struct null_rule *r = a->data;
	uint32_t keep[AGG_CHUNK], place[AGG_CHUNK];
	for (uint32_t from = 0; from < count; from += AGG_CHUNK) {
		uint32_t n = count - from < AGG_CHUNK ? count - from : AGG_CHUNK;
		uint32_t m = select_rows(sources, source_count, rows, from, n, keep, place);
		if (m == 0)
			continue;
		if (r->prefix != 0)
			*state = 1;
		TRY(a->nested->ops->add_one(a->nested, e, state + r->prefix, args, keep, m));
	}
	return OK;
}

static enum status null_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct null_rule *r = a->data;
	struct null_bits *sources = ARENA_ARRAY(e->scratch, struct null_bits, a->arg_count + 1);
	const struct vector **plain = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count + 1);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count + 1);
	uint32_t n = r->skip ? null_sources(args, a->arg_count, sources) : 0;
	if (count == 0)
		return OK;
	enum status s = plain_args(a, e, args, n != 0, plain, owned);
	if (s == OK && n != 0) {
		s = one_selected(a, e, state, plain, sources, n, rows, count);
	} else if (s == OK) {
		if (r->prefix != 0)
			*state = 1;
		s = a->nested->ops->add_one(a->nested, e, state + r->prefix, plain, rows, count);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status null_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	const struct null_rule *r = a->data;
	if (r->prefix != 0)
		for (uint32_t i = 0; i < count; i++)
			states[i][offset] |= others[i][other_offset];
	return a->nested->ops->merge(a->nested, e, states, offset + r->prefix, others, other_offset + r->prefix, count);
}

static enum status null_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	const struct null_rule *r = a->data;
	if (!r->result_nullable)
		return a->nested->ops->finish(a->nested, e, states, offset + r->prefix, count, to);
	for (uint32_t i = 0, n; i < count; i += n) {
		n = 0;
		while (i + n < count && states[i + n][offset] != 0)
			n++;
		if (n != 0)
			TRY(a->nested->ops->finish(a->nested, e, states + i, offset + r->prefix, n, to));
		for (; i + n < count && states[i + n][offset] == 0; n++)
			TRY(builder_null(to, e->err));
	}
	return OK;
}

static enum status null_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct null_rule *r = a->data;
	bool flag = r->prefix == 0 || *state != 0;
	if (r->serialize_flag)
		strbuf_putc(to, flag);
	return flag ? a->nested->ops->write(a->nested, e, state + r->prefix, to) : OK;
}

static enum status null_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                             size_t *consumed)
{
	const struct null_rule *r = a->data;
	size_t head = 0, rest = 0;
	bool flag = true;
	if (r->serialize_flag) {
		if (from.size == 0)
			return ERR(e->err, E_INCORRECT_DATA, "Cannot read the state of an aggregate function: no bytes are left");
		flag = from.data[0] != 0;
		head = 1;
	}
	if (flag) {
		if (r->prefix != 0)
			*state = 1;
		TRY(a->nested->ops->read(a->nested, e, state + r->prefix, str_make(from.data + head, from.size - head), &rest));
	}
	*consumed = head + rest;
	return OK;
}

static const struct aggregate_ops null_ops = {null_init, null_destroy, null_add, null_add_one, null_merge, null_finish,
                                              null_write, null_read};

struct aggregator *agg_wrap(struct bind_env *env, struct aggregator *nested, const char *suffix,
                            const struct aggregate_ops *ops, const struct type *const *types, uint32_t arg_count,
                            size_t state_size)
{
	struct aggregator *a = ARENA_NEW(env->arena, struct aggregator);
	*a = *nested;
	a->nested = nested;
	a->data = NULL;
	a->arg_count = arg_count;
	a->arg_types = arena_copy(env->arena, types, arg_count * sizeof *types);
	a->function = suffix[0] == '\0' ? nested->function
	              : arena_strf(env->arena, "%.*s%s", STR_ARG(nested->function), suffix);
	a->name = agg_name_with_params(env->arena, a->function, a->params, a->param_count);
	agg_set(a, ops, nested->result, state_size);
	return a;
}

bool agg_has_flag(const struct aggregator *a)
{
	const struct null_rule *r = a->data;
	return a->ops == &null_ops && r->serialize_flag;
}

static bool fits_in_nullable(const struct bind_env *env, const struct type *t)
{
	if (agg_is_pg(env))
		return true;
	return !t->nullable && t->id != TYPE_ARRAY && t->id != TYPE_MAP && t->id != TYPE_AGGSTATE;
}

struct aggregator *agg_null_wrap(struct bind_env *env, struct aggregator *nested, const struct type *const *types,
                                 unsigned flags)
{
	struct null_rule *r = ARENA_NEW(env->arena, struct null_rule);
	r->result_nullable = flags & AGG_NULL_RESULT && fits_in_nullable(env, nested->result);
	r->serialize_flag = r->result_nullable || flags & AGG_NULL_FLAG;
	r->prefix = r->result_nullable ? FLAG_SIZE : 0;
	r->skip = flags & AGG_NULL_SKIP;
	/* the caller casts to what the nested function wants, which keeps Nullable */
	const struct type **wanted = ARENA_ARRAY(env->arena, const struct type *, nested->arg_count + 1);
	for (uint32_t i = 0; i < nested->arg_count; i++)
		wanted[i] = types[i]->nullable ? type_nullable(env->arena, nested->arg_types[i]) : nested->arg_types[i];
	struct aggregator *a = agg_wrap(env, nested, "", &null_ops, wanted, nested->arg_count, r->prefix + nested->state_size);
	a->data = r;
	if (r->result_nullable)
		a->result = type_nullable(env->arena, nested->result);
	return a;
}

/* ---- arguments that are NULL only ---- */

static enum status nothing_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return OK;
}

static enum status nothing_add_one(const struct aggregator *a, struct eval *e, char *state,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return OK;
}

static enum status nothing_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *const *others, size_t other_offset, uint32_t count)
{
	return OK;
}

static enum status nothing_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(builder_default(to, e->err));
	return OK;
}

static enum status nothing_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	strbuf_putc(to, '\0');
	return OK;
}

static enum status nothing_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	if (from.size == 0)
		return ERR(e->err, E_INCORRECT_DATA, "Cannot read the state of an aggregate function: no bytes are left");
	*consumed = 1;
	return OK;
}

static const struct aggregate_ops nothing_ops = {NULL, NULL, nothing_add, nothing_add_one, nothing_merge,
                                                 nothing_finish, nothing_write, nothing_read};

struct aggregator *agg_nothing(struct bind_env *env, struct str name, const struct type *const *types, uint32_t n,
                               const struct type *result)
{
	struct aggregator *a = ARENA_NEW(env->arena, struct aggregator);
	a->name = a->function = name;
	a->arg_count = n;
	a->arg_types = arena_copy(env->arena, types, n * sizeof *types);
	agg_set(a, &nothing_ops, result, 8);
	return a;
}
