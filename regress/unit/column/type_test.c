// SPDX-License-Identifier: Apache-2.0
/* Types: parsing and printing in both spellings, common types. Expected names are ClickHouse's and PostgreSQL's. */
#include "column/type.h"
#include "regress/unit/tap.h"

static struct arena arena;

static const struct type *parse(const char *text)
{
	const struct type *t = NULL;
	struct error err;
	error_init(&err);
	if (type_parse(&arena, str_of(text), &t, &err) != OK)
		printf("# %s: %s\n", text, err.message);
	return t == NULL ? type_simple(TYPE_NOTHING) : t;
}

static void names(void)
{
	static const char *const pairs[][2] = {
		{"UInt8", "UInt8"}, {"bool", "Bool"}, {"BIGINT", "Int64"}, {"double  precision", "Float64"},
		{"INT UNSIGNED", "UInt32"}, {"INT(11)", "Int32"}, {"VARCHAR(20)", "String"}, {"TIMESTAMP", "DateTime"},
		{"Character Large Object", "String"}, {"national char varying(3)", "String"}, {"DOUBLE(5, 2)", "Float64"},
		{"Decimal", "Decimal(10, 0)"}, {"Decimal(10)", "Decimal(10, 0)"}, {"decimal32(3)", "Decimal(9, 3)"},
		{"NUMERIC(30,2)", "Decimal(30, 2)"}, {"Decimal256(5)", "Decimal(76, 5)"},
		{"FixedString(16)", "FixedString(16)"}, {"BINARY(4)", "FixedString(4)"},
		{"datetime('Europe/Berlin')", "DateTime('Europe/Berlin')"}, {"DateTime(3)", "DateTime64(3)"},
		{"DateTime64", "DateTime64(3)"}, {"DateTime64(6,'UTC')", "DateTime64(6, 'UTC')"}, {"Time64(6)", "Time64(6)"},
		{"Nullable(String)", "Nullable(String)"},
		{"LowCardinality(Nullable(String))", "LowCardinality(Nullable(String))"},
		{"Array(Array(Nullable(Int8)))", "Array(Array(Nullable(Int8)))"},
		{"Map(String,Array(UInt64))", "Map(String, Array(UInt64))"},
		{"Variant(UInt8, String, UInt8)", "Variant(String, UInt8)"}, {"Tuple(UInt8,String)", "Tuple(UInt8, String)"},
		{"Tuple(a UInt8, `b c` String)", "Tuple(a UInt8, `b c` String)"}, {"Tuple(Date Date)", "Tuple(Date Date)"},
		{"Tuple(double precision)", "Tuple(Float64)"}, {"Tuple()", "Tuple()"},
		{"Nested(a UInt8,b Array(String))", "Nested(a UInt8, b Array(String))"},
		{"Enum('a','b'=5,'c')", "Enum8('a' = 1, 'b' = 5, 'c' = 6)"}, {"Enum('x'=1000)", "Enum16('x' = 1000)"},
		{"Enum8('b'=2,'a'=-1)", "Enum8('a' = -1, 'b' = 2)"}, {"Enum8('it\\'s'=1)", "Enum8('it\\'s' = 1)"},
		{"IntervalDay", "IntervalDay"}, {"UUID", "UUID"}, {"IPv4", "IPv4"}, {"INET6", "IPv6"},
		{"Point", "Point"}, {"MultiPolygon", "MultiPolygon"}, {"Array(Ring)", "Array(Ring)"},
		{"AggregateFunction(quantiles(0.5,0.9), UInt64)", "AggregateFunction(quantiles(0.5, 0.9), UInt64)"},
		{"AggregateFunction(count)", "AggregateFunction(count)"},
		{"SimpleAggregateFunction(sum, UInt64)", "SimpleAggregateFunction(sum, UInt64)"},
		{"SimpleAggregateFunction(anyLast, Nullable(String))", "SimpleAggregateFunction(anyLast, Nullable(String))"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
		const struct type *t = parse(pairs[i][0]);
		is_str(type_name(&arena, t), pairs[i][1], pairs[i][0]);
		const struct type *again = parse(pairs[i][1]), *copy = type_copy(&arena, t);
		ok(type_equal(t, again) && type_equal(t, copy), "%s: equal when read again and when copied", pairs[i][0]);
	}
}

static void refusals(void)
{
	static const struct {
		const char *text;
		enum status status;
	} cases[] = {
		{"Strin", E_UNKNOWN_TYPE}, {"", E_SYNTAX}, {"Array(", E_SYNTAX}, {"Array(UInt8", E_SYNTAX}, {"UInt8)", E_SYNTAX},
		{"Nullable(Array(UInt8))", E_ILLEGAL_TYPE_OF_ARGUMENT}, {"LowCardinality(Array(UInt8))", E_ILLEGAL_TYPE_OF_ARGUMENT},
		{"Decimal(77, 1)", E_ARGUMENT_OUT_OF_BOUND}, {"Decimal(5, 6)", E_ARGUMENT_OUT_OF_BOUND},
		{"DateTime64(10)", E_ARGUMENT_OUT_OF_BOUND}, {"FixedString(0)", E_ARGUMENT_OUT_OF_BOUND},
		{"Enum8('a'=1,'b'=1)", E_SYNTAX}, {"Enum8('a'=1,'a'=2)", E_SYNTAX}, {"Enum8('a'=200)", E_ARGUMENT_OUT_OF_BOUND},
		{"Variant(Nullable(UInt8), String)", E_BAD_ARGUMENTS}, {"Variant", E_BAD_ARGUMENTS},
		{"JSON", E_NOT_IMPLEMENTED}, {"uint8", E_UNKNOWN_TYPE},
		{"Tuple(a UInt8, String)", E_BAD_ARGUMENTS}, {"Map(Nullable(String), UInt8)", E_BAD_ARGUMENTS},
		{"DateTime('Mars/Phobos')", E_BAD_ARGUMENTS},
	};
	struct error err;
	const struct type *t;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		error_init(&err);
		enum status s = type_parse(&arena, str_of(cases[i].text), &t, &err);
		if (!ok(s == cases[i].status, "'%s' is refused", cases[i].text))
			printf("# %s %s\n", status_name(s), err.message);
	}
	char deep[1024] = "";
	for (int i = 0; i < 100; i++)
		memcpy(deep + i * 6, "Array(", 7);
	error_init(&err);
	ok(type_parse(&arena, str_of(deep), &t, &err) == E_AST_TOO_DEEP, "depth is limited");
}

