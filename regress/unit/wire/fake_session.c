// SPDX-License-Identifier: Apache-2.0
#include "regress/unit/wire/fake_session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "column/builder.h"
#include "column/value.h"
#include "parse/ast_command.h"

struct fake fake;

enum { ROWS_A_BATCH = 1000 };

struct session {
	enum transaction_status status;
	bool implicit;
	_Atomic bool cancelled;
	session_notice_fn notice;
	void *notice_arg;
	session_report_fn report;
	void *report_arg;
	struct str user, database;
	char application[64];
};

struct statement {
	struct session *session;
	struct statement_info info;
	struct result_column columns[2];
	const struct type *param_types[1];
	struct arena arena;
	char tag[64];
	const char *word;
	long rows, fail_at, at;
	long value;
	bool waits, noisy, running;
	enum transaction_type transaction;
	struct statement_input input;
};

/* ---- session ---- */

enum status session_open(struct instance *i UNUSED, const struct session_config *config, struct session **out,
	struct error *err)
{
	if (str_eq(config->database, STR("nowhere")))
		return ERR(err, E_UNKNOWN_DATABASE, "database \"nowhere\" does not exist");
	struct session *s = calloc(1, sizeof *s);
	s->status = TRANSACTION_IDLE;
	s->user = config->user;
	s->database = config->database;
	fake.sessions++;
	*out = s;
	return OK;
}

void session_close(struct session *s)
{
	assert(fake.statements == 0 && fake.runs == 0);
	fake.sessions--;
	free(s);
}

void session_on_notice(struct session *s, session_notice_fn fn, void *arg)
{
	s->notice = fn;
	s->notice_arg = arg;
}

void session_on_report(struct session *s, session_report_fn fn, void *arg)
{
	s->report = fn;
	s->report_arg = arg;
}

uint32_t session_id(const struct session *s UNUSED)
{
	return 4711;
}

enum dialect session_dialect(const struct session *s UNUSED)
{
	return DIALECT_POSTGRESQL;
}

enum transaction_status session_transaction(const struct session *s)
{
	return s->status;
}

void session_cancel(struct session *s, enum status reason UNUSED)
{
	s->cancelled = true;
}

enum status session_set(struct session *s, struct str name, struct str value, struct error *err)
{
	if (str_eq(name, STR("no_such_setting")))
		return ERR(err, E_UNKNOWN_SETTING, "unrecognized configuration parameter \"no_such_setting\"");
	if (str_eq(name, STR("application_name")))
		snprintf(s->application, sizeof s->application, "%.*s", STR_ARG(value));
	if (s->report != NULL)
		s->report(s->report_arg, name, value);
	return OK;
}

const struct value_options *session_text_options(struct session *s UNUSED)
{
	return &value_options_default;
}

void session_reported(struct session *s, session_report_fn fn, void *arg)
{
	fn(arg, STR("server_version"), STR("15.4"));
	fn(arg, STR("client_encoding"), STR("UTF8"));
	fn(arg, STR("standard_conforming_strings"), STR("on"));
	fn(arg, STR("application_name"), str_of(s->application));
}

void session_fail_transaction(struct session *s)
{
	if (s->status == TRANSACTION_OPEN)
		s->status = TRANSACTION_FAILED;
}

void session_implicit_begin(struct session *s)
{
	s->implicit = true;
}

