// SPDX-License-Identifier: Apache-2.0
/* UUIDs as bytes, and the times in UUIDv7 and in Snowflake identifiers (milliseconds, machine, counter). */
#include "base/clock.h"
#include "func/str_impl.h"

/* Places of a UUID's 16 bytes in its text without dashes; variant 2 has Microsoft's mixed order of bytes. */
static const uint8_t orders[2][16] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}
};

static enum status bind_variant(struct bind_env *env, struct call *c)
{
	int64_t variant = 1;
	const struct type *t = c->arg_types[0];
	if (c->function->name[4] == 'N' && !(t->id == TYPE_FIXEDSTRING && t->length == 16))
		return call_bad_type(env, c, 0);
	if (c->arg_count > 1 && !call_const_i64(c, 1, &variant))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument 2 of function %.*s must be a constant", STR_ARG(c->name));
	if (variant != 1 && variant != 2)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Expected UUID variant, got %lld", (long long)variant);
	c->state = (void *)(uintptr_t)orders[variant - 1];
	return OK;
}

static unsigned hex_digit(char c)
{
	c = ascii_lower(c);
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 0xff;
}

/* Text of another length gives zeros, and what is no hexadecimal digit counts as 255, as the reference has it. */
static void bytes_of_text(struct str t, unsigned char bytes[16])
{
	memset(bytes, 0, 16);
	if (t.size != 36)
		return;
	for (size_t i = 0, k = 0; k < 16; k++, i += 2) {
		if (i == 8 || i == 13 || i == 18 || i == 23)
			i++;
		bytes[k] = (unsigned char)(hex_digit(t.data[i]) * 16 + hex_digit(t.data[i + 1]));
	}
}

static enum status exec_to_bytes(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const uint8_t *order = c->state;
	bool text = type_physical(args[0]->type) == PHYS_STR;
	struct str_arg texts = str_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		unsigned char bytes[16];
		if (text) {
			bytes_of_text(str_arg_at(&texts, i), bytes);
		} else {
			uint64_t half[2];
			memcpy(half, (const char *)args[0]->data + (args[0]->form == VECTOR_CONST ? 0 : i) * 16, 16);
			for (int k = 0; k < 16; k++)
				bytes[k] = (unsigned char)(half[k / 8] >> (56 - 8 * (k % 8)));
		}
		for (int k = 0; k < 16; k++)
			strbuf_putc(&o.text, (char)bytes[order[k]]);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_to_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const uint8_t *order = c->state;
	struct str_arg texts = str_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str t = str_arg_at(&texts, i);
		uint64_t half[2] = {0, 0};
		char text[36];
		u128 v;
		for (size_t k = 0; k < 16 && k < t.size; k++) {
			unsigned at = order[k];
			half[at / 8] |= (uint64_t)(unsigned char)t.data[k] << (56 - 8 * (at % 8));
		}
		memcpy(&v, half, 16);
		strbuf_put(&o.text, text, format_uuid(v, text));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- UUIDv7 ---- */

enum { VERSION_SHIFT = 12 };

static uint64_t next_random(struct eval *e)
{
	uint64_t z = e->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static enum status bind_result_zone(struct bind_env *env, struct call *c, uint32_t zone_arg, bool with_ms)
{
	struct str name;
	const struct timezone *tz = NULL;
	if (c->arg_count > zone_arg) {
		if (!call_const_str(c, zone_arg, &name))
			return ERR(env->err, E_ILLEGAL_COLUMN, "Argument %u of function %.*s must be a constant", zone_arg + 1,
			           STR_ARG(c->name));
		TRY(timezone_find(name, &tz, env->err));
	}
	c->result = with_ms ? type_datetime64(env->arena, 3, tz) : type_datetime(env->arena, tz);
	return OK;
}

static enum status bind_uuid7_time(struct bind_env *env, struct call *c)
{
	return bind_result_zone(env, c, 1, true);
}

static enum status exec_uuid7_time(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t high;
		memcpy(&high, (const char *)args[0]->data + (args[0]->form == VECTOR_CONST ? 0 : i) * 16, 8);
		((int64_t *)(*out)->data)[i] = (high >> VERSION_SHIFT & 15) == 7 ? (int64_t)(high >> 16) : 0;
	}
	return OK;
}

/* An instant in milliseconds. */
static int64_t ms_at(const struct vector *v, uint32_t i)
{
	size_t row = v->form == VECTOR_CONST ? 0 : i;
	if (v->type->id == TYPE_DATETIME)
		return (int64_t)((const uint32_t *)v->data)[row] * 1000;
	int64_t ticks = ((const int64_t *)v->data)[row];
	int scale = v->type->scale;
	for (; scale < 3; scale++)
		ticks *= 10;
	for (; scale > 3; scale--)
		ticks /= 10;
	return ticks;
}

static enum status exec_time_uuid7(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t half[2] = {(uint64_t)ms_at(args[0], i) << 16 | (uint64_t)7 << VERSION_SHIFT, next_random(e)};
		half[0] |= next_random(e) & 0xfff;
		half[1] = (half[1] & low_mask64(62)) | (uint64_t)2 << 62;
		memcpy((char *)(*out)->data + (size_t)i * 16, half, 16);
	}
	return OK;
}

/* ---- Snowflake identifiers ---- */

enum { SNOWFLAKE_SHIFT = 22, MACHINE_SHIFT = 12 };

static uint64_t u64_at(const struct vector *v, uint32_t i)
{
	return ((const uint64_t *)v->data)[v->form == VECTOR_CONST ? 0 : i];
}

