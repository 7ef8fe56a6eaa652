// SPDX-License-Identifier: Apache-2.0
/*
 * Streams to vectors. Values stay where they were decompressed: fixed-width vectors and string views point into the
 * block, which the vector keeps alive; only what straddles two blocks is copied.
 */
#include <assert.h>
#include <stdlib.h>
#include "column/variant.h"
#include "storage/serial.h"

enum { DICT_GLOBAL = 0x100, DICT_OWN_KEYS = 0x200, DICT_UPDATE = 0x400, DICT_WIDTH = 0xff };
static const uint64_t sparse_end_flag = (uint64_t)1 << 62;
static const uint64_t bytes_max = (uint64_t)4 << 30; /* of one column of one batch */

struct node_state {
	/* LowCardinality */
	struct vector *shared;     /* FLAT dictionary that is in force */
	struct vector *current;    /* shared and the granule's own keys */
	bool need_shared;          /* after a seek: read it before use */
	bool own_keys;             /* current is not shared itself */
	uint64_t generation;       /* grows when current becomes another dictionary */
	unsigned log_width;
	uint64_t pending;          /* rows left of the run that was begun; of a Variant's granule */
	/* Variant */
	bool moded, basic;         /* the mode is known: there are no granules */
	bool one_code;             /* of all rows that are left of the granule */
	uint8_t code;
	/* sparse */
	uint64_t defaults;         /* rows to come before the next value */
	bool in_run, value;        /* a run was begun; it ends in a value */
};

struct serial_reader {
	const struct column_layout *layout;
	struct frame_reader **streams;
	struct eval *eval;
	struct memtrack *track;
	struct node_state *states;
	bool lengths;              /* of strings are read, not the strings */
	bool at_granule;           /* compact: the prefix comes next */
};

bool serial_has_lengths(const struct column_layout *layout)
{
	const struct serial *s = layout->root;
	if (s->kind == SERIAL_SPARSE)
		s = s->children[0];
	return s->kind == SERIAL_STRING_SIZED;
}

enum status serial_reader_new(const struct column_layout *layout, struct frame_reader **readers, bool lengths,
                              struct eval *eval, struct serial_reader **out, struct error *err)
{
	struct serial_reader *r = calloc(1, sizeof *r);
	struct node_state *states = calloc(layout->node_count, sizeof *states);
	if (r == NULL || states == NULL) {
		free(r);
		free(states);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	*r = (struct serial_reader){
		.layout = layout,
		.streams = readers,
		.eval = eval,
		.track = eval->track,
		.states = states,
		.lengths = lengths,
	};
	*out = r;
	return OK;
}

void serial_reader_free(struct serial_reader *r)
{
	if (r == NULL)
		return;
	for (uint32_t i = 0; i < r->layout->node_count; i++) {
		vector_unref(r->states[i].shared);
		vector_unref(r->states[i].current);
	}
	free(r->states);
	free(r);
}

void serial_reader_at_granule(struct serial_reader *r)
{
	for (uint32_t i = 0; i < r->layout->node_count; i++) {
		struct node_state *s = &r->states[i];
		s->need_shared = true;
		s->pending = 0;
		s->in_run = false;
	}
	r->at_granule = true;
}

static enum status ends_early(const struct frame_reader *f, struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "'%s' has fewer values than the part has rows", f->name);
}

/*
 * The next `size` bytes in one piece: in the current block, which *keep borrows until the next read of any stream
 * (older compact parts join streams), or copied; then *copy is a new reference that the caller drops (it may be *keep).
 */
static enum status take(struct serial_reader *r, uint32_t stream, size_t size, const uint8_t **data,
                        struct buffer **keep, struct buffer **copy, struct error *err)
{
	struct frame_reader *f = r->streams[stream];
	*copy = NULL;
	while (f->current.buffer == NULL || f->at == f->current.size) {
		if (size == 0) {
			static const uint8_t none[1];
			*data = none;
			*keep = NULL;
			return OK;
		}
		buffer_unref(f->current.buffer);
		f->current.buffer = NULL;
		f->at = 0;
		TRY(frame_reader_next(f, &f->current, err));
		if (f->current.buffer == NULL)
			return ends_early(f, err);
	}
	if (f->current.size - f->at >= size) {
		*data = f->current.buffer->data + f->at;
		*keep = f->current.buffer;
		f->at += size;
		return OK;
	}
	struct buffer *b;
	size_t got;
	TRY(buffer_new(r->track, size, &b, err));
	enum status st = frame_reader_read(f, b->data, size, &got, err);
	if (st == OK && got != size)
		st = ends_early(f, err);
	if (st != OK) {
		buffer_unref(b);
		return st;
	}
	*data = b->data;
	*keep = *copy = b;
	return OK;
}

