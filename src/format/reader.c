// SPDX-License-Identifier: Apache-2.0
/* The readers' engine: gathering, cutting, parsing in tasks, delivering in order. */
#include <stdio.h>
#include <stdlib.h>

#include "format/reader_impl.h"

enum { PIECE_ROWS = 8192, PENDING_MIN = 65536 };

/* ---- columns ---- */

static bool face_is_plain(const struct type *t)
{
	static const uint8_t plain[TYPE_COUNT] = {
		[TYPE_INT16] = FACE_INT2, [TYPE_INT32] = FACE_INT4, [TYPE_INT64] = FACE_INT8, [TYPE_FLOAT64] = FACE_FLOAT8,
		[TYPE_STRING] = FACE_TEXT, [TYPE_UUID] = FACE_UUID, [TYPE_DATETIME64] = FACE_TIMESTAMP, [TYPE_DATE32] = FACE_DATE,
		[TYPE_DECIMAL32] = FACE_NUMERIC, [TYPE_DECIMAL64] = FACE_NUMERIC, [TYPE_BOOL] = FACE_BOOL,
	};
	return t->face == FACE_DEFAULT || t->face == plain[t->id];
}

static enum fast_kind kind_of(const struct format_reader *r, const struct type *t)
{
	const struct timezone *tz = t->tz != NULL ? t->tz : r->values.tz;
	bool utc = tz == NULL || timezone_is_utc(tz);
	if (!face_is_plain(t) && !(t->face == FACE_TIMESTAMPTZ && (r->values.tz == NULL || timezone_is_utc(r->values.tz))))
		return FAST_NONE;
	switch ((enum type_id)t->id) {
	case TYPE_STRING: return FAST_STRING;
	case TYPE_INT8: case TYPE_INT16: case TYPE_INT32: case TYPE_INT64: return FAST_SIGNED;
	case TYPE_UINT8: case TYPE_UINT16: case TYPE_UINT32: case TYPE_UINT64: return FAST_UNSIGNED;
	case TYPE_FLOAT64: return FAST_FLOAT;
	case TYPE_DECIMAL32: case TYPE_DECIMAL64: return FAST_DECIMAL;
	case TYPE_DATE: case TYPE_DATE32: return FAST_DATE;
	case TYPE_DATETIME: case TYPE_DATETIME64: return utc && t->scale <= 9 ? FAST_DATETIME : FAST_NONE;
	case TYPE_UUID: return FAST_UUID;
	case TYPE_BOOL: return FAST_BOOL;
	default: return FAST_NONE;
	}
}

void reader_column_init(struct format_reader *r, uint32_t c, const struct format_column *column)
{
	struct reader_column *to = &r->columns[c];
	struct strbuf key;
	to->name = arena_str(&r->arena, column->name);
	to->type = type_copy(&r->arena, column->type);
	r->values = r->options->values;
	to->kind = kind_of(r, to->type);
	to->width = (uint8_t)physical_size(type_physical(to->type));
	strbuf_init(&key, r->track);
	json_write_string(&key, to->name, false);
	to->key = arena_str(&r->arena, strbuf_str(&key));
	strbuf_fini(&key);
}

enum status reader_open(struct format_reader *r, struct error *err)
{
	const struct reader_class *class = r->def->reader;
	r->values.null_as_default = r->options->null_as_default;
	r->delimiter = '\t';
	r->target = SEGMENT_MIN;
	r->ring_size = 1;
	if (r->options->pool != NULL && !class->serial && r->options->allow_errors_num == 0 &&
	    r->options->allow_errors_ratio == 0) {
		r->ring_size = pool_threads(r->options->pool) + 1;
		if (r->ring_size > SEGMENTS_MAX)
			r->ring_size = SEGMENTS_MAX;
	}
	strmap_init(&r->by_name, &r->arena, false);
	for (uint32_t c = 0; c < r->column_count; c++)
		strmap_set(&r->by_name, r->columns[c].name, (void *)(uintptr_t)(c + 1));
	r->comes = ARENA_ARRAY(&r->arena, bool, r->column_count + 1);
	r->fields = ARENA_ARRAY(&r->arena, uint32_t, r->column_count + 1);
	for (uint32_t c = 0; c < r->column_count; c++) {
		r->fields[c] = c;
		r->comes[c] = true;
	}
	r->field_count = r->column_count;
	r->header_done = class->header == NULL;
	if (class->open != NULL)
		class->open(r);
	(void)err;
	return OK;
}

