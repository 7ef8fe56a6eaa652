// SPDX-License-Identifier: Apache-2.0
/* Vectors and builders: every way of making a vector from others keeps the rows, and all memory comes back. */
#include "column/builder.h"
#include "regress/unit/tap.h"

static struct arena arena;
static struct memtrack track;
static struct error err;

#define must(expr) ok((expr) == OK, "%s", #expr)

static const struct type *parse(const char *text)
{
	const struct type *t = NULL;
	if (type_parse(&arena, str_of(text), &t, &err) != OK)
		printf("# %s\n", err.message);
	return t;
}

/* Row i of a made-up column: integers, long and short strings, arrays, NULLs. */
static enum status append(struct builder *b, uint32_t i)
{
	char text[64];
	if (b->type->nullable && i % 5 == 3)
		return builder_null(b, &err);
	switch (b->physical) {
	case PHYS_STR:
		snprintf(text, sizeof text, i % 2 == 0 ? "s%u" : "a string of more than twelve bytes %u", i);
		return builder_string(b, text, strlen(text), &err);
	case PHYS_ARRAY:
	case PHYS_MAP:
		for (uint32_t k = 0; k < i % 4; k++)
			for (uint32_t c = 0; c < b->child_count; c++)
				TRY(append(b->children[c], i + k));
		return builder_end_array(b, &err);
	case PHYS_TUPLE:
		for (uint32_t c = 0; c < b->child_count; c++)
			TRY(append(b->children[c], i));
		return builder_end_tuple(b, &err);
	default: {
		uint8_t value[32] = {0};
		memcpy(value, &i, sizeof i);
		return builder_fixed(b, value, &err);
	}
	}
}

static struct vector *make(const struct type *t, uint32_t from, uint32_t n)
{
	struct builder *b;
	struct vector *v = NULL;
	enum status s = builder_new(&track, t, &b, &err);
	for (uint32_t i = 0; i < n && s == OK; i++)
		s = append(b, from + i);
	if (s == OK)
		s = builder_finish(b, &v, &err);
	builder_free(b);
	return s == OK ? v : NULL;
}

/* Whether rows [0, n) of `a` from `at` on are those of `b` that `rows` names (or from `from` on). */
static bool same(const struct vector *a, uint32_t at, const struct vector *b, uint32_t from, const uint32_t *rows,
                 uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (vector_compare_rows(a, at + i, b, rows == NULL ? from + i : rows[i]) != 0)
			return false;
	return true;
}

static void one_type(const char *name)
{
	enum { N = 1000 };
	const struct type *t = parse(name);
	struct vector *v = make(t, 0, N), *w, *x, *y;
	uint32_t rows[N];
	for (uint32_t i = 0; i < N; i++)
		rows[i] = (i * 7919 + 13) % N;

	must(vector_gather(&track, v, rows, N, &w, &err));
	ok(w->count == N && same(w, 0, v, 0, rows, N), "%s: gather", name);
	must(vector_slice(&track, v, 65, 700, &x, &err));
	ok(x->count == 700 && same(x, 0, v, 65, NULL, 700), "%s: slice", name);
	must(vector_slice(&track, x, 3, 600, &y, &err));
	ok(same(y, 0, v, 68, NULL, 600), "%s: slice of a slice", name);
	must(vector_compact(&track, &y, &err));
	ok(same(y, 0, v, 68, NULL, 600), "%s: compact", name);

	struct vector *joined, *constant, *flat, *dict, *again;
	must(vector_constant(&track, v, 7, 20, &constant, &err));
	must(vector_flatten(&track, constant, &flat, &err));
	ok(flat->form == VECTOR_FLAT && flat->count == 20 && vector_compare_rows(flat, 19, v, 7) == 0, "%s: constant", name);
	const struct vector *parts[] = {x, w, constant, y};
	must(vector_concat(&track, parts, 4, t, &joined, &err));
	ok(joined->count == 700 + N + 20 + 600 && same(joined, 0, x, 0, NULL, 700) && same(joined, 700, w, 0, NULL, N) &&
	   vector_compare_rows(joined, 700 + N + 5, v, 7) == 0 && same(joined, 720 + N, y, 0, NULL, 600), "%s: concat", name);

	must(vector_new_dict(&track, v, N, &dict, &err));
	memcpy(dict->data, rows, sizeof rows);
	ok(same(dict, 0, v, 0, rows, N) && vector_has_nulls(dict) == vector_has_nulls(v), "%s: dictionary", name);
	must(vector_gather(&track, dict, rows, N, &again, &err));
	ok(again->form == VECTOR_DICT, "%s: a gathered dictionary is one", name);
	struct vector *flat_dict;
	must(vector_flatten(&track, again, &flat_dict, &err));
	bool good = true;
	for (uint32_t i = 0; i < N; i++)
		good = good && vector_compare_rows(flat_dict, i, v, rows[rows[i]]) == 0;
	ok(good, "%s: and flattens", name);

	struct builder *b;
	struct vector *built;
	must(builder_new(&track, t, &b, &err));
	must(builder_range(b, v, 10, 100, &err));
	must(builder_rows(b, dict, rows, 50, &err));
	must(builder_range(b, constant, 0, 5, &err));
	must(builder_range(b, dict, 100, 30, &err));
	must(builder_default(b, &err));
	builder_truncate(b, 170);
	must(builder_row(b, v, 999, &err));
	must(builder_finish(b, &built, &err));
	good = built->count == 171 && same(built, 0, v, 10, NULL, 100) && vector_compare_rows(built, 170, v, 999) == 0 &&
	       vector_compare_rows(built, 152, v, 7) == 0 && same(built, 155, v, 0, rows + 100, 15);
	for (uint32_t i = 0; i < 50; i++)
		good = good && vector_compare_rows(built, 100 + i, v, rows[rows[i]]) == 0;
	ok(good, "%s: builder copies", name);
	builder_free(b);

	struct vector *all[] = {v, w, x, y, joined, constant, flat, dict, again, flat_dict, built};
	for (size_t i = 0; i < ARRAY_COUNT(all); i++)
		vector_unref(all[i]);
	is_int(memtrack_used(&track), 0, "all memory is back");
}

