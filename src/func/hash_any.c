// SPDX-License-Identifier: Apache-2.0
/*
 * Named hash functions of any values. Integers go through intHash or by their bytes, strings by their bytes; an array
 * is its length's hash combined with its elements', a tuple its elements one after the other, a map an array of pairs.
 */
#include <assert.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include "base/hash.h"
#include "func/hash_impl.h"
#include "func/str_impl.h"

static inline uint64_t int_hash64(uint64_t x)
{
	return hash_u64(x ^ 0x4cf2d2baae6da887u);
}

static inline uint64_t rotate_right(uint64_t x, unsigned n)
{
	return x >> n | x << (64 - n);
}

static inline uint32_t int_hash32(uint64_t key)
{
	key ^= 0x75d9543de018bf45u;
	key = ~key + (key << 18);
	key ^= rotate_right(key, 31);
	key *= 21;
	key ^= rotate_right(key, 11);
	key += key << 6;
	key ^= rotate_right(key, 22);
	return (uint32_t)key;
}

/* ---- MurmurHash (A. Appleby, public domain algorithms) ---- */

static uint64_t load64(const char *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

static uint32_t load32(const char *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

static uint64_t murmur2_32(const void *data, size_t n)
{
	const uint32_t m = 0x5bd1e995;
	const char *p = data;
	uint32_t h = (uint32_t)n;
	for (; n >= 4; n -= 4, p += 4) {
		uint32_t k = load32(p) * m;
		k ^= k >> 24;
		h = h * m ^ k * m;
	}
	for (size_t i = n; i > 0; i--)
		h ^= (uint32_t)(unsigned char)p[i - 1] << (8 * (i - 1));
	if (n != 0)
		h *= m;
	h ^= h >> 13;
	h *= m;
	return h ^ h >> 15;
}

static uint64_t murmur2_64_seeded(const void *data, size_t n, uint64_t seed)
{
	const uint64_t m = 0xc6a4a7935bd1e995;
	const char *p = data;
	uint64_t h = seed ^ n * m;
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t k = load64(p) * m;
		k ^= k >> 47;
		h = (h ^ k * m) * m;
	}
	for (size_t i = n; i > 0; i--)
		h ^= (uint64_t)(unsigned char)p[i - 1] << (8 * (i - 1));
	if (n != 0)
		h *= m;
	h ^= h >> 47;
	h *= m;
	return h ^ h >> 47;
}

static uint64_t murmur2_64(const void *data, size_t n)
{
	return murmur2_64_seeded(data, n, 0);
}

static uint64_t murmur2_gcc(const void *data, size_t n)
{
	return murmur2_64_seeded(data, n, 0xc70f6907);
}

static uint64_t murmur3_32(const void *data, size_t n)
{
	const char *p = data;
	uint32_t h = 0, size = (uint32_t)n, k = 0;
	for (; n >= 4; n -= 4, p += 4) {
		k = load32(p) * 0xcc9e2d51u;
		k = (k << 15 | k >> 17) * 0x1b873593u;
		h ^= k;
		h = (h << 13 | h >> 19) * 5 + 0xe6546b64u;
	}
	k = 0;
	for (size_t i = n; i > 0; i--)
		k ^= (uint32_t)(unsigned char)p[i - 1] << (8 * (i - 1));
	k *= 0xcc9e2d51u;
	h ^= (k << 15 | k >> 17) * 0x1b873593u;
	h ^= size;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

static struct hash128 murmur3_128(const void *data, size_t n)
{
	const uint64_t c1 = 0x87c37b91114253d5, c2 = 0x4cf5ad432745937f;
	const char *p = data;
	uint64_t h1 = 0, h2 = 0, size = n, k1 = 0, k2 = 0;
	for (; n >= 16; n -= 16, p += 16) {
		h1 ^= rotate_right(load64(p) * c1, 33) * c2;
		h1 = (rotate_right(h1, 37) + h2) * 5 + 0x52dce729;
		h2 ^= rotate_right(load64(p + 8) * c2, 31) * c1;
		h2 = (rotate_right(h2, 33) + h1) * 5 + 0x38495ab5;
	}
	for (size_t i = n; i > 8; i--)
		k2 ^= (uint64_t)(unsigned char)p[i - 1] << (8 * (i - 9));
	for (size_t i = n < 8 ? n : 8; i > 0; i--)
		k1 ^= (uint64_t)(unsigned char)p[i - 1] << (8 * (i - 1));
	h2 ^= rotate_right(k2 * c2, 31) * c1;
	h1 ^= rotate_right(k1 * c1, 33) * c2;
	h1 ^= size;
	h2 ^= size;
	h1 += h2;
	h2 += h1;
	h1 = hash_u64(h1);
	h2 = hash_u64(h2);
	h1 += h2;
	h2 += h1;
	return (struct hash128){h1, h2};
}

static uint64_t murmur3_64(const void *data, size_t n)
{
	struct hash128 h = murmur3_128(data, n);
	return h.low ^ h.high;
}

/* ---- the functions over bytes ---- */

static uint64_t city(const void *data, size_t n)
{
	return cityhash64(data, n);
}

static uint64_t sip(const void *data, size_t n)
{
	return siphash64(data, n, 0, 0);
}

static uint64_t xx32(const void *data, size_t n)
{
	return XXH32(data, n, 0);
}

static uint64_t xx64(const void *data, size_t n)
{
	return XXH64(data, n, 0);
}

static uint64_t xx3(const void *data, size_t n)
{
	return XXH3_64bits(data, n);
}

static uint64_t half_md5(const void *data, size_t n)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	uint64_t v = 0;
	EVP_Digest(data, n, digest, NULL, EVP_md5(), NULL);
	for (int i = 0; i < 8; i++)
		v = v << 8 | digest[i];
	return v;
}

/* Hash128to64 of CityHash. */
static uint64_t combine_city(uint64_t low, uint64_t high)
{
	const uint64_t m = 0x9ddfea08eb382d69;
	uint64_t a = (low ^ high) * m;
	a ^= a >> 47;
	uint64_t b = (high ^ a) * m;
	b ^= b >> 47;
	return b * m;
}

enum combination { COMBINE_CITY, COMBINE_BYTES, COMBINE_INT };
struct any_hash {
	const char *name;
	uint64_t (*bytes)(const void *data, size_t n);
	enum combination combination;
	bool narrow;      /* 32 bits */
	bool int_hash;    /* integers through intHash, else by their bytes */
	bool keyed;       /* SipHash with a key, which is the first argument */
	uint64_t key[2];
};

static inline uint64_t hash_of(const struct any_hash *h, const void *data, size_t n)
{
	return h->keyed ? siphash64(data, n, h->key[0], h->key[1]) : h->bytes(data, n);
}

static const struct any_hash hashes[] = {
	{"cityHash64", city, COMBINE_CITY, false, true, false, {0, 0}},
	{"sipHash64", sip, COMBINE_BYTES, false, false, false, {0, 0}},
	{"xxHash32", xx32, COMBINE_INT, true, false, false, {0, 0}},
	{"xxHash64", xx64, COMBINE_CITY, false, false, false, {0, 0}},
	{"xxh3", xx3, COMBINE_CITY, false, false, false, {0, 0}},
	{"halfMD5", half_md5, COMBINE_BYTES, false, false, false, {0, 0}},
	{"murmurHash2_32", murmur2_32, COMBINE_INT, true, false, false, {0, 0}},
	{"murmurHash2_64", murmur2_64, COMBINE_INT, false, false, false, {0, 0}},
	{"murmurHash3_32", murmur3_32, COMBINE_INT, true, false, false, {0, 0}},
	{"murmurHash3_64", murmur3_64, COMBINE_INT, false, false, false, {0, 0}},
	{"gccMurmurHash", murmur2_gcc, COMBINE_INT, false, false, false, {0, 0}},
	{"farmHash64", farmhash64, COMBINE_CITY, false, true, false, {0, 0}},
	{"metroHash64", metrohash64, COMBINE_CITY, false, true, false, {0, 0}},
	{"sipHash64Keyed", sip, COMBINE_BYTES, false, false, true, {0, 0}},
};

static inline uint64_t combine(const struct any_hash *h, uint64_t a, uint64_t b)
{
	if (h->combination == COMBINE_CITY)
		return combine_city(a, b);
	if (h->combination == COMBINE_INT)
		return h->narrow ? int_hash32(a) ^ (uint32_t)b : int_hash64(a) ^ b;
	if (h->narrow) {
		uint32_t both[2] = {(uint32_t)a, (uint32_t)b};
		return hash_of(h, both, sizeof both);
	}
	uint64_t both[2] = {a, b};
	return hash_of(h, both, sizeof both);
}

static inline uint64_t of_int(const struct any_hash *h, uint64_t v)
{
	return h->narrow ? int_hash32(v) : int_hash64(v);
}

static inline void put(const struct any_hash *h, uint64_t *to, uint64_t value, bool first)
{
	*to = first ? value : combine(h, *to, value);
}

static enum status hash_column(const struct any_hash *h, struct eval *e, const struct vector *v, uint32_t count,
                               uint64_t *to, bool first);

/* Rows of an array or map: the length, then each element. */
static enum status hash_list(const struct any_hash *h, struct eval *e, const struct vector *v, uint32_t count,
                             uint64_t *to, bool first)
{
	const uint32_t *at = v->data;
	uint32_t rows = v->form == VECTOR_CONST ? 1 : count, from = at[0], n = at[rows] - at[0];
	struct buffer *b;
	TRY(buffer_new(e->track, (size_t)n * 8 + 8, &b, e->err));
	uint64_t *items = (uint64_t *)b->data;
	enum status s = OK;
	for (uint32_t k = 0; k < v->child_count && s == OK; k++) {
		struct vector *part;
		s = vector_slice(e->track, v->children[k], from, n, &part, e->err);
		if (s == OK) {
			s = hash_column(h, e, part, n, items, k == 0);
			vector_unref(part);
		}
	}
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = v->form == VECTOR_CONST ? 0 : i;
		put(h, &to[i], of_int(h, at[row + 1] - at[row]), first);
		for (uint32_t k = at[row]; k < at[row + 1]; k++)
			to[i] = combine(h, to[i], items[k - from]);
	}
	buffer_unref(b);
	return s;
}

