// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_NATIVE_H
#define PROTO_NATIVE_H
/*
 * ClickHouse's native protocol over TCP, packet level, both ends, revisions 54405 to 54460.
 *
 * Bytes only, incremental, borrowed, as in pgproto.h. A packet is a varuint kind and fields that depend on the
 * revision, which is the smaller of both sides' from the hello on. Packets with a block (DATA, TOTALS, EXTREMES, LOG,
 * PROFILE_EVENTS, SCALAR) end here at the block: its bytes follow without a length, so the Native format, behind
 * compressed frames where the query asked for them (never for LOG and PROFILE_EVENTS), finds its end.
 *
 *   client                                              server
 *   HELLO                                       -->
 *                                               <--     HELLO or EXCEPTION
 *   addendum (from 54458)                       -->
 *   QUERY, DATA (external tables), empty DATA   -->
 *                                               <--     DATA PROGRESS PROFILE_INFO TOTALS EXTREMES LOG PROFILE_EVENTS
 *                                               <--     END_OF_STREAM or EXCEPTION
 *   INSERT: the server's TABLE_COLUMNS and an empty DATA come first; then the client's DATA, the last one empty.
 */
#include "base/strbuf.h"

enum { NATIVE_REVISION = 54460, NATIVE_REVISION_MIN = 54405, NATIVE_STRING_MAX = 1 << 30, NATIVE_NAME_MAX = 65536,
	NATIVE_SETTINGS_MAX = 10000 };

enum native_client_packet {
	NATIVE_HELLO = 0,
	NATIVE_QUERY = 1,
	NATIVE_DATA = 2,
	NATIVE_CANCEL = 3,
	NATIVE_PING = 4,
	NATIVE_TABLES_STATUS = 5, /* not supported yet */
	NATIVE_KEEP_ALIVE = 6,
	NATIVE_SCALAR = 7,
};

enum native_server_packet {
	NATIVE_SERVER_HELLO = 0,
	NATIVE_SERVER_DATA = 1,
	NATIVE_EXCEPTION = 2,
	NATIVE_PROGRESS = 3,
	NATIVE_PONG = 4,
	NATIVE_END_OF_STREAM = 5,
	NATIVE_PROFILE_INFO = 6,
	NATIVE_TOTALS = 7,
	NATIVE_EXTREMES = 8,
	NATIVE_LOG = 10,
	NATIVE_TABLE_COLUMNS = 11,
	NATIVE_PROFILE_EVENTS = 14,
};

struct native_hello {
	struct str name; /* of the program */
	uint64_t major, minor, patch; /* patch: server only */
	uint64_t revision;
	struct str database, user, password;  /* client's */
	struct str timezone, display_name;    /* server's */
};

/* A checked list of settings or parameters: native_setting_next walks it. */
struct native_settings {
	const uint8_t *at;
	unsigned left;
};

enum { NATIVE_SETTING_IMPORTANT = 1, NATIVE_SETTING_CUSTOM = 2 };

struct native_query {
	struct str id;
	uint8_t kind;                          /* 0 none (and nothing else of the client), 1 initial, 2 secondary */
	struct str initial_user, initial_id, initial_address;
	int64_t initial_time_us;
	uint8_t interface;                     /* 1 TCP, 2 HTTP */
	struct str os_user, host, client_name; /* TCP */
	uint64_t client_major, client_minor, client_patch, client_revision;
	struct str quota_key;
	uint64_t distributed_depth;
	bool has_trace;
	uint8_t trace_id[16], trace_flags;
	uint64_t span_id;
	struct str trace_state;
	struct native_settings settings;
	struct str secret;
	uint64_t stage;                        /* 2: complete */
	bool compression;
	struct str text;
	struct native_settings parameters;     /* values are quoted literals */
};

struct native_message {
	enum native_client_packet kind;
	union {
		struct native_hello hello;
		struct native_query query;
		struct str table;                  /* DATA, SCALAR: name, empty for the query's own data; the block follows */
	};
};

/*
 * Decodes the client's next packet; revision 0 before the hello. OK with *consumed 0: incomplete. E_PROTOCOL,
 * E_TOO_MANY_BYTES (a text longer than query_max) or E_NOT_IMPLEMENTED: the connection is lost.
 */
enum status native_next(struct str buffered, uint64_t revision, size_t query_max, struct native_message *out,
	size_t *consumed, struct error *err) MUST_CHECK;
/* The addendum, which has no kind: the quota key. */
enum status native_addendum(struct str buffered, struct str *quota_key, size_t *consumed, struct error *err) MUST_CHECK;
bool native_setting_next(struct native_settings *s, struct str *name, uint64_t *flags, struct str *value);

struct native_progress {
	uint64_t rows, bytes, total_rows, written_rows, written_bytes, elapsed_ns; /* since the last packet */
};

struct native_profile {
	uint64_t rows, blocks, bytes, rows_before_limit;
	bool applied_limit, calculated_rows_before_limit;
};

/* The server's packets. `revision` is the client's. */
void native_put_server_hello(struct strbuf *b, const struct native_hello *h, uint64_t revision);
/* Any packet that carries a block: kind and table name; then comes the block. */
void native_put_block_header(struct strbuf *b, uint64_t kind, struct str table);
/* Code and name from the status's row; the message in ClickHouse's manner, "DB::Exception: …". */
void native_put_exception(struct strbuf *b, const struct error *e);
void native_put_progress(struct strbuf *b, const struct native_progress *p, uint64_t revision);
void native_put_profile_info(struct strbuf *b, const struct native_profile *p);
void native_put_table_columns(struct strbuf *b, struct str table, struct str columns);
void native_put_pong(struct strbuf *b);
void native_put_end_of_stream(struct strbuf *b);

/* BlockInfo, which precedes a block's column and row counts. Decoding as above. */
struct native_block_info {
	bool overflows;
	int32_t bucket; /* -1: none */
};
void native_put_block_info(struct strbuf *b, struct native_block_info info);
enum status native_block_info(struct str buffered, struct native_block_info *out, size_t *consumed, struct error *err)
	MUST_CHECK;

/* The client's packets. */
void native_put_hello(struct strbuf *b, const struct native_hello *h);
void native_put_addendum(struct strbuf *b, struct str quota_key);
struct native_setting {
	struct str name, value;
	uint64_t flags;
};
/* Of `q`, id, client and text fields are used; settings and parameters come as arrays. */
void native_put_query(struct strbuf *b, const struct native_query *q, uint64_t revision,
	const struct native_setting *settings, size_t setting_count, const struct native_setting *parameters,
	size_t parameter_count);
void native_put_ping(struct strbuf *b);
void native_put_cancel(struct strbuf *b);

struct native_answer {
	enum native_server_packet kind;
	union {
		struct native_hello hello;
		struct native_progress progress;
		struct native_profile profile;
		struct {
			int32_t code;
			struct str name, message, trace; /* of the outermost */
		} exception;
		struct {
			struct str table, columns;  /* columns: TABLE_COLUMNS only */
		} data;                         /* and TOTALS, EXTREMES, LOG, PROFILE_EVENTS: the block follows */
	};
};
/* `revision`: ours in the hello, the smaller one after it. */
enum status native_next_answer(struct str buffered, uint64_t revision, struct native_answer *out, size_t *consumed,
	struct error *err) MUST_CHECK;

#endif
