// SPDX-License-Identifier: Apache-2.0
/* Reading, writing, TLS. Making and accepting connections is sock_addr.c's. */
#include "io/sock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/sock_impl.h"

enum { READ_CHUNK_MAX = 256 * 1024 };

enum status sock_init(struct sock *s, int fd, size_t read_max, struct memtrack *track, struct error *err)
{
	*s = (struct sock){.fd = fd, .read_max = read_max != 0 ? read_max : SOCK_READ_MAX_DEFAULT, .track = track};
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
		int code = errno;
		sock_fini(s);
		return ERR(err, E_NETWORK, "cannot use a connection: %s", strerrordesc_np(code));
	}
	sock_peer_name(fd, s->peer, sizeof s->peer);
	return OK;
}

static void buffer_drop(struct sock *s, struct sock_buffer *b)
{
	memtrack_release(s->track, (int64_t)b->capacity);
	free(b->data);
	*b = (struct sock_buffer){0};
}

void sock_fini(struct sock *s)
{
	if (s->ssl != NULL) {
		ERR_clear_error();
		if (!s->write_failed && SSL_is_init_finished(s->ssl))
			(void)SSL_shutdown(s->ssl);
		SSL_free(s->ssl);
		ERR_clear_error();
	}
	tls_unref(s->tls);
	buffer_drop(s, &s->in);
	buffer_drop(s, &s->out);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->ssl = NULL;
	s->tls = NULL;
}

void sock_interrupt(struct sock *s)
{
	(void)shutdown(s->fd, SHUT_RDWR);
}

/* ---- waiting ---- */

enum status sock_poll(int fd, short events, int64_t deadline_us, const char *peer, struct error *err)
{
	for (;;) {
		int timeout = -1;
		if (deadline_us != 0) {
			int64_t left = deadline_us - clock_mono_us();
			timeout = left <= 0 ? 0 : left > 3600000000 ? 3600000 : (int)(left / 1000) + 1;
		}
		struct pollfd p = {.fd = fd, .events = events};
		int n = poll(&p, 1, timeout);
		if (n > 0)
			return OK;
		if (n < 0 && errno != EINTR)
			return ERR(err, E_NETWORK, "cannot wait for %s: %s", peer, strerrordesc_np(errno));
		if (n == 0 && clock_mono_us() >= deadline_us)
			return ERR(err, E_NETWORK, "timed out waiting for %s", peer);
	}
}

/* What a TLS call that did not succeed wants: waits for it and answers OK to try again; *ended at the end of stream. */
static enum status tls_wait(struct sock *s, int rc, int64_t deadline_us, bool *ended, struct error *err)
{
	*ended = false;
	int code = errno;
	switch (SSL_get_error(s->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return sock_poll(s->fd, POLLIN, deadline_us, s->peer, err);
	case SSL_ERROR_WANT_WRITE:
		return sock_poll(s->fd, POLLOUT, deadline_us, s->peer, err);
	case SSL_ERROR_ZERO_RETURN:
		*ended = true;
		return OK;
	case SSL_ERROR_SYSCALL:
		s->write_failed = true;
		return ERR(err, E_NETWORK, "connection to %s is broken: %s", s->peer, strerrordesc_np(code));
	default:
		s->write_failed = true;
		/* many clients leave without the farewell that TLS asks for */
		if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
			ERR_clear_error();
			*ended = true;
			return OK;
		}
		return tls_fail("TLS error", err);
	}
}

/* ---- TLS handshakes ---- */

static enum status handshake(struct sock *s, struct tls_context *t, bool server, const char *host, int64_t deadline_us,
                             struct error *err)
{
	if (s->in.end != s->in.at)
		return ERR(err, E_PROTOCOL, "unencrypted bytes arrived before the TLS handshake");
	ERR_clear_error();
	s->ssl = SSL_new(tls_ssl_ctx(t));
	if (s->ssl == NULL || SSL_set_fd(s->ssl, s->fd) != 1)
		return tls_fail("cannot begin TLS", err);
	s->tls = tls_ref(t);
	if (host != NULL) {
		bool address = strspn(host, "0123456789.") == strlen(host) || strchr(host, ':') != NULL;
		if (!address && SSL_set_tlsext_host_name(s->ssl, host) != 1)
			return tls_fail("cannot begin TLS", err);
		if (tls_verifies(t) && (address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(s->ssl), host)
		                                : SSL_set1_host(s->ssl, host)) != 1)
			return tls_fail("cannot begin TLS", err);
	}
	for (;;) {
		ERR_clear_error();
		int rc = server ? SSL_accept(s->ssl) : SSL_connect(s->ssl);
		bool ended;
		if (rc == 1)
			return OK;
		TRY(tls_wait(s, rc, deadline_us, &ended, err));
		if (ended)
			return ERR(err, E_NETWORK, "%s left during the TLS handshake", s->peer);
	}
}

enum status sock_tls_accept(struct sock *s, struct tls_context *t, int64_t deadline_us, struct error *err)
{
	return handshake(s, t, true, NULL, deadline_us, err);
}

