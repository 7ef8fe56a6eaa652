// SPDX-License-Identifier: Apache-2.0
/* Types as text in both dialects' spelling. */
#include <assert.h>

#include "base/strbuf.h"
#include "column/type.h"

static const char *const type_names[TYPE_COUNT] = {
#define TYPE_ROW(id, name, phys, width, face) [TYPE_##id] = name,
#include "column/types.def"
#undef TYPE_ROW
};

static const char *const unit_names[UNIT_COUNT] = {
	[UNIT_NONE] = "", [UNIT_NANOSECOND] = "Nanosecond", [UNIT_MICROSECOND] = "Microsecond",
	[UNIT_MILLISECOND] = "Millisecond", [UNIT_SECOND] = "Second", [UNIT_MINUTE] = "Minute", [UNIT_HOUR] = "Hour",
	[UNIT_DAY] = "Day", [UNIT_WEEK] = "Week", [UNIT_MONTH] = "Month", [UNIT_QUARTER] = "Quarter", [UNIT_YEAR] = "Year",
};

static void put_name(struct strbuf *to, const struct type *t);

/* 'text' with ClickHouse's backslash escapes. */
static void put_quoted(struct strbuf *to, struct str s, char quote)
{
	static const char from[] = "\b\f\n\r\t\\", letters[] = "bfnrt\\";
	strbuf_putc(to, quote);
	for (size_t i = 0; i < s.size; i++) {
		const char *e = s.data[i] == '\0' ? NULL : strchr(from, s.data[i]);
		if (s.data[i] == '\0' || s.data[i] == quote || e != NULL) {
			strbuf_putc(to, '\\');
			strbuf_putc(to, s.data[i] == '\0' ? '0' : e != NULL ? letters[e - from] : quote);
		} else {
			strbuf_putc(to, s.data[i]);
		}
	}
	strbuf_putc(to, quote);
}

/* An element's name, in back quotes where it is no identifier. */
static void put_identifier(struct strbuf *to, struct str s)
{
	bool plain = s.size != 0 && !(s.data[0] >= '0' && s.data[0] <= '9');
	for (size_t i = 0; i < s.size; i++) {
		char c = ascii_lower(s.data[i]);
		plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
	}
	if (plain && !str_eq_nocase(s, STR("null")) && !str_eq_nocase(s, STR("distinct")) && !str_eq_nocase(s, STR("all")))
		strbuf_puts(to, s);
	else
		put_quoted(to, s, '`');
}

static void put_children(struct strbuf *to, const struct type *t)
{
	for (uint32_t i = 0; i < t->child_count; i++) {
		if (i != 0)
			strbuf_putz(to, ", ");
		if (t->names != NULL) {
			put_identifier(to, t->names[i]);
			strbuf_putc(to, ' ');
		}
		put_name(to, t->children[i]);
	}
}

static void put_enum(struct strbuf *to, const struct type *t)
{
	for (uint32_t i = 0; i < t->value_count; i++) {
		if (i != 0)
			strbuf_putz(to, ", ");
		put_quoted(to, t->values[i].name, '\'');
		strbuf_putz(to, " = ");
		strbuf_put_i64(to, t->values[i].value);
	}
}

static void put_arguments(struct strbuf *to, const struct type *t)
{
	switch ((enum type_id)t->id) {
	case TYPE_FIXEDSTRING:
		strbuf_printf(to, "(%u)", t->length);
		break;
	case TYPE_DATETIME64:
		strbuf_printf(to, "(%u", t->scale);
		if (t->tz != NULL) {
			strbuf_putz(to, ", ");
			put_quoted(to, timezone_name(t->tz), '\'');
		}
		strbuf_putc(to, ')');
		break;
	case TYPE_DATETIME:
		if (t->tz != NULL) {
			strbuf_putc(to, '(');
			put_quoted(to, timezone_name(t->tz), '\'');
			strbuf_putc(to, ')');
		}
		break;
	case TYPE_TIME64:
		strbuf_printf(to, "(%u)", t->scale);
		break;
	case TYPE_ENUM8:
	case TYPE_ENUM16:
		strbuf_putc(to, '(');
		put_enum(to, t);
		strbuf_putc(to, ')');
		break;
	case TYPE_AGGSTATE:
		strbuf_putc(to, '(');
		strbuf_puts(to, t->aggregate);
		if (t->child_count != 0)
			strbuf_putz(to, ", ");
		put_children(to, t);
		strbuf_putc(to, ')');
		break;
	case TYPE_VARIANT:
		strbuf_putc(to, '(');
		for (uint32_t i = 1; i < t->child_count; i++) {
			strbuf_putz(to, i == 1 ? "" : ", ");
			put_name(to, t->children[i]);
		}
		strbuf_putc(to, ')');
		break;
	case TYPE_ARRAY:
	case TYPE_TUPLE:
	case TYPE_MAP:
		strbuf_putc(to, '(');
		put_children(to, t);
		strbuf_putc(to, ')');
		break;
	default:
		break;
	}
}

