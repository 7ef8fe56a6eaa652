// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "catalog/objects.h"
#include "exec/advisory.h"
#include "exec/session_impl.h"

/* ---- facts that expressions see ---- */

static struct str object_name(void *arg, enum face face, uint32_t oid, struct arena *a)
{
	struct session *s = arg;
	struct str name = STR("");
	struct error ignored;
	error_init(&ignored);
	if (s->txn == NULL || catalog_services.name_of(&s->services, face, oid, a, &name, &ignored) != OK)
		return STR("");
	return name;
}

static void sync_text(struct session *s)
{
	const struct settings *l = s->local;
	struct str output = settings_text(l, SET_date_time_output_format),
		input = settings_text(l, SET_date_time_input_format);
	s->text = value_options_default;
	s->text.tz = s->eval.tz;
	s->text.json_quote_64bit_integers = settings_bool(l, SET_output_format_json_quote_64bit_integers);
	s->text.json_quote_decimals = settings_bool(l, SET_output_format_json_quote_decimals);
	s->text.json_quote_denormals = settings_bool(l, SET_output_format_json_quote_denormals);
	s->text.json_named_tuples_as_objects = settings_bool(l, SET_output_format_json_named_tuples_as_objects);
	s->text.json_escape_slashes = settings_bool(l, SET_output_format_json_escape_forward_slashes);
	s->text.datetime_output = str_eq(output, STR("iso")) ? 1 : str_eq(output, STR("unix_timestamp")) ? 2 : 0;
	s->text.datetime_input = str_eq(input, STR("basic")) ? 0 : 1;
	s->text.extra_float_digits = (int8_t)settings_i64(l, SET_extra_float_digits);
	s->text.null_as_default = settings_bool(l, SET_input_format_null_as_default);
	s->text.bool_as_text = true;
	s->text.object_name = object_name;
	s->text.object_arg = s;
}

void session_sync(struct session *s)
{
	const struct timezone *tz = NULL;
	struct str zone = settings_text(s->local, SET_session_timezone);
	if (zone.size == 0 || timezone_find(zone, &tz, NULL) != OK)
		tz = timezone_utc();
	s->dialect = str_eq(settings_text(s->local, SET_dialect), STR("postgresql")) ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE;
	s->eval.dialect = s->dialect;
	s->eval.tz = tz;
	s->eval.search_path = settings_text(s->local, SET_search_path);
	s->eval.database = s->database;
	s->eval.user = s->user;
	s->eval.extra_float_digits = (int8_t)settings_i64(s->local, SET_extra_float_digits);
	sync_text(s);
	s->eval.text = &s->text;
}

