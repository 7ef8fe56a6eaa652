// SPDX-License-Identifier: Apache-2.0
/* The client's options, and texts cut into statements. */
#include "client/client.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "client/client_impl.h"
#include "parse/ast_change.h"
#include "parse/ast_admin.h"
#include "parse/parser.h"
#include "proto/http.h"

static const char usage[] =
	"hanzo-datastore client [--host H] [--port N] [-u USER] [--password P] [-d DB] [-q SQL] [--format F] …\n"
	"\n"
	"Statements come from -q (which may be repeated), from --queries-file, from standard input (hanzo-datastore client <\n"
	"schema.sql), or are typed, ended by a semicolon. Behind -q 'INSERT INTO t FORMAT x' standard input is the data.\n"
	"\n"
	"  -h, --host H          the server (127.0.0.1)\n"
	"      --port N          its HTTP port (8123)\n"
	"  -u, --user USER       (default)\n"
	"      --password P\n"
	"  -d, --database DB     (default)\n"
	"  -q, --query SQL\n"
	"      --queries-file F\n"
	"  -n, --multiquery      accepted: a text may always have several statements\n"
	"  -f, --format F        of rows; -E, --vertical is --format Vertical\n"
	"  -t, --time            the seconds of each statement on standard error\n"
	"      --echo            each statement before its rows\n"
	"      --ignore-error    goes on behind a failed statement\n"
	"      --param_NAME=V    the value of {NAME:Type}\n"
	"      --SETTING=V       any setting\n"
	"\n"
	"HANZO_DATASTORE_HOST, _USER and _PASSWORD, or the same names with CLICKHOUSE, stand in for options.\n";

/* ---- texts ---- */

static size_t read_stdin(const char **piece)
{
	static char data[1 << 16];
	*piece = data;
	return fread(data, 1, sizeof data, stdin);
}

/* Behind quotes, or a comment, that begin at `at`; `at` itself where none do. */
static size_t skip_quoted(struct str s, size_t at)
{
	char quote = s.data[at];
	if (quote == '\'' || quote == '"' || quote == '`') {
		for (at++; at < s.size && s.data[at] != quote; at++)
			at += s.data[at] == '\\';
		return at + 1;
	}
	struct str rest = str_make(s.data + at, s.size - at);
	bool line = str_starts_with(rest, STR("--")), block = str_starts_with(rest, STR("/*"));
	if (!line && !block)
		return at;
	ptrdiff_t end = line ? str_find_char(rest, '\n') : str_find(rest, STR("*/"));
	return end < 0 ? s.size : at + (size_t)end + (line ? 1 : 2);
}

/* Where inline data ends: Values at a semicolon, lines of other formats at an empty one. */
static size_t data_end(struct str text, size_t at, struct str format)
{
	if (format.size != 0 && !str_eq_nocase(format, STR("Values"))) {
		ptrdiff_t end = str_find(str_make(text.data + at, text.size - at), STR("\n\n"));
		return end < 0 ? text.size : at + (size_t)end + 1;
	}
	while (at < text.size && text.data[at] != ';') {
		size_t behind = skip_quoted(text, at);
		at = behind == at ? at + 1 : behind;
	}
	return at < text.size ? at : text.size;
}

static bool run_one(struct client *c, struct str text, client_data_fn data)
{
	if (c->echo)
		printf("%.*s\n", STR_ARG(text));
	return client_request(c, text, data, stdout, false);
}

/* The statement at p, with its inline data when it has some. */
static bool run_parsed(struct client *c, struct parser *p, struct str text, const struct ast *ast)
{
	size_t end = p->end;
	client_data_fn data = NULL;
	if (ast->kind == AST_INSERT && ((const struct ast_insert *)ast)->has_data) {
		const struct ast_insert *q = (const struct ast_insert *)ast;
		size_t from = (size_t)q->data_offset;
		end = data_end(text, from, q->format);
		parser_resume(p, end);
		struct str inside = str_trim(str_make(text.data + from, end - from));
		if (inside.size == 0 && c->data_from_stdin)
			data = read_stdin;
	}
	bool good = run_one(c, str_make(text.data + p->begin, end - p->begin), data);
	if (good && ast->kind == AST_USE) {
		strbuf_clear(&c->database);
		strbuf_puts(&c->database, ((const struct ast_use *)ast)->name.text);
	}
	return good;
}

