// SPDX-License-Identifier: Apache-2.0
/*
 * Values of one type for the quantile functions. Define before including:
 *     QV_NAME, QV_T, QV_LESS(a, b), QV_NAN(x), QV_AS_DOUBLE(x), QV_FROM_DOUBLE(d)
 */
#define QV_FN(suffix) SORT_PASTE(QV_NAME, suffix)

static inline bool QV_FN(_less)(QV_T a, QV_T b)
{
	return QV_LESS(a, b);
}

#define SORT_NAME QV_FN(_sort_items)
#define SORT_TYPE QV_T
#define SORT_LESS(a, b) QV_FN(_less)(*(a), *(b))
#include "base/sort.h"

static void QV_FN(_sort)(void *a, size_t n)
{
	QV_FN(_sort_items)(a, n);
}

/* Hoare's selection with the median of three; a sort ends it where it does not come forward. */
static void QV_FN(_select)(void *array, size_t n, size_t k)
{
	QV_T *a = array;
	size_t left = 0, right = n - 1;
	for (unsigned rounds = 0; left < right; rounds++) {
		if (rounds > 64) {
			QV_FN(_sort_items)(a + left, right - left + 1);
			return;
		}
		QV_T x = a[left], y = a[left + (right - left) / 2], z = a[right];
		QV_T pivot = QV_FN(_less)(x, y) ? (QV_FN(_less)(y, z) ? y : QV_FN(_less)(x, z) ? z : x)
		                                : (QV_FN(_less)(x, z) ? x : QV_FN(_less)(y, z) ? z : y);
		size_t i = left, j = right;
		for (;;) {
			while (QV_FN(_less)(a[i], pivot))
				i++;
			while (QV_FN(_less)(pivot, a[j]))
				j--;
			if (i >= j)
				break;
			QV_T t = a[i];
			a[i++] = a[j];
			a[j--] = t;
		}
		/* [left, j] <= pivot <= [j + 1, right] */
		if (i == j && i == right)
			j--;
		if (k <= j)
			right = j;
		else
			left = j + 1;
	}
}

static double QV_FN(_as_double)(const void *v)
{
	QV_T x;
	memcpy(&x, v, sizeof x);
	return QV_AS_DOUBLE(x);
}

static void QV_FN(_from_double)(double d, void *v)
{
	QV_T x = QV_FROM_DOUBLE(d);
	memcpy(v, &x, sizeof x);
}

static uint32_t QV_FN(_copy)(void *to, const char *data, const uint32_t *rows, uint32_t from, uint32_t count)
{
	QV_T *out = to;
	uint32_t n = 0;
	for (uint32_t i = from; i < from + count; i++) {
		QV_T x;
		memcpy(&x, data + (rows == NULL ? i : rows[i]) * sizeof x, sizeof x);
		out[n] = x;
		n += !QV_NAN(x);
	}
	return n;
}

static const struct quantile_values QV_FN(_values) = {sizeof(QV_T), QV_FN(_sort), QV_FN(_select), QV_FN(_as_double),
                                                      QV_FN(_from_double), QV_FN(_copy)};

#undef QV_FN
#undef QV_NAME
#undef QV_T
#undef QV_LESS
#undef QV_NAN
#undef QV_AS_DOUBLE
#undef QV_FROM_DOUBLE
