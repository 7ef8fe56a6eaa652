// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_RUNNER_CASE_FILE_H
#define REGRESS_RUNNER_CASE_FILE_H
/*
 * A SQL case: regress/sql/<room>/<name>.sql, read into statements.
 *
 * The first line says over which port it runs and how:
 *     -- over: pg|http|both [dialect=NAME] [session] [hand] [needs=VARIABLE]
 *   dialect  SET dialect = NAME before the first statement
 *   session  the HTTP statements share one session (SET, temporary tables)
 *   hand     the expected file is written by hand and oracle runs leave it alone; the case says why
 * A statement ends with a line that ends in `;`. Behind a COPY … FROM STDIN and where an INSERT ends its line in
 * `FORMAT <name>` without a `;`, the data follows, up to a line `\.`. Lines of comment between statements are for
 * readers.
 * A line `--! word` before a statement changes how it is sent or printed:
 *   --! url name=value&…   appended to the HTTP request's address
 *   --! bind a|b|\N        text parameters $1, $2, … of the extended protocol
 *   --! binary             results in binary, printed as hex
 *   --! names              column names first (pg)
 *   --! message            the error's text counts, not only its code
 *   --! sort               rows in byte order: for what has no order of its own
 */
#include <stdbool.h>
#include "base/arena.h"

struct case_stmt {
	const char *text;           /* without the `;` */
	const char *data;           /* NULL: none */
	size_t text_size, data_size;
	const char *url, *bind;     /* NULL: none */
	bool names, message, sort, binary;
};

struct case_file {
	const char *name;           /* "func/array" */
	const char *dialect, *needs;
	bool pg, http, session, hand;
	struct case_stmt *stmts;
	size_t count, capacity;
};

/* False, with a reason in *why, where the file cannot be read or its first line says nothing. All memory is in `a`. */
bool case_read(struct case_file *c, struct arena *a, const char *srcdir, const char *name, const char **why);
/* Whole file into the arena, NUL-terminated; NULL where it cannot be read. */
char *file_text(struct arena *a, const char *path, size_t *size);

#endif
