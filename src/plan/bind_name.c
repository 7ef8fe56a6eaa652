// SPDX-License-Identifier: Apache-2.0
/*
 * Names: columns, aliases, tuple elements, * and lambdas' parameters. The innermost meaning wins: lambda parameters,
 * then the SELECT's aliases and columns in the dialect's order, then the enclosing queries (correlation).
 */
#include <assert.h>

#include "base/fpconv.h"
#include "parse/parser.h"
#include "plan/binder_impl.h"

struct scope_column *scope_add(struct binder *b, struct scope *s, struct expr *expr, struct str relation,
                               struct str name)
{
	struct scope_column fresh = {.relation = relation, .name = name, .type = expr->type, .expr = expr};
	ARENA_PUSH(b->arena, s->columns, s->column_count, s->column_capacity, fresh);
	return &s->columns[s->column_count - 1];
}

/* ---- lambdas ---- */

/* A value of the level outside `l` as an expression inside it. */
static struct expr *capture_into(struct binder *b, struct lambda_scope *l, struct expr *x)
{
	if (x->kind == EXPR_CONSTANT)
		return x;
	if (l->values != NULL)
		return l->outer == NULL ? x : capture_into(b, l->outer, x);
	if (l->outer != NULL)
		x = capture_into(b, l->outer, x);
	size_t i = 0;
	while (i < l->capture_count && !expr_equal(l->captures[i], x))
		i++;
	if (i == l->capture_count)
		ARENA_PUSH(b->arena, l->captures, l->capture_count, l->capture_capacity, x);
	return expr_column(b->arena, l->params + (uint32_t)i, x->type, x->name);
}

enum status bind_capture(struct binder *b, struct expr *x, struct expr **out)
{
	*out = b->lambda == NULL ? x : capture_into(b, b->lambda, x);
	return OK;
}

/* A lambda parameter of this name, at any level. */
static struct expr *find_parameter(struct binder *b, struct lambda_scope *l, struct str name)
{
	if (l == NULL)
		return NULL;
	for (uint32_t i = 0; i < l->count; i++)
		if (str_eq(l->names[i], name))
			return l->values != NULL     ? l->values[i]
			       : l->elements != NULL ? l->elements[i]
			                             : expr_column(b->arena, i, l->types[i], name);
	struct expr *outer = find_parameter(b, l->outer, name);
	if (outer == NULL || l->values != NULL)
		return outer;
	size_t i = 0;
	while (i < l->capture_count && !expr_equal(l->captures[i], outer))
		i++;
	if (i == l->capture_count)
		ARENA_PUSH(b->arena, l->captures, l->capture_count, l->capture_capacity, outer);
	return expr_column(b->arena, l->params + (uint32_t)i, outer->type, name);
}

/* ---- columns ---- */

static bool same_name(struct str a, struct str b, bool nocase)
{
	return nocase ? str_eq_nocase(a, b) : str_eq(a, b);
}

struct lookup {
	struct str relation, database, name;
	bool nocase, any_relation;
};

static bool matches(const struct lookup *l, const struct scope_column *c)
{
	if (!same_name(c->name, l->name, l->nocase))
		return false;
	if (l->any_relation)
		return !c->merged;
	if (!same_name(c->relation, l->relation, l->nocase))
		return false;
	return l->database.size == 0 || same_name(c->database, l->database, l->nocase) ||
	       same_name(c->schema, l->database, l->nocase);
}

static enum status ambiguous(struct binder *b, struct str name, int position)
{
	ERR(b->err, E_AMBIGUOUS_COLUMN,
	    b->dialect == DIALECT_POSTGRESQL ? "column reference \"%.*s\" is ambiguous"
	                                     : "Identifier '%.*s' is ambiguous: more than one table has it", STR_ARG(name));
	return error_at(b->err, position);
}

