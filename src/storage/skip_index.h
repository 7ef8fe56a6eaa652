// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SKIP_INDEX_H
#define STORAGE_SKIP_INDEX_H
/*
 * Skip indexes: a little about every few granules that tells which of them cannot hold what a filter asks for. Written
 * with every new part as skp_idx_<name>.idx2 and marks.
 *
 * minmax: least and greatest value of each expression. set(n): the distinct values, none where there are more than n.
 * bloom_filter(p): hashes of the values, of the elements of arrays and maps. tokenbf_v1, ngrambf_v1: hashes of the
 * words, or of all substrings of n bytes.
 */
#include "storage/block_part.h"

struct skip_writer;

/* *out NULL where the table has no indexes. */
enum status skip_writer_new(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                            struct skip_writer **out, struct error *err) MUST_CHECK;
void skip_writer_free(struct skip_writer *w);
/* The next granule's rows; stored[] holds at least the columns that the indexes need. w may be NULL. */
enum status skip_writer_granule(struct skip_writer *w, struct vector *const *stored, uint32_t rows, struct error *err)
	MUST_CHECK;
enum status skip_writer_finish(struct skip_writer *w, struct part_writer *to, struct error *err) MUST_CHECK;

#endif