bool client_run_text(struct client *c, struct str text)
{
	struct arena arena;
	struct parser p;
	struct error err;
	struct ast *ast;
	bool all = true;
	struct parse_options options = {.dialect = DIALECT_CLICKHOUSE, .values_as_data = true};
	error_init(&err);
	arena_init(&arena, NULL);
	parser_init(&p, &arena, text, &options);
	for (;;) {
		bool good = true;
		if (parser_next(&p, &ast, &err) != OK) {
			/* what this parser does not know is the server's to judge; nothing behind it can be told apart */
			all = run_one(c, str_make(text.data + p.begin, text.size - p.begin), NULL);
			break;
		}
		if (ast == NULL)
			break;
		good = run_parsed(c, &p, text, ast);
		all = all && good;
		if (!good && !c->ignore_errors)
			break;
	}
	arena_fini(&arena);
	return all;
}

static bool run_file(struct client *c, FILE *f)
{
	struct strbuf text;
	char piece[65536];
	size_t n;
	strbuf_init(&text, NULL);
	while ((n = fread(piece, 1, sizeof piece, f)) != 0)
		strbuf_put(&text, piece, n);
	bool good = !ferror(f) && !text.failed && client_run_text(c, strbuf_str(&text));
	strbuf_fini(&text);
	return good;
}

/* ---- options ---- */

enum { QUERIES_MAX = 100 };

struct options {
	const char *queries[QUERIES_MAX], *file;
	unsigned query_count;
	bool help, version;
};

static const char *either(const char *name, const char *otherwise)
{
	static const char *const prefixes[] = {"HANZO_DATASTORE_", "CLICKHOUSE_"};
	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
		char text[64];
		snprintf(text, sizeof text, "%s%s", prefixes[i], name);
		const char *value = getenv(text);
		if (value != NULL && *value != '\0')
			return value;
	}
	return otherwise;
}

struct switch_name {
	const char *name, *brief;
	bool takes_value;
};

static const struct switch_name switches[] = {
	{"host", "h", true}, {"port", "", true}, {"user", "u", true}, {"password", "", true}, {"database", "d", true},
	{"query", "q", true}, {"queries-file", "", true}, {"multiquery", "n", false}, {"multiline", "m", false},
	{"format", "f", true}, {"vertical", "E", false}, {"time", "t", false}, {"echo", "", false},
	{"ignore-error", "", false}, {"progress", "", false}, {"help", "?", false}, {"version", "V", false},
	{"secure", "s", false},
};

static bool set_port(struct client *c, const char *text)
{
	uint64_t port;
	if (!str_to_u64(str_of(text), &port) || port == 0 || port > 65535)
		return false;
	c->port = (unsigned)port;
	return true;
}

static bool take_switch(struct client *c, struct options *o, const char *name, const char *value)
{
	if (strcmp(name, "host") == 0)
		c->host = value;
	else if (strcmp(name, "port") == 0)
		return set_port(c, value);
	else if (strcmp(name, "user") == 0)
		c->user = value;
	else if (strcmp(name, "password") == 0)
		c->password = value;
	else if (strcmp(name, "database") == 0)
		strbuf_clear(&c->database), strbuf_putz(&c->database, value);
	else if (strcmp(name, "query") == 0 && o->query_count < QUERIES_MAX)
		o->queries[o->query_count++] = value;
	else if (strcmp(name, "queries-file") == 0)
		o->file = value;
	else if (strcmp(name, "format") == 0)
		c->format = value;
	else if (strcmp(name, "vertical") == 0)
		c->format = "Vertical";
	else if (strcmp(name, "time") == 0)
		c->show_time = true;
	else if (strcmp(name, "echo") == 0)
		c->echo = true;
	else if (strcmp(name, "ignore-error") == 0)
		c->ignore_errors = true;
	else if (strcmp(name, "help") == 0)
		o->help = true;
	else if (strcmp(name, "version") == 0)
		o->version = true;
	else if (strcmp(name, "secure") == 0)
		return fprintf(stderr, "hanzo-datastore client: not supported yet: --secure\n"), false;
	return true;
}

