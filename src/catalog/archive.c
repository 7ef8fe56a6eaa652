// SPDX-License-Identifier: Apache-2.0
/*
 * Definitions on disk, version 1 (in MANIFEST and log). Strings are a varuint length and bytes, numbers are varuints
 * unless noted; a type is ClickHouse's spelling, then for each node of its tree in pre-order one byte of face and four
 * of typmod. Reading is checked: what does not fit is E_CORRUPTED_DATA by the cursor's `failed`.
 */
#include <assert.h>
#include "catalog/catalog_impl.h"

enum { LIST_MAX = 1 << 20 };

void archive_str(struct archive *a, struct str *s)
{
	if (a->out != NULL)
		cursor_put_str(a->out, *s);
	else
		*s = arena_str(a->arena, cursor_str(a->in));
}

static void archive_u64(struct archive *a, uint64_t *v)
{
	if (a->out != NULL)
		strbuf_put_varuint(a->out, *v);
	else
		*v = cursor_varuint(a->in);
}

void archive_u32(struct archive *a, uint32_t *v)
{
	uint64_t wide = *v;
	archive_u64(a, &wide);
	if (wide > UINT32_MAX)
		a->in->failed = true;
	*v = (uint32_t)wide;
}

static void archive_i64(struct archive *a, int64_t *v)
{
	if (a->out != NULL)
		strbuf_put_le(a->out, (uint64_t)*v, 8);
	else
		*v = (int64_t)cursor_le(a->in, 8);
}

void archive_bool(struct archive *a, bool *v)
{
	if (a->out != NULL)
		strbuf_putc(a->out, *v ? 1 : 0);
	else
		*v = cursor_le(a->in, 1) != 0;
}

static void archive_byte(struct archive *a, int *v, int end)
{
	if (a->out != NULL) {
		strbuf_putc(a->out, (char)*v);
		return;
	}
	*v = (int)cursor_le(a->in, 1);
	if (*v >= end)
		a->in->failed = true;
}

/* The length of a list that is about to be read or written; every element takes a byte at least. */
static bool archive_count(struct archive *a, uint32_t *n)
{
	archive_u32(a, n);
	if (a->out == NULL && (*n > LIST_MAX || *n > cursor_left(a->in))) {
		a->in->failed = true;
		*n = 0;
	}
	return *n != 0;
}

/* ---- types ---- */
static void write_faces(struct strbuf *out, const struct type *t, unsigned depth)
{
	assert(depth <= TYPE_DEPTH_MAX + 1);
	strbuf_putc(out, (char)t->face);
	strbuf_put_le(out, (uint32_t)t->typmod, 4);
	for (uint32_t i = 0; i < t->child_count; i++)
		write_faces(out, t->children[i], depth + 1);
}

static const struct type *read_faces(struct archive *a, const struct type *t, unsigned depth)
{
	if (depth > TYPE_DEPTH_MAX + 1) {
		a->in->failed = true;
		return t;
	}
	struct type *copy = arena_copy(a->arena, t, sizeof *t);
	copy->face = (uint8_t)cursor_le(a->in, 1);
	copy->typmod = (int32_t)cursor_le(a->in, 4);
	if (copy->face >= FACE_COUNT)
		a->in->failed = true;
	if (t->child_count != 0)
		copy->children = ARENA_ARRAY(a->arena, const struct type *, t->child_count);
	for (uint32_t i = 0; i < t->child_count && !a->in->failed; i++)
		copy->children[i] = read_faces(a, t->children[i], depth + 1);
	return copy;
}

/* The spelling that type_parse() reads back to the same tree: aliases like Nested stand for it too. */
void archive_type(struct archive *a, const struct type **t)
{
	if (a->out != NULL) {
		struct arena scratch;
		arena_init(&scratch, NULL);
		cursor_put_str(a->out, *t == NULL ? STR("") : type_name(&scratch, *t));
		if (*t != NULL)
			write_faces(a->out, *t, 0);
		arena_fini(&scratch);
		return;
	}
	struct str name = cursor_str(a->in);
	*t = NULL;
	if (a->in->failed || name.size == 0)
		return;
	enum status st = type_parse(a->arena, arena_str(a->arena, name), t, a->err);
	if (st != OK) {
		a->status = st;
		a->in->failed = true;
		return;
	}
	*t = read_faces(a, *t, 0);
}

