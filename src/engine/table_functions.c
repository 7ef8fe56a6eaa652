// SPDX-License-Identifier: Apache-2.0
#include "engine/table_functions.h"

#include <stdlib.h>
#include "format/format.h"

/* ---- arguments ---- */

enum status table_function_text(const struct table_function_call *c, uint32_t arg, struct str *out, struct error *err)
{
	const struct vector *at;
	if (arg >= c->arg_count || type_physical(c->args[arg]->type) != PHYS_STR || vector_is_null(c->args[arg], 0))
		return ERR(err, E_BAD_ARGUMENTS, "argument %u of a table function must be a string", arg + 1);
	uint32_t i = vector_index(c->args[arg], 0, &at);
	*out = arena_str(c->arena, strview_str((const struct strview *)at->data + i));
	return OK;
}

enum status table_function_structure(struct table_function_call *c, struct str structure, struct error *err)
{
	const struct type *row;
	TRY(type_parse(c->arena, arena_strf(c->arena, "Tuple(%.*s)", STR_ARG(structure)), &row, err));
	if (row->child_count == 0 || row->names == NULL)
		return ERR(err, E_SYNTAX, "The structure of a table function must name its columns: %.*s", STR_ARG(structure));
	c->column_count = row->child_count;
	c->types = row->children;
	c->names = row->names;
	return OK;
}

/* ---- rows in a format ---- */

struct format_scan {
	struct scan base;
	struct format_source source;
	struct format_input input;
	struct format_options options;
	struct format_reader *reader;
	struct format_block block;
	struct format_column *columns;
	uint32_t count, at;
	struct memtrack *track;
	struct arena arena;
};

static enum status format_next(struct scan *base, unsigned worker, struct batch **out, struct error *err)
{
	struct format_scan *s = (struct format_scan *)base;
	*out = NULL;
	if (s->at >= s->block.batch.count) {
		format_block_fini(&s->block);
		s->block = (struct format_block){0};
		s->at = 0;
		TRY(format_read(s->reader, &s->block, err));
		if (s->block.batch.count == 0)
			return OK;
	}
	uint32_t left = s->block.batch.count - s->at, n = left < BATCH_ROWS_MAX ? left : BATCH_ROWS_MAX;
	TRY(batch_new(s->count, out, err));
	(*out)->count = n;
	for (uint32_t i = 0; i < s->count; i++) {
		enum status st = vector_slice(s->track, s->block.batch.columns[i], s->at, n, &(*out)->columns[i], err);
		if (st != OK) {
			batch_free(*out);
			*out = NULL;
			return st;
		}
	}
	s->at += n;
	atomic_fetch_add_explicit(&base->stats.rows, n, memory_order_relaxed);
	return OK;
}

static void format_free(struct scan *base)
{
	struct format_scan *s = (struct format_scan *)base;
	format_block_fini(&s->block);
	format_reader_free(s->reader);
	if (s->source.release != NULL)
		s->source.release(s->source.arg);
	arena_fini(&s->arena);
	free(s);
}

static const struct scan_ops format_scan_ops = {.next = format_next, .free = format_free};

enum status format_scan_new(const struct scan_request *r, struct str format, const struct type *const *types,
                            const struct str *names, uint32_t count, struct format_source source, struct scan **out,
                            struct error *err)
{
	struct format_scan *s = calloc(1, sizeof *s);
	if (s == NULL) {
		if (source.release != NULL)
			source.release(source.arg);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a scan");
	}
	arena_init(&s->arena, r->track);
	s->base.ops = &format_scan_ops;
	s->source = source;
	s->input = (struct format_input){source.read, source.arg};
	s->options = format_options_default;
	if (r->session->text != NULL)
		s->options.values = *r->session->text;
	s->track = r->track;
	s->columns = ARENA_ARRAY(&s->arena, struct format_column, count + 1);
	for (uint32_t i = 0; i < count; i++)
		s->columns[i] = (struct format_column){names[i], types[i]};
	s->count = count;
	enum status st = format_reader_new(format, s->columns, count, &s->options, &s->input, STR(""), r->track, &s->reader,
		err);
	if (st != OK) {
		format_free(&s->base);
		return st;
	}
	*out = &s->base;
	return OK;
}

