// SPDX-License-Identifier: Apache-2.0
/* Values of settings, facts about values, and what else is asked about a server and its blocks. */
#include "base/utf8.h"
#include "base/wide.h"
#include "func/cast.h"
#include "func/compose.h"
#include "func/str_impl.h"
#include "kernel/kernel.h"

/* ---- getSetting, getSettingOrDefault ---- */

struct setting {
	struct str text;
};

static enum status exec_setting(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct setting *s = c->state;
	const struct call text = {.result = type_simple(TYPE_STRING)};
	struct vector *v, *one;
	TRY(call_text(&text, e, s->text, 1, &v));
	enum status st = cast_vector(e, e->scratch, v, c->result, CAST_CH, &one);
	vector_unref(v);
	TRY(st);
	st = eval_repeat(e, one, count, out);
	vector_unref(one);
	return st;
}

/* The narrowest type for a number, as literals have it. */
static const struct type *narrow(const struct type *t, struct str text)
{
	uint64_t v = 0;
	int64_t i;
	if (t->id == TYPE_UINT64 && str_to_u64(text, &v))
		return type_simple(v <= UINT8_MAX ? TYPE_UINT8 : v <= UINT16_MAX ? TYPE_UINT16
			: v <= UINT32_MAX ? TYPE_UINT32 : TYPE_UINT64);
	if (t->id == TYPE_INT64 && str_to_i64(text, &i))
		return type_simple(i == (int8_t)i ? TYPE_INT8 : i == (int16_t)i ? TYPE_INT16 : i == (int32_t)i ? TYPE_INT32
			: TYPE_INT64);
	return t;
}

static enum status exec_default(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return eval_repeat(e, args[1], count, out);
}

static enum status bind_setting(struct bind_env *env, struct call *c)
{
	const struct eval_services *services = env->session->services;
	struct setting *s = ARENA_NEW(env->arena, struct setting);
	const struct type *t = NULL;
	struct str name;
	if (!call_const_str(c, 0, &name))
		return call_bad_type(env, c, 0);
	if (services == NULL || services->setting == NULL || services->setting_type == NULL)
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: settings outside a session");
	enum status st = services->setting(env->session->services_arg, name, env->arena, &s->text, env->err);
	if (st == E_UNKNOWN_SETTING && c->arg_count > 1) {
		error_clear(env->err);
		c->result = c->arg_types[1];
		c->exec = exec_default;
		return OK;
	}
	TRY(st);
	t = services->setting_type(name);
	c->result = t == NULL ? type_simple(TYPE_STRING) : narrow(t, s->text);
	c->state = s;
	return OK;
}

/* ---- countDigits, isDecimalOverflow ---- */

static i256 wide_at(const struct vector *v, uint32_t i)
{
	enum physical p = type_physical(v->type);
	i256 x;
	kernels()->cast[p][PHYS_I256](&x, (const char *)v->data + (size_t)i * physical_size(p), 1);
	return x;
}

static unsigned digits_of(u256 x, bool is_signed)
{
	const u256 ten = u256_from_u64(10);
	unsigned n = 0;
	if (is_signed && i256_negative(x))
		x = u256_negate(x);
	do {
		u256 rest;
		u256_divmod(x, ten, &x, &rest);
		n++;
	} while ((x.limb[0] | x.limb[1] | x.limb[2] | x.limb[3]) != 0);
	return n;
}

static enum status exec_digits(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct type *t = args[0]->type;
	int64_t most = 0;
	bool overflow = strcmp(c->function->name, "isDecimalOverflow") == 0;
	if (overflow)
		most = c->arg_count > 1 ? *(const int64_t *)args[1]->data : t->precision;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		bool is_signed = t->id != TYPE_UINT256 && t->id != TYPE_UINT128;
		unsigned n = digits_of(wide_at(args[0], args[0]->form == VECTOR_CONST ? 0 : i), is_signed);
		((uint8_t *)(*out)->data)[i] = overflow ? n > most : (uint8_t)n;
	}
	return OK;
}

static enum status bind_digits(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool overflow = strcmp(c->function->name, "isDecimalOverflow") == 0;
	if (!type_is_decimal(t) && (overflow || !type_is_integer(t)))
		return call_bad_type(env, c, 0);
	if (overflow && c->arg_count > 1)
		c->arg_types[1] = type_simple(TYPE_INT64);
	return OK;
}

/* ---- errorCodeToName, getSizeOfEnumType ---- */

static struct str name_of_code(int64_t code)
{
	if (code == 0)
		return STR("OK");
	for (unsigned s = 1; s < STATUS_COUNT; s++)
		if (status_ch_code((enum status)s) == code)
			return str_of(status_ch_name((enum status)s));
	return STR("");
}

