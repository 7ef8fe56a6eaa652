// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_DDL_H
#define PARSE_AST_DDL_H
/*
 * Definitions: what CREATE makes. ALTER, DROP and the like stand in ast_alter.h.
 *
 * What only one of the two languages has stays empty for the other; a table made in the postgresql dialect may have
 * ENGINE and ORDER BY too.
 */
#include "parse/ast_query.h"

enum default_type {
	DEFAULT_NONE, DEFAULT_VALUE, DEFAULT_MATERIALIZED, DEFAULT_ALIAS, DEFAULT_EPHEMERAL, DEFAULT_AUTO_INCREMENT,
	DEFAULT_GENERATED_STORED, DEFAULT_IDENTITY_ALWAYS, DEFAULT_IDENTITY_BY_DEFAULT
};

enum nullability { NULLABILITY_UNSAID, NULLABILITY_NULL, NULLABILITY_NOT_NULL };

struct ast_column_def {
	struct ast ast;
	struct name name;            /* ClickHouse's nested columns may be written a.b */
	struct ast_type *type;       /* NULL: from the default expression */
	enum nullability nullability;
	enum default_type default_type;
	struct ast *default_value;   /* EPHEMERAL may have none */
	struct ast_sequence_options *identity;
	struct ast_list codecs;      /* CODEC(Delta(8), ZSTD): calls */
	struct ast_list statistics;  /* STATISTICS(tdigest): calls */
	struct ast *ttl;
	struct ast *comment;         /* a string */
	struct ast_list settings;
	bool primary_key;
	struct name collation;
	/* of struct ast_constraint: CHECK, UNIQUE, REFERENCES, PRIMARY KEY of PostgreSQL's form */
	struct ast_list constraints;
};

enum constraint_type {
	CONSTRAINT_CHECK, CONSTRAINT_ASSUME, CONSTRAINT_PRIMARY_KEY, CONSTRAINT_UNIQUE, CONSTRAINT_FOREIGN_KEY,
	CONSTRAINT_EXCLUDE, CONSTRAINT_NOT_NULL, CONSTRAINT_NULL
};

enum reference_action {
	REFERENCE_UNSAID, REFERENCE_NO_ACTION, REFERENCE_RESTRICT, REFERENCE_CASCADE, REFERENCE_SET_NULL,
		REFERENCE_SET_DEFAULT
};

struct ast_constraint {
	struct ast ast;
	struct str name;             /* absent: to be chosen */
	enum constraint_type type;
	struct ast *check;           /* CHECK, ASSUME */
	struct ast_list columns;     /* identifiers; EXCLUDE: struct ast_index_element */
	struct ast_list operators;   /* EXCLUDE … WITH: identifiers */
	struct ast_list include;
	struct str method;           /* EXCLUDE USING gist */
	struct ast *where;
	struct name references;
	struct ast_list referenced;  /* columns there */
	enum reference_action on_delete, on_update;
	bool match_full;
	bool deferrable, initially_deferred, not_valid, no_inherit, nulls_not_distinct;
	struct str index;            /* USING INDEX name */
	struct ast_list options;     /* WITH (…) */
};

/* INDEX name expr TYPE type(args) GRANULARITY n */
struct ast_index_def {
	struct ast ast;
	struct str name;
	struct ast *value;           /* a tuple call for several */
	struct ast_call *type;
	struct ast *granularity;     /* literal; NULL: default */
};

struct ast_projection_def {
	struct ast ast;
	struct str name;
	struct ast *query;           /* ast_select without FROM */
	struct ast *index;           /* PROJECTION p INDEX expr TYPE t */
	struct ast_call *index_type;
	struct ast_list settings;
};

enum ttl_action { TTL_DELETE, TTL_TO_DISK, TTL_TO_VOLUME, TTL_RECOMPRESS, TTL_GROUP_BY };

struct ast_ttl {
	struct ast ast;
	struct ast *value;
	enum ttl_action action;
	bool if_exists;
	struct ast *destination;     /* a string */
	struct ast *where;
	struct ast_list codecs;
	struct ast_list group_by, assignments;
};

/* How a table is stored: ENGINE and its clauses, in any order; PostgreSQL's USING, WITH, TABLESPACE. */
struct ast_storage {
	struct ast ast;
	struct ast_call *engine;     /* ENGINE = name(args) */
	struct ast *partition_by, *primary_key, *sample_by, *unique_key;
	struct ast *order_by;        /* `a DESC` in it is the call desc(a) */
	struct ast_list ttl;         /* of struct ast_ttl */
	struct ast_list settings;
	struct str access_method;    /* USING heap */
	struct ast_list options;     /* WITH (fillfactor = 70) */
	struct str tablespace;
};

