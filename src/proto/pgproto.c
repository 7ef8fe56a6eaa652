// SPDX-License-Identifier: Apache-2.0
#include "proto/pgproto.h"

#include <stdio.h>

#include "base/utf8.h"
#include "proto/pgread_impl.h"

enum { CANCEL_KEY_MIN = 4, CANCEL_KEY_MAX = 256 };

int pg_take_message(struct str buffered, size_t limit, struct pg_read *r, size_t *size)
{
	const uint8_t *p = (const uint8_t *)buffered.data;
	*size = 5;
	if (buffered.size < 5)
		return 0;
	uint32_t length = pg_load_u32(p + 1);
	if (length < 4 || length > INT32_MAX || length - 4 > limit)
		return -1;
	*size = (size_t)length + 1;
	if (buffered.size < *size)
		return 0;
	*r = (struct pg_read){p + 5, p + *size, false};
	return 1;
}

struct pg_walk pg_take_values(struct pg_read *r, uint16_t count)
{
	struct pg_walk w = {r->at, count};
	for (unsigned i = 0; i < count && !r->bad; i++) {
		uint32_t size = pg_take_u32(r);
		if (size == UINT32_MAX)
			continue;
		if (size > INT32_MAX)
			r->bad = true;
		pg_take(r, size);
	}
	return w;
}

bool pg_value_next(struct pg_walk *w, struct str *value)
{
	if (w->left == 0)
		return false;
	w->left--;
	uint32_t size = pg_load_u32(w->at);
	w->at += 4;
	if (size == UINT32_MAX) {
		*value = (struct str){NULL, 0};
		return true;
	}
	*value = (struct str){(const char *)w->at, size};
	w->at += size;
	return true;
}

bool pg_oid_next(struct pg_walk *w, uint32_t *oid)
{
	if (w->left == 0)
		return false;
	w->left--;
	*oid = pg_load_u32(w->at);
	w->at += 4;
	return true;
}

bool pg_parameter_next(struct pg_walk *w, struct str *name, struct str *value)
{
	struct pg_read r = {w->at, w->at + w->left, false};
	if (w->left == 0)
		return false;
	*name = pg_take_text(&r);
	*value = pg_take_text(&r);
	w->left -= (unsigned)(r.at - w->at);
	w->at = r.at;
	return !r.bad;
}

/* Parameters are name and value pairs, then one more NUL which ends the packet. */
static bool take_parameters(struct pg_read *r, struct pg_walk *out)
{
	out->at = r->at;
	while (!r->bad && r->at != r->end && *r->at != 0) {
		pg_take_text(r);
		pg_take_text(r);
	}
	out->left = (unsigned)(r->at - out->at);
	pg_take_u8(r);
	return pg_read_all(r);
}

enum status pg_next_startup(struct str buffered, struct pg_startup *out, size_t *consumed, size_t *need,
	struct error *err)
{
	const uint8_t *p = (const uint8_t *)buffered.data;
	*consumed = 0;
	*need = 8;
	if (buffered.size < 4)
		return OK;
	uint32_t size = pg_load_u32(p);
	if (size < 8 || size > PG_STARTUP_BYTES_MAX)
		return ERR(err, E_PROTOCOL, "invalid length of startup packet");
	*need = size;
	if (buffered.size < size)
		return OK;
	struct pg_read r = {p + 4, p + size, false};
	uint32_t code = pg_take_u32(&r);
	memset(out, 0, sizeof *out);
	if (code == PG_CODE_SSL || code == PG_CODE_GSSENC) {
		out->kind = code == PG_CODE_SSL ? PG_STARTUP_SSL : PG_STARTUP_GSSENC;
		if (!pg_read_all(&r))
			return ERR(err, E_PROTOCOL, "invalid length of startup packet");
	} else if (code == PG_CODE_CANCEL) {
		out->kind = PG_STARTUP_CANCEL;
		out->process_id = (int32_t)pg_take_u32(&r);
		out->key = pg_take_rest(&r);
		if (r.bad || out->key.size < CANCEL_KEY_MIN || out->key.size > CANCEL_KEY_MAX)
			return ERR(err, E_PROTOCOL, "invalid length of query cancel packet");
	} else {
		out->kind = PG_STARTUP_PARAMETERS;
		out->major = (uint16_t)(code >> 16);
		out->minor = (uint16_t)code;
		if (out->major != 3)
			return ERR(err, E_NOT_IMPLEMENTED, "unsupported frontend protocol %u.%u: server supports 3.0 to 3.0",
				out->major, out->minor);
		if (!take_parameters(&r, &out->parameters))
			return ERR(err, E_PROTOCOL, "invalid startup packet layout: expected terminator as last byte");
	}
	*consumed = size;
	return OK;
}

