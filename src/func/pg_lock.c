// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's advisory locks: pg_advisory_lock() and its kin. */
#include <time.h>

#include "func/str_impl.h"

enum { WAIT_NS = 5000000 };

/* What a row's name says: try, xact, shared, unlock, all. */
static unsigned what_of(const char *name)
{
	unsigned what = strstr(name, "shared") != NULL ? ADVISORY_SHARED : 0;
	what |= strstr(name, "xact") != NULL ? ADVISORY_TRANSACTION : 0;
	what |= strstr(name, "unlock") != NULL ? ADVISORY_RELEASE : 0;
	return what | (strstr(name, "_all") != NULL ? ADVISORY_ALL : 0);
}

static enum status change_lock(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t row,
                               bool *done)
{
	const struct eval_session *s = e->session;
	const char *name = c->function->name;
	unsigned what = what_of(name);
	uint64_t key = 0;
	if (s->services == NULL || s->services->advisory == NULL)
		return ERR(e->err, E_NOT_IMPLEMENTED, "advisory locks cannot be used here");
	for (uint32_t i = 0; i < c->arg_count; i++) {
		struct i64_arg a = i64_arg(args[i]);
		uint64_t v = (uint64_t)i64_arg_at(&a, row);
		key = c->arg_count == 1 ? v : key << 32 | (v & UINT32_MAX);
	}
	if (c->arg_count == 2)
		what |= ADVISORY_PAIR;
	bool waits = strstr(name, "_try_") == NULL && !(what & ADVISORY_RELEASE);
	for (;;) {
		TRY(s->services->advisory(s->services_arg, what, key, done, e->err));
		if (*done || !waits)
			return OK;
		if (e->cancelled != NULL && atomic_load_explicit(e->cancelled, memory_order_relaxed))
			return ERR(e->err, E_CANCELLED, "canceling statement due to user request");
		nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
	}
}

static enum status exec_lock(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool done = true;
		if (!eval_skips(e, i))
			s = change_lock(c, e, args, i, &done);
		if (c->result->id == TYPE_BOOL)
			((uint8_t *)v->data)[i] = done;
		else
			((struct strview *)v->data)[i] = strview_make("", 0);
	}
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	*out = v;
	return OK;
}

static enum status bind_lock(struct bind_env *env, struct call *c)
{
	const char *name = c->function->name;
	bool truth = strstr(name, "_try_") != NULL || (strstr(name, "unlock") != NULL && strstr(name, "_all") == NULL);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_count == 2 && type_physical(c->arg_types[i]) == PHYS_NONE)
			return call_bad_type(env, c, i);
	c->result = truth ? type_simple(TYPE_BOOL) : type_with_face(env->arena, type_simple(TYPE_STRING), FACE_VOID, -1);
	return OK;
}

#define LOCK_ROW(row_name, pattern, text) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, .args = pattern, \
	 .bind = bind_lock, .exec = exec_lock, .description = text}

static const struct function rows[] = {
	LOCK_ROW("pg_advisory_lock", "JJ?", "Waits for a lock of the session."),
	LOCK_ROW("pg_advisory_lock_shared", "JJ?", "Waits for a shared lock of the session."),
	LOCK_ROW("pg_advisory_unlock", "JJ?", "Gives back a lock of the session; whether there was one."),
	LOCK_ROW("pg_advisory_unlock_all", "", "Gives back all locks of the session."),
	LOCK_ROW("pg_advisory_unlock_shared", "JJ?", "Gives back a shared lock of the session; whether there was one."),
	LOCK_ROW("pg_advisory_xact_lock", "JJ?", "Waits for a lock of the transaction."),
	LOCK_ROW("pg_advisory_xact_lock_shared", "JJ?", "Waits for a shared lock of the transaction."),
	LOCK_ROW("pg_try_advisory_lock", "JJ?", "Takes a lock of the session if it is free."),
	LOCK_ROW("pg_try_advisory_lock_shared", "JJ?", "Takes a shared lock of the session if it is free."),
	LOCK_ROW("pg_try_advisory_xact_lock", "JJ?", "Takes a lock of the transaction if it is free."),
	LOCK_ROW("pg_try_advisory_xact_lock_shared", "JJ?", "Takes a shared lock of the transaction if it is free."),
};

FUNCTION_FAMILY(pg_lock, "PostgreSQL's advisory locks");
