// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_FUNC_TEST_H
#define REGRESS_UNIT_FUNC_TEST_H
/*
 * Calling functions by name over hand-built vectors: values are given as texts, one a row (NULL for NULL), results come
 * back as texts. The binder's part (overloads, casts where bind asks for them) is done here in its simplest form.
 */
#include "func/cast.h"
#include "kernel/kernel.h"
#include <stdlib.h>
#include "regress/unit/tap.h"

struct func_test {
	struct arena arena;
	struct memtrack track;
	struct error err;
	struct eval_session session;
	struct eval eval;
	struct bind_env env;
};

__attribute__((unused)) static void func_test_begin(struct func_test *t, enum dialect dialect)
{
	memset(t, 0, sizeof *t);
	arena_init(&t->arena, NULL);
	memtrack_init(&t->track, NULL, "test", 0);
	error_init(&t->err);
	t->session = (struct eval_session){.dialect = dialect, .tz = timezone_utc(), .text = &value_options_default,
	                                   .database = STR("default"), .user = STR("default"), .random_seed = 42};
	t->eval = (struct eval){.session = &t->session, .track = &t->track, .scratch = &t->arena, .err = &t->err};
	t->env = (struct bind_env){.arena = &t->arena, .session = &t->session, .err = &t->err};
	function_registry_init();
}

__attribute__((unused)) static void func_test_end(struct func_test *t)
{
	arena_fini(&t->arena);
	is_int(memtrack_used(&t->track), 0, "all memory is back");
}

__attribute__((unused)) static const struct type *type_named(struct func_test *t, const char *name)
{
	const struct type *type = NULL;
	if (type_parse(&t->arena, str_of(name), &type, &t->err) != OK) {
		printf("# %s\n", t->err.message);
		abort();
	}
	return type;
}

/* A vector of that type: FLAT over n texts; with n = 0 CONST over one. */
__attribute__((unused)) static struct vector *make_vector(struct func_test *t, const char *type,
                                                          const char *const *texts, uint32_t n)
{
	struct builder *b;
	struct vector *v, *constant;
	uint32_t rows = n == 0 ? 1 : n;
	enum status s = builder_new(&t->track, type_named(t, type), &b, &t->err);
	for (uint32_t i = 0; i < rows && s == OK; i++)
		s = texts[i] == NULL ? builder_null(b, &t->err)
		                     : value_parse(b, str_of(texts[i]), VALUE_RAW, &value_options_default, &t->err);
	if (s == OK)
		s = builder_finish(b, &v, &t->err);
	if (s != OK) {
		printf("# %s: %s\n", type, t->err.message);
		abort();
	}
	builder_free(b);
	if (n != 0)
		return v;
	s = vector_constant(&t->track, v, 0, 1, &constant, &t->err);
	vector_unref(v);
	return s == OK ? constant : NULL;
}

/* Binds by name as the binder does and runs; the result or NULL with t->err set. args are consumed. */
__attribute__((unused)) static struct vector *call_function(struct func_test *t, const char *name, struct vector **args,
                                                            uint32_t n, uint32_t count)
{
	const struct function *const *rows;
	uint32_t overloads = function_find(str_of(name), t->session.dialect, &rows);
	struct vector *out = NULL;
	struct call c;
	enum status s = overloads == 0 ? ERR(&t->err, E_UNKNOWN_FUNCTION, "no function %s", name) : OK;
	for (uint32_t k = 0; k < overloads; k++) {
		error_clear(&t->err);
		c = (struct call){.name = str_of(name), .arg_count = n};
		c.arg_types = ARENA_ARRAY(&t->arena, const struct type *, n + 1);
		c.constants = ARENA_ARRAY(&t->arena, const struct vector *, n + 1);
		c.lambdas = ARENA_ARRAY(&t->arena, struct lambda *, n + 1);
		for (uint32_t i = 0; i < n; i++) {
			c.arg_types[i] = args[i]->type;
			c.constants[i] = args[i]->form == VECTOR_CONST ? args[i] : NULL;
		}
		s = function_bind(&t->env, rows[k], &c);
		if (s != E_ILLEGAL_TYPE_OF_ARGUMENT && s != E_NUMBER_OF_ARGUMENTS)
			break;
	}
	for (uint32_t i = 0; i < n && s == OK; i++) {
		struct vector *cast;
		if (type_equal(args[i]->type, c.arg_types[i]))
			continue;
		s = cast_vector(&t->eval, &t->arena, args[i], c.arg_types[i], CAST_IMPLICIT, &cast);
		if (s == OK) {
			vector_unref(args[i]);
			args[i] = cast;
		}
	}
	if (s == OK)
		s = call_run(&c, &t->eval, (const struct vector *const *)args, count, &out);
	for (uint32_t i = 0; i < n; i++)
		vector_unref(args[i]);
	return s == OK ? out : NULL;
}

/* Row i of a result as ClickHouse's text; it stays in the arena. The vector is not consumed. */
__attribute__((unused)) static struct str text_of(struct func_test *t, const struct vector *v, uint32_t i)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	value_write(&b, v, i, t->session.dialect == DIALECT_POSTGRESQL ? VALUE_PG : VALUE_RAW, t->session.text);
	struct str s = vector_is_null(v, i) ? STR("NULL") : arena_str(&t->arena, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

/* All rows with blanks between them, the type before: "Int32: 1 2 NULL"; or "error: …". Consumes v. */
__attribute__((unused)) static struct str rows_of(struct func_test *t, struct vector *v)
{
	if (v == NULL) {
		struct str s = arena_strf(&t->arena, "error: %s", t->err.message);
		error_clear(&t->err);
		return s;
	}
	struct str s = arena_strf(&t->arena, "%.*s:", STR_ARG(type_name(&t->arena, v->type)));
	for (uint32_t i = 0; i < v->count; i++)
		s = arena_strf(&t->arena, "%.*s %.*s", STR_ARG(s), STR_ARG(text_of(t, v, i)));
	vector_unref(v);
	return s;
}

/* The rows of a result against such a text; names what was looked at. */
__attribute__((unused)) static void is_rows(struct func_test *t, struct vector *v, const char *want, const char *what)
{
	struct str got = rows_of(t, v);
	is_str(got, want, what);
}

#endif
