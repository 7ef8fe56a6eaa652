// SPDX-License-Identifier: Apache-2.0
#include "server/accounts.h"

#include <arpa/inet.h>
#include <string.h>

#include "catalog/objects.h"
#include "exec/instance.h"

/* Drawn once: keeps the mock verifiers of unknown users the same for the life of the process. */
static const struct str mock_secret = {"hanzo-datastore mock account", 28};

/* "1.2.3.4:5678", "[::1]:5678" or a bare address, as 16 bytes: IPv4 mapped into IPv6. */
static bool parse_address(struct str text, uint8_t out[16])
{
	char bare[64];
	ptrdiff_t end = text.size != 0 && text.data[0] == '[' ? str_find_char(text, ']') : -1;
	if (end > 0)
		text = str_make(text.data + 1, (size_t)end - 1);
	else if (str_find_char(text, '.') >= 0 && (end = str_find_char(text, ':')) > 0)
		text.size = (size_t)end;
	if (text.size >= sizeof bare)
		return false;
	memcpy(bare, text.data, text.size);
	bare[text.size] = '\0';
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	memcpy(out, mapped, sizeof mapped);
	return inet_pton(AF_INET, bare, out + 12) == 1 || inet_pton(AF_INET6, bare, out) == 1;
}

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

/* One of "ip", "ip/bits", "*", comma-separated. */
static bool address_in(struct str list, struct str address)
{
	uint8_t at[16], net[16];
	if (!parse_address(address, at))
		return true; /* a Unix socket */
	while (list.size != 0) {
		ptrdiff_t comma = str_find_char(list, ',');
		struct str one = str_trim(comma < 0 ? list : str_make(list.data, (size_t)comma));
		list = comma < 0 ? STR("") : str_make(list.data + comma + 1, list.size - (size_t)comma - 1);
		ptrdiff_t slash = str_find_char(one, '/');
		struct str host = slash < 0 ? one : str_make(one.data, (size_t)slash);
		uint64_t bits = 128;
		if (str_eq(one, STR("*")))
			return true;
		if (!parse_address(host, net))
			continue;
		if (slash >= 0 && str_to_u64(str_make(one.data + slash + 1, one.size - (size_t)slash - 1), &bits) &&
		    str_find_char(host, ':') < 0)
			bits += 96;
		bool same = bits <= 128;
		for (unsigned i = 0; same && i < bits; i++)
			same = ((at[i / 8] ^ net[i / 8]) >> (7 - i % 8) & 1) == 0;
		if (same)
			return true;
	}
	return false;
}

/* Whether this user may come from there: where no list says, a user without a password only from this machine. */
static bool may_come(const struct role_def *d, struct str address)
{
	if (d->hosts.size != 0)
		return address_in(d->hosts, address);
	return has_password(d) || is_loopback(address);
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
	if (s == OK && d != NULL && !may_come(d, address)) {
		s = bad_login(user, true, err);
	} else if (s == OK && d != NULL && !has_password(d)) {
		out->how = PG_LOGIN_TRUST;
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
	bool good = d != NULL && (address.size == 0 || may_come(d, address)) &&
		(!has_password(d) || role_check_password(d, password));
	if (s == OK && !good)
		s = bad_login(user, pg, err);
	txn_rollback(t);
	return s;
}

static enum status pg_check(void *self, struct str user, struct str password, struct error *err)
{
	return check_password(self, user, password, STR(""), true, err);
}

static enum status direct_check(void *self, struct str user, struct str password, struct str address, struct error *err)
{
	return check_password(self, user, password, address, false, err);
}

struct pg_accounts accounts_pg(struct instance *i)
{
	return (struct pg_accounts){.login = pg_login, .check = pg_check, .self = i};
}

struct native_accounts accounts_native(struct instance *i)
{
	return (struct native_accounts){.check = direct_check, .self = i};
}

struct http_accounts accounts_http(struct instance *i)
{
	return (struct http_accounts){.check = direct_check, .self = i};
}
