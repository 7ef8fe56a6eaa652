// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_COPY_H
#define EXEC_COPY_H
/* COPY's options, its query, and what stands between its input and the table. */
#include "exec/session_impl.h"
#include "parse/ast_command.h"

/* Options that need no columns, and the kind of statement. */
enum status copy_options(struct statement *st, const struct ast_copy *c, struct error *err) MUST_CHECK;
/* FORCE_QUOTE and its kin, of the columns that are copied. */
enum status copy_columns_options(struct statement *st, const struct ast_copy *c, const struct str *names, uint32_t n,
                                 struct error *err) MUST_CHECK;
/* What COPY TO reads. */
const struct ast *copy_query(struct statement *st, const struct ast_copy *c);

/* COPY FROM … WHERE: blocks lose the rows it is not true for. */
struct copy_filter {
	struct statement *statement;
	struct program *program;
	struct arena arena;         /* one block */
};
/* Also where it fails, and without a WHERE, close is due. */
enum status copy_filter_open(struct statement *st, const struct ast_copy *c, const struct str *names,
                             const struct type *const *types, uint32_t n, struct copy_filter *f,
                             struct error *err) MUST_CHECK;
enum status copy_filter_block(struct copy_filter *f, struct batch *b, struct error *err) MUST_CHECK;
void copy_filter_close(struct copy_filter *f);

/* ENCODING 'LATIN1': input that is read through it is UTF-8. */
struct copy_latin1 {
	enum status (*read)(void *arg, struct str *chunk, struct error *err);
	void *arg;
	struct strbuf text;
};
enum status copy_read_latin1(void *arg, struct str *chunk, struct error *err) MUST_CHECK;

#endif
