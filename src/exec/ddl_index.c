// SPDX-License-Identifier: Apache-2.0
/*
 * CREATE INDEX. ClickHouse's form makes a skip index. PostgreSQL's is recorded with its definition, and where the
 * columns are plain and few it also makes a skip index: bloom_filter for hash and btree on text, minmax on numbers and
 * times.
 */
#include "exec/ddl_impl.h"
#include "exec/unique_key.h"
#include "storage/skip_filter.h"

static struct str index_columns(struct arena *a, const struct ast_create_index *x, enum dialect dialect, bool order)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	AST_EACH(&x->elements, k) {
		const struct ast_index_element *e = (struct ast_index_element *)k;
		if (b.size != 0)
			strbuf_put(&b, ", ", 2);
		bool plain = e->value->kind == AST_IDENTIFIER || e->value->kind == AST_CALL;
		struct str text = ast_text(a, e->value, dialect);
		strbuf_printf(&b, plain ? "%.*s" : "(%.*s)", STR_ARG(text));
		if (!order)
			continue;
		if (e->opclass.count != 0)
			strbuf_printf(&b, " %.*s", STR_ARG(name_last(&e->opclass)));
		if (e->direction == ORDER_DESC)
			strbuf_putz(&b, " DESC");
		if (e->nulls != ORDER_NULLS_UNSAID && (e->nulls == ORDER_NULLS_FIRST) != (e->direction == ORDER_DESC))
			strbuf_putz(&b, e->nulls == ORDER_NULLS_FIRST ? " NULLS FIRST" : " NULLS LAST");
	}
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static struct str definition(struct ddl_context *c, struct arena *a, const struct ast_create_index *x,
                             const struct table_def *t, struct str name)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	strbuf_printf(&b, "CREATE %sINDEX %.*s ON %.*s.%.*s USING %.*s (%.*s)", x->unique ? "UNIQUE " : "",
	              STR_ARG(ddl_quoted(c->arena, name, DIALECT_POSTGRESQL)),
	              	STR_ARG(ddl_quoted(c->arena, t->schema, DIALECT_POSTGRESQL)),
	              STR_ARG(ddl_quoted(c->arena, t->name, DIALECT_POSTGRESQL)),
	              	STR_ARG(x->method.size != 0 ? x->method : STR("btree")),
	              STR_ARG(index_columns(c->arena, x, DIALECT_POSTGRESQL, true)));
	if (x->include.count != 0)
		strbuf_printf(&b, " INCLUDE (%.*s)", STR_ARG(ddl_columns_text(c->arena, &x->include, DIALECT_POSTGRESQL)));
	if (x->where != NULL)
		strbuf_printf(&b, " WHERE (%.*s)", STR_ARG(ast_text(c->arena, x->where, DIALECT_POSTGRESQL)));
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

/* events_team_id_timestamp_idx */
static struct str choose_name(struct ddl_context *c, const struct table_def *t, const struct ast_create_index *x)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	strbuf_puts(&b, t->name);
	AST_EACH(&x->elements, k) {
		const struct ast *v = ((struct ast_index_element *)k)->value;
		struct str part = v->kind == AST_IDENTIFIER ? name_last(&((const struct ast_identifier *)v)->name)
		                  : v->kind == AST_CALL     ? name_last(&((const struct ast_call *)v)->name)
		                                            : STR("expr");
		strbuf_printf(&b, "_%.*s", STR_ARG(part));
	}
	strbuf_putz(&b, "_idx");
	struct str base = arena_str(c->arena, strbuf_str(&b)), name = base;
	strbuf_fini(&b);
	for (unsigned n = 0, i = 0; i < t->index_count; i++)
		if (str_eq(t->indexes[i].name, name)) {
			name = arena_strf(c->arena, "%.*s%u", STR_ARG(base), ++n);
			i = 0;
		}
	return name;
}

