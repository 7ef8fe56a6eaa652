// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_PRINT_IMPL_H
#define PARSE_PRINT_IMPL_H
/* What the printing files share: the place where text goes, layout, and one function for each family of nodes. */
#include <assert.h>

#include "parse/ast_admin.h"
#include "parse/ast_command.h"
#include "parse/print.h"

struct printer {
	struct strbuf *b;
	enum dialect dialect;
	bool multiline, hide_secrets, operand_parens;
	unsigned indent; /* levels of four blanks */
};

static inline bool in_clickhouse(const struct printer *pr)
{
	return pr->dialect == DIALECT_CLICKHOUSE;
}

static inline void put(struct printer *pr, const char *text)
{
	strbuf_putz(pr->b, text);
}

static inline void puts_str(struct printer *pr, struct str s)
{
	strbuf_puts(pr->b, s);
}

/* `text` when the condition holds. */
static inline void put_if(struct printer *pr, bool condition, const char *text)
{
	if (condition)
		put(pr, text);
}

/* A new line at the current indentation, or a blank in one-line text. */
void new_line(struct printer *pr);
/* A new line, or nothing in one-line text. */
void soft_line(struct printer *pr);

void put_ident(struct printer *pr, struct str name);
void put_part(struct printer *pr, const struct name_part *part);
void put_name(struct printer *pr, const struct name *name);
/* A column in a definition: ClickHouse always quotes it. */
void put_column_name(struct printer *pr, const struct name *name);
void put_format(struct printer *pr, struct str name);
void put_string(struct printer *pr, struct str text);
/* A string node, or [HIDDEN]. */
void put_secret(struct printer *pr, const struct ast *text);
void put_upper(struct printer *pr, struct str text);
void put_u64(struct printer *pr, uint64_t v);

/* ---- expressions ---- */

/* With its alias in parentheses, with a bare alias as in lists, and without it. */
void print_expr(struct printer *pr, const struct ast *e);
void print_aliased(struct printer *pr, const struct ast *e);
void print_unaliased(struct printer *pr, const struct ast *e);
/* As an operand of an operator: operators get parentheses. */
void print_operand(struct printer *pr, const struct ast *e);
/* a, b, c in one line */
void print_list(struct printer *pr, const struct ast_list *list);
/* One item behind a blank, several on lines of their own. */
void print_items(struct printer *pr, const struct ast_list *list);
void print_alias(struct printer *pr, const struct ast *e);
void print_literal(struct printer *pr, const struct ast_literal *l);
void print_expr_postgresql(struct printer *pr, const struct ast *e);
void print_type(struct printer *pr, const struct ast_type *t);
void print_window(struct printer *pr, const struct ast_window *w);
void print_over(struct printer *pr, const struct ast_call *c);
void print_order(struct printer *pr, const struct ast_order *o);
void print_asterisk(struct printer *pr, const struct ast_asterisk *a);
void print_parameter(struct printer *pr, const struct ast_parameter *p);
/* The query in parentheses, indented. */
void print_subquery(struct printer *pr, const struct ast *query);
void print_call_arguments(struct printer *pr, const struct ast_call *c);
/* The symbol of an operator that has a ClickHouse name ("+"), NULL for other functions. */
const char *operator_symbol(const struct ast_call *c);
const char *unit_word(enum interval_unit unit); /* "day" */
/* Engine, codec, index type: name or name(args). */
void print_engine_call(struct printer *pr, const struct ast_call *c);
void print_setting(struct printer *pr, const struct ast_setting *s);
void print_settings(struct printer *pr, const struct ast_list *list);
/* SETTINGS … on a line of its own, when there are any. */
void print_settings_clause(struct printer *pr, const struct ast_list *list);
void print_function_args(struct printer *pr, const struct ast_list *args);

/* ---- queries and statements ---- */

void print_query(struct printer *pr, const struct ast *query);
void print_with(struct printer *pr, const struct ast_list *with, bool recursive);
void print_table_expr(struct printer *pr, const struct ast *t);
void print_insert(struct printer *pr, const struct ast_insert *in);
void print_update(struct printer *pr, const struct ast_update *u);
void print_delete(struct printer *pr, const struct ast_delete *d);
void print_assignments(struct printer *pr, const struct ast_list *list);
void print_column_def(struct printer *pr, const struct ast_column_def *c);
void print_element(struct printer *pr, const struct ast *e);
void print_constraint(struct printer *pr, const struct ast_constraint *c);
void print_storage(struct printer *pr, const struct ast_storage *s);
void print_ttl_list(struct printer *pr, const struct ast_list *list);
void print_index_elements(struct printer *pr, const struct ast_list *list);
void print_index_element(struct printer *pr, const struct ast_index_element *e);
void print_sequence_options(struct printer *pr, const struct ast_sequence_options *o);
void print_partition(struct printer *pr, const struct ast *partition);
void print_refresh(struct printer *pr, const struct ast_refresh *r);
void print_bound(struct printer *pr, const struct ast_partition_bound *b);
void print_options(struct printer *pr, const struct ast_list *list);
void print_definer(struct printer *pr, const struct name *definer, struct str security);
void print_cluster(struct printer *pr, const struct name *cluster);
void print_create_function(struct printer *pr, const struct ast_create_function *f);
void print_set(struct printer *pr, const struct ast_set *s);
/* Each returns false when the node is not of its family. */
bool print_create(struct printer *pr, const struct ast *ast);
bool print_object(struct printer *pr, const struct ast *ast);
bool print_alter_family(struct printer *pr, const struct ast *ast);
bool print_command(struct printer *pr, const struct ast *ast);
bool print_admin(struct printer *pr, const struct ast *ast);
void print_any(struct printer *pr, const struct ast *ast);

#endif
