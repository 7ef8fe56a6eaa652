// SPDX-License-Identifier: Apache-2.0
/*
 * Body of the comparison sort that sort.h describes; only sort.h includes it. After O. Peters, "Pattern-defeating
 * Quicksort" (2021), with plain partitioning: comparisons are the dear part here.
 */
#ifdef SORT_CONTEXT
#define SORT_PARAM , SORT_CONTEXT context
#define SORT_PASS , context
#else
#define SORT_PARAM
#define SORT_PASS
#endif
#define SORT_FN(suffix) SORT_PASTE(SORT_NAME, suffix)

static inline bool SORT_FN(_less)(const SORT_TYPE *a, const SORT_TYPE *b SORT_PARAM)
{
	return SORT_LESS(a, b);
}

static inline void SORT_FN(_swap)(SORT_TYPE *a, SORT_TYPE *b)
{
	SORT_TYPE t = *a;
	*a = *b;
	*b = t;
}

/* Insertion sort that gives up, false, after `moves_max` moves. */
static bool SORT_FN(_insertion)(SORT_TYPE *a, size_t n, size_t moves_max SORT_PARAM)
{
	size_t moves = 0;
	for (size_t i = 1; i < n; i++) {
		if (!SORT_FN(_less)(&a[i], &a[i - 1] SORT_PASS))
			continue;
		SORT_TYPE t = a[i];
		size_t k = i;
		do {
			a[k] = a[k - 1];
			k--;
		} while (k > 0 && SORT_FN(_less)(&t, &a[k - 1] SORT_PASS));
		a[k] = t;
		moves += i - k;
		if (moves > moves_max)
			return false;
	}
	return true;
}

static void SORT_FN(_sift)(SORT_TYPE *a, size_t i, size_t n SORT_PARAM)
{
	SORT_TYPE t = a[i];
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && SORT_FN(_less)(&a[child], &a[child + 1] SORT_PASS))
			child++;
		if (!SORT_FN(_less)(&t, &a[child] SORT_PASS))
			break;
		a[i] = a[child];
	}
	a[i] = t;
}

static void SORT_FN(_heap)(SORT_TYPE *a, size_t n SORT_PARAM)
{
	for (size_t i = n / 2; i-- > 0;)
		SORT_FN(_sift)(a, i, n SORT_PASS);
	for (size_t i = n; i-- > 1;) {
		SORT_FN(_swap)(&a[0], &a[i]);
		SORT_FN(_sift)(a, 0, i SORT_PASS);
	}
}

static inline void SORT_FN(_order3)(SORT_TYPE *a, SORT_TYPE *b, SORT_TYPE *c SORT_PARAM)
{
	if (SORT_FN(_less)(b, a SORT_PASS))
		SORT_FN(_swap)(a, b);
	if (SORT_FN(_less)(c, b SORT_PASS)) {
		SORT_FN(_swap)(b, c);
		if (SORT_FN(_less)(b, a SORT_PASS))
			SORT_FN(_swap)(a, b);
	}
}

/* Brings a median to a[0]. */
static void SORT_FN(_pivot)(SORT_TYPE *a, size_t n SORT_PARAM)
{
	size_t m = n / 2;
	if (n < SORT_NINTHER_MIN) {
		SORT_FN(_order3)(&a[m], &a[0], &a[n - 1] SORT_PASS);
		return;
	}
	SORT_FN(_order3)(&a[0], &a[m], &a[n - 1] SORT_PASS);
	SORT_FN(_order3)(&a[1], &a[m - 1], &a[n - 2] SORT_PASS);
	SORT_FN(_order3)(&a[2], &a[m + 1], &a[n - 3] SORT_PASS);
	SORT_FN(_order3)(&a[m - 1], &a[m], &a[m + 1] SORT_PASS);
	SORT_FN(_swap)(&a[0], &a[m]);
}

