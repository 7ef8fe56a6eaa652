// SPDX-License-Identifier: Apache-2.0
/* sum and avg over PostgreSQL's numeric and interval. */
#include <assert.h>
#include <stdlib.h>

#include "column/pginterval.h"
#include "func/agg_sum_impl.h"

enum status agg_append_numeric(struct eval *e, struct builder *to, const struct numeric *n)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	numeric_encode(n, &b);
	enum status s = strbuf_status(&b, e->err);
	if (s == OK)
		s = builder_string(to, b.data, b.size, e->err);
	strbuf_fini(&b);
	return s;
}

enum status agg_append_decimal(struct eval *e, struct builder *to, i256 v, unsigned scale)
{
	struct numeric n;
	numeric_init(&n);
	enum status s = numeric_from_i256(&n, v, scale, e->err);
	if (s == OK)
		s = agg_append_numeric(e, to, &n);
	numeric_fini(&n);
	return s;
}

static enum status divide_by_count(struct numeric *n, uint64_t count, struct error *err)
{
	struct numeric d;
	numeric_init(&d);
	enum status s = numeric_from_i128(&d, (i128)count, 0, err);
	if (s == OK)
		s = numeric_div(n, &d, n, err);
	numeric_fini(&d);
	return s;
}

enum status agg_append_quotient(struct eval *e, struct builder *to, i256 v, unsigned scale, uint64_t count)
{
	struct numeric n;
	numeric_init(&n);
	enum status s = numeric_from_i256(&n, v, scale, e->err);
	if (s == OK && count != 0)
		s = divide_by_count(&n, count, e->err);
	if (s == OK)
		s = agg_append_numeric(e, to, &n);
	numeric_fini(&n);
	return s;
}

/* ---- numeric ---- */

struct numeric_state {
	struct numeric *sum; /* NULL: nothing yet */
	uint64_t count;
};

static enum status state_numeric(struct eval *e, struct numeric_state *s)
{
	if (s->sum != NULL)
		return OK;
	void *p = NULL;
	TRY(agg_realloc(e, &p, 0, sizeof *s->sum));
	s->sum = p;
	numeric_init(s->sum);
	return OK;
}

static void num_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct numeric_state *s = (void *)state;
	if (s->sum == NULL)
		return;
	numeric_fini(s->sum);
	agg_free(track, s->sum, sizeof *s->sum);
	s->sum = NULL;
}

static enum status num_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct numeric_state *s = (void *)state;
	struct numeric x;
	if (count == 0)
		return OK;
	TRY(state_numeric(e, s));
	numeric_init(&x);
	enum status status = OK;
	for (uint32_t i = 0; i < count && status == OK; i++) {
		const struct vector *at;
		uint32_t row = vector_index(args[0], rows == NULL ? i : rows[i], &at);
		status = numeric_decode(&x, strview_str((const struct strview *)at->data + row), e->err);
		if (status == OK)
			status = numeric_add(s->sum, &x, s->sum, e->err);
		s->count++;
	}
	numeric_fini(&x);
	return status;
}

static enum status num_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct numeric_state *s = (void *)(states[i] + offset);
		const struct numeric_state *o = (const void *)(others[i] + other_offset);
		if (o->sum == NULL)
			continue;
		TRY(state_numeric(e, s));
		TRY(numeric_add(s->sum, o->sum, s->sum, e->err));
		s->count += o->count;
	}
	return OK;
}

static enum status num_put(struct eval *e, const struct numeric_state *s, bool average, struct builder *to)
{
	struct numeric n;
	numeric_init(&n);
	enum status status = OK;
	if (s->sum != NULL)
		status = numeric_copy(&n, s->sum, e->err);
	if (status == OK && average && s->count != 0)
		status = divide_by_count(&n, s->count, e->err);
	if (status == OK)
		status = agg_append_numeric(e, to, &n);
	numeric_fini(&n);
	return status;
}

static enum status num_sum_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(num_put(e, (const void *)(states[i] + offset), false, to));
	return OK;
}

static enum status num_avg_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(num_put(e, (const void *)(states[i] + offset), true, to));
	return OK;
}

/* Only spilled: varuint count, then the length and wire form of the sum. */
static enum status num_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct numeric_state *s = (const void *)state;
	strbuf_put_varuint(to, s->count);
	if (s->sum == NULL)
		return OK;
	struct strbuf b;
	strbuf_init(&b, NULL);
	numeric_encode(s->sum, &b);
	strbuf_put_varuint(to, b.size);
	strbuf_puts(to, strbuf_str(&b));
	enum status status = strbuf_status(&b, e->err);
	strbuf_fini(&b);
	return status;
}

static enum status num_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct numeric_state *s = (void *)state;
	struct agg_reader r = agg_reader(from);
	s->count = agg_get_varuint(&r);
	if (s->count != 0) {
		uint32_t n = agg_get_count(&r, 1);
		TRY(state_numeric(e, s));
		TRY(numeric_decode(s->sum, str_make(r.at, n), e->err));
		r.at += n;
	}
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops num_sum_ops = {NULL, num_destroy, agg_add_runs, num_add_one, num_merge,
                                                 num_sum_finish, num_write, num_read};
static const struct aggregate_ops num_avg_ops = {NULL, num_destroy, agg_add_runs, num_add_one, num_merge,
                                                 num_avg_finish, num_write, num_read};

enum status agg_set_numeric(struct aggregator *a, bool average)
{
	return agg_set(a, average ? &num_avg_ops : &num_sum_ops, type_simple(TYPE_NUMERIC), sizeof(struct numeric_state));
}

/* ---- interval ---- */

struct interval_state {
	struct pginterval sum;
	uint64_t count;
};

static enum status interval_overflow(struct eval *e)
{
	return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
}

static enum status interval_add_one(const struct aggregator *a, struct eval *e, char *state,
                                    const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct interval_state *s = (void *)state;
	for (uint32_t i = 0; i < count; i++) {
		const struct vector *at;
		uint32_t row = vector_index(args[0], rows == NULL ? i : rows[i], &at);
		if (pginterval_add(s->sum, pginterval_at(at->data, row), &s->sum))
			return interval_overflow(e);
		s->count++;
	}
	return OK;
}

static enum status interval_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct interval_state *s = (void *)(states[i] + offset);
		const struct interval_state *o = (const void *)(others[i] + other_offset);
		if (pginterval_add(s->sum, o->sum, &s->sum))
			return interval_overflow(e);
		s->count += o->count;
	}
	return OK;
}

static enum status interval_put(struct eval *e, const struct interval_state *s, bool average, struct builder *to)
{
	struct pginterval v = s->sum;
	if (average && s->count != 0 && pginterval_multiply(v, 1.0 / (double)s->count, &v))
		return interval_overflow(e);
	return builder_fixed(to, &v, e->err);
}

static enum status interval_sum_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                       uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(interval_put(e, (const void *)(states[i] + offset), false, to));
	return OK;
}

static enum status interval_avg_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                       uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(interval_put(e, (const void *)(states[i] + offset), true, to));
	return OK;
}

static const struct aggregate_ops interval_sum_ops = {NULL, NULL, agg_add_runs, interval_add_one, interval_merge,
                                                      interval_sum_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops interval_avg_ops = {NULL, NULL, agg_add_runs, interval_add_one, interval_merge,
                                                      interval_avg_finish, agg_raw_write, agg_raw_read};

enum status agg_set_interval(struct aggregator *a, bool average)
{
	return agg_set(a, average ? &interval_avg_ops : &interval_sum_ops, type_simple(TYPE_PGINTERVAL),
	               sizeof(struct interval_state));
}