static void defaults(void)
{
	struct vector *v;
	must(vector_default_constant(&track, parse("FixedString(20)"), 9, &v, &err));
	ok(((struct strview *)v->data)->size == 20 && strview_data(v->data)[19] == 0, "FixedString of zero bytes");
	vector_unref(v);
	must(vector_default_constant(&track, parse("Enum8('b' = 2, 'a' = -3)"), 9, &v, &err));
	is_int(*(int8_t *)v->data, -3, "the first enum value");
	vector_unref(v);
	must(vector_null_constant(&track, parse("Nullable(Int64)"), 9, &v, &err));
	ok(vector_is_null(v, 8) && vector_has_nulls(v), "a NULL constant");
	vector_unref(v);
	must(vector_default_constant(&track, parse("Map(String, Array(UInt8))"), 9, &v, &err));
	ok(((uint32_t *)v->data)[1] == 0 && v->children[1]->count == 0, "an empty map");
	vector_unref(v);
	struct builder *b;
	must(builder_new(&track, parse("Nullable(Int32)"), &b, &err));
	must(builder_null(b, &err));
	must(builder_reserve(b, 2000, &err));
	for (int32_t i = 0; i < 2000; i++)
		*(int32_t *)builder_next(b, 4) = i;
	must(builder_null(b, &err));
	must(builder_finish(b, &v, &err));
	ok(vector_is_null(v, 0) && !vector_is_null(v, 1) && !vector_is_null(v, 2000) && vector_is_null(v, 2001),
	   "NULLs around a run");
	vector_unref(v);
	builder_free(b);
	is_int(memtrack_used(&track), 0, "all memory is back");
}

static void order(void)
{
	double values[] = {0.0 / 0.0, 1.5, -0.0, 0.0};
	struct builder *b;
	struct vector *v;
	must(builder_new(&track, parse("Nullable(Float64)"), &b, &err));
	for (int i = 0; i < 4; i++)
		must(builder_fixed(b, &values[i], &err));
	must(builder_null(b, &err));
	must(builder_finish(b, &v, &err));
	ok(vector_compare_rows(v, 0, v, 1) > 0 && vector_compare_rows(v, 0, v, 0) == 0, "NaN is greatest and equal to itself");
	ok(vector_compare_rows(v, 2, v, 3) == 0, "zeros are equal");
	ok(vector_compare_rows(v, 4, v, 0) > 0, "NULL is greater than NaN");
	vector_unref(v);
	builder_free(b);
}

int main(void)
{
	static const char *const types[] = {
		"UInt8", "Int16", "Nullable(Int32)", "UInt64", "Int128", "UInt256", "Nullable(String)", "String",
		"Array(Nullable(String))", "Array(Array(UInt8))", "Tuple(UInt8, Nullable(String), Array(String))",
		"Map(String, Array(UInt32))", "Tuple()",
	};
	arena_init(&arena, NULL);
	error_init(&err);
	memtrack_init(&track, NULL, "test", 0);
	for (size_t i = 0; i < ARRAY_COUNT(types); i++)
		one_type(types[i]);
	defaults();
	order();
	arena_fini(&arena);
	return tap_done();
}
