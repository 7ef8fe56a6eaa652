// SPDX-License-Identifier: Apache-2.0
/* From the first byte to the first ReadyForQuery: TLS, startup parameters, authentication, the session. */
#include <openssl/crypto.h>

#include "base/clock.h"
#include "wire/pg/pgconn_impl.h"

/* Packets before StartupMessage: SSLRequest and GSSENCRequest, once each. */
enum { NEGOTIATIONS_MAX = 2, OPTIONS_MAX = 32 };

struct setting {
	struct str name, value;
};

struct startup {
	struct str user, database, application;
	struct setting settings[2 * OPTIONS_MAX];
	unsigned setting_count;
	struct str unknown[OPTIONS_MAX]; /* _pq_. options */
	unsigned unknown_count;
};

static enum status read_packet(struct pgconn *c, struct pg_startup *p)
{
	size_t consumed, need;
	for (;;) {
		TRY(pg_next_startup(sock_buffered(c->sock), p, &consumed, &need, &c->err));
		sock_consume(c->sock, consumed);
		if (consumed != 0)
			return OK;
		TRY(pgconn_fill(c, need, &c->err));
	}
}

/* Bytes behind the request, which somebody in the middle could have put there, are refused by sock_tls_accept. */
static enum status answer_ssl(struct pgconn *c)
{
	bool offered = c->config.tls != NULL && c->sock->ssl == NULL;
	strbuf_putc(&c->out, offered ? PG_SSL_YES : PG_SSL_NO);
	TRY(pgconn_flush(c, &c->err));
	if (!offered)
		return OK;
	enum status st = sock_tls_accept(c->sock, c->config.tls, c->sock->read_deadline_us, &c->err);
	c->broken |= st != OK;
	return st;
}

static enum status add_setting(struct pgconn *c, struct startup *s, struct str name, struct str value)
{
	if (s->setting_count == ARRAY_COUNT(s->settings))
		return ERR(&c->err, E_LIMIT_EXCEEDED, "more than %zu startup parameters", ARRAY_COUNT(s->settings));
	s->settings[s->setting_count++] = (struct setting){name, value};
	return OK;
}

/* The next word of the `options` parameter: blanks separate, a backslash takes the next character as it is. */
static bool next_word(struct arena *a, struct str *rest, struct str *word)
{
	*rest = str_trim(*rest);
	if (rest->size == 0)
		return false;
	char *to = arena_alloc(a, rest->size + 1);
	size_t n = 0, i = 0;
	while (i < rest->size && rest->data[i] != ' ' && (rest->data[i] < '\t' || rest->data[i] > '\r')) {
		if (rest->data[i] == '\\' && i + 1 < rest->size)
			i++;
		to[n++] = rest->data[i++];
	}
	*word = str_make(to, n);
	*rest = str_make(rest->data + i, rest->size - i);
	return true;
}

/* -c name=value, -cname=value, --name=value; dashes in a long name are underscores. */
static enum status read_options(struct pgconn *c, struct startup *s, struct str options)
{
	struct str word;
	while (next_word(&c->startup, &options, &word)) {
		struct str pair = word;
		bool dashes = str_starts_with(word, STR("--"));
		if (str_eq(word, STR("-c"))) {
			if (!next_word(&c->startup, &options, &pair))
				return ERR(&c->err, E_INVALID_PARAMETER_VALUE, "-c requires a value in startup parameter \"options\"");
		} else if (dashes || str_starts_with(word, STR("-c"))) {
			pair = str_make(word.data + 2, word.size - 2);
		} else {
			return ERR(&c->err, E_NOT_IMPLEMENTED, "not supported yet: startup option \"%.*s\"", STR_ARG(word));
		}
		ptrdiff_t equals = str_find_char(pair, '=');
		if (equals <= 0)
			return ERR(&c->err, E_SYNTAX, "-c %.*s requires a value", STR_ARG(pair));
		char *name = arena_strndup(&c->startup, pair.data, (size_t)equals);
		for (char *p = name; dashes && *p != '\0'; p++)
			*p = *p == '-' ? '_' : *p;
		struct str value = str_make(pair.data + equals + 1, pair.size - (size_t)equals - 1);
		TRY(add_setting(c, s, str_of(name), value));
	}
	return OK;
}

