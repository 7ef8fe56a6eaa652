// SPDX-License-Identifier: Apache-2.0
/* Values of Bind to vectors. */
#include <stdlib.h>

#include "column/value.h"
#include "wire/pg/pgconn_impl.h"

void pg_params_free(struct vector **params, uint32_t count)
{
	for (uint32_t i = 0; params != NULL && i < count; i++)
		vector_unref(params[i]);
	free(params);
}

/* One value in a builder to a CONST vector. */
static enum status build(struct pgconn *c, const struct type *type, struct str value, int16_t format,
	struct vector **out, struct error *err)
{
	struct builder *b = NULL;
	struct vector *flat = NULL;
	enum status st = builder_new(c->config.track, type, &b, err);
	if (st == OK && format == PG_FORMAT_BINARY)
		st = value_read_pg_binary(b, value, err);
	else if (st == OK)
		st = value_parse(b, value, VALUE_PG, session_text_options(c->session), err);
	if (st == OK)
		st = builder_finish(b, &flat, err);
	if (st == OK)
		st = vector_constant(c->config.track, flat, 0, 1, out, err);
	vector_unref(flat);
	builder_free(b);
	return st;
}

static enum status read_one(struct pgconn *c, struct arena *a, const struct type *type, struct str value,
	int16_t format,
	struct vector **out, struct error *err)
{
	if (value.data == NULL)
		return vector_null_constant(c->config.track, type_nullable(a, type), 1, out, err);
	if (format == PG_FORMAT_TEXT)
		TRY(pgconn_check_text(value, err));
	return build(c, type, value, format, out, err);
}

enum status pg_param_text(struct pgconn *c, struct arena *a, const struct type *type, struct str text,
	struct vector **out,
	struct error *err)
{
	return read_one(c, a, type, text, PG_FORMAT_TEXT, out, err);
}

enum status pg_params_read(struct pgconn *c, struct arena *a, const struct statement_info *info,
	struct pg_formats formats,
	struct pg_walk values, struct vector ***out, struct error *err)
{
	struct str value;
	*out = NULL;
	if (values.left != info->param_count)
		return ERR(err, E_PROTOCOL, "bind message supplies %u parameters, but the statement requires %u", values.left,
			info->param_count);
	if (info->param_count == 0)
		return OK;
	struct vector **params = calloc(info->param_count, sizeof *params);
	if (params == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for parameters");
	for (uint32_t i = 0; pg_value_next(&values, &value); i++) {
		int16_t format = pg_format_of(formats, i);
		enum status st = OK;
		if (format != PG_FORMAT_TEXT && format != PG_FORMAT_BINARY)
			st = ERR(err, E_INVALID_PARAMETER_VALUE, "unsupported format code: %d", format);
		if (st == OK)
			st = read_one(c, a, info->param_types[i], value, format, &params[i], err);
		if (st != OK) {
			pg_params_free(params, info->param_count);
			if (err != NULL && err->context[0] == '\0')
				error_context(err, "parameter $%u", i + 1);
			return st;
		}
	}
	*out = params;
	return OK;
}
