// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_PGPROTO_H
#define PROTO_PGPROTO_H
/*
 * PostgreSQL's frontend/backend protocol 3.0, the server's end: what a client sends is decoded, what a server says is
 * encoded. pgclient.h is the other end.
 *
 * Bytes only: no socket, no state. Decoding is incremental over the bytes received so far. A decoded message borrows
 * that input and is valid until the caller moves or drops it. A message that was decoded has been checked as a whole,
 * so walking its parts cannot fail. Encoders append to a strbuf and never fail by themselves: the writer asks
 * strbuf_status() once per flush.
 *
 *   after the start:   type (1)  length (4, itself included)  body        startup:   length (4)  code (4)  body
 *
 * Versions: 3.0; a client that asks for 3.n or `_pq_.` options is answered by pg_put_negotiate and goes on with 3.0.
 */
#include "proto/pgrow.h"

/* What the first packets of a connection may be. */
enum pg_startup_kind { PG_STARTUP_PARAMETERS, PG_STARTUP_SSL, PG_STARTUP_GSSENC, PG_STARTUP_CANCEL };

/* The rest of a checked message, consumed by the pg_*_next functions. A copy restarts the walk. */
struct pg_walk {
	const uint8_t *at;
	unsigned left; /* elements; for startup parameters and error fields: bytes */
};

struct pg_startup {
	enum pg_startup_kind kind;
	uint16_t major, minor;       /* PARAMETERS */
	struct pg_walk parameters;   /* PARAMETERS: pg_parameter_next */
	int32_t process_id;          /* CANCEL */
	struct str key;              /* CANCEL: 4 bytes from a 3.0 client */
};

/* Frontend messages; the values are their type bytes. */
enum pg_message_type {
	PG_BIND = 'B',
	PG_CLOSE = 'C',
	PG_COPY_DATA = 'd',
	PG_COPY_DONE = 'c',
	PG_COPY_FAIL = 'f',
	PG_DESCRIBE = 'D',
	PG_EXECUTE = 'E',
	PG_FLUSH = 'H',
	PG_FUNCTION_CALL = 'F',
	PG_PARSE = 'P',
	PG_PASSWORD = 'p', /* also GSS and SASL answers: by the state of the authentication */
	PG_QUERY = 'Q',
	PG_SYNC = 'S',
	PG_TERMINATE = 'X',
};

/* Format codes as Bind gives them: none (all text), one for all, or one each. Values other than 0 and 1 are passed on:
 * PostgreSQL answers them with 22023 when it uses them. */
struct pg_formats {
	const uint8_t *codes;
	uint16_t count;
};

enum { PG_FORMAT_TEXT = 0, PG_FORMAT_BINARY = 1 };

struct pg_message {
	enum pg_message_type type;
	union {
		struct str query;                  /* PG_QUERY */
		struct {
			struct str statement, query;   /* statement: empty is the unnamed one */
			struct pg_walk types;          /* OIDs, 0 unspecified: pg_oid_next */
		} parse;
		struct {
			struct str portal, statement;
			struct pg_formats formats;     /* of the values; count is 0, 1 or that of the values */
			struct pg_walk values;         /* pg_value_next */
			struct pg_formats results;
		} bind;
		struct {
			char what;                     /* 'S' statement or 'P' portal, nothing else */
			struct str name;
		} target;                          /* PG_DESCRIBE, PG_CLOSE */
		struct {
			struct str portal;
			uint32_t row_limit;            /* 0: all; negative limits arrive here as 0 */
		} execute;
		struct {
			uint32_t function;
			struct pg_formats formats;
			struct pg_walk values;
			int16_t result_format;
		} call;
		struct str data;                   /* PG_COPY_DATA; PG_PASSWORD: the whole body */
		struct str reason;                 /* PG_COPY_FAIL */
	};
};

/*
 * Decodes the next startup packet or message at the start of `buffered`.
 *   OK, *consumed > 0   `out` is filled; drop that many bytes when done with it
 *   OK, *consumed == 0  incomplete; *need says how many bytes the whole takes, as far as known
 *   error, *consumed > 0   the body is malformed but its end is known: answer ERROR, skip to Sync, go on
 *   error, *consumed == 0  framing is lost (bad length, unknown type): answer FATAL and close
 * `limit` bounds the body of the message kinds that may be long (Q P B F d p); the others are bounded by 10,000 bytes.
 */
enum { PG_STARTUP_BYTES_MAX = 10000, PG_SMALL_MESSAGE_MAX = 10000, PG_AUTH_MESSAGE_MAX = 65535 };
enum status pg_next_startup(struct str buffered, struct pg_startup *out, size_t *consumed, size_t *need,
	struct error *err) MUST_CHECK;
