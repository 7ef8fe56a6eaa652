// SPDX-License-Identifier: Apache-2.0
#include "proto/scram.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>

#include "proto/base64.h"
#include "proto/saslprep_impl.h"

enum { KEY = SCRAM_KEY_BYTES, NONCE_BYTES = 18 };

static bool hmac(const uint8_t key[KEY], struct str text, uint8_t out[KEY])
{
	unsigned size = KEY;
	return HMAC(EVP_sha256(), key, KEY, (const uint8_t *)text.data, text.size, out, &size) != NULL && size == KEY;
}

static bool sha256(const uint8_t *data, size_t size, uint8_t out[KEY])
{
	unsigned n = KEY;
	return EVP_Digest(data, size, out, &n, EVP_sha256(), NULL) == 1 && n == KEY;
}

static enum status digest_failed(struct error *err)
{
	return ERR(err, E_LOGICAL_ERROR, "the SHA-256 digest is not available");
}

/* The password's rounds of PBKDF2. */
static bool salt_password(struct str password, const uint8_t *salt, uint32_t salt_size, uint32_t iterations,
	uint8_t out[KEY])
{
	char prepared[SASLPREP_MAX];
	struct str p = saslprep(password, prepared);
	bool good = p.size <= INT32_MAX && PKCS5_PBKDF2_HMAC(p.size == 0 ? "" : p.data, (int)p.size, salt, (int)salt_size,
		(int)iterations, EVP_sha256(), KEY, out) == 1;
	OPENSSL_cleanse(prepared, sizeof prepared);
	return good;
}

/* Stored key and server key of a salted password. */
static bool derive(const uint8_t salted[KEY], uint8_t stored_key[KEY], uint8_t server_key[KEY])
{
	uint8_t client_key[KEY];
	bool good = hmac(salted, STR("Client Key"), client_key) && sha256(client_key, KEY, stored_key)
		&& hmac(salted, STR("Server Key"), server_key);
	OPENSSL_cleanse(client_key, sizeof client_key);
	return good;
}

enum status scram_verifier_make(struct str password, const uint8_t *salt, uint32_t salt_size, uint32_t iterations,
	struct scram_verifier *out, struct error *err)
{
	assert(salt_size > 0 && salt_size <= SCRAM_SALT_MAX && iterations > 0 && iterations <= SCRAM_ITERATIONS_MAX);
	uint8_t salted[KEY];
	memset(out, 0, sizeof *out);
	out->iterations = iterations;
	out->salt_size = salt_size;
	memcpy(out->salt, salt, salt_size);
	bool good = salt_password(password, salt, salt_size, iterations, salted)
		&& derive(salted, out->stored_key, out->server_key);
	OPENSSL_cleanse(salted, sizeof salted);
	return good ? OK : digest_failed(err);
}

enum status scram_verifier_new(struct str password, struct scram_verifier *out, struct error *err)
{
	uint8_t salt[SCRAM_SALT_BYTES];
	if (RAND_bytes(salt, sizeof salt) != 1)
		return ERR(err, E_LOGICAL_ERROR, "no random bytes for a salt");
	return scram_verifier_make(password, salt, sizeof salt, SCRAM_ITERATIONS, out, err);
}

enum status scram_verifier_mock(struct str user, struct str secret, struct scram_verifier *out, struct error *err)
{
	uint8_t key[KEY], salt[KEY];
	memset(out, 0, sizeof *out);
	if (!sha256((const uint8_t *)secret.data, secret.size, key) || !hmac(key, user, salt))
		return digest_failed(err);
	memcpy(out->salt, salt, SCRAM_SALT_BYTES);
	out->salt_size = SCRAM_SALT_BYTES;
	out->iterations = SCRAM_ITERATIONS;
	out->mock = true;
	return OK;
}

