// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's functions over session and catalogs: what psql, drivers and dumps ask. */
#include <assert.h>

#include "func/array_impl.h"
#include "func/str_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- constants ---- */

static enum status exec_flag(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *v;
	bool yes = !named(c, "pg_is_in_recovery") && !named(c, "pg_is_other_temp_schema");
	TRY(call_result(c, e, count, &v));
	memset(v->data, yes, count);
	*out = v;
	return OK;
}

static enum status exec_pid(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	TRY(call_result(c, e, 1, out));
	*(int32_t *)(*out)->data = (int32_t)e->session->process_id;
	(*out)->form = VECTOR_CONST;
	(*out)->count = count;
	return OK;
}

/* The next schema of the search path that exists; false at its end. */
static bool next_schema(struct eval *e, struct str *path, struct str *out)
{
	const struct eval_services *services = e->session->services;
	while (path->size != 0) {
		ptrdiff_t comma = str_find_char(*path, ',');
		uint32_t oid = 0;
		*out = str_trim(comma < 0 ? *path : str_make(path->data, (size_t)comma));
		*path = comma < 0 ? STR("") : str_make(path->data + comma + 1, path->size - (size_t)comma - 1);
		if (out->size >= 2 && out->data[0] == '"')
			*out = str_make(out->data + 1, out->size - 2);
		if (out->size == 0 || str_eq(*out, STR("$user")))
			continue;
		if (str_eq(*out, STR("public")) || services == NULL || services->oid_of == NULL ||
		    (services->oid_of(e->session->services_arg, FACE_REGNAMESPACE, *out, &oid, NULL) == OK && oid != 0))
			return true;
	}
	return false;
}

static enum status exec_session_text(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	const struct eval_session *s = e->session;
	if (named(c, "current_schema")) {
		struct str path = s->search_path, first;
		if (!next_schema(e, &path, &first))
			return vector_null_constant(e->track, c->result, count, out, e->err);
		return call_text(c, e, first, count, out);
	}
	if (named(c, "current_database"))
		return call_text(c, e, s->database, count, out);
	return call_text(c, e, s->user, count, out);
}

