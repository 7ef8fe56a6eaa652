// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_READER_IMPL_H
#define FORMAT_READER_IMPL_H
/*
 * Readers: the input is gathered into segments that end at a row's end, segments are parsed into blocks, blocks are
 * given out in the order of the input.
 *
 *     chunks --copy--> pending buffer --cut--> segment --parse (a task, or inline)--> blocks --> format_read()
 *
 * Strings of more than 12 bytes are views into their segment's buffer, which the column keeps alive. A segment is
 * parsed by one thread; everything in the reader but the segments is constant while one is being parsed.
 *
 * Formats without a row's end that can be found without parsing (RowBinary, Native, CopyBinary, RawBLOB) are `serial`:
 * rows() parses what there is, answers E_UNEXPECTED_EOF where it ends amid a row and is called again with more.
 */
#include "base/strmap.h"
#include "format/format_impl.h"
#include "io/pool.h"

enum fast_kind {
	FAST_NONE,     /* by value_parse */
	FAST_STRING,
	FAST_SIGNED, FAST_UNSIGNED,
	FAST_FLOAT,
	FAST_DECIMAL,  /* in 32 or 64 bits */
	FAST_DATE,     /* Date, Date32 */
	FAST_DATETIME, /* DateTime, DateTime64 in UTC */
	FAST_UUID,
	FAST_BOOL
};

struct reader_column {
	struct str name;
	const struct type *type;
	enum fast_kind kind;
	uint8_t width;      /* bytes of a value */
	struct str key;     /* "name" in its quotes, as it stands in JSON without escapes */
};

/* What a column of the input is. */
enum { FIELD_SKIP = UINT32_MAX };

struct segment {
	struct format_reader *reader;
	struct buffer *buffer;      /* the bytes; the pad behind them is zero */
	const char *p, *end;        /* what is not parsed yet */
	const char *start;          /* of the bytes */
	bool is_last;               /* the input ends here */
	struct builder **builders;  /* the block being built */
	uint64_t **missing;
	uint32_t rows;              /* complete ones of the block being built */
	struct format_block *blocks;
	uint32_t block_count, block_capacity, block_next;
	uint64_t rows_done;         /* of the finished blocks */
	uint32_t *order;            /* JSON: column of the i-th key of the last object; FIELD_SKIP */
	uint32_t order_count;
	/* a failure: what and where */
	enum status status;
	struct error err;
	const char *row_start;
	int32_t bad_column;         /* -1: none */
	struct str bad_text;        /* PostgreSQL's CONTEXT quotes it */
	bool finished;              /* text behind the rows' end: the rest of the input is ignored */
	bool unkeyed;               /* the buffer was not yet given to the builders */
	struct task task;
	struct task_group group;
	bool submitted;
};

/* Where the search for a row's end stands, in the pending bytes. */
struct cut_state {
	size_t scanned, boundary;
	uint32_t depth;
	bool quoted, ended;
};

enum { SEGMENT_MIN = 1 << 20, SEGMENT_MAX = 8 << 20, SEGMENTS_MAX = 8, INPUT_ROW_MAX = STRING_SIZE_MAX };

struct format_reader {
	const struct format_def *def;
	const struct format_options *options;
	struct value_options values;
	struct format_input input;
	struct memtrack *track;
	struct arena arena;
	struct str table;
	struct reader_column *columns;
	uint32_t column_count;
	struct strmap by_name;      /* index + 1 as a pointer */
	uint32_t *fields;           /* input's field -> column, or FIELD_SKIP; column_count identity without a header */
	uint32_t field_count;
	bool *comes;                /* per column: the header names it */
	const struct type **field_types; /* WithTypes: what the header says */
	char delimiter;
	uint32_t block_rows;
	/* gathering */
	struct buffer *pending;
	size_t used, target;
	bool input_ended, header_done, done;
	bool needs_end;             /* the end of the input is not the end of the rows */
	struct cut_state cut;
	uint64_t consumed, rows, lines; /* before the first segment in the ring */
	uint64_t errors;            /* rows skipped under allow_errors */
	/* segments in order; ring[first] is the oldest */
	struct segment *ring[SEGMENTS_MAX];
	uint32_t ring_first, ring_count, ring_size;
	struct segment *serial;     /* serial formats: the one that goes on */
	struct format_block queue;  /* rows of a block that was too large, and how many were given */
	uint32_t queue_given;
	bool failed;
	void *state;                /* the class's, in the arena */
	void *states;               /* what format_state_size() knows */
};