static void common(void)
{
	static const char *const cases[][3] = {
		{"UInt8", "Int8", "Int16"}, {"UInt8", "Float32", "Float32"}, {"Int32", "Float32", "Float64"},
		{"Int16", "Float32", "Float32"}, {"UInt32", "Int8", "Int64"}, {"UInt16", "Int128", "Int128"},
		{"UInt128", "Int8", "Int256"}, {"UInt256", "UInt8", "UInt256"}, {"UInt64", "Int64", NULL},
		{"Int64", "Float64", NULL}, {"Bool", "UInt8", "Bool"}, {"Bool", "Int16", "Int16"},
		{"Date", "DateTime", "DateTime"}, {"Date32", "DateTime", "DateTime64(0)"}, {"Date", "DateTime64(3)", "DateTime64(3)"},
		{"Date", "Date32", "Date32"}, {"Decimal32(2)", "Int32", "Decimal(18, 2)"}, {"Decimal32(2)", "Int64",
			"Decimal(38, 2)"},
		{"Decimal32(2)", "Decimal64(4)", "Decimal(18, 4)"}, {"Decimal32(2)", "UInt8", "Decimal(9, 2)"},
		{"Decimal128(20)", "Int64", "Decimal(76, 20)"}, {"Decimal32(2)", "Float32", NULL},
		{"DateTime64(3, 'UTC')", "DateTime64(6, 'Europe/Berlin')", "DateTime64(6, 'Europe/Berlin')"},
		{"DateTime", "DateTime('Europe/Berlin')", "DateTime"},
		{"DateTime('Asia/Tokyo')", "DateTime('Europe/Berlin')", "DateTime('Asia/Tokyo')"},
		{"FixedString(3)", "FixedString(4)", "String"}, {"FixedString(3)", "String", "String"},
		{"LowCardinality(String)", "String", "String"},
		{"LowCardinality(String)", "LowCardinality(FixedString(2))", "LowCardinality(String)"},
		{"LowCardinality(Nullable(String))", "String", "Nullable(String)"}, {"Nullable(Nothing)", "UInt8", "Nullable(UInt8)"},
		{"Array(Nothing)", "Array(UInt8)", "Array(UInt8)"}, {"Tuple(UInt8, String)", "Tuple(UInt16, String)",
			"Tuple(UInt16, String)"},
		{"Tuple(a UInt8, b UInt8)", "Tuple(a UInt16, b UInt8)", "Tuple(a UInt16, b UInt8)"},
		{"Tuple(a UInt8, b UInt8)", "Tuple(UInt8, UInt8)", "Tuple(UInt8, UInt8)"},
		{"Map(String, UInt8)", "Map(String, UInt16)", "Map(String, UInt16)"}, {"Enum8('a'=1)", "Enum8('b'=2)", "Int8"},
		{"Enum8('a'=1)", "String", "String"}, {"IntervalDay", "IntervalHour", "IntervalHour"}, {"UInt8", "String", NULL},
		{"IPv4", "IPv6", NULL}, {"UUID", "String", NULL}, {"Tuple(UInt8)", "Tuple(UInt8, UInt8)", NULL},
	};
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const struct type *pair[] = {parse(cases[i][0]), parse(cases[i][1])}, *t;
		struct error err;
		error_init(&err);
		enum status s = type_common(&arena, pair, 2, &t, &err);
		if (cases[i][2] == NULL)
			ok(s == E_NO_COMMON_TYPE, "%s and %s have no common type", cases[i][0], cases[i][1]);
		else if (ok(s == OK, "%s and %s", cases[i][0], cases[i][1]))
			is_str(type_name(&arena, t), cases[i][2], "their common type");
	}
}