bool scram_verifier_check(const struct scram_verifier *v, struct str password)
{
	uint8_t salted[KEY], stored[KEY], server[KEY];
	bool good = salt_password(password, v->salt, v->salt_size, v->iterations, salted) && derive(salted, stored, server);
	good = good && CRYPTO_memcmp(server, v->server_key, KEY) == 0;
	OPENSSL_cleanse(salted, sizeof salted);
	return good && !v->mock;
}

/* Cuts s at the first `c`: the part before it; s becomes what follows. False when there is no `c`. */
static bool cut(struct str *s, char c, struct str *before)
{
	ptrdiff_t at = str_find_char(*s, c);
	if (at < 0)
		return false;
	*before = str_make(s->data, (size_t)at);
	*s = str_make(s->data + at + 1, s->size - (size_t)at - 1);
	return true;
}

static bool decode_exactly(struct str s, uint8_t *out, size_t size)
{
	uint8_t room[96];
	size_t n;
	if (base64_decoded_max(s.size) > sizeof room || !base64_decode(s, room, &n) || n != size)
		return false;
	memcpy(out, room, size);
	return true;
}

static bool decode_salt(struct str s, struct scram_verifier *v)
{
	uint8_t room[96];
	size_t n;
	if (base64_decoded_max(s.size) > sizeof room || !base64_decode(s, room, &n) || n == 0 || n > SCRAM_SALT_MAX)
		return false;
	memcpy(v->salt, room, n);
	v->salt_size = (uint32_t)n;
	return true;
}

static bool decode_iterations(struct str s, struct scram_verifier *v)
{
	uint64_t n;
	if (!str_to_u64(s, &n) || n == 0 || n > SCRAM_ITERATIONS_MAX)
		return false;
	v->iterations = (uint32_t)n;
	return true;
}

bool scram_verifier_parse(struct str text, struct scram_verifier *v)
{
	struct str mechanism, iterations, salt, stored;
	memset(v, 0, sizeof *v);
	return cut(&text, '$', &mechanism) && str_eq(mechanism, STR(SCRAM_MECHANISM)) && cut(&text, ':', &iterations)
		&& cut(&text, '$', &salt) && cut(&text, ':', &stored) && decode_iterations(iterations, v)
		&& decode_salt(salt, v) && decode_exactly(stored, v->stored_key, KEY)
		&& decode_exactly(text, v->server_key, KEY);
}

void scram_verifier_put(struct strbuf *b, const struct scram_verifier *v)
{
	assert(!v->mock);
	strbuf_printf(b, SCRAM_MECHANISM "$%u:", v->iterations);
	base64_put(b, v->salt, v->salt_size);
	strbuf_putc(b, '$');
	base64_put(b, v->stored_key, KEY);
	strbuf_putc(b, ':');
	base64_put(b, v->server_key, KEY);
}

/* Keeps a message part for the signature. */
static bool keep(char to[SCRAM_MESSAGE_MAX], struct str s)
{
	if (s.size >= SCRAM_MESSAGE_MAX || str_find_char(s, '\0') >= 0)
		return false;
	if (s.size != 0)
		memcpy(to, s.data, s.size);
	to[s.size] = '\0';
	return true;
}

static bool is_nonce(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.data[i] < '!' || s.data[i] > '~' || s.data[i] == ',')
			return false;
	return s.size != 0;
}

/* The attribute `name` at the start of *s, up to a comma or the end. */
static bool attribute(struct str *s, char name, struct str *value)
{
	if (s->size < 2 || s->data[0] != name || s->data[1] != '=')
		return false;
	struct str rest = str_make(s->data + 2, s->size - 2);
	if (!cut(&rest, ',', value)) {
		*value = rest;
		rest = str_make(rest.data + rest.size, 0);
	}
	*s = rest;
	return true;
}

