// SPDX-License-Identifier: Apache-2.0
#include "catalog/settings.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include "base/strmap.h"
#include "catalog/settings_impl.h"

enum { CUSTOM_MAX = 1000, CUSTOM_BYTES_MAX = 64 << 10 };

static const struct setting_info infos[SETTING_COUNT] = {
#define SETTING_ROW(id, pg, kind, value, choices, min, max, flags, text) \
	{#id, pg, kind, value, choices, min, max, flags, text},
#define SETTING_COMPAT(id, kind, value) \
	{#id, NULL, kind, value, NULL, 0, 0, SETTING_NO_EFFECT, "Accepted for compatibility, without effect"},
#include "catalog/settings.def"
#include "catalog/settings_compat_a.def"
#include "catalog/settings_compat_b.def"
#undef SETTING_ROW
#undef SETTING_COMPAT
};

/* One layer: the entries that were set in it, ascending by id; custom ones (with a dot, or SQL_) by name. */
struct settings {
	struct settings *parent;
	struct arena arena;
	struct strmap custom;           /* to struct str * */
	uint32_t count, capacity;
	struct setting_entry {
		uint32_t id;
		struct setting_value value; /* text is malloced, or NULL */
	} *entries;
};

static struct setting_value defaults[SETTING_COUNT];
static struct strmap by_name, by_pg_name;
static struct arena names_arena;
static struct settings server_layer;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void)
{
	arena_init(&names_arena, NULL);
	strmap_init(&by_name, &names_arena, false);
	strmap_init(&by_pg_name, &names_arena, true);
	for (uint32_t i = 0; i < SETTING_COUNT; i++) {
		struct error err;
		error_init(&err);
		enum status st = setting_parse(&infos[i], DIALECT_CLICKHOUSE, str_of(infos[i].default_value), &defaults[i], &err);
		assert(st == OK);
		(void)st;
		assert(strmap_get(&by_name, str_of(infos[i].name)) == NULL);
		strmap_set(&by_name, str_of(infos[i].name), (void *)&infos[i]);
		if (infos[i].pg_name != NULL)
			strmap_set(&by_pg_name, str_of(infos[i].pg_name), (void *)&infos[i]);
	}
	arena_init(&server_layer.arena, NULL);
	strmap_init(&server_layer.custom, &server_layer.arena, false);
}

/* ---- layers ---- */
struct settings *settings_server(void)
{
	pthread_once(&once, set_up);
	return &server_layer;
}

struct settings *settings_new(struct settings *parent)
{
	pthread_once(&once, set_up);
	struct settings *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->parent = parent;
	arena_init(&s->arena, NULL);
	strmap_init(&s->custom, &s->arena, false);
	return s;
}

struct settings *settings_parent(const struct settings *s)
{
	return s->parent;
}

void settings_clear(struct settings *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		free(s->entries[i].value.text);
	s->count = 0;
	arena_reset(&s->arena);
	strmap_init(&s->custom, &s->arena, false);
}

void settings_free(struct settings *s)
{
	if (s == NULL || s == &server_layer)
		return;
	settings_clear(s);
	arena_fini(&s->arena);
	free(s->entries);
	free(s);
}

/* The entry's place, whether it is there or not. */
static uint32_t lower_bound(const struct settings *s, uint32_t id)
{
	uint32_t low = 0, high = s->count;
	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (s->entries[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct setting_entry *find_entry(const struct settings *s, uint32_t id)
{
	uint32_t at = lower_bound(s, id);
	return at < s->count && s->entries[at].id == id ? &s->entries[at] : NULL;
}

static const struct setting_value *effective(const struct settings *s, enum setting_id id)
{
	assert(id < SETTING_COUNT);
	for (; s != NULL; s = s->parent) {
		const struct setting_entry *e = s->count == 0 ? NULL : find_entry(s, id);
		if (e != NULL)
			return &e->value;
	}
	return &defaults[id];
}

static void put_entry(struct settings *s, uint32_t id, struct setting_value value)
{
	struct setting_entry *e = find_entry(s, id);
	if (e != NULL) {
		free(e->value.text);
		e->value = value;
		return;
	}
	if (s->count == s->capacity) {
		s->capacity = s->capacity == 0 ? 8 : s->capacity * 2;
		s->entries = realloc(s->entries, s->capacity * sizeof *s->entries);
		if (s->entries == NULL)
			abort();
	}
	uint32_t at = lower_bound(s, id);
	memmove(s->entries + at + 1, s->entries + at, (s->count - at) * sizeof *s->entries);
	s->entries[at] = (struct setting_entry){id, value};
	s->count++;
}

static void drop_entry(struct settings *s, uint32_t id)
{
	struct setting_entry *e = find_entry(s, id);
	if (e == NULL)
		return;
	free(e->value.text);
	memmove(e, e + 1, (size_t)(s->entries + s->count - (e + 1)) * sizeof *e);
	s->count--;
}

static struct setting_value value_copy(const struct setting_value *v)
{
	struct setting_value copy = *v;
	if (v->text != NULL) {
		copy.text = malloc(v->size + 1);
		if (copy.text == NULL)
			abort();
		memcpy(copy.text, v->text, v->size + 1);
	}
	return copy;
}

void settings_merge(struct settings *to, const struct settings *from)
{
	for (uint32_t i = 0; i < from->count; i++)
		put_entry(to, from->entries[i].id, value_copy(&from->entries[i].value));
	STRMAP_EACH(&from->custom, e) {
		struct str *copy = ARENA_NEW(&to->arena, struct str);
		*copy = arena_str(&to->arena, *(struct str *)e->value);
		strmap_set(&to->custom, e->key, copy);
	}
}

/* ---- names ---- */
const struct setting_info *setting_find(struct str name, enum setting_id *id)
{
	pthread_once(&once, set_up);
	const struct setting_info *info = strmap_get(&by_name, name);
	if (info == NULL)
		info = strmap_get(&by_pg_name, name);
	if (info != NULL && id != NULL)
		*id = (enum setting_id)(info - infos);
	return info;
}

const struct setting_info *setting_info(enum setting_id id)
{
	assert(id < SETTING_COUNT);
	return &infos[id];
}

static enum status unknown(enum dialect dialect, struct str name, struct error *err)
{
	struct str near = strmap_nearest(&by_name, name);
	if (near.data == NULL)
		near = strmap_nearest(&by_pg_name, name);
	if (dialect == DIALECT_POSTGRESQL) {
		enum status st = ERR(err, E_UNKNOWN_SETTING, "unrecognized configuration parameter \"%.*s\"", STR_ARG(name));
		if (near.data != NULL)
			error_hint(err, "Maybe you meant \"%.*s\".", STR_ARG(near));
		return st;
	}
	if (near.data != NULL)
		return ERR(err, E_UNKNOWN_SETTING, "Unknown setting '%.*s': maybe you meant '%.*s'", STR_ARG(name), STR_ARG(near));
	return ERR(err, E_UNKNOWN_SETTING, "Unknown setting '%.*s'", STR_ARG(name));
}

/* Names that nobody declared: "app.user" of PostgreSQL, "SQL_x" of ClickHouse. */
static bool is_custom(struct str name)
{
	return str_starts_with(name, STR("SQL_")) || str_find_char(name, '.') > 0;
}

static enum status set_custom(struct settings *s, struct str name, struct str value, struct error *err)
{
	if (s->custom.count >= CUSTOM_MAX || value.size + s->arena.total_bytes > CUSTOM_BYTES_MAX * 16)
		return ERR(err, E_LIMIT_EXCEEDED, "too many custom settings");
	struct str *copy = ARENA_NEW(&s->arena, struct str);
	*copy = arena_str(&s->arena, value);
	strmap_set(&s->custom, name, copy);
	return OK;
}

/* readonly = 1 freezes all settings, readonly = 2 only itself. The server's own layer is the configuration's. */
static enum status check_may_change(const struct settings *s, const struct setting_info *info,
                                    const struct setting_value *v, struct error *err)
{
	enum setting_id id = (enum setting_id)(info - infos);
	if (s == &server_layer)
		return OK;
	if (info->flags & SETTING_READ_ONLY)
		return ERR(err, E_READONLY, "parameter \"%s\" cannot be changed", info->pg_name != NULL ? info->pg_name : info->name);
	if (info->flags & SETTING_STARTUP)
		return ERR(err, E_READONLY, "parameter \"%s\" cannot be changed without restarting the server", info->name);
	uint64_t readonly = settings_u64(s, SET_readonly);
	if (readonly == 0 || (readonly == 2 && id != SET_readonly))
		return OK;
	const struct setting_value *now = effective(s, id);
	if (now->u == v->u && (v->text == NULL || str_eq(str_of(now->text), str_of(v->text))))
		return OK;
	return ERR(err, E_READONLY, "Cannot modify '%s' setting in readonly mode", info->name);
}

static bool named_by_pg(const struct setting_info *info, struct str name)
{
	return !str_eq(name, str_of(info->name)) || (info->pg_name != NULL && strcmp(info->name, info->pg_name) == 0);
}

enum status settings_set(struct settings *s, enum dialect dialect, struct str name, struct str value, struct error *err)
{
	enum setting_id id;
	const struct setting_info *info = setting_find(name, &id);
	if (info == NULL)
		return is_custom(name) ? set_custom(s, name, value, err) : unknown(dialect, name, err);
	/* statement_timeout = 100 is in milliseconds, max_execution_time = 100 in seconds */
	bool by_pg = named_by_pg(info, name);
	struct setting_value v;
	TRY(setting_parse(info, by_pg ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE, value, &v, err));
	enum status st = check_may_change(s, info, &v, err);
	if (st != OK) {
		free(v.text);
		return st;
	}
	put_entry(s, id, v);
	return OK;
}

enum status settings_reset(struct settings *s, enum dialect dialect, struct str name, struct error *err)
{
	enum setting_id id;
	const struct setting_info *info = setting_find(name, &id);
	if (info == NULL) {
		if (!is_custom(name))
			return unknown(dialect, name, err);
		strmap_remove(&s->custom, name);
		return OK;
	}
	/* back to what the layers below say; where a lower session layer has it, to the server's */
	const struct settings *below = s->parent;
	while (below != NULL && below != &server_layer && find_entry(below, id) == NULL)
		below = below->parent;
	if (below == NULL || below == &server_layer || s == &server_layer) {
		drop_entry(s, id);
		return OK;
	}
	put_entry(s, id, value_copy(effective(&server_layer, id)));
	return OK;
}

enum status settings_get(const struct settings *s, enum dialect dialect, struct str name, struct strbuf *out,
                         struct error *err)
{
	enum setting_id id;
	const struct setting_info *info = setting_find(name, &id);
	if (info != NULL) {
		setting_write(info, named_by_pg(info, name) ? dialect : DIALECT_CLICKHOUSE, effective(s, id), out);
		return strbuf_status(out, err);
	}
	for (const struct settings *l = s; l != NULL; l = l->parent) {
		const struct str *text = strmap_get(&l->custom, name);
		if (text != NULL) {
			strbuf_puts(out, *text);
			return strbuf_status(out, err);
		}
	}
	return unknown(dialect, name, err);
}

bool settings_changed(const struct settings *s, enum setting_id id)
{
	for (; s != NULL && s != &server_layer; s = s->parent)
		if (find_entry(s, id) != NULL)
			return true;
	return false;
}

/* ---- typed reading ---- */
bool settings_bool(const struct settings *s, enum setting_id id)
{
	return effective(s, id)->u != 0;
}

uint64_t settings_u64(const struct settings *s, enum setting_id id)
{
	return effective(s, id)->u;
}

int64_t settings_i64(const struct settings *s, enum setting_id id)
{
	return (int64_t)effective(s, id)->u;
}

double settings_float(const struct settings *s, enum setting_id id)
{
	return effective(s, id)->f;
}

struct str settings_text(const struct settings *s, enum setting_id id)
{
	const struct setting_value *v = effective(s, id);
	return v->text == NULL ? (struct str){"", 0} : (struct str){v->text, v->size};
}

void settings_each_custom(const struct settings *s, void (*fn)(void *arg, struct str name, struct str value), void *arg)
{
	for (; s != NULL; s = s->parent)
		STRMAP_EACH(&s->custom, e)
			fn(arg, e->key, *(struct str *)e->value);
}
