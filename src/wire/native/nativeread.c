// SPDX-License-Identifier: Apache-2.0
/* Packets and blocks from the client. */
#include "io/frame.h"
#include "wire/native/native_impl.h"

enum { QUERY_TEXT_MAX = 256 << 20 };

static enum status fill(struct nativeconn *c, struct error *err)
{
	if (c->sock->eof)
		return ERR(err, E_UNEXPECTED_EOF, "the client has closed the connection");
	TRY(nativeconn_flush(c, err));
	TRY(sock_fill(c->sock, err));
	return OK;
}

enum status nativeconn_packet(struct nativeconn *c, struct native_message *out, struct error *err)
{
	for (;;) {
		size_t consumed;
		TRY(native_next(sock_buffered(c->sock), c->client_revision, QUERY_TEXT_MAX, out, &consumed, err));
		if (consumed != 0) {
			/* what was decoded points into the buffer, and stays until the next fill */
			sock_consume(c->sock, consumed);
			return OK;
		}
		TRY(fill(c, err));
	}
}

void native_source_init(struct native_source *s, struct nativeconn *c)
{
	*s = (struct native_source){.conn = c};
	strbuf_init(&s->plain, c->config.track);
}

void native_source_fini(struct native_source *s)
{
	sock_consume(s->conn->sock, s->given);
	strbuf_fini(&s->plain);
}

/* One compressed frame behind those that are decoded already. */
static enum status take_frame(struct native_source *s, struct error *err)
{
	struct sock *sock = s->conn->sock;
	struct frame_header h;
	while (sock_buffered(sock).size < FRAME_HEADER)
		TRY(fill(s->conn, err));
	TRY(frame_header_read((const uint8_t *)sock_buffered(sock).data, &h, err));
	size_t need = FRAME_CHECKSUM + (size_t)h.encoded_size;
	TRY(nativeconn_flush(s->conn, err));
	TRY(sock_peek(sock, need, err));
	if (sock_buffered(sock).size < need)
		return ERR(err, E_UNEXPECTED_EOF, "the client has closed the connection amid a block");
	struct frame_block block = {0};
	TRY(frame_decode((const uint8_t *)sock_buffered(sock).data, need, "data from the client", s->conn->config.track,
	                 &block, err));
	strbuf_put(&s->plain, block.buffer->data, block.size);
	buffer_unref(block.buffer);
	sock_consume(sock, need);
	if (s->plain.size > sock->read_max)
		return ERR(err, E_TOO_MANY_BYTES, "a block of more than %zu bytes", sock->read_max);
	return strbuf_status(&s->plain, err);
}

/* All bytes of one block. */
static enum status take_block(struct native_source *s, struct str *block, struct error *err)
{
	struct nativeconn *c = s->conn;
	s->scan = (struct native_scan){0};
	size_t size = 0;
	strbuf_clear(&s->plain);
	for (;;) {
		struct str data = c->compression ? strbuf_str(&s->plain) : sock_buffered(c->sock);
		TRY(native_scan(&s->scan, data, c->revision, &c->arena, &size, err));
		if (size != 0) {
			*block = str_make(data.data, size);
			break;
		}
		TRY(c->compression ? take_frame(s, err) : fill(c, err));
	}
	if (!c->compression)
		s->given = size;
	else if (size != s->plain.size)
		return ERR(err, E_PROTOCOL, "a compressed block with %zu bytes behind it", s->plain.size - size);
	return OK;
}

enum status native_source_next(struct native_source *s, struct str *chunk, struct error *err)
{
	struct nativeconn *c = s->conn;
	struct native_message m;
	*chunk = STR("");
	while (!s->ended) {
		sock_consume(c->sock, s->given);
		s->given = 0;
		TRY(nativeconn_packet(c, &m, err));
		if (m.kind == NATIVE_CANCEL) {
			s->cancelled = true;
			return ERR(err, E_QUERY_CANCELLED_BY_CLIENT, "Query was cancelled by the client");
		}
		if (m.kind == NATIVE_PING) {
			native_put_pong(&c->out);
			continue;
		}
		if (m.kind != NATIVE_DATA && m.kind != NATIVE_SCALAR)
			return ERR(err, E_PROTOCOL, "Unexpected packet %d from the client amid data", (int)m.kind);
		s->table = arena_str(&c->arena, m.table);
		TRY(take_block(s, chunk, err));
		if (s->scan.columns != 0)
			return OK;
		s->ended = true;
		sock_consume(c->sock, s->given);
		s->given = 0;
		*chunk = STR("");
	}
	return OK;
}

enum status native_source_read(void *source, struct str *chunk, struct error *err)
{
	return native_source_next(source, chunk, err);
}

enum status native_block_read(void *input, struct str *chunk, struct error *err)
{
	struct native_block_input *one = input;
	(void)err;
	*chunk = one->block;
	one->block = STR("");
	return OK;
}
