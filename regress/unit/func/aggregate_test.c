// SPDX-License-Identifier: Apache-2.0
/*
 * Aggregates against what ClickHouse answers (aggregate_cases.def): result, result type and serialised state, each by
 * every way of adding: all rows to one state, row by row to several states that are then merged, and through the
 * serialised form.
 */
#include <stdlib.h>

#include "func/aggregate.h"
#include "regress/unit/func/func_test.h"

static struct func_test t;

/* Splits at `by` outside of brackets and quotes; returns how many pieces, blanks trimmed. */
static uint32_t split(const char *text, char by, char pieces[][512], uint32_t max)
{
	uint32_t n = 0;
	int depth = 0;
	bool quoted = false;
	size_t used = 0;
	if (*text == '\0')
		return 0;
	for (const char *p = text;; p++) {
		if (*p == '\0' || (*p == by && depth == 0 && !quoted)) {
			while (used > 0 && pieces[n][used - 1] == ' ')
				used--;
			pieces[n][used] = '\0';
			used = 0;
			if (++n == max || *p == '\0')
				return n;
			continue;
		}
		quoted ^= *p == '\'';
		if (!quoted)
			depth += (*p == '(' || *p == '[') - (*p == ')' || *p == ']');
		if ((used != 0 || *p != ' ') && used < 511)
			pieces[n][used++] = *p;
	}
}

static char rows_text[4096][512], values_text[8][512], types_text[8][512], pairs_text[64][512];

/* map('a', 1, 'b', 2) is {'a':1,'b':2} to the parser of values. */
static void map_literal(const char *from, char *to, size_t size)
{
	char inside[512];
	size_t n = strlen(from);
	snprintf(inside, sizeof inside, "%.*s", (int)(n > 5 ? n - 5 : 0), from + 4);
	uint32_t count = split(inside, ',', pairs_text, 64);
	size_t used = (size_t)snprintf(to, size, "{");
	for (uint32_t i = 0; i < count; i++)
		used += (size_t)snprintf(to + used, size - used, "%s%s", i == 0 ? "" : i % 2 == 1 ? ":" : ",", pairs_text[i]);
	snprintf(to + used, size - used, "}");
}

static enum status put_literal(struct builder *b, const char *text)
{
	char map[1024];
	if (strcmp(text, "NULL") == 0 && b->type->nullable)
		return builder_null(b, &t.err);
	if (strncmp(text, "map(", 4) == 0) {
		map_literal(text, map, sizeof map);
		text = map;
	}
	return value_parse(b, str_of(text), VALUE_QUOTED, &value_options_default, &t.err);
}

/* Argument columns of a case; false with a note when a literal cannot be read. */
static bool make_columns(const char *types, const char *rows, const struct type **arg_types, struct vector **columns,
                         uint32_t *arg_count, uint32_t *row_count)
{
	struct builder *b[8];
	enum status s = OK;
	uint32_t n = split(types, ';', types_text, 8), m = split(rows, '|', rows_text, 4096);
	for (uint32_t c = 0; c < n && s == OK; c++) {
		s = type_parse(&t.arena, str_of(types_text[c]), &arg_types[c], &t.err);
		if (s == OK)
			s = builder_new(&t.track, arg_types[c], &b[c], &t.err);
	}
	for (uint32_t i = 0; i < m && s == OK; i++) {
		split(rows_text[i], ';', values_text, 8);
		for (uint32_t c = 0; c < n && s == OK; c++)
			s = put_literal(b[c], values_text[c]);
	}
	for (uint32_t c = 0; c < n && s == OK; c++) {
		s = builder_finish(b[c], &columns[c], &t.err);
		builder_free(b[c]);
	}
	*arg_count = n;
	*row_count = m;
	return s == OK;
}

static struct aggregator *bind_call(const char *call, const struct type *const *types, uint32_t n)
{
	struct aggregator *a = NULL;
	const struct type *state = type_aggregate(&t.arena, str_of(call), types, n);
	return aggregate_of_type(&t.env, state, &a) == OK ? a : NULL;
}

static char *new_state(const struct aggregator *a)
{
	char *state = arena_alloc(&t.arena, a->state_size + 64);
	if (a->ops->init != NULL)
		a->ops->init(a, state);
	return state;
}

static void end_state(const struct aggregator *a, char *state)
{
	if (a->ops->destroy != NULL)
		a->ops->destroy(a, state, &t.track);
}

/* The result as text, or the error. */
static struct str result_of(const struct aggregator *a, char *state)
{
	struct builder *b;
	struct vector *v = NULL;
	struct strbuf text;
	strbuf_init(&text, NULL);
	enum status s = builder_new(&t.track, a->result, &b, &t.err);
	if (s == OK)
		s = a->ops->finish(a, &t.eval, &state, 0, 1, b);
	if (s == OK)
		s = builder_finish(b, &v, &t.err);
	if (s == OK && vector_is_null(v, 0))
		strbuf_putz(&text, "\\N");
	else if (s == OK)
		value_write(&text, v, 0, VALUE_RAW, &value_options_default);
	else
		strbuf_putz(&text, t.err.message);
	builder_free(b);
	vector_unref(v);
	struct str out = arena_str(&t.arena, strbuf_str(&text));
	strbuf_fini(&text);
	return out;
}

