// SPDX-License-Identifier: Apache-2.0
/* Users, roles, grants, and SYSTEM commands. */
#include <inttypes.h>
#include "exec/ddl_impl.h"

static bool option_flag(const struct ast_setting *s, bool otherwise)
{
	bool value = otherwise;
	if (s->value != NULL && s->value->kind == AST_LITERAL && ((const struct ast_literal *)s->value)->type == LITERAL_BOOL)
		value = ((const struct ast_literal *)s->value)->boolean;
	return value;
}

static void set_option(struct role_def *d, struct arena *a, const struct ast_setting *s)
{
	struct str name = name_last(&s->name);
	int64_t number;
	static const char *const names[] = {"superuser", "createdb", "createrole", "login", "replication", "bypassrls",
	                                    "inherit"};
	bool *flags[] = {&d->superuser, &d->create_db, &d->create_role, &d->login, &d->replication, &d->bypass_rls,
	                 &d->inherit};
	for (size_t i = 0; i < ARRAY_COUNT(flags); i++) {
		if (str_eq_nocase(name, str_of(names[i])))
			*flags[i] = option_flag(s, true);
		if (str_starts_with(name, STR("no")) && str_eq_nocase(str_make(name.data + 2, name.size - 2), str_of(names[i])))
			*flags[i] = false;
	}
	if (str_eq_nocase(name, STR("connection limit")) && ddl_is_integer(s->value, &number))
		d->connection_limit = (int32_t)number;
	if (str_eq_nocase(name, STR("valid until")))
		d->valid_until = ddl_value_text(a, s->value);
}

static struct str settings_lines(struct arena *a, struct str before, const struct ast_list *settings)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	strbuf_puts(&b, before);
	AST_EACH(settings, x) {
		const struct ast_setting *s = (struct ast_setting *)x;
		if (b.size != 0)
			strbuf_putc(&b, '\n');
		strbuf_printf(&b, "%.*s = %.*s", STR_ARG(name_last(&s->name)), STR_ARG(ddl_value_text(a, s->value)));
	}
	struct str text = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return text;
}

static enum status set_auth(struct ddl_context *c, struct role_def *d, const struct ast_role *x, struct error *err)
{
	struct str value = STR("");
	bool has_value = ddl_is_string(x->auth_value, &value);
	if (x->not_identified || str_eq_nocase(x->auth_method, STR("no_password"))) {
		d->auth = STR("no_password");
		d->scram = d->sha256 = d->md5 = STR("");
		return OK;
	}
	if (str_eq_nocase(x->auth_method, STR("sha256_hash"))) {
		if (value.size != 64)
			return ERR(err, E_BAD_ARGUMENTS, "sha256_hash takes 64 hexadecimal digits");
		char *lower = arena_strndup(c->arena, value.data, value.size);
		for (size_t i = 0; i < value.size; i++)
			lower[i] = ascii_lower(lower[i]);
		d->auth = STR("sha256_password");
		d->sha256 = str_make(lower, value.size);
		d->scram = d->md5 = STR("");
		return OK;
	}
	static const char *const taken[] = {"", "plaintext_password", "sha256_password", "double_sha1_password",
	                                    "scram_sha256_password", "bcrypt_password", "password"};
	bool known = false;
	for (size_t i = 0; i < ARRAY_COUNT(taken); i++)
		known |= str_eq_nocase(x->auth_method, str_of(taken[i]));
	if (!known)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: IDENTIFIED WITH %.*s", STR_ARG(x->auth_method));
	if (!has_value)
		return OK; /* PASSWORD NULL, or nothing said */
	return role_set_password(d, value, c->arena, err);
}

static enum status fill_role(struct ddl_context *c, struct role_def *d, const struct ast_role *x, struct error *err)
{
	if (x->auth_value != NULL || x->auth_method.size != 0 || x->not_identified)
		TRY(set_auth(c, d, x, err));
	AST_EACH(&x->options, o)
		set_option(d, c->arena, (struct ast_setting *)o);
	if (x->settings.count != 0)
		d->settings = settings_lines(c->arena, d->settings, &x->settings);
	if (x->default_database.size != 0)
		d->default_database = x->default_database;
	if (x->rename.count != 0)
		d->name = name_last(&x->rename);
	if (x->host_clause) {
		struct strbuf b;
		strbuf_init(&b, NULL);
		AST_EACH(&x->hosts, h) {
			const struct ast_setting *s = (struct ast_setting *)h;
			if (b.size != 0)
				strbuf_put(&b, ", ", 2);
			strbuf_printf(&b, "%.*s %.*s", STR_ARG(name_last(&s->name)), STR_ARG(ddl_value_text(c->arena, s->value)));
		}
		d->hosts = arena_str(c->arena, strbuf_str(&b));
		strbuf_fini(&b);
	}
	return OK;
}