/* As take(), but *keep is the caller's reference: the bytes stay while other streams are read. */
static enum status take_held(struct serial_reader *r, uint32_t stream, size_t size, const uint8_t **data,
                             struct buffer **keep, struct error *err)
{
	struct buffer *copy;
	TRY(take(r, stream, size, data, keep, &copy, err));
	if (copy == NULL)
		buffer_ref(*keep);
	return OK;
}

static enum status take_u64(struct serial_reader *r, uint32_t stream, uint64_t *out, struct error *err)
{
	size_t got;
	TRY(frame_reader_read(r->streams[stream], out, sizeof *out, &got, err));
	return got == sizeof *out ? OK : ends_early(r->streams[stream], err);
}

static enum status take_varuint(struct serial_reader *r, uint32_t stream, uint64_t *out, struct error *err)
{
	uint64_t v = 0;
	struct frame_reader *f = r->streams[stream];
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte;
		size_t got = 1;
		if (f->current.buffer != NULL && f->at < f->current.size)
			byte = f->current.buffer->data[f->at++];
		else
			TRY(frame_reader_read(f, &byte, 1, &got, err));
		if (got == 0)
			return ends_early(f, err);
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*out = v;
			return OK;
		}
	}
	return ERR(err, E_CORRUPTED_DATA, "'%s' has a damaged length", f->name);
}

/* A FLAT vector whose data is not allocated yet. */
static enum status shell(struct serial_reader *r, const struct type *t, uint32_t n, struct vector **out,
                         struct error *err)
{
	TRY(vector_new(r->track, t, 0, out, err));
	(*out)->count = n;
	return OK;
}

static void set_data(struct vector *v, struct buffer *b, const void *data)
{
	buffer_unref(v->data_buffer);
	v->data_buffer = b;
	v->data = (void *)(uintptr_t)data;
}

/* ---- leaves ---- */

static enum status read_values(struct serial_reader *r, const struct type *t, size_t width, uint32_t stream, uint32_t n,
                               struct vector **out, struct error *err)
{
	const uint8_t *data;
	struct buffer *keep, *copy;
	size_t size = (size_t)n * width;
	TRY(take(r, stream, size, &data, &keep, &copy, err));
	enum status st = shell(r, t, n, out, err);
	if (st == OK && t->id == TYPE_NOTHING) {
		buffer_unref(copy);
		return OK;
	}
	size_t align = width >= 16 ? 16 : width;
	if (st == OK && ((uintptr_t)data & (align - 1)) == 0 && keep != NULL) {
		set_data(*out, copy != NULL ? copy : buffer_ref(keep), data);
		return OK;
	}
	if (st == OK && n != 0) {
		struct buffer *b;
		st = buffer_new(r->track, size, &b, err);
		if (st == OK) {
			memcpy(b->data, data, size);
			set_data(*out, b, b->data);
		} else {
			vector_unref(*out);
		}
	}
	buffer_unref(copy);
	return st;
}

static enum status read_fixed(struct serial_reader *r, const struct serial *s, uint32_t stream, uint32_t n,
                              struct vector **out, struct error *err)
{
	return read_values(r, s->type, s->width, stream, n, out, err);
}

static enum status read_ipv6(struct serial_reader *r, const struct serial *s, uint32_t stream, uint32_t n,
                             struct vector **out, struct error *err)
{
	const uint8_t *data;
	struct buffer *keep, *copy;
	TRY(take(r, stream, (size_t)n * 16, &data, &keep, &copy, err));
	enum status st = vector_new(r->track, s->type, n, out, err);
	uint64_t *to = st == OK ? (*out)->data : NULL;
	for (uint32_t i = 0; st == OK && i < n; i++) {
		uint64_t high, low;
		memcpy(&high, data + (size_t)i * 16, 8);
		memcpy(&low, data + (size_t)i * 16 + 8, 8);
		to[2 * i] = __builtin_bswap64(low);
		to[2 * i + 1] = __builtin_bswap64(high);
	}
	buffer_unref(copy);
	return st;
}

