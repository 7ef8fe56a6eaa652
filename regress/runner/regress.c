// SPDX-License-Identifier: Apache-2.0
/*
 * The runner of SQL cases: for each case, its statements over the port it names, its output compared with the expected
 * file, one TAP line per case and port. regress --help says how to call it; case_file.h what a case looks like.
 * A case in SRCDIR/pending.list may fail: its line then says so in TAP's way, and the run is still good.
 */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "regress/runner/case_run.h"
#include "regress/runner/server_proc.h"

enum { DIFF_LINES_SHOWN = 24 };

struct run {
	struct arena arena;         /* names and paths of the whole run */
	const char *srcdir, *outdir, *http, *only;
	bool write;
	int case_seconds;
	struct server_proc server;  /* binary NULL: an outside server */
	struct case_target target;
	const char *pending;        /* the text of pending.list, or NULL */
	int tests, failed;
};

static const char help[] =
	"regress [--srcdir DIR] [--outdir DIR] (--server BINARY | [--pg CONNINFO] [--http HOST:PORT]) [option …] PREFIX…\n"
	"Runs the cases sql/<PREFIX>… and prints TAP.\n"
	"  --srcdir DIR     where sql/ and expected/ are (default .)\n"
	"  --outdir DIR     where results, diffs and the server's log go (default regress-out)\n"
	"  --server BINARY  starts this server for the run, on free ports\n"
	"  --pg CONNINFO    uses a running server's PostgreSQL port (without dbname)\n"
	"  --admin-db NAME  the database that exists there (default default)\n"
	"  --http HOST:PORT uses a running server's HTTP port\n"
	"  --only pg|http   one port only\n"
	"  --write          writes the results as expected files, except for cases marked `hand`\n"
	"  --seconds N      limit per case (default 30)\n";

static int compare_names(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

struct names {
	const char **items;
	size_t count, capacity;
};

static void find_in_room(struct run *r, const char *room, const char *prefix, struct names *found)
{
	DIR *d = opendir(arena_strf(&r->arena, "%s/sql/%s", r->srcdir, room).data);
	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		size_t n = strlen(e->d_name);
		if (n < 5 || strcmp(e->d_name + n - 4, ".sql") != 0)
			continue;
		const char *name = arena_strf(&r->arena, "%s/%.*s", room, (int)n - 4, e->d_name).data;
		if (strncmp(name, prefix, strlen(prefix)) == 0)
			ARENA_PUSH(&r->arena, found->items, found->count, found->capacity, name);
	}
	closedir(d);
}

static void find_cases(struct run *r, const char *prefix, struct names *found)
{
	DIR *d = opendir(arena_strf(&r->arena, "%s/sql", r->srcdir).data);
	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (e->d_name[0] != '.')
			find_in_room(r, e->d_name, prefix, found);
	closedir(d);
}

/* Makes the directories above a file. */
static void make_parents(struct run *r, const char *path)
{
	char *p = arena_strdup(&r->arena, path);
	for (char *slash = strchr(p + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(p, 0755) != 0 && errno != EEXIST)
			perror(p);
		*slash = '/';
	}
}

static bool write_file(struct run *r, const char *path, struct str text)
{
	make_parents(r, path);
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		return false;
	bool good = text.size == 0 || fwrite(text.data, 1, text.size, f) == text.size;
	return fclose(f) == 0 && good;
}

/* diff -u of the two files into `diff`, its first lines as comments of the TAP. */
static void show_diff(struct run *r, const char *expected, const char *got, const char *diff)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		if (freopen(diff, "w", stdout) != NULL)
			execlp("diff", "diff", "-u", expected, got, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	size_t size = 0;
	const char *text = file_text(&r->arena, diff, &size);
	for (int i = 0; text != NULL && *text != '\0' && i < DIFF_LINES_SHOWN; i++) {
		size_t n = strcspn(text, "\n");
		printf("#   %.*s\n", (int)(n > 200 ? 200 : n), text);
		text += n + (text[n] == '\n');
	}
	printf("# diff: %s\n", diff);
	if (r->server.binary != NULL)
		printf("# server log: %s\n", r->server.log);
}