static uint32_t u32_of(uint64_t v)
{
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

void session_format_options(struct session *s, struct format_options *out)
{
	const struct settings *l = s->local;
	*out = format_options_default;
	out->values = s->text;
	out->skip_unknown_fields = settings_bool(l, SET_input_format_skip_unknown_fields);
	out->import_nested_json = settings_bool(l, SET_input_format_import_nested_json);
	out->null_as_default = settings_bool(l, SET_input_format_null_as_default);
	out->defaults_for_omitted_fields = settings_bool(l, SET_input_format_defaults_for_omitted_fields);
	out->with_names_use_header = settings_bool(l, SET_input_format_with_names_use_header);
	out->allow_errors_num = settings_u64(l, SET_input_format_allow_errors_num);
	out->allow_errors_ratio = settings_float(l, SET_input_format_allow_errors_ratio);
	struct str delimiter = settings_text(l, SET_format_csv_delimiter);
	if (delimiter.size == 1)
		out->csv_delimiter = delimiter.data[0];
	out->csv_allow_single_quotes = settings_bool(l, SET_format_csv_allow_single_quotes);
	out->csv_allow_double_quotes = settings_bool(l, SET_format_csv_allow_double_quotes);
	out->csv_crlf = settings_bool(l, SET_output_format_csv_crlf_end_of_line);
	out->csv_detect_header = settings_bool(l, SET_input_format_csv_detect_header);
	out->csv_skip_lines = settings_u64(l, SET_input_format_csv_skip_first_lines);
	out->tsv_crlf = settings_bool(l, SET_output_format_tsv_crlf_end_of_line);
	out->tsv_detect_header = settings_bool(l, SET_input_format_tsv_detect_header);
	out->tsv_skip_lines = settings_u64(l, SET_input_format_tsv_skip_first_lines);
	out->values.json_quote_64bit_floats = settings_bool(l, SET_output_format_json_quote_64bit_floats);
	out->values.decimal_trailing_zeros = settings_bool(l, SET_output_format_decimal_trailing_zeros);
	out->values.bool_true = settings_text(l, SET_bool_true_representation);
	out->values.bool_false = settings_text(l, SET_bool_false_representation);
	out->values.csv_null = settings_text(l, SET_format_csv_null_representation);
	out->values.tsv_null = settings_text(l, SET_format_tsv_null_representation);
	out->json_array_of_rows = settings_bool(l, SET_output_format_json_array_of_rows);
	out->custom_begin = settings_text(l, SET_format_custom_result_before_delimiter);
	out->custom_before = settings_text(l, SET_format_custom_row_before_delimiter);
	out->custom_field = settings_text(l, SET_format_custom_field_delimiter);
	out->custom_after = settings_text(l, SET_format_custom_row_after_delimiter);
	out->custom_between = settings_text(l, SET_format_custom_row_between_delimiter);
	out->custom_end = settings_text(l, SET_format_custom_result_after_delimiter);
	out->custom_rule = settings_text(l, SET_format_custom_escaping_rule);
	out->json_object_name_column = settings_text(l, SET_format_json_object_each_row_column_for_object_name);
	out->insert_table = settings_text(l, SET_output_format_sql_insert_table_name);
	out->insert_rows = settings_u64(l, SET_output_format_sql_insert_max_batch_size);
	out->insert_names = settings_bool(l, SET_output_format_sql_insert_include_column_names);
	out->insert_quotes = settings_bool(l, SET_output_format_sql_insert_quote_names);
	out->insert_replace = settings_bool(l, SET_output_format_sql_insert_use_replace);
	out->write_statistics = settings_bool(l, SET_output_format_write_statistics);
	out->pretty_max_rows = u32_of(settings_u64(l, SET_output_format_pretty_max_rows));
	out->pretty_max_column_width = u32_of(settings_u64(l, SET_output_format_pretty_max_column_pad_width));
	out->pretty_row_numbers = settings_bool(l, SET_output_format_pretty_row_numbers);
	out->pretty_ascii = str_eq_nocase(settings_text(l, SET_output_format_pretty_grid_charset), STR("ASCII"));
	out->pretty_tip_threshold = settings_u64(l, SET_output_format_pretty_single_large_number_tip_threshold);
	out->dialect_pg = s->dialect == DIALECT_POSTGRESQL;
	out->pool = s->instance->pool;
}

struct settings *session_layer(struct session *s)
{
	return s->settings;
}

/* A limit of which 0 is none. */
static uint64_t most_or_all(uint64_t limit)
{
	return limit == 0 ? UINT64_MAX : limit;
}

void session_bind_config(struct session *s, struct arena *a, struct error *err, struct bind_config *out)
{
	const struct settings *l = s->local;
	*out = (struct bind_config){
		.arena = a,
		.catalog = s->instance->catalog,
		.txn = s->txn,
		.session = &s->eval,
		.err = err,
		.options = {
			.join_use_nulls = settings_bool(l, SET_join_use_nulls),
			.limit = settings_u64(l, SET_limit),
			.offset = settings_u64(l, SET_offset),
			.group_by_use_nulls = settings_bool(l, SET_group_by_use_nulls),
			.transform_null_in = settings_bool(l, SET_transform_null_in),
			.totals_before_having = str_eq(settings_text(l, SET_totals_mode), STR("before_having")),
			.final = settings_bool(l, SET_final),
			.prefer_column_name_to_alias = settings_bool(l, SET_prefer_column_name_to_alias),
			.asterisk_include_alias_columns = settings_bool(l, SET_asterisk_include_alias_columns),
			.asterisk_include_materialized_columns = settings_bool(l, SET_asterisk_include_materialized_columns),
			.top_bound_limit = settings_bool(l, SET_use_top_k_dynamic_filtering)
			                       ? most_or_all(settings_u64(l, SET_query_plan_max_limit_for_top_k_optimization)) : 0,
			.fetch_limit = settings_bool(l, SET_query_plan_optimize_lazy_materialization)
			                   ? most_or_all(settings_u64(l, SET_query_plan_max_limit_for_lazy_materialization)) : 0,
			.join_order_limit = settings_u64(l, SET_query_plan_optimize_join_order_limit),
			.no_rewrite = !settings_bool(l, SET_query_plan_enable_optimizations),
			.decorrelate = settings_bool(l, SET_optimize_correlated_subqueries),
			.lengths_alone = settings_bool(l, SET_optimize_functions_to_subcolumns),
			.ranges = settings_bool(l, SET_optimize_use_implicit_projections),
			.lean_keys = settings_bool(l, SET_optimize_group_by_function_keys),
			.bare_keys = settings_bool(l, SET_optimize_injective_functions_in_group_by),
			.lean_sums = settings_bool(l, SET_optimize_arithmetic_operations_in_aggregate_functions),
			.union_distinct_default = str_eq_nocase(settings_text(l, SET_union_default_mode), STR("DISTINCT")),
			.union_default_set = settings_text(l, SET_union_default_mode).size != 0,
		},
	};
}

/* ---- life ---- */

static void process_fill(struct session *s)
{
	struct process *p = &s->process;
	snprintf(p->user, sizeof p->user, "%.*s", STR_ARG(s->user));
	snprintf(p->database, sizeof p->database, "%.*s", STR_ARG(s->database));
	snprintf(p->client_address, sizeof p->client_address, "%.*s", STR_ARG(s->client_address));
	snprintf(p->application, sizeof p->application, "%.*s", STR_ARG(s->application_name));
	p->session_id = s->id;
	p->interface = s->interface;
	p->is_postgresql = s->interface != NULL && strcmp(s->interface, "postgresql") == 0;
	p->transaction_status = (char)s->status;
	p->backend_start_us = clock_wall_us();
}

static void join_list(struct session *s)
{
	struct instance *i = s->instance;
	pthread_mutex_lock(&i->lock);
	s->id = ++i->next_session;
	s->next = i->sessions;
	s->previous = &i->sessions;
	if (s->next != NULL)
		s->next->previous = &s->next;
	i->sessions = s;
	process_fill(s);
	pthread_mutex_unlock(&i->lock);
}

static enum status check_database(struct session *s, struct error *err)
{
	TRY(session_txn(s, err));
	bool known = catalog_has_database(s->instance->catalog, s->txn, s->database);
	TRY(session_end_txn(s, true, err));
	if (known)
		return OK;
	if (s->dialect == DIALECT_POSTGRESQL)
		return ERR(err, E_UNKNOWN_DATABASE, "database \"%.*s\" does not exist", STR_ARG(s->database));
	return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(s->database));
}

