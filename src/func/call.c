// SPDX-License-Identifier: Apache-2.0
/*
 * Running a bound call: the null, constant and dictionary rules around exec.
 */
#include <assert.h>

#include "func/function.h"

enum { ARGS_ON_STACK = 8 };

enum status eval_repeat(struct eval *e, const struct vector *v, uint32_t count, struct vector **out)
{
	if (v->form != VECTOR_CONST)
		return vector_constant(e->track, v, 0, count, out, e->err);
	/* one that stands for no rows has its row all the same */
	TRY(vector_share(v, out, e->err));
	(*out)->count = count;
	return OK;
}

/* The arguments of one run as exec sees them. */
struct frame {
	const struct vector **args;
	struct vector **owned;      /* per argument: a reference to drop, or NULL */
	const struct vector *args_here[ARGS_ON_STACK];
	struct vector *owned_here[ARGS_ON_STACK];
};

static bool is_volatile(const struct call *c)
{
	return c->function != NULL && c->function->volatility == FUNCTION_VOLATILE;
}

/* Custom too for casts, which have no row of their own. */
static bool nulls_are_default(const struct call *c)
{
	return c->function != NULL && c->function->nulls == FUNCTION_NULL_DEFAULT;
}

static bool lambda_sees_rows(const struct call *c, uint32_t i)
{
	const struct lambda *l = c->lambdas == NULL ? NULL : c->lambdas[i];
	return l != NULL && (l->capture_count != 0 || l->is_volatile);
}

static void frame_open(struct frame *f, struct eval *e, uint32_t n)
{
	f->args = f->args_here;
	f->owned = f->owned_here;
	if (n > ARGS_ON_STACK) {
		f->args = ARENA_ARRAY(e->scratch, const struct vector *, n);
		f->owned = ARENA_ARRAY(e->scratch, struct vector *, n);
	}
	memset(f->owned, 0, n * sizeof *f->owned);
}

static void frame_close(struct frame *f, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		vector_unref(f->owned[i]);
}

/* Makes *v ours alone, of the call's type, so that its header can be changed. */
static enum status own_result(const struct call *c, struct eval *e, struct vector **v)
{
	struct vector *old = *v;
	bool shared = atomic_load_explicit(&old->references, memory_order_acquire) > 1;
	if (!shared) {
		old->type = c->result;
		return OK;
	}
	enum status s = vector_retype(old, c->result, v, e->err);
	vector_unref(old);
	if (s != OK)
		*v = NULL;
	return s;
}

/* NULL where `nulls` says so, beside the NULLs that exec gave. */
static enum status add_nulls(struct eval *e, const uint64_t *nulls, uint32_t count, struct vector **v)
{
	struct vector *fresh = NULL;
	if ((*v)->form != VECTOR_FLAT) {
		enum status s = vector_flatten(e->track, *v, &fresh, e->err);
		vector_unref(*v);
		*v = fresh;
		TRY(s);
	}
	bool shared = (*v)->null_buffer != NULL && buffer_is_shared((*v)->null_buffer);
	if ((*v)->nulls == NULL || shared) {
		const uint64_t *old = (*v)->nulls;
		struct buffer *keep = buffer_ref((*v)->null_buffer);
		if (shared)
			buffer_unref((*v)->null_buffer);
		(*v)->nulls = NULL;
		(*v)->null_buffer = NULL;
		enum status s = vector_make_nulls(*v, e->track, e->err);
		if (s == OK && old != NULL)
			bits_or((*v)->nulls, old, nulls, count);
		else if (s == OK)
			memcpy((*v)->nulls, nulls, bits_words(count) * sizeof *nulls);
		buffer_unref(keep);
		return s;
	}
	bits_or((*v)->nulls, (*v)->nulls, nulls, count);
	return OK;
}

