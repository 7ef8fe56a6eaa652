// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_EVAL_H
#define FUNC_EVAL_H
/*
 * Evaluation context: what a running expression may look at. One per task; not shared between threads.
 *
 * Everything that a value may depend on besides its arguments is here and nowhere else: the statement's clock (now() is
 * one instant per statement), zone, dialect, session facts. A function allocates vectors under `track` and short-lived
 * control memory in `scratch`, which is reset after each batch.
 */
#include "column/value.h"
#include "parse/dialect.h"

/* What belongs to the statement: shared, read-only while it runs. */
struct eval_session {
	enum dialect dialect;
	const struct timezone *tz;      /* session_timezone */
	int64_t now_ns;                 /* statement start, wall clock */
	int64_t transaction_ns;         /* transaction start: PostgreSQL's now() */
	struct str database, user, query_id, host_name, client_address, search_path;
	uint32_t process_id;            /* pg_backend_pid() */
	int8_t extra_float_digits;
	const struct value_options *text; /* how values are spelled by casts to String */
	uint64_t random_seed;
	/* Answers functions that look into other rooms (currentSetting, pg_get_expr, regclass names, nextval …): set by plan.
	 * */
	const struct eval_services *services;
	void *services_arg;
};

/* What eval_services.advisory does: takes a lock, or with one of the last two gives back one or all of the session. */
enum advisory {
	ADVISORY_SHARED = 1, ADVISORY_TRANSACTION = 2, ADVISORY_PAIR = 4, ADVISORY_RELEASE = 8, ADVISORY_ALL = 16
};

/* Calls upward: the room that has the answer registers it. Each fills an arena string; E_* on failure. */
struct eval_services {
	enum status (*setting)(void *arg, struct str name, struct arena *a, struct str *value, struct error *err);
	/* Bool, UInt64, Int64, Float64 or String; NULL: there is no such setting */
	const struct type *(*setting_type)(struct str name);
	enum status (*set_setting)(void *arg, struct str name, struct str value, bool local, struct error *err);
	/* object name -> oid (regclass, regtype, regproc, regnamespace by face) and back; oid 0 = unknown */
	enum status (*oid_of)(void *arg, enum face face, struct str name, uint32_t *oid, struct error *err);
	enum status (*name_of)(void *arg, enum face face, uint32_t oid, struct arena *a, struct str *name, struct error *err);
	/* catalog text functions by name: pg_get_viewdef, pg_get_indexdef, …: arg numbers as integers; NULL result = SQL NULL
	 * */
	enum status (*catalog_text)(void *arg, struct str function, const int64_t *args, uint32_t n, struct arena *a,
	                            struct str *text, bool *is_null, struct error *err);
	/* *done false: another session has the lock; of a release: it was not held */
	enum status (*advisory)(void *arg, unsigned what, uint64_t key, bool *done, struct error *err);
	enum status (*sequence)(void *arg, struct str name, int operation, int64_t value, int64_t *out, struct error *err);
};

struct eval {
	const struct eval_session *session;
	struct memtrack *track;
	struct arena *scratch;
	struct error *err;
	uint64_t random;                /* state of this task's generator */
	uint64_t row_base;              /* rows of this task before the batch: rowNumberInAllBlocks */
	const uint64_t *skip;           /* rows (bits) whose values do not matter: an error there is none; NULL: none */
	const struct vector *const *const *captures; /* of the running call, per lambda argument: its captured columns */
	void *runner;                   /* exec's worker: correlated subqueries run in it; NULL where none may */
	const _Atomic bool *cancelled;  /* polled by functions that may take long on one batch */
};

#endif
