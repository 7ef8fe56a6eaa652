// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VALUE_PG_IMPL_H
#define COLUMN_VALUE_PG_IMPL_H
/* Values as PostgreSQL hands them over, in text or binary, appended under the checks of the column's face. */
#include "column/inet_impl.h"
#include "column/numeric.h"
#include "column/value_write_impl.h"

/* `text` is for messages. */
enum status pg_append_integer(struct builder *b, i256 v, struct str text, struct error *err) MUST_CHECK;
/* Whether int2, int4 and int8 hold it; other faces take anything. */
bool pg_integer_fits(enum face f, i256 v);
/* A column declared numeric without precision, whose reserved values are NaN and the infinities. */
bool pg_is_bare_numeric(const struct type *t);
/* Into a Decimal: rounds to its scale; "numeric field overflow". */
enum status pg_append_numeric(struct builder *b, const struct numeric *n, struct error *err) MUST_CHECK;
/* Into a Numeric, the typmod applied. */
enum status pg_append_wire_numeric(struct builder *b, struct numeric *n, struct error *err) MUST_CHECK;
/* UTF-8 without NUL; varchar's and char's length. */
enum status pg_append_text(struct builder *b, struct str s, struct error *err) MUST_CHECK;
enum status pg_append_json(struct builder *b, struct str s, struct error *err) MUST_CHECK;
enum status pg_append_inet(struct builder *b, const struct inet_value *v, struct str text,
                           struct error *err) MUST_CHECK;
/* Microseconds since 1970 (INT64_MAX, INT64_MIN: the infinities) and of the day. */
enum status pg_append_timestamp(struct builder *b, int64_t us, struct str text, struct error *err) MUST_CHECK;
enum status pg_append_time(struct builder *b, int64_t us, struct str text, struct error *err) MUST_CHECK;
enum status pg_append_interval(struct builder *b, struct pginterval v, struct error *err) MUST_CHECK;
/* vector(n) has n elements. */
enum status pg_check_dimensions(const struct builder *b, uint32_t n, struct error *err) MUST_CHECK;

#endif
