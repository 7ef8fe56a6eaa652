// SPDX-License-Identifier: Apache-2.0
/*
 * Expressions and what the reference systems answer to them, as constants and (with materialize) as columns: the exact
 * types, roundings, wrappings and errors of both dialects.
 */
#include "regress/unit/func/eval_text.h"

static const struct answer {
	enum dialect dialect;
	const char *text, *want;
} answers[] = {
#define ANSWER(name, text, want) {DIALECT_##name, text, want},
#include "regress/unit/func/answers.def"
#undef ANSWER
};

static void test_answer(const struct answer *a)
{
	struct func_test t;
	struct str got;
	func_test_begin(&t, a->dialect);
	if (!eval_text(&t, str_of(a->text), &got))
		got = arena_strf(&t.arena, "!! %s", t.err.message);
	/* the message alone: the reference's has its SQLSTATE elsewhere */
	bool same = str_eq(got, str_of(a->want));
	ok(same, "%s: %s", a->dialect == DIALECT_CLICKHOUSE ? "clickhouse" : "postgresql", a->text);
	if (!same)
		printf("#   got  '%.*s'\n#   want '%s'\n", STR_ARG(got), a->want);
	arena_fini(&t.arena);
	if (memtrack_used(&t.track) != 0)
		ok(false, "%s: %lld bytes are not back", a->text, (long long)memtrack_used(&t.track));
}

int main(void)
{
	kernel_init(cpu_level_detect());
	function_registry_init();
	aggregate_registry_init();
	for (size_t i = 0; i < ARRAY_COUNT(answers); i++)
		test_answer(&answers[i]);
	return tap_done();
}
