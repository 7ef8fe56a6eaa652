// SPDX-License-Identifier: Apache-2.0
/*
 * The client. Statements come from -q, from standard input, or are typed (libedit: history, completion of keywords);
 * each goes to the server as one HTTP request, its answer to standard output as it comes.
 */
#include "client/client.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <editline/readline.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "io/sock.h"
#include "parse/parser.h"
#include "proto/http.h"

enum { CONNECT_TIMEOUT_US = 10 * 1000000 };

struct client {
	const char *host, *user, *password, *database, *format;
	unsigned port;
	struct sock sock;
	bool connected;
	bool interactive;
	struct strbuf target;        /* "/?database=…": the same for all requests */
};

static const char usage[] =
	"hanzo-datastore client [--host H] [--port N] [-u USER] [--password P] [-d DB] [-q SQL] [--multiquery] [--format F]\n"
	"\n"
	"Statements come from -q, from standard input (hanzo-datastore client < schema.sql) or are typed, ended by a "
	"semicolon.\n"
	"The port is the server's HTTP port (8123).\n";

static void make_target(struct client *c)
{
	strbuf_putz(&c->target, "/?database=");
	http_put_encoded(&c->target, str_of(c->database));
	strbuf_putz(&c->target, "&default_format=");
	http_put_encoded(&c->target, str_of(c->format));
}

static enum status connect_server(struct client *c, struct error *err)
{
	if (c->connected)
		return OK;
	TRY(sock_connect(&c->sock, c->host, c->port, clock_mono_us() + CONNECT_TIMEOUT_US, NULL, err));
	c->connected = true;
	return OK;
}

static void disconnect(struct client *c)
{
	if (c->connected)
		sock_fini(&c->sock);
	c->connected = false;
}

static enum status send_request(struct client *c, struct str text, struct error *err)
{
	struct strbuf head;
	strbuf_init(&head, NULL);
	http_put_request(&head, "POST", strbuf_str(&c->target), str_of(c->host));
	http_put_basic(&head, str_of(c->user), str_of(c->password));
	http_put_header(&head, "User-Agent", STR("hanzo-datastore-client"));
	http_put_header_u64(&head, "Content-Length", text.size);
	http_put_head_end(&head);
	enum status s = strbuf_status(&head, err);
	if (s == OK)
		s = sock_put(&c->sock, head.data, head.size, err);
	if (s == OK)
		s = sock_put(&c->sock, text.data, text.size, err);
	if (s == OK)
		s = sock_flush(&c->sock, err);
	strbuf_fini(&head);
	return s;
}

static enum status read_head(struct client *c, struct arena *a, struct http_response *r, struct error *err)
{
	size_t consumed = 0;
	http_response_init(r);
	while (consumed == 0) {
		TRY(http_response_parse(r, a, HTTP_POST, sock_buffered(&c->sock), &http_limits_default, &consumed, err));
		if (consumed != 0)
			break;
		if (c->sock.eof)
			return ERR(err, E_NETWORK, "the server closed the connection");
		TRY(sock_fill(&c->sock, err));
	}
	sock_consume(&c->sock, consumed);
	return OK;
}

/* Copies the body to `to` as it comes. */
static enum status read_body(struct client *c, const struct http_response *r, FILE *to, struct error *err)
{
	struct http_body body;
	http_body_init(&body, &r->head, 0);
	while (!body.done) {
		size_t consumed;
		struct str data;
		TRY(http_body_next(&body, sock_buffered(&c->sock), &consumed, &data, err));
		if (data.size != 0)
			fwrite(data.data, 1, data.size, to);
		sock_consume(&c->sock, consumed);
		if (consumed != 0 || body.done)
			continue;
		if (c->sock.eof)
			return http_body_closed(&body, err);
		TRY(sock_fill(&c->sock, err));
	}
	fflush(to);
	return OK;
}

/* One statement; false when it failed, with the server's words on standard error. */
static bool run_statement(struct client *c, struct str text)
{
	struct error err;
	struct arena arena;
	struct http_response r;
	bool good = false;
	error_init(&err);
	arena_init(&arena, NULL);
	int64_t start = clock_mono_us();
	enum status s = connect_server(c, &err);
	if (s == OK)
		s = send_request(c, text, &err);
	if (s == OK)
		s = read_head(c, &arena, &r, &err);
	if (s == OK) {
		bool failed = r.status != 200 || http_header(&r.head, "X-ClickHouse-Exception-Code") != NULL;
		s = read_body(c, &r, failed ? stderr : stdout, &err);
		good = s == OK && !failed;
		if (!r.head.keep_alive)
			disconnect(c);
	}
	if (s != OK) {
		fprintf(stderr, "hanzo-datastore client: %s\n", err.message);
		disconnect(c);
	} else if (c->interactive) {
		printf("Elapsed: %.3f s\n", (double)(clock_mono_us() - start) / 1e6);
	}
	arena_fini(&arena);
	return good;
}

