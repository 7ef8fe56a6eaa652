// SPDX-License-Identifier: Apache-2.0
/* The command line of the events' generator. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bench/gen_text.h"

enum { BUFFER_BYTES = 1 << 20 };

static const char help[] =
	"hanzo-gen-events [--rows N] [--seed S] [--format json|csv|tsv|copy] [--header] [--from DATE --to DATE] [--now DATE]\n"
	"Writes HIP-0047 events to standard output. The same arguments give the same rows.\n"
	"  --rows N     how many (default 1000000)\n"
	"  --seed S     another set of rows (default 1)\n"
	"  --format F   json (one object a line), csv, tsv; copy is tsv, which COPY FROM STDIN reads\n"
	"  --header     the columns' names first (csv, tsv)\n"
	"  --from, --to YYYY-MM-DD: all rows evenly in between, --to not included\n"
	"  --now DATE   without --from: seven tenths of the rows lie in January to March 2026 and the rest in the 30 days\n"
	"               before this date (default: the clock)\n"
	"  --columns    prints the columns' names and ends\n";

/* YYYY-MM-DD at midnight UTC, in milliseconds; -1 where it is none. */
static int64_t parse_date(const char *text)
{
	struct tm t = {0};
	const char *end = strptime(text, "%Y-%m-%d", &t);
	return end == NULL || *end != '\0' ? -1 : (int64_t)timegm(&t) * 1000;
}

static int64_t must_date(const char *text)
{
	int64_t ms = parse_date(text);
	if (ms < 0) {
		fprintf(stderr, "not a date: %s\n", text);
		exit(2);
	}
	return ms;
}

static void default_windows(struct gen_plan *p, int64_t now_ms)
{
	const int64_t month = 30ll * 86400000;
	p->windows[0] = (struct gen_window){parse_date("2026-01-01"), parse_date("2026-04-01"), 0.7};
	p->windows[1] = (struct gen_window){now_ms - month, now_ms, 0.3};
	p->window_count = 2;
}

static bool write_all(const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(STDOUT_FILENO, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		size -= (size_t)n;
	}
	return true;
}

static int run(const struct gen_plan *plan, enum gen_format format, bool header)
{
	static char buffer[BUFFER_BYTES + GEN_ROW_BYTES_MAX];
	struct gen_stream stream;
	struct gen_row row;
	char *at = buffer;
	if (header && format != GEN_JSON) {
		for (const char *c = gen_text_columns(); *c != '\0'; c++)
			*at++ = *c == ',' && format == GEN_TSV ? '\t' : *c;
		*at++ = '\n';
	}
	gen_stream_init(&stream, plan);
	while (gen_stream_next(&stream, &row)) {
		at = gen_text_row(at, format, &stream.session, &row);
		if (at - buffer >= BUFFER_BYTES) {
			if (!write_all(buffer, (size_t)(at - buffer)))
				return 1;
			at = buffer;
		}
	}
	return write_all(buffer, (size_t)(at - buffer)) ? 0 : 1;
}

static bool parse_format(const char *name, enum gen_format *out)
{
	static const struct {
		const char *name;
		enum gen_format format;
	} formats[] = {{"json", GEN_JSON}, {"csv", GEN_CSV}, {"tsv", GEN_TSV}, {"copy", GEN_TSV}};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(name, formats[i].name) == 0) {
			*out = formats[i].format;
			return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"rows", 1, NULL, 'r'}, {"seed", 1, NULL, 's'}, {"format", 1, NULL, 'f'}, {"header", 0, NULL, 'h'},
		{"from", 1, NULL, 'a'}, {"to", 1, NULL, 'b'},   {"now", 1, NULL, 'n'},    {"help", 0, NULL, '?'},
		{"columns", 0, NULL, 'c'}, {NULL, 0, NULL, 0},
	};
	struct gen_plan plan = {.seed = 1, .rows = 1000000};
	enum gen_format format = GEN_JSON;
	int64_t from = -1, to = -1, now = (int64_t)time(NULL) * 1000;
	bool header = false;
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;)
		switch (o) {
		case 'r': plan.rows = strtoull(optarg, NULL, 10); break;
		case 's': plan.seed = strtoull(optarg, NULL, 10); break;
		case 'a': from = must_date(optarg); break;
		case 'b': to = must_date(optarg); break;
		case 'n': now = must_date(optarg); break;
		case 'h': header = true; break;
		case 'c': puts(gen_text_columns()); return 0;
		case 'f':
			if (!parse_format(optarg, &format)) {
				fputs(help, stderr);
				return 2;
			}
			break;
		default: fputs(help, stderr); return 2;
		}
	default_windows(&plan, now);
	if (from >= 0 && to > from) {
		plan.windows[0] = (struct gen_window){from, to, 1.0};
		plan.window_count = 1;
	}
	return run(&plan, format, header);
}
