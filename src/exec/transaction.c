// SPDX-License-Identifier: Apache-2.0
/* Transactions of a session: implicit ones around a statement or a group, BEGIN … COMMIT, savepoints. */
#include "base/clock.h"
#include "exec/advisory.h"
#include "exec/session_impl.h"
#include "parse/ast_command.h"
#include "txn/locks.h"

enum status session_txn_open(struct session *s, struct error *err)
{
	if (s->txn == NULL) {
		bool repeatable = str_eq_nocase(settings_text(s->local, SET_default_transaction_isolation), STR("repeatable read"));
		s->txn = txn_begin(s->instance->txns, repeatable ? TXN_REPEATABLE_READ : TXN_READ_COMMITTED);
		if (s->txn == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a transaction");
		s->transaction_us = clock_wall_us();
	}
	txn_set_synchronous(s->txn, !str_eq_nocase(settings_text(s->local, SET_synchronous_commit), STR("off")));
	s->services.txn = s->txn;
	s->eval.transaction_ns = s->transaction_us * 1000;
	return OK;
}

enum status session_txn(struct session *s, struct error *err)
{
	TRY(session_txn_open(s, err));
	return txn_statement_begin(s->txn, err);
}

enum status session_end_txn(struct session *s, bool commit, struct error *err)
{
	struct txn *t = s->txn;
	enum status status = OK;
	s->txn = NULL;
	s->services.txn = NULL;
	s->savepoints = NULL;
	s->status = TRANSACTION_IDLE;
	arena_reset(&s->txn_arena);
	cursor_close_all(s, !commit);
	advisory_release_all(s->id, true);
	settings_clear(s->local); /* SET LOCAL ends with the transaction */
	session_sync(s);
	if (t == NULL)
		return OK;
	if (commit)
		status = txn_commit(t, err);
	else
		txn_rollback(t);
	return status;
}

void session_fail_transaction(struct session *s)
{
	if (s->status != TRANSACTION_OPEN)
		return;
	s->status = TRANSACTION_FAILED;
	/* nobody waits for what is lost already */
	if (s->txn != NULL)
		locks_release_after(s->txn, s->savepoints == NULL ? 0 : s->savepoints->locks);
}

void session_implicit_begin(struct session *s)
{
	s->grouped = true;
}

enum status session_implicit_end(struct session *s, bool commit, struct error *err)
{
	s->grouped = false;
	if (s->status != TRANSACTION_IDLE || s->txn == NULL)
		return OK;
	return session_end_txn(s, commit, err);
}

/* What SHOW says of the transaction; forgotten with it, as SET LOCAL is. */
static enum status show_modes(struct session *s, const struct ast_transaction *t, struct error *err)
{
	static const char *const levels[] = {[SERIALIZABLE] = "serializable", [REPEATABLE_READ] = "repeatable read",
		[READ_COMMITTED] = "read committed", [READ_UNCOMMITTED] = "read uncommitted"};
	struct str level = settings_text(s->local, SET_default_transaction_isolation);
	if (t->isolation != ISOLATION_UNSAID)
		level = str_of(levels[t->isolation]);
	TRY(settings_set(s->local, s->dialect, STR("transaction_isolation"), level, err));
	if (t->read_only == UNSAID)
		return OK;
	return settings_set(s->local, s->dialect, STR("transaction_read_only"), t->read_only == YES ? STR("on") : STR("off"),
	                    err);
}

static enum status begin(struct statement *st, const struct ast_transaction *t, struct error *err)
{
	struct session *s = st->session;
	if (t->isolation == SERIALIZABLE && t->read_only != YES)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SERIALIZABLE transactions that write");
	st->tag = t->start ? STR("START TRANSACTION") : STR("BEGIN");
	if (s->status != TRANSACTION_IDLE) {
		session_say(s, "WARNING", E_TRANSACTION_ACTIVE, "there is already a transaction in progress");
		return OK;
	}
	if (t->isolation == REPEATABLE_READ || t->isolation == SERIALIZABLE) {
		if (s->txn != NULL && !txn_has_changes(s->txn)) {
			txn_rollback(s->txn);
			s->txn = NULL;
		}
		if (s->txn == NULL)
			s->txn = txn_begin(s->instance->txns, TXN_REPEATABLE_READ);
		if (s->txn == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a transaction");
		s->transaction_us = clock_wall_us();
	}
	TRY(session_txn_open(s, err)); /* its snapshot comes with its first statement */
	if (t->read_only == YES)
		txn_set_read_only(s->txn, true);
	s->status = TRANSACTION_OPEN;
	return show_modes(s, t, err);
}

static enum status end(struct statement *st, const struct ast_transaction *t, bool commit, struct error *err)
{
	struct session *s = st->session;
	bool failed = s->status == TRANSACTION_FAILED;
	if (s->status == TRANSACTION_IDLE) {
		session_say(s, "WARNING", E_NO_ACTIVE_TRANSACTION, "there is no transaction in progress");
		st->tag = commit ? STR("COMMIT") : STR("ROLLBACK");
		return OK;
	}
	st->tag = commit && !failed ? STR("COMMIT") : STR("ROLLBACK");
	TRY(session_end_txn(s, commit && !failed, err));
	if (t->chain) {
		TRY(session_txn_open(s, err));
		s->status = TRANSACTION_OPEN;
	}
	return OK;
}

static struct savepoint *find_savepoint(struct session *s, struct str name)
{
	for (struct savepoint *p = s->savepoints; p != NULL; p = p->next)
		if (str_eq(p->name, name))
			return p;
	return NULL;
}

static enum status need_block(struct session *s, const char *what, struct error *err)
{
	if (s->status == TRANSACTION_IDLE)
		return ERR(err, E_NO_ACTIVE_TRANSACTION, "%s can only be used in transaction blocks", what);
	return OK;
}

static enum status savepoint_command(struct statement *st, const struct ast_transaction *t, struct error *err)
{
	struct session *s = st->session;
	if (t->type == TRANSACTION_SAVEPOINT) {
		TRY(need_block(s, "SAVEPOINT", err));
		struct savepoint *p = ARENA_NEW(&s->txn_arena, struct savepoint);
		p->name = arena_str(&s->txn_arena, t->name);
		p->position = txn_savepoint(s->txn);
		p->locks = locks_position(s->txn);
		p->next = s->savepoints;
		s->savepoints = p;
		st->tag = STR("SAVEPOINT");
		return OK;
	}
	bool release = t->type == TRANSACTION_RELEASE;
	TRY(need_block(s, release ? "RELEASE SAVEPOINT" : "ROLLBACK TO SAVEPOINT", err));
	struct savepoint *p = find_savepoint(s, t->name);
	if (p == NULL)
		return ERR(err, E_BAD_SAVEPOINT, "savepoint \"%.*s\" does not exist", STR_ARG(t->name));
	st->tag = release ? STR("RELEASE") : STR("ROLLBACK");
	if (release) {
		s->savepoints = p->next;
		return OK;
	}
	s->savepoints = p;
	TRY(txn_rollback_to(s->txn, p->position, err));
	locks_release_after(s->txn, p->locks);
	s->status = TRANSACTION_OPEN;
	return OK;
}

enum status transaction_run(struct statement *st, struct error *err)
{
	const struct ast_transaction *t = (const struct ast_transaction *)st->ast;
	struct session *s = st->session;
	switch (t->type) {
	case TRANSACTION_BEGIN:
		return begin(st, t, err);
	case TRANSACTION_COMMIT:
		return end(st, t, true, err);
	case TRANSACTION_ROLLBACK:
		return end(st, t, false, err);
	case TRANSACTION_SAVEPOINT:
	case TRANSACTION_RELEASE:
	case TRANSACTION_ROLLBACK_TO:
		return savepoint_command(st, t, err);
	case TRANSACTION_SET:
		st->tag = STR("SET");
		if (t->isolation == SERIALIZABLE && t->read_only != YES)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SERIALIZABLE transactions that write");
		if (s->status == TRANSACTION_IDLE) {
			session_say(s, "WARNING", E_NO_ACTIVE_TRANSACTION, "SET TRANSACTION can only be used in transaction blocks");
			return OK;
		}
		if ((t->isolation == REPEATABLE_READ || t->isolation == SERIALIZABLE) && !txn_has_changes(s->txn)) {
			txn_rollback(s->txn);
			s->txn = txn_begin(s->instance->txns, TXN_REPEATABLE_READ);
			if (s->txn == NULL)
				return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a transaction");
			TRY(session_txn_open(s, err));
		}
		if (t->read_only != UNSAID)
			txn_set_read_only(s->txn, t->read_only == YES);
		return show_modes(s, t, err);
	case TRANSACTION_SET_SESSION:
		st->tag = STR("SET");
		if (t->isolation == SERIALIZABLE)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SERIALIZABLE transactions");
		if (t->isolation != ISOLATION_UNSAID)
			TRY(session_set(s, STR("default_transaction_isolation"),
			                t->isolation == REPEATABLE_READ ? STR("repeatable read") : STR("read committed"), err));
		if (t->isolation != ISOLATION_UNSAID)
			TRY(session_set(s, STR("transaction_isolation"),
			                t->isolation == REPEATABLE_READ ? STR("repeatable read") : STR("read committed"), err));
		if (t->read_only != UNSAID)
			TRY(session_set(s, STR("default_transaction_read_only"), t->read_only == YES ? STR("on") : STR("off"), err));
		return OK;
	default:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: two-phase commit and exported snapshots");
	}
}
