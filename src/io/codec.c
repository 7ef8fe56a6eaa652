// SPDX-License-Identifier: Apache-2.0
/*
 * Encoding and decoding of one block: headers, chains, the library codecs, scratch memory. The codecs that work on
 * values are in files of their own (codec_impl.h); their spelling is codec_text.c's.
 */
#include "io/codec.h"

#include <assert.h>
#include <lz4.h>
#include <lz4hc.h>
#include <pthread.h>
#include <stdlib.h>
#include <zstd.h>

#include "io/codec_impl.h"

enum { METHOD_CHAIN = 0x91, SCRATCH_KEEP = 8 << 20 };

static const struct codec_info infos[CODEC_COUNT] = {
#define CODEC_ROW(name, spelling, method, generic, compresses, arguments, description) \
	[CODEC_##name] = {spelling, description, method, generic, compresses},
#include "io/codecs.def"
#undef CODEC_ROW
};

const struct codec_info *codec_info(enum codec_kind kind)
{
	assert(kind < CODEC_COUNT);
	return &infos[kind];
}

const struct codec_chain codec_chain_lz4 = {.count = 1, .steps = {{.kind = CODEC_LZ4}}};
const struct codec_chain codec_chain_none = {.count = 1, .steps = {{.kind = CODEC_NONE}}};

struct codec_chain codec_chain_zstd(unsigned level)
{
	return (struct codec_chain){.count = 1, .steps = {{.kind = CODEC_ZSTD, .level = (uint8_t)level}}};
}

struct codec_chain codec_chain_cropped(const struct codec_chain *chain, struct codec_value value)
{
	struct codec_chain out = {.count = 0};
	unsigned number = codec_t64_value(value);
	if (number == 0 || chain->count == 0 || chain->count == CODEC_STEPS_MAX || !infos[chain->steps[0].kind].generic
	    || !infos[chain->steps[0].kind].compresses)
		return out;
	out = *chain;
	memmove(out.steps + 1, out.steps, chain->count * sizeof *out.steps);
	out.steps[0] = (struct codec){.kind = CODEC_T64, .width = value.width, .value = (uint8_t)number};
	out.count++;
	return out;
}

/* ---- what a thread keeps between blocks ---- */

struct kept {
	ZSTD_CCtx *zstd_encoder;
	ZSTD_DCtx *zstd_decoder;
	void *lz4_state, *lz4hc_state;
	uint8_t *scratch[2]; /* what lies between two steps of a chain */
	size_t scratch_size[2];
};

static pthread_key_t kept_key;
static pthread_once_t kept_once = PTHREAD_ONCE_INIT;

static void kept_free(void *p)
{
	struct kept *k = p;
	ZSTD_freeCCtx(k->zstd_encoder);
	ZSTD_freeDCtx(k->zstd_decoder);
	free(k->lz4_state);
	free(k->lz4hc_state);
	for (int i = 0; i < 2; i++) {
		memtrack_release(&memtrack_server, (int64_t)k->scratch_size[i]);
		free(k->scratch[i]);
	}
	free(k);
}

static void kept_make_key(void)
{
	(void)pthread_key_create(&kept_key, kept_free);
}

static struct kept *kept_get(struct error *err)
{
	pthread_once(&kept_once, kept_make_key);
	struct kept *k = pthread_getspecific(kept_key);
	if (k != NULL)
		return k;
	k = calloc(1, sizeof *k);
	if (k == NULL || pthread_setspecific(kept_key, k) != 0) {
		free(k);
		(void)ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a codec's context");
		return NULL;
	}
	return k;
}

/* One of the two scratch areas, of at least `size` bytes. The main thread's is never freed; the others' at their
 * end. */
static uint8_t *scratch_get(struct kept *k, int which, size_t size, struct error *err)
{
	if (k->scratch_size[which] >= size)
		return k->scratch[which];
	if (memtrack_charge(&memtrack_server, (int64_t)(size - k->scratch_size[which]), err) != OK)
		return NULL;
	free(k->scratch[which]);
	k->scratch[which] = malloc(size);
	if (k->scratch[which] == NULL) {
		memtrack_release(&memtrack_server, (int64_t)size);
		k->scratch_size[which] = 0;
		(void)ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", size);
		return NULL;
	}
	k->scratch_size[which] = size;
	return k->scratch[which];
}

/* An unusually large block must not keep its memory for ever. */
static void scratch_trim(struct kept *k)
{
	for (int i = 0; i < 2; i++)
		if (k->scratch_size[i] > SCRATCH_KEEP) {
			free(k->scratch[i]);
			memtrack_release(&memtrack_server, (int64_t)k->scratch_size[i]);
			k->scratch[i] = NULL;
			k->scratch_size[i] = 0;
		}
}

/* ---- encoding ---- */

static size_t step_bound(const struct codec *c, size_t size)
{
	switch ((enum codec_kind)c->kind) {
	case CODEC_NONE:
		return size;
	case CODEC_LZ4:
	case CODEC_LZ4HC:
		return (size_t)LZ4_compressBound((int)size);
	case CODEC_ZSTD:
		return ZSTD_compressBound(size);
	case CODEC_DELTA:
		return size + 2;
	case CODEC_GCD:
		return size + 2 + c->width;
	case CODEC_DOUBLE_DELTA:
		return codec_double_delta_bound(c->width, size);
	case CODEC_GORILLA:
		return codec_gorilla_bound(c->width, size);
	case CODEC_T64:
		return codec_t64_bound(size);
	case CODEC_FPC:
		return codec_fpc_bound(c->width, size);
	case CODEC_COUNT:
		break;
	}
	assert(!"a chain must be resolved before it is used");
	return size;
}

size_t codec_bound(const struct codec_chain *chain, size_t size)
{
	size_t bound = size;
	for (unsigned i = 0; i < chain->count; i++)
		bound = CODEC_HEADER + step_bound(&chain->steps[i], bound);
	return chain->count == 1 ? bound : CODEC_HEADER + 1 + chain->count + bound;
}

static enum status zstd_encode(struct kept *k, const struct codec *c, const uint8_t *src, size_t size, uint8_t *to,
                               size_t room, size_t *written, struct error *err)
{
	if (k->zstd_encoder == NULL && (k->zstd_encoder = ZSTD_createCCtx()) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a ZSTD context");
	ZSTD_CCtx *z = k->zstd_encoder;
	ZSTD_CCtx_reset(z, ZSTD_reset_session_and_parameters);
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, c->level);
	if (c->window_log != 0) {
		ZSTD_CCtx_setParameter(z, ZSTD_c_enableLongDistanceMatching, 1);
		ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, c->window_log);
	}
	*written = ZSTD_compress2(z, to, room, src, size);
	if (ZSTD_isError(*written))
		return ERR(err, E_CANNOT_ALLOCATE, "ZSTD(%u) cannot compress %zu bytes: %s", c->level, size,
		           ZSTD_getErrorName(*written));
	return OK;
}