enum status pg_next_message(struct str buffered, size_t limit, struct pg_message *out, size_t *consumed, size_t *need,
	struct error *err) MUST_CHECK;

/* Each gives the next element and true, or false at the end. A null value has data NULL. */
bool pg_parameter_next(struct pg_walk *w, struct str *name, struct str *value);
bool pg_oid_next(struct pg_walk *w, uint32_t *oid);
bool pg_value_next(struct pg_walk *w, struct str *value);

/* Format of element `i`; count 0 means text, count 1 one for all. i must be below a count that is larger than 1. */
static inline int16_t pg_format_of(struct pg_formats f, unsigned i)
{
	if (f.count == 0)
		return PG_FORMAT_TEXT;
	const uint8_t *p = f.codes + 2 * (f.count == 1 ? 0 : i);
	return (int16_t)(p[0] << 8 | p[1]);
}

/* What a PG_PASSWORD body holds. */
enum status pg_password_text(struct str body, struct str *password, struct error *err) MUST_CHECK;
/* SASLInitialResponse: response.data is NULL where the client sent none. A SASLResponse is the body as it is. */
enum status pg_sasl_initial(struct str body, struct str *mechanism, struct str *response, struct error *err) MUST_CHECK;

/* Answers to SSLRequest and GSSENCRequest are one byte without a header. */
enum { PG_SSL_YES = 'S', PG_SSL_NO = 'N' };

/* Authentication. SASL mechanisms in order of preference; data of the continue and final steps comes from scram.h. */
void pg_put_auth_ok(struct strbuf *b);
void pg_put_auth_cleartext(struct strbuf *b);
void pg_put_auth_sasl(struct strbuf *b, const char *const *mechanisms, size_t count);
void pg_put_auth_sasl_continue(struct strbuf *b, struct str data);
void pg_put_auth_sasl_final(struct strbuf *b, struct str data);
/* The newest minor version that is spoken, and the `_pq_.` options that are not known. */
void pg_put_negotiate(struct strbuf *b, uint16_t minor, const struct str *options, size_t count);

/* Session. Names and texts must not hold NUL: they are cut there. */
void pg_put_parameter_status(struct strbuf *b, struct str name, struct str value);
void pg_put_key_data(struct strbuf *b, int32_t process_id, struct str key);
enum pg_transaction { PG_IDLE = 'I', PG_IN_TRANSACTION = 'T', PG_IN_FAILED_TRANSACTION = 'E' };
void pg_put_ready(struct strbuf *b, enum pg_transaction state);
void pg_put_notification(struct strbuf *b, int32_t process_id, struct str channel, struct str payload);

/*
 * ErrorResponse (FATAL, ERROR) or NoticeResponse (the others) with fields S V C M D H P W s t c n F L, where set. The
 * SQLSTATE is the status's; a status of OK gives 01000 for WARNING and 00000 below it. Bytes that are not UTF-8 appear
 * as \xHH.
 */
enum pg_severity { PG_FATAL, PG_ERROR, PG_WARNING, PG_NOTICE, PG_DEBUG, PG_INFO, PG_LOG };
void pg_put_error(struct strbuf *b, enum pg_severity severity, const struct error *e);
/* The same with another SQLSTATE than the status's row gives (five characters). */
void pg_put_error_state(struct strbuf *b, enum pg_severity severity, const struct error *e, const char *sqlstate);

/* Results: RowDescription is begin, one field per column, end. */
struct pg_field {
	struct str name;
	uint32_t table_oid;   /* 0: no column of a table */
	int16_t attribute;    /* number in that table */
	uint32_t type_oid;
	int16_t type_size;    /* -1: of varying size */
	int32_t type_modifier; /* -1: none */
	int16_t format;
};
void pg_put_row_description(struct strbuf *b, const struct pg_field *fields, uint16_t count);
void pg_put_parameter_description(struct strbuf *b, const uint32_t *oids, uint16_t count);
void pg_put_command_complete(struct strbuf *b, struct str tag);
void pg_put_no_data(struct strbuf *b);
void pg_put_parse_complete(struct strbuf *b);
void pg_put_bind_complete(struct strbuf *b);
void pg_put_close_complete(struct strbuf *b);
void pg_put_portal_suspended(struct strbuf *b);
void pg_put_empty_query(struct strbuf *b);

/* COPY: direction 'G' (in), 'H' (out) or 'W' (both); the format is the same for all columns. */
void pg_put_copy_response(struct strbuf *b, char direction, int16_t format, uint16_t columns);
void pg_put_copy_data(struct strbuf *b, struct str data);
void pg_put_copy_done(struct strbuf *b);

#endif
