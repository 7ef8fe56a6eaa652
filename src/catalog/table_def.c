// SPDX-License-Identifier: Apache-2.0
#include <assert.h>
#include <stdlib.h>
#include "catalog/catalog_impl.h"

struct table_def *table_def_new(struct memtrack *track)
{
	struct table_def *d = calloc(1, sizeof *d);
	if (d == NULL)
		abort();
	d->references = 1;
	d->track = track;
	arena_init(&d->arena, track);
	d->next_column_number = 1;
	return d;
}

struct table_def *table_def_ref(const struct table_def *d)
{
	struct table_def *mine = (struct table_def *)d;
	if (mine != NULL)
		mine->references++;
	return mine;
}

void table_def_unref(struct table_def *d)
{
	if (d == NULL || --d->references != 0)
		return;
	arena_fini(&d->arena);
	free(d);
}

/* By the bytes that describe it on disk, so that a copy has what a restart would have. */
struct table_def *table_def_clone(const struct table_def *d, struct memtrack *track)
{
	struct table_def *copy = table_def_new(track);
	struct strbuf bytes;
	struct error err;
	error_init(&err);
	strbuf_init(&bytes, NULL);
	struct archive write = {.out = &bytes};
	archive_table_def(&write, (struct table_def *)d);
	struct cursor in = cursor_of(strbuf_str(&bytes));
	struct archive read = {.in = &in, .arena = &copy->arena, .err = &err};
	archive_table_def(&read, copy);
	assert(!in.failed && !bytes.failed);
	strbuf_fini(&bytes);
	return copy;
}

const struct column_def *table_def_column(const struct table_def *d, struct str name)
{
	for (uint32_t i = 0; i < d->column_count; i++)
		if (str_eq(d->columns[i].name, name))
			return &d->columns[i];
	return NULL;
}

const struct column_def *table_def_null_column(const struct table_def *d, const struct column_def *c)
{
	static const struct str prefix = {"__null_", 7};
	for (uint32_t i = 0; i < d->column_count; i++) {
		const struct column_def *x = &d->columns[i];
		if (x->hidden && x->name.size == prefix.size + c->name.size && str_starts_with(x->name, prefix) &&
		    str_ends_with(x->name, c->name))
			return x;
	}
	return NULL;
}

const char *table_def_setting(const struct table_def *d, const char *name)
{
	struct str wanted = str_of(name);
	for (uint32_t i = 0; i < d->setting_count; i++)
		if (str_eq(d->settings[i].name, wanted))
			return d->settings[i].value.data;
	return NULL;
}
