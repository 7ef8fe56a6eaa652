// SPDX-License-Identifier: Apache-2.0
#include "server/accounts.h"

#include "catalog/objects.h"
#include "exec/instance.h"

/* Drawn once: keeps the mock verifiers of unknown users the same for the life of the process. */
static const struct str mock_secret = {"hanzo-datastore mock account", 28};

static bool is_loopback(struct str address)
{
	return str_starts_with(address, STR("127.")) || str_starts_with(address, STR("[::1]")) || str_eq(address, STR("unix"));
}

static enum status bad_login(struct str user, bool pg, struct error *err)
{
	if (pg)
		return ERR(err, E_AUTHENTICATION_FAILED, "password authentication failed for user \"%.*s\"", STR_ARG(user));
	return ERR(err, E_AUTHENTICATION_FAILED,
	           "%.*s: Authentication failed: password is incorrect, or there is no user with such name", STR_ARG(user));
}

/* A copy of the role in `a`; NULL when there is no such user. */
static const struct role_def *find_role(struct instance *i, struct txn *t, struct str user)
{
	const struct role_def *d = catalog_find_role(instance_catalog(i), t, user);
	return d == NULL || !d->login ? NULL : d;
}

static bool has_password(const struct role_def *d)
{
	return d->scram.size != 0 || d->sha256.size != 0 || d->md5.size != 0;
}

static enum status pg_login(void *self, struct str user, struct str database, struct str address, bool tls,
                            struct pg_login *out, struct error *err)
{
	struct instance *i = self;
	struct txn *t = txn_begin(instance_txns(i), TXN_READ_COMMITTED);
	if (t == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a transaction");
	enum status s = txn_statement_begin(t, err);
	const struct role_def *d = s == OK ? find_role(i, t, user) : NULL;
	if (s == OK && d != NULL && !has_password(d)) {
		/* without a password only from this machine */
		out->how = PG_LOGIN_TRUST;
		if (!is_loopback(address))
			s = bad_login(user, true, err);
	} else if (s == OK && d != NULL && d->scram.size == 0) {
		out->how = PG_LOGIN_CLEARTEXT;
	} else if (s == OK) {
		out->how = PG_LOGIN_SCRAM;
		if (d == NULL || !scram_verifier_parse(d->scram, &out->verifier))
			s = scram_verifier_mock(user, mock_secret, &out->verifier, err);
	}
	txn_rollback(t);
	return s;
}

static enum status check_password(struct instance *i, struct str user, struct str password, struct str address, bool pg,
                                  struct error *err)
{
	struct txn *t = txn_begin(instance_txns(i), TXN_READ_COMMITTED);
	if (t == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a transaction");
	enum status s = txn_statement_begin(t, err);
	const struct role_def *d = s == OK ? find_role(i, t, user) : NULL;
	bool good = d != NULL && (has_password(d) ? role_check_password(d, password) : is_loopback(address));
	if (s == OK && !good)
		s = bad_login(user, pg, err);
	txn_rollback(t);
	return s;
}

static enum status pg_check(void *self, struct str user, struct str password, struct error *err)
{
	return check_password(self, user, password, STR(""), true, err);
}

static enum status http_check(void *self, struct str user, struct str password, struct str address, struct error *err)
{
	return check_password(self, user, password, address, false, err);
}

struct pg_accounts accounts_pg(struct instance *i)
{
	return (struct pg_accounts){.login = pg_login, .check = pg_check, .self = i};
}

struct http_accounts accounts_http(struct instance *i)
{
	return (struct http_accounts){.check = http_check, .self = i};
}
