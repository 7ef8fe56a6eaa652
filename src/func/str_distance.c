// SPDX-License-Identifier: Apache-2.0
/*
 * How far two texts are from each other: edit distances, Jaro and Winkler's similarity, Jaccard's index over the
 * characters used, differing bytes; and Soundex. The UTF8 forms see code points.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "func/str_impl.h"

enum { DISTANCE_SIZE_MAX = 1 << 16 };

/* A text as numbers, one a byte or a code point; in `a`. */
struct points {
	uint32_t *at;
	uint32_t n;
};

static struct points points_of(struct arena *a, struct str s, bool utf8)
{
	struct points p = {ARENA_ARRAY(a, uint32_t, s.size + 1), 0};
	for (size_t i = 0; i < s.size;) {
		uint32_t c = (unsigned char)s.data[i];
		i += utf8 ? utf8_decode(s.data + i, s.size - i, &c) : 1;
		p.at[p.n++] = c;
	}
	return p;
}

static inline uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* By rows of V. Levenshtein's matrix; with `swaps`, two neighbours may also change places once (optimal alignment). */
static uint64_t edit_distance(struct arena *a, const struct points *x, const struct points *y, bool swaps)
{
	uint32_t *before = ARENA_ARRAY(a, uint32_t, y->n + 1), *last = ARENA_ARRAY(a, uint32_t, y->n + 1);
	uint32_t *now = ARENA_ARRAY(a, uint32_t, y->n + 1);
	for (uint32_t k = 0; k <= y->n; k++)
		last[k] = k;
	for (uint32_t i = 1; i <= x->n; i++) {
		now[0] = i;
		for (uint32_t k = 1; k <= y->n; k++) {
			now[k] = min_u32(min_u32(last[k] + 1, now[k - 1] + 1), last[k - 1] + (x->at[i - 1] != y->at[k - 1]));
			if (swaps && i > 1 && k > 1 && x->at[i - 1] == y->at[k - 2] && x->at[i - 2] == y->at[k - 1])
				now[k] = min_u32(now[k], before[k - 2] + 1);
		}
		uint32_t *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[y->n];
}

/* M. Jaro's: characters in common within half the longer text, and how many of them stand in another order. */
static double jaro(struct arena *a, const struct points *x, const struct points *y)
{
	if (x->n == 0 || y->n == 0)
		return x->n + y->n;
	uint32_t longer = x->n > y->n ? x->n : y->n, window = longer / 2, common = 0, moved = 0;
	bool *of_x = ARENA_ARRAY(a, bool, x->n), *of_y = ARENA_ARRAY(a, bool, y->n);
	memset(of_x, 0, x->n);
	memset(of_y, 0, y->n);
	window = window > 0 ? window - 1 : 0;
	for (uint32_t i = 0; i < x->n; i++) {
		uint32_t from = i > window ? i - window : 0, to = min_u32(y->n, i + window + 1);
		for (uint32_t k = from; k < to && !of_x[i]; k++)
			if (!of_y[k] && x->at[i] == y->at[k]) {
				of_x[i] = of_y[k] = true;
				common++;
			}
	}
	if (common == 0)
		return 0;
	for (uint32_t i = 0, k = 0; i < x->n; i++) {
		if (!of_x[i])
			continue;
		while (!of_y[k])
			k++;
		moved += x->at[i] != y->at[k++];
	}
	double m = common;
	return (m / x->n + m / y->n + (m - moved / 2) / m) * (1.0 / 3);
}

/* W. Winkler's: a common start of up to four characters counts more. */
static double jaro_winkler(struct arena *a, const struct points *x, const struct points *y)
{
	double j = jaro(a, x, y);
	uint32_t start = 0, most = min_u32(4, min_u32(x->n, y->n));
	while (start < most && x->at[start] == y->at[start])
		start++;
	return j > 0.7 ? j + start * 0.1 * (1 - j) : j;
}

static int compare_points(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Sorted, each once. */
static void make_set(struct points *p)
{
	uint32_t n = 0;
	qsort(p->at, p->n, sizeof *p->at, compare_points);
	for (uint32_t i = 0; i < p->n; i++)
		if (n == 0 || p->at[n - 1] != p->at[i])
			p->at[n++] = p->at[i];
	p->n = n;
}

static double jaccard(struct points *x, struct points *y)
{
	uint32_t both = 0;
	make_set(x);
	make_set(y);
	for (uint32_t i = 0, k = 0; i < x->n && k < y->n;) {
		uint32_t one = x->at[i], other = y->at[k];
		both += one == other;
		i += one <= other;
		k += other <= one;
	}
	return x->n + y->n == both ? 0 : (double)both / (x->n + y->n - both);
}

enum distance_kind { DISTANCE_EDIT, DISTANCE_DAMERAU, DISTANCE_JARO, DISTANCE_WINKLER, DISTANCE_JACCARD,
	DISTANCE_BYTES };
struct distance {
	const char *name;
	enum distance_kind kind;
	bool utf8;
};
static const struct distance distances[] = {
	{"editDistance", DISTANCE_EDIT, false}, {"editDistanceUTF8", DISTANCE_EDIT, true},
	{"damerauLevenshteinDistance", DISTANCE_DAMERAU, false}, {"jaroSimilarity", DISTANCE_JARO, false},
	{"jaroWinklerSimilarity", DISTANCE_WINKLER, false}, {"stringJaccardIndex", DISTANCE_JACCARD, false},
	{"stringJaccardIndexUTF8", DISTANCE_JACCARD, true}, {"byteHammingDistance", DISTANCE_BYTES, false},
};

static uint64_t differing_bytes(struct str a, struct str b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	uint64_t n = a.size + b.size - 2 * common;
	for (size_t i = 0; i < common; i++)
		n += a.data[i] != b.data[i];
	return n;
}

static enum status exec_distance(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct distance *d = c->state;
	struct str_arg left = str_arg(args[0]), right = str_arg(args[1]);
	struct arena a;
	struct vector *v;
	enum status s = OK;
	TRY(call_result(c, e, count, &v));
	arena_init(&a, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str x = str_arg_at(&left, i), y = str_arg_at(&right, i);
		uint64_t whole = 0;
		double part = 0;
		if (eval_skips(e, i))
			x = y = STR("");
		if (d->kind == DISTANCE_BYTES) {
			whole = differing_bytes(x, y);
		} else if (x.size > DISTANCE_SIZE_MAX || y.size > DISTANCE_SIZE_MAX) {
			s = ERR(e->err, E_STRING_TOO_LONG, "The string size is too big for function %s, should be at most %d",
			        d->name, DISTANCE_SIZE_MAX);
		} else {
			struct points p = points_of(&a, x, d->utf8), q = points_of(&a, y, d->utf8);
			if (d->kind == DISTANCE_EDIT || d->kind == DISTANCE_DAMERAU)
				whole = edit_distance(&a, &p, &q, d->kind == DISTANCE_DAMERAU);
			else
				part = d->kind == DISTANCE_JARO ? jaro(&a, &p, &q) : d->kind == DISTANCE_WINKLER ? jaro_winkler(&a, &p, &q)
					: jaccard(&p, &q);
		}
		if (c->result->id == TYPE_UINT64)
			((uint64_t *)v->data)[i] = whole;
		else
			((double *)v->data)[i] = part;
		arena_reset(&a);
	}
	arena_fini(&a);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_distance(struct bind_env *env, struct call *c)
{
	for (size_t i = 0; i < ARRAY_COUNT(distances); i++)
		if (strcmp(distances[i].name, c->function->name) == 0)
			c->state = (void *)(uintptr_t)&distances[i];
	return OK;
}

/* ---- Soundex (R. Russell, M. Odell) ---- */

static void soundex(struct strbuf *to, struct str s)
{
	/* of a to z; 0 has no code and parts equal ones */
	static const char codes[] = "01230120022455012623010202";
	char code[5] = "0000";
	unsigned n = 0;
	char last = '0';
	for (size_t i = 0; i < s.size && n < 4; i++) {
		char c = ascii_upper(s.data[i]);
		if (c < 'A' || c > 'Z')
			continue;
		char k = codes[c - 'A'];
		if (n == 0)
			code[n++] = c;
		else if (k != '0' && k != last)
			code[n++] = k;
		last = k;
	}
	strbuf_put(to, code, 4);
}

static enum status exec_soundex(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return str_each_text(c, e, args[0], count, soundex, out);
}

#define DISTANCE(name, aliases, type, text, sample, answer) \
	FUNCTION_ROW(name, aliases, FUNCTION_CH, "SS", type, bind_distance, exec_distance, text, sample, answer)

static const struct function rows[] = {
	DISTANCE("editDistance", "levenshteinDistance", "UInt64", "Least bytes to insert, delete or change.",
	         "editDistance('kitten', 'sitting')", "3"),
	DISTANCE("editDistanceUTF8", "levenshteinDistanceUTF8", "UInt64", "Least characters to insert, delete or change.",
	         "editDistanceUTF8('é', 'e')", "1"),
	DISTANCE("damerauLevenshteinDistance", NULL, "UInt64", "Least bytes to insert, delete, change or swap.",
	         "damerauLevenshteinDistance('ab', 'ba')", "1"),
	DISTANCE("jaroSimilarity", NULL, "Float64", "Jaro's similarity of two texts.", "jaroSimilarity('martha', 'marhta')",
	         "0.9444444444444444"),
	DISTANCE("jaroWinklerSimilarity", NULL, "Float64", "Jaro's similarity, more for a common start.",
	         "jaroWinklerSimilarity('martha', 'marhta')", "0.9611111111111111"),
	DISTANCE("stringJaccardIndex", NULL, "Float64", "Common bytes among all that occur.",
	         "stringJaccardIndex('abc', 'abd')", "0.5"),
	DISTANCE("stringJaccardIndexUTF8", NULL, "Float64", "Common characters among all that occur.",
	         "stringJaccardIndexUTF8('abc', 'abc')", "1"),
	DISTANCE("byteHammingDistance", "mismatches", "UInt64", "Bytes that differ.",
		"byteHammingDistance('abc', 'abd')", "1"),
	FUNCTION_ROW("soundex", NULL, CH_NOCASE, "S", "String", NULL, exec_soundex, "The Soundex code of a word.",
	             "soundex('Robert')", "R163"),
};

FUNCTION_FAMILY(str_distance, "Distances of strings");