/* The OR of the arguments' null bitmaps; NULL when no row is NULL. */
static const uint64_t *merge_nulls(struct eval *e, const struct frame *f, uint32_t n, uint32_t count)
{
	const uint64_t *first = NULL;
	uint64_t *merged = NULL;
	for (uint32_t i = 0; i < n; i++) {
		const struct vector *v = f->args[i];
		if (v == NULL || v->form != VECTOR_FLAT || v->nulls == NULL)
			continue;
		if (first == NULL) {
			first = v->nulls;
			continue;
		}
		if (merged == NULL) {
			merged = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count));
			memcpy(merged, first, bits_words(count) * sizeof *merged);
		}
		bits_or(merged, merged, v->nulls, count);
	}
	if (merged != NULL)
		first = merged;
	return first == NULL || bits_none(first, count) ? NULL : first;
}

/* Runs exec over FLAT and CONST arguments, with the null rule. */
static enum status run_flat(const struct call *c, struct eval *e, const struct frame *f, uint32_t count,
                            struct vector **out)
{
	if (!nulls_are_default(c)) {
		TRY(c->exec(c, e, f->args, count, out));
		return own_result(c, e, out);
	}
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (f->args[i] != NULL && f->args[i]->form == VECTOR_CONST && vector_is_null(f->args[i], 0))
			return vector_null_constant(e->track, c->result, count, out, e->err);
	const uint64_t *nulls = merge_nulls(e, f, c->arg_count, count), *skip = e->skip;
	if (nulls == NULL) {
		TRY(c->exec(c, e, f->args, count, out));
		return own_result(c, e, out);
	}
	if (bits_all(nulls, count))
		return vector_null_constant(e->track, c->result, count, out, e->err);
	if (skip != NULL) {
		uint64_t *both = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count));
		bits_or(both, skip, nulls, count);
		e->skip = both;
	} else {
		e->skip = nulls;
	}
	enum status s = c->exec(c, e, f->args, count, out);
	e->skip = skip;
	if (s == OK)
		s = own_result(c, e, out);
	if (s == OK)
		s = add_nulls(e, nulls, count, out);
	if (s != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s;
}

/* All arguments are constants: one row is computed and stands for all. */
static enum status run_constant(const struct call *c, struct eval *e, const struct frame *f, uint32_t count,
                                struct vector **out)
{
	const uint64_t *skip = e->skip;
	if (count != 1)
		e->skip = NULL;
	enum status s = run_flat(c, e, f, 1, out);
	e->skip = skip;
	TRY(s);
	struct vector *one = *out;
	if (one->form == VECTOR_FLAT) {
		one->form = VECTOR_CONST;
		one->count = count;
		return OK;
	}
	s = eval_repeat(e, one, count, out);
	vector_unref(one);
	return s;
}

/* Exec over the entries of the only dictionary; the rows keep their indexes. */
static enum status run_dictionary(const struct call *c, struct eval *e, struct frame *f, uint32_t which,
                                  struct vector **out)
{
	const struct vector *v = f->args[which];
	const uint64_t *skip = e->skip;
	struct vector *entries = NULL, *made = NULL;
	f->args[which] = v->children[0];
	e->skip = NULL;
	enum status s = run_flat(c, e, f, v->children[0]->count, &entries);
	e->skip = skip;
	f->args[which] = v;
	TRY(s);
	if (entries->form == VECTOR_CONST) {
		s = eval_repeat(e, entries, v->count, out);
		vector_unref(entries);
		return s;
	}
	/* a view of v's indexes with another dictionary */
	s = vector_slice(e->track, v, 0, v->count, &made, e->err);
	if (s == OK && atomic_load_explicit(&made->references, memory_order_acquire) > 1) {
		vector_unref(made);
		s = vector_retype(v, v->type, &made, e->err);
	}
	if (s == OK) {
		vector_unref(made->children[0]);
		made->children[0] = vector_ref(entries);
		made->type = c->result;
	}
	vector_unref(entries);
	*out = s == OK ? made : NULL;
	return s;
}

/*
 * The argument over whose dictionary the call may run: the only one that is not constant. A dictionary larger than the
 * batch is a view that a filter or join left, where only few entries are alive.
 */