/* ---- tables ---- */
static void archive_sql(struct archive *a, struct stored_sql *s)
{
	archive_str(a, &s->text);
	if (a->out == NULL && s->text.size == 0)
		return;
	if (a->out != NULL && s->text.size == 0)
		return;
	int dialect = (int)s->dialect;
	archive_byte(a, &dialect, 2);
	s->dialect = (enum dialect)dialect;
	archive_str(a, &s->database);
	archive_str(a, &s->search_path);
}

static void archive_column(struct archive *a, struct column_def *c)
{
	archive_str(a, &c->name);
	archive_type(a, &c->type);
	archive_u32(a, &c->number);
	uint32_t attnum = (uint32_t)c->attnum;
	archive_u32(a, &attnum);
	c->attnum = (int16_t)attnum;
	int kind = (int)c->default_kind;
	archive_byte(a, &kind, COLUMN_EPHEMERAL + 1);
	c->default_kind = (enum column_default)kind;
	archive_sql(a, &c->default_expr);
	archive_str(a, &c->codec);
	archive_sql(a, &c->ttl);
	archive_str(a, &c->comment);
	archive_bool(a, &c->hidden);
	archive_bool(a, &c->not_null);
	archive_str(a, &c->identity);
}

static void archive_columns(struct archive *a, struct table_def *d)
{
	if (!archive_count(a, &d->column_count))
		return;
	if (a->out == NULL)
		d->columns = ARENA_ARRAY(a->arena, struct column_def, d->column_count);
	for (uint32_t i = 0; i < d->column_count; i++)
		archive_column(a, &d->columns[i]);
}

static void archive_indexes(struct archive *a, struct table_def *d)
{
	if (!archive_count(a, &d->index_count))
		return;
	if (a->out == NULL)
		d->indexes = ARENA_ARRAY(a->arena, struct index_def, d->index_count);
	for (uint32_t i = 0; i < d->index_count; i++) {
		struct index_def *x = &d->indexes[i];
		archive_str(a, &x->name);
		archive_sql(a, &x->expr);
		archive_str(a, &x->type);
		archive_u32(a, &x->granularity);
		archive_str(a, &x->pg_definition);
		archive_bool(a, &x->unique);
		archive_u32(a, &x->oid);
	}
}

static void archive_constraints(struct archive *a, struct table_def *d)
{
	if (!archive_count(a, &d->constraint_count))
		return;
	if (a->out == NULL)
		d->constraints = ARENA_ARRAY(a->arena, struct constraint_def, d->constraint_count);
	for (uint32_t i = 0; i < d->constraint_count; i++) {
		struct constraint_def *x = &d->constraints[i];
		int kind = x->kind;
		archive_str(a, &x->name);
		archive_byte(a, &kind, 128);
		x->kind = (char)kind;
		archive_sql(a, &x->expr);
		archive_str(a, &x->columns);
		archive_str(a, &x->definition);
		archive_u32(a, &x->oid);
	}
}

static void archive_projections(struct archive *a, struct table_def *d)
{
	if (!archive_count(a, &d->projection_count))
		return;
	if (a->out == NULL)
		d->projections = ARENA_ARRAY(a->arena, struct projection_def, d->projection_count);
	for (uint32_t i = 0; i < d->projection_count; i++) {
		archive_str(a, &d->projections[i].name);
		archive_sql(a, &d->projections[i].query);
	}
}

static void archive_settings(struct archive *a, struct table_def *d)
{
	if (!archive_count(a, &d->setting_count))
		return;
	if (a->out == NULL)
		d->settings = ARENA_ARRAY(a->arena, struct setting_def, d->setting_count);
	for (uint32_t i = 0; i < d->setting_count; i++) {
		archive_str(a, &d->settings[i].name);
		archive_str(a, &d->settings[i].value);
	}
}

