// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_SYSTEM_PG_IMPL_H
#define ENGINE_SYSTEM_PG_IMPL_H
/* What the files of pg_catalog share: OIDs that PostgreSQL fixes, rows that several relations have a part of. */
#include "catalog/column_note.h"
#include "engine/system/rows.h"

enum { OWNER = 10, NAMESPACE_CATALOG = 11, NAMESPACE_PUBLIC = 2200, NAMESPACE_INFORMATION = 13010, CLASS_OID = 1259,
      TYPE_OID = 1247, NAMESPACE_OID = 2615,
      EXTENSION_OID = 3079, OWN_EXTENSION = 13950, REWRITE_OID = 2618, FIRST_USER_OID = 16384,
      RULE_OID = 0x20000000,
      ATTRDEF_OID = 2604, CONSTRAINT_OID = 2606, HEAP_AM = 2, BTREE_AM = 403, SKIP_AM = 3580, BTREE_OPCLASS = 1978 };

/* Whether a relation belongs to the session's database, or to all. */
bool pg_is_here(const struct system_rows *r, const struct table_def *d);
/* The OID of a schema of the session's database; empty: public. */
uint32_t pg_schema_oid(struct system_rows *r, struct str schema);

/* pg_objects.c: rows for relations that pg.c begins */
void pg_put_index_classes(struct system_rows *r, const struct table_def *d);
void pg_put_sequence_classes(struct system_rows *r);
void pg_put_index_attributes(struct system_rows *r, const struct table_def *d);
void pg_put_named_types(struct system_rows *r);
/* The composite type that the rows of a relation have. */
static inline uint32_t pg_row_type(uint32_t relation)
{
	return relation | UINT32_C(0x40000000);
}

/* pg_type's row. */
struct pg_type_row {
	uint32_t oid, schema, element, array, relation, base; /* base: of a domain, with its typmod */
	int32_t typmod;
	bool not_null;
	struct str name;
	int16_t length;
	char category, kind;
};
void pg_put_type(struct system_rows *r, const struct pg_type_row *t);
/* The table that a materialized view keeps its rows in: not a relation of PostgreSQL's. */
static inline bool pg_is_inner(const struct table_def *d)
{
	return str_starts_with(d->name, STR(".inner."));
}
bool pg_has_keys(const struct table_def *d); /* foreign ones, or such that others may refer to */
bool pg_has_index(const struct table_def *d);

void pg_fill_index(struct system_rows *r);
void pg_fill_indexes(struct system_rows *r);
void pg_fill_constraint(struct system_rows *r);
void pg_fill_sequence(struct system_rows *r);
void pg_fill_sequences(struct system_rows *r);
void pg_fill_depend(struct system_rows *r);
void pg_fill_enum(struct system_rows *r);
void pg_fill_extension(struct system_rows *r);
void pg_fill_rewrite(struct system_rows *r);
void pg_fill_matviews(struct system_rows *r);
void pg_fill_user_tables(struct system_rows *r);

#endif