static bool dictionary_rule(const struct call *c, const struct frame *f, uint32_t count, uint32_t *which)
{
	bool found = false;
	if (is_volatile(c) || (c->function != NULL && c->function->flags & FUNCTION_NO_DICT))
		return false;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct vector *v = f->args[i];
		if (v == NULL) {
			if (lambda_sees_rows(c, i))
				return false;
			continue;
		}
		if (v->form == VECTOR_CONST)
			continue;
		if (v->form == VECTOR_FLAT || found || v->children[0]->count > count)
			return false;
		found = true;
		*which = i;
	}
	return found;
}

enum status call_run(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                     struct vector **out)
{
	assert(c->exec != NULL && c->result != NULL);
	struct frame f;
	uint32_t n = c->arg_count, which = 0;
	bool constant = !is_volatile(c), has_dict = false;
	*out = NULL;
	frame_open(&f, e, n);
	for (uint32_t i = 0; i < n; i++) {
		f.args[i] = args[i];
		if (args[i] == NULL)
			constant = constant && !lambda_sees_rows(c, i);
		else
			constant = constant && args[i]->form == VECTOR_CONST;
		has_dict |= args[i] != NULL && args[i]->form == VECTOR_DICT;
	}
	if (constant && count != 0)
		return run_constant(c, e, &f, count, out);
	if (has_dict && dictionary_rule(c, &f, count, &which)) {
		/* an entry that no row uses may fail: then the rows decide */
		if (run_dictionary(c, e, &f, which, out) == OK)
			return OK;
		if (e->err != NULL)
			error_clear(e->err);
	}
	enum status s = OK;
	for (uint32_t i = 0; has_dict && i < n && s == OK; i++)
		if (f.args[i] != NULL && f.args[i]->form == VECTOR_DICT) {
			s = vector_flatten(e->track, f.args[i], &f.owned[i], e->err);
			f.args[i] = f.owned[i];
		}
	if (s == OK)
		s = run_flat(c, e, &f, count, out);
	frame_close(&f, n);
	return s;
}

enum status call_result(const struct call *c, struct eval *e, uint32_t count, struct vector **out)
{
	return vector_new(e->track, c->result, count, out, e->err);
}

enum status call_strings(const struct call *c, struct eval *e, const struct strbuf *text, const uint32_t *ends,
                         uint32_t count, struct vector **out)
{
	struct vector *v;
	TRY(strbuf_status(text, e->err));
	if (text->size > UINT32_MAX)
		return ERR(e->err, E_TOO_MANY_BYTES, "strings of one batch hold more than %u bytes", UINT32_MAX);
	TRY(vector_new(e->track, c->result, count, &v, e->err));
	struct strview *views = v->data;
	const char *bytes = text->data;
	bool all_short = true;
	for (uint32_t i = 0, from = 0; i < count; from = ends[i++])
		all_short = all_short && ends[i] - from <= STRVIEW_INLINE;
	if (!all_short) {
		char *heap;
		enum status s = vector_heap(v, e->track, text->size, &heap, e->err);
		if (s != OK) {
			vector_unref(v);
			return s;
		}
		memcpy(heap, text->data, text->size);
		bytes = heap;
	}
	for (uint32_t i = 0, from = 0; i < count; from = ends[i++])
		views[i] = strview_make(bytes + from, ends[i] - from);
	*out = v;
	return OK;
}

enum status call_text(const struct call *c, struct eval *e, struct str text, uint32_t count, struct vector **out)
{
	struct strbuf b;
	uint32_t end = (uint32_t)text.size;
	strbuf_init(&b, e->track);
	strbuf_puts(&b, text);
	enum status s = call_strings(c, e, &b, &end, 1, out);
	strbuf_fini(&b);
	TRY(s);
	(*out)->form = VECTOR_CONST;
	(*out)->count = count;
	return OK;
}

const struct timezone *call_zone(const struct type *t, const struct eval_session *session)
{
	if (t != NULL && t->tz != NULL)
		return t->tz;
	return session->tz != NULL ? session->tz : timezone_utc();
}
