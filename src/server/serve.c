// SPDX-License-Identifier: Apache-2.0
#include "server/serve.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "exec/instance.h"
#include "io/elastic.h"
#include "io/loop.h"
#include "server/accounts.h"

enum { LISTENERS_MAX = 16, LOGIN_TIMEOUT_MS = 60000, IDLE_THREAD_MS = 10000, STOP_WAIT_US = 10 * 1000000 };

enum protocol { PROTOCOL_PG, PROTOCOL_HTTP, PROTOCOL_NATIVE };

struct listener {
	enum protocol protocol;
	int fd;
	unsigned port;
};

struct connection {
	struct loop_conn loop;       /* first: the loop gives it back */
	struct elastic_job job;
	struct server *server;
	struct connection *next, **previous; /* in the server's list */
	enum protocol protocol;
	struct sock sock;
	struct pgconn *pg;
	struct httpconn *http;
	struct nativeconn *native;
	enum loop_event event;
};

struct server {
	struct server_config config;
	struct loop *loop;
	struct elastic *threads;
	struct listener listeners[LISTENERS_MAX];
	unsigned listener_count;
	struct pg_cancels *cancels;
	struct http_sessions *http_sessions;
	struct tls_context *tls;
	pthread_mutex_t lock;        /* guards the list and `stopping` */
	struct connection *connections;
	unsigned count;
	bool stopping;
};

/* ---- connections ---- */

static void unlink_connection(struct connection *c)
{
	struct server *s = c->server;
	pthread_mutex_lock(&s->lock);
	*c->previous = c->next;
	if (c->next != NULL)
		c->next->previous = c->previous;
	s->count--;
	pthread_mutex_unlock(&s->lock);
}

static void end_connection(struct connection *c)
{
	loop_forget(c->server->loop, &c->loop);
	pgconn_free(c->pg);
	httpconn_free(c->http);
	nativeconn_free(c->native);
	unlink_connection(c);
	sock_fini(&c->sock);
	free(c);
}

static enum status open_protocol(struct connection *c, struct error *err)
{
	struct server *s = c->server;
	struct instance *i = s->config.instance;
	if (c->protocol == PROTOCOL_PG && c->pg == NULL) {
		struct pgconn_config config = {.instance = i, .sock = &c->sock, .tls = s->tls, .accounts = accounts_pg(i),
		                               .cancels = s->cancels,
			.track = instance_memtrack(i), .login_timeout_ms = LOGIN_TIMEOUT_MS};
		return pgconn_new(&config, &c->pg, err);
	}
	if (c->protocol == PROTOCOL_HTTP && c->http == NULL) {
		struct httpconn_config config = {.instance = i, .sock = &c->sock, .accounts = accounts_http(i),
		                                 .sessions = s->http_sessions,
			.track = instance_memtrack(i), .keep_alive_seconds = s->config.idle_seconds};
		return httpconn_new(&config, &c->http, err);
	}
	if (c->protocol == PROTOCOL_NATIVE && c->native == NULL) {
		struct nativeconn_config config = {.instance = i, .sock = &c->sock, .accounts = accounts_native(i),
			.track = instance_memtrack(i), .login_timeout_ms = LOGIN_TIMEOUT_MS};
		return nativeconn_new(&config, &c->native, err);
	}
	return OK;
}

/* Until nothing is unread; false when the connection is over. */
static bool run_protocol(struct connection *c)
{
	switch (c->protocol) {
	case PROTOCOL_PG:
		return pgconn_run(c->pg) == PGCONN_PARKED;
	case PROTOCOL_HTTP:
		return httpconn_run(c->http) == HTTPCONN_PARKED;
	case PROTOCOL_NATIVE:
		return nativeconn_run(c->native) == NATIVECONN_PARKED;
	}
	return false;
}

static void run_connection(struct elastic_job *job)
{
	struct connection *c = (struct connection *)((char *)job - offsetof(struct connection, job));
	struct server *s = c->server;
	struct error err;
	error_init(&err);
	if (c->event == LOOP_STOPPING || c->event == LOOP_TIMEOUT) {
		if (c->pg != NULL)
			pgconn_terminate(c->pg, "57P01", "terminating connection due to administrator command");
		end_connection(c);
		return;
	}
	bool parked = false;
	enum status status = open_protocol(c, &err);
	if (status == OK && c->protocol == PROTOCOL_HTTP && loop_watch(s->loop, &c->loop, &err) != OK)
		error_clear(&err); /* a hang-up is then noticed at the next write */
	if (status == OK)
		parked = run_protocol(c);
	pthread_mutex_lock(&s->lock);
	parked = parked && !s->stopping;
	pthread_mutex_unlock(&s->lock);
	unsigned idle = c->protocol == PROTOCOL_HTTP ? s->config.idle_seconds * 1000 : 0;
	if (!parked || loop_park(s->loop, &c->loop, idle, &err) != OK)
		end_connection(c);
}

static void on_ready(struct loop_conn *l, enum loop_event event)
{
	struct connection *c = (struct connection *)l;
	struct error err;
	error_init(&err);
	c->event = event;
	c->job.run = run_connection;
	if (event == LOOP_CLOSED && c->pg == NULL && c->http == NULL && c->native == NULL) {
		end_connection(c);
		return;
	}
	if (elastic_queue(c->server->threads, &c->job, &err) != OK) {
		LOG(LOG_WARNING, "server", "%s", err.message);
		end_connection(c);
	}
}

