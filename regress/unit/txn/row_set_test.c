// SPDX-License-Identifier: Apache-2.0
/* Row sets against a byte per row; their bytes; locks between transactions. */
#include <pthread.h>
#include <stdlib.h>
#include "../tap.h"
#include "base/bits.h"
#include "txn/cursor.h"
#include "txn/locks.h"

enum { ROWS = 300000 };

static void check_against(const struct row_set *s, const uint8_t *bytes, const char *what)
{
	uint64_t count = 0, wrong = 0, next = row_set_next(s, 0);
	for (uint64_t i = 0; i < ROWS; i++) {
		count += bytes[i];
		wrong += row_set_has(s, i) != (bytes[i] != 0);
		if (bytes[i]) {
			wrong += next != i;
			next = row_set_next(s, i + 1);
		}
	}
	ok(wrong == 0 && next == UINT64_MAX && s->count == count, "%s", what);
	ok(row_set_count(s, 0, ROWS) == count && row_set_count(s, 1000, 1000) == 0, "%s: counts", what);
	uint64_t bits[100000 / 64 + 1];
	uint32_t n = row_set_bits(s, 60001, 100000, bits), expected = 0;
	wrong = 0;
	for (uint32_t i = 0; i < 100000; i++) {
		expected += bytes[60001 + i];
		wrong += bit_get(bits, i) != (bytes[60001 + i] != 0);
	}
	ok(n == expected && wrong == 0 && row_set_count(s, 60001, 160001) == expected, "%s: bits of a range", what);
}

static struct row_set *again(const struct row_set *s)
{
	struct strbuf b;
	struct row_set *out = NULL;
	strbuf_init(&b, NULL);
	row_set_encode(s, &b);
	struct cursor c = cursor_of(strbuf_str(&b));
	ok(row_set_decode(&c, &out, NULL) == OK && c.at == c.end, "decodes what was encoded");
	uint64_t bad = 0;
	for (size_t cut = 0; cut < b.size; cut += 1 + b.size / 97) {
		struct row_set *none = NULL;
		struct cursor part = cursor_of(str_make(b.data, cut));
		bad += row_set_decode(&part, &none, NULL) == OK;
	}
	ok(bad == 0, "bytes that are cut short are refused");
	strbuf_fini(&b);
	return out;
}

static void test_sets(void)
{
	uint8_t *a = calloc(1, ROWS), *b = calloc(1, ROWS);
	struct row_set *x = row_set_new(), *y = row_set_new(), *both;
	bool fresh, right = true;
	uint64_t seed = 1;
	for (int i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		uint64_t row = (seed >> 33) % ROWS;
		right &= row_set_add(x, row, &fresh, NULL) == OK && fresh == !a[row];
		a[row] = 1;
	}
	for (uint64_t row = 65000; row < 200000; row++) {
		right &= row_set_add(y, row, &fresh, NULL) == OK && fresh;
		b[row] = 1;
	}
	ok(right, "adding tells what is new");
	check_against(x, a, "scattered rows");
	check_against(y, b, "a run of rows");
	struct row_set *z = again(x), *w = again(y);
	check_against(z, a, "scattered rows from bytes");
	check_against(w, b, "a run from bytes");
	ok(row_set_union(x, y, &both, NULL) == OK, "union");
	ok(row_set_meets(x, y) && row_set_within(x, both) && row_set_within(y, both) && !row_set_within(both, y),
	   "which set is within which");
	ok(!row_set_meets(x, NULL) && row_set_within(NULL, x) && !row_set_within(x, NULL), "no set is an empty one");
	for (uint64_t i = 0; i < ROWS; i++)
		a[i] |= b[i];
	check_against(both, a, "a union");
	row_set_unref(x);
	row_set_unref(y);
	row_set_unref(z);
	row_set_unref(w);
	row_set_unref(both);
	free(a);
	free(b);
}

/* ---- locks ---- */

static struct row_set *rows_of(uint64_t from, uint64_t to)
{
	struct row_set *s = row_set_new();
	bool fresh;
	while (from < to)
		if (row_set_add(s, from++, &fresh, NULL) != OK)
			abort();
	return s;
}

struct waiter {
	struct txn *t;
	uint64_t object;
	struct row_set *rows;
	enum status status;
	bool waited;
};