static enum status hash_flat(const struct any_hash *h, struct eval *e, const struct vector *v, uint32_t count,
                             uint64_t *to, bool first)
{
	size_t size = physical_size(type_physical(v->type));
	uint32_t step = v->form == VECTOR_CONST ? 0 : 1;
	bool pod = size <= 8 && !type_is_decimal(v->type) && v->type->id != TYPE_DATETIME64 && v->type->id != TYPE_TIME64;
	if (type_physical(v->type) == PHYS_STR) {
		for (uint32_t i = 0; i < count; i++) {
			struct str s = strview_str((const struct strview *)v->data + (size_t)i * step);
			if (h->bytes == farmhash64 && s.size >= FARMHASH_MAX && !eval_skips(e, i))
				return ERR(e->err, E_NOT_IMPLEMENTED, "not supported yet: %s of strings of %d bytes and more", h->name,
				           FARMHASH_MAX);
			put(h, &to[i], hash_of(h, s.data, s.size), first);
		}
		return OK;
	}
	for (uint32_t i = 0; i < count; i++) {
		const char *p = (const char *)v->data + (size_t)i * step * size;
		if (pod && h->int_hash) {
			uint64_t x = 0;
			memcpy(&x, p, size);
			put(h, &to[i], of_int(h, x), first);
		} else {
			put(h, &to[i], hash_of(h, p, size), first);
		}
	}
	return OK;
}

