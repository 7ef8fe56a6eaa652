// SPDX-License-Identifier: Apache-2.0
/* Keys that come to a table which has rows: CREATE UNIQUE INDEX, ALTER TABLE … ADD PRIMARY KEY and UNIQUE. */
#include <stdio.h>

#include "exec/ddl_impl.h"
#include "exec/unique_key.h"
#include "storage/table_keys.h"

static enum status is_duplicated(const struct table_def *def, const struct unique_key *k, const struct batch *b,
                                 uint32_t row, struct error *err)
{
	struct strbuf names, values;
	strbuf_init(&names, NULL);
	strbuf_init(&values, NULL);
	for (uint32_t i = 0; i < k->count; i++) {
		strbuf_printf(&names, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(def->columns[k->columns[i]].name));
		strbuf_puts(&values, i == 0 ? STR("") : STR(", "));
		value_write(&values, b->columns[i], row, VALUE_PG, &value_options_default);
	}
	ERR(err, E_UNIQUE_VIOLATION, "could not create unique index \"%.*s\"", STR_ARG(k->name));
	error_detail(err, "Key (%s)=(%s) is duplicated.", strbuf_cstr(&names), strbuf_cstr(&values));
	strbuf_fini(&names);
	strbuf_fini(&values);
	if (err != NULL) {
		snprintf(err->constraint, sizeof err->constraint, "%.*s", STR_ARG(k->name));
		snprintf(err->table, sizeof err->table, "%.*s", STR_ARG(def->name));
		snprintf(err->schema, sizeof err->schema, "%s", "public");
	}
	return E_UNIQUE_VIOLATION;
}

static bool has_null(const struct vector *v)
{
	for (uint32_t r = 0; r < v->count; r++)
		if (vector_is_null(v, r))
			return true;
	return false;
}

static enum status look_at(struct ddl_context *c, const struct table_def *def, struct unique_key *k,
                           const struct batch *b, struct error *err)
{
	struct arena a;
	struct key_block keys;
	arena_init(&a, c->track);
	uint8_t *twice = arena_alloc(&a, b->count + 1);
	enum status st = unique_hash(k, b, &a, &keys, err);
	if (st == OK)
		st = unique_meet(k, &keys, twice, c->track, err);
	const uint8_t *first = st == OK ? memchr(twice, 1, b->count) : NULL;
	if (first != NULL)
		st = is_duplicated(def, k, b, (uint32_t)(first - twice), err);
	arena_fini(&a);
	return st;
}

enum status ddl_check_unique(struct ddl_context *c, struct table *t, struct str name, struct str columns, bool primary,
                             struct error *err)
{
	struct unique_key k = {.name = name};
	const struct column_def *with_null = NULL;
	struct scan *scan;
	struct batch *b;
	if (t->ops->find_keys == NULL || !unique_key_columns(&k, t->def, columns, c->arena))
		return OK;
	for (uint32_t i = 0; i < k.count; i++)
		k.stored[i] = i; /* of the scan's batches */
	struct scan_request r = {.columns = k.columns, .column_count = k.count, .threads = 1, .track = c->track,
	                         .session = storage_session(DIALECT_CLICKHOUSE)};
	TRY(t->ops->scan(t, c->txn, &r, &scan, err));
	enum status st;
	while ((st = scan->ops->next(scan, 0, &b, err)) == OK && b != NULL) {
		st = look_at(c, t->def, &k, b, err);
		for (uint32_t i = 0; i < k.count && with_null == NULL; i++)
			with_null = has_null(b->columns[i]) ? &t->def->columns[k.columns[i]] : NULL;
		batch_free(b);
		if (st != OK)
			break;
	}
	scan->ops->free(scan);
	key_runs_fini(&k.seen);
	if (st == OK && primary && with_null != NULL)
		return ERR(err, E_NOT_NULL_VIOLATION, "column \"%.*s\" of relation \"%.*s\" contains null values",
		           STR_ARG(with_null->name), STR_ARG(t->def->name));
	return st;
}
