// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_HTTP_HTTP_IMPL_H
#define WIRE_HTTP_HTTP_IMPL_H
/* What the files of the HTTP interface share. */
#include <stdatomic.h>

#include "format/format.h"
#include "base/buffer.h"
#include "proto/http.h"
#include "proto/httpenc.h"
#include "proto/httpform.h"
#include "wire/http/httpconn.h"

#define HTTP_VERSION_TEXT "25.8.1.1"

struct httpconn {
	struct httpconn_config config;
	struct arena arena;            /* one request */
	_Atomic(struct session *) running; /* whose statement a hang-up cancels */
	bool close;                    /* after this request */
};

/* One request on its way through. */
struct exchange {
	struct httpconn *conn;
	struct http_request request;
	struct http_body body;
	/* where the statement comes from */
	struct http_pair *params;      /* URL, then form fields */
	size_t param_count, param_capacity;
	size_t form_from;              /* the first of a multipart form; param_count before there is one */
	struct strmap named;           /* param_x: text */
	struct str query;              /* statement text; the body follows as data */
	bool body_is_data;             /* the body was not (wholly) read as text */
	struct strbuf text;            /* holds `query` */
	size_t body_text_at;           /* where the body's bytes begin in text */
	/* body decoding: HTTP framing, then Content-Encoding, then decompress=1 frames */
	struct decoder *decoder;
	struct strbuf decoded, frame_in;
	struct str raw_left, text_rest; /* not yet decoded; read as text behind the statement */
	size_t frame_at;
	struct buffer *frame_block;
	bool decompress, raw_ended, body_ended;
	/* the session */
	struct session *session;
	bool named_session;
	unsigned session_timeout;
	struct str query_id, user, password, database;
	/* the answer */
	struct str format;
	struct format_options options;
	const char *content_type;
	struct encoder *encoder;
	enum coding coding;
	bool compress, wait_end, is_head;
	bool head_open;                /* the head has begun: progress headers may follow, the status is decided */
	bool head_sent;
	bool answered;                 /* a failure has been told already */
	bool cors;
	char tag[17];                  /* announces the exception block of a late failure; empty: none may come */
	struct statement *running;     /* whose progress the ticks tell */
	int64_t progress_interval_us, progress_last_us; /* 0: no progress headers */
	struct strbuf out, coded, framed;
};

/* httpread.c: the body's data, decoded; size 0 at the end. */
enum status exchange_read(void *arg, struct str *chunk, struct error *err) MUST_CHECK;
/* httpexternal.c: whether this parameter belongs to external data; the tables of that data. */
bool exchange_is_external(const struct exchange *x, struct str name);
enum status exchange_external(struct exchange *x, struct error *err) MUST_CHECK;
/* httpanswer.c */
/* The head of an answer with status 200; its format and content_type are set. */
enum status answer_begin(struct exchange *x, struct statement *st, struct error *err) MUST_CHECK;
enum status answer_flush(struct exchange *x, bool end, struct error *err) MUST_CHECK;
/* A tick of the running statement: a progress header when it is time for one. */
void answer_progress(void *exchange);
void answer_error(struct exchange *x, const struct error *e);
/* The error as clients parse it, with a line feed. */
void error_text(const struct error *e, struct strbuf *to);
enum status answer_simple(struct exchange *x, unsigned status, struct str text, struct error *err) MUST_CHECK;

enum status http_sessions_take(struct http_sessions *t, struct instance *i, const struct session_config *config,
                               struct str id, bool must_exist, struct session **out, struct error *err) MUST_CHECK;
void http_sessions_give_back(struct http_sessions *t, struct session *s, unsigned timeout_seconds);

#endif
