// SPDX-License-Identifier: Apache-2.0
#include "proto/native.h"

#include <assert.h>

/* Revisions from which a field is on the wire. */
enum {
	WITH_TIMEZONE = 54058, WITH_QUOTA_KEY = 54060, WITH_DISPLAY_NAME = 54372, WITH_PATCH = 54401, WITH_WRITTEN = 54420,
	WITH_TEXT_SETTINGS = 54429,
	WITH_SECRET = 54441, WITH_TRACE = 54442, WITH_FORWARDED = 54443, WITH_REFERER = 54447, WITH_DEPTH = 54448,
	WITH_START_TIME = 54449, WITH_REPLICAS = 54453, WITH_PARAMETERS = 54459, WITH_ELAPSED = 54460,
};

enum { INTERFACE_TCP = 1, INTERFACE_HTTP = 2, VARUINT_MAX = 10, NESTED_MAX = 32 };

/* Reading a packet: what is missing makes it `short_`, what cannot be makes it `bad`; both end the reading. */
struct reader {
	const uint8_t *at, *end;
	bool short_, bad, too_long, old_settings;
};

static bool stopped(const struct reader *r)
{
	return r->short_ || r->bad || r->too_long || r->old_settings;
}

static const uint8_t *take(struct reader *r, size_t size)
{
	if (stopped(r))
		return NULL;
	if ((size_t)(r->end - r->at) < size) {
		r->short_ = true;
		return NULL;
	}
	const uint8_t *p = r->at;
	r->at += size;
	return p;
}

static uint64_t take_varuint(struct reader *r)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < VARUINT_MAX; i++) {
		const uint8_t *p = take(r, 1);
		if (p == NULL)
			return 0;
		r->bad |= i == VARUINT_MAX - 1 && *p > 1;
		v |= (uint64_t)(*p & 0x7f) << (7 * i);
		if (*p < 0x80)
			return v;
	}
	r->bad = true;
	return 0;
}

