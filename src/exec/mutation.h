// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_MUTATION_H
#define EXEC_MUTATION_H
/* ALTER TABLE … DELETE and UPDATE. */
#include "exec/processes.h"
#include "exec/session_impl.h"

bool mutation_handles(const struct ast *x);
enum status mutation_prepare(struct statement *st, struct error *err) MUST_CHECK;
enum status mutation_run(struct statement *st, struct error *err) MUST_CHECK;

#endif