static enum status one_role(struct ddl_context *c, const struct ast_role *x, struct str name, struct error *err)
{
	const struct role_def *was = catalog_find_role(c->catalog, c->txn, name);
	if (x->alter) {
		if (was == NULL && x->if_exists)
			return OK;
		if (was == NULL)
			return ERR(err, E_ROLE_DOES_NOT_EXIST, "role \"%.*s\" does not exist", STR_ARG(name));
		struct role_def d = *was;
		TRY(fill_role(c, &d, x, err));
		return catalog_replace_role(c->catalog, c->txn, &d, err);
	}
	if (was != NULL && x->if_not_exists)
		return OK;
	if (was != NULL && x->or_replace)
		TRY(catalog_drop_role(c->catalog, c->txn, name, err));
	struct role_def d = {.name = name, .login = x->object == OBJECT_USER, .inherit = true, .connection_limit = -1,
	                     .auth = STR("no_password")};
	/* a user that ClickHouse's language makes may do what it is granted; grants are recorded and not checked */
	TRY(fill_role(c, &d, x, err));
	return catalog_create_role(c->catalog, c->txn, &d, err);
}

enum status ddl_role(struct ddl_context *c, const struct ast_role *x, struct error *err)
{
	AST_EACH(&x->names, n) {
		struct str name = name_last(&((struct ast_identifier *)n)->name);
		if (x->alter && (str_eq_nocase(name, STR("current_user")) || str_eq_nocase(name, STR("session_user"))))
			name = c->user;
		if (x->alter && str_eq_nocase(name, STR("all")))
			continue;
		TRY(one_role(c, x, name, err));
	}
	return OK;
}

enum status ddl_drop_roles(struct ddl_context *c, const struct ast_drop *x, struct error *err)
{
	AST_EACH(&x->names, n) {
		struct str name = name_last(&((struct ast_identifier *)n)->name);
		if (str_eq(name, c->user))
			return ERR(err, E_WRONG_STATE, "current user cannot be dropped");
		if (x->if_exists && catalog_find_role(c->catalog, c->txn, name) == NULL) {
			ddl_say(c, "NOTICE", E_ROLE_DOES_NOT_EXIST, "role \"%.*s\" does not exist, skipping", STR_ARG(name));
			continue;
		}
		TRY(catalog_drop_role(c->catalog, c->txn, name, err));
	}
	return OK;
}

/* ---- grants: recorded with the role they are given to ---- */
static struct str without_line(struct arena *a, struct str lines, struct str line)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	while (lines.size != 0) {
		ptrdiff_t end = str_find_char(lines, '\n');
		struct str one = end < 0 ? lines : str_make(lines.data, (size_t)end);
		lines = end < 0 ? STR("") : str_make(lines.data + end + 1, lines.size - (size_t)end - 1);
		if (str_eq(one, line))
			continue;
		if (b.size != 0)
			strbuf_putc(&b, '\n');
		strbuf_puts(&b, one);
	}
	struct str text = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return text;
}

static enum status record_grant(struct ddl_context *c, const struct ast_grant *x, struct str role, struct error *err)
{
	struct ast_grant *plain = (struct ast_grant *)ast_clone(c->arena, &x->ast);
	const struct role_def *was = catalog_find_role(c->catalog, c->txn, role);
	if (was == NULL)
		return ERR(err, E_ROLE_DOES_NOT_EXIST, "role \"%.*s\" does not exist", STR_ARG(role));
	if (was->from_config)
		return OK;
	plain->revoke = plain->cascade = plain->option_only = false;
	plain->cluster = (struct name){0};
	plain->granted_by = STR("");
	struct str line = ast_text(c->arena, &plain->ast, c->session->dialect);
	struct role_def d = *was;
	d.grants = without_line(c->arena, d.grants, line);
	if (!x->revoke)
		d.grants = d.grants.size == 0 ? line : arena_strf(c->arena, "%.*s\n%.*s", STR_ARG(d.grants), STR_ARG(line));
	if (x->is_role)
		AST_EACH(&x->privileges, p) {
			struct str name = name_last(&((struct ast_identifier *)p)->name);
			d.member_of = x->revoke ? d.member_of : d.member_of.size == 0 ? name
			              : arena_strf(c->arena, "%.*s,%.*s", STR_ARG(d.member_of), STR_ARG(name));
		}
	return catalog_replace_role(c->catalog, c->txn, &d, err);
}