static enum status hash_column(const struct any_hash *h, struct eval *e, const struct vector *v, uint32_t count,
                               uint64_t *to, bool first)
{
	if (type_physical(v->type) == PHYS_NONE)
		return OK;
	struct vector *flat = NULL;
	if (v->form == VECTOR_DICT) {
		TRY(vector_flatten(e->track, v, &flat, e->err));
		v = flat;
	}
	enum status s = OK;
	enum physical p = type_physical(v->type);
	if (p == PHYS_ARRAY || p == PHYS_MAP)
		s = hash_list(h, e, v, count, to, first);
	else if (p == PHYS_TUPLE && v->form == VECTOR_CONST)
		for (uint32_t k = 0; k < v->child_count && s == OK; k++) {
			struct vector *one;
			s = vector_constant(e->track, v->children[k], 0, count, &one, e->err);
			if (s == OK)
				s = hash_column(h, e, one, count, to, first && k == 0);
			vector_unref(s == OK ? one : NULL);
		}
	else if (p == PHYS_TUPLE)
		for (uint32_t k = 0; k < v->child_count && s == OK; k++)
			s = hash_column(h, e, v->children[k], count, to, first && k == 0);
	else
		s = hash_flat(h, e, v, count, to, first);
	vector_unref(flat);
	return s;
}

