// SPDX-License-Identifier: Apache-2.0
/*
 * PostgreSQL connections against a session that only pretends: what is said in which order, what is answered to errors,
 * and that every statement started is finished and every one prepared is freed.
 *
 * Answers are compared as transcripts: one letter for each message's type and what matters of it, as "T2 D(0|row 0)
 * C(SELECT 1) ZI".
 */
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/pgclient.h"
#include "proto/scram.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"
#include "regress/unit/wire/fake_session.h"
#include "wire/pg/pgconn.h"

static struct pg_cancels *cancels;
static enum pg_login_how how;
static struct scram_verifier verifier;
static struct error err;

static enum status login(void *self UNUSED, struct str user, struct str database UNUSED, struct str address UNUSED,
	bool tls UNUSED, struct pg_login *out, struct error *e)
{
	out->how = how;
	out->verifier = verifier;
	return str_eq(user, STR("nobody")) ? scram_verifier_mock(user, STR("secret"), &out->verifier, e) : OK;
}

static enum status check(void *self UNUSED, struct str user UNUSED, struct str password, struct error *e)
{
	return str_eq(password, STR("pencil")) ? OK : ERR(e, E_AUTHENTICATION_FAILED, "no");
}

/* ---- the server's side: one thread for each connection ---- */

struct server {
	pthread_t thread;
	struct sock sock;
};

static void serve(struct sock *sock)
{
	struct pgconn_config config = {.sock = sock, .accounts = {login, check, NULL}, .cancels = cancels,
		.login_timeout_ms = 5000, .statements_max = 20};
	struct pgconn *c;
	if (pgconn_new(&config, &c, NULL) != OK)
		abort();
	while (pgconn_run(c) == PGCONN_PARKED)
		;
	pgconn_free(c);
}

static void *serve_thread(void *arg)
{
	struct server *s = arg;
	serve(&s->sock);
	sock_fini(&s->sock);
	return NULL;
}

static int client = -1;
static struct server server;

static int connect_to(struct server *s)
{
	int fds[2];
	struct timeval limit = {.tv_sec = 20};
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 || sock_init(&s->sock, fds[1], 1 << 20, NULL, &err) != OK
		|| setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0
		|| pthread_create(&s->thread, NULL, serve_thread, s) != 0)
		abort();
	return fds[0];
}

static void hang_up(void)
{
	close(client);
	pthread_join(server.thread, NULL);
	client = -1;
}

/* ---- the client's side ---- */

static struct strbuf to, from, transcript;

static struct strbuf *fresh(void)
{
	strbuf_clear(&to);
	return &to;
}