/* Base64 of a fresh nonce, or the one a test gave, behind what is in s->nonce. */
static enum status add_nonce(struct scram *s, const char *given, struct error *err)
{
	uint8_t random[NONCE_BYTES];
	struct strbuf b;
	size_t at = strlen(s->nonce);
	if (given == NULL && RAND_bytes(random, sizeof random) != 1)
		return ERR(err, E_LOGICAL_ERROR, "no random bytes for a nonce");
	strbuf_init(&b, NULL);
	if (given == NULL)
		base64_put(&b, random, sizeof random);
	else
		strbuf_putz(&b, given);
	enum status st = strbuf_status(&b, err);
	if (st == OK && at + b.size >= sizeof s->nonce)
		st = ERR(err, E_PROTOCOL, "SCRAM nonce too long");
	if (st == OK) {
		memcpy(s->nonce + at, b.data, b.size);
		s->nonce[at + b.size] = '\0';
	}
	strbuf_fini(&b);
	return st;
}

/* The base64 that "c=" must hold: the gs2 header and, with channel binding, the binding data. */
static void put_binding(const struct scram *s, struct strbuf *b)
{
	uint8_t room[sizeof s->gs2 + SCRAM_BINDING_MAX];
	size_t size = strlen(s->gs2);
	memcpy(room, s->gs2, size);
	if (s->gs2[0] == 'p') {
		memcpy(room + size, s->binding, s->binding_size);
		size += s->binding_size;
	}
	base64_put(b, room, size);
}

/* HMAC of the whole exchange under `key`. */
static bool sign(const struct scram *s, const uint8_t key[KEY], uint8_t out[KEY])
{
	char text[3 * SCRAM_MESSAGE_MAX];
	int n = snprintf(text, sizeof text, "%s,%s,%s", s->first_bare, s->server_first, s->final_bare);
	assert(n > 0 && (size_t)n < sizeof text);
	return hmac(key, str_make(text, (size_t)n), out);
}

static void set_binding(struct scram *s, struct str binding)
{
	assert(binding.size <= SCRAM_BINDING_MAX);
	if (binding.size != 0)
		memcpy(s->binding, binding.data, binding.size);
	s->binding_size = (uint32_t)binding.size;
}

void scram_server_init(struct scram *s, const struct scram_verifier *v, struct str binding)
{
	assert(v->salt_size > 0 && v->iterations > 0);
	memset(s, 0, sizeof *s);
	s->verifier = *v;
	set_binding(s, binding);
}

static enum status malformed(struct error *err, const char *why)
{
	ERR(err, E_PROTOCOL, "malformed SCRAM message");
	return err == NULL ? E_PROTOCOL : error_detail(err, "%s", why);
}