static void postgres(void)
{
	static const struct {
		const char *text, *stored, *shown;
		uint32_t oid;
	} cases[] = {
		{"integer", "Int32", "integer", 23}, {"INT4[]", "Array(Nullable(Int32))", "integer[]", 1007},
		{"int[][]", "Array(Array(Nullable(Int32)))", "integer[]", 1007},
		{"integer array", "Array(Nullable(Int32))", "integer[]", 1007},
		{"integer ARRAY[4]", "Array(Nullable(Int32))", "integer[]", 1007},
		{"character varying(20)", "String", "character varying(20)", 1043}, {"varchar", "String", "character varying", 1043},
		{"char(3)", "String", "character(3)", 1042}, {"char", "String", "character(1)", 1042}, {"bpchar", "String",
			"bpchar", 1042},
		{"\"char\"", "String", "\"char\"", 18}, {"numeric(10,2)", "Decimal(10, 2)", "numeric(10,2)", 1700},
		{"numeric(5)", "Decimal(5, 0)", "numeric(5,0)", 1700}, {"numeric", "Decimal(76, 38)", "numeric", 1700},
		{"timestamp(3) with time zone", "DateTime64(6, 'UTC')", "timestamp(3) with time zone", 1184},
		{"timestamp", "DateTime64(6, 'UTC')", "timestamp without time zone", 1114},
		{"pg_catalog.timestamptz", "DateTime64(6, 'UTC')", "timestamp with time zone", 1184},
		{"time without time zone", "Time64(6)", "time without time zone", 1083}, {"date", "Date32", "date", 1082},
		{"bigserial", "UInt64", "bigint", 20}, {"serial", "UInt64", "integer", 23}, {"float(20)", "Float32", "real", 700},
		{"double precision", "Float64", "double precision", 701}, {"vector(3)", "Array(Float32)", "vector(3)", 16392},
		{"jsonb", "String", "jsonb", 3802}, {"uuid", "UUID", "uuid", 2950}, {"bytea", "String", "bytea", 17},
		{"interval day to second(3)", "Tuple(months Int32, days Int32, microseconds Int64)", "interval(3)", 1186},
		{"text[]", "Array(Nullable(String))", "text[]", 1009}, {"oid", "UInt32", "oid", 26}, {"regclass", "UInt32",
			"regclass", 2205},
	};
	struct error err;
	const struct type *t;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		error_init(&err);
		if (!ok(type_parse_pg(&arena, str_of(cases[i].text), 6, &t, &err) == OK, "%s", cases[i].text)) {
			printf("# %s\n", err.message);
			continue;
		}
		is_str(type_name(&arena, t), cases[i].stored, "stored as");
		is_str(type_pg_name(&arena, t), cases[i].shown, "shown as");
		is_int(type_oid(t), cases[i].oid, "its OID");
	}
	ok(type_parse_pg(&arena, STR("UInt8"), 6, &t, NULL) == E_UNKNOWN_TYPE, "UInt8 is none of PostgreSQL's");
	ok(type_parse_pg(&arena, STR("money"), 6, &t, NULL) == E_NOT_IMPLEMENTED, "money is not supported yet");
	ok(type_pg_is_serial(STR("BIGSERIAL")) && !type_pg_is_serial(STR("bigint")), "serial types");
	ok(type_parse_pg(&arena, STR("serial"), 6, &t, NULL) == OK, "serial");
	is_str(type_name(&arena, type_of_face(&arena, t)), "Int32", "a serial computes as Int32");
	ok(type_parse_pg(&arena, STR("numeric"), 6, &t, NULL) == OK, "numeric");
	is_str(type_name(&arena, type_of_face(&arena, t)), "Numeric", "a numeric computes as Numeric");
	ok(type_parse_pg(&arena, STR("interval"), 6, &t, NULL) == OK, "interval");
	is_str(type_name(&arena, type_of_face(&arena, type_nullable(&arena, t))), "Nullable(PgInterval)",
	       "an interval as PgInterval");
}

