// SPDX-License-Identifier: Apache-2.0
/* The session's facts, settings, and functions that are about the query rather than about values. */
#include <assert.h>
#include <time.h>

#include "base/clock.h"
#include "func/cast.h"
#include "func/function.h"
#include "kernel/kernel.h"

/* What clients of either dialect take us for; our own version is hanzo_version(). */
#define VERSION_CH "25.8.1.1"
#define VERSION_PG "PostgreSQL 15.10 (Hanzo Datastore " PACKAGE_VERSION ")"

/* ---- one text for the whole query ---- */

static struct str session_text(const struct call *c, const struct eval_session *s)
{
	const char *name = c->function->name;
	bool pg = s->dialect == DIALECT_POSTGRESQL;
	if (strcmp(name, "version") == 0)
		return pg ? STR(VERSION_PG) : STR(VERSION_CH);
	if (strcmp(name, "hanzo_version") == 0)
		return STR(PACKAGE_VERSION);
	if (strcmp(name, "currentDatabase") == 0)
		return s->database;
	if (strcmp(name, "currentUser") == 0)
		return s->user;
	if (strcmp(name, "hostName") == 0)
		return s->host_name.data != NULL ? s->host_name : STR("localhost");
	if (strcmp(name, "queryID") == 0 || strcmp(name, "initialQueryID") == 0)
		return s->query_id;
	assert(!"a text that the session does not have");
	return STR("");
}

static enum status exec_session_text(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	struct str text = session_text(c, e->session);
	return call_text(c, e, text.data != NULL ? text : STR(""), count, out);
}

static int64_t started_us;

__attribute__((constructor)) static void remember_start(void)
{
	started_us = clock_mono_us();
}

static enum status exec_uptime(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	uint32_t seconds = (uint32_t)((clock_mono_us() - started_us) / 1000000);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint32_t *)(*out)->data)[i] = seconds;
	return OK;
}

static enum status exec_process(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	int64_t id = e->session->process_id;
	enum physical p = type_physical(c->result);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		kernels()->cast[PHYS_I64][p]((char *)(*out)->data + i * physical_size(p), &id, 1);
	return OK;
}

/* ---- about rows and blocks ---- */

static enum status exec_row_number(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	uint64_t base = strcmp(c->function->name, "rowNumberInAllBlocks") == 0 ? e->row_base : 0;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint64_t *)(*out)->data)[i] = base + i;
	return OK;
}

static enum status exec_block_size(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint64_t *)(*out)->data)[i] = count;
	return OK;
}

static enum status exec_flatten(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct vector *all = NULL;
	if (args[0]->form != VECTOR_CONST) {
		*out = vector_ref(args[0]);
		return OK;
	}
	TRY(eval_repeat(e, args[0], count, &all));
	enum status s = vector_flatten(e->track, all, out, e->err);
	vector_unref(all);
	return s;
}

static enum status exec_same(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	if (args[0]->form == VECTOR_CONST)
		return eval_repeat(e, args[0], count, out);
	*out = vector_ref(args[0]);
	return OK;
}

static enum status exec_byte(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	bool one = strcmp(c->function->name, "indexHint") == 0;
	TRY(call_result(c, e, count, out));
	memset((*out)->data, one, count);
	return OK;
}

static enum status exec_is_constant(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	memset((*out)->data, args[0]->form == VECTOR_CONST, count);
	return OK;
}

/* shardNum, shardCount and their like: 0 */
static enum status exec_zero(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	TRY(call_result(c, e, count, out));
	memset((*out)->data, 0, count * physical_size(type_physical(c->result)));
	return OK;
}

/* Bytes that a value takes in memory, as ClickHouse counts them. */
static uint64_t byte_size(const struct vector *v, uint32_t i)
{
	const struct vector *at;
	i = vector_index(v, i, &at);
	uint64_t size = v->type->nullable;
	switch (type_physical(at->type)) {
	case PHYS_STR:
		return size + (at->type->id == TYPE_FIXEDSTRING ? at->type->length : ((const struct strview *)at->data)[i].size + 8);
	case PHYS_ARRAY:
	case PHYS_MAP:
		size += 8;
		for (uint32_t k = 0; k < at->child_count; k++)
			for (uint32_t j = ((const uint32_t *)at->data)[i]; j < ((const uint32_t *)at->data)[i + 1]; j++)
				size += byte_size(at->children[k], j);
		return size;
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < at->child_count; k++)
			size += byte_size(at->children[k], i);
		return size;
	default:
		return size + physical_size(type_physical(at->type));
	}
}

