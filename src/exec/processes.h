// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_PROCESSES_H
#define EXEC_PROCESSES_H
/*
 * What runs and what ran: the rows of system.processes, pg_stat_activity and system.query_log. Sessions write, system
 * tables read; thread safe.
 */
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

enum { PROCESS_TEXT_MAX = 1024 };

struct process {
	uint32_t session_id;
	char user[64], database[64], client_address[64], application[64], query_id[64];
	const char *interface;
	char query[PROCESS_TEXT_MAX];
	int64_t backend_start_us, query_start_us, state_change_us, transaction_start_us; /* wall clock; 0: none */
	bool active;
	bool is_postgresql;
	char transaction_status;           /* I, T, E */
	uint64_t read_rows, read_bytes, total_rows, written_rows, written_bytes;
	int64_t memory_bytes, peak_memory_bytes;
};

/* Calls fn with a copy of every session's row. */
struct instance;
void processes_each(struct instance *i, void (*fn)(void *arg, const struct process *p), void *arg);
/* Cancels the statement with this query id, or of this session (id 0: by query id); false when there is none. */
bool process_cancel(struct instance *i, struct str query_id, uint32_t session_id, enum status reason);

enum query_log_type { QUERY_START = 1, QUERY_FINISH, QUERY_EXCEPTION_BEFORE_START, QUERY_EXCEPTION };

struct query_log_entry {
	enum query_log_type type;
	int64_t event_us, start_us, duration_us;
	uint64_t read_rows, read_bytes, written_rows, written_bytes, result_rows, result_bytes, memory_bytes;
	char database[64], user[64], query_id[64], client_address[64], kind[32];
	char query[PROCESS_TEXT_MAX];
	int exception_code;
	char exception[512];
	const char *interface;
};

/* Since the server began: what system.events shows. */
struct query_counts {
	uint64_t queries, selects, inserts, failed, failed_selects, failed_inserts, microseconds, read_rows, read_bytes,
		written_rows, written_bytes;
};
void query_counts_add(const struct query_log_entry *e);
void query_counts_read(struct query_counts *out);

/* An error code that has been told to clients; its newest message. */
struct error_count {
	enum status status;
	uint64_t count;
	int64_t last_us;
	char message[256], query_id[64];
};
void error_counts_add(const struct error *e, struct str query_id);
/* Calls fn with a copy of each that occurred. */
void error_counts_each(void (*fn)(void *arg, const struct error_count *e), void *arg);

enum { QUERY_LOG_ENTRIES = 10000 };

/* Keeps the newest QUERY_LOG_ENTRIES. */
void query_log_add(const struct query_log_entry *e);
/* Calls fn with a copy of each, oldest first. */
void query_log_each(void (*fn)(void *arg, const struct query_log_entry *e), void *arg);

/* Mutations that have run since the start, the newest hundred; texts may be cut short. */
struct mutation_entry {
	char database[128], table[128], id[64], command[512];
	int64_t created_us;
};
void mutations_each(void (*fn)(void *arg, const struct mutation_entry *e), void *arg);

#endif
