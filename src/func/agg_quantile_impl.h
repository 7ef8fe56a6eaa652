// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_QUANTILE_IMPL_H
#define FUNC_AGG_QUANTILE_IMPL_H
/*
 * What the quantile functions share: levels, the result of one or of several of them, and the handling of values by
 * their physical type.
 */
#include "func/aggregate_impl.h"

struct quantile_values {
	size_t width;
	void (*sort)(void *a, size_t n);
	/* a[k] becomes the k-th in order, what is less stands before it and what is greater behind. */
	void (*select)(void *a, size_t n, size_t k);
	double (*as_double)(const void *v);
	void (*from_double)(double d, void *v);
	/* Copies what is no NaN; returns how many. */
	uint32_t (*copy)(void *to, const char *data, const uint32_t *rows, uint32_t from, uint32_t count);
};
/* NULL for types that are no numbers or times. */
const struct quantile_values *quantile_values_of(const struct type *t);

struct quantile_rule {
	double *levels;
	uint32_t level_count;
	bool many;                   /* the result is an array */
	bool as_float;               /* results are Float64 */
	const struct quantile_values *values;
	/* Called once per state before its levels are asked for; may reorder it. */
	enum status (*prepare)(const struct aggregator *a, struct eval *e, char *state);
	/* The quantile in the result's form, at most 32 bytes. */
	enum status (*get)(const struct aggregator *a, struct eval *e, char *state, double level, void *out);
	double accuracy;             /* quantileDD */
	int variant;                 /* the family's own */
};

/*
 * Fills rule->levels from the parameters after the first `skip`, plural names giving arrays; the default is 0.5. `row`
 * tells by its name: "quantiles…" and not "quantile…" or "median…".
 */
enum status quantile_levels(struct bind_env *env, struct aggregator *a, struct quantile_rule *r, uint32_t skip)
	MUST_CHECK;
/* The finish slot of all of them; a->data is a struct quantile_rule. */
enum status quantile_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            uint32_t count, struct builder *to);
/* The result type: of one value, or an array of it. */
const struct type *quantile_result(struct bind_env *env, const struct quantile_rule *r, const struct type *one);
/* Weight of a row: a column of unsigned integers. */
uint64_t quantile_weight(const struct vector *v, uint32_t row);

#endif
