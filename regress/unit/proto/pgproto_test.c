// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL messages: what one end writes the other reads, whole or in pieces, and nothing hostile gets through. */
#include "proto/pgclient.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"

enum { LIMIT = 1 << 20 };

static struct strbuf buf;
static struct pg_message msg;
static struct pg_answer answer;
static struct error err;

static struct strbuf *fresh(void)
{
	strbuf_clear(&buf);
	error_clear(&err);
	return &buf;
}

/* Decodes the one message in buf; every prefix must ask for more. */
static bool decodes_frontend(void)
{
	size_t consumed, need;
	for (size_t i = 0; i < buf.size; i++) {
		struct str cut = mutate_copy(str_make(buf.data, i));
		enum status s = pg_next_message(cut, LIMIT, &msg, &consumed, &need, &err);
		mutate_drop(cut);
		if (s != OK || consumed != 0 || need <= i || need > buf.size)
			return false;
	}
	return pg_next_message(strbuf_str(&buf), LIMIT, &msg, &consumed, &need, &err) == OK && consumed == buf.size;
}

static bool decodes_backend(void)
{
	size_t consumed, need;
	for (size_t i = 0; i < buf.size; i++) {
		struct str cut = mutate_copy(str_make(buf.data, i));
		enum status s = pgclient_next(cut, LIMIT, &answer, &consumed, &need, &err);
		mutate_drop(cut);
		if (s != OK || consumed != 0 || need <= i)
			return false;
	}
	return pgclient_next(strbuf_str(&buf), LIMIT, &answer, &consumed, &need, &err) == OK && consumed == buf.size;
}

