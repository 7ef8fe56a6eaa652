// SPDX-License-Identifier: Apache-2.0
/* The request body as data: HTTP framing off, Content-Encoding off, decompress=1 frames off. */
#include "base/clock.h"
#include "io/frame.h"
#include "wire/http/http_impl.h"

enum { DECODED_MAX = 1 << 20, FRAME_BYTES_MAX = 64 << 20 };

/* The next piece of the body behind the HTTP framing; borrowed from the socket until the next call. */
static enum status raw_piece(struct exchange *x, struct str *data, struct error *err)
{
	struct sock *s = x->conn->config.sock;
	*data = STR("");
	while (!x->body.done) {
		size_t consumed;
		struct str in = sock_buffered(s);
		TRY(http_body_next(&x->body, in, &consumed, data, err));
		sock_consume(s, consumed);
		if (data->size != 0)
			return OK;
		if (consumed != 0 || x->body.done)
			continue;
		if (s->eof)
			return http_body_closed(&x->body, err);
		TRY(sock_fill(s, err));
	}
	return OK;
}

/* The next piece behind Content-Encoding. */
static enum status decoded_piece(struct exchange *x, struct str *data, struct error *err)
{
	if (x->decoder == NULL)
		return raw_piece(x, data, err);
	strbuf_clear(&x->decoded);
	for (;;) {
		size_t consumed;
		if (x->raw_left.size == 0 && !x->raw_ended) {
			TRY(raw_piece(x, &x->raw_left, err));
			x->raw_ended = x->raw_left.size == 0;
		}
		TRY(decoder_push(x->decoder, x->raw_left, DECODED_MAX, &consumed, &x->decoded, err));
		x->raw_left = str_make(x->raw_left.data + consumed, x->raw_left.size - consumed);
		if (x->decoded.size != 0)
			break;
		if (x->raw_ended && x->raw_left.size == 0 && !decoder_pending(x->decoder)) {
			TRY(decoder_finish(x->decoder, err));
			break;
		}
	}
	*data = strbuf_str(&x->decoded);
	return strbuf_status(&x->decoded, err);
}

/* One decompressed block of ClickHouse's frames. */
static enum status framed_piece(struct exchange *x, struct str *data, struct error *err)
{
	struct frame_header h = {0};
	*data = STR("");
	buffer_unref(x->frame_block);
	x->frame_block = NULL;
	for (;;) {
		size_t have = x->frame_in.size - x->frame_at, need = FRAME_HEADER;
		const uint8_t *at = (const uint8_t *)x->frame_in.data + x->frame_at;
		if (have >= FRAME_HEADER) {
			TRY(frame_header_read(at, &h, err));
			need = FRAME_CHECKSUM + (size_t)h.encoded_size;
			if (need > FRAME_BYTES_MAX)
				return ERR(err, E_CANNOT_DECOMPRESS, "A compressed block of %zu bytes is too large", need);
		}
		if (have >= need && have >= FRAME_HEADER) {
			struct frame_block block = {0};
			TRY(frame_decode(at, need, "request body", x->conn->config.track, &block, err));
			x->frame_at += need;
			x->frame_block = block.buffer;
			*data = str_make((const char *)block.buffer->data, block.size);
			return OK;
		}
		if (x->frame_at != 0) {
			memmove(x->frame_in.data, x->frame_in.data + x->frame_at, have);
			x->frame_in.size = have;
			x->frame_at = 0;
		}
		struct str more;
		TRY(decoded_piece(x, &more, err));
		if (more.size == 0)
			return have == 0 ? OK : ERR(err, E_CANNOT_DECOMPRESS, "The body ends inside a compressed block");
		strbuf_puts(&x->frame_in, more);
		TRY(strbuf_status(&x->frame_in, err));
	}
}

enum status exchange_read(void *arg, struct str *chunk, struct error *err)
{
	struct exchange *x = arg;
	/* what was read as text beyond the statement comes first */
	if (x->text_rest.size != 0) {
		*chunk = x->text_rest;
		x->text_rest = STR("");
		return OK;
	}
	*chunk = STR("");
	if (x->body_ended)
		return OK;
	TRY(x->decompress ? framed_piece(x, chunk, err) : decoded_piece(x, chunk, err));
	x->body_ended = chunk->size == 0;
	return OK;
}
