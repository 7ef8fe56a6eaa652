// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_CONFIG_H
#define CATALOG_CONFIG_H
/*
 * Configuration: ClickHouse-style XML (config.xml, config.d, users.xml, users.d) and environment variables.
 *
 * A file is read into a flat map from paths to texts: <logger><level>information</level></logger> is "logger.level".
 * The root element's name does not matter. A later file overrides what an earlier one said; replace="1" and remove="1"
 * on an element drop what was there; from_env="X" takes the text of an environment variable. Repeated elements of one
 * file are numbered: "ip", "ip[1]". <include_from> and substitutions from ZooKeeper are not read.
 */
#include "base/strmap.h"

struct config;
struct catalog;
struct settings;

struct config *config_new(void);
void config_free(struct config *c);
/* Reads one file. E_FILE_OPEN, E_SYNTAX with the line. */
enum status config_read(struct config *c, const char *path, struct error *err) MUST_CHECK;
/* Reads `path`, then <name>.d and config.d beside it, *.xml in order of names. */
enum status config_read_tree(struct config *c, const char *path, struct error *err) MUST_CHECK;
/* HANZO_DATASTORE_DB, _USER, _PASSWORD, _DEFAULT_ACCESS_MANAGEMENT and the CLICKHOUSE_ names, where they are set. */
void config_read_environment(struct config *c);

/* Empty when nothing says it. */
struct str config_text(const struct config *c, const char *path);
int64_t config_i64(const struct config *c, const char *path, int64_t otherwise);
bool config_bool(const struct config *c, const char *path, bool otherwise);
bool config_has(const struct config *c, const char *path);
/* Calls fn for the elements directly below path ("users": each user), in order. */
void config_each(const struct config *c, const char *path, void (*fn)(void *arg, struct str name), void *arg);
/* c may be NULL. The macros of ReplicatedMergeTree paths; cluster, shard and replica have defaults. */
struct str config_macro(const struct config *c, struct str name);

/* Settings of a profile, and of those that its <profile> names, go to a layer; unknown ones are logged and left out. */
enum status config_apply_profile(const struct config *c, const char *profile, struct settings *to,
                                 struct error *err) MUST_CHECK;
/* <default_profile>, or "default": what all sessions start from. */
struct str config_default_profile(const struct config *c);
/* Users of <users>, and the one of the environment, become roles of the catalog. At start, before sessions. */
enum status config_apply_users(const struct config *c, struct catalog *catalog, struct error *err) MUST_CHECK;

#endif
