// SPDX-License-Identifier: Apache-2.0
/* *, t.*, COLUMNS('re') and their transformers: lists of output items. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "plan/bind_star_impl.h"

struct star_list {
	struct star_item *items;
	size_t count, capacity;
};

static bool column_is_shown(const struct binder *b, const struct scope_column *c)
{
	if (c->hidden || c->merged)
		return false;
	if (b->dialect == DIALECT_POSTGRESQL)
		return true;
	if (c->is_alias)
		return b->config->options.asterisk_include_alias_columns;
	if (c->materialized)
		return b->config->options.asterisk_include_materialized_columns;
	return true;
}

static enum status pattern_compile(struct binder *b, struct str pattern, pcre2_code **out)
{
	int code;
	PCRE2_SIZE at;
	*out = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.size, PCRE2_UTF, &code, &at, NULL);
	if (*out == NULL)
		return ERR(b->err, E_INVALID_REGEXP, "Cannot compile regular expression '%.*s'", STR_ARG(pattern));
	return OK;
}

static bool pattern_matches(const pcre2_code *re, struct str s)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(re, NULL);
	int rc = data == NULL ? -1 : pcre2_match(re, (PCRE2_SPTR)s.data, s.size, 0, 0, data, NULL);
	pcre2_match_data_free(data);
	return rc >= 0;
}

static bool qualifier_fits(const struct name *q, const struct scope_column *c)
{
	if (q->count == 0)
		return true;
	if (!str_eq(c->relation, q->parts[q->count - 1].text))
		return false;
	return q->count < 2 || str_eq(c->database, q->parts[q->count - 2].text) ||
	       str_eq(c->schema, q->parts[q->count - 2].text);
}

static enum status star_add(struct binder *b, struct star_list *list, struct expr *x, struct str name)
{
	struct star_item item = {x, name};
	ARENA_PUSH(b->arena, list->items, list->count, list->capacity, item);
	return OK;
}

static enum status select_columns(struct binder *b, struct scope *s, const struct ast_asterisk *x,
                                  struct star_list *list)
{
	pcre2_code *re = NULL;
	enum status status = OK;
	if (x->pattern.data != NULL)
		TRY(pattern_compile(b, x->pattern, &re));
	/* ALIAS columns come behind all that are stored */
	for (size_t k = 0; k < 2 * s->column_count && status == OK; k++) {
		struct scope_column *c = &s->columns[k % s->column_count];
		bool last = c->is_alias && b->dialect == DIALECT_CLICKHOUSE;
		if (last != (k >= s->column_count))
			continue;
		if (!qualifier_fits(&x->qualifier, c) || (re == NULL && !column_is_shown(b, c) && x->qualifier.count == 0))
			continue;
		/* t.* shows a column that USING merged, too */
		if (x->qualifier.count != 0 && !column_is_shown(b, c) && !(c->merged && !c->hidden))
			continue;
		if (re != NULL && (c->hidden || c->merged || !pattern_matches(re, c->name)))
			continue;
		struct ast_identifier id = {.ast = {.kind = AST_IDENTIFIER, .position = x->ast.position}};
		struct expr *value = c->expr;
		if (c->is_alias) {
			struct name_part parts[2] = {{.text = c->relation}, {.text = c->name}};
			id.name = (struct name){parts, 2};
			status = bind_name(b, s, &id, &value);
		}
		if (status == OK)
			status = star_add(b, list, value, c->name);
	}
	pcre2_code_free(re);
	return status;
}

static enum status apply_except(struct binder *b, const struct ast_transform *t, struct star_list *list)
{
	size_t kept = 0, hits = 0;
	pcre2_code *re = NULL;
	if (t->pattern.data != NULL)
		TRY(pattern_compile(b, t->pattern, &re));
	for (size_t i = 0; i < list->count; i++) {
		bool drop = re != NULL && pattern_matches(re, list->items[i].name);
		AST_EACH(&t->items, item)
			drop |= item->kind == AST_IDENTIFIER &&
				str_eq(name_last(&((struct ast_identifier *)item)->name), list->items[i].name);
		hits += drop;
		if (!drop)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	pcre2_code_free(re);
	if (t->strict && hits < t->items.count)
		return ERR(b->err, E_UNKNOWN_COLUMN, "Columns transformer EXCEPT expects its columns to exist");
	return OK;
}

/* * LIKE 'x%': the columns whose names are like that. */
static enum status apply_like(struct binder *b, const struct ast_transform *t, struct star_list *list)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct expr *args[2] = {bind_string(b, list->items[i].name), bind_string(b, t->pattern)}, *like;
		const char *name = t->type == TRANSFORM_LIKE ? "like" : "ilike";
		TRY(bind_function(b, str_of(name), args, 2, t->ast.position, &like));
		if (like->kind != EXPR_CONSTANT)
			return ERR(b->err, E_BAD_ARGUMENTS, "Bad pattern of * LIKE");
		if ((*(const uint8_t *)like->constant->data != 0) != t->negated)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	return OK;
}

