// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_ADMIN_H
#define PARSE_AST_ADMIN_H
/* Settings, and commands that look at things or keep them in order: SET, SHOW, DESCRIBE, EXPLAIN, OPTIMIZE, SYSTEM … */
#include "parse/ast_alter.h"

/* ---- SET, SHOW, USE ---- */

enum set_scope { SET_SESSION, SET_LOCAL };

/* SET a = 1, b = 2; SET x TO a, b (value: a tuple call); SET TIME ZONE z ("timezone"); SET ROLE; SET NAMES. */
struct ast_set {
	struct ast ast;
	enum set_scope scope;
	struct ast_list settings; /* of struct ast_setting */
};

struct ast_set_role {
	struct ast ast;
	bool is_default;          /* SET DEFAULT ROLE, or SET ROLE DEFAULT */
	struct ast *roles;        /* struct ast_principals */
	struct ast_list to;       /* SET DEFAULT ROLE … TO users */
};

struct ast_reset {
	struct ast ast;
	struct name name;         /* absent: ALL */
};

enum show_type {
	SHOW_SETTING,             /* PostgreSQL SHOW name; name absent: ALL */
	SHOW_TABLES, SHOW_VIEWS, SHOW_DICTIONARIES, SHOW_DATABASES, SHOW_CLUSTERS, SHOW_CLUSTER, SHOW_COLUMNS, SHOW_INDEXES,
	SHOW_FUNCTIONS, SHOW_SETTINGS, SHOW_SETTING_VALUE, SHOW_ENGINES, SHOW_PROCESSLIST, SHOW_MERGES,
		SHOW_FILESYSTEM_CACHES,
	SHOW_GRANTS, SHOW_USERS, SHOW_ROLES, SHOW_CURRENT_ROLES, SHOW_ENABLED_ROLES, SHOW_ACCESS, SHOW_PRIVILEGES,
		SHOW_POLICIES,
	SHOW_PROFILES, SHOW_QUOTAS, SHOW_QUOTA,
	SHOW_CREATE               /* object: TABLE when not said */
};

struct ast_show {
	struct ast ast;
	enum show_type type;
	enum object_type object;  /* of SHOW CREATE */
	struct name name;
	struct name from;         /* FROM database (or table: SHOW COLUMNS FROM name FROM from) */
	bool temporary, full, extended, changed, implicit, has_like, not_like, case_insensitive;
	struct ast *like;
	struct ast *where, *limit;
	struct ast_list items;    /* FOR users, or names of SHOW CREATE USER a, b */
	struct ast_list settings;
	struct ast *outfile;
	struct str format;
};

struct ast_use {
	struct ast ast;
	struct name_part name;
};

/* ---- looking at things ---- */

/* DESCRIBE table | function | (query). */
struct ast_describe {
	struct ast ast;
	struct ast_table *table;
	struct ast_list settings;
	struct ast *outfile;
	struct str format;
};

/* EXISTS [TEMPORARY] [TABLE|VIEW|DICTIONARY|DATABASE] name. */
struct ast_exists {
	struct ast ast;
	enum object_type object;
	bool temporary;
	struct name name;
	struct str format;
};

enum explain_type {
	EXPLAIN_PLAN, EXPLAIN_AST, EXPLAIN_SYNTAX, EXPLAIN_QUERY_TREE, EXPLAIN_PIPELINE, EXPLAIN_ESTIMATE,
		EXPLAIN_TABLE_OVERRIDE,
	EXPLAIN_CURRENT_TRANSACTION, EXPLAIN_UNSAID
};

struct ast_explain {
	struct ast ast;
	enum explain_type type;
	bool analyze, verbose;
	struct ast_list options;  /* struct ast_setting: json = 1, or (ANALYZE, FORMAT JSON) with lower-case names */
	struct ast *statement;
	struct str format;
	struct ast *outfile;
};

/* ---- ClickHouse's administration ---- */

struct ast_optimize {
	struct ast ast;
	struct name table, cluster;
	struct ast *partition;
	bool part;
	bool final, deduplicate, cleanup, dry_run;
	struct ast_list deduplicate_by; /* as a select list */
	struct ast_list settings;
};

struct ast_check {
	struct ast ast;
	struct name table;        /* absent: CHECK ALL TABLES */
	struct ast *partition;
	bool part;
	struct ast_list settings;
	struct str format;
};

struct ast_system {
	struct ast ast;
	struct str command;       /* words, upper case, single spaces: "FLUSH LOGS", "STOP MERGES" */
	struct name name;         /* its object, where it has one */
	struct name cluster;
	struct ast_list args;     /* literals and identifiers behind the object */
	struct ast_list settings;
};

enum kill_type { KILL_QUERY, KILL_MUTATION, KILL_PART_MOVE, KILL_TRANSACTION };

struct ast_kill {
	struct ast ast;
	enum kill_type type;
	struct name cluster;
	struct ast *where;
	bool sync, test;
	struct str format;
};

/* BACKUP and RESTORE. */
struct ast_backup {
	struct ast ast;
	bool restore, async;
	struct name cluster;
	/* struct ast_recorded with object and name; `text` holds AS, EXCEPT and partitions as written */
	struct ast_list elements;
	struct ast_call *location; /* Disk('backups', 'x'), File('x'), S3(…) */
	struct ast_list settings;
	struct str format;
};

#endif
