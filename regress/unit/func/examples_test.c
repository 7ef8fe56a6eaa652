// SPDX-License-Identifier: Apache-2.0
/*
 * Every function's example runs in the row's dialect and answers what the row says, which the reference systems said
 * first. What needs a running session (settings, catalogs, sequences) is left to the SQL cases.
 */
#include <stdlib.h>

#include "regress/unit/func/eval_text.h"

/* Answers that only a session or a catalog can give. */
static bool needs_session(const struct error *err)
{
	return err->status == E_NOT_IMPLEMENTED &&
	       (strstr(err->message, "outside a session") != NULL || strstr(err->message, "without a catalog") != NULL);
}

static void test_example(const struct function *f, enum dialect dialect)
{
	struct func_test t;
	struct str got;
	const char *where = dialect == DIALECT_CLICKHOUSE ? "clickhouse" : "postgresql";
	func_test_begin(&t, dialect);
	if (!eval_text(&t, str_of(f->example), &got)) {
		if (needs_session(&t.err))
			tap_skip(1, "needs a session");
		else
			ok(false, "%s, %s: %s: %s", f->name, where, f->example, t.err.message);
	} else if (f->example_result == NULL) {
		ok(true, "%s, %s: %s runs", f->name, where, f->example);
	} else {
		bool same = str_eq(got, str_of(f->example_result));
		ok(same, "%s, %s: %s", f->name, where, f->example);
		if (!same)
			printf("#   got  '%.*s'\n#   want '%s'\n", STR_ARG(got), f->example_result);
	}
	arena_fini(&t.arena);
	if (memtrack_used(&t.track) != 0)
		ok(false, "%s: %lld bytes are not back", f->name, (long long)memtrack_used(&t.track));
}

int main(void)
{
	kernel_init(cpu_level_detect());
	function_registry_init();
	aggregate_registry_init();
	for (uint32_t i = 0; i < function_count(); i++) {
		const struct function *f = function_at(i);
		if (f->flags & FUNCTION_HIDDEN || f->example == NULL || f->flags & FUNCTION_SET_RETURNING)
			continue;
		test_example(f, f->flags & FUNCTION_CH ? DIALECT_CLICKHOUSE : DIALECT_POSTGRESQL);
	}
	return tap_done();
}