/* --name=value or --name value of a setting or param_x. */
static bool take_setting(struct client *c, struct str name, const char *value)
{
	if (value == NULL)
		return false;
	strbuf_putc(&c->params, '&');
	http_put_encoded(&c->params, name);
	strbuf_putc(&c->params, '=');
	http_put_encoded(&c->params, str_of(value));
	return true;
}

static const struct switch_name *find_switch(struct str name, bool brief)
{
	for (size_t i = 0; i < ARRAY_COUNT(switches); i++)
		if (str_eq(name, str_of(brief ? switches[i].brief : switches[i].name)))
			return &switches[i];
	return NULL;
}

static bool parse_options(int argc, char **argv, struct client *c, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i], *value = NULL;
		bool is_long = strncmp(arg, "--", 2) == 0;
		if (arg[0] != '-' || arg[1] == '\0' || (is_long && arg[2] == '\0'))
			return false;
		const char *equals = is_long ? strchr(arg, '=') : NULL;
		struct str name = is_long ? str_make(arg + 2, equals == NULL ? strlen(arg + 2) : (size_t)(equals - arg - 2))
		                          : str_make(arg + 1, 1);
		const struct switch_name *s = find_switch(name, !is_long);
		if (equals != NULL)
			value = equals + 1;
		else if (!is_long && arg[2] != '\0')
			value = s != NULL && s->takes_value ? arg + 2 : NULL;
		if (value == NULL && (s == NULL || s->takes_value) && i + 1 < argc)
			value = argv[++i];
		if (s == NULL ? !is_long || !take_setting(c, name, value) : s->takes_value && value == NULL)
			return false;
		if (s != NULL && !take_switch(c, o, s->name, value))
			return false;
	}
	return true;
}

static bool run(struct client *c, const struct options *o)
{
	bool good = true;
	if (c->interactive) {
		client_interactive(c);
	} else if (o->file != NULL) {
		FILE *f = fopen(o->file, "rbe");
		if (f == NULL) {
			fprintf(stderr, "hanzo-datastore client: cannot open %s\n", o->file);
			return false;
		}
		good = run_file(c, f);
		fclose(f);
	} else if (o->query_count != 0) {
		for (unsigned i = 0; i < o->query_count && (good || c->ignore_errors); i++)
			good = client_run_text(c, str_of(o->queries[i])) && good;
	} else {
		good = run_file(c, stdin);
	}
	return good;
}

int client_main(int argc, char **argv)
{
	struct client c = {.host = either("HOST", "127.0.0.1"), .port = 8123, .user = either("USER", "default"),
	                   .password = either("PASSWORD", "")};
	struct options o = {0};
	int result = 2;
	struct strbuf *buffers[] = {&c.database, &c.params, &c.session_id};
	for (size_t i = 0; i < ARRAY_COUNT(buffers); i++)
		strbuf_init(buffers[i], NULL);
	strbuf_putz(&c.database, "default");
	uint64_t id = hash_u64((uint64_t)clock_wall_ns() ^ (uint64_t)getpid() << 40);
	strbuf_printf(&c.session_id, "client-%llx-%d", (unsigned long long)id, (int)getpid());
	if (!parse_options(argc, argv, &c, &o)) {
		fputs(usage, stderr);
	} else if (o.help || o.version) {
		if (o.help)
			fputs(usage, stdout);
		else
			printf("hanzo-datastore client %s\n", PACKAGE_VERSION);
		result = 0;
	} else {
		c.interactive = o.query_count == 0 && o.file == NULL && isatty(STDIN_FILENO);
		c.data_from_stdin = (o.query_count != 0 || o.file != NULL) && !isatty(STDIN_FILENO);
		if (c.format == NULL)
			c.format = c.interactive ? "PrettyCompact" : "TabSeparated";
		result = run(&c, &o) ? 0 : 1;
	}
	client_disconnect(&c);
	for (size_t i = 0; i < ARRAY_COUNT(buffers); i++)
		strbuf_fini(buffers[i]);
	return result;
}