/* LIKE source INCLUDING ALL, as a table element. */
struct ast_like_clause {
	struct ast ast;
	struct name source;
	struct str options;          /* as written, upper case */
};

/* PARTITION BY RANGE (a, b) of PostgreSQL. */
struct ast_partition_spec {
	struct ast ast;
	struct str strategy;         /* range, list, hash */
	struct ast_list elements;    /* of struct ast_index_element */
};

/* FOR VALUES FROM … TO …, IN (…), WITH (MODULUS …), DEFAULT. */
struct ast_partition_bound {
	struct ast ast;
	bool is_default;
	struct ast_list in, from, to; /* expressions; MINVALUE and MAXVALUE as identifiers */
	struct ast *modulus, *remainder;
};

struct ast_create_table {
	struct ast ast;
	bool attach, or_replace, replace, if_not_exists, temporary, unlogged;
	struct name name, cluster;
	struct ast *uuid;
	bool has_elements;
	struct ast_list elements;    /* column_def, index_def, projection_def, constraint, like_clause */
	struct ast_storage *storage; /* NULL: nothing said */
	struct name as_table;        /* AS table / CLONE AS table */
	struct ast_call *as_function;
	struct ast *as_query;
	struct ast_list as_columns;  /* CREATE TABLE t (a, b) AS SELECT: identifiers */
	bool clone, empty, no_data;
	struct ast *attach_from;     /* ATTACH TABLE t FROM 'path' */
	struct ast *comment;
	struct ast_list inherits;    /* identifiers */
	struct name partition_of, of_type;
	struct ast_partition_bound *bound;
	struct ast_partition_spec *partition_spec;
	struct str on_commit;        /* "preserve rows", "delete rows", "drop" */
};

struct ast_refresh {
	struct ast ast;
	bool after;                  /* AFTER; else EVERY */
	struct ast *period, *offset, *randomize; /* of struct ast_interval, or a tuple of them */
	struct ast_list depends_on;  /* identifiers */
	bool append;
	struct ast_list settings;
};

struct ast_create_view {
	struct ast ast;
	bool attach, or_replace, if_not_exists, temporary, materialized, live, recursive, populate, empty, no_data;
	struct name name, cluster;
	struct ast *uuid;
	struct ast_list columns;     /* identifiers, or element definitions as of a table */
	struct ast_refresh *refresh;
	struct name to;              /* TO table */
	struct ast *to_inner_uuid;
	struct ast_storage *storage;
	struct name definer;         /* also CURRENT_USER */
	struct str sql_security;     /* definer, invoker, none */
	struct ast *comment;
	struct ast_list options;     /* WITH (security_barrier) */
	struct str check_option;     /* local, cascaded */
	struct ast *query;
};

struct ast_dictionary_attribute {
	struct ast ast;
	struct name name;
	struct ast_type *type;
	struct ast *default_value, *expression;
	bool hierarchical, bidirectional, injective, is_object_id;
};

/* CLICKHOUSE(HOST 'h' TABLE 't'), HOST 'h', MIN 0: configuration in dictionary definitions. */
struct ast_pair {
	struct ast ast;
	struct str name;
	bool is_group;               /* (…) was written */
	struct ast_list items;       /* of struct ast_pair, when a group */
	struct ast *value;           /* literal, identifier or call */
};

struct ast_create_dictionary {
	struct ast ast;
	bool attach, or_replace, if_not_exists;
	struct name name, cluster;
	struct ast *uuid;
	struct ast_list attributes;
	struct ast_list primary_key; /* identifiers */
	struct ast_pair *source, *layout, *lifetime, *range;
	struct ast_list settings;
	struct ast *comment;
};

/* CREATE DATABASE and CREATE SCHEMA. */
struct ast_create_database {
	struct ast ast;
	bool schema, attach, if_not_exists;
	struct name name, cluster;
	struct ast *uuid;
	struct ast_storage *storage; /* ENGINE, SETTINGS */
	struct ast *comment;
	struct str authorization;
	struct ast_list options;     /* OWNER = x, ENCODING = 'UTF8' … */
	struct ast_list elements;    /* statements inside CREATE SCHEMA */
};

/* ClickHouse: TYPE t GRANULARITY n on one expression. PostgreSQL: USING method (elements). */
struct ast_create_index {
	struct ast ast;
	bool unique, concurrently, if_not_exists, only, nulls_not_distinct;
	struct name name, table, cluster;
	struct str method;
	struct ast_list elements;    /* of struct ast_index_element */
	struct ast_list include;     /* identifiers */
	struct ast_list options;
	struct str tablespace;
	struct ast *where;
	struct ast_call *type;
	struct ast *granularity;
};

struct ast_index_element {
	struct ast ast;
	struct ast *value;
	struct name collation, opclass;
	struct ast_list opclass_options;
	enum order_direction direction;
	enum order_nulls nulls;
};

#endif
