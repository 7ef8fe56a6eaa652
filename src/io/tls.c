// SPDX-License-Identifier: Apache-2.0
#include "io/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tls_context {
	_Atomic unsigned references;
	SSL_CTX *ctx;
	bool verify;
};

enum status tls_fail(const char *what, struct error *err)
{
	char text[256] = "no details";
	unsigned long code = ERR_peek_last_error();
	if (code != 0)
		ERR_error_string_n(code, text, sizeof text);
	ERR_clear_error();
	return ERR(err, E_NETWORK, "%s: %s", what, text);
}

/* OpenSSL writes with write(), which would raise SIGPIPE where the peer has left. */
static void ignore_sigpipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

static enum status context_new(struct tls_context **out, const SSL_METHOD *method, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, ignore_sigpipe);
	*out = NULL;
	struct tls_context *t = calloc(1, sizeof *t);
	if (t == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a TLS context");
	atomic_init(&t->references, 1);
	t->ctx = SSL_CTX_new(method);
	if (t->ctx == NULL || SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION) != 1) {
		tls_unref(t);
		return tls_fail("cannot create a TLS context", err);
	}
	SSL_CTX_set_mode(t->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
	                             SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(t->ctx, 1);
	*out = t;
	return OK;
}

/* Of what the client offers, the first that one of our listeners speaks; no answer to anything else. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_size, const unsigned char *in,
                           unsigned in_size, void *arg)
{
	static const char *const ours[] = {"postgresql", "http/1.1"};
	for (unsigned i = 0; i < in_size && i + 1u + in[i] <= in_size; i += 1u + in[i])
		for (size_t k = 0; k < ARRAY_COUNT(ours); k++)
			if (in[i] == strlen(ours[k]) && memcmp(in + i + 1, ours[k], in[i]) == 0) {
				*out = in + i + 1;
				*out_size = in[i];
				return SSL_TLSEXT_ERR_OK;
			}
	return SSL_TLSEXT_ERR_NOACK;
}

static enum status server_new(struct tls_context **out, struct error *err)
{
	TRY(context_new(out, TLS_server_method(), err));
	SSL_CTX *ctx = (*out)->ctx;
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
	static const unsigned char id[] = "hanzo-datastore";
	SSL_CTX_set_session_id_context(ctx, id, sizeof id - 1);
	return OK;
}

enum status tls_server_new(struct tls_context **out, const char *certificate_path, const char *key_path,
                           struct error *err)
{
	TRY(server_new(out, err));
	SSL_CTX *ctx = (*out)->ctx;
	char what[512];
	snprintf(what, sizeof what, "cannot use certificate '%s'", certificate_path);
	bool good = SSL_CTX_use_certificate_chain_file(ctx, certificate_path) == 1;
	if (good) {
		snprintf(what, sizeof what, "cannot use key '%s' for certificate '%s'", key_path, certificate_path);
		good = SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(ctx) == 1;
	}
	if (good)
		return OK;
	tls_unref(*out);
	*out = NULL;
	return tls_fail(what, err);
}

static bool add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool good = e != NULL && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	return good;
}

static bool fill_certificate(X509 *x, EVP_PKEY *key, const char *name)
{
	enum { YEARS_10 = 3650 * 24 * 3600 };
	unsigned char serial[8];
	char names[300];
	uint64_t number;
	if (RAND_bytes(serial, sizeof serial) != 1)
		return false;
	memcpy(&number, serial, sizeof number);
	/* an address must not be written as a DNS name */
	bool address = strspn(name, "0123456789.") == strlen(name) || strchr(name, ':') != NULL;
	snprintf(names, sizeof names, "%s:%.200s,DNS:localhost,IP:127.0.0.1,IP:::1", address ? "IP" : "DNS", name);
	X509_NAME *subject = X509_get_subject_name(x);
	return X509_set_version(x, X509_VERSION_3) == 1 &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), number >> 1) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(x), -3600) != NULL &&
	       X509_gmtime_adj(X509_getm_notAfter(x), YEARS_10) != NULL &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(x, subject) == 1 && X509_set_pubkey(x, key) == 1 &&
	       add_extension(x, NID_subject_alt_name, names) && X509_sign(x, key, EVP_sha256()) > 0;
}

enum status tls_server_self_signed(struct tls_context **out, const char *name, struct error *err)
{
	TRY(server_new(out, err));
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	bool good = key != NULL && x != NULL && fill_certificate(x, key, name) &&
	            SSL_CTX_use_certificate((*out)->ctx, x) == 1 && SSL_CTX_use_PrivateKey((*out)->ctx, key) == 1;
	EVP_PKEY_free(key);
	X509_free(x);
	if (good)
		return OK;
	tls_unref(*out);
	*out = NULL;
	return tls_fail("cannot make a self-signed certificate", err);
}

enum status tls_server_client_ca(struct tls_context *t, const char *ca_path, bool required, struct error *err)
{
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(ca_path);
	if (names == NULL || SSL_CTX_load_verify_locations(t->ctx, ca_path, NULL) != 1) {
		char what[512];
		snprintf(what, sizeof what, "cannot use certificate authorities '%s'", ca_path);
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return tls_fail(what, err);
	}
	SSL_CTX_set_client_CA_list(t->ctx, names);
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
	return OK;
}

enum status tls_client_new(struct tls_context **out, bool verify, const char *ca_path, struct error *err)
{
	TRY(context_new(out, TLS_client_method(), err));
	SSL_CTX *ctx = (*out)->ctx;
	(*out)->verify = verify;
	SSL_CTX_set_verify(ctx, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	if (!verify || (ca_path != NULL ? SSL_CTX_load_verify_locations(ctx, ca_path, NULL)
	                                : SSL_CTX_set_default_verify_paths(ctx)) == 1)
		return OK;
	tls_unref(*out);
	*out = NULL;
	return tls_fail("cannot load certificate authorities", err);
}

struct tls_context *tls_ref(struct tls_context *t)
{
	if (t != NULL)
		atomic_fetch_add_explicit(&t->references, 1, memory_order_relaxed);
	return t;
}

void tls_unref(struct tls_context *t)
{
	if (t == NULL || atomic_fetch_sub_explicit(&t->references, 1, memory_order_acq_rel) != 1)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

bool tls_verifies(const struct tls_context *t)
{
	return t->verify;
}

struct ssl_ctx_st *tls_ssl_ctx(const struct tls_context *t)
{
	return t->ctx;
}

size_t tls_end_point_hash(const struct tls_context *t, uint8_t out[64])
{
	X509 *x = SSL_CTX_get0_certificate(t->ctx);
	int digest;
	unsigned size = 0;
	if (x == NULL)
		return 0;
	/* the digest of the certificate's own signature; the RFC replaces those that are too weak */
	if (X509_get_signature_info(x, &digest, NULL, NULL, NULL) != 1 || digest == NID_undef || digest == NID_md5 ||
	    digest == NID_sha1)
		digest = NID_sha256;
	const EVP_MD *md = EVP_get_digestbynid(digest);
	return md != NULL && X509_digest(x, md, out, &size) == 1 ? size : 0;
}
