// SPDX-License-Identifier: Apache-2.0
#include "storage/ttl.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

static const char ttl_head[] = "ttl format version: 1\n";

/* Expiry in seconds; NULL, and the zero date, never expire. */
static int64_t seconds_at(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return 0;
	switch (at->type->id) {
	case TYPE_DATE:
		return (int64_t)((const uint16_t *)at->data)[i] * 86400;
	case TYPE_DATE32:
		return (int64_t)((const int32_t *)at->data)[i] * 86400;
	case TYPE_DATETIME:
		return ((const uint32_t *)at->data)[i];
	case TYPE_DATETIME64:
		return ((const int64_t *)at->data)[i] / (int64_t)pow10_u64(at->type->scale);
	default:
		return 0;
	}
}

static bool condition_at(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	size_t width = physical_size(type_physical(at->type));
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return false;
	for (size_t k = 0; k < width; k++)
		if (((const uint8_t *)at->data)[i * width + k] != 0)
			return true;
	return false;
}

void ttl_bounds_clear(const struct table_keys *k, struct ttl_bounds *bounds)
{
	for (uint32_t i = 0; i < k->ttl_count; i++)
		bounds[i] = (struct ttl_bounds){INT64_MAX, INT64_MIN};
}

enum status ttl_bounds_of(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                          struct vector *const *stored, const uint32_t *rows, uint32_t count, struct ttl_bounds *bounds,
                          struct error *err)
{
	for (uint32_t t = 0; t < k->ttl_count; t++) {
		const struct table_ttl *rule = &k->ttls[t];
		struct vector *outs[2] = {NULL, NULL};
		uint32_t all = count;
		for (uint32_t c = 0; rows != NULL && c < k->stored_count; c++)
			if (stored[c] != NULL)
				all = stored[c]->count;
		TRY(table_program_run(k, rule->program, rule->where != NULL ? 2 : 1, session, track, stored, all, outs, err));
		for (uint32_t i = 0; i < count; i++) {
			int64_t s = seconds_at(outs[0], rows == NULL ? i : rows[i]);
			if (s == 0)
				continue;
			bounds[t].min = s < bounds[t].min ? s : bounds[t].min;
			bounds[t].max = s > bounds[t].max ? s : bounds[t].max;
		}
		vector_unref(outs[0]);
		vector_unref(outs[1]);
	}
	return OK;
}

enum status ttl_expired_by(const struct table_keys *k, const struct table_ttl *t, const struct eval_session *session,
                           struct memtrack *track, struct vector *const *stored, uint32_t count, int64_t now,
                           uint8_t *expired, bool *any, struct error *err)
{
	struct vector *outs[2] = {NULL, NULL};
	TRY(table_program_run(k, t->program, t->where != NULL ? 2 : 1, session, track, stored, count, outs, err));
	for (uint32_t i = 0; i < count; i++) {
		int64_t s = seconds_at(outs[0], i);
		if (s == 0 || s > now || (t->where != NULL && !condition_at(outs[1], i)))
			continue;
		expired[i] = 1;
		*any = true;
	}
	vector_unref(outs[0]);
	vector_unref(outs[1]);
	return OK;
}

enum status ttl_expired_rows(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                             struct vector *const *stored, uint32_t count, int64_t now, uint8_t **expired,
                             struct error *err)
{
	bool any = false;
	*expired = NULL;
	uint8_t *bytes = calloc(1, (size_t)count + 1);
	enum status st = bytes == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < k->ttl_count; i++)
		if (k->ttls[i].column == UINT32_MAX && k->ttls[i].rule == TTL_RULE_DELETE)
			st = ttl_expired_by(k, &k->ttls[i], session, track, stored, count, now, bytes, &any, err);
	if (st == OK && any)
		*expired = bytes;
	else
		free(bytes);
	return st;
}

/* ---- ttl.txt ---- */

/* Under which name a rule stands in ttl.txt. */
enum rule_kind { KIND_COLUMNS, KIND_TABLE, KIND_WHERE, KIND_RECOMPRESSION, KIND_MOVES, KIND_COUNT };
static const char *const kind_names[KIND_COUNT] = {"columns", "table", "rows_where", "recompression", "moves"};

static enum rule_kind kind_of(const struct table_ttl *t)
{
	if (t->rule != TTL_RULE_DELETE)
		return t->rule == TTL_RULE_MOVE ? KIND_MOVES : KIND_RECOMPRESSION;
	return t->column != UINT32_MAX ? KIND_COLUMNS : t->where == NULL ? KIND_TABLE : KIND_WHERE;
}

static void put_rule(const struct table_keys *k, const struct table_ttl *t, const struct ttl_bounds *b,
                     struct strbuf *to)
{
	strbuf_putc(to, '{');
	if (kind_of(t) != KIND_TABLE) {
		strbuf_putz(to, t->column != UINT32_MAX ? "\"name\":" : "\"expression\":");
		json_write_string(to, t->column != UINT32_MAX ? k->def->columns[t->column].name : t->expires->name, true);
		strbuf_putc(to, ',');
	}
	strbuf_printf(to, "\"min\":%lld,\"max\":%lld,\"finished\":0}", (long long)b->min, (long long)b->max);
}

