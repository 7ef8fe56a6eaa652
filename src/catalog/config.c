// SPDX-License-Identifier: Apache-2.0
#include "catalog/config.h"

#include <dirent.h>
#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/log.h"
#include "base/strbuf.h"
#include "catalog/objects.h"
#include "catalog/settings.h"

enum { FILE_SIZE_MAX = 16 << 20, DEPTH_MAX = 32, PATH_SIZE_MAX = 1024, FILES_MAX = 1000 };

struct config {
	struct arena arena;
	struct strmap values;       /* path to struct str * */
};

struct config *config_new(void)
{
	struct config *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	arena_init(&c->arena, NULL);
	strmap_init(&c->values, &c->arena, false);
	return c;
}

void config_free(struct config *c)
{
	if (c == NULL)
		return;
	arena_fini(&c->arena);
	free(c);
}

static void put(struct config *c, struct str path, struct str text)
{
	struct str *value = ARENA_NEW(&c->arena, struct str);
	*value = arena_str(&c->arena, text);
	strmap_set(&c->values, path, value);
}

static bool is_below(struct str path, struct str top)
{
	return str_starts_with(path, top)
	       && (path.size == top.size || path.data[top.size] == '.' || path.data[top.size] == '[');
}

static void remove_below(struct config *c, struct str top)
{
	STRMAP_EACH(&c->values, e)
		if (is_below(e->key, top))
			strmap_remove(&c->values, arena_str(&c->arena, e->key));
}

/* ---- one file ---- */
struct level {
	size_t path_size;           /* of the path up to and with this element */
	struct str env;             /* from_env's value; data NULL: none */
	bool removed, has_children;
};

struct reading {
	struct config *c;
	struct arena arena;
	struct strmap seen;         /* elements of this file, to number repeated ones */
	struct strbuf path, text;
	struct level levels[DEPTH_MAX];
	unsigned depth, skip;
	const char *problem;
};

static bool is_true(const char *s)
{
	return strcmp(s, "1") == 0 || strcmp(s, "true") == 0 || strcmp(s, "replace") == 0 || strcmp(s, "remove") == 0;
}

/* Appends ".name", or ".name[n]" when this file has had it. */
static void push_name(struct reading *r, const char *name)
{
	size_t before = r->path.size;
	if (before != 0)
		strbuf_putc(&r->path, '.');
	strbuf_putz(&r->path, name);
	uintptr_t count = (uintptr_t)strmap_get(&r->seen, strbuf_str(&r->path));
	strmap_set(&r->seen, strbuf_str(&r->path), (void *)(count + 1)); // NOLINT: a count, not a pointer
	if (count != 0)
		strbuf_printf(&r->path, "[%u]", (unsigned)count);
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = arg;
	if (r->problem != NULL)
		return;
	if (r->depth + 1 >= DEPTH_MAX || r->path.size + strlen(name) > PATH_SIZE_MAX) {
		r->problem = "elements are nested too deeply";
		return;
	}
	if (r->depth > 0)
		r->levels[r->depth].has_children = true;
	struct level *l = &r->levels[++r->depth];
	*l = (struct level){0};
	if (r->depth > 1)
		push_name(r, name);
	l->path_size = r->path.size;
	strbuf_clear(&r->text);
	for (; attributes[0] != NULL; attributes += 2) {
		const char *value;
		if (strcmp(attributes[0], "replace") == 0 && is_true(attributes[1]))
			remove_below(r->c, strbuf_str(&r->path));
		if (strcmp(attributes[0], "remove") == 0 && is_true(attributes[1])) {
			remove_below(r->c, strbuf_str(&r->path));
			l->removed = true;
		}
		if (strcmp(attributes[0], "from_env") == 0 && (value = getenv(attributes[1])) != NULL)
			l->env = arena_str(&r->arena, str_of(value));
	}
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	struct reading *r = arg;
	(void)name;
	if (r->problem != NULL || r->depth == 0)
		return;
	struct level *l = &r->levels[r->depth--];
	struct str text = l->env.data != NULL ? l->env : str_trim(strbuf_str(&r->text));
	if (!l->removed && r->path.size != 0 && (!l->has_children || text.size != 0))
		put(r->c, strbuf_str(&r->path), text);
	strbuf_clear(&r->text);
	r->path.size = r->depth == 0 ? 0 : r->levels[r->depth].path_size;
}