static enum status keep_heap(struct vector *v, struct buffer *keep, struct error *err)
{
	return keep == NULL ? OK : vector_add_heap(v, keep, err);
}

static enum status read_fixed_string(struct serial_reader *r, const struct serial *s, uint32_t stream, uint32_t n,
                                     struct vector **out, struct error *err)
{
	const uint8_t *data;
	struct buffer *keep, *copy;
	TRY(take(r, stream, (size_t)n * s->width, &data, &keep, &copy, err));
	struct vector *v;
	enum status st = vector_new(r->track, s->type, n, &v, err);
	if (st == OK) {
		struct strview *view = v->data;
		for (uint32_t i = 0; i < n; i++)
			view[i] = strview_make((const char *)data + (size_t)i * s->width, s->width);
		if (s->width > STRVIEW_INLINE)
			st = keep_heap(v, keep, err);
		if (st != OK)
			vector_unref(v);
	}
	buffer_unref(copy);
	*out = v;
	return st;
}

static enum status too_large(const struct frame_reader *f, struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "'%s' claims strings of more than 4 GiB in %d rows", f->name, BATCH_ROWS_MAX);
}

/*
 * Views of strings that stand one behind the other. While twelve bytes can be read wherever a string begins, a view is
 * made without looking at how long it is: short ones by masks.
 */
static void make_views(struct strview *view, const char *at, const char *end, const uint8_t *sizes, uint32_t n)
{
	static const uint32_t heads[STRVIEW_INLINE + 2] = {0, 0xff, 0xffff, 0xffffff, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u,
		~0u, ~0u};
	static const uint64_t tails[STRVIEW_INLINE + 2] = {0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff,
		0xffffffffffff, 0xffffffffffffff, ~0ull, 0};
	uint64_t size;
	uint32_t i = 0;
	for (; i < n && end - at >= STRVIEW_INLINE; i++) {
		uint32_t head;
		uint64_t words[2];
		memcpy(&size, sizes + (size_t)i * 8, 8);
		unsigned k = size > STRVIEW_INLINE ? STRVIEW_INLINE + 1 : (unsigned)size;
		memcpy(&head, at, 4);
		memcpy(&words[1], at + 4, 8);
		words[0] = (uint64_t)(head & heads[k]) << 32 | size;
		words[1] = size > STRVIEW_INLINE ? (uintptr_t)at : words[1] & tails[k];
		memcpy(&view[i], words, sizeof words);
		at += size;
	}
	for (; i < n; i++) {
		memcpy(&size, sizes + (size_t)i * 8, 8);
		view[i] = strview_make(at, (size_t)size);
		at += size;
	}
}

static enum status read_sized(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                              struct error *err)
{
	const uint8_t *sizes, *data;
	struct buffer *keep, *copy, *sizes_keep;
	TRY(take_held(r, s->other, (size_t)n * 8, &sizes, &sizes_keep, err));
	uint64_t total = 0;
	bool large = false;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t size;
		memcpy(&size, sizes + (size_t)i * 8, 8);
		large |= size > bytes_max;
		total += size;
	}
	enum status st = large || total > bytes_max ? too_large(r->streams[s->other], err) : OK;
	struct vector *v = NULL;
	copy = NULL;
	if (st == OK)
		st = take(r, s->stream, (size_t)total, &data, &keep, &copy, err);
	if (st == OK)
		st = vector_new(r->track, s->type, n, &v, err);
	if (st == OK) {
		make_views(v->data, (const char *)data, (const char *)data + total, sizes, n);
		st = keep_heap(v, keep, err);
		if (st != OK)
			vector_unref(v);
	}
	buffer_unref(sizes_keep);
	buffer_unref(copy);
	*out = v;
	return st;
}

/* varuint and bytes, value by value; a value that straddles two blocks gets a buffer of its own. */
static enum status read_classic(struct serial_reader *r, const struct serial *s, uint32_t stream, uint32_t n,
                                struct vector **out, struct error *err)
{
	struct frame_reader *f = r->streams[stream];
	struct vector *v;
	TRY(vector_new(r->track, s->type, n, &v, err));
	struct strview *view = v->data;
	struct buffer *last = NULL; /* the heap that was added last; the vector holds it */
	enum status st = OK;
	uint64_t total = 0;
	for (uint32_t i = 0; st == OK && i < n; i++) {
		uint64_t size;
		const uint8_t *data = NULL;
		struct buffer *keep = NULL, *copy = NULL;
		st = take_varuint(r, stream, &size, err);
		if (st == OK && (size > bytes_max || (total += size) > bytes_max))
			st = too_large(f, err);
		if (st == OK)
			st = take(r, stream, (size_t)size, &data, &keep, &copy, err);
		if (st != OK)
			break;
		view[i] = strview_make((const char *)data, (size_t)size);
		if (size > STRVIEW_INLINE && keep != last) {
			st = keep_heap(v, keep, err);
			last = keep;
		}
		buffer_unref(copy);
	}
	if (st != OK)
		vector_unref(v);
	*out = v;
	return st;
}