/* Exactly one column must fit; the hidden ones give way to visible ones. */
static enum status find_column(struct binder *b, struct scope *s, const struct lookup *l, int position,
                               struct scope_column **out)
{
	struct scope_column *found = NULL;
	for (size_t i = 0; i < s->column_count; i++) {
		struct scope_column *c = &s->columns[i];
		if (!matches(l, c))
			continue;
		if (found != NULL && found->hidden == c->hidden) {
			/* ClickHouse resolves an ambiguous name to the first table's column */
			if (b->dialect == DIALECT_CLICKHOUSE || expr_equal(found->expr, c->expr))
				continue;
			return ambiguous(b, l->name, position);
		}
		if (found == NULL || found->hidden)
			found = c;
	}
	*out = found;
	return OK;
}

/* An ALIAS column stands for its expression over its own table's columns. */
static enum status expand_alias_column(struct binder *b, struct scope *s, struct scope_column *c, struct expr **out)
{
	const struct stored_sql *sql = &c->alias_column->default_expr;
	struct parse_options options = {.dialect = sql->dialect};
	struct ast *ast;
	struct scope *own = ARENA_NEW(b->arena, struct scope);
	own->plan = s->plan;
	for (size_t i = 0; i < s->column_count; i++)
		if (s->columns[i].relation_first == c->relation_first && &s->columns[i] != c) {
			struct scope_column *copy = scope_add(b, own, s->columns[i].expr, s->columns[i].relation, s->columns[i].name);
			*copy = s->columns[i];
		}
	TRY(parse_expression(b->arena, sql->text, &options, &ast, b->err));
	enum dialect dialect = b->dialect;
	struct lambda_scope *lambda = b->lambda;
	b->dialect = b->own_session.dialect = sql->dialect;
	b->lambda = NULL;
	TRY(binder_enter(b, 0));
	enum status status = bind_expr(b, own, ast, out);
	binder_leave(b);
	b->lambda = lambda;
	b->dialect = b->own_session.dialect = dialect;
	TRY(status);
	return expr_cast(&b->env, *out, c->alias_column->type, CAST_CH, out);
}

static enum status column_value(struct binder *b, struct scope *s, struct scope_column *c, struct expr **out)
{
	if (c->is_alias)
		TRY(expand_alias_column(b, s, c, out));
	else
		*out = c->expr;
	if ((*out)->name.size == 0 && (*out)->kind == EXPR_COLUMN)
		(*out)->name = c->name;
	return OK;
}

/* ---- aliases ---- */

static enum status find_alias(struct binder *b, struct scope *s, struct str name, struct expr **out)
{
	*out = NULL;
	if (!s->aliases_visible)
		return OK;
	for (size_t i = 0; i < s->alias_count; i++) {
		struct select_alias *a = &s->aliases[i];
		if (a->busy || !str_eq(a->name, name))
			continue;
		if (a->bound == NULL) {
			struct lambda_scope *lambda = b->lambda;
			a->busy = true;
			b->lambda = NULL;
			TRY(binder_enter(b, a->ast->position));
			enum status status = bind_expr(b, s, a->ast, out);
			binder_leave(b);
			b->lambda = lambda;
			s->aliases[i].busy = false;
			TRY(status);
			/* not kept while an aggregate's argument is bound: there aggregates are an error that is elsewhere none */
			if (s->aggregates == NULL || !s->aggregates->inside)
				s->aliases[i].bound = *out;
		}
		if (s->aliases[i].bound != NULL)
			*out = s->aliases[i].bound;
		return OK;
	}
	return OK;
}

/* ---- dotted paths ---- */

static struct str join_parts(struct binder *b, const struct name *n, unsigned from)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	for (unsigned i = from; i < n->count; i++) {
		if (i != from)
			strbuf_putc(&text, '.');
		strbuf_puts(&text, n->parts[i].text);
	}
	struct str s = arena_str(b->arena, strbuf_str(&text));
	strbuf_fini(&text);
	return s;
}

