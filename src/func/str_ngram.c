// SPDX-License-Identifier: Apache-2.0
/*
 * ngramDistance and ngramSearch: how alike two texts are, by their runs of four bytes or three characters. The runs are
 * counted in a table of 65536 places by CRC-32C, collisions included, so that answers agree with the reference's.
 */
#include <utf8proc.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "func/str_impl.h"

enum { TABLE_SIZE = 1 << 16, TEXT_MAX = 1 << 15, RUN_BYTES = 4, RUN_CHARACTERS = 3 };

struct ngram {
	bool utf8, nocase, search;
};

/* The place of the run that ends the window, fed character by character. */
struct window {
	uint32_t last[RUN_BYTES];
	unsigned filled;
};

/* The bytes of a character as one number, as they stand in memory. */
static uint32_t character(const struct ngram *x, const char *p, size_t size, unsigned *n)
{
	uint32_t c = (unsigned char)*p, raw = 0;
	char bytes[4];
	*n = 1;
	if (!x->utf8)
		return (unsigned char)(x->nocase ? ascii_lower(*p) : *p);
	*n = utf8_decode(p, size, &c);
	if (!x->nocase || c == 0xfffd) {
		memcpy(&raw, p, *n);
		return raw;
	}
	c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
	memcpy(&raw, bytes, utf8_encode(c, bytes));
	return raw;
}

/* Appends a character; true when there is a run, whose place is then in *at. */
static bool push(const struct ngram *x, struct window *w, uint32_t c, uint16_t *at)
{
	unsigned n = x->utf8 ? RUN_CHARACTERS : RUN_BYTES;
	memmove(w->last, w->last + 1, (n - 1) * sizeof *w->last);
	w->last[n - 1] = c;
	if (++w->filled < n)
		return false;
	uint64_t word = x->utf8 ? (uint64_t)w->last[0] << 32 | w->last[1]
		: w->last[0] | w->last[1] << 8 | w->last[2] << 16 | (uint64_t)w->last[3] << 24;
	uint32_t seed = x->utf8 ? w->last[2] : UINT32_MAX;
	*at = (uint16_t)~crc32c(~seed, &word, sizeof word);
	return true;
}

/* Adds `step` for each run of the text; returns how many there are. */
static uint32_t count_runs(const struct ngram *x, struct str s, uint16_t *table, int step)
{
	struct window w = {0};
	uint32_t runs = 0;
	unsigned n;
	uint16_t at;
	for (size_t i = 0; i < s.size; i += n)
		if (push(x, &w, character(x, s.data + i, s.size - i, &n), &at)) {
			table[at] = (uint16_t)(table[at] + step);
			runs++;
		}
	return runs;
}

/* The table holds the needle's runs, and does so again afterwards. */
static float compare(const struct ngram *x, struct str s, uint32_t needle_runs, uint16_t *table)
{
	int64_t distance = needle_runs, runs = 0;
	struct window w = {0};
	unsigned n;
	uint16_t at;
	if (s.size > TEXT_MAX)
		return x->search ? 0 : 1;
	for (size_t i = 0; i < s.size; i += n) {
		if (!push(x, &w, character(x, s.data + i, s.size - i, &n), &at))
			continue;
		runs++;
		if ((int16_t)table[at] > 0)
			distance--;
		else if (!x->search)
			distance++;
		table[at]--;
	}
	count_runs(x, s, table, 1);
	if (x->search)
		return 1.0f - (float)distance / (float)(needle_runs > 1 ? needle_runs : 1);
	return (float)distance / (float)(runs + needle_runs > 1 ? runs + needle_runs : 1);
}

static enum status exec_ngram(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct ngram *x = c->state;
	struct str_arg text = str_arg(args[0]), needles = str_arg(args[1]);
	struct buffer *b;
	struct vector *v;
	struct str needle = {0};
	uint32_t runs = 0;
	enum status s = OK;
	TRY(buffer_new(e->track, TABLE_SIZE * sizeof(uint16_t), &b, e->err));
	uint16_t *table = (uint16_t *)b->data;
	memset(table, 0, TABLE_SIZE * sizeof *table);
	s = call_result(c, e, count, &v);
	if (s != OK) {
		buffer_unref(b);
		return s;
	}
	for (uint32_t i = 0; i < count && s == OK; i++) {
		((float *)v->data)[i] = 0;
		if (eval_skips(e, i))
			continue;
		if (i == 0 || needles.stride != 0) {
			count_runs(x, needle, table, -1);
			needle = str_arg_at(&needles, i);
			if (needle.size > TEXT_MAX) {
				s = ERR(e->err, E_STRING_TOO_LONG, "String size of needle is too big for function %s. Should be at most %d",
				        c->function->name, TEXT_MAX);
				break;
			}
			runs = count_runs(x, needle, table, 1);
		}
		((float *)v->data)[i] = compare(x, str_arg_at(&text, i), runs, table);
	}
	buffer_unref(b);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_ngram(struct bind_env *env, struct call *c)
{
	struct ngram *x = ARENA_NEW(env->arena, struct ngram);
	struct str name = str_of(c->function->name);
	x->utf8 = str_ends_with(name, STR("UTF8"));
	x->nocase = str_find(name, STR("CaseInsensitive")) >= 0;
	x->search = str_starts_with(name, STR("ngramSearch"));
	c->state = x;
	return OK;
}

#define NGRAM(name, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "SS", "Float32", bind_ngram, exec_ngram, \
	             "How alike two texts are by their runs of characters.", name sample, answer)

static const struct function rows[] = {
	NGRAM("ngramDistance", "('hello', 'hella')", "0.5"),
	NGRAM("ngramDistanceUTF8", "('привет', 'привед')", "0.25"),
	NGRAM("ngramDistanceCaseInsensitive", "('HELLO', 'hello')", "0"),
	NGRAM("ngramDistanceCaseInsensitiveUTF8", "('ПРИВЕТ', 'привет')", "0"),
	NGRAM("ngramSearch", "('hello world', 'helo w')", "0.3333333"),
	NGRAM("ngramSearchUTF8", "('привет мир', 'прив')", "1"),
	NGRAM("ngramSearchCaseInsensitive", "('HELLO WORLD', 'hello')", "1"),
	NGRAM("ngramSearchCaseInsensitiveUTF8", "('ПРИВЕТ', 'прив')", "1"),
};

FUNCTION_FAMILY(str_ngram, "Likeness of texts");