/* One state: its length is known only by reading it. */
static enum status take_state(struct serial_reader *r, const struct serial *s, struct str *state, struct buffer **keep,
                              struct buffer **copy, struct error *err)
{
	struct frame_reader *f = r->streams[s->stream];
	size_t size = 0;
	*copy = NULL;
	struct error tried;
	error_init(&tried);
	struct error *own = r->eval->err;
	r->eval->err = &tried;
	enum status st = E_UNEXPECTED_EOF;
	if (f->current.buffer != NULL && f->at < f->current.size) {
		struct str rest = {(const char *)f->current.buffer->data + f->at, f->current.size - f->at};
		st = aggregate_state_size(s->aggregator, r->eval, rest, &size);
		if (st == OK) {
			*state = (struct str){rest.data, size};
			*keep = f->current.buffer;
			f->at += size;
		}
	}
	r->eval->err = own;
	if (st == OK)
		return OK;
	/* the rest of this block and as many more blocks as it takes, then give back what is behind the state */
	struct strbuf joined;
	strbuf_init(&joined, r->track);
	if (f->current.buffer != NULL)
		strbuf_put(&joined, f->current.buffer->data + f->at, f->current.size - f->at);
	while (true) {
		buffer_unref(f->current.buffer);
		f->current.buffer = NULL;
		f->at = 0;
		st = frame_reader_next(f, &f->current, err);
		if (st == OK && f->current.buffer == NULL)
			st = ends_early(f, err);
		if (st != OK)
			break;
		size_t before = joined.size;
		strbuf_put(&joined, f->current.buffer->data, f->current.size);
		st = strbuf_status(&joined, err);
		if (st != OK)
			break;
		error_init(&tried);
		r->eval->err = &tried;
		enum status sized = aggregate_state_size(s->aggregator, r->eval, strbuf_str(&joined), &size);
		r->eval->err = own;
		if (sized == OK && size >= before) {
			f->at = size - before;
			st = buffer_new(r->track, size, copy, err);
			break;
		}
		if (joined.size > (256u << 20)) {
			st = ERR(err, E_CORRUPTED_DATA, "'%s' holds a state that cannot be read: %s", f->name, tried.message);
			break;
		}
	}
	if (st == OK) {
		memcpy((*copy)->data, joined.data, size);
		*state = (struct str){(const char *)(*copy)->data, size};
		*keep = *copy;
	}
	strbuf_fini(&joined);
	return st;
}

static enum status read_states(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                               struct error *err)
{
	struct vector *v;
	TRY(vector_new(r->track, s->type, n, &v, err));
	struct strview *view = v->data;
	struct buffer *last = NULL;
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < n; i++) {
		struct str state;
		struct buffer *keep = NULL, *copy = NULL;
		st = take_state(r, s, &state, &keep, &copy, err);
		if (st != OK)
			break;
		view[i] = strview_make(state.data, state.size);
		if (state.size > STRVIEW_INLINE && keep != last) {
			st = keep_heap(v, keep, err);
			last = keep;
		}
		buffer_unref(copy);
	}
	if (st != OK)
		vector_unref(v);
	*out = v;
	return st;
}

/* ---- LowCardinality ---- */

static enum status read_keys(struct serial_reader *r, const struct serial *s, uint32_t stream, struct vector **out,
                             struct error *err)
{
	uint64_t n;
	TRY(take_u64(r, stream, &n, err));
	if (n > UINT32_MAX / 16)
		return ERR(err, E_CORRUPTED_DATA, "'%s' claims a dictionary of %llu values", r->streams[stream]->name,
		           (unsigned long long)n);
	const struct serial *key = s->children[0];
	switch (key->kind) {
	case SERIAL_STRING_CLASSIC:
		TRY(read_classic(r, key, stream, (uint32_t)n, out, err));
		break;
	case SERIAL_FIXED_STRING:
		TRY(read_fixed_string(r, key, stream, (uint32_t)n, out, err));
		break;
	case SERIAL_IPV6:
		TRY(read_ipv6(r, key, stream, (uint32_t)n, out, err));
		break;
	default:
		TRY(read_fixed(r, key, stream, (uint32_t)n, out, err));
	}
	(*out)->type = s->type;
	return OK;
}

