// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_DDL_IMPL_H
#define EXEC_DDL_IMPL_H
/* What the files that run definitions share. */
#include "base/strmap.h"
#include "catalog/objects.h"
#include "exec/ddl.h"
#include "parse/ast_admin.h"
#include "parse/ast_command.h"
#include "parse/parser.h"
#include "parse/print.h"
#include "plan/binder.h"

/* A resolved place for an object. */
struct ddl_place {
	struct str database, schema, name;
};

static inline bool ddl_is_pg(const struct ddl_context *c)
{
	return c->session->dialect == DIALECT_POSTGRESQL;
}

/* ---- ddl_name.c ---- */
/* The text of a name's part, {p:Identifier} replaced by the parameter's value. */
enum status ddl_part(struct ddl_context *c, const struct name_part *p, struct str *out, struct error *err) MUST_CHECK;
/* Where a new object of this name belongs. `temporary` ones live in the session's own schema. */
enum status ddl_new_place(struct ddl_context *c, const struct name *n, bool temporary, struct ddl_place *out,
                          struct error *err) MUST_CHECK;
/* An existing table or view; *out NULL with OK when it is missing and `if_exists`. The reference is the arena's. */
enum status ddl_find_table(struct ddl_context *c, const struct name *n, bool if_exists, struct table **out,
                           struct error *err) MUST_CHECK;
/* Where an existing object may be, in order of search: at most `max` places. */
enum status ddl_places(struct ddl_context *c, const struct name *n, struct ddl_place *out, uint32_t max,
                       uint32_t *count, struct error *err) MUST_CHECK;
struct str ddl_temporary_schema(struct ddl_context *c);
void ddl_say(struct ddl_context *c, const char *severity, enum status status, const char *fmt, ...) PRINTF_LIKE(4, 5);
struct bind_config ddl_bind_config(struct ddl_context *c, struct error *err);
/* An expression or query as it is kept: printed in the session's dialect. NULL gives an empty one. */
struct stored_sql ddl_stored(struct ddl_context *c, struct arena *a, const struct ast *x);
struct str ddl_quoted(struct arena *a, struct str name, enum dialect dialect);
struct str ddl_literal(struct arena *a, struct str text, enum dialect dialect);
/* "schema.name" as PostgreSQL shows it: without public. */
struct str ddl_pg_name(struct arena *a, struct str schema, struct str name);
/* The text of a setting's value, without quotes. */
struct str ddl_value_text(struct arena *a, const struct ast *x);
/* A literal of an integer or a string; false for anything else. */
bool ddl_is_string(const struct ast *x, struct str *out);
bool ddl_is_integer(const struct ast *x, int64_t *out);

/* ---- ddl_column.c ---- */
/* Fills one or more (Nested) columns of def from a definition; serial columns' sequences are asked for in *sequences.
 * */
struct ddl_sequence {
	struct str column;
	struct str type;            /* "bigint" */
	const struct ast_sequence_options *options;
	struct ddl_sequence *next;
};
struct ddl_columns {
	struct ddl_context *c;
	struct table_def *def;
	size_t capacity;
	struct ddl_sequence *sequences;
};
enum status ddl_add_column(struct ddl_columns *to, const struct ast_column_def *x, struct error *err) MUST_CHECK;
/* A column with no more than a name and a type, as a query gives it. */
struct column_def *ddl_push_column(struct ddl_columns *to, struct str name, const struct type *type);
/* PostgreSQL's arrays, maps and tuples may be NULL, which they are in a hidden column beside them: adds or drops it. */
void ddl_settle_null_column(struct ddl_columns *to, struct str name);
/* The type of a definition with nullability as the dialect has it. */
enum status ddl_column_type(struct ddl_context *c, struct arena *a, const struct ast_type *t, enum nullability said,
                            const struct type **out, struct error *err) MUST_CHECK;
/* The type under which a table can store what a query computes. */
enum status ddl_storable(struct arena *a, const struct type *t, const struct type **out, struct error *err) MUST_CHECK;
/* Default, codec, comment and TTL of a definition into a column. */
enum status ddl_column_extras(struct ddl_context *c, struct table_def *def, struct column_def *d,
                              const struct ast_column_def *x, struct error *err) MUST_CHECK;
