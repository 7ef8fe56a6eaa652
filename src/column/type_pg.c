// SPDX-License-Identifier: Apache-2.0
/* The PostgreSQL side of types: faces, OIDs, typmods and the parser of PostgreSQL's spellings. */
#include <assert.h>

#include "column/type.h"

static const struct face_info faces[FACE_COUNT] = {
#define FACE_ROW(id, name, oid, array_oid, len, category, sql) [FACE_##id] = {name, sql, oid, array_oid, len, category},
#include "column/faces.def"
#undef FACE_ROW
};

const struct face_info *face_info(enum face f)
{
	assert(f > FACE_DEFAULT && f < FACE_COUNT);
	return &faces[f];
}

enum face face_by_oid(uint32_t oid)
{
	for (enum face f = FACE_DEFAULT + 1; f < FACE_COUNT && oid != 0; f++)
		if (faces[f].oid == oid)
			return f;
	return FACE_COUNT;
}

static enum face face_by_array_oid(uint32_t oid)
{
	for (enum face f = FACE_DEFAULT + 1; f < FACE_COUNT && oid != 0; f++)
		if (faces[f].array_oid == oid)
			return f;
	return FACE_COUNT;
}

int32_t type_typmod(const struct type *t)
{
	if (t->face == FACE_ENUM)
		return -1;
	if (t->face != FACE_DEFAULT || t->typmod >= 0)
		return t->typmod;
	if (type_is_decimal(t))
		return numeric_typmod(t->precision, t->scale);
	switch ((enum type_id)t->id) {
	case TYPE_UINT64: return numeric_typmod(20, 0);
	case TYPE_DATETIME: return 0;
	case TYPE_DATETIME64: return t->scale < 6 ? t->scale : -1;
	default: return -1;
	}
}

static const struct type *faced(struct arena *a, const struct type *t, enum face f, int32_t typmod)
{
	return type_with_face(a, t, f, typmod);
}

static const struct type *numeric_of(struct arena *a, int32_t typmod)
{
	int precision = typmod < PG_VARHDRSZ ? 0 : numeric_typmod_precision(typmod);
	int scale = typmod < PG_VARHDRSZ ? 0 : numeric_typmod_scale(typmod);
	if (precision < 1 || precision > 76 || scale < 0 || scale > precision)
		return faced(a, type_simple(TYPE_NUMERIC), FACE_NUMERIC, typmod);
	return faced(a, type_decimal(a, (unsigned)precision, (unsigned)scale), FACE_NUMERIC, typmod);
}

/* The type in which expressions compute values of a face; NULL for faces that no value has. */
static const struct type *type_of_scalar_face(struct arena *a, enum face f, int32_t typmod)
{
	static const uint8_t ids[FACE_COUNT] = {
		[FACE_BOOL] = TYPE_BOOL, [FACE_BYTEA] = TYPE_STRING, [FACE_CHAR] = TYPE_STRING, [FACE_NAME] = TYPE_STRING,
		[FACE_INT8] = TYPE_INT64, [FACE_INT2] = TYPE_INT16, [FACE_INT4] = TYPE_INT32, [FACE_REGPROC] = TYPE_UINT32,
		[FACE_TEXT] = TYPE_STRING, [FACE_OID] = TYPE_UINT32, [FACE_JSON] = TYPE_STRING, [FACE_FLOAT4] = TYPE_FLOAT32,
		[FACE_FLOAT8] = TYPE_FLOAT64, [FACE_UNKNOWN] = TYPE_STRING, [FACE_INET] = TYPE_STRING, [FACE_CIDR] = TYPE_STRING,
		[FACE_BPCHAR] = TYPE_STRING, [FACE_VARCHAR] = TYPE_STRING, [FACE_DATE] = TYPE_DATE32,
		[FACE_INTERVAL] = TYPE_PGINTERVAL, [FACE_REGCLASS] = TYPE_UINT32, [FACE_REGTYPE] = TYPE_UINT32,
		[FACE_UUID] = TYPE_UUID, [FACE_JSONB] = TYPE_STRING, [FACE_REGNAMESPACE] = TYPE_UINT32,
		[FACE_CITEXT] = TYPE_STRING,
	};
	switch (f) {
	case FACE_NUMERIC: return numeric_of(a, typmod);
	case FACE_TIME: return faced(a, type_time64(a, 6), f, typmod);
	case FACE_TIMESTAMP:
	case FACE_TIMESTAMPTZ: return faced(a, type_datetime64(a, 6, timezone_utc()), f, typmod);
	case FACE_VECTOR: return faced(a, type_array(a, type_simple(TYPE_FLOAT32)), f, typmod);
	case FACE_INT2VECTOR: return faced(a, type_array(a, type_simple(TYPE_INT16)), f, typmod);
	case FACE_OIDVECTOR:
		return faced(a, type_array(a, faced(a, type_simple(TYPE_UINT32), FACE_OID, -1)), f, typmod);
	case FACE_VOID: return faced(a, type_simple(TYPE_NOTHING), f, typmod);
	default: return ids[f] == TYPE_NOTHING ? NULL : faced(a, type_simple(ids[f]), f, typmod);
	}
}

