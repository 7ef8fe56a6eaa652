// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_TYPE_H
#define COLUMN_TYPE_H
/*
 * Types: what a column, an expression or a value is. One system for both dialects (dialects.md).
 *
 * Physically a type is what ClickHouse has; beside that it carries a face, the PostgreSQL type under which the wire and
 * pg_attribute show it. Nullable and LowCardinality are flags of a type, not wrappers: LowCardinality(Nullable(String))
 * is {STRING, nullable, low_cardinality}. SimpleAggregateFunction is its argument's type with `simple_aggregate` named.
 *
 * A struct type is immutable once built and lives in the arena it was built in; whoever keeps one longer copies it with
 * type_copy(). Equality is structural (type_equal), so pointers mean nothing. `Numeric` (a scale per value),
 * `PgInterval` and `Function` (lambdas) occur in expressions only, never in a stored column.
 */
#include "base/arena.h"
#include "base/interval_unit.h"
#include "base/timezone.h"
#include "base/wide.h"

enum physical {
	PHYS_NONE, /* no data: Nothing */
	PHYS_I8, PHYS_I16, PHYS_I32, PHYS_I64, PHYS_I128, PHYS_I256,
	PHYS_U8, PHYS_U16, PHYS_U32, PHYS_U64, PHYS_U128, PHYS_U256,
	PHYS_F32, PHYS_F64,
	PHYS_STR,   /* struct strview */
	PHYS_ARRAY, /* offsets + one child */
	PHYS_TUPLE, /* children only */
	PHYS_MAP,   /* offsets + keys + values */
	PHYS_COUNT
};

enum type_id {
#define TYPE_ROW(id, name, phys, width, face) TYPE_##id,
#include "column/types.def"
#undef TYPE_ROW
	TYPE_COUNT
};

enum face {
	FACE_DEFAULT, /* the one that types.def gives */
#define FACE_ROW(id, name, oid, array_oid, len, category, sql) FACE_##id,
#include "column/faces.def"
#undef FACE_ROW
	FACE_COUNT
};

/* Deepest nesting of a type, which bounds every recursion over types and values; longest FixedString. */
enum { TYPE_DEPTH_MAX = 64, FIXED_STRING_MAX = 0xffffff };

struct enum_value {
	struct str name;
	int16_t value;
};

struct type {
	uint8_t id;              /* enum type_id */
	bool nullable;
	bool low_cardinality;
	uint8_t face;            /* enum face */
	int32_t typmod;          /* of the face, PostgreSQL's encoding; -1: none; FACE_ENUM: the OID of the named type */
	uint8_t precision;       /* Decimal: total digits */
	uint8_t scale;           /* Decimal, DateTime64, Time64: digits behind the point; Interval: enum interval_unit */
	uint32_t length;         /* FixedString: bytes */
	const struct timezone *tz; /* DateTime, DateTime64: the declared zone, NULL for the session's */
	uint32_t child_count;    /* Array 1, Map 2 (key, value), Tuple n, AggregateFunction: its arguments */
	const struct type **children;
	struct str *names;       /* Tuple: element names, or NULL when it has none; */
	const struct enum_value *values; /* Enum: ascending by value */
	uint32_t value_count;
	struct str aggregate;    /* AggregateFunction: "quantiles(0.5, 0.9)", parameters included */
	struct str simple_aggregate; /* SimpleAggregateFunction: the same text, else empty */
	struct str alias;        /* the name to print instead: "Point", "Nested(…)"; else empty */
};

/* ---- what a type is ---- */
enum physical type_physical(const struct type *t);
/* Bytes of one value in a vector's data: 1 to 32, 16 for strings, 0 for arrays, maps and tuples. */
size_t physical_size(enum physical p);
/* Bytes of one value on disk; FixedString's length; 0 when not fixed. */
size_t type_disk_size(const struct type *t);
enum face type_face(const struct type *t);
/* Arrays give the element's array OID. A type made by CREATE TYPE has two OIDs in a row, the second its array's. */
uint32_t type_oid(const struct type *t);
/* The typmod that pg_attribute and RowDescription show: the face's own, or Decimal(10, 2)'s numeric(10,2). */
int32_t type_typmod(const struct type *t);
bool type_is_integer(const struct type *t);  /* Int*, UInt*; not Bool, Enum, dates */
bool type_is_signed(const struct type *t);
bool type_is_float(const struct type *t);
bool type_is_decimal(const struct type *t);  /* Decimal32 … Decimal256 */
bool type_is_number(const struct type *t);   /* integer, float, decimal, Bool, Numeric */
bool type_is_string(const struct type *t);   /* String, FixedString */
bool type_is_object(const struct type *t);   /* regclass, regtype, regproc, regnamespace */
bool type_is_temporal(const struct type *t); /* Date, Date32, DateTime, DateTime64 */
/* Equal in all that values and text depend on; _physical ignores names, faces and zones. */
bool type_equal(const struct type *a, const struct type *b);
bool type_equal_physical(const struct type *a, const struct type *b);