/* Entry 0 of a nullable dictionary is NULL. */
static enum status mark_null(struct serial_reader *r, const struct serial *s, struct vector *dict, struct error *err)
{
	if (!s->type->nullable || dict->count == 0)
		return OK;
	TRY(vector_make_nulls(dict, r->track, err));
	bit_set(dict->nulls, 0);
	return OK;
}

/* The dictionary for the run that begins here, to state->current. */
static enum status begin_run(struct serial_reader *r, const struct serial *s, struct node_state *state,
                             struct error *err)
{
	uint64_t flags;
	TRY(take_u64(r, s->stream, &flags, err));
	if ((flags & DICT_WIDTH) > 2)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: LowCardinality indexes of kind %llu in '%s'",
		           (unsigned long long)flags, r->streams[s->stream]->name);
	state->log_width = flags & DICT_WIDTH;
	bool global = (flags & DICT_GLOBAL) != 0;
	if (global && ((flags & DICT_UPDATE) || state->need_shared)) {
		struct vector *dict;
		TRY(read_keys(r, s, s->other, &dict, err));
		vector_unref(state->shared);
		state->shared = dict;
		TRY(mark_null(r, s, dict, err));
		state->need_shared = false;
		state->generation++;
	}
	vector_unref(state->current);
	state->current = NULL;
	if ((flags & DICT_OWN_KEYS) || state->own_keys)
		state->generation++;
	state->own_keys = (flags & DICT_OWN_KEYS) != 0;
	if (flags & DICT_OWN_KEYS) {
		struct vector *own;
		TRY(read_keys(r, s, s->stream, &own, err));
		if (global && state->shared != NULL) {
			const struct vector *both[2] = {state->shared, own};
			enum status st = vector_concat(r->track, both, 2, s->type, &state->current, err);
			vector_unref(own);
			TRY(st);
		} else {
			state->current = own;
			TRY(mark_null(r, s, own, err));
		}
	} else {
		state->current = vector_ref(state->shared);
	}
	TRY(take_u64(r, s->stream, &state->pending, err));
	if (state->current == NULL)
		return ERR(err, E_CORRUPTED_DATA, "'%s' has rows without a dictionary", r->streams[s->stream]->name);
	return OK;
}

/* `n` indexes of the run in force, plus `base`, to `to`. */
static enum status read_indexes(struct serial_reader *r, const struct serial *s, struct node_state *state, uint32_t n,
                                uint32_t base, uint32_t *to, struct error *err)
{
	const uint8_t *data;
	struct buffer *keep, *copy;
	TRY(take(r, s->stream, (size_t)n << state->log_width, &data, &keep, &copy, err));
	uint32_t greatest = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = 0;
		if (state->log_width == 0)
			x = data[i];
		else if (state->log_width == 1)
			x = (uint32_t)data[2 * (size_t)i] | (uint32_t)data[2 * (size_t)i + 1] << 8;
		else
			memcpy(&x, data + 4 * (size_t)i, 4);
		greatest = x > greatest ? x : greatest;
		to[i] = base + x;
	}
	buffer_unref(copy);
	state->pending -= n;
	if (n != 0 && greatest >= state->current->count)
		return ERR(err, E_CORRUPTED_DATA, "'%s' points behind its dictionary", r->streams[s->stream]->name);
	return OK;
}

/* Several dictionaries in one batch become one, end to end. */
static enum status append_dict(struct serial_reader *r, struct vector **dict, const struct vector *more,
                               struct error *err)
{
	const struct vector *both[2] = {*dict, more};
	struct vector *joined;
	TRY(vector_concat(r->track, both, 2, more->type, &joined, err));
	vector_unref(*dict);
	*dict = joined;
	return OK;
}