static void send_all(struct str s)
{
	while (s.size != 0) {
		ssize_t n = send(client, s.data, s.size, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		s = str_make(s.data + n, s.size - (size_t)n);
	}
}

static void note_row(struct pg_answer *a)
{
	struct str v;
	char separator = '(';
	strbuf_putz(&transcript, "D");
	while (pg_value_next(&a->values, &v)) {
		bool binary = v.size == 8 && v.data[0] == 0;
		strbuf_putc(&transcript, separator);
		if (v.data == NULL)
			strbuf_putz(&transcript, "NULL");
		else if (binary)
			strbuf_printf(&transcript, "#%u", (uint8_t)v.data[7]);
		else
			strbuf_puts(&transcript, v);
		separator = '|';
	}
	strbuf_putz(&transcript, ") ");
}

static void note(struct pg_answer *a)
{
	struct str text;
	char field;
	switch (a->type) {
	case PG_AUTH:
		strbuf_printf(&transcript, "R%u ", a->auth.code);
		break;
	case PG_READY:
		strbuf_printf(&transcript, "Z%c ", a->ready);
		break;
	case PG_ROW_DESCRIPTION:
		strbuf_printf(&transcript, "T%u ", a->fields.left);
		break;
	case PG_PARAMETER_DESCRIPTION:
		strbuf_printf(&transcript, "t%u ", a->types.left);
		break;
	case PG_DATA_ROW:
		note_row(a);
		break;
	case PG_COMMAND_COMPLETE:
		strbuf_printf(&transcript, "C(%.*s) ", STR_ARG(a->tag));
		break;
	case PG_OUT_DATA:
		strbuf_putz(&transcript, "d(");
		strbuf_puts(&transcript, a->data);
		strbuf_putz(&transcript, ") ");
		break;
	case PG_ERROR_ANSWER:
	case PG_NOTICE_ANSWER:
		while (pgclient_problem_next(&a->problem, &field, &text))
			if (field == 'C')
				strbuf_printf(&transcript, "%c%.*s ", a->type, STR_ARG(text));
		break;
	default:
		strbuf_printf(&transcript, "%c ", a->type);
	}
}

/* Reads one answer into the transcript; false at the end. */
static bool read_answer(struct pg_answer *a)
{
	static size_t done;
	char room[65536];
	size_t consumed, need;
	if (done != 0) {
		memmove(from.data, from.data + done, from.size - done);
		from.size -= done;
	}
	done = 0;
	for (;;) {
		if (pgclient_next(strbuf_str(&from), 1 << 24, a, &consumed, &need, &err) != OK)
			return false;
		if (consumed != 0)
			break;
		ssize_t n = recv(client, room, sizeof room, 0);
		if (n <= 0)
			return false;
		strbuf_put(&from, room, (size_t)n);
	}
	done = consumed;
	note(a);
	return true;
}

/* Sends what is in `to` and reads until that many ReadyForQuery (0: until the end of the stream). */
static const char *talk(unsigned readies)
{
	struct pg_answer a;
	strbuf_clear(&transcript);
	send_all(strbuf_str(&to));
	for (unsigned n = 0; (readies == 0 || n < readies) && read_answer(&a);)
		n += a.type == PG_READY;
	if (transcript.size != 0)
		transcript.size--;
	return strbuf_cstr(&transcript);
}

#define says(readies, want, what)                                                                \
	do {                                                                                         \
		const char *said_ = talk(readies);                                                       \
		if (!ok(strcmp(said_, want) == 0, "%s", what))                                           \
			printf("#   got  %s\n#   want %s\n", said_, want);                                   \
	} while (0)

static void startup(const char *name, const char *value)
{
	struct pg_parameter parameters[] = {{STR("user"), STR("u")}, {STR("database"), STR("d")},
		{str_of(name), str_of(value)}};
	pgclient_put_startup(fresh(), parameters, name == NULL ? 2 : 3);
}

static void open_connection(void)
{
	client = connect_to(&server);
	startup("application_name", "test");
	if (strcmp(talk(1), "R0 S S S S K ZI") != 0)
		printf("# startup said %s\n", strbuf_cstr(&transcript));
}

static void query(const char *text)
{
	pgclient_put_query(fresh(), str_of(text));
}

/* ---- tests ---- */

static void test_startup(void)
{
	static const struct {
		const char *name, *value, *want;
	} cases[] = {
		{"client_encoding", "'utf-8'", "R0 S S S S K ZI"},
		{"client_encoding", "LATIN1", "E22023"},
		{"no_such_setting", "1", "R0 E42704"},
		{"options", "-c geqo=off -csearch_path=a\\ b --statement-timeout=5", "R0 S S S S K ZI"},
		{"options", "-c no_such_setting=1", "R0 E42704"},
		{"options", "-c", "E22023"},
		{"options", "-x", "E0A000"},
		{"replication", "database", "E0A000"},
		{"replication", "false", "R0 S S S S K ZI"},
		{"_pq_.something", "1", "v R0 S S S S K ZI"},
		{"user", "", "E28000"},
		{"database", "nowhere", "R0 E3D000"},
		{"x", "\xff", "E22021"},
	};
	how = PG_LOGIN_TRUST;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		client = connect_to(&server);
		startup(cases[i].name, cases[i].value);
		bool good = strchr(cases[i].want, 'Z') != NULL;
		char what[128];
		snprintf(what, sizeof what, "startup with %s=%s", cases[i].name, cases[i].value);
		says(good ? 1 : 0, cases[i].want, what);
		hang_up();
	}
	client = connect_to(&server);
	pgclient_put_ssl_request(fresh());
	send_all(strbuf_str(&to));
	char answer = 0;
	ok(recv(client, &answer, 1, 0) == 1 && answer == 'N', "SSLRequest is declined without a certificate");
	startup(NULL, NULL);
	says(1, "R0 S S S S K ZI", "and the client goes on in clear");
	hang_up();
	client = connect_to(&server);
	strbuf_puts(fresh(), STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
	says(0, "E08P01", "HTTP on this port is told so");
	hang_up();
}

static void log_in(const char *user, const char *password, const char *want, const char *what)
{
	struct pg_parameter parameters[] = {{STR("user"), str_of(user)}};
	struct pg_answer a;
	struct scram s;
	struct strbuf step;
	strbuf_init(&step, NULL);
	client = connect_to(&server);
	pgclient_put_startup(fresh(), parameters, 1);
	send_all(strbuf_str(&to));
	strbuf_clear(&transcript);
	scram_client_init(&s, STR(""));
	while (read_answer(&a) && a.type != PG_READY) {
		strbuf_clear(&step);
		fresh();
		if (a.type != PG_AUTH)
			continue;
		if (a.auth.code == PG_AUTH_CLEARTEXT) {
			pgclient_put_password(&to, str_of(password));
		} else if (a.auth.code == PG_AUTH_SASL) {
			if (!pgclient_offers(&a, SCRAM_MECHANISM) || scram_client_first(&s, STR(""), NULL, &step, &err) != OK)
				break;
			pgclient_put_sasl_initial(&to, SCRAM_MECHANISM, strbuf_str(&step));
		} else if (a.auth.code == PG_AUTH_SASL_CONTINUE) {
			if (scram_client_final(&s, a.auth.data, str_of(password), &step, &err) != OK)
				break;
			pgclient_put_sasl_response(&to, strbuf_str(&step));
		} else if (a.auth.code == PG_AUTH_SASL_FINAL && scram_client_verify(&s, a.auth.data, &err) != OK) {
			break;
		}
		send_all(strbuf_str(&to));
	}
	ok(strcmp(strbuf_cstr(&transcript), want) == 0, "%s", what);
	if (strcmp(strbuf_cstr(&transcript), want) != 0)
		printf("#   got  %s\n#   want %s\n", strbuf_cstr(&transcript), want);
	strbuf_fini(&step);
	hang_up();
}

static void test_login(void)
{
	ok(scram_verifier_make(STR("pencil"), (const uint8_t *)"salt", 4, 10, &verifier, &err) == OK, "a verifier");
	how = PG_LOGIN_SCRAM;
	log_in("u", "pencil", "R10 R11 R12 R0 S S S S K ZI ", "SCRAM with the right password");
	log_in("u", "pen", "R10 R11 E28P01 ", "with a wrong one");
	log_in("nobody", "pencil", "R10 R11 E28P01 ", "of nobody: told apart by nothing");
	how = PG_LOGIN_CLEARTEXT;
	log_in("u", "pencil", "R3 R0 S S S S K ZI ", "a password in clear");
	log_in("u", "pen", "R3 E28P01 ", "a wrong one");
	how = PG_LOGIN_SCRAM;
	client = connect_to(&server);
	startup(NULL, NULL);
	pgclient_put_query(&to, STR("SELECT 1"));
	says(0, "R10 E08P01", "a query before the password is none");
	hang_up();
	how = PG_LOGIN_TRUST;
}

static void test_simple(void)
{
	open_connection();
	query("SELECT 1 FROM numbers(3)");
	says(1, "T2 D(0|row 0) D(1|row 1) D(2|NULL) C(SELECT 3) ZI", "a query");
	query("");
	says(1, "I ZI", "an empty query");
	query(" ; -- nothing\n ;");
	says(1, "I ZI", "nothing but comments");
	query("SELECT 7; SELECT 8");
	says(1, "T1 D(7) C(SELECT 1) T1 D(8) C(SELECT 1) ZI", "two statements");
	query("SELECT 7; SELEKT 8");
	says(1, "E42601 ZI", "a syntax error in the last stops the first");
	query("SELECT 7; SELECT 1 FROM unknown_table; SELECT 8");
	says(1, "T1 D(7) C(SELECT 1) E42P01 ZI", "an error stops the rest");
	query("SELECT fail_at(2)");
	says(1, "T2 D(0|row 0) D(1|row 1) E22012 ZI", "an error in the middle of rows");
	query("SELECT $1");
	says(1, "E42P02 ZI", "a parameter without a value");
	query("SELECT noisy FROM numbers(0)");
	says(1, "N00000 T2 C(SELECT 0) ZI", "a notice");
	query("SELECT '\xff'");
	says(1, "E22021 ZI", "text that is not UTF-8");
	fake.refuse_commit = true;
	query("INSERT INTO t SELECT 1");
	says(1, "E40001 ZI", "a commit that fails is told instead of the tag");
	query("BEGIN");
	says(1, "C(BEGIN) ZT", "in a transaction");
	query("SELECT 1 FROM unknown_table");
	says(1, "E42P01 ZE", "it fails");
	query("SELECT 1");
	says(1, "E25P02 ZE", "and refuses");
	query("COMMIT");
	says(1, "C(ROLLBACK) ZI", "until it ends");
	query("BEGIN; SELEKT");
	says(1, "E42601 ZI", "a syntax error keeps BEGIN from running");
	query("SELECT 1 FROM numbers(50000)");
	const char *all = talk(1);
	size_t size = strlen(all);
	ok(size > 500000 && strstr(all, "D(49999|row 49999) C(SELECT 50000) ZI") != NULL, "many rows");
	pgclient_put_call(fresh(), 952, NULL, 0, 0);
	says(1, "E0A000 ZI", "a function call");
	pgclient_put_terminate(fresh());
	says(0, "", "Terminate");
	hang_up();
}

static void parse_bind(const char *name, const char *text, const char *value, int16_t result_format)
{
	struct str values[] = {value == NULL ? STR("") : str_of(value)};
	pgclient_put_parse(&to, str_of(name), str_of(text), NULL, 0);
	pgclient_put_bind(&to, STR(""), str_of(name), values, value != NULL, 0, result_format);
}

static void test_extended(void)
{
	open_connection();
	fresh();
	parse_bind("", "SELECT $1", "42", 0);
	pgclient_put_describe(&to, 'S', STR(""));
	pgclient_put_describe(&to, 'P', STR(""));
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_sync(&to);
	says(1, "1 2 t1 T1 T1 D(42) C(SELECT 1) ZI", "parse, bind, describe, execute");
	fresh();
	parse_bind("s1", "SELECT $1", "43", 1);
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_bind(&to, STR(""), STR("s1"), &(struct str){NULL, 0}, 1, 1, 0);
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_bind(&to, STR(""), STR("s1"), &(struct str){"\0\0\0\0\0\0\0\54", 8}, 1, 1, 0);
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_sync(&to);
	says(1, "1 2 D(#43) C(SELECT 1) 2 D(-1) C(SELECT 1) 2 D(44) C(SELECT 1) ZI", "binary results, NULL, binary values");
	fresh();
	parse_bind("", "SELECT 1 FROM numbers(5)", NULL, 0);
	pgclient_put_execute(&to, STR(""), 2);
	pgclient_put_execute(&to, STR(""), 2);
	pgclient_put_execute(&to, STR(""), 2);
	pgclient_put_execute(&to, STR(""), 2);
	pgclient_put_sync(&to);
	says(1, "1 2 D(0|row 0) D(1|row 1) s D(2|NULL) D(3|row 3) s D(4|row 4) C(SELECT 1) C(SELECT 0) ZI",
		"a portal with a row limit");
	fresh();
	parse_bind("", "SELECT 1 FROM unknown_table", NULL, 0);
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_query(&to, STR("SELECT 1"));
	pgclient_put_sync(&to);
	says(1, "E42P01 ZI", "an error skips to Sync");
	fresh();
	parse_bind("", "INSERT INTO t SELECT 1", NULL, 0);
	pgclient_put_execute(&to, STR(""), 1);
	parse_bind("", "SELECT fail_at(1)", NULL, 0);
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_sync(&to);
	unsigned rollbacks = fake.rollbacks;
	says(1, "1 2 C(INSERT 0 1) 1 2 D(0|row 0) E22012 ZI", "a pipeline is one transaction");
	is_int(fake.rollbacks, rollbacks + 1, "which rolled back");
	fresh();
	parse_bind("", "", NULL, 0);
	pgclient_put_describe(&to, 'S', STR(""));
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_sync(&to);
	says(1, "1 2 t0 n I ZI", "an empty statement");
	hang_up();
}

static void test_extended_errors(void)
{
	static const struct {
		const char *text, *value;
		int16_t format;
		const char *want, *what;
	} cases[] = {
		{"SELECT $1", NULL, 0, "1 E08P01 ZI", "a parameter is missing"},
		{"SELECT 1", "5", 0, "1 E08P01 ZI", "one too many"},
		{"SELECT $1", "x", 0, "1 E22P02 ZI", "a value that is no number"},
		{"SELECT $1", "\xff", 0, "1 E22021 ZI", "a value that is not UTF-8"},
		{"SELECT $1", "5", 7, "1 E22023 ZI", "a format that does not exist"},
		{"SELECT 1; SELECT 2", NULL, 0, "E42601 ZI", "two statements"},
		{"SELEKT", NULL, 0, "E42601 ZI", "a syntax error"},
	};
	open_connection();
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		fresh();
		parse_bind("", cases[i].text, cases[i].value, cases[i].format);
		pgclient_put_execute(&to, STR(""), 0);
		pgclient_put_sync(&to);
		says(1, cases[i].want, cases[i].what);
	}
	pgclient_put_bind(fresh(), STR(""), STR("absent"), NULL, 0, 0, 0);
	pgclient_put_sync(&to);
	says(1, "E26000 ZI", "a statement that does not exist");
	pgclient_put_execute(fresh(), STR("absent"), 0);
	pgclient_put_sync(&to);
	says(1, "E34000 ZI", "a portal that does not exist");
	pgclient_put_close(fresh(), 'S', STR("absent"));
	pgclient_put_close(&to, 'P', STR("absent"));
	pgclient_put_sync(&to);
	says(1, "3 3 ZI", "closing what does not exist");
	pgclient_put_parse(fresh(), STR("a"), STR("SELECT 1"), NULL, 0);
	pgclient_put_parse(&to, STR("a"), STR("SELECT 1"), NULL, 0);
	pgclient_put_sync(&to);
	says(1, "1 E42P05 ZI", "a name that is taken");
	fresh();
	for (unsigned i = 0; i < 25; i++) {
		char name[16];
		snprintf(name, sizeof name, "n%u", i);
		pgclient_put_parse(&to, str_of(name), STR("SELECT 1"), NULL, 0);
	}
	pgclient_put_sync(&to);
	says(1, "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 E53400 ZI", "too many statements");
	strbuf_puts(fresh(), STR("D\0\0\0\6X\0"));
	pgclient_put_sync(&to);
	says(1, "E08P01 ZI", "a malformed message, then Sync");
	strbuf_puts(fresh(), STR("Q\0\0\0\6ab"));
	says(1, "E08P01 ZI", "a malformed query");
	strbuf_puts(fresh(), STR("y\0\0\0\4"));
	says(0, "E08P01", "an unknown message ends the connection");
	hang_up();
	open_connection();
	strbuf_puts(fresh(), STR("Q\177\377\377\377"));
	says(0, "E08P01", "so does one that is too long");
	hang_up();
}