static enum status apply_replace(struct binder *b, struct scope *s, const struct ast_transform *t,
                                 struct star_list *list)
{
	AST_EACH(&t->items, item) {
		for (size_t i = 0; i < list->count; i++)
			if (item->alias != NULL && str_eq(item->alias->text, list->items[i].name))
				TRY(bind_expr(b, s, item, &list->items[i].expr));
	}
	return OK;
}

static enum status apply_function(struct binder *b, struct scope *s, const struct ast_transform *t,
                                  struct star_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		/* the function is bound over a scope in which its argument is the only column */
		struct str name = STR("__apply_argument");
		struct scope_column *c = scope_add(b, s, list->items[i].expr, STR(""), name);
		c->hidden = true;
		struct name_part *part = ARENA_NEW(b->arena, struct name_part);
		part->text = name;
		struct ast_identifier *id = ARENA_NEW(b->arena, struct ast_identifier);
		id->ast = (struct ast){.kind = AST_IDENTIFIER, .depth = 1};
		id->name = (struct name){part, 1};
		struct ast *body;
		if (t->function->kind == AST_LAMBDA) {
			const struct ast_lambda *l = (const struct ast_lambda *)t->function;
			id->name = ((struct ast_identifier *)l->params.items[0])->name;
			s->columns[s->column_count - 1].name = name_last(&id->name);
			body = l->body;
		} else {
			struct ast_call *call = (struct ast_call *)ast_clone(b->arena, t->function);
			struct ast_list args = {0};
			ast_list_push(b->arena, &args, &id->ast);
			AST_EACH(&call->args, arg)
				ast_list_push(b->arena, &args, arg);
			call->args = args;
			body = &call->ast;
			if (t->prefix.size != 0)
				list->items[i].name = arena_strf(b->arena, "%.*s%.*s", STR_ARG(t->prefix), STR_ARG(list->items[i].name));
			else
				list->items[i].name = arena_strf(b->arena, "%.*s(%.*s)", STR_ARG(name_last(&call->name)),
				                                 STR_ARG(list->items[i].name));
		}
		enum status status = bind_expr(b, s, body, &list->items[i].expr);
		s->column_count--;
		TRY(status);
	}
	return OK;
}

/* (row).*: its fields. */
static enum status fields_of_row(struct binder *b, struct scope *s, const struct ast_asterisk *x,
                                 struct star_list *list)
{
	struct expr *row;
	TRY(bind_expr(b, s, x->row, &row));
	TRY(bind_settle(b, &row));
	const struct type *t = row->type;
	if (t->id != TYPE_TUPLE) {
		ERR(b->err, b->dialect == DIALECT_POSTGRESQL ? E_WRONG_OBJECT_TYPE : E_ILLEGAL_TYPE_OF_ARGUMENT,
		    "type %.*s is not composite", STR_ARG(type_pg_base_name(b->arena, t)));
		return error_at(b->err, x->ast.position);
	}
	for (uint32_t k = 0; k < t->child_count; k++) {
		struct expr *pair[2] = {row, bind_u64(b, k + 1)}, *field;
		TRY(bind_function(b, STR("tupleElement"), pair, 2, x->ast.position, &field));
		TRY(star_add(b, list, field, t->names != NULL ? t->names[k] : arena_strf(b->arena, "f%u", k + 1)));
	}
	return OK;
}

