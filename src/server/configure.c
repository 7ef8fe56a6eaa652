// SPDX-License-Identifier: Apache-2.0
#include "server/configure.h"

#include <stdio.h>
#include <string.h>

#include "catalog/settings.h"
#include "parse/print.h"

bool configure_log_level(struct str name, enum log_level *out)
{
	static const struct {
		const char *name;
		enum log_level level;
	} names[] = {
		{"none", LOG_ERROR}, {"fatal", LOG_ERROR}, {"critical", LOG_ERROR}, {"error", LOG_ERROR},
		{"warning", LOG_WARNING}, {"notice", LOG_INFO}, {"information", LOG_INFO}, {"info", LOG_INFO},
		{"debug", LOG_DEBUG}, {"trace", LOG_TRACE}, {"test", LOG_TRACE},
	};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq_nocase(name, str_of(names[i].name))) {
			*out = names[i].level;
			return true;
		}
	return false;
}

/* ---- files ---- */

/* The users file beside the configuration; users.xml by default, where it is there. */
static enum status read_users(const char *config, struct config *c, struct error *err)
{
	char path[4096];
	struct str name = config_text(c, "user_directories.users_xml.path");
	if (name.size == 0)
		name = config_text(c, "users_config");
	bool named = name.size != 0;
	if (!named)
		name = STR("users.xml");
	const char *slash = strrchr(config, '/');
	size_t parent = name.data[0] == '/' || slash == NULL ? 0 : (size_t)(slash + 1 - config);
	if (snprintf(path, sizeof path, "%.*s%.*s", (int)parent, config, STR_ARG(name)) >= (int)sizeof path)
		return ERR(err, E_BAD_ARGUMENTS, "the path of the users file is too long");
	if (strcmp(path, config) == 0)
		return OK;
	struct error why;
	error_init(&why);
	enum status s = config_read_tree(c, path, &why);
	if (s == E_FILE_OPEN && !named)
		return OK;
	if (s != OK && err != NULL)
		*err = why;
	return s;
}

/* ---- elements ---- */

static enum status take_port(const struct config *c, const char *name, int otherwise, int *port, struct error *err)
{
	struct str text = config_text(c, name);
	int64_t v = otherwise;
	if (*port != PORT_UNSET)
		return OK;
	if (text.size != 0 && (!str_to_i64(text, &v) || v < 0 || v > 65535))
		return ERR(err, E_BAD_ARGUMENTS, "<%s>: '%.*s' is no port", name, STR_ARG(text));
	*port = (int)v;
	return OK;
}

static const char *text_z(const struct config *c, struct arena *a, const char *name)
{
	struct str s = config_text(c, name);
	return s.size == 0 ? NULL : arena_strndup(a, s.data, s.size);
}

static void take_listen(const struct config *c, struct options *o)
{
	char path[64];
	for (unsigned i = 0; o->listen_count < LISTEN_MAX; i++) {
		snprintf(path, sizeof path, i == 0 ? "listen_host" : "listen_host[%u]", i);
		const char *host = text_z(c, &o->arena, path);
		if (host == NULL)
			break;
		o->listen[o->listen_count++] = host;
	}
	if (o->listen_count == 0)
		o->listen[o->listen_count++] = "127.0.0.1";
}

