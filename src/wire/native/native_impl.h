// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_NATIVE_NATIVE_IMPL_H
#define WIRE_NATIVE_NATIVE_IMPL_H
/* What the files of the native protocol share. */
#include <stdatomic.h>

#include "base/buffer.h"
#include "format/format.h"
#include "format/native_scan.h"
#include "proto/native.h"
#include "wire/native/nativeconn.h"

/* Blocks of data that come in: packet heads and compression taken off, one whole block a chunk. */
struct native_source {
	struct nativeconn *conn;
	struct strbuf plain;             /* a block behind its frames */
	size_t given;                    /* bytes of the socket's buffer that were handed out and are done with then */
	bool ended;                      /* the empty block has come */
	bool cancelled;
	struct str table;                /* of the newest packet; in the request's arena */
	struct native_scan scan;         /* of the newest block */
};

/* One block as a statement's input. */
struct native_block_input {
	struct str block;
};

struct nativeconn {
	struct nativeconn_config config;
	struct sock *sock;
	struct arena arena;              /* one query */
	struct strbuf out, body;         /* packets to be sent; one block before it is compressed */
	struct error err;
	_Atomic(struct session *) session; /* NULL before the hello */
	uint64_t client_revision;        /* what the client says; 0 before the hello */
	uint32_t revision;               /* the smaller of both */
	bool addendum_due, closed;
	/* the query that runs */
	bool compression;
	struct statement *running;       /* whose progress the ticks tell; NULL: none */
	struct native_progress told;     /* what the client knows */
	int64_t told_us;
	bool answering;                  /* a statement sends rows: ticks may send packets and look for a cancel */
	bool cancelled;                  /* by the client */
};

/* nativeread.c */
/* Waits for the next packet. E_UNEXPECTED_EOF at the end of the stream. */
enum status nativeconn_packet(struct nativeconn *c, struct native_message *out, struct error *err) MUST_CHECK;
void native_source_init(struct native_source *s, struct nativeconn *c);
void native_source_fini(struct native_source *s);
/* The next block, of whatever table; chunk size 0: the empty block that ends them. */
enum status native_source_next(struct native_source *s, struct str *chunk, struct error *err) MUST_CHECK;
/* Two of statement_input's read functions. */
enum status native_source_read(void *source, struct str *chunk, struct error *err) MUST_CHECK;
enum status native_block_read(void *input, struct str *chunk, struct error *err) MUST_CHECK;

/* nativewrite.c */
enum status nativeconn_flush(struct nativeconn *c, struct error *err) MUST_CHECK;
/* A packet with a block: what the writer makes of b, or its columns alone where b is NULL. */
enum status native_put_block(struct nativeconn *c, uint64_t kind, struct format_writer *w, const struct batch *b,
                             struct error *err) MUST_CHECK;
/* The block without columns that ends a stream of them. */
enum status native_put_empty_block(struct nativeconn *c, struct error *err) MUST_CHECK;
/* What has happened since the last time. */
void native_put_progress_since(struct nativeconn *c);
/* A tick of the running statement: progress, and a look for a cancel. */
void native_tick(void *conn);

/* nativequery.c: one query from its packet to the end of its answer. An error here ends the connection. */
enum status native_query_run(struct nativeconn *c, const struct native_query *q, struct error *err) MUST_CHECK;

#endif
