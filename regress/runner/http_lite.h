// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_RUNNER_HTTP_LITE_H
#define REGRESS_RUNNER_HTTP_LITE_H
/*
 * The tests' own HTTP/1.1 client: one kept connection, POST, chunked answers, a deadline. It shares no code with the
 * server, so that both cannot be wrong in the same way.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/strbuf.h"

struct http_lite {
	const char *host;
	int port, fd;               /* fd -1: not connected */
	int64_t deadline_ms;        /* of clock_ms(); what waits longer fails */
};

struct http_answer {
	int status;                 /* 0: no answer */
	struct strbuf head, body;
};

int64_t clock_ms(void);
void http_lite_init(struct http_lite *h, const char *host, int port);
void http_lite_fini(struct http_lite *h);
/* POSTs `body` to `path`. False, with a reason in *why, where no whole answer came back. The answer's buffers are
 * initialised by the caller and overwritten. */
bool http_lite_post(struct http_lite *h, const char *path, struct str body, struct http_answer *out, const char **why);
/* The value of a header, or an empty str. */
struct str http_answer_header(const struct http_answer *a, const char *name);
/* Percent-encodes for a query string. */
void url_encode(struct strbuf *out, struct str s);

#endif