static enum status read_dict(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                             struct error *err)
{
	struct node_state *state = &r->states[s->node];
	struct buffer *indexes;
	TRY(buffer_new(r->track, (size_t)n * sizeof(uint32_t), &indexes, err));
	struct vector *dict = NULL;
	uint64_t generation = 0;
	uint32_t done = 0, base = 0;
	enum status st = OK;
	while (st == OK && done < n) {
		if (state->pending == 0) {
			st = begin_run(r, s, state, err);
			continue;
		}
		if (dict == NULL) {
			dict = vector_ref(state->current);
		} else if (generation != state->generation) {
			base = dict->count;
			st = append_dict(r, &dict, state->current, err);
		}
		generation = state->generation;
		uint32_t some = state->pending < n - done ? (uint32_t)state->pending : n - done;
		if (st == OK)
			st = read_indexes(r, s, state, some, base, (uint32_t *)indexes->data + done, err);
		done += some;
	}
	if (st == OK && dict == NULL)
		st = vector_new(r->track, s->type, 0, &dict, err);
	if (st == OK)
		st = vector_new_dict(r->track, dict, 0, out, err);
	vector_unref(dict);
	if (st != OK) {
		buffer_unref(indexes);
		return st;
	}
	(*out)->count = n;
	set_data(*out, indexes, indexes->data);
	return OK;
}

/* ---- nodes ---- */

static enum status read_node(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                             struct error *err);

static enum status read_nullable(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                                 struct error *err)
{
	const uint8_t *bytes;
	struct buffer *keep;
	TRY(take_held(r, s->stream, n, &bytes, &keep, err));
	enum status st = read_node(r, s->children[0], n, out, err);
	if (st == OK) {
		(*out)->type = s->type;
		if (bytes_count(bytes, n) != 0) {
			st = vector_make_nulls(*out, r->track, err);
			if (st == OK)
				bits_from_bytes((*out)->nulls, bytes, n);
			else
				vector_unref(*out);
		}
	}
	buffer_unref(keep);
	return st;
}

static enum status read_array(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                              struct error *err)
{
	const uint8_t *sizes;
	struct buffer *keep;
	TRY(take_held(r, s->stream, (size_t)n * 8, &sizes, &keep, err));
	struct vector *v;
	enum status st = vector_new(r->track, s->type, n, &v, err);
	if (st != OK) {
		buffer_unref(keep);
		return st;
	}
	uint32_t *offset = v->data;
	uint64_t total = 0;
	offset[0] = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t size;
		memcpy(&size, sizes + (size_t)i * 8, 8);
		total = size > UINT32_MAX ? UINT64_MAX / 2 : total + size;
		offset[i + 1] = (uint32_t)total;
	}
	buffer_unref(keep);
	if (total > UINT32_MAX / 2)
		st = ERR(err, E_CORRUPTED_DATA, "'%s' claims too many array elements", r->streams[s->stream]->name);
	for (uint32_t k = 0; st == OK && k < s->child_count; k++)
		st = read_node(r, s->children[k], (uint32_t)total, &v->children[k], err);
	if (st != OK)
		vector_unref(v);
	*out = v;
	return st;
}

static enum status read_tuple(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                              struct error *err)
{
	struct vector *v;
	TRY(vector_new(r->track, s->type, n, &v, err));
	enum status st = OK;
	for (uint32_t k = 0; st == OK && k < s->child_count; k++)
		st = read_node(r, s->children[k], n, &v->children[k], err);
	if (st != OK)
		vector_unref(v);
	*out = v;
	return st;
}

/* Positions of the values among the next n rows, to rows; *count of them. */
static enum status read_runs(struct serial_reader *r, const struct serial *s, uint32_t n, uint32_t *rows,
                             uint32_t *count, struct error *err)
{
	struct node_state *state = &r->states[s->node];
	uint32_t done = 0;
	*count = 0;
	while (done < n) {
		if (!state->in_run) {
			uint64_t run;
			TRY(take_varuint(r, s->stream, &run, err));
			state->value = (run & sparse_end_flag) == 0;
			state->defaults = run & ~sparse_end_flag;
			state->in_run = true;
		}
		uint32_t skip = state->defaults < n - done ? (uint32_t)state->defaults : n - done;
		done += skip;
		state->defaults -= skip;
		if (state->defaults > 0 || (state->value && done == n))
			break;
		if (state->value)
			rows[(*count)++] = done++;
		state->in_run = false;
	}
	return OK;
}