static enum status exec_any(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct any_hash *h = c->state;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	uint64_t *to = h->narrow ? ARENA_ARRAY(e->scratch, uint64_t, count + 1) : v->data;
	for (uint32_t i = 0; i < count; i++)
		to[i] = 0xe28dbde7fe22e41c; /* of no value at all */
	enum status s = OK;
	for (uint32_t k = h->keyed; k < c->arg_count && s == OK; k++)
		s = hash_column(h, e, args[k], count, to, k == h->keyed);
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	for (uint32_t i = 0; i < count && h->narrow; i++)
		((uint32_t *)v->data)[i] = (uint32_t)to[i];
	*out = v;
	return OK;
}

static enum status bind_any(struct bind_env *env, struct call *c)
{
	for (size_t i = 0; i < ARRAY_COUNT(hashes); i++)
		if (strcmp(hashes[i].name, c->function->name) == 0)
			c->state = (void *)(uintptr_t)&hashes[i];
	const struct any_hash *h = c->state;
	assert(h != NULL);
	c->result = type_simple(h->narrow ? TYPE_UINT32 : TYPE_UINT64);
	return OK;
}

/* The constant key of a keyed hash: Tuple(UInt64, UInt64). */
static enum status read_key(struct bind_env *env, const struct call *c, uint64_t key[2])
{
	const struct type *t = c->arg_types[0];
	if (t->id != TYPE_TUPLE || t->child_count != 2)
		return ERR(env->err, E_BAD_ARGUMENTS, "The key must be of type Tuple(UInt64, UInt64)");
	for (uint32_t k = 0; k < 2; k++)
		if (t->children[k]->id != TYPE_UINT64 || t->children[k]->nullable)
			return ERR(env->err, E_BAD_ARGUMENTS, "The %s element of the key tuple is not of type UInt64",
			           k == 0 ? "1st" : "2nd");
	if (c->constants[0] == NULL)
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: a key that is not constant");
	for (uint32_t k = 0; k < 2; k++) {
		const struct vector *in;
		uint32_t row = vector_index(c->constants[0]->children[k], 0, &in);
		key[k] = ((const uint64_t *)in->data)[row];
	}
	return OK;
}

static enum status bind_keyed(struct bind_env *env, struct call *c)
{
	struct any_hash *h = ARENA_NEW(env->arena, struct any_hash);
	TRY(bind_any(env, c));
	*h = *(const struct any_hash *)c->state;
	c->state = h;
	return read_key(env, c, h->key);
}

/* ---- integers ---- */

static enum status exec_int_hash(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	size_t size = physical_size(type_physical(args[0]->type));
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	bool narrow = type_physical(c->result) == PHYS_U32;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t x = 0;
		memcpy(&x, (const char *)args[0]->data + i * size, size);
		if (narrow)
			((uint32_t *)v->data)[i] = int_hash32(x);
		else
			((uint64_t *)v->data)[i] = int_hash64(x);
	}
	*out = v;
	return OK;
}