static void XMLCALL on_text(void *arg, const XML_Char *s, int size)
{
	struct reading *r = arg;
	strbuf_put(&r->text, s, (size_t)size);
}

/* Entities could make a small file large; nobody needs them here. */
static void XMLCALL on_entity(void *arg, const XML_Char *name, int is_parameter, const XML_Char *value, int size,
                              const XML_Char *base, const XML_Char *system, const XML_Char *public,
                              	const XML_Char *notation)
{
	struct reading *r = arg;
	(void)name, (void)is_parameter, (void)value, (void)size, (void)base, (void)system, (void)public, (void)notation;
	r->problem = "entity declarations are not allowed";
}

static enum status read_bytes(const char *path, struct strbuf *out, struct error *err)
{
	char chunk[8192];
	size_t n;
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return ERR(err, E_FILE_OPEN, "cannot open %s: %s", path, strerror(errno));
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && out->size < FILE_SIZE_MAX)
		strbuf_put(out, chunk, n);
	bool failed = ferror(f) != 0;
	fclose(f);
	if (failed)
		return ERR(err, E_FILE_READ, "cannot read %s", path);
	if (out->size >= FILE_SIZE_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "%s is larger than %d bytes", path, FILE_SIZE_MAX);
	return strbuf_status(out, err);
}

enum status config_read(struct config *c, const char *path, struct error *err)
{
	struct strbuf bytes;
	struct reading r = {.c = c};
	strbuf_init(&bytes, NULL);
	enum status st = read_bytes(path, &bytes, err);
	if (st != OK) {
		strbuf_fini(&bytes);
		return st;
	}
	arena_init(&r.arena, NULL);
	strmap_init(&r.seen, &r.arena, false);
	strbuf_init(&r.path, NULL);
	strbuf_init(&r.text, NULL);
	XML_Parser p = XML_ParserCreate(NULL);
	if (p == NULL)
		abort();
	XML_SetUserData(p, &r);
	XML_SetElementHandler(p, on_start, on_end);
	XML_SetCharacterDataHandler(p, on_text);
	XML_SetEntityDeclHandler(p, on_entity);
	bool parsed = XML_Parse(p, bytes.data == NULL ? "" : bytes.data, (int)bytes.size, 1) == XML_STATUS_OK;
	if (r.problem != NULL)
		st = ERR(err, E_SYNTAX, "%s: %s", path, r.problem);
	else if (!parsed)
		st = ERR(err, E_SYNTAX, "%s, line %lu: %s", path, (unsigned long)XML_GetCurrentLineNumber(p),
		         XML_ErrorString(XML_GetErrorCode(p)));
	XML_ParserFree(p);
	strbuf_fini(&r.text);
	strbuf_fini(&r.path);
	arena_fini(&r.arena);
	strbuf_fini(&bytes);
	return st;
}

/* ---- directories ---- */
static int is_xml(const struct dirent *d)
{
	struct str name = str_of(d->d_name);
	return name.data[0] != '.' && str_ends_with(name, STR(".xml"));
}

static enum status read_directory(struct config *c, const char *dir, struct error *err)
{
	struct dirent **list = NULL;
	int n = scandir(dir, &list, is_xml, alphasort);
	enum status st = n > FILES_MAX ? ERR(err, E_LIMIT_EXCEEDED, "%s has more than %d files", dir, FILES_MAX) : OK;
	for (int i = 0; i < n; i++) {
		char path[4096];
		if (st == OK && snprintf(path, sizeof path, "%s/%s", dir, list[i]->d_name) < (int)sizeof path)
			st = config_read(c, path, err);
		free(list[i]);
	}
	free(list);
	return st;
}