/* ---- format('JSONEachRow', ['a UInt8',] '{"a": 1}') ---- */

struct text_call {
	struct table_function_call *call;
	struct str format, text;
	bool given;
};

static enum status read_text(void *arg, struct str *chunk, struct error *err)
{
	struct text_call *t = arg;
	*chunk = t->given ? STR("") : t->text;
	t->given = true;
	return OK;
}

static enum status open_text(void *arg, const struct scan_request *r, struct scan **out, struct error *err)
{
	struct text_call *t = arg;
	t->given = false;
	return format_scan_new(r, t->format, t->call->types, t->call->names, t->call->column_count,
	                       (struct format_source){read_text, NULL, t}, out, err);
}

static enum status bind_format(struct table_function_call *c, struct error *err)
{
	struct text_call *t = ARENA_NEW(c->arena, struct text_call);
	struct str structure;
	if (c->arg_count != 2 && c->arg_count != 3)
		return ERR(err, E_NUMBER_OF_ARGUMENTS,
		           "Table function 'format' requires 2 or 3 arguments: format, [structure], data");
	t->call = c;
	TRY(table_function_text(c, 0, &t->format, err));
	TRY(table_function_text(c, c->arg_count - 1, &t->text, err));
	if (c->arg_count == 3) {
		TRY(table_function_text(c, 1, &structure, err));
		TRY(table_function_structure(c, structure, err));
	} else {
		struct format_input input = {read_text, t};
		struct format_column *columns;
		TRY(format_infer_schema(t->format, &input, c->arena, &columns, &c->column_count, err));
		c->types = ARENA_ARRAY(c->arena, const struct type *, c->column_count + 1);
		c->names = ARENA_ARRAY(c->arena, struct str, c->column_count + 1);
		for (uint32_t i = 0; i < c->column_count; i++)
			c->types[i] = columns[i].type, c->names[i] = columns[i].name;
	}
	c->open = open_text;
	c->arg = t;
	return OK;
}

/* ---- null('a UInt8') ---- */

static enum status empty_next(struct scan *s, unsigned worker, struct batch **out, struct error *err)
{
	*out = NULL;
	return OK;
}

static void empty_free(struct scan *s)
{
	free(s);
}

static const struct scan_ops empty_ops = {.next = empty_next, .free = empty_free};

static enum status open_null(void *arg, const struct scan_request *r, struct scan **out, struct error *err)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a scan");
	(*out)->ops = &empty_ops;
	return OK;
}

static enum status drop_block(struct insert_sink *s, const struct batch *block, struct error *err)
{
	return OK;
}

static enum status drop_finish(struct insert_sink *s, struct error *err)
{
	return OK;
}

static void drop_free(struct insert_sink *s)
{
	free(s);
}

static const struct insert_sink_ops drop_ops = {.write = drop_block, .finish = drop_finish, .free = drop_free};

static enum status insert_null(void *arg, const struct eval_session *session, struct memtrack *track,
                               struct insert_sink **out, struct error *err)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an insert");
	(*out)->ops = &drop_ops;
	return OK;
}

static enum status bind_null(struct table_function_call *c, struct error *err)
{
	struct str structure;
	if (c->arg_count != 1)
		return ERR(err, E_NUMBER_OF_ARGUMENTS, "Table function 'null' requires 'structure' argument");
	TRY(table_function_text(c, 0, &structure, err));
	c->open = open_null;
	c->insert = insert_null;
	return table_function_structure(c, structure, err);
}

static const struct table_function functions[] = {
	{"format", "Rows of a text in a format.", bind_format},
	{"null", "Reads nothing; what is inserted goes nowhere.", bind_null},
};

void table_functions_register(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(functions); i++)
		table_function_register(&functions[i]);
	table_function_register(&file_function);
	table_function_register(&random_function);
}
