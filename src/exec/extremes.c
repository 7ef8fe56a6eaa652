// SPDX-License-Identifier: Apache-2.0
/* What stands beside the rows of a result: the row of WITH TOTALS, and with extremes = 1 minima and maxima. */
#include <stdlib.h>

#include "exec/session_impl.h"

/* Of every column the least and the greatest value so far, as constants; NULL: only NULLs have come. */
struct extremes {
	uint32_t column_count;
	struct vector **least, **greatest;
};

struct extremes *extremes_new(uint32_t column_count)
{
	struct extremes *e = calloc(1, sizeof *e);
	if (e == NULL)
		return NULL;
	e->column_count = column_count;
	e->least = calloc(column_count + 1, sizeof *e->least);
	e->greatest = calloc(column_count + 1, sizeof *e->greatest);
	if (e->least == NULL || e->greatest == NULL) {
		extremes_free(e);
		return NULL;
	}
	return e;
}

void extremes_free(struct extremes *e)
{
	if (e == NULL)
		return;
	for (uint32_t c = 0; c < e->column_count; c++) {
		vector_unref(e->least == NULL ? NULL : e->least[c]);
		vector_unref(e->greatest == NULL ? NULL : e->greatest[c]);
	}
	free(e->least);
	free(e->greatest);
	free(e);
}

static enum status keep(struct vector **to, const struct vector *v, uint32_t row, struct memtrack *track,
                        struct error *err)
{
	struct vector *made;
	TRY(vector_constant(track, v, row, 1, &made, err));
	vector_unref(*to);
	*to = made;
	return OK;
}

static bool is_nan(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (v->type->id == TYPE_FLOAT64)
		return ((const double *)at->data)[i] != ((const double *)at->data)[i];
	return v->type->id == TYPE_FLOAT32 && ((const float *)at->data)[i] != ((const float *)at->data)[i];
}

static enum status add_column(struct extremes *e, uint32_t c, const struct vector *v, uint32_t count,
                              struct memtrack *track, struct error *err)
{
	uint32_t low = UINT32_MAX, high = UINT32_MAX;
	bool ordered = v->type->id != TYPE_AGGSTATE;
	for (uint32_t i = 0; i < count; i++) {
		if (vector_is_null(v, i) || is_nan(v, i))
			continue;
		if (low == UINT32_MAX)
			low = high = i;
		if (!ordered)
			break;
		if (vector_compare_rows(v, i, v, low) < 0)
			low = i;
		if (vector_compare_rows(v, i, v, high) > 0)
			high = i;
	}
	if (low == UINT32_MAX || (e->least[c] != NULL && !ordered))
		return OK;
	if (e->least[c] == NULL || vector_compare_rows(v, low, e->least[c], 0) < 0)
		TRY(keep(&e->least[c], v, low, track, err));
	if (e->greatest[c] == NULL || vector_compare_rows(v, high, e->greatest[c], 0) > 0)
		TRY(keep(&e->greatest[c], v, high, track, err));
	return OK;
}

enum status extremes_add(struct extremes *e, const struct batch *b, struct memtrack *track, struct error *err)
{
	for (uint32_t c = 0; c < e->column_count && c < b->column_count; c++)
		TRY(add_column(e, c, b->columns[c], b->count, track, err));
	return OK;
}

/* Two rows: the least values, and the greatest. */
static enum status extremes_batch(const struct statement *st, struct batch **out, struct error *err)
{
	const struct extremes *e = st->extremes;
	struct memtrack *track = &st->session->track;
	TRY(batch_new(e->column_count, out, err));
	(*out)->count = 2;
	enum status s = OK;
	for (uint32_t c = 0; c < e->column_count && s == OK; c++) {
		struct builder *b = NULL;
		s = builder_new(track, st->info.columns[c].type, &b, err);
		for (unsigned i = 0; i < 2 && s == OK; i++) {
			const struct vector *v = i == 0 ? e->least[c] : e->greatest[c];
			s = v != NULL ? builder_row(b, v, 0, err) : builder_default(b, err);
		}
		if (s == OK)
			s = builder_finish(b, &(*out)->columns[c], err);
		builder_free(b);
	}
	if (s != OK) {
		batch_free(*out);
		*out = NULL;
	}
	return s;
}

enum status statement_extra(struct statement *st, enum format_extra what, struct batch **out, struct error *err)
{
	*out = NULL;
	if (st->inner != NULL)
		return statement_extra(st->inner, what, out, err);
	if (what == FORMAT_TOTALS)
		return st->query_started && st->kind == STATEMENT_QUERY ? query_totals(&st->query, out, err) : OK;
	return st->extremes == NULL || st->rows == 0 ? OK : extremes_batch(st, out, err);
}

enum status statement_write_extras(struct statement *st, struct format_writer *w, struct strbuf *to, struct error *err)
{
	static const enum format_extra extras[] = {FORMAT_TOTALS, FORMAT_EXTREMES};
	for (size_t i = 0; i < ARRAY_COUNT(extras); i++) {
		struct batch *b;
		TRY(statement_extra(st, extras[i], &b, err));
		if (b == NULL)
			continue;
		enum status s = format_write_extra(w, extras[i], b, to, err);
		batch_free(b);
		TRY(s);
	}
	return OK;
}

enum status statement_say_extras(struct statement *st, struct error *err)
{
	static const char *const names[] = {[FORMAT_TOTALS] = "totals", [FORMAT_EXTREMES] = "extremes"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		struct batch *b;
		struct strbuf text;
		TRY(statement_extra(st, (enum format_extra)i, &b, err));
		for (uint32_t row = 0; b != NULL && row < b->count; row++) {
			strbuf_init(&text, NULL);
			for (uint32_t c = 0; c < b->column_count; c++) {
				strbuf_putz(&text, c == 0 ? "" : ", ");
				value_write(&text, b->columns[c], row, VALUE_QUOTED, &st->session->text);
			}
			session_say(st->session, "NOTICE", OK, "%s: (%s)", names[i], strbuf_cstr(&text));
			strbuf_fini(&text);
		}
		batch_free(b);
	}
	return OK;
}