/* The gs2 header: how the client stands to channel binding, and no authorization identity. */
static enum status server_gs2(struct scram *s, struct str *message, bool plus, struct error *err)
{
	struct str all = *message, flag, identity;
	if (!cut(message, ',', &flag) || !cut(message, ',', &identity))
		return malformed(err, "The channel binding header is not complete.");
	if (identity.size != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SCRAM authorization identity");
	if (plus ? !str_eq(flag, STR("p=tls-server-end-point")) : !str_eq(flag, STR("n")) && !str_eq(flag, STR("y")))
		return malformed(err, "The channel binding flag does not fit the mechanism.");
	if (str_eq(flag, STR("y")) && s->binding_size != 0)
		return malformed(err, "The client supports channel binding but was told that the server does not.");
	size_t size = (size_t)(message->data - all.data);
	assert(size < sizeof s->gs2);
	memcpy(s->gs2, all.data, size);
	return OK;
}

enum status scram_server_first(struct scram *s, struct str message, bool plus, const char *nonce, struct strbuf *out,
	struct error *err)
{
	assert(s->step == 0 && (!plus || s->binding_size != 0));
	struct strbuf b;
	struct str user, client_nonce;
	TRY(server_gs2(s, &message, plus, err));
	if (!keep(s->first_bare, message))
		return malformed(err, "The message is too long or holds a NUL.");
	if (str_starts_with(message, STR("m=")))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SCRAM extension");
	if (!attribute(&message, 'n', &user) || !attribute(&message, 'r', &client_nonce))
		return malformed(err, "The user name or the nonce is missing.");
	if (!is_nonce(client_nonce) || !keep(s->nonce, client_nonce))
		return malformed(err, "The nonce holds characters that are not printable.");
	TRY(add_nonce(s, nonce, err));
	strbuf_init(&b, NULL);
	strbuf_printf(&b, "r=%s,s=", s->nonce);
	base64_put(&b, s->verifier.salt, s->verifier.salt_size);
	strbuf_printf(&b, ",i=%u", s->verifier.iterations);
	enum status st = strbuf_status(&b, err);
	if (st == OK && !keep(s->server_first, strbuf_str(&b)))
		st = malformed(err, "The nonce is too long.");
	if (st == OK)
		strbuf_puts(out, strbuf_str(&b));
	strbuf_fini(&b);
	s->step = 1;
	return st;
}

/* Takes the final message apart; `proof` is its 32 bytes. */
static enum status server_parse_final(struct scram *s, struct str message, uint8_t proof[KEY], struct error *err)
{
	struct str all = message, binding, nonce, value;
	char room[2 * (sizeof s->gs2 + SCRAM_BINDING_MAX)];
	struct strbuf want = {room, 0, sizeof room, NULL, false};
	put_binding(s, &want);
	assert(want.data == room);
	if (!attribute(&message, 'c', &binding) || !attribute(&message, 'r', &nonce))
		return malformed(err, "The channel binding or the nonce is missing.");
	if (!str_eq(binding, strbuf_str(&want)))
		return malformed(err, "The channel binding does not match.");
	if (!str_eq(nonce, str_of(s->nonce)))
		return malformed(err, "The nonce does not match.");
	while (message.size >= 2 && message.data[0] != 'p')
		if (!attribute(&message, message.data[0], &value))
			return malformed(err, "An attribute has no value.");
	size_t bare = (size_t)(message.data - all.data);
	if (!attribute(&message, 'p', &value) || message.size != 0 || !decode_exactly(value, proof, KEY))
		return malformed(err, "The proof is missing, not the last attribute or not 32 bytes.");
	/* `bare` ends behind the comma before "p=" */
	if (!keep(s->final_bare, str_make(all.data, bare - 1)))
		return malformed(err, "The message is too long or holds a NUL.");
	return OK;
}

enum status scram_server_final(struct scram *s, struct str message, struct strbuf *out, struct error *err)
{
	assert(s->step == 1);
	uint8_t proof[KEY], signature[KEY], stored[KEY];
	s->step = 2;
	TRY(server_parse_final(s, message, proof, err));
	if (!sign(s, s->verifier.stored_key, signature))
		return digest_failed(err);
	for (unsigned i = 0; i < KEY; i++)
		proof[i] ^= signature[i];
	bool same = sha256(proof, KEY, stored) && CRYPTO_memcmp(stored, s->verifier.stored_key, KEY) == 0;
	OPENSSL_cleanse(proof, sizeof proof);
	if (!same || s->verifier.mock)
		return ERR(err, E_AUTHENTICATION_FAILED, "password authentication failed");
	if (!sign(s, s->verifier.server_key, signature))
		return digest_failed(err);
	strbuf_putz(out, "v=");
	base64_put(out, signature, KEY);
	return strbuf_status(out, err);
}

void scram_client_init(struct scram *s, struct str binding)
{
	memset(s, 0, sizeof *s);
	set_binding(s, binding);
}

enum status scram_client_first(struct scram *s, struct str user, const char *nonce, struct strbuf *out,
	struct error *err)
{
	assert(s->step == 0);
	struct strbuf b;
	TRY(add_nonce(s, nonce, err));
	snprintf(s->gs2, sizeof s->gs2, "%s", s->binding_size != 0 ? "p=tls-server-end-point,," : "n,,");
	strbuf_init(&b, NULL);
	strbuf_putz(&b, "n=");
	for (size_t i = 0; i < user.size; i++) {
		if (user.data[i] == ',')
			strbuf_putz(&b, "=2C");
		else if (user.data[i] == '=')
			strbuf_putz(&b, "=3D");
		else
			strbuf_putc(&b, user.data[i]);
	}
	strbuf_printf(&b, ",r=%s", s->nonce);
	enum status st = strbuf_status(&b, err);
	if (st == OK && !keep(s->first_bare, strbuf_str(&b)))
		st = malformed(err, "The user name is too long or holds a NUL.");
	if (st == OK) {
		strbuf_putz(out, s->gs2);
		strbuf_puts(out, strbuf_str(&b));
	}
	strbuf_fini(&b);
	s->step = 1;
	return st;
}

/* The server's first message: its nonce continues ours, the salt and rounds are sane. */
static enum status client_parse_first(struct scram *s, struct str message, struct error *err)
{
	struct str nonce, salt, iterations, own = str_of(s->nonce);
	if (!keep(s->server_first, message))
		return malformed(err, "The message is too long or holds a NUL.");
	if (!attribute(&message, 'r', &nonce) || !attribute(&message, 's', &salt) || !attribute(&message, 'i', &iterations))
		return malformed(err, "The nonce, the salt or the iteration count is missing.");
	if (!str_starts_with(nonce, own) || nonce.size == own.size || !is_nonce(nonce))
		return malformed(err, "The server's nonce does not continue the client's.");
	if (!decode_salt(salt, &s->verifier) || !decode_iterations(iterations, &s->verifier))
		return malformed(err, "The salt or the iteration count is out of range.");
	if (!keep(s->nonce, nonce))
		return malformed(err, "The nonce is too long.");
	return OK;
}

enum status scram_client_final(struct scram *s, struct str message, struct str password, struct strbuf *out,
	struct error *err)
{
	assert(s->step == 1);
	struct scram_verifier *v = &s->verifier;
	uint8_t client_key[KEY], signature[KEY];
	char room[2 * (sizeof s->gs2 + SCRAM_BINDING_MAX)];
	struct strbuf binding = {room, 0, sizeof room, NULL, false};
	s->step = 2;
	TRY(client_parse_first(s, message, err));
	put_binding(s, &binding);
	assert(binding.data == room);
	int n = snprintf(s->final_bare, sizeof s->final_bare, "c=%.*s,r=%s", (int)binding.size, binding.data, s->nonce);
	if (n < 0 || (size_t)n >= sizeof s->final_bare)
		return malformed(err, "The nonce is too long.");
	if (!salt_password(password, v->salt, v->salt_size, v->iterations, s->salted)
		|| !derive(s->salted, v->stored_key, v->server_key) || !hmac(s->salted, STR("Client Key"), client_key)
		|| !sign(s, v->stored_key, signature))
		return digest_failed(err);
	for (unsigned i = 0; i < KEY; i++)
		client_key[i] ^= signature[i];
	strbuf_printf(out, "%s,p=", s->final_bare);
	base64_put(out, client_key, KEY);
	OPENSSL_cleanse(client_key, sizeof client_key);
	return strbuf_status(out, err);
}

enum status scram_client_verify(struct scram *s, struct str message, struct error *err)
{
	assert(s->step == 2);
	uint8_t signature[KEY], got[KEY];
	struct str value;
	s->step = 3;
	if (attribute(&message, 'e', &value))
		return ERR(err, E_AUTHENTICATION_FAILED, "authentication failed: %.*s",
			(int)(value.size < 200 ? value.size : 200), value.data);
	if (!attribute(&message, 'v', &value) || !decode_exactly(value, got, KEY))
		return malformed(err, "The server's signature is missing or not 32 bytes.");
	if (!sign(s, s->verifier.server_key, signature))
		return digest_failed(err);
	if (CRYPTO_memcmp(signature, got, KEY) != 0)
		return ERR(err, E_AUTHENTICATION_FAILED, "the server does not know the password: its signature is wrong");
	return OK;
}

void scram_wipe(struct scram *s)
{
	OPENSSL_cleanse(s, sizeof *s);
}
