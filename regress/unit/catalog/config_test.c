// SPDX-License-Identifier: Apache-2.0
/* Configuration files: paths, overrides, bad input, what becomes of profiles. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "catalog/config.h"
#include "catalog/settings.h"
#include "regress/unit/tap.h"

static struct error err;
static char path[] = "config_test_XXXXXX";

static enum status read_text(struct config *c, const char *text)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		abort();
	fputs(text, f);
	fclose(f);
	error_clear(&err);
	return config_read(c, path, &err);
}

static void count(void *arg, struct str name)
{
	(void)name;
	++*(int *)arg;
}

int main(void)
{
	struct config *c = config_new();
	int users = 0;
	error_init(&err);
	int fd = mkstemp(path);
	if (fd < 0)
		return 1;
	close(fd);
	setenv("CONFIG_TEST_PORT", "9999", 1);
	ok(read_text(c, "<?xml version=\"1.0\"?><clickhouse><logger><level> trace </level></logger><http_port>8123</http_port>"
	                "<tcp_port from_env=\"CONFIG_TEST_PORT\"/><listen_host>::1</listen_host>"
	                "<listen_host>127.0.0.1</listen_host>"
	                "<macros><shard>7</shard></macros>"
	                "<profiles><default><max_threads>3</max_threads><nonesuch>1</nonesuch></default></profiles>"
	                "<users><default><password>x &amp; "
	                "y</password></default><ann><password></password></ann></users></clickhouse>") == OK,
	   "a file %s", err.message);
	is_str(config_text(c, "logger.level"), "trace", "a text");
	is_int(config_i64(c, "http_port", 0), 8123, "a number");
	is_int(config_i64(c, "tcp_port", 0), 9999, "of the environment");
	is_str(config_text(c, "listen_host[1]"), "127.0.0.1", "a repeated element");
	is_str(config_text(c, "users.default.password"), "x & y", "an escape");
	is_str(config_macro(c, STR("shard")), "7", "a macro");
	is_str(config_macro(c, STR("cluster")), "default", "one by default");
	config_each(c, "users", count, &users);
	is_int(users, 2, "elements below a path");
	ok(read_text(c, "<yandex><http_port>1</http_port><logger remove=\"1\"/><users "
	                "replace=\"1\"><bob><password>b</password></bob></users>"
	                "</yandex>") == OK, "another");
	is_int(config_i64(c, "http_port", 0), 1, "overrides");
	ok(!config_has(c, "logger"), "removes");
	ok(!config_has(c, "users.ann") && config_has(c, "users.bob"), "replaces");
	struct settings *s = settings_new(settings_server());
	ok(config_apply_profile(c, "default", s, &err) == OK, "a profile, with a setting that nobody knows");
	is_int(settings_u64(s, SET_max_threads), 3, "sets settings");
	settings_free(s);
	is_int(read_text(c, "<a><b></a>"), E_SYNTAX, "what is no XML");
	is_int(read_text(c, "<!DOCTYPE a [<!ENTITY e \"eeee\">]><a>&e;</a>"), E_SYNTAX, "entities");
	is_int(read_text(c, ""), E_SYNTAX, "nothing");
	error_clear(&err);
	is_int(config_read(c, "/nonexistent/config.xml", &err), E_FILE_OPEN, "no file");
	static char deep[2000];
	for (int i = 0; i < 100; i++)
		memcpy(deep + 3 * i, "<a>", 3);
	is_int(read_text(c, deep), E_SYNTAX, "nesting");
	config_free(c);
	unlink(path);
	return tap_done();
}