/* All statements of a text, one request each; stops at the first failure. */
static bool run_text(struct client *c, struct str text)
{
	struct arena arena;
	struct parser p;
	struct error err;
	struct ast *ast;
	bool good = true;
	struct parse_options options = {.dialect = DIALECT_CLICKHOUSE, .values_as_data = true};
	error_init(&err);
	arena_init(&arena, NULL);
	parser_init(&p, &arena, text, &options);
	while (good) {
		if (parser_next(&p, &ast, &err) != OK) {
			fprintf(stderr, "%s\n", err.message);
			good = false;
		} else if (ast == NULL) {
			break;
		} else {
			good = run_statement(c, str_make(text.data + p.begin, p.end - p.begin));
		}
	}
	arena_fini(&arena);
	return good;
}

static bool read_stdin(struct strbuf *to)
{
	char piece[65536];
	size_t n;
	while ((n = fread(piece, 1, sizeof piece, stdin)) != 0)
		strbuf_put(to, piece, n);
	return !ferror(stdin) && !to->failed;
}

/* ---- typed statements ---- */

static char *next_keyword(const char *text, int state)
{
	static const char *const words[] = {"SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "INSERT INTO",
	                                    "VALUES", "CREATE TABLE",
		"CREATE DATABASE", "DROP TABLE", "ALTER TABLE", "SHOW TABLES", "SHOW DATABASES", "DESCRIBE", "EXPLAIN",
			"OPTIMIZE TABLE", "FORMAT",
		"SETTINGS", "ENGINE", "PARTITION BY", "system."};
	static size_t at;
	if (state == 0)
		at = 0;
	while (at < ARRAY_COUNT(words)) {
		const char *w = words[at++];
		if (str_starts_with_nocase(str_of(w), str_of(text)))
			return strdup(w);
	}
	return NULL;
}

static char **complete(const char *text, int start, int end)
{
	return rl_completion_matches(text, next_keyword);
}

static bool ends_statement(const struct strbuf *text)
{
	struct str s = str_trim(strbuf_str(text));
	return s.size != 0 && s.data[s.size - 1] == ';';
}

static void run_interactive(struct client *c)
{
	struct strbuf text;
	char *line;
	strbuf_init(&text, NULL);
	rl_attempted_completion_function = complete;
	using_history();
	printf("Connected to %s:%u as %s. Statements end with ';', ^D leaves.\n", c->host, c->port, c->user);
	while ((line = readline(text.size == 0 ? "hanzo :) " : "     :-] ")) != NULL) {
		struct str word = str_trim(str_of(line));
		if (text.size == 0 && (str_eq_nocase(word, STR("exit")) || str_eq_nocase(word, STR("quit")))) {
			free(line);
			break;
		}
		strbuf_putz(&text, line);
		strbuf_putc(&text, '\n');
		free(line);
		if (!ends_statement(&text))
			continue;
		add_history(strbuf_cstr(&text));
		run_text(c, strbuf_str(&text));
		strbuf_clear(&text);
	}
	strbuf_fini(&text);
}

int client_main(int argc, char **argv)
{
	static const struct option longs[] = {{"host", required_argument, NULL, 'h'}, {"port", required_argument, NULL, 'P'},
		{"user", required_argument, NULL, 'u'}, {"password", required_argument, NULL, 'w'},
		{"database", required_argument, NULL, 'd'},
		{"query", required_argument, NULL, 'q'}, {"multiquery", no_argument, NULL, 'n'},
		{"format", required_argument, NULL, 'f'},
		{"help", no_argument, NULL, '?'}, {NULL, 0, NULL, 0}};
	struct client c = {.host = "127.0.0.1", .port = 8123, .user = "default", .password = "", .database = "default",
	                   .format = NULL};
	const char *query = NULL;
	uint64_t port;
	for (int o; (o = getopt_long(argc, argv, "h:u:d:q:nf:", longs, NULL)) != -1;) {
		switch (o) {
		case 'h':
			c.host = optarg;
			break;
		case 'P':
			if (!str_to_u64(str_of(optarg), &port) || port > 65535) {
				fputs(usage, stderr);
				return 2;
			}
			c.port = (unsigned)port;
			break;
		case 'u':
			c.user = optarg;
			break;
		case 'w':
			c.password = optarg;
			break;
		case 'd':
			c.database = optarg;
			break;
		case 'q':
			query = optarg;
			break;
		case 'n':
			break;
		case 'f':
			c.format = optarg;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	c.interactive = query == NULL && isatty(STDIN_FILENO);
	if (c.format == NULL)
		c.format = c.interactive ? "PrettyCompact" : "TabSeparated";
	strbuf_init(&c.target, NULL);
	make_target(&c);
	bool good = true;
	if (c.interactive) {
		run_interactive(&c);
	} else if (query != NULL) {
		good = run_text(&c, str_of(query));
	} else {
		struct strbuf text;
		strbuf_init(&text, NULL);
		good = read_stdin(&text) && run_text(&c, strbuf_str(&text));
		strbuf_fini(&text);
	}
	disconnect(&c);
	strbuf_fini(&c.target);
	return good ? 0 : 1;
}
