// SPDX-License-Identifier: Apache-2.0
/* Content codings: round trips in pieces, flushes that arrive, bounded output, truncated and malformed streams. */
#include "proto/httpenc.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"

enum { TEXT_SIZE = 300000 };
static char text[TEXT_SIZE];
static struct strbuf packed, plain;
static struct error err;

/* Compressible and not in turn. */
static void fill(void)
{
	uint64_t state = 42;
	for (size_t i = 0; i < TEXT_SIZE; i++)
		text[i] = (i / 50000) % 2 == 0 ? "the quick brown fox "[i % 20] : (char)mutate_random(&state);
}

static enum status pack(enum coding c, struct str in, size_t step, bool flush)
{
	struct encoder *e;
	enum status st = OK;
	strbuf_clear(&packed);
	error_clear(&err);
	TRY(encoder_new(c, 0, &e, &err));
	for (size_t at = 0; st == OK && at < in.size; at += step) {
		st = encoder_push(e, str_make(in.data + at, in.size - at < step ? in.size - at : step), &packed, &err);
		if (st == OK && flush)
			st = encoder_flush(e, &packed, &err);
	}
	if (st == OK)
		st = encoder_finish(e, &packed, &err);
	encoder_free(e);
	return st;
}

/* `step` bytes of input and at most `out_max` of output at a time; stops at limit. */
static enum status unpack(enum coding c, struct str in, size_t step, size_t out_max, size_t limit)
{
	struct decoder *d;
	enum status st = OK;
	size_t consumed;
	strbuf_clear(&plain);
	error_clear(&err);
	TRY(decoder_new(c, &d, &err));
	for (size_t at = 0; st == OK && (at < in.size || decoder_pending(d)) && plain.size < limit; at += consumed) {
		struct str piece = mutate_copy(str_make(in.data + at, in.size - at < step ? in.size - at : step));
		size_t before = plain.size;
		st = decoder_push(d, piece, out_max, &consumed, &plain, &err);
		mutate_drop(piece);
		if (plain.size - before > out_max || (st == OK && consumed == 0 && plain.size == before && !decoder_pending(d)))
			st = E_LOGICAL_ERROR;
	}
	if (st == OK && plain.size < limit)
		st = decoder_finish(d, &err);
	decoder_free(d);
	return st;
}

static void test_round_trips(enum coding c)
{
	struct str all = str_make(text, TEXT_SIZE);
	static const size_t steps[] = {7001, 65536, TEXT_SIZE};
	for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
		ok(pack(c, all, steps[i], i == 0) == OK, "%s: packed by %zu", coding_name(c), steps[i]);
		ok(unpack(c, strbuf_str(&packed), i == 0 ? 333 : steps[i], i == 1 ? 1000 : SIZE_MAX, SIZE_MAX) == OK
			&& str_eq(strbuf_str(&plain), all), "%s: and back", coding_name(c));
	}
	ok(pack(c, STR(""), 1, false) == OK && unpack(c, strbuf_str(&packed), 1, 10, SIZE_MAX) == OK && plain.size == 0,
		"%s: nothing", coding_name(c));
	ok(unpack(c, STR(""), 1, 10, SIZE_MAX) == OK, "%s: no input at all", coding_name(c));
	ok(pack(c, STR("hello hello hello"), 1, true) == OK && unpack(c, strbuf_str(&packed), 1, 1, SIZE_MAX) == OK
		&& str_eq(strbuf_str(&plain), STR("hello hello hello")), "%s: byte by byte", coding_name(c));
}

static void test_flush(enum coding c)
{
	struct encoder *e = NULL;
	struct decoder *d = NULL;
	size_t consumed;
	strbuf_clear(&packed);
	strbuf_clear(&plain);
	bool good = encoder_new(c, 1, &e, &err) == OK && decoder_new(c, &d, &err) == OK;
	good = good && encoder_push(e, STR("first"), &packed, &err) == OK && encoder_flush(e, &packed, &err) == OK;
	good = good && decoder_push(d, strbuf_str(&packed), 100, &consumed, &plain, &err) == OK && consumed == packed.size;
	ok(good && str_eq(strbuf_str(&plain), STR("first")), "%s: a flush makes it readable", coding_name(c));
	ok(c == CODING_IDENTITY ? decoder_finish(d, &err) == OK : decoder_finish(d, &err) == E_CANNOT_DECOMPRESS,
		"%s: but not complete", coding_name(c));
	encoder_free(e);
	decoder_free(d);
}