/*
 * "name = value" lines of the role; what this version does not know is left out, as it is at configuration. `readonly`
 * goes last, since it forbids the others.
 */
static void role_settings(struct session *s, struct str lines, bool readonly)
{
	while (lines.size != 0) {
		ptrdiff_t end = str_find_char(lines, '\n');
		struct str line = end < 0 ? lines : str_make(lines.data, (size_t)end);
		lines = end < 0 ? STR("") : str_make(lines.data + end + 1, lines.size - (size_t)end - 1);
		ptrdiff_t equals = str_find(line, STR(" = "));
		struct error why;
		error_init(&why);
		if (equals <= 0)
			continue;
		struct str name = str_make(line.data, (size_t)equals);
		struct str value = str_make(line.data + equals + 3, line.size - (size_t)equals - 3);
		if (str_eq(name, STR("readonly")) == readonly &&
		    settings_set(s->settings, s->dialect, name, value, &why) != OK)
			session_say(s, "WARNING", why.status, "%s", why.message);
	}
}

/* What the user's role says: settings, and the database where the client named none. */
static enum status apply_role(struct session *s, struct error *err)
{
	TRY(session_txn(s, err));
	const struct role_def *d = catalog_find_role(s->instance->catalog, s->txn, s->user);
	if (d != NULL) {
		if (s->database.size == 0)
			s->database = arena_str(&s->arena, d->default_database);
		role_settings(s, d->settings, false);
		role_settings(s, d->settings, true);
	}
	if (s->database.size == 0)
		s->database = STR("default");
	return session_end_txn(s, true, err);
}

/* ---- services of expressions ---- */

/* set_config(): as SET, or SET LOCAL. It is the session's thread that runs it: a SELECT without FROM has one worker. */
static enum status set_config(void *arg, struct str name, struct str value, bool local, struct error *err)
{
	struct session *s = (struct session *)(void *)((char *)arg - offsetof(struct session, services));
	return session_set_one(s, local ? s->local : s->settings, name, value, err);
}

static struct eval_services session_services;
static pthread_once_t services_once = PTHREAD_ONCE_INIT;

static void fill_services(void)
{
	session_services = catalog_services;
	session_services.set_setting = set_config;
}