static uint64_t take_le(struct reader *r, unsigned bytes)
{
	const uint8_t *p = take(r, bytes);
	uint64_t v = 0;
	for (unsigned i = 0; p != NULL && i < bytes; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

static struct str take_string(struct reader *r, size_t most)
{
	uint64_t size = take_varuint(r);
	if (!stopped(r) && size > most)
		r->too_long = true;
	const uint8_t *p = take(r, (size_t)size);
	return p == NULL ? STR("") : str_make((const char *)p, (size_t)size);
}

static struct str take_name(struct reader *r)
{
	return take_string(r, NATIVE_NAME_MAX);
}

/* Where the reading ended: complete, incomplete or an error. */
static enum status outcome(const struct reader *r, struct str buffered, size_t *consumed, struct error *err)
{
	if (r->too_long)
		return ERR(err, E_TOO_MANY_BYTES, "a text in a packet is longer than allowed");
	if (r->old_settings)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: settings from a client older than revision %d",
			WITH_TEXT_SETTINGS);
	if (r->bad)
		return ERR(err, E_PROTOCOL, "malformed packet");
	*consumed = r->short_ ? 0 : (size_t)(r->at - (const uint8_t *)buffered.data);
	return OK;
}

static struct reader reader_of(struct str buffered)
{
	const uint8_t *p = (const uint8_t *)(buffered.size == 0 ? "" : buffered.data);
	return (struct reader){.at = p, .end = p + buffered.size};
}

static void take_hello(struct reader *r, struct native_hello *h)
{
	h->name = take_name(r);
	h->major = take_varuint(r);
	h->minor = take_varuint(r);
	h->revision = take_varuint(r);
	h->database = take_name(r);
	h->user = take_name(r);
	h->password = take_name(r);
}

/* Before their values were texts, each had the form of its kind: such clients may send none. */
static struct native_settings take_settings(struct reader *r, uint64_t revision, size_t most)
{
	struct native_settings s = {r->at, 0};
	for (unsigned n = 0; !stopped(r); n++) {
		if (take_name(r).size == 0)
			break;
		r->old_settings |= revision < WITH_TEXT_SETTINGS && !stopped(r);
		if (r->old_settings)
			break;
		take_varuint(r);
		take_string(r, most);
		if (n >= NATIVE_SETTINGS_MAX)
			r->too_long = true;
	}
	s.left = (unsigned)(r->at - s.at);
	return s;
}

bool native_setting_next(struct native_settings *s, struct str *name, uint64_t *flags, struct str *value)
{
	struct reader r = {.at = s->at, .end = s->at + s->left};
	if (s->left != 0)
		*name = take_name(&r);
	if (s->left == 0 || name->size == 0) {
		s->left = 0; /* the end is an empty name, however many bytes its length takes */
		return false;
	}
	*flags = take_varuint(&r);
	*value = take_string(&r, NATIVE_STRING_MAX);
	assert(!stopped(&r));
	s->left -= (unsigned)(r.at - s->at);
	s->at = r.at;
	return true;
}

static void take_trace(struct reader *r, struct native_query *q)
{
	uint64_t has = take_le(r, 1);
	r->bad |= has > 1;
	q->has_trace = has == 1;
	if (!q->has_trace)
		return;
	const uint8_t *id = take(r, sizeof q->trace_id);
	if (id != NULL)
		memcpy(q->trace_id, id, sizeof q->trace_id);
	q->span_id = take_le(r, 8);
	q->trace_state = take_name(r);
	q->trace_flags = (uint8_t)take_le(r, 1);
}

static void take_client(struct reader *r, struct native_query *q, uint64_t revision)
{
	q->kind = (uint8_t)take_le(r, 1);
	r->bad |= q->kind > 2;
	if (q->kind == 0)
		return;
	q->initial_user = take_name(r);
	q->initial_id = take_name(r);
	q->initial_address = take_name(r);
	if (revision >= WITH_START_TIME)
		q->initial_time_us = (int64_t)take_le(r, 8);
	q->interface = (uint8_t)take_le(r, 1);
	if (q->interface == INTERFACE_TCP) {
		q->os_user = take_name(r);
		q->host = take_name(r);
		q->client_name = take_name(r);
		q->client_major = take_varuint(r);
		q->client_minor = take_varuint(r);
		q->client_revision = take_varuint(r);
	} else if (q->interface == INTERFACE_HTTP) {
		take_le(r, 1);
		q->client_name = take_name(r);
		if (revision >= WITH_FORWARDED)
			take_name(r);
		if (revision >= WITH_REFERER)
			take_name(r);
	} else if (!stopped(r)) {
		r->bad = true;
	}
	if (revision >= WITH_QUOTA_KEY)
		q->quota_key = take_name(r);
	if (revision >= WITH_DEPTH)
		q->distributed_depth = take_varuint(r);
	if (revision >= WITH_PATCH && q->interface == INTERFACE_TCP)
		q->client_patch = take_varuint(r);
	if (revision >= WITH_TRACE)
		take_trace(r, q);
	if (revision >= WITH_REPLICAS)
		for (unsigned i = 0; i < 3; i++)
			take_varuint(r);
}

static void take_query(struct reader *r, struct native_query *q, uint64_t revision, size_t query_max)
{
	q->id = take_name(r);
	take_client(r, q, revision);
	q->settings = take_settings(r, revision, query_max);
	if (revision >= WITH_SECRET)
		q->secret = take_name(r);
	q->stage = take_varuint(r);
	uint64_t compression = take_varuint(r);
	r->bad |= compression > 1;
	q->compression = compression == 1;
	q->text = take_string(r, query_max);
	if (revision >= WITH_PARAMETERS)
		q->parameters = take_settings(r, revision, query_max);
}

enum status native_next(struct str buffered, uint64_t revision, size_t query_max, struct native_message *out,
	size_t *consumed, struct error *err)
{
	struct reader r = reader_of(buffered);
	*consumed = 0;
	uint64_t kind = take_varuint(&r);
	if (stopped(&r))
		return outcome(&r, buffered, consumed, err);
	if ((kind == NATIVE_HELLO) != (revision == 0))
		return ERR(err, E_PROTOCOL, "unexpected packet %llu from the client", (unsigned long long)kind);
	if (revision != 0 && revision < NATIVE_REVISION_MIN)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: client of revision %llu, older than %d",
			(unsigned long long)revision, NATIVE_REVISION_MIN);
	memset(out, 0, sizeof *out);
	out->kind = (enum native_client_packet)kind;
	switch (kind) {
	case NATIVE_HELLO:
		take_hello(&r, &out->hello);
		break;
	case NATIVE_QUERY:
		take_query(&r, &out->query, revision < NATIVE_REVISION ? revision : NATIVE_REVISION, query_max);
		break;
	case NATIVE_DATA:
	case NATIVE_SCALAR:
		out->table = take_name(&r);
		break;
	case NATIVE_CANCEL:
	case NATIVE_PING:
	case NATIVE_KEEP_ALIVE:
		break;
	case NATIVE_TABLES_STATUS:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: TablesStatusRequest");
	default:
		return ERR(err, E_PROTOCOL, "unknown packet %llu from the client", (unsigned long long)kind);
	}
	return outcome(&r, buffered, consumed, err);
}

