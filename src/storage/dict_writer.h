// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_DICT_WRITER_H
#define STORAGE_DICT_WRITER_H
/*
 * Dictionary of a LowCardinality column while it is written: values to places, in order of appearance. Values are byte
 * strings; fixed-width ones are their bytes. Place 0 is the default, or NULL of a nullable type with the default at 1.
 */
#include "base/strbuf.h"
#include "column/vector.h"

enum { DICT_KEYS_MAX = 8192 };

struct dict_writer {
	struct memtrack *track;
	struct strbuf bytes;        /* all keys, one behind the other */
	struct buffer *keys;        /* struct dict_key[count] */
	struct buffer *slots;       /* uint32_t[slot_count], place + 1 */
	uint32_t count, slot_count;
};

struct dict_key {
	uint64_t hash;
	uint32_t offset, size;
};

void dict_writer_init(struct dict_writer *d, struct memtrack *track);
void dict_writer_fini(struct dict_writer *d);
/* Empty but for the first keys: `zero` of `zero_size` bytes, twice when nullable. */
enum status dict_writer_start(struct dict_writer *d, const void *zero, size_t zero_size, bool nullable,
                              struct error *err) MUST_CHECK;
/* The place of a value, added when it is new; *place UINT32_MAX: it is new and there are `max` keys already. */
enum status dict_writer_put(struct dict_writer *d, const void *data, size_t size, uint32_t max, uint32_t *place,
                            struct error *err) MUST_CHECK;

static inline struct str dict_writer_key(const struct dict_writer *d, uint32_t place)
{
	const struct dict_key *k = (const struct dict_key *)d->keys->data + place;
	return (struct str){d->bytes.data + k->offset, k->size};
}

#endif