static void put_list(const struct table_keys *k, const struct ttl_bounds *bounds, const char *name, enum rule_kind kind,
                     struct strbuf *to)
{
	bool first = true;
	for (uint32_t i = 0; i < k->ttl_count; i++) {
		const struct table_ttl *t = &k->ttls[i];
		if (kind_of(t) != kind || bounds[i].min > bounds[i].max)
			continue;
		if (to->data[to->size - 1] != '{' && first)
			strbuf_putc(to, ',');
		if (kind == KIND_TABLE) {
			if (!first)
				continue; /* one rule has no condition; more of them are equal in their effect */
			strbuf_printf(to, "\"%s\":", name);
		} else {
			strbuf_printf(to, first ? "\"%s\":[" : ",", name);
		}
		first = false;
		put_rule(k, t, &bounds[i], to);
	}
	if (!first && kind != KIND_TABLE)
		strbuf_putc(to, ']');
}

enum status ttl_write(const struct table_keys *k, const struct ttl_bounds *bounds, struct part_writer *w,
                      struct error *err)
{
	if (k->ttl_count == 0)
		return OK;
	struct strbuf b;
	strbuf_init(&b, NULL);
	strbuf_putz(&b, ttl_head);
	strbuf_putc(&b, '{');
	for (enum rule_kind kind = 0; kind < KIND_COUNT; kind++)
		put_list(k, bounds, kind_names[kind], kind, &b);
	strbuf_putc(&b, '}');
	enum status st = strbuf_status(&b, err);
	if (st == OK)
		st = part_writer_add_file(w, "ttl.txt", strbuf_str(&b), err);
	strbuf_fini(&b);
	return st;
}

static void get_rule(const cJSON *j, struct ttl_bounds *b)
{
	const cJSON *min = cJSON_GetObjectItemCaseSensitive(j, "min"), *max = cJSON_GetObjectItemCaseSensitive(j, "max");
	if (cJSON_IsNumber(min) && cJSON_IsNumber(max))
		*b = (struct ttl_bounds){(int64_t)min->valuedouble, (int64_t)max->valuedouble};
}

static const cJSON *find_named(const cJSON *list, const char *field, struct str name)
{
	const cJSON *j;
	if (list != NULL)
		cJSON_ArrayForEach(j, list) {
			const cJSON *n = cJSON_GetObjectItemCaseSensitive(j, field);
			if (cJSON_IsString(n) && str_eq(str_of(n->valuestring), name))
				return j;
		}
	return NULL;
}

enum status ttl_read(const struct table_keys *k, struct part *p, struct ttl_bounds *bounds, struct error *err)
{
	struct part_meta *m;
	struct strbuf b;
	ttl_bounds_clear(k, bounds);
	TRY(part_load(p, storage_session(k->def->dialect), &m, err));
	if (checksums_find(&m->checksums, STR("ttl.txt")) == NULL)
		return OK;
	strbuf_init(&b, NULL);
	enum status st = part_read_file(p, m, "ttl.txt", &b, err);
	size_t head = sizeof ttl_head - 1;
	cJSON *root = st == OK && b.size > head ? cJSON_ParseWithLength(b.data + head, b.size - head) : NULL;
	for (uint32_t i = 0; root != NULL && i < k->ttl_count; i++) {
		const struct table_ttl *t = &k->ttls[i];
		enum rule_kind kind = kind_of(t);
		const cJSON *found = cJSON_GetObjectItemCaseSensitive(root, kind_names[kind]);
		if (kind != KIND_TABLE)
			found = find_named(found, kind == KIND_COLUMNS ? "name" : "expression",
			                   kind == KIND_COLUMNS ? k->def->columns[t->column].name : t->expires->name);
		get_rule(found, &bounds[i]);
	}
	cJSON_Delete(root);
	strbuf_fini(&b);
	return st;
}

enum status ttl_codec(const struct table_keys *k, struct part *const *parts, uint32_t count, int64_t now,
                      struct codec_chain *codec, struct error *err)
{
	int64_t latest = 0;
	bool any = false;
	for (uint32_t i = 0; i < k->ttl_count; i++)
		any = any || k->ttls[i].rule == TTL_RULE_RECOMPRESS;
	if (!any)
		return OK;
	struct ttl_bounds *b = calloc(2 * (size_t)k->ttl_count, sizeof *b), *all;
	if (b == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	all = b + k->ttl_count;
	enum status st = OK;
	ttl_bounds_clear(k, all);
	for (uint32_t p = 0; p < count && st == OK; p++) {
		st = ttl_read(k, parts[p], b, err);
		for (uint32_t i = 0; st == OK && i < k->ttl_count; i++)
			all[i].max = b[i].max > all[i].max ? b[i].max : all[i].max;
	}
	for (uint32_t i = 0; st == OK && i < k->ttl_count; i++)
		if (k->ttls[i].rule == TTL_RULE_RECOMPRESS && all[i].max > latest && all[i].max <= now) {
			latest = all[i].max;
			*codec = k->ttls[i].codec;
		}
	free(b);
	return st;
}
