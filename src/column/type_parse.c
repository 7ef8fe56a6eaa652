// SPDX-License-Identifier: Apache-2.0
/* ClickHouse's type names to types: recursive descent, one function per family with arguments. */
#include <assert.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "column/variant.h"

struct type_parser {
	struct arena *arena;
	struct str text;
	size_t at;
	unsigned depth;
	struct error *err;
};

/* Types that need arguments or build something else than themselves. */
enum family {
	FAMILY_SIMPLE, FAMILY_DECIMAL, FAMILY_DECIMAL_N, FAMILY_DATETIME, FAMILY_DATETIME64, FAMILY_TIME64, FAMILY_FIXED,
	FAMILY_ENUM, FAMILY_NULLABLE, FAMILY_LOW_CARDINALITY, FAMILY_ARRAY, FAMILY_TUPLE, FAMILY_MAP, FAMILY_NESTED,
	FAMILY_AGGREGATE, FAMILY_SIMPLE_AGGREGATE, FAMILY_INTERVAL, FAMILY_GEO, FAMILY_VARIANT, FAMILY_MISSING
};

struct family_name {
	const char *name;
	uint8_t family;
	uint8_t id;   /* enum type_id, or the depth of a geo type, or the unit of an interval */
	bool nocase;
};

static const struct family_name families[] = {
	{"AggregateFunction", FAMILY_AGGREGATE, TYPE_AGGSTATE, false},
	{"Array", FAMILY_ARRAY, TYPE_ARRAY, false},
	{"BFloat16", FAMILY_MISSING, 0, false},
	{"Date", FAMILY_SIMPLE, TYPE_DATE, true},
	{"Date32", FAMILY_SIMPLE, TYPE_DATE32, true},
	{"DateTime", FAMILY_DATETIME, TYPE_DATETIME, true},
	{"DateTime32", FAMILY_DATETIME, TYPE_DATETIME, true},
	{"DateTime64", FAMILY_DATETIME64, TYPE_DATETIME64, true},
	{"DEC", FAMILY_DECIMAL, 0, true},
	{"Decimal", FAMILY_DECIMAL, 0, true},
	{"Decimal128", FAMILY_DECIMAL_N, TYPE_DECIMAL128, true},
	{"Decimal256", FAMILY_DECIMAL_N, TYPE_DECIMAL256, true},
	{"Decimal32", FAMILY_DECIMAL_N, TYPE_DECIMAL32, true},
	{"Decimal64", FAMILY_DECIMAL_N, TYPE_DECIMAL64, true},
	{"Dynamic", FAMILY_MISSING, 0, false},
	{"Enum", FAMILY_ENUM, 0, true},
	{"Enum16", FAMILY_ENUM, TYPE_ENUM16, false},
	{"Enum8", FAMILY_ENUM, TYPE_ENUM8, false},
	{"FIXED", FAMILY_DECIMAL, 0, true},
	{"FixedString", FAMILY_FIXED, TYPE_FIXEDSTRING, false},
	{"Geometry", FAMILY_MISSING, 0, true},
	{"JSON", FAMILY_MISSING, 0, true},
	{"LineString", FAMILY_GEO, 1, false},
	{"LowCardinality", FAMILY_LOW_CARDINALITY, 0, false},
	{"Map", FAMILY_MAP, TYPE_MAP, false},
	{"MultiLineString", FAMILY_GEO, 2, false},
	{"MultiPolygon", FAMILY_GEO, 3, false},
	{"Nested", FAMILY_NESTED, 0, false},
	{"Nullable", FAMILY_NULLABLE, 0, false},
	{"NUMERIC", FAMILY_DECIMAL, 0, true},
	{"Object", FAMILY_MISSING, 0, true},
	{"Point", FAMILY_GEO, 0, false},
	{"Polygon", FAMILY_GEO, 2, false},
	{"QBit", FAMILY_MISSING, 0, false},
	{"Ring", FAMILY_GEO, 1, false},
	{"SimpleAggregateFunction", FAMILY_SIMPLE_AGGREGATE, 0, false},
	{"Time", FAMILY_SIMPLE, TYPE_TIME, true},
	{"Time64", FAMILY_TIME64, TYPE_TIME64, true},
	{"Tuple", FAMILY_TUPLE, TYPE_TUPLE, false},
	{"Variant", FAMILY_VARIANT, TYPE_VARIANT, false},
#define ALIAS_ROW(name, type) {name, TYPE_##type == TYPE_FIXEDSTRING ? FAMILY_FIXED : \
	TYPE_##type == TYPE_DATETIME ? FAMILY_DATETIME : FAMILY_SIMPLE, TYPE_##type, true},
#include "column/type_aliases.def"
#undef ALIAS_ROW
};

