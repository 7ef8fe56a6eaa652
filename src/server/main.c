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
#include "engine/table_functions.h"
#include "catalog/config.h"
#include "exec/instance.h"
#include "server/configure.h"
#include "server/local.h"
#include "server/serve.h"

/* jemalloc looks for it: large blocks are kept for a few seconds as small ones are, then a thread of its own gives
 * memory back; giving each large one back at once costs half of an insert's time in page faults. */
extern const char *malloc_conf;
__attribute__((visibility("default"))) const char *malloc_conf =
	"oversize_threshold:0,dirty_decay_ms:5000,muzzy_decay_ms:0,background_thread:true";

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
	"Without configuration: data in ./data, PostgreSQL on 127.0.0.1:5432, ClickHouse's HTTP on 8123 and native protocol\n"
	"on 9000, user `default` without a password. Port 0 turns a listener off; port -1 takes a free one. `ready` is\n"
	"printed (or written to --ready-fd) when connections are accepted.\n";

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
	*o = (struct options){.pg_port = PORT_UNSET, .http_port = PORT_UNSET, .native_port = PORT_UNSET, .ready_fd = -1,
	                      .log_level = LOG_INFO};
	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		bool good = true;
		switch (c) {
		case 'p':
			o->path = optarg;
			break;
		case 'l':
			good = o->listen_count < LISTEN_MAX;
			if (good)
				o->listen[o->listen_count++] = optarg;
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
			good = o->has_log_level = configure_log_level(str_of(optarg), &o->log_level);
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
	char text[96];
	int n = snprintf(text, sizeof text, "ready pg=%u http=%u native=%u\n", server_pg_port(s), server_http_port(s),
	                 server_native_port(s));
	if (o->ready_fd >= 0) {
		if (write(o->ready_fd, text, (size_t)n) != n)
			LOG(LOG_WARNING, "server", "nobody reads that the server is ready");
		close(o->ready_fd);
	}
	fputs(text, stdout);
	fflush(stdout);
}

/* Where file() reads and writes: user_files_path, or user_files in the data directory. */
static void set_user_files(const struct options *o, struct config *config)
{
	struct arena a;
	arena_init(&a, NULL);
	struct str path = config_text(config, "user_files_path");
	while (path.size > 1 && path.data[path.size - 1] == '/')
		path.size--;
	file_function_root(path.size != 0 ? arena_strf(&a, "%.*s", STR_ARG(path)).data
	                   : arena_strf(&a, "%s/user_files", o->path).data);
	arena_fini(&a);
}

/* Serves until a signal. */
static int serve(const struct options *o, struct config *config, const sigset_t *signals)
{
	struct error err;
	struct instance *instance;
	struct server *server;
	int got;
	error_init(&err);
	struct instance_config opening = {.path = o->path, .config = config, .recover_to = o->recover_to,
	                                  .memory_limit_bytes = o->memory, .background = true};
	if (instance_open(&opening, &instance, &err) != OK)
		return fail("cannot start", &err);
	if (configure_database(config, instance, &err) != OK) {
		instance_close(instance);
		return fail("cannot start", &err);
	}
	struct server_config serving = {.instance = instance, .listen = o->listen, .listen_count = o->listen_count,
		.pg_port = o->pg_port, .http_port = o->http_port,
		.native_port = o->native_port, .native_optional = o->native_by_default, .connections_max = o->connections_max,
		.idle_seconds = o->idle_seconds};
	if (server_start(&serving, &server, &err) != OK) {
		instance_close(instance);
		return fail("cannot listen", &err);
	}
	say_ready(o, server);
	sigwait(signals, &got);
	LOG(LOG_INFO, "server", "stopping on signal %d", got);
	server_stop(server);
	instance_close(instance);
	return 0;
}

static int run_server(int argc, char **argv)
{
	struct options o;
	struct error err;
	sigset_t signals;
	error_init(&err);
	if (!parse_options(argc, argv, &o)) {
		fputs(usage, stderr);
		return 2;
	}
	block_signals(&signals);
	arena_init(&o.arena, NULL);
	log_set_level(o.log_level);
	struct config *config = config_new();
	int result = configure_read(&o, config, &err) == OK ? 0 : fail("bad configuration", &err);
	log_set_level(o.log_level);
	instance_register_hook = engines_register;
	instance_started_hook = engines_started;
	instance_stopping_hook = engines_stopping;
	if (result == 0)
		set_user_files(&o, config);
	if (result == 0)
		result = serve(&o, config, &signals);
	config_free(config);
	arena_fini(&o.arena);
	return result;
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
