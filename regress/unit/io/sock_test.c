// SPDX-License-Identifier: Apache-2.0
/* Sockets: the same talk in plain text and through TLS, whole messages, deadlines, limits, ends and interruptions. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/sock.h"
#include "regress/unit/tap.h"

static struct memtrack track;

/* A server for one connection: answers each message (u32 size, bytes) with the same bytes, until size 0 or the end. */
struct echo {
	int listen_fd;
	struct tls_context *tls;
	struct error error;
	enum status status;
	bool unread_seen;
};

static enum status echo_loop(struct sock *s, struct echo *e)
{
	for (;;) {
		uint32_t size;
		TRY(sock_peek(s, 4, &e->error));
		if (sock_buffered(s).size == 0)
			return OK;
		memcpy(&size, sock_buffered(s).data, 4);
		TRY(sock_peek(s, 4 + (size_t)size, &e->error));
		TRY(sock_put(s, sock_buffered(s).data, 4 + size, &e->error));
		sock_consume(s, 4 + size);
		e->unread_seen |= sock_has_unread(s);
		if (size == 0)
			return sock_end(s, &e->error);
		if (!sock_has_unread(s))
			TRY(sock_flush(s, &e->error));
		if (!sock_has_unread(s))
			sock_trim(s);
	}
}

static void *echo_thread(void *arg)
{
	struct echo *e = arg;
	struct sock s;
	int fd;
	do
		fd = accept(e->listen_fd, NULL, NULL);
	while (fd < 0);
	error_init(&e->error);
	e->status = sock_init(&s, fd, 3 << 20, &track, &e->error);
	s.read_deadline_us = clock_mono_us() + 20000000;
	if (e->status == OK && e->tls != NULL)
		e->status = sock_tls_accept(&s, e->tls, clock_mono_us() + 10000000, &e->error);
	if (e->status == OK)
		e->status = echo_loop(&s, e);
	sock_fini(&s);
	return NULL;
}

static void send_message(struct sock *s, const void *data, uint32_t size, struct error *err, bool *good)
{
	*good = *good && sock_put(s, &size, 4, err) == OK && sock_put(s, data, size, err) == OK;
}

static void talk(struct tls_context *server, struct tls_context *client, const char *what)
{
	struct echo e = {.tls = server};
	struct sock s;
	struct error err;
	pthread_t t;
	unsigned port;
	bool good = true;
	error_init(&err);
	if (!ok(sock_listen("127.0.0.1", 0, &e.listen_fd, &port, &err) == OK && port != 0, "%s: listens", what))
		return;
	pthread_create(&t, NULL, echo_thread, &e);
	int64_t deadline = clock_mono_us() + 10000000;
	ok(sock_connect(&s, "127.0.0.1", port, deadline, &track, &err) == OK, "%s: connects", what);
	s.read_deadline_us = s.write_deadline_us = deadline;
	if (client != NULL)
		ok(sock_tls_connect(&s, client, "127.0.0.1", deadline, &err) == OK, "%s: handshake %s", what, err.message);
	ok((sock_tls_version(&s) != NULL) == (client != NULL), "%s: version", what);
	size_t big = 2 << 20;
	uint8_t *data = malloc(big), *back = malloc(big + 4);
	for (size_t i = 0; i < big; i++)
		data[i] = (uint8_t)(i * 7 >> 5);
	for (uint32_t size = 1; size < 300000 && good; size = size * 3 + 1) {
		send_message(&s, data, size, &err, &good);
		send_message(&s, data + 1, size, &err, &good);
		good = good && sock_flush(&s, &err) == OK;
		for (int k = 0; k < 2 && good; k++)
			good = sock_read_full(&s, back, 4 + size, &err) == OK && memcmp(back + 4, data + k, size) == 0;
	}
	ok(good, "%s: messages of many sizes come back %s", what, err.message);
	send_message(&s, data, (uint32_t)big, &err, &good);
	good = good && sock_flush(&s, &err) == OK && sock_read_full(&s, back, big + 4, &err) == OK;
	ok(good && memcmp(back + 4, data, big) == 0, "%s: a large one", what);
	ok(!sock_wait_readable(&s, 10) && !sock_has_unread(&s), "%s: nothing more", what);
	send_message(&s, "", 0, &err, &good);
	uint32_t zero = 1;
	good = good && sock_flush(&s, &err) == OK && sock_read_full(&s, &zero, 4, &err) == OK && zero == 0;
	ok(good && sock_peek(&s, 1, &err) == OK && s.eof && sock_buffered(&s).size == 0, "%s: then the end", what);
	ok(sock_read_full(&s, &zero, 4, &err) == E_UNEXPECTED_EOF, "%s: past which there is nothing", what);
	sock_fini(&s);
	pthread_join(t, NULL);
	ok(e.status == OK && e.unread_seen, "%s: the server saw waiting bytes and the end %s", what, e.error.message);
	close(e.listen_fd);
	free(data);
	free(back);
}