enum status config_read_tree(struct config *c, const char *path, struct error *err)
{
	char dir[4096];
	struct str whole = str_of(path);
	TRY(config_read(c, path, err));
	size_t stem = str_ends_with(whole, STR(".xml")) ? whole.size - 4 : whole.size;
	if (snprintf(dir, sizeof dir, "%.*s.d", (int)stem, path) < (int)sizeof dir)
		TRY(read_directory(c, dir, err));
	const char *slash = strrchr(path, '/');
	struct str parent = slash == NULL ? STR(".") : str_make(path, (size_t)(slash - path));
	struct str file = str_make(slash == NULL ? path : slash + 1, stem - (slash == NULL ? 0 : (size_t)(slash + 1 - path)));
	if (str_eq(file, STR("config")))
		return OK;
	if (snprintf(dir, sizeof dir, "%.*s/conf.d", STR_ARG(parent)) < (int)sizeof dir)
		TRY(read_directory(c, dir, err));
	return OK;
}

/* ---- environment ---- */
static const char *either(const char *suffix)
{
	static const char *const prefixes[] = {"HANZO_DATASTORE_", "CLICKHOUSE_"};
	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
		char name[128];
		snprintf(name, sizeof name, "%s%s", prefixes[i], suffix);
		const char *value = getenv(name);
		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

void config_read_environment(struct config *c)
{
	static const char *const names[][2] = {{"DB", "environment.database"}, {"USER", "environment.user"},
	                                       {"PASSWORD", "environment.password"},
	                                       {"DEFAULT_ACCESS_MANAGEMENT", "environment.access_management"}};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		const char *value = either(names[i][0]);
		if (value != NULL)
			put(c, str_of(names[i][1]), str_of(value));
	}
}

/* ---- asking ---- */
struct str config_text(const struct config *c, const char *path)
{
	const struct str *v = strmap_get(&c->values, str_of(path));
	return v == NULL ? STR("") : *v;
}

int64_t config_i64(const struct config *c, const char *path, int64_t otherwise)
{
	int64_t v;
	return str_to_i64(config_text(c, path), &v) ? v : otherwise;
}

bool config_bool(const struct config *c, const char *path, bool otherwise)
{
	struct str v = config_text(c, path);
	if (v.size == 0)
		return otherwise;
	return str_eq(v, STR("1")) || str_eq_nocase(v, STR("true")) || str_eq_nocase(v, STR("yes")) ||
		str_eq_nocase(v, STR("on"));
}

bool config_has(const struct config *c, const char *path)
{
	STRMAP_EACH(&c->values, e)
		if (is_below(e->key, str_of(path)))
			return true;
	return false;
}

void config_each(const struct config *c, const char *path, void (*fn)(void *arg, struct str name), void *arg)
{
	struct str top = str_of(path);
	struct arena scratch;
	struct strmap seen;
	arena_init(&scratch, NULL);
	strmap_init(&seen, &scratch, false);
	STRMAP_EACH(&c->values, e) {
		if (!str_starts_with(e->key, top) || e->key.size <= top.size + 1 || e->key.data[top.size] != '.')
			continue;
		struct str rest = str_make(e->key.data + top.size + 1, e->key.size - top.size - 1);
		ptrdiff_t dot = str_find_char(rest, '.');
		struct str name = dot < 0 ? rest : str_make(rest.data, (size_t)dot);
		if (strmap_has(&seen, name))
			continue;
		strmap_set(&seen, name, &seen);
		fn(arg, arena_str(&scratch, name));
	}
	arena_fini(&scratch);
}

struct str config_macro(const struct config *c, struct str name)
{
	static const char *const defaults[][2] = {{"cluster", "default"}, {"shard", "01"}, {"replica", "replica-1"}};
	char path[256];
	snprintf(path, sizeof path, "macros.%.*s", STR_ARG(name));
	struct str v = c == NULL ? STR("") : config_text(c, path);
	for (size_t i = 0; v.size == 0 && i < ARRAY_COUNT(defaults); i++)
		if (str_eq(name, str_of(defaults[i][0])))
			v = str_of(defaults[i][1]);
	return v;
}

