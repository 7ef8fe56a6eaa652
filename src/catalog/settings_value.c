// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include "base/fpconv.h"
#include "base/timezone.h"
#include "catalog/settings_impl.h"

enum { TEXT_MAX = 1 << 20 };

static enum status invalid(const struct setting_info *info, enum dialect dialect, struct str text, struct error *err)
{
	const char *name = dialect == DIALECT_POSTGRESQL && info->pg_name != NULL ? info->pg_name : info->name;
	enum status st = ERR(err, E_INVALID_SETTING_VALUE, "invalid value for parameter \"%s\": \"%.*s\"", name,
	                     (int)(text.size < 200 ? text.size : 200), text.data);
	if (info->kind == SETTING_ENUM)
		error_hint(err, "Available values: %s.", info->choices);
	return st;
}

static bool prefix_of(struct str text, struct str word, size_t least)
{
	return text.size >= least && str_starts_with_nocase(word, text);
}

/* PostgreSQL takes unique prefixes: "t", "tr", "of". */
static bool parse_bool(struct str text, uint64_t *out)
{
	uint64_t number;
	if (str_to_u64(text, &number)) {
		*out = number != 0;
		return number <= 1;
	}
	bool yes = prefix_of(text, STR("true"), 1) || prefix_of(text, STR("yes"), 1) || prefix_of(text, STR("on"), 2)
	           || str_eq_nocase(text, STR("enable"));
	bool no = prefix_of(text, STR("false"), 1) || prefix_of(text, STR("no"), 1) || prefix_of(text, STR("off"), 2)
	          || str_eq_nocase(text, STR("disable"));
	*out = yes;
	return yes || no;
}

static bool split_unit(struct str text, double *number, struct str *unit)
{
	size_t n = 0;
	while (n < text.size && ((text.data[n] >= '0' && text.data[n] <= '9') || text.data[n] == '.' || text.data[n] == '-'
	                         || text.data[n] == '+'))
		n++;
	char digits[64];
	if (n == 0 || n >= sizeof digits)
		return false;
	memcpy(digits, text.data, n);
	digits[n] = '\0';
	char *end;
	*number = strtod(digits, &end);
	*unit = str_trim(str_make(text.data + n, text.size - n));
	return end == digits + n;
}

bool setting_size(struct str text, uint64_t *out)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {
		{"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"t", 1e12}, {"ki", 1024.0}, {"mi", 1048576.0}, {"gi", 1073741824.0},
		{"ti", 1099511627776.0}, {"b", 1}, {"kb", 1024.0}, {"mb", 1048576.0}, {"gb", 1073741824.0},
		{"tb", 1099511627776.0},
	};
	double number;
	struct str unit;
	if (str_to_u64(text, out))
		return true;
	if (!split_unit(text, &number, &unit) || number < 0)
		return false;
	double factor = unit.size == 0 ? 1 : 0;
	for (size_t i = 0; i < ARRAY_COUNT(units); i++)
		if (str_eq_nocase(unit, str_of(units[i].unit)))
			factor = units[i].factor;
	number *= factor;
	if (factor == 0 || number >= 18446744073709551616.0 || number != floor(number))
		return false;
	*out = (uint64_t)number;
	return true;
}

/* To microseconds; a plain number counts `plain_us`. */
static bool parse_time(struct str text, double plain_us, uint64_t *out)
{
	static const struct {
		const char *unit;
		double us;
	} units[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"min", 60e6}, {"h", 3600e6}, {"d", 86400e6}};
	double number, us = plain_us;
	struct str unit;
	if (!split_unit(text, &number, &unit) || !(number >= 0))
		return false;
	if (unit.size != 0) {
		us = 0;
		for (size_t i = 0; i < ARRAY_COUNT(units); i++)
			if (str_eq_nocase(unit, str_of(units[i].unit)))
				us = units[i].us;
	}
	if (us == 0 || number * us > 9e18)
		return false;
	*out = (uint64_t)llround(number * us);
	return true;
}

static bool next_choice(struct str *rest, struct str *choice)
{
	if (rest->data == NULL)
		return false;
	ptrdiff_t comma = str_find_char(*rest, ',');
	*choice = comma < 0 ? *rest : str_make(rest->data, (size_t)comma);
	*rest = comma < 0 ? (struct str){NULL, 0} : str_make(rest->data + comma + 1, rest->size - (size_t)comma - 1);
	return true;
}

static bool parse_enum(const struct setting_info *info, struct str text, struct setting_value *out, struct str *choice)
{
	struct str rest = str_of(info->choices);
	uint64_t yes;
	for (out->u = 0; next_choice(&rest, choice); out->u++)
		if (str_eq_nocase(*choice, text))
			return true;
	/* synchronous_commit = 1: booleans stand for on and off */
	rest = str_of(info->choices);
	for (out->u = 0; parse_bool(text, &yes) && next_choice(&rest, choice); out->u++)
		if (str_eq(*choice, yes ? STR("on") : STR("off")))
			return true;
	return false;
}