static void pair(struct sock *a, struct sock *b)
{
	int fd[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0)
		exit(1);
	ok(sock_init(a, fd[0], 1000, &track, NULL) == OK && sock_init(b, fd[1], 0, &track, NULL) == OK, "a pair");
}

static void *interrupt(void *arg)
{
	usleep(20000);
	sock_interrupt(arg);
	return NULL;
}

static void test_ends(void)
{
	struct sock a, b;
	struct error e;
	pthread_t t;
	uint8_t byte, *room;
	error_init(&e);
	pair(&a, &b);
	ok(strcmp(a.peer, "unix") == 0, "peer's name");
	a.read_deadline_us = clock_mono_us() + 20000;
	ok(sock_peek(&a, 1, &e) == E_NETWORK && strstr(e.message, "timed out") != NULL, "a deadline");
	error_clear(&e);
	a.read_deadline_us = 0;
	ok(sock_put(&b, "abcdef", 6, &e) == OK && sock_flush(&b, &e) == OK, "six bytes");
	ok(sock_peek_raw(&a, &byte, 0, &e) == OK && byte == 'a' && !sock_has_unread(&a), "a look at the first");
	ok(sock_peek(&a, 4, &e) == OK && sock_buffered(&a).size == 6, "all are there");
	sock_consume(&a, 2);
	ok(sock_peek(&a, 1001, &e) == E_LIMIT_EXCEEDED, "the limit");
	error_clear(&e);
	ok(sock_reserve(&b, 200000, &room, &e) == OK, "room in place");
	memset(room, 'x', 10);
	sock_commit(&b, 10);
	ok(sock_end(&b, &e) == OK && sock_peek(&a, 15, &e) == E_UNEXPECTED_EOF, "an end in the middle of a message");
	is_str(sock_buffered(&a), "cdefxxxxxxxxxx", "what came is kept");
	error_clear(&e);
	sock_fini(&b);
	enum status s = OK;
	for (int i = 0; i < 100 && s == OK; i++) {
		s = sock_put(&a, "data", 4, &e);
		s = s == OK ? sock_flush(&a, &e) : s;
	}
	ok(s == E_NETWORK, "writing to one who left");
	error_clear(&e);
	sock_fini(&a);
	pair(&a, &b);
	pthread_create(&t, NULL, interrupt, &a);
	ok(sock_peek(&a, 1, &e) == OK && a.eof, "an interruption ends the wait");
	pthread_join(t, NULL);
	sock_fini(&a);
	sock_fini(&b);
}

static void test_refusals(struct tls_context *server)
{
	struct sock s;
	struct error e;
	struct tls_context *strict;
	struct echo echo = {.tls = server};
	pthread_t t;
	unsigned port;
	int fd;
	error_init(&e);
	ok(sock_listen("127.0.0.1", 0, &fd, &port, &e) == OK, "listen");
	close(fd);
	ok(sock_connect(&s, "127.0.0.1", port, 0, &track, &e) == E_NETWORK && strstr(e.message, "127.0.0.1") != NULL,
	   "nobody there");
	error_clear(&e);
	ok(sock_connect(&s, "no.such.host.invalid", 1, 0, &track, &e) == E_NETWORK, "no such host");
	error_clear(&e);
	ok(tls_client_new(&strict, true, NULL, &e) == OK, "a client that verifies");
	ok(sock_listen("127.0.0.1", 0, &echo.listen_fd, &port, &e) == OK, "listen");
	pthread_create(&t, NULL, echo_thread, &echo);
	ok(sock_connect(&s, "localhost", port, 0, &track, &e) == OK, "connect by name");
	ok(sock_tls_connect(&s, strict, "localhost", 0, &e) == E_NETWORK, "does not take a self-signed certificate: %s",
	   e.message);
	error_clear(&e);
	sock_fini(&s);
	pthread_join(t, NULL);
	ok(echo.status == E_NETWORK, "which the server hears");
	close(echo.listen_fd);
	tls_unref(strict);
	struct tls_context *none;
	ok(tls_server_new(&none, "/nonexistent.crt", "/nonexistent.key", &e) == E_NETWORK && none == NULL &&
	   strstr(e.message, "/nonexistent.crt") != NULL, "a missing certificate is named");
	error_clear(&e);
}

int main(void)
{
	struct tls_context *server, *client;
	struct error e;
	uint8_t hash[64];
	error_init(&e);
	memtrack_init(&track, NULL, "sockets", 0);
	if (!ok(tls_server_self_signed(&server, "localhost", &e) == OK && tls_client_new(&client, false, NULL, &e) == OK,
	        "contexts %s", e.message))
		return 1;
	is_int(tls_end_point_hash(server, hash), 32, "the certificate's hash");
	talk(NULL, NULL, "plain");
	talk(server, client, "TLS");
	test_ends();
	test_refusals(server);
	tls_unref(client);
	tls_unref(server);
	is_int(memtrack_used(&track), 0, "all buffers returned");
	return tap_done();
}
