// SPDX-License-Identifier: Apache-2.0
/* COPY's options, its query, and what stands between its input and the table: WHERE and the encoding. */
#include "exec/copy.h"

#include "func/eval.h"
#include "parse/ast_query.h"

/* ---- options ---- */

static const struct ast *copy_option(const struct ast_copy *c, const char *name)
{
	AST_EACH(&c->options, x)
		if (name_is(&((const struct ast_setting *)x)->name, name))
			return x;
	return NULL;
}

static struct str option_text(const struct ast *x)
{
	const struct ast *v = x == NULL ? NULL : ((const struct ast_setting *)x)->value;
	if (v == NULL)
		return (struct str){NULL, 0};
	if (v->kind == AST_LITERAL && ((const struct ast_literal *)v)->type == LITERAL_STRING)
		return ((const struct ast_literal *)v)->text;
	if (v->kind == AST_LITERAL && ((const struct ast_literal *)v)->type == LITERAL_BOOL)
		return ((const struct ast_literal *)v)->boolean ? STR("true") : STR("false");
	if (v->kind == AST_IDENTIFIER)
		return name_last(&((const struct ast_identifier *)v)->name);
	return (struct str){NULL, 0};
}

/* An option without a value, or with one that is not false. */
static bool option_on(const struct ast *x)
{
	struct str v = option_text(x);
	if (x == NULL)
		return false;
	return v.data == NULL || !(str_eq_nocase(v, STR("false")) || str_eq_nocase(v, STR("off")) || str_eq(v, STR("0")));
}

