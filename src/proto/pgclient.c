// SPDX-License-Identifier: Apache-2.0
#include "proto/pgclient.h"

#include "proto/pgread_impl.h"

static struct pg_walk take_fields(struct pg_read *r, uint16_t count)
{
	struct pg_walk w = {r->at, count};
	for (unsigned i = 0; i < count && !r->bad; i++) {
		pg_take_text(r);
		pg_take(r, 18);
	}
	return w;
}

bool pgclient_field_next(struct pg_walk *w, struct pg_field *field)
{
	if (w->left == 0)
		return false;
	w->left--;
	field->name = str_of((const char *)w->at);
	const uint8_t *p = w->at + field->name.size + 1;
	field->table_oid = pg_load_u32(p);
	field->attribute = (int16_t)pg_load_u16(p + 4);
	field->type_oid = pg_load_u32(p + 6);
	field->type_size = (int16_t)pg_load_u16(p + 10);
	field->type_modifier = (int32_t)pg_load_u32(p + 12);
	field->format = (int16_t)pg_load_u16(p + 16);
	w->at = p + 18;
	return true;
}

/* Fields of a letter and a text each, up to a NUL where the next letter would be. */
static struct pg_walk take_problem(struct pg_read *r)
{
	struct pg_walk w = {r->at, 0};
	while (pg_take_u8(r) != 0)
		pg_take_text(r);
	w.left = (unsigned)(r->at - w.at);
	return w;
}

bool pgclient_problem_next(struct pg_walk *w, char *field, struct str *text)
{
	if (w->left <= 1)
		return false;
	*field = (char)w->at[0];
	*text = str_of((const char *)w->at + 1);
	w->at += text->size + 2;
	w->left -= (unsigned)text->size + 2;
	return true;
}

static enum status status_of(struct str sqlstate)
{
	for (int s = OK + 1; s < STATUS_COUNT; s++)
		if (str_eq(sqlstate, str_of(status_sqlstate((enum status)s))))
			return (enum status)s;
	return E_NETWORK;
}

static void keep(char *to, size_t size, struct str text)
{
	size_t n = text.size < size - 1 ? text.size : size - 1;
	memcpy(to, text.data, n);
	to[n] = '\0';
}

enum status pgclient_error(const struct pg_answer *a, const char *who, struct error *err)
{
	assert(a->type == PG_ERROR_ANSWER || a->type == PG_NOTICE_ANSWER);
	struct str state = STR("08006"), message = STR("no message"), text;
	struct pg_walk w = a->problem;
	for (char field; pgclient_problem_next(&w, &field, &text);) {
		if (field == 'C')
			state = text;
		else if (field == 'M')
			message = text;
	}
	if (err == NULL || error_is_set(err))
		return err == NULL ? status_of(state) : err->status;
	enum status s = ERR(err, status_of(state), "%s: %.*s", who, STR_ARG(message));
	w = a->problem;
	for (char field; pgclient_problem_next(&w, &field, &text);) {
		switch (field) {
		case 'D':
			error_detail(err, "%.*s", STR_ARG(text));
			break;
		case 'H':
			error_hint(err, "%.*s", STR_ARG(text));
			break;
		case 'W':
			error_context(err, "%.*s", STR_ARG(text));
			break;
		case 's':
			keep(err->schema, sizeof err->schema, text);
			break;
		case 't':
			keep(err->table, sizeof err->table, text);
			break;
		case 'c':
			keep(err->column, sizeof err->column, text);
			break;
		case 'n':
			keep(err->constraint, sizeof err->constraint, text);
			break;
		default:
			break;
		}
	}
	return s;
}

bool pgclient_offers(const struct pg_answer *a, const char *mechanism)
{
	assert(a->type == PG_AUTH && a->auth.code == PG_AUTH_SASL);
	const uint8_t *p = (const uint8_t *)a->auth.data.data;
	struct pg_read r = {p, p + a->auth.data.size, false};
	for (;;) {
		struct str name = pg_take_text(&r);
		if (r.bad || name.size == 0)
			return false;
		if (str_eq(name, str_of(mechanism)))
			return true;
	}
}