bool type_family_at(uint32_t i, const char **name, bool *nocase, const char **alias_to)
{
	if (i < TYPE_COUNT) { /* what has no row of its own above */
		*name = type_id_name((enum type_id)i).data;
		*nocase = false;
		*alias_to = "";
		for (size_t k = 0; k < ARRAY_COUNT(families); k++)
			if (strcmp(families[k].name, *name) == 0)
				*name = "";
		return true;
	}
	i -= TYPE_COUNT;
	if (i >= ARRAY_COUNT(families))
		return false;
	const struct family_name *f = &families[i];
	*name = f->family == FAMILY_MISSING ? "" : f->name;
	*nocase = f->nocase;
	struct str own = type_id_name((enum type_id)f->id);
	bool alias = f->family == FAMILY_SIMPLE || f->family == FAMILY_FIXED || f->family == FAMILY_DATETIME;
	*alias_to = alias && !str_eq(own, str_of(f->name)) ? own.data : "";
	if (f->family == FAMILY_DECIMAL && strcmp(f->name, "Decimal") != 0)
		*alias_to = "Decimal";
	return true;
}

/* Type ids that are written by their name alone. */
static bool is_simple(enum type_id id)
{
	return (id <= TYPE_FLOAT64) || id == TYPE_STRING || id == TYPE_UUID || id == TYPE_IPV4 || id == TYPE_IPV6;
}

static enum status parse_type(struct type_parser *p, const struct type **out);

static enum status fail(struct type_parser *p, const char *what)
{
	return ERR(p->err, E_SYNTAX, "Syntax error in data type '%.*s' at position %zu: %s", STR_ARG(p->text), p->at + 1,
	           what);
}

static void skip(struct type_parser *p)
{
	while (p->at < p->text.size &&
	       (p->text.data[p->at] == ' ' || (p->text.data[p->at] >= '\t' && p->text.data[p->at] <= '\r')))
		p->at++;
}

static bool peek(struct type_parser *p, char c)
{
	skip(p);
	return p->at < p->text.size && p->text.data[p->at] == c;
}

static bool take(struct type_parser *p, char c)
{
	bool there = peek(p, c);
	p->at += there;
	return there;
}

static enum status expect(struct type_parser *p, char c)
{
	char what[] = "expected 'x'";
	what[10] = c;
	return take(p, c) ? OK : fail(p, what);
}