static void *wait_for_rows(void *arg)
{
	struct waiter *w = arg;
	struct lock_terms terms = {.timeout_us = 20 * 1000 * 1000};
	struct error err;
	error_init(&err);
	w->status = locks_rows(w->t, w->object, w->rows, LOCK_EXCLUSIVE, &terms, &w->waited, &err);
	txn_rollback(w->t);
	return NULL;
}

static void test_locks(void)
{
	struct txn_config config = {0};
	struct txn_manager *m;
	struct error err;
	error_init(&err);
	if (txn_manager_open(&config, &m, &err) != OK)
		abort();
	struct txn *a = txn_begin(m, TXN_READ_COMMITTED), *b = txn_begin(m, TXN_READ_COMMITTED);
	struct row_set *low = rows_of(0, 10), *high = rows_of(10, 20), *some = rows_of(5, 15);
	struct lock_terms nowait = {.nowait = true}, soon = {.timeout_us = 1000};
	bool waited = false;
	ok(locks_rows(a, 1, low, LOCK_EXCLUSIVE, &nowait, &waited, &err) == OK && !waited, "a locks rows");
	ok(locks_rows(a, 1, low, LOCK_EXCLUSIVE, &nowait, &waited, &err) == OK && !waited, "and again");
	ok(locks_rows(b, 1, high, LOCK_EXCLUSIVE, &nowait, &waited, &err) == OK && !waited, "b locks others");
	ok(locks_rows(b, 2, low, LOCK_EXCLUSIVE, &nowait, &waited, &err) == OK, "the same numbers of another object are free");
	ok(locks_rows(b, 1, some, LOCK_SHARE, &nowait, &waited, &err) == E_LOCK_TIMEOUT, "a row of a's: not at once");
	error_clear(&err);
	ok(locks_rows(b, 1, some, LOCK_SHARE, &soon, &waited, &err) == E_LOCK_TIMEOUT, "nor within a millisecond");
	error_clear(&err);
	struct row_set *got = NULL;
	ok(locks_free_rows(b, 1, some, LOCK_EXCLUSIVE, &got, &err) == OK && got->count == 5, "SKIP LOCKED takes what is free");
	row_set_unref(got);

	struct waiter w = {.t = b, .object = 1, .rows = low};
	pthread_t thread;
	pthread_create(&thread, NULL, wait_for_rows, &w);
	/* a waits for b as soon as b waits for a: whoever comes second closes the circle */
	struct lock_terms long_terms = {.timeout_us = 20 * 1000 * 1000};
	enum status st = locks_rows(a, 1, high, LOCK_EXCLUSIVE, &long_terms, &waited, &err);
	txn_rollback(a);
	pthread_join(thread, NULL);
	ok((st == E_DEADLOCK) + (w.status == E_DEADLOCK) <= 1 && (st == E_DEADLOCK || st == OK)
	   && (w.status == E_DEADLOCK || w.status == OK), "at most one of a circle is told so, and nobody waits on");
	error_clear(&err);

	a = txn_begin(m, TXN_READ_COMMITTED);
	b = txn_begin(m, TXN_READ_COMMITTED);
	uint64_t keys[] = {3, 5, 9}, other[] = {4, 9}, free_keys[] = {1, 10};
	ok(locks_keys(a, 7, keys, 3, &nowait, &waited, &err) == OK, "keys");
	uint64_t here = locks_position(a);
	ok(locks_keys(a, 7, free_keys, 2, &nowait, &waited, &err) == OK, "more keys");
	ok(locks_keys(b, 7, other, 2, &nowait, &waited, &err) == E_LOCK_TIMEOUT, "one of them is taken");
	error_clear(&err);
	ok(locks_keys(b, 7, free_keys, 2, &nowait, &waited, &err) == E_LOCK_TIMEOUT, "as are those");
	error_clear(&err);
	locks_release_after(a, here);
	ok(locks_keys(b, 7, free_keys, 2, &nowait, &waited, &err) == OK, "until a goes back to its savepoint");
	txn_rollback(a);
	ok(locks_keys(b, 7, keys, 3, &nowait, &waited, &err) == OK, "the end of a transaction frees its keys");
	txn_rollback(b);
	row_set_unref(low);
	row_set_unref(high);
	row_set_unref(some);
	txn_manager_close(m);
}

int main(void)
{
	test_sets();
	test_locks();
	return tap_done();
}