/* x.a.b: elements of tuples, and ClickHouse's subcolumns. */
static enum status subscript_path(struct binder *b, struct expr *x, const struct name *n, unsigned from,
                                  struct expr **out)
{
	for (unsigned i = from; i < n->count; i++) {
		struct str part = n->parts[i].text;
		const struct type *t = x->type;
		struct expr *args[2] = {x, NULL};
		if (t->id == TYPE_MAP && str_eq(part, STR("keys"))) {
			TRY(bind_function(b, STR("mapKeys"), args, 1, 0, &x));
		} else if (t->id == TYPE_MAP && str_eq(part, STR("values"))) {
			TRY(bind_function(b, STR("mapValues"), args, 1, 0, &x));
		} else if (str_eq(part, STR("null")) && t->nullable) {
			TRY(bind_function(b, STR("isNull"), args, 1, 0, &x));
		} else if (str_eq(part, STR("size0"))) {
			TRY(bind_function(b, STR("length"), args, 1, 0, &x));
		} else {
			args[1] = bind_string(b, part);
			TRY(bind_function(b, STR("tupleElement"), args, 2, 0, &x));
		}
	}
	*out = x;
	return OK;
}

/*
 * The longest prefix of the path that names a column, as column, table.column or database.table.column; the rest is a
 * path into its value. `*used` 0: none.
 */
static enum status find_path(struct binder *b, struct scope *s, const struct name *n, int position, bool nocase,
                             struct scope_column **out, unsigned *used)
{
	/* the whole as a column's (dotted) name, then table.column, database.table.column, and last a column with a path */
	static const struct {
		unsigned skip;
		bool whole;
	} order[] = {{0, true}, {1, false}, {2, false}, {0, false}};
	*out = NULL;
	for (size_t k = 0; k < ARRAY_COUNT(order); k++) {
		unsigned skip = order[k].skip;
		for (unsigned end = n->count; end > skip; end--) {
			struct name head = {n->parts, end};
			struct lookup l = {.nocase = nocase, .any_relation = skip == 0, .name = join_parts(b, &head, skip)};
			if (skip >= 1)
				l.relation = n->parts[skip - 1].text;
			if (skip == 2)
				l.database = n->parts[0].text;
			TRY(find_column(b, s, &l, position, out));
			if (*out != NULL) {
				*used = end;
				return OK;
			}
			if (order[k].whole)
				break;
		}
	}
	*used = 0;
	return OK;
}

/* tableoid, t.tableoid: the OID of the table that the row is of. */
static enum status table_oid(struct binder *b, const struct scope *s, const struct name *n, struct expr **out)
{
	*out = NULL;
	if (b->dialect != DIALECT_POSTGRESQL || !str_eq(name_last(n), STR("tableoid")))
		return OK;
	for (size_t i = 0; i < s->column_count; i++) {
		const struct scope_column *c = &s->columns[i];
		if (c->table_oid == 0 || (n->count > 1 && !str_eq(c->relation, n->parts[n->count - 2].text)))
			continue;
		const struct type *oid = type_with_face(b->arena, type_simple(TYPE_UINT32), FACE_OID, -1);
		TRY(bind_text_constant(b, arena_strf(b->arena, "%u", c->table_oid), oid, out));
		(*out)->name = STR("tableoid");
		return OK;
	}
	return OK;
}