static enum status bind_int_hash(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool good = type_is_integer(t) || t->id == TYPE_DATE || t->id == TYPE_DATETIME || t->id == TYPE_BOOL;
	return good && physical_size(type_physical(t)) <= 8 ? OK : call_bad_type(env, c, 0);
}

/* ---- strings ---- */

static uint32_t java_hash(struct str s)
{
	uint32_t h = 0;
	for (size_t i = 0; i < s.size; i++)
		h = h * 31 + (uint32_t)(int32_t)(int8_t)s.data[i];
	return h;
}

static enum status exec_text_hash(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	const char *name = c->function->name;
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		if (strcmp(name, "URLHash") == 0) {
			if (s.size != 0 && strchr("/?#", s.data[s.size - 1]) != NULL && s.data[s.size - 1] != '\0')
				s.size--;
			((uint64_t *)v->data)[i] = cityhash64(s.data, s.size);
		} else if (strcmp(name, "CRC64") == 0) {
			((uint64_t *)v->data)[i] = crc64_ecma(s.data, s.size);
		} else if (name[0] == 'j' || name[0] == 'h') {
			((uint32_t *)v->data)[i] = java_hash(s) & (name[0] == 'h' ? 0x7fffffff : 0xffffffff);
		} else {
			/* CRC32 is zlib's, CRC32IEEE leaves the complement out */
			uint32_t crc = crc32_ieee(strcmp(name, "CRC32IEEE") == 0 ? 0xffffffff : 0, s.data, s.size);
			((uint32_t *)v->data)[i] = strcmp(name, "CRC32IEEE") == 0 ? ~crc : crc;
		}
	}
	*out = v;
	return OK;
}

static const struct {
	const char *name, *algorithm;
	uint32_t size;
} digests[] = {
	{"MD5", "MD5", 16}, {"SHA1", "SHA1", 20}, {"SHA224", "SHA224", 28}, {"SHA256", "SHA256", 32}, {"SHA384", "SHA384", 48},
	{"SHA512", "SHA512", 64}, {"SHA512_256", "SHA512-256", 32}, {"RIPEMD160", "RIPEMD160", 20}, {"md5", "MD5", 16},
	{"sha224", "SHA224", 28}, {"sha256", "SHA256", 32}, {"sha384", "SHA384", 48}, {"sha512", "SHA512", 64},
};

static enum status exec_digest(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};
	struct str_arg text = str_arg(args[0]);
	struct strings o;
	const char *algorithm = NULL;
	bool as_text = strcmp(c->function->name, "md5") == 0;
	for (size_t i = 0; i < ARRAY_COUNT(digests); i++)
		if (strcmp(digests[i].name, c->function->name) == 0)
			algorithm = digests[i].algorithm;
	EVP_MD *md = EVP_MD_fetch(NULL, algorithm, NULL);
	if (md == NULL)
		return ERR(e->err, E_NOT_IMPLEMENTED, "not supported yet: %s with this OpenSSL", algorithm);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		unsigned n = 0;
		EVP_Digest(s.data == NULL ? "" : s.data, s.size, digest, &n, md, NULL);
		if (as_text)
			for (unsigned k = 0; k < n; k++) {
				strbuf_putc(&o.text, hex[digest[k] >> 4]);
				strbuf_putc(&o.text, hex[digest[k] & 15]);
			}
		else
			strbuf_put(&o.text, digest, n);
		strings_end(&o, i);
	}
	EVP_MD_free(md);
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_md4(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		unsigned char digest[16];
		struct str s = str_arg_at(&text, i);
		md4_digest(s.data, s.size, digest);
		strbuf_put(&o.text, digest, sizeof digest);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* J. Lamping and E. Veach, "A fast, minimal memory, consistent hash algorithm", 2014. */
static enum status exec_jump(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct i64_arg keys = i64_arg(args[0]), buckets = i64_arg(args[1]);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t key = (uint64_t)i64_arg_at(&keys, i);
		int64_t last = -1, next = 0, n = i64_arg_at(&buckets, i);
		for (; next < n; next = (int64_t)((double)(last + 1) * ((double)(1ull << 31) / (double)((key >> 33) + 1)))) {
			last = next;
			key = key * 2862933555777941757u + 1;
		}
		((int32_t *)(*out)->data)[i] = (int32_t)last;
	}
	return OK;
}