static struct str hex_of(const struct aggregator *a, char *state)
{
	struct strbuf raw, hex;
	strbuf_init(&raw, NULL);
	strbuf_init(&hex, NULL);
	if (a->ops->write(a, &t.eval, state, &raw) != OK)
		strbuf_putz(&hex, t.err.message);
	for (size_t i = 0; i < raw.size; i++)
		strbuf_printf(&hex, "%02X", (unsigned)(uint8_t)raw.data[i]);
	struct str out = arena_str(&t.arena, strbuf_str(&hex));
	strbuf_fini(&raw);
	strbuf_fini(&hex);
	return out;
}

/* Through the serialised form and back; the length that read finds is the whole. */
static char *reread(const struct aggregator *a, char *state, bool *whole)
{
	struct strbuf raw;
	size_t consumed = 0, size = 0;
	char *other = new_state(a);
	strbuf_init(&raw, NULL);
	enum status s = a->ops->write(a, &t.eval, state, &raw);
	strbuf_putz(&raw, "more"); /* states stand back to back */
	if (s == OK)
		s = a->ops->read(a, &t.eval, other, strbuf_str(&raw), &consumed);
	if (s == OK)
		s = aggregate_state_size(a, &t.eval, strbuf_str(&raw), &size);
	*whole = s == OK && consumed == raw.size - 4 && size == consumed;
	strbuf_fini(&raw);
	return other;
}

static bool same(struct str got, struct str want, const char *call, const char *types, const char *what)
{
	if (str_eq(got, want))
		return true;
	printf("# %s(%s) %s: got '%.*s', want '%.*s'\n", call, types, what, STR_ARG(got), STR_ARG(want));
	return false;
}

/* Rows shared out among three states by add(), then merged into the first. */
static char *spread(const struct aggregator *a, struct vector **columns, uint32_t rows, bool *failed)
{
	char *states[3] = {new_state(a), new_state(a), new_state(a)}, **of = ARENA_ARRAY(&t.arena, char *, rows + 1);
	for (uint32_t i = 0; i < rows; i++)
		of[i] = states[(uint64_t)i * 3 / rows] - 8; /* at an offset */
	enum status s = a->ops->add(a, &t.eval, of, 8, (const struct vector *const *)columns, NULL, rows);
	if (s == OK)
		s = a->ops->merge(a, &t.eval, states, 0, states + 1, 0, 1);
	if (s == OK)
		s = a->ops->merge(a, &t.eval, states, 0, states + 2, 0, 1);
	end_state(a, states[1]);
	end_state(a, states[2]);
	*failed = s != OK;
	return states[0];
}

static void test_case(const char *call, const char *types, const char *rows, const char *result, const char *type,
                      const char *hex)
{
	const struct type *arg_types[8];
	struct vector *columns[8] = {0};
	uint32_t n = 0, m = 0;
	error_clear(&t.err);
	bool good = make_columns(types, rows, arg_types, columns, &n, &m);
	struct aggregator *a = good ? bind_call(call, arg_types, n) : NULL;
	if (a == NULL) {
		ok(false, "%s(%s): %s", call, types, t.err.message);
	} else {
		char *one = new_state(a);
		bool whole, failed;
		good = a->ops->add_one(a, &t.eval, one, (const struct vector *const *)columns, NULL, m) == OK;
		if (*hex != '\0')
			good = same(hex_of(a, one), str_of(hex), call, types, "state") && good;
		good = same(result_of(a, one), str_of(result), call, types, "result") && good;
		good = same(type_name(&t.arena, a->result), str_of(type), call, types, "type") && good;
		char *again = reread(a, one, &whole), *parts = spread(a, columns, m, &failed);
		good = same(result_of(a, again), str_of(result), call, types, "result after reading") && whole && good;
		good = same(result_of(a, parts), str_of(result), call, types, "merged result") && !failed && good;
		end_state(a, one);
		end_state(a, again);
		end_state(a, parts);
		ok(good, "%s(%s)%s%s", call, types, error_is_set(&t.err) ? ": " : "", error_is_set(&t.err) ? t.err.message : "");
	}
	for (uint32_t c = 0; c < n; c++)
		vector_unref(columns[c]);
}

static const struct {
	const char *call, *types, *rows, *result, *type, *hex;
} cases[] = {
#define AGG_CASE(call, types, rows, result, type, hex) {call, types, rows, result, type, hex},
#include "regress/unit/func/aggregate_cases.def"
#undef AGG_CASE
};

int main(void)
{
	func_test_begin(&t, DIALECT_CLICKHOUSE);
	aggregate_registry_init();
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		test_case(cases[i].call, cases[i].types, cases[i].rows, cases[i].result, cases[i].type, cases[i].hex);
	func_test_end(&t);
	return tap_done();
}
