// SPDX-License-Identifier: Apache-2.0
/* Names resolve by dialect; null, constant and dictionary rules hold around exec. */
#include <stdlib.h>

#include "regress/unit/func/func_test.h"

static const char *const three[] = {"1", NULL, "300"};

static void test_names(struct func_test *t)
{
	const struct function *const *rows;
	ok(function_find(STR("toInt32"), DIALECT_CLICKHOUSE, &rows) == 1 && strcmp(rows[0]->name, "toInt32") == 0,
	   "an exact name");
	ok(function_find(STR("toint32"), DIALECT_CLICKHOUSE, &rows) == 0, "the wrong case");
	ok(function_find(STR("toint32"), DIALECT_POSTGRESQL, &rows) == 1, "which PostgreSQL's dialect takes");
	ok(function_find(STR("HeX"), DIALECT_CLICKHOUSE, &rows) == 1, "a name in any case");
	ok(function_find(STR("date"), DIALECT_CLICKHOUSE, &rows) == 1 && strcmp(rows[0]->name, "toDate") == 0, "an alias");
	ok(function_find(STR("date"), DIALECT_POSTGRESQL, &rows) == 2 && rows[0]->flags & FUNCTION_PG,
	   "PostgreSQL's own first");
	is_str(function_nearest(STR("toInt33"), DIALECT_CLICKHOUSE), "toInt32", "the nearest name");
	for (uint32_t i = 0; i < function_count(); i++) {
		const struct function *f = function_at(i);
		if (!(f->flags & FUNCTION_HIDDEN) && f->description == NULL)
			ok(false, "%s has a description", f->name);
	}
}

static void test_nulls(struct func_test *t)
{
	struct vector *v = make_vector(t, "Nullable(Int32)", three, 3);
	is_rows(t, call_function(t, "toUInt8", &v, 1, 3), "Nullable(UInt8): 1 NULL 44", "NULL stays NULL");
	const char *words[] = {"5", "x", NULL};
	v = make_vector(t, "Nullable(String)", words, 3);
	is_rows(t, call_function(t, "toInt8OrNull", &v, 1, 3), "Nullable(Int8): 5 NULL NULL", "and what fails joins it");
	v = make_vector(t, "Nullable(String)", words, 3);
	is_rows(t, call_function(t, "toInt8", &v, 1, 3),
	       "error: Cannot parse string 'x' as Int8: syntax error at begin of string. Note: there are toInt8OrZero and "
	       "toInt8OrNull functions, which returns zero/NULL instead of throwing exception", "an error that is one");
	const char *bad[] = {"x", "7"};
	uint64_t skip = 1;
	v = make_vector(t, "String", bad, 2);
	t->eval.skip = &skip;
	is_rows(t, call_function(t, "toInt8", &v, 1, 2), "Int8: 0 7", "a row that is skipped raises none");
	t->eval.skip = NULL;
	const char *none[] = {NULL};
	v = make_vector(t, "Nullable(Nothing)", none, 0);
	is_rows(t, call_function(t, "toInt8", &v, 1, 1), "Nullable(Nothing): NULL", "a literal NULL");
}

static void test_forms(struct func_test *t)
{
	const char *words[] = {"41", "42", "zz"};
	struct vector *v = make_vector(t, "String", words, 0), *out = call_function(t, "unhex", &v, 1, 5);
	ok(out != NULL && out->form == VECTOR_CONST && out->count == 5, "a constant gives a constant");
	vector_unref(out);
	struct vector *entries = make_vector(t, "LowCardinality(String)", words, 3), *dict;
	ok(vector_new_dict(&t->track, entries, 6, &dict, &t->err) == OK, "a dictionary");
	dict->type = entries->type;
	vector_unref(entries);
	for (uint32_t i = 0; i < 6; i++)
		((uint32_t *)dict->data)[i] = i % 2;
	out = call_function(t, "toInt32", &dict, 1, 6);
	is_rows(t, out, "LowCardinality(Int32): 41 42 41 42 41 42", "an entry that no row uses raises no error");
}

static void test_patterns(struct func_test *t)
{
	const char *one[] = {"1"}, *array[] = {"[1]"};
	struct vector *v = make_vector(t, "Array(UInt8)", array, 1);
	is_rows(t, call_function(t, "unhex", &v, 1, 1), "error: Illegal type Array(UInt8) of argument 1 of function unhex",
	       "a wrong type");
	struct vector *two[2] = {make_vector(t, "String", one, 1), make_vector(t, "String", one, 1)};
	is_rows(t, call_function(t, "unhex", two, 2, 1),
	       "error: Number of arguments for function unhex doesn't match: passed 2, should be 1", "a wrong number");
	two[0] = make_vector(t, "UInt8", one, 1);
	two[1] = make_vector(t, "String", one, 1);
	is_rows(t, call_function(t, "CAST", two, 2, 1), "error: Argument 2 of function CAST must be a constant",
	       "a constant is wanted");
}

int main(void)
{
	struct func_test t;
	kernel_init(cpu_level_detect());
	func_test_begin(&t, DIALECT_CLICKHOUSE);
	test_names(&t);
	test_nulls(&t);
	test_forms(&t);
	test_patterns(&t);
	func_test_end(&t);
	return tap_done();
}