/* Clients spell it in many ways, one of them with quotes inside the value. */
static enum status check_encoding(struct pgconn *c, struct str value)
{
	static const char *const spellings[] = {"UTF8", "UTF-8", "UTF_8", "UNICODE", "UTF", "SQL_ASCII"};
	struct str bare = value;
	if (bare.size >= 2 && bare.data[0] == '\'' && bare.data[bare.size - 1] == '\'')
		bare = str_make(bare.data + 1, bare.size - 2);
	for (size_t i = 0; i < ARRAY_COUNT(spellings); i++)
		if (str_eq_nocase(bare, str_of(spellings[i])))
			return OK;
	return ERR(&c->err, E_INVALID_PARAMETER_VALUE, "invalid value for parameter \"client_encoding\": \"%.*s\"",
		STR_ARG(value));
}

static enum status read_parameter(struct pgconn *c, struct startup *s, struct str name, struct str value)
{
	name = arena_str(&c->startup, name);
	value = arena_str(&c->startup, value);
	if (str_eq(name, STR("user"))) {
		s->user = value;
	} else if (str_eq(name, STR("database"))) {
		s->database = value;
	} else if (str_eq(name, STR("options"))) {
		return read_options(c, s, value);
	} else if (str_eq(name, STR("application_name"))) {
		s->application = value;
	} else if (str_eq(name, STR("replication"))) {
		if (!str_eq_nocase(value, STR("false")) && !str_eq_nocase(value, STR("off")) && !str_eq(value, STR("0")))
			return ERR(&c->err, E_NOT_IMPLEMENTED, "not supported yet: replication connection");
	} else if (str_starts_with(name, STR("_pq_."))) {
		if (s->unknown_count < OPTIONS_MAX)
			s->unknown[s->unknown_count++] = name;
	} else if (str_eq_nocase(name, STR("client_encoding"))) {
		TRY(check_encoding(c, value));
		return add_setting(c, s, name, STR("UTF8"));
	} else {
		return add_setting(c, s, name, value);
	}
	return OK;
}

static enum status read_parameters(struct pgconn *c, struct pg_startup *p, struct startup *s)
{
	struct str name, value;
	while (pg_parameter_next(&p->parameters, &name, &value)) {
		TRY(pgconn_check_text(name, &c->err));
		TRY(pgconn_check_text(value, &c->err));
		TRY(read_parameter(c, s, name, value));
	}
	if (s->user.size == 0)
		return ERR(&c->err, E_UNKNOWN_USER, "no PostgreSQL user name specified in startup packet");
	if (s->database.size == 0)
		s->database = s->user;
	c->user = s->user;
	if (p->minor > 0 || s->unknown_count != 0)
		pg_put_negotiate(&c->out, 0, s->unknown, s->unknown_count);
	return OK;
}

/* One message of the authentication, whatever it means. */
static enum status read_answer(struct pgconn *c, struct str *body)
{
	struct pg_message m;
	TRY(pgconn_message(c, &m, &c->err));
	if (m.type == PG_TERMINATE)
		c->broken = true;
	if (m.type != PG_PASSWORD)
		return ERR(&c->err, E_PROTOCOL, "expected a password or SASL response, got message type \"%c\"", (char)m.type);
	*body = m.data;
	return OK;
}

static enum status wrong_password(struct pgconn *c)
{
	error_clear(&c->err);
	return ERR(&c->err, E_AUTHENTICATION_FAILED, "password authentication failed for user \"%.*s\"", STR_ARG(c->user));
}

static enum status login_cleartext(struct pgconn *c)
{
	struct pg_accounts *a = &c->config.accounts;
	struct str body, password;
	pg_put_auth_cleartext(&c->out);
	TRY(read_answer(c, &body));
	TRY(pg_password_text(body, &password, &c->err));
	enum status st = a->check(a->self, c->user, password, &c->err);
	OPENSSL_cleanse((char *)(uintptr_t)body.data, body.size);
	return st == E_AUTHENTICATION_FAILED ? wrong_password(c) : st;
}

static enum status scram_exchange(struct pgconn *c, struct scram *s, bool plus_offered)
{
	struct str body, mechanism, response;
	struct strbuf step;
	TRY(read_answer(c, &body));
	TRY(pg_sasl_initial(body, &mechanism, &response, &c->err));
	bool plus = str_eq(mechanism, STR(SCRAM_MECHANISM_PLUS));
	if ((plus && !plus_offered) || (!plus && !str_eq(mechanism, STR(SCRAM_MECHANISM))))
		return ERR(&c->err, E_PROTOCOL, "client selected an invalid SASL authentication mechanism");
	strbuf_init(&step, c->config.track);
	enum status st = scram_server_first(s, response, plus, NULL, &step, &c->err);
	if (st == OK)
		pg_put_auth_sasl_continue(&c->out, strbuf_str(&step));
	strbuf_clear(&step);
	if (st == OK)
		st = read_answer(c, &body);
	if (st == OK)
		st = scram_server_final(s, body, &step, &c->err);
	if (st == OK)
		pg_put_auth_sasl_final(&c->out, strbuf_str(&step));
	strbuf_fini(&step);
	return st;
}

