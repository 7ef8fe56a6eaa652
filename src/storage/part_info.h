// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_INFO_H
#define STORAGE_PART_INFO_H
/*
 * Facts for system.parts, system.parts_columns and system.merges: parts of a set with everything that is known of them,
 * and the merges that run now. Strings live in the caller's arena.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

struct part_info {
	struct str name, partition, partition_id, path, part_type; /* partition: the values as text; "Wide", "Compact" */
	uint64_t rows, marks, files, bytes_on_disk, bytes_compressed, bytes_uncompressed, primary_key_bytes, marks_bytes;
	uint64_t index_compressed, index_uncompressed, index_marks; /* skip indexes */
	uint64_t min_block, max_block, data_version;
	uint32_t level;
	int64_t modified_us;
	bool active;
	int64_t min_day, max_day;    /* of the first Date in the partition key; 0: none */
	int64_t min_time, max_time;  /* of the first time in it; seconds */
	int64_t ttl_min, ttl_max;    /* of the rows' TTL; 0: none */
	struct str default_codec;
	struct hash128 hash_of_all_files;
};

struct part_column_info {
	struct str name, type;
	uint64_t bytes_on_disk, bytes_compressed, bytes_uncompressed, marks_bytes;
	bool sparse;
	uint32_t substream_count;
	struct str *substreams, *files; /* as columns_substreams.txt names them; on disk */
};

enum status part_info_of(struct part *p, const struct table_keys *k, struct arena *a, struct part_info *out,
                         struct error *err) MUST_CHECK;
enum status part_columns_of(struct part *p, const struct table_keys *k, struct arena *a, struct part_column_info **out,
                            uint32_t *count, struct error *err) MUST_CHECK;
/* Adds compressed, uncompressed and marks' bytes of the skip index to sizes. */
enum status part_index_sizes(struct part *p, struct str index, uint64_t sizes[3], struct error *err) MUST_CHECK;

/* ---- merges in progress ---- */
struct merge_info {
	char database[128], table[128], result_part[256], partition_id[128];
	uint32_t part_count;
	uint64_t rows_total, bytes_total;
	_Atomic uint64_t rows_done;
	int64_t started_us;
	bool mutation;
	struct merge_info *next;      /* the list's */
};

void merge_info_add(struct merge_info *m);
void merge_info_remove(struct merge_info *m);
/* Under the list's lock: fn copies what it wants. */
void merge_info_each(void (*fn)(void *arg, const struct merge_info *m), void *arg);
uint32_t merge_info_count(void);

#endif