static struct pg_formats take_formats(struct pg_read *r)
{
	struct pg_formats f = {NULL, pg_take_u16(r)};
	f.codes = pg_take(r, (size_t)f.count * 2);
	if (f.codes == NULL)
		f.count = 0;
	return f;
}

static void decode_parse(struct pg_read *r, struct pg_message *out)
{
	out->parse.statement = pg_take_text(r);
	out->parse.query = pg_take_text(r);
	uint16_t count = pg_take_u16(r);
	out->parse.types = (struct pg_walk){r->at, count};
	pg_take(r, (size_t)count * 4);
}

static enum status check_formats(struct pg_formats f, unsigned values, const char *what, struct error *err)
{
	if (f.count > 1 && f.count != values)
		return ERR(err, E_PROTOCOL, "%s message has %u parameter formats but %u parameters", what, f.count, values);
	return OK;
}

static enum status decode_bind(struct pg_read *r, struct pg_message *out, struct error *err)
{
	out->bind.portal = pg_take_text(r);
	out->bind.statement = pg_take_text(r);
	out->bind.formats = take_formats(r);
	out->bind.values = pg_take_values(r, pg_take_u16(r));
	out->bind.results = take_formats(r);
	return r->bad ? OK : check_formats(out->bind.formats, out->bind.values.left, "bind", err);
}

static enum status decode_call(struct pg_read *r, struct pg_message *out, struct error *err)
{
	out->call.function = pg_take_u32(r);
	out->call.formats = take_formats(r);
	out->call.values = pg_take_values(r, pg_take_u16(r));
	out->call.result_format = (int16_t)pg_take_u16(r);
	return r->bad ? OK : check_formats(out->call.formats, out->call.values.left, "function call", err);
}

static enum status decode_target(struct pg_read *r, struct pg_message *out, struct error *err)
{
	out->target.what = (char)pg_take_u8(r);
	out->target.name = pg_take_text(r);
	if (!r->bad && out->target.what != 'S' && out->target.what != 'P')
		return ERR(err, E_PROTOCOL, "invalid %s message subtype %u", out->type == PG_CLOSE ? "CLOSE" : "DESCRIBE",
			(uint8_t)out->target.what);
	return OK;
}

static void decode_execute(struct pg_read *r, struct pg_message *out)
{
	out->execute.portal = pg_take_text(r);
	uint32_t limit = pg_take_u32(r);
	out->execute.row_limit = limit > INT32_MAX ? 0 : limit;
}

static enum status decode_body(struct pg_read *r, struct pg_message *out, struct error *err)
{
	switch (out->type) {
	case PG_QUERY:
		out->query = pg_take_text(r);
		return OK;
	case PG_PARSE:
		decode_parse(r, out);
		return OK;
	case PG_BIND:
		return decode_bind(r, out, err);
	case PG_DESCRIBE:
	case PG_CLOSE:
		return decode_target(r, out, err);
	case PG_EXECUTE:
		decode_execute(r, out);
		return OK;
	case PG_FUNCTION_CALL:
		return decode_call(r, out, err);
	case PG_COPY_DATA:
	case PG_PASSWORD:
		out->data = pg_take_rest(r);
		return OK;
	case PG_COPY_FAIL:
		out->reason = pg_take_text(r);
		return OK;
	case PG_COPY_DONE:
	case PG_FLUSH:
	case PG_SYNC:
	case PG_TERMINATE:
		return OK;
	}
	return OK;
}

/* Longest body of a message of that type; false for a type that no frontend sends. */
static bool body_limit(uint8_t type, size_t limit, size_t *out)
{
	switch (type) {
	case PG_QUERY:
	case PG_PARSE:
	case PG_BIND:
	case PG_FUNCTION_CALL:
	case PG_COPY_DATA:
		*out = limit;
		return true;
	case PG_PASSWORD:
		*out = limit < PG_AUTH_MESSAGE_MAX ? limit : PG_AUTH_MESSAGE_MAX;
		return true;
	case PG_CLOSE:
	case PG_COPY_DONE:
	case PG_COPY_FAIL:
	case PG_DESCRIBE:
	case PG_EXECUTE:
	case PG_FLUSH:
	case PG_SYNC:
	case PG_TERMINATE:
		*out = limit < PG_SMALL_MESSAGE_MAX ? limit : PG_SMALL_MESSAGE_MAX;
		return true;
	default:
		return false;
	}
}