/* Creates what serial columns asked for; after the table's place is known. */
enum status ddl_make_sequences(struct ddl_columns *to, struct error *err) MUST_CHECK;
/* Checks that all stored expressions of def bind; types of DEFAULTs without one are known then. */
enum status ddl_check_expressions(struct ddl_context *c, struct table_def *def, struct error *err) MUST_CHECK;

/* ---- ddl_domain.c ---- */
/* The domain that a type's name is of; NULL: it is none. */
const struct type_object *ddl_find_domain(struct ddl_context *c, const struct ast_type *t);
/* The domain's constraints to those of the table, for one column. */
enum status ddl_add_domain(struct ddl_context *c, struct table_def *def, struct str column,
                           const struct type_object *d, struct error *err) MUST_CHECK;
/* Changes d's definition; afterwards columns have to take it. */
enum status ddl_alter_domain(struct ddl_context *c, const struct ast_alter *x, struct type_object *d, bool *changed,
                             struct error *err) MUST_CHECK;
enum status ddl_refresh_domain(struct ddl_context *c, const struct type_object *d, struct error *err) MUST_CHECK;
/* "CHECK ((VALUE > 0))" by the OID that pg_constraint gives a domain's check: catalog/column_note.h. */
bool ddl_domain_check_text(struct ddl_context *c, uint32_t oid, struct str *text);
/* An error where a column is of it; what: the command that cannot be done then, NULL: DROP. */
enum status ddl_check_domain_unused(struct ddl_context *c, const struct type_object *d, const char *what,
                                    struct error *err) MUST_CHECK;
/* GENERATED ALWAYS or BY DEFAULT AS IDENTITY; and forgets such notes, of the kinds in a string. */
void ddl_note_identity(struct table_def *def, struct str column, bool always);
void ddl_drop_notes(struct table_def *def, struct str column, const char *kinds);

/* ---- ddl_table.c ---- */
enum status ddl_create_table(struct ddl_context *c, const struct ast_create_table *x, struct ddl_result *out,
                             struct error *err) MUST_CHECK;
/* Engine, keys, TTL and settings of def. */
enum status ddl_storage(struct ddl_context *c, struct table_def *def, const struct ast_storage *s,
                        struct error *err) MUST_CHECK;
enum status ddl_add_index(struct ddl_context *c, struct table_def *def, const struct ast_index_def *x,
                          struct error *err) MUST_CHECK;
enum status ddl_add_projection(struct ddl_context *c, struct table_def *def, const struct ast_projection_def *x,
                               struct error *err) MUST_CHECK;
enum status ddl_add_constraint(struct ddl_context *c, struct table_def *def, const struct ast_constraint *x,
                               struct error *err) MUST_CHECK;
struct stored_sql ddl_stored_ttl(struct ddl_context *c, struct arena *a, const struct ast_list *items);
enum status ddl_add_setting(struct ddl_context *c, struct table_def *def, const struct ast_setting *x,
                            struct error *err) MUST_CHECK;
bool ddl_is_merge_tree(struct str engine);

/* ---- ddl_view.c ---- */
enum status ddl_create_view(struct ddl_context *c, const struct ast_create_view *x, struct ddl_result *out,
                            struct error *err) MUST_CHECK;
/* Query, source and columns of a view from an AST. */
enum status ddl_view_query(struct ddl_context *c, struct table_def *def, const struct ast *query,
                           struct error *err) MUST_CHECK;

/* ---- ddl_drop.c, ddl_rename.c, ddl_database.c ---- */
enum status ddl_drop(struct ddl_context *c, const struct ast_drop *x, struct ddl_result *out,
                     struct error *err) MUST_CHECK;