static void faces(void)
{
	is_int(type_oid(parse("UInt64")), 1700, "UInt64 is numeric");
	is_str(type_pg_name(&arena, parse("UInt64")), "numeric(20,0)", "with twenty digits");
	is_str(type_pg_name(&arena, parse("Decimal(10,2)")), "numeric(10,2)", "Decimal");
	is_int(type_oid(parse("Array(Array(String))")), 1009, "Array(Array(String)) is text[]");
	is_int(type_oid(parse("DateTime('UTC')")), 1184, "DateTime with a zone is timestamptz");
	is_int(type_oid(parse("DateTime")), 1114, "DateTime without one is timestamp");
	is_int(type_oid(parse("Map(String, UInt8)")), 3802, "Map is jsonb");
	is_int(type_oid(parse("LowCardinality(Nullable(String))")), 25, "LowCardinality is as its argument");
	is_str(type_name(&arena, type_from_oid(&arena, 1007, -1)), "Array(Nullable(Int32))", "_int4");
	is_str(type_name(&arena, type_from_oid(&arena, 1700, numeric_typmod(12, 3))), "Decimal(12, 3)", "numeric(12,3)");
	is_str(type_name(&arena, type_from_oid(&arena, 1700, -1)), "Numeric", "numeric");
	ok(type_from_oid(&arena, 999999, -1) == NULL, "an unknown OID");
	is_int(numeric_typmod_scale(numeric_typmod(5, -2)), -2, "negative scales survive the typmod");
}

int main(void)
{
	arena_init(&arena, NULL);
	names();
	refusals();
	common();
	postgres();
	faces();
	arena_fini(&arena);
	return tap_done();
}