static struct str unquote(struct str text)
{
	if (text.size >= 2 && text.data[0] == '\'' && text.data[text.size - 1] == '\'')
		return str_make(text.data + 1, text.size - 2);
	return text;
}

/* ---- texts with a meaning ---- */
static enum status normal_encoding(const struct setting_info *info, struct str *text, struct error *err)
{
	static const char *const utf8[] = {"UTF8", "UTF-8", "UNICODE", "utf_8"};
	struct str t = unquote(*text);
	for (size_t i = 0; i < ARRAY_COUNT(utf8); i++)
		if (str_eq_nocase(t, str_of(utf8[i]))) {
			*text = STR("UTF8");
			return OK;
		}
	if (str_eq_nocase(t, STR("SQL_ASCII"))) {
		*text = STR("SQL_ASCII");
		return OK;
	}
	static const char *const known[] = {"LATIN1", "LATIN2", "LATIN9", "WIN1250", "WIN1251", "WIN1252", "KOI8R",
	                                    "EUC_JP", "SJIS", "GBK", "BIG5", "EUC_KR", "ISO_8859_5"};
	for (size_t i = 0; i < ARRAY_COUNT(known); i++)
		if (str_eq_nocase(t, str_of(known[i])))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: client_encoding %s", known[i]);
	return invalid(info, DIALECT_POSTGRESQL, *text, err);
}

/* "ISO", "ISO, DMY", "iso,mdy": the style must be ISO, the order may vary. */
static enum status normal_datestyle(const struct setting_info *info, struct str *text, struct error *err)
{
	static const struct {
		const char *word, *order;
	} words[] = {{"iso", NULL}, {"mdy", "ISO, MDY"}, {"us", "ISO, MDY"}, {"noneuropean", "ISO, MDY"}, {"dmy", "ISO, DMY"},
	             {"euro", "ISO, DMY"}, {"european", "ISO, DMY"}, {"ymd", "ISO, YMD"}, {"default", NULL}};
	static const char *const other[] = {"sql", "postgres", "german"};
	struct str rest = unquote(*text), word;
	const char *result = "ISO, MDY";
	while (next_choice(&rest, &word)) {
		bool found = false;
		word = str_trim(word);
		for (size_t i = 0; i < ARRAY_COUNT(words); i++)
			if (str_eq_nocase(word, str_of(words[i].word))) {
				found = true;
				result = words[i].order != NULL ? words[i].order : result;
			}
		for (size_t i = 0; i < ARRAY_COUNT(other); i++)
			if (str_eq_nocase(word, str_of(other[i])))
				return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: DateStyle %s", other[i]);
		if (!found)
			return invalid(info, DIALECT_POSTGRESQL, *text, err);
	}
	*text = str_of(result);
	return OK;
}

static enum status normal_timezone(const struct setting_info *info, enum dialect dialect, struct str *text,
                                   struct error *err)
{
	const struct timezone *tz;
	struct error why;
	double hours;
	struct str unit, t = unquote(*text);
	if (t.size == 0 || str_eq_nocase(t, STR("default")) || str_eq_nocase(t, STR("local"))) {
		*text = (struct str){"", 0};
		return OK;
	}
	error_init(&why);
	if (timezone_find(t, &tz, &why) == OK) {
		*text = timezone_name(tz);
		return OK;
	}
	if (dialect == DIALECT_POSTGRESQL && split_unit(t, &hours, &unit) && unit.size == 0 && fabs(hours) < 168
	    && timezone_fixed((int32_t)lround(hours * 3600), &tz, &why) == OK) {
		*text = timezone_name(tz);
		return OK;
	}
	if (dialect == DIALECT_POSTGRESQL)
		return invalid(info, dialect, *text, err);
	return ERR(err, E_BAD_ARGUMENTS, "Unknown time zone: %.*s", STR_ARG(t));
}

