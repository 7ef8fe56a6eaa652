// SPDX-License-Identifier: Apache-2.0
#include "base/sort.h"

#include <assert.h>
#include <string.h>

enum { INSERTION_MAX = 48 }; /* where clearing the histograms would cost more than insertion sort */

static inline void counts_to_starts(uint32_t counts[256])
{
	uint32_t sum = 0;
	for (unsigned d = 0; d < 256; d++) {
		uint32_t count = counts[d];
		counts[d] = sum;
		sum += count;
	}
}

#define RADIX_NAME radix_sort_u64
#define RADIX_TYPE struct key_index
#define RADIX_BYTES 8
#include "base/sort_radix.h"

#define RADIX_NAME radix_sort_u32
#define RADIX_TYPE struct key_index32
#define RADIX_BYTES 4
#include "base/sort_radix.h"
