// SPDX-License-Identifier: Apache-2.0
#include "proto/httpenc.h"

#include <assert.h>
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "proto/http.h"

/* Libraries are fed at most PIECE bytes a call: it fits their size types and bounds what one call may write. */
enum { PIECE = 64 << 10, LEVEL_DEFAULT = 3, WINDOW_BITS = 15, GZIP_FORMAT = 16, DETECT_FORMAT = 32 };

enum op { OP_PUSH, OP_FLUSH, OP_FINISH };

struct encoder {
	const struct encoder_ops *ops;
	bool finished, begun;
	union {
		z_stream z;
		ZSTD_CCtx *zstd;
		LZ4F_cctx *lz4;
		BrotliEncoderState *brotli;
	};
	LZ4F_preferences_t lz4_preferences;
};

/* `run` eats all of `in`, at most PIECE bytes, and carries `op` to its end. */
struct encoder_ops {
	bool (*open)(struct encoder *e, enum coding c, int level);
	bool (*run)(struct encoder *e, struct str in, enum op op, struct strbuf *out);
	void (*close)(struct encoder *e);
};

struct decoder {
	const struct decoder_ops *ops;
	bool pending;  /* the library may hold output that found no room */
	bool at_start; /* between members: nothing of the next has been read */
	bool any;      /* a member has begun */
	union {
		z_stream z;
		ZSTD_DCtx *zstd;
		LZ4F_dctx *lz4;
		BrotliDecoderState *brotli;
	};
};

/* `run` reads up to *in_size bytes and writes up to *out_size; both become what was done. *end: a member is
 * complete. */
struct decoder_ops {
	bool (*open)(struct decoder *d, enum coding c);
	bool (*run)(struct decoder *d, const char *in, size_t *in_size, char *out, size_t *out_size, bool *end);
	void (*close)(struct decoder *d);
	bool single; /* nothing may follow the first member */
};

static const struct {
	const char *name;
	unsigned preference;
} codings[CODING_COUNT] = {
	[CODING_IDENTITY] = {"identity", 0}, [CODING_GZIP] = {"gzip", 2}, [CODING_DEFLATE] = {"deflate", 1},
	[CODING_ZSTD] = {"zstd", 5}, [CODING_LZ4] = {"lz4", 3}, [CODING_BROTLI] = {"br", 4},
};

const char *coding_name(enum coding c)
{
	return codings[c].name;
}

bool coding_by_name(struct str name, enum coding *out)
{
	*out = CODING_IDENTITY;
	if (name.size == 0)
		return true;
	if (str_eq_nocase(name, STR("x-gzip"))) {
		*out = CODING_GZIP;
		return true;
	}
	for (unsigned c = 0; c < CODING_COUNT; c++) {
		if (str_eq_nocase(name, str_of(codings[c].name))) {
			*out = (enum coding)c;
			return true;
		}
	}
	return false;
}

enum coding coding_accept(struct str accept_encoding)
{
	enum coding best = CODING_IDENTITY;
	unsigned best_quality = 0;
	for (unsigned c = CODING_GZIP; c < CODING_COUNT; c++) {
		unsigned q = http_quality(accept_encoding, str_of(codings[c].name));
		if (q > best_quality || (q != 0 && q == best_quality && codings[c].preference > codings[best].preference)) {
			best = (enum coding)c;
			best_quality = q;
		}
	}
	return best;
}

static bool zlib_open(struct encoder *e, enum coding c, int level)
{
	return deflateInit2(&e->z, level > 9 ? 9 : level, Z_DEFLATED, WINDOW_BITS + (c == CODING_GZIP ? GZIP_FORMAT : 0), 8,
		Z_DEFAULT_STRATEGY) == Z_OK;
}

static bool zlib_run(struct encoder *e, struct str in, enum op op, struct strbuf *out)
{
	int flush = op == OP_PUSH ? Z_NO_FLUSH : op == OP_FLUSH ? Z_SYNC_FLUSH : Z_FINISH;
	e->z.next_in = (Bytef *)(uintptr_t)in.data;
	e->z.avail_in = (uInt)in.size;
	do {
		if (!strbuf_reserve(out, PIECE))
			return true;
		e->z.next_out = (Bytef *)out->data + out->size;
		e->z.avail_out = PIECE;
		int r = deflate(&e->z, flush);
		out->size += PIECE - e->z.avail_out;
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
			return false;
	} while (e->z.avail_out == 0);
	return e->z.avail_in == 0;
}

