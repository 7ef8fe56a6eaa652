// SPDX-License-Identifier: Apache-2.0
/*
 * history --selftest                       what the checker finds in histories that are known
 * history --check FILE                     the verdict on a saved one again
 * history --conninfo … [--seconds N] [--clients N] [--seed N] [--only WORKLOAD] [--weaken LEVEL] [--save FILE]
 *                                          clients on a server, then the verdict; one TAP line
 * With --weaken all run at a lower level than they say, and something must be found.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "../unit/tap.h"
#include "history_work.h"

static void save(const struct history *h, const char *path)
{
	FILE *f = path == NULL ? NULL : fopen(path, "w");
	if (f == NULL)
		return;
	history_save(h, f);
	fclose(f);
	printf("# the history is in %s\n", path);
}

static int check_file(const char *path)
{
	struct history h = {0};
	FILE *f = fopen(path, "r"), *text = NULL;
	char *bytes = NULL, part[65536];
	size_t size = 0, n;
	if (f == NULL || (text = open_memstream(&bytes, &size)) == NULL)
		return 2;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		fwrite(part, 1, n, text);
	fclose(f);
	fclose(text);
	if (!history_load(&h, bytes)) {
		printf("# %s is not a history\n", path);
		return 2;
	}
	ok(history_check(&h, stdout) == 0, "%s: nothing impossible", path);
	history_free(&h);
	free(bytes);
	return tap_done();
}

static int run(const struct history_plan *p, const char *path)
{
	struct history h;
	struct history_counts n;
	printf("# seed %" PRIu64 "\n", p->seed);
	fflush(stdout);
	if (!history_prepare(p)) {
		ok(false, "tables to begin with");
		return tap_done();
	}
	history_work(p, &h, &n);
	unsigned wrong = history_check(&h, stdout);
	printf("# %u committed, %u rolled back or failed (%u waited too long), %u unknown, %u connections, %zu operations\n",
	       n.committed, n.aborted, n.timeouts, n.unknown, n.connections, h.op_count);
	bool fine = n.problems == 0 && (p->weaken == NULL ? wrong == 0 : wrong != 0);
	ok(fine, p->weaken == NULL ? "%u clients saw nothing impossible" : "what %u clients saw is not what was claimed",
	   p->clients);
	if (!fine)
		save(&h, path);
	history_free(&h);
	return tap_done();
}

int main(int argc, char **argv)
{
	struct history_plan p = {.seed = 1, .clients = 8, .seconds = 4};
	const char *path = NULL;
	for (int i = 1; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(argv[i], "--selftest") == 0)
			return history_broken_test();
		if (strcmp(argv[i], "--check") == 0)
			return check_file(value);
		if (strcmp(argv[i], "--conninfo") == 0)
			p.conninfo = value;
		else if (strcmp(argv[i], "--seconds") == 0)
			p.seconds = (unsigned)strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--clients") == 0)
			p.clients = (unsigned)strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0)
			p.seed = strtoull(value, NULL, 10);
		else if (strcmp(argv[i], "--only") == 0)
			p.only = value;
		else if (strcmp(argv[i], "--weaken") == 0)
			p.weaken = value;
		else if (strcmp(argv[i], "--save") == 0)
			path = value;
	}
	if (p.conninfo == NULL) {
		printf("Bail out! --conninfo, --check or --selftest\n");
		return 2;
	}
	return run(&p, path);
}