static void test_portals(void)
{
	open_connection();
	query("BEGIN");
	says(1, "C(BEGIN) ZT", "a transaction");
	pgclient_put_parse(fresh(), STR("s"), STR("SELECT 1 FROM numbers(4)"), NULL, 0);
	pgclient_put_bind(&to, STR("p1"), STR("s"), NULL, 0, 0, 0);
	pgclient_put_bind(&to, STR("p2"), STR("s"), NULL, 0, 0, 0);
	pgclient_put_execute(&to, STR("p1"), 1);
	pgclient_put_execute(&to, STR("p2"), 2);
	pgclient_put_close(&to, 'S', STR("s"));
	pgclient_put_sync(&to);
	says(1, "1 2 2 D(0|row 0) s D(0|row 0) D(1|row 1) s 3 ZT", "two portals of one statement");
	query("SELECT 5");
	says(1, "T1 D(5) C(SELECT 1) ZT", "another query meanwhile");
	pgclient_put_execute(fresh(), STR("p1"), 0);
	pgclient_put_close(&to, 'P', STR("p2"));
	pgclient_put_sync(&to);
	says(1, "D(1|row 1) D(2|NULL) D(3|row 3) C(SELECT 3) 3 ZT", "they go on, their statement closed");
	query("COMMIT");
	says(1, "C(COMMIT) ZI", "the end of the transaction");
	pgclient_put_execute(fresh(), STR("p1"), 0);
	pgclient_put_sync(&to);
	says(1, "E34000 ZI", "ends them");
	hang_up();
}

