// SPDX-License-Identifier: Apache-2.0
#include "storage/part_source.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/block_part.h"

struct source_column {
	const struct column_def *def;
	uint32_t at;                  /* among the reader's columns; UINT32_MAX: the part lacks it */
	bool cast;
	bool lengths;                 /* of its strings are wanted, not the strings */
	bool lengths_read;            /* and the part has them by themselves */
	struct program *program;      /* default expression; NULL: the type's default */
};

struct part_source {
	struct arena arena;
	const struct table_keys *keys;
	struct eval *eval;
	struct part_reader *reader;   /* NULL: no column of the part is read */
	struct source_column *columns;
	uint32_t count;
	uint32_t read_count;          /* of the reader; those beyond the asked ones feed defaults */
	uint32_t *read_stored;        /* their stored positions */
	struct vector **read;
	struct vector **inputs;       /* def order */
};

uint32_t part_source_find(const struct table_keys *k, const struct part_set *set, const struct part *p,
                          const struct part_meta *m, uint32_t stored)
{
	const struct column_def *c = &k->def->columns[k->stored[stored]];
	const struct schema_names *names = set == NULL ? NULL : part_set_schema(set, p->schema_version);
	for (uint32_t i = 0; names != NULL && i < names->count; i++)
		if (names->columns[i].number == c->number)
			return part_meta_column(m, names->columns[i].name);
	/* a part that came from elsewhere is known by names only */
	return names == NULL ? part_meta_column(m, c->name) : UINT32_MAX;
}

/* Adds a column of the part to those that are read; UINT32_MAX where it has none. */
static uint32_t want(struct part_source *s, const struct part_set *set, struct part *p, struct part_meta *m,
                     uint32_t *part_columns, uint32_t stored)
{
	for (uint32_t i = 0; i < s->read_count; i++)
		if (s->read_stored[i] == stored)
			return i;
	uint32_t column = part_source_find(s->keys, set, p, m, stored & ~(uint32_t)COLUMN_SIZES);
	if (column == UINT32_MAX)
		return UINT32_MAX;
	column |= stored & COLUMN_SIZES;
	part_columns[s->read_count] = column;
	s->read_stored[s->read_count] = stored;
	return s->read_count++;
}

/* The default expression of a column that the part lacks, and the columns that it needs. */
static enum status bind_default(struct part_source *s, struct source_column *c, const struct part_set *set,
                                struct part *p, struct part_meta *m, uint32_t *part_columns, struct error *err)
{
	const struct table_keys *k = s->keys;
	struct expr **exprs;
	uint32_t n;
	if (c->def->default_expr.text.size == 0 || expr_bind_hook == NULL)
		return OK;
	TRY(expr_bind_hook(&s->arena, &c->def->default_expr, k->def, &exprs, &n, err));
	if (n != 1)
		return OK;
	struct bind_env env = {.arena = &s->arena, .session = s->eval->session, .err = err};
	struct expr *x;
	TRY(expr_cast(&env, exprs[0], c->def->type, CAST_INSERT, &x));
	bool *used = ARENA_ARRAY(&s->arena, bool, k->def->column_count + 1);
	expr_columns(x, used);
	for (uint32_t i = 0; i < k->def->column_count; i++)
		if (used[i] && k->stored_of[i] != UINT32_MAX)
			(void)want(s, set, p, m, part_columns, k->stored_of[i]);
	return program_compile(&s->arena, &x, 1, &c->program, err);
}

static enum status open_source(struct part_source *s, const struct part_set *set, struct part *p,
                               const uint32_t *columns, struct cache *cache, struct error *err)
{
	const struct table_keys *k = s->keys;
	struct part_meta *m;
	TRY(part_load(p, storage_session(k->def->dialect), &m, err));
	uint32_t *part_columns = ARENA_ARRAY(&s->arena, uint32_t, k->stored_count + s->count + 1);
	s->read_stored = ARENA_ARRAY(&s->arena, uint32_t, k->stored_count + s->count + 1);
	for (uint32_t i = 0; i < s->count; i++) {
		struct source_column *c = &s->columns[i];
		uint32_t stored = columns[i] & ~(uint32_t)COLUMN_SIZES, at;
		c->def = &k->def->columns[k->stored[stored]];
		c->lengths = stored != columns[i];
		at = part_source_find(k, set, p, m, stored);
		c->lengths_read = c->lengths && at != UINT32_MAX && type_equal(m->columns.columns[at].type, c->def->type) &&
			part_reader_has_lengths(p, m, at);
		c->at = want(s, set, p, m, part_columns, c->lengths_read ? columns[i] : stored);
		if (c->lengths_read)
			continue;
		if (c->at == UINT32_MAX)
			TRY(bind_default(s, c, set, p, m, part_columns, err));
		else
			c->cast = !type_equal(m->columns.columns[part_columns[c->at]].type, c->def->type);
	}
	s->read = ARENA_ARRAY(&s->arena, struct vector *, s->read_count + 1);
	s->inputs = ARENA_ARRAY(&s->arena, struct vector *, k->def->column_count + 1);
	if (s->read_count == 0)
		return OK;
	return part_reader_new(p, m, part_columns, s->read_count, cache, s->eval, &s->reader, err);
}

