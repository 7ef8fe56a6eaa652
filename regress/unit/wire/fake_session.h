// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_WIRE_FAKE_SESSION_H
#define REGRESS_UNIT_WIRE_FAKE_SESSION_H
/*
 * A stand-in for exec/session.h, so that a protocol can be tested without an engine. It looks at the statement's text:
 *
 *   numbers(N)    N rows (id Int64, name Nullable(String)): 0 "row 0", 1 "row 1", 2 NULL, 3 "row 3" …, 1,000 a batch
 *   fail_at(N)    the same, division by zero before row N
 *   $1            one row with the parameter's value (Int64)
 *   SELECT 42     one row with that id
 *   wait          no rows until the session is cancelled
 *   noisy         a notice first
 *   INSERT, COPY t FROM, COPY … TO, BEGIN, COMMIT, ROLLBACK, anything else: their tags
 *
 * Every call that must be paired is counted, and the counts asserted when the session closes.
 */
#include "exec/session.h"
#include "format/format.h"

struct fake {
	struct strbuf copied;     /* what COPY FROM has read */
	unsigned sessions, statements, runs; /* open now */
	unsigned commits, rollbacks;         /* of implicit transactions */
	_Atomic bool waiting;     /* a statement waits for its cancel */
	const char *copy_format;  /* of COPY; CopyText when NULL */
	struct format_options copy_options;
	bool refuse_commit;       /* the next implicit commit fails */
};

extern struct fake fake;

#endif
