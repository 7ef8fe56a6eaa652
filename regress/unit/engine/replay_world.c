// SPDX-License-Identifier: Apache-2.0
#include "replay_world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const unsigned world_traits[WORLD_TABLES] = {
	TRAIT_MUTABLE,
	TRAIT_PARTITIONED | TRAIT_WIDE | TRAIT_MUTABLE,
	TRAIT_PARTITIONED | TRAIT_WIDE | TRAIT_MUTABLE,
	TRAIT_TTL,
	TRAIT_PLAIN_LOG,
	TRAIT_WIDE | TRAIT_MUTABLE,
};

void world_create_text(unsigned i, struct strbuf *out)
{
	unsigned traits = world_traits[i];
	char head[200];
	snprintf(head, sizeof head, "CREATE TABLE t%u (k UInt64, n UInt32, s String, v Int64%s) ENGINE = ", i,
	         traits & TRAIT_TTL ? ", d DateTime" : "");
	strbuf_putz(out, head);
	if (traits & TRAIT_PLAIN_LOG) {
		strbuf_putz(out, "Log");
		return;
	}
	strbuf_putz(out, "MergeTree");
	strbuf_putz(out, traits & TRAIT_PARTITIONED ? " PARTITION BY k % 3" : "");
	strbuf_putz(out, " ORDER BY (k, n)");
	strbuf_putz(out, traits & TRAIT_TTL ? " TTL d" : "");
	strbuf_putz(out, traits & TRAIT_WIDE ? " SETTINGS min_bytes_for_wide_part = 0" : "");
	/* smaller inserts stay in memory */
	strbuf_putz(out, traits & TRAIT_PARTITIONED ? ", min_rows_for_compact_part = 9"
	                 : traits & TRAIT_WIDE      ? ", min_rows_for_compact_part = 0, "
	                                              "non_replicated_deduplication_window = 100"
	                                            : "");
}

/* In PostgreSQL's dialect: its keys, its serial columns. */
const char *const world_setup[] = {
	"CREATE TABLE upserts (k bigint PRIMARY KEY, c bigint, s text)",
	"CREATE TABLE numbered (id bigserial, v bigint)",
	NULL,
};

static void put_others(const struct world *w, unsigned i, struct strbuf *out)
{
	char line[100];
	if (i == WORLD_SERIAL && w->serial_exists) {
		snprintf(line, sizeof line, "%u\t%u\t%llu\n", w->serial_rows, w->serial_rows, (unsigned long long)w->serial_sum);
		strbuf_putz(out, line);
	}
	for (unsigned k = 0; i == WORLD_UPSERTS && k < WORLD_KEYS; k++)
		if (w->upserts[k] != 0) {
			snprintf(line, sizeof line, "%u\t%u\t%u\n", k, w->upserts[k], w->upserts[k]);
			strbuf_putz(out, line);
		}
	for (unsigned k = 0; i == WORLD_USERS && k < WORLD_NAMES; k++)
		if (w->users >> k & 1) {
			snprintf(line, sizeof line, "u%u\t%s\n", k, w->grants >> k & 1 ? "granted" : "");
			strbuf_putz(out, line);
		}
}

static void put_other_query(unsigned i, struct strbuf *out)
{
	strbuf_putz(out, i == WORLD_UPSERTS ? "SELECT k, c, length(s) FROM upserts ORDER BY k"
	                 : i == WORLD_SERIAL
	                     ? "SELECT count(), uniqExact(id), ifNull(sum(v), 0) FROM numbered"
	                     : "SELECT rolname, if(rolcreatedb, 'granted', '') FROM pg_catalog.pg_roles "
	                       "WHERE rolname LIKE 'u%' ORDER BY rolname");
}

static unsigned text_length(uint64_t k, uint32_t n)
{
	char digits[32];
	return (unsigned)snprintf(digits, sizeof digits, "%llu", (unsigned long long)k) + 1 + n % 50;
}

