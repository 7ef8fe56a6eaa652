// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_PARSE_STATEMENT_IMPL_H
#define PARSE_PARSE_STATEMENT_IMPL_H
/* What the grammar files of statements share; parse_impl.h includes it and has the conventions. */
#include "parse/parse_impl.h"

struct ast *parse_any_statement(struct parser *p);
/* The longest object words that stand next ("TABLE", "MATERIALIZED VIEW"); false when there are none. */
bool accept_object_type(struct parser *p, enum object_type *out);

/* parse_change.c, each behind its verb */
struct ast *parse_insert(struct parser *p, struct ast_list with, bool recursive);
struct ast *parse_update(struct parser *p, struct ast_list with, bool recursive);
struct ast *parse_delete(struct parser *p, struct ast_list with, bool recursive);

/* parse_element.c: what stands between the parentheses of CREATE TABLE and behind them */
struct ast_column_def *parse_column_def(struct parser *p, bool need_type);
struct ast_index_def *parse_index_def(struct parser *p);           /* behind INDEX */
struct ast_projection_def *parse_projection_def(struct parser *p); /* behind PROJECTION */
struct ast_constraint *parse_constraint(struct parser *p);         /* at CONSTRAINT or the kind */
bool at_constraint(struct parser *p);
bool parse_table_elements(struct parser *p, struct ast_list *out);
struct ast_index_element *parse_index_element(struct parser *p);
bool parse_index_elements(struct parser *p, struct ast_list *out);
/* One clause of storage (ENGINE, ORDER BY …); false when none stands here. */
bool accept_storage_clause(struct parser *p, struct ast_storage **storage);
bool parse_ttl_list(struct parser *p, struct ast_list *out);
struct ast_sequence_options *parse_sequence_options(struct parser *p);
/* (name = value, name) of PostgreSQL's WITH. */
bool parse_options(struct parser *p, struct ast_list *out);
bool parse_codec(struct parser *p, struct ast_list *out);
struct ast *parse_partition(struct parser *p);                     /* behind PARTITION or PART */
struct ast_partition_bound *parse_partition_bound(struct parser *p);
bool accept_definer(struct parser *p, struct name *definer, struct str *security);
struct ast_refresh *parse_refresh(struct parser *p);               /* behind REFRESH */

/* parse_create.c, parse_object.c, parse_alter.c, parse_drop.c, parse_role.c */
struct ast *parse_create(struct parser *p, size_t start, bool attach); /* behind CREATE or ATTACH */
struct ast *parse_create_object(struct parser *p, enum object_type type, bool or_replace, bool temporary, size_t start);
struct ast *parse_create_dictionary(struct parser *p, bool attach, bool or_replace);
struct ast *parse_create_function(struct parser *p, bool or_replace, bool procedure);
bool parse_function_args(struct parser *p, struct ast_list *out);
struct ast *parse_recorded(struct parser *p, const char *verb, enum object_type type, size_t start);
struct ast *parse_alter(struct parser *p, size_t start);
struct ast *parse_alter_command(struct parser *p, enum object_type object);
struct ast *parse_alter_column(struct parser *p);
struct ast *parse_modify_column(struct parser *p);
struct ast *parse_comment_column(struct parser *p);
bool parse_alter_names(struct parser *p, struct ast_list *out);
struct ast *parse_drop(struct parser *p, bool detach);
struct ast *parse_undrop(struct parser *p);
struct ast *parse_rename(struct parser *p, bool exchange);
struct ast *parse_truncate(struct parser *p);
struct ast *parse_role(struct parser *p, enum object_type type, bool alter, bool or_replace);
struct ast *parse_grant(struct parser *p, bool revoke);
struct ast_principals *parse_principals(struct parser *p);
struct ast *parse_comment(struct parser *p);

/* parse_pg.c and parse_admin.c: NULL with nothing taken when the verb is not theirs */
struct ast *parse_postgresql_command(struct parser *p, bool *taken);
bool parse_transaction_modes(struct parser *p, struct ast_transaction *t);
struct ast *parse_admin_command(struct parser *p, bool *taken);
struct ast *parse_set(struct parser *p);
struct ast *parse_show(struct parser *p);

#endif
