// SPDX-License-Identifier: Apache-2.0
/* The frame of printing: quoting, layout, and which family prints a node. */
#include "parse/print.h"

#include "parse/lexer.h"
#include "parse/print_impl.h"

/* ---- layout ---- */

void new_line(struct printer *pr)
{
	if (!pr->multiline) {
		strbuf_putc(pr->b, ' ');
		return;
	}
	strbuf_putc(pr->b, '\n');
	for (unsigned i = 0; i < pr->indent; i++)
		strbuf_putz(pr->b, "    ");
}

void soft_line(struct printer *pr)
{
	if (pr->multiline)
		new_line(pr);
}

/* ---- quoting ---- */

static bool is_plain(struct str s, bool lower_only)
{
	if (s.size == 0 || (s.data[0] >= '0' && s.data[0] <= '9'))
		return false;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		bool letter = (c >= 'a' && c <= 'z') || c == '_' || (!lower_only && c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

bool ident_needs_quote(struct str name, enum dialect dialect)
{
	const struct keyword_info *k = &keywords[keyword_find(name)];
	if (dialect == DIALECT_CLICKHOUSE)
		return !is_plain(name, false) || (k->flags & KW_Q) != 0;
	return !is_plain(name, true) || (k->class != KEYWORD_NONE && k->class != KEYWORD_UNRESERVED);
}

/* ClickHouse escapes what is not printable; `quote` is the delimiter. */
static void put_escaped(struct strbuf *b, struct str s, char quote)
{
	strbuf_putc(b, quote);
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		switch (c) {
		case '\b': strbuf_putz(b, "\\b"); break;
		case '\f': strbuf_putz(b, "\\f"); break;
		case '\n': strbuf_putz(b, "\\n"); break;
		case '\r': strbuf_putz(b, "\\r"); break;
		case '\t': strbuf_putz(b, "\\t"); break;
		case '\0': strbuf_putz(b, "\\0"); break;
		case '\\': strbuf_putz(b, "\\\\"); break;
		default:
			if (c == quote)
				strbuf_putc(b, '\\');
			strbuf_putc(b, c);
			break;
		}
	}
	strbuf_putc(b, quote);
}

static void put_doubled(struct strbuf *b, struct str s, char quote)
{
	strbuf_putc(b, quote);
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == quote)
			strbuf_putc(b, quote);
		strbuf_putc(b, s.data[i]);
	}
	strbuf_putc(b, quote);
}

void ident_quote(struct strbuf *b, struct str name, enum dialect dialect)
{
	if (!ident_needs_quote(name, dialect))
		strbuf_puts(b, name);
	else if (dialect == DIALECT_CLICKHOUSE)
		put_escaped(b, name, '`');
	else
		put_doubled(b, name, '"');
}

void string_quote(struct strbuf *b, struct str text, enum dialect dialect)
{
	if (dialect == DIALECT_CLICKHOUSE) {
		put_escaped(b, text, '\'');
		return;
	}
	if (str_find_char(text, '\\') < 0) {
		put_doubled(b, text, '\'');
		return;
	}
	strbuf_putz(b, "E'");
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '\\' || text.data[i] == '\'')
			strbuf_putc(b, text.data[i]);
		strbuf_putc(b, text.data[i]);
	}
	strbuf_putc(b, '\'');
}

void put_ident(struct printer *pr, struct str name)
{
	ident_quote(pr->b, name, pr->dialect);
}

void put_part(struct printer *pr, const struct name_part *part)
{
	struct str s = part->text;
	if (part->parameter) {
		strbuf_printf(pr->b, "{%.*s:Identifier}", STR_ARG(s));
		return;
	}
	/* the special parts of JSON paths are kept as they are spelt inside: :`Int64`, ^`sub` */
	if (part->quoted && s.size > 3 && s.data[1] == '`' && (s.data[0] == ':' || s.data[0] == '^')) {
		strbuf_putc(pr->b, s.data[0]);
		put_ident(pr, str_make(s.data + 2, s.size - 3));
		return;
	}
	put_ident(pr, s);
}

void put_name(struct printer *pr, const struct name *name)
{
	for (unsigned i = 0; i < name->count; i++) {
		put_if(pr, i != 0, ".");
		put_part(pr, &name->parts[i]);
	}
}

void put_column_name(struct printer *pr, const struct name *name)
{
	if (!in_clickhouse(pr)) {
		put_name(pr, name);
		return;
	}
	struct strbuf joined;
	strbuf_init(&joined, NULL);
	for (unsigned i = 0; i < name->count; i++) {
		if (i != 0)
			strbuf_putc(&joined, '.');
		strbuf_puts(&joined, name->parts[i].text);
	}
	put_escaped(pr->b, strbuf_str(&joined), '`');
	strbuf_fini(&joined);
}

void put_format(struct printer *pr, struct str name)
{
	if (in_clickhouse(pr) || !is_plain(name, false))
		put_ident(pr, name);
	else
		puts_str(pr, name); /* formats keep their case */
}

void put_string(struct printer *pr, struct str text)
{
	string_quote(pr->b, text, pr->dialect);
}

void put_secret(struct printer *pr, const struct ast *text)
{
	if (pr->hide_secrets)
		put(pr, "'[HIDDEN]'");
	else
		print_expr(pr, text);
}

void put_upper(struct printer *pr, struct str text)
{
	for (size_t i = 0; i < text.size; i++)
		strbuf_putc(pr->b, ascii_upper(text.data[i]));
}

void put_u64(struct printer *pr, uint64_t v)
{
	strbuf_put_u64(pr->b, v);
}

/* ---- any node ---- */

void print_any(struct printer *pr, const struct ast *ast)
{
	switch (ast->kind) {
	case AST_SELECT: print_query(pr, ast); return;
	case AST_INSERT: print_insert(pr, (const struct ast_insert *)ast); return;
	case AST_UPDATE: print_update(pr, (const struct ast_update *)ast); return;
	case AST_DELETE: print_delete(pr, (const struct ast_delete *)ast); return;
	case AST_TYPE: print_type(pr, (const struct ast_type *)ast); return;
	case AST_TABLE: case AST_JOIN: case AST_ARRAY_JOIN: print_table_expr(pr, ast); return;
	default: break;
	}
	if (print_create(pr, ast) || print_object(pr, ast) || print_alter_family(pr, ast) || print_command(pr, ast)
		|| print_admin(pr, ast))
		return;
	print_aliased(pr, ast);
}

static struct printer printer_of(struct strbuf *b, const struct print_options *o)
{
	return (struct printer){b, o->dialect, o->multiline, o->hide_secrets, o->operand_parens, o->indent};
}

void ast_print(struct strbuf *b, const struct ast *ast, const struct print_options *options)
{
	struct printer pr = printer_of(b, options);
	print_any(&pr, ast);
}

void ast_print_type(struct strbuf *b, const struct ast_type *type, const struct print_options *options)
{
	struct printer pr = printer_of(b, options);
	print_type(&pr, type);
}

void name_print(struct strbuf *b, const struct name *name, enum dialect dialect)
{
	struct printer pr = {.b = b, .dialect = dialect};
	put_name(&pr, name);
}

struct str ast_text(struct arena *a, const struct ast *ast, enum dialect dialect)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	struct printer pr = {.b = &b, .dialect = dialect};
	print_any(&pr, ast);
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}
