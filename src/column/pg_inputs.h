// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_PG_INPUTS_H
#define COLUMN_PG_INPUTS_H
/*
 * PostgreSQL's functions that read a type's text, by name and OID: what pg_type.typinput says, and what clients tell
 * kinds of types by (typinput = 'array_in'::regproc). They cannot be called.
 */
#include "base/str.h"

struct pg_input {
	uint32_t type_oid;   /* 0: of many types */
	uint32_t oid;
	const char *name;
};

enum { PG_ARRAY_IN = 750, PG_ENUM_IN = 3504, PG_RECORD_IN = 2290, PG_DOMAIN_IN = 2597 };

/* Ends with a row without a name. */
extern const struct pg_input pg_inputs[];

/* typinput of a scalar type; 0 when it is not known. */
uint32_t pg_input_of(uint32_t type_oid);
/* By name, pg_catalog in front or not; 0 when there is none. */
uint32_t pg_input_oid(struct str name);
struct str pg_input_name(uint32_t oid);

#endif
