// SPDX-License-Identifier: Apache-2.0
#include "sql_run.h"

#include <stdio.h>

#include "engine/engine.h"
#include "exec/instance.h"
#include "parse/parser.h"

enum status sql_open(struct sql_server *s, const struct instance_config *config, struct error *err)
{
	instance_register_hook = engines_register;
	instance_started_hook = engines_started;
	instance_stopping_hook = engines_stopping;
	*s = (struct sql_server){0};
	TRY(instance_open(config, &s->instance, err));
	s->session = sql_session(s);
	return OK;
}

struct session *sql_session(struct sql_server *s)
{
	struct session_config config = {.dialect = DIALECT_CLICKHOUSE, .user = STR("default"), .database = STR("default"),
	                                .interface = "local"};
	struct session *session = NULL;
	struct error err;
	error_init(&err);
	if (session_open(s->instance, &config, &session, &err) != OK) {
		printf("# no session: %s\n", err.message);
		return NULL;
	}
	return session;
}

void sql_close(struct sql_server *s)
{
	session_close(s->session);
	instance_close(s->instance);
	*s = (struct sql_server){0};
}

static enum status print_rows(struct session *s, struct arena *a, struct statement *st, struct strbuf *out,
                              struct error *err)
{
	const struct statement_info *info = statement_info(st);
	struct format_column *columns = ARENA_ARRAY(a, struct format_column, info->column_count + 1);
	struct format_options options;
	struct format_summary summary = {0};
	struct format_writer *w = NULL;
	struct batch *b = NULL;
	session_format_options(s, &options);
	for (uint32_t i = 0; i < info->column_count; i++)
		columns[i] = (struct format_column){info->columns[i].name, info->columns[i].type};
	TRY(format_writer_new(STR("TabSeparated"), columns, info->column_count, &options, NULL, &w, err));
	enum status rc = format_write_begin(w, out, err);
	while (rc == OK && (rc = statement_next(st, &b, err)) == OK && b != NULL) {
		rc = format_write_batch(w, b, out, err);
		batch_free(b);
	}
	if (rc == OK)
		rc = format_write_end(w, &summary, out, err);
	format_writer_free(w);
	return rc != OK ? rc : strbuf_status(out, err);
}

static enum status run(struct session *s, struct arena *a, struct str text, struct strbuf *out, struct error *err)
{
	struct parser p;
	struct ast *ast;
	struct statement *st;
	struct parse_options options = {.dialect = session_dialect(s)};
	parser_init(&p, a, text, &options);
	TRY(parser_next(&p, &ast, err));
	TRY(statement_prepare(s, ast, text, NULL, 0, NULL, &st, err));
	enum status rc = statement_start(st, NULL, NULL, err);
	if (rc == OK && statement_info(st)->returns_rows)
		rc = print_rows(s, a, st, out, err);
	enum status ended = statement_finish(st, rc != OK, err);
	statement_free(st);
	return rc != OK ? rc : ended;
}

enum status sql_run(struct session *s, const char *text, struct strbuf *out, struct error *err)
{
	struct arena a;
	struct strbuf own;
	arena_init(&a, NULL);
	strbuf_init(&own, NULL);
	enum status rc = run(s, &a, str_of(text), out != NULL ? out : &own, err);
	strbuf_fini(&own);
	arena_fini(&a);
	return rc;
}