enum status sock_tls_connect(struct sock *s, struct tls_context *t, const char *host, int64_t deadline_us,
                             struct error *err)
{
	return handshake(s, t, false, host, deadline_us, err);
}

const char *sock_tls_version(const struct sock *s)
{
	return s->ssl == NULL ? NULL : SSL_get_version(s->ssl);
}

const char *sock_tls_cipher(const struct sock *s)
{
	return s->ssl == NULL ? NULL : SSL_get_cipher_name(s->ssl);
}

/* ---- reading ---- */

/* Some bytes, at least one; none and s->eof at the end. */
static enum status read_some(struct sock *s, void *to, size_t room, size_t *got, struct error *err)
{
	*got = 0;
	while (!s->eof) {
		if (s->ssl != NULL) {
			bool ended;
			ERR_clear_error();
			int rc = SSL_read_ex(s->ssl, to, room, got);
			if (rc == 1)
				break;
			*got = 0;
			TRY(tls_wait(s, rc, s->read_deadline_us, &ended, err));
			s->eof = ended;
			continue;
		}
		ssize_t n = recv(s->fd, to, room, 0);
		if (n > 0) {
			*got = (size_t)n;
			break;
		}
		if (n == 0)
			s->eof = true;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			TRY(sock_poll(s->fd, POLLIN, s->read_deadline_us, s->peer, err));
		else if (errno != EINTR)
			return ERR(err, E_NETWORK, "connection to %s is broken: %s", s->peer, strerrordesc_np(errno));
	}
	s->bytes_in += *got;
	return OK;
}

static enum status buffer_grow(struct sock *s, struct sock_buffer *b, size_t capacity, struct error *err)
{
	TRY(memtrack_charge(s->track, (int64_t)(capacity - b->capacity), err));
	uint8_t *data = realloc(b->data, capacity);
	if (data == NULL) {
		memtrack_release(s->track, (int64_t)(capacity - b->capacity));
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes for a connection's buffer", capacity);
	}
	b->data = data;
	b->capacity = capacity;
	return OK;
}

/* Room for `size` bytes in all from b->at on, moved to the front where that helps. */
static enum status buffer_room(struct sock *s, struct sock_buffer *b, size_t size, struct error *err)
{
	if (b->at > 0 && (b->at == b->end || b->capacity - b->at < size)) {
		memmove(b->data, b->data + b->at, b->end - b->at);
		b->end -= b->at;
		b->at = 0;
	}
	if (b->capacity - b->at >= size)
		return OK;
	size_t want = b->capacity < SOCK_BUFFER_MIN ? SOCK_BUFFER_MIN : b->capacity * 2;
	return buffer_grow(s, b, want > size ? want : size, err);
}

static enum status fill_once(struct sock *s, size_t size, struct error *err)
{
	struct sock_buffer *b = &s->in;
	size_t got;
	if (b->grow && b->capacity < READ_CHUNK_MAX && size <= b->capacity)
		size = b->capacity + 1;
	TRY(buffer_room(s, b, size, err));
	size_t room = b->capacity - b->end;
	TRY(read_some(s, b->data + b->end, room, &got, err));
	b->grow = got == room;
	b->end += got;
	return OK;
}

enum status sock_peek(struct sock *s, size_t size, struct error *err)
{
	while (s->in.end - s->in.at < size) {
		if (size > s->read_max)
			return ERR(err, E_LIMIT_EXCEEDED, "a message of %zu bytes from %s; the limit is %zu", size, s->peer, s->read_max);
		if (s->eof) {
			if (s->in.end == s->in.at)
				return OK;
			return ERR(err, E_UNEXPECTED_EOF, "%s left in the middle of a message", s->peer);
		}
		TRY(fill_once(s, size, err));
	}
	return OK;
}

enum status sock_fill(struct sock *s, struct error *err)
{
	size_t have = s->in.end - s->in.at;
	if (s->eof)
		return OK;
	if (have >= s->read_max)
		return ERR(err, E_LIMIT_EXCEEDED, "a message of more than %zu bytes from %s", s->read_max, s->peer);
	return fill_once(s, have + 1, err);
}

void sock_consume(struct sock *s, size_t size)
{
	assert(size <= s->in.end - s->in.at);
	s->in.at += size;
	if (s->in.at == s->in.end)
		s->in.at = s->in.end = 0;
}

enum status sock_read_full(struct sock *s, void *to, size_t size, struct error *err)
{
	size_t n = s->in.end - s->in.at;
	n = n < size ? n : size;
	if (n > 0)
		memcpy(to, s->in.data + s->in.at, n);
	sock_consume(s, n);
	while (n < size) {
		size_t got;
		if (size - n < SOCK_BUFFER_MIN) {
			TRY(sock_peek(s, size - n, err));
			got = s->eof && s->in.end == s->in.at ? 0 : size - n;
			if (got > 0) {
				memcpy((uint8_t *)to + n, s->in.data + s->in.at, got);
				sock_consume(s, got);
			}
		} else {
			TRY(read_some(s, (uint8_t *)to + n, size - n, &got, err));
		}
		if (got == 0)
			return ERR(err, E_UNEXPECTED_EOF, "%s left in the middle of a message", s->peer);
		n += got;
	}
	return OK;
}