static enum status exec_byte_size(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	uint64_t *to = (*out)->data;
	memset(to, 0, count * sizeof *to);
	for (uint32_t k = 0; k < c->arg_count; k++)
		for (uint32_t i = 0; i < count; i++)
			to[i] += byte_size(args[k], i);
	return OK;
}

/* ---- throwIf, sleep ---- */

static enum status exec_throw_if(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	struct str text = STR("Value passed to 'throwIf' function is non-zero");
	enum physical p = type_physical(args[0]->type);
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	kernels()->is_nonzero[p](to, args[0]->data, args[0]->form == VECTOR_CONST ? 1 : count);
	if (args[0]->form == VECTOR_CONST)
		memset(to, to[0], count);
	for (uint32_t i = 0; i < count; i++) {
		if (!to[i] || eval_skips(e, i))
			continue;
		if (c->arg_count > 1)
			text = strview_str(args[1]->data);
		vector_unref(*out);
		*out = NULL;
		return ERR(e->err, E_THROW_IF, "%.*s", (int)(text.size > 1000 ? 1000 : text.size), text.data);
	}
	memset(to, 0, count);
	return OK;
}

/* Waits in steps, so that a cancelled query does not. */
static enum status wait_for(struct eval *e, double seconds)
{
	const int64_t until = clock_mono_us() + (int64_t)(seconds * 1e6);
	for (int64_t left = until - clock_mono_us(); left > 0; left = until - clock_mono_us()) {
		if (e->cancelled != NULL && atomic_load_explicit(e->cancelled, memory_order_relaxed))
			return ERR(e->err, E_CANCELLED, e->session->dialect == DIALECT_POSTGRESQL
			           ? "canceling statement due to user request" : "Query was cancelled");
		int64_t step = left < 10000 ? left : 10000;
		nanosleep(&(struct timespec){.tv_nsec = step * 1000}, NULL);
	}
	return OK;
}

static enum status exec_sleep(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	enum { SECONDS_MAX = 3 };
	bool pg = strcmp(c->function->name, "pg_sleep") == 0, each = strcmp(c->function->name, "sleepEachRow") == 0;
	double seconds = count == 0 ? 0 : *(const double *)args[0]->data;
	if (each)
		seconds *= count;
	if (!pg && seconds > SECONDS_MAX)
		return ERR(e->err, E_TOO_SLOW, "The maximum sleep time is %d microseconds. Requested: %.0f microseconds",
		           SECONDS_MAX * 1000000, seconds * 1e6);
	if (seconds > 0)
		TRY(wait_for(e, seconds));
	TRY(call_result(c, e, count, out));
	if (pg) {
		for (uint32_t i = 0; i < count; i++)
			((struct strview *)(*out)->data)[i] = strview_make("", 0);
		return OK;
	}
	memset((*out)->data, 0, count);
	return OK;
}

static enum status bind_void(struct bind_env *env, struct call *c)
{
	c->result = type_with_face(env->arena, type_simple(TYPE_STRING), FACE_VOID, -1);
	return OK;
}

#define SESSION(fname, others, flags_, what, answer) \
	{.name = fname, .aliases = others, .flags = flags_, .volatility = FUNCTION_STABLE, .args = "", .result = "String", \
	 .exec = exec_session_text, .description = what, .example = fname "()", .example_result = answer}
#define ROW_NUMBER(fname, exec_, what) \
	{.name = fname, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, .args = "", \
	 .result = "UInt64", \
	 .exec = exec_, .description = what, .example = fname "() >= 0", .example_result = "1"}
#define ZERO(fname, type, what) \
	{.name = fname, .flags = FUNCTION_CH, .args = "", .result = type, .exec = exec_zero, .description = what, \
	 .example = fname "()", .example_result = "0"}

