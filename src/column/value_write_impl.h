// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VALUE_WRITE_IMPL_H
#define COLUMN_VALUE_WRITE_IMPL_H
/*
 * How values are written: one mode per place (a style at the top, another one inside containers), and for each type of
 * fixed width a put function that renders one value into a bounded buffer.
 */
#include "column/pginterval.h"
#include "column/text_impl.h"

enum write_mode {
	MODE_ESCAPED, /* TSV at the top */
	MODE_RAW,
	MODE_QUOTED,  /* SQL literals; inside containers of TSV, CSV, RAW too */
	MODE_CSV,
	MODE_JSON,
	MODE_PG,
	MODE_PG_JSON  /* inside tuples and maps under MODE_PG: JSON as jsonb prints it */
};

struct value_writer {
	struct strbuf *to;
	const struct value_options *options;
	const struct timezone *tz;   /* the session's, never NULL */
	struct day_cache cache;
};

/* What a put function sees of its column. */
struct put_context {
	const struct type *type;
	const struct value_options *options;
	const struct timezone *tz;
	struct day_cache *cache;
	enum write_mode mode;
	bool trailing_zeros;
};

enum { PUT_MAX = 128 };
/* Renders value i into out (PUT_MAX bytes) and returns the end. No quotes. */
typedef char *(*put_fn)(const struct put_context *c, const void *data, uint32_t i, char *out);

/* The quote that surrounds a fixed-width value of this type in this mode; 0: none. */
char put_quote(const struct type *t, enum write_mode mode, const struct value_options *options);
/* NULL for types that are not of fixed width. */
put_fn put_of(const struct type *t, enum write_mode mode);
put_fn put_of_pg(const struct type *t);
void put_context_init(struct put_context *c, struct value_writer *w, const struct type *t, enum write_mode mode);

/* All rows of a FLAT vector; ends[i] receives the size after row i. */
void write_fixed_column(struct value_writer *w, const struct vector *v, enum write_mode mode, struct str null,
                        uint32_t *ends, put_fn put);
/* The name of an enum value, empty when it has none. */
struct str enum_name(const struct type *t, const void *data, uint32_t i);
/* One row in a mode, NULLs included; `nested`: inside a container. */
void write_cell(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode, bool nested);
void write_cell_pg(struct value_writer *w, const struct vector *v, uint32_t i, bool nested);
/* Escapes as SQL literals and TSV have them, without quotes. */
void write_escaped(struct strbuf *to, struct str s);
void write_container(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode);
void write_numeric(struct value_writer *w, struct str wire, enum write_mode mode);
void writer_init(struct value_writer *w, struct strbuf *to, const struct value_options *options);

/* ---- PostgreSQL's views of stored values, for its text and binary forms ---- */
/* Microseconds since 1970 of a DateTime or DateTime64 value; INT64_MAX and INT64_MIN for the infinities. */
int64_t pg_timestamp_us(const struct type *t, const void *data, uint32_t i);
/* The zone in which the face shows its local time; UTC for none. */
const struct timezone *pg_timestamp_zone(const struct type *t, const struct timezone *session);
/* Days since 1970 of a Date or Date32; INT32_MAX and INT32_MIN for the infinities of an explicit face. */
int32_t pg_date_days(const struct type *t, const void *data, uint32_t i);
int64_t pg_time_us(const struct type *t, const void *data, uint32_t i);
/* An Interval, PgInterval, or a tuple with the interval face. */
struct pginterval pg_interval_of(const struct vector *v, uint32_t i);
/* A string without what only its storage needs: FixedString's trailing NULs. */
struct str pg_string_of(const struct vector *v, uint32_t i);

#endif