/* Why a case may fail, from its line "sql/room/case reason" (or sql/room/case.pg, …http); NULL: it may not. */
static const char *pending_reason(struct run *r, const char *name, const char *port)
{
	const char *wanted[] = {arena_strf(&r->arena, "sql/%s", name).data,
	                        arena_strf(&r->arena, "sql/%s.%s", name, port).data};
	for (const char *line = r->pending; line != NULL && *line != '\0';) {
		size_t size = strcspn(line, "\n"), word = strcspn(line, " \t\n");
		for (size_t i = 0; i < 2; i++)
			if (strlen(wanted[i]) == word && memcmp(line, wanted[i], word) == 0) {
				size_t blanks = strspn(line + word, " \t");
				return arena_strndup(&r->arena, line + word + blanks, size - word - blanks);
			}
		line += size + (line[size] == '\n');
	}
	return NULL;
}

static void report(struct run *r, bool good, const char *name, const char *port, const char *note)
{
	/* a server that dies is never what a list expects */
	bool died = !good && r->server.binary != NULL && !server_alive(&r->server) && strcmp(port, "server") != 0;
	const char *reason = died ? NULL : pending_reason(r, name, port);
	if (!good && reason != NULL)
		note = arena_strf(&r->arena, "TO" "DO %s", reason).data;
	r->tests++;
	r->failed += !good && reason == NULL;
	printf("%sok %d - %s (%s)%s%s\n", good ? "" : "not ", r->tests, name, port, *note == '\0' ? "" : " # ", note);
	if (good && reason != NULL && *note == '\0')
		printf("# it passes: its line in pending.list may go\n");
	fflush(stdout);
}

/* Starts the server where it is ours and not running (at first, or after a crash). */
static bool server_up(struct run *r, const char **why)
{
	if (r->server.binary == NULL || server_alive(&r->server))
		return true;
	make_parents(r, arena_strf(&r->arena, "%s/x", r->server.dir).data);
	if (!server_start(&r->server, &r->arena, why))
		return false;
	r->target.conninfo = arena_strf(&r->arena, "host=127.0.0.1 port=%d user=default", r->server.pg_port).data;
	r->target.host = "127.0.0.1";
	r->target.http_port = r->server.http_port;
	return true;
}

static bool run_over(struct run *r, const struct case_file *c, bool http, struct arena *a, struct strbuf *out,
                     const char **why)
{
	if (!server_up(r, why))
		return false;
	r->target.deadline_ms = clock_ms() + r->case_seconds * 1000;
	return http ? case_run_http(c, &r->target, a, out, why) : case_run_pg(c, &r->target, a, out, why);
}

static void run_case_over(struct run *r, const struct case_file *c, bool http, struct arena *a)
{
	const char *port = http ? "http" : "pg", *why = "?";
	const char *suffix = c->pg && c->http ? arena_strf(a, ".%s", port).data : "";
	const char *got = arena_strf(a, "%s/%s%s.out", r->outdir, c->name, suffix).data;
	const char *expected = arena_strf(a, "%s/expected/%s%s.out", r->srcdir, c->name, suffix).data;
	const char *diff = arena_strf(a, "%s/%s%s.diff", r->outdir, c->name, suffix).data;
	struct strbuf out;
	size_t size = 0;
	if (r->only != NULL && strcmp(r->only, port) != 0)
		return;
	if (r->server.binary == NULL && (http ? r->target.http_port == 0 : r->target.conninfo == NULL))
		return;
	if (r->write && c->hand) {
		report(r, true, c->name, port, "SKIP written by hand");
		return;
	}
	strbuf_init(&out, NULL);
	bool ran = run_over(r, c, http, a, &out, &why);
	unlink(diff);
	if (!write_file(r, r->write && ran ? expected : got, strbuf_str(&out)))
		printf("# cannot write %s\n", r->write ? expected : got);
	const char *want = r->write ? NULL : file_text(a, expected, &size);
	bool same = want != NULL && str_eq(str_make(want, size), strbuf_str(&out));
	report(r, ran && (same || r->write), c->name, port, "");
	if (!ran)
		printf("# %s%s\n", why, server_alive(&r->server) || r->server.binary == NULL ? "" : " (the server has died)");
	if (!r->write && !(ran && same)) {
		if (want == NULL)
			printf("# no expected file %s; what came is in %s\n", expected, got);
		show_diff(r, want == NULL ? "/dev/null" : expected, got, diff);
	}
	strbuf_fini(&out);
}