static void zlib_close(struct encoder *e)
{
	deflateEnd(&e->z);
}

static bool zstd_open(struct encoder *e, enum coding c UNUSED, int level)
{
	e->zstd = ZSTD_createCCtx();
	return e->zstd != NULL && !ZSTD_isError(ZSTD_CCtx_setParameter(e->zstd, ZSTD_c_compressionLevel, level));
}

static bool zstd_run(struct encoder *e, struct str in, enum op op, struct strbuf *out)
{
	ZSTD_EndDirective end = op == OP_PUSH ? ZSTD_e_continue : op == OP_FLUSH ? ZSTD_e_flush : ZSTD_e_end;
	ZSTD_inBuffer from = {in.data, in.size, 0};
	for (;;) {
		if (!strbuf_reserve(out, PIECE))
			return true;
		ZSTD_outBuffer to = {out->data + out->size, PIECE, 0};
		size_t left = ZSTD_compressStream2(e->zstd, &to, &from, end);
		out->size += to.pos;
		if (ZSTD_isError(left))
			return false;
		if (op == OP_PUSH ? from.pos == from.size : left == 0)
			return true;
	}
}

static void zstd_close(struct encoder *e)
{
	ZSTD_freeCCtx(e->zstd);
}

static bool lz4_open(struct encoder *e, enum coding c UNUSED, int level)
{
	e->lz4_preferences.compressionLevel = level == LEVEL_DEFAULT ? 0 : level;
	return !LZ4F_isError(LZ4F_createCompressionContext(&e->lz4, LZ4F_VERSION));
}

static bool lz4_run(struct encoder *e, struct str in, enum op op, struct strbuf *out)
{
	size_t n, room = LZ4F_compressBound(in.size, &e->lz4_preferences) + LZ4F_HEADER_SIZE_MAX;
	if (!strbuf_reserve(out, room))
		return true;
	if (!e->begun) {
		n = LZ4F_compressBegin(e->lz4, out->data + out->size, room, &e->lz4_preferences);
		if (LZ4F_isError(n))
			return false;
		out->size += n;
		room -= n;
		e->begun = true;
	}
	if (op == OP_PUSH)
		n = LZ4F_compressUpdate(e->lz4, out->data + out->size, room, in.data, in.size, NULL);
	else if (op == OP_FLUSH)
		n = LZ4F_flush(e->lz4, out->data + out->size, room, NULL);
	else
		n = LZ4F_compressEnd(e->lz4, out->data + out->size, room, NULL);
	if (LZ4F_isError(n))
		return false;
	out->size += n;
	return true;
}

static void lz4_close(struct encoder *e)
{
	LZ4F_freeCompressionContext(e->lz4);
}

static bool brotli_open(struct encoder *e, enum coding c UNUSED, int level)
{
	e->brotli = BrotliEncoderCreateInstance(NULL, NULL, NULL);
	uint32_t quality = level > 11 ? 11u : (uint32_t)level;
	return e->brotli != NULL && BrotliEncoderSetParameter(e->brotli, BROTLI_PARAM_QUALITY, quality);
}

static bool brotli_run(struct encoder *e, struct str in, enum op op, struct strbuf *out)
{
	BrotliEncoderOperation what = op == OP_PUSH ? BROTLI_OPERATION_PROCESS
		: op == OP_FLUSH ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_FINISH;
	const uint8_t *from = (const uint8_t *)in.data;
	size_t left = in.size;
	do {
		if (!strbuf_reserve(out, PIECE))
			return true;
		size_t room = PIECE;
		uint8_t *to = (uint8_t *)out->data + out->size;
		if (!BrotliEncoderCompressStream(e->brotli, what, &left, &from, &room, &to, NULL))
			return false;
		out->size += PIECE - room;
	} while (left != 0 || BrotliEncoderHasMoreOutput(e->brotli));
	return true;
}

static void brotli_close(struct encoder *e)
{
	BrotliEncoderDestroyInstance(e->brotli);
}

static bool identity_open(struct encoder *e UNUSED, enum coding c UNUSED, int level UNUSED)
{
	return true;
}

static bool identity_run(struct encoder *e UNUSED, struct str in, enum op op UNUSED, struct strbuf *out)
{
	strbuf_puts(out, in);
	return true;
}