static void test_cursors(void)
{
	static const struct {
		const char *text, *want;
	} steps[] = {
		{"DECLARE c CURSOR FOR SELECT 1 FROM numbers(5)", "E25P01 ZI"},
		{"BEGIN; DECLARE c CURSOR FOR SELECT 1 FROM numbers(3)", "C(BEGIN) C(DECLARE CURSOR) ZT"},
		{"FETCH 2 FROM c", "T2 D(0|row 0) D(1|row 1) C(FETCH 2) ZT"},
		{"FETCH RELATIVE 0 FROM c", "T2 D(1|row 1) C(FETCH 1) ZT"},
		{"FETCH FORWARD ALL FROM c", "T2 D(2|NULL) C(FETCH 1) ZT"},
		{"FETCH c", "T2 C(FETCH 0) ZT"},
		{"MOVE BACKWARD ALL IN c", "C(MOVE 3) ZT"},
		{"FETCH c", "T2 D(0|row 0) C(FETCH 1) ZT"},
		{"FETCH ABSOLUTE 3 FROM c", "T2 D(2|NULL) C(FETCH 1) ZT"},
		{"FETCH PRIOR FROM c", "T2 E55000 ZE"},
		{"ROLLBACK", "C(ROLLBACK) ZI"},
		{"FETCH c", "E34000 ZI"},
		{"DECLARE h SCROLL CURSOR WITH HOLD FOR SELECT 1 FROM numbers(2500)", "C(DECLARE CURSOR) ZI"},
		{"FETCH LAST FROM h", "T2 D(2499|row 2499) C(FETCH 1) ZI"},
		{"FETCH BACKWARD 2 FROM h", "T2 D(2498|NULL) D(2497|row 2497) C(FETCH 2) ZI"},
		{"FETCH ABSOLUTE 1001 FROM h", "T2 D(1000|row 1000) C(FETCH 1) ZI"},
		{"FETCH PRIOR FROM h", "T2 D(999|row 999) C(FETCH 1) ZI"},
		{"FETCH ABSOLUTE -2500 FROM h", "T2 D(0|row 0) C(FETCH 1) ZI"},
		{"FETCH PRIOR FROM h", "T2 C(FETCH 0) ZI"},
		{"FETCH NEXT FROM h", "T2 D(0|row 0) C(FETCH 1) ZI"},
		{"MOVE FORWARD ALL FROM h", "C(MOVE 2499) ZI"},
		{"FETCH RELATIVE -1 FROM h", "T2 D(2499|row 2499) C(FETCH 1) ZI"},
		{"FETCH ABSOLUTE 9999 FROM h", "T2 C(FETCH 0) ZI"},
		{"CLOSE h; CLOSE h", "C(CLOSE CURSOR) E34000 ZI"},
		{"CLOSE ALL", "C(CLOSE CURSOR ALL) ZI"},
		{"BEGIN; DECLARE b BINARY CURSOR FOR SELECT 7; FETCH b; COMMIT",
			"C(BEGIN) C(DECLARE CURSOR) T1 D(#7) C(FETCH 1) C(COMMIT) ZI"},
		{"DECLARE f CURSOR FOR SELECT fail_at(1); FETCH 1 FROM f; FETCH 1 FROM f",
			"C(DECLARE CURSOR) T2 D(0|row 0) C(FETCH 1) T2 E22012 ZI"},
	};
	open_connection();
	for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
		query(steps[i].text);
		says(1, steps[i].want, steps[i].text);
	}
	fresh();
	parse_bind("", "BEGIN", NULL, 0);
	pgclient_put_execute(&to, STR(""), 0);
	parse_bind("", "DECLARE c CURSOR FOR SELECT 1 FROM numbers(9)", NULL, 0);
	pgclient_put_execute(&to, STR(""), 0);
	parse_bind("", "FETCH 2 FROM c", NULL, 0);
	pgclient_put_describe(&to, 'P', STR(""));
	pgclient_put_execute(&to, STR(""), 0);
	pgclient_put_sync(&to);
	says(1, "1 2 C(BEGIN) 1 2 C(DECLARE CURSOR) 1 2 T2 D(0|row 0) D(1|row 1) C(FETCH 2) ZT",
		"a cursor by the extended protocol");
	hang_up();
}

