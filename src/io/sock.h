// SPDX-License-Identifier: Apache-2.0
#ifndef IO_SOCK_H
#define IO_SOCK_H
/*
 * Socket: a connected stream with buffers on both sides, deadlines, and TLS where asked.
 *
 * The descriptor is non-blocking; calls wait in poll() until their deadline (clock_mono_us; 0: no limit). Reading shows
 * bytes in the buffer first (peek) and takes them after (consume), so that protocol decoders work on whole messages
 * without copies. Writing gathers and flushes. Buffers grow to the limits given at birth and shrink when the connection
 * is parked, so that an idle one costs little. An end of stream in the middle of a message is E_UNEXPECTED_EOF; a
 * broken or timed-out connection is E_NETWORK; after either, only sock_fini makes sense.
 *
 * One thread at a time, except sock_interrupt, which any thread may call while the socket lives.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include "base/memtrack.h"
#include "io/sink.h"
#include "io/tls.h"

enum { SOCK_BUFFER_MIN = 4096, SOCK_READ_MAX_DEFAULT = 64 << 20, SOCK_WRITE_FLUSH = 64 * 1024 };

struct ssl_st; /* OpenSSL's SSL */

struct sock_buffer {
	uint8_t *data;
	size_t at, end, capacity;    /* bytes [at, end) are in use */
	bool grow;                   /* the last read filled it: this stream deserves more */
};

struct sock {
	int fd;                      /* -1: closed */
	struct ssl_st *ssl;          /* NULL without TLS */
	struct tls_context *tls;
	struct sock_buffer in, out;
	size_t read_max;             /* limit of one peek, and so of a message */
	int64_t read_deadline_us, write_deadline_us;
	struct memtrack *track;      /* charged for the buffers; may be NULL */
	bool eof;                    /* the peer has ended its stream */
	bool write_failed;           /* the peer takes no more; further output is refused */
	uint64_t bytes_in, bytes_out; /* plain, without TLS's own */
	char peer[64];               /* "127.0.0.1:40000", "[::1]:40000", "unix" */
};

/* ---- life ---- */

/* Takes over a connected descriptor. read_max 0: the default. */
enum status sock_init(struct sock *s, int fd, size_t read_max, struct memtrack *track, struct error *err) MUST_CHECK;
/* Closes and frees; does not flush. TLS is told where that needs no waiting. */
void sock_fini(struct sock *s);
/* Connects to a host name or address, or to a Unix socket where host begins with '/'; tries all addresses. */
enum status sock_connect(struct sock *s, const char *host, unsigned port, int64_t deadline_us, struct memtrack *track,
                         struct error *err) MUST_CHECK;
/* TLS from here on, as the server; unread bytes in the buffer are a protocol violation and refused. */
enum status sock_tls_accept(struct sock *s, struct tls_context *t, int64_t deadline_us, struct error *err) MUST_CHECK;
/* As the client; `host` is what the certificate must name, where the context verifies. */
enum status sock_tls_connect(struct sock *s, struct tls_context *t, const char *host, int64_t deadline_us,
                             struct error *err) MUST_CHECK;
/* "TLSv1.3", "TLS_AES_256_GCM_SHA384"; NULL without TLS. */
const char *sock_tls_version(const struct sock *s);
const char *sock_tls_cipher(const struct sock *s);
/* Ends both directions, so that a thread waiting in any call of this socket returns soon. From any thread. */
void sock_interrupt(struct sock *s);
/* Ends our direction after a flush: the peer reads an end of stream. */
enum status sock_end(struct sock *s, struct error *err) MUST_CHECK;

/* ---- reading ---- */

/* What is in the buffer now. */
static inline struct str sock_buffered(const struct sock *s)
{
	return str_make((const char *)s->in.data + s->in.at, s->in.end - s->in.at);
}

/* Waits until at least `size` bytes are in the buffer: sock_buffered(). Valid until the next call that reads. At a
 * clean end of stream with an empty buffer: OK and s->eof with nothing buffered. More than read_max:
 * E_LIMIT_EXCEEDED. */
enum status sock_peek(struct sock *s, size_t size, struct error *err) MUST_CHECK;
/* Reads whatever there is, at least one byte more than is buffered; OK and s->eof at the end. */
enum status sock_fill(struct sock *s, struct error *err) MUST_CHECK;
void sock_consume(struct sock *s, size_t size);
/* All `size` bytes, past the buffer where they are many. E_UNEXPECTED_EOF at an end of stream. */
enum status sock_read_full(struct sock *s, void *to, size_t size, struct error *err) MUST_CHECK;
/* The first byte that the peer sent and nobody has read, left in the kernel: for telling TLS from plain text. */
enum status sock_peek_raw(struct sock *s, uint8_t *byte, int64_t deadline_us, struct error *err) MUST_CHECK;
/* True when bytes wait in our buffer or inside TLS: such a connection must not be parked. */
bool sock_has_unread(const struct sock *s);
/* Waits up to timeout_ms for bytes anywhere; true when there are some, or an end or error to be read. */
bool sock_wait_readable(struct sock *s, int timeout_ms);

/* ---- writing ---- */

/* Gathers; flushes by itself once SOCK_WRITE_FLUSH is reached. */
enum status sock_put(struct sock *s, const void *data, size_t size, struct error *err) MUST_CHECK;
enum status sock_flush(struct sock *s, struct error *err) MUST_CHECK;
/* Room for `size` bytes to be rendered in place; the caller writes there and adds what it wrote with sock_commit. */
enum status sock_reserve(struct sock *s, size_t size, uint8_t **to, struct error *err) MUST_CHECK;
void sock_commit(struct sock *s, size_t size);
struct byte_sink sock_sink(struct sock *s);
/* Gives buffers that are empty back, before the connection is parked. */
void sock_trim(struct sock *s);

/* ---- listening ---- */

/* A listening descriptor on host ("" or "*": all addresses; an address; a name; "/path" for a Unix socket) and port
 * (0: any; *actual_port says which). Non-blocking. */
enum status sock_listen(const char *host, unsigned port, int *fd, unsigned *actual_port, struct error *err) MUST_CHECK;
/* Prints the peer of a connected descriptor. */
void sock_peer_name(int fd, char *out, size_t size);

#endif
