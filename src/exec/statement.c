// SPDX-License-Identifier: Apache-2.0
/*
 * Statements: from an AST to rows. A statement is bound when it is prepared, so that its columns are known; it runs on
 * that plan when nothing has happened in between, else it is bound again with the parameters' values.
 */
#include "exec/session_impl.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/objects.h"
#include "exec/change.h"
#include "exec/mutation.h"
#include "parse/ast_admin.h"
#include "parse/ast_command.h"
#include "parse/parser.h"
#include "parse/print.h"

/* ---- parameters ---- */

static bool count_params(struct ast *x, void *arg)
{
	uint32_t *max = arg;
	const struct ast_parameter *p = (const struct ast_parameter *)x;
	if (x->kind == AST_PARAMETER && p->name.data == NULL && p->number > *max)
		*max = p->number;
	return true;
}

struct substitution {
	const struct strmap *named;
	struct str missing;
};

/* {x:Identifier} in the names of columns and tables becomes what the parameter says, before anything is bound. */
static bool substitute_name(struct ast *x, void *arg)
{
	struct substitution *s = arg;
	struct name *n = x->kind == AST_IDENTIFIER ? &((struct ast_identifier *)x)->name
	                 : x->kind == AST_TABLE ? &((struct ast_table *)x)->name : NULL;
	for (unsigned i = 0; n != NULL && i < n->count; i++) {
		struct name_part *p = &n->parts[i];
		const struct str *value = p->parameter && s->named != NULL ? strmap_get(s->named, p->text) : NULL;
		if (value != NULL) {
			p->text = *value;
			p->parameter = false;
			p->quoted = true;
		} else if (p->parameter && s->missing.size == 0) {
			s->missing = p->text;
		}
	}
	return true;
}

static enum status substitute_names(struct statement *st, struct error *err)
{
	struct substitution s = {.named = st->named};
	ast_walk((struct ast *)st->ast, substitute_name, &s);
	if (s.missing.size == 0)
		return OK;
	return ERR(err, E_UNDEFINED_PARAMETER, "Substitution `%.*s` is not set", STR_ARG(s.missing));
}

/* A type of CREATE TYPE, or an array of it; NULL: there is none. */
static const struct type *named_type(struct statement *st, uint32_t oid)
{
	struct session *s = st->session;
	if (s->txn == NULL)
		return NULL;
	const struct type_object *d = catalog_find_type_oid(s->instance->catalog, s->txn, oid);
	const struct type *t = d == NULL ? NULL : type_object_type(&st->arena, d);
	if (d != NULL)
		return t;
	d = catalog_find_type_oid(s->instance->catalog, s->txn, oid - 1);
	t = d == NULL || d->array_oid != oid ? NULL : type_object_type(&st->arena, d);
	return t == NULL ? NULL : type_array(&st->arena, t->id == TYPE_TUPLE ? t : type_nullable(&st->arena, t));
}

static enum status set_params(struct statement *st, const uint32_t *declared, uint32_t n, struct error *err)
{
	uint32_t max = 0;
	ast_walk((struct ast *)st->ast, count_params, &max);
	if (max > UINT16_MAX)
		return ERR(err, E_UNDEFINED_PARAMETER, "there is no parameter $%u", max);
	st->param_capacity = max > n ? max : n;
	st->param_types = ARENA_ARRAY(&st->arena, const struct type *, st->param_capacity + 1);
	for (uint32_t i = 0; i < n; i++)
		if (declared != NULL && declared[i] != 0 && declared[i] != 705) { /* 705: unknown */
			st->param_types[i] = type_from_oid(&st->arena, declared[i], -1);
			if (st->param_types[i] == NULL)
				st->param_types[i] = named_type(st, declared[i]);
			if (st->param_types[i] == NULL)
				return ERR(err, E_UNKNOWN_OBJECT, "type with OID %u does not exist", declared[i]);
		}
	return OK;
}

/* ---- binding ---- */

