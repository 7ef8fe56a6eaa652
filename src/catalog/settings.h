// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_SETTINGS_H
#define CATALOG_SETTINGS_H
/*
 * Settings: one row of settings.def each, with ClickHouse's name and, where there is one, PostgreSQL's.
 *
 * A struct settings is a layer over its parent: server defaults ← profile ← session ← transaction (SET LOCAL) ← query.
 * A layer holds only what was set in it; reading walks up. One thread at a time, except a layer that no longer changes.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include "parse/dialect.h"

enum setting_kind {
	SETTING_BOOL, SETTING_U64, SETTING_I64, SETTING_FLOAT, SETTING_SECONDS, SETTING_MS, SETTING_TEXT, SETTING_ENUM,
		SETTING_MAP
};

enum setting_flag {
	SETTING_NO_EFFECT = 1,   /* accepted for compatibility */
	SETTING_REPORTED = 2,    /* PostgreSQL: ParameterStatus */
	SETTING_READ_ONLY = 4,   /* SHOW only: server_version */
	SETTING_STARTUP = 8      /* may only be set by the configuration */
};

struct setting_info {
	const char *name;        /* ClickHouse's, or ours */
	const char *pg_name;     /* NULL: none */
	enum setting_kind kind;
	const char *default_value;
	const char *choices;     /* ENUM: "a,b,c" */
	int64_t min, max;
	unsigned flags;
	const char *description;
};

/* Ids are the names in settings.def: SET_max_threads … */
enum setting_id {
#define SETTING_ROW(id, ...) SET_##id,
#define SETTING_COMPAT(id, ...) SET_##id,
#include "catalog/settings.def"
#include "catalog/settings_compat_a.def"
#include "catalog/settings_compat_b.def"
#undef SETTING_ROW
#undef SETTING_COMPAT
	SETTING_COUNT
};

struct settings;

/* The server's layer; lives as long as the process. */
struct settings *settings_server(void);
/* A layer over `parent`, in an arena of its own. */
struct settings *settings_new(struct settings *parent);
void settings_free(struct settings *s);
struct settings *settings_parent(const struct settings *s);
/* Forgets what was set in this layer. */
void settings_clear(struct settings *s);
/* Copies what was set in `from` into `to` (COMMIT of SET inside a transaction). */
void settings_merge(struct settings *to, const struct settings *from);

/* By either name, ASCII case ignored for PostgreSQL's; NULL when unknown. */
const struct setting_info *setting_find(struct str name, enum setting_id *id);
const struct setting_info *setting_info(enum setting_id id);
/*
 * Checks and sets. Under readonly = 1 only to the value it has, so `readonly` of a set of settings goes last. By its
 * PostgreSQL name a time without unit is in milliseconds. E_UNKNOWN_SETTING (with "maybe you meant"),
 * E_INVALID_SETTING_VALUE, E_READONLY. Names with a dot in the postgresql dialect ("app.user") are accepted and kept as
 * text.
 */
enum status settings_set(struct settings *s, enum dialect dialect, struct str name, struct str value,
                         struct error *err) MUST_CHECK;
/* SET name = DEFAULT, RESET name. */
enum status settings_reset(struct settings *s, enum dialect dialect, struct str name, struct error *err) MUST_CHECK;
/* As text, PostgreSQL's spelling (on/off, 30s) in its dialect. E_UNKNOWN_SETTING. */
enum status settings_get(const struct settings *s, enum dialect dialect, struct str name, struct strbuf *out,
                         struct error *err) MUST_CHECK;
bool settings_changed(const struct settings *s, enum setting_id id); /* in this layer or one below the server's */

bool settings_bool(const struct settings *s, enum setting_id id);
uint64_t settings_u64(const struct settings *s, enum setting_id id); /* SECONDS in µs, MS in µs, ENUM as its index */
int64_t settings_i64(const struct settings *s, enum setting_id id);
double settings_float(const struct settings *s, enum setting_id id);
struct str settings_text(const struct settings *s, enum setting_id id); /* valid until the layer changes */
/* The undeclared ones ("app.user", "SQL_x") of this layer and those below; nearest first, so a name may come again. */
void settings_each_custom(const struct settings *s, void (*fn)(void *arg, struct str name, struct str value),
                          void *arg);

/* A size or count: "10G" and "10Gi" as ClickHouse has them, "64MB" as PostgreSQL does. */
bool setting_size(struct str text, uint64_t *out);

/* ---- settings of MergeTree tables: kept as text in a definition, read by the engine ---- */
struct merge_tree_setting {
	const char *name, *type, *default_value;
};
const struct merge_tree_setting *merge_tree_setting_find(struct str name);
uint32_t merge_tree_setting_count(void);
const struct merge_tree_setting *merge_tree_setting_at(uint32_t i);

#endif
