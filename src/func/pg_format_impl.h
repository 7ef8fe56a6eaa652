// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_PG_FORMAT_IMPL_H
#define FUNC_PG_FORMAT_IMPL_H
/*
 * PostgreSQL's formatting of times (to_char, to_date, to_timestamp): a template is cut into tokens once, then written
 * or read field by field.
 */
#include "column/pginterval.h"
#include "func/date_impl.h"

enum time_field {
	FIELD_TEXT,      /* no pattern: the token's own character */
	FIELD_HOUR12, FIELD_HOUR24, FIELD_MINUTE, FIELD_SECOND, FIELD_MS, FIELD_US, FIELD_FRACTION, FIELD_DAY_SECOND,
	FIELD_AM, FIELD_AM_DOTS, FIELD_YEAR_COMMA, FIELD_YEAR, FIELD_YEAR3, FIELD_YEAR2, FIELD_YEAR1, FIELD_ISO_YEAR,
	FIELD_ISO_YEAR3, FIELD_ISO_YEAR2, FIELD_ISO_YEAR1, FIELD_BC, FIELD_BC_DOTS, FIELD_MONTH_NAME, FIELD_MON,
	FIELD_MONTH, FIELD_DAY_NAME, FIELD_DY, FIELD_YEAR_DAY, FIELD_ISO_YEAR_DAY, FIELD_DAY, FIELD_WEEKDAY,
	FIELD_ISO_WEEKDAY, FIELD_MONTH_WEEK, FIELD_WEEK, FIELD_ISO_WEEK, FIELD_CENTURY, FIELD_JULIAN, FIELD_QUARTER,
	FIELD_ROMAN, FIELD_ZONE, FIELD_ZONE_HOUR, FIELD_ZONE_MINUTE, FIELD_OFFSET
};

enum letter_case { CASE_UPPER, CASE_CAPITAL, CASE_LOWER };
struct time_token {
	enum time_field field;
	enum letter_case letters;
	bool fill;          /* FM: without padding */
	char ordinal;       /* 't' th, 'T' TH, '\0' none */
	char text;          /* FIELD_TEXT */
	bool quoted;
	uint8_t size;       /* of the pattern: how many digits are read beside another number */
};

/* Cuts a template; *tokens lives in the arena. Returns their number. */
uint32_t time_template(struct arena *a, struct str text, struct time_token **tokens);
/* English names, and their first three letters. */
extern const char *const time_months[12], *const time_days[7];

/* A moment in fields: of a timestamp in its zone, or of an interval. */
struct time_fields {
	int64_t year, month, day;   /* interval: its own; year is astronomical */
	int64_t hour, minute, second, us;
	int64_t days;               /* since 1970; not of intervals */
	bool interval;
	const struct timezone *tz;  /* NULL: a time without a zone */
	int64_t utc;                /* seconds */
};
void time_write(struct strbuf *to, const struct time_token *tokens, uint32_t n, const struct time_fields *f);

/* The microseconds since 1970 that `text` says; in tz where it names no offset of its own. */
enum status time_read(struct str text, const struct time_token *tokens, uint32_t n, const struct timezone *tz,
                      int64_t *us, int64_t *days, struct error *err) MUST_CHECK;

#endif