static void test_malformed(enum coding c)
{
	ok(pack(c, str_make(text, 20000), 20000, false) == OK, "%s: a stream to spoil", coding_name(c));
	struct str whole = mutate_copy(strbuf_str(&packed));
	bool cut = true;
	for (size_t i = 1; i < whole.size; i += i < 40 ? 1 : 97)
		cut = cut && unpack(c, str_make(whole.data, i), 1000, SIZE_MAX, SIZE_MAX) == E_CANNOT_DECOMPRESS;
	ok(cut, "%s: cut anywhere it is refused", coding_name(c));
	ok(unpack(c, STR("this is no compressed stream at all"), 100, 1000, SIZE_MAX) == E_CANNOT_DECOMPRESS,
		"%s: plain text",
		coding_name(c));
	strbuf_clear(&packed);
	strbuf_puts(&packed, whole);
	strbuf_puts(&packed, whole);
	enum status twice = unpack(c, strbuf_str(&packed), 5000, SIZE_MAX, SIZE_MAX);
	if (c == CODING_DEFLATE || c == CODING_BROTLI)
		ok(twice == E_CANNOT_DECOMPRESS, "%s: nothing may follow", coding_name(c));
	else
		ok(twice == OK && plain.size == 40000, "%s: two streams are one", coding_name(c));
	mutate_drop(whole);
}

/* 100 MB of zeros in some KB: what comes out a call is bounded, so the caller can stop. */
static void test_bomb(enum coding c)
{
	struct encoder *e = NULL;
	char *zeros = calloc(1, 1 << 20);
	strbuf_clear(&packed);
	bool good = encoder_new(c, 1, &e, &err) == OK;
	for (unsigned i = 0; good && i < 100; i++)
		good = encoder_push(e, str_make(zeros, 1 << 20), &packed, &err) == OK;
	ok(good && encoder_finish(e, &packed, &err) == OK, "%s: 100 MB in %zu bytes", coding_name(c), packed.size);
	ok(unpack(c, strbuf_str(&packed), SIZE_MAX, 10000, 50000) == OK
		&& plain.size == 50000, "%s: only what is asked for comes out",
		coding_name(c));
	encoder_free(e);
	free(zeros);
}

static void test_names(void)
{
	enum coding c;
	ok(coding_by_name(STR("GZIP"), &c) && c == CODING_GZIP && coding_by_name(STR("x-gzip"), &c)
		&& c == CODING_GZIP, "gzip");
	ok(coding_by_name(STR(""), &c) && c == CODING_IDENTITY && coding_by_name(STR("br"), &c)
		&& c == CODING_BROTLI, "others");
	ok(!coding_by_name(STR("snappy"), &c), "an unknown one");
	is_int(coding_accept(STR("gzip, deflate, br, zstd")), CODING_ZSTD, "zstd is preferred");
	is_int(coding_accept(STR("gzip, deflate")), CODING_GZIP, "gzip before deflate");
	is_int(coding_accept(STR("gzip;q=0.9, deflate")), CODING_DEFLATE, "unless the client prefers");
	is_int(coding_accept(STR("snappy, gzip;q=0")), CODING_IDENTITY, "nothing acceptable");
	is_int(coding_accept(STR("")), CODING_IDENTITY, "nothing asked for");
}

static enum coding mutated;

static void check_mutation(struct str s)
{
	(void)!unpack(mutated, s, 700, 5000, 100000);
}

int main(void)
{
	strbuf_init(&packed, NULL);
	strbuf_init(&plain, NULL);
	error_init(&err);
	fill();
	test_names();
	for (unsigned c = CODING_IDENTITY; c < CODING_COUNT; c++) {
		mutated = (enum coding)c;
		test_round_trips(mutated);
		test_flush(mutated);
		if (c == CODING_IDENTITY)
			continue;
		test_malformed(mutated);
		test_bomb(mutated);
		ok(pack(mutated, str_make(text + 49000, 2000), 2000, false) == OK, "%s: a seed", coding_name(mutated));
		struct str seed = mutate_copy(strbuf_str(&packed));
		unsigned long runs = mutate_run(&seed, 1, 0.3, check_mutation);
		ok(runs > 0, "%s: %lu mutations are survived", coding_name(mutated), runs);
		mutate_drop(seed);
	}
	strbuf_fini(&packed);
	strbuf_fini(&plain);
	return tap_done();
}
