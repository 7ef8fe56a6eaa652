// SPDX-License-Identifier: Apache-2.0
#include "server/local.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/table_functions.h"
#include "exec/instance.h"
#include "format/format.h"
#include "parse/ast_change.h"
#include "parse/parser.h"

struct local {
	struct session *session;
	struct arena arena;
	const char *format;      /* NULL: what the statement says, else TabSeparated */
};

static void print_error(const struct error *e)
{
	fprintf(stderr, "Code: %d. DB::Exception: %s", status_ch_code(e->status), e->message);
	if (e->context[0] != '\0')
		fprintf(stderr, ": %s", e->context);
	if (e->hint[0] != '\0')
		fprintf(stderr, ". %s", e->hint);
	fprintf(stderr, " (%s)\n", status_ch_name(e->status));
}

static enum status print_rows(struct local *l, struct statement *st, struct error *err)
{
	const struct statement_info *info = statement_info(st);
	struct str name = info->format.size != 0 &&
		!info->takes_input ? info->format : str_of(l->format != NULL ? l->format : "TabSeparated");
	struct format_column *columns = ARENA_ARRAY(&l->arena, struct format_column, info->column_count + 1);
	struct format_options options;
	struct format_writer *w = NULL;
	struct format_summary summary = {0};
	struct strbuf out;
	struct batch *b = NULL;
	session_format_options(l->session, &options);
	for (uint32_t i = 0; i < info->column_count; i++)
		columns[i] = (struct format_column){info->columns[i].name, info->columns[i].type};
	TRY(format_writer_new(name, columns, info->column_count, &options, NULL, &w, err));
	strbuf_init(&out, NULL);
	enum status s = format_write_begin(w, &out, err);
	while (s == OK && (s = statement_next(st, &b, err)) == OK && b != NULL) {
		summary.rows += b->count;
		s = format_write_batch(w, b, &out, err);
		batch_free(b);
		if (out.size > 1 << 16) {
			fwrite(out.data, 1, out.size, stdout);
			strbuf_clear(&out);
		}
	}
	if (s == OK)
		s = statement_write_extras(st, w, &out, err);
	if (s == OK)
		s = format_write_end(w, &summary, &out, err);
	if (s == OK)
		s = strbuf_status(&out, err);
	if (out.size != 0)
		fwrite(out.data, 1, out.size, stdout);
	fflush(stdout);
	strbuf_fini(&out);
	format_writer_free(w);
	return s;
}

static enum status run_one(struct local *l, const struct ast *ast, struct str text, struct error *err)
{
	struct statement *st;
	TRY(statement_prepare(l->session, ast, text, NULL, 0, NULL, &st, err));
	enum status s = statement_start(st, NULL, NULL, err);
	if (s == OK && statement_info(st)->returns_rows)
		s = print_rows(l, st, err);
	enum status ended = statement_finish(st, s != OK, err);
	statement_free(st);
	return s != OK ? s : ended;
}

static enum status run_text(struct local *l, struct str text, struct error *err)
{
	struct parser p;
	struct ast *ast;
	struct parse_options options = {.dialect = session_dialect(l->session)};
	parser_init(&p, &l->arena, text, &options);
	for (;;) {
		TRY(parser_next(&p, &ast, err));
		if (ast == NULL)
			return OK;
		TRY(run_one(l, ast, text, err));
		p.options.dialect = session_dialect(l->session);
	}
}

static bool read_stdin(struct strbuf *to)
{
	char piece[65536];
	size_t n;
	while ((n = fread(piece, 1, sizeof piece, stdin)) != 0)
		strbuf_put(to, piece, n);
	return !ferror(stdin) && !to->failed;
}

static const char usage[] =
	"usage: hanzo-datastore local [options]\n"
	"  -q, --query SQL        statements to run; without it they are read from standard input\n"
	"      --path DIR         the data directory; without it everything is in memory\n"
	"  -f, --format F         of results (TabSeparated)\n"
	"      --dialect D        clickhouse (the default) or postgresql\n"
	"  -n, --multiquery       accepted: several statements may always be given\n"
	"      --help             this text\n";

int local_main(int argc, char **argv)
{
	static const struct option longs[] = {{"path", required_argument, NULL, 'p'}, {"query", required_argument, NULL, 'q'},
		{"format", required_argument, NULL, 'f'}, {"dialect", required_argument, NULL, 'd'},
		{"multiquery", no_argument, NULL, 'n'}, {"help", no_argument, NULL, 'H'},
		{NULL, 0, NULL, 0}};
	const char *path = NULL, *query = NULL;
	struct local l = {0};
	enum dialect dialect = DIALECT_CLICKHOUSE;
	struct error err;
	struct instance *instance = NULL;
	struct strbuf input;
	for (int c; (c = getopt_long(argc, argv, "q:nf:", longs, NULL)) != -1;) {
		if (c == 'p')
			path = optarg;
		else if (c == 'q')
			query = optarg;
		else if (c == 'f')
			l.format = optarg;
		else if (c == 'd')
			dialect = strcmp(optarg, "postgresql") == 0 ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE;
		else if (c == 'H') {
			fputs(usage, stdout);
			return 0;
		} else if (c != 'n') {
			fputs(usage, stderr);
			return 2;
		}
	}
	error_init(&err);
	strbuf_init(&input, NULL);
	if (query == NULL && !read_stdin(&input)) {
		fprintf(stderr, "hanzo-datastore: cannot read standard input\n");
		return 1;
	}
	instance_register_hook = engines_register;
	file_function_root(NULL);
	instance_started_hook = engines_started;
	instance_stopping_hook = engines_stopping;
	struct instance_config config = {.path = path, .background = path != NULL};
	struct session_config session = {.dialect = dialect, .user = STR("default"), .database = STR("default"),
	                                 .interface = "local"};
	arena_init(&l.arena, NULL);
	enum status s = instance_open(&config, &instance, &err);
	if (s == OK)
		s = session_open(instance, &session, &l.session, &err);
	if (s == OK)
		s = run_text(&l, query != NULL ? str_of(query) : strbuf_str(&input), &err);
	if (s != OK)
		print_error(&err);
	session_close(l.session);
	instance_close(instance);
	arena_fini(&l.arena);
	strbuf_fini(&input);
	return s == OK ? 0 : 1;
}
