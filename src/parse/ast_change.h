// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_CHANGE_H
#define PARSE_AST_CHANGE_H
/*
 * INSERT, UPDATE, DELETE.
 *
 * INSERT … VALUES is either parsed into expressions (query is a SELECT_VALUES) or left as inline data, by the parser's
 * option; data_offset tells where the data begins in both cases.
 */
#include "parse/ast_query.h"

struct ast_insert {
	struct ast ast;
	struct ast_list with;
	bool with_recursive;
	struct name table;
	struct ast_call *function;     /* INSERT INTO FUNCTION f(…) */
	struct ast *partition_by;      /* of a table function */
	struct ast_list columns;       /* identifiers, or asterisks with transformers: (* EXCEPT (a)) */
	bool overriding_system, overriding_user;
	bool default_values;
	struct ast *query;             /* SELECT, or a SELECT_VALUES when VALUES were parsed as expressions */
	struct ast_list settings;
	struct ast *infile;            /* FROM INFILE 'name' */
	struct str infile_compression;
	struct str format;             /* FORMAT x; "Values" for VALUES */
	bool has_data;                 /* data follows inline, at data_offset of the text */
	uint64_t data_offset;          /* byte offset of the first byte of data */
	struct ast_conflict *conflict;
	struct ast_list returning;
};

struct ast_conflict {
	struct ast ast;
	struct ast_list targets;       /* expressions, or struct ast_order where COLLATE/opclass stood */
	struct ast *target_where;
	struct str constraint;         /* ON CONSTRAINT name */
	bool update;                   /* DO UPDATE; else DO NOTHING */
	struct ast_list assignments;
	struct ast *where;
};

/* a = expr; (a, b) = row; a[1].x = expr. */
struct ast_assignment {
	struct ast ast;
	struct ast_list targets;       /* identifiers, slices, element accesses; several for a row */
	bool row;                      /* written in parentheses */
	struct ast *value;             /* may be ast_default */
};

/* DEFAULT as a value. */
struct ast_default {
	struct ast ast;
};

struct ast_update {
	struct ast ast;
	struct ast_list with;
	bool with_recursive;
	struct ast_table *table;
	struct name cluster;
	struct ast *partition;         /* IN PARTITION p */
	struct ast_list assignments;
	struct ast_list from;
	struct ast *where;
	struct str cursor;             /* WHERE CURRENT OF */
	struct ast_list returning, settings;
};

struct ast_delete {
	struct ast ast;
	struct ast_list with;
	bool with_recursive;
	struct ast_table *table;
	struct name cluster;
	struct ast *partition;
	struct ast_list using_tables;
	struct ast *where;
	struct str cursor;
	struct ast_list returning, settings;
};

#endif
