// SPDX-License-Identifier: Apache-2.0
/*
 * Template of the radix sort, for sort.c alone: RADIX_NAME, RADIX_TYPE and RADIX_BYTES of the key. Least significant
 * byte first: all histograms in one pass over the keys, then one stable pass for each byte in which keys differ.
 */
RADIX_TYPE *RADIX_NAME(RADIX_TYPE *a, RADIX_TYPE *tmp, size_t n)
{
	uint32_t histogram[RADIX_BYTES][256];
	bool sorted = true;
	assert(n <= UINT32_MAX);
	if (n <= INSERTION_MAX) {
		for (size_t i = 1; i < n; i++) {
			RADIX_TYPE t = a[i];
			size_t k = i;
			for (; k > 0 && t.key < a[k - 1].key; k--)
				a[k] = a[k - 1];
			a[k] = t;
		}
		return a;
	}
	memset(histogram, 0, sizeof histogram);
	for (size_t i = 0; i < n; i++) {
		sorted &= a[i == 0 ? 0 : i - 1].key <= a[i].key;
		for (unsigned b = 0; b < RADIX_BYTES; b++)
			histogram[b][a[i].key >> 8 * b & 0xff]++;
	}
	for (unsigned b = 0; b < RADIX_BYTES && !sorted; b++) {
		uint32_t *starts = histogram[b];
		if (starts[a[0].key >> 8 * b & 0xff] == n)
			continue;
		counts_to_starts(starts);
		for (size_t i = 0; i < n; i++)
			tmp[starts[a[i].key >> 8 * b & 0xff]++] = a[i];
		RADIX_TYPE *other = a;
		a = tmp;
		tmp = other;
	}
	return a;
}
#undef RADIX_NAME
#undef RADIX_TYPE
#undef RADIX_BYTES