const struct type *type_from_oid(struct arena *a, uint32_t oid, int32_t typmod)
{
	enum face f = face_by_oid(oid);
	if (f != FACE_COUNT)
		return type_of_scalar_face(a, f, typmod);
	f = face_by_array_oid(oid);
	const struct type *element = f == FACE_COUNT ? NULL : type_of_scalar_face(a, f, typmod);
	return element == NULL ? NULL : type_array(a, type_nullable(a, element));
}

const struct type *type_of_face(struct arena *a, const struct type *t)
{
	const struct type *e = NULL;
	if (type_face(t) == FACE_ARRAY)
		e = type_array(a, type_of_face(a, t->children[0]));
	else if (t->face != FACE_DEFAULT && t->face != FACE_ARRAY)
		e = type_of_scalar_face(a, t->face, t->typmod);
	if (e == NULL || (type_is_decimal(t) && type_is_decimal(e)) || t->id == TYPE_DATETIME64)
		return t;
	e = t->nullable ? type_nullable(a, e) : e;
	return t->low_cardinality && type_equal_physical(type_plain(a, e), type_plain(a, t)) ? t : e;
}

/* ---- PostgreSQL's spellings ---- */

struct pg_name {
	const char *name;
	uint8_t face;
	uint8_t stored; /* enum type_id; NOTHING: as expressions have it */
};