uint32_t reader_find(const struct format_reader *r, struct str name)
{
	uintptr_t i = (uintptr_t)strmap_get(&r->by_name, name);
	return i == 0 ? FIELD_SKIP : (uint32_t)(i - 1);
}

enum status reader_unknown(const struct format_reader *r, struct str name, struct error *err)
{
	if (r->options->skip_unknown_fields)
		return OK;
	return ERR(err, E_INCORRECT_DATA, "Unknown field found while parsing %s format: %.*s", r->def->info.name,
	           (int)(name.size > 200 ? 200 : name.size), name.data);
}

enum status reader_set_fields(struct format_reader *r, const struct str *names, uint32_t n, struct error *err)
{
	if (!r->options->with_names_use_header)
		return OK;
	uint32_t *fields = ARENA_ARRAY(&r->arena, uint32_t, n + 1);
	memset(r->comes, 0, r->column_count * sizeof *r->comes);
	for (uint32_t i = 0; i < n; i++) {
		fields[i] = reader_find(r, names[i]);
		if (fields[i] == FIELD_SKIP && !r->options->skip_unknown_fields)
			return ERR(err, E_INCORRECT_DATA, "Unknown field found in %s header: '%.*s' at position %u", r->def->info.name,
			           (int)(names[i].size > 200 ? 200 : names[i].size), names[i].data, i);
		if (fields[i] == FIELD_SKIP)
			continue;
		if (r->comes[fields[i]])
			return ERR(err, E_INCORRECT_DATA, "Duplicate field found while parsing %s header: %.*s", r->def->info.name,
			           STR_ARG(names[i]));
		r->comes[fields[i]] = true;
	}
	r->fields = fields;
	r->field_count = n;
	return OK;
}

bool reader_is_header(const struct format_reader *r, const struct str *names, uint32_t n)
{
	uint32_t known = 0;
	for (uint32_t i = 0; i < n; i++)
		known += reader_find(r, names[i]) != FIELD_SKIP;
	return n != 0 && known == n && n == r->column_count;
}

/* ---- rows of a segment ---- */