static void put_batch(const struct world_batch *b, uint8_t extras, struct strbuf *out)
{
	for (uint32_t c = 0; c < WORLD_CLASSES; c++) {
		unsigned long long rows = 0, sum = 0, length = 0;
		for (uint32_t n = c; n < b->count; n += WORLD_CLASSES) {
			rows++;
			sum += n;
			length += text_length(b->k, n);
		}
		if (rows == 0 || (b->dead >> c & 1) != 0)
			continue;
		char line[200];
		snprintf(line, sizeof line, "%llu\t%u\t%llu\t%llu\t%llu\t%lld\t%lld\t0", (unsigned long long)b->k, c, rows, sum,
		         length, (long long)b->v[c], (long long)b->v[c]);
		strbuf_putz(out, line);
		for (unsigned e = 0; e < WORLD_EXTRAS; e++)
			if (extras >> e & 1) {
				snprintf(line, sizeof line, "\t%u\t%u", e + 100, e + 100);
				strbuf_putz(out, line);
			}
		strbuf_putc(out, '\n');
	}
}

void world_expected(const struct world *w, unsigned i, struct strbuf *out)
{
	if (i >= WORLD_TABLES) {
		put_others(w, i, out);
		return;
	}
	const struct world_table *t = &w->tables[i];
	char line[64];
	if (!t->exists)
		return;
	snprintf(line, sizeof line, "columns %u\n", t->extras);
	strbuf_putz(out, line);
	uint64_t last = 0;
	for (uint32_t n = 0; n < t->batch_count; n++) {
		const struct world_batch *next = NULL; /* by k */
		for (uint32_t x = 0; x < t->batch_count; x++)
			if (!t->batches[x].detached && t->batches[x].k > last && (next == NULL || t->batches[x].k < next->k))
				next = &t->batches[x];
		if (next == NULL)
			break;
		put_batch(next, t->extras, out);
		last = next->k;
	}
}

void world_query(unsigned i, uint8_t extras, struct strbuf *out)
{
	char text[300];
	if (i >= WORLD_TABLES) {
		put_other_query(i, out);
		return;
	}
	strbuf_putz(out, "SELECT k, n % 4 AS c, count(), sum(n), sum(length(s)), min(v), max(v), "
	                 "countIf(s != concat(toString(k), '-', repeat('x', n % 50)))");
	for (unsigned e = 0; e < WORLD_EXTRAS; e++)
		if (extras >> e & 1) {
			snprintf(text, sizeof text, ", min(e%u), max(e%u)", e, e);
			strbuf_putz(out, text);
		}
	snprintf(text, sizeof text, " FROM t%u GROUP BY k, c ORDER BY k, c", i);
	strbuf_putz(out, text);
}

void world_rows_text(unsigned i, const struct world_batch *b, const char *settings, struct strbuf *out)
{
	bool ttl = world_traits[i] & TRAIT_TTL;
	char text[600];
	unsigned long long k = b->k;
	const char *expiry = ttl ? ", toDateTime(if(number % 2 = 1, '2001-01-01 00:00:00', '2099-01-01 00:00:00'))" : "";
	snprintf(text, sizeof text, "INSERT INTO t%u (k, n, s, v%s)%s SELECT %llu, number, "
	         "concat('%llu-', repeat('x', number %% 50)), %lld%s FROM numbers(%u)", i, ttl ? ", d" : "", settings, k, k,
	         (long long)b->v[0], expiry, b->count);
	strbuf_putz(out, text);
}

bool world_has_room(const struct world_table *t)
{
	return t->exists && t->batch_count < WORLD_BATCHES;
}

void world_add(struct world_table *t, const struct world_batch *b)
{
	assert(t->batch_count < WORLD_BATCHES);
	t->batches[t->batch_count++] = *b;
}

void world_remove(struct world_table *t, int partition)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < t->batch_count; i++) {
		const struct world_batch *b = &t->batches[i];
		if (b->detached || (partition >= 0 && (int)(b->k % WORLD_PARTITIONS) != partition))
			t->batches[kept++] = *b;
	}
	t->batch_count = kept;
}