static enum status lz4_encode(struct kept *k, const struct codec *c, const uint8_t *src, size_t size, uint8_t *to,
                              size_t room, size_t *written, struct error *err)
{
	bool high = c->kind == CODEC_LZ4HC;
	void **state = high ? &k->lz4hc_state : &k->lz4_state;
	if (*state == NULL && (*state = malloc((size_t)(high ? LZ4_sizeofStateHC() : LZ4_sizeofState()))) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an LZ4 context");
	int n = high ? LZ4_compress_HC_extStateHC(*state, (const char *)src, (char *)to, (int)size, (int)room, c->level)
	             : LZ4_compress_fast_extState(*state, (const char *)src, (char *)to, (int)size, (int)room, 1);
	assert(n > 0);
	*written = (size_t)n;
	return OK;
}

static void put_header(uint8_t *to, uint8_t method, size_t encoded_size, size_t decoded_size)
{
	uint32_t e = (uint32_t)encoded_size, d = (uint32_t)decoded_size;
	to[0] = method;
	memcpy(to + 1, &e, 4);
	memcpy(to + 5, &d, 4);
}

/* One step with its header; `room` is for both. */
static enum status step_encode(struct kept *k, const struct codec *c, const uint8_t *src, size_t size, uint8_t *to,
                               size_t room, size_t *encoded, struct error *err)
{
	uint8_t *data = to + CODEC_HEADER;
	size_t n = 0;
	room -= CODEC_HEADER;
	switch ((enum codec_kind)c->kind) {
	case CODEC_NONE:
		memcpy(data, src, size);
		n = size;
		break;
	case CODEC_LZ4:
	case CODEC_LZ4HC:
		TRY(lz4_encode(k, c, src, size, data, room, &n, err));
		break;
	case CODEC_ZSTD:
		TRY(zstd_encode(k, c, src, size, data, room, &n, err));
		break;
	case CODEC_DELTA:
		n = codec_delta_encode(c->width, src, size, data);
		break;
	case CODEC_GCD:
		n = codec_gcd_encode(c->width, src, size, data);
		break;
	case CODEC_DOUBLE_DELTA:
		n = codec_double_delta_encode(c->width, src, size, data);
		break;
	case CODEC_GORILLA:
		n = codec_gorilla_encode(c->width, src, size, data);
		break;
	case CODEC_T64:
		n = codec_t64_encode(c->value, c->bit, src, size, data);
		break;
	case CODEC_FPC:
		TRY(codec_fpc_encode(c->width, c->level, src, size, data, &n, err));
		break;
	case CODEC_COUNT:
		return ERR(err, E_LOGICAL_ERROR, "codec Default was not resolved");
	}
	assert(n <= room);
	*encoded = CODEC_HEADER + n;
	put_header(to, infos[c->kind].method, *encoded, size);
	return OK;
}

enum status codec_encode(const struct codec_chain *chain, const void *data, size_t size, uint8_t *to, size_t *encoded,
                         struct error *err)
{
	assert(chain->count > 0 && size > 0 && size <= CODEC_BLOCK_MAX);
	struct kept *k = kept_get(err);
	if (k == NULL)
		return E_CANNOT_ALLOCATE;
	if (chain->count == 1)
		return step_encode(k, &chain->steps[0], data, size, to, codec_bound(chain, size), encoded, err);

	const uint8_t *src = data;
	size_t head = CODEC_HEADER + 1 + chain->count, n = size;
	to[CODEC_HEADER] = chain->count;
	for (unsigned i = 0; i < chain->count; i++) {
		const struct codec *c = &chain->steps[i];
		size_t room = CODEC_HEADER + step_bound(c, n), written;
		bool last = i + 1 == chain->count;
		uint8_t *into = last ? to + head : scratch_get(k, i % 2, room, err);
		if (into == NULL)
			return E_MEMORY_LIMIT;
		to[CODEC_HEADER + 1 + i] = infos[c->kind].method;
		TRY(step_encode(k, c, src, n, into, room, &written, err));
		src = into;
		n = written;
	}
	scratch_trim(k);
	*encoded = head + n;
	put_header(to, METHOD_CHAIN, *encoded, size);
	return OK;
}

/* ---- decoding ---- */

static enum status damaged(const char *what, struct error *err)
{
	return ERR(err, E_CANNOT_DECOMPRESS, "%s data is damaged", what);
}

/* The data behind a header whose sizes were checked: exactly `size` bytes to `to`. */
static enum status step_decode(struct kept *k, uint8_t method, const uint8_t *src, size_t src_size, uint8_t *to,
                               size_t size, struct error *err)
{
	switch (method) {
	case 0x02:
		if (src_size != size)
			return damaged("NONE", err);
		memcpy(to, src, size);
		return OK;
	case 0x82:
		return LZ4_decompress_safe((const char *)src, (char *)to, (int)src_size, (int)size) == (int)size
		           ? OK
		           : damaged("LZ4", err);
	case 0x90:
		if (k->zstd_decoder == NULL && (k->zstd_decoder = ZSTD_createDCtx()) == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a ZSTD context");
		return ZSTD_decompressDCtx(k->zstd_decoder, to, size, src, src_size) == size ? OK : damaged("ZSTD", err);
	case 0x92:
		return codec_delta_decode(src, src_size, to, size) ? OK : damaged("Delta", err);
	case 0x93:
		return codec_t64_decode(src, src_size, to, size) ? OK : damaged("T64", err);
	case 0x94:
		return codec_double_delta_decode(src, src_size, to, size) ? OK : damaged("DoubleDelta", err);
	case 0x95:
		return codec_gorilla_decode(src, src_size, to, size) ? OK : damaged("Gorilla", err);
	case 0x98:
		return codec_fpc_decode(src, src_size, to, size, err);
	case 0x9a:
		return codec_gcd_decode(src, src_size, to, size) ? OK : damaged("GCD", err);
	case 0x96:
	case 0x97:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: encryption codecs");
	default:
		return ERR(err, E_UNKNOWN_CODEC, "unknown compression method 0x%02x", method);
	}
}

static uint32_t get_u32(const uint8_t *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

/* Undoes the steps from the last to the first; between two steps the bytes lie in scratch memory. */
static enum status chain_decode(struct kept *k, const uint8_t *src, size_t src_size, uint8_t *to, size_t size,
                                struct error *err)
{
	if (src_size < 1 || src[0] == 0 || src_size < 1u + src[0])
		return damaged("chained", err);
	unsigned count = src[0];
	const uint8_t *methods = src + 1;
	/* no step makes more than about nine bytes of one, whatever the input claims */
	size_t between_max = 9 * size + 4096;
	if (count > CODEC_STEPS_MAX)
		return ERR(err, E_CANNOT_DECOMPRESS, "a chain of %u codecs; %d are allowed", count, CODEC_STEPS_MAX);
	src += 1 + count;
	src_size -= 1 + count;
	for (unsigned i = count; i-- > 0;) {
		if (src_size < CODEC_HEADER || src[0] != methods[i] || get_u32(src + 1) != src_size || src[0] == METHOD_CHAIN)
			return damaged("chained", err);
		size_t decoded = get_u32(src + 5);
		if (i == 0 ? decoded != size : decoded > between_max)
			return damaged("chained", err);
		uint8_t *into = i == 0 ? to : scratch_get(k, i % 2, decoded + BUFFER_PAD, err);
		if (into == NULL)
			return E_MEMORY_LIMIT;
		TRY(step_decode(k, methods[i], src + CODEC_HEADER, src_size - CODEC_HEADER, into, decoded, err));
		src = into;
		src_size = decoded;
	}
	scratch_trim(k);
	return OK;
}

enum status codec_decode(const uint8_t *encoded, size_t encoded_size, void *to, size_t size, struct error *err)
{
	if (encoded_size < CODEC_HEADER || get_u32(encoded + 1) != encoded_size || get_u32(encoded + 5) != size ||
	    size > CODEC_BLOCK_MAX || encoded_size > INT32_MAX)
		return ERR(err, E_CORRUPTED_DATA, "the header of a compressed block is damaged");
	struct kept *k = kept_get(err);
	if (k == NULL)
		return E_CANNOT_ALLOCATE;
	const uint8_t *src = encoded + CODEC_HEADER;
	size_t src_size = encoded_size - CODEC_HEADER;
	if (encoded[0] == METHOD_CHAIN)
		return chain_decode(k, src, src_size, to, size, err);
	return step_decode(k, encoded[0], src, src_size, to, size, err);
}

static void describe_method(uint8_t method, struct strbuf *out)
{
	for (unsigned i = 0; i < CODEC_COUNT; i++)
		if (infos[i].method == method && i != CODEC_LZ4HC) {
			strbuf_putz(out, infos[i].name);
			return;
		}
	strbuf_printf(out, "0x%02x", method);
}

void codec_describe(const uint8_t *encoded, size_t encoded_size, struct strbuf *out)
{
	if (encoded_size < CODEC_HEADER)
		return;
	if (encoded[0] != METHOD_CHAIN) {
		describe_method(encoded[0], out);
		return;
	}
	const uint8_t *methods = encoded + CODEC_HEADER + 1;
	for (unsigned i = 0; encoded_size > CODEC_HEADER + 1u + i && i < encoded[CODEC_HEADER]; i++) {
		if (i > 0)
			strbuf_putz(out, ", ");
		describe_method(methods[i], out);
	}
}