static enum status find_in_scope(struct binder *b, struct scope *s, const struct ast_identifier *id, struct expr **out)
{
	const struct name *n = &id->name;
	struct scope_column *c;
	unsigned used = 0;
	bool alias_first = b->dialect == DIALECT_CLICKHOUSE && !b->config->options.prefer_column_name_to_alias;
	*out = NULL;
	if (alias_first)
		TRY(find_alias(b, s, n->parts[0].text, out));
	if (*out != NULL) {
		/* SELECT x.a AS x … FROM t AS x WHERE x.a = 1: the alias has no such element, the table has */
		enum status alias = subscript_path(b, *out, n, 1, out);
		if (alias == OK || n->count == 1)
			return alias;
		struct error why = *b->err;
		error_clear(b->err);
		TRY(find_path(b, s, n, id->ast.position, false, &c, &used));
		if (used < 2) {
			*b->err = why;
			return alias;
		}
	} else {
		TRY(find_path(b, s, n, id->ast.position, false, &c, &used));
	}
	if (used == 0 && !alias_first) {
		TRY(find_alias(b, s, n->parts[0].text, out));
		if (*out != NULL)
			return subscript_path(b, *out, n, 1, out);
	}
	if (used == 0 && b->dialect == DIALECT_POSTGRESQL && !n->parts[n->count - 1].quoted)
		TRY(find_path(b, s, n, id->ast.position, true, &c, &used));
	if (used == 0)
		return table_oid(b, s, n, out);
	struct expr *x;
	TRY(column_value(b, s, c, &x));
	return subscript_path(b, x, n, used, out);
}

static enum status add_correlation(struct binder *b, struct correlation *c, struct expr *x, struct expr **out)
{
	if (c == NULL)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: a reference to an outer query from here");
	size_t i = 0;
	while (i < c->count && !expr_equal(c->exprs[i], x))
		i++;
	if (i == c->count) {
		uint32_t slot = binder_slot(b, x->type, NULL);
		size_t same = c->count;
		ARENA_PUSH(b->arena, c->slots, same, c->capacity, slot);
		ARENA_PUSH(b->arena, c->exprs, c->count, c->expr_capacity, x);
	}
	*out = expr_slot(b->arena, c->slots[i], x->type);
	(*out)->name = x->name;
	return OK;
}

/*
 * A value of an enclosing query becomes a slot that is set for each of its rows; at every query boundary on the way in,
 * so that a query in between is itself run anew for each row.
 */
static enum status correlate(struct binder *b, struct scope *inner, struct scope *owner, struct expr *x,
                             struct expr **out)
{
	*out = x;
	if (x->kind == EXPR_CONSTANT || inner == owner)
		return OK;
	TRY(correlate(b, inner->parent, owner, x, out));
	return add_correlation(b, inner->correlation, *out, out);
}

static void suggest(struct binder *b, struct scope *s, struct str name)
{
	unsigned best = 3;
	struct str nearest = {0}, relation = {0};
	for (; s != NULL; s = s->parent)
		for (size_t i = 0; i < s->column_count; i++) {
			unsigned d = str_distance_nocase(s->columns[i].name, name, best);
			if (b->dialect == DIALECT_POSTGRESQL && d > s->columns[i].name.size / 2)
				continue; /* another word */
			if (!s->columns[i].hidden && (d < best || (d == best && nearest.data == NULL))) {
				best = d;
				nearest = s->columns[i].name;
				relation = s->columns[i].relation;
			}
		}
	if (nearest.data != NULL && b->dialect == DIALECT_POSTGRESQL)
		error_hint(b->err, "Perhaps you meant to reference the column \"%.*s%s%.*s\".", STR_ARG(relation),
		           relation.size != 0 ? "." : "", STR_ARG(nearest));
	else if (nearest.data != NULL)
		error_hint(b->err, "Maybe you meant: ['%.*s']", STR_ARG(nearest));
}

/* The table is there, but under another name. */
static enum status missing_relation(struct binder *b, struct scope *s, struct str name, int position)
{
	for (; s != NULL; s = s->parent)
		for (size_t i = 0; i < s->column_count; i++)
			if (str_eq(s->columns[i].table, name)) {
				ERR(b->err, E_UNKNOWN_TABLE, "invalid reference to FROM-clause entry for table \"%.*s\"", STR_ARG(name));
				error_hint(b->err, "Perhaps you meant to reference the table alias \"%.*s\".",
				           STR_ARG(s->columns[i].relation));
				return error_at(b->err, position);
			}
	ERR(b->err, E_UNKNOWN_TABLE, "missing FROM-clause entry for table \"%.*s\"", STR_ARG(name));
	return error_at(b->err, position);
}