static void test_prepare(void)
{
	static const struct {
		const char *text, *want;
	} steps[] = {
		{"PREPARE a (bigint) AS SELECT $1", "C(PREPARE) ZI"},
		{"EXECUTE a(42)", "T1 D(42) C(SELECT 1) ZI"},
		{"EXECUTE a", "E42601 ZI"},
		{"PREPARE a AS SELECT 1", "E42P05 ZI"},
		{"DEALLOCATE a; EXECUTE a(1)", "C(DEALLOCATE) E26000 ZI"},
		{"PREPARE b AS SELECT 1 FROM numbers(1)", "C(PREPARE) ZI"},
		{"EXECUTE b", "T2 D(0|row 0) C(SELECT 1) ZI"},
		{"DEALLOCATE ALL", "C(DEALLOCATE ALL) ZI"},
		{"EXECUTE b", "E26000 ZI"},
	};
	open_connection();
	for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
		query(steps[i].text);
		says(1, steps[i].want, steps[i].text);
	}
	pgclient_put_parse(fresh(), STR("x"), STR("SELECT 6"), NULL, 0);
	pgclient_put_query(&to, STR("EXECUTE x"));
	pgclient_put_sync(&to);
	says(2, "1 T1 D(6) C(SELECT 1) ZI ZI", "EXECUTE of a statement that Parse made");
	query("DEALLOCATE x");
	says(1, "C(DEALLOCATE) ZI", "and DEALLOCATE");
	hang_up();
}