static void setting_value(struct strbuf *to, const struct ast *x, struct arena *a)
{
	const struct ast_literal *l = (const struct ast_literal *)x;
	if (x->kind == AST_LITERAL && l->type == LITERAL_STRING)
		strbuf_puts(to, l->text);
	else if (x->kind == AST_LITERAL && l->type == LITERAL_BOOL)
		strbuf_putc(to, l->boolean ? '1' : '0');
	else
		strbuf_puts(to, ast_text(a, x, DIALECT_CLICKHOUSE));
}

/* SETTINGS of the statement hold for the statement: they go into the session's innermost layer and are taken back. */
static enum status apply_settings(struct statement *st, const struct ast_list *list, struct error *err)
{
	struct session *s = st->session;
	if (list->count == 0)
		return OK;
	if (st->settings == NULL) {
		st->settings = settings_new(s->local);
		s->local = st->settings;
		s->services.settings = s->local;
	}
	AST_EACH(list, x) {
		const struct ast_setting *one = (const struct ast_setting *)x;
		struct strbuf value;
		if (one->value == NULL)
			continue;
		strbuf_init(&value, NULL);
		setting_value(&value, one->value, &st->arena);
		enum status status = settings_set(st->settings, s->dialect, name_last(&one->name), strbuf_str(&value), err);
		strbuf_fini(&value);
		TRY(status);
	}
	session_sync(s);
	return OK;
}

static void drop_settings(struct statement *st)
{
	if (st->settings == NULL)
		return;
	struct session *s = st->session;
	/* the layer below is the session's own */
	s->local = settings_parent(st->settings);
	s->services.settings = s->local;
	settings_free(st->settings);
	st->settings = NULL;
	session_sync(s);
}

enum status statement_bind(struct statement *st, const struct ast *query, struct vector *const *params,
                           struct error *err)
{
	struct session *s = st->session;
	struct bind_config c;
	arena_reset(&st->plan_arena);
	st->plan = NULL;
	s->eval.now_ns = clock_wall_ns();
	s->eval.query_id = st->query_id;
	session_bind_config(s, &st->plan_arena, err, &c);
	c.params = params;
	c.param_types = st->param_types;
	c.param_capacity = st->param_capacity;
	c.named = st->named;
	TRY(bind_query(&c, query, &st->plan));
	st->plan_csn = txn_csn(s->txn);
	return OK;
}

void statement_describe(struct statement *st)
{
	const struct query_plan *q = st->plan;
	struct result_column *columns = ARENA_ARRAY(&st->arena, struct result_column, q->visible_columns + 1);
	for (uint32_t i = 0; i < q->visible_columns; i++) {
		columns[i].name = arena_str(&st->arena, q->root->names[i]);
		columns[i].type = type_copy(&st->arena, q->root->types[i]);
		columns[i].table_oid = q->column_table_oids[i];
		columns[i].attnum = q->column_attnums[i];
	}
	st->info.returns_rows = true;
	st->info.columns = columns;
	st->info.column_count = q->visible_columns;
}

/* Parameters that nothing gave a type are text. */
static void settle_params(struct statement *st)
{
	for (uint32_t i = 0; i < st->param_capacity; i++)
		st->param_types[i] = st->param_types[i] == NULL ? type_simple(TYPE_STRING)
			: type_copy(&st->arena, st->param_types[i]);
	st->info.param_count = st->param_capacity;
	st->info.param_types = st->param_types;
}

/* The statement's own max_query_size. */
static enum status check_size(const struct statement *st, struct error *err)
{
	uint64_t most = settings_u64(st->session->local, SET_max_query_size);
	if (most == 0 || st->text.size <= most)
		return OK;
	return ERR(err, E_SYNTAX, "Max query size exceeded: the query is longer than %llu bytes (max_query_size)",
	           (unsigned long long)most);
}

static enum status prepare_query(struct statement *st, const struct ast_select *q, struct error *err)
{
	st->kind = STATEMENT_QUERY;
	st->info.command = "SELECT";
	st->info.is_read_only = true;
	st->info.format = q->format;
	TRY(apply_settings(st, &q->settings, err));
	if (q->settings.count != 0)
		TRY(check_size(st, err));
	TRY(statement_bind(st, &q->ast, NULL, err));
	statement_describe(st);
	settle_params(st);
	st->plan_is_fresh = st->param_capacity == 0;
	if (q->locks.count != 0 && st->session->dialect == DIALECT_POSTGRESQL) {
		st->kind = STATEMENT_LOCK_ROWS;
		st->info.is_read_only = false;
		st->plan_is_fresh = false;
	}
	return OK;
}

