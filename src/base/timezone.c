// SPDX-License-Identifier: Apache-2.0
#include <assert.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/strmap.h"
#include "base/timezone_impl.h"

static const char zone_directory[] = "/usr/share/zoneinfo";
enum { PATH_BYTES = 512, FILE_BYTES_MAX = 1 << 20, ZONES_MAX = 2048, DEPTH_MAX = 3 };

static const struct timezone_interval utc_intervals[2] = {{.from = INT64_MIN}, {.from = INT64_MAX}};
static const struct timezone utc = {
	.name = {"UTC", 3},
	.intervals = utc_intervals,
	.interval_count = 1,
	.bucket_base = INT64_MAX,
	.fold_from = INT64_MAX,
	.fold_before = INT64_MIN,
	.abbreviations = "UTC",
	.is_utc = true,
};

/* Zones by name; what is in it stays. */
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static struct arena table_arena;
static struct strmap table;
static bool table_ready;

const struct timezone *timezone_utc(void)
{
	return &utc;
}

struct str timezone_name(const struct timezone *tz)
{
	return tz->name;
}

bool timezone_is_utc(const struct timezone *tz)
{
	return tz->is_utc;
}

/* ---- look-ups ---- */

/* Seconds to take off an instant so that it falls into the years that are written out. */
static inline int64_t folding(const struct timezone *tz, int64_t t)
{
	if (likely(t < tz->fold_from && t >= tz->fold_before))
		return 0;
	if (t >= tz->fold_from)
		return ((t - tz->fold_from) / TIMEZONE_CYCLE + 1) * TIMEZONE_CYCLE;
	return -((tz->fold_before - 1 - t) / TIMEZONE_CYCLE + 1) * TIMEZONE_CYCLE;
}

/* The interval of an instant that needs no folding. */
static inline const struct timezone_interval *find(const struct timezone *tz, int64_t t)
{
	if (t < tz->bucket_base || tz->bucket_count == 0)
		return tz->intervals;
	uint64_t bucket = (uint64_t)(t - tz->bucket_base) >> TIMEZONE_BUCKET_BITS;
	if (bucket >= tz->bucket_count)
		return &tz->intervals[tz->interval_count - 1];
	const struct timezone_interval *i = &tz->intervals[tz->buckets[bucket]];
	while (t >= i[1].from)
		i++;
	return i;
}

int32_t timezone_offset(const struct timezone *tz, int64_t utc_seconds)
{
	return find(tz, utc_seconds - folding(tz, utc_seconds))->offset;
}

int32_t timezone_span(const struct timezone *tz, int64_t utc_seconds, int64_t *from, int64_t *until)
{
	int64_t fold = folding(tz, utc_seconds);
	const struct timezone_interval *i = find(tz, utc_seconds - fold);
	if (i[0].from == INT64_MIN || __builtin_add_overflow(i[0].from, fold, from))
		*from = INT64_MIN;
	if (i[1].from == INT64_MAX || __builtin_add_overflow(i[1].from, fold, until))
		*until = INT64_MAX;
	return i->offset;
}

bool timezone_is_dst(const struct timezone *tz, int64_t utc_seconds)
{
	return find(tz, utc_seconds - folding(tz, utc_seconds))->dst;
}

struct str timezone_abbreviation(const struct timezone *tz, int64_t utc_seconds)
{
	return str_of(tz->abbreviations + find(tz, utc_seconds - folding(tz, utc_seconds))->abbreviation);
}

/*
 * The two dialects differ in where they cut local time at a transition: ClickHouse at the reading from which the clock
 * is moved, PostgreSQL at the one it is moved to. i is a later interval than the answer, or the answer.
 */
static inline int64_t to_utc(const struct timezone *tz, int64_t local, bool cut_after)
{
	if (tz->is_utc)
		return local;
	int64_t fold = folding(tz, local);
	int64_t t = local - fold;
	const struct timezone_interval *i = find(tz, t > INT64_MAX - 168 * 3600 ? t : t + 168 * 3600);
	while (i != tz->intervals && t - (cut_after ? i[0] : i[-1]).offset < i->from)
		i--;
	return local - i->offset;
}

int64_t timezone_to_utc(const struct timezone *tz, int64_t local_seconds)
{
	return to_utc(tz, local_seconds, false);
}

int64_t timezone_to_utc_pg(const struct timezone *tz, int64_t local_seconds)
{
	return to_utc(tz, local_seconds, true);
}