static void put_plain(struct strbuf *to, const struct type *t)
{
	if (t->alias.size != 0) {
		strbuf_puts(to, t->alias);
	} else if (type_is_decimal(t)) {
		strbuf_printf(to, "Decimal(%u, %u)", t->precision, t->scale);
	} else {
		strbuf_putz(to, type_names[t->id]);
		if (t->id == TYPE_INTERVAL)
			strbuf_putz(to, unit_names[t->scale < UNIT_COUNT ? t->scale : UNIT_NONE]);
		put_arguments(to, t);
	}
}

static void put_name(struct strbuf *to, const struct type *t)
{
	if (t->simple_aggregate.size != 0) {
		strbuf_putz(to, "SimpleAggregateFunction(");
		strbuf_puts(to, t->simple_aggregate);
		strbuf_putz(to, ", ");
	}
	if (t->low_cardinality)
		strbuf_putz(to, "LowCardinality(");
	bool nullable = t->nullable && t->id != TYPE_VARIANT; /* it has its own NULL */
	if (nullable)
		strbuf_putz(to, "Nullable(");
	put_plain(to, t);
	for (int i = nullable + t->low_cardinality + (t->simple_aggregate.size != 0); i > 0; i--)
		strbuf_putc(to, ')');
}

struct str type_name(struct arena *a, const struct type *t)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	put_name(&b, t);
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static void put_pretty(struct strbuf *to, const struct type *t, unsigned indent)
{
	bool nested = t->id == TYPE_TUPLE || t->id == TYPE_ARRAY || t->id == TYPE_MAP;
	if (!nested || t->alias.size != 0 || t->nullable || t->low_cardinality || t->simple_aggregate.size != 0) {
		put_name(to, t);
		return;
	}
	strbuf_putz(to, type_names[t->id]);
	strbuf_putc(to, '(');
	for (uint32_t i = 0; i < t->child_count; i++) {
		if (t->names == NULL) {
			strbuf_putz(to, i == 0 ? "" : ", ");
			put_pretty(to, t->children[i], indent);
			continue;
		}
		strbuf_printf(to, "%s\n%*s", i == 0 ? "" : ",", (int)indent + 4, "");
		put_identifier(to, t->names[i]);
		strbuf_putc(to, ' ');
		put_pretty(to, t->children[i], indent + 4);
	}
	strbuf_putc(to, ')');
}

struct str type_pretty_name(struct arena *a, const struct type *t)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	put_pretty(&b, t, 0);
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

struct str type_id_name(enum type_id id)
{
	assert(id < TYPE_COUNT);
	return str_of(type_names[id]);
}

struct str interval_unit_name(enum interval_unit unit)
{
	assert(unit < UNIT_COUNT);
	return str_of(unit_names[unit]);
}

/* format_type() of a face that is no array. */
static struct str face_name(struct arena *a, enum face face, int32_t typmod)
{
	const char *sql = face_info(face)->sql;
	if (typmod < 0)
		return str_of(face == FACE_BPCHAR ? "bpchar" : sql);
	switch (face) {
	case FACE_VARCHAR:
	case FACE_BPCHAR:
		return arena_strf(a, "%s(%d)", sql, typmod - PG_VARHDRSZ);
	case FACE_NUMERIC:
		return arena_strf(a, "numeric(%d,%d)", numeric_typmod_precision(typmod), numeric_typmod_scale(typmod));
	case FACE_TIMESTAMP: return arena_strf(a, "timestamp(%d) without time zone", typmod);
	case FACE_TIMESTAMPTZ: return arena_strf(a, "timestamp(%d) with time zone", typmod);
	case FACE_TIME: return arena_strf(a, "time(%d) without time zone", typmod);
	case FACE_INTERVAL:
		return (typmod & 0xffff) == 0xffff ? str_of(sql) : arena_strf(a, "interval(%d)", typmod & 0xffff);
	case FACE_VECTOR: return arena_strf(a, "vector(%d)", typmod);
	default: return str_of(sql);
	}
}

static struct str pg_name(struct arena *a, const struct type *t, bool modified)
{
	bool array = false;
	while (type_face(t) == FACE_ARRAY) {
		array = true;
		t = t->children[0];
	}
	struct str name = modified ? face_name(a, type_face(t), type_typmod(t)) : str_of(face_info(type_face(t))->sql);
	return array ? arena_strf(a, "%.*s[]", STR_ARG(name)) : name;
}

struct str type_pg_name(struct arena *a, const struct type *t)
{
	return pg_name(a, t, true);
}

struct str type_pg_base_name(struct arena *a, const struct type *t)
{
	return pg_name(a, t, false);
}