/* ---- profiles and users ---- */
struct applying {
	const struct config *c;
	const char *profile;
	struct settings *to;
	struct catalog *catalog;
	struct strbuf *lines;       /* a user's settings */
	struct error *err;
	enum status status;
};

static void each_profile_setting(const struct config *c, struct str profile, unsigned depth,
                                 void (*fn)(struct applying *a, struct str name, struct str value), struct applying *a);

struct profile_walk {
	struct applying *a;
	struct str profile;
	unsigned depth;
	bool inherited;              /* this pass: only what <profile> names */
	void (*fn)(struct applying *a, struct str name, struct str value);
};

static void walk_setting(void *arg, struct str name)
{
	struct profile_walk *w = arg;
	char path[512];
	bool is_base = str_eq(name, STR("profile")) || str_starts_with(name, STR("profile["));
	if (str_eq(name, STR("constraints")) || is_base != w->inherited)
		return;
	snprintf(path, sizeof path, "profiles.%.*s.%.*s", STR_ARG(w->profile), STR_ARG(name));
	struct str value = config_text(w->a->c, path);
	if (is_base)
		each_profile_setting(w->a->c, value, w->depth + 1, w->fn, w->a);
	else
		w->fn(w->a, name, value);
}

/* The settings of a profile, those of the profiles it is built on first. */
static void each_profile_setting(const struct config *c, struct str profile, unsigned depth,
                                 void (*fn)(struct applying *a, struct str name, struct str value), struct applying *a)
{
	enum { PROFILES_MAX = 16 };
	struct profile_walk w = {a, profile, depth, true, fn};
	char path[256];
	if (depth > PROFILES_MAX)
		return;
	snprintf(path, sizeof path, "profiles.%.*s", STR_ARG(profile));
	config_each(c, path, walk_setting, &w);
	w.inherited = false;
	config_each(c, path, walk_setting, &w);
}

static void apply_setting(struct applying *a, struct str name, struct str value)
{
	struct error why;
	error_init(&why);
	enum status st = settings_set(a->to, DIALECT_CLICKHOUSE, name, value, &why);
	if (st == E_UNKNOWN_SETTING)
		LOG(LOG_WARNING, "config", "profile %s: %s", a->profile, why.message);
	else if (st != OK && a->status == OK)
		a->status = ERR(a->err, st, "profile %s: %s", a->profile, why.message);
}

enum status config_apply_profile(const struct config *c, const char *profile, struct settings *to, struct error *err)
{
	struct applying a = {.c = c, .profile = profile, .to = to, .err = err};
	each_profile_setting(c, str_of(profile), 0, apply_setting, &a);
	return a.status;
}

static void put_line(struct applying *a, struct str name, struct str value)
{
	if (a->lines->size != 0)
		strbuf_putc(a->lines, '\n');
	strbuf_printf(a->lines, "%.*s = %.*s", STR_ARG(name), STR_ARG(value));
}

static struct str user_text(const struct config *c, struct str user, const char *what)
{
	char path[512];
	snprintf(path, sizeof path, "users.%.*s.%s", STR_ARG(user), what);
	return config_text(c, path);
}

/* <networks>: every <ip>, comma-separated; names of hosts are not resolved. */
static void add_network(void *arg, struct str name)
{
	struct applying *a = arg;
	char path[512];
	snprintf(path, sizeof path, "users.%s.networks.%.*s", a->profile, STR_ARG(name));
	struct str text = config_text(a->c, path);
	if (str_starts_with(name, STR("host"))) {
		LOG(LOG_WARNING, "config", "user %s: not supported yet: <networks><%.*s>", a->profile, STR_ARG(name));
		return;
	}
	strbuf_printf(a->lines, "%s%.*s", a->lines->size == 0 ? "" : ",", STR_ARG(text));
}

