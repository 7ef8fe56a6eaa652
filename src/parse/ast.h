// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_H
#define PARSE_AST_H
/*
 * The abstract syntax tree: what all nodes share. Expressions and types stand in ast_expr.h, queries in ast_query.h,
 * definitions in ast_ddl.h and ast_alter.h, the rest in ast_command.h and ast_admin.h.
 *
 * A node is a struct that begins with struct ast; its kind says which one. Nodes live in the arena of the parser and
 * are immutable once parsed; whoever rewrites a tree clones it first. An absent child is NULL, an absent name has count
 * 0, an absent list has count 0, an absent text has data NULL. Names are folded as the dialect says, `quoted` tells
 * that they were not. Strings are decoded.
 *
 * The depth of every node is known (ast.depth) and bounded by the parser's max_depth, so recursion over a tree is
 * bounded.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum ast_kind {
#define AST_KIND(NAME, name) AST_##NAME,
#include "parse/ast_kind.def"
#undef AST_KIND
	AST_KIND_COUNT
};

struct name_part {
	struct str text;  /* decoded, folded unless quoted */
	bool quoted;
	bool parameter;   /* {text:Identifier}: the name is the value of that query parameter */
};

/* a, a.b, a.b.c: a dotted path. */
struct name {
	struct name_part *parts;
	unsigned count;
};

struct ast {
	enum ast_kind kind;
	int position;            /* 1-based character in the text; 0 when made by hand */
	int depth;               /* 1 for a leaf, else 1 + the deepest child */
	bool parens;             /* an expression or query that stood in parentheses of its own */
	struct name_part *alias; /* `expr AS alias`, on any expression; NULL: none */
};

struct ast_list {
	struct ast **items;
	unsigned count;
	size_t capacity;
};

#define AST_EACH(list, var) \
	for (struct ast **var##_at = (list)->items, *var; \
		 var##_at != (list)->items + (list)->count && (var = *var##_at, true); var##_at++)

const char *ast_kind_name(enum ast_kind kind);
void ast_list_push(struct arena *a, struct ast_list *list, struct ast *item);

/* A deep copy. */
struct ast *ast_clone(struct arena *a, const struct ast *ast);
/* Same structure, whatever the positions, parentheses, quoting and spelling variants; aliases count only on request. */
bool ast_equal(const struct ast *a, const struct ast *b);
bool ast_equal_aliased(const struct ast *a, const struct ast *b);
/* Equal trees have equal hashes. */
uint64_t ast_hash(const struct ast *ast);

/* Calls `visit` for every node, parents first; where it returns false the children are left out. */
typedef bool (*ast_visit)(struct ast *ast, void *context);
void ast_walk(struct ast *ast, ast_visit visit, void *context);
/* Calls `visit` for the direct children (through which a rewriter may replace them). */
typedef void (*ast_child)(struct ast **child, void *context);
void ast_children(struct ast *ast, ast_child visit, void *context);

bool name_is(const struct name *name, const char *text); /* one part, unqualified, bytes equal */
bool name_equal(const struct name *a, const struct name *b);
/* The last part's text; empty for an absent name. */
struct str name_last(const struct name *name);

#endif
