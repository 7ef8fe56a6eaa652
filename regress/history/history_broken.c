// SPDX-License-Identifier: Apache-2.0
/* Histories that must be found impossible, and some that must not: the checker is tested with them. */
#include <stdlib.h>
#include <string.h>
#include "../unit/tap.h"
#include "history.h"
#include "history_work.h"

struct broken {
	const char *name, *complaint; /* NULL: a good one */
	const char *text;
};

/* level outcome start asked ended, then its operations: kind key value start end numbers… */
static const struct broken histories[] = {
	{"appends one after the other", NULL,
	 "rc committed 1 3 4\n append 0 1 1 2\nrr committed 5 7 8\n read 0 0 5 6 1\n append 0 2 6 7\n"
	 "rr committed 9 9 9\n read 0 0 9 9 1 2\n"},
	{"write skew under snapshots", NULL,
	 "rr committed 1 8 9\n read 0 0 1 2\n append 1 1 3 4\nrr committed 1 8 9\n read 1 0 1 2\n append 0 2 3 4\n"
	 "rr committed 10 10 12\n read 0 0 10 11 2\n read 1 0 11 12 1\n"},
	{"a new value in a second read under READ COMMITTED", NULL,
	 "rc committed 1 8 9\n read 0 0 1 2\n read 0 0 6 7 1\nrc committed 2 4 5\n append 0 1 2 3\n"},
	{"a commit of unknown outcome that came about", NULL,
	 "rc unknown 1 3 3\n append 0 1 1 2\nrc committed 5 6 7\n read 0 0 5 6 1\n"},
	{"a commit of unknown outcome that did not", NULL,
	 "rc unknown 1 3 3\n append 0 1 1 2\nrc committed 5 6 7\n read 0 0 5 6\n"},
	{"an update that is lost", "incompatible orders",
	 "rr committed 1 4 5\n read 0 0 1 2\n append 0 1 2 3\nrr committed 1 5 6\n read 0 0 1 2\n append 0 2 2 4\n"
	 "rr committed 7 8 9\n read 0 0 7 8 1\nrr committed 7 8 9\n read 0 0 7 8 2\n"},
	{"an update of what another one changed", "circle",
	 "rr committed 1 4 5\n read 0 0 1 2\n append 0 1 2 3\nrr committed 1 6 7\n read 0 0 1 2\n append 0 2 5 6\n"
	 "rr committed 8 8 9\n read 0 0 8 9 1 2\n"},
	{"an acknowledged append that is gone", "an acknowledged append is not seen",
	 "rc committed 1 3 4\n append 0 1 1 2\nrc committed 5 6 7\n read 0 0 5 6\n"},
	{"a value of a rolled back transaction", "rolled back",
	 "rc aborted 1 3 4\n append 0 1 1 2\nrc committed 2 6 7\n read 0 0 2 3 1\n"},
	{"a value before COMMIT", "had not asked",
	 "rc committed 1 9 10\n append 0 1 1 2\nrc committed 2 6 7\n read 0 0 3 4 1\n"},
	{"half a transaction's appends", "intermediate read",
	 "rc committed 1 3 9\n append 0 1 1 2\n append 0 2 2 3\nrc committed 2 6 7\n read 0 0 3 4 1\n"
	 "rc committed 20 21 22\n read 0 0 20 21 1 2\n"},
	{"half a transaction in another table", "circle",
	 "rr committed 1 3 9\n append 0 1 1 2\n append 1 2 2 3\nrr committed 2 6 7\n read 0 0 3 4 1\n"
	 " read 1 0 4 5\n"
	 "rc committed 20 21 22\n read 1 0 20 21 2\n"},
	{"half a transaction in another table, the other way round", "circle",
	 "rr committed 1 3 9\n append 0 1 1 2\n append 1 2 2 3\nrr committed 2 6 7\n read 1 0 3 4\n"
	 " read 0 0 4 5 1\n"
	 "rc committed 20 21 22\n read 1 0 20 21 2\n"},
	{"two snapshots that disagree on what came first", "circle",
	 "rc committed 1 3 9\n append 0 1 1 2\nrc committed 1 3 9\n append 1 2 1 2\nrr committed 2 6 7\n"
	 " read 0 0 3 4 1\n read 1 0 4 5\n"
	 "rr committed 2 6 7\n read 0 0 3 4\n read 1 0 4 5 2\nrc committed 20 21 22\n read 0 0 20 21 1\n"
	 " read 1 0 20 21 2\n"},
	{"who writes over whom in a circle", "circle",
	 "rc committed 1 3 9\n append 0 1 1 2\n append 1 2 2 3\nrc committed 1 3 9\n append 0 3 1 2\n"
	 " append 1 4 2 3\n"
	 "rc committed 20 21 22\n read 0 0 20 21 1 3\n read 1 0 20 21 4 2\n"},
	{"a snapshot older than its transaction", "acknowledged append is not seen",
	 "rc committed 1 3 4\n append 0 1 1 2\nrr committed 5 8 9\n read 0 0 5 6\nrc committed 20 21 22\n"
	 " read 0 0 20 21 1\n"},
	{"an order against the clock", "circle",
	 "rc committed 1 3 4\n append 0 1 1 2\nrc committed 5 6 7\n append 0 2 5 6\n"
	 "rc committed 20 21 22\n read 0 0 20 21 2 1\n"},
	{"a repeated read with another answer", "unrepeatable read",
	 "rr committed 1 8 9\n read 0 0 1 2\n read 0 0 6 7 1\nrc committed 2 4 5\n append 0 1 2 3\n"},
	{"a transaction that does not see what it wrote", "own write is not seen",
	 "rc committed 1 8 9\n append 0 1 1 2\n read 0 0 3 4\n"},
	{"a value out of nothing", "nobody appended", "rc committed 1 8 9\n read 0 0 3 4 77\n"},
	{"a value twice", "twice", "rc committed 1 2 3\n append 0 1 1 2\nrc committed 4 8 9\n read 0 0 4 5 1 1\n"},
	{"a register set twice from the same", "lost update",
	 "rr committed 1 2 3\n set 0 1 1 2\nrr committed 1 4 5\n set 0 1 1 3\n"},
	{"a register set from what was rolled back", "dirty read",
	 "rr committed 1 2 3\n set 0 1 1 2\nrr aborted 4 5 6\n set 0 2 4 5\nrr committed 4 8 9\n set 0 3 7 8\n"},
	{"a total in the middle of a transfer", "total", "rc committed 1 2 3\n total 0 90 1 2 100\n"},
	{"a missing event", "not a prefix",
	 "rc committed 1 2 3\n event 0 1 1 2\nrc committed 4 5 6\n event 0 2 4 5\n"
	 "rc committed 7 8 9\n clock 0 0 7 8 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"},
	{"an event before its cause", "had seen",
	 "rc committed 1 2 3\n event 0 1 1 2\nrc committed 4 5 6\n event 1 1 4 5\n"
	 "rr committed 2 8 9\n clock 0 0 2 8 0 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n"},
	{"events that vanish", "not seen",
	 "rc unknown 1 2 2\n event 0 1 1 2\nrc committed 3 4 5\n"
	 " clock 0 0 3 4 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
	 "rc committed 6 7 8\n clock 0 0 6 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"},
	{"an event before COMMIT", "dirty read of an event",
	 "rc committed 1 8 9\n event 0 1 1 2\nrc committed 3 4 5\n"
	 " clock 0 0 3 4 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"},
};

int history_broken_test(void)
{
	for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
		const struct broken *b = &histories[i];
		struct history h = {0};
		char *said = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&said, &size);
		bool loaded = out != NULL && history_load(&h, b->text);
		unsigned wrong = loaded ? history_check(&h, out) : 0;
		if (out != NULL)
			fclose(out);
		bool fine = loaded && (b->complaint == NULL ? wrong == 0 : wrong != 0 && strstr(said, b->complaint) != NULL);
		ok(fine, "%s: %s", b->complaint == NULL ? "allowed" : "found", b->name);
		if (!fine)
			printf("%s# %s\n", said == NULL ? "" : said, loaded ? "" : "not a history");
		free(said);
		history_free(&h);
	}
	return tap_done();
}