/* Lower case, words separated by one blank. */
static const struct pg_name pg_names[] = {
	{"bigint", FACE_INT8, 0}, {"bigserial", FACE_INT8, TYPE_UINT64}, {"bool", FACE_BOOL, 0}, {"boolean", FACE_BOOL, 0},
	{"bpchar", FACE_BPCHAR, 0}, {"bytea", FACE_BYTEA, 0}, {"char", FACE_BPCHAR, 0}, {"char varying", FACE_VARCHAR, 0},
	{"character", FACE_BPCHAR, 0}, {"character varying", FACE_VARCHAR, 0}, {"cidr", FACE_CIDR, 0},
	{"citext", FACE_CITEXT, 0}, {"date", FACE_DATE, 0}, {"dec", FACE_NUMERIC, 0}, {"decimal", FACE_NUMERIC, 0},
	{"double precision", FACE_FLOAT8, 0}, {"float", FACE_FLOAT8, 0}, {"float4", FACE_FLOAT4, 0},
	{"float8", FACE_FLOAT8, 0}, {"inet", FACE_INET, 0}, {"int", FACE_INT4, 0}, {"int2", FACE_INT2, 0},
	{"int2vector", FACE_INT2VECTOR, 0}, {"int4", FACE_INT4, 0}, {"int8", FACE_INT8, 0}, {"integer", FACE_INT4, 0},
	{"interval", FACE_INTERVAL, 0}, {"json", FACE_JSON, 0}, {"jsonb", FACE_JSONB, 0}, {"name", FACE_NAME, 0},
	{"national char", FACE_BPCHAR, 0}, {"national char varying", FACE_VARCHAR, 0},
	{"national character", FACE_BPCHAR, 0}, {"national character varying", FACE_VARCHAR, 0}, {"nchar", FACE_BPCHAR, 0},
	{"nchar varying", FACE_VARCHAR, 0}, {"numeric", FACE_NUMERIC, 0}, {"oid", FACE_OID, 0},
	{"oidvector", FACE_OIDVECTOR, 0}, {"real", FACE_FLOAT4, 0}, {"regclass", FACE_REGCLASS, 0},
	{"regnamespace", FACE_REGNAMESPACE, 0}, {"regproc", FACE_REGPROC, 0}, {"regtype", FACE_REGTYPE, 0},
	{"serial", FACE_INT4, TYPE_UINT64}, {"serial2", FACE_INT2, TYPE_UINT64}, {"serial4", FACE_INT4, TYPE_UINT64},
	{"serial8", FACE_INT8, TYPE_UINT64}, {"smallint", FACE_INT2, 0}, {"smallserial", FACE_INT2, TYPE_UINT64},
	{"text", FACE_TEXT, 0}, {"time", FACE_TIME, 0}, {"time without time zone", FACE_TIME, 0},
	{"timestamp", FACE_TIMESTAMP, 0}, {"timestamp with time zone", FACE_TIMESTAMPTZ, 0},
	{"timestamp without time zone", FACE_TIMESTAMP, 0}, {"timestamptz", FACE_TIMESTAMPTZ, 0},
	{"unknown", FACE_UNKNOWN, 0}, {"uuid", FACE_UUID, 0}, {"varchar", FACE_VARCHAR, 0}, {"vector", FACE_VECTOR, 0},
	{"void", FACE_VOID, 0},
};

/* What PostgreSQL has and we have not. */
static const char *const pg_missing[] = {
	"bit", "bit varying", "box", "circle", "datemultirange", "daterange", "int4range", "int8range", "line", "lseg",
	"macaddr", "macaddr8", "money", "numrange", "path", "pg_lsn", "point", "polygon", "time with time zone", "timetz",
	"tsquery", "tsrange", "tstzrange", "tsvector", "varbit", "xml",
};

enum { WORDS_MAX = 64, ARGUMENTS_MAX = 2 };

struct pg_parse {
	struct str text;
	size_t at;
	char words[WORDS_MAX];
	size_t words_size;
	int32_t arguments[ARGUMENTS_MAX];
	unsigned argument_count;
	unsigned dimensions;
	bool quoted;
};