enum status part_source_new(const struct table_keys *k, const struct part_set *set, struct part *p,
                            const uint32_t *columns, uint32_t count, struct cache *cache, struct eval *e,
                            struct part_source **out, struct error *err)
{
	struct part_source *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&s->arena, e->track);
	s->keys = k;
	s->eval = e;
	s->count = count;
	s->columns = ARENA_ARRAY(&s->arena, struct source_column, count + 1);
	enum status st = open_source(s, set, p, columns, cache, err);
	if (st != OK) {
		part_source_free(s);
		return st;
	}
	*out = s;
	return OK;
}

void part_source_free(struct part_source *s)
{
	if (s == NULL)
		return;
	part_reader_free(s->reader);
	arena_fini(&s->arena);
	free(s);
}

enum status part_source_seek(struct part_source *s, uint32_t granule, uint32_t end, struct error *err)
{
	return s->reader == NULL ? OK : part_reader_seek(s->reader, granule, end, err);
}

enum status part_source_skip(struct part_source *s, uint64_t count, struct error *err)
{
	return s->reader == NULL ? OK : part_reader_skip(s->reader, count, err);
}

uint64_t part_source_bytes(const struct part_source *s)
{
	return s->reader == NULL ? 0 : part_reader_bytes(s->reader);
}

static enum status run_default(struct part_source *s, const struct source_column *c, uint32_t count,
                               struct vector **out, struct error *err)
{
	const struct table_keys *k = s->keys;
	if (c->program == NULL)
		return vector_missing_constant(s->eval->track, c->def->type, count, out, err);
	memset(s->inputs, 0, k->def->column_count * sizeof *s->inputs);
	for (uint32_t i = 0; i < s->read_count; i++)
		if ((s->read_stored[i] & COLUMN_SIZES) == 0)
			s->inputs[k->stored[s->read_stored[i]]] = s->read[i];
	struct error *own = s->eval->err;
	s->eval->err = err;
	enum status st = program_run(c->program, s->eval, s->inputs, NULL, count, out);
	s->eval->err = own;
	return st;
}

/* UInt64: the lengths of strings. */
static enum status take_lengths(struct part_source *s, struct vector *strings, struct vector **out, struct error *err)
{
	struct vector *flat, *v = NULL;
	TRY(vector_flatten(s->eval->track, strings, &flat, err));
	enum status st = vector_new(s->eval->track, type_simple(TYPE_UINT64), flat->count, &v, err);
	const struct strview *from = flat->data;
	uint64_t *to = st == OK ? v->data : NULL;
	for (uint32_t i = 0; st == OK && i < flat->count; i++)
		to[i] = from[i].size;
	vector_unref(flat);
	*out = v;
	return st;
}

static enum status finish_plain(struct part_source *s, const struct source_column *c, uint32_t count,
                                 struct vector **out, struct error *err)
{
	if (c->at == UINT32_MAX)
		return run_default(s, c, count, out, err);
	struct vector *v = s->read[c->at];
	/* labels of CREATE TYPE … AS ENUM keep their numbers when they are renamed */
	if (v->type->id == c->def->type->id && type_face(c->def->type) == FACE_ENUM &&
	    v->type->nullable == c->def->type->nullable)
		return vector_retype(v, c->def->type, out, err);
	if (!c->cast) /* the table's type lives longer than the part's */
		return vector_retype(v, c->def->type, out, err);
	struct arena a;
	struct error *own = s->eval->err;
	arena_init(&a, NULL);
	s->eval->err = err;
	enum status st = cast_vector(s->eval, &a, v, c->def->type, CAST_INSERT, out);
	s->eval->err = own;
	arena_fini(&a);
	return st;
}

static enum status finish_column(struct part_source *s, const struct source_column *c, uint32_t count,
                                 struct vector **out, struct error *err)
{
	if (!c->lengths)
		return finish_plain(s, c, count, out, err);
	if (c->lengths_read) {
		*out = vector_ref(s->read[c->at]);
		return OK;
	}
	struct vector *strings;
	TRY(finish_plain(s, c, count, &strings, err));
	enum status st = take_lengths(s, strings, out, err);
	vector_unref(strings);
	return st;
}

enum status part_source_read(struct part_source *s, uint32_t count, struct vector **outs, struct error *err)
{
	if (s->reader != NULL)
		TRY(part_reader_read(s->reader, count, s->read, err));
	uint32_t done = 0;
	enum status st = OK;
	for (; st == OK && done < s->count; done++)
		st = finish_column(s, &s->columns[done], count, &outs[done], err);
	for (uint32_t i = 0; i < s->read_count; i++)
		vector_unref(s->read[i]);
	if (st != OK)
		for (uint32_t i = 0; i + 1 < done; i++)
			vector_unref(outs[i]);
	return st;
}