static void decode_session(struct pg_read *r, struct pg_answer *out)
{
	switch (out->type) {
	case PG_AUTH:
		out->auth.code = pg_take_u32(r);
		out->auth.data = pg_take_rest(r);
		break;
	case PG_PARAMETER_STATUS:
		out->parameter.name = pg_take_text(r);
		out->parameter.value = pg_take_text(r);
		break;
	case PG_KEY_DATA:
		out->key.process_id = (int32_t)pg_take_u32(r);
		out->key.key = pg_take_rest(r);
		break;
	case PG_NEGOTIATE:
		out->negotiate.minor = (uint16_t)pg_take_u32(r);
		out->negotiate.option_count = pg_take_u32(r);
		pg_take_rest(r);
		break;
	case PG_NOTIFICATION:
		out->notification.process_id = (int32_t)pg_take_u32(r);
		out->notification.channel = pg_take_text(r);
		out->notification.payload = pg_take_text(r);
		break;
	case PG_READY:
		out->ready = (enum pg_transaction)pg_take_u8(r);
		r->bad |= out->ready != PG_IDLE && out->ready != PG_IN_TRANSACTION && out->ready != PG_IN_FAILED_TRANSACTION;
		break;
	case PG_ERROR_ANSWER:
	case PG_NOTICE_ANSWER:
		out->problem = take_problem(r);
		break;
	default:
		r->bad = true;
	}
}

static void decode_answer(struct pg_read *r, struct pg_answer *out)
{
	uint16_t count;
	switch (out->type) {
	case PG_COMMAND_COMPLETE:
		out->tag = pg_take_text(r);
		break;
	case PG_ROW_DESCRIPTION:
		count = pg_take_u16(r);
		out->fields = take_fields(r, count);
		break;
	case PG_DATA_ROW:
		count = pg_take_u16(r);
		out->values = pg_take_values(r, count);
		break;
	case PG_FUNCTION_RESULT:
		out->values = pg_take_values(r, 1);
		break;
	case PG_PARAMETER_DESCRIPTION:
		count = pg_take_u16(r);
		out->types = (struct pg_walk){r->at, count};
		pg_take(r, (size_t)count * 4);
		break;
	case PG_COPY_IN:
	case PG_COPY_OUT:
	case PG_COPY_BOTH:
		out->copy.format = (int8_t)pg_take_u8(r);
		out->copy.columns.count = pg_take_u16(r);
		out->copy.columns.codes = pg_take(r, (size_t)out->copy.columns.count * 2);
		break;
	case PG_OUT_DATA:
		out->data = pg_take_rest(r);
		break;
	case PG_BIND_COMPLETE:
	case PG_CLOSE_COMPLETE:
	case PG_EMPTY_QUERY:
	case PG_NO_DATA:
	case PG_OUT_DONE:
	case PG_PARSE_COMPLETE:
	case PG_PORTAL_SUSPENDED:
		break;
	default:
		decode_session(r, out);
	}
}

enum status pgclient_next(struct str buffered, size_t limit, struct pg_answer *out, size_t *consumed, size_t *need,
	struct error *err)
{
	struct pg_read r;
	size_t size;
	*consumed = 0;
	int there = pg_take_message(buffered, limit, &r, &size);
	*need = size;
	if (there < 0)
		return ERR(err, E_PROTOCOL, "invalid message length from the server (at most %zu bytes)", limit);
	if (there == 0)
		return OK;
	memset(out, 0, sizeof *out);
	out->type = (enum pg_answer_type)(uint8_t)buffered.data[0];
	decode_answer(&r, out);
	if (!pg_read_all(&r))
		return ERR(err, E_PROTOCOL, "invalid message of type 0x%02x from the server", (unsigned)out->type);
	*consumed = size;
	return OK;
}

void pgclient_put_ssl_request(struct strbuf *b)
{
	strbuf_put_be(b, 8, 4);
	strbuf_put_be(b, PG_CODE_SSL, 4);
}

void pgclient_put_cancel(struct strbuf *b, int32_t process_id, struct str key)
{
	strbuf_put_be(b, 12 + key.size, 4);
	strbuf_put_be(b, PG_CODE_CANCEL, 4);
	strbuf_put_be(b, (uint32_t)process_id, 4);
	strbuf_puts(b, key);
}

void pgclient_put_startup(struct strbuf *b, const struct pg_parameter *parameters, size_t count)
{
	size_t at = b->size;
	strbuf_put_be(b, 0, 4);
	strbuf_put_be(b, PG_CODE_3_0, 4);
	for (size_t i = 0; i < count; i++) {
		pg_put_text(b, parameters[i].name);
		pg_put_text(b, parameters[i].value);
	}
	strbuf_putc(b, 0);
	pg_patch_u32(b, at, b->size - at);
}