static enum status bind_jump(struct bind_env *env, struct call *c)
{
	int64_t n;
	if (!call_const_i64(c, 1, &n))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument 2 of function jumpConsistentHash must be a constant");
	return n >= 1 && n <= INT32_MAX ? OK
		: ERR(env->err, E_BAD_ARGUMENTS, "The second argument of jumpConsistentHash (number of buckets) must be positive");
}

static enum status bind_keyed128(struct bind_env *env, struct call *c)
{
	uint64_t *key = ARENA_ARRAY(env->arena, uint64_t, 2);
	c->state = key;
	return read_key(env, c, key);
}

static enum status exec_hash128(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	bool is_sip = c->function->name[0] == 's';
	static const uint64_t no_key[2] = {0, 0};
	const uint64_t *key = c->state != NULL ? c->state : no_key;
	struct str_arg text = str_arg(args[c->arg_count - 1]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		struct hash128 h = is_sip ? siphash128(s.data, s.size, key[0], key[1]) : murmur3_128(s.data, s.size);
		strbuf_put(&o.text, &h, sizeof h);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_bytea(struct bind_env *env, struct call *c)
{
	c->result = type_with_face(env->arena, type_simple(TYPE_STRING), FACE_BYTEA, -1);
	return OK;
}

#define ANY(name, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "*&", NULL, bind_any, exec_any, text, sample, answer)
#define DIGEST(name, size, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "S", "FixedString(" #size ")", NULL, exec_digest, "The " name " digest.", \
	             "substring(hex(" name "('abc')), 1, 8)", answer)
#define PG_DIGEST(name, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_PG, "S", NULL, bind_bytea, exec_digest, "The " name " digest.", \
	             "octet_length(" name "('abc'))", answer)
#define TEXT(name, type, answer) \
	FUNCTION_ROW(name, NULL, name[0] == 'C' ? CH_NOCASE : FUNCTION_CH, "S", type, NULL, exec_text_hash, \
		"The " name " of a string.", name "('hello')", \
	             answer)