static void run_case(struct run *r, const char *name)
{
	struct arena a;
	struct case_file c;
	const char *why;
	arena_init(&a, NULL);
	if (!case_read(&c, &a, r->srcdir, name, &why)) {
		report(r, false, name, "file", "");
		printf("# %s\n", why);
	} else if (c.needs != NULL && getenv(c.needs) == NULL) {
		report(r, true, name, "file", arena_strf(&a, "SKIP needs %s", c.needs).data);
	} else {
		if (c.pg)
			run_case_over(r, &c, false, &a);
		if (c.http)
			run_case_over(r, &c, true, &a);
	}
	arena_fini(&a);
}

static void parse_http(struct run *r, const char *text)
{
	const char *colon = strrchr(text, ':');
	r->target.host = colon == NULL ? text : arena_strndup(&r->arena, text, (size_t)(colon - text));
	r->target.http_port = colon == NULL ? 8123 : (int)strtol(colon + 1, NULL, 10);
}

static bool parse_options(struct run *r, int argc, char **argv)
{
	static const struct option options[] = {
		{"srcdir", 1, NULL, 's'}, {"outdir", 1, NULL, 'o'}, {"server", 1, NULL, 'b'},  {"pg", 1, NULL, 'p'},
		{"http", 1, NULL, 'h'},   {"only", 1, NULL, 'y'},   {"write", 0, NULL, 'w'},   {"seconds", 1, NULL, 't'},
		{"help", 0, NULL, '?'},   {"admin-db", 1, NULL, 'd'}, {NULL, 0, NULL, 0},
	};
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;)
		switch (o) {
		case 's': r->srcdir = optarg; break;
		case 'o': r->outdir = optarg; break;
		case 'b': r->server.binary = optarg; break;
		case 'p': r->target.conninfo = optarg; break;
		case 'h': parse_http(r, optarg); break;
		case 'd': r->target.admin_db = optarg; break;
		case 'y': r->only = optarg; break;
		case 'w': r->write = true; break;
		case 't': r->case_seconds = (int)strtol(optarg, NULL, 10); break;
		default: return false;
		}
	return true;
}

int main(int argc, char **argv)
{
	struct run r = {.srcdir = ".", .outdir = "regress-out", .case_seconds = 30, .target.admin_db = "default"};
	struct names cases = {0};
	arena_init(&r.arena, NULL);
	if (!parse_options(&r, argc, argv)) {
		fputs(help, stderr);
		return 2;
	}
	for (int i = optind; i < argc; i++)
		find_cases(&r, argv[i], &cases);
	if (optind == argc)
		find_cases(&r, "", &cases);
	if (cases.count > 0)
		qsort(cases.items, cases.count, sizeof *cases.items, compare_names);
	size_t size;
	r.pending = file_text(&r.arena, arena_strf(&r.arena, "%s/pending.list", r.srcdir).data, &size);
	r.server.dir = arena_strf(&r.arena, "%s/data.%d", r.outdir, (int)getpid()).data;
	r.server.log = arena_strf(&r.arena, "%s/server.%d.log", r.outdir, (int)getpid()).data;
	for (size_t i = 0; i < cases.count; i++)
		run_case(&r, cases.items[i]);
	if (server_alive(&r.server)) {
		int status = server_stop(&r.server);
		report(&r, status == 0, "the server stops cleanly", "server", "");
		if (status != 0)
			printf("# wait status %d\n# server log: %s\n", status, r.server.log);
	}
	printf("1..%d\n", r.tests);
	arena_fini(&r.arena);
	return r.failed != 0;
}