struct civil_time timezone_civil(const struct timezone *tz, int64_t utc_seconds)
{
	int64_t local = utc_seconds + timezone_offset(tz, utc_seconds);
	unsigned of_day = (unsigned)floor_mod(local, 86400);
	struct civil_time t = {.date = days_to_civil(floor_div(local, 86400))};
	t.hour = (uint8_t)(of_day / 3600);
	t.minute = (uint8_t)(of_day / 60 % 60);
	t.second = (uint8_t)(of_day % 60);
	return t;
}

/* ---- the system's data base ---- */

/* Whether a name may be looked for below the directory: words of letters, digits and _+- between single slashes. */
static bool name_is_safe(struct str name)
{
	if (name.size == 0 || name.size > 64 || str_starts_with_nocase(name, STR("right/")))
		return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i], l = ascii_lower(c);
		bool edge = i == 0 || i == name.size - 1 || name.data[i - 1] == '/';
		if (c == '/' ? edge : !((l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-'))
			return false;
	}
	return true;
}

/* Turns each word of a name into the one of the directory that differs from it in case alone. */
static bool spell_name(char name[PATH_BYTES])
{
	char path[PATH_BYTES];
	size_t at = 0;
	for (;;) {
		size_t end = at + strcspn(name + at, "/");
		if (snprintf(path, sizeof path, "%s/%.*s", zone_directory, (int)at, name) >= (int)sizeof path)
			return false;
		DIR *d = opendir(path);
		if (d == NULL)
			return false;
		bool found = false;
		for (const struct dirent *e = readdir(d); e != NULL && !found; e = readdir(d))
			if (str_eq_nocase(str_of(e->d_name), str_make(name + at, end - at))) {
				memcpy(name + at, e->d_name, end - at);
				found = true;
			}
		closedir(d);
		if (!found || name[end] == 0)
			return found;
		at = end + 1;
	}
}

/* Reads a whole TZif file; NULL when there is none of this name. The caller frees it. */
static char *read_zone_file(const char *name, size_t *size)
{
	char path[PATH_BYTES + sizeof zone_directory + 1];
	snprintf(path, sizeof path, "%s/%s", zone_directory, name);
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return NULL;
	size_t capacity = 8192, n = 0;
	char *data = malloc(capacity);
	while (data != NULL) {
		n += fread(data + n, 1, capacity - n, f);
		if (n < capacity)
			break;
		char *more = capacity >= FILE_BYTES_MAX ? NULL : realloc(data, capacity * 2);
		if (more == NULL) {
			free(data);
			data = NULL;
			break;
		}
		data = more;
		capacity *= 2;
	}
	if (data != NULL && (ferror(f) || n < 4 || memcmp(data, "TZif", 4) != 0)) {
		free(data);
		data = NULL;
	}
	fclose(f);
	*size = n;
	return data;
}

/* ---- finding ---- */

/* ClickHouse's Fixed/UTC±hh:mm:ss. */
static bool parse_fixed(struct str name, int32_t *seconds_east)
{
	static const char pattern[] = "Fixed/UTC+00:00:00";
	int v[3] = {0, 0, 0};
	if (name.size != sizeof pattern - 1 || !str_starts_with_nocase(name, STR("Fixed/UTC")))
		return false;
	for (size_t i = 9; i < name.size; i++) {
		char c = name.data[i];
		if (pattern[i] == '0' && c >= '0' && c <= '9')
			v[(i - 10) / 3] = v[(i - 10) / 3] * 10 + (c - '0');
		else if (pattern[i] != ':' ? i != 9 || (c != '+' && c != '-') : c != ':')
			return false;
	}
	if (v[0] > 24 || v[1] > 59 || v[2] > 59)
		return false;
	*seconds_east = (v[0] * 3600 + v[1] * 60 + v[2]) * (name.data[9] == '-' ? -1 : 1);
	return true;
}

/* Makes the zone of a name, in the table's arena; `spelled` is given its proper name. Under table_lock. */
static bool load(struct str name, struct timezone *out, struct str *spelled)
{
	char text[PATH_BYTES];
	int32_t seconds;
	*spelled = name;
	if (name_is_safe(name)) {
		snprintf(text, sizeof text, "%.*s", STR_ARG(name));
		size_t size;
		char *data = read_zone_file(text, &size);
		if (data == NULL && spell_name(text))
			data = read_zone_file(text, &size);
		bool loaded = data != NULL && timezone_from_tzif(&table_arena, str_make(data, size), out);
		free(data);
		if (loaded) {
			*spelled = arena_strf(&table_arena, "%s", text);
			return true;
		}
	}
	if (parse_fixed(name, &seconds)) {
		timezone_from_offset(&table_arena, seconds, arena_strndup(&table_arena, name.data + 6, name.size - 6), out);
		return true;
	}
	if (!timezone_from_posix(&table_arena, name, out))
		return false;
	char *upper = arena_strndup(&table_arena, name.data, name.size);
	for (size_t i = 0; i < name.size; i++)
		upper[i] = ascii_upper(upper[i]);
	*spelled = str_make(upper, name.size);
	return true;
}

/* The zone of a name from the table, entering it when it is new. Under table_lock. */
static enum status find_locked(struct str name, const struct timezone **out, struct error *err)
{
	struct str spelled;
	if (!table_ready) {
		arena_init(&table_arena, NULL);
		strmap_init(&table, &table_arena, true);
		strmap_set(&table, utc.name, (void *)(uintptr_t)&utc);
		table_ready = true;
	}
	*out = strmap_get(&table, name);
	if (*out != NULL)
		return OK;
	if (table.count >= ZONES_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "too many different time zones were asked for");
	struct timezone loaded = {0};
	if (!load(name, &loaded, &spelled))
		return ERR(err, E_BAD_ARGUMENTS, "time zone \"%.*s\" not recognized", STR_ARG(name));
	struct timezone *tz = ARENA_NEW(&table_arena, struct timezone);
	*tz = loaded;
	tz->name = arena_str(&table_arena, spelled);
	(void)strmap_set(&table, name, tz);
	*out = tz;
	return OK;
}

enum status timezone_find(struct str name, const struct timezone **out, struct error *err)
{
	if (name.size > TIMEZONE_NAME_MAX)
		return ERR(err, E_BAD_ARGUMENTS, "time zone name of %zu bytes is too long", name.size);
	if (name.size == 0 || memchr(name.data, 0, name.size) != NULL)
		return ERR(err, E_BAD_ARGUMENTS, "time zone \"%s\" not recognized", name.size == 0 ? "" : name.data);
	pthread_mutex_lock(&table_lock);
	enum status s = find_locked(name, out, err);
	pthread_mutex_unlock(&table_lock);
	return s;
}

enum status timezone_fixed(int32_t seconds_east, const struct timezone **out, struct error *err)
{
	char clock[32], name[80];
	unsigned n = (unsigned)(seconds_east < 0 ? -(int64_t)seconds_east : seconds_east);
	if (n >= 168 * 3600)
		return ERR(err, E_BAD_ARGUMENTS, "time zone offset of %d seconds is out of range", (int)seconds_east);
	int used = snprintf(clock, sizeof clock, "%02u", n / 3600);
	if (n % 3600 != 0)
		used += snprintf(clock + used, sizeof clock - (size_t)used, ":%02u", n / 60 % 60);
	if (n % 60 != 0)
		snprintf(clock + used, sizeof clock - (size_t)used, ":%02u", n % 60);
	bool west = seconds_east < 0;
	snprintf(name, sizeof name, "<%c%s>%c%s", west ? '-' : '+', clock, west ? '+' : '-', clock);
	return timezone_find(str_of(name), out, err);
}

/* ---- listing ---- */

struct name_list {
	struct arena arena;
	const char **names;
	size_t count, capacity;
};

static void list_directory(struct name_list *list, const char *below, int depth)
{
	char path[PATH_BYTES];
	if (depth > DEPTH_MAX || snprintf(path, sizeof path, "%s/%s", zone_directory, below) >= (int)sizeof path)
		return;
	DIR *d = opendir(path);
	if (d == NULL)
		return;
	for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		const char *n = e->d_name;
		if (!name_is_safe(str_of(n)) || (depth == 0 && (strcmp(n, "posix") == 0 || strcmp(n, "right") == 0 ||
		                                 strcmp(n, "posixrules") == 0 || strcmp(n, "localtime") == 0)))
			continue;
		const char *name = arena_strf(&list->arena, "%s%s%s", below, *below ? "/" : "", n).data;
		size_t size;
		char *data = read_zone_file(name, &size);
		if (data != NULL)
			ARENA_PUSH(&list->arena, list->names, list->count, list->capacity, name);
		else
			list_directory(list, name, depth + 1);
		free(data);
	}
	closedir(d);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void timezone_each(void (*fn)(struct str name, void *arg), void *arg)
{
	struct name_list list = {.names = NULL};
	arena_init(&list.arena, NULL);
	list_directory(&list, "", 0);
	if (list.count == 0) /* no data base here */
		fn(utc.name, arg);
	else
		qsort(list.names, list.count, sizeof *list.names, compare_names);
	for (size_t i = 0; i < list.count; i++)
		fn(str_of(list.names[i]), arg);
	arena_fini(&list.arena);
}