static enum status known_option(const struct ast_setting *x, struct error *err)
{
	static const char *const names[] = {"format", "binary", "csv", "freeze", "delimiter", "null", "header", "quote",
		"escape", "force_quote", "force_not_null", "force_null", "encoding", "oids"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (name_is(&x->name, names[i]))
			return OK;
	ERR(err, E_SYNTAX, "option \"%.*s\" not recognized", STR_ARG(name_last(&x->name)));
	return error_at(err, x->ast.position);
}

static enum status one_byte(const struct ast_copy *c, const char *name, char *to, struct error *err)
{
	struct str text = option_text(copy_option(c, name));
	if (text.data == NULL)
		return OK;
	if (text.size != 1)
		return ERR(err, E_NOT_IMPLEMENTED, "COPY %s must be a single one-byte character", name);
	*to = text.data[0];
	return OK;
}

/* Options that only one of the formats or directions has. */
static enum status check_options(const struct ast_copy *c, bool csv, bool binary, struct error *err)
{
	static const char *const csv_only[] = {"quote", "escape", "force_quote", "force_not_null", "force_null"};
	static const char *const csv_names[] = {"quote", "escape", "force quote", "force not null", "force null"};
	if (binary && copy_option(c, "delimiter") != NULL)
		return ERR(err, E_SYNTAX, "cannot specify DELIMITER in BINARY mode");
	if (binary && copy_option(c, "null") != NULL)
		return ERR(err, E_SYNTAX, "cannot specify NULL in BINARY mode");
	if (binary && option_on(copy_option(c, "header")))
		return ERR(err, E_NOT_IMPLEMENTED, "cannot specify HEADER in BINARY mode");
	for (size_t i = 0; i < ARRAY_COUNT(csv_only); i++)
		if (!csv && copy_option(c, csv_only[i]) != NULL)
			return ERR(err, E_NOT_IMPLEMENTED, "COPY %s available only in CSV mode", csv_names[i]);
	if (c->from && copy_option(c, "force_quote") != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "COPY force quote only available using COPY TO");
	if (!c->from && copy_option(c, "force_not_null") != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "COPY force not null only available using COPY FROM");
	if (!c->from && copy_option(c, "force_null") != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "COPY force null only available using COPY FROM");
	return OK;
}

static enum status encoding(const struct ast_copy *c, struct format_options *o, struct error *err)
{
	static const char *const utf8[] = {"utf8", "utf-8", "unicode", "sql_ascii"}, *const latin1[] = {"latin1", "iso-8859-1",
		"iso88591"};
	struct str e = option_text(copy_option(c, "encoding"));
	if (e.data == NULL)
		return OK;
	for (size_t i = 0; i < ARRAY_COUNT(utf8); i++)
		if (str_eq_nocase(e, str_of(utf8[i])))
			return OK;
	for (size_t i = 0; i < ARRAY_COUNT(latin1); i++)
		o->copy_latin1 |= str_eq_nocase(e, str_of(latin1[i]));
	return o->copy_latin1 ? OK : ERR(err, E_NOT_IMPLEMENTED, "not supported yet: COPY with encoding %.*s", STR_ARG(e));
}

static enum status copy_format(struct statement *st, const struct ast_copy *c, struct str *format,
                               struct format_options *o, struct error *err)
{
	struct str f = option_text(copy_option(c, "format"));
	session_format_options(st->session, o);
	o->dialect_pg = true;
	if (f.data == NULL)
		f = option_on(copy_option(c, "binary")) ? STR("binary") : option_on(copy_option(c, "csv")) ? STR("csv") : STR("text");
	bool csv = str_eq_nocase(f, STR("csv")), binary = str_eq_nocase(f, STR("binary"));
	*format = binary ? STR("CopyBinary") : csv ? STR("CopyCSV") : STR("CopyText");
	if (!csv && !binary && !str_eq_nocase(f, STR("text"))) {
		if (format_find(f) == NULL)
			return ERR(err, E_UNKNOWN_FORMAT, "COPY format \"%.*s\" not recognized", STR_ARG(f));
		*format = f; /* any format of ours, as an extension */
		o->dialect_pg = false;
	}
	TRY(check_options(c, csv, binary, err));
	o->csv_delimiter = csv ? ',' : '\t';
	o->copy_quote = '"';
	TRY(one_byte(c, "delimiter", &o->csv_delimiter, err));
	TRY(one_byte(c, "quote", &o->copy_quote, err));
	o->copy_escape = o->copy_quote;
	TRY(one_byte(c, "escape", &o->copy_escape, err));
	o->copy_null = option_text(copy_option(c, "null"));
	struct str header = option_text(copy_option(c, "header"));
	o->copy_header_match = str_eq_nocase(header, STR("match"));
	o->copy_header = option_on(copy_option(c, "header"));
	if (o->copy_header_match && !c->from)
		return ERR(err, E_NOT_IMPLEMENTED, "cannot use \"match\" with HEADER in COPY TO");
	return encoding(c, o, err);
}

enum status copy_options(struct statement *st, const struct ast_copy *c, struct error *err)
{
	st->info.command = "COPY";
	if (c->program || !c->standard)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: COPY with a file or program on the server");
	AST_EACH(&c->options, x)
		TRY(known_option((const struct ast_setting *)x, err));
	st->copy_options = ARENA_NEW(&st->arena, struct format_options);
	TRY(copy_format(st, c, &st->info.format, st->copy_options, err));
	st->info.copy_options = st->copy_options;
	if (c->from) {
		st->kind = STATEMENT_COPY_IN;
		st->info.is_copy_in = st->info.takes_input = true;
	} else {
		st->kind = STATEMENT_COPY_OUT;
		st->info.is_copy_out = true;
		st->info.is_read_only = true;
	}
	return OK;
}

static enum status flag_columns(const struct ast_copy *c, const char *option, uint8_t flag, const struct str *names,
                                uint32_t n, uint8_t *flags, struct error *err)
{
	const struct ast *x = copy_option(c, option), *value = x == NULL ? NULL : ((const struct ast_setting *)x)->value;
	if (value != NULL && value->kind == AST_ASTERISK)
		for (uint32_t i = 0; i < n; i++)
			flags[i] |= flag;
	if (value == NULL || value->kind != AST_CALL)
		return OK;
	AST_EACH(&((const struct ast_call *)value)->args, item) {
		struct str name = item->kind == AST_IDENTIFIER ? name_last(&((const struct ast_identifier *)item)->name) : STR("");
		uint32_t at = 0;
		while (at < n && !str_eq(names[at], name))
			at++;
		if (at == n) {
			ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" does not exist", STR_ARG(name));
			return error_at(err, item->position);
		}
		flags[at] |= flag;
	}
	return OK;
}

enum status copy_columns_options(struct statement *st, const struct ast_copy *c, const struct str *names, uint32_t n,
                                 struct error *err)
{
	uint8_t *flags = ARENA_ARRAY(&st->arena, uint8_t, n + 1);
	TRY(flag_columns(c, "force_quote", COPY_FORCE_QUOTE, names, n, flags, err));
	TRY(flag_columns(c, "force_not_null", COPY_FORCE_NOT_NULL, names, n, flags, err));
	TRY(flag_columns(c, "force_null", COPY_FORCE_NULL, names, n, flags, err));
	st->copy_options->copy_columns = flags;
	return OK;
}