enum status native_addendum(struct str buffered, struct str *quota_key, size_t *consumed, struct error *err)
{
	struct reader r = reader_of(buffered);
	*consumed = 0;
	*quota_key = take_name(&r);
	return outcome(&r, buffered, consumed, err);
}

static void put_string(struct strbuf *b, struct str s)
{
	strbuf_put_varuint(b, s.size);
	strbuf_puts(b, s);
}

void native_put_server_hello(struct strbuf *b, const struct native_hello *h, uint64_t revision)
{
	strbuf_put_varuint(b, NATIVE_SERVER_HELLO);
	put_string(b, h->name);
	strbuf_put_varuint(b, h->major);
	strbuf_put_varuint(b, h->minor);
	strbuf_put_varuint(b, h->revision);
	if (revision >= WITH_TIMEZONE)
		put_string(b, h->timezone);
	if (revision >= WITH_DISPLAY_NAME)
		put_string(b, h->display_name);
	if (revision >= WITH_PATCH)
		strbuf_put_varuint(b, h->patch);
}

void native_put_block_header(struct strbuf *b, uint64_t kind, struct str table)
{
	strbuf_put_varuint(b, kind);
	put_string(b, table);
}

void native_put_exception(struct strbuf *b, const struct error *e)
{
	struct strbuf text;
	strbuf_init(&text, b->track);
	strbuf_printf(&text, "DB::Exception: %s", e->message);
	if (e->hint[0] != '\0')
		strbuf_printf(&text, ". %s", e->hint);
	strbuf_put_varuint(b, NATIVE_EXCEPTION);
	strbuf_put_le(b, (uint32_t)status_ch_code(e->status), 4);
	put_string(b, STR("DB::Exception"));
	put_string(b, strbuf_str(&text));
	put_string(b, STR(""));
	strbuf_putc(b, 0);
	b->failed |= text.failed;
	strbuf_fini(&text);
}

void native_put_progress(struct strbuf *b, const struct native_progress *p, uint64_t revision)
{
	strbuf_put_varuint(b, NATIVE_PROGRESS);
	strbuf_put_varuint(b, p->rows);
	strbuf_put_varuint(b, p->bytes);
	strbuf_put_varuint(b, p->total_rows);
	if (revision >= WITH_WRITTEN) {
		strbuf_put_varuint(b, p->written_rows);
		strbuf_put_varuint(b, p->written_bytes);
	}
	if (revision >= WITH_ELAPSED)
		strbuf_put_varuint(b, p->elapsed_ns);
}

void native_put_profile_info(struct strbuf *b, const struct native_profile *p)
{
	strbuf_put_varuint(b, NATIVE_PROFILE_INFO);
	strbuf_put_varuint(b, p->rows);
	strbuf_put_varuint(b, p->blocks);
	strbuf_put_varuint(b, p->bytes);
	strbuf_putc(b, p->applied_limit);
	strbuf_put_varuint(b, p->rows_before_limit);
	strbuf_putc(b, p->calculated_rows_before_limit);
}

