// SPDX-License-Identifier: Apache-2.0
/*
 * Values to text, and what PostgreSQL's text types ask of a text: lengths of varchar and char, trailing blanks, JSON.
 */
#include <assert.h>

#include "base/utf8.h"
#include "func/cast_impl.h"
#include "kernel/kernel.h"

enum { NAME_BYTES_MAX = 63 };

static inline struct strview view_at(const struct vector *v, uint32_t i)
{
	return ((const struct strview *)v->data)[i];
}

/* ---- lengths ---- */

/* Whether only blanks stand from byte `from` on. */
static bool blanks_from(struct str s, size_t from)
{
	while (from < s.size && s.data[from] == ' ')
		from++;
	return from == s.size;
}

static enum status too_long(const struct cast *k, struct eval *e)
{
	return ERR(e->err, E_STRING_TOO_LONG, "value too long for type %.*s",
	           STR_ARG(type_pg_name(e->scratch, type_plain(e->scratch, k->to))));
}

/* Cuts r->out's views to the face's characters. An explicit cast cuts silently, an insert only blanks. */
static enum status cut_texts(const struct cast *k, struct eval *e, struct cast_run *r, size_t most)
{
	struct strview *views = r->out->data;
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = strview_str(&views[i]);
		if (s.size <= most || cast_row_is_dead(r, i))
			continue;
		size_t end = utf8_offset(s.data, s.size, most);
		if (end == s.size)
			continue;
		if (k->mode == CAST_INSERT && !blanks_from(s, end))
			return too_long(k, e);
		/* the view may be inline in the place that is written */
		struct strview whole = views[i];
		views[i] = strview_make(strview_data(&whole), end);
	}
	return OK;
}

/* char(n): exactly n characters, blanks at the end. */
static enum status pad_texts(const struct cast *k, struct eval *e, struct cast_run *r, size_t most)
{
	struct strbuf text;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, r->n + 1);
	struct vector *cut = r->out;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < r->n; i++) {
		struct strview view = view_at(cut, i);
		struct str s = strview_str(&view);
		size_t have = cast_row_is_dead(r, i) ? most : utf8_count(s.data, s.size);
		strbuf_puts(&text, s);
		for (; have < most; have++)
			strbuf_putc(&text, ' ');
		ends[i] = (uint32_t)text.size;
	}
	r->out = NULL;
	enum status s = cast_strings(k, e, r, &text, ends);
	strbuf_fini(&text);
	vector_unref(cut);
	return s;
}

/* Applies the target face's length to the texts in r->out, whose views are ours. */
static enum status apply_length(const struct cast *k, struct eval *e, struct cast_run *r)
{
	int32_t length = k->to->typmod - PG_VARHDRSZ;
	switch ((enum face)k->to->face) {
	case FACE_VARCHAR:
		return length > 0 ? cut_texts(k, e, r, (size_t)length) : OK;
	case FACE_BPCHAR:
		if (length <= 0)
			return OK;
		TRY(cut_texts(k, e, r, (size_t)length));
		return pad_texts(k, e, r, (size_t)length);
	case FACE_NAME: {
		struct strview *views = r->out->data;
		for (uint32_t i = 0; i < r->n; i++) {
			struct strview whole = views[i];
			if (whole.size > NAME_BYTES_MAX)
				views[i] = strview_make(strview_data(&whole), utf8_prefix_size(strview_data(&whole), NAME_BYTES_MAX));
		}
		return OK;
	}
	case FACE_CHAR: {
		struct strview *views = r->out->data;
		for (uint32_t i = 0; i < r->n; i++) {
			struct strview whole = views[i];
			views[i] = strview_make(strview_data(&whole), whole.size < 1 ? whole.size : 1);
		}
		return OK;
	}
	default:
		return OK;
	}
}

static bool has_length(const struct type *t)
{
	bool sized = t->face == FACE_VARCHAR || t->face == FACE_BPCHAR;
	return (sized && t->typmod > PG_VARHDRSZ) || t->face == FACE_NAME || t->face == FACE_CHAR;
}

/* ---- text to text ---- */

/* A copy of the views, over the same payload. */
static enum status copy_views(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(vector_new(e->track, k->to, r->n, &r->out, e->err));
	memcpy(r->out->data, r->in->data, r->n * sizeof(struct strview));
	return vector_share_heaps(r->out, r->in, e->err);
}

static enum status text_to_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool trims = k->from->face == FACE_BPCHAR && k->to->face != FACE_BPCHAR && k->dialect == DIALECT_POSTGRESQL;
	bool lengths = has_length(k->to) && (k->dialect == DIALECT_POSTGRESQL || k->mode == CAST_INSERT);
	if (!trims && !lengths) {
		TRY(vector_share(r->in, &r->out, e->err));
		r->out->count = r->n;
		/* its nulls are put anew by the caller */
		buffer_unref(r->out->null_buffer);
		r->out->null_buffer = NULL;
		r->out->nulls = NULL;
		return OK;
	}
	TRY(copy_views(k, e, r));
	struct strview *views = r->out->data;
	for (uint32_t i = 0; trims && i < r->n; i++) {
		struct strview whole = views[i];
		size_t size = whole.size;
		while (size != 0 && strview_data(&whole)[size - 1] == ' ')
			size--;
		views[i] = strview_make(strview_data(&whole), size);
	}
	return lengths ? apply_length(k, e, r) : OK;
}

/* FixedString's trailing zeros are padding. */
static enum status fixed_to_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(copy_views(k, e, r));
	struct strview *views = r->out->data;
	for (uint32_t i = 0; i < r->n; i++) {
		struct strview whole = views[i];
		size_t size = whole.size;
		while (size != 0 && strview_data(&whole)[size - 1] == '\0')
			size--;
		views[i] = strview_make(strview_data(&whole), size);
	}
	return has_length(k->to) ? apply_length(k, e, r) : OK;
}