static enum status exec_code_name(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct i64_arg codes = i64_arg(args[0]);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct str name = name_of_code(i64_arg_at(&codes, i));
		((struct strview *)(*out)->data)[i] = strview_make(name.data, name.size);
	}
	return OK;
}

static enum status exec_enum_size(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint32_t *)(*out)->data)[i] = c->arg_types[0]->value_count;
	return OK;
}

static enum status bind_enum_size(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->id != TYPE_ENUM8 && c->arg_types[0]->id != TYPE_ENUM16)
		return call_bad_type(env, c, 0);
	return OK;
}

/* ---- visibleWidth: characters of the text ---- */

static enum status exec_width(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct vector *text;
	TRY(cast_vector(e, e->scratch, args[0], type_nullable(e->scratch, type_simple(TYPE_STRING)), CAST_CH, &text));
	enum status s = call_result(c, e, count, out);
	for (uint32_t i = 0; s == OK && i < count; i++) {
		const struct vector *at;
		uint32_t row = vector_index(text, i, &at);
		struct str t = vector_is_null(text, i) ? STR("NULL") : strview_str((const struct strview *)at->data + row);
		((uint64_t *)(*out)->data)[i] = utf8_count(t.data, t.size);
	}
	vector_unref(text);
	return s;
}

/* ---- texts and numbers of the server, arrays of the session's roles ---- */

static enum status exec_number(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	enum { REVISION = 54501 };
	bool block = strcmp(c->function->name, "blockNumber") == 0;
	uint64_t v = block ? e->row_base / BATCH_ROWS_MAX : strcmp(c->function->name, "revision") == 0 ? REVISION : 0;
	enum physical p = type_physical(c->result);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		kernels()->cast[PHYS_U64][p]((char *)(*out)->data + i * physical_size(p), &v, 1);
	return OK;
}