__attribute__((always_inline)) static inline void scatter_width(void *to, const void *from, const uint32_t *rows,
                                                              uint32_t count, size_t width)
{
	uint8_t *out = to;
	const uint8_t *in = from;
	for (uint32_t i = 0; i < count; i++)
		memcpy(out + (size_t)rows[i] * width, in + (size_t)i * width, width);
}

static void scatter(void *to, const void *from, const uint32_t *rows, uint32_t count, size_t width)
{
	switch (width) {
	case 1: scatter_width(to, from, rows, count, 1); return;
	case 2: scatter_width(to, from, rows, count, 2); return;
	case 4: scatter_width(to, from, rows, count, 4); return;
	case 8: scatter_width(to, from, rows, count, 8); return;
	case 16: scatter_width(to, from, rows, count, 16); return;
	default: scatter_width(to, from, rows, count, width); return;
	}
}

static enum status read_sparse(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                               struct error *err)
{
	struct buffer *rows;
	uint32_t count;
	TRY(buffer_new(r->track, (size_t)n * sizeof(uint32_t), &rows, err));
	struct vector *values = NULL, *v = NULL;
	enum status st = read_runs(r, s, n, (uint32_t *)rows->data, &count, err);
	if (st == OK)
		st = read_node(r, s->children[0], count, &values, err);
	const struct type *t = r->lengths ? type_simple(TYPE_UINT64) : s->type;
	if (st == OK)
		st = vector_new(r->track, t, n, &v, err);
	if (st == OK) {
		size_t width = physical_size(type_physical(t));
		if (s->type->id == TYPE_FIXEDSTRING) {
			static const char zeros[4096];
			for (uint32_t i = 0; i < n; i++)
				((struct strview *)v->data)[i] =
					strview_make(zeros, s->type->length < sizeof zeros ? s->type->length : sizeof zeros);
		} else {
			memset(v->data, 0, n * width);
		}
		scatter(v->data, values->data, (const uint32_t *)rows->data, count, width);
		st = vector_share_heaps(v, values, err);
		if (st != OK)
			vector_unref(v);
	}
	vector_unref(values);
	buffer_unref(rows);
	*out = v;
	return st;
}

static enum status set_mode(struct node_state *state, const struct frame_reader *f, uint64_t mode, struct error *err)
{
	if (mode > VARIANT_MODE_COMPACT)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: discriminators of mode %llu in '%s'",
		           (unsigned long long)mode, f->name);
	state->basic = mode == VARIANT_MODE_BASIC;
	state->moded = true;
	return OK;
}

/* Of a wide part: from the head of the stream, which the reader may never have seen. */
static enum status learn_mode(struct serial_reader *r, const struct serial *s, struct error *err)
{
	struct node_state *state = &r->states[s->node];
	const struct frame_reader *f = r->streams[s->stream];
	struct frame_reader head;
	uint64_t mode;
	size_t got;
	frame_reader_init(&head, f->file, f->end, f->cache, r->track);
	enum status st = frame_reader_read(&head, &mode, sizeof mode, &got, err);
	if (st == OK && got != sizeof mode)
		st = ends_early(f, err);
	frame_reader_fini(&head);
	return st == OK ? set_mode(state, f, mode, err) : st;
}

/* The codes of the next rows as they are stored, through as many granules as they take. */
static enum status read_codes(struct serial_reader *r, const struct serial *s, uint32_t n, uint8_t *to,
                              struct error *err)
{
	struct node_state *state = &r->states[s->node];
	const uint8_t *data;
	struct buffer *keep, *copy;
	if (!state->moded && n != 0)
		TRY(learn_mode(r, s, err));
	for (uint32_t done = 0; done < n;) {
		if (state->basic) {
			state->one_code = false;
			state->pending = n - done;
		}
		if (state->pending == 0) {
			TRY(take_varuint(r, s->stream, &state->pending, err));
			TRY(take(r, s->stream, 1, &data, &keep, &copy, err));
			state->one_code = data[0] == VARIANT_GRANULE_ONE_CODE;
			buffer_unref(copy);
			if (state->one_code) {
				TRY(take(r, s->stream, 1, &data, &keep, &copy, err));
				state->code = data[0];
				buffer_unref(copy);
			}
			continue;
		}
		uint32_t some = state->pending < n - done ? (uint32_t)state->pending : n - done;
		if (state->one_code) {
			memset(to + done, state->code, some);
		} else {
			TRY(take(r, s->stream, some, &data, &keep, &copy, err));
			memcpy(to + done, data, some);
			buffer_unref(copy);
		}
		done += some;
		state->pending -= some;
	}
	return OK;
}

