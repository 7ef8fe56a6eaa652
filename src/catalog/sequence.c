// SPDX-License-Identifier: Apache-2.0
/*
 * Sequences. Values are given out from memory; what is on disk runs ahead by a reserve, so that a value that was given
 * out is never given again after a crash. The reserve is logged by a transaction of its own, except for a sequence that
 * the asking transaction made itself: there it belongs to that transaction.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include "catalog/catalog_impl.h"

enum { RESERVE = 256 };

static struct entry *sequence_entry(uint32_t oid, const struct sequence_def *d)
{
	struct entry *e = entry_new(ENTRY_SEQUENCE, oid);
	struct arena *a = &e->arena;
	e->database = arena_str(a, d->database);
	e->schema = arena_str(a, schema_or_public(d->schema));
	e->name = arena_str(a, d->name);
	e->u.sequence = *d;
	e->u.sequence.oid = oid;
	e->u.sequence.database = e->database;
	e->u.sequence.schema = e->schema;
	e->u.sequence.name = e->name;
	e->u.sequence.owned_by = arena_str(a, d->owned_by);
	e->u.sequence.type = arena_str(a, d->type);
	e->temporary = str_starts_with(e->schema, STR("pg_temp_"));
	return e;
}

static enum status check_sequence(const struct sequence_def *d, struct error *err)
{
	if (d->increment == 0)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "INCREMENT must not be zero");
	if (d->min_value >= d->max_value)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "MINVALUE (%" PRId64 ") must be less than MAXVALUE (%" PRId64 ")",
		           d->min_value, d->max_value);
	if (d->start < d->min_value)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "START value (%" PRId64 ") cannot be less than MINVALUE (%" PRId64 ")",
		           d->start, d->min_value);
	if (d->start > d->max_value)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "START value (%" PRId64 ") cannot be greater than MAXVALUE (%" PRId64 ")",
		           d->start, d->max_value);
	return OK;
}

enum status catalog_create_sequence(struct catalog *c, struct txn *t, const struct sequence_def *d, struct error *err)
{
	TRY(check_sequence(d, err));
	const struct catalog_version *v = catalog_version_of(c, t);
	struct str schema = schema_or_public(d->schema);
	if (version_find(v, ENTRY_SEQUENCE, d->database, schema, d->name) != NULL
	    || version_find(v, ENTRY_TABLE, d->database, schema, d->name) != NULL)
		return ERR(err, E_TABLE_EXISTS, "relation \"%.*s\" already exists", STR_ARG(d->name));
	struct entry *e = sequence_entry(catalog_oid_new(c), d);
	e->sequence_value = d->start;
	struct catalog_change *change = catalog_change_new();
	change_create(change, e);
	return catalog_change_add(t, change, err);
}

static struct entry *find_sequence(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                   struct str name)
{
	return version_find(catalog_version_of(c, t), ENTRY_SEQUENCE, database, schema_or_public(schema), name);
}

static enum status unknown_sequence(struct str name, struct error *err)
{
	return ERR(err, E_UNKNOWN_TABLE, "relation \"%.*s\" does not exist", STR_ARG(name));
}

enum status catalog_replace_sequence(struct catalog *c, struct txn *t, const struct sequence_def *d, struct error *err)
{
	TRY(check_sequence(d, err));
	struct entry *was = version_find_oid(catalog_version_of(c, t), d->oid);
	if (was == NULL || was->kind != ENTRY_SEQUENCE)
		return unknown_sequence(d->name, err);
	struct entry *e = sequence_entry(d->oid, d);
	e->sequence_value = was->sequence_value;
	e->sequence_called = was->sequence_called;
	struct catalog_change *change = catalog_change_new();
	change_replace(change, was, e);
	return catalog_change_add(t, change, err);
}

enum status catalog_drop_sequence(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                  struct str name, struct error *err)
{
	struct entry *was = find_sequence(c, t, database, schema, name);
	if (was == NULL)
		return ERR(err, E_UNKNOWN_TABLE, "sequence \"%.*s\" does not exist", STR_ARG(name));
	struct catalog_change *change = catalog_change_new();
	change_remove(change, was);
	return catalog_change_add(t, change, err);
}

/* sequence_mutex is held. */
static struct sequence_state *state_of(struct catalog *c, const struct entry *e)
{
	for (struct sequence_state *s = c->sequences; s != NULL; s = s->next)
		if (s->oid == e->oid)
			return s;
	struct sequence_state *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->oid = e->oid;
	s->value = s->reserved = e->sequence_value;
	s->called = e->sequence_called;
	s->next = c->sequences;
	c->sequences = s;
	return s;
}

/* Makes `value` durable as given out. */
static enum status write_state(struct catalog *c, struct txn *t, const struct entry *e, int64_t value, bool called,
                               struct error *err)
{
	struct catalog_version *newest = (struct catalog_version *)txn_newest_version(c->manager, TXN_SLOT_CATALOG);
	bool committed = version_find_oid(newest, e->oid) != NULL;
	version_unref(&newest->version);
	struct catalog_change *change = catalog_change_new();
	change_sequence(change, e->oid, value, called);
	if (!committed || e->temporary)
		return catalog_change_add(t, change, err);
	struct txn *own = txn_begin(c->manager, TXN_READ_COMMITTED);
	enum status st = txn_statement_begin(own, err);
	if (st != OK) {
		change_drop(change);
		txn_rollback(own);
		return st;
	}
	st = catalog_change_add(own, change, err);
	if (st != OK) {
		txn_rollback(own);
		return st;
	}
	return txn_commit(own, err);
}

