// SPDX-License-Identifier: Apache-2.0
#include "engine/system/rows.h"

#include <stdlib.h>

/* ---- cells ---- */

static struct builder *next_cell(struct system_rows *r)
{
	return r->status == OK && r->at < r->column_count ? r->columns[r->at++] : NULL;
}

void rows_text(struct system_rows *r, struct str s)
{
	struct builder *b = next_cell(r);
	if (b != NULL)
		r->status = b->physical == PHYS_STR ? builder_string(b, s.data, s.size, r->err) : builder_default(b, r->err);
}

void rows_textz(struct system_rows *r, const char *s)
{
	rows_text(r, str_of(s == NULL ? "" : s));
}

/* Writes v into a builder of any fixed numeric type; the low bytes are the value. */
static enum status put_number(struct builder *b, uint64_t v, struct error *err)
{
	struct {
		uint64_t low, rest[3];
	} wide = {v, {0, 0, 0}};
	double d;
	float f;
	switch (b->physical) {
	case PHYS_F64:
		d = (double)(int64_t)v;
		return builder_fixed(b, &d, err);
	case PHYS_F32:
		f = (float)(int64_t)v;
		return builder_fixed(b, &f, err);
	case PHYS_STR:
	case PHYS_ARRAY:
	case PHYS_MAP:
	case PHYS_TUPLE:
	case PHYS_NONE:
		return builder_default(b, err);
	default:
		return builder_fixed(b, &wide, err);
	}
}

void rows_u64(struct system_rows *r, uint64_t v)
{
	struct builder *b = next_cell(r);
	if (b != NULL)
		r->status = put_number(b, v, r->err);
}

void rows_i64(struct system_rows *r, int64_t v)
{
	rows_u64(r, (uint64_t)v);
}

void rows_bool(struct system_rows *r, bool v)
{
	rows_u64(r, v);
}

void rows_f64(struct system_rows *r, double v)
{
	struct builder *b = next_cell(r);
	if (b != NULL)
		r->status = b->physical == PHYS_F64 ? builder_fixed(b, &v, r->err) : builder_default(b, r->err);
}

void rows_null(struct system_rows *r)
{
	struct builder *b = next_cell(r);
	if (b != NULL)
		r->status = b->type->nullable ? builder_null(b, r->err) : builder_default(b, r->err);
}

void rows_default(struct system_rows *r)
{
	struct builder *b = next_cell(r);
	if (b != NULL)
		r->status = builder_default(b, r->err);
}

void rows_defaults(struct system_rows *r, uint32_t n)
{
	while (n-- != 0)
		rows_default(r);
}

void rows_texts(struct system_rows *r, const struct str *items, uint32_t n)
{
	struct builder *b = next_cell(r);
	if (b == NULL)
		return;
	if (b->physical != PHYS_ARRAY) {
		r->status = builder_default(b, r->err);
		return;
	}
	for (uint32_t i = 0; i < n && r->status == OK; i++)
		r->status = builder_string(b->children[0], items[i].data, items[i].size, r->err);
	if (r->status == OK)
		r->status = builder_end_array(b, r->err);
}

void rows_numbers(struct system_rows *r, const int64_t *items, uint32_t n)
{
	struct builder *b = next_cell(r);
	if (b == NULL)
		return;
	if (b->physical != PHYS_ARRAY) {
		r->status = builder_default(b, r->err);
		return;
	}
	for (uint32_t i = 0; i < n && r->status == OK; i++)
		r->status = put_number(b->children[0], (uint64_t)items[i], r->err);
	if (r->status == OK)
		r->status = builder_end_array(b, r->err);
}

void rows_end(struct system_rows *r)
{
	while (r->status == OK && r->at < r->column_count)
		rows_default(r);
	r->at = 0;
}

/* ---- scan ---- */

struct system_scan {
	struct scan base;
	struct batch *rows;          /* all columns */
	struct arena arena;
	uint32_t *columns, column_count;
	_Atomic uint32_t next;
	struct memtrack *track;
};

static enum status scan_next(struct scan *s, unsigned worker, struct batch **out, struct error *err)
{
	struct system_scan *m = (struct system_scan *)s;
	uint32_t at = atomic_fetch_add(&m->next, BATCH_ROWS_MAX);
	*out = NULL;
	if (at >= m->rows->count)
		return OK;
	uint32_t n = m->rows->count - at < BATCH_ROWS_MAX ? m->rows->count - at : BATCH_ROWS_MAX;
	TRY(batch_new(m->column_count, out, err));
	(*out)->count = n;
	for (uint32_t c = 0; c < m->column_count; c++) {
		enum status status = vector_slice(m->track, m->rows->columns[m->columns[c]], at, n, &(*out)->columns[c], err);
		if (status != OK) {
			batch_free(*out);
			*out = NULL;
			return status;
		}
	}
	atomic_fetch_add_explicit(&s->stats.rows, n, memory_order_relaxed);
	return OK;
}