enum status session_open(struct instance *i, const struct session_config *config, struct session **out,
                         struct error *err)
{
	struct session *s = calloc(1, sizeof *s);
	*out = NULL;
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a session");
	s->instance = i;
	memtrack_init(&s->track, &i->track, "session", 0);
	arena_init(&s->arena, &s->track);
	arena_init(&s->txn_arena, &s->track);
	strmap_init(&s->prepared, &s->arena, false);
	strmap_init(&s->cursors, &s->arena, false);
	pthread_mutex_init(&s->lock, NULL);
	s->user = arena_str(&s->arena, config->user);
	s->database = arena_str(&s->arena, config->database);
	s->client_address = arena_str(&s->arena, config->client_address);
	s->application_name = arena_str(&s->arena, config->application_name);
	s->interface = config->interface;
	s->status = TRANSACTION_IDLE;
	s->settings = settings_new(settings_server());
	s->local = settings_new(s->settings);
	s->services = (struct ddl_context){.catalog = i->catalog, .settings = s->local, .session = &s->eval,
	                                   .arena = &s->txn_arena, .track = &s->track, .user = s->user};
	(void)pthread_once(&services_once, fill_services);
	s->eval.services = &session_services;
	s->eval.services_arg = &s->services;
	s->eval.client_address = s->client_address;
	s->eval.host_name = STR("localhost");
	enum status status = settings_set(s->settings, config->dialect, STR("dialect"),
	                                  config->dialect == DIALECT_POSTGRESQL ? STR("postgresql") : STR("clickhouse"), err);
	session_sync(s);
	if (status == OK)
		status = apply_role(s, err);
	join_list(s);
	s->eval.process_id = s->id;
	s->eval.random_seed = hash_u64((uint64_t)clock_wall_ns() ^ (uint64_t)s->id << 40);
	if (status == OK)
		status = check_database(s, err);
	if (status != OK) {
		session_close(s);
		return status;
	}
	*out = s;
	return OK;
}

static void drop_temporary(struct session *s)
{
	struct error err;
	error_init(&err);
	enum status status = session_txn(s, &err);
	if (status == OK) {
		s->services.arena = &s->txn_arena;
		status = ddl_drop_temporary(&s->services, &err);
	}
	enum status ended = session_end_txn(s, status == OK, &err);
	if (status != OK || ended != OK)
		LOG(LOG_WARNING, "session", "temporary tables stay behind: %s", err.message);
}