enum status session_implicit_end(struct session *s, bool commit, struct error *err)
{
	assert(s->status != TRANSACTION_IDLE || fake.runs == 0);
	bool was = s->implicit;
	s->implicit = false;
	if (!was)
		return OK;
	if (commit && fake.refuse_commit) {
		fake.refuse_commit = false;
		fake.rollbacks++;
		return ERR(err, E_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
	}
	fake.commits += commit;
	fake.rollbacks += !commit;
	return OK;
}

/* ---- statement ---- */

static bool find_number(struct str text, const char *word, long *out)
{
	ptrdiff_t at = str_find(text, str_of(word));
	if (at < 0)
		return false;
	char digits[24] = "";
	snprintf(digits, sizeof digits, "%.*s", (int)(text.size - (size_t)at - strlen(word)), text.data + at + strlen(word));
	*out = strtol(digits, NULL, 10);
	return true;
}

static void describe_rows(struct statement *st, bool name)
{
	st->info.returns_rows = true;
	st->info.column_count = name ? 2 : 1;
	st->columns[0] = (struct result_column){STR("id"), type_simple(TYPE_INT64), 0, 0};
	st->columns[1] =
		(struct result_column){STR("name"), type_nullable(&st->arena, type_simple(TYPE_STRING)), 16384, 2};
	st->info.columns = st->columns;
}

static void prepare_select(struct statement *st, struct str text)
{
	st->info.command = st->word = "SELECT";
	st->fail_at = -1;
	bool many = find_number(text, "numbers(", &st->rows);
	if (find_number(text, "fail_at(", &st->fail_at)) {
		many = true;
		st->rows = st->fail_at + 1;
	}
	describe_rows(st, many);
	st->waits = str_find(text, STR("wait")) >= 0;
	st->noisy = str_find(text, STR("noisy")) >= 0;
	if (!many)
		st->rows = 1;
	if (!many && !find_number(text, "SELECT ", &st->value))
		find_number(text, "select ", &st->value);
	if (str_find(text, STR("$1")) >= 0) {
		st->info.param_count = 1;
		st->param_types[0] = type_simple(TYPE_INT64);
		st->info.param_types = st->param_types;
	}
}

static void prepare_copy(struct statement *st, const struct ast_copy *copy)
{
	st->info.command = st->word = "COPY";
	describe_rows(st, true);
	st->rows = 4;
	st->fail_at = -1;
	st->info.is_copy_in = st->info.takes_input = copy->from;
	st->info.is_copy_out = !copy->from;
	st->info.returns_rows = false;
	st->info.format = str_of(fake.copy_format == NULL ? "CopyText" : fake.copy_format);
	st->info.copy_options = &fake.copy_options;
}

static void prepare_transaction(struct statement *st, const struct ast_transaction *t)
{
	st->transaction = t->type;
	st->info.is_transaction_control = true;
	st->info.command = st->word =
		t->type == TRANSACTION_BEGIN ? "BEGIN" : t->type == TRANSACTION_COMMIT ? "COMMIT" : "ROLLBACK";
}

enum status statement_prepare(struct session *s, const struct ast *ast, struct str text,
	const uint32_t *declared UNUSED,
	uint32_t declared_count UNUSED, const struct strmap *named UNUSED, struct statement **out, struct error *err)
{
	bool over = ast->kind == AST_TRANSACTION && ((const struct ast_transaction *)ast)->type != TRANSACTION_BEGIN;
	if (s->status == TRANSACTION_FAILED && !over)
		return ERR(err, E_TRANSACTION_ABORTED, "current transaction is aborted");
	size_t from = ast->position > 0 ? (size_t)ast->position - 1 : 0;
	struct str own = str_make(text.data + from, text.size - from);
	ptrdiff_t end = str_find_char(own, ';');
	if (end >= 0)
		own.size = (size_t)end;
	if (str_find(own, STR("unknown_table")) >= 0) {
		ERR(err, E_UNKNOWN_TABLE, "relation \"unknown_table\" does not exist");
		return error_at(err, 15);
	}
	struct statement *st = calloc(1, sizeof *st);
	arena_init(&st->arena, NULL);
	st->session = s;
	fake.statements++;
	if (ast->kind == AST_SELECT)
		prepare_select(st, own);
	else if (ast->kind == AST_COPY)
		prepare_copy(st, (const struct ast_copy *)ast);
	else if (ast->kind == AST_TRANSACTION)
		prepare_transaction(st, (const struct ast_transaction *)ast);
	else
		st->info.command = st->word = ast->kind == AST_INSERT ? "INSERT 0 1" : "SET";
	*out = st;
	return OK;
}

const struct statement_info *statement_info(const struct statement *st)
{
	return &st->info;
}

static enum status read_copy(struct statement *st, struct error *err)
{
	struct str chunk;
	strbuf_clear(&fake.copied);
	for (;;) {
		TRY(st->input.read(st->input.arg, &chunk, err));
		if (chunk.size == 0)
			return OK;
		strbuf_puts(&fake.copied, chunk);
		if (str_find(strbuf_str(&fake.copied), STR("bad row")) >= 0)
			return ERR(err, E_BAD_COPY_FORMAT, "missing data for column \"name\"");
	}
}

enum status statement_start(struct statement *st, struct vector *const *params, const struct statement_input *input,
	struct error *err)
{
	assert(!st->running);
	st->at = 0;
	if (st->noisy && st->session->notice != NULL) {
		struct error notice;
		error_init(&notice);
		ERR(&notice, E_NOT_IMPLEMENTED, "this is noisy");
		notice.status = OK;
		st->session->notice(st->session->notice_arg, "NOTICE", &notice);
	}
	if (params != NULL) {
		assert(params[0]->form == VECTOR_CONST && params[0]->count == 1);
		st->value = vector_is_null(params[0], 0) ? -1 : *(const int64_t *)params[0]->data;
	}
	st->session->cancelled = false;
	st->running = true;
	fake.runs++;
	if (!st->info.takes_input)
		return OK;
	st->input = *input;
	return read_copy(st, err);
}

static enum status make_batch(struct statement *st, long count, struct batch **out, struct error *err)
{
	struct builder *id, *name;
	char text[32];
	TRY(batch_new(st->info.column_count, out, err));
	TRY(builder_new(NULL, st->columns[0].type, &id, err));
	TRY(builder_new(NULL, st->columns[1].type, &name, err));
	for (long i = 0; i < count; i++) {
		int64_t n = st->info.column_count == 1 ? st->value : st->at + i;
		TRY(builder_fixed(id, &n, err));
		int size = snprintf(text, sizeof text, "row %ld", (long)n);
		if (n % 3 == 2)
			TRY(builder_null(name, err));
		else
			TRY(builder_string(name, text, (size_t)size, err));
	}
	(*out)->count = (uint32_t)count;
	TRY(builder_finish(id, &(*out)->columns[0], err));
	if (st->info.column_count == 2)
		TRY(builder_finish(name, &(*out)->columns[1], err));
	builder_free(id);
	builder_free(name);
	return OK;
}

enum status statement_say_extras(struct statement *st, struct error *err)
{
	(void)st;
	(void)err;
	return OK;
}

enum status statement_next(struct statement *st, struct batch **out, struct error *err)
{
	assert(st->running);
	*out = NULL;
	while (st->waits) {
		fake.waiting = true;
		if (st->session->cancelled) {
			fake.waiting = false;
			return ERR(err, E_CANCELLED, "canceling statement due to user request");
		}
		usleep(1000);
	}
	if (!st->info.returns_rows && !st->info.is_copy_out)
		return OK;
	long left = st->rows - st->at;
	if (st->fail_at >= 0 && st->at + ROWS_A_BATCH > st->fail_at)
		left = st->fail_at - st->at;
	if (st->fail_at >= 0 && left == 0)
		return ERR(err, E_DIVISION_BY_ZERO, "division by zero");
	if (left == 0)
		return OK;
	long n = left < ROWS_A_BATCH ? left : ROWS_A_BATCH;
	TRY(make_batch(st, n, out, err));
	st->at += n;
	return OK;
}

enum status statement_finish(struct statement *st, bool failed, struct error *err UNUSED)
{
	assert(st->running);
	struct session *s = st->session;
	st->running = false;
	fake.runs--;
	if (st->info.is_transaction_control && !failed) {
		if (st->transaction != TRANSACTION_BEGIN && s->status == TRANSACTION_FAILED)
			st->word = "ROLLBACK";
		s->status = st->transaction == TRANSACTION_BEGIN ? TRANSACTION_OPEN : TRANSACTION_IDLE;
		s->implicit = false;
	}
	if (st->info.returns_rows || st->info.is_copy_in || st->info.is_copy_out)
		snprintf(st->tag, sizeof st->tag, "%s %ld", st->word, st->info.is_copy_in ? 2 : st->at);
	else
		snprintf(st->tag, sizeof st->tag, "%s", st->word);
	return OK;
}

struct str statement_tag(const struct statement *st)
{
	return str_of(st->tag);
}

void statement_free(struct statement *st)
{
	assert(!st->running);
	fake.statements--;
	arena_fini(&st->arena);
	free(st);
}
