// SPDX-License-Identifier: Apache-2.0
/* Frames of window functions: from the bounds of ROWS, RANGE and GROUPS to rows. */
#include "exec/op_window_impl.h"

static enum status bad_offset(bool pg, const char *which, const char *what, struct error *err)
{
	return ERR(err, E_WINDOW_FRAME_OFFSET, pg ? "frame %s offset must not be %s"
	           : "Frame %s offset must be a nonnegative number, not %s", which, what);
}

static bool is_negative(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	const char *data = at->data;
	const struct type *t = v->type;
	size_t size = physical_size(type_physical(t));
	if (t->id == TYPE_FLOAT32)
		return ((const float *)at->data)[row] < 0;
	if (t->id == TYPE_FLOAT64)
		return ((const double *)at->data)[row] < 0;
	if (!type_is_decimal(t) && !(type_is_integer(t) && type_is_signed(t)))
		return false;
	return (data[row * size + size - 1] & 0x80) != 0; /* little endian */
}

static enum status read_offset(const struct window_bounds *b, uint32_t column, const char *which, bool pg, int64_t *out,
                               struct error *err)
{
	if (column == WINDOW_NO_VALUE)
		return OK;
	const struct vector *v = b->rows->columns[column], *at;
	uint32_t row = vector_index(v, b->rows->start, &at);
	if (vector_is_null(v, b->rows->start))
		return ERR(err, E_BAD_ARGUMENTS, "frame %s offset must not be null", which);
	if (is_negative(v, b->rows->start))
		return bad_offset(pg, which, "negative", err);
	if (b->item->plan->frame.unit != FRAME_RANGE)
		memcpy(out, (const int64_t *)at->data + row, sizeof *out);
	return OK;
}

enum status window_bounds_init(struct window_bounds *b, const struct window_item *item, const struct window_rows *rows,
                               bool descending, bool pg, struct error *err)
{
	*b = (struct window_bounds){.item = item, .rows = rows, .descending = descending, .keys_from = rows->start,
		.keys_to = rows->end};
	TRY(read_offset(b, item->from_offset, pg ? "starting" : "start", pg, &b->from_offset, err));
	TRY(read_offset(b, item->to_offset, pg ? "ending" : "end", pg, &b->to_offset, err));
	if (item->key == WINDOW_NO_VALUE)
		return OK;
	const struct vector *key = rows->columns[item->key];
	while (b->keys_from < b->keys_to && vector_is_null(key, b->keys_from))
		b->keys_from++;
	while (b->keys_from < b->keys_to && vector_is_null(key, b->keys_to - 1))
		b->keys_to--;
	return OK;
}

/* The first row whose key is not before bound[row], or with `after` the first behind it. */
static uint32_t search(const struct window_bounds *b, uint32_t bound_column, uint32_t row, bool after)
{
	const struct vector *key = b->rows->columns[b->item->key], *bound = b->rows->columns[bound_column];
	uint32_t low = b->keys_from, high = b->keys_to;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = vector_compare_rows(key, middle, bound, row);
		order = b->descending ? -order : order;
		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t clamped(const struct window_rows *r, int64_t row)
{
	return row < (int64_t)r->start ? r->start : row > (int64_t)r->end ? r->end : (uint32_t)row;
}

/* base + offset without overflow; offset >= 0. */
static int64_t moved(int64_t base, int64_t offset, bool back)
{
	const int64_t far = (int64_t)1 << 40;
	offset = offset > far ? far : offset;
	return back ? base - offset : base + offset;
}

static uint32_t rows_bound(const struct window_rows *r, uint32_t row, enum frame_bound bound, int64_t offset, bool end)
{
	if (bound == BOUND_CURRENT_ROW)
		return row + end;
	return clamped(r, moved(row, offset, bound == BOUND_PRECEDING) + end);
}

static uint32_t groups_bound(const struct window_rows *r, uint32_t row, enum frame_bound bound, int64_t offset,
                             bool end)
{
	if (bound == BOUND_CURRENT_ROW)
		return end ? r->peers_to[row] : r->peers_from[row];
	int64_t g = moved(r->group[row], offset, bound == BOUND_PRECEDING) + end;
	return g < 0 ? r->start : g >= (int64_t)r->group_count ? r->end : r->groups[g];
}

static uint32_t range_bound(const struct window_bounds *b, uint32_t row, enum frame_bound bound, uint32_t column,
                            bool end)
{
	const struct window_rows *r = b->rows;
	if (bound == BOUND_CURRENT_ROW || vector_is_null(r->columns[b->item->key], row))
		return end ? r->peers_to[row] : r->peers_from[row];
	return search(b, column, row, end);
}

static uint32_t bound_of(const struct window_bounds *b, uint32_t row, bool end)
{
	const struct plan_frame *f = &b->item->plan->frame;
	enum frame_bound bound = end ? f->to : f->from;
	int64_t offset = end ? b->to_offset : b->from_offset;
	if (bound == BOUND_UNBOUNDED_PRECEDING)
		return b->rows->start;
	if (bound == BOUND_UNBOUNDED_FOLLOWING)
		return b->rows->end;
	if (f->unit == FRAME_ROWS)
		return rows_bound(b->rows, row, bound, offset, end);
	if (f->unit == FRAME_GROUPS)
		return groups_bound(b->rows, row, bound, offset, end);
	if (bound == BOUND_CURRENT_ROW)
		return end ? b->rows->peers_to[row] : b->rows->peers_from[row];
	return range_bound(b, row, bound, end ? b->item->to_key : b->item->from_key, end);
}

static void add_span(struct window_frame *f, uint32_t from, uint32_t to)
{
	if (from < to)
		f->spans[f->count++] = (struct window_span){from, to};
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t greatest(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

void window_frame_of(const struct window_bounds *b, uint32_t row, struct window_frame *out)
{
	uint32_t from = bound_of(b, row, false), to = bound_of(b, row, true);
	enum frame_exclude exclude = b->item->plan->frame.exclude;
	uint32_t cut_from = row, cut_to = row + 1;
	out->count = 0;
	if (exclude == EXCLUDE_NO_OTHERS) {
		add_span(out, from, to);
		return;
	}
	if (exclude != EXCLUDE_CURRENT_ROW) {
		cut_from = b->rows->peers_from[row];
		cut_to = b->rows->peers_to[row];
	}
	add_span(out, from, least(to, cut_from));
	if (exclude == EXCLUDE_TIES)
		add_span(out, greatest(from, row), least(to, row + 1));
	add_span(out, greatest(from, cut_to), to);
}