static enum status exec_to_snowflake(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t epoch = c->arg_count > 1 ? u64_at(args[1], i) : 0;
		((uint64_t *)(*out)->data)[i] = ((uint64_t)ms_at(args[0], i) - epoch) << SNOWFLAKE_SHIFT;
	}
	return OK;
}

static enum status exec_from_snowflake(const struct call *c, struct eval *e, const struct vector *const *args,
                                       uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t ms = (u64_at(args[0], i) >> SNOWFLAKE_SHIFT) + (c->arg_count > 1 ? u64_at(args[1], i) : 0);
		if (c->result->id == TYPE_DATETIME)
			((uint32_t *)(*out)->data)[i] = (uint32_t)(ms / 1000);
		else
			((int64_t *)(*out)->data)[i] = (int64_t)ms;
	}
	return OK;
}

static enum status bind_from_snowflake(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->id != TYPE_UINT64)
		return call_bad_type(env, c, 0);
	return bind_result_zone(env, c, 2, str_ends_with(str_of(c->function->name), STR("64")));
}

static enum status bind_to_snowflake(struct bind_env *env, struct call *c)
{
	bool fine = str_starts_with(str_of(c->function->name), STR("dateTime64"));
	return c->arg_types[0]->id == (fine ? TYPE_DATETIME64 : TYPE_DATETIME) ? OK : call_bad_type(env, c, 0);
}

/* Identifiers of one block follow each other; two queries of one millisecond start at different random places. */
static enum status exec_snowflake(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	uint64_t machine = e->session->process_id & 0x3ff, counter = next_random(e) & 0x7ff;
	uint64_t ms = (uint64_t)(clock_wall_us() / 1000);
	if (c->arg_count > 1)
		machine = u64_at(args[1], 0) & 0x3ff;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++, counter++) {
		if (counter == 1 << MACHINE_SHIFT) {
			counter = 0;
			ms++;
		}
		((uint64_t *)(*out)->data)[i] = ms << SNOWFLAKE_SHIFT | machine << MACHINE_SHIFT | counter;
	}
	return OK;
}

#define VOLATILE_ROW(row_name, pattern, type, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, .args = pattern, \
	 .result = type, .bind = row_bind, .exec = row_exec, .description = text, .example = sample, \
	 .example_result = answer}

static const struct function rows[] = {
	FUNCTION_ROW("UUIDStringToNum", NULL, FUNCTION_CH, "SJ?", "FixedString(16)", bind_variant, exec_to_bytes,
	             "The 16 bytes of a UUID in text.", "hex(UUIDStringToNum('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))",
	             "61F0C4045CB311E7907BA6006AD3DBA0"),
	FUNCTION_ROW("UUIDToNum", NULL, FUNCTION_CH, "GJ?", "FixedString(16)", bind_variant, exec_to_bytes,
	             "The 16 bytes of a UUID.", "hex(UUIDToNum(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), 2))",
	             "04C4F061B35CE711907BA6006AD3DBA0"),
	FUNCTION_ROW("UUIDNumToString", NULL, FUNCTION_CH, "SJ?", "String", bind_variant, exec_to_text,
	             "The text of a UUID's 16 bytes.",
	             "UUIDNumToString(toFixedString(unhex('61F0C4045CB311E7907BA6006AD3DBA0'), 16))",
	             "61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
	FUNCTION_ROW("UUIDv7ToDateTime", NULL, FUNCTION_CH, "GS?", NULL, bind_uuid7_time, exec_uuid7_time,
	             "The time in a UUIDv7.", "UUIDv7ToDateTime(toUUID('018f05c9-4ab8-7b86-b64e-c9f03fbd45d1'), 'UTC')",
	             "2024-04-22 12:30:29.048"),
	VOLATILE_ROW("dateTimeToUUIDv7", "C", "UUID", NULL, exec_time_uuid7, "A UUIDv7 of that time.",
	             "substring(toString(dateTimeToUUIDv7(toDateTime('2024-01-01 00:00:00', 'UTC'))), 1, 15)",
	             "018cc251-f400-7"),
	FUNCTION_ROW("dateTimeToSnowflakeID", NULL, FUNCTION_CH, "CU?", "UInt64", bind_to_snowflake, exec_to_snowflake,
	             "The first Snowflake identifier of a time.",
	             "dateTimeToSnowflakeID(toDateTime('2021-08-15 10:57:56', 'UTC'))", "6832626392367104000"),
	FUNCTION_ROW("dateTime64ToSnowflakeID", NULL, FUNCTION_CH, "CU?", "UInt64", bind_to_snowflake, exec_to_snowflake,
	             "The first Snowflake identifier of a time.",
	             "dateTime64ToSnowflakeID(toDateTime64('2021-08-15 18:57:56.492', 3, 'UTC'))", "6832747190385901568"),
	FUNCTION_ROW("snowflakeIDToDateTime", NULL, FUNCTION_CH, "IU?S?", NULL, bind_from_snowflake, exec_from_snowflake,
	             "The time in a Snowflake identifier.", "snowflakeIDToDateTime(7204436857747984384, 0, 'UTC')",
	             "2024-06-06 10:59:58"),
	FUNCTION_ROW("snowflakeIDToDateTime64", NULL, FUNCTION_CH, "IU?S?", NULL, bind_from_snowflake, exec_from_snowflake,
	             "The time in a Snowflake identifier.", "snowflakeIDToDateTime64(7204436857747984384, 0, 'UTC')",
	             "2024-06-06 10:59:58.851"),
	VOLATILE_ROW("generateSnowflakeID", "*?U?", "UInt64", NULL, exec_snowflake, "A Snowflake identifier of this moment.",
	             "generateSnowflakeID() > 0", "1"),
};

FUNCTION_FAMILY(uuid_parts, "UUIDs and Snowflake identifiers");