enum status pg_next_message(struct str buffered, size_t limit, struct pg_message *out, size_t *consumed, size_t *need,
	struct error *err)
{
	struct pg_read r;
	size_t size, most;
	*consumed = 0;
	*need = 5;
	if (buffered.size == 0)
		return OK;
	uint8_t type = (uint8_t)buffered.data[0];
	if (!body_limit(type, limit, &most))
		return ERR(err, E_PROTOCOL, "invalid frontend message type %u", type);
	int there = pg_take_message(buffered, most, &r, &size);
	if (there < 0)
		return ERR(err, E_PROTOCOL, "invalid message length in a message of type \"%c\" (at most %zu bytes)", type,
			most);
	*need = size;
	if (there == 0)
		return OK;
	memset(out, 0, sizeof *out);
	out->type = (enum pg_message_type)type;
	*consumed = size;
	TRY(decode_body(&r, out, err));
	if (!pg_read_all(&r))
		return ERR(err, E_PROTOCOL, "invalid message format: %s in a message of type \"%c\"",
			r.bad ? "too few bytes or no terminator" : "bytes left over", type);
	return OK;
}

enum status pg_password_text(struct str body, struct str *password, struct error *err)
{
	struct pg_read r = {(const uint8_t *)body.data, (const uint8_t *)body.data + body.size, false};
	*password = pg_take_text(&r);
	return pg_read_all(&r) ? OK : ERR(err, E_PROTOCOL, "invalid password packet size");
}

enum status pg_sasl_initial(struct str body, struct str *mechanism, struct str *response, struct error *err)
{
	struct pg_read r = {(const uint8_t *)body.data, (const uint8_t *)body.data + body.size, false};
	*mechanism = pg_take_text(&r);
	struct pg_walk w = pg_take_values(&r, 1);
	if (!pg_read_all(&r))
		return ERR(err, E_PROTOCOL, "invalid SASL initial response");
	pg_value_next(&w, response);
	return OK;
}

static void put_auth(struct strbuf *b, uint32_t code, struct str data)
{
	size_t at = pg_begin(b, 'R');
	strbuf_put_be(b, code, 4);
	strbuf_puts(b, data);
	pg_end(b, at);
}

void pg_put_auth_ok(struct strbuf *b)
{
	put_auth(b, 0, (struct str){NULL, 0});
}

void pg_put_auth_cleartext(struct strbuf *b)
{
	put_auth(b, 3, (struct str){NULL, 0});
}

void pg_put_auth_sasl(struct strbuf *b, const char *const *mechanisms, size_t count)
{
	size_t at = pg_begin(b, 'R');
	strbuf_put_be(b, 10, 4);
	for (size_t i = 0; i < count; i++)
		pg_put_text(b, str_of(mechanisms[i]));
	strbuf_putc(b, 0);
	pg_end(b, at);
}

void pg_put_auth_sasl_continue(struct strbuf *b, struct str data)
{
	put_auth(b, 11, data);
}

void pg_put_auth_sasl_final(struct strbuf *b, struct str data)
{
	put_auth(b, 12, data);
}

void pg_put_negotiate(struct strbuf *b, uint16_t minor, const struct str *options, size_t count)
{
	size_t at = pg_begin(b, 'v');
	strbuf_put_be(b, 3u << 16 | minor, 4);
	strbuf_put_be(b, count, 4);
	for (size_t i = 0; i < count; i++)
		pg_put_text(b, options[i]);
	pg_end(b, at);
}

void pg_put_parameter_status(struct strbuf *b, struct str name, struct str value)
{
	size_t at = pg_begin(b, 'S');
	pg_put_text(b, name);
	pg_put_text(b, value);
	pg_end(b, at);
}

void pg_put_key_data(struct strbuf *b, int32_t process_id, struct str key)
{
	size_t at = pg_begin(b, 'K');
	strbuf_put_be(b, (uint32_t)process_id, 4);
	strbuf_puts(b, key);
	pg_end(b, at);
}

void pg_put_ready(struct strbuf *b, enum pg_transaction state)
{
	size_t at = pg_begin(b, 'Z');
	strbuf_putc(b, (char)state);
	pg_end(b, at);
}

void pg_put_notification(struct strbuf *b, int32_t process_id, struct str channel, struct str payload)
{
	size_t at = pg_begin(b, 'A');
	strbuf_put_be(b, (uint32_t)process_id, 4);
	pg_put_text(b, channel);
	pg_put_text(b, payload);
	pg_end(b, at);
}

/* A field of an error; what is not UTF-8 appears as \xHH, since clients decode these texts strictly. */
static void put_field(struct strbuf *b, char field, const char *text)
{
	size_t size = strlen(text);
	if (size == 0)
		return;
	strbuf_putc(b, field);
	while (size != 0) {
		size_t good = utf8_valid_prefix(text, size);
		strbuf_put(b, text, good);
		if (good == size)
			break;
		strbuf_printf(b, "\\x%02x", (uint8_t)text[good]);
		text += good + 1;
		size -= good + 1;
	}
	strbuf_putc(b, 0);
}