/* Elements that would change what clients can reach or do, and that this version does not have. */
static void warn_unsupported(const struct config *c)
{
	static const char *const names[] = {"https_port", "tcp_port_secure", "tcp_with_proxy_port", "mysql_port", "grpc_port",
	                                    "interserver_https_port", "ldap_servers", "kerberos", "keeper_server", "zookeeper",
	                                    "remote_url_allow_hosts", "storage_configuration", "http_handlers", "prometheus"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (config_has(c, names[i]))
			LOG(LOG_WARNING, "config", "not supported yet: <%s>", names[i]);
}

struct quota_walk {
	const struct config *c;
	char path[512];
	bool limits;
};

static void look_at_limit(void *arg, struct str name)
{
	struct quota_walk *w = arg;
	char path[1024];
	snprintf(path, sizeof path, "%s.%.*s", w->path, STR_ARG(name));
	if (!str_eq(name, STR("duration")) && !str_eq(name, STR("randomize")) && config_i64(w->c, path, 0) != 0)
		w->limits = true;
}

static void look_at_quota(void *arg, struct str name)
{
	struct quota_walk *w = arg;
	for (unsigned i = 0; i < 16; i++) {
		if (i == 0)
			snprintf(w->path, sizeof w->path, "quotas.%.*s.interval", STR_ARG(name));
		else
			snprintf(w->path, sizeof w->path, "quotas.%.*s.interval[%u]", STR_ARG(name), i);
		config_each(w->c, w->path, look_at_limit, w);
	}
	if (w->limits)
		LOG(LOG_WARNING, "config", "not supported yet: quotas: the limits of quota %.*s do not hold", STR_ARG(name));
	w->limits = false;
}

enum status configure_read(struct options *o, struct config *c, struct error *err)
{
	struct str level;
	if (o->config != NULL) {
		TRY(config_read_tree(c, o->config, err));
		TRY(read_users(o->config, c, err));
	}
	config_read_environment(c);
	level = config_text(c, "logger.level");
	if (!o->has_log_level && level.size != 0 && !configure_log_level(level, &o->log_level))
		return ERR(err, E_BAD_ARGUMENTS, "<logger><level>: '%.*s' is no level", STR_ARG(level));
	if (o->path == NULL)
		o->path = text_z(c, &o->arena, "path");
	if (o->path == NULL)
		o->path = "./data";
	TRY(take_port(c, "postgresql_port", 5432, &o->pg_port, err));
	TRY(take_port(c, "http_port", 8123, &o->http_port, err));
	o->native_by_default = o->native_port == PORT_UNSET && config_text(c, "tcp_port").size == 0;
	TRY(take_port(c, "tcp_port", 9000, &o->native_port, err));
	if (o->listen_count == 0)
		take_listen(c, o);
	o->connections_max = (unsigned)config_i64(c, "max_connections", 4096);
	o->idle_seconds = (unsigned)config_i64(c, "keep_alive_timeout", 30);
	if (o->memory == 0)
		o->memory = (uint64_t)config_i64(c, "max_server_memory_usage", 0);
	if (o->connections_max == 0 || o->connections_max > 1000000 || o->idle_seconds > 86400)
		return ERR(err, E_BAD_ARGUMENTS, "<max_connections> or <keep_alive_timeout> is out of range");
	warn_unsupported(c);
	struct quota_walk quotas = {.c = c};
	config_each(c, "quotas", look_at_quota, &quotas);
	struct str zone = config_text(c, "timezone"), profile = config_default_profile(c);
	if (zone.size != 0)
		TRY(settings_set(settings_server(), DIALECT_CLICKHOUSE, STR("session_timezone"), zone, err));
	char name[256];
	snprintf(name, sizeof name, "%.*s", STR_ARG(profile));
	return config_apply_profile(c, name, settings_server(), err);
}

enum status configure_database(const struct config *c, struct instance *i, struct error *err)
{
	struct str name = config_text(c, "environment.database");
	struct session_config config = {.dialect = DIALECT_CLICKHOUSE, .user = STR("default"), .database = STR("default"),
	                                .interface = "server"};
	struct session *s;
	struct arena arena;
	if (name.size == 0)
		return OK;
	TRY(session_open(i, &config, &s, err));
	arena_init(&arena, NULL);
	struct strbuf text;
	strbuf_init(&text, NULL);
	strbuf_putz(&text, "CREATE DATABASE IF NOT EXISTS ");
	ident_quote(&text, name, DIALECT_CLICKHOUSE);
	enum status status = session_run(s, &arena, strbuf_str(&text), NULL, err);
	strbuf_fini(&text);
	arena_fini(&arena);
	session_close(s);
	return status;
}
