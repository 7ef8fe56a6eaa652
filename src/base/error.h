// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_ERROR_H
#define BASE_ERROR_H
/*
 * struct error: the details of a failure.
 *
 * The caller owns it (in a task, query or session, or on the stack of a test) and passes it down as the last argument.
 * The first error wins: error_set() on an error that already holds one keeps the first and returns its status.
 * Not thread safe; workers have one each and publish the first.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/status.h"

enum { ERROR_MESSAGE_MAX = 2048, ERROR_HINT_MAX = 512, ERROR_NAME_MAX = 128 };

/* Of an error that no place in the text explains: what error_at() says later does not count. */
enum { NO_POSITION = -1 };

struct error {
	enum status status;
	int position;                    /* 1-based character in the query text, 0 when unknown, NO_POSITION */
	int line;                        /* of `file` */
	const char *file;                /* where in our source it was raised; static storage */
	char message[ERROR_MESSAGE_MAX]; /* no trailing full stop, no newline; UTF-8 */
	char detail[ERROR_HINT_MAX];
	char hint[ERROR_HINT_MAX];
	char context[ERROR_HINT_MAX];    /* PostgreSQL's CONTEXT, as "COPY t, line 3, column x" */
	char schema[ERROR_NAME_MAX], table[ERROR_NAME_MAX], column[ERROR_NAME_MAX], constraint[ERROR_NAME_MAX];
};

void error_init(struct error *e);

/* Records a failure and returns its status, so that `return ERR(err, E_SYNTAX, "…")` reads naturally. err may be NULL.
 * */
#define ERR(err, status, ...) error_set((err), (status), __FILE__, __LINE__, __VA_ARGS__)
enum status error_set(struct error *e, enum status s, const char *file, int line, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

/* Add to an error that is set; each keeps the first text it was given. Return the error's status. */
enum status error_hint(struct error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
enum status error_detail(struct error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
enum status error_context(struct error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
enum status error_at(struct error *e, int position);

/* True once a failure was recorded. */
static inline bool error_is_set(const struct error *e)
{
	return e->status != OK;
}

/* Forgets the failure. */
void error_clear(struct error *e);

#endif
