// SPDX-License-Identifier: Apache-2.0
#include "history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {"append", "read", "set", "total", "clock", "event"};
static const char *const level_names[] = {"rc", "rr"};
static const char *const outcome_names[] = {"committed", "aborted", "unknown"};

void *history_room(void **array, size_t count, size_t *capacity, size_t size)
{
	if (count >= *capacity) {
		*capacity = *capacity * 2 + 64;
		*array = realloc(*array, *capacity * size);
		if (*array == NULL)
			abort();
	}
	return (char *)*array + count * size;
}

void history_free(struct history *h)
{
	free(h->txns);
	free(h->ops);
	free(h->numbers);
	*h = (struct history){0};
}

static struct history_txn *new_txn(struct history *h)
{
	return history_room((void **)&h->txns, h->txn_count++, &h->txn_capacity, sizeof *h->txns);
}

static struct history_op *new_op(struct history *h)
{
	return history_room((void **)&h->ops, h->op_count++, &h->op_capacity, sizeof *h->ops);
}

static void new_number(struct history *h, int64_t value)
{
	int64_t *n = history_room((void **)&h->numbers, h->number_count++, &h->number_capacity, sizeof *h->numbers);
	*n = value;
}

void history_merge(struct history *to, const struct history *from)
{
	size_t ops = to->op_count, numbers = to->number_count;
	for (size_t i = 0; i < from->txn_count; i++) {
		struct history_txn *t = new_txn(to);
		*t = from->txns[i];
		t->first += ops;
	}
	for (size_t i = 0; i < from->op_count; i++) {
		struct history_op *o = new_op(to);
		*o = from->ops[i];
		o->list += numbers;
	}
	for (size_t i = 0; i < from->number_count; i++)
		new_number(to, from->numbers[i]);
}

struct history_txn *history_begin(struct history *h, enum history_level level, int64_t now)
{
	struct history_txn *t = new_txn(h);
	*t = (struct history_txn){.level = level, .outcome = OUTCOME_ABORTED, .start = now, .asked = now, .ended = now,
	                          .first = h->op_count};
	return t;
}

struct history_op *history_op(struct history *h, enum history_kind kind, uint32_t key, int64_t value, int64_t start,
                              int64_t end)
{
	struct history_op *o = new_op(h);
	*o = (struct history_op){.kind = kind, .key = key, .value = value, .start = start, .end = end,
	                         .list = h->number_count};
	h->txns[h->txn_count - 1].count++;
	return o;
}

void history_number(struct history *h, int64_t value)
{
	new_number(h, value);
	h->ops[h->op_count - 1].count++;
}

void history_save(const struct history *h, FILE *to)
{
	for (size_t i = 0; i < h->txn_count; i++) {
		const struct history_txn *t = &h->txns[i];
		fprintf(to, "%s %s %" PRId64 " %" PRId64 " %" PRId64 "\n", level_names[t->level], outcome_names[t->outcome],
		        t->start, t->asked, t->ended);
		for (size_t k = t->first; k < t->first + t->count; k++) {
			const struct history_op *o = &h->ops[k];
			fprintf(to, "  %s %u %" PRId64 " %" PRId64 " %" PRId64, kind_names[o->kind], o->key, o->value, o->start,
			        o->end);
			for (size_t n = 0; n < o->count; n++)
				fprintf(to, " %" PRId64, h->numbers[o->list + n]);
			fprintf(to, "\n");
		}
	}
}

static size_t index_of(const char *const *names, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return count;
}

static bool load_line(struct history *h, const char *line)
{
	char a[16], b[16];
	int64_t n[3];
	unsigned key;
	int used = 0;
	if (sscanf(line, " %15s %15s %" SCNd64 " %" SCNd64 " %" SCNd64, a, b, &n[0], &n[1], &n[2]) != 5)
		return false;
	size_t level = index_of(level_names, 2, a), kind = index_of(kind_names, 6, a), outcome = index_of(outcome_names, 3, b);
	if (level < 2 && outcome < 3) {
		struct history_txn *t = history_begin(h, (enum history_level)level, n[0]);
		t->outcome = (enum history_outcome)outcome;
		t->asked = n[1];
		t->ended = n[2];
		return true;
	}
	if (kind == 6 || h->txn_count == 0 || sscanf(line, " %*s %u %*s %*s %*s%n", &key, &used) != 1)
		return false;
	(void)history_op(h, (enum history_kind)kind, key, n[0], n[1], n[2]);
	char *end;
	for (const char *at = line + used;; at = end) {
		int64_t value = strtoll(at, &end, 10);
		if (end == at)
			return true;
		history_number(h, value);
	}
}

bool history_load(struct history *h, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = strndup(text, n);
		bool fine = line != NULL && (line[strspn(line, " \t")] == '\0' || load_line(h, line));
		free(line);
		if (!fine)
			return false;
		text += n + (text[n] == '\n');
	}
	return true;
}