/* ---- prepare ---- */

static bool allowed_when_failed(const struct ast *x)
{
	if (x->kind != AST_TRANSACTION)
		return false;
	switch (((const struct ast_transaction *)x)->type) {
	case TRANSACTION_COMMIT:
	case TRANSACTION_ROLLBACK:
	case TRANSACTION_ROLLBACK_TO:
		return true;
	default:
		return false;
	}
}

static enum status prepare_kind(struct statement *st, struct error *err)
{
	const struct ast *x = st->ast;
	switch (x->kind) {
	case AST_SELECT:
		return prepare_query(st, (const struct ast_select *)x, err);
	case AST_INSERT:
		TRY(insert_prepare(st, err));
		break;
	case AST_COPY:
		TRY(copy_prepare(st, err));
		break;
	case AST_UPDATE:
	case AST_DELETE:
		TRY(change_prepare(st, err));
		break;
	case AST_DECLARE:
	case AST_FETCH:
	case AST_CLOSE:
	case AST_PREPARE:
	case AST_EXECUTE:
	case AST_DEALLOCATE:
		TRY(cursor_prepare(st, err));
		break;
	default:
		if (mutation_handles(x)) {
			TRY(mutation_prepare(st, err));
		} else if (ddl_handles(x)) {
			st->kind = STATEMENT_DDL;
			st->info.command = ddl_tag(x);
		} else {
			TRY(command_prepare(st, err));
		}
		break;
	}
	settle_params(st);
	return OK;
}

/* HTTP counts what it answers itself, with what failed before there was a statement. */
static void count_error(const struct session *s, const struct error *err, struct str query_id)
{
	if (err != NULL && (s->interface == NULL || strcmp(s->interface, "http") != 0))
		error_counts_add(err, query_id);
}

/* BEGIN and SET come before a transaction's first statement: its snapshot is not taken yet. */
static bool reads_nothing(const struct ast *x)
{
	return x->kind == AST_TRANSACTION || x->kind == AST_SET;
}

