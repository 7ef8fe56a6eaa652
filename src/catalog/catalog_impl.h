// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_CATALOG_IMPL_H
#define CATALOG_CATALOG_IMPL_H
/*
 * The catalog's version: an immutable set of entries, sorted by (kind, database, schema, name) and again by OID. An
 * entry is one object; it is immutable and shared by all versions that have it. A change lists operations on entries
 * and makes the next version by copying the two arrays of pointers.
 *
 * A table's entry also holds its core: the one open engine state of the table, whatever its definition becomes. The
 * core closes with its last reference, or when the catalog does.
 */
#include <pthread.h>
#include "base/strmap.h"
#include "catalog/catalog.h"
#include "catalog/objects.h"
#include "txn/cursor.h"

enum { CATALOG_KIND = 1, OID_FIRST = 20000, OID_SYSTEM_TABLE = 13000, OID_ROLE_DEFAULT = 10 };

/* On disk: never renumber. */
enum entry_kind {
	ENTRY_DATABASE = 1, ENTRY_SCHEMA = 2, ENTRY_TABLE = 3, ENTRY_DETACHED = 4, ENTRY_SEQUENCE = 5, ENTRY_TYPE = 6,
	ENTRY_ROLE = 7, ENTRY_RECORDED = 8, ENTRY_KIND_END = 9
};

/* The state of one open table. */
struct table_core {
	_Atomic uint32_t references;
	bool opened;
	struct table home;          /* what open() and close() get; def is a reference: the one it was opened with */
};

struct entry {
	_Atomic uint32_t references;
	enum entry_kind kind;
	uint32_t oid;
	struct str database, schema, name; /* what the kind does not have is empty */
	struct arena arena;
	struct table_def *table;    /* TABLE, DETACHED: a reference */
	struct table_core *core;    /* TABLE: a reference */
	bool permanently;           /* DETACHED */
	bool temporary;             /* is not saved */
	union {
		struct database_def database_def;
		struct schema_def schema_def;
		struct sequence_def sequence;
		struct type_object type;
		struct role_def role;
		struct recorded_def recorded;
	} u;
	int64_t sequence_value;     /* SEQUENCE: reserved up to here */
	bool sequence_called;
};

struct catalog_version {
	struct version version;
	uint32_t count;
	struct entry **by_name, **by_oid;
	uint32_t oid_end;           /* above every OID that was ever given */
};

struct sequence_state {
	uint32_t oid;
	int64_t value, reserved;
	bool called, has_reserve;
	struct sequence_state *next;
};

struct catalog {
	struct txn_manager *manager;
	struct memtrack *track;
	_Atomic uint32_t next_oid, next_system_oid;
	pthread_mutex_t sequence_mutex; /* guards sequences */
	struct sequence_state *sequences;
	/* made at start, before sessions, and constant then */
	struct arena arena;
	struct strmap system;       /* "database\0schema\0name" to struct system_table * */
	struct system_table *system_first, **system_last;
	struct config_role *config_roles;
	bool closed;
};

struct system_table {
	struct system_table *next;
	struct table_core *core;
	struct table_def *def;
};

struct config_role {
	struct config_role *next;
	struct role_def def;
};

/* ---- archive.c: definitions to bytes and back; one function describes both ways ---- */
struct archive {
	struct strbuf *out;         /* writing; else reading from `in` into `arena` */
	struct cursor *in;
	struct arena *arena;
	struct error *err;
	enum status status;         /* of types that do not parse */
};
void archive_str(struct archive *a, struct str *s);
void archive_u32(struct archive *a, uint32_t *v);
void archive_bool(struct archive *a, bool *v);
void archive_type(struct archive *a, const struct type **t);
void archive_table_def(struct archive *a, struct table_def *d);
void archive_entry(struct archive *a, struct entry *e);

/* ---- entry.c ---- */
struct entry *entry_new(enum entry_kind kind, uint32_t oid);
struct entry *entry_ref(struct entry *e);
void entry_unref(struct entry *e);
/* A table's entry takes over both references. */
struct entry *entry_of_table(struct table_def *def, struct table_core *core);
void entry_encode(const struct entry *e, struct strbuf *out);
/* With one reference. Tables come without core. */
enum status entry_decode(struct cursor *c, struct entry **out, struct error *err) MUST_CHECK;
struct table_core *core_new(const struct table_ops *ops, struct table_def *def);
struct table_core *core_ref(struct table_core *c);
void core_unref(struct table_core *c);
enum status core_open(struct table_core *c, struct error *err) MUST_CHECK;
void core_close(struct table_core *c);
/* Ops of a definition: its engine's, or ones that answer nothing. */
const struct table_ops *ops_of(const struct table_def *def);

/* ---- version.c ---- */
void catalog_version_register(void);
const struct catalog_version *catalog_version_of(struct catalog *c, struct txn *t);
struct entry *version_find(const struct catalog_version *v, enum entry_kind kind, struct str database,
                           struct str schema, struct str name);
struct entry *version_find_oid(const struct catalog_version *v, uint32_t oid);
/* The first entry not before (kind, database, schema): walk while they match. */
uint32_t version_lower_bound(const struct catalog_version *v, enum entry_kind kind, struct str database,
                             struct str schema, struct str name);

/* One change being gathered; ops take entry references over. */
struct catalog_change;
struct catalog_change *catalog_change_new(void);
void change_create(struct catalog_change *c, struct entry *e);
/* The entry of the same OID goes, whatever its name; E_SERIALIZATION_FAILURE at commit when `was` is no longer it. */
void change_replace(struct catalog_change *c, const struct entry *was, struct entry *e);
void change_remove(struct catalog_change *c, const struct entry *was);
void change_sequence(struct catalog_change *c, uint32_t oid, int64_t value, bool called);
void change_drop(struct catalog_change *c);
/* Takes c over. */
enum status catalog_change_add(struct txn *t, struct catalog_change *c, struct error *err) MUST_CHECK;

uint32_t catalog_oid_new(struct catalog *c);
/* Schema names as entries have them: empty becomes public. */
struct str schema_or_public(struct str schema);
/* A reference for callers: the core's table under this definition. */
struct table *table_handle(struct table_core *core, const struct table_def *def);
struct table_core *table_core_of(const struct table *t);

/* ---- system.c ---- */
struct system_table *system_find(struct catalog *c, struct str database, struct str schema, struct str name,
                                 bool nocase);
bool system_has_database(struct str database);
bool system_has_schema(struct str schema);

#endif
