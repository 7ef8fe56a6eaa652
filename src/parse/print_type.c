// SPDX-License-Identifier: Apache-2.0
/* Types. ClickHouse sets the elements of a tuple on lines of their own. */
#include "parse/print_impl.h"

/* Numbers bare, also where PostgreSQL sets a sign in parentheses. */
static void print_value(struct printer *pr, const struct ast *v)
{
	if (v->kind == AST_LITERAL)
		print_literal(pr, (const struct ast_literal *)v);
	else
		print_expr(pr, v);
}

static void print_type_arg(struct printer *pr, const struct ast_type_arg *a)
{
	put_if(pr, a->skip, "SKIP ");
	put_if(pr, a->regexp, "REGEXP ");
	if (a->name.count != 0 && a->value != NULL) {
		put_name(pr, &a->name);
		put(pr, " = ");
		print_value(pr, a->value);
		return;
	}
	if (a->name.count > 1 && in_clickhouse(pr) && !a->skip) {
		put_column_name(pr, &a->name); /* a JSON path is one quoted name */
	} else if (a->name.count != 0) {
		put_name(pr, &a->name);
	}
	put_if(pr, a->name.count != 0 && a->type != NULL, " ");
	if (a->type != NULL)
		print_type(pr, a->type);
	if (a->value != NULL)
		print_value(pr, a->value);
	if (a->number != NULL) {
		put(pr, " = ");
		print_value(pr, a->number);
	}
}

static bool is_number(const struct ast *arg)
{
	const struct ast *v = ((const struct ast_type_arg *)arg)->value;
	return v != NULL && v->kind == AST_LITERAL && ((const struct ast_literal *)v)->type == LITERAL_UINT;
}

static void print_type_args(struct printer *pr, const struct ast_type *t)
{
	if (!t->has_args)
		return;
	bool lines = pr->multiline && in_clickhouse(pr) && t->args.count > 1 && name_is(&t->name, "Tuple");
	put(pr, "(");
	pr->indent += lines;
	for (unsigned i = 0; i < t->args.count; i++) {
		/* numeric(10,2), as format_type() has it */
		put_if(pr, i != 0, lines || (!in_clickhouse(pr) && is_number(t->args.items[i])) ? "," : ", ");
		if (lines)
			new_line(pr);
		print_type_arg(pr, (const struct ast_type_arg *)t->args.items[i]);
	}
	pr->indent -= lines;
	put(pr, ")");
}

/* A name as types spell it: words of several parts and built-in names are never quoted. */
static void print_type_name(struct printer *pr, const struct name *name)
{
	for (unsigned i = 0; i < name->count; i++) {
		const struct name_part *part = &name->parts[i];
		put_if(pr, i != 0, ".");
		if (part->quoted)
			put_part(pr, part);
		else if (in_clickhouse(pr) && str_find_char(part->text, ' ') >= 0)
			put_upper(pr, part->text);
		else
			puts_str(pr, part->text);
	}
}

void print_type(struct printer *pr, const struct ast_type *t)
{
	put_if(pr, t->setof, "SETOF ");
	struct str name = name_last(&t->name);
	ptrdiff_t blank = str_find_char(name, ' ');
	bool zone = t->name.count == 1 && blank >= 0 && str_ends_with(name, STR("time zone"));
	if (zone && t->has_args) {
		/* timestamp(3) with time zone */
		struct name_part first = {.text = str_make(name.data, (size_t)blank)};
		struct name head = {&first, 1};
		print_type_name(pr, &head);
		print_type_args(pr, t);
		struct str rest = str_make(name.data + blank, name.size - (size_t)blank);
		if (in_clickhouse(pr))
			put_upper(pr, rest);
		else
			puts_str(pr, rest);
	} else {
		print_type_name(pr, &t->name);
		if (t->from != UNIT_NONE) {
			put(pr, " ");
			put(pr, unit_word(t->from));
		}
		if (t->to != UNIT_NONE) {
			put(pr, " to ");
			put(pr, unit_word(t->to));
		}
		print_type_args(pr, t);
	}
	put_if(pr, t->percent_type, "%TYPE");
	for (unsigned i = 0; i < t->dimensions; i++)
		put(pr, "[]");
}