void native_put_table_columns(struct strbuf *b, struct str table, struct str columns)
{
	strbuf_put_varuint(b, NATIVE_TABLE_COLUMNS);
	put_string(b, table);
	put_string(b, columns);
}

void native_put_pong(struct strbuf *b)
{
	strbuf_put_varuint(b, NATIVE_PONG);
}

void native_put_end_of_stream(struct strbuf *b)
{
	strbuf_put_varuint(b, NATIVE_END_OF_STREAM);
}

/* Fields by number, 0 ends: 1 overflows, 2 bucket. */
void native_put_block_info(struct strbuf *b, struct native_block_info info)
{
	strbuf_put_varuint(b, 1);
	strbuf_putc(b, info.overflows);
	strbuf_put_varuint(b, 2);
	strbuf_put_le(b, (uint32_t)info.bucket, 4);
	strbuf_put_varuint(b, 0);
}

enum status native_block_info(struct str buffered, struct native_block_info *out, size_t *consumed, struct error *err)
{
	struct reader r = reader_of(buffered);
	*consumed = 0;
	*out = (struct native_block_info){false, -1};
	for (;;) {
		uint64_t field = take_varuint(&r);
		if (stopped(&r) || field == 0)
			return outcome(&r, buffered, consumed, err);
		if (field == 1)
			out->overflows = take_le(&r, 1) != 0;
		else if (field == 2)
			out->bucket = (int32_t)take_le(&r, 4);
		else
			r.bad = true;
	}
}

void native_put_hello(struct strbuf *b, const struct native_hello *h)
{
	strbuf_put_varuint(b, NATIVE_HELLO);
	put_string(b, h->name);
	strbuf_put_varuint(b, h->major);
	strbuf_put_varuint(b, h->minor);
	strbuf_put_varuint(b, h->revision);
	put_string(b, h->database);
	put_string(b, h->user);
	put_string(b, h->password);
}

void native_put_addendum(struct strbuf *b, struct str quota_key)
{
	put_string(b, quota_key);
}

static void put_settings(struct strbuf *b, const struct native_setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put_string(b, settings[i].name);
		strbuf_put_varuint(b, settings[i].flags);
		put_string(b, settings[i].value);
	}
	put_string(b, STR(""));
}

static void put_client(struct strbuf *b, const struct native_query *q, uint64_t revision)
{
	strbuf_putc(b, 1);
	put_string(b, q->initial_user);
	put_string(b, q->initial_id);
	put_string(b, q->initial_address);
	if (revision >= WITH_START_TIME)
		strbuf_put_le(b, (uint64_t)q->initial_time_us, 8);
	strbuf_putc(b, INTERFACE_TCP);
	put_string(b, q->os_user);
	put_string(b, q->host);
	put_string(b, q->client_name);
	strbuf_put_varuint(b, q->client_major);
	strbuf_put_varuint(b, q->client_minor);
	strbuf_put_varuint(b, q->client_revision);
	put_string(b, q->quota_key);
	if (revision >= WITH_DEPTH)
		strbuf_put_varuint(b, q->distributed_depth);
	strbuf_put_varuint(b, q->client_patch);
	if (revision >= WITH_TRACE) {
		strbuf_putc(b, q->has_trace);
		if (q->has_trace) {
			strbuf_put(b, q->trace_id, sizeof q->trace_id);
			strbuf_put_le(b, q->span_id, 8);
			put_string(b, q->trace_state);
			strbuf_putc(b, (char)q->trace_flags);
		}
	}
	if (revision >= WITH_REPLICAS)
		strbuf_put(b, "\0\0\0", 3);
}

void native_put_query(struct strbuf *b, const struct native_query *q, uint64_t revision,
	const struct native_setting *settings, size_t setting_count, const struct native_setting *parameters,
	size_t parameter_count)
{
	assert(revision >= NATIVE_REVISION_MIN && revision <= NATIVE_REVISION);
	strbuf_put_varuint(b, NATIVE_QUERY);
	put_string(b, q->id);
	put_client(b, q, revision);
	put_settings(b, settings, setting_count);
	if (revision >= WITH_SECRET)
		put_string(b, q->secret);
	strbuf_put_varuint(b, q->stage);
	strbuf_put_varuint(b, q->compression);
	put_string(b, q->text);
	if (revision >= WITH_PARAMETERS)
		put_settings(b, parameters, parameter_count);
}

