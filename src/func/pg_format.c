// SPDX-License-Identifier: Apache-2.0
/* to_char() of times and intervals, to_date(), to_timestamp(text, template). */
#include <assert.h>

#include "func/pg_format_impl.h"

static const int64_t SECOND_US = 1000000, DAY_US = 86400000000;

/* A template of a call: constant, or cut anew where it changes. */
struct template {
	struct time_token *tokens;
	uint32_t count;
	struct str text;
	bool cut;
};

static void template_of(struct template *t, struct eval *e, const struct vector *v, uint32_t i)
{
	struct str_arg a = str_arg(v);
	struct str s = str_arg_at(&a, i);
	if (t->cut && str_eq(s, t->text))
		return;
	t->count = time_template(e->scratch, s, &t->tokens);
	t->text = s;
	t->cut = true;
}

static bool fields_at(const struct vector *v, uint32_t i, const struct timezone *tz, struct time_fields *f)
{
	uint32_t row = v->form == VECTOR_CONST ? 0 : i;
	int64_t us, clock;
	*f = (struct time_fields){.interval = v->type->id == TYPE_PGINTERVAL, .tz = tz};
	if (f->interval) {
		struct pginterval x = pginterval_at(v->data, row);
		f->year = x.months / 12;
		f->month = x.months % 12;
		f->day = x.days;
		clock = x.us;
	} else {
		us = ((const int64_t *)v->data)[row];
		if (us == INT64_MIN || us == INT64_MAX)
			return false;
		f->utc = floor_div(us, SECOND_US);
		us += tz == NULL ? 0 : (int64_t)timezone_offset(tz, f->utc) * SECOND_US;
		f->days = floor_div(us, DAY_US);
		clock = us - f->days * DAY_US;
		struct civil_date d = days_to_civil(f->days);
		f->year = d.year;
		f->month = d.month;
		f->day = d.day;
	}
	f->hour = clock / (3600 * SECOND_US);
	f->minute = clock / (60 * SECOND_US) % 60;
	f->second = clock / SECOND_US % 60;
	f->us = clock % SECOND_US;
	return true;
}

static enum status exec_to_char(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct timezone *tz = c->arg_types[0]->face == FACE_TIMESTAMPTZ ? call_zone(NULL, e->session) : NULL;
	struct template t = {0};
	struct strings o;
	uint64_t *nulls = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count) + 1);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct time_fields f;
		template_of(&t, e, args[1], i);
		if (fields_at(args[0], i, tz, &f) && t.text.size != 0)
			time_write(&o.text, t.tokens, t.count, &f);
		else
			bit_set(nulls, i);
		strings_end(&o, i);
	}
	TRY(strings_finish(&o, c, e, count, out));
	TRY(vector_make_nulls(*out, e->track, e->err));
	memcpy((*out)->nulls, nulls, bits_words(count) * sizeof *nulls);
	return OK;
}

static const struct type *timestamp_type(struct arena *a, bool zoned)
{
	return type_with_face(a, type_datetime64(a, 6, timezone_utc()), zoned ? FACE_TIMESTAMPTZ : FACE_TIMESTAMP, -1);
}

static enum status bind_to_char(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (t->id == TYPE_INTERVAL || t->id == TYPE_PGINTERVAL || t->id == TYPE_TIME || t->id == TYPE_TIME64) {
		c->arg_types[0] = type_simple(TYPE_PGINTERVAL);
		return OK;
	}
	if (!type_is_temporal(t))
		return call_bad_type(env, c, 0);
	bool zoned = t->id == TYPE_DATE || t->id == TYPE_DATE32 || type_face(t) == FACE_TIMESTAMPTZ;
	const struct type *to = timestamp_type(env->arena, zoned);
	if (!type_equal(t, to))
		c->arg_types[0] = to;
	return OK;
}

static enum status exec_read(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	bool date = c->result->id == TYPE_DATE32;
	const struct timezone *tz = date ? timezone_utc() : call_zone(NULL, e->session);
	struct str_arg texts = str_arg(args[0]);
	struct template t = {0};
	enum status s = OK;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t us = 0, days = 0;
		if (!eval_skips(e, i)) {
			template_of(&t, e, args[1], i);
			s = time_read(str_arg_at(&texts, i), t.tokens, t.count, tz, &us, &days, e->err);
		}
		if (date)
			((int32_t *)(*out)->data)[i] = (int32_t)days;
		else
			((int64_t *)(*out)->data)[i] = us;
	}
	if (s != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s;
}

static enum status bind_to_timestamp(struct bind_env *env, struct call *c)
{
	c->result = timestamp_type(env->arena, true);
	return OK;
}

static const struct function rows[] = {
	{.name = "to_char", .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "*T", .result = "Nullable(String)",
	 .bind = bind_to_char, .exec = exec_to_char, .description = "A time as text by a template.",
	 .example = "to_char(timestamp '2002-04-20 17:31:12.66', 'HH12:MI:SS')", .example_result = "05:31:12"},
	FUNCTION_ROW("to_date", NULL, FUNCTION_PG, "TT", "Date32", NULL, exec_read, "A date from text by a template.",
	             "to_date('05 Dec 2000', 'DD Mon YYYY')", "2000-12-05"),
	{.name = "to_timestamp", .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "TT",
	 .bind = bind_to_timestamp, .exec = exec_read, .description = "A moment from text by a template.",
	 .example = "to_timestamp('05 Dec 2000', 'DD Mon YYYY')", .example_result = "2000-12-05 00:00:00+00"},
};

FUNCTION_FAMILY(pg_format, "PostgreSQL: times by templates");