static void test_copy(void)
{
	static const uint8_t forced[] = {COPY_FORCE_QUOTE, COPY_FORCE_QUOTE};
	open_connection();
	query("COPY t FROM STDIN");
	pg_put_copy_data(&to, STR("1\tro"));
	pg_put_copy_data(&to, STR(""));
	pg_put_copy_data(&to, STR("w 1\n2\trow"));
	pgclient_put_sync(&to);
	pg_put_copy_data(&to, STR(" 2\n"));
	pg_put_copy_done(&to);
	says(1, "G C(COPY 2) ZI", "COPY FROM in pieces");
	ok(str_eq(strbuf_str(&fake.copied), STR("1\trow 1\n2\trow 2\n")), "what it read");
	query("COPY t FROM STDIN");
	pg_put_copy_data(&to, STR("1\t"));
	pgclient_put_copy_fail(&to, STR("changed my mind"));
	says(1, "G E57014 ZI", "CopyFail");
	query("COPY t FROM STDIN");
	pg_put_copy_data(&to, STR("bad row\n"));
	pg_put_copy_data(&to, STR("more\n"));
	pg_put_copy_done(&to);
	pgclient_put_query(&to, STR("SELECT 5"));
	says(2, "G E22P04 ZI T1 D(5) C(SELECT 1) ZI", "a bad row: what follows it is ignored");
	query("COPY t FROM STDIN");
	pgclient_put_query(&to, STR("SELECT 5"));
	says(1, "G E08P01 ZI", "a query in the middle");
	fresh();
	parse_bind("", "COPY t FROM STDIN", NULL, 0);
	pgclient_put_execute(&to, STR(""), 0);
	pg_put_copy_data(&to, STR("1\tx\n"));
	pg_put_copy_done(&to);
	pgclient_put_sync(&to);
	says(1, "1 2 G C(COPY 2) ZI", "by the extended protocol");
	query("COPY t TO STDOUT");
	says(1, "H d(0\trow 0\n) d(1\trow 1\n) d(2\t\\N\n) d(3\trow 3\n) c C(COPY 4) ZI", "COPY TO as text");
	fake.copy_format = "CopyCSV";
	fake.copy_options = (struct format_options){.csv_delimiter = ' ', .copy_quote = '"', .copy_escape = '"',
		.copy_null = STR("-"), .copy_header = true, .copy_columns = forced};
	query("COPY t TO STDOUT");
	says(1, "H d(id name\n) d(\"0\" \"row 0\"\n) d(\"1\" \"row 1\"\n) d(\"2\" -\n) d(\"3\" \"row 3\"\n) c C(COPY 4) ZI",
		"as CSV with options");
	fake.copy_format = "CopyBinary";
	query("COPY t TO STDOUT");
	const char *said = talk(1);
	ok(strncmp(said, "H d(PGCOPY\n\377\r\n", 15) == 0 && transcript.size > 100, "as binary");
	fake.copy_format = "TabSeparated";
	fake.copy_options.csv_delimiter = '\t';
	query("COPY t TO STDOUT");
	says(1, "H d(0\trow 0\n1\trow 1\n2\t\\N\n3\trow 3\n) c C(COPY 4) ZI", "in another format of ours");
	fake.copy_format = NULL;
	query("COPY t FROM STDIN");
	send_all(strbuf_str(&to));
	hang_up();
	ok(fake.sessions == 0 && fake.statements == 0, "a client that leaves in the middle of COPY");
}