/* Whether the name is that of a column that only INSERT knows. */
static bool is_ephemeral(const struct scope *s, struct str name)
{
	const struct plan *p = s->plan;
	if (p == NULL || p->kind != PLAN_SCAN)
		return false;
	const struct column_def *d = table_def_column(p->u.scan.table->def, name);
	return d != NULL && d->default_kind == COLUMN_EPHEMERAL;
}

static enum status unknown_name(struct binder *b, struct scope *s, const struct ast_identifier *id)
{
	const struct name *n = &id->name;
	struct str whole = join_parts(b, n, 0), last = name_last(n);
	bool relation_known = n->count < 2;
	for (struct scope *at = s; at != NULL; at = at->parent)
		for (size_t i = 0; i < at->column_count && n->count >= 2; i++)
			relation_known |= str_eq(at->columns[i].relation, n->parts[n->count - 2].text);
	if (is_ephemeral(s, last)) {
		ERR(b->err, E_NO_SUCH_COLUMN, "Column %.*s is EPHEMERAL: it has no values to read", STR_ARG(last));
		return error_at(b->err, id->ast.position);
	}
	if (b->dialect == DIALECT_CLICKHOUSE)
		ERR(b->err, E_UNKNOWN_COLUMN, "Unknown expression identifier `%.*s`", STR_ARG(whole));
	else if (!relation_known)
		return missing_relation(b, s, n->parts[n->count - 2].text, id->ast.position);
	else if (n->count >= 2)
		ERR(b->err, E_UNKNOWN_COLUMN, "column %.*s does not exist", STR_ARG(whole));
	else
		ERR(b->err, E_UNKNOWN_COLUMN, "column \"%.*s\" does not exist", STR_ARG(whole));
	suggest(b, s, last);
	return error_at(b->err, id->ast.position);
}

/* t as a value: the whole row of a relation, as a tuple. */
static enum status whole_row(struct binder *b, struct scope *s, struct str name, struct expr **out)
{
	size_t n = 0;
	struct expr **items = ARENA_ARRAY(b->arena, struct expr *, s->column_count + 1);
	struct str *names = ARENA_ARRAY(b->arena, struct str, s->column_count + 1);
	for (size_t i = 0; i < s->column_count; i++)
		if (str_eq(s->columns[i].relation, name) && !s->columns[i].hidden) {
			names[n] = s->columns[i].name;
			items[n++] = s->columns[i].expr;
		}
	*out = NULL;
	if (n == 0)
		return OK;
	TRY(bind_function(b, STR("tuple"), items, (uint32_t)n, 0, out));
	bind_as_record(b, *out, names);
	return OK;
}

enum status bind_name(struct binder *b, struct scope *s, const struct ast_identifier *id, struct expr **out)
{
	const struct name *n = &id->name;
	struct expr *x = find_parameter(b, b->lambda, n->parts[0].text);
	if (x != NULL)
		return subscript_path(b, x, n, 1, out);
	for (struct scope *at = s; at != NULL; at = at->parent) {
		TRY(find_in_scope(b, at, id, &x));
		if (x == NULL && n->count == 1 && b->dialect == DIALECT_POSTGRESQL)
			TRY(whole_row(b, at, n->parts[0].text, &x));
		if (x == NULL)
			continue;
		if (at != s)
			TRY(correlate(b, s, at, x, &x));
		return bind_capture(b, x, out);
	}
	if (b->dialect == DIALECT_CLICKHOUSE && n->count == 1 && !n->parts[0].quoted) {
		/* the words for the special floats are literals there */
		double special;
		struct str word = n->parts[0].text;
		if (fp_parse64(word, &special) == word.size && word.size != 0)
			return bind_text_constant(b, word, type_simple(TYPE_FLOAT64), out);
	}
	return unknown_name(b, s, id);
}
