// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_ALTER_H
#define PARSE_AST_ALTER_H
/*
 * ALTER, DROP, RENAME, TRUNCATE and the definitions of PostgreSQL's smaller objects: types, sequences, extensions,
 * functions, roles, grants, comments.
 */
#include "parse/ast_ddl.h"

enum object_type {
#define OBJECT_TYPE(NAME, words) OBJECT_##NAME,
#include "parse/object_type.def"
#undef OBJECT_TYPE
	OBJECT_TYPE_COUNT
};

/* "TABLE", "MATERIALIZED VIEW", … */
const char *object_type_words(enum object_type type);

enum alter_type {
#define ALTER_TYPE(NAME) ALTER_##NAME,
#include "parse/alter_type.def"
#undef ALTER_TYPE
	ALTER_TYPE_COUNT
};

/* One command of ALTER; which members a type uses is told in alter_type.def. */
struct ast_alter_command {
	struct ast ast;
	enum alter_type type;
	bool if_exists, if_not_exists, first, cascade, part, detached;
	struct name name;            /* column, index, projection, constraint, trigger, new owner … */
	struct name target;          /* new name, AFTER column, table of a partition command, schema */
	struct ast *definition;      /* a column, index, projection or constraint, a query, refresh, bound, sequence_options */
	struct ast *value;           /* expression: default, key, USING, predicate, comment */
	struct ast *partition;       /* PARTITION expr; PARTITION ID 'x' is a call of partitionId; ALL an identifier */
	struct ast_type *type_name;
	struct ast_list items;       /* assignments, settings, ttl, columns, options */
	struct str text;             /* REMOVE what, WITH NAME, destination kind, words without meaning here */
	struct ast *destination;     /* TO DISK 'x', FROM 'path' */
};

struct ast_alter {
	struct ast ast;
	enum object_type object;
	bool if_exists, only, star, temporary;
	struct name name, cluster;
	struct ast_list args;        /* of a function: struct ast_function_arg */
	struct ast_list commands;    /* of struct ast_alter_command */
	struct ast_list settings;
};

/* DROP and DETACH. */
struct ast_drop {
	struct ast ast;
	enum object_type object;
	bool detach, if_exists, if_empty, temporary, permanently, sync, concurrently, cascade;
	struct ast_list names;       /* identifiers; of functions: ast_call whose arguments are struct ast_function_arg */
	struct name cluster;
	struct name on;              /* DROP TRIGGER/POLICY/RULE x ON table, DROP INDEX x ON table */
	struct ast_list settings;
};

struct ast_undrop {
	struct ast ast;
	struct name name, cluster;
	struct ast *uuid;
};

struct ast_rename_pair {
	struct ast ast;
	struct name from, to;
};

/* RENAME TABLE a TO b, c TO d; EXCHANGE TABLES a AND b. */
struct ast_rename {
	struct ast ast;
	enum object_type object;     /* TABLE, DATABASE, DICTIONARY, VIEW */
	bool exchange, if_exists;
	struct ast_list pairs;
	struct name cluster;
	struct ast_list settings;
};

struct ast_truncate {
	struct ast ast;
	enum object_type object;     /* TABLE or DATABASE; all_tables: TRUNCATE [ALL] TABLES FROM db [LIKE 'x'] */
	bool if_exists, if_empty, temporary, all_tables, all_word, restart_identity, cascade, sync, not_like,
		case_insensitive;
	struct ast_list tables;      /* of struct ast_table */
	struct name cluster;
	struct ast *like;            /* of ALL TABLES */
	struct ast_list settings;
};

struct ast_sequence_options {
	struct ast ast;
	struct ast_type *as;
	struct ast *increment, *minimum, *maximum, *start, *cache, *restart;
	bool no_minimum, no_maximum, cycle, no_cycle, restart_only;
	struct name owned_by;        /* OWNED BY NONE: the identifier "none" */
	struct name sequence_name;   /* of identity: SEQUENCE NAME */
};

