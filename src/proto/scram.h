// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_SCRAM_H
#define PROTO_SCRAM_H
/*
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677): both ends of the exchange, and the verifier that a server
 * keeps instead of a password. Bytes only; the messages travel in PostgreSQL's SASL messages or elsewhere.
 *
 *   client                                server
 *   scram_client_first  --- n,,n=,r=… -->  scram_server_first
 *   scram_client_final  <-- r=…,s=…,i= --
 *                       --- c=,r=,p=… -->  scram_server_final
 *   scram_client_verify <-- v=…       ---
 *
 * The exchange proves knowledge of the password without sending it. An unknown user gets a mock verifier, derived from
 * the name and a secret of the server, so that the answers do not tell who exists. Comparisons take the same time
 * whatever the bytes. The user name in the messages is ignored, as PostgreSQL does: the protocol around has named the
 * user already. Passwords are prepared by SASLprep's mapping and NFKC where they are not ASCII; where that is
 * impossible they are taken as they are.
 */
#include "base/strbuf.h"

#define SCRAM_MECHANISM "SCRAM-SHA-256"
#define SCRAM_MECHANISM_PLUS "SCRAM-SHA-256-PLUS"

enum { SCRAM_KEY_BYTES = 32, SCRAM_SALT_BYTES = 16, SCRAM_SALT_MAX = 64, SCRAM_ITERATIONS = 4096,
	SCRAM_ITERATIONS_MAX = 10000000, SCRAM_MESSAGE_MAX = 1024, SCRAM_PASSWORD_MAX = 1024, SCRAM_BINDING_MAX = 64 };

struct scram_verifier {
	uint32_t iterations;
	uint32_t salt_size;
	uint8_t salt[SCRAM_SALT_MAX];
	uint8_t stored_key[SCRAM_KEY_BYTES];
	uint8_t server_key[SCRAM_KEY_BYTES];
	bool mock; /* no password fits */
};

/* Text form: SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>, the binary parts in base64. */
bool scram_verifier_parse(struct str text, struct scram_verifier *v);
void scram_verifier_put(struct strbuf *b, const struct scram_verifier *v);
/* From a password; iterations 1 to SCRAM_ITERATIONS_MAX. scram_verifier_new takes a random salt and 4,096 rounds. */
enum status scram_verifier_make(struct str password, const uint8_t *salt, uint32_t salt_size, uint32_t iterations,
	struct scram_verifier *out, struct error *err) MUST_CHECK;
enum status scram_verifier_new(struct str password, struct scram_verifier *out, struct error *err) MUST_CHECK;
/* For a user that does not exist: the same name gives the same salt. `secret`: random, kept by the server. */
enum status scram_verifier_mock(struct str user, struct str secret, struct scram_verifier *out, struct error *err)
	MUST_CHECK;
/* Whether a password sent in clear (HTTP Basic) is the one. Costs `iterations` rounds, whatever the outcome. */
bool scram_verifier_check(const struct scram_verifier *v, struct str password);

/* Messages that go into the signature, and the nonces. Zero it before use, wipe it with scram_wipe after. */
struct scram {
	struct scram_verifier verifier;           /* server */
	uint8_t binding[SCRAM_BINDING_MAX];       /* tls-server-end-point: the hash of the certificate */
	uint32_t binding_size;                    /* 0: no channel binding (server: not offered) */
	uint8_t salted[SCRAM_KEY_BYTES];          /* client, after its final message */
	char nonce[SCRAM_MESSAGE_MAX];            /* client's, then client's and server's */
	char first_bare[SCRAM_MESSAGE_MAX], server_first[SCRAM_MESSAGE_MAX], final_bare[SCRAM_MESSAGE_MAX];
	char gs2[64];                             /* the header of the client's first message */
	uint8_t step;                             /* messages done */
};

/*
 * Server. `plus`: the client chose SCRAM-SHA-256-PLUS. `nonce`: NULL for a random one; a test gives its own. Malformed
 * messages are E_PROTOCOL. A wrong proof or mock verifier is E_AUTHENTICATION_FAILED and writes nothing.
 */
void scram_server_init(struct scram *s, const struct scram_verifier *v, struct str binding);
enum status scram_server_first(struct scram *s, struct str message, bool plus, const char *nonce, struct strbuf *out,
	struct error *err) MUST_CHECK;
enum status scram_server_final(struct scram *s, struct str message, struct strbuf *out, struct error *err) MUST_CHECK;

/*
 * Client. With a binding it uses SCRAM-SHA-256-PLUS. `user` may be empty. A server that asks for more than the maximum
 * of rounds is refused.
 */
void scram_client_init(struct scram *s, struct str binding);
enum status scram_client_first(struct scram *s, struct str user, const char *nonce, struct strbuf *out,
	struct error *err) MUST_CHECK;
enum status scram_client_final(struct scram *s, struct str message, struct str password, struct strbuf *out,
	struct error *err) MUST_CHECK;
/* E_AUTHENTICATION_FAILED when the server does not know the password either. */
enum status scram_client_verify(struct scram *s, struct str message, struct error *err) MUST_CHECK;

void scram_wipe(struct scram *s);

#endif