void archive_table_def(struct archive *a, struct table_def *d)
{
	int kind = (int)d->kind, dialect = (int)d->dialect;
	if (a->out != NULL) {
		strbuf_put(a->out, d->uuid, sizeof d->uuid);
	} else {
		const uint8_t *p = cursor_bytes(a->in, sizeof d->uuid);
		if (p != NULL)
			memcpy(d->uuid, p, sizeof d->uuid);
	}
	archive_u32(a, &d->oid);
	archive_u32(a, &d->slot);
	archive_u64(a, &d->schema_version);
	archive_byte(a, &kind, TABLE_SYSTEM + 1);
	archive_byte(a, &dialect, 2);
	d->kind = (enum table_kind)kind;
	d->dialect = (enum dialect)dialect;
	archive_str(a, &d->database);
	archive_str(a, &d->schema);
	archive_str(a, &d->name);
	archive_str(a, &d->engine);
	archive_str(a, &d->engine_args);
	archive_columns(a, d);
	archive_u32(a, &d->next_column_number);
	archive_sql(a, &d->partition_by);
	archive_sql(a, &d->order_by);
	archive_sql(a, &d->primary_key);
	archive_sql(a, &d->sample_by);
	archive_sql(a, &d->ttl);
	archive_indexes(a, d);
	archive_constraints(a, d);
	archive_projections(a, d);
	archive_settings(a, d);
	archive_str(a, &d->comment);
	archive_sql(a, &d->as_select);
	archive_str(a, &d->to_database);
	archive_str(a, &d->to_table);
	archive_str(a, &d->from_database);
	archive_str(a, &d->from_table);
	archive_str(a, &d->owner);
	archive_i64(a, &d->modified_us);
	archive_bool(a, &d->temporary);
}

/* ---- other objects ---- */
static void archive_sequence(struct archive *a, struct entry *e)
{
	struct sequence_def *s = &e->u.sequence;
	archive_i64(a, &s->start);
	archive_i64(a, &s->increment);
	archive_i64(a, &s->min_value);
	archive_i64(a, &s->max_value);
	archive_i64(a, &s->cache);
	archive_bool(a, &s->cycle);
	archive_str(a, &s->owned_by);
	archive_str(a, &s->type);
	archive_i64(a, &e->sequence_value);
	archive_bool(a, &e->sequence_called);
}

static void archive_type_object(struct archive *a, struct type_object *t)
{
	int kind = t->kind;
	archive_u32(a, &t->array_oid);
	archive_byte(a, &kind, 128);
	t->kind = (char)kind;
	if (archive_count(a, &t->label_count)) {
		if (a->out == NULL)
			t->labels = ARENA_ARRAY(a->arena, struct str, t->label_count);
		for (uint32_t i = 0; i < t->label_count; i++)
			archive_str(a, &t->labels[i]);
	}
	archive_str(a, &t->definition);
	archive_type(a, &t->type);
	archive_str(a, &t->owner);
	archive_str(a, &t->comment);
}

static void archive_role(struct archive *a, struct role_def *r)
{
	bool *flags[] = {&r->login, &r->superuser, &r->create_db, &r->create_role, &r->replication, &r->bypass_rls,
	                 &r->inherit};
	struct str *texts[] = {&r->auth, &r->scram, &r->sha256, &r->md5, &r->valid_until, &r->default_database, &r->hosts,
	                       &r->settings, &r->member_of, &r->grants, &r->comment};
	for (size_t i = 0; i < ARRAY_COUNT(flags); i++)
		archive_bool(a, flags[i]);
	int64_t limit = r->connection_limit;
	archive_i64(a, &limit);
	r->connection_limit = (int32_t)limit;
	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		archive_str(a, texts[i]);
}

static void archive_recorded(struct archive *a, struct recorded_def *r)
{
	struct str *texts[] = {&r->kind, &r->database, &r->schema, &r->name, &r->on, &r->text, &r->version, &r->owner,
	                       &r->comment};
	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		archive_str(a, texts[i]);
}

/* Behind the kind byte, which entry_encode() and entry_decode() keep. */
void archive_entry(struct archive *a, struct entry *e)
{
	archive_u32(a, &e->oid);
	archive_str(a, &e->database);
	archive_str(a, &e->schema);
	archive_str(a, &e->name);
	switch (e->kind) {
	case ENTRY_DATABASE:
		archive_str(a, &e->u.database_def.engine);
		archive_str(a, &e->u.database_def.comment);
		archive_bool(a, &e->u.database_def.is_system);
		break;
	case ENTRY_SCHEMA:
		archive_str(a, &e->u.schema_def.owner);
		archive_str(a, &e->u.schema_def.comment);
		break;
	case ENTRY_DETACHED:
		archive_bool(a, &e->permanently);
		break;
	case ENTRY_TABLE:
		break;
	case ENTRY_SEQUENCE:
		archive_sequence(a, e);
		break;
	case ENTRY_TYPE:
		archive_type_object(a, &e->u.type);
		break;
	case ENTRY_ROLE:
		archive_role(a, &e->u.role);
		break;
	case ENTRY_RECORDED:
		archive_recorded(a, &e->u.recorded);
		break;
	case ENTRY_KIND_END:
		break;
	}
}
