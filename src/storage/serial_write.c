// SPDX-License-Identifier: Apache-2.0
/* Vectors to streams. */
#include <assert.h>
#include <stdlib.h>
#include "column/variant.h"
#include "storage/dict_writer.h"
#include "storage/serial.h"

enum { DICT_VERSION = 1 };
/* Flags of a LowCardinality granule; the low byte is log2 of the indexes' width. */
enum { DICT_GLOBAL = 0x100, DICT_OWN_KEYS = 0x200, DICT_UPDATE = 0x400 };
static const uint64_t sparse_end_flag = (uint64_t)1 << 62;

struct dict_state {
	struct dict_writer shared, own;
	bool started;      /* shared holds the dictionary that is being filled */
	bool fresh;        /* no granule used it yet */
};

struct serial_writer {
	const struct column_layout *layout;
	struct frame_writer **streams;
	struct frame_writer **current; /* compact */
	struct frame_mark *marks;      /* compact: of the granule; taken at a stream's first byte */
	bool *marked;
	const bool *only;
	struct memtrack *track;
	struct strbuf scratch;
	struct dict_state *dicts; /* by node */
};

enum status serial_writer_new(const struct column_layout *layout, struct frame_writer **streams,
                              struct frame_writer **current, struct memtrack *track, struct serial_writer **out,
                              struct error *err)
{
	struct serial_writer *w = calloc(1, sizeof *w);
	struct dict_state *dicts = calloc(layout->node_count, sizeof *dicts);
	bool *marked = calloc(layout->stream_count, sizeof *marked);
	if (w == NULL || dicts == NULL || marked == NULL) {
		free(w);
		free(dicts);
		free(marked);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	*w = (struct serial_writer){
		.layout = layout,
		.streams = streams,
		.current = current,
		.marked = marked,
		.track = track,
		.dicts = dicts,
	};
	strbuf_init(&w->scratch, track);
	for (uint32_t i = 0; i < layout->node_count; i++) {
		dict_writer_init(&dicts[i].shared, track);
		dict_writer_init(&dicts[i].own, track);
	}
	*out = w;
	return OK;
}

void serial_writer_free(struct serial_writer *w)
{
	if (w == NULL)
		return;
	for (uint32_t i = 0; i < w->layout->node_count; i++) {
		dict_writer_fini(&w->dicts[i].shared);
		dict_writer_fini(&w->dicts[i].own);
	}
	strbuf_fini(&w->scratch);
	free(w->dicts);
	free(w->marked);
	free(w);
}

/* Makes `to` the writer that appends to the file of a compact part. */
static enum status switch_writer(struct serial_writer *w, struct frame_writer *to, struct error *err)
{
	if (*w->current != to && *w->current != NULL) {
		TRY(frame_writer_flush(*w->current, err));
		to->frame_offset = (*w->current)->frame_offset;
	}
	*w->current = to;
	return OK;
}

static enum status mark_compact(struct serial_writer *w, uint32_t stream, struct error *err)
{
	TRY(switch_writer(w, w->streams[stream], err));
	if (w->marked[stream])
		return OK;
	w->marked[stream] = true;
	w->marks[stream] = (struct frame_mark){w->streams[stream]->frame_offset, w->streams[stream]->fill};
	return OK;
}

static enum status put(struct serial_writer *w, uint32_t stream, const void *data, size_t size, struct error *err)
{
	if (w->layout->compact)
		TRY(mark_compact(w, stream, err));
	if (size == 0 || (w->only != NULL && !w->only[stream]))
		return OK;
	return frame_writer_put(w->streams[stream], data, size, err);
}

static enum status put_scratch(struct serial_writer *w, uint32_t stream, struct error *err)
{
	TRY(strbuf_status(&w->scratch, err));
	return put(w, stream, w->scratch.data, w->scratch.size, err);
}

static enum status put_u64(struct serial_writer *w, uint32_t stream, uint64_t v, struct error *err)
{
	return put(w, stream, &v, sizeof v, err);
}

static enum status reserve_scratch(struct serial_writer *w, size_t size, struct error *err)
{
	strbuf_clear(&w->scratch);
	if (!strbuf_reserve(&w->scratch, size))
		return strbuf_status(&w->scratch, err);
	return OK;
}

static inline bool null_at(const uint64_t *nulls, uint32_t i)
{
	return nulls != NULL && bit_get(nulls, i);
}

/* ---- leaves; rows under a null bit are written as zero ---- */

static enum status write_fixed(struct serial_writer *w, const struct serial *s, const struct vector *v,
                               const uint64_t *nulls, uint32_t from, uint32_t n, struct error *err)
{
	const uint8_t *data = v->data;
	if (s->type->id == TYPE_NOTHING) {
		TRY(reserve_scratch(w, n, err));
		memset(w->scratch.data, '0', n);
		w->scratch.size = n;
		return put_scratch(w, s->stream, err);
	}
	if (nulls == NULL)
		return put(w, s->stream, data + (size_t)from * s->width, (size_t)n * s->width, err);
	TRY(reserve_scratch(w, (size_t)n * s->width, err));
	memcpy(w->scratch.data, data + (size_t)from * s->width, (size_t)n * s->width);
	for (uint32_t i = 0; i < n; i++)
		if (bit_get(nulls, from + i))
			memset(w->scratch.data + (size_t)i * s->width, 0, s->width);
	w->scratch.size = (size_t)n * s->width;
	return put_scratch(w, s->stream, err);
}

static enum status write_ipv6(struct serial_writer *w, const struct serial *s, const struct vector *v,
                              const uint64_t *nulls, uint32_t from, uint32_t n, struct error *err)
{
	const uint8_t *data = (const uint8_t *)v->data + (size_t)from * 16;
	TRY(reserve_scratch(w, (size_t)n * 16, err));
	for (uint32_t i = 0; i < n; i++) {
		uint64_t low, high;
		memcpy(&low, data + (size_t)i * 16, 8);
		memcpy(&high, data + (size_t)i * 16 + 8, 8);
		low = __builtin_bswap64(low);
		high = __builtin_bswap64(high);
		if (null_at(nulls, from + i))
			low = high = 0;
		memcpy(w->scratch.data + (size_t)i * 16, &high, 8);
		memcpy(w->scratch.data + (size_t)i * 16 + 8, &low, 8);
	}
	w->scratch.size = (size_t)n * 16;
	return put_scratch(w, s->stream, err);
}

static enum status write_fixed_string(struct serial_writer *w, const struct serial *s, const struct vector *v,
                                      const uint64_t *nulls, uint32_t from, uint32_t n, struct error *err)
{
	const struct strview *view = (const struct strview *)v->data + from;
	TRY(reserve_scratch(w, (size_t)n * s->width, err));
	char *to = w->scratch.data;
	for (uint32_t i = 0; i < n; i++, to += s->width) {
		size_t size = null_at(nulls, from + i) ? 0 : view[i].size;
		if (size > s->width)
			size = s->width;
		memcpy(to, strview_data(&view[i]), size);
		memset(to + size, 0, s->width - size);
	}
	w->scratch.size = (size_t)n * s->width;
	return put_scratch(w, s->stream, err);
}

/* Bytes of all values, for one copy into scratch. */
static size_t string_bytes(const struct strview *view, const uint64_t *nulls, uint32_t from, uint32_t n)
{
	size_t total = 0;
	for (uint32_t i = 0; i < n; i++)
		total += null_at(nulls, from + i) ? 0 : view[i].size;
	return total;
}

/* A column's default is no bytes; on disk it is the state of no rows, as states stand back to back there. */
static enum status put_empty_state(struct serial_writer *w, const struct serial *s, struct error *err)
{
	struct arena a;
	if (s->aggregator == NULL)
		return ERR(err, E_LOGICAL_ERROR, "a layout without aggregates cannot write '%.*s'", STR_ARG(s->type->aggregate));
	arena_init(&a, w->track);
	struct eval e = {.track = w->track, .scratch = &a, .err = err};
	char *state = arena_alloc(&a, s->aggregator->state_size + s->aggregator->state_align);
	uintptr_t align = s->aggregator->state_align == 0 ? 1 : s->aggregator->state_align;
	state = (char *)(((uintptr_t)state + align - 1) / align * align);
	if (s->aggregator->ops->init != NULL)
		s->aggregator->ops->init(s->aggregator, state);
	enum status st = s->aggregator->ops->write(s->aggregator, &e, state, &w->scratch);
	if (s->aggregator->ops->destroy != NULL)
		s->aggregator->ops->destroy(s->aggregator, state, w->track);
	arena_fini(&a);
	return st;
}

/* Sorted rows lie anywhere in the input: their bytes are asked for some rows ahead. */
static void copy_strings(char *to, const struct strview *view, uint32_t n, size_t *size)
{
	enum { AHEAD = 12 };
	char *at = to;
	for (uint32_t i = 0; i < n; i++) {
		if (i + AHEAD < n && view[i + AHEAD].size > STRVIEW_INLINE) {
			__builtin_prefetch(view[i + AHEAD].far.pointer);
			if (view[i + AHEAD].size > 64)
				__builtin_prefetch(view[i + AHEAD].far.pointer + 64);
		}
		memcpy(at, strview_data(&view[i]), view[i].size);
		at += view[i].size;
	}
	*size = (size_t)(at - to);
}

static enum status write_strings(struct serial_writer *w, const struct serial *s, const struct vector *v,
                                 const uint64_t *nulls, uint32_t from, uint32_t n, struct error *err)
{
	const struct strview *view = (const struct strview *)v->data + from;
	bool classic = s->kind == SERIAL_STRING_CLASSIC;
	if (s->kind == SERIAL_STRING_SIZED) {
		TRY(reserve_scratch(w, (size_t)n * 8, err));
		for (uint32_t i = 0; i < n; i++) {
			uint64_t size = null_at(nulls, from + i) ? 0 : view[i].size;
			memcpy(w->scratch.data + (size_t)i * 8, &size, 8);
		}
		w->scratch.size = (size_t)n * 8;
		TRY(put_scratch(w, s->other, err));
	}
	TRY(reserve_scratch(w, string_bytes(view, nulls, from, n) + (classic ? (size_t)n * 5 : 0), err));
	if (!classic && s->kind != SERIAL_STATE && nulls == NULL) {
		copy_strings(w->scratch.data, view, n, &w->scratch.size);
		return put_scratch(w, s->stream, err);
	}
	for (uint32_t i = 0; i < n; i++) {
		size_t size = null_at(nulls, from + i) ? 0 : view[i].size;
		if (classic)
			strbuf_put_varuint(&w->scratch, size);
		if (size == 0 && s->kind == SERIAL_STATE)
			TRY(put_empty_state(w, s, err));
		strbuf_put(&w->scratch, strview_data(&view[i]), size);
	}
	return put_scratch(w, s->stream, err);
}

/* ---- LowCardinality ---- */

static void zero_key(const struct serial *key, const void **zero, size_t *size)
{
	static const uint8_t zeros[256];
	*zero = zeros;
	*size = key->kind == SERIAL_STRING_CLASSIC ? 0 : key->width;
}

/* Place of one key value in the shared dictionary, or behind it among the granule's own. */
static enum status place_key(struct serial_writer *w, struct dict_state *d, const void *data, size_t size,
                             uint32_t *place, struct error *err)
{
	(void)w;
	TRY(dict_writer_put(&d->shared, data, size, DICT_KEYS_MAX, place, err));
	if (*place != UINT32_MAX)
		return OK;
	TRY(dict_writer_put(&d->own, data, size, UINT32_MAX, place, err));
	*place += d->shared.count;
	return OK;
}

/* Key bytes of row i of FLAT v; FixedString is padded in `pad`. */
static void key_bytes(const struct serial *key, const struct vector *v, uint32_t i, uint8_t pad[256], const void **data,
                      size_t *size)
{
	if (key->kind == SERIAL_STRING_CLASSIC || key->kind == SERIAL_FIXED_STRING) {
		const struct strview *s = (const struct strview *)v->data + i;
		*data = strview_data(s);
		*size = s->size;
		if (key->kind == SERIAL_FIXED_STRING && s->size < key->width && key->width <= 256) {
			memset(pad, 0, key->width);
			memcpy(pad, *data, s->size);
			*data = pad;
			*size = key->width;
		}
		return;
	}
	*data = (const uint8_t *)v->data + (size_t)i * key->width;
	*size = key->width;
	if (key->kind == SERIAL_IPV6) {
		for (int k = 0; k < 16; k++)
			pad[k] = ((const uint8_t *)*data)[15 - k];
		*data = pad;
	}
}

/* Places of views seen lately: equal views, of one place in the input or inlined, are equal strings. */
struct recent_view {
	struct strview view;
	uint32_t place;
	bool used;
};
enum { RECENT_VIEWS = 256 };

static inline struct recent_view *recent_of(struct recent_view *list, const struct strview *v)
{
	uint64_t low, high;
	memcpy(&low, v, 8);
	memcpy(&high, (const char *)v + 8, 8);
	return &list[((low ^ high * 0x9e3779b97f4a7c15u) * 0x9e3779b97f4a7c15u) >> 56];
}

static enum status place_views(struct serial_writer *w, struct dict_state *d, const struct strview *v, uint32_t n,
                               uint32_t *places, struct error *err)
{
	struct recent_view recent[RECENT_VIEWS];
	memset(recent, 0, sizeof recent);
	for (uint32_t i = 0; i < n; i++) {
		struct recent_view *r = recent_of(recent, &v[i]);
		if (!r->used || memcmp(&r->view, &v[i], sizeof v[i]) != 0) {
			TRY(place_key(w, d, strview_data(&v[i]), v[i].size, &r->place, err));
			r->view = v[i];
			r->used = true;
		}
		places[i] = r->place;
	}
	return OK;
}

/* Places of rows [from, from + n) of v to places[]. A dictionary vector is looked up once per entry that occurs. */
static enum status place_rows(struct serial_writer *w, const struct serial *s, struct dict_state *d,
                              const struct vector *v, uint32_t from, uint32_t n, uint32_t *places, struct error *err)
{
	const struct vector *values = v->form == VECTOR_DICT ? v->children[0] : v;
	const uint32_t *index = v->form == VECTOR_DICT ? (const uint32_t *)v->data + from : NULL;
	struct buffer *known = NULL;
	uint8_t pad[256];
	enum status st = OK;
	if (v->form == VECTOR_FLAT && v->nulls == NULL && s->children[0]->kind == SERIAL_STRING_CLASSIC)
		return place_views(w, d, (const struct strview *)v->data + from, n, places, err);
	if (index != NULL && values->count <= 4 * n) {
		TRY(buffer_new(w->track, (size_t)values->count * sizeof(uint32_t), &known, err));
		memset(known->data, 0xff, (size_t)values->count * sizeof(uint32_t));
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t row = index != NULL ? index[i] : v->form == VECTOR_CONST ? 0 : from + i;
		uint32_t *seen = known != NULL ? (uint32_t *)known->data + row : NULL;
		if (seen != NULL && *seen != UINT32_MAX) {
			places[i] = *seen;
			continue;
		}
		if (null_at(values->nulls, row)) {
			places[i] = 0;
		} else {
			const void *data;
			size_t size;
			key_bytes(s->children[0], values, row, pad, &data, &size);
			st = place_key(w, d, data, size, &places[i], err);
			if (st != OK)
				break;
		}
		if (seen != NULL)
			*seen = places[i];
	}
	buffer_unref(known);
	return st;
}

static enum status write_keys(struct serial_writer *w, const struct serial *s, uint32_t stream,
                              const struct dict_writer *d, struct error *err)
{
	bool lengths = s->children[0]->kind == SERIAL_STRING_CLASSIC;
	TRY(put_u64(w, stream, d->count, err));
	TRY(reserve_scratch(w, d->bytes.size + (size_t)d->count * 5, err));
	for (uint32_t i = 0; i < d->count; i++) {
		struct str key = dict_writer_key(d, i);
		if (lengths)
			strbuf_put_varuint(&w->scratch, key.size);
		strbuf_puts(&w->scratch, key);
	}
	return put_scratch(w, stream, err);
}

static enum status write_indexes(struct serial_writer *w, uint32_t stream, unsigned log_width, const uint32_t *places,
                                 uint32_t n, struct error *err)
{
	TRY(put_u64(w, stream, n, err));
	TRY(reserve_scratch(w, (size_t)n << log_width, err));
	uint8_t *to = (uint8_t *)w->scratch.data;
	if (log_width == 0)
		for (uint32_t i = 0; i < n; i++)
			to[i] = (uint8_t)places[i];
	else if (log_width == 1)
		for (uint32_t i = 0; i < n; i++)
			((uint16_t *)to)[i] = (uint16_t)places[i];
	else
		memcpy(to, places, (size_t)n * 4);
	w->scratch.size = (size_t)n << log_width;
	return put_scratch(w, stream, err);
}

static enum status write_dict(struct serial_writer *w, const struct serial *s, const struct vector *v, uint32_t from,
                              uint32_t n, struct error *err)
{
	struct dict_state *d = &w->dicts[s->node];
	bool compact = w->layout->compact, nullable = s->type->nullable;
	const void *zero;
	size_t zero_size;
	zero_key(s->children[0], &zero, &zero_size);
	if (n == 0)
		return OK;
	if (!d->started || compact) {
		TRY(dict_writer_start(&d->shared, zero, zero_size, nullable, err));
		d->started = d->fresh = true;
	}
	strbuf_clear(&d->own.bytes);
	d->own.count = 0;
	if (d->own.slot_count != 0)
		memset(d->own.slots->data, 0, d->own.slot_count * sizeof(uint32_t));
	struct buffer *places;
	TRY(buffer_new(w->track, (size_t)n * sizeof(uint32_t), &places, err));
	uint32_t *place = (uint32_t *)places->data;
	/* a compact granule carries all its keys, however many */
	enum status st = place_rows(w, s, d, v, from, n, place, err);
	uint32_t keys = d->shared.count + d->own.count;
	unsigned log_width = keys <= 256 ? 0 : keys <= 65536 ? 1 : 2;
	uint64_t flags = log_width;
	if (compact)
		flags |= DICT_OWN_KEYS | DICT_UPDATE;
	else
		flags |= DICT_GLOBAL | (d->fresh ? DICT_UPDATE : 0) | (d->own.count > 0 ? DICT_OWN_KEYS : 0);
	if (st == OK)
		st = put_u64(w, s->stream, flags, err);
	if (st == OK && compact) {
		for (uint32_t i = 0, p; st == OK && i < d->own.count; i++) {
			struct str key = dict_writer_key(&d->own, i);
			st = dict_writer_put(&d->shared, key.data, key.size, UINT32_MAX, &p, err);
		}
		if (st == OK)
			st = write_keys(w, s, s->stream, &d->shared, err);
	} else if (st == OK && d->own.count > 0) {
		st = write_keys(w, s, s->stream, &d->own, err);
	}
	if (st == OK)
		st = write_indexes(w, s->stream, log_width, place, n, err);
	buffer_unref(places);
	d->fresh = false;
	if (st == OK && !compact && d->shared.count >= DICT_KEYS_MAX) {
		st = write_keys(w, s, s->other, &d->shared, err);
		d->started = false;
	}
	return st;
}

/* ---- nodes ---- */

static enum status write_node(struct serial_writer *w, const struct serial *s, const struct vector *v,
                              const uint64_t *nulls, uint32_t from, uint32_t n, struct error *err);

static enum status write_nullable(struct serial_writer *w, const struct serial *s, const struct vector *v,
                                  uint32_t from, uint32_t n, struct error *err)
{
	TRY(reserve_scratch(w, n, err));
	if (v->nulls != NULL)
		bits_to_bytes((uint8_t *)w->scratch.data, v->nulls, from, n);
	else if (n != 0)
		memset(w->scratch.data, 0, n);
	w->scratch.size = n;
	TRY(put_scratch(w, s->stream, err));
	const uint64_t *nulls = v->nulls;
	if (nulls != NULL && bits_next_set(nulls, from, (size_t)from + n) == (size_t)from + n)
		nulls = NULL;
	return write_node(w, s->children[0], v, nulls, from, n, err);
}

static enum status write_array(struct serial_writer *w, const struct serial *s, const struct vector *v, uint32_t from,
                               uint32_t n, struct error *err)
{
	const uint32_t *offset = (const uint32_t *)v->data + from;
	TRY(reserve_scratch(w, (size_t)n * 8, err));
	for (uint32_t i = 0; i < n; i++) {
		uint64_t size = offset[i + 1] - offset[i];
		memcpy(w->scratch.data + (size_t)i * 8, &size, 8);
	}
	w->scratch.size = (size_t)n * 8;
	TRY(put_scratch(w, s->stream, err));
	for (uint32_t k = 0; k < s->child_count; k++)
		TRY(write_node(w, s->children[k], v->children[k], NULL, offset[0], offset[n] - offset[0], err));
	return OK;
}

/* The rows that are not zero, their distances first. */
static enum status write_sparse(struct serial_writer *w, const struct serial *s, const struct vector *v, uint32_t from,
                                uint32_t n, struct error *err)
{
	struct buffer *rows;
	TRY(buffer_new(w->track, (size_t)n * sizeof(uint32_t), &rows, err));
	uint32_t *row = (uint32_t *)rows->data, count = 0, last = 0;
	enum status st = reserve_scratch(w, (size_t)n * 5 + 16, err);
	size_t width = physical_size(type_physical(v->type));
	for (uint32_t i = 0; st == OK && i < n; i++) {
		const uint8_t *at = (const uint8_t *)v->data + (from + i) * width;
		bool zero = true;
		if (type_physical(v->type) == PHYS_STR && v->type->id != TYPE_FIXEDSTRING) {
			zero = ((const struct strview *)(const void *)at)->size == 0;
		} else {
			struct str bytes = {(const char *)at, width};
			if (v->type->id == TYPE_FIXEDSTRING)
				bytes = strview_str((const struct strview *)(const void *)at);
			for (size_t k = 0; zero && k < bytes.size; k++)
				zero = bytes.data[k] == 0;
		}
		if (zero)
			continue;
		strbuf_put_varuint(&w->scratch, i - last);
		last = i + 1;
		row[count++] = from + i;
	}
	if (st == OK) {
		strbuf_put_varuint(&w->scratch, sparse_end_flag | (n - last));
		st = put_scratch(w, s->stream, err);
	}
	struct vector *values = NULL;
	if (st == OK)
		st = vector_gather(w->track, v, row, count, &values, err);
	if (st == OK)
		st = write_node(w, s->children[0], values, NULL, 0, count, err);
	vector_unref(values);
	buffer_unref(rows);
	return st;
}

/*
 * Codes of a granule: its rows, then one code where all are the same, else all. Then each member's rows.
 */
static enum status write_variant(struct serial_writer *w, const struct serial *s, const struct vector *v, uint32_t from,
                                 uint32_t n, struct error *err)
{
	struct vector *part, *codes = NULL;
	if (n == 0) /* elements of empty arrays: no granule of codes */
		return put(w, s->stream, "", 0, err);
	TRY(vector_slice(w->track, v, from, n, &part, err));
	enum status st = variant_codes(w->track, part, &codes, err);
	if (st == OK)
		st = reserve_scratch(w, (size_t)n + 16, err);
	if (st == OK) {
		const uint8_t *code = codes->data;
		bool same = n != 0;
		for (uint32_t i = 1; same && i < n; i++)
			same = code[i] == code[0];
		strbuf_put_varuint(&w->scratch, n);
		strbuf_putc(&w->scratch, same ? VARIANT_GRANULE_ONE_CODE : VARIANT_GRANULE_PLAIN);
		for (uint32_t i = 0; i < (same ? 1 : n); i++)
			strbuf_putc(&w->scratch, (char)(code[i] - 1)); /* 0, NULL, becomes 255 */
		st = put_scratch(w, s->stream, err);
	}
	for (uint32_t m = 0; m < s->child_count && st == OK; m++) {
		struct vector *member;
		st = variant_member(w->track, part, m + 1, &member, err);
		if (st != OK)
			break;
		st = write_node(w, s->children[m], member, NULL, 0, member->count, err);
		vector_unref(member);
	}
	vector_unref(codes);
	vector_unref(part);
	return st;
}

/* v may have any form at a child's place too, as children of flat vectors may be dictionaries. */
static enum status write_node(struct serial_writer *w, const struct serial *s, const struct vector *v,
                              const uint64_t *nulls, uint32_t from, uint32_t n, struct error *err)
{
	if (s->kind == SERIAL_DICT)
		return write_dict(w, s, v, from, n, err);
	if (v->form != VECTOR_FLAT) {
		struct vector *part, *flat;
		TRY(vector_slice(w->track, v, from, n, &part, err));
		enum status st = vector_flatten(w->track, part, &flat, err);
		vector_unref(part);
		if (st != OK)
			return st;
		st = write_node(w, s, flat, s->kind == SERIAL_NULLABLE ? NULL : flat->nulls, 0, n, err);
		vector_unref(flat);
		return st;
	}
	switch (s->kind) {
	case SERIAL_FIXED:
		return write_fixed(w, s, v, nulls, from, n, err);
	case SERIAL_IPV6:
		return write_ipv6(w, s, v, nulls, from, n, err);
	case SERIAL_FIXED_STRING:
		return write_fixed_string(w, s, v, nulls, from, n, err);
	case SERIAL_STRING_SIZED:
	case SERIAL_STRING_CLASSIC:
	case SERIAL_STATE:
		return write_strings(w, s, v, nulls, from, n, err);
	case SERIAL_NULLABLE:
		return write_nullable(w, s, v, from, n, err);
	case SERIAL_ARRAY:
	case SERIAL_MAP:
		return write_array(w, s, v, from, n, err);
	case SERIAL_TUPLE:
		for (uint32_t k = 0; k < s->child_count; k++)
			TRY(write_node(w, s->children[k], v->children[k], v->children[k]->nulls, from, n, err));
		return OK;
	case SERIAL_SPARSE:
		return write_sparse(w, s, v, from, n, err);
	case SERIAL_VARIANT:
		return write_variant(w, s, v, from, n, err);
	case SERIAL_DICT:
		break;
	}
	assert(false);
	return E_LOGICAL_ERROR;
}

/* A version number at the head of each dictionary, the mode at that of a Variant's codes. */
static enum status write_prefix(struct serial_writer *w, const struct serial *s, struct error *err)
{
	if (s->kind == SERIAL_DICT)
		return put_u64(w, w->layout->compact ? s->prefix : s->other, DICT_VERSION, err);
	if (s->kind == SERIAL_VARIANT)
		TRY(put_u64(w, w->layout->compact ? s->prefix : s->stream, VARIANT_MODE_COMPACT, err));
	for (uint32_t k = 0; k < s->child_count; k++)
		TRY(write_prefix(w, s->children[k], err));
	return OK;
}

enum status serial_writer_begin(struct serial_writer *w, struct error *err)
{
	assert(!w->layout->compact);
	return write_prefix(w, w->layout->root, err);
}

static enum status write_compact(struct serial_writer *w, const struct vector *v, uint32_t from, uint32_t count,
                                 struct frame_mark *marks, struct error *err)
{
	if (w->layout->stream_count == 0) /* an empty tuple */
		return OK;
	w->marks = marks;
	memset(w->marked, 0, w->layout->stream_count * sizeof *w->marked);
	TRY(write_prefix(w, w->layout->root, err));
	TRY(write_node(w, w->layout->root, v, NULL, from, count, err));
	/* streams that have nothing here point behind the others */
	struct frame_mark end = {(*w->current)->frame_offset, (*w->current)->fill};
	for (uint32_t i = 0; i < w->layout->stream_count; i++)
		if (!w->marked[i])
			marks[i] = end;
	return frame_writer_flush(*w->current, err);
}

enum status serial_write_granule(struct serial_writer *w, const struct vector *v, uint32_t from, uint32_t count,
                                 struct frame_mark *marks, const bool *only, struct error *err)
{
	w->only = only;
	if (w->layout->compact)
		return write_compact(w, v, from, count, marks, err);
	for (uint32_t i = 0; marks != NULL && i < w->layout->stream_count; i++)
		if (only == NULL || only[i])
			TRY(frame_writer_mark(w->streams[i], &marks[i], err));
	return write_node(w, w->layout->root, v, NULL, from, count, err);
}

static enum status end_dicts(struct serial_writer *w, const struct serial *s, struct error *err)
{
	if (s->kind == SERIAL_DICT) {
		struct dict_state *d = &w->dicts[s->node];
		return d->started && !d->fresh ? write_keys(w, s, s->other, &d->shared, err) : OK;
	}
	for (uint32_t k = 0; k < s->child_count; k++)
		TRY(end_dicts(w, s->children[k], err));
	return OK;
}

enum status serial_writer_end(struct serial_writer *w, struct error *err)
{
	assert(!w->layout->compact);
	w->only = NULL;
	return end_dicts(w, w->layout->root, err);
}
