// SPDX-License-Identifier: Apache-2.0
/* CHECK TABLE: what the engine finds when it reads everything, as rows of constants. */
#include "exec/ddl_impl.h"

struct findings {
	struct ddl_context *context;
	struct strbuf rows;
	const struct table_def *of;      /* CHECK ALL TABLES: names go with each row */
	bool all_whole;
	uint32_t count;
};

static struct str literal(struct ddl_context *c, struct str s)
{
	return ddl_literal(c->arena, s, DIALECT_CLICKHOUSE);
}

static void note(void *arg, struct str piece, const struct error *why)
{
	struct findings *f = arg;
	struct str message = why == NULL ? STR("") : str_of(why->message);
	f->all_whole &= why == NULL;
	f->count++;
	strbuf_putz(&f->rows, ", (");
	if (f->of != NULL)
		strbuf_printf(&f->rows, "%.*s, %.*s, ", STR_ARG(literal(f->context, f->of->database)),
		              STR_ARG(literal(f->context, f->of->name)));
	strbuf_printf(&f->rows, "%.*s, %d, %.*s)", STR_ARG(literal(f->context, piece)), why == NULL,
	              STR_ARG(literal(f->context, message)));
}

/* The session's setting, or the statement's own. */
static enum status wants_single_value(struct ddl_context *c, const struct ast_check *x, bool *out, struct error *err)
{
	struct strbuf value;
	strbuf_init(&value, NULL);
	enum status st = settings_get(c->settings, DIALECT_CLICKHOUSE, STR("check_query_single_value_result"), &value, err);
	*out = str_eq(strbuf_str(&value), STR("1")) || str_eq_nocase(strbuf_str(&value), STR("true"));
	strbuf_fini(&value);
	AST_EACH(&x->settings, item) {
		const struct ast_setting *s = (const struct ast_setting *)item;
		if (s->name.count != 1 || !name_is(&s->name, "check_query_single_value_result") || s->value == NULL)
			continue;
		struct str text = ddl_value_text(c->arena, s->value);
		*out = str_eq(text, STR("1")) || str_eq_nocase(text, STR("true"));
	}
	return st;
}

static enum status check_one(struct ddl_context *c, struct table *t, const struct ast_check *x, struct findings *f,
                             struct error *err)
{
	struct partition_command p = {.partition_id = STR(""), .part = STR(""), .name = STR("")};
	if (t->ops->verify == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "Check query is not supported for %s storage", t->ops->engine);
	if (x->part && !ddl_is_string(x->partition, &p.part))
		return ERR(err, E_BAD_ARGUMENTS, "CHECK TABLE … PART needs the name of a part");
	if (!x->part)
		TRY(ddl_partition_id(c, t, x->partition, &p.partition_id, err));
	return t->ops->verify(t, c->txn, &p, note, f, err);
}

struct all_tables {
	struct findings *findings;
	const struct ast_check *statement;
	struct error *err;
};

static enum status check_each(void *arg, struct table *t)
{
	struct all_tables *a = arg;
	if (t->ops->verify == NULL)
		return OK;
	a->findings->of = t->def;
	return check_one(a->findings->context, t, a->statement, a->findings, a->err);
}

enum status ddl_check_table(struct ddl_context *c, const struct ast_check *x, struct ddl_result *out,
                            struct error *err)
{
	struct findings f = {.context = c, .all_whole = true};
	bool single = false, all = x->table.count == 0;
	strbuf_init(&f.rows, NULL);
	enum status st = wants_single_value(c, x, &single, err);
	if (st == OK && all) {
		struct all_tables a = {&f, x, err};
		st = catalog_each_table(c->catalog, c->txn, STR(""), check_each, &a);
	} else if (st == OK) {
		struct table *t;
		st = ddl_find_table(c, &x->table, false, &t, err);
		if (st == OK)
			st = check_one(c, t, x, &f, err);
	}
	const char *columns = all ? "database String, `table` String, part_path String, is_passed UInt8, message String"
	                          : "part_path String, is_passed UInt8, message String";
	if (single && !all)
		out->query = f.all_whole ? STR("SELECT toUInt8(1) AS result") : STR("SELECT toUInt8(0) AS result");
	else if (f.count == 0)
		out->query = arena_strf(c->arena, "SELECT * FROM values('%s', (%s'', 1, '')) WHERE 0", columns,
		                        all ? "'', '', " : "");
	else
		out->query = arena_strf(c->arena, "SELECT * FROM values('%s'%.*s)", columns, STR_ARG(strbuf_str(&f.rows)));
	if (st == OK)
		st = strbuf_status(&f.rows, err);
	strbuf_fini(&f.rows);
	return st;
}
