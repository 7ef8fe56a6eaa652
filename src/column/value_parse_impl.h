// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VALUE_PARSE_IMPL_H
#define COLUMN_VALUE_PARSE_IMPL_H
/* How values are read; shared by the readers of bare text, SQL literals, JSON and PostgreSQL's text. */
#include "column/text_impl.h"

/* Days of 1900-01-01 and 2299-12-31, the range of Date32 and DateTime64 without a PostgreSQL face. */
enum { DATE32_MIN = -25567, DATE32_MAX = 120529 };

/* A position in a literal. */
struct literal {
	const char *p, *end;
	const struct value_options *options;
	struct error *err;
};

/* "Cannot parse '…' as T", or "… is out of range of T". */
enum status parse_failed(const struct type *t, struct str text, enum status s, struct error *err);
/* Bare text of a value that is no container. */
enum status parse_scalar(struct builder *b, struct str s, enum value_style style, const struct value_options *options,
                         struct error *err) MUST_CHECK;
/* At a literal, white space in front allowed; advance l->p behind it. */
enum status parse_sql_literal(struct builder *b, struct literal *l) MUST_CHECK;
enum status parse_json_value(struct builder *b, struct literal *l) MUST_CHECK;
enum status parse_pg_text(struct builder *b, struct str s, const struct value_options *options, struct error *err)
	MUST_CHECK;
/* NULL into a nullable builder, or the default where options say so. */
enum status parse_null(struct builder *b, const struct value_options *options, struct error *err) MUST_CHECK;
void literal_blanks(struct literal *l);
/* The whole text as the first member of a Variant that takes it. */
enum status parse_variant(struct builder *b, struct str s, enum value_style style, const struct value_options *options,
                          struct error *err) MUST_CHECK;

/* ---- pieces ---- */
/* Whole text as an integer that fits `p`, appended. false: no integer; *range: one that does not fit. */
bool parse_integer(struct builder *b, struct str s, bool *range, enum status *s_out, struct error *err);
/* Resolves backslash escapes; out has room for s.size bytes. Returns the bytes written. */
size_t unescape(struct str s, char *out);
/* The same for JSON's; false where one is wrong. */
bool json_unescape(struct str s, char *out, size_t *size);
/* Appends text with backslash escapes to a string builder. */
enum status append_unescaped(struct builder *b, struct str s, struct error *err) MUST_CHECK;
enum status append_fixed_string(struct builder *b, struct str s, struct error *err) MUST_CHECK;
/* false where no value has the name. */
bool find_enum_value(const struct type *t, struct str name, int16_t *value);
enum status append_ticks(struct builder *b, int64_t ticks, struct str text, struct error *err) MUST_CHECK;
enum status append_days(struct builder *b, int64_t days, struct str text, struct error *err) MUST_CHECK;
/* A decimal of the builder's type from its scaled integer. */
enum status append_decimal(struct builder *b, i256 v, struct error *err) MUST_CHECK;

#endif
