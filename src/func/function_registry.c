// SPDX-License-Identifier: Apache-2.0
/*
 * The registry: names to rows, in the order in which each dialect tries them. It is filled once, before any thread, and
 * only read afterwards. Three tables: exact names of the clickhouse dialect, its case-insensitive names, and all names
 * folded, PostgreSQL's rows first.
 */
#include <assert.h>

#include "base/strmap.h"
#include "func/function.h"

#define FAMILY_ROW(symbol) extern const struct function_family function_family_##symbol;
#include "func/families.def"
#undef FAMILY_ROW

static const struct function_family *const families[] = {
#define FAMILY_ROW(symbol) &function_family_##symbol,
#include "func/families.def"
#undef FAMILY_ROW
};

/* The rows of one name. */
struct overloads {
	size_t count, capacity;
	size_t pg_count;                /* folded table: the leading rows that are PostgreSQL's */
	const struct function **rows;
};

static struct {
	struct arena arena;
	struct function *rows;          /* copies with `family` set */
	uint32_t count;
	struct strmap exact, nocase, folded;
} registry;

static struct overloads *overloads_of(struct strmap *m, struct str name)
{
	struct overloads *o = strmap_get(m, name);
	if (o == NULL) {
		o = ARENA_NEW(&registry.arena, struct overloads);
		strmap_set(m, name, o);
	}
	return o;
}

/* Appends the row, or inserts it behind the PostgreSQL rows that lead the list. */
static void overloads_add(struct overloads *o, const struct function *f, bool leading)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->rows[i] == f)
			return;
	ARENA_PUSH(&registry.arena, o->rows, o->count, o->capacity, f);
	if (!leading)
		return;
	memmove(&o->rows[o->pg_count + 1], &o->rows[o->pg_count], (o->count - 1 - o->pg_count) * sizeof *o->rows);
	o->rows[o->pg_count++] = f;
}

static void add_name(const struct function *f, struct str name, bool nocase)
{
	assert(name.size != 0);
	if (f->flags & FUNCTION_CH) {
		overloads_add(overloads_of(&registry.exact, name), f, false);
		if (nocase)
			overloads_add(overloads_of(&registry.nocase, name), f, false);
	}
	overloads_add(overloads_of(&registry.folded, name), f, f->flags & FUNCTION_PG);
}

static void add_function(const struct function *f)
{
	bool nocase = f->flags & FUNCTION_NOCASE;
	add_name(f, str_of(f->name), nocase);
	for (const char *p = f->aliases; p != NULL && *p != '\0';) {
		size_t n = strcspn(p, " ");
		bool folds = *p == '~';
		if (n != 0)
			add_name(f, str_make(p + folds, n - folds), nocase || folds);
		p += n + (p[n] == ' ');
	}
}

void function_registry_init(void)
{
	if (registry.rows != NULL)
		return;
	arena_init(&registry.arena, NULL);
	strmap_init(&registry.exact, &registry.arena, false);
	strmap_init(&registry.nocase, &registry.arena, true);
	strmap_init(&registry.folded, &registry.arena, true);
	uint32_t total = 0;
	for (size_t i = 0; i < ARRAY_COUNT(families); i++)
		total += families[i]->count;
	registry.rows = ARENA_ARRAY(&registry.arena, struct function, total);
	for (size_t i = 0; i < ARRAY_COUNT(families); i++)
		for (uint32_t k = 0; k < families[i]->count; k++) {
			struct function *f = &registry.rows[registry.count++];
			*f = families[i]->rows[k];
			f->family = families[i]->title;
			assert(f->bind != NULL || (f->exec != NULL && f->result != NULL));
			add_function(f);
		}
	assert(registry.count == total);
}

uint32_t function_find(struct str name, enum dialect dialect, const struct function *const **rows)
{
	assert(registry.rows != NULL);
	const struct overloads *o = NULL;
	if (dialect == DIALECT_CLICKHOUSE) {
		o = strmap_get(&registry.exact, name);
		if (o == NULL)
			o = strmap_get(&registry.nocase, name);
		if (o == NULL) {
			/* PostgreSQL's names, but not ClickHouse's in the wrong case */
			o = strmap_get(&registry.folded, name);
			if (o == NULL || o->pg_count == 0)
				return 0;
			*rows = o->rows;
			return (uint32_t)o->pg_count;
		}
	} else {
		o = strmap_get(&registry.folded, name);
	}
	if (o == NULL)
		return 0;
	*rows = o->rows;
	return (uint32_t)o->count;
}

struct str function_nearest(struct str name, enum dialect dialect)
{
	struct str near = {NULL, 0};
	if (dialect == DIALECT_CLICKHOUSE)
		near = strmap_nearest(&registry.exact, name);
	return near.data != NULL ? near : strmap_nearest(&registry.folded, name);
}

uint32_t function_count(void)
{
	return registry.count;
}

const struct function *function_at(uint32_t i)
{
	assert(i < registry.count);
	return &registry.rows[i];
}
