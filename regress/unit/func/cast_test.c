// SPDX-License-Identifier: Apache-2.0
/* Casts over whole vectors: modes, NULLs, rows that do not matter, decimals, containers, both dialects' rounding. */
#include "regress/unit/func/func_test.h"

static struct vector *cast(struct func_test *t, struct vector *v, const char *to, enum cast_mode mode)
{
	struct vector *out = NULL;
	enum status s = cast_vector(&t->eval, &t->arena, v, type_named(t, to), mode, &out);
	vector_unref(v);
	return s == OK ? out : NULL;
}

static void test_numbers(struct func_test *t)
{
	const char *ints[] = {"1", "300", "-1", NULL}, *floats[] = {"1.5", "2.5", "-1.5", "-2.5"}, *big[] = {"1e300", "3"};
	is_rows(t, cast(t, make_vector(t, "Nullable(Int32)", ints, 4), "Nullable(UInt8)", CAST_CH),
	        "Nullable(UInt8): 1 44 255 NULL", "a cast wraps");
	is_rows(t, cast(t, make_vector(t, "Nullable(Int32)", ints, 4), "Nullable(UInt8)", CAST_ACCURATE_OR_NULL),
	        "Nullable(UInt8): 1 NULL NULL NULL", "the accurate one gives NULL");
	is_rows(t, cast(t, make_vector(t, "Nullable(Int32)", ints, 4), "Nullable(UInt8)", CAST_INSERT),
	        "error: Value is out of range of type UInt8", "an insert fails");
	is_rows(t, cast(t, make_vector(t, "Nullable(Int32)", ints, 4), "UInt8", CAST_CH),
	        "error: Cannot convert NULL value to non-Nullable type", "NULL into a type without it");
	is_rows(t, cast(t, make_vector(t, "Float64", floats, 4), "Int32", CAST_CH), "Int32: 1 2 -1 -2", "ClickHouse cuts");
	is_rows(t, cast(t, make_vector(t, "Float64", floats, 4), "Int32", CAST_PG), "Int32: 2 2 -2 -2",
	        "PostgreSQL rounds half to even");
	is_rows(t, cast(t, make_vector(t, "Float64", big, 2), "Int32", CAST_PG), "error: integer out of range", "and checks");
	is_rows(t, cast(t, make_vector(t, "Int64", ints, 2), "Int256", CAST_CH), "Int256: 1 300", "256 bits");
}

static void test_decimals(struct func_test *t)
{
	const char *values[] = {"1.255", "-1.255", "9999999.994"}, *whole[] = {"12", "-7"};
	is_rows(t, cast(t, make_vector(t, "Decimal(18, 3)", values, 2), "Decimal(9, 2)", CAST_CH), "Decimal(9, 2): 1.25 -1.25",
	        "cut");
	is_rows(t, cast(t, make_vector(t, "Decimal(18, 3)", values, 2), "Decimal(9, 2)", CAST_PG), "Decimal(9, 2): 1.26 -1.26",
	        "rounded half away from zero");
	is_rows(t, cast(t, make_vector(t, "Decimal(18, 3)", values, 3), "Decimal(5, 2)", CAST_PG),
	        "error: numeric field overflow", "a precision is enforced");
	is_rows(t, cast(t, make_vector(t, "Int32", whole, 2), "Decimal(38, 10)", CAST_CH), "Decimal(38, 10): 12 -7",
	        "from integers");
	is_rows(t, cast(t, make_vector(t, "Decimal(18, 3)", values, 2), "Float64", CAST_CH), "Float64: 1.255 -1.255",
	        "to floats");
	is_rows(t, cast(t, make_vector(t, "Decimal(18, 3)", values, 2), "String", CAST_CH), "String: 1.255 -1.255", "to text");
}

