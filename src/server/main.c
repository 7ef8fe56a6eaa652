// SPDX-License-Identifier: Apache-2.0
/* The binary: hanzo-datastore server | client | local, and what they share. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/log.h"
#include "base/str.h"
#include "client/client.h"
#include "engine/engine.h"
#include "exec/instance.h"
#include "server/local.h"
#include "server/serve.h"

static const char usage[] =
	"hanzo-datastore: a columnar database that speaks PostgreSQL and ClickHouse\n"
	"\n"
	"  hanzo-datastore server [--path DIR] [--listen ADDR] [--pg-port N] [--http-port N] [--native-port N]\n"
	"                         [--config FILE] [--ready-fd N] [--log-level LEVEL] [--recover-to LSN] [--memory BYTES]\n"
	"  hanzo-datastore client [--host H] [--port N] [-u USER] [--password P] [-d DB] [-q SQL] [--multiquery] [--format "
	"F]\n"
	"  hanzo-datastore local  [--path DIR] [-q SQL] [--format F] [--dialect clickhouse|postgresql]\n"
	"  hanzo-datastore --version | --help\n"
	"\n"
	"Without configuration: data in ./data, PostgreSQL on 127.0.0.1:5432, HTTP on 127.0.0.1:8123, user `default` without "
	"a\n"
	"password. Port 0 turns a listener off; port -1 takes a free one. `ready` is printed (or written to --ready-fd) when\n"
	"connections are accepted.\n";

struct options {
	const char *path, *listen, *config;
	int pg_port, http_port, native_port, ready_fd;
	enum log_level log_level;
	uint64_t recover_to, memory;
};

static int fail(const char *what, const struct error *e)
{
	fprintf(stderr, "hanzo-datastore: %s: %s\n", what, e->message);
	if (e->hint[0] != '\0')
		fprintf(stderr, "%s\n", e->hint);
	return 1;
}

static bool parse_port(const char *text, int *out)
{
	int64_t v;
	if (!str_to_i64(str_of(text), &v) || v < -1 || v > 65535)
		return false;
	*out = (int)v;
	return true;
}

static bool parse_level(const char *text, enum log_level *out)
{
	static const char *const names[] = {"error", "warning", "information", "debug", "trace"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq_nocase(str_of(text), str_of(names[i]))) {
			*out = (enum log_level)i;
			return true;
		}
	return false;
}

static bool parse_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"path", required_argument, NULL, 'p'}, {"listen", required_argument, NULL, 'l'},
		{"pg-port", required_argument, NULL, 'g'},
		{"http-port", required_argument, NULL, 'h'}, {"native-port", required_argument, NULL, 'n'},
		{"config", required_argument, NULL, 'c'},
		{"config-file", required_argument, NULL, 'c'}, {"ready-fd", required_argument, NULL, 'r'},
		{"log-level", required_argument, NULL, 'v'},
		{"recover-to", required_argument, NULL, 't'}, {"memory", required_argument, NULL, 'm'}, {NULL, 0, NULL, 0},
	};
	*o = (struct options){.path = "./data", .listen = "127.0.0.1", .pg_port = 5432, .http_port = 8123, .native_port = 0,
	                      .ready_fd = -1, .log_level = LOG_INFO};
	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		bool good = true;
		switch (c) {
		case 'p':
			o->path = optarg;
			break;
		case 'l':
			o->listen = optarg;
			break;
		case 'c':
			o->config = optarg;
			break;
		case 'g':
			good = parse_port(optarg, &o->pg_port);
			break;
		case 'h':
			good = parse_port(optarg, &o->http_port);
			break;
		case 'n':
			good = parse_port(optarg, &o->native_port);
			break;
		case 'r':
			good = parse_port(optarg, &o->ready_fd);
			break;
		case 'v':
			good = parse_level(optarg, &o->log_level);
			break;
		case 't':
			good = str_to_u64(str_of(optarg), &o->recover_to);
			break;
		case 'm':
			good = str_to_u64(str_of(optarg), &o->memory);
			break;
		default:
			return false;
		}
		if (!good) {
			fprintf(stderr, "hanzo-datastore: bad value '%s'\n", optarg);
			return false;
		}
	}
	return optind == argc;
}

/* SIGTERM, SIGINT end the server; SIGPIPE is what write errors are for. All threads have them blocked. */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void say_ready(const struct options *o, const struct server *s)
{
	if (o->ready_fd >= 0) {
		dprintf(o->ready_fd, "ready pg=%u http=%u\n", server_pg_port(s), server_http_port(s));
		close(o->ready_fd);
	}
	printf("ready pg=%u http=%u\n", server_pg_port(s), server_http_port(s));
	fflush(stdout);
}

static int run_server(int argc, char **argv)
{
	struct options o;
	struct error err;
	struct instance *instance;
	struct server *server;
	sigset_t signals;
	int got;
	error_init(&err);
	if (!parse_options(argc, argv, &o)) {
		fputs(usage, stderr);
		return 2;
	}
	if (o.native_port > 0) {
		fprintf(stderr, "hanzo-datastore: not supported yet: the native protocol (--native-port)\n");
		return 2;
	}
	block_signals(&signals);
	log_set_level(o.log_level);
	instance_register_hook = engines_register;
	instance_started_hook = engines_started;
	instance_stopping_hook = engines_stopping;
	struct instance_config config = {.path = o.path, .config_file = o.config, .recover_to = o.recover_to,
	                                 .memory_limit_bytes = o.memory, .background = true};
	if (instance_open(&config, &instance, &err) != OK)
		return fail("cannot start", &err);
	struct server_config serve = {.instance = instance, .listen = o.listen, .pg_port = o.pg_port, .http_port = o.http_port,
		.connections_max = 4096, .idle_seconds = 30};
	if (server_start(&serve, &server, &err) != OK) {
		instance_close(instance);
		return fail("cannot listen", &err);
	}
	say_ready(&o, server);
	sigwait(&signals, &got);
	LOG(LOG_INFO, "server", "stopping on signal %d", got);
	server_stop(server);
	instance_close(instance);
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	name = name == NULL ? argv[0] : name + 1;
	if (str_ends_with(str_of(name), STR("-server")))
		return run_server(argc, argv);
	if (str_ends_with(str_of(name), STR("-client")))
		return client_main(argc, argv);
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		fputs(usage, argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("hanzo-datastore %s (%s)\n", PACKAGE_VERSION, BUILD_KIND);
		return 0;
	}
	if (strcmp(argv[1], "server") == 0)
		return run_server(argc - 1, argv + 1);
	if (strcmp(argv[1], "client") == 0)
		return client_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "local") == 0)
		return local_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "keeper") == 0 || strcmp(argv[1], "benchmark") == 0) {
		fprintf(stderr, "hanzo-datastore: not supported yet: %s\n", argv[1]);
		return 2;
	}
	fprintf(stderr, "hanzo-datastore: unknown command '%s'\n", argv[1]);
	fputs(usage, stderr);
	return 2;
}