static bool is_word(char c)
{
	return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_blanks(struct pg_parse *p)
{
	while (p->at < p->text.size &&
	       (p->text.data[p->at] == ' ' || (p->text.data[p->at] >= '\t' && p->text.data[p->at] <= '\r')))
		p->at++;
}

static bool take(struct pg_parse *p, char c)
{
	skip_blanks(p);
	if (p->at == p->text.size || p->text.data[p->at] != c)
		return false;
	p->at++;
	return true;
}

/* Appends the next word, folded; quoted words keep their case. false when there is none. */
static bool take_word(struct pg_parse *p)
{
	skip_blanks(p);
	size_t start = p->at;
	bool quoted = p->at < p->text.size && p->text.data[p->at] == '"';
	p->at += quoted;
	start += quoted;
	while (p->at < p->text.size && (quoted ? p->text.data[p->at] != '"' : is_word(p->text.data[p->at])))
		p->at++;
	size_t n = p->at - start;
	p->at += quoted && p->at < p->text.size;
	if (n == 0 || p->words_size + n + 1 > sizeof p->words)
		return false;
	if (p->words_size != 0)
		p->words[p->words_size++] = ' ';
	for (size_t i = 0; i < n; i++)
		p->words[p->words_size++] = quoted ? p->text.data[start + i] : ascii_lower(p->text.data[start + i]);
	p->quoted |= quoted;
	return true;
}

static bool take_number(struct pg_parse *p, int32_t *out)
{
	skip_blanks(p);
	bool negative = p->at < p->text.size && p->text.data[p->at] == '-';
	size_t start = p->at += negative;
	int64_t v = 0;
	for (; p->at < p->text.size && p->text.data[p->at] >= '0' && p->text.data[p->at] <= '9'; p->at++)
		if ((v = v * 10 + (p->text.data[p->at] - '0')) > 100000000)
			return false;
	*out = (int32_t)(negative ? -v : v);
	return p->at != start;
}

static bool words_are(const struct pg_parse *p, const char *s)
{
	return str_eq(str_make(p->words, p->words_size), str_of(s));
}

/* words [ (n [, n]) ] words [ array brackets ]; a schema in front is dropped. */
static bool split(struct pg_parse *p)
{
	while (take_word(p)) {
		if (take(p, '.')) {
			if (!words_are(p, "pg_catalog") && !words_are(p, "public"))
				return false;
			p->words_size = 0;
			p->quoted = false;
		} else if (take(p, '(')) {
			do {
				if (p->argument_count == ARGUMENTS_MAX || !take_number(p, &p->arguments[p->argument_count++]))
					return false;
			} while (take(p, ','));
			if (!take(p, ')'))
				return false;
		}
	}
	size_t n = p->words_size;
	if (n > 6 && memcmp(p->words + n - 6, " array", 6) == 0) { /* integer ARRAY, integer ARRAY[4] */
		p->words_size = n - 6;
		p->dimensions = p->at < p->text.size ? 0 : 1;
	}
	int32_t ignored;
	while (take(p, '[')) {
		if (!take(p, ']') && !(take_number(p, &ignored) && take(p, ']')))
			return false;
		p->dimensions++;
	}
	skip_blanks(p);
	return p->at == p->text.size && p->words_size != 0 && p->dimensions < TYPE_DEPTH_MAX / 2;
}

/* "interval day to second(3)": the fields restrict what is shown, which we do not keep. */
static void drop_interval_fields(struct pg_parse *p)
{
	if (p->words_size > 9 && memcmp(p->words, "interval ", 9) == 0)
		p->words_size = 8;
}

static enum status find_name(const struct pg_parse *p, const struct pg_name **out, struct error *err)
{
	static const struct pg_name one_char = {"char", FACE_CHAR, 0};
	if (p->quoted && words_are(p, "char")) {
		*out = &one_char;
		return OK;
	}
	for (size_t i = 0; i < ARRAY_COUNT(pg_names); i++) {
		if (words_are(p, pg_names[i].name)) {
			*out = &pg_names[i];
			return OK;
		}
	}
	for (size_t i = 0; i < ARRAY_COUNT(pg_missing); i++)
		if (words_are(p, pg_missing[i]))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: type %s", pg_missing[i]);
	return ERR(err, E_UNKNOWN_TYPE, "type \"%.*s\" does not exist", STR_ARG(p->text));
}

/* The typmod of the arguments, -1 without any. */
static enum status find_typmod(const struct pg_parse *p, enum face *f, int32_t *typmod, struct error *err)
{
	const int32_t *x = p->arguments;
	*typmod = -1;
	if (*f == FACE_BPCHAR && p->argument_count == 0 && !words_are(p, "bpchar"))
		*typmod = 1 + PG_VARHDRSZ; /* char is char(1) */
	if (p->argument_count == 0)
		return OK;
	bool numeric = *f == FACE_NUMERIC;
	if (p->argument_count > 1 && !numeric)
		return ERR(err, E_SYNTAX, "invalid type modifier in \"%.*s\"", STR_ARG(p->text));
	switch (*f) {
	case FACE_NUMERIC:
		if (x[0] < 1 || x[0] > 1000)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "NUMERIC precision %d must be between 1 and 1000", x[0]);
		if (x[1] < -1000 || x[1] > 1000)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "NUMERIC scale %d must be between -1000 and 1000", x[1]);
		*typmod = numeric_typmod(x[0], x[1]);
		return OK;
	case FACE_VARCHAR:
	case FACE_BPCHAR:
		if (x[0] < 1 || x[0] > 10485760)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "length for type %s %s", *f == FACE_VARCHAR ? "varchar" : "char",
			           x[0] < 1 ? "must be at least 1" : "cannot exceed 10485760");
		*typmod = x[0] + PG_VARHDRSZ;
		return OK;
	case FACE_TIMESTAMP:
	case FACE_TIMESTAMPTZ:
	case FACE_TIME:
	case FACE_INTERVAL:
		if (x[0] < 0)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "precision must not be negative");
		*typmod = x[0] > 6 ? 6 : x[0];
		if (*f == FACE_INTERVAL)
			*typmod |= 0x7fff << 16;
		return OK;
	case FACE_VECTOR:
		if (x[0] < 1 || x[0] > 16000)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "dimensions for type vector must be between 1 and 16000");
		*typmod = x[0];
		return OK;
	case FACE_FLOAT8:
		if (!words_are(p, "float") || x[0] < 1 || x[0] > 53)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "precision for type float must be between 1 and 53 bits");
		*f = x[0] <= 24 ? FACE_FLOAT4 : FACE_FLOAT8;
		return OK;
	default:
		return ERR(err, E_SYNTAX, "type modifier is not allowed for type \"%.*s\"", (int)p->words_size, p->words);
	}
}

