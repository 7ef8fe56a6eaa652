// SPDX-License-Identifier: Apache-2.0
#include "storage/dict_writer.h"

#include <assert.h>
#include "base/hash.h"

enum { SLOTS_FIRST = 64 };

void dict_writer_init(struct dict_writer *d, struct memtrack *track)
{
	memset(d, 0, sizeof *d);
	d->track = track;
	strbuf_init(&d->bytes, track);
}

void dict_writer_fini(struct dict_writer *d)
{
	strbuf_fini(&d->bytes);
	buffer_unref(d->keys);
	buffer_unref(d->slots);
	memset(d, 0, sizeof *d);
}

static enum status grow(struct dict_writer *d, struct error *err)
{
	uint32_t n = d->slot_count == 0 ? SLOTS_FIRST : d->slot_count * 2;
	TRY(buffer_reserve(&d->slots, d->track, n * sizeof(uint32_t), 0, err));
	TRY(buffer_reserve(&d->keys, d->track, n / 2 * sizeof(struct dict_key), d->count * sizeof(struct dict_key), err));
	d->slot_count = n;
	uint32_t *slots = (uint32_t *)d->slots->data;
	memset(slots, 0, n * sizeof *slots);
	const struct dict_key *keys = (const struct dict_key *)d->keys->data;
	for (uint32_t i = 0; i < d->count; i++) {
		uint32_t at = (uint32_t)keys[i].hash & (n - 1);
		while (slots[at] != 0)
			at = (at + 1) & (n - 1);
		slots[at] = i + 1;
	}
	return OK;
}

static enum status append(struct dict_writer *d, const void *data, size_t size, uint64_t hash, struct error *err)
{
	struct dict_key *k = (struct dict_key *)d->keys->data + d->count;
	if (d->bytes.size + size > UINT32_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "the values of a LowCardinality column are too large for a dictionary");
	*k = (struct dict_key){hash, (uint32_t)d->bytes.size, (uint32_t)size};
	strbuf_put(&d->bytes, data, size);
	TRY(strbuf_status(&d->bytes, err));
	d->count++;
	return OK;
}

enum status dict_writer_put(struct dict_writer *d, const void *data, size_t size, uint32_t max, uint32_t *place,
                            struct error *err)
{
	if ((d->count + 1) * 2 > d->slot_count)
		TRY(grow(d, err));
	uint64_t hash = hash_bytes(data, size, 0);
	uint32_t mask = d->slot_count - 1, at = (uint32_t)hash & mask;
	uint32_t *slots = (uint32_t *)d->slots->data;
	const struct dict_key *keys = (const struct dict_key *)d->keys->data;
	for (; slots[at] != 0; at = (at + 1) & mask) {
		const struct dict_key *k = &keys[slots[at] - 1];
		if (k->hash == hash && k->size == size && (size == 0 || memcmp(d->bytes.data + k->offset, data, size) == 0)) {
			*place = slots[at] - 1;
			return OK;
		}
	}
	*place = UINT32_MAX;
	if (d->count >= max)
		return OK;
	TRY(append(d, data, size, hash, err));
	slots[at] = d->count;
	*place = d->count - 1;
	return OK;
}

enum status dict_writer_start(struct dict_writer *d, const void *zero, size_t zero_size, bool nullable,
                              struct error *err)
{
	strbuf_clear(&d->bytes);
	d->count = 0;
	if (d->slot_count == 0)
		TRY(grow(d, err));
	else
		memset(d->slots->data, 0, d->slot_count * sizeof(uint32_t));
	if (nullable) /* NULL's place is not in the table: nothing finds it */
		TRY(append(d, zero, zero_size, 0, err));
	uint32_t place;
	return dict_writer_put(d, zero, zero_size, UINT32_MAX, &place, err);
}