enum status sock_peek_raw(struct sock *s, uint8_t *byte, int64_t deadline_us, struct error *err)
{
	assert(s->ssl == NULL && s->in.at == s->in.end);
	for (;;) {
		ssize_t n = recv(s->fd, byte, 1, MSG_PEEK);
		if (n == 1)
			return OK;
		if (n == 0)
			return ERR(err, E_UNEXPECTED_EOF, "%s left without a word", s->peer);
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			TRY(sock_poll(s->fd, POLLIN, deadline_us, s->peer, err));
		else if (errno != EINTR)
			return ERR(err, E_NETWORK, "connection to %s is broken: %s", s->peer, strerrordesc_np(errno));
	}
}

bool sock_has_unread(const struct sock *s)
{
	if (s->in.end != s->in.at)
		return true;
	if (s->ssl == NULL || !SSL_has_pending(s->ssl))
		return false;
	/* part of a record may lie there: only a whole one has bytes for us, and the rest of it will wake the poll */
	char c;
	size_t n;
	ERR_clear_error();
	return SSL_pending(s->ssl) > 0 || SSL_peek_ex(s->ssl, &c, 1, &n) == 1;
}

bool sock_wait_readable(struct sock *s, int timeout_ms)
{
	if (s->eof || sock_has_unread(s))
		return true;
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	return poll(&p, 1, timeout_ms) > 0;
}

/* ---- writing ---- */

static enum status write_all(struct sock *s, const uint8_t *data, size_t size, struct error *err)
{
	while (size > 0) {
		size_t n = 0;
		if (s->write_failed)
			return ERR(err, E_NETWORK, "connection to %s is broken", s->peer);
		if (s->ssl != NULL) {
			bool ended = false;
			ERR_clear_error();
			int rc = SSL_write_ex(s->ssl, data, size, &n);
			if (rc != 1) {
				n = 0;
				enum status st = tls_wait(s, rc, s->write_deadline_us, &ended, err);
				s->write_failed |= ended || st != OK;
				if (st != OK)
					return st;
			}
		} else {
			ssize_t sent = send(s->fd, data, size, MSG_NOSIGNAL);
			if (sent >= 0) {
				n = (size_t)sent;
			} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
				enum status st = sock_poll(s->fd, POLLOUT, s->write_deadline_us, s->peer, err);
				s->write_failed |= st != OK;
				if (st != OK)
					return st;
			} else if (errno != EINTR) {
				s->write_failed = true;
				return ERR(err, E_NETWORK, "connection to %s is broken: %s", s->peer, strerrordesc_np(errno));
			}
		}
		data += n;
		size -= n;
		s->bytes_out += n;
	}
	return OK;
}

enum status sock_flush(struct sock *s, struct error *err)
{
	struct sock_buffer *b = &s->out;
	size_t at = b->at, end = b->end;
	b->at = b->end = 0;
	return write_all(s, b->data + at, end - at, err);
}

enum status sock_put(struct sock *s, const void *data, size_t size, struct error *err)
{
	struct sock_buffer *b = &s->out;
	if (size >= SOCK_WRITE_FLUSH) {
		TRY(sock_flush(s, err));
		return write_all(s, data, size, err);
	}
	if (b->capacity - b->end < size)
		TRY(buffer_room(s, b, b->end + size, err));
	if (size > 0)
		memcpy(b->data + b->end, data, size);
	b->end += size;
	return b->end >= SOCK_WRITE_FLUSH ? sock_flush(s, err) : OK;
}

enum status sock_reserve(struct sock *s, size_t size, uint8_t **to, struct error *err)
{
	struct sock_buffer *b = &s->out;
	if (b->end >= SOCK_WRITE_FLUSH)
		TRY(sock_flush(s, err));
	TRY(buffer_room(s, b, b->end + size, err));
	*to = b->data + b->end;
	return OK;
}

void sock_commit(struct sock *s, size_t size)
{
	assert(size <= s->out.capacity - s->out.end);
	s->out.end += size;
}

static enum status sock_sink_write(void *self, const void *data, size_t size, struct error *err)
{
	return sock_put(self, data, size, err);
}

struct byte_sink sock_sink(struct sock *s)
{
	return (struct byte_sink){sock_sink_write, s};
}

void sock_trim(struct sock *s)
{
	if (s->in.at == s->in.end)
		buffer_drop(s, &s->in);
	if (s->out.at == s->out.end)
		buffer_drop(s, &s->out);
}

enum status sock_end(struct sock *s, struct error *err)
{
	TRY(sock_flush(s, err));
	if (s->ssl != NULL)
		(void)SSL_shutdown(s->ssl);
	(void)shutdown(s->fd, SHUT_WR);
	return OK;
}
