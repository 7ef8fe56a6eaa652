// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BIND_ROWS_IMPL_H
#define PLAN_BIND_ROWS_IMPL_H
/* What the binder's files share about calls that give rows and about recursive queries; part of binder_impl.h. */

/* bind_recursive.c: WITH RECURSIVE */
/* The state of a call of `recursion`: the other term's subquery over the rows in the slot. */
struct recursion {
	struct call *step;
	bool distinct;
};
bool bind_is_recursive(const struct cte_entry *e);
enum status bind_recursive(struct binder *b, struct cte_entry *e, struct plan **out) MUST_CHECK;
enum status bind_recursive_reference(struct binder *b, const struct scope *s, const struct cte_entry *e,
                                     struct plan **out) MUST_CHECK;

/* bind_rows.c: set-returning functions */
/* The value per element of `array` in an expression of s. */
enum status bind_rows_value(struct binder *b, struct scope *s, struct expr *array, struct expr **out) MUST_CHECK;
const struct type *bind_rows_type(struct binder *b, const struct type *array);
/* Puts the calls of `rows` on top of s->plan, then turns what stood for them into columns. */
enum status bind_rows_nodes(struct binder *b, struct scope *s, struct row_list *rows) MUST_CHECK;
enum status bind_rows_replace(struct binder *b, const struct row_list *rows, struct expr **x) MUST_CHECK;
enum status bind_rows_from(struct binder *b, struct scope *s, const struct ast_table *t) MUST_CHECK;

#endif
