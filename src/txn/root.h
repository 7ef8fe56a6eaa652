// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_ROOT_H
#define TXN_ROOT_H
/*
 * Root: the versions of all slots at one moment. Immutable and reference counted; a changed root shares all chunks of
 * 64 slots but those in which something changed.
 *
 *     root -> chunks[0] -> versions[0..63]      shared by every root in which they are the same
 *             chunks[1] -> …
 */
#include "txn/txn.h"

enum { ROOT_CHUNK_SLOTS = 64 };

struct root_chunk;

struct root {
	_Atomic uint32_t references;
	uint32_t chunk_count;
	uint64_t csn;
	struct root_chunk *chunks[]; /* NULL: all slots empty */
};

struct root *root_new_empty(void); /* NULL: no memory, here and below */
struct root *root_ref(struct root *r);
void root_unref(struct root *r);
/* Borrowed; NULL for an empty slot. */
const struct version *root_get(const struct root *r, uint32_t slot);
/* Whether a slot was emptied for ever: nobody may fill it again, though he found it empty before. */
bool root_is_cleared(const struct root *r, uint32_t slot);
/* base with one slot emptied for ever. */
struct root *root_clear(const struct root *base, uint32_t slot);
/* base with one slot set; takes its own reference of v (NULL empties the slot). */
struct root *root_with(const struct root *base, uint32_t slot, struct version *v);
uint32_t root_slot_end(const struct root *r);

#endif
