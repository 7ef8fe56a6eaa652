// SPDX-License-Identifier: Apache-2.0
#include "storage/merge_choice.h"

enum { PARTS_MAX = 100, CROWDED = 50 };
static const double part_cost = 5.0 * 1024 * 1024; /* what a part costs beside its bytes */
static const double young_us = 10e6, old_us = 300e6;

uint32_t part_set_partition_end(const struct part_set *set, uint32_t from)
{
	uint32_t end = from + 1;
	while (end < set->count && str_eq(set->parts[end]->name.partition, set->parts[from]->name.partition))
		end++;
	return end;
}

/* How much larger than its largest part a range must be: 5 for fresh parts, down to 2 with age and crowding. */
static double base_for(double age_us, uint32_t parts)
{
	double ratio = (age_us - young_us) / (old_us - young_us);
	ratio = ratio < 0 ? 0 : ratio > 1 ? 1 : ratio;
	double crowd = (double)parts / CROWDED;
	ratio = crowd > ratio ? (crowd > 1 ? 1 : crowd) : ratio;
	return 5 - 3 * ratio;
}

struct merge_choice merge_choose(const struct part_set *set, const struct merge_settings *s, uint64_t bytes_max,
                                 int64_t now_us)
{
	struct merge_choice best = {0, 0};
	double best_score = 0;
	double limit = (double)(bytes_max < s->max_bytes_to_merge ? bytes_max : s->max_bytes_to_merge);
	for (uint32_t from = 0; from < set->count;) {
		uint32_t end = part_set_partition_end(set, from);
		for (uint32_t i = from; i + 1 < end; i++) {
			double sum = 0, largest = 0;
			int64_t youngest = 0;
			for (uint32_t j = i; j < end && j - i < PARTS_MAX; j++) {
				const struct part *p = set->parts[j];
				if (p->delta != NULL)
					break;
				double size = (double)p->bytes_on_disk;
				uint32_t n = j - i + 1;
				sum += size;
				largest = size > largest ? size : largest;
				youngest = p->modified_us > youngest ? p->modified_us : youngest;
				if (sum > limit)
					break;
				if (n < 2 || sum + n * part_cost < base_for((double)(now_us - youngest), end - from) * (largest + part_cost))
					continue;
				double score = (sum + part_cost * n) / (n - 1.9);
				if (best.count == 0 || score < best_score) {
					best = (struct merge_choice){i, n};
					best_score = score;
				}
			}
		}
		from = end;
	}
	return best;
}