/* Functions return OK, or what failed with the segment's row_start and bad_column set. */
struct reader_class {
	bool serial;
	/* serial: what one call of rows() gave is a block; what it read of one that goes on is kept for the next call */
	bool whole_blocks;
	void (*open)(struct format_reader *r);
	/*
	 * Takes the header off the front of [data, data + size): *taken bytes. Leaves header_done false when it is not all
	 * there, which is an error at the end of the input. NULL: none.
	 */
	enum status (*header)(struct format_reader *r, const char *data, size_t size, size_t *taken, struct error *err);
	/* The end of the last complete row in the pending bytes, 0 when there is none; goes on where r->cut stands. */
	size_t (*cut)(struct format_reader *r, const char *data, size_t size);
	/* Parses up to `max` rows at s->p; fewer only at the segment's end. */
	enum status (*rows)(struct segment *s, uint32_t max, struct error *err);
	/* Skips the row at s->row_start after an error; NULL: errors cannot be skipped. */
	void (*skip)(struct segment *s);
};

void reader_column_init(struct format_reader *r, uint32_t c, const struct format_column *column);
enum status reader_open(struct format_reader *r, struct error *err) MUST_CHECK;

/* ---- for the classes ---- */
/* Fields of the input by name; a name may be unknown (an error unless skip_unknown_fields). */
enum status reader_set_fields(struct format_reader *r, const struct str *names, uint32_t n,
                              struct error *err) MUST_CHECK;
/* Whether [names] look like the columns' names: a header that was not announced. */
bool reader_is_header(const struct format_reader *r, const struct str *names, uint32_t n);
/* FIELD_SKIP when there is none. */
uint32_t reader_find(const struct format_reader *r, struct str name);
enum status reader_unknown(const struct format_reader *r, struct str name, struct error *err) MUST_CHECK;
/* Column c says nothing in the row being read: its default, and a mark. */
enum status segment_missing(struct segment *s, uint32_t c, struct error *err) MUST_CHECK;
/* All columns that the row being read said nothing of; then the row is complete. */
enum status segment_end_row(struct segment *s, struct error *err) MUST_CHECK;
/* NULL into column c: NULL, or its default with a mark where it cannot be. */
enum status segment_null(struct segment *s, uint32_t c, struct error *err) MUST_CHECK;
/* The segment's bytes outlive the column's views. */
enum status segment_keep(struct segment *s, uint32_t c, struct error *err) MUST_CHECK;
/* Column c failed; text is what PostgreSQL's CONTEXT quotes. */
static inline enum status segment_failed(struct segment *s, uint32_t c, struct str text, enum status status)
{
	if (s->bad_column < 0) {
		s->bad_column = (int32_t)c;
		s->bad_text = text;
	}
	return status;
}

/* `data` cut behind its last line feed that is not escaped; for formats of lines. */
size_t cut_lines(struct format_reader *r, const char *data, size_t size);

#define FORMAT_READER(name) extern const struct reader_class name##_reader;
FORMAT_READER(csv) FORMAT_READER(copy) FORMAT_READER(copy_binary) FORMAT_READER(json) FORMAT_READER(lines)
FORMAT_READER(native) FORMAT_READER(blob) FORMAT_READER(row_binary) FORMAT_READER(tskv) FORMAT_READER(tsv)
FORMAT_READER(values)
#undef FORMAT_READER

#endif
