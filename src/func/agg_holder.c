// SPDX-License-Identifier: Apache-2.0
#include "func/agg_holder_impl.h"

#include <assert.h>

struct holder holder_of(const struct type *t)
{
	struct holder h = {.type = t, .kind = HOLDER_FIXED, .reversed = t->id == TYPE_IPV6};
	size_t width = physical_size(type_physical(t));
	if (t->nullable || width == 0 || t->id == TYPE_NUMERIC || t->id == TYPE_PGINTERVAL) {
		h.kind = HOLDER_ANY;
		h.size = 16;
	} else if (type_physical(t) == PHYS_STR) {
		h.kind = t->id == TYPE_STRING ? HOLDER_STRING : HOLDER_ANY;
		h.size = h.kind == HOLDER_STRING ? 8 + (uint32_t)sizeof(struct agg_string) : 16;
	} else {
		h.width = (uint32_t)width;
		h.size = 8 + (uint32_t)round_up_to(width, 8);
	}
	return h;
}

static struct vector **any_of(const char *s)
{
	return holder_value(s);
}

enum status holder_set_slow(const struct holder *h, struct eval *e, char *s, const struct vector *v, uint32_t row)
{
	if (h->kind == HOLDER_STRING) {
		const struct strview *x = (const struct strview *)v->data + row;
		TRY(agg_string_set(e, holder_value(s), strview_data(x), x->size));
	} else {
		struct vector *one;
		TRY(vector_constant(e->track, v, row, 1, &one, e->err));
		enum status status = vector_compact(e->track, &one, e->err);
		if (status != OK) {
			vector_unref(one);
			return status;
		}
		vector_unref(*any_of(s));
		*any_of(s) = one;
	}
	*s = 1;
	return OK;
}

enum status holder_copy(const struct holder *h, struct eval *e, char *s, const char *other)
{
	assert(holder_has(other));
	if (h->kind == HOLDER_STRING) {
		const struct agg_string *x = holder_value(other);
		TRY(agg_string_set(e, holder_value(s), agg_string_data(x), x->size));
	} else if (h->kind == HOLDER_FIXED) {
		memcpy(holder_value(s), holder_value(other), h->width);
	} else {
		vector_unref(*any_of(s));
		*any_of(s) = vector_ref(*any_of(other));
	}
	*s = 1;
	return OK;
}

/* A stack vector that shows a holder's value. */
static void show(const struct holder *h, const char *s, struct vector *v, struct strview *view)
{
	memset(v, 0, sizeof *v);
	v->form = VECTOR_CONST;
	v->count = 1;
	v->type = h->type;
	v->data = holder_value(s);
	if (h->kind == HOLDER_STRING) {
		const struct agg_string *x = holder_value(s);
		*view = strview_make(agg_string_data(x), x->size);
		v->data = view;
	}
}

int holder_compare_row(const struct holder *h, const char *s, const struct vector *v, uint32_t row)
{
	struct vector here;
	struct strview view;
	if (h->kind == HOLDER_ANY)
		return vector_compare_rows(*any_of(s), 0, v, row);
	show(h, s, &here, &view);
	return vector_compare_rows(&here, 0, v, row);
}

int holder_compare(const struct holder *h, const char *s, const char *other)
{
	struct vector there;
	struct strview view;
	if (h->kind == HOLDER_ANY)
		return vector_compare_rows(*any_of(s), 0, *any_of(other), 0);
	show(h, other, &there, &view);
	return holder_compare_row(h, s, &there, 0);
}

void holder_free(const struct holder *h, char *s, struct memtrack *track)
{
	if (h->kind == HOLDER_STRING) {
		agg_string_free(holder_value(s), track);
	} else if (h->kind == HOLDER_ANY) {
		vector_unref(*any_of(s));
		*any_of(s) = NULL;
	}
	*s = 0;
}

enum status holder_append(const struct holder *h, struct eval *e, const char *s, struct builder *to)
{
	if (!holder_has(s))
		return builder_default(to, e->err);
	if (h->kind == HOLDER_FIXED)
		return builder_fixed(to, holder_value(s), e->err);
	if (h->kind == HOLDER_ANY)
		return builder_row(to, *any_of(s), 0, e->err);
	const struct agg_string *x = holder_value(s);
	return builder_string(to, agg_string_data(x), x->size, e->err);
}

static void reverse16(uint8_t *bytes)
{
	for (int i = 0; i < 8; i++) {
		uint8_t b = bytes[i];
		bytes[i] = bytes[15 - i];
		bytes[15 - i] = b;
	}
}

/* Strings: int32 size with the NUL that follows, -1 for none; others: whether there is one, then it. */
enum status holder_write(const struct holder *h, struct eval *e, const char *s, struct strbuf *to)
{
	if (h->kind == HOLDER_STRING) {
		const struct agg_string *x = holder_value(s);
		strbuf_put_le(to, holder_has(s) ? (uint64_t)x->size + 1 : UINT32_MAX, 4);
		if (holder_has(s)) {
			strbuf_put(to, agg_string_data(x), x->size);
			strbuf_putc(to, '\0');
		}
		return OK;
	}
	strbuf_putc(to, holder_has(s));
	if (!holder_has(s))
		return OK;
	if (h->kind == HOLDER_ANY)
		return agg_value_write(to, *any_of(s), 0, e->err);
	uint8_t bytes[32];
	memcpy(bytes, holder_value(s), h->width);
	if (h->reversed)
		reverse16(bytes);
	strbuf_put(to, bytes, h->width);
	return OK;
}

static enum status read_any(const struct holder *h, struct eval *e, char *s, struct agg_reader *from)
{
	struct builder *b;
	struct vector *v = NULL;
	TRY(builder_new(e->track, h->type, &b, e->err));
	enum status status = agg_value_read(b, from, e->err);
	status = builder_close(b, status, &v, e->err);
	TRY(status);
	v->form = VECTOR_CONST;
	vector_unref(*any_of(s));
	*any_of(s) = v;
	*s = 1;
	return OK;
}

enum status holder_read(const struct holder *h, struct eval *e, char *s, struct agg_reader *from)
{
	if (h->kind == HOLDER_STRING) {
		int32_t size;
		agg_get(from, &size, sizeof size);
		if (from->failed || size < 0)
			return OK;
		if (size > from->end - from->at) {
			from->failed = true;
			return OK;
		}
		size_t text = size == 0 ? 0 : (size_t)size - 1;
		TRY(agg_string_set(e, holder_value(s), from->at, text));
		from->at += size;
		*s = 1;
		return OK;
	}
	if (agg_get_u8(from) == 0)
		return OK;
	if (h->kind == HOLDER_ANY)
		return read_any(h, e, s, from);
	agg_get(from, holder_value(s), h->width);
	if (h->reversed)
		reverse16(holder_value(s));
	*s = 1;
	return OK;
}

/* ---- slots ---- */

void agg_holder_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	holder_free(a->data, state, track);
}

enum status agg_holder_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to)
{
	const struct holder *h = a->data;
	for (uint32_t i = 0; i < count; i++)
		TRY(holder_append(h, e, states[i] + offset, to));
	return OK;
}

enum status agg_holder_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	return holder_write(a->data, e, state, to);
}

enum status agg_holder_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                            size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	TRY(holder_read(a->data, e, state, &r));
	return agg_reader_end(&r, e, from, consumed);
}