static enum status user_password(const struct config *c, struct role_def *d, struct arena *scratch, struct error *err)
{
	struct str password = user_text(c, d->name, "password"), sha256 = user_text(c, d->name, "password_sha256_hex");
	static const char *const others[] = {"password_double_sha1_hex", "ldap", "kerberos", "ssl_certificates",
	                                     "password_scram_sha256_hex"};
	for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
		char path[512];
		snprintf(path, sizeof path, "users.%.*s.%s", STR_ARG(d->name), others[i]);
		if (config_has(c, path))
			return ERR(err, E_NOT_IMPLEMENTED, "user %.*s: not supported yet: <%s>", STR_ARG(d->name), others[i]);
	}
	if (sha256.size == 64) {
		char *lower = arena_strndup(scratch, sha256.data, sha256.size);
		for (size_t i = 0; i < sha256.size; i++)
			lower[i] = ascii_lower(lower[i]);
		d->auth = STR("sha256_password");
		d->sha256 = str_make(lower, sha256.size);
	} else if (sha256.size != 0) {
		return ERR(err, E_BAD_ARGUMENTS, "user %.*s: password_sha256_hex takes 64 hexadecimal digits", STR_ARG(d->name));
	} else if (password.size != 0) {
		return role_set_password(d, password, scratch, err);
	}
	return OK;
}

static void apply_user(void *arg, struct str name)
{
	struct applying *a = arg;
	struct arena scratch;
	struct strbuf lines, networks;
	char path[512];
	arena_init(&scratch, NULL);
	strbuf_init(&lines, NULL);
	strbuf_init(&networks, NULL);
	struct role_def d = {.name = name, .login = true, .superuser = true, .create_db = true, .create_role = true,
	                     .inherit = true, .connection_limit = -1, .auth = STR("no_password"), .from_config = true};
	if (a->status == OK)
		a->status = user_password(a->c, &d, &scratch, a->err);
	struct applying user = {.c = a->c, .lines = &lines};
	struct str profile = user_text(a->c, name, "profile");
	if (profile.size != 0 && !str_eq(profile, str_of(a->profile)))
		each_profile_setting(a->c, profile, 0, put_line, &user);
	user = (struct applying){.c = a->c, .lines = &networks, .profile = arena_strndup(&scratch, name.data, name.size)};
	snprintf(path, sizeof path, "users.%.*s.networks", STR_ARG(name));
	config_each(a->c, path, add_network, &user);
	d.settings = strbuf_str(&lines);
	d.hosts = strbuf_str(&networks);
	d.default_database = user_text(a->c, name, "default_database");
	if (a->status == OK)
		catalog_add_config_role(a->catalog, &d);
	strbuf_fini(&networks);
	strbuf_fini(&lines);
	arena_fini(&scratch);
}

struct str config_default_profile(const struct config *c)
{
	struct str name = config_text(c, "default_profile");
	return name.size != 0 ? name : STR("default");
}

enum status config_apply_users(const struct config *c, struct catalog *catalog, struct error *err)
{
	char profile[256];
	snprintf(profile, sizeof profile, "%.*s", STR_ARG(config_default_profile(c)));
	struct applying a = {.c = c, .catalog = catalog, .profile = profile, .err = err};
	config_each(c, "users", apply_user, &a);
	struct str user = config_text(c, "environment.user"), password = config_text(c, "environment.password");
	if (a.status != OK || (user.size == 0 && password.size == 0))
		return a.status;
	struct arena scratch;
	arena_init(&scratch, NULL);
	struct role_def d = {.name = user.size != 0 ? user : STR("default"), .login = true, .superuser = true,
	                     .create_db = true,
	                     .create_role = true, .inherit = true, .connection_limit = -1, .auth = STR("no_password"),
	                     .from_config = true, .default_database = config_text(c, "environment.database")};
	enum status st = role_set_password(&d, password, &scratch, err);
	if (st == OK)
		catalog_add_config_role(catalog, &d);
	arena_fini(&scratch);
	return st;
}