static void test_cancel(void)
{
	struct pg_startup p;
	struct pg_answer a;
	struct server other;
	uint8_t key[PG_CANCEL_KEY_BYTES] = {0};
	client = connect_to(&server);
	startup(NULL, NULL);
	send_all(strbuf_str(&to));
	while (read_answer(&a) && a.type != PG_READY)
		if (a.type == PG_KEY_DATA)
			memcpy(key, a.key.key.data, sizeof key);
	query("SELECT wait");
	send_all(strbuf_str(&to));
	while (!fake.waiting)
		usleep(1000);
	for (unsigned wrong = 2; wrong-- != 0;) {
		int fd = connect_to(&other);
		uint8_t tried[PG_CANCEL_KEY_BYTES];
		memcpy(tried, key, sizeof key);
		tried[0] ^= (uint8_t)wrong;
		pgclient_put_cancel(fresh(), 4711, str_make((const char *)tried, sizeof tried));
		ok(send(fd, to.data, to.size, 0) == (ssize_t)to.size
			&& recv(fd, &p, 1, 0) == 0, "a cancel request is closed silently");
		close(fd);
		pthread_join(other.thread, NULL);
		ok(wrong == 0 || fake.waiting, "with a wrong key it changes nothing");
	}
	fresh();
	says(1, "T1 E57014 ZI", "with the right key the query ends");
	hang_up();
}