static void scan_free(struct scan *s)
{
	struct system_scan *m = (struct system_scan *)s;
	batch_free(m->rows);
	arena_fini(&m->arena);
	free(m);
}

static const struct scan_ops system_scan_ops = {.next = scan_next, .free = scan_free};

static enum status fill_rows(struct system_scan *s, const struct system_def *def, const struct table_def *table,
                             struct txn *txn, const struct scan_request *r, struct error *err)
{
	uint32_t n = table->column_count;
	struct system_rows rows = {.instance = instance_current(), .txn = txn, .session = r->session, .err = err,
	                           .arena = &s->arena, .column_count = n};
	rows.catalog = rows.instance == NULL ? NULL : instance_catalog(rows.instance);
	rows.columns = ARENA_ARRAY(&s->arena, struct builder *, n + 1);
	enum status status = OK;
	for (uint32_t c = 0; c < n && status == OK; c++)
		status = builder_new(r->track, table->columns[c].type, &rows.columns[c], err);
	if (status == OK && def->fill != NULL && rows.catalog != NULL) {
		def->fill(&rows);
		status = rows.status;
	}
	if (status == OK)
		status = batch_new(n, &s->rows, err);
	for (uint32_t c = 0; c < n && status == OK; c++) {
		if (c == 0)
			s->rows->count = rows.columns[0]->count;
		status = builder_finish(rows.columns[c], &s->rows->columns[c], err);
	}
	for (uint32_t c = 0; c < n; c++)
		builder_free(rows.columns[c]);
	return status;
}

static enum status system_scan(struct table *t, struct txn *txn, const struct scan_request *r, struct scan **out,
                               struct error *err)
{
	struct system_scan *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a scan");
	s->base.ops = &system_scan_ops;
	s->track = r->track;
	arena_init(&s->arena, r->track);
	s->columns = arena_copy(&s->arena, r->columns, (r->column_count + 1) * sizeof *s->columns);
	s->column_count = r->column_count;
	enum status status = fill_rows(s, t->state, t->def, txn, r, err);
	if (status != OK) {
		scan_free(&s->base);
		return status;
	}
	*out = &s->base;
	return OK;
}

/* The list entry is found again by name; the state of a system table is its entry. */
static const struct system_def *opening;

static enum status system_open(struct table *t, struct error *err)
{
	t->state = (void *)opening;
	return OK;
}

static void system_close(struct table *t)
{
}

static const struct table_ops system_ops = {.engine = "System", .open = system_open, .close = system_close,
                                            .scan = system_scan};

/* ---- registration ---- */

static enum status column_type(struct arena *a, const char *text, const struct type **out, struct error *err)
{
	if (text[0] != '@')
		return type_parse(a, str_of(text), out, err);
	bool array = text[1] == '_', nullable = text[strlen(text) - 1] == '?';
	struct str name = str_make(text + 1 + array, strlen(text) - 1 - array - nullable);
	for (unsigned f = 1; f < FACE_COUNT; f++) {
		const struct face_info *info = face_info((enum face)f);
		if (!str_eq(str_of(info->name), name))
			continue;
		const struct type *t = type_from_oid(a, info->oid, -1);
		if (t == NULL)
			break;
		t = array ? type_array(a, type_nullable(a, t)) : t;
		*out = nullable ? type_nullable(a, t) : t;
		return OK;
	}
	return ERR(err, E_LOGICAL_ERROR, "system table column of unknown type %s", text);
}

enum status system_register(struct catalog *c, const char *space, const struct system_def *defs, uint32_t n,
                            struct error *err)
{
	bool pg = strcmp(space, "pg_catalog") == 0;
	for (uint32_t i = 0; i < n; i++) {
		struct table_def *d = table_def_new(NULL);
		d->kind = TABLE_SYSTEM;
		d->dialect = pg ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE;
		d->database = pg ? STR("") : str_of(space);
		d->schema = pg ? str_of(space) : STR("");
		d->name = str_of(defs[i].name);
		d->oid = pg ? pg_relation_oid(defs[i].name) : 0;
		d->engine = arena_strf(&d->arena, "System%s", defs[i].name);
		d->column_count = defs[i].column_count;
		d->columns = ARENA_ARRAY(&d->arena, struct column_def, d->column_count + 1);
		for (uint32_t k = 0; k < d->column_count; k++) {
			d->columns[k].name = str_of(defs[i].columns[k].name);
			enum status s = column_type(&d->arena, defs[i].columns[k].type, &d->columns[k].type, err);
			if (s != OK) {
				table_def_unref(d);
				return s;
			}
		}
		opening = &defs[i];
		TRY(catalog_register_system_table(c, d, &system_ops, err));
	}
	opening = NULL;
	return OK;
}