static const struct function rows[] = {
	ANY("cityHash64", "CityHash 1.0.2 of any values.", "cityHash64('a', 'b')", "7468329322676821011"),
	ANY("sipHash64", "SipHash-2-4 of any values.", "sipHash64('a', 'b')", "1193743241355087095"),
	ANY("xxHash32", "xxHash with 32 bits of any values.", "xxHash32('a', 'b')", "1353805580"),
	ANY("xxHash64", "xxHash with 64 bits of any values.", "xxHash64('a', 'b')", "14756808377901732262"),
	ANY("xxh3", "XXH3 of any values.", "hex(xxh3('hello'))", "9555E8555C62DCFD"),
	ANY("halfMD5", "The first 8 bytes of MD5.", "halfMD5('hello')", "6719722671305337462"),
	ANY("murmurHash2_32", "MurmurHash2 with 32 bits.", "murmurHash2_32('a', 'b')", "2171431463"),
	ANY("murmurHash2_64", "MurmurHash2 with 64 bits.", "murmurHash2_64('hello')", "2191231550387646743"),
	ANY("murmurHash3_32", "MurmurHash3 with 32 bits.", "murmurHash3_32('a', 'b')", "914284213"),
	ANY("murmurHash3_64", "MurmurHash3 with 64 bits.", "murmurHash3_64('a', 'b')", "18305627054227103971"),
	ANY("gccMurmurHash", "MurmurHash2 as gcc seeds it.", "gccMurmurHash('hello')", "2762169579135187400"),
	ANY("farmHash64", "FarmHash of any values.", "farmHash64('a', 'b')", "13764019092918827821"),
	ANY("metroHash64", "MetroHash of any values.", "metroHash64('a', 'b')", "14769050804864331851"),
	FUNCTION_ROW("sipHash64Keyed", NULL, FUNCTION_CH, "**+", NULL, bind_keyed, exec_any, "SipHash-2-4 with a key.",
	             "sipHash64Keyed((toUInt64(1), toUInt64(2)), 'x')", "4973897040824626630"),
	FUNCTION_ROW("jumpConsistentHash", NULL, FUNCTION_CH, "JJ", "Int32", bind_jump, exec_jump,
	             "The bucket of a key; few keys move when buckets are added.", "jumpConsistentHash(256, 12)", "3"),
	FUNCTION_ROW("intHash32", NULL, FUNCTION_CH, "*", "UInt32", bind_int_hash, exec_int_hash,
	             "A quick hash of an integer.", "intHash32(1)", "1343103100"),
	FUNCTION_ROW("intHash64", NULL, FUNCTION_CH, "*", "UInt64", bind_int_hash, exec_int_hash,
	             "A quick hash of an integer.", "intHash64(1)", "10577349846663553072"),
	TEXT("javaHash", "Int32", "99162322"),
	TEXT("hiveHash", "Int32", "99162322"),
	TEXT("CRC32", "UInt32", "907060870"),
	TEXT("CRC32IEEE", "UInt32", "4029829531"),
	TEXT("CRC64", "UInt64", "5834985313318655876"),
	FUNCTION_ROW("URLHash", NULL, FUNCTION_CH, "S", "UInt64", NULL, exec_text_hash, "A hash without a trailing / ? or #.",
	             "URLHash('http://a/')", "15633722665745929088"),
	FUNCTION_ROW("sipHash128", NULL, FUNCTION_CH, "S", "FixedString(16)", NULL, exec_hash128, "SipHash with 128 bits.",
	             "hex(sipHash128('hello'))", "54F0C4900581E097EDA2332258DC211B"),
	FUNCTION_ROW("murmurHash3_128", NULL, FUNCTION_CH, "S", "FixedString(16)", NULL, exec_hash128,
	             "MurmurHash3 with 128 bits.", "hex(murmurHash3_128('hello'))", "029BBD41B3A7D8CB191DAE486A901E5B"),
	FUNCTION_ROW("sipHash128Keyed", NULL, FUNCTION_CH, "*S", "FixedString(16)", bind_keyed128, exec_hash128,
	             "SipHash with 128 bits and a key.", "hex(sipHash128Keyed((toUInt64(1), toUInt64(2)), 'x'))",
	             "70BA29715B39BCC6B6579E0A5AECBA83"),
	FUNCTION_ROW("MD4", NULL, FUNCTION_CH, "S", "FixedString(16)", NULL, exec_md4, "The MD4 digest.", "hex(MD4(''))",
	             "31D6CFE0D16AE931B73C59D7E0C089C0"),
	DIGEST("RIPEMD160", 20, "8EB208F7"),
	DIGEST("MD5", 16, "90015098"),
	DIGEST("SHA1", 20, "A9993E36"),
	DIGEST("SHA224", 28, "23097D22"),
	DIGEST("SHA256", 32, "BA7816BF"),
	DIGEST("SHA384", 48, "CB00753F"),
	DIGEST("SHA512", 64, "DDAF35A1"),
	DIGEST("SHA512_256", 32, "53048E26"),
	FUNCTION_ROW("md5", NULL, FUNCTION_PG, "S", "String", NULL, exec_digest, "The MD5 digest in hexadecimal.",
	             "md5('abc')", "900150983cd24fb0d6963f7d28e17f72"),
	PG_DIGEST("sha224", "28"),
	PG_DIGEST("sha256", "32"),
	PG_DIGEST("sha384", "48"),
	PG_DIGEST("sha512", "64"),
};

FUNCTION_FAMILY(hash_any, "Hashes");