enum status statement_prepare(struct session *s, const struct ast *ast, struct str text, const uint32_t *declared,
                              uint32_t declared_count, const struct strmap *named, struct statement **out,
                              	struct error *err)
{
	struct statement *st = calloc(1, sizeof *st);
	*out = NULL;
	if (st == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a statement");
	st->session = s;
	st->ast = ast;
	st->text = text;
	st->named = named;
	memtrack_init(&st->query.track, &s->track, "query", 0);
	s->eval.now_ns = clock_wall_ns();
	arena_init(&st->arena, &s->track);
	arena_init(&st->plan_arena, &s->track);
	arena_init(&st->inner_arena, &s->track);
	enum status status = OK;
	if (ast == NULL) {
		st->info.is_empty = true;
		st->info.command = "";
		*out = st;
		return OK;
	}
	if (s->status == TRANSACTION_FAILED && !allowed_when_failed(ast))
		status = ERR(err, E_TRANSACTION_ABORTED,
		             "current transaction is aborted, commands ignored until end of transaction block");
	if (status == OK && s->status != TRANSACTION_FAILED)
		status = reads_nothing(ast) ? session_txn_open(s, err) : session_txn(s, err);
	if (status == OK)
		status = set_params(st, declared, declared_count, err);
	if (status == OK)
		status = substitute_names(st, err);
	s->services.named = named;
	if (status == OK)
		status = prepare_kind(st, err);
	if (status != OK) {
		count_error(s, err, STR(""));
		statement_free(st);
		return status;
	}
	drop_settings(st);
	*out = st;
	return OK;
}

const struct statement_info *statement_info(const struct statement *st)
{
	return &st->info;
}

/* ---- running ---- */

static void set_limits(struct statement *st)
{
	const struct settings *l = st->session->local;
	struct query_limits *m = &st->query.limits;
	uint64_t timeout_us = settings_u64(l, SET_max_execution_time);
	m->deadline_us = timeout_us == 0 ? 0 : clock_mono_us() + (int64_t)timeout_us;
	m->max_rows_to_read = settings_u64(l, SET_max_rows_to_read);
	m->max_bytes_to_read = settings_u64(l, SET_max_bytes_to_read);
	m->read_overflow_break = str_eq(settings_text(l, SET_read_overflow_mode), STR("break"));
	m->max_result_rows = settings_u64(l, SET_max_result_rows);
	m->max_result_bytes = settings_u64(l, SET_max_result_bytes);
	m->result_overflow_break = str_eq(settings_text(l, SET_result_overflow_mode), STR("break"));
	m->max_rows_to_group_by = settings_u64(l, SET_max_rows_to_group_by);
	m->group_by_overflow_any = str_eq(settings_text(l, SET_group_by_overflow_mode), STR("any"));
	m->group_by_overflow_break = str_eq(settings_text(l, SET_group_by_overflow_mode), STR("break"));
	uint64_t threads = settings_u64(l, SET_max_threads);
	m->max_threads = threads == 0 || threads > pool_threads(st->session->instance->pool)
		? pool_threads(st->session->instance->pool)
	                                                                                    : (unsigned)threads;
	m->max_block_size = (uint32_t)settings_u64(l, SET_max_block_size);
	/* what is small is not counted against the limit */
	uint64_t memory = settings_u64(l, SET_max_memory_usage), small = settings_u64(l, SET_max_untracked_memory);
	atomic_store(&st->query.track.limit_bytes, (int64_t)(memory == 0 || memory >= small ? memory : small));
	atomic_store(&st->query.track.peak_bytes, 0);
	spill_policy_set(&st->query.spill, st->session);
}

static void publish(struct statement *st, bool running)
{
	struct session *s = st->session;
	pthread_mutex_lock(&s->lock);
	s->running = running ? st : NULL;
	s->process.active = running;
	s->process.state_change_us = clock_wall_us();
	s->process.transaction_status = (char)s->status;
	if (running) {
		s->process.query_start_us = s->process.state_change_us;
		snprintf(s->process.query, sizeof s->process.query, "%.*s", STR_ARG(st->text));
		snprintf(s->process.query_id, sizeof s->process.query_id, "%.*s", STR_ARG(st->query_id));
	}
	pthread_mutex_unlock(&s->lock);
}

/* Makes the statement known as running; ClickHouse's clients choose its id, which no other statement may have then. */
static enum status publish_running(struct statement *st, struct error *err)
{
	struct session *s = st->session;
	struct instance *i = s->instance;
	bool taken = false;
	if (s->process.is_postgresql || st->query_id.size == 0) {
		publish(st, true);
		return OK;
	}
	pthread_mutex_lock(&i->lock);
	for (struct session *other = i->sessions; other != NULL && !taken; other = other->next) {
		if (other == s)
			continue;
		pthread_mutex_lock(&other->lock);
		taken = other->process.active && str_eq(str_of(other->process.query_id), st->query_id);
		pthread_mutex_unlock(&other->lock);
	}
	if (!taken)
		publish(st, true);
	pthread_mutex_unlock(&i->lock);
	return !taken ? OK : ERR(err, E_QUERY_WITH_SAME_ID, "Query with id = %.*s is already running.",
	                         STR_ARG(st->query_id));
}

enum status statement_query_begin(struct statement *st, struct error *err)
{
	struct session *s = st->session;
	struct query *q = &st->query;
	q->plan = st->plan;
	q->session = &s->eval;
	q->txn = s->txn;
	q->pool = s->instance->pool;
	st->query_started = true;
	return query_start(q, err);
}

static const struct ast_list *settings_of(const struct ast *x)
{
	static const struct ast_list none;
	if (x->kind == AST_SELECT)
		return &((const struct ast_select *)x)->settings;
	if (x->kind == AST_INSERT)
		return &((const struct ast_insert *)x)->settings;
	if (x->kind == AST_UPDATE)
		return &((const struct ast_update *)x)->settings;
	if (x->kind == AST_DELETE)
		return &((const struct ast_delete *)x)->settings;
	return &none;
}

static enum status run_ddl(struct statement *st, struct error *err)
{
	struct session *s = st->session;
	struct ddl_result result = {0};
	struct ddl_context c = s->services;
	c.arena = &st->arena;
	c.named = st->named;
	c.txn = s->txn;
	TRY(ddl_run(&c, st->ast, st->text, &result, err));
	s->has_temporary = s->has_temporary ||
		catalog_has_schema(s->instance->catalog, s->txn, s->database, ddl_temporary_schema(&c));
	st->tag = str_of(result.tag != NULL ? result.tag : st->info.command);
	if (result.fill_table != NULL)
		TRY(insert_fill(st, result.fill_table, result.fill_query, err));
	if (str_eq(st->tag, STR("SELECT"))) /* CREATE TABLE AS says how many rows it took */
		st->tag = arena_strf(&st->arena, "SELECT %llu", (unsigned long long)st->rows);
	if (result.query.size == 0)
		return OK;
	struct parse_options options = {.dialect = result.query_pg ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE};
	struct ast *ast;
	TRY(parse_statement(&st->arena, result.query, &options, &ast, err));
	TRY(txn_statement_begin(s->txn, err));
	TRY(statement_bind(st, ast, NULL, err));
	statement_describe(st);
	return statement_query_begin(st, err);
}

static enum status run_kind(struct statement *st, struct vector *const *params, struct error *err)
{
	switch (st->kind) {
	case STATEMENT_EMPTY:
		return OK;
	case STATEMENT_QUERY:
	case STATEMENT_COPY_OUT: {
		const struct ast *query = st->ast->kind == AST_SELECT ? st->ast : st->inner_ast;
		if (!st->plan_is_fresh || st->plan == NULL || st->plan_csn != txn_csn(st->session->txn))
			TRY(statement_bind(st, query, params, err));
		if (settings_bool(st->session->local, SET_extremes) &&
		    (st->extremes = extremes_new(st->info.column_count)) == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate extremes");
		st->plan_is_fresh = false;
		return statement_query_begin(st, err);
	}
	case STATEMENT_INSERT:
	case STATEMENT_COPY_IN:
		st->query.slots = NULL;
		return insert_run(st, err);
	case STATEMENT_CHANGE:
		return change_run(st, err);
	case STATEMENT_MUTATION:
		return mutation_run(st, err);
	case STATEMENT_LOCK_ROWS:
		return lock_select_run(st, err);
	case STATEMENT_DDL:
		return run_ddl(st, err);
	case STATEMENT_FETCH:
	case STATEMENT_EXECUTE:
		return cursor_run(st, err);
	default:
		return command_run(st, err);
	}
}

/* Whether it needs the session's transaction to be open (all but BEGIN … COMMIT themselves, SET and the like). */
enum status statement_start(struct statement *st, struct vector *const *params, const struct statement_input *input,
                            struct error *err)
{
	struct session *s = st->session;
	bool same_snapshot = st->plan_is_fresh && s->txn != NULL && st->plan_csn == txn_csn(s->txn);
	st->started = true;
	st->done = false;
	st->rows = 0;
	st->input = input;
	st->inline_given = false;
	st->run_params = params;
	st->tag = STR("");
	st->started_ns = clock_mono_ns();
	s->eval.now_ns = clock_wall_ns();
	atomic_store(&st->query.cancelled, false);
	atomic_store(&st->query.cancel_reason, OK);
	memset(&st->query.progress, 0, sizeof st->query.progress);
	atomic_store(&st->query.inner_rows, 0);
	atomic_store(&st->query.inner_bytes, 0);
	if (st->ast == NULL)
		return OK;
	if (s->status == TRANSACTION_FAILED && !allowed_when_failed(st->ast))
		return ERR(err, E_TRANSACTION_ABORTED,
		           "current transaction is aborted, commands ignored until end of transaction block");
	if (!reads_nothing(st->ast) && !same_snapshot)
		TRY(session_txn(s, err));
	TRY(apply_settings(st, settings_of(st->ast), err));
	set_limits(st);
	TRY(publish_running(st, err));
	s->services.txn = s->txn;
	s->services.named = st->named;
	return run_kind(st, params, err);
}

enum status statement_next(struct statement *st, struct batch **out, struct error *err)
{
	*out = NULL;
	if (st->inner != NULL)
		return statement_next(st->inner, out, err);
	if (st->pending != NULL) {
		*out = st->pending;
		st->pending = NULL;
		st->rows += (*out)->count;
		return OK;
	}
	if (st->returned_at < st->returned_count) {
		*out = st->returned[st->returned_at++];
		return OK;
	}
	if (st->done || !st->query_started || st->kind == STATEMENT_INSERT || st->kind == STATEMENT_COPY_IN)
		return OK;
	do {
		TRY(query_next(&st->query, out, err));
		if (*out != NULL && (*out)->count == 0) {
			batch_free(*out);
			continue;
		}
		break;
	} while (true);
	if (*out != NULL) {
		st->rows += (*out)->count;
		if (st->extremes != NULL)
			TRY(extremes_add(st->extremes, *out, &st->session->track, err));
		const struct query_limits *l = &st->query.limits;
		if (l->result_overflow_break && l->max_result_rows != 0 && st->rows >= l->max_result_rows)
			st->done = true;
	}
	return OK;
}

static void make_tag(struct statement *st)
{
	if (st->tag.size != 0 || st->ast == NULL)
		return;
	switch (st->kind) {
	case STATEMENT_QUERY:
	case STATEMENT_LOCK_ROWS:
		st->tag = arena_strf(&st->arena, "SELECT %llu", (unsigned long long)st->rows);
		break;
	case STATEMENT_INSERT:
		st->tag = arena_strf(&st->arena, "INSERT 0 %llu", (unsigned long long)st->rows);
		break;
	case STATEMENT_CHANGE:
		st->tag = arena_strf(&st->arena, "%s %llu", st->info.command, (unsigned long long)st->rows);
		break;
	case STATEMENT_COPY_IN:
	case STATEMENT_COPY_OUT:
		st->tag = arena_strf(&st->arena, "COPY %llu", (unsigned long long)st->rows);
		break;
	default:
		st->tag = str_of(st->info.command);
		break;
	}
}

static void log_query(struct statement *st, bool failed, const struct error *err)
{
	struct session *s = st->session;
	struct query_log_entry e = {.type = failed ? QUERY_EXCEPTION : QUERY_FINISH};
	if (st->ast == NULL)
		return;
	e.event_us = clock_wall_us();
	e.duration_us = st->elapsed_ns / 1000;
	e.start_us = e.event_us - e.duration_us;
	e.read_rows = atomic_load(&st->query.progress.read_rows);
	e.read_bytes = atomic_load(&st->query.progress.read_bytes);
	e.written_rows = atomic_load(&st->query.progress.written_rows);
	e.written_bytes = atomic_load(&st->query.progress.written_bytes);
	e.result_rows = st->rows;
	e.memory_bytes = st->peak_bytes;
	e.interface = s->interface;
	snprintf(e.database, sizeof e.database, "%.*s", STR_ARG(s->database));
	snprintf(e.user, sizeof e.user, "%.*s", STR_ARG(s->user));
	snprintf(e.query_id, sizeof e.query_id, "%.*s", STR_ARG(st->query_id));
	snprintf(e.client_address, sizeof e.client_address, "%.*s", STR_ARG(s->client_address));
	snprintf(e.kind, sizeof e.kind, "%s", st->kind == STATEMENT_QUERY ? "Select" : st->kind == STATEMENT_INSERT ? "Insert"
	         : st->info.command);
	snprintf(e.query, sizeof e.query, "%.*s", STR_ARG(st->text));
	if (failed && err != NULL && error_is_set(err)) {
		count_error(s, err, st->query_id);
		e.exception_code = status_ch_code(err->status);
		snprintf(e.exception, sizeof e.exception, "%.500s", err->message);
	}
	query_counts_add(&e);
	if (settings_bool(s->local, SET_log_queries))
		query_log_add(&e);
}

void statement_drop_run(struct statement *st)
{
	if (st->inner != NULL) {
		struct error ignored;
		error_init(&ignored);
		if (st->inner->started && statement_finish(st->inner, true, &ignored) != OK)
			error_clear(&ignored);
		statement_free(st->inner);
		st->inner = NULL;
	}
	batch_free(st->pending);
	st->pending = NULL;
	statement_drop_kept(st);
	upsert_drop(st);
	format_reader_free(st->reader);
	st->reader = NULL;
	inserter_free(st->inserter);
	st->inserter = NULL;
	extremes_free(st->extremes);
	st->extremes = NULL;
	if (st->query_started)
		query_end(&st->query);
	query_drop_spare(&st->query);
	st->query_started = false;
}

enum status statement_finish(struct statement *st, bool failed, struct error *err)
{
	struct session *s = st->session;
	enum status status = OK;
	if (!st->started)
		return OK;
	st->started = false;
	if (st->inner != NULL && st->inner->started) {
		bool grouped = s->grouped;
		s->grouped = true; /* the transaction ends here, not there */
		status = statement_finish(st->inner, failed, err);
		s->grouped = grouped;
		st->rows = st->inner->rows;
		if (st->tag.size == 0)
			st->tag = arena_str(&st->arena, st->inner->tag);
	}
	statement_drop_run(st);
	make_tag(st);
	drop_settings(st);
	st->peak_bytes = (uint64_t)atomic_load(&st->query.track.peak_bytes);
	if (failed || status != OK)
		session_fail_transaction(s);
	bool own = s->status == TRANSACTION_IDLE && !s->grouped && s->txn != NULL;
	if (own) {
		enum status ended = session_end_txn(s, !failed && status == OK, err);
		status = status != OK ? status : ended;
	}
	st->elapsed_ns = clock_mono_ns() - st->started_ns;
	publish(st, false);
	log_query(st, failed || status != OK, err);
	return status;
}

struct str statement_tag(const struct statement *st)
{
	return st->tag;
}

uint64_t statement_rows(const struct statement *st)
{
	return st->rows;
}

const struct query_progress *statement_progress(const struct statement *st)
{
	return st->inner != NULL ? statement_progress(st->inner) : &st->query.progress;
}

int64_t statement_elapsed_ns(const struct statement *st)
{
	return st->started ? clock_mono_ns() - st->started_ns : st->elapsed_ns;
}

uint64_t statement_peak_memory(const struct statement *st)
{
	return st->started ? (uint64_t)atomic_load(&st->query.track.peak_bytes) : st->peak_bytes;
}

void statement_on_tick(struct statement *st, void (*fn)(void *arg), void *arg)
{
	st->query.tick = fn;
	st->query.tick_arg = arg;
}

void statement_set_query_id(struct statement *st, struct str query_id)
{
	st->query_id = arena_str(&st->arena, query_id);
}

struct str query_id_new(struct arena *a)
{
	uint64_t high = hash_u64((uint64_t)clock_wall_ns()), low = hash_u64(high ^ (uint64_t)clock_mono_ns());
	return arena_strf(a, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
	                  (unsigned)(high & 0xfff), (unsigned)(low >> 48 & 0x3fff) | 0x8000u,
	                  (unsigned long long)(low & 0xffffffffffffu));
}

enum status session_run(struct session *s, struct arena *a, struct str text, const struct statement_input *input,
                        struct error *err)
{
	struct parse_options options = {.dialect = s->dialect, .values_as_data = true};
	struct statement *st;
	struct ast *ast;
	TRY(parse_statement(a, text, &options, &ast, err));
	TRY(statement_prepare(s, ast, text, NULL, 0, NULL, &st, err));
	enum status status = statement_start(st, NULL, input, err), ended = statement_finish(st, status != OK, err);
	statement_free(st);
	return status != OK ? status : ended;
}

void statement_free(struct statement *st)
{
	if (st == NULL)
		return;
	struct session *s = st->session;
	statement_drop_run(st);
	drop_settings(st);
	arena_fini(&st->plan_arena);
	arena_fini(&st->inner_arena);
	arena_fini(&st->arena);
	/* a transaction that was opened only to bind this */
	if (s->status == TRANSACTION_IDLE && !s->grouped && s->txn != NULL && s->running == NULL) {
		struct error ignored;
		error_init(&ignored);
		if (session_end_txn(s, false, &ignored) != OK)
			error_clear(&ignored);
	}
	free(st);
}
