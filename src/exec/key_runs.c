// SPDX-License-Identifier: Apache-2.0
#include "exec/key_runs.h"

#include <assert.h>

static void run_fini(struct key_run *r)
{
	buffer_unref(r->low);
	buffer_unref(r->high);
	*r = (struct key_run){0};
}

void key_runs_fini(struct key_runs *r)
{
	while (r->count != 0)
		run_fini(&r->runs[--r->count]);
}

static const uint64_t *words(const struct buffer *b)
{
	return b == NULL ? NULL : (const uint64_t *)b->data;
}

/* The first position from `at` on whose value is not below x: doubling steps, then halving them. */
static size_t gallop(const uint64_t *a, size_t n, size_t at, uint64_t x)
{
	size_t step = 1, low = at;
	while (at < n && a[at] < x) {
		low = at + 1;
		at += step;
		step *= 2;
	}
	size_t high = at < n ? at : n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (a[middle] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void find_in(const struct key_run *run, const uint64_t *low, const uint64_t *high, uint32_t count, uint8_t *met)
{
	const uint64_t *l = words(run->low), *h = words(run->high);
	size_t at = 0;
	for (uint32_t i = 0; i < count; i++) {
		at = gallop(l, run->count, at, low[i]);
		for (size_t k = at; k < run->count && l[k] == low[i]; k++)
			met[i] |= h == NULL || h[k] == high[i];
	}
}

void key_runs_find(const struct key_runs *r, const uint64_t *low, const uint64_t *high, uint32_t count, uint8_t *met)
{
	for (uint32_t i = 0; i < r->count; i++)
		find_in(&r->runs[i], low, high, count, met);
}

static enum status run_new(size_t count, bool exact, struct memtrack *track, struct key_run *out, struct error *err)
{
	*out = (struct key_run){.count = count};
	TRY(buffer_new(track, count * sizeof(uint64_t), &out->low, err));
	enum status s = exact ? OK : buffer_new(track, count * sizeof(uint64_t), &out->high, err);
	if (s != OK)
		run_fini(out);
	return s;
}

static enum status merge_last(struct key_runs *r, struct memtrack *track, struct error *err)
{
	struct key_run *a = &r->runs[r->count - 2], *b = &r->runs[r->count - 1], both;
	TRY(run_new(a->count + b->count, r->exact, track, &both, err));
	const uint64_t *al = words(a->low), *ah = words(a->high), *bl = words(b->low), *bh = words(b->high);
	uint64_t *low = (uint64_t *)both.low->data, *high = both.high == NULL ? NULL : (uint64_t *)both.high->data;
	for (size_t i = 0, k = 0, n = 0; n < both.count; n++) {
		bool first = k == b->count || (i < a->count && al[i] <= bl[k]);
		if (high != NULL)
			high[n] = first ? ah[i] : bh[k];
		low[n] = first ? al[i++] : bl[k++];
	}
	run_fini(a);
	run_fini(b);
	*a = both;
	r->count--;
	return OK;
}

enum status key_runs_add(struct key_runs *r, const uint64_t *low, const uint64_t *high, uint32_t count,
                         struct memtrack *track, struct error *err)
{
	struct key_run run;
	if (count == 0)
		return OK;
	assert(r->count < KEY_RUNS_MAX);
	TRY(run_new(count, r->exact, track, &run, err));
	memcpy(run.low->data, low, count * sizeof *low);
	if (run.high != NULL)
		memcpy(run.high->data, high, count * sizeof *high);
	r->runs[r->count++] = run;
	while (r->count > 1 && r->runs[r->count - 1].count * 2 >= r->runs[r->count - 2].count)
		TRY(merge_last(r, track, err));
	return OK;
}