struct ast_create_sequence {
	struct ast ast;
	bool temporary, if_not_exists;
	struct name name;
	struct ast_sequence_options *options;
};

enum create_type_form { TYPE_ENUM, TYPE_COMPOSITE, TYPE_RANGE, TYPE_BASE, TYPE_SHELL, TYPE_DOMAIN };

struct ast_create_type {
	struct ast ast;
	enum create_type_form form;
	struct name name;
	struct ast_list labels;      /* of an enum: string literals */
	struct ast_list columns;     /* of a composite */
	struct ast_list options;     /* of range and base */
	struct ast_column_def *domain; /* type, default, constraints */
};

struct ast_create_extension {
	struct ast ast;
	bool if_not_exists, cascade;
	struct str name, schema, version;
};

struct ast_function_arg {
	struct ast ast;
	struct str mode;             /* in, out, inout, variadic, table; absent */
	struct str name;
	struct ast_type *type;
	struct ast *default_value;
};

struct ast_create_function {
	struct ast ast;
	bool or_replace, procedure, if_not_exists;
	struct name name, cluster;
	struct ast *lambda;          /* CREATE FUNCTION f AS (a, b) -> expr */
	struct ast_list args;
	struct ast_type *returns;
	struct ast_list returns_table;
	struct str language, body, link_symbol;
	struct ast *sql_return;      /* RETURN expr */
	struct ast_list sql_body;    /* BEGIN ATOMIC …; END */
	struct ast_list options;     /* struct ast_setting: volatility, strict, security, parallel, cost, rows, set … */
};

/* CREATE/ALTER USER or ROLE of both languages. */
struct ast_role {
	struct ast ast;
	enum object_type object;     /* USER, ROLE or GROUP */
	bool alter, or_replace, if_exists, if_not_exists, not_identified, host_clause;
	struct ast_list names;       /* identifiers */
	struct name cluster, rename, in_database;
	struct str auth_method;      /* plaintext_password, sha256_hash, …; absent */
	struct ast *auth_value;      /* BY '…', PASSWORD '…' */
	struct ast_list hosts;       /* struct ast_setting: any, local, name, regexp, ip, like */
	struct ast *default_roles;   /* struct ast_principals */
	struct ast *grantees;
	struct str default_database;
	struct ast_list settings;    /* SETTINGS, or SET of ALTER ROLE */
	struct ast_list options;     /* struct ast_setting: superuser, login, connection limit … */
};

/* A list of roles: names, ALL, NONE, CURRENT_USER (an identifier), EXCEPT others. */
struct ast_principals {
	struct ast ast;
	bool all, none;
	struct ast_list names, except;
};

struct ast_privilege {
	struct ast ast;
	struct str name;             /* upper case: "SELECT", "ALTER UPDATE", "ALL" */
	struct ast_list columns;     /* identifiers */
};

/* GRANT and REVOKE, of privileges or of roles. */
struct ast_grant {
	struct ast ast;
	bool revoke, is_role, with_option, cascade, all_in_schema, replace, current_grants;
	bool option_only;            /* GRANT OPTION FOR */
	struct ast_list privileges;  /* of struct ast_privilege, or of roles: identifiers */
	enum object_type object;
	struct ast_list objects;     /* identifiers or asterisks; functions as calls */
	struct ast_principals *to;
	struct name cluster;
	struct str granted_by;
};

struct ast_comment {
	struct ast ast;
	enum object_type object;
	struct name name, on;
	struct ast_list args;        /* of a function */
	struct ast *text;            /* string; NULL literal removes */
};

/*
 * A definition that is recorded or refused but not understood further: triggers, rules, policies, operators, casts,
 * publications, quotas … `text` is the whole statement.
 */
struct ast_recorded {
	struct ast ast;
	struct str tag;              /* PostgreSQL's command tag: "CREATE TRIGGER" */
	enum object_type object;
	struct name name, on;
	struct str text;
};

#endif