/* ---- hostile input: whole conversations, mutated, in one thread ---- */

static void check_mutation(struct str s)
{
	int fds[2];
	struct sock sock;
	char room[4096];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		abort();
	if (send(fds[0], s.data, s.size, 0) != (ssize_t)s.size || shutdown(fds[0], SHUT_WR) != 0
		|| sock_init(&sock, fds[1], 1 << 20, NULL, NULL) != OK)
		abort();
	sock.write_deadline_us = 1; /* what does not fit the pipe is not read by anybody */
	serve(&sock);
	sock_fini(&sock);
	while (recv(fds[0], room, sizeof room, MSG_DONTWAIT) > 0)
		;
	close(fds[0]);
	if (fake.sessions != 0 || fake.statements != 0 || fake.runs != 0)
		abort();
}

static void test_mutations(void)
{
	struct str seeds[3];
	startup("application_name", "x");
	pgclient_put_query(&to,
		STR("BEGIN; DECLARE c CURSOR FOR SELECT 1 FROM numbers(9); FETCH 3 FROM c; MOVE BACKWARD ALL IN c"));
	pgclient_put_query(&to, STR("PREPARE a AS SELECT $1; EXECUTE a(5); COMMIT"));
	seeds[0] = mutate_copy(strbuf_str(&to));
	startup(NULL, NULL);
	parse_bind("s", "SELECT $1", "42", 0);
	pgclient_put_describe(&to, 'S', STR("s"));
	pgclient_put_execute(&to, STR(""), 1);
	pgclient_put_sync(&to);
	parse_bind("", "SELECT 1 FROM numbers(9)", NULL, 1);
	pgclient_put_execute(&to, STR(""), 2);
	pgclient_put_close(&to, 'S', STR("s"));
	pgclient_put_sync(&to);
	seeds[1] = mutate_copy(strbuf_str(&to));
	startup(NULL, NULL);
	pgclient_put_query(&to, STR("COPY t FROM STDIN"));
	pg_put_copy_data(&to, STR("1\t2\n"));
	pg_put_copy_done(&to);
	pgclient_put_query(&to, STR("COPY t TO STDOUT"));
	pgclient_put_terminate(&to);
	seeds[2] = mutate_copy(strbuf_str(&to));
	unsigned long runs = mutate_run(seeds, 3, 2.0, check_mutation);
	ok(runs > 0, "%lu mutated conversations leave nothing behind", runs);
	for (size_t i = 0; i < 3; i++)
		mutate_drop(seeds[i]);
}

int main(void)
{
	error_init(&err);
	strbuf_init(&to, NULL);
	strbuf_init(&from, NULL);
	strbuf_init(&transcript, NULL);
	strbuf_init(&fake.copied, NULL);
	fake.copy_options = (struct format_options){.csv_delimiter = '\t', .copy_quote = '"', .copy_escape = '"'};
	if (pg_cancels_new(&cancels, &err) != OK)
		return 1;
	test_startup();
	test_login();
	test_simple();
	test_extended();
	test_extended_errors();
	test_portals();
	test_cursors();
	test_prepare();
	test_copy();
	test_cancel();
	test_mutations();
	pg_cancels_free(cancels);
	strbuf_fini(&to);
	strbuf_fini(&from);
	strbuf_fini(&transcript);
	strbuf_fini(&fake.copied);
	return tap_done();
}
