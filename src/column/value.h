// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VALUE_H
#define COLUMN_VALUE_H
/*
 * Values as text: every type's spelling in both dialects, both directions. Formats, casts, COPY, HTTP parameters, error
 * messages and literals all come here.
 *
 * Writing goes to a strbuf; `how` picks the spelling. Reading appends one value to a builder from a whole text, or from
 * a quoted text inside a container. A value outside the type's range is an error, nothing is clamped.
 */
#include "base/strbuf.h"
#include "base/wide.h"
#include "column/builder.h"

enum value_style {
	VALUE_TSV,     /* bare, TabSeparated escapes in strings; inside containers quoted */
	VALUE_RAW,     /* bare, no escapes at the top level: TSVRaw, toString(), casts to String */
	VALUE_QUOTED,  /* SQL literal as ClickHouse's Values format: 'a', 1, [1,2] */
	VALUE_CSV,     /* strings and containers in double quotes */
	VALUE_JSON,    /* JSON value; 64-bit quoting and denormals by the options */
	VALUE_PG,      /* PostgreSQL's text output function: t/f, {1,2}, \x…, Infinity */
	VALUE_PRETTY   /* bare text for Pretty and Vertical */
};

struct value_options {
	const struct timezone *tz;      /* for types without their own; NULL: UTC */
	bool json_quote_64bit_integers; /* output_format_json_quote_64bit_integers */
	bool json_quote_decimals;
	bool json_quote_denormals;      /* else null */
	bool json_named_tuples_as_objects;
	bool json_escape_slashes;       /* output_format_json_escape_forward_slashes, on by default */
	uint8_t datetime_output;        /* 0 simple, 1 iso, 2 unix_timestamp */
	uint8_t datetime_input;         /* 0 basic, 1 best_effort; ISO 8601 with T and Z is read either way */
	bool bool_as_text;              /* true/false (ClickHouse) */
	int8_t extra_float_digits;      /* PostgreSQL's; 1 and up: shortest */
	bool json_quote_64bit_floats;
	bool decimal_trailing_zeros;    /* output_format_decimal_trailing_zeros */
	struct str bool_true, bool_false; /* at the top of TSV, CSV and RAW; data NULL: true, false */
	struct str csv_null, tsv_null;  /* how NULL is written at the top of CSV, of TSV and RAW; data NULL: \N */
	bool null_as_default;           /* input: NULL into a column that has none becomes its default */
	/* PG: the name of what a regclass, regtype or the like means, empty for its number; NULL: always the number */
	struct str (*object_name)(void *arg, enum face face, uint32_t oid, struct arena *a);
	void *object_arg;
};
extern const struct value_options value_options_default;

/* Writes row i of v (NULL as the style spells it: \N, NULL, null, ᴺᵁᴸᴸ). */
void value_write(struct strbuf *to, const struct vector *v, uint32_t i, enum value_style style,
                 const struct value_options *options);
/*
 * The same for rows [0, v->count) at once, type dispatch outside the loop: ends[i] receives to->size after row i.
 * This is what row-wise output formats use.
 */
void value_write_column(struct strbuf *to, const struct vector *v, enum value_style style,
                        const struct value_options *options, uint32_t *ends);

/*
 * Parses the whole text as one value and appends it; on failure `to` is as before. TSV takes the field as it stands in
 * the file, backslash escapes included; CSV the field without its quotes; RAW and PG the bare text; QUOTED and JSON the
 * literal with its quotes. \N is NULL under TSV and CSV (a quoted CSV field goes in as RAW), NULL and null under
 * QUOTED and JSON; under RAW and PG a NULL is the caller's. E_CANNOT_PARSE_* with the text and the type in the
 * message, or E_OUT_OF_RANGE, E_STRING_TOO_LONG.
 */
enum status value_parse(struct builder *to, struct str text, enum value_style style,
                        const struct value_options *options, struct error *err) MUST_CHECK;
/*
 * Parses a value at the start of `text` (QUOTED, TSV inside containers, JSON) and tells how many bytes it took.
 */
enum status value_parse_prefix(struct builder *to, struct str text, enum value_style style,
                               const struct value_options *options, size_t *consumed, struct error *err) MUST_CHECK;

/* ---- pieces that casts and hot parsers call directly ---- */
/* "2026-02-23", also with one-digit fields; days since the epoch. false when it is no date. */
bool parse_date(struct str s, int32_t *days);
/*
 * "2026-02-23 12:00:00[.123]", "2026-02-23T12:00:00.000Z", "+02:00" offsets, a unix timestamp; local times are in tz.
 * Result in ticks of 10^-scale seconds since the epoch. best_effort takes ClickHouse's parseDateTimeBestEffort forms.
 */
bool parse_datetime(struct str s, const struct timezone *tz, unsigned scale, bool best_effort, int64_t *ticks);
/* What best_effort adds; us_style reads 02/03/2026 as February 3rd (parseDateTimeBestEffortUS). */
bool parse_datetime_best_effort(struct str s, const struct timezone *tz, unsigned scale, bool us_style, int64_t *ticks);
/* "[-]hhh:mm[:ss[.f]]" or seconds, to +-999:59:59; ticks of 10^-scale seconds. */
bool parse_time(struct str s, unsigned scale, int64_t *ticks);
bool parse_uuid(struct str s, u128 *out);  /* in ClickHouse's layout: first half in the low 64 bits */
bool parse_ipv4(struct str s, uint32_t *out);
bool parse_ipv6(struct str s, u128 *out);  /* as a number, most significant group first */
/* Decimal text to a scaled integer; false when it does not fit precision and scale (excess digits are cut). */
bool parse_decimal(struct str s, unsigned precision, unsigned scale, i256 *out);
/* The same, half away from zero where `round`. */
bool parse_decimal_rounding(struct str s, unsigned precision, unsigned scale, bool round, i256 *out);
unsigned format_date(int32_t days, char out[16]);
unsigned format_datetime(int64_t ticks, unsigned scale, const struct timezone *tz, char out[48]);
unsigned format_time(int64_t ticks, unsigned scale, char out[48]);
unsigned format_uuid(u128 v, char out[36]);
unsigned format_ipv4(uint32_t v, char out[16]);
unsigned format_ipv6(u128 v, char out[48]);
unsigned format_decimal(i256 v, unsigned scale, bool trailing_zeros, char out[96]);
unsigned format_decimal64(int64_t v, unsigned scale, bool trailing_zeros, char out[96]);
/* A JSON string with its quotes. */
void json_write_string(struct strbuf *to, struct str s, bool escape_slashes);

/* Bytes as PostgreSQL's text face shows them: NULs and what is not UTF-8 as \xHH. */
void pg_write_text(struct strbuf *to, struct str s);

/* ---- PostgreSQL's binary forms (COPY binary, Bind, DataRow) ---- */
/* Appends the value's binary form without its length word. NULL rows are the caller's. */
enum status value_write_pg_binary(struct strbuf *to, const struct vector *v, uint32_t i, struct error *err) MUST_CHECK;
enum status value_read_pg_binary(struct builder *to, struct str bytes, struct error *err) MUST_CHECK;

/* ---- Numeric: PostgreSQL's arbitrary-precision decimal as its binary wire form in a string ---- */
/* ClickHouse's RowBinary/Native single-value forms live in the format room. */

#endif
