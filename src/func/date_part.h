// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_DATE_PART_H
#define FUNC_DATE_PART_H
/* What PostgreSQL's extract() and date_part() give. */
#include "func/function.h"

/* Whether the call is one of the two and its values are whole numbers that double precision holds. */
bool date_part_is_whole(const struct call *c);

#endif