static enum status read_members(struct serial_reader *r, const struct serial *s, const uint8_t *codes, uint32_t n,
                                struct vector **dense, struct error *err)
{
	uint32_t counts[VARIANT_NULL_CODE + 1] = {0};
	for (uint32_t i = 0; i < n; i++)
		counts[codes[i]]++;
	for (uint32_t m = s->child_count; m < VARIANT_NULL_CODE; m++)
		if (counts[m] != 0)
			return ERR(err, E_CORRUPTED_DATA, "'%s' has a discriminator out of range", r->streams[s->stream]->name);
	for (uint32_t m = 0; m < s->child_count; m++)
		TRY(read_node(r, s->children[m], counts[m], &dense[m], err));
	return OK;
}

static enum status read_variant(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                                struct error *err)
{
	struct vector *dense[VARIANT_MEMBERS_MAX] = {NULL};
	struct buffer *codes;
	struct builder *b = NULL;
	TRY(buffer_new(r->track, (size_t)n + 1, &codes, err));
	enum status st = read_codes(r, s, n, codes->data, err);
	if (st == OK)
		st = read_members(r, s, codes->data, n, dense, err);
	if (st == OK)
		st = builder_new(r->track, s->type, &b, err);
	for (uint32_t i = 0; i < n; i++)
		codes->data[i]++; /* 255 becomes 0, NULL */
	if (st == OK)
		st = variant_scatter(b, codes->data, n, dense, err);
	if (st == OK)
		st = builder_finish(b, out, err);
	for (uint32_t m = 0; m < s->child_count; m++)
		vector_unref(dense[m]);
	builder_free(b);
	buffer_unref(codes);
	return st;
}

static enum status read_node(struct serial_reader *r, const struct serial *s, uint32_t n, struct vector **out,
                             struct error *err)
{
	switch (s->kind) {
	case SERIAL_VARIANT:
		return read_variant(r, s, n, out, err);
	case SERIAL_FIXED:
		return read_fixed(r, s, s->stream, n, out, err);
	case SERIAL_IPV6:
		return read_ipv6(r, s, s->stream, n, out, err);
	case SERIAL_FIXED_STRING:
		return read_fixed_string(r, s, s->stream, n, out, err);
	case SERIAL_STRING_SIZED:
		return r->lengths ? read_values(r, type_simple(TYPE_UINT64), sizeof(uint64_t), s->other, n, out, err)
		                  : read_sized(r, s, n, out, err);
	case SERIAL_STRING_CLASSIC:
		return read_classic(r, s, s->stream, n, out, err);
	case SERIAL_STATE:
		return read_states(r, s, n, out, err);
	case SERIAL_NULLABLE:
		return read_nullable(r, s, n, out, err);
	case SERIAL_ARRAY:
	case SERIAL_MAP:
		return read_array(r, s, n, out, err);
	case SERIAL_TUPLE:
		return read_tuple(r, s, n, out, err);
	case SERIAL_DICT:
		return read_dict(r, s, n, out, err);
	case SERIAL_SPARSE:
		return read_sparse(r, s, n, out, err);
	}
	assert(false);
	return E_LOGICAL_ERROR;
}

/* A compact granule begins with the version of each dictionary and the mode of each Variant. */
static enum status read_prefix(struct serial_reader *r, const struct serial *s, struct error *err)
{
	uint64_t version;
	if (s->kind == SERIAL_DICT) {
		TRY(take_u64(r, s->prefix, &version, err));
		if (version != 1)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: LowCardinality version %llu in '%s'",
			           (unsigned long long)version, r->streams[s->prefix]->name);
		return OK;
	}
	if (s->kind == SERIAL_VARIANT) {
		TRY(take_u64(r, s->prefix, &version, err));
		TRY(set_mode(&r->states[s->node], r->streams[s->prefix], version, err));
	}
	for (uint32_t k = 0; k < s->child_count; k++)
		TRY(read_prefix(r, s->children[k], err));
	return OK;
}

enum status serial_read(struct serial_reader *r, uint32_t count, struct vector **out, struct error *err)
{
	if (r->layout->compact && r->at_granule)
		TRY(read_prefix(r, r->layout->root, err));
	r->at_granule = false;
	return read_node(r, r->layout->root, count, out, err);
}
