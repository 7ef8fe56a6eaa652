// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_PGCLIENT_H
#define PROTO_PGCLIENT_H
/*
 * PostgreSQL's protocol 3.0, the client's end: requests are encoded, the server's answers decoded. For our own
 * connections to other servers (table functions, the client program, tests). See pgproto.h for the rules of borrowing
 * and of incremental decoding, which are the same here.
 *
 * connect:   pgclient_put_ssl_request, one byte back; pgclient_put_startup; answer PG_AUTH until PG_AUTH_OK;
 *            PG_PARAMETER_STATUS and PG_KEY_DATA until PG_READY
 */
#include "proto/pgproto.h"

/* Backend messages; the values are their type bytes. */
enum pg_answer_type {
	PG_AUTH = 'R',
	PG_BIND_COMPLETE = '2',
	PG_CLOSE_COMPLETE = '3',
	PG_COMMAND_COMPLETE = 'C',
	PG_COPY_BOTH = 'W',
	PG_COPY_IN = 'G',
	PG_COPY_OUT = 'H',
	PG_DATA_ROW = 'D',
	PG_EMPTY_QUERY = 'I',
	PG_ERROR_ANSWER = 'E',
	PG_FUNCTION_RESULT = 'V',
	PG_KEY_DATA = 'K',
	PG_NEGOTIATE = 'v',
	PG_NO_DATA = 'n',
	PG_NOTICE_ANSWER = 'N',
	PG_NOTIFICATION = 'A',
	PG_OUT_DATA = 'd', /* CopyData and CopyDone travel both ways */
	PG_OUT_DONE = 'c',
	PG_PARAMETER_DESCRIPTION = 't',
	PG_PARAMETER_STATUS = 'S',
	PG_PARSE_COMPLETE = '1',
	PG_PORTAL_SUSPENDED = 's',
	PG_READY = 'Z',
	PG_ROW_DESCRIPTION = 'T',
};

/* What PG_AUTH asks for; other codes are passed on as their number. */
enum { PG_AUTH_OK = 0, PG_AUTH_CLEARTEXT = 3, PG_AUTH_MD5 = 5, PG_AUTH_SASL = 10, PG_AUTH_SASL_CONTINUE = 11,
	PG_AUTH_SASL_FINAL = 12 };

struct pg_answer {
	enum pg_answer_type type;
	union {
		struct {
			uint32_t code;
			struct str data;          /* SASL data; for PG_AUTH_SASL the mechanisms: pgclient_offers */
		} auth;
		struct {
			struct str name, value;
		} parameter;
		struct {
			int32_t process_id;
			struct str key;
		} key;
		struct {
			uint16_t minor;
			uint32_t option_count;
		} negotiate;
		struct {
			int32_t process_id;
			struct str channel, payload;
		} notification;
		enum pg_transaction ready;
		struct str tag;               /* PG_COMMAND_COMPLETE */
		struct pg_walk fields;        /* PG_ROW_DESCRIPTION: pgclient_field_next */
		struct pg_walk values;        /* PG_DATA_ROW, PG_FUNCTION_RESULT (one): pg_value_next */
		struct pg_walk types;         /* PG_PARAMETER_DESCRIPTION: pg_oid_next */
		struct pg_walk problem;       /* PG_ERROR_ANSWER, PG_NOTICE_ANSWER: pgclient_problem_next */
		struct {
			int8_t format;            /* of the whole, 0 text or 1 binary */
			struct pg_formats columns;
		} copy;                       /* PG_COPY_IN, _OUT, _BOTH */
		struct str data;              /* PG_OUT_DATA */
	};
};

/* As pg_next_message; failures of framing and of bodies alike mean that the connection is lost. `limit` bounds all. */
enum status pgclient_next(struct str buffered, size_t limit, struct pg_answer *out, size_t *consumed, size_t *need,
	struct error *err) MUST_CHECK;

bool pgclient_field_next(struct pg_walk *w, struct pg_field *field);
/* One field of an error or notice: its letter and text. */
bool pgclient_problem_next(struct pg_walk *w, char *field, struct str *text);
/*
 * Turns an error answer into `err` and returns its status: the first row of errors.def with that SQLSTATE, else
 * E_NETWORK. The message is "<who>: <text>", and detail, hint, context and names are kept.
 */
enum status pgclient_error(const struct pg_answer *a, const char *who, struct error *err);
/* Whether a PG_AUTH_SASL offers this mechanism. */
bool pgclient_offers(const struct pg_answer *a, const char *mechanism);

void pgclient_put_ssl_request(struct strbuf *b);
void pgclient_put_cancel(struct strbuf *b, int32_t process_id, struct str key);
struct pg_parameter {
	struct str name, value;
};
/* "user" is among the parameters. */
void pgclient_put_startup(struct strbuf *b, const struct pg_parameter *parameters, size_t count);
void pgclient_put_password(struct strbuf *b, struct str password);
void pgclient_put_sasl_initial(struct strbuf *b, const char *mechanism, struct str response);
void pgclient_put_sasl_response(struct strbuf *b, struct str response);

void pgclient_put_query(struct strbuf *b, struct str query);
void pgclient_put_parse(struct strbuf *b, struct str statement, struct str query, const uint32_t *oids, uint16_t count);
/* Values with data NULL are null. `value_format` is that of all values, `result_format` of all columns. */
void pgclient_put_bind(struct strbuf *b, struct str portal, struct str statement, const struct str *values,
	uint16_t count, int16_t value_format, int16_t result_format);
/* `what`: 'S' statement, 'P' portal. */
void pgclient_put_describe(struct strbuf *b, char what, struct str name);
void pgclient_put_close(struct strbuf *b, char what, struct str name);
/* row_limit 0: all. */
void pgclient_put_execute(struct strbuf *b, struct str portal, uint32_t row_limit);
void pgclient_put_flush(struct strbuf *b);
void pgclient_put_sync(struct strbuf *b);
void pgclient_put_terminate(struct strbuf *b);
void pgclient_put_copy_fail(struct strbuf *b, struct str reason);
void pgclient_put_call(struct strbuf *b, uint32_t function, const struct str *values, uint16_t count, int16_t format);
/* CopyData and CopyDone: pg_put_copy_data, pg_put_copy_done. */

#endif