/* The skip index that serves the lookups of a PostgreSQL index; empty: none does. */
static struct str skip_type(const struct table_def *t, const struct ast_create_index *x)
{
	bool text = false, hashed = true;
	if (!ddl_is_merge_tree(t->engine) || x->elements.count == 0 || x->elements.count > 4
	    || !(x->method.size == 0 || str_eq_nocase(x->method, STR("btree")) || str_eq_nocase(x->method, STR("hash"))))
		return STR("");
	AST_EACH(&x->elements, k) {
		const struct ast *v = ((struct ast_index_element *)k)->value;
		if (v->kind != AST_IDENTIFIER)
			return STR("");
		const struct column_def *d = table_def_column(t, name_last(&((const struct ast_identifier *)v)->name));
		if (d == NULL || d->default_kind == COLUMN_ALIAS || d->default_kind == COLUMN_EPHEMERAL)
			return STR("");
		if (!type_is_string(d->type) && !type_is_number(d->type) && !type_is_temporal(d->type) && d->type->id != TYPE_UUID)
			return STR("");
		text |= type_is_string(d->type) || d->type->id == TYPE_UUID;
		hashed &= bloom_type_allowed(d->type);
	}
	return text && hashed ? STR("bloom_filter(0.01)") : STR("minmax");
}

static enum status pg_index(struct ddl_context *c, struct table *t, struct table_def *def,
                            const struct ast_create_index *x, struct str name, struct error *err)
{
	struct arena *a = &def->arena;
	struct index_def *moved = ARENA_ARRAY(a, struct index_def, def->index_count + 1);
	struct ast_index_element *first = (struct ast_index_element *)x->elements.items[0];
	if (def->index_count != 0)
		memcpy(moved, def->indexes, def->index_count * sizeof *moved);
	struct index_def *d = &moved[def->index_count];
	def->indexes = moved;
	def->index_count++;
	*d = (struct index_def){.name = arena_str(a, name), .granularity = 1, .unique = x->unique, .type = skip_type(def, x)};
	d->expr = ddl_stored(c, a, first->value);
	d->expr.text = index_columns(a, x, DIALECT_POSTGRESQL, false);
	d->expr.dialect = DIALECT_POSTGRESQL;
	d->pg_definition = definition(c, a, x, def, name);
	struct unique_key key = {.name = d->name};
	if (x->unique && unique_index_columns(&key, def, d, c->arena))
		return ddl_check_unique(c, t, d->name, d->expr.text, false, err);
	if (x->unique)
		ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "uniqueness of index \"%.*s\" is recorded and not enforced", STR_ARG(name));
	return OK;
}

static enum status ch_index(struct ddl_context *c, struct table_def *def, const struct ast_create_index *x,
                            struct str name, struct error *err)
{
	struct ast_index_def d = {.ast = {.kind = AST_INDEX_DEF}, .name = name, .type = x->type,
	                          .granularity = x->granularity};
	uint32_t before = def->index_count;
	d.value = ((struct ast_index_element *)x->elements.items[0])->value;
	TRY(ddl_add_index(c, def, &d, err));
	if (x->elements.count > 1)
		def->indexes[before].expr.text = arena_strf(&def->arena, "(%.*s)", 
		                                                    STR_ARG(index_columns(c->arena, x, c->session->dialect, false)));
	return OK;
}

enum status ddl_create_index(struct ddl_context *c, const struct ast_create_index *x, struct error *err)
{
	struct table *t;
	TRY(ddl_find_table(c, &x->table, false, &t, err));
	if (x->elements.count == 0)
		return ERR(err, E_SYNTAX, "an index needs an expression");
	struct str name = x->name.count == 0 ? choose_name(c, t->def, x) : name_last(&x->name);
	for (uint32_t i = 0; i < t->def->index_count; i++) {
		if (!str_eq(t->def->indexes[i].name, name))
			continue;
		if (!x->if_not_exists)
			return ERR(err, E_TABLE_EXISTS, "relation \"%.*s\" already exists", STR_ARG(name));
		ddl_say(c, "NOTICE", E_TABLE_EXISTS, "relation \"%.*s\" already exists, skipping", STR_ARG(name));
		return OK;
	}
	struct table_def *def = ddl_copy_def(c, t);
	enum status st = x->type != NULL || !ddl_is_pg(c) ? ch_index(c, def, x, name, err)
	                                                  : pg_index(c, t, def, x, name, err);
	if (st == OK)
		st = ddl_check_expressions(c, def, err);
	if (st != OK) {
		table_def_unref(def);
		return st;
	}
	(void)table_def_ref(def);
	st = catalog_alter_table(c->catalog, c->txn, def, err);
	if (st == OK && t->ops->alter != NULL)
		st = t->ops->alter(t, c->txn, def, err);
	table_def_unref(def);
	return st;
}
