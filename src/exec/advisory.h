// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_ADVISORY_H
#define EXEC_ADVISORY_H
/*
 * Advisory locks: numbers that sessions lock for purposes of their own. A lock is held by the session or, with
 * ADVISORY_TRANSACTION, until the transaction ends; each taking asks for a release of its own. One database's numbers
 * are not another's. Any thread.
 */
#include "func/eval.h"

/* Takes the lock or, with ADVISORY_RELEASE, gives back one taking; *done false: another session has it, or none was
 * held. */
enum status advisory_change(uint32_t session, struct str database, unsigned what, uint64_t key, bool *done,
                            struct error *err) MUST_CHECK;
/* All of a session's, or those of its transaction only. */
void advisory_release_all(uint32_t session, bool transaction_only);

#endif