/* ---- building, all into an arena ---- */
const struct type *type_simple(enum type_id id); /* static, for the types without arguments; also String */
const struct type *type_nullable(struct arena *a, const struct type *t); /* t itself when it already is */
const struct type *type_not_nullable(struct arena *a, const struct type *t);
const struct type *type_plain(struct arena *a, const struct type *t); /* without Nullable and LowCardinality */
const struct type *type_low_cardinality(struct arena *a, const struct type *t, bool low_cardinality);
const struct type *type_with_face(struct arena *a, const struct type *t, enum face face, int32_t typmod);
const struct type *type_decimal(struct arena *a, unsigned precision, unsigned scale); /* narrowest that holds it */
const struct type *type_datetime(struct arena *a, const struct timezone *tz);
const struct type *type_datetime64(struct arena *a, unsigned scale, const struct timezone *tz);
const struct type *type_time64(struct arena *a, unsigned scale);
const struct type *type_fixed_string(struct arena *a, uint32_t length);
const struct type *type_interval(struct arena *a, enum interval_unit unit);
/* Values in any order; names stay where they are (type_copy copies them). */
const struct type *type_enum(struct arena *a, enum type_id id, const struct enum_value *values, uint32_t n);
const struct type *type_array(struct arena *a, const struct type *element);
const struct type *type_map(struct arena *a, const struct type *key, const struct type *value);
const struct type *type_tuple(struct arena *a, const struct type *const *elements, const struct str *names, uint32_t n);
const struct type *type_aggregate(struct arena *a, struct str aggregate, const struct type *const *args, uint32_t n);
const struct type *type_copy(struct arena *a, const struct type *t);

/* ---- text ---- */
/* ClickHouse's spelling: "LowCardinality(Nullable(String))". */
struct str type_name(struct arena *a, const struct type *t);
/* The same with the elements of named tuples on lines of their own, as toTypeName() shows them. */
struct str type_pretty_name(struct arena *a, const struct type *t);
/* PostgreSQL's (format_type): "character varying(20)", "integer[]". */
struct str type_pg_name(struct arena *a, const struct type *t);
/* Without length and precision, as pg_typeof() and messages have it: "character varying". */
struct str type_pg_base_name(struct arena *a, const struct type *t);
/* The i-th name that the type parser takes: "" where there is nothing to show; alias_to: "" or what it means. */
bool type_family_at(uint32_t i, const char **name, bool *nocase, const char **alias_to);
struct str type_id_name(enum type_id id);                 /* "Decimal64": of the family, static */
struct str interval_unit_name(enum interval_unit unit);   /* "Day" */
/* Parses ClickHouse's spelling, aliases ("BIGINT", "Datetime") included. Zones, enum values and scales are checked. */
enum status type_parse(struct arena *a, struct str text, const struct type **out, struct error *err) MUST_CHECK;
/*
 * Parses PostgreSQL's spelling and gives the stored type with face and typmod by the table in dialects.md: "character
 * varying(20)", "timestamp(3) with time zone", "int[]", "bigserial" (UInt64, face int8). E_UNKNOWN_TYPE when it is
 * none of PostgreSQL's: ClickHouse's spelling may be tried then. timestamptz_scale: 6, or what timestamptz_precision
 * says.
 */
enum status type_parse_pg(struct arena *a, struct str text, unsigned timestamptz_scale, const struct type **out,
                          struct error *err) MUST_CHECK;
/* Whether the spelling asks for a sequence default: serial, bigserial, smallserial. */
bool type_pg_is_serial(struct str text);
/* The type of a PostgreSQL OID and typmod as an expression has it (int4 -> Int32 with that face); NULL when unknown. */
const struct type *type_from_oid(struct arena *a, uint32_t oid, int32_t typmod);

/*
 * The least type that holds values of both, by ClickHouse's rules (UInt8 + Int8 -> Int16, UInt64 + Int64 -> error,
 * Date + DateTime -> DateTime, Nullable spreads, LowCardinality is dropped unless both have it). E_NO_COMMON_TYPE.
 */
enum status type_common(struct arena *a, const struct type *const *types, uint32_t n, const struct type **out,
                        struct error *err) MUST_CHECK;

/*
 * The type's own default as ClickHouse has it: 0, '', epoch, [], the first enum value. NULL for Nullable is the
 * caller's. Fixed-width types: the value's bytes, from bytes[0] on. Strings: that many zero bytes (FixedString,
 * Numeric), else 0.
 */
union type_default {
	uint8_t bytes[32];
	int8_t i8;
	int16_t i16;
};
union type_default type_default_value(const struct type *t);
uint32_t type_default_size(const struct type *t);

/*
 * The type in which the postgresql dialect computes with a column: an explicit face decides (serial: Int32, interval:
 * PgInterval, numeric without typmod: Numeric), Decimal and DateTime64 stay, so does what has no explicit face.
 */
const struct type *type_of_face(struct arena *a, const struct type *t);

/* pg_type facts of a face. */
struct face_info {
	const char *name, *sql;
	uint32_t oid, array_oid;
	int16_t length;
	char category;
};
const struct face_info *face_info(enum face f);
enum face face_by_oid(uint32_t oid); /* FACE_COUNT when unknown */

/* Typmods as PostgreSQL encodes them; varchar and char: length + PG_VARHDRSZ. */
enum { PG_VARHDRSZ = 4 };
static inline int32_t numeric_typmod(int precision, int scale)
{
	return ((precision << 16) | (scale & 0x7ff)) + PG_VARHDRSZ;
}
static inline int numeric_typmod_precision(int32_t typmod)
{
	return (typmod - PG_VARHDRSZ) >> 16 & 0xffff;
}
static inline int numeric_typmod_scale(int32_t typmod)
{
	return (((typmod - PG_VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
}

#endif