/* COPY t (a, b) TO reads SELECT a, b FROM t. */
const struct ast *copy_query(struct statement *st, const struct ast_copy *c)
{
	if (c->query != NULL)
		return c->query;
	struct arena *a = &st->arena;
	struct ast_select *q = ARENA_NEW(a, struct ast_select);
	struct ast_table *t = ARENA_NEW(a, struct ast_table);
	q->ast = (struct ast){.kind = AST_SELECT, .position = c->ast.position, .depth = 3};
	t->ast = (struct ast){.kind = AST_TABLE, .position = c->ast.position, .depth = 1};
	t->name = c->table;
	ast_list_push(a, &q->from, &t->ast);
	if (c->columns.count != 0) {
		q->items = c->columns;
	} else {
		struct ast_asterisk *star = ARENA_NEW(a, struct ast_asterisk);
		star->ast = (struct ast){.kind = AST_ASTERISK, .position = c->ast.position, .depth = 1};
		ast_list_push(a, &q->items, &star->ast);
	}
	return &q->ast;
}

/* ---- WHERE ---- */

enum status copy_filter_open(struct statement *st, const struct ast_copy *c, const struct str *names,
                             const struct type *const *types, uint32_t n, struct copy_filter *f, struct error *err)
{
	struct bind_config config;
	struct expr *x;
	*f = (struct copy_filter){.statement = st};
	arena_init(&f->arena, &st->query.track);
	if (c->where == NULL)
		return OK;
	session_bind_config(st->session, &st->plan_arena, err, &config);
	TRY(bind_over(&config, c->where, names, types, n, &x));
	if (type_not_nullable(&st->plan_arena, x->type)->id != TYPE_BOOL) {
		ERR(err, E_TYPE_MISMATCH, "argument of COPY FROM WHERE must be type boolean, not type %.*s",
		    STR_ARG(type_pg_name(&st->plan_arena, x->type)));
		return error_at(err, c->where->position);
	}
	return program_compile(&st->plan_arena, &x, 1, &f->program, err);
}

enum status copy_filter_block(struct copy_filter *f, struct batch *b, struct error *err)
{
	struct statement *st = f->statement;
	struct eval e = {.session = &st->session->eval, .track = &st->query.track, .scratch = &f->arena, .err = err};
	struct vector *truth = NULL, *flat = NULL;
	uint32_t n = 0;
	arena_reset(&f->arena);
	uint32_t *rows = ARENA_RAW(&f->arena, uint32_t, b->count + 1);
	enum status s = program_run(f->program, &e, b->columns, NULL, b->count, &truth);
	if (s == OK)
		s = vector_flatten(&st->query.track, truth, &flat, err);
	for (uint32_t i = 0; s == OK && i < b->count; i++)
		if (!vector_is_null(flat, i) && ((const uint8_t *)flat->data)[i] != 0)
			rows[n++] = i;
	for (uint32_t c = 0; s == OK && n != b->count && c < b->column_count; c++) {
		struct vector *kept;
		if ((s = vector_gather(&st->query.track, b->columns[c], rows, n, &kept, err)) != OK)
			break;
		vector_unref(b->columns[c]);
		b->columns[c] = kept;
	}
	if (s == OK)
		b->count = n;
	vector_unref(flat);
	vector_unref(truth);
	return s;
}

void copy_filter_close(struct copy_filter *f)
{
	arena_fini(&f->arena);
}

/* ---- encoding ---- */

enum status copy_read_latin1(void *arg, struct str *chunk, struct error *err)
{
	struct copy_latin1 *l = arg;
	struct str raw;
	TRY(l->read(l->arg, &raw, err));
	strbuf_clear(&l->text);
	for (size_t i = 0; i < raw.size; i++) {
		uint8_t c = (uint8_t)raw.data[i];
		if (c >= 0x80) {
			strbuf_putc(&l->text, (char)(0xc0 | c >> 6));
			c = 0x80 | (c & 0x3f);
		}
		strbuf_putc(&l->text, (char)c);
	}
	*chunk = strbuf_str(&l->text);
	return strbuf_status(&l->text, err);
}
