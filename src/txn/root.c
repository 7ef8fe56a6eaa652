// SPDX-License-Identifier: Apache-2.0
#include "txn/root.h"

#include <assert.h>
#include <stdlib.h>

struct root_chunk {
	_Atomic uint32_t references;
	struct version *versions[ROOT_CHUNK_SLOTS];
};

void version_init(struct version *v, const struct version_kind *kind)
{
	v->references = 1;
	v->kind = kind;
	v->csn = TXN_CSN_PRIVATE;
}

struct version *version_ref(const struct version *v)
{
	struct version *mine = (struct version *)v;
	if (mine != NULL)
		mine->references++;
	return mine;
}

void version_unref(struct version *v)
{
	if (v != NULL && --v->references == 0)
		v->kind->destroy(v);
}

static void chunk_unref(struct root_chunk *c)
{
	if (c == NULL || --c->references != 0)
		return;
	for (uint32_t i = 0; i < ROOT_CHUNK_SLOTS; i++)
		version_unref(c->versions[i]);
	free(c);
}

static struct root_chunk *chunk_copy(const struct root_chunk *from)
{
	struct root_chunk *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	c->references = 1;
	if (from != NULL)
		for (uint32_t i = 0; i < ROOT_CHUNK_SLOTS; i++)
			c->versions[i] = version_ref(from->versions[i]);
	return c;
}

static struct root *root_new(uint32_t chunk_count)
{
	struct root *r = calloc(1, sizeof *r + chunk_count * sizeof r->chunks[0]);
	if (r == NULL)
		return NULL;
	r->references = 1;
	r->chunk_count = chunk_count;
	return r;
}

struct root *root_new_empty(void)
{
	return root_new(0);
}

struct root *root_ref(struct root *r)
{
	r->references++;
	return r;
}

void root_unref(struct root *r)
{
	if (r == NULL || --r->references != 0)
		return;
	for (uint32_t i = 0; i < r->chunk_count; i++)
		chunk_unref(r->chunks[i]);
	free(r);
}

static void nothing(struct version *v)
{
	(void)v;
}

/* What stands in slots that were emptied for ever. */
static const struct version_kind cleared_kind = {.name = "cleared slot", .destroy = nothing};
static struct version cleared = {.references = 1, .kind = &cleared_kind};

static const struct version *slot_version(const struct root *r, uint32_t slot)
{
	uint32_t chunk = slot / ROOT_CHUNK_SLOTS;
	if (chunk >= r->chunk_count || r->chunks[chunk] == NULL)
		return NULL;
	return r->chunks[chunk]->versions[slot % ROOT_CHUNK_SLOTS];
}

const struct version *root_get(const struct root *r, uint32_t slot)
{
	const struct version *v = slot_version(r, slot);
	return v == &cleared ? NULL : v;
}

bool root_is_cleared(const struct root *r, uint32_t slot)
{
	return slot_version(r, slot) == &cleared;
}

struct root *root_clear(const struct root *base, uint32_t slot)
{
	return root_with(base, slot, &cleared);
}

struct root *root_with(const struct root *base, uint32_t slot, struct version *v)
{
	uint32_t chunk = slot / ROOT_CHUNK_SLOTS;
	uint32_t count = chunk >= base->chunk_count ? chunk + 1 : base->chunk_count;
	struct root *r = root_new(count);
	if (r == NULL)
		return NULL;
	r->csn = base->csn;
	struct root_chunk *changed = chunk_copy(chunk < base->chunk_count ? base->chunks[chunk] : NULL);
	if (changed == NULL) {
		free(r);
		return NULL;
	}
	for (uint32_t i = 0; i < base->chunk_count; i++)
		if (i != chunk && base->chunks[i] != NULL) {
			base->chunks[i]->references++;
			r->chunks[i] = base->chunks[i];
		}
	r->chunks[chunk] = changed;
	version_unref(changed->versions[slot % ROOT_CHUNK_SLOTS]);
	changed->versions[slot % ROOT_CHUNK_SLOTS] = version_ref(v);
	return r;
}

uint32_t root_slot_end(const struct root *r)
{
	return r->chunk_count * ROOT_CHUNK_SLOTS;
}
