// SPDX-License-Identifier: Apache-2.0
#include "wire/native/nativeconn.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "wire/native/native_impl.h"

enum { WITH_ADDENDUM = 54458, VERSION_MAJOR = 25, VERSION_MINOR = 8, VERSION_PATCH = 1, BLOCK_BYTES_MAX = 1 << 30,
      KEEP_BYTES = 1 << 20 };

static void put_hello(struct nativeconn *c)
{
	struct strbuf zone;
	strbuf_init(&zone, NULL);
	if (session_setting(atomic_load(&c->session), STR("session_timezone"), &zone, NULL) != OK || zone.size == 0) {
		strbuf_clear(&zone);
		strbuf_putz(&zone, "UTC");
	}
	struct native_hello h = {.name = STR("ClickHouse"), .major = VERSION_MAJOR, .minor = VERSION_MINOR,
		.patch = VERSION_PATCH, .revision = NATIVE_REVISION, .timezone = strbuf_str(&zone),
		.display_name = STR("hanzo-datastore")};
	native_put_server_hello(&c->out, &h, c->client_revision);
	strbuf_fini(&zone);
}

/* The first packet: who it is, and what both can speak. */
static enum status hello(struct nativeconn *c, const struct native_hello *h, struct error *err)
{
	struct str user = h->user.size != 0 ? arena_str(&c->arena, h->user) : STR("default");
	struct str address = str_of(c->sock->peer);
	struct session *session;
	if (h->revision < NATIVE_REVISION_MIN)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: client of revision %llu, older than %d",
		           (unsigned long long)h->revision, NATIVE_REVISION_MIN);
	struct session_config config = {.dialect = DIALECT_CLICKHOUSE, .user = user,
		.database = arena_str(&c->arena, h->database), .client_address = address,
		.application_name = arena_str(&c->arena, h->name), .interface = "native"};
	TRY(c->config.accounts.check(c->config.accounts.self, user, h->password, address, err));
	TRY(session_open(c->config.instance, &config, &session, err));
	atomic_store(&c->session, session);
	c->client_revision = h->revision;
	c->revision = h->revision < NATIVE_REVISION ? (uint32_t)h->revision : NATIVE_REVISION;
	c->addendum_due = h->revision >= WITH_ADDENDUM;
	put_hello(c);
	return nativeconn_flush(c, err);
}

static enum status addendum(struct nativeconn *c, struct error *err)
{
	struct str quota_key;
	size_t consumed = 0;
	while (consumed == 0) {
		TRY(native_addendum(sock_buffered(c->sock), &quota_key, &consumed, err));
		sock_consume(c->sock, consumed);
		if (consumed == 0 && c->sock->eof)
			return ERR(err, E_UNEXPECTED_EOF, "the client has closed the connection");
		if (consumed == 0)
			TRY(sock_fill(c->sock, err));
	}
	c->addendum_due = false;
	return OK;
}

static enum status serve_packet(struct nativeconn *c, struct error *err)
{
	struct native_message m;
	if (c->addendum_due)
		return addendum(c, err);
	TRY(nativeconn_packet(c, &m, err));
	switch (m.kind) {
	case NATIVE_HELLO:
		TRY(hello(c, &m.hello, err));
		c->sock->read_deadline_us = 0;
		return OK;
	case NATIVE_PING:
		native_put_pong(&c->out);
		return nativeconn_flush(c, err);
	case NATIVE_QUERY:
		return native_query_run(c, &m.query, err);
	case NATIVE_CANCEL: /* of what has ended meanwhile */
	case NATIVE_KEEP_ALIVE:
		return OK;
	default:
		return ERR(err, E_PROTOCOL, "Unexpected packet %d from the client", (int)m.kind);
	}
}

/* Says why, where somebody may still listen. */
static void refuse(struct nativeconn *c)
{
	struct error ignored;
	error_init(&ignored);
	strbuf_clear(&c->out);
	if (c->err.status != E_UNEXPECTED_EOF)
		LOG(LOG_INFO, "native", "%s: %s", c->sock->peer, c->err.message);
	if (c->err.status != E_UNEXPECTED_EOF && c->err.status != E_NETWORK)
		native_put_exception(&c->out, &c->err);
	if (nativeconn_flush(c, &ignored) != OK)
		error_clear(&ignored);
	c->closed = true;
}

static void trim(struct nativeconn *c)
{
	struct strbuf *buffers[] = {&c->out, &c->body};
	for (size_t i = 0; i < ARRAY_COUNT(buffers); i++)
		if (buffers[i]->capacity > KEEP_BYTES) {
			strbuf_fini(buffers[i]);
			strbuf_init(buffers[i], c->config.track);
		}
	sock_trim(c->sock);
}

enum nativeconn_state nativeconn_run(struct nativeconn *c)
{
	if (atomic_load(&c->session) == NULL && c->config.login_timeout_ms != 0)
		c->sock->read_deadline_us = clock_mono_us() + (int64_t)c->config.login_timeout_ms * 1000;
	while (!c->closed) {
		arena_reset(&c->arena);
		error_init(&c->err);
		if (!sock_has_unread(c->sock) && !sock_wait_readable(c->sock, 5)) {
			trim(c);
			return NATIVECONN_PARKED;
		}
		if (serve_packet(c, &c->err) != OK)
			refuse(c);
	}
	return NATIVECONN_CLOSED;
}

void nativeconn_stop(struct nativeconn *c)
{
	struct session *s = atomic_load(&c->session);
	if (s != NULL)
		session_cancel(s, E_ABORTED);
}

enum status nativeconn_new(const struct nativeconn_config *config, struct nativeconn **out, struct error *err)
{
	struct nativeconn *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a connection");
	c->config = *config;
	c->sock = config->sock;
	c->sock->read_max = BLOCK_BYTES_MAX;
	arena_init(&c->arena, config->track);
	strbuf_init(&c->out, config->track);
	strbuf_init(&c->body, config->track);
	*out = c;
	return OK;
}

void nativeconn_free(struct nativeconn *c)
{
	if (c == NULL)
		return;
	session_close(atomic_load(&c->session));
	strbuf_fini(&c->out);
	strbuf_fini(&c->body);
	arena_fini(&c->arena);
	free(c);
}
