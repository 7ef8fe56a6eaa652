// SPDX-License-Identifier: Apache-2.0
#include "func/agg_set_impl.h"

#include <assert.h>

#include "base/hash.h"

void agg_set_rule_init(struct agg_set_rule *r, const struct type *const *types, uint32_t n, bool keys)
{
	enum physical p = type_physical(types[0]);
	r->columns = n;
	r->type = types[0];
	r->width = n == 1 && !types[0]->nullable && p != PHYS_STR && types[0]->id != TYPE_PGINTERVAL ? physical_size(p) : 0;
	r->prefixed = r->width != 0 && !keys && agg_is_prefixed(types[0]);
}

void agg_set_free(const struct agg_set_rule *r, struct agg_set *s, struct memtrack *track)
{
	agg_free(track, s->values, s->capacity);
	agg_free(track, s->ends, s->ends_capacity * sizeof *s->ends);
	if (s->index != NULL)
		agg_free(track, s->index, sizeof *s->index << s->degree);
	*s = (struct agg_set){0};
}

static inline uint64_t hash_value(const struct agg_set_rule *r, const char *data, size_t size)
{
	uint64_t w = 0;
	if (r->width == 0 || r->width > 8)
		return hash_bytes(data, size, 0);
	memcpy(&w, data, size);
	return hash_u64(w);
}

static enum status grow_index(const struct agg_set_rule *r, struct eval *e, struct agg_set *s)
{
	void *p = NULL;
	uint8_t degree = s->index == NULL ? 3 : (uint8_t)(s->degree + 1);
	size_t bytes = sizeof *s->index << degree;
	TRY(agg_realloc(e, &p, 0, bytes));
	memset(p, 0, bytes);
	uint32_t *index = p;
	uint64_t mask = ((uint64_t)1 << degree) - 1;
	for (uint32_t i = 0; i < s->count; i++) {
		struct str v = agg_set_value(r, s, i);
		uint64_t at = hash_value(r, v.data, v.size) & mask;
		while (index[at] != 0)
			at = (at + 1) & mask;
		index[at] = i + 1;
	}
	if (s->index != NULL)
		agg_free(e->track, s->index, sizeof *s->index << s->degree);
	s->index = index;
	s->degree = degree;
	return OK;
}

static enum status append(const struct agg_set_rule *r, struct eval *e, struct agg_set *s, struct str value)
{
	if (s->capacity - s->size < value.size) {
		size_t capacity = s->capacity == 0 ? 32 : s->capacity * 2;
		if (capacity < s->size + value.size)
			capacity = s->size + value.size;
		void *p = s->values;
		TRY(agg_realloc(e, &p, s->capacity, capacity));
		s->values = p;
		s->capacity = capacity;
	}
	if (s->count == UINT32_MAX - 1 || (r->width == 0 && s->size + value.size > UINT32_MAX))
		return ERR(e->err, E_TOO_MANY_ROWS, "a set of an aggregate function holds more than 4 GiB");
	if (r->width == 0 && s->count == s->ends_capacity) {
		uint32_t capacity = s->ends_capacity == 0 ? 4 : s->ends_capacity * 2;
		void *p = s->ends;
		TRY(agg_realloc(e, &p, s->ends_capacity * sizeof *s->ends, capacity * sizeof *s->ends));
		s->ends = p;
		s->ends_capacity = capacity;
	}
	if (value.size != 0)
		memcpy(s->values + s->size, value.data, value.size);
	s->size += value.size;
	if (r->width == 0)
		s->ends[s->count] = (uint32_t)s->size;
	s->count++;
	return OK;
}

enum status agg_set_insert_bytes(const struct agg_set_rule *r, struct eval *e, struct agg_set *s, struct str value,
                                 uint32_t *number, bool *fresh)
{
	assert(r->width == 0 || value.size == r->width);
	*fresh = false;
	if (unlikely(s->index == NULL || s->count >= (uint64_t)1 << (s->degree - 1)))
		TRY(grow_index(r, e, s));
	uint64_t mask = ((uint64_t)1 << s->degree) - 1, at = hash_value(r, value.data, value.size) & mask;
	for (; s->index[at] != 0; at = (at + 1) & mask)
		if (str_eq(agg_set_value(r, s, s->index[at] - 1), value)) {
			*number = s->index[at] - 1;
			return OK;
		}
	TRY(append(r, e, s, value));
	s->index[at] = s->count;
	*number = s->count - 1;
	*fresh = true;
	return OK;
}

