// SPDX-License-Identifier: Apache-2.0
#ifndef IO_TLS_H
#define IO_TLS_H
/*
 * TLS contexts (OpenSSL): certificate, key and rules that many connections share. TLS 1.2 and later. A context may
 * be used by any thread, and replaced under load: connections keep the one they began with alive.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/str.h"

struct tls_context;
struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

/* A server's from PEM files: the certificate with its chain, and the key. */
enum status tls_server_new(struct tls_context **out, const char *certificate_path, const char *key_path,
                           struct error *err) MUST_CHECK;
/* A server's with a key and a certificate for `name` made on the spot and kept in memory. */
enum status tls_server_self_signed(struct tls_context **out, const char *name, struct error *err) MUST_CHECK;
/* Asks clients for a certificate signed by one in this PEM file; `required` refuses those without. */
enum status tls_server_client_ca(struct tls_context *t, const char *ca_path, bool required,
                                 struct error *err) MUST_CHECK;
/* A client's. `verify`: the server's certificate must be signed by one in ca_path (NULL: the system's) and name the
 * host. */
enum status tls_client_new(struct tls_context **out, bool verify, const char *ca_path, struct error *err) MUST_CHECK;
struct tls_context *tls_ref(struct tls_context *t);
void tls_unref(struct tls_context *t);

bool tls_verifies(const struct tls_context *t);
struct ssl_ctx_st *tls_ssl_ctx(const struct tls_context *t);
/* The hash of the server's certificate for SCRAM's tls-server-end-point (RFC 5929), at most 64 bytes; 0 where there is
 * none. */
size_t tls_end_point_hash(const struct tls_context *t, uint8_t out[64]);
/* Records OpenSSL's last complaint behind `what` and empties its queue. */
enum status tls_fail(const char *what, struct error *err);

#endif