static enum status parse_text(const struct setting_info *info, enum dialect dialect, struct str text,
                              struct setting_value *out, struct error *err)
{
	if (text.size > TEXT_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "the value of setting %s is longer than %d bytes", info->name, TEXT_MAX);
	if (memchr(text.data == NULL ? "" : text.data, '\0', text.size) != NULL)
		return invalid(info, dialect, text, err);
	if (strcmp(info->name, "session_timezone") == 0)
		TRY(normal_timezone(info, dialect, &text, err));
	else if (strcmp(info->name, "client_encoding") == 0)
		TRY(normal_encoding(info, &text, err));
	else if (strcmp(info->name, "datestyle") == 0)
		TRY(normal_datestyle(info, &text, err));
	out->text = malloc(text.size + 1);
	if (out->text == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (text.size != 0)
		memcpy(out->text, text.data, text.size);
	out->text[text.size] = '\0';
	out->size = text.size;
	return OK;
}

static enum status check_range(const struct setting_info *info, enum dialect dialect, double v, struct str text,
                               struct error *err)
{
	if ((info->min == 0 && info->max == 0) || (v >= (double)info->min && (v <= (double)info->max || info->max == 0)))
		return OK;
	if (dialect == DIALECT_POSTGRESQL)
		return ERR(err, E_INVALID_SETTING_VALUE,
		           "%.*s is outside the valid range for parameter \"%s\" (%" PRId64 " .. %" PRId64 ")", STR_ARG(text),
		           info->pg_name != NULL ? info->pg_name : info->name, info->min, info->max);
	return ERR(err, E_INVALID_SETTING_VALUE, "Setting %s must be between %" PRId64 " and %" PRId64 ", got %.*s",
	           info->name, info->min, info->max, STR_ARG(text));
}

enum status setting_parse(const struct setting_info *info, enum dialect dialect, struct str text,
                          struct setting_value *out, struct error *err)
{
	*out = (struct setting_value){0};
	struct str t = str_trim(text), choice;
	double number;
	struct str unit;
	int64_t i;
	switch (info->kind) {
	case SETTING_BOOL:
		if (!parse_bool(t, &out->u))
			return invalid(info, dialect, text, err);
		return OK;
	case SETTING_U64:
		if (str_eq_nocase(t, STR("auto")) || str_starts_with_nocase(t, STR("auto(")))
			return OK;
		if (!setting_size(t, &out->u) && !(parse_bool(t, &out->u) && t.size > 1))
			return invalid(info, dialect, text, err);
		return check_range(info, dialect, (double)out->u, t, err);
	case SETTING_I64:
		if (!str_to_i64(t, &i))
			return invalid(info, dialect, text, err);
		out->u = (uint64_t)i;
		return check_range(info, dialect, (double)i, t, err);
	case SETTING_FLOAT:
		if (!split_unit(t, &number, &unit) || unit.size != 0) {
			char copy[64], *end;
			if (t.size == 0 || t.size >= sizeof copy)
				return invalid(info, dialect, text, err);
			memcpy(copy, t.data, t.size);
			copy[t.size] = '\0';
			number = strtod(copy, &end);
			if (*end != '\0')
				return invalid(info, dialect, text, err);
		}
		out->f = number;
		return check_range(info, dialect, number, t, err);
	case SETTING_SECONDS:
	case SETTING_MS:
		if (!parse_time(t, info->kind == SETTING_SECONDS && dialect != DIALECT_POSTGRESQL ? 1e6 : 1e3, &out->u))
			return invalid(info, dialect, text, err);
		return OK;
	case SETTING_ENUM:
		if (!parse_enum(info, t, out, &choice))
			return invalid(info, dialect, text, err);
		return parse_text(info, dialect, choice, out, err);
	case SETTING_TEXT:
	case SETTING_MAP:
		return parse_text(info, dialect, text, out, err);
	}
	return invalid(info, dialect, text, err);
}

/* ---- writing ---- */

/* The largest unit that divides it: "0", "30s", "1min", "100ms". */
static void write_pg_time(uint64_t us, struct strbuf *out)
{
	static const struct {
		uint64_t us;
		const char *unit;
	} units[] = {{86400000000u, "d"}, {3600000000u, "h"}, {60000000u, "min"}, {1000000u, "s"}, {1000u, "ms"}, {1, "us"}};
	if (us == 0) {
		strbuf_putc(out, '0');
		return;
	}
	size_t i = 0;
	while (us % units[i].us != 0)
		i++;
	strbuf_put_u64(out, us / units[i].us);
	strbuf_putz(out, units[i].unit);
}

static void write_scaled(uint64_t us, uint64_t unit_us, struct strbuf *out)
{
	strbuf_put_u64(out, us / unit_us);
	if (us % unit_us != 0)
		strbuf_printf(out, ".%0*" PRIu64, unit_us == 1000000 ? 6 : 3, us % unit_us);
}

void setting_write(const struct setting_info *info, enum dialect dialect, const struct setting_value *v,
                   struct strbuf *out)
{
	bool pg = dialect == DIALECT_POSTGRESQL;
	switch (info->kind) {
	case SETTING_BOOL:
		strbuf_putz(out, pg ? v->u ? "on" : "off" : v->u ? "1" : "0");
		break;
	case SETTING_U64:
		strbuf_put_u64(out, v->u);
		break;
	case SETTING_I64:
		strbuf_put_i64(out, (int64_t)v->u);
		break;
	case SETTING_FLOAT:
		strbuf_printf(out, "%.15g", v->f);
		break;
	case SETTING_SECONDS:
	case SETTING_MS:
		if (pg)
			write_pg_time(v->u, out);
		else
			write_scaled(v->u, info->kind == SETTING_SECONDS ? 1000000 : 1000, out);
		break;
	case SETTING_ENUM:
	case SETTING_TEXT:
	case SETTING_MAP:
		if (v->size == 0 && pg && strcmp(info->name, "session_timezone") == 0)
			strbuf_putz(out, "UTC");
		else
			strbuf_put(out, v->text, v->size);
		break;
	}
}