bool type_is_object(const struct type *t)
{
	return t->id == TYPE_UINT32 && (t->face == FACE_REGCLASS || t->face == FACE_REGTYPE || t->face == FACE_REGPROC ||
	                                t->face == FACE_REGNAMESPACE);
}

/* The column type of a face by the table in doc: numeric is Decimal(76, 38), interval a tuple. */
static enum status stored_type(struct arena *a, enum face f, uint8_t stored, int32_t typmod, unsigned timestamptz_scale,
                               const struct type **out, struct error *err)
{
	const struct type *t = NULL;
	if (stored != 0) {
		t = faced(a, type_simple(stored), f, typmod);
	} else if (f == FACE_NUMERIC && typmod < 0) {
		t = faced(a, type_decimal(a, 76, 38), f, -1);
	} else if (f == FACE_TIMESTAMPTZ) {
		t = faced(a, type_datetime64(a, timestamptz_scale, timezone_utc()), f, typmod);
	} else if (f == FACE_INTERVAL) {
		static const struct str names[] = {{"months", 6}, {"days", 4}, {"microseconds", 12}};
		const struct type *parts[] = {type_simple(TYPE_INT32), type_simple(TYPE_INT32), type_simple(TYPE_INT64)};
		t = faced(a, type_tuple(a, parts, names, 3), f, typmod);
	} else {
		t = type_of_scalar_face(a, f, typmod);
	}
	if (t->id == TYPE_NUMERIC)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: numeric(%d,%d); precision and scale go up to 76",
		           numeric_typmod_precision(typmod), numeric_typmod_scale(typmod));
	*out = t;
	return OK;
}

enum status type_parse_pg(struct arena *a, struct str text, unsigned timestamptz_scale, const struct type **out,
                          struct error *err)
{
	struct pg_parse p = {.text = str_trim(text)};
	const struct pg_name *name;
	int32_t typmod;
	if (!split(&p))
		return ERR(err, E_UNKNOWN_TYPE, "type \"%.*s\" does not exist", STR_ARG(text));
	drop_interval_fields(&p);
	TRY(find_name(&p, &name, err));
	enum face f = name->face;
	TRY(find_typmod(&p, &f, &typmod, err));
	const struct type *t = NULL;
	TRY(stored_type(a, f, name->stored, typmod, timestamptz_scale, &t, err));
	if (p.dimensions != 0)
		t = type_nullable(a, t);
	for (unsigned i = 0; i < p.dimensions; i++)
		t = type_array(a, t);
	*out = t;
	return OK;
}

bool type_pg_is_serial(struct str text)
{
	struct pg_parse p = {.text = str_trim(text)};
	const struct pg_name *name;
	return split(&p) && p.dimensions == 0 && find_name(&p, &name, NULL) == OK && name->stored == TYPE_UINT64;
}