static void test_startup(void)
{
	struct pg_startup s;
	struct str name, value;
	size_t consumed, need;
	struct pg_parameter parameters[] = {{STR("user"), STR("u1")}, {STR("database"), STR("d")}, {STR("options"),
		STR("")}};
	pgclient_put_startup(fresh(), parameters, 3);
	bool more = true;
	for (size_t i = 0; i < buf.size; i++) {
		struct str cut = mutate_copy(str_make(buf.data, i));
		more = more && pg_next_startup(cut, &s, &consumed, &need, &err) == OK && consumed == 0;
		mutate_drop(cut);
	}
	ok(more, "a startup packet in pieces asks for more");
	ok(pg_next_startup(strbuf_str(&buf), &s, &consumed, &need, &err) == OK && consumed == buf.size, "then it is read");
	ok(s.kind == PG_STARTUP_PARAMETERS && s.major == 3 && s.minor == 0, "version 3.0");
	ok(pg_parameter_next(&s.parameters, &name, &value) && str_eq(name, STR("user"))
		&& str_eq(value, STR("u1")), "user");
	ok(pg_parameter_next(&s.parameters, &name, &value) && str_eq(value, STR("d")), "database");
	ok(pg_parameter_next(&s.parameters, &name, &value) && str_eq(name, STR("options"))
		&& value.size == 0, "an empty value");
	ok(!pg_parameter_next(&s.parameters, &name, &value), "no more");

	pgclient_put_ssl_request(fresh());
	ok(pg_next_startup(strbuf_str(&buf), &s, &consumed, &need, &err) == OK && s.kind == PG_STARTUP_SSL, "SSLRequest");
	ok(pg_next_startup(str_make("\0\0\0\10\4\322\026\60", 8), &s, &consumed, &need, &err) == OK
		&& s.kind == PG_STARTUP_GSSENC, "GSSENCRequest");
	pgclient_put_cancel(fresh(), -5, STR("\1\2\3\4"));
	ok(pg_next_startup(strbuf_str(&buf), &s, &consumed, &need, &err) == OK && s.kind == PG_STARTUP_CANCEL
		&& s.process_id == -5 && str_eq(s.key, STR("\1\2\3\4")), "CancelRequest");

	static const struct {
		struct str bytes;
		const char *what;
	} bad[] = {
		{STR("GET / HTTP/1.1\r\n"), "HTTP on the PostgreSQL port"},
		{STR("\0\0\0\4"), "a length that cannot hold a code"},
		{STR("\0\0\0\11\0\3\0\0x"), "no terminator"},
		{STR("\0\0\0\16\0\3\0\0user\0u"), "a value without an end"},
		{STR("\0\0\0\13\0\3\0\0\0\0\0"), "bytes behind the terminator"},
		{STR("\0\0\0\10\0\2\0\0"), "protocol 2"},
		{STR("\0\0\0\17\4\322\26\56\0\0\0\1\0\0\0"), "a cancel key of three bytes"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		error_clear(&err);
		ok(pg_next_startup(bad[i].bytes, &s, &consumed, &need, &err) != OK
			&& consumed == 0, "refused: %s", bad[i].what);
	}
}

static void test_frontend(void)
{
	struct str v;
	uint32_t oid;
	pgclient_put_query(fresh(), STR("SELECT 1"));
	ok(decodes_frontend() && msg.type == PG_QUERY, "Query");
	is_str(msg.query, "SELECT 1", "its text");

	uint32_t oids[] = {23, 0, 4294967295u};
	pgclient_put_parse(fresh(), STR("s1"), STR("SELECT $1"), oids, 3);
	ok(decodes_frontend() && msg.type == PG_PARSE && str_eq(msg.parse.statement, STR("s1")), "Parse");
	is_str(msg.parse.query, "SELECT $1", "its text");
	bool same = true;
	for (unsigned i = 0; i < 3; i++)
		same = same && pg_oid_next(&msg.parse.types, &oid) && oid == oids[i];
	ok(same && !pg_oid_next(&msg.parse.types, &oid), "its types");

	struct str values[] = {STR("42"), {NULL, 0}, STR("")};
	pgclient_put_bind(fresh(), STR("p"), STR("s1"), values, 3, PG_FORMAT_BINARY, PG_FORMAT_TEXT);
	ok(decodes_frontend() && msg.type == PG_BIND && str_eq(msg.bind.portal, STR("p")), "Bind");
	ok(pg_format_of(msg.bind.formats, 2) == 1 && pg_format_of(msg.bind.results, 7) == 0, "one format for all");
	ok(pg_value_next(&msg.bind.values, &v) && str_eq(v, STR("42")), "a value");
	ok(pg_value_next(&msg.bind.values, &v) && v.data == NULL, "a null");
	ok(pg_value_next(&msg.bind.values, &v) && v.data != NULL && v.size == 0, "an empty value");
	ok(!pg_value_next(&msg.bind.values, &v), "no more values");

	pgclient_put_describe(fresh(), 'S', STR("s1"));
	ok(decodes_frontend() && msg.type == PG_DESCRIBE && msg.target.what == 'S', "Describe");
	pgclient_put_close(fresh(), 'P', STR(""));
	ok(decodes_frontend() && msg.type == PG_CLOSE && msg.target.what == 'P' && msg.target.name.size == 0, "Close");
	pgclient_put_execute(fresh(), STR("p"), 50);
	ok(decodes_frontend() && msg.type == PG_EXECUTE && msg.execute.row_limit == 50, "Execute");
	pgclient_put_execute(fresh(), STR("p"), UINT32_MAX);
	ok(decodes_frontend() && msg.execute.row_limit == 0, "a negative row limit is none");
	pgclient_put_call(fresh(), 952, values, 3, 1);
	ok(decodes_frontend() && msg.type == PG_FUNCTION_CALL && msg.call.function == 952 && msg.call.values.left == 3
		&& msg.call.result_format == 1, "FunctionCall");
	pg_put_copy_data(fresh(), STR("1\t2\n"));
	ok(decodes_frontend() && msg.type == PG_COPY_DATA && str_eq(msg.data, STR("1\t2\n")), "CopyData");
	pgclient_put_copy_fail(fresh(), STR("no"));
	ok(decodes_frontend() && msg.type == PG_COPY_FAIL && str_eq(msg.reason, STR("no")), "CopyFail");
	pg_put_copy_done(fresh());
	ok(decodes_frontend() && msg.type == PG_COPY_DONE, "CopyDone");
	pgclient_put_flush(fresh());
	ok(decodes_frontend() && msg.type == PG_FLUSH, "Flush");
	pgclient_put_sync(fresh());
	ok(decodes_frontend() && msg.type == PG_SYNC, "Sync");
	pgclient_put_terminate(fresh());
	ok(decodes_frontend() && msg.type == PG_TERMINATE, "Terminate");

	struct str mechanism, response;
	pgclient_put_password(fresh(), STR("pw"));
	ok(decodes_frontend() && pg_password_text(msg.data, &v, &err) == OK && str_eq(v, STR("pw")), "PasswordMessage");
	pgclient_put_sasl_initial(fresh(), "SCRAM-SHA-256", STR("n,,"));
	ok(decodes_frontend() && pg_sasl_initial(msg.data, &mechanism, &response, &err) == OK
		&& str_eq(mechanism, STR("SCRAM-SHA-256")) && str_eq(response, STR("n,,")), "SASLInitialResponse");
	pgclient_put_sasl_initial(fresh(), "X", (struct str){NULL, 0});
	ok(decodes_frontend() && pg_sasl_initial(msg.data, &mechanism, &response, &err) == OK && response.data == NULL,
		"without a response");
	pgclient_put_sasl_response(fresh(), STR("abc"));
	ok(decodes_frontend() && str_eq(msg.data, STR("abc")), "SASLResponse");
}

/* Malformed messages: framing lost (consumed 0) or only this body (consumed its size). */
static void test_refused(void)
{
	static const struct {
		struct str bytes;
		bool framed;
		const char *what;
	} bad[] = {
		{STR("Q\0\0\0\3"), false, "a length below four"},
		{STR("Q\377\377\377\377"), false, "a negative length"},
		{STR("Q\177\377\377\377"), false, "a length above the limit"},
		{STR("S\0\1\0\0"), false, "a long Sync"},
		{STR("\26\3\1\2\0"), false, "a TLS hello"},
		{STR("Q\0\0\0\6ab"), true, "a query without terminator"},
		{STR("Q\0\0\0\10a\0b\0"), true, "a NUL in the middle of a query"},
		{STR("S\0\0\0\5x"), true, "a body where none belongs"},
		{STR("D\0\0\0\6X\0"), true, "Describe of neither statement nor portal"},
		{STR("P\0\0\0\10\0\0\377\377"), true, "more types than bytes"},
		{STR("B\0\0\0\16\0\0\0\0\0\1\0\0\0\1"), true, "a value that is cut off"},
		{STR("B\0\0\0\20\0\0\0\0\0\1\377\377\377\376\0\0"), true, "a value of length -2"},
		{STR("B\0\0\0\20\0\0\0\2\0\0\0\0\0\0\0\0"), true, "two formats for no value"},
		{STR("E\0\0\0\5\0"), true, "Execute without limit"},
		{STR("B\0\0\0\12\0\0\377\377\0\0"), true, "65,535 formats in two bytes"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		size_t consumed, need;
		error_clear(&err);
		enum status s = pg_next_message(bad[i].bytes, LIMIT, &msg, &consumed, &need, &err);
		ok(s == E_PROTOCOL && consumed == (bad[i].framed ? bad[i].bytes.size : 0), "refused: %s", bad[i].what);
	}
}

static void test_backend_session(void)
{
	static const char *const mechanisms[] = {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"};
	pg_put_auth_ok(fresh());
	ok(decodes_backend() && answer.type == PG_AUTH && answer.auth.code == PG_AUTH_OK, "AuthenticationOk");
	pg_put_auth_cleartext(fresh());
	ok(decodes_backend() && answer.auth.code == PG_AUTH_CLEARTEXT, "AuthenticationCleartextPassword");
	pg_put_auth_sasl(fresh(), mechanisms, 2);
	ok(decodes_backend() && pgclient_offers(&answer, "SCRAM-SHA-256") && !pgclient_offers(&answer, "SCRAM"),
		"AuthenticationSASL");
	pg_put_auth_sasl_continue(fresh(), STR("r=x"));
	ok(decodes_backend() && answer.auth.code == PG_AUTH_SASL_CONTINUE && str_eq(answer.auth.data, STR("r=x")),
		"AuthenticationSASLContinue");
	pg_put_auth_sasl_final(fresh(), STR("v=y"));
	ok(decodes_backend() && answer.auth.code == PG_AUTH_SASL_FINAL && str_eq(answer.auth.data, STR("v=y")),
		"AuthenticationSASLFinal");
	pg_put_negotiate(fresh(), 0, &(struct str){"_pq_.x", 6}, 1);
	ok(decodes_backend() && answer.negotiate.minor == 0
		&& answer.negotiate.option_count == 1, "NegotiateProtocolVersion");
	pg_put_parameter_status(fresh(), STR("TimeZone"), STR("UTC"));
	ok(decodes_backend() && str_eq(answer.parameter.name, STR("TimeZone"))
		&& str_eq(answer.parameter.value, STR("UTC")),
		"ParameterStatus");
	pg_put_key_data(fresh(), 77, STR("\1\2\3\4"));
	ok(decodes_backend() && answer.key.process_id == 77 && str_eq(answer.key.key, STR("\1\2\3\4")), "BackendKeyData");
	pg_put_ready(fresh(), PG_IN_FAILED_TRANSACTION);
	ok(decodes_backend() && answer.ready == PG_IN_FAILED_TRANSACTION, "ReadyForQuery");
	ok(buf.size == 6 && memcmp(buf.data, "Z\0\0\0\5E", 6) == 0, "its bytes");
	pg_put_notification(fresh(), 9, STR("ch"), STR("pay"));
	ok(decodes_backend() && answer.notification.process_id == 9 && str_eq(answer.notification.payload, STR("pay")),
		"NotificationResponse");
}

static void test_backend_results(void)
{
	struct str v;
	struct pg_field f, fields[] = {{STR("id"), 16384, 1, 20, 8, -1, 1}, {STR("name"), 0, 0, 1043, -1, 36, 0}};
	pg_put_row_description(fresh(), fields, 2);
	ok(decodes_backend() && answer.type == PG_ROW_DESCRIPTION, "RowDescription");
	for (unsigned i = 0; i < 2; i++) {
		struct pg_field *w = &fields[i];
		ok(pgclient_field_next(&answer.fields, &f) && str_eq(f.name, w->name) && f.table_oid == w->table_oid
			&& f.attribute == w->attribute && f.type_oid == w->type_oid && f.type_size == w->type_size
			&& f.type_modifier == w->type_modifier && f.format == w->format, "its field %u", i);
	}
	ok(!pgclient_field_next(&answer.fields, &f), "no more fields");

	size_t row = pg_row_begin(fresh(), 4);
	pg_put_value(&buf, STR("abc"));
	pg_put_null(&buf);
	size_t at = pg_value_begin(&buf);
	strbuf_put_i64(&buf, -17);
	pg_value_end(&buf, at);
	pg_put_value(&buf, STR(""));
	pg_row_end(&buf, row);
	ok(decodes_backend() && answer.type == PG_DATA_ROW && answer.values.left == 4, "DataRow");
	ok(pg_value_next(&answer.values, &v) && str_eq(v, STR("abc")), "a value");
	ok(pg_value_next(&answer.values, &v) && v.data == NULL, "a null");
	ok(pg_value_next(&answer.values, &v) && str_eq(v, STR("-17")), "a value written in place");
	ok(pg_value_next(&answer.values, &v) && v.data != NULL && v.size == 0, "an empty value");

	pg_put_parameter_description(fresh(), (uint32_t[]){25, 23}, 2);
	ok(decodes_backend() && answer.type == PG_PARAMETER_DESCRIPTION && answer.types.left == 2, "ParameterDescription");
	pg_put_command_complete(fresh(), STR("INSERT 0 5"));
	ok(decodes_backend() && str_eq(answer.tag, STR("INSERT 0 5")), "CommandComplete");
	static const char directions[] = "GHW";
	for (unsigned i = 0; i < 3; i++) {
		pg_put_copy_response(fresh(), directions[i], 1, 3);
		ok(decodes_backend() && answer.type == (enum pg_answer_type)directions[i] && answer.copy.format == 1
			&& answer.copy.columns.count == 3
			&& pg_format_of(answer.copy.columns, 2) == 1, "Copy%cResponse", directions[i]);
	}
	pg_put_copy_data(fresh(), STR("x"));
	ok(decodes_backend() && answer.type == PG_OUT_DATA && str_eq(answer.data, STR("x")), "CopyData");
	static const struct {
		void (*put)(struct strbuf *);
		enum pg_answer_type type;
	} bare[] = {
		{pg_put_no_data, PG_NO_DATA}, {pg_put_parse_complete, PG_PARSE_COMPLETE}, {pg_put_bind_complete,
			PG_BIND_COMPLETE},
		{pg_put_close_complete, PG_CLOSE_COMPLETE}, {pg_put_portal_suspended, PG_PORTAL_SUSPENDED},
		{pg_put_empty_query, PG_EMPTY_QUERY}, {pg_put_copy_done, PG_OUT_DONE},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bare); i++) {
		bare[i].put(fresh());
		ok(decodes_backend() && answer.type == bare[i].type && buf.size == 5, "message %c", (char)bare[i].type);
	}
}

static bool has_field(char field, const char *text)
{
	struct pg_walk w = answer.problem;
	struct str t;
	for (char f; pgclient_problem_next(&w, &f, &t);)
		if (f == field)
			return str_eq(t, str_of(text));
	return text == NULL;
}

static void test_problem(void)
{
	struct error e, back;
	error_init(&e);
	error_init(&back);
	ERR(&e, E_UNKNOWN_COLUMN, "column \"a\xff\" does not exist");
	error_hint(&e, "maybe b");
	error_detail(&e, "d");
	error_context(&e, "COPY t, line 3");
	error_at(&e, 8);
	memcpy(e.schema, "public", 7);
	memcpy(e.table, "t", 2);
	memcpy(e.column, "a", 2);
	memcpy(e.constraint, "k", 2);
	pg_put_error(fresh(), PG_ERROR, &e);
	ok(decodes_backend() && answer.type == PG_ERROR_ANSWER, "ErrorResponse");
	ok(has_field('S', "ERROR") && has_field('V', "ERROR") && has_field('C', "42703"), "severity and SQLSTATE");
	ok(has_field('M', "column \"a\\xff\" does not exist"), "its message is UTF-8");
	ok(has_field('H', "maybe b") && has_field('D', "d") && has_field('W', "COPY t, line 3"), "hint, detail, context");
	ok(has_field('P', "8") && has_field('s', "public") && has_field('t', "t") && has_field('c', "a")
		&& has_field('n', "k") && has_field('F', "pgproto_test.c"), "position, names and origin");
	ok(strcmp(status_sqlstate(pgclient_error(&answer, "peer", &back)), "42703") == 0, "back to a status");
	ok(strcmp(back.message, "peer: column \"a\\xff\" does not exist") == 0 && strcmp(back.table, "t") == 0
		&& strcmp(back.hint, "maybe b") == 0, "with its texts");
	error_init(&e);
	pg_put_error(fresh(), PG_WARNING, &e);
	ok(decodes_backend() && answer.type == PG_NOTICE_ANSWER
		&& has_field('C', "01000"), "a warning is a NoticeResponse");
	ok(!has_field('H', "") && has_field('P', NULL), "without the fields that are not set");
	ERR(&e, E_NOT_IMPLEMENTED, "x");
	pg_put_error_state(fresh(), PG_FATAL, &e, "57P01");
	ok(decodes_backend() && has_field('S', "FATAL") && has_field('C', "57P01"), "another SQLSTATE");
}

/* So that what was read is used. */
static volatile size_t sink;

static void check_mutation(struct str s)
{
	struct pg_message m;
	struct pg_answer a;
	struct pg_startup st;
	struct str v, w;
	struct pg_field f;
	uint32_t oid;
	char c;
	size_t consumed, need, sum = 0;
	if (pg_next_startup(s, &st, &consumed, &need, NULL) == OK && consumed != 0 && st.kind == PG_STARTUP_PARAMETERS)
		while (pg_parameter_next(&st.parameters, &v, &w))
			sum += v.size + w.size;
	if (pg_next_message(s, LIMIT, &m, &consumed, &need, NULL) == OK && consumed != 0) {
		if (m.type == PG_BIND)
			while (pg_value_next(&m.bind.values, &v))
				sum += v.data == NULL ? 0 : (uint8_t)(v.size == 0 ? 0 : v.data[v.size - 1]);
		if (m.type == PG_PARSE)
			while (pg_oid_next(&m.parse.types, &oid))
				sum += oid;
		if (m.type == PG_PASSWORD && pg_sasl_initial(m.data, &v, &w, NULL) == OK)
			sum += v.size;
	}
	if (pgclient_next(s, LIMIT, &a, &consumed, &need, NULL) == OK && consumed != 0) {
		if (a.type == PG_ROW_DESCRIPTION)
			while (pgclient_field_next(&a.fields, &f))
				sum += f.name.size;
		if (a.type == PG_DATA_ROW)
			while (pg_value_next(&a.values, &v))
				sum += v.size;
		if (a.type == PG_ERROR_ANSWER || a.type == PG_NOTICE_ANSWER)
			while (pgclient_problem_next(&a.problem, &c, &v))
				sum += v.size;
		if (a.type == PG_AUTH && a.auth.code == PG_AUTH_SASL)
			sum += pgclient_offers(&a, "SCRAM-SHA-256");
	}
	sink += sum;
}

static void test_mutations(void)
{
	struct str seeds[8];
	size_t n = 0;
	struct str values[] = {STR("42"), {NULL, 0}, STR("")};
	struct pg_field fields[] = {{STR("id"), 16384, 1, 20, 8, -1, 1}, {STR("name"), 0, 0, 1043, -1, 36, 0}};
	struct pg_parameter parameters[] = {{STR("user"), STR("u1")}, {STR("database"), STR("d")}};
	struct error e;
	static const char *const mechanisms[] = {"SCRAM-SHA-256"};
	error_init(&e);
	ERR(&e, E_SYNTAX, "near x");
#define SEED(call) (strbuf_clear(&buf), call, seeds[n++] = mutate_copy(strbuf_str(&buf)))
	SEED(pgclient_put_startup(&buf, parameters, 2));
	SEED(pgclient_put_parse(&buf, STR("s"), STR("SELECT 1"), (uint32_t[]){23, 25}, 2));
	SEED(pgclient_put_bind(&buf, STR("p"), STR("s"), values, 3, 1, 0));
	SEED(pgclient_put_call(&buf, 952, values, 3, 1));
	SEED(pgclient_put_sasl_initial(&buf, "SCRAM-SHA-256", STR("n,,n=,r=abc")));
	SEED(pg_put_row_description(&buf, fields, 2));
	SEED(pg_put_error(&buf, PG_ERROR, &e));
	SEED(pg_put_auth_sasl(&buf, mechanisms, 1));
	unsigned long runs = mutate_run(seeds, n, 1.5, check_mutation);
	ok(runs > 0, "%lu mutations are read within their bounds", runs);
	while (n-- > 0)
		mutate_drop(seeds[n]);
}

static void test_refused_memory(void)
{
	struct memtrack m;
	struct strbuf b;
	memtrack_init(&m, NULL, "test", 1000);
	strbuf_init(&b, &m);
	for (unsigned i = 0; i < 200; i++) {
		size_t row = pg_row_begin(&b, 2), at;
		pg_put_value(&b, STR("some text"));
		at = pg_value_begin(&b);
		strbuf_put_i64(&b, i);
		pg_value_end(&b, at);
		pg_row_end(&b, row);
	}
	ok(strbuf_status(&b, NULL) == E_MEMORY_LIMIT, "rows that meet the memory limit fail the buffer");
	strbuf_fini(&b);
	is_int(memtrack_used(&m), 0, "and return their bytes");
}

int main(void)
{
	strbuf_init(&buf, NULL);
	error_init(&err);
	test_startup();
	test_frontend();
	test_refused();
	test_backend_session();
	test_backend_results();
	test_problem();
	test_refused_memory();
	test_mutations();
	strbuf_fini(&buf);
	return tap_done();
}