enum status ddl_grant(struct ddl_context *c, const struct ast_grant *x, struct error *err)
{
	if (x->to == NULL)
		return OK;
	AST_EACH(&x->to->names, n) {
		struct str name = name_last(&((struct ast_identifier *)n)->name);
		if (str_eq_nocase(name, STR("public")))
			continue; /* everybody may already */
		if (str_eq_nocase(name, STR("current_user")) || str_eq_nocase(name, STR("session_user")))
			name = c->user;
		TRY(record_grant(c, x, name, err));
	}
	return OK;
}

/* ---- SYSTEM ---- */

struct background {
	unsigned works;
	bool run;
};

static enum status set_background(void *arg, struct table *t)
{
	const struct background *b = arg;
	if (t->ops->background != NULL)
		t->ops->background(t, b->works, b->run);
	return OK;
}

/* STOP MERGES of one table, or of all that there are. */
static enum status system_background(struct ddl_context *c, const struct ast_system *x, struct background *b,
                                     struct error *err)
{
	if (x->name.count == 0)
		return catalog_each_table(c->catalog, c->txn, STR(""), set_background, b);
	struct table *t;
	TRY(ddl_find_table(c, &x->name, false, &t, err));
	return set_background(b, t);
}

enum status ddl_system(struct ddl_context *c, const struct ast_system *x, struct error *err)
{
	static const char *const accepted[] = {
		"FLUSH LOGS", "FLUSH ASYNC INSERT QUEUE", "FLUSH DISTRIBUTED", "RELOAD CONFIG", "RELOAD USERS",
		"RELOAD DICTIONARIES", "RELOAD DICTIONARY", "RELOAD FUNCTIONS", "RELOAD FUNCTION", "RELOAD MODELS",
		"RELOAD EMBEDDED DICTIONARIES", "RELOAD ASYNCHRONOUS METRICS", "STOP MOVES", "START MOVES", "STOP FETCHES",
		"START FETCHES", "STOP REPLICATED SENDS", "START REPLICATED SENDS", "STOP REPLICATION QUEUES",
		"START REPLICATION QUEUES", "STOP DISTRIBUTED SENDS", "START DISTRIBUTED SENDS", "STOP CLEANUP",
		"START CLEANUP", "STOP LISTEN", "START LISTEN", "SYNC REPLICA", "SYNC DATABASE REPLICA", "SYNC FILE CACHE",
		"RESTART REPLICA", "RESTART REPLICAS", "RESTORE REPLICA", "WAIT LOADING PARTS", "UNFREEZE", "STOP VIEWS",
		"START VIEWS", "STOP VIEW", "START VIEW", "SYNC FILESYSTEM CACHE", "JEMALLOC PURGE",
		"STOP PULLING REPLICATION LOG", "START PULLING REPLICATION LOG", "SYNC TRANSACTION LOG",
		"PREWARM MARK CACHE", "PREWARM PRIMARY INDEX CACHE",
	};
	if (str_starts_with_nocase(x->command, STR("DROP ")) && str_find(x->command, STR("CACHE")) > 0)
		return OK;
	if (str_starts_with_nocase(x->command, STR("CLEAR ")) && str_find(x->command, STR("CACHE")) > 0)
		return OK;
	for (size_t i = 0; i < ARRAY_COUNT(accepted); i++)
		if (str_eq_nocase(x->command, str_of(accepted[i])))
			return OK;
	bool stop = str_starts_with(x->command, STR("STOP "));
	if (str_eq(x->command, STR("STOP MERGES")) || str_eq(x->command, STR("START MERGES")))
		return system_background(c, x, &(struct background){BACKGROUND_MERGES, !stop}, err);
	if (str_eq(x->command, STR("STOP TTL MERGES")) || str_eq(x->command, STR("START TTL MERGES")))
		return system_background(c, x, &(struct background){BACKGROUND_TTL, !stop}, err);
	if (str_eq_nocase(x->command, STR("CHECKPOINT")) || str_eq_nocase(x->command, STR("SYNC")))
		return txn_checkpoint(catalog_txn_manager(c->catalog), err);
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SYSTEM %.*s", STR_ARG(x->command));
}