void pgclient_put_password(struct strbuf *b, struct str password)
{
	size_t at = pg_begin(b, PG_PASSWORD);
	pg_put_text(b, password);
	pg_end(b, at);
}

void pgclient_put_sasl_initial(struct strbuf *b, const char *mechanism, struct str response)
{
	size_t at = pg_begin(b, PG_PASSWORD);
	pg_put_text(b, str_of(mechanism));
	if (response.data == NULL)
		pg_put_null(b);
	else
		pg_put_value(b, response);
	pg_end(b, at);
}

void pgclient_put_sasl_response(struct strbuf *b, struct str response)
{
	size_t at = pg_begin(b, PG_PASSWORD);
	strbuf_puts(b, response);
	pg_end(b, at);
}

void pgclient_put_query(struct strbuf *b, struct str query)
{
	size_t at = pg_begin(b, PG_QUERY);
	pg_put_text(b, query);
	pg_end(b, at);
}

void pgclient_put_parse(struct strbuf *b, struct str statement, struct str query, const uint32_t *oids, uint16_t count)
{
	size_t at = pg_begin(b, PG_PARSE);
	pg_put_text(b, statement);
	pg_put_text(b, query);
	strbuf_put_be(b, count, 2);
	for (unsigned i = 0; i < count; i++)
		strbuf_put_be(b, oids[i], 4);
	pg_end(b, at);
}

static void put_values(struct strbuf *b, const struct str *values, uint16_t count)
{
	strbuf_put_be(b, count, 2);
	for (unsigned i = 0; i < count; i++) {
		if (values[i].data == NULL)
			pg_put_null(b);
		else
			pg_put_value(b, values[i]);
	}
}

static void put_format(struct strbuf *b, int16_t format)
{
	strbuf_put_be(b, 1, 2);
	strbuf_put_be(b, (uint16_t)format, 2);
}

void pgclient_put_bind(struct strbuf *b, struct str portal, struct str statement, const struct str *values,
	uint16_t count, int16_t value_format, int16_t result_format)
{
	size_t at = pg_begin(b, PG_BIND);
	pg_put_text(b, portal);
	pg_put_text(b, statement);
	put_format(b, value_format);
	put_values(b, values, count);
	put_format(b, result_format);
	pg_end(b, at);
}

static void put_target(struct strbuf *b, char type, char what, struct str name)
{
	assert(what == 'S' || what == 'P');
	size_t at = pg_begin(b, type);
	strbuf_putc(b, what);
	pg_put_text(b, name);
	pg_end(b, at);
}

void pgclient_put_describe(struct strbuf *b, char what, struct str name)
{
	put_target(b, PG_DESCRIBE, what, name);
}

void pgclient_put_close(struct strbuf *b, char what, struct str name)
{
	put_target(b, PG_CLOSE, what, name);
}

void pgclient_put_execute(struct strbuf *b, struct str portal, uint32_t row_limit)
{
	size_t at = pg_begin(b, PG_EXECUTE);
	pg_put_text(b, portal);
	strbuf_put_be(b, row_limit, 4);
	pg_end(b, at);
}

void pgclient_put_flush(struct strbuf *b)
{
	pg_end(b, pg_begin(b, PG_FLUSH));
}

void pgclient_put_sync(struct strbuf *b)
{
	pg_end(b, pg_begin(b, PG_SYNC));
}

void pgclient_put_terminate(struct strbuf *b)
{
	pg_end(b, pg_begin(b, PG_TERMINATE));
}

void pgclient_put_copy_fail(struct strbuf *b, struct str reason)
{
	size_t at = pg_begin(b, PG_COPY_FAIL);
	pg_put_text(b, reason);
	pg_end(b, at);
}

void pgclient_put_call(struct strbuf *b, uint32_t function, const struct str *values, uint16_t count, int16_t format)
{
	size_t at = pg_begin(b, PG_FUNCTION_CALL);
	strbuf_put_be(b, function, 4);
	put_format(b, format);
	put_values(b, values, count);
	strbuf_put_be(b, (uint16_t)format, 2);
	pg_end(b, at);
}