/* String or a shorter FixedString to FixedString: zeros are added, nothing is cut. */
static enum status text_to_fixed(const struct cast *k, struct eval *e, struct cast_run *r)
{
	uint32_t length = k->to->length;
	char *heap;
	TRY(vector_new(e->track, k->to, r->n, &r->out, e->err));
	TRY(vector_heap(r->out, e->track, (size_t)r->n * length, &heap, e->err));
	struct strview *views = r->out->data;
	for (uint32_t i = 0; i < r->n; i++, heap += length) {
		struct strview view = view_at(r->in, i);
		struct str s = strview_str(&view);
		if (unlikely(s.size > length)) {
			if (!cast_forgives(k, e, r, i))
				return ERR(e->err, E_STRING_TOO_LONG, "String too long for type FixedString(%u)", length);
			s.size = 0;
		}
		if (s.size != 0)
			memcpy(heap, s.data, s.size);
		memset(heap + s.size, 0, length - s.size);
		views[i] = strview_make(heap, length);
	}
	return OK;
}

/* json, jsonb, inet, cidr, bytea from text: their input functions. */
static bool has_reader(const struct type *t)
{
	return t->face == FACE_JSON || t->face == FACE_JSONB || t->face == FACE_INET || t->face == FACE_CIDR ||
	       t->face == FACE_BYTEA;
}

/* ---- anything to text ---- */

static enum status spell(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool pg = k->dialect == DIALECT_POSTGRESQL;
	struct value_options options = *cast_text_options(e);
	struct vector *rows;
	struct strbuf text;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, r->n + 1);
	if (e->session->tz != NULL)
		options.tz = e->session->tz;
	if (!pg)
		options.bool_as_text = true;
	TRY(vector_share(r->in, &rows, e->err));
	rows->count = r->n;
	rows->type = k->from; /* with the zone that the cast was asked for */
	strbuf_init(&text, e->track);
	value_write_column(&text, rows, pg ? VALUE_PG : VALUE_RAW, &options, ends);
	enum status s = cast_strings(k, e, r, &text, ends);
	strbuf_fini(&text);
	vector_unref(rows);
	return s;
}

static enum status bool_to_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(vector_new(e->track, k->to, r->n, &r->out, e->err));
	const uint8_t *in = r->in->data;
	struct strview *views = r->out->data;
	for (uint32_t i = 0; i < r->n; i++)
		views[i] = in[i] ? strview_make("true", 4) : strview_make("false", 5);
	return has_length(k->to) ? apply_length(k, e, r) : OK;
}

/* oid-like types whose text is the object's name */
static enum status object_to_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct eval_services *services = e->session->services;
	const uint32_t *in = r->in->data;
	struct strbuf text;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, r->n + 1);
	enum status s = OK;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		struct str name = STR("");
		if (!cast_row_is_dead(r, i) && in[i] == 0)
			name = STR("-");
		else if (!cast_row_is_dead(r, i) && services != NULL && services->name_of != NULL)
			s = services->name_of(e->session->services_arg, (enum face)k->from->face, in[i], e->scratch, &name, e->err);
		if (name.size != 0)
			strbuf_puts(&text, name);
		else if (!cast_row_is_dead(r, i))
			strbuf_put_u64(&text, in[i]);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = cast_strings(k, e, r, &text, ends);
	strbuf_fini(&text);
	return s;
}

static enum status any_to_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	if (k->from->id == TYPE_BOOL)
		return bool_to_text(k, e, r);
	TRY(type_is_object(k->from) ? object_to_text(k, e, r) : spell(k, e, r));
	return has_length(k->to) ? apply_length(k, e, r) : OK;
}

/* PostgreSQL's cast of an address always says how long its network is. */
static enum status inet_to_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct strbuf text;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, r->n + 1);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < r->n; i++) {
		struct strview view = view_at(r->in, i);
		struct str s = cast_row_is_dead(r, i) ? STR("") : strview_str(&view);
		strbuf_puts(&text, s);
		if (s.size != 0 && str_find_char(s, '/') < 0)
			strbuf_putz(&text, str_find_char(s, ':') < 0 ? "/32" : "/128");
		ends[i] = (uint32_t)text.size;
	}
	enum status status = cast_strings(k, e, r, &text, ends);
	strbuf_fini(&text);
	return status == OK && has_length(k->to) ? apply_length(k, e, r) : status;
}

static enum status any_to_fixed(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast to_string = *k, to_fixed = *k;
	struct cast_run text = *r;
	to_string.to = to_fixed.from = type_simple(TYPE_STRING);
	TRY(any_to_text(&to_string, e, &text));
	struct cast_run fixed = *r;
	fixed.in = text.out;
	enum status s = text_to_fixed(&to_fixed, e, &fixed);
	vector_unref(text.out);
	r->out = fixed.out;
	r->failed = fixed.failed;
	return s;
}

cast_fn cast_choose_to_text(const struct type *from, const struct type *to)
{
	if (to->id == TYPE_FIXEDSTRING)
		return type_is_string(from) ? text_to_fixed : any_to_fixed;
	if (from->id == TYPE_STRING) {
		if (has_reader(to) && from->face != to->face)
			return cast_choose_from_text(from, to);
		if (from->face == FACE_INET && (to->face == FACE_TEXT || to->face == FACE_VARCHAR || to->face == FACE_BPCHAR))
			return inet_to_text;
		return from->face == FACE_BYTEA && to->face != FACE_DEFAULT ? any_to_text : text_to_text;
	}
	if (from->id == TYPE_FIXEDSTRING)
		return has_reader(to) ? cast_choose_from_text(from, to) : fixed_to_text;
	return any_to_text;
}