enum status bind_asterisk(struct binder *b, struct scope *s, const struct ast_asterisk *x, struct star_item **out,
                          uint32_t *count)
{
	struct star_list list = {0};
	if (x->row != NULL) {
		TRY(fields_of_row(b, s, x, &list));
	} else if (x->columns.count != 0) {
		AST_EACH(&x->columns, item) {
			struct expr *value;
			TRY(bind_expr(b, s, item, &value));
			TRY(star_add(b, &list, value, bind_item_name(b, item)));
		}
	} else {
		TRY(select_columns(b, s, x, &list));
	}
	if (list.count == 0 && x->qualifier.count == 0 && b->dialect == DIALECT_POSTGRESQL && s->column_count == 0 &&
	    x->pattern.data == NULL && x->columns.count == 0 && s->plan != NULL && s->plan->kind == PLAN_VALUES) {
		ERR(b->err, E_SYNTAX, "SELECT * with no tables specified is not valid");
		return error_at(b->err, x->ast.position);
	}
	if (list.count == 0 && x->qualifier.count != 0 && x->pattern.data == NULL) {
		ERR(b->err, E_UNKNOWN_TABLE, b->dialect == DIALECT_POSTGRESQL ? "missing FROM-clause entry for table \"%.*s\""
		    : "Qualified asterisk: there is no table `%.*s`", STR_ARG(name_last(&x->qualifier)));
		return error_at(b->err, x->ast.position);
	}
	AST_EACH(&x->transforms, item) {
		const struct ast_transform *t = (const struct ast_transform *)item;
		switch (t->type) {
		case TRANSFORM_EXCEPT:
			TRY(apply_except(b, t, &list));
			break;
		case TRANSFORM_REPLACE:
			TRY(apply_replace(b, s, t, &list));
			break;
		case TRANSFORM_APPLY:
			TRY(apply_function(b, s, t, &list));
			break;
		default:
			TRY(apply_like(b, t, &list));
			break;
		}
	}
	*out = list.items;
	*count = (uint32_t)list.count;
	return OK;
}

/* ---- what stands for several expressions ---- */

bool bind_is_spread(const struct binder *b, const struct ast *x)
{
	const struct ast_call *c = (const struct ast_call *)x;
	return x->kind == AST_ASTERISK || (b->dialect == DIALECT_CLICKHOUSE && x->kind == AST_CALL && c->args.count == 1 &&
	                                   str_eq(name_last(&c->name), STR("untuple")));
}

/* untuple(t): the elements of a tuple, named after the alias or by their place in it. */
static enum status bind_untuple(struct binder *b, struct scope *s, const struct ast_call *c, struct star_list *list)
{
	const struct ast *inner = c->args.items[0];
	struct expr *tuple, *pair[2];
	TRY(bind_expr(b, s, inner, &tuple));
	TRY(bind_settle(b, &tuple));
	const struct type *t = tuple->type;
	if (t->id != TYPE_TUPLE)
		return ERR(b->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Function untuple expect tuple as argument, got %.*s",
		           STR_ARG(type_name(b->arena, t)));
	for (uint32_t k = 0; k < t->child_count; k++) {
		struct vector *place;
		struct expr *element;
		struct str name = t->names != NULL ? t->names[k] : arena_strf(b->arena, "%u", k + 1);
		TRY(vector_new(NULL, type_simple(TYPE_UINT64), 1, &place, b->err));
		*(uint64_t *)place->data = k + 1;
		place->form = VECTOR_CONST;
		pair[0] = tuple;
		pair[1] = expr_constant(b->arena, place);
		TRY(bind_function(b, STR("tupleElement"), pair, 2, c->ast.position, &element));
		if (c->ast.alias != NULL)
			name = arena_strf(b->arena, "%.*s.%.*s", STR_ARG(c->ast.alias->text), STR_ARG(name));
		else
			name = arena_strf(b->arena, t->names != NULL ? "tupleElement(%.*s, '%.*s')" : "tupleElement(%.*s, %.*s)",
			                  STR_ARG(bind_item_name(b, inner)), STR_ARG(name));
		TRY(star_add(b, list, element, name));
	}
	return OK;
}

enum status bind_spread(struct binder *b, struct scope *s, const struct ast *x, struct star_item **out,
                        uint32_t *count)
{
	struct star_list list = {0};
	if (x->kind == AST_ASTERISK)
		return bind_asterisk(b, s, (const struct ast_asterisk *)x, out, count);
	TRY(bind_untuple(b, s, (const struct ast_call *)x, &list));
	*out = list.items;
	*count = (uint32_t)list.count;
	return OK;
}