/* Around a[0]: less to its left, the rest to its right. Returns its place; *sorted when nothing had to be swapped. */
static size_t SORT_FN(_partition)(SORT_TYPE *a, size_t n, bool *sorted SORT_PARAM)
{
	SORT_TYPE pivot = a[0];
	size_t i = 1, k = n;
	while (i < n && SORT_FN(_less)(&a[i], &pivot SORT_PASS))
		i++;
	while (k > i && !SORT_FN(_less)(&a[k - 1], &pivot SORT_PASS))
		k--;
	*sorted = i >= k;
	while (i < k) {
		SORT_FN(_swap)(&a[i++], &a[--k]);
		while (i < k && SORT_FN(_less)(&a[i], &pivot SORT_PASS))
			i++;
		while (k > i && !SORT_FN(_less)(&a[k - 1], &pivot SORT_PASS))
			k--;
	}
	a[0] = a[i - 1];
	a[i - 1] = pivot;
	return i - 1;
}

/* Around a[0], which is known to be a minimum: what equals it to the left. Returns how many those are. */
static size_t SORT_FN(_partition_equal)(SORT_TYPE *a, size_t n SORT_PARAM)
{
	SORT_TYPE pivot = a[0];
	size_t i = 1, k = n;
	for (;;) {
		while (i < k && !SORT_FN(_less)(&pivot, &a[i] SORT_PASS))
			i++;
		while (k > i && SORT_FN(_less)(&pivot, &a[k - 1] SORT_PASS))
			k--;
		if (i >= k)
			return i;
		SORT_FN(_swap)(&a[i++], &a[--k]);
	}
}

/* Exchanges a few elements of a part that came out too large, to break the pattern that made it so. */
static void SORT_FN(_disturb)(SORT_TYPE *a, size_t n)
{
	if (n <= SORT_INSERTION_MAX)
		return;
	size_t quarter = n / 4;
	SORT_FN(_swap)(&a[0], &a[quarter]);
	SORT_FN(_swap)(&a[n - 1], &a[n - quarter]);
	if (n > SORT_NINTHER_MIN) {
		SORT_FN(_swap)(&a[1], &a[quarter + 1]);
		SORT_FN(_swap)(&a[2], &a[quarter + 2]);
		SORT_FN(_swap)(&a[n - 2], &a[n - quarter - 1]);
		SORT_FN(_swap)(&a[n - 3], &a[n - quarter - 2]);
	}
}

/*
 * `bad` is how many lopsided partitions are let pass before heap sort ends it. With `follows`, a[-1] is there and is
 * not greater than any element. The smaller part is sorted by recursion, so the depth is at most log2(n).
 */
static void SORT_FN(_loop)(SORT_TYPE *a, size_t n, unsigned bad, bool follows SORT_PARAM)
{
	while (n > SORT_INSERTION_MAX) {
		SORT_FN(_pivot)(a, n SORT_PASS);
		if (follows && !SORT_FN(_less)(&a[-1], &a[0] SORT_PASS)) {
			size_t equal = SORT_FN(_partition_equal)(a, n SORT_PASS);
			a += equal;
			n -= equal;
			continue;
		}
		bool sorted;
		size_t left = SORT_FN(_partition)(a, n, &sorted SORT_PASS), right = n - left - 1;
		if (left < n / 8 || right < n / 8) {
			if (bad-- == 0) {
				SORT_FN(_heap)(a, n SORT_PASS);
				return;
			}
			SORT_FN(_disturb)(a, left);
			SORT_FN(_disturb)(a + left + 1, right);
		} else if (sorted && SORT_FN(_insertion)(a, left, SORT_PARTIAL_MOVES SORT_PASS) &&
		           SORT_FN(_insertion)(a + left + 1, right, SORT_PARTIAL_MOVES SORT_PASS)) {
			return;
		}
		if (left < right) {
			SORT_FN(_loop)(a, left, bad, follows SORT_PASS);
			a += left + 1;
			n = right;
			follows = true;
		} else {
			SORT_FN(_loop)(a + left + 1, right, bad, true SORT_PASS);
			n = left;
		}
	}
	(void)SORT_FN(_insertion)(a, n, SIZE_MAX SORT_PASS);
}

static void SORT_NAME(SORT_TYPE *array, size_t count SORT_PARAM)
{
	unsigned bad = 1;
	for (size_t n = count; n > 1; n /= 2)
		bad++;
	SORT_FN(_loop)(array, count, bad, false SORT_PASS);
}

#undef SORT_NAME
#undef SORT_TYPE
#undef SORT_LESS
#undef SORT_CONTEXT
#undef SORT_PARAM
#undef SORT_PASS
#undef SORT_FN
