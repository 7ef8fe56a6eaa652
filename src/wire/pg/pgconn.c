// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "wire/pg/pgconn_impl.h"

enum { STATEMENTS_MAX = 10000 };

static unsigned slot_of(struct str name)
{
	return (unsigned)hash_bytes(name.data, name.size, 0) % PG_NAME_SLOTS;
}

struct pg_named *pg_names_get(const struct pg_names *t, struct str name)
{
	for (struct pg_named *n = t->chains[slot_of(name)]; n != NULL; n = n->next)
		if (str_eq(n->name, name))
			return n;
	return NULL;
}

enum status pg_names_add(struct pg_names *t, struct pg_named *n, struct str name, unsigned most, struct error *err)
{
	assert(pg_names_get(t, name) == NULL && n->name.data == NULL);
	if (t->count >= most)
		return ERR(err, E_LIMIT_EXCEEDED, "more than %u prepared statements or portals", most);
	char *copy = malloc(name.size + 1);
	if (copy == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for a statement's name");
	if (name.size != 0)
		memcpy(copy, name.data, name.size);
	n->name = str_make(copy, name.size);
	n->next = t->chains[slot_of(name)];
	t->chains[slot_of(name)] = n;
	t->count++;
	return OK;
}

void pg_names_remove(struct pg_names *t, struct pg_named *n)
{
	struct pg_named **at = &t->chains[slot_of(n->name)];
	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
	t->count--;
	free((char *)(uintptr_t)n->name.data);
	n->name = (struct str){NULL, 0};
}

enum status pgconn_flush(struct pgconn *c, struct error *err)
{
	if (c->broken)
		return ERR(err, E_NETWORK, "the connection is broken");
	TRY(strbuf_status(&c->out, err));
	enum status st = sock_put(c->sock, c->out.data, c->out.size, err);
	if (st == OK)
		st = sock_flush(c->sock, err);
	c->broken = st != OK;
	if (c->out.capacity > PG_KEEP_BYTES) {
		strbuf_fini(&c->out);
		strbuf_init(&c->out, c->config.track);
	}
	strbuf_clear(&c->out);
	return st;
}

enum status pgconn_flush_some(struct pgconn *c, struct error *err)
{
	return c->out.size < PG_FLUSH_BYTES ? strbuf_status(&c->out, err) : pgconn_flush(c, err);
}

enum status pgconn_fill(struct pgconn *c, size_t need, struct error *err)
{
	TRY(pgconn_flush(c, err));
	enum status st = sock_peek(c->sock, need, err);
	if (st == OK && sock_buffered(c->sock).size < need)
		st = ERR(err, E_NETWORK, "the client has closed the connection");
	/* refused memory can still be told; the rest of the message cannot be skipped */
	if (st == E_LIMIT_EXCEEDED || st == E_MEMORY_LIMIT)
		c->closed = true;
	else if (st != OK)
		c->broken = true;
	return st;
}

enum status pgconn_message(struct pgconn *c, struct pg_message *out, struct error *err)
{
	size_t consumed, need;
	for (;;) {
		struct str rest = sock_buffered(c->sock);
		enum status st = pg_next_message(rest, c->sock->read_max, out, &consumed, &need, err);
		sock_consume(c->sock, consumed);
		if (st != OK && consumed == 0)
			c->closed = true;
		if (st != OK || consumed != 0)
			return st;
		TRY(pgconn_fill(c, need, err));
	}
}

enum status pgconn_check_text(struct str text, struct error *err)
{
	size_t good = utf8_valid_prefix(text.data, text.size);
	if (good == text.size)
		return OK;
	return ERR(err, E_BAD_ENCODING, "invalid byte sequence for encoding \"UTF8\": 0x%02x", (uint8_t)text.data[good]);
}

void pgconn_error(struct pgconn *c, enum pg_severity severity, struct error *e)
{
	if (!c->broken) {
		/* a failed buffer held a part of an answer that was refused memory: the error replaces it */
		if (c->out.failed)
			strbuf_clear(&c->out);
		pg_put_error(&c->out, severity, e);
	}
	error_clear(e);
}

void pgconn_on_notice(void *arg, const char *severity, const struct error *notice)
{
	static const struct {
		const char *name;
		enum pg_severity severity;
	} names[] = {{"WARNING", PG_WARNING}, {"NOTICE", PG_NOTICE}, {"DEBUG", PG_DEBUG}, {"INFO", PG_INFO}, {"LOG",
		PG_LOG}};
	struct pgconn *c = arg;
	enum pg_severity s = PG_NOTICE;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (strcmp(names[i].name, severity) == 0)
			s = names[i].severity;
	pg_put_error(&c->out, s, notice);
}

void pgconn_on_report(void *arg, struct str name, struct str value)
{
	struct pgconn *c = arg;
	pg_put_parameter_status(&c->out, name, value);
}

enum status pgconn_new(const struct pgconn_config *config, struct pgconn **out, struct error *err)
{
	struct pgconn *c = calloc(1, sizeof *c);
	*out = c;
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for a connection");
	c->config = *config;
	c->sock = config->sock;
	if (c->config.statements_max == 0)
		c->config.statements_max = STATEMENTS_MAX;
	strbuf_init(&c->out, config->track);
	strbuf_init(&c->held, config->track);
	arena_init(&c->startup, config->track);
	arena_init(&c->request, config->track);
	error_init(&c->err);
	return OK;
}

void pgconn_free(struct pgconn *c)
{
	if (c == NULL)
		return;
	pg_portal_free_all(c, true, true, NULL);
	pg_prepared_drop_all(c);
	if (c->session != NULL) {
		pg_cancels_remove(c->config.cancels, c->session);
		session_close(c->session);
	}
	pg_result_free(c->result);
	strbuf_fini(&c->out);
	strbuf_fini(&c->held);
	arena_fini(&c->request);
	arena_fini(&c->startup);
	free(c);
}

struct session *pgconn_session(struct pgconn *c)
{
	return c->session;
}

/* A query's text outlives the socket's buffer, which COPY goes on reading into. */
static enum status hold_text(struct pgconn *c, struct str text, struct str *held)
{
	strbuf_clear(&c->held);
	strbuf_puts(&c->held, text);
	*held = strbuf_str(&c->held);
	return strbuf_status(&c->held, &c->err);
}

static void drop_request(struct pgconn *c)
{
	arena_reset(&c->request);
	if (c->held.capacity > PG_FLUSH_BYTES) {
		strbuf_fini(&c->held);
		strbuf_init(&c->held, c->config.track);
	}
}

static void handle(struct pgconn *c, const struct pg_message *m)
{
	struct str text;
	if (c->skip_to_sync && m->type != PG_SYNC && m->type != PG_TERMINATE)
		return;
	switch (m->type) {
	case PG_QUERY:
		if (hold_text(c, m->query, &text) == OK) {
			pgconn_query(c, text);
		} else {
			pgconn_error(c, PG_ERROR, &c->err);
			pg_put_ready(&c->out, (enum pg_transaction)session_transaction(c->session));
		}
		drop_request(c);
		break;
	case PG_SYNC:
		pgconn_sync(c);
		drop_request(c);
		break;
	case PG_TERMINATE:
		c->closed = true;
		break;
	case PG_FLUSH:
		if (pgconn_flush(c, &c->err) != OK)
			c->closed = true;
		break;
	case PG_FUNCTION_CALL:
		ERR(&c->err, E_NOT_IMPLEMENTED, "not supported yet: function call message");
		session_fail_transaction(c->session);
		pgconn_error(c, PG_ERROR, &c->err);
		pg_put_ready(&c->out, (enum pg_transaction)session_transaction(c->session));
		break;
	case PG_COPY_DATA:
	case PG_COPY_DONE:
	case PG_COPY_FAIL:
		break; /* left over from a COPY that failed: ignored, as PostgreSQL does */
	case PG_PASSWORD:
		ERR(&c->err, E_PROTOCOL, "unexpected password message");
		pgconn_error(c, PG_FATAL, &c->err);
		c->closed = true;
		break;
	default:
		if (pgconn_extended(c, m, &c->err) != OK) {
			c->skip_to_sync = true;
			session_fail_transaction(c->session);
			pgconn_error(c, PG_ERROR, &c->err);
		}
		if (c->request.total_bytes > PG_FLUSH_BYTES)
			drop_request(c);
	}
}

/* A message that could not be read: the connection ends, or its body was malformed and the next one can be found. */
static void handle_malformed(struct pgconn *c, const struct pg_message *m)
{
	if (c->closed) {
		pgconn_error(c, PG_FATAL, &c->err);
		return;
	}
	if (c->broken || (c->skip_to_sync && m->type != PG_SYNC))
		return;
	session_fail_transaction(c->session);
	pgconn_error(c, PG_ERROR, &c->err);
	c->skip_to_sync = true;
	if (m->type == PG_QUERY || m->type == PG_SYNC)
		pgconn_sync(c);
}

enum pgconn_state pgconn_run(struct pgconn *c)
{
	struct pg_message m;
	assert(!c->closed && !c->broken);
	if (!c->ready) {
		c->ready = pgconn_startup(c) == OK;
		c->closed |= !c->ready;
	} else if (pgconn_fill(c, 1, &c->err) != OK) {
		c->closed = true; /* the client has left */
	}
	while (!c->closed && !c->broken && sock_has_unread(c->sock)) {
		error_clear(&c->err);
		if (pgconn_message(c, &m, &c->err) == OK)
			handle(c, &m);
		else
			handle_malformed(c, &m);
	}
	error_clear(&c->err);
	if (!c->broken && pgconn_flush(c, &c->err) != OK)
		c->closed = true;
	return c->closed || c->broken ? PGCONN_CLOSED : PGCONN_PARKED;
}

void pgconn_terminate(struct pgconn *c, const char *sqlstate, const char *message)
{
	error_clear(&c->err);
	ERR(&c->err, E_NETWORK, "%s", message);
	pg_put_error_state(&c->out, PG_FATAL, &c->err, sqlstate);
	c->closed = true;
	error_clear(&c->err);
	/* nobody is left to be told when this fails */
	if (pgconn_flush(c, &c->err) != OK)
		c->broken = true;
}
