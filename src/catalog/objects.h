// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_OBJECTS_H
#define CATALOG_OBJECTS_H
/*
 * The catalog's smaller objects: enum types and what PostgreSQL calls types, users and roles, and definitions that are
 * kept for the catalogs to show but do nothing here (extensions, functions, triggers, rules, policies, grants …).
 *
 * Definitions given to a create function are copied; those given to a walker are borrowed for the call.
 */
#include "catalog/catalog.h"

/* ---- types made by CREATE TYPE and CREATE DOMAIN ---- */
struct type_object {
	struct str database, schema, name;
	uint32_t oid, array_oid;
	char kind;                      /* pg_type.typtype: 'e' enum, 'c' composite, 'd' domain */
	uint32_t label_count;
	struct str *labels;             /* of an enum, in order */
	struct str definition;          /* composite: "a int, b text"; domain: its base type and constraints */
	const struct type *type;        /* what a column of it stores; Enum8/16 for an enum, NULL for a composite */
	struct str owner, comment;
};
enum status catalog_create_type(struct catalog *c, struct txn *t, const struct type_object *d,
                                struct error *err) MUST_CHECK;
enum status catalog_replace_type(struct catalog *c, struct txn *t, const struct type_object *d,
                                 struct error *err) MUST_CHECK;
enum status catalog_drop_type(struct catalog *c, struct txn *t, const struct type_object *d,
                              struct error *err) MUST_CHECK;
/* Valid until the transaction's next statement; NULL when there is none. Schema empty: public. */
const struct type_object *catalog_find_type(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                            struct str name);
const struct type_object *catalog_find_type_oid(struct catalog *c, struct txn *t, uint32_t oid);
/* What values of a named type are: an enum under its own OID; what a domain or a composite type stands for. */
const struct type *type_object_type(struct arena *a, const struct type_object *d);
enum status catalog_each_type(struct catalog *c, struct txn *t,
                              enum status (*fn)(void *arg, const struct type_object *d), void *arg) MUST_CHECK;

/* ---- users and roles: one kind of thing, as in PostgreSQL ---- */
struct role_def {
	struct str name;
	uint32_t oid;                   /* user `default` has 10 */
	bool login;                     /* a user; else a role */
	bool superuser, create_db, create_role, replication, bypass_rls, inherit;
	int32_t connection_limit;       /* -1: none */
	/*
	 * How it proves who it is: "no_password", "plaintext_password" (kept as its digests), "sha256_password",
	 * "double_sha1_password", "scram-sha-256", "md5".
	 */
	struct str auth;
	struct str scram;               /* SCRAM-SHA-256$iterations:salt$stored:server, for the PostgreSQL wire */
	struct str sha256;              /* 64 hex digits of salt-less SHA-256, for HTTP and native */
	struct str md5;                 /* "md5…" of PostgreSQL */
	struct str valid_until;         /* empty: for ever */
	struct str default_database;
	struct str hosts;               /* "::/0" …, comma-separated; empty: any */
	struct str settings;            /* "name = value" lines */
	struct str member_of;           /* roles granted to it, comma-separated */
	struct str grants;              /* GRANT statements' text, one a line; recorded */
	struct str comment;
	bool from_config;               /* of users.xml or the environment: not kept here */
};
enum status catalog_create_role(struct catalog *c, struct txn *t, const struct role_def *d,
                                struct error *err) MUST_CHECK;
/* By d->oid. Also changes the name. */
enum status catalog_replace_role(struct catalog *c, struct txn *t, const struct role_def *d,
                                 struct error *err) MUST_CHECK;
enum status catalog_drop_role(struct catalog *c, struct txn *t, struct str name, struct error *err) MUST_CHECK;
/* Valid until the transaction's next statement; NULL when there is none. */
const struct role_def *catalog_find_role(struct catalog *c, struct txn *t, struct str name);
const struct role_def *catalog_find_role_oid(struct catalog *c, struct txn *t, uint32_t oid);
enum status catalog_each_role(struct catalog *c, struct txn *t, enum status (*fn)(void *arg, const struct role_def *d),
                              void *arg) MUST_CHECK;
/* Users that the configuration names; at start, before sessions. Replaces one of the same name. */
void catalog_add_config_role(struct catalog *c, const struct role_def *d);

/* Fills scram, sha256 and md5 of a role from a password as it was typed, or takes a ready verifier as it is. */
enum status role_set_password(struct role_def *d, struct str password, struct arena *a, struct error *err) MUST_CHECK;
/* For HTTP, native and cleartext: whether this password is the role's. Takes the same time for right and wrong ones. */
bool role_check_password(const struct role_def *d, struct str password);

/* ---- recorded only ---- */
struct recorded_def {
	struct str kind;                /* "EXTENSION", "FUNCTION", "TRIGGER", "POLICY", "GRANT" … */
	struct str database, schema, name;
	uint32_t oid;
	struct str on;                  /* table of a trigger, policy or rule: "schema.table" */
	struct str text;                /* the statement */
	struct str version;             /* of an extension */
	struct str owner, comment;
};
enum status catalog_create_recorded(struct catalog *c, struct txn *t, const struct recorded_def *d,
                                    struct error *err) MUST_CHECK;
enum status catalog_replace_recorded(struct catalog *c, struct txn *t, const struct recorded_def *d,
                                     struct error *err) MUST_CHECK;
enum status catalog_drop_recorded(struct catalog *c, struct txn *t, const struct recorded_def *d,
                                  struct error *err) MUST_CHECK;
const struct recorded_def *catalog_find_recorded(struct catalog *c, struct txn *t, struct str kind, struct str database,
                                                 struct str schema, struct str name);
const struct recorded_def *catalog_find_recorded_oid(struct catalog *c, struct txn *t, uint32_t oid);
enum status catalog_each_recorded(struct catalog *c, struct txn *t,
                                  enum status (*fn)(void *arg, const struct recorded_def *d), void *arg) MUST_CHECK;

/* ---- sequences, beside what catalog.h has ---- */
const struct sequence_def *catalog_find_sequence(struct catalog *c, struct txn *t, struct str database,
                                                 struct str schema, struct str name);
const struct sequence_def *catalog_find_sequence_oid(struct catalog *c, struct txn *t, uint32_t oid);
/* By d->oid; ALTER SEQUENCE and renames. */
enum status catalog_replace_sequence(struct catalog *c, struct txn *t, const struct sequence_def *d,
                                     struct error *err) MUST_CHECK;
/* The value given out last; *is_called false: the next one is `value` itself. */
void catalog_sequence_state(struct catalog *c, const struct sequence_def *d, int64_t *value, bool *is_called);
enum status catalog_each_sequence(struct catalog *c, struct txn *t,
                                  enum status (*fn)(void *arg, const struct sequence_def *d), void *arg) MUST_CHECK;

#endif