static const char *const severities[] = {
	[PG_FATAL] = "FATAL", [PG_ERROR] = "ERROR", [PG_WARNING] = "WARNING", [PG_NOTICE] = "NOTICE",
	[PG_DEBUG] = "DEBUG", [PG_INFO] = "INFO", [PG_LOG] = "LOG",
};

void pg_put_error_state(struct strbuf *b, enum pg_severity severity, const struct error *e, const char *sqlstate)
{
	assert((size_t)severity < ARRAY_COUNT(severities));
	char number[16];
	size_t at = pg_begin(b, severity <= PG_ERROR ? 'E' : 'N');
	put_field(b, 'S', severities[severity]);
	put_field(b, 'V', severities[severity]);
	put_field(b, 'C', sqlstate);
	/* Clients expect a message even when nobody wrote one. */
	put_field(b, 'M', e->message[0] != '\0' ? e->message : status_name(e->status));
	put_field(b, 'D', e->detail);
	put_field(b, 'H', e->hint);
	if (e->position > 0) {
		snprintf(number, sizeof number, "%d", e->position);
		put_field(b, 'P', number);
	}
	put_field(b, 'W', e->context);
	put_field(b, 's', e->schema);
	put_field(b, 't', e->table);
	put_field(b, 'c', e->column);
	put_field(b, 'n', e->constraint);
	if (e->file != NULL) {
		const char *slash = strrchr(e->file, '/');
		put_field(b, 'F', slash == NULL ? e->file : slash + 1);
		snprintf(number, sizeof number, "%d", e->line);
		put_field(b, 'L', number);
	}
	strbuf_putc(b, 0);
	pg_end(b, at);
}

void pg_put_error(struct strbuf *b, enum pg_severity severity, const struct error *e)
{
	bool plain = e->status == OK && severity == PG_WARNING;
	pg_put_error_state(b, severity, e, plain ? "01000" : status_sqlstate(e->status));
}

void pg_put_row_description(struct strbuf *b, const struct pg_field *fields, uint16_t count)
{
	size_t at = pg_begin(b, 'T');
	strbuf_put_be(b, count, 2);
	for (const struct pg_field *f = fields; f != fields + count; f++) {
		pg_put_text(b, f->name);
		strbuf_put_be(b, f->table_oid, 4);
		strbuf_put_be(b, (uint16_t)f->attribute, 2);
		strbuf_put_be(b, f->type_oid, 4);
		strbuf_put_be(b, (uint16_t)f->type_size, 2);
		strbuf_put_be(b, (uint32_t)f->type_modifier, 4);
		strbuf_put_be(b, (uint16_t)f->format, 2);
	}
	pg_end(b, at);
}

void pg_put_parameter_description(struct strbuf *b, const uint32_t *oids, uint16_t count)
{
	size_t at = pg_begin(b, 't');
	strbuf_put_be(b, count, 2);
	for (unsigned i = 0; i < count; i++)
		strbuf_put_be(b, oids[i], 4);
	pg_end(b, at);
}

void pg_put_command_complete(struct strbuf *b, struct str tag)
{
	size_t at = pg_begin(b, 'C');
	pg_put_text(b, tag);
	pg_end(b, at);
}

static void put_bare(struct strbuf *b, char type)
{
	pg_end(b, pg_begin(b, type));
}

void pg_put_no_data(struct strbuf *b)
{
	put_bare(b, 'n');
}

void pg_put_parse_complete(struct strbuf *b)
{
	put_bare(b, '1');
}

void pg_put_bind_complete(struct strbuf *b)
{
	put_bare(b, '2');
}

void pg_put_close_complete(struct strbuf *b)
{
	put_bare(b, '3');
}

void pg_put_portal_suspended(struct strbuf *b)
{
	put_bare(b, 's');
}

void pg_put_empty_query(struct strbuf *b)
{
	put_bare(b, 'I');
}

void pg_put_copy_response(struct strbuf *b, char direction, int16_t format, uint16_t columns)
{
	assert(direction == 'G' || direction == 'H' || direction == 'W');
	size_t at = pg_begin(b, direction);
	strbuf_putc(b, (char)format);
	strbuf_put_be(b, columns, 2);
	for (unsigned i = 0; i < columns; i++)
		strbuf_put_be(b, (uint16_t)format, 2);
	pg_end(b, at);
}

void pg_put_copy_data(struct strbuf *b, struct str data)
{
	size_t at = pg_begin(b, 'd');
	strbuf_puts(b, data);
	pg_end(b, at);
}

void pg_put_copy_done(struct strbuf *b)
{
	put_bare(b, 'c');
}