static enum status login_scram(struct pgconn *c, const struct scram_verifier *v)
{
	static const char *const mechanisms[] = {SCRAM_MECHANISM_PLUS, SCRAM_MECHANISM};
	uint8_t hash[SCRAM_BINDING_MAX];
	size_t size = c->sock->ssl != NULL ? tls_end_point_hash(c->config.tls, hash) : 0;
	struct str binding = str_make((const char *)hash, size);
	bool plus = size != 0;
	struct scram s;
	pg_put_auth_sasl(&c->out, plus ? mechanisms : mechanisms + 1, plus ? 2 : 1);
	scram_server_init(&s, v, binding);
	enum status st = scram_exchange(c, &s, plus);
	scram_wipe(&s);
	return st == E_AUTHENTICATION_FAILED ? wrong_password(c) : st;
}

static enum status authenticate(struct pgconn *c, struct str database)
{
	struct pg_accounts *a = &c->config.accounts;
	struct pg_login login;
	memset(&login, 0, sizeof login);
	TRY(a->login(a->self, c->user, database, str_of(c->sock->peer), c->sock->ssl != NULL, &login, &c->err));
	enum status st = OK;
	if (login.how == PG_LOGIN_CLEARTEXT)
		st = login_cleartext(c);
	else if (login.how == PG_LOGIN_SCRAM)
		st = login_scram(c, &login.verifier);
	OPENSSL_cleanse(&login, sizeof login);
	if (st == OK)
		pg_put_auth_ok(&c->out);
	return st;
}

static enum status open_session(struct pgconn *c, const struct startup *s)
{
	uint8_t key[PG_CANCEL_KEY_BYTES];
	struct session_config config = {.dialect = DIALECT_POSTGRESQL, .user = s->user, .database = s->database,
		.client_address = str_of(c->sock->peer), .application_name = s->application, .interface = "postgresql"};
	struct session *session;
	TRY(session_open(c->config.instance, &config, &session, &c->err));
	int32_t id = (int32_t)session_id(session);
	enum status st = pg_cancels_add(c->config.cancels, id, session, key, &c->err);
	if (st != OK) {
		session_close(session);
		return st;
	}
	c->session = session;
	session_on_notice(session, pgconn_on_notice, c);
	if (s->application.size != 0)
		TRY(session_set(session, STR("application_name"), s->application, &c->err));
	for (unsigned i = 0; i < s->setting_count; i++)
		TRY(session_set(session, s->settings[i].name, s->settings[i].value, &c->err));
	session_reported(session, pgconn_on_report, c);
	session_on_report(session, pgconn_on_report, c);
	pg_put_key_data(&c->out, id, str_make((const char *)key, sizeof key));
	pg_put_ready(&c->out, PG_IDLE);
	return OK;
}

/* Packets up to StartupMessage; a CancelRequest is served and ends the connection without a word. */
static enum status negotiate(struct pgconn *c, struct pg_startup *p)
{
	for (unsigned i = 0; i <= NEGOTIATIONS_MAX; i++) {
		TRY(read_packet(c, p));
		switch (p->kind) {
		case PG_STARTUP_PARAMETERS:
			return OK;
		case PG_STARTUP_CANCEL:
			pg_cancels_request(c->config.cancels, p->process_id, p->key);
			c->broken = true;
			return E_CANCELLED;
		case PG_STARTUP_SSL:
			TRY(answer_ssl(c));
			break;
		case PG_STARTUP_GSSENC:
			strbuf_putc(&c->out, PG_SSL_NO);
			TRY(pgconn_flush(c, &c->err));
			break;
		}
	}
	return ERR(&c->err, E_PROTOCOL, "too many negotiation requests");
}

enum status pgconn_startup(struct pgconn *c)
{
	struct pg_startup p;
	struct startup s;
	memset(&s, 0, sizeof s);
	if (c->config.login_timeout_ms != 0)
		c->sock->read_deadline_us = clock_mono_us() + (int64_t)c->config.login_timeout_ms * 1000;
	enum status st = negotiate(c, &p);
	if (st == OK)
		st = read_parameters(c, &p, &s);
	if (st == OK)
		st = authenticate(c, s.database);
	if (st == OK)
		st = open_session(c, &s);
	if (st != OK && !c->broken)
		pgconn_error(c, PG_FATAL, &c->err);
	c->sock->read_deadline_us = 0;
	return st;
}