static void identity_close(struct encoder *e UNUSED)
{
}

static const struct encoder_ops encoders[CODING_COUNT] = {
	[CODING_IDENTITY] = {identity_open, identity_run, identity_close},
	[CODING_GZIP] = {zlib_open, zlib_run, zlib_close},
	[CODING_DEFLATE] = {zlib_open, zlib_run, zlib_close},
	[CODING_ZSTD] = {zstd_open, zstd_run, zstd_close},
	[CODING_LZ4] = {lz4_open, lz4_run, lz4_close},
	[CODING_BROTLI] = {brotli_open, brotli_run, brotli_close},
};

enum status encoder_new(enum coding c, int level, struct encoder **out, struct error *err)
{
	struct encoder *e = calloc(1, sizeof *e);
	*out = NULL;
	if (e == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for a %s encoder", coding_name(c));
	if (!encoders[c].open(e, c, level <= 0 ? LEVEL_DEFAULT : level)) {
		encoders[c].close(e);
		free(e);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot set up a %s encoder", coding_name(c));
	}
	e->ops = &encoders[c];
	*out = e;
	return OK;
}

void encoder_free(struct encoder *e)
{
	if (e == NULL)
		return;
	e->ops->close(e);
	free(e);
}

static enum status encoder_run(struct encoder *e, struct str in, enum op op, struct strbuf *out, struct error *err)
{
	assert(!e->finished && in.size <= PIECE);
	if (!e->ops->run(e, in, op, out))
		return ERR(err, E_LOGICAL_ERROR, "cannot compress the answer");
	return strbuf_status(out, err);
}

enum status encoder_push(struct encoder *e, struct str in, struct strbuf *out, struct error *err)
{
	while (in.size != 0) {
		size_t n = in.size < PIECE ? in.size : PIECE;
		TRY(encoder_run(e, str_make(in.data, n), OP_PUSH, out, err));
		in = str_make(in.data + n, in.size - n);
	}
	return OK;
}

enum status encoder_flush(struct encoder *e, struct strbuf *out, struct error *err)
{
	return encoder_run(e, STR(""), OP_FLUSH, out, err);
}

enum status encoder_finish(struct encoder *e, struct strbuf *out, struct error *err)
{
	TRY(encoder_run(e, STR(""), OP_FINISH, out, err));
	e->finished = true;
	return OK;
}

static bool unzlib_open(struct decoder *d, enum coding c)
{
	return inflateInit2(&d->z, WINDOW_BITS + (c == CODING_GZIP ? GZIP_FORMAT : DETECT_FORMAT)) == Z_OK;
}

static bool unzlib_run(struct decoder *d, const char *in, size_t *in_size, char *out, size_t *out_size, bool *end)
{
	d->z.next_in = (Bytef *)(uintptr_t)in;
	d->z.avail_in = (uInt)*in_size;
	d->z.next_out = (Bytef *)out;
	d->z.avail_out = (uInt)*out_size;
	int r = inflate(&d->z, Z_NO_FLUSH);
	*in_size -= d->z.avail_in;
	*out_size -= d->z.avail_out;
	*end = r == Z_STREAM_END;
	return r == Z_OK || r == Z_BUF_ERROR || (r == Z_STREAM_END && inflateReset(&d->z) == Z_OK);
}

static void unzlib_close(struct decoder *d)
{
	inflateEnd(&d->z);
}

static bool unzstd_open(struct decoder *d, enum coding c UNUSED)
{
	d->zstd = ZSTD_createDCtx();
	return d->zstd != NULL;
}

static bool unzstd_run(struct decoder *d, const char *in, size_t *in_size, char *out, size_t *out_size, bool *end)
{
	ZSTD_inBuffer from = {in, *in_size, 0};
	ZSTD_outBuffer to = {out, *out_size, 0};
	size_t left = ZSTD_decompressStream(d->zstd, &to, &from);
	*in_size = from.pos;
	*out_size = to.pos;
	*end = left == 0;
	return !ZSTD_isError(left);
}

static void unzstd_close(struct decoder *d)
{
	ZSTD_freeDCtx(d->zstd);
}

static bool unlz4_open(struct decoder *d, enum coding c UNUSED)
{
	return !LZ4F_isError(LZ4F_createDecompressionContext(&d->lz4, LZ4F_VERSION));
}

static bool unlz4_run(struct decoder *d, const char *in, size_t *in_size, char *out, size_t *out_size, bool *end)
{
	size_t left = LZ4F_decompress(d->lz4, out, out_size, in, in_size, NULL);
	*end = left == 0;
	return !LZ4F_isError(left);
}

static void unlz4_close(struct decoder *d)
{
	LZ4F_freeDecompressionContext(d->lz4);
}

static bool unbrotli_open(struct decoder *d, enum coding c UNUSED)
{
	d->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	return d->brotli != NULL;
}

static bool unbrotli_run(struct decoder *d, const char *in, size_t *in_size, char *out, size_t *out_size, bool *end)
{
	const uint8_t *from = (const uint8_t *)in;
	uint8_t *to = (uint8_t *)out;
	size_t in_left = *in_size, out_left = *out_size;
	BrotliDecoderResult r = BrotliDecoderDecompressStream(d->brotli, &in_left, &from, &out_left, &to, NULL);
	*in_size -= in_left;
	*out_size -= out_left;
	*end = r == BROTLI_DECODER_RESULT_SUCCESS;
	return r != BROTLI_DECODER_RESULT_ERROR;
}

static void unbrotli_close(struct decoder *d)
{
	BrotliDecoderDestroyInstance(d->brotli);
}

static bool unidentity_open(struct decoder *d UNUSED, enum coding c UNUSED)
{
	return true;
}

static bool unidentity_run(struct decoder *d UNUSED, const char *in, size_t *in_size, char *out, size_t *out_size,
	bool *end)
{
	size_t n = *in_size < *out_size ? *in_size : *out_size;
	memcpy(out, in, n);
	*in_size = *out_size = n;
	*end = true;
	return true;
}

static void unidentity_close(struct decoder *d UNUSED)
{
}

static const struct decoder_ops decoders[CODING_COUNT] = {
	[CODING_IDENTITY] = {unidentity_open, unidentity_run, unidentity_close, false},
	[CODING_GZIP] = {unzlib_open, unzlib_run, unzlib_close, false},
	[CODING_DEFLATE] = {unzlib_open, unzlib_run, unzlib_close, true},
	[CODING_ZSTD] = {unzstd_open, unzstd_run, unzstd_close, false},
	[CODING_LZ4] = {unlz4_open, unlz4_run, unlz4_close, false},
	[CODING_BROTLI] = {unbrotli_open, unbrotli_run, unbrotli_close, true},
};

enum status decoder_new(enum coding c, struct decoder **out, struct error *err)
{
	struct decoder *d = calloc(1, sizeof *d);
	*out = NULL;
	if (d == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for a %s decoder", coding_name(c));
	if (!decoders[c].open(d, c)) {
		decoders[c].close(d);
		free(d);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot set up a %s decoder", coding_name(c));
	}
	d->ops = &decoders[c];
	d->at_start = true;
	*out = d;
	return OK;
}

void decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	d->ops->close(d);
	free(d);
}

bool decoder_pending(const struct decoder *d)
{
	return d->pending;
}

enum status decoder_push(struct decoder *d, struct str in, size_t out_max, size_t *consumed, struct strbuf *out,
	struct error *err)
{
	*consumed = 0;
	while (out_max != 0) {
		size_t in_size = in.size - *consumed < PIECE ? in.size - *consumed : PIECE;
		size_t room = out_max < PIECE ? out_max : PIECE, out_size = room;
		bool end;
		if (in_size == 0 && !d->pending)
			return OK;
		if (d->at_start && d->any && d->ops->single)
			return ERR(err, E_CANNOT_DECOMPRESS, "data after the end of the compressed body");
		if (!strbuf_reserve(out, room))
			return strbuf_status(out, err);
		if (!d->ops->run(d, in.size == 0 ? "" : in.data + *consumed, &in_size, out->data + out->size, &out_size, &end))
			return ERR(err, E_CANNOT_DECOMPRESS, "the compressed body is malformed");
		*consumed += in_size;
		out->size += out_size;
		out_max -= out_size;
		d->any = true;
		d->at_start = end;
		d->pending = !end && out_size == room;
		if (in_size == 0 && out_size == 0)
			return OK;
	}
	return OK;
}

enum status decoder_finish(struct decoder *d, struct error *err)
{
	if (!d->any || d->at_start)
		return OK;
	return ERR(err, E_CANNOT_DECOMPRESS, "the compressed body ends in the middle");
}