static void test_text(struct func_test *t)
{
	const char *words[] = {"12", "x", "300"}, *dates[] = {"2020-02-29", "2020-02-29 12:00:00"};
	is_rows(t, cast(t, make_vector(t, "String", words, 3), "Nullable(Int8)", CAST_CH_OR_NULL),
	        "Nullable(Int8): 12 NULL NULL", "OrNull");
	is_rows(t, cast(t, make_vector(t, "String", words, 3), "Int8", CAST_CH_OR_ZERO), "Int8: 12 0 0", "OrZero");
	is_rows(t, cast(t, make_vector(t, "String", words, 3), "Int32", CAST_PG),
	        "error: invalid input syntax for type integer: \"x\"", "PostgreSQL's words");
	is_rows(t, cast(t, make_vector(t, "String", dates, 2), "Date", CAST_CH), "Date: 2020-02-29 2020-02-29", "dates");
	is_rows(t, cast(t, make_vector(t, "String", words, 1), "FixedString(4)", CAST_CH), "FixedString(4): 12", "padded");
	is_rows(t, cast(t, make_vector(t, "String", words, 3), "FixedString(2)", CAST_CH),
	        "error: String too long for type FixedString(2)", "never cut");
}

static void test_skipped(struct func_test *t)
{
	const char *words[] = {"x", "7", "y"};
	uint64_t skip = 5;
	struct vector *v = make_vector(t, "String", words, 3);
	t->eval.skip = &skip;
	is_rows(t, cast(t, v, "Int32", CAST_CH), "Int32: 0 7 0", "rows that do not matter raise no error");
	t->eval.skip = NULL;
}

static void test_nested(struct func_test *t)
{
	const char *arrays[] = {"[1,2]", "[]", "[300]"}, *maps[] = {"{'a':'1','b':'2'}"}, *tuples[] = {"(1,'2020-01-01')"};
	const char *pairs[] = {"[('k',5)]"}, *texts[] = {"[1,2,3]"};
	is_rows(t, cast(t, make_vector(t, "Array(Int32)", arrays, 3), "Array(String)", CAST_CH),
	        "Array(String): ['1','2'] [] ['300']", "arrays element by element");
	is_rows(t, cast(t, make_vector(t, "Array(Int32)", arrays, 3), "Array(UInt8)", CAST_INSERT),
	        "error: Value is out of range of type UInt8", "with their checks");
	is_rows(t, cast(t, make_vector(t, "Map(String, String)", maps, 1), "Map(String, UInt8)", CAST_CH),
	        "Map(String, UInt8): {'a':1,'b':2}", "maps");
	is_rows(t, cast(t, make_vector(t, "Tuple(UInt8, String)", tuples, 1), "Tuple(a Int64, b Date)", CAST_CH),
	        "Tuple(a Int64, b Date): (1,'2020-01-01')", "tuples");
	is_rows(t, cast(t, make_vector(t, "Array(Tuple(String, UInt8))", pairs, 1), "Map(String, Int16)", CAST_CH),
	        "Map(String, Int16): {'k':5}", "pairs to a map");
	is_rows(t, cast(t, make_vector(t, "String", texts, 1), "Array(Int8)", CAST_CH), "Array(Int8): [1,2,3]",
	        "a text to an array");
}

static void test_enums(struct func_test *t)
{
	const char *words[] = {"a", "b"}, *numbers[] = {"1", "3"};
	is_rows(t, cast(t, make_vector(t, "String", words, 2), "Enum8('a' = 1, 'b' = 2)", CAST_CH),
	        "Enum8('a' = 1, 'b' = 2): a b", "by name");
	is_rows(t, cast(t, make_vector(t, "Int8", numbers, 1), "Enum8('a' = 1, 'b' = 2)", CAST_CH),
	        "Enum8('a' = 1, 'b' = 2): a", "by value");
	is_rows(t, cast(t, make_vector(t, "Int8", numbers, 2), "Enum8('a' = 1, 'b' = 2)", CAST_CH),
	        "error: Unexpected value 3 in enum", "a value that it has not");
	is_rows(t, cast(t, make_vector(t, "Enum8('a' = 1, 'b' = 2)", words, 2), "Int32", CAST_CH), "Int32: 1 2", "to numbers");
}

int main(void)
{
	struct func_test t;
	kernel_init(cpu_level_detect());
	func_test_begin(&t, DIALECT_CLICKHOUSE);
	test_numbers(&t);
	test_decimals(&t);
	test_text(&t);
	test_skipped(&t);
	test_nested(&t);
	test_enums(&t);
	func_test_end(&t);
	return tap_done();
}
