// SPDX-License-Identifier: Apache-2.0
/*
 * Passwords. What is kept cannot be turned back: a SCRAM-SHA-256 verifier (RFC 5802, RFC 7677) for the PostgreSQL wire,
 * and digests for those who send the password itself.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include "catalog/catalog_impl.h"

enum { SCRAM_ITERATIONS = 4096, SALT_SIZE = 16, DIGEST_SIZE = 32, PASSWORD_MAX = 1024 };

static struct str hex(struct arena *a, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc(a, n * 2 + 1);
	for (size_t i = 0; i < n; i++) {
		out[i * 2] = digits[bytes[i] >> 4];
		out[i * 2 + 1] = digits[bytes[i] & 15];
	}
	return str_make(out, n * 2);
}

static struct str base64(struct arena *a, const uint8_t *bytes, int n)
{
	unsigned char *out = arena_alloc(a, (size_t)n * 4 / 3 + 8);
	int size = EVP_EncodeBlock(out, bytes, n);
	return str_make((char *)out, (size_t)size);
}

static bool digest(const EVP_MD *md, struct str data, uint8_t *out)
{
	unsigned size;
	return EVP_Digest(data.data == NULL ? "" : data.data, data.size, out, &size, md, NULL) == 1;
}

static bool scram_verifier(struct str password, struct arena *a, struct str *out)
{
	uint8_t salt[SALT_SIZE], salted[DIGEST_SIZE], client[DIGEST_SIZE], stored[DIGEST_SIZE], server[DIGEST_SIZE];
	unsigned size;
	if (RAND_bytes(salt, sizeof salt) != 1
	    || PKCS5_PBKDF2_HMAC(password.data, (int)password.size, salt, sizeof salt, SCRAM_ITERATIONS, EVP_sha256(),
	                         sizeof salted, salted) != 1)
		return false;
	if (HMAC(EVP_sha256(), salted, sizeof salted, (const uint8_t *)"Client Key", 10, client, &size) == NULL
	    || HMAC(EVP_sha256(), salted, sizeof salted, (const uint8_t *)"Server Key", 10, server, &size) == NULL
	    || !digest(EVP_sha256(), str_make((char *)client, sizeof client), stored))
		return false;
	*out = arena_strf(a, "SCRAM-SHA-256$%d:%.*s$%.*s:%.*s", SCRAM_ITERATIONS, STR_ARG(base64(a, salt, sizeof salt)),
	                  STR_ARG(base64(a, stored, sizeof stored)), STR_ARG(base64(a, server, sizeof server)));
	OPENSSL_cleanse(salted, sizeof salted);
	return true;
}

static bool is_md5(struct str s)
{
	if (s.size != 35 || !str_starts_with(s, STR("md5")))
		return false;
	for (size_t i = 3; i < s.size; i++)
		if (!((s.data[i] >= '0' && s.data[i] <= '9') || (s.data[i] >= 'a' && s.data[i] <= 'f')))
			return false;
	return true;
}

enum status role_set_password(struct role_def *d, struct str password, struct arena *a, struct error *err)
{
	uint8_t bytes[DIGEST_SIZE];
	d->scram = d->sha256 = d->md5 = STR("");
	if (password.size > PASSWORD_MAX)
		return ERR(err, E_BAD_ARGUMENTS, "a password is longer than %d bytes", PASSWORD_MAX);
	if (str_starts_with(password, STR("SCRAM-SHA-256$"))) {
		d->auth = STR("scram-sha-256");
		d->scram = arena_str(a, password);
		return OK;
	}
	if (is_md5(password)) {
		d->auth = STR("md5");
		d->md5 = arena_str(a, password);
		return OK;
	}
	if (password.size == 0) {
		d->auth = STR("no_password");
		return OK;
	}
	if (!digest(EVP_sha256(), password, bytes))
		return ERR(err, E_LOGICAL_ERROR, "the password cannot be digested");
	d->sha256 = hex(a, bytes, sizeof bytes);
	if (!scram_verifier(password, a, &d->scram))
		return ERR(err, E_LOGICAL_ERROR, "the password cannot be digested");
	d->auth = STR("sha256_password");
	return OK;
}

/* The verifier's stored key against the one that this password gives. */
static bool check_scram(struct str verifier, struct str password)
{
	uint8_t salt[128], wanted[64], salted[DIGEST_SIZE], client[DIGEST_SIZE], stored[DIGEST_SIZE];
	struct str rest = str_make(verifier.data + 14, verifier.size - 14), part[3];
	unsigned size;
	int64_t iterations;
	const char ends[] = {':', '$', ':'};
	for (int i = 0; i < 3; i++) {
		ptrdiff_t end = str_find_char(rest, ends[i]);
		if (end < 0)
			return false;
		part[i] = str_make(rest.data, (size_t)end);
		rest = str_make(rest.data + end + 1, rest.size - (size_t)end - 1);
	}
	if (!str_to_i64(part[0], &iterations) || iterations < 1 || iterations > 1000000 || part[1].size > 160
	    || part[2].size > 80 || part[1].size % 4 != 0 || part[2].size % 4 != 0)
		return false;
	int salt_size = EVP_DecodeBlock(salt, (const uint8_t *)part[1].data, (int)part[1].size);
	int wanted_size = EVP_DecodeBlock(wanted, (const uint8_t *)part[2].data, (int)part[2].size);
	for (size_t i = part[1].size; i > 0 && part[1].data[i - 1] == '='; i--)
		salt_size--;
	if (salt_size < 1 || wanted_size < DIGEST_SIZE)
		return false;
	if (PKCS5_PBKDF2_HMAC(password.data, (int)password.size, salt, salt_size, (int)iterations, EVP_sha256(), sizeof salted,
	                      salted) != 1)
		return false;
	if (HMAC(EVP_sha256(), salted, sizeof salted, (const uint8_t *)"Client Key", 10, client, &size) == NULL
	    || !digest(EVP_sha256(), str_make((char *)client, sizeof client), stored))
		return false;
	return CRYPTO_memcmp(stored, wanted, DIGEST_SIZE) == 0;
}

bool role_check_password(const struct role_def *d, struct str password)
{
	uint8_t bytes[DIGEST_SIZE];
	struct arena a;
	bool right = false;
	if (str_eq(d->auth, STR("no_password")))
		return true;
	if (password.size > PASSWORD_MAX)
		return false;
	arena_init(&a, NULL);
	if (d->sha256.size == 64 && digest(EVP_sha256(), password, bytes)) {
		struct str got = hex(&a, bytes, sizeof bytes);
		right = CRYPTO_memcmp(got.data, d->sha256.data, 64) == 0;
	} else if (d->scram.size > 14) {
		right = check_scram(d->scram, password);
	} else if (d->md5.size == 35) {
		struct str both = arena_strf(&a, "%.*s%.*s", STR_ARG(password), STR_ARG(d->name));
		if (digest(EVP_md5(), both, bytes))
			right = CRYPTO_memcmp(hex(&a, bytes, 16).data, d->md5.data + 3, 32) == 0;
	}
	arena_fini(&a);
	return right;
}
