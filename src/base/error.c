// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const struct {
	const char *name, *sqlstate, *ch_name;
	int ch_code;
} rows[STATUS_COUNT] = {
	[OK] = {"OK", "00000", "OK", 0},
#define ERROR_ROW(name, sqlstate, code, ch_name) [E_##name] = {#name, sqlstate, ch_name, code},
#include "base/errors.def"
#undef ERROR_ROW
};

const char *status_sqlstate(enum status s)
{
	return rows[s].sqlstate;
}

int status_ch_code(enum status s)
{
	return rows[s].ch_code;
}

const char *status_ch_name(enum status s)
{
	return rows[s].ch_name;
}

const char *status_name(enum status s)
{
	return rows[s].name;
}

void error_init(struct error *e)
{
	error_clear(e);
}

void error_clear(struct error *e)
{
	e->status = OK;
	e->position = 0;
	e->line = 0;
	e->file = NULL;
	e->message[0] = e->detail[0] = e->hint[0] = e->context[0] = '\0';
	e->schema[0] = e->table[0] = e->column[0] = e->constraint[0] = '\0';
}

/* Formats into a fixed buffer; a cut at the end never splits a UTF-8 sequence. */
static void format_into(char *to, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(to, size, fmt, ap);
	if (n < 0) {
		to[0] = '\0';
		return;
	}
	if ((size_t)n >= size)
		to[utf8_prefix_size(to, size - 1)] = '\0';
}

enum status error_set(struct error *e, enum status s, const char *file, int line, const char *fmt, ...)
{
	if (e == NULL)
		return s;
	if (e->status != OK)
		return e->status;
	va_list ap;
	va_start(ap, fmt);
	format_into(e->message, sizeof e->message, fmt, ap);
	va_end(ap);
	e->status = s;
	e->file = file;
	e->line = line;
	return s;
}

#define ADD_TO(field)                                          \
	do {                                                       \
		if (e != NULL && e->field[0] == '\0') {                \
			va_list ap;                                        \
			va_start(ap, fmt);                                 \
			format_into(e->field, sizeof e->field, fmt, ap);   \
			va_end(ap);                                        \
		}                                                      \
		return e != NULL ? e->status : OK;                     \
	} while (0)

enum status error_hint(struct error *e, const char *fmt, ...)
{
	ADD_TO(hint);
}

enum status error_detail(struct error *e, const char *fmt, ...)
{
	ADD_TO(detail);
}

enum status error_context(struct error *e, const char *fmt, ...)
{
	ADD_TO(context);
}

enum status error_at(struct error *e, int position)
{
	if (e == NULL)
		return OK;
	if (e->position == 0)
		e->position = position;
	return e->status;
}