enum status agg_set_insert(const struct agg_set_rule *r, struct eval *e, struct agg_set *s,
                           const struct vector *const *columns, uint32_t row, struct strbuf *scratch, uint32_t *number,
                           bool *fresh)
{
	const struct vector *v = columns[0];
	if (r->width != 0)
		return agg_set_insert_bytes(r, e, s, str_make((const char *)v->data + row * r->width, r->width), number, fresh);
	if (r->columns == 1 && type_physical(r->type) == PHYS_STR && !r->type->nullable)
		return agg_set_insert_bytes(r, e, s, strview_str((const struct strview *)v->data + row), number, fresh);
	strbuf_clear(scratch);
	for (uint32_t c = 0; c < r->columns; c++) {
		size_t at = scratch->size;
		if (r->columns > 1)
			strbuf_put_le(scratch, 0, 4);
		TRY(agg_blob_write(scratch, columns[c], row, true, e->err));
		TRY(strbuf_status(scratch, e->err));
		uint32_t size = (uint32_t)(scratch->size - at - 4);
		if (r->columns > 1)
			memcpy(scratch->data + at, &size, sizeof size);
	}
	return agg_set_insert_bytes(r, e, s, strbuf_str(scratch), number, fresh);
}

enum status agg_set_append(const struct agg_set_rule *r, const struct agg_set *s, uint32_t i,
                           struct builder *const *to, struct error *err)
{
	struct str v = agg_set_value(r, s, i);
	if (r->width != 0)
		return builder_fixed(to[0], v.data, err);
	if (r->columns == 1)
		return agg_blob_read(to[0], v, true, err);
	for (uint32_t c = 0; c < r->columns; c++) {
		uint32_t size;
		if (v.size < sizeof size)
			return ERR(err, E_INCORRECT_DATA, "Cannot read a row in the state of an aggregate function");
		memcpy(&size, v.data, sizeof size);
		if (size > v.size - sizeof size)
			return ERR(err, E_INCORRECT_DATA, "Cannot read a row in the state of an aggregate function");
		TRY(agg_blob_read(to[c], str_make(v.data + sizeof size, size), true, err));
		v = str_make(v.data + sizeof size + size, v.size - sizeof size - size);
	}
	return OK;
}

void agg_set_put(const struct agg_set_rule *r, struct str value, struct strbuf *to)
{
	if (r->width == 0 || r->prefixed)
		strbuf_put_varuint(to, value.size);
	if (r->type->id == TYPE_IPV6 && r->width != 0)
		for (size_t k = value.size; k-- > 0;)
			strbuf_putc(to, value.data[k]);
	else
		strbuf_puts(to, value);
}

struct str agg_set_get(const struct agg_set_rule *r, struct agg_reader *from, char room[32])
{
	if (r->width == 0) {
		uint32_t n = agg_get_count(from, 1);
		struct str v = str_make(from->at, n);
		from->at += n;
		return v;
	}
	char value[32];
	if (r->prefixed && agg_get_varuint(from) != r->width)
		from->failed = true;
	agg_get(from, value, r->width);
	for (size_t k = 0; k < r->width; k++)
		room[k] = value[r->type->id == TYPE_IPV6 ? r->width - 1 - k : k];
	return str_make(room, r->width);
}

void agg_set_write(const struct agg_set_rule *r, const struct agg_set *s, struct strbuf *to)
{
	strbuf_put_varuint(to, s->count);
	for (uint32_t i = 0; i < s->count; i++)
		agg_set_put(r, agg_set_value(r, s, i), to);
}

enum status agg_set_read(const struct agg_set_rule *r, struct eval *e, struct agg_set *s, struct agg_reader *from)
{
	uint32_t n = agg_get_count(from, r->width == 0 ? 1 : r->width), number;
	bool fresh;
	char room[32];
	for (uint32_t i = 0; i < n && !from->failed; i++) {
		struct str v = agg_set_get(r, from, room);
		if (!from->failed)
			TRY(agg_set_insert_bytes(r, e, s, v, &number, &fresh));
	}
	return OK;
}