static const struct function rows[] = {
	SESSION("version", NULL, FUNCTION_BOTH | FUNCTION_NOCASE, "The server's version.", NULL),
	SESSION("hanzo_version", NULL, FUNCTION_BOTH, "Our own version.", NULL),
	SESSION("currentDatabase", "~current_database ~DATABASE ~SCHEMA", FUNCTION_CH, "The session's database.", NULL),
	SESSION("currentUser", "~user ~current_user", FUNCTION_CH, "The session's user.", NULL),
	SESSION("hostName", "~hostname ~FQDN fullHostName", FUNCTION_CH, "The server's name.", NULL),
	SESSION("queryID", "~query_id", FUNCTION_CH, "The query's identifier.", NULL),
	SESSION("initialQueryID", "~initial_query_id", FUNCTION_CH, "The query's identifier.", NULL),
	{.name = "uptime", .flags = FUNCTION_CH, .volatility = FUNCTION_STABLE, .args = "", .result = "UInt32",
	 .exec = exec_uptime, .description = "Seconds since the server's start.", .example = "uptime() >= 0",
	 .example_result = "1"},
	{.name = "connectionId", .aliases = "~connection_id", .flags = FUNCTION_CH | FUNCTION_NOCASE,
	 .volatility = FUNCTION_STABLE, .args = "", .result = "UInt64", .exec = exec_process,
	 .description = "The connection's number.", .example = "connectionId() >= 0", .example_result = "1"},
	ROW_NUMBER("rowNumberInBlock", exec_row_number, "The row's number in its block."),
	ROW_NUMBER("rowNumberInAllBlocks", exec_row_number, "The row's number among those its thread has seen."),
	ROW_NUMBER("blockSize", exec_block_size, "The rows of the block."),
	{.name = "materialize", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM,
	 .volatility = FUNCTION_VOLATILE, .args = "*", .result = "=1", .exec = exec_flatten,
	 .description = "The value, as a column instead of a constant.", .example = "materialize(5)", .example_result = "5"},
	{.name = "identity", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "*",
	 .result = "=1",
	 .exec = exec_same, .description = "The value itself.", .example = "identity(5)", .example_result = "5"},
	{.name = "ignore", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "*&", .result = "UInt8",
	 .exec = exec_byte, .description = "0, whatever the arguments are.", .example = "ignore(1, 2)", .example_result = "0"},
	{.name = "indexHint", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "*&", .result = "UInt8",
	 .exec = exec_byte, .description = "1; its argument only chooses granules.", .example = "indexHint(1 = 0)",
	 .example_result = "1"},
	{.name = "isConstant", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM,
	 .volatility = FUNCTION_VOLATILE, .args = "*", .result = "UInt8", .exec = exec_is_constant,
	 .description = "Whether the value is a constant.", .example = "isConstant(1)", .example_result = "1"},
	{.name = "byteSize", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "*&", .result = "UInt64",
	 .exec = exec_byte_size, .description = "The bytes that the values take in memory.", .example = "byteSize('abc')",
	 .example_result = "11"},
	ZERO("shardNum", "UInt32", "The shard's number; 0 without shards."),
	ZERO("shardCount", "UInt32", "The number of shards; 0 without shards."),
	{.name = "throwIf", .flags = FUNCTION_CH, .volatility = FUNCTION_VOLATILE, .args = "Ns?", .result = "UInt8",
	 .exec = exec_throw_if, .description = "An error where the first is not 0.", .example = "throwIf(1 = 0, 'never')",
	 .example_result = "0"},
	{.name = "sleep", .flags = FUNCTION_CH, .volatility = FUNCTION_VOLATILE, .args = "f", .result = "UInt8",
	 .exec = exec_sleep,
	 .description = "Waits so many seconds for a block, at most 3.", .example = "sleep(0)", .example_result = "0"},
	{.name = "sleepEachRow", .flags = FUNCTION_CH, .volatility = FUNCTION_VOLATILE, .args = "f", .result = "UInt8",
	 .exec = exec_sleep, .description = "Waits so many seconds for each row, at most 3 a block.",
	 .example = "sleepEachRow(0)", .example_result = "0"},
	{.name = "pg_sleep", .flags = FUNCTION_PG, .volatility = FUNCTION_VOLATILE, .args = "F", .bind = bind_void,
	 .exec = exec_sleep, .description = "Waits so many seconds.", .example = "pg_sleep(0)", .example_result = ""},
};

FUNCTION_FAMILY(misc, "Session and query");
