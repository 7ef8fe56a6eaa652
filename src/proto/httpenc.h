// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_HTTPENC_H
#define PROTO_HTTPENC_H
/*
 * Content-Encoding: streams of gzip, deflate (zlib's form), zstd, lz4 (frames) and br, encoded and decoded as they
 * pass.
 *
 *   encoder_new   push*  (flush: what was pushed so far becomes readable at the other end)   finish   encoder_free
 *   decoder_new   push*                                                                      finish   decoder_free
 *
 * Output is appended to the caller's strbuf. A decoder hands out at most `out_max` bytes a call, so a small input
 * cannot blow up into memory: the caller counts and stops. Concatenated gzip members, zstd frames and lz4 frames are
 * one stream. The libraries' own state is bounded (zstd windows up to 128 MiB). One thread at a time.
 */
#include "base/strbuf.h"

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_DEFLATE, CODING_ZSTD, CODING_LZ4, CODING_BROTLI, CODING_COUNT };

/* The name in headers; "identity" for none. */
const char *coding_name(enum coding c);
/* By name, without case; also "x-gzip". An empty name is identity. False when unknown. */
bool coding_by_name(struct str name, enum coding *out);
/* The best of an Accept-Encoding list: by quality, among equals zstd, br, lz4, gzip, deflate. */
enum coding coding_accept(struct str accept_encoding);

struct encoder;
struct decoder;

/* level 0: a fast default (3); others are cut to what the coding knows. */
enum status encoder_new(enum coding c, int level, struct encoder **out, struct error *err) MUST_CHECK;
enum status encoder_push(struct encoder *e, struct str in, struct strbuf *out, struct error *err) MUST_CHECK;
enum status encoder_flush(struct encoder *e, struct strbuf *out, struct error *err) MUST_CHECK;
/* Ends the stream; nothing may be pushed after it. */
enum status encoder_finish(struct encoder *e, struct strbuf *out, struct error *err) MUST_CHECK;
void encoder_free(struct encoder *e);

enum status decoder_new(enum coding c, struct decoder **out, struct error *err) MUST_CHECK;
/*
 * Decodes from the start of `in` and eats *consumed bytes of it. Call again with the rest while something remains or
 * decoder_pending() says that output waits. Bad data: E_CANNOT_DECOMPRESS.
 */
enum status decoder_push(struct decoder *d, struct str in, size_t out_max, size_t *consumed, struct strbuf *out,
	struct error *err) MUST_CHECK;
bool decoder_pending(const struct decoder *d);
/* The input has ended: E_CANNOT_DECOMPRESS when the stream had not. An empty input is an empty stream. */
enum status decoder_finish(struct decoder *d, struct error *err) MUST_CHECK;
void decoder_free(struct decoder *d);

#endif