enum status segment_missing(struct segment *s, uint32_t c, struct error *err)
{
	struct builder *b = s->builders[c];
	if (s->missing[c] == NULL) {
		s->missing[c] = calloc(bits_words(s->reader->block_rows), sizeof(uint64_t));
		if (s->missing[c] == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a bitmap");
	}
	TRY(builder_default(b, err));
	bit_set(s->missing[c], s->rows);
	return OK;
}

enum status segment_end_row(struct segment *s, struct error *err)
{
	uint32_t n = s->reader->column_count;
	for (uint32_t c = 0; c < n; c++)
		if (s->builders[c]->count == s->rows)
			TRY(segment_missing(s, c, err));
	s->rows++;
	return OK;
}

enum status segment_null(struct segment *s, uint32_t c, struct error *err)
{
	struct builder *b = s->builders[c];
	if (b->type->nullable)
		return builder_null(b, err);
	if (s->reader->values.null_as_default)
		return segment_missing(s, c, err);
	return ERR(err, E_NOT_NULL_VIOLATION, "Cannot insert NULL value into a column of type '%.*s'",
	           STR_ARG(s->reader->columns[c].name));
}

enum status segment_keep(struct segment *s, uint32_t c, struct error *err)
{
	struct builder *b = s->builders[c];
	if (likely(b->heap_count != 0)) {
		if (b->heaps[0] == s->buffer || (b->heap_count > 1 && b->heaps[b->heap_count - 2] == s->buffer))
			return OK;
	}
	return builder_keep(b, s->buffer, err);
}

static void segment_free(struct segment *s)
{
	if (s == NULL)
		return;
	uint32_t n = s->reader->column_count;
	for (uint32_t c = 0; c < n; c++) {
		if (s->builders != NULL)
			builder_free(s->builders[c]);
		if (s->missing != NULL)
			free(s->missing[c]);
	}
	for (uint32_t i = s->block_next; i < s->block_count; i++)
		format_block_fini(&s->blocks[i]);
	if (s->submitted)
		task_group_fini(&s->group);
	free(s->blocks);
	free(s->builders);
	free(s->missing);
	free(s->order);
	buffer_unref(s->buffer);
	free(s);
}

static enum status segment_new(struct format_reader *r, struct segment **out, struct error *err)
{
	uint32_t n = r->column_count;
	struct segment *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a segment");
	s->reader = r;
	s->bad_column = -1;
	error_init(&s->err);
	s->builders = calloc(n + 1, sizeof *s->builders);
	s->missing = calloc(n + 1, sizeof *s->missing);
	s->order = calloc(n + 1, sizeof *s->order);
	s->order_count = n;
	enum status status = OK;
	if (s->builders == NULL || s->missing == NULL || s->order == NULL)
		status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a segment");
	for (uint32_t c = 0; c < n && status == OK; c++) {
		s->order[c] = c;
		status = builder_new(r->track, r->columns[c].type, &s->builders[c], err);
	}
	if (status != OK)
		segment_free(s);
	else
		*out = s;
	return status;
}

/* The rows parsed so far become a block. */
static enum status finish_block(struct segment *s, struct error *err)
{
	uint32_t n = s->reader->column_count;
	if (s->rows == 0)
		return OK;
	if (s->block_count == s->block_capacity) {
		uint32_t capacity = s->block_capacity == 0 ? 2 : s->block_capacity * 2;
		struct format_block *blocks = realloc(s->blocks, capacity * sizeof *blocks);
		if (blocks == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of blocks");
		s->blocks = blocks;
		s->block_capacity = capacity;
	}
	struct format_block block = {.batch = {.count = s->rows, .column_count = n}};
	block.batch.columns = calloc(n + 1, sizeof *block.batch.columns);
	block.missing = calloc(n + 1, sizeof *block.missing);
	enum status status = OK;
	if (block.batch.columns == NULL || block.missing == NULL)
		status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a block");
	for (uint32_t c = 0; c < n && status == OK; c++) {
		status = builder_finish(s->builders[c], &block.batch.columns[c], err);
		block.missing[c] = s->missing[c];
		s->missing[c] = NULL;
	}
	if (status != OK) {
		format_block_fini(&block);
		return status;
	}
	s->blocks[s->block_count++] = block;
	s->rows_done += s->rows;
	s->rows = 0;
	return OK;
}

static void drop_half_row(struct segment *s)
{
	for (uint32_t c = 0; c < s->reader->column_count; c++) {
		if (s->builders[c]->count > s->rows)
			builder_truncate(s->builders[c], s->rows);
		if (s->missing[c] != NULL && s->rows < s->reader->block_rows)
			bit_clear(s->missing[c], s->rows);
	}
}

/* After an error: the row is skipped where the settings allow one more. */
static bool skip_row(struct segment *s)
{
	struct format_reader *r = s->reader;
	const struct reader_class *class = r->def->reader;
	if (class->skip == NULL || r->ring_size != 1 || s->err.status == E_MEMORY_LIMIT)
		return false;
	uint64_t errors = r->errors + 1, seen = r->rows + s->rows_done + s->rows + errors;
	if (errors > r->options->allow_errors_num && (double)errors > r->options->allow_errors_ratio * (double)seen)
		return false;
	r->errors = errors;
	error_clear(&s->err);
	s->bad_column = -1;
	class->skip(s);
	return true;
}

/* A piece of work: at most PIECE_ROWS rows. True when there is more to do. */
static bool parse_piece(struct segment *s)
{
	struct format_reader *r = s->reader;
	uint32_t room = r->block_rows - s->rows, want = room < PIECE_ROWS ? room : PIECE_ROWS, before = s->rows;
	enum status status = OK;
	if (s->finished)
		return false;
	for (uint32_t c = 0; c < r->column_count && status == OK; c++)
		status = builder_reserve(s->builders[c], want, &s->err);
	if (status == OK)
		status = r->def->reader->rows(s, want, &s->err);
	if (status != OK) {
		drop_half_row(s);
		if (status != E_MEMORY_LIMIT && skip_row(s))
			return true;
		s->status = status;
		return false;
	}
	bool more = s->p < s->end && !s->finished && s->rows != before;
	if (!more || s->rows == r->block_rows)
		s->status = finish_block(s, &s->err);
	return more && s->status == OK;
}

static enum task_result run_segment(struct task *t)
{
	struct segment *s = (struct segment *)((char *)t - offsetof(struct segment, task));
	if (task_group_cancelled(&s->group))
		return TASK_DONE;
	return parse_piece(s) ? TASK_AGAIN : TASK_DONE;
}

/* ---- gathering ---- */

/* One more chunk behind the pending bytes; *more false at the end. */
static enum status gather(struct format_reader *r, struct error *err)
{
	struct str chunk = {NULL, 0};
	TRY(r->input.read(r->input.arg, &chunk, err));
	if (chunk.size == 0) {
		r->input_ended = true;
		return OK;
	}
	size_t need = r->used + chunk.size;
	if (r->pending == NULL || r->pending->size < need) {
		size_t size = r->pending == NULL ? PENDING_MIN : r->pending->size * 2;
		if (size < need)
			size = need;
		TRY(buffer_reserve(&r->pending, r->track, size, r->used, err));
	}
	memcpy(r->pending->data + r->used, chunk.data, chunk.size);
	r->used += chunk.size;
	return OK;
}

static char *pending_data(struct format_reader *r)
{
	static char nothing[BUFFER_PAD];
	return r->pending == NULL ? nothing : (char *)r->pending->data;
}

/* Takes `size` bytes off the front of what is pending. */
static void drop_front(struct format_reader *r, size_t size)
{
	r->consumed += size;
	r->used -= size;
	memmove(pending_data(r), pending_data(r) + size, r->used);
	r->cut = (struct cut_state){0};
}

static enum status read_header(struct format_reader *r, struct error *err)
{
	size_t ask = 0;
	while (!r->header_done) {
		while (!r->input_ended && r->used <= ask)
			TRY(gather(r, err));
		size_t taken = 0;
		memset(pending_data(r) + r->used, 0, BUFFER_PAD);
		TRY(r->def->reader->header(r, pending_data(r), r->used, &taken, err));
		if (taken != 0)
			drop_front(r, taken);
		if (r->header_done)
			break;
		if (r->input_ended) {
			if (r->used == 0)
				return OK;
			return ERR(err, E_UNEXPECTED_EOF, "Cannot read all data: the header of format %s is not complete",
			           r->def->info.name);
		}
		ask = r->used * 2 < SEGMENT_MIN ? r->used : r->used * 2;
		if (r->used > INPUT_ROW_MAX)
			return ERR(err, E_TOO_MANY_BYTES, "a header of more than %u bytes", (unsigned)INPUT_ROW_MAX);
	}
	return OK;
}

/* Makes a segment of the first `size` pending bytes; the rest stays pending. */
static enum status take_segment(struct format_reader *r, size_t size, bool is_last, struct segment **out,
                                struct error *err)
{
	struct segment *s;
	struct buffer *rest = NULL;
	size_t left = r->used - size;
	if (left != 0)
		TRY(buffer_new(r->track, left > r->target ? left : r->target + r->target / 4, &rest, err));
	enum status status = segment_new(r, &s, err);
	if (status != OK) {
		buffer_unref(rest);
		return status;
	}
	if (left != 0)
		memcpy(rest->data, r->pending->data + size, left);
	s->buffer = r->pending;
	r->pending = rest;
	r->used = left;
	r->cut = (struct cut_state){0};
	/* zeros behind the end stop every scan; the pad is there for that */
	memset(s->buffer->data + size, 0, BUFFER_PAD);
	s->start = s->p = (const char *)s->buffer->data;
	s->end = s->p + size;
	s->is_last = is_last;
	*out = s;
	return OK;
}

static enum status next_segment(struct format_reader *r, struct segment **out, struct error *err)
{
	const struct reader_class *class = r->def->reader;
	*out = NULL;
	TRY(read_header(r, err));
	size_t target = r->target;
	for (;;) {
		while (!r->input_ended && !r->cut.ended && r->used < target)
			TRY(gather(r, err));
		size_t end = r->used == 0 ? 0 : class->cut(r, pending_data(r), r->used);
		bool ended = r->input_ended || r->cut.ended;
		if (r->cut.ended)
			r->used = end; /* what follows is not ours */
		else if (ended)
			end = r->used;
		if (end == 0 && ended) {
			if (r->needs_end)
				return ERR(err, E_UNEXPECTED_EOF, "Cannot parse %s: the input ends amid the data", r->def->info.name);
			r->done = true;
			return OK;
		}
		if (end != 0) {
			r->done = ended;
			return take_segment(r, end, ended, out, err);
		}
		if (r->used > INPUT_ROW_MAX)
			return ERR(err, E_TOO_MANY_BYTES, "a row of more than %u bytes", (unsigned)INPUT_ROW_MAX);
		target = r->used * 2;
	}
}

/* ---- errors ---- */

static uint64_t count_lines(const char *p, const char *end)
{
	uint64_t n = 0;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/* Where the failure is: for ClickHouse at the end of the message, for PostgreSQL in the CONTEXT. */
static enum status locate(struct format_reader *r, struct segment *s, struct error *err)
{
	uint64_t row = r->rows + s->rows_done + s->rows + 1;
	enum status status = s->status;
	*err = s->err;
	if (status == E_MEMORY_LIMIT || status == E_CANNOT_ALLOCATE || err->status == OK)
		return status;
	const struct reader_column *c = s->bad_column >= 0 &&
		(uint32_t)s->bad_column < r->column_count ? &r->columns[s->bad_column] : NULL;
	if (r->options->dialect_pg && (r->def->reader == &copy_reader || r->def->reader == &copy_binary_reader)) {
		unsigned long long line = row;
		if (r->def->reader == &copy_reader && s->row_start != NULL)
			line = r->lines + count_lines(s->start, s->row_start) + 1;
		enum { SHOWN = 100 };
		struct str x = s->bad_text;
		if (c != NULL && x.data == NULL)
			error_context(err, "COPY %.*s, line %llu, column %.*s", STR_ARG(r->table), line, STR_ARG(c->name));
		else if (c != NULL)
			error_context(err, "COPY %.*s, line %llu, column %.*s: \"%.*s%s\"", STR_ARG(r->table), line, STR_ARG(c->name),
			              (int)(x.size > SHOWN ? SHOWN : x.size), x.data, x.size > SHOWN ? "..." : "");
		else if (x.data != NULL)
			error_context(err, "COPY %.*s, line %llu: \"%.*s%s\"", STR_ARG(r->table), line,
			              (int)(x.size > SHOWN ? SHOWN : x.size), x.data, x.size > SHOWN ? "..." : "");
		else
			error_context(err, "COPY %.*s, line %llu", STR_ARG(r->table), line);
		return status;
	}
	/* what is left of a number that does not parse is, to ClickHouse, the missing delimiter */
	if (status == E_CANNOT_PARSE_TEXT && c != NULL && r->def->reader != &values_reader &&
	    (type_is_integer(c->type) || type_is_decimal(c->type)))
		status = err->status = E_CANNOT_PARSE_INPUT;
	size_t n = strlen(err->message);
	if (c != NULL && strstr(err->message, "(while") == NULL && n + 64 + c->name.size < sizeof err->message)
		n += (size_t)snprintf(err->message + n, sizeof err->message - n, ": (while reading the value of key %.*s)",
		                      STR_ARG(c->name));
	if (n + 40 < sizeof err->message)
		snprintf(err->message + n, sizeof err->message - n, ": (at row %llu)", (unsigned long long)row);
	return status;
}

/* ---- delivering ---- */

static enum status fill_ring(struct format_reader *r, struct error *err)
{
	while (!r->done && r->ring_count < r->ring_size) {
		struct segment *s;
		TRY(next_segment(r, &s, err));
		if (s == NULL)
			return OK;
		r->ring[(r->ring_first + r->ring_count++) % r->ring_size] = s;
		/* a lone segment is parsed where it is */
		if (r->ring_size == 1 || (r->done && r->ring_count == 1))
			return OK;
		task_group_init(&s->group, r->options->pool, 1);
		s->submitted = true;
		s->task.run = run_segment;
		task_submit(&s->group, &s->task);
	}
	return OK;
}

/* Segments grow until one makes a whole block. */
static void adapt(struct format_reader *r, const struct segment *s)
{
	size_t size = (size_t)(s->end - s->start);
	if (s->rows_done == 0 || s->rows_done >= r->block_rows)
		return;
	size_t want = (size_t)((double)size / (double)s->rows_done * r->block_rows);
	r->target = want < SEGMENT_MIN ? SEGMENT_MIN : want > SEGMENT_MAX ? SEGMENT_MAX : want;
}

/* The oldest one, waited for. */
static void pop_segment(struct format_reader *r)
{
	struct segment *s = r->ring[r->ring_first];
	if (s->submitted) {
		task_group_cancel(&s->group);
		task_group_wait(&s->group);
	}
	segment_free(s);
	r->ring_first = (r->ring_first + 1) % r->ring_size;
	r->ring_count--;
}

static enum status read_parallel(struct format_reader *r, struct format_block *out, struct error *err)
{
	for (;;) {
		TRY(fill_ring(r, err));
		if (r->ring_count == 0)
			return OK;
		struct segment *s = r->ring[r->ring_first];
		if (s->submitted)
			task_group_wait(&s->group);
		else
			while (s->block_next == s->block_count && s->status == OK && parse_piece(s))
				;
		if (s->block_next < s->block_count) {
			*out = s->blocks[s->block_next++];
			return OK;
		}
		if (s->status != OK)
			return locate(r, s, err);
		r->rows += s->rows_done;
		r->consumed += (uint64_t)(s->end - s->start);
		if (r->def->reader == &copy_reader)
			r->lines += count_lines(s->start, s->end);
		adapt(r, s);
		bool finished = s->finished;
		pop_segment(r);
		while (finished && r->ring_count != 0) /* what follows an end mark is nobody's */
			pop_segment(r);
		r->done = r->done || finished;
	}
}

/* ---- serial formats ---- */

/* Rows of a block that is larger than asked for, in pieces. */
static enum status give_queue(struct format_reader *r, struct format_block *out, struct error *err)
{
	uint32_t left = r->queue.batch.count - r->queue_given, n = left < r->block_rows ? left : r->block_rows;
	uint32_t columns = r->queue.batch.column_count;
	if (r->queue_given == 0 && n == left) {
		*out = r->queue;
		r->queue = (struct format_block){0};
		return OK;
	}
	out->batch = (struct batch){.count = n, .column_count = columns,
	                            .columns = calloc(columns + 1, sizeof *out->batch.columns)};
	out->missing = calloc(columns + 1, sizeof *out->missing);
	if (out->batch.columns == NULL || out->missing == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a block");
	for (uint32_t c = 0; c < columns; c++) {
		TRY(vector_slice(r->track, r->queue.batch.columns[c], r->queue_given, n, &out->batch.columns[c], err));
		if (r->queue.missing[c] == NULL)
			continue;
		out->missing[c] = calloc(bits_words(n), sizeof(uint64_t));
		if (out->missing[c] == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a bitmap");
		bits_copy(out->missing[c], 0, r->queue.missing[c], r->queue_given, n);
	}
	r->queue_given += n;
	if (r->queue_given == r->queue.batch.count) {
		format_block_fini(&r->queue);
		r->queue_given = 0;
	}
	return OK;
}

/* More bytes behind those of the serial segment that are not parsed yet. */
static enum status extend_serial(struct format_reader *r, size_t want, struct error *err)
{
	struct segment *s = r->serial;
	size_t left = (size_t)(s->end - s->p);
	r->consumed += (uint64_t)(s->p - s->start);
	r->pending = NULL;
	r->used = 0;
	TRY(buffer_new(r->track, left > want ? left * 2 : want, &r->pending, err));
	if (left != 0)
		memcpy(r->pending->data, s->p, left);
	r->used = left;
	while (!r->input_ended && r->used < want)
		TRY(gather(r, err));
	buffer_unref(s->buffer);
	s->buffer = r->pending;
	r->pending = NULL;
	memset(s->buffer->data + r->used, 0, BUFFER_PAD);
	s->start = s->p = (const char *)s->buffer->data;
	s->end = s->p + r->used;
	s->is_last = r->input_ended;
	return OK;
}

static enum status serial_start(struct format_reader *r, struct error *err)
{
	TRY(read_header(r, err));
	TRY(segment_new(r, &r->serial, err));
	size_t size = r->used;
	if (r->pending == NULL)
		TRY(buffer_new(r->track, PENDING_MIN, &r->pending, err));
	struct segment *s = r->serial;
	s->buffer = r->pending;
	r->pending = NULL;
	memset(s->buffer->data + size, 0, BUFFER_PAD);
	s->start = s->p = (const char *)s->buffer->data;
	s->end = s->p + size;
	s->is_last = r->input_ended;
	return OK;
}

static enum status read_serial(struct format_reader *r, struct format_block *out, struct error *err)
{
	if (r->serial == NULL)
		TRY(serial_start(r, err));
	struct segment *s = r->serial;
	size_t want = r->def->reader->whole_blocks ? SEGMENT_MAX : SEGMENT_MIN;
	while (s->status == OK && s->block_count == 0 && !s->finished) {
		uint32_t room = r->block_rows - s->rows;
		for (uint32_t c = 0; c < r->column_count; c++)
			TRY(builder_reserve(s->builders[c], room < PIECE_ROWS ? room : PIECE_ROWS, err));
		const char *at = s->p;
		bool whole_blocks = r->def->reader->whole_blocks, none_left = s->p == s->end;
		enum status status = none_left && !s->is_last ? E_UNEXPECTED_EOF
		                   : none_left && !whole_blocks ? OK
		                   : r->def->reader->rows(s, room < PIECE_ROWS ? room : PIECE_ROWS, &s->err);
		if (status == E_UNEXPECTED_EOF && !s->is_last) {
			error_clear(&s->err);
			if (!whole_blocks)
				drop_half_row(s);
			s->bad_column = -1;
			size_t left = (size_t)(s->end - s->p);
			want = left * 2 > want ? left * 2 : want;
			if (left > INPUT_ROW_MAX)
				return ERR(err, E_TOO_MANY_BYTES, "a row of more than %u bytes", (unsigned)INPUT_ROW_MAX);
			TRY(extend_serial(r, want, err));
			continue;
		}
		if (status != OK) {
			drop_half_row(s);
			s->status = status;
			break;
		}
		bool stuck = s->p == at || whole_blocks;
		if (s->rows >= r->block_rows || s->finished || (s->p == s->end && s->is_last) || stuck) {
			bool none = s->rows == 0;
			s->status = finish_block(s, &s->err);
			if (none)
				break;
		}
	}
	if (s->status != OK)
		return locate(r, s, err);
	if (s->block_count == 0) {
		r->consumed += (uint64_t)(s->p - s->start);
		s->start = s->p;
		return OK;
	}
	r->queue = s->blocks[0];
	s->block_count = 0;
	r->rows += r->queue.batch.count;
	s->rows_done = 0;
	return give_queue(r, out, err);
}

enum status format_read(struct format_reader *r, struct format_block *out, struct error *err)
{
	enum status status;
	*out = (struct format_block){0};
	if (r->failed)
		return ERR(err, E_WRONG_STATE, "the input has failed before");
	if (r->queue.batch.count != 0)
		status = give_queue(r, out, err);
	else
		status = r->def->reader->serial ? read_serial(r, out, err) : read_parallel(r, out, err);
	if (status != OK) {
		format_block_fini(out);
		r->failed = true;
	}
	return status;
}

void format_reader_free(struct format_reader *r)
{
	if (r == NULL)
		return;
	while (r->ring_count != 0)
		pop_segment(r);
	segment_free(r->serial);
	buffer_unref(r->pending);
	format_block_fini(&r->queue);
	arena_fini(&r->arena);
	free(r);
}
