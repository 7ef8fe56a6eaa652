// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_CONFIGURE_H
#define SERVER_CONFIGURE_H
/*
 * What the server runs with: the command line over the environment over config.xml over the defaults. Strings belong to
 * the configuration, which lives as long as the server.
 */
#include "base/log.h"
#include "catalog/config.h"
#include "exec/instance.h"

enum { PORT_UNSET = -2, LISTEN_MAX = 4 };

struct options {
	const char *path, *config;
	const char *listen[LISTEN_MAX];
	unsigned listen_count;
	int pg_port, http_port, native_port; /* PORT_UNSET; 0: off; -1: any free one */
	bool native_by_default; /* nobody asked for it: a port that is taken is no error */
	int ready_fd;
	bool has_log_level;
	enum log_level log_level;
	uint64_t recover_to, memory;
	unsigned connections_max, idle_seconds;
	struct arena arena;   /* of texts from the configuration; the caller's to init and end */
};

bool configure_log_level(struct str name, enum log_level *out);
/*
 * Reads --config (with its .d directories and the users file it names) and the environment into c, fills what the
 * command line left open in o, and gives the server's layer of settings the default profile.
 */
enum status configure_read(struct options *o, struct config *c, struct error *err) MUST_CHECK;
/* After the instance is open: creates the database that the environment names. */
enum status configure_database(const struct config *c, struct instance *i, struct error *err) MUST_CHECK;

#endif