enum status ddl_drop_one_table(struct ddl_context *c, struct table *t, struct error *err) MUST_CHECK;
enum status ddl_rename(struct ddl_context *c, const struct ast_rename *x, struct error *err) MUST_CHECK;
enum status ddl_truncate(struct ddl_context *c, const struct ast_truncate *x, struct error *err) MUST_CHECK;
enum status ddl_create_database(struct ddl_context *c, const struct ast_create_database *x,
                                struct error *err) MUST_CHECK;
enum status ddl_drop_database(struct ddl_context *c, const struct ast_drop *x, struct error *err) MUST_CHECK;

/* ---- ddl_alter.c, ddl_alter_column.c, ddl_partition.c ---- */
enum status ddl_alter(struct ddl_context *c, const struct ast_alter *x, struct ddl_result *out,
                      struct error *err) MUST_CHECK;
enum status ddl_alter_column(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                             bool *done, struct error *err) MUST_CHECK;
enum status ddl_materialize(struct ddl_context *c, struct table *t, const struct ast_alter_command *x,
                            struct error *err) MUST_CHECK;
enum status ddl_partition(struct ddl_context *c, struct table *t, const struct ast_alter_command *x,
                          struct error *err) MUST_CHECK;
bool ddl_is_partition_command(enum alter_type type);
enum status ddl_optimize(struct ddl_context *c, const struct ast_optimize *x, struct error *err) MUST_CHECK;
/* CHECK TABLE, as the SELECT that shows what was found. */
enum status ddl_check_table(struct ddl_context *c, const struct ast_check *x, struct ddl_result *out,
                            struct error *err) MUST_CHECK;
/* The ID of the partition that the values name, as the part format has it. Empty: all partitions. */
enum status ddl_partition_id(struct ddl_context *c, const struct table *t, const struct ast *x, struct str *out,
                             struct error *err) MUST_CHECK;
/* A writable copy of a table's definition. */
struct table_def *ddl_copy_def(struct ddl_context *c, const struct table *t);

/* ---- ddl_object.c, ddl_index.c, ddl_role.c ---- */
enum status ddl_create_sequence(struct ddl_context *c, const struct ast_create_sequence *x,
                                struct error *err) MUST_CHECK;
enum status ddl_sequence_options(const struct ast_sequence_options *o, struct sequence_def *d,
                                 struct error *err) MUST_CHECK;
enum status ddl_create_type(struct ddl_context *c, const struct ast_create_type *x, struct error *err) MUST_CHECK;
enum status ddl_create_extension(struct ddl_context *c, const struct ast_create_extension *x,
                                 struct error *err) MUST_CHECK;
/* The table's rows against a key that it is to have: E_UNIQUE_VIOLATION, E_NOT_NULL_VIOLATION (primary). */
enum status ddl_check_unique(struct ddl_context *c, struct table *t, struct str name, struct str columns, bool primary,
                             struct error *err) MUST_CHECK;
enum status ddl_create_index(struct ddl_context *c, const struct ast_create_index *x, struct error *err) MUST_CHECK;
enum status ddl_recorded(struct ddl_context *c, const struct ast_recorded *x, struct ddl_result *out,
                         struct error *err) MUST_CHECK;
enum status ddl_comment(struct ddl_context *c, const struct ast_comment *x, struct error *err) MUST_CHECK;
enum status ddl_drop_object(struct ddl_context *c, const struct ast_drop *x, struct error *err) MUST_CHECK;
enum status ddl_alter_object(struct ddl_context *c, const struct ast_alter *x, struct error *err) MUST_CHECK;
enum status ddl_role(struct ddl_context *c, const struct ast_role *x, struct error *err) MUST_CHECK;
enum status ddl_grant(struct ddl_context *c, const struct ast_grant *x, struct error *err) MUST_CHECK;
enum status ddl_drop_roles(struct ddl_context *c, const struct ast_drop *x, struct error *err) MUST_CHECK;
enum status ddl_system(struct ddl_context *c, const struct ast_system *x, struct error *err) MUST_CHECK;

/* ---- ddl_text.c: definitions as PostgreSQL shows them ---- */
struct str ddl_columns_text(struct arena *a, const struct ast_list *identifiers, enum dialect dialect);

#endif
