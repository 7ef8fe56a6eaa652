// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_HISTORY_H
#define REGRESS_HISTORY_H
/*
 * What concurrent transactions asked for and saw, and whether the promised isolation allows it.
 *
 * A history is a list of transactions, each with its level, its outcome, its times and its operations:
 *
 *   append   a value, unique in the history, is put to the end of the list of a key
 *   read     the list of a key
 *   set      a value is written into a register that was read one lower in the same transaction
 *   total    a sum that transfers never change; its number says what it must be
 *   clock    counts of events by writer: how many there are, the highest number, and the highest count of each writer
 *            that an event's writer had seen before
 *   event    the writer adds event number `value`
 *
 * The order of the appends of a key is known from the longest list that was read. From it follows which transaction
 * wrote before which (ww), who read what of whom (wr), who read a list before which write (rw); who was acknowledged
 * before whom began is known from the clock on the wall. A commit comes after the commits it depends on, and a
 * snapshot before the writes it does not see: a circle of such steps in which no two rw follow each other is
 * impossible under snapshot isolation; one without rw also under READ COMMITTED. This is Adya's and Cerone's theory;
 * lists that name their order are an idea of Kingsbury and Alvaro's Elle.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { HISTORY_WRITERS = 8 };
enum history_level { LEVEL_RC, LEVEL_RR };
enum history_outcome { OUTCOME_COMMITTED, OUTCOME_ABORTED, OUTCOME_UNKNOWN };
enum history_kind { OP_APPEND, OP_READ, OP_SET, OP_TOTAL, OP_CLOCK, OP_EVENT };

struct history_op {
	enum history_kind kind;
	uint32_t key;            /* list, register, total or writer */
	int64_t value;           /* append, set, total, event */
	int64_t start, end;      /* of its statement, ns */
	/* in `numbers`. read: values; clock: counts, maxima, then maxima seen; total: what it must be */
	size_t list, count;
};

struct history_txn {
	enum history_level level;
	enum history_outcome outcome;
	int64_t start, asked, ended; /* first statement; COMMIT; its answer. ns */
	size_t first, count;         /* operations */
};

/* One client's, or all after history_merge(). */
struct history {
	struct history_txn *txns;
	struct history_op *ops;
	int64_t *numbers;
	size_t txn_count, txn_capacity, op_count, op_capacity, number_count, number_capacity;
};

/* Where element `count` of an array may be written, which grows for it. */
void *history_room(void **array, size_t count, size_t *capacity, size_t size);
void history_free(struct history *h);
/* Appends all of `from` to `to`. */
void history_merge(struct history *to, const struct history *from);
struct history_txn *history_begin(struct history *h, enum history_level level, int64_t now);
/* An operation of the newest transaction. */
struct history_op *history_op(struct history *h, enum history_kind kind, uint32_t key, int64_t value, int64_t start,
                              int64_t end);
/* One more number of the newest operation. */
void history_number(struct history *h, int64_t value);
/* The form that history_load() reads: one line a transaction or operation. */
void history_save(const struct history *h, FILE *to);
bool history_load(struct history *h, const char *text);
/* How many things are impossible; the first ones are said to `out`, each line begins with "# ". */
unsigned history_check(const struct history *h, FILE *out);

#endif
