// SPDX-License-Identifier: Apache-2.0
/* The event loop: accepts, parks, wakes on bytes, times out, sees hang-ups, refuses beyond its limit and stops
 * cleanly. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/elastic.h"
#include "io/loop.h"
#include "io/sock.h"
#include "regress/unit/tap.h"

static struct loop *loop;
static struct elastic *pool;
static _Atomic int ended, timeouts, hangups, stopped, refused, fired;

/* A session that answers each byte with the next letter and parks again; 'w' makes it wait until the client leaves. */
struct session {
	struct loop_conn conn;
	struct elastic_job job;
	struct sock sock;
	enum loop_event event;
	_Atomic bool gone;
};

static void session_end(struct session *s)
{
	loop_forget(loop, &s->conn);
	sock_fini(&s->sock);
	free(s);
	ended++;
}

static void hung_up(struct loop_conn *c)
{
	((struct session *)c)->gone = true;
	hangups++;
}

static void session_run(struct elastic_job *job)
{
	struct session *s = (struct session *)((char *)job - offsetof(struct session, job));
	struct error e;
	error_init(&e);
	if (s->event == LOOP_TIMEOUT)
		timeouts++;
	if (s->event == LOOP_STOPPING)
		stopped++;
	if (s->event != LOOP_READABLE || loop_watch(loop, &s->conn, &e) != OK) {
		session_end(s);
		return;
	}
	do {
		if (sock_peek(&s->sock, 1, &e) != OK || sock_buffered(&s->sock).size == 0) {
			session_end(s);
			return;
		}
		char c = sock_buffered(&s->sock).data[0];
		sock_consume(&s->sock, 1);
		while (c == 'w' && !s->gone)
			usleep(1000);
		c++;
		if (sock_put(&s->sock, &c, 1, &e) != OK || sock_flush(&s->sock, &e) != OK) {
			session_end(s);
			return;
		}
	} while (sock_has_unread(&s->sock));
	sock_trim(&s->sock);
	if (loop_park(loop, &s->conn, 60000, &e) != OK)
		session_end(s);
}

static void ready(struct loop_conn *c, enum loop_event event)
{
	struct session *s = (struct session *)c;
	s->event = event;
	if (elastic_queue(pool, &s->job, NULL) != OK)
		session_end(s);
}

static void accepted(void *arg, int fd, void *listener)
{
	struct session *s = calloc(1, sizeof *s);
	struct error e;
	error_init(&e);
	if (s == NULL || sock_init(&s->sock, fd, 0, NULL, &e) != OK)
		exit(1);
	s->conn = (struct loop_conn){.on_ready = ready, .on_hangup = hung_up, .fd = fd};
	s->job.run = session_run;
	if (loop_park(loop, &s->conn, *(unsigned *)listener, &e) != OK)
		exit(1);
}

static void refuse(void *arg, int fd, void *listener)
{
	refused++;
	(void)!write(fd, "full", 4);
}

static bool wait_for(_Atomic int *value, int want)
{
	int64_t deadline = clock_mono_us() + 10000000;
	while (*value < want && clock_mono_us() < deadline)
		usleep(1000);
	return *value == want;
}

static void fire(struct loop_timer *t)
{
	fired++;
}

static bool ask(struct sock *s, char c)
{
	char answer = 0;
	s->read_deadline_us = clock_mono_us() + 10000000;
	return sock_put(s, &c, 1, NULL) == OK && sock_flush(s, NULL) == OK && sock_read_full(s, &answer, 1, NULL) == OK &&
	       answer == c + 1;
}

enum { CLIENTS = 200 };

static struct sock clients[CLIENTS];

static void test_talk(unsigned port)
{
	struct loop_stats stats;
	bool good = true;
	for (int i = 0; i < CLIENTS; i++)
		good = good && sock_connect(&clients[i], "127.0.0.1", port, 0, NULL, NULL) == OK;
	ok(good, "%d clients", CLIENTS);
	for (int round = 0; round < 5; round++)
		for (int i = 0; i < CLIENTS && good; i++)
			good = ask(&clients[i], (char)('a' + round));
	ok(good, "each is answered, five times");
	int64_t deadline = clock_mono_us() + 10000000;
	do
		loop_stats(loop, &stats);
	while (stats.parked < CLIENTS && clock_mono_us() < deadline);
	ok(stats.parked == CLIENTS && stats.connections == CLIENTS, "all are parked again");
	struct sock extra;
	char word[4];
	ok(sock_connect(&extra, "127.0.0.1", port, 0, NULL, NULL) == OK && sock_read_full(&extra, word, 4, NULL) == OK,
	   "one too many");
	ok(memcmp(word, "full", 4) == 0 && refused == 1, "is told so");
	sock_fini(&extra);
}

static void test_leaving(unsigned port, unsigned short_port)
{
	for (int i = 0; i < 50; i++)
		sock_fini(&clients[i]);
	ok(wait_for(&ended, 50), "clients that leave while parked");
	ok(sock_put(&clients[50], "w", 1, NULL) == OK && sock_flush(&clients[50], NULL) == OK, "one asks for something long");
	usleep(20000);
	sock_fini(&clients[50]);
	ok(wait_for(&ended, 51) && hangups > 0, "and leaves: the hang-up is seen while it runs, or it would wait for ever");
	struct sock s;
	ok(sock_connect(&s, "127.0.0.1", short_port, 0, NULL, NULL) == OK, "one on the impatient port");
	ok(wait_for(&timeouts, 1) && sock_peek(&s, 1, NULL) == OK && s.eof, "is sent away for saying nothing");
	sock_fini(&s);
}

static void test_timers(void)
{
	struct loop_timer t[20], never = {.fire = fire};
	bool good = loop_timer_set(loop, &never, 60000000, NULL) == OK;
	for (int i = 0; i < 20; i++) {
		t[i] = (struct loop_timer){.fire = fire};
		good = good && loop_timer_set(loop, &t[i], (i * 7 % 20) * 1000, NULL) == OK;
	}
	ok(good && wait_for(&fired, 20), "twenty timers fire");
	ok(loop_timer_unset(loop, &never) && !loop_timer_unset(loop, &never), "one is unset");
}

int main(void)
{
	struct loop_config config = {.connections_max = CLIENTS, .on_accept = accepted, .on_refuse = refuse};
	struct error e;
	unsigned port, short_port, idle = 60000, short_idle = 50;
	int fd, short_fd;
	error_init(&e);
	ok(elastic_new(&pool, &(struct elastic_config){.name = "session", .threads_max = 8, .idle_ms = 1000}, &e) == OK,
	   "pool");
	ok(loop_new(&loop, &config, &e) == OK && loop_start(loop, &e) == OK, "loop");
	ok(sock_listen("127.0.0.1", 0, &fd, &port, &e) == OK && loop_listen(loop, fd, &idle, &e) == OK, "a listener");
	ok(sock_listen("127.0.0.1", 0, &short_fd, &short_port, &e) == OK &&
	   loop_listen(loop, short_fd, &short_idle, &e) == OK, "another");
	test_talk(port);
	test_leaving(port, short_port);
	test_timers();
	loop_stop(loop);
	ok(wait_for(&stopped, CLIENTS - 51), "stopping hands back what is parked");
	ok(elastic_drain(pool, clock_mono_us() + 10000000), "and they end");
	is_int(ended, CLIENTS + 1, "every session ended once");
	elastic_free(pool);
	loop_free(loop);
	for (int i = 51; i < CLIENTS; i++)
		sock_fini(&clients[i]);
	close(fd);
	close(short_fd);
	return tap_done();
}