static enum status exec_names(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const char *name = c->function->name;
	struct builder *b;
	struct str text = STR("default");
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	if (strcmp(name, "currentSchemas") == 0)
		text = e->session->database;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (strstr(name, "Roles") == NULL)
			s = builder_string(b->children[0], text.data, text.size, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

/* ---- functions of others ---- */

static enum status bind_composed(struct bind_env *env, struct call *c)
{
	const char *name = c->function->name;
	struct expr *x[2] = {compose_arg(env, c, 0), c->arg_count > 1 ? compose_arg(env, c, 1) : NULL}, *y, *z;
	if (strcmp(name, "sqr") == 0) {
		TRY(compose_call(env, "multiply", (struct expr *[]){x[0], x[0]}, 2, &y));
	} else if (strcmp(name, "min2") == 0 || strcmp(name, "max2") == 0) {
		const struct type *f64 = type_simple(TYPE_FLOAT64);
		TRY(expr_cast(env, x[0], f64, CAST_CH, &x[0]));
		TRY(expr_cast(env, x[1], f64, CAST_CH, &x[1]));
		TRY(compose_call(env, name[1] == 'i' ? "least" : "greatest", x, 2, &y));
	} else {
		/* halves of both, and of what they have over together, so that nothing overflows */
		bool decimal = type_is_float(x[0]->type) || type_is_float(x[1]->type);
		TRY(compose_call(env, "plus", x, 2, &y));
		TRY(compose_i64(env, 2, &z));
		TRY(compose_call(env, decimal ? "divide" : "intDiv", (struct expr *[]){y, z}, 2, &y));
		const struct type *types[2] = {x[0]->type, x[1]->type}, *common;
		TRY(call_common_type(env, types, 2, &common));
		TRY(expr_cast(env, y, common, CAST_CH, &y));
	}
	return compose_finish(env, c, y);
}

/* ---- firstNonDefault ---- */

static bool is_default(const struct vector *v, uint32_t i, const struct vector *zero)
{
	return vector_is_null(v, i) || vector_compare_rows(v, i, zero, 0) == 0;
}

static enum status exec_first(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct type *plain = type_not_nullable(e->scratch, c->result);
	struct builder *b;
	struct vector *zero = NULL;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = vector_default_constant(e->track, plain, 1, &zero, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t k = 0;
		while (k + 1 < c->arg_count && is_default(args[k], i, zero))
			k++;
		s = builder_row(b, args[k], i, e->err);
	}
	if (s == OK)
		s = builder_finish(b, out, e->err);
	vector_unref(zero);
	builder_free(b);
	return s;
}

#define MORE(fname, others, nulls_, args_, result_, bind_, exec_, what, example_, answer) \
	{.name = fname, .aliases = others, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = nulls_, .args = args_, \
	 .result = result_, .bind = bind_, .exec = exec_, .description = what, .example = example_, .example_result = answer}
#define SERVER(fname, others, type, exec_, what, example_, answer) \
	{.name = fname, .aliases = others, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, \
	 .args = "", .result = type, .exec = exec_, .description = what, .example = example_, .example_result = answer}

static const struct function rows[] = {
	{.name = "getSetting", .flags = FUNCTION_CH, .volatility = FUNCTION_STABLE, .args = "s", .bind = bind_setting,
	 .exec = exec_setting, .description = "A setting's value.", .example = "getSetting('max_block_size')"},
	{.name = "getSettingOrDefault", .flags = FUNCTION_CH, .volatility = FUNCTION_STABLE, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "s*", .bind = bind_setting, .exec = exec_setting,
	 .description = "A setting's value, or another where there is no such setting.",
	 .example = "getSettingOrDefault('max_block_size', 5)"},
	MORE("countDigits", NULL, FUNCTION_NULL_DEFAULT, "*", "UInt8", bind_digits, exec_digits,
	     "Decimal digits of a number, without a decimal's point.", "countDigits(-42)", "2"),
	MORE("isDecimalOverflow", NULL, FUNCTION_NULL_DEFAULT, "*i?", "UInt8", bind_digits, exec_digits,
	     "Whether a decimal has more digits than its, or that, precision.",
	     "isDecimalOverflow(toDecimal32(123456.78, 2), 3)", "1"),
	MORE("errorCodeToName", NULL, FUNCTION_NULL_DEFAULT, "J", "LowCardinality(String)", NULL, exec_code_name,
	     "The name of an error code.", "errorCodeToName(60)", "UNKNOWN_TABLE"),
	MORE("getSizeOfEnumType", NULL, FUNCTION_NULL_DEFAULT, "*", "UInt32", bind_enum_size, exec_enum_size,
	     "How many values an enum has.", "getSizeOfEnumType(CAST('a' AS Enum8('a' = 1, 'b' = 2)))", "2"),
	MORE("visibleWidth", NULL, FUNCTION_NULL_CUSTOM, "*", "UInt64", NULL, exec_width,
	     "Characters of a value's text.", "visibleWidth('abc')", "3"),
	MORE("firstNonDefault", NULL, FUNCTION_NULL_CUSTOM, "X+", "=X", NULL, exec_first,
	     "The first argument that is not NULL and not its type's default.", "firstNonDefault(0, 5, 7)", "5"),
	{.name = "sqr", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "N", .bind = bind_composed,
	 .description = "The square.", .example = "sqr(3)", .example_result = "9"},
	{.name = "min2", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "NN", .bind = bind_composed,
	 .description = "The lesser of two, as Float64.", .example = "min2(1, 2.5)", .example_result = "1"},
	{.name = "max2", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "NN", .bind = bind_composed,
	 .description = "The greater of two, as Float64.", .example = "max2(1, 2.5)", .example_result = "2.5"},
	{.name = "avg2", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "NN", .bind = bind_composed,
	 .description = "The middle of two numbers, in their common type.", .example = "avg2(1, 4)", .example_result = "2"},
	SERVER("blockNumber", NULL, "UInt64", exec_number, "The block's number.", "blockNumber() >= 0", "1"),
	SERVER("revision", NULL, "UInt32", exec_number, "The revision of ClickHouse's protocol that is spoken.",
	       "revision()", "54501"),
	SERVER("zookeeperSessionUptime", NULL, "UInt32", exec_number, "0: there is no such session.",
	       "zookeeperSessionUptime()", "0"),
	SERVER("hasThreadFuzzer", NULL, "UInt8", exec_number, "0: there is none.", "hasThreadFuzzer()", "0"),
	SERVER("currentProfiles", NULL, "Array(String)", exec_names, "The profiles of the session.", "currentProfiles()",
	       "['default']"),
	SERVER("enabledProfiles", NULL, "Array(String)", exec_names, "The profiles of the session.", "enabledProfiles()",
	       "['default']"),
	SERVER("defaultProfiles", NULL, "Array(String)", exec_names, "The profiles of the user.", "defaultProfiles()",
	       "['default']"),
	SERVER("currentRoles", NULL, "Array(String)", exec_names, "The roles that the session has taken.", "currentRoles()",
	       "[]"),
	SERVER("enabledRoles", NULL, "Array(String)", exec_names, "The roles that the session has.", "enabledRoles()", "[]"),
	SERVER("defaultRoles", NULL, "Array(String)", exec_names, "The roles that the user begins with.", "defaultRoles()",
	       "[]"),
	{.name = "currentSchemas", .aliases = "~current_schemas", .flags = FUNCTION_CH | FUNCTION_NOCASE,
	 .volatility = FUNCTION_STABLE, .args = "B", .result = "Array(String)", .exec = exec_names,
	 .description = "The session's database.", .example = "length(currentSchemas(true))", .example_result = "1"},
};

FUNCTION_FAMILY(misc_more, "Session and query");
