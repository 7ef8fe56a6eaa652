// SPDX-License-Identifier: Apache-2.0
#include "storage/part.h"
#include "storage/column_range.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/log.h"
#include "storage/delta.h"
#include "storage/key_map.h"
#include "storage/part_forward.h"

static char *copy_text(struct str s)
{
	char *p = malloc(s.size + 1);
	if (p != NULL) {
		memcpy(p, s.data, s.size);
		p[s.size] = '\0';
	}
	return p;
}

struct part_identity *part_identity_new(void)
{
	static _Atomic uint64_t last_id;
	struct part_identity *i = calloc(1, sizeof *i);
	if (i == NULL)
		return NULL;
	i->references = 1;
	i->id = ++last_id;
	pthread_mutex_init(&i->mutex, NULL);
	return i;
}

struct part_identity *part_identity_ref(struct part_identity *i)
{
	i->references++;
	return i;
}

void part_identity_unref(struct part_identity *i)
{
	if (i == NULL || --i->references != 0)
		return;
	for (uint32_t k = 0; k < i->landing_count; k++)
		part_unref(i->landings[k].part);
	free(i->landings);
	part_forward_unref(i->forward);
	key_maps_free(i->maps, i->gone);
	pthread_mutex_destroy(&i->mutex);
	free(i);
}

void part_identify(struct part *p, struct part_identity *i)
{
	part_identity_ref(i);
	part_identity_unref(p->identity);
	p->identity = i;
}

enum status part_identity_land(struct part_identity *i, const struct part_landing *l, struct error *err)
{
	uint32_t at = 0;
	while (at < i->landing_count && i->landings[at].from != l->from)
		at++;
	if (at == i->landing_count) {
		struct part_landing *more = realloc(i->landings, (at + 1) * sizeof *more);
		if (more == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		i->landings = more;
		i->landing_count++;
	} else {
		part_unref(i->landings[at].part);
	}
	i->landings[at] = *l;
	part_ref(l->part);
	return OK;
}

enum status part_new(struct str name, const char *table_dir, const char *sub, struct part **out, struct error *err)
{
	struct part *p = calloc(1, sizeof *p);
	if (p == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	p->references = 1;
	p->identity = part_identity_new();
	p->name_text = copy_text(name);
	p->table_dir = copy_text(str_of(table_dir));
	p->sub = copy_text(str_of(sub));
	pthread_mutex_init(&p->mutex, NULL);
	pthread_mutex_init(&p->load_mutex, NULL);
	enum status st = OK;
	if (p->identity == NULL || p->name_text == NULL || p->table_dir == NULL || p->sub == NULL)
		st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	else if (!part_name_parse((struct str){p->name_text, name.size}, &p->name))
		st = ERR(err, E_BAD_DATA_PART_NAME, "'%.*s' is no name of a part", STR_ARG(name));
	if (st != OK) {
		part_unref(p);
		return st;
	}
	*out = p;
	return OK;
}

struct part *part_ref(const struct part *p)
{
	struct part *mine = (struct part *)(uintptr_t)p;
	mine->references++;
	return mine;
}

void part_meta_free(struct part_meta *m)
{
	if (m == NULL)
		return;
	for (uint32_t i = 0; m->streams != NULL && i < m->columns.count; i++)
		for (uint32_t k = 0; k < m->layouts[i]->stream_count; k++) {
			if (m->streams[i][k].file != m->data.file)
				file_drop(m->streams[i][k].file);
			free(m->streams[i][k].marks);
		}
	file_drop(m->data.file);
	for (uint32_t i = 0; i < m->key_count; i++)
		vector_unref(m->keys[i]);
	for (uint32_t i = 0; i < m->minmax_count; i++)
		vector_unref(m->minmax[i]);
	column_ranges_free(m->ranges);
	arena_fini(&m->arena);
	free(m);
}

void part_unref(struct part *p)
{
	if (p == NULL || --p->references != 0)
		return;
	struct part_meta *m = p->meta;
	part_meta_free(m);
	if (p->retired && p->delta == NULL) {
		char path[4096];
		struct error err;
		error_init(&err);
		part_path(p, path, sizeof path);
		if (file_remove_tree(path, &err) != OK)
			LOG(LOG_WARNING, "storage", "%s", err.message);
		p->identity->gone = true;
	}
	part_identity_unref(p->identity);
	pthread_mutex_destroy(&p->mutex);
	pthread_mutex_destroy(&p->load_mutex);
	delta_free(p->delta);
	free(p->broken);
	free(p->name_text);
	free(p->table_dir);
	free(p->sub);
	free(p);
}

void part_path(struct part *p, char *to, size_t size)
{
	pthread_mutex_lock(&p->mutex);
	snprintf(to, size, "%s/%s", p->table_dir, p->sub);
	pthread_mutex_unlock(&p->mutex);
}

enum status part_rename(struct part *p, const char *sub, struct error *err)
{
	char from[4096], to[4096];
	char *copy = copy_text(str_of(sub));
	if (copy == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	pthread_mutex_lock(&p->mutex);
	snprintf(from, sizeof from, "%s/%s", p->table_dir, p->sub);
	snprintf(to, sizeof to, "%s/%s", p->table_dir, sub);
	enum status st = file_rename(from, to, err);
	if (st == OK) {
		free(p->sub);
		p->sub = copy;
	} else {
		free(copy);
	}
	pthread_mutex_unlock(&p->mutex);
	return st;
}

enum status part_set_name(struct part *p, const struct part_name *name, struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	part_name_print(name, &b);
	char *text = b.failed ? NULL : copy_text(strbuf_str(&b));
	size_t size = b.size;
	strbuf_fini(&b);
	if (text == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	char *old = p->name_text;
	p->name_text = text;
	bool parsed = part_name_parse((struct str){text, size}, &p->name);
	assert(parsed);
	(void)parsed;
	free(old);
	return OK;
}

uint32_t part_meta_column(const struct part_meta *m, struct str name)
{
	for (uint32_t i = 0; i < m->columns.count; i++)
		if (str_eq(m->columns.columns[i].name, name))
			return i;
	return UINT32_MAX;
}

uint32_t part_meta_granule(const struct part_meta *m, uint64_t row)
{
	uint32_t low = 0, high = m->granules;
	assert(row < m->rows);
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (m->first_row[middle] <= row)
			low = middle;
		else
			high = middle;
	}
	return low;
}