void native_put_ping(struct strbuf *b)
{
	strbuf_put_varuint(b, NATIVE_PING);
}

void native_put_cancel(struct strbuf *b)
{
	strbuf_put_varuint(b, NATIVE_CANCEL);
}

static void take_server_hello(struct reader *r, struct native_hello *h, uint64_t revision)
{
	h->name = take_name(r);
	h->major = take_varuint(r);
	h->minor = take_varuint(r);
	h->revision = take_varuint(r);
	if (revision >= WITH_TIMEZONE)
		h->timezone = take_name(r);
	if (revision >= WITH_DISPLAY_NAME)
		h->display_name = take_name(r);
	if (revision >= WITH_PATCH)
		h->patch = take_varuint(r);
}

/* Nested exceptions follow each other; the outermost is kept. */
static void take_exception(struct reader *r, struct native_answer *out)
{
	for (unsigned depth = 0; !stopped(r); depth++) {
		int32_t code = (int32_t)take_le(r, 4);
		struct str name = take_name(r), message = take_string(r, NATIVE_STRING_MAX);
		struct str trace = take_string(r, NATIVE_STRING_MAX);
		uint64_t nested = take_le(r, 1);
		if (depth == 0) {
			out->exception.code = code;
			out->exception.name = name;
			out->exception.message = message;
			out->exception.trace = trace;
		}
		r->bad |= depth >= NESTED_MAX;
		if (nested == 0)
			return;
	}
}

static void take_progress(struct reader *r, struct native_progress *p, uint64_t revision)
{
	p->rows = take_varuint(r);
	p->bytes = take_varuint(r);
	p->total_rows = take_varuint(r);
	if (revision >= WITH_WRITTEN) {
		p->written_rows = take_varuint(r);
		p->written_bytes = take_varuint(r);
	}
	if (revision >= WITH_ELAPSED)
		p->elapsed_ns = take_varuint(r);
}

static void take_profile(struct reader *r, struct native_profile *p)
{
	p->rows = take_varuint(r);
	p->blocks = take_varuint(r);
	p->bytes = take_varuint(r);
	p->applied_limit = take_le(r, 1) != 0;
	p->rows_before_limit = take_varuint(r);
	p->calculated_rows_before_limit = take_le(r, 1) != 0;
}

enum status native_next_answer(struct str buffered, uint64_t revision, struct native_answer *out, size_t *consumed,
	struct error *err)
{
	struct reader r = reader_of(buffered);
	*consumed = 0;
	uint64_t kind = take_varuint(&r);
	if (stopped(&r))
		return outcome(&r, buffered, consumed, err);
	memset(out, 0, sizeof *out);
	out->kind = (enum native_server_packet)kind;
	switch (kind) {
	case NATIVE_SERVER_HELLO:
		take_server_hello(&r, &out->hello, revision);
		break;
	case NATIVE_EXCEPTION:
		take_exception(&r, out);
		break;
	case NATIVE_PROGRESS:
		take_progress(&r, &out->progress, revision);
		break;
	case NATIVE_PROFILE_INFO:
		take_profile(&r, &out->profile);
		break;
	case NATIVE_SERVER_DATA:
	case NATIVE_TOTALS:
	case NATIVE_EXTREMES:
	case NATIVE_LOG:
	case NATIVE_PROFILE_EVENTS:
		out->data.table = take_name(&r);
		break;
	case NATIVE_TABLE_COLUMNS:
		out->data.table = take_name(&r);
		out->data.columns = take_string(&r, NATIVE_STRING_MAX);
		break;
	case NATIVE_PONG:
	case NATIVE_END_OF_STREAM:
		break;
	default:
		return ERR(err, E_PROTOCOL, "unknown packet %llu from the server", (unsigned long long)kind);
	}
	return outcome(&r, buffered, consumed, err);
}