void session_close(struct session *s)
{
	if (s == NULL)
		return;
	advisory_release_all(s->id, false);
	pthread_mutex_lock(&s->instance->lock);
	*s->previous = s->next;
	if (s->next != NULL)
		s->next->previous = s->previous;
	pthread_mutex_unlock(&s->instance->lock);
	txn_rollback(s->txn);
	s->txn = NULL;
	if (s->has_temporary)
		drop_temporary(s);
	cursor_close_all(s, true);
	STRMAP_EACH(&s->prepared, e)
		if (e->value != NULL) {
			arena_fini(&((struct prepared *)e->value)->arena);
			free(e->value);
		}
	settings_free(s->local);
	settings_free(s->settings);
	arena_fini(&s->txn_arena);
	arena_fini(&s->arena);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* ---- small facts ---- */

void session_on_notice(struct session *s, session_notice_fn fn, void *arg)
{
	s->notice = fn;
	s->notice_arg = arg;
	s->services.notice = fn;
	s->services.notice_arg = arg;
}

void session_on_report(struct session *s, session_report_fn fn, void *arg)
{
	s->report = fn;
	s->report_arg = arg;
}

uint32_t session_id(const struct session *s)
{
	return s->id;
}

enum dialect session_dialect(const struct session *s)
{
	return s->dialect;
}

enum transaction_status session_transaction(const struct session *s)
{
	return s->status;
}

struct str session_database(const struct session *s)
{
	return s->database;
}

enum status session_use(struct session *s, struct str database, struct error *err)
{
	struct str before = s->database;
	s->database = arena_str(&s->arena, database);
	enum status status = s->txn != NULL ? OK : check_database(s, err);
	if (status != OK)
		s->database = before;
	session_sync(s);
	return status;
}

struct str session_user(const struct session *s)
{
	return s->user;
}

const struct value_options *session_text_options(struct session *s)
{
	return &s->text;
}

void session_cancel(struct session *s, enum status reason)
{
	pthread_mutex_lock(&s->lock);
	if (s->running != NULL)
		query_cancel(&s->running->query, reason);
	pthread_mutex_unlock(&s->lock);
}

void session_say(struct session *s, const char *severity, enum status status, const char *fmt, ...)
{
	if (s->notice == NULL)
		return;
	struct error e;
	va_list ap;
	error_init(&e);
	e.status = status;
	va_start(ap, fmt);
	vsnprintf(e.message, sizeof e.message, fmt, ap);
	va_end(ap);
	s->notice(s->notice_arg, severity, &e);
}

/* ---- settings ---- */

enum status session_setting(struct session *s, struct str name, struct strbuf *out, struct error *err)
{
	if (str_eq_nocase(name, STR("session_authorization")) || str_eq_nocase(name, STR("role"))) {
		strbuf_puts(out, s->user);
		return OK;
	}
	return settings_get(s->local, s->dialect, name, out, err);
}

static void report_one(struct session *s, struct str name)
{
	enum setting_id id;
	const struct setting_info *info = setting_find(name, &id);
	if (s->report == NULL || info == NULL || !(info->flags & SETTING_REPORTED))
		return;
	struct strbuf value;
	strbuf_init(&value, NULL);
	if (session_setting(s, name, &value, NULL) == OK)
		s->report(s->report_arg, str_of(info->pg_name != NULL ? info->pg_name : info->name), strbuf_str(&value));
	strbuf_fini(&value);
}

enum status session_set_one(struct session *s, struct settings *layer, struct str name, struct str value,
                            struct error *err)
{
	/* quotes that a client left around the value of client_encoding are not part of it */
	if (str_eq_nocase(name, STR("client_encoding")) && value.size >= 2 && value.data[0] == '\'')
		value = str_make(value.data + 1, value.size - 2);
	if (str_eq_nocase(name, STR("timezone")) || str_eq_nocase(name, STR("session_timezone"))) {
		const struct timezone *tz;
		if (timezone_find(value, &tz, NULL) != OK)
			return ERR(err, E_INVALID_SETTING_VALUE, "invalid value for parameter \"TimeZone\": \"%.*s\"", STR_ARG(value));
	}
	TRY(settings_set(layer, s->dialect, name, value, err));
	session_sync(s);
	report_one(s, name);
	return OK;
}

enum status session_set(struct session *s, struct str name, struct str value, struct error *err)
{
	return session_set_one(s, s->settings, name, value, err);
}

enum status session_set_local(struct session *s, struct str name, struct str value, struct error *err)
{
	return session_set_one(s, s->local, name, value, err);
}

void session_clear_local(struct session *s)
{
	if (s->status != TRANSACTION_IDLE)
		return;
	settings_clear(s->local);
	session_sync(s);
}

void session_reported(struct session *s, session_report_fn fn, void *arg)
{
	static const char *const names[] = {"application_name", "client_encoding", "DateStyle",
	                                    "default_transaction_read_only",
		"in_hot_standby", "integer_datetimes", "IntervalStyle", "is_superuser", "server_encoding", "server_version",
		"session_authorization", "standard_conforming_strings", "TimeZone"};
	struct strbuf value;
	strbuf_init(&value, NULL);
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		strbuf_clear(&value);
		if (session_setting(s, str_of(names[i]), &value, NULL) == OK)
			fn(arg, str_of(names[i]), strbuf_str(&value));
	}
	strbuf_fini(&value);
}

/* ---- what others see of sessions ---- */

void processes_each(struct instance *i, void (*fn)(void *arg, const struct process *p), void *arg)
{
	pthread_mutex_lock(&i->lock);
	for (struct session *s = i->sessions; s != NULL; s = s->next) {
		pthread_mutex_lock(&s->lock);
		struct process p = s->process;
		if (s->running != NULL) {
			struct query *q = &s->running->query;
			p.read_rows = atomic_load(&q->progress.read_rows);
			p.read_bytes = atomic_load(&q->progress.read_bytes);
			p.total_rows = atomic_load(&q->progress.total_rows);
			p.written_rows = atomic_load(&q->progress.written_rows);
			p.memory_bytes = memtrack_used(&q->track);
			p.peak_memory_bytes = atomic_load(&q->track.peak_bytes);
		}
		pthread_mutex_unlock(&s->lock);
		fn(arg, &p);
	}
	pthread_mutex_unlock(&i->lock);
}

bool process_cancel(struct instance *i, struct str query_id, uint32_t session, enum status reason)
{
	bool found = false;
	pthread_mutex_lock(&i->lock);
	for (struct session *s = i->sessions; s != NULL; s = s->next) {
		bool match = session != 0 ? s->id == session : str_eq(str_of(s->process.query_id), query_id);
		if (!match || !s->process.active)
			continue;
		session_cancel(s, reason);
		found = true;
	}
	pthread_mutex_unlock(&i->lock);
	return found;
}
