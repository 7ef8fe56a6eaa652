// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_COLUMN_NOTE_H
#define CATALOG_COLUMN_NOTE_H
/*
 * What is noted of a column beside its definition, as a constraint of its table: of kind 'd' that it is of a domain
 * (oid and definition: the domain's OID and name; expr: one CHECK or the NOT NULL of it, which inserts check as any
 * other; name empty: the NOT NULL), of kind 'i' that it is an identity (definition: ALWAYS or BY DEFAULT).
 */
#include "catalog/table.h"

/* The OID of a domain's CHECK number n: DOMAIN_CHECK_OID + the domain's * DOMAIN_CHECKS_MAX + n. */
enum { DOMAIN_CHECK_OID = 0x50000000, DOMAIN_CHECKS_MAX = 16 };

static inline bool constraint_is_note(const struct constraint_def *k)
{
	return k->kind == 'd' || k->kind == 'i';
}

/* The first note of this kind; NULL: none. */
const struct constraint_def *table_def_note(const struct table_def *d, const struct column_def *c, char kind);
/* Whether it is GENERATED ALWAYS AS IDENTITY. */
bool table_def_always_identity(const struct table_def *d, const struct column_def *c);

#endif