static enum status bind_name(struct bind_env *env, struct call *c)
{
	c->result = type_with_face(env->arena, type_simple(TYPE_STRING), FACE_NAME, -1);
	if (named(c, "current_schema"))
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

/* current_schemas(with implicit ones) */
static enum status exec_schemas(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool implicit = ((const uint8_t *)args[0]->data)[args[0]->form == VECTOR_CONST ? 0 : i];
		struct str path = e->session->search_path, one;
		if (implicit && str_find(path, STR("pg_catalog")) < 0)
			s = builder_string(b->children[0], "pg_catalog", 10, e->err);
		while (s == OK && next_schema(e, &path, &one))
			s = builder_string(b->children[0], one.data, one.size, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

/* ---- texts from the catalogs ---- */

/* Row by row: catalogs are small. The function's own NULL is a row's NULL. */
static enum status exec_catalog(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct eval_services *services = e->session->services;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t numbers[4] = {0};
		struct str text = STR("");
		bool is_null = true;
		for (uint32_t k = 0; k < c->arg_count && k < 4; k++) {
			uint32_t row = args[k]->form == VECTOR_CONST ? 0 : i;
			if (type_physical(args[k]->type) == PHYS_I64)
				numbers[k] = ((const int64_t *)args[k]->data)[row];
			else if (type_physical(args[k]->type) == PHYS_U32)
				numbers[k] = ((const uint32_t *)args[k]->data)[row];
			else if (k == 1 && type_is_string(args[k]->type)) {
				struct str_arg a = str_arg(args[k]);
				text = str_arg_at(&a, i);
			}
		}
		if (named(c, "pg_get_userbyid")) {
			text = e->session->user;
			is_null = false;
		}
		if (services != NULL && services->catalog_text != NULL && !eval_skips(e, i))
			s = services->catalog_text(e->session->services_arg, str_of(c->function->name), numbers, c->arg_count, e->scratch,
			                           &text, &is_null, e->err);
		if (s == OK)
			s = is_null ? builder_null(b, e->err) : builder_string(b, text.data, text.size, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_catalog(struct bind_env *env, struct call *c)
{
	/* a relation's name stands for its OID */
	if ((named(c, "pg_get_viewdef") || named(c, "pg_get_serial_sequence")) && type_is_string(c->arg_types[0]))
		c->arg_types[0] = type_with_face(env->arena, type_simple(TYPE_UINT32), FACE_REGCLASS, -1);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if ((type_is_integer(c->arg_types[i]) && !type_is_object(c->arg_types[i])) || c->arg_types[i]->id == TYPE_BOOL)
			c->arg_types[i] = type_simple(TYPE_INT64);
	c->result = type_nullable(env->arena, type_simple(TYPE_STRING));
	return OK;
}

/* pg_get_expr(expression, relation): expressions are kept as their text. */
static enum status exec_first(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct vector *v;
	TRY(vector_retype(args[0], c->result, &v, e->err));
	if (v->form == VECTOR_CONST)
		v->count = count;
	*out = v;
	return OK;
}

/* A type of CREATE TYPE, whose array's OID is the next one. */
static enum status named_type(struct eval *e, uint32_t oid, struct str *name)
{
	const struct eval_session *s = e->session;
	TRY(s->services->name_of(s->services_arg, FACE_REGTYPE, oid, e->scratch, name, e->err));
	if (name->size != 0)
		return OK;
	TRY(s->services->name_of(s->services_arg, FACE_REGTYPE, oid - 1, e->scratch, name, e->err));
	if (name->size != 0)
		*name = arena_strf(e->scratch, "%.*s[]", STR_ARG(*name));
	return OK;
}

static enum status exec_format_type(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	struct i64_arg oids = i64_arg(args[0]), typmods = i64_arg(args[1]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool no_typmod = args[1]->type->id == TYPE_NOTHING || vector_is_null(args[1], i);
		int64_t oid = i64_arg_at(&oids, i);
		const struct type *t = type_from_oid(e->scratch, (uint32_t)oid, no_typmod ? -1 : (int32_t)i64_arg_at(&typmods, i));
		struct str name = t != NULL ? type_pg_name(e->scratch, t) : STR("");
		if (t == NULL && oid != 0 && e->session->services != NULL)
			s = named_type(e, (uint32_t)oid, &name);
		strbuf_puts(&o.text, name.size != 0 ? name : oid == 0 ? STR("-") : STR("???"));
		strings_end(&o, i);
	}
	return strings_close(&o, c, e, count, s, out);
}

static enum status bind_format_type(struct bind_env *env, struct call *c)
{
	const struct type *number = type_simple(TYPE_INT64);
	for (uint32_t i = 0; i < 2; i++)
		c->arg_types[i] = c->arg_types[i]->nullable || c->arg_types[i]->id == TYPE_NOTHING ? type_nullable(env->arena, number)
			: number;
	c->result = type_simple(TYPE_STRING);
	return OK;
}

static enum status exec_encoding(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	enum { ENCODING_UTF8 = 6 };
	struct i64_arg a = i64_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		if (i64_arg_at(&a, i) == ENCODING_UTF8)
			strbuf_putz(&o.text, "UTF8");
		else if (i64_arg_at(&a, i) == 0)
			strbuf_putz(&o.text, "SQL_ASCII");
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_size_pretty(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
	struct i64_arg a = i64_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		int64_t v = i64_arg_at(&a, i);
		uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
		unsigned unit = 0;
		/* kept with one more bit, so that the last step rounds half up */
		for (bool halved = false; unit < ARRAY_COUNT(units) - 1 && (halved ? size / 2 + (size & 1) : size) >= 10240; unit++) {
			size = halved ? size >> 10 : size >> 9;
			halved = true;
		}
		if (unit != 0)
			size = (size + 1) / 2;
		strbuf_printf(&o.text, "%s%llu %s", v < 0 ? "-" : "", (unsigned long long)size, units[unit]);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- objects by name ---- */

static enum status bind_to_object(struct bind_env *env, struct call *c)
{
	enum face face = named(c, "to_regclass") ? FACE_REGCLASS : named(c, "to_regtype") ? FACE_REGTYPE
		: named(c, "to_regnamespace") ? FACE_REGNAMESPACE : FACE_REGPROC;
	c->result = type_nullable(env->arena, type_with_face(env->arena, type_simple(TYPE_UINT32), face, -1));
	return OK;
}

/* What there is not is NULL. */
static enum status exec_to_object(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	const struct eval_services *services = e->session->services;
	struct str_arg names = str_arg(args[0]);
	struct vector *v;
	enum status s = OK;
	TRY(call_result(c, e, count, &v));
	uint32_t *oids = v->data;
	s = vector_make_nulls(v, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		oids[i] = 0;
		if (!eval_skips(e, i) && services != NULL && services->oid_of != NULL)
			s = services->oid_of(e->session->services_arg, c->result->face, str_arg_at(&names, i), &oids[i], e->err);
		if (oids[i] == 0)
			bit_set(v->nulls, i);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- settings ---- */

static enum status exec_setting(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct eval_services *services = e->session->services;
	bool set = named(c, "set_config"), missing_ok = false;
	struct str_arg names = str_arg(args[0]), values = names;
	struct builder *b;
	enum status s = OK;
	if (set)
		values = str_arg(args[1]);
	TRY(builder_new(e->track, c->result, &b, e->err));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str name = str_arg_at(&names, i), value = STR("");
		const uint8_t *flag = c->arg_count > (set ? 2u : 1u) ? args[set ? 2 : 1]->data : NULL;
		bool flagged = flag != NULL && flag[args[set ? 2 : 1]->form == VECTOR_CONST ? 0 : i];
		missing_ok = !set && flagged;
		if (services == NULL) {
			s = ERR(e->err, E_UNKNOWN_SETTING, "unrecognized configuration parameter \"%.*s\"", STR_ARG(name));
		} else if (set) {
			value = str_arg_at(&values, i);
			s = services->set_setting(e->session->services_arg, name, value, flagged, e->err);
		} else {
			s = services->setting(e->session->services_arg, name, e->scratch, &value, e->err);
		}
		if (s != OK && missing_ok) {
			error_clear(e->err);
			s = builder_null(b, e->err);
		} else if (s == OK) {
			s = builder_string(b, value.data, value.size, e->err);
		}
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_setting(struct bind_env *env, struct call *c)
{
	uint32_t flag = named(c, "set_config") ? 2 : 1;
	if (c->arg_count > flag)
		c->arg_types[flag] = type_simple(TYPE_BOOL);
	c->result = type_nullable(env->arena, type_simple(TYPE_STRING));
	return OK;
}

static enum status exec_utf8(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	return call_text(c, e, STR("UTF8"), count, out);
}

/* ---- sequences ---- */

/* What services->sequence() is asked to do. */
enum sequence_operation { SEQUENCE_NEXT, SEQUENCE_CURRENT, SEQUENCE_SET, SEQUENCE_SET_UNCALLED, SEQUENCE_LAST };

static enum status exec_sequence(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct eval_services *services = e->session->services;
	enum sequence_operation operation = named(c, "nextval") ? SEQUENCE_NEXT : named(c, "currval") ? SEQUENCE_CURRENT
	                                    : named(c, "lastval") ? SEQUENCE_LAST : SEQUENCE_SET;
	struct str_arg names = {NULL, 0};
	struct i64_arg values = {NULL, 0};
	struct vector *v;
	enum status s = OK;
	if (services == NULL || services->sequence == NULL)
		return ERR(e->err, E_NOT_IMPLEMENTED, "not supported yet: sequences here");
	if (c->arg_count > 0)
		names = str_arg(args[0]);
	if (c->arg_count > 1)
		values = i64_arg(args[1]);
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		enum sequence_operation what = operation;
		if (c->arg_count > 2 && !((const uint8_t *)args[2]->data)[args[2]->form == VECTOR_CONST ? 0 : i])
			what = SEQUENCE_SET_UNCALLED;
		if (!eval_skips(e, i))
			s = services->sequence(e->session->services_arg, c->arg_count == 0 ? STR("") : str_arg_at(&names, i), (int)what,
			                       values.values == NULL ? 0 : i64_arg_at(&values, i), (int64_t *)v->data + i, e->err);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_sequence(struct bind_env *env, struct call *c)
{
	/* a regclass is cast to its name */
	if (c->arg_count > 0)
		c->arg_types[0] = type_simple(TYPE_STRING);
	if (c->arg_count > 2)
		c->arg_types[2] = type_simple(TYPE_BOOL);
	return OK;
}

/* pg_partition_ancestors(relation): no table is a partition of another here. */
static enum status exec_no_rows(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct builder *b;
	enum status s = OK;
	(void)args;
	TRY(builder_new(e->track, c->result, &b, e->err));
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = builder_end_array(b, e->err);
	return builder_close(b, s, out, e->err);
}

static enum status bind_no_rows(struct bind_env *env, struct call *c)
{
	const struct type *relation = type_with_face(env->arena, type_simple(TYPE_UINT32), FACE_REGCLASS, -1);
	if (type_is_string(c->arg_types[0]))
		c->arg_types[0] = relation;
	c->result = type_array(env->arena, relation);
	return OK;
}

#define FLAG(row_name, pattern, sample, answer) \
	{.name = row_name, .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = pattern, .result = "Bool", \
	 .exec = exec_flag, \
	 .description = "Always the same here: one schema path, no row security, no standby.", .example = sample, \
	 .example_result = answer}
#define VISIBLE(object) FLAG("pg_" object "_is_visible", "*", "pg_" object "_is_visible(1)", "t")
#define PRIVILEGE(object) FLAG("has_" object "_privilege", "***?*?", "has_" object "_privilege('x', 'USAGE')", "t")
#define CATALOG(row_name, pattern, text, sample) \
	{.name = row_name, .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = pattern, .bind = bind_catalog, \
	 .exec = exec_catalog, .description = text, .example = sample}
#define SESSION(row_name, row_aliases, text, sample) \
	{.name = row_name, .aliases = row_aliases, .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "", \
	 .bind = bind_name, .exec = exec_session_text, .description = text, .example = sample}
#define TO_OBJECT(row_name, text) \
	{.name = row_name, .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "T", .bind = bind_to_object, \
	 .exec = exec_to_object, .description = text}
#define SEQUENCE(row_name, pattern, text) \
	{.name = row_name, .flags = FUNCTION_PG, .volatility = FUNCTION_VOLATILE, .args = pattern, .result = "Int64", \
	 .bind = bind_sequence, .exec = exec_sequence, .description = text}

/* Sizes on disk; NULL where there is no such object. */
static enum status exec_size(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct eval_services *services = e->session->services;
	struct i64_arg oids = i64_arg(args[0]);
	bool named_object = type_physical(args[0]->type) == PHYS_U32;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = vector_make_nulls(v, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = STR("");
		bool is_null = services == NULL;
		uint32_t row = args[0]->form == VECTOR_CONST ? 0 : i;
		int64_t oid = named_object ? ((const uint32_t *)args[0]->data)[row] : i64_arg_at(&oids, i);
		int64_t *size = (int64_t *)v->data + i;
		*size = 0;
		if (!is_null && !eval_skips(e, i))
			s = services->catalog_text(e->session->services_arg, str_of(c->function->name), &oid, 1, e->scratch, &text, &is_null,
			                           e->err);
		if (s == OK && (is_null || !str_to_i64(text, size)))
			bit_set(v->nulls, i);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_size(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (type_is_string(t) && !named(c, "pg_database_size"))
		c->arg_types[0] = type_with_face(env->arena, type_simple(TYPE_UINT32), FACE_REGCLASS, -1);
	else if (!type_is_integer(t))
		return call_bad_type(env, c, 0);
	else
		c->arg_types[0] = type_simple(TYPE_INT64);
	c->result = type_nullable(env->arena, type_simple(TYPE_INT64));
	return OK;
}

#define SIZE_ROW(row_name, pattern, text) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, .args = pattern, \
	 .bind = bind_size, .exec = exec_size, .description = text, .example = row_name "(0::oid)"}

/* acldefault(): privileges are not kept, so that there is nothing that differs from the default. */
static enum status exec_no_acl(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	return vector_default_constant(e->track, c->result, count, out, e->err);
}

static enum status bind_no_acl(struct bind_env *env, struct call *c)
{
	c->result = type_nullable(env->arena, type_simple(TYPE_STRING));
	return OK;
}

/* pg_options_to_table('{a=1}'): name and value of each; aclexplode(): no rows, since no privileges are kept. */
static enum status exec_pairs(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct vector *flat;
	struct builder *b;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	const uint32_t *at = flat->data;
	bool options = named(c, "pg_options_to_table");
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct builder *to = b->children[0];
		for (uint32_t k = at[i]; options && k < at[i + 1] && s == OK; k++) {
			const struct vector *in;
			uint32_t row = vector_index(flat->children[0], k, &in);
			struct str text = strview_str((const struct strview *)in->data + row);
			ptrdiff_t equals = str_find_char(text, '=');
			size_t end = equals < 0 ? text.size : (size_t)equals, from = equals < 0 ? text.size : end + 1;
			s = builder_string(to->children[0], text.data, end, e->err);
			if (s == OK)
				s = builder_string(to->children[1], text.data + from, text.size - from, e->err);
			if (s == OK)
				s = builder_end_tuple(to, e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

static enum status bind_pairs(struct bind_env *env, struct call *c)
{
	bool options = named(c, "pg_options_to_table");
	const struct type *text = type_simple(TYPE_STRING);
	const struct type *oid = type_with_face(env->arena, type_simple(TYPE_UINT32), FACE_OID, -1);
	const struct type *types[4] = {options ? text : oid, options ? text : oid, text, type_simple(TYPE_BOOL)};
	static const struct str pairs[] = {{"option_name", 11}, {"option_value", 12}};
	static const struct str grants[] = {{"grantor", 7}, {"grantee", 7}, {"privilege_type", 14}, {"is_grantable", 12}};
	const struct str *names = options ? pairs : grants;
	uint32_t n = options ? 2 : 4;
	const struct type *row = type_tuple(env->arena, types, arena_copy(env->arena, names, n * sizeof *names), n);
	c->arg_types[0] = type_array(env->arena, type_nullable(env->arena, text));
	c->result = type_array(env->arena, type_with_face(env->arena, row, FACE_RECORD, -1));
	return OK;
}

static const struct function rows[] = {
	{.name = "pg_options_to_table", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "*",
	 .bind = bind_pairs, .exec = exec_pairs, .description = "A row for each option, name and value.",
	 .example = "pg_options_to_table(ARRAY['a=1'])", .example_result = "(a,1)"},
	{.name = "aclexplode", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "*",
	 .bind = bind_pairs, .exec = exec_pairs, .description = "A row for each privilege."},
	{.name = "pg_partition_ancestors", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "*",
	 .bind = bind_no_rows, .exec = exec_no_rows, .description = "The relations that a partition belongs to: none."},
	{.name = "acldefault", .flags = FUNCTION_PG | FUNCTION_NO_DICT, .args = "**", .bind = bind_no_acl,
	 .exec = exec_no_acl, .description = "The privileges that an owner has by default: none are kept.",
	 .example = "acldefault('r', 10)", .example_result = ""},
	SIZE_ROW("pg_relation_size", "*S?", "The size of a table on disk."),
	SIZE_ROW("pg_table_size", "*", "The size of a table on disk."),
	SIZE_ROW("pg_total_relation_size", "*", "The size of a table on disk, indexes included."),
	SIZE_ROW("pg_indexes_size", "*", "The size of a table's indexes on disk."),
	CATALOG("pg_tablespace_location", "*", "Where a tablespace is.", "pg_tablespace_location(0)"),
	{.name = "getdatabaseencoding", .flags = FUNCTION_PG, .args = "", .bind = bind_name, .exec = exec_utf8,
	 .description = "The encoding of the database.", .example = "getdatabaseencoding()", .example_result = "UTF8"},
	SESSION("current_schema", NULL, "The schema in which new objects are made.", "current_schema()"),
	SESSION("current_database", "current_catalog", "The database of the session.", "current_database()"),
	SESSION("current_user", "user session_user current_role", "The session's user.", "current_user"),
	{.name = "current_schemas", .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "B",
	 .result = "Array(String)",
	 .exec = exec_schemas, .description = "The schemas of the search path that exist.",
	 .example = "current_schemas(true)"},
	{.name = "pg_backend_pid", .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "", .result = "Int32",
	 .exec = exec_pid, .description = "The number of the session.", .example = "pg_backend_pid()"},
	VISIBLE("table"), VISIBLE("type"), VISIBLE("function"), VISIBLE("operator"), VISIBLE("opclass"), VISIBLE("opfamily"),
	VISIBLE("collation"), VISIBLE("conversion"), VISIBLE("statistics_obj"), VISIBLE("ts_config"), VISIBLE("ts_dict"),
	VISIBLE("ts_parser"), VISIBLE("ts_template"),
	PRIVILEGE("table"), PRIVILEGE("schema"), PRIVILEGE("database"), PRIVILEGE("column"), PRIVILEGE("any_column"),
	PRIVILEGE("function"), PRIVILEGE("sequence"), PRIVILEGE("type"), PRIVILEGE("language"), PRIVILEGE("tablespace"),
	PRIVILEGE("foreign_data_wrapper"), PRIVILEGE("server"),
	FLAG("pg_has_role", "***?", "pg_has_role('x', 'USAGE')", "t"),
	FLAG("pg_relation_is_publishable", "*", "pg_relation_is_publishable(1)", "t"),
	FLAG("pg_is_in_recovery", "", "pg_is_in_recovery()", "f"),
	FLAG("pg_is_other_temp_schema", "*", "pg_is_other_temp_schema(1)", "f"),
	CATALOG("pg_get_userbyid", "*", "The name of a role.", "pg_get_userbyid(10)"),
	CATALOG("pg_get_constraintdef", "**?", "The definition of a constraint.", "pg_get_constraintdef(1)"),
	CATALOG("pg_get_indexdef", "**?*?", "The definition of an index.", "pg_get_indexdef(1)"),
	CATALOG("pg_get_viewdef", "**?", "The query of a view.", "pg_get_viewdef(1)"),
	CATALOG("pg_get_functiondef", "*", "The definition of a function.", "pg_get_functiondef(1)"),
	CATALOG("pg_get_function_result", "*", "The result type of a function.", "pg_get_function_result(1)"),
	CATALOG("pg_get_function_arguments", "*", "The arguments of a function.", "pg_get_function_arguments(1)"),
	CATALOG("pg_get_function_identity_arguments", "*", "The argument types of a function.",
	        "pg_get_function_identity_arguments(1)"),
	CATALOG("pg_get_function_sqlbody", "*", "The body of an SQL function.", "pg_get_function_sqlbody(1)"),
	CATALOG("pg_get_triggerdef", "**?", "The definition of a trigger.", "pg_get_triggerdef(1)"),
	CATALOG("pg_get_ruledef", "**?", "The definition of a rule.", "pg_get_ruledef(1)"),
	CATALOG("pg_get_partkeydef", "*", "The partition key of a table.", "pg_get_partkeydef(1)"),
	CATALOG("pg_get_statisticsobjdef", "*", "The definition of a statistics object.", "pg_get_statisticsobjdef(1)"),
	CATALOG("pg_get_statisticsobjdef_columns", "*", "The columns of a statistics object.",
	        "pg_get_statisticsobjdef_columns(1)"),
	CATALOG("pg_get_serial_sequence", "**", "The sequence of a column.", "pg_get_serial_sequence(1, 1)"),
	CATALOG("obj_description", "**?", "The comment on an object.", "obj_description(1, 'pg_class')"),
	CATALOG("col_description", "**", "The comment on a column.", "col_description(1, 1)"),
	CATALOG("shobj_description", "**", "The comment on a database or role.", "shobj_description(1, 'pg_database')"),
	FUNCTION_ROW("pg_get_expr", NULL, FUNCTION_PG, "T**?", "String", NULL, exec_first, "The text of a stored expression.",
	             "pg_get_expr('1', 0)", "1"),
	{.name = "format_type", .flags = FUNCTION_PG, .nulls = FUNCTION_NULL_CUSTOM, .args = "**", .bind = bind_format_type,
	 .exec = exec_format_type, .description = "The name of a type by its OID and modifier.",
	 .example = "format_type(1043, 24)", .example_result = "character varying(20)"},
	FUNCTION_ROW("pg_encoding_to_char", NULL, FUNCTION_PG, "J", "String", NULL, exec_encoding, "The name of an encoding.",
	             "pg_encoding_to_char(6)", "UTF8"),
	FUNCTION_ROW("pg_size_pretty", NULL, FUNCTION_PG, "J", "String", NULL, exec_size_pretty, "A size with its unit.",
	             "pg_size_pretty(123456)", "121 kB"),
	{.name = "current_setting", .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = "T*?", .bind = bind_setting,
	 .exec = exec_setting, .description = "The value of a setting."},
	{.name = "set_config", .flags = FUNCTION_PG, .volatility = FUNCTION_VOLATILE, .args = "TT*", .bind = bind_setting,
	 .exec = exec_setting, .description = "Changes a setting."},
	TO_OBJECT("to_regclass", "The relation of a name, or NULL."),
	TO_OBJECT("to_regtype", "The type of a name, or NULL."),
	TO_OBJECT("to_regnamespace", "The schema of a name, or NULL."),
	TO_OBJECT("to_regproc", "The function of a name, or NULL."),
	SEQUENCE("nextval", "*", "The next number of a sequence."),
	SEQUENCE("currval", "*", "The number that nextval() gave last in this session."),
	SEQUENCE("lastval", "", "The number that nextval() gave last in this session, of any sequence."),
	SEQUENCE("setval", "*J*?", "Sets a sequence."),
};

FUNCTION_FAMILY(pg_catalog, "PostgreSQL: session and catalogs");