/* The value `steps` further, stopping at the end of the range; false when there is not even one. */
static bool advance(const struct sequence_def *d, int64_t from, int64_t steps, int64_t *out)
{
	int64_t distance, next;
	if (__builtin_mul_overflow(d->increment, steps, &distance) || __builtin_add_overflow(from, distance, &next)
	    || next > d->max_value || next < d->min_value) {
		if (steps > 1) {
			*out = d->increment > 0 ? d->max_value : d->min_value;
			return true;
		}
		return false;
	}
	*out = next;
	return true;
}

static bool is_past(const struct sequence_def *d, int64_t value, int64_t reserved)
{
	return d->increment > 0 ? value > reserved : value < reserved;
}

enum status catalog_sequence_next(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                  struct str name, int64_t *out, struct error *err)
{
	struct entry *e = find_sequence(c, t, database, schema, name);
	if (e == NULL)
		return unknown_sequence(name, err);
	entry_ref(e);
	const struct sequence_def *d = &e->u.sequence;
	pthread_mutex_lock(&c->sequence_mutex);
	struct sequence_state *s = state_of(c, e);
	int64_t next = s->value;
	enum status st = OK;
	if (s->called && !advance(d, s->value, 1, &next)) {
		if (d->cycle)
			next = d->increment > 0 ? d->min_value : d->max_value;
		else
			st = ERR(err, E_SEQUENCE_LIMIT, "nextval: reached %s value of sequence \"%.*s\" (%" PRId64 ")",
			         d->increment > 0 ? "maximum" : "minimum", STR_ARG(name), d->increment > 0 ? d->max_value : d->min_value);
	}
	bool wrapped = d->cycle && s->called && is_past(d, s->value, next);
	if (st == OK && (!s->has_reserve || wrapped || is_past(d, next, s->reserved))) {
		int64_t reserved;
		advance(d, next, RESERVE, &reserved);
		st = write_state(c, t, e, reserved, true, err);
		if (st == OK) {
			s->reserved = reserved;
			s->has_reserve = true;
		}
	}
	if (st == OK) {
		s->value = *out = next;
		s->called = true;
	}
	pthread_mutex_unlock(&c->sequence_mutex);
	entry_unref(e);
	return st;
}

enum status catalog_sequence_set(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                 struct str name, int64_t value, bool is_called, struct error *err)
{
	struct entry *e = find_sequence(c, t, database, schema, name);
	if (e == NULL)
		return unknown_sequence(name, err);
	const struct sequence_def *d = &e->u.sequence;
	if (value < d->min_value || value > d->max_value)
		return ERR(err, E_OUT_OF_RANGE,
		           "setval: value %" PRId64 " is out of bounds for sequence \"%.*s\" (%" PRId64 "..%" PRId64 ")",
		           value, STR_ARG(name), d->min_value, d->max_value);
	entry_ref(e);
	pthread_mutex_lock(&c->sequence_mutex);
	struct sequence_state *s = state_of(c, e);
	enum status st = write_state(c, t, e, value, is_called, err);
	if (st == OK) {
		s->value = value;
		s->called = is_called;
		s->has_reserve = false;
	}
	pthread_mutex_unlock(&c->sequence_mutex);
	entry_unref(e);
	return st;
}

void catalog_sequence_state(struct catalog *c, const struct sequence_def *d, int64_t *value, bool *is_called)
{
	struct catalog_version *v = (struct catalog_version *)txn_newest_version(c->manager, TXN_SLOT_CATALOG);
	const struct entry *e = version_find_oid(v, d->oid);
	*value = d->start;
	*is_called = false;
	pthread_mutex_lock(&c->sequence_mutex);
	if (e != NULL) {
		const struct sequence_state *s = state_of(c, e);
		*value = s->value;
		*is_called = s->called;
	}
	pthread_mutex_unlock(&c->sequence_mutex);
	version_unref(&v->version);
}

/* ---- finding ---- */
const struct sequence_def *catalog_find_sequence(struct catalog *c, struct txn *t, struct str database,
                                                 struct str schema, struct str name)
{
	const struct entry *e = find_sequence(c, t, database, schema, name);
	return e == NULL ? NULL : &e->u.sequence;
}

const struct sequence_def *catalog_find_sequence_oid(struct catalog *c, struct txn *t, uint32_t oid)
{
	const struct entry *e = version_find_oid(catalog_version_of(c, t), oid);
	return e == NULL || e->kind != ENTRY_SEQUENCE ? NULL : &e->u.sequence;
}

enum status catalog_each_sequence(struct catalog *c, struct txn *t,
                                  enum status (*fn)(void *arg, const struct sequence_def *d), void *arg)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	for (uint32_t i = version_lower_bound(v, ENTRY_SEQUENCE, STR(""), STR(""), STR(""));
	     v != NULL && i < v->count && v->by_name[i]->kind == ENTRY_SEQUENCE; i++)
		TRY(fn(arg, &v->by_name[i]->u.sequence));
	return OK;
}
