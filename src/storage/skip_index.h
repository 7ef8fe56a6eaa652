// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SKIP_INDEX_H
#define STORAGE_SKIP_INDEX_H
/*
 * Skip indexes: a little about every few granules that tells which of them cannot hold what a filter asks for. Written
 * with every new part as skp_idx_<name>.idx2 or .idx and marks; text without, as .tokens.
 *
 * minmax: least and greatest value of each expression. set(n): the distinct values, none where there are more than n.
 * bloom_filter(p): hashes of the values, of the elements of arrays and maps. tokenbf_v1, ngrambf_v1: hashes of the
 * words, or of all substrings of n bytes. text: the same without a size, as many bits as there are tokens.
 */
#include "storage/block_part.h"

struct skip_writer;

static inline const char *skip_index_suffix(const struct skip_index *x)
{
	return x->kind == SKIP_MINMAX ? ".idx2" : x->kind == SKIP_TEXT ? ".tokens" : ".idx";
}

/* *out NULL where the table has no indexes. */
enum status skip_writer_new(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                            struct skip_writer **out, struct error *err) MUST_CHECK;
void skip_writer_free(struct skip_writer *w);
/* The next granule's rows; stored[] holds at least the columns that the indexes need. w may be NULL. */
enum status skip_writer_granule(struct skip_writer *w, struct vector *const *stored, uint32_t rows, struct error *err)
	MUST_CHECK;
enum status skip_writer_finish(struct skip_writer *w, struct part_writer *to, struct error *err) MUST_CHECK;

#endif