static bool is_word_char(char c)
{
	return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* A bare identifier; empty when there is none. */
static struct str take_word(struct type_parser *p)
{
	skip(p);
	size_t start = p->at;
	while (p->at < p->text.size && is_word_char(p->text.data[p->at]))
		p->at++;
	return str_make(p->text.data + start, p->at - start);
}

/* Text in quotes with backslash escapes or doubled quotes, decoded. */
static enum status take_quoted(struct type_parser *p, char quote, struct str *out)
{
	static const char letters[] = "bfnrt0", bytes[] = "\b\f\n\r\t";
	TRY(expect(p, quote));
	char *to = arena_alloc(p->arena, p->text.size - p->at + 1);
	size_t n = 0;
	for (; p->at < p->text.size; p->at++) {
		char c = p->text.data[p->at];
		if (c == quote) {
			if (p->at + 1 == p->text.size || p->text.data[p->at + 1] != quote)
				break;
			p->at++;
		} else if (c == '\\' && p->at + 1 < p->text.size) {
			c = p->text.data[++p->at];
			const char *e = c == '\0' ? NULL : strchr(letters, c);
			c = e == NULL ? c : bytes[e - letters];
		}
		to[n++] = c;
	}
	if (p->at == p->text.size)
		return fail(p, "unterminated quotes");
	p->at++;
	*out = str_make(to, n);
	return OK;
}

static enum status take_integer(struct type_parser *p, int64_t min, int64_t max, int64_t *out)
{
	skip(p);
	size_t start = p->at;
	if (p->at < p->text.size && (p->text.data[p->at] == '-' || p->text.data[p->at] == '+'))
		p->at++;
	size_t digits = p->at;
	while (p->at < p->text.size && p->text.data[p->at] >= '0' && p->text.data[p->at] <= '9')
		p->at++;
	bool plus = p->text.data[start] == '+';
	if (p->at == digits || !str_to_i64(str_make(p->text.data + start + plus, p->at - start - plus), out))
		return fail(p, "expected a number");
	if (*out < min || *out > max)
		return ERR(p->err, E_ARGUMENT_OUT_OF_BOUND,
		           "Wrong argument %lld of data type '%.*s': it must be between %lld and %lld",
		           (long long)*out, STR_ARG(p->text), (long long)min, (long long)max);
	return OK;
}

static bool name_is(const struct family_name *f, struct str name)
{
	return f->nocase ? str_eq_nocase(str_of(f->name), name) : str_eq(str_of(f->name), name);
}

/* One-word and many-word names: the longest that matches at the position, "DOUBLE PRECISION" before "DOUBLE". */
static bool find_family(struct type_parser *p, struct family_name *out)
{
	enum { NAME_MAX_BYTES = 40 };
	char name[NAME_MAX_BYTES];
	size_t size = 0, end = p->at;
	bool found = false;
	for (;;) {
		struct str word = take_word(p);
		if (word.size == 0 || size + word.size + 1 > sizeof name)
			break;
		if (size != 0)
			name[size++] = ' ';
		memcpy(name + size, word.data, word.size);
		size += word.size;
		struct str so_far = {name, size};
		for (size_t i = 0; i < ARRAY_COUNT(families); i++) {
			if (name_is(&families[i], so_far)) {
				*out = families[i];
				end = p->at;
				found = true;
			}
		}
		for (enum type_id id = 0; id < TYPE_COUNT; id++) {
			if (is_simple(id) && str_eq(type_id_name(id), so_far)) {
				*out = (struct family_name){type_id_name(id).data, FAMILY_SIMPLE, (uint8_t)id, false};
				end = p->at;
				found = true;
			}
		}
		for (enum interval_unit u = UNIT_NONE + 1; u < UNIT_COUNT; u++) {
			if (str_starts_with(so_far, STR("Interval")) && str_eq(str_make(name + 8, size - 8), interval_unit_name(u))) {
				*out = (struct family_name){"Interval", FAMILY_INTERVAL, (uint8_t)u, false};
				end = p->at;
				found = true;
			}
		}
	}
	p->at = end;
	return found;
}

/* Length arguments that mean nothing: VARCHAR(20), INT(11), DOUBLE(5, 2). */
static enum status drop_arguments(struct type_parser *p)
{
	int64_t ignored;
	if (!take(p, '('))
		return OK;
	if (take(p, ')'))
		return OK;
	do
		TRY(take_integer(p, 0, INT64_MAX, &ignored));
	while (take(p, ','));
	return expect(p, ')');
}

static enum status parse_decimal_type(struct type_parser *p, const struct type **out)
{
	int64_t precision = 10, scale = 0;
	if (take(p, '(')) {
		TRY(take_integer(p, 1, 76, &precision));
		if (take(p, ','))
			TRY(take_integer(p, 0, precision, &scale));
		TRY(expect(p, ')'));
	}
	*out = type_decimal(p->arena, (unsigned)precision, (unsigned)scale);
	return OK;
}

static enum status parse_decimal_n(struct type_parser *p, enum type_id id, const struct type **out)
{
	static const uint8_t precisions[] = {9, 18, 38, 76};
	unsigned precision = precisions[id - TYPE_DECIMAL32];
	int64_t scale;
	TRY(expect(p, '('));
	TRY(take_integer(p, 0, precision, &scale));
	*out = type_decimal(p->arena, precision, (unsigned)scale);
	return expect(p, ')');
}

static enum status take_zone(struct type_parser *p, const struct timezone **out)
{
	struct str name;
	TRY(take_quoted(p, '\'', &name));
	return timezone_find(name, out, p->err);
}

/* DateTime, DateTime('zone'); DateTime(3) and DateTime(3, 'zone') are DateTime64, which alone has scale 3. */
static enum status parse_datetime_type(struct type_parser *p, bool wide, const struct type **out)
{
	const struct timezone *tz = NULL;
	int64_t scale = 3;
	if (take(p, '(') && !take(p, ')')) {
		if (!peek(p, '\'')) {
			TRY(take_integer(p, 0, 9, &scale));
			wide = true;
			if (take(p, ','))
				TRY(take_zone(p, &tz));
		} else {
			TRY(take_zone(p, &tz));
		}
		TRY(expect(p, ')'));
	}
	*out = wide ? type_datetime64(p->arena, (unsigned)scale, tz) : type_datetime(p->arena, tz);
	return OK;
}

static enum status parse_time64_type(struct type_parser *p, const struct type **out)
{
	int64_t scale = 3;
	if (take(p, '(') && !take(p, ')')) {
		TRY(take_integer(p, 0, 9, &scale));
		TRY(expect(p, ')'));
	}
	*out = type_time64(p->arena, (unsigned)scale);
	return OK;
}

static enum status parse_fixed_string_type(struct type_parser *p, bool binary, const struct type **out)
{
	int64_t length = 1;
	if (binary && !peek(p, '(')) { /* BINARY without a length */
		*out = type_simple(TYPE_STRING);
		return OK;
	}
	TRY(expect(p, '('));
	TRY(take_integer(p, 1, FIXED_STRING_MAX, &length));
	*out = type_fixed_string(p->arena, (uint32_t)length);
	return expect(p, ')');
}

static int by_name(const void *a, const void *b)
{
	return str_compare((*(const struct enum_value *const *)a)->name, (*(const struct enum_value *const *)b)->name);
}

static enum status check_enum(struct type_parser *p, const struct type *t)
{
	const struct enum_value **sorted = ARENA_ARRAY(p->arena, const struct enum_value *, t->value_count);
	for (uint32_t i = 0; i < t->value_count; i++) {
		sorted[i] = &t->values[i];
		if (i != 0 && t->values[i].value == t->values[i - 1].value)
			return ERR(p->err, E_SYNTAX, "Duplicate values in enum: '%.*s' = %d and '%.*s'", STR_ARG(t->values[i].name),
			           t->values[i].value, STR_ARG(t->values[i - 1].name));
	}
	qsort(sorted, t->value_count, sizeof *sorted, by_name);
	for (uint32_t i = 1; i < t->value_count; i++)
		if (str_eq(sorted[i]->name, sorted[i - 1]->name))
			return ERR(p->err, E_SYNTAX, "Duplicate names in enum: '%.*s'", STR_ARG(sorted[i]->name));
	return OK;
}

/* Values may be left out: the first is then 1, each next one more. id NOTHING chooses the width. */
static enum status parse_enum_type(struct type_parser *p, enum type_id id, const struct type **out)
{
	struct enum_value *values = NULL;
	size_t n = 0, capacity = 0;
	int64_t value = 0;
	bool small = true;
	TRY(expect(p, '('));
	do {
		struct enum_value v;
		TRY(take_quoted(p, '\'', &v.name));
		if (take(p, '='))
			TRY(take_integer(p, id == TYPE_ENUM8 ? INT8_MIN : INT16_MIN, id == TYPE_ENUM8 ? INT8_MAX : INT16_MAX, &value));
		else
			value++;
		if (value > (id == TYPE_ENUM8 ? INT8_MAX : INT16_MAX))
			return ERR(p->err, E_ARGUMENT_OUT_OF_BOUND, "Enum value %lld of '%.*s' is too large", (long long)value,
			           STR_ARG(v.name));
		v.value = (int16_t)value;
		small = small && value >= INT8_MIN && value <= INT8_MAX;
		ARENA_PUSH(p->arena, values, n, capacity, v);
	} while (take(p, ','));
	TRY(expect(p, ')'));
	if (id == TYPE_NOTHING)
		id = small ? TYPE_ENUM8 : TYPE_ENUM16;
	*out = type_enum(p->arena, id, values, (uint32_t)n);
	return check_enum(p, *out);
}

static enum status parse_one_argument(struct type_parser *p, const struct type **out)
{
	TRY(expect(p, '('));
	TRY(parse_type(p, out));
	return expect(p, ')');
}

static enum status parse_nullable_type(struct type_parser *p, const struct type **out)
{
	const struct type *t;
	TRY(parse_one_argument(p, &t));
	enum physical ph = type_physical(t);
	if (ph == PHYS_ARRAY || ph == PHYS_TUPLE || ph == PHYS_MAP || t->low_cardinality || t->nullable ||
	    t->id == TYPE_AGGSTATE) {
		struct str name = type_name(p->arena, t);
		return ERR(p->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Nested type %.*s cannot be inside Nullable type", STR_ARG(name));
	}
	*out = type_nullable(p->arena, t);
	return OK;
}

static enum status parse_low_cardinality_type(struct type_parser *p, const struct type **out)
{
	const struct type *t;
	TRY(parse_one_argument(p, &t));
	bool can = type_is_string(t) || type_is_integer(t) || type_is_float(t) || t->id == TYPE_DATE || t->id == TYPE_DATE32 ||
	           t->id == TYPE_DATETIME || t->id == TYPE_UUID || t->id == TYPE_IPV4 || t->id == TYPE_IPV6 ||
	           t->id == TYPE_NOTHING || t->id == TYPE_BOOL;
	if (!can || t->low_cardinality) {
		struct str name = type_name(p->arena, t);
		return ERR(p->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
		           "DataTypeLowCardinality is supported only for numbers, strings, Date or DateTime, but got %.*s",
		           STR_ARG(name));
	}
	*out = type_low_cardinality(p->arena, t, true);
	return OK;
}

static enum status parse_map_type(struct type_parser *p, const struct type **out)
{
	const struct type *key, *value;
	TRY(expect(p, '('));
	TRY(parse_type(p, &key));
	TRY(expect(p, ','));
	TRY(parse_type(p, &value));
	TRY(expect(p, ')'));
	if (key->nullable)
		return ERR(p->err, E_BAD_ARGUMENTS, "Map cannot have a key of type %.*s", STR_ARG(type_name(p->arena, key)));
	*out = type_map(p->arena, key, value);
	return OK;
}

/* Whether a whole type stands here, up to ',' or ')': then it is an element without a name. */
static bool element_is_unnamed(struct type_parser *p)
{
	struct type_parser ahead = *p;
	struct family_name f;
	skip(&ahead);
	return find_family(&ahead, &f) && (peek(&ahead, ',') || peek(&ahead, ')') || peek(&ahead, '('));
}

/* Elements of Tuple and Nested; *named tells whether they have names: all or none. */
static enum status parse_elements(struct type_parser *p, bool must_name, const struct type ***types, struct str **names,
                                  size_t *count)
{
	size_t type_capacity = 0, name_capacity = 0, n = 0, named = 0;
	TRY(expect(p, '('));
	if (take(p, ')')) {
		*count = 0;
		return OK;
	}
	do {
		const struct type *t;
		struct str name = {NULL, 0};
		if (peek(p, '`') || peek(p, '"'))
			TRY(take_quoted(p, p->text.data[p->at], &name));
		else if (must_name || !element_is_unnamed(p))
			name = take_word(p);
		if (name.data != NULL && name.size != 0)
			ARENA_PUSH(p->arena, *names, named, name_capacity, name);
		TRY(parse_type(p, &t));
		ARENA_PUSH(p->arena, *types, n, type_capacity, t);
		if (named != 0 && named != n)
			return ERR(p->err, E_BAD_ARGUMENTS, "Names are specified not for all elements of Tuple type");
	} while (take(p, ','));
	for (size_t i = 0; i < named; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq((*names)[i], (*names)[k]))
				return ERR(p->err, E_DUPLICATE_ALIAS, "Tuple names must be unique: %.*s", STR_ARG((*names)[i]));
	*count = n;
	return expect(p, ')');
}

static enum status parse_tuple_type(struct type_parser *p, const struct type **out)
{
	const struct type **types = NULL;
	struct str *names = NULL;
	size_t n = 0;
	TRY(parse_elements(p, false, &types, &names, &n));
	*out = type_tuple(p->arena, types, names, (uint32_t)n);
	return OK;
}

static enum status parse_variant_type(struct type_parser *p, const struct type **out)
{
	const struct type **types = NULL;
	struct str *names = NULL;
	size_t n = 0;
	if (!peek(p, '('))
		return ERR(p->err, E_BAD_ARGUMENTS, "Variant type should have at least one nested type");
	TRY(parse_elements(p, false, &types, &names, &n));
	if (n == 0)
		return ERR(p->err, E_BAD_ARGUMENTS, "Variant type should have at least one nested type");
	if (n > VARIANT_MEMBERS_MAX || names != NULL)
		return ERR(p->err, E_BAD_ARGUMENTS, "Variant takes up to %d types without names", VARIANT_MEMBERS_MAX);
	for (size_t i = 0; i < n; i++)
		if (types[i]->nullable)
			return ERR(p->err, E_BAD_ARGUMENTS,
			           "Nullable/LowCardinality(Nullable) types are not allowed inside Variant type");
	*out = type_variant(p->arena, types, (uint32_t)n);
	return OK;
}

static const struct type *with_alias(struct type_parser *p, const struct type *t, struct str alias)
{
	struct type *c = arena_copy(p->arena, t, sizeof *t);
	c->alias = alias;
	return c;
}

/* Array(Tuple(…)) that prints as it was written. */
static enum status parse_nested_type(struct type_parser *p, const struct type **out)
{
	const struct type **types = NULL;
	struct str *names = NULL;
	size_t n = 0;
	TRY(parse_elements(p, true, &types, &names, &n));
	if (n == 0)
		return ERR(p->err, E_SYNTAX, "Nested cannot be empty");
	const struct type *tuple = type_tuple(p->arena, types, names, (uint32_t)n);
	struct str inside = type_name(p->arena, tuple); /* "Tuple(…)" */
	struct str alias = arena_strf(p->arena, "Nested%.*s", (int)inside.size - 5, inside.data + 5);
	*out = with_alias(p, type_array(p->arena, tuple), alias);
	return OK;
}

/* Point, and arrays of it by depth. */
static enum status parse_geo_type(struct type_parser *p, const struct family_name *f, const struct type **out)
{
	static const char *const rings[] = {"Point", "Ring", "Polygon", "MultiPolygon"};
	const struct type *number = type_simple(TYPE_FLOAT64);
	const struct type *t = type_tuple(p->arena, (const struct type *const[]){number, number}, NULL, 2);
	bool line = str_ends_with(str_of(f->name), STR("LineString"));
	t = with_alias(p, t, STR("Point"));
	for (unsigned i = 1; i <= f->id; i++)
		t = with_alias(p, type_array(p->arena, t), str_of(line && i == 1 ? "LineString" : line ? f->name : rings[i]));
	*out = t;
	return OK;
}

/* "f" or "f(params)", white space between parameters made uniform. */
static enum status take_function(struct type_parser *p, struct str *out)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	struct str name = take_word(p);
	unsigned depth = 0;
	strbuf_puts(&b, name);
	enum status s = name.size == 0 ? fail(p, "expected the name of an aggregate function") : OK;
	while (s == OK && (peek(p, '(') || depth != 0)) {
		size_t start = p->at;
		char c = p->at < p->text.size ? p->text.data[p->at] : '\0';
		if (p->at == p->text.size) {
			s = fail(p, "expected ')'");
		} else if (c == '\'') {
			struct str ignored;
			s = take_quoted(p, '\'', &ignored);
			strbuf_put(&b, p->text.data + start, p->at - start);
		} else {
			p->at++;
			depth += (c == '(' || c == '[') - (c == ')' || c == ']');
			strbuf_putc(&b, c);
			if (c == ',')
				strbuf_putc(&b, ' ');
			if (depth == 0)
				break;
		}
	}
	if (s == OK)
		*out = arena_str(p->arena, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static enum status parse_aggregate_type(struct type_parser *p, const struct type **out)
{
	const struct type **types = NULL;
	size_t n = 0, capacity = 0;
	struct str function;
	TRY(expect(p, '('));
	skip(p);
	if (p->at < p->text.size && p->text.data[p->at] >= '0' && p->text.data[p->at] <= '9')
		return ERR(p->err, E_NOT_IMPLEMENTED, "not supported yet: AggregateFunction with a version number");
	TRY(take_function(p, &function));
	while (take(p, ',')) {
		const struct type *t;
		TRY(parse_type(p, &t));
		ARENA_PUSH(p->arena, types, n, capacity, t);
	}
	*out = type_aggregate(p->arena, function, types, (uint32_t)n);
	return expect(p, ')');
}

static enum status parse_simple_aggregate_type(struct type_parser *p, const struct type **out)
{
	struct str function;
	const struct type *t;
	TRY(expect(p, '('));
	TRY(take_function(p, &function));
	TRY(expect(p, ','));
	TRY(parse_type(p, &t));
	while (take(p, ',')) { /* further arguments do not change the stored type */
		const struct type *ignored;
		TRY(parse_type(p, &ignored));
	}
	TRY(expect(p, ')'));
	struct type *c = arena_copy(p->arena, t, sizeof *t);
	c->simple_aggregate = function;
	*out = c;
	return OK;
}

static enum status unknown_type(struct type_parser *p)
{
	struct str name = take_word(p), near = {NULL, 0};
	unsigned best = name.size < 5 ? 1 : 2;
	if (name.size == 0)
		return fail(p, "expected a data type");
	enum status s = ERR(p->err, E_UNKNOWN_TYPE, "Unknown data type family: %.*s", STR_ARG(name));
	for (size_t i = 0; i < ARRAY_COUNT(families); i++) {
		unsigned d = str_distance_nocase(name, str_of(families[i].name), best);
		if (d <= best && (near.data == NULL || d < best)) {
			near = str_of(families[i].name);
			best = d;
		}
	}
	for (enum type_id id = 0; id < TYPE_COUNT; id++) {
		unsigned d = str_distance_nocase(name, type_id_name(id), best);
		if (is_simple(id) && d <= best && (near.data == NULL || d < best)) {
			near = type_id_name(id);
			best = d;
		}
	}
	if (near.data != NULL && p->err != NULL)
		error_hint(p->err, "Maybe you meant: ['%.*s']", STR_ARG(near));
	return s;
}

static enum status parse_family(struct type_parser *p, const struct family_name *f, const struct type **out)
{
	switch ((enum family)f->family) {
	case FAMILY_SIMPLE:
		*out = type_simple(f->id);
		return drop_arguments(p);
	case FAMILY_DECIMAL: return parse_decimal_type(p, out);
	case FAMILY_DECIMAL_N: return parse_decimal_n(p, f->id, out);
	case FAMILY_DATETIME: return parse_datetime_type(p, false, out);
	case FAMILY_DATETIME64: return parse_datetime_type(p, true, out);
	case FAMILY_TIME64: return parse_time64_type(p, out);
	case FAMILY_FIXED: return parse_fixed_string_type(p, f->nocase, out);
	case FAMILY_ENUM: return parse_enum_type(p, f->id, out);
	case FAMILY_NULLABLE: return parse_nullable_type(p, out);
	case FAMILY_LOW_CARDINALITY: return parse_low_cardinality_type(p, out);
	case FAMILY_ARRAY: {
		const struct type *element;
		TRY(parse_one_argument(p, &element));
		*out = type_array(p->arena, element);
		return OK;
	}
	case FAMILY_TUPLE: return parse_tuple_type(p, out);
	case FAMILY_MAP: return parse_map_type(p, out);
	case FAMILY_NESTED: return parse_nested_type(p, out);
	case FAMILY_AGGREGATE: return parse_aggregate_type(p, out);
	case FAMILY_SIMPLE_AGGREGATE: return parse_simple_aggregate_type(p, out);
	case FAMILY_INTERVAL:
		*out = type_interval(p->arena, f->id);
		return OK;
	case FAMILY_GEO: return parse_geo_type(p, f, out);
	case FAMILY_VARIANT: return parse_variant_type(p, out);
	case FAMILY_MISSING: break;
	}
	return ERR(p->err, E_NOT_IMPLEMENTED, "not supported yet: data type %s", f->name);
}

static enum status parse_type(struct type_parser *p, const struct type **out)
{
	struct family_name f;
	if (p->depth == TYPE_DEPTH_MAX)
		return ERR(p->err, E_AST_TOO_DEEP, "Data type is nested deeper than %d levels", TYPE_DEPTH_MAX);
	skip(p);
	if (!find_family(p, &f))
		return unknown_type(p);
	p->depth++;
	TRY(parse_family(p, &f, out));
	p->depth--;
	return OK;
}

enum status type_parse(struct arena *a, struct str text, const struct type **out, struct error *err)
{
	struct type_parser p = {.arena = a, .text = text, .err = err};
	TRY(parse_type(&p, out));
	skip(&p);
	return p.at == text.size ? OK : fail(&p, "unexpected text behind the type");
}
