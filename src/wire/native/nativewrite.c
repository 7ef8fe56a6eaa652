// SPDX-License-Identifier: Apache-2.0
/* Packets to the client. */
#include "base/clock.h"
#include "io/frame.h"
#include "wire/native/native_impl.h"

enum { TICK_US = 100 * 1000 };

enum status nativeconn_flush(struct nativeconn *c, struct error *err)
{
	if (c->out.size == 0)
		return strbuf_status(&c->out, err);
	TRY(strbuf_status(&c->out, err));
	TRY(sock_put(c->sock, c->out.data, c->out.size, err));
	strbuf_clear(&c->out);
	return sock_flush(c->sock, err);
}

/* The bytes of a block as the query asked for them. */
static enum status put_body(struct nativeconn *c, struct str body, struct error *err)
{
	
	if (!c->compression) {
		strbuf_puts(&c->out, body);
		return strbuf_status(&c->out, err);
	}
	for (size_t at = 0; at < body.size;) {
		size_t size = body.size - at < FRAME_BLOCK_MAX ? body.size - at : FRAME_BLOCK_MAX;
		TRY(frame_encode(&codec_chain_lz4, body.data + at, size, &c->out, err));
		at += size;
	}
	return strbuf_status(&c->out, err);
}

enum status native_put_block(struct nativeconn *c, uint64_t kind, struct format_writer *w, const struct batch *b,
                             struct error *err)
{
	native_put_block_header(&c->out, kind, STR(""));
	strbuf_clear(&c->body);
	TRY(b == NULL ? format_write_columns(w, &c->body, err) : format_write_batch(w, b, &c->body, err));
	return put_body(c, strbuf_str(&c->body), err);
}

enum status native_put_empty_block(struct nativeconn *c, struct error *err)
{
	native_put_block_header(&c->out, NATIVE_SERVER_DATA, STR(""));
	strbuf_clear(&c->body);
	native_put_block_info(&c->body, (struct native_block_info){.bucket = -1});
	strbuf_put_varuint(&c->body, 0);
	strbuf_put_varuint(&c->body, 0);
	return put_body(c, strbuf_str(&c->body), err);
}

void native_put_progress_since(struct nativeconn *c)
{
	const struct query_progress *p = statement_progress(c->running);
	struct native_progress now = {.rows = atomic_load(&p->read_rows), .bytes = atomic_load(&p->read_bytes),
		.total_rows = atomic_load(&p->total_rows), .written_rows = atomic_load(&p->written_rows),
		.written_bytes = atomic_load(&p->written_bytes), .elapsed_ns = (uint64_t)statement_elapsed_ns(c->running)};
	struct native_progress since = {now.rows - c->told.rows, now.bytes - c->told.bytes,
		now.total_rows - c->told.total_rows, now.written_rows - c->told.written_rows,
		now.written_bytes - c->told.written_bytes, now.elapsed_ns - c->told.elapsed_ns};
	native_put_progress(&c->out, &since, c->revision);
	c->told = now;
}

/* A cancel is the only packet that may come while rows are sent. */
static void look_for_cancel(struct nativeconn *c)
{
	struct native_message m;
	struct error ignored;
	size_t consumed;
	error_init(&ignored);
	if (!sock_wait_readable(c->sock, 0))
		return;
	if (sock_buffered(c->sock).size == 0 && sock_fill(c->sock, &ignored) != OK)
		c->closed = true;
	if (c->sock->eof)
		c->closed = true;
	else if (!c->closed &&
	         native_next(sock_buffered(c->sock), c->client_revision, 0, &m, &consumed, &ignored) == OK && consumed != 0 &&
	         m.kind == NATIVE_CANCEL) {
		sock_consume(c->sock, consumed);
		c->cancelled = true;
	}
	if (c->closed || c->cancelled)
		session_cancel(atomic_load(&c->session), E_QUERY_CANCELLED_BY_CLIENT);
}

void native_tick(void *conn)
{
	struct nativeconn *c = conn;
	struct error ignored;
	int64_t now = clock_mono_us();
	if (!c->answering || now - c->told_us < TICK_US)
		return;
	c->told_us = now;
	error_init(&ignored);
	native_put_progress_since(c);
	if (nativeconn_flush(c, &ignored) != OK)
		c->closed = true;
	look_for_cancel(c);
}