static void on_hangup(struct loop_conn *l)
{
	struct connection *c = (struct connection *)l;
	if (c->http != NULL)
		httpconn_hangup(c->http);
}

static void on_accept(void *arg, int fd, void *listener)
{
	struct server *s = arg;
	struct error err;
	error_init(&err);
	struct connection *c = calloc(1, sizeof *c);
	if (c == NULL || sock_init(&c->sock, fd, 0, instance_memtrack(s->config.instance), &err) != OK) {
		free(c);
		close(fd);
		return;
	}
	c->server = s;
	c->protocol = ((struct listener *)listener)->protocol;
	c->loop.on_ready = on_ready;
	c->loop.on_hangup = on_hangup;
	c->loop.fd = fd;
	pthread_mutex_lock(&s->lock);
	c->next = s->connections;
	c->previous = &s->connections;
	if (c->next != NULL)
		c->next->previous = &c->next;
	s->connections = c;
	s->count++;
	pthread_mutex_unlock(&s->lock);
	if (loop_park(s->loop, &c->loop, LOGIN_TIMEOUT_MS, &err) != OK)
		end_connection(c);
}

/* ---- life ---- */

static enum status listen_on(struct server *s, enum protocol protocol, int port, struct error *err)
{
	if (port == 0)
		return OK;
	for (unsigned i = 0; i < s->config.listen_count && s->listener_count < LISTENERS_MAX; i++) {
		struct listener *l = &s->listeners[s->listener_count];
		struct error why;
		error_init(&why);
		l->protocol = protocol;
		if (sock_listen(s->config.listen[i], port < 0 ? 0 : (unsigned)port, &l->fd, &l->port, &why) != OK) {
			if (i == 0 && !(protocol == PROTOCOL_NATIVE && s->config.native_optional)) {
				*err = why;
				return why.status;
			}
			LOG(LOG_WARNING, "server", "%s", why.message);
			continue;
		}
		s->listener_count++;
		if (port < 0)
			port = (int)l->port; /* the others take the same */
		TRY(loop_listen(s->loop, l->fd, l, err));
	}
	return OK;
}

enum status server_start(const struct server_config *config, struct server **out, struct error *err)
{
	struct server *s = calloc(1, sizeof *s);
	*out = NULL;
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a server");
	s->config = *config;
	pthread_mutex_init(&s->lock, NULL);
	struct loop_config loop = {.connections_max = config->connections_max, .on_accept = on_accept, .arg = s};
	struct elastic_config threads = {.name = "session", .threads_max = config->connections_max, .idle_ms = IDLE_THREAD_MS};
	enum status status = loop_new(&s->loop, &loop, err);
	if (status == OK)
		status = elastic_new(&s->threads, &threads, err);
	if (status == OK)
		status = pg_cancels_new(&s->cancels, err);
	if (status == OK)
		status = http_sessions_new(&s->http_sessions, err);
	if (status == OK)
		status = listen_on(s, PROTOCOL_PG, config->pg_port, err);
	if (status == OK)
		status = listen_on(s, PROTOCOL_HTTP, config->http_port, err);
	if (status == OK)
		status = listen_on(s, PROTOCOL_NATIVE, config->native_port, err);
	if (status == OK)
		status = loop_start(s->loop, err);
	if (status != OK) {
		server_stop(s);
		return status;
	}
	*out = s;
	return OK;
}

static unsigned port_of(const struct server *s, enum protocol protocol)
{
	for (unsigned i = 0; i < s->listener_count; i++)
		if (s->listeners[i].protocol == protocol)
			return s->listeners[i].port;
	return 0;
}

unsigned server_pg_port(const struct server *s)
{
	return port_of(s, PROTOCOL_PG);
}

unsigned server_http_port(const struct server *s)
{
	return port_of(s, PROTOCOL_HTTP);
}

unsigned server_native_port(const struct server *s)
{
	return port_of(s, PROTOCOL_NATIVE);
}

void server_stop(struct server *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	for (struct connection *c = s->connections; c != NULL; c = c->next) {
		/* what runs is cancelled, what waits for bytes wakes up */
		if (c->pg != NULL && pgconn_session(c->pg) != NULL)
			session_cancel(pgconn_session(c->pg), E_ABORTED);
		if (c->http != NULL)
			httpconn_hangup(c->http);
		if (c->native != NULL)
			nativeconn_stop(c->native);
	}
	pthread_mutex_unlock(&s->lock);
	if (s->loop != NULL)
		loop_stop(s->loop); /* parked connections come out with LOOP_STOPPING */
	pthread_mutex_lock(&s->lock);
	for (struct connection *c = s->connections; c != NULL; c = c->next)
		sock_interrupt(&c->sock);
	pthread_mutex_unlock(&s->lock);
	if (s->threads != NULL) {
		if (!elastic_drain(s->threads, clock_mono_us() + STOP_WAIT_US))
			LOG(LOG_WARNING, "server", "connections are still running after %d seconds", STOP_WAIT_US / 1000000);
		elastic_free(s->threads);
	}
	if (s->loop != NULL)
		loop_free(s->loop);
	for (unsigned i = 0; i < s->listener_count; i++)
		close(s->listeners[i].fd);
	http_sessions_free(s->http_sessions);
	pg_cancels_free(s->cancels);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
