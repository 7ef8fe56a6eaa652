// SPDX-License-Identifier: Apache-2.0
/* CREATE TABLE of both dialects. */
#include <assert.h>
#include "catalog/column_note.h"
#include "exec/ddl_impl.h"

/* ---- parts of a definition ---- */
bool ddl_is_merge_tree(struct str engine)
{
	return str_ends_with(engine, STR("MergeTree"));
}

/* Appends a zeroed element to an array of a definition that may come from a copy, so it always moves. */
static void *append(struct arena *a, void *array, uint32_t *count, size_t element)
{
	char *moved = arena_alloc(a, element * (*count + 1));
	if (*count != 0)
		memcpy(moved, array, element * *count);
	++*count;
	return moved;
}

enum status ddl_add_setting(struct ddl_context *c, struct table_def *def, const struct ast_setting *x,
                            struct error *err)
{
	struct arena *a = &def->arena;
	struct str name = name_last(&x->name);
	(void)c;
	if (ddl_is_merge_tree(def->engine) && merge_tree_setting_find(name) == NULL) {
		if (setting_find(name, NULL) != NULL)
			return OK; /* of the statement, not of the table */
		return ERR(err, E_UNKNOWN_SETTING, "Unknown setting '%.*s' for storage %.*s", STR_ARG(name), STR_ARG(def->engine));
	}
	struct str value = x->is_default ? STR("") : ddl_value_text(a, x->value);
	for (uint32_t i = 0; i < def->setting_count; i++)
		if (str_eq(def->settings[i].name, name)) {
			def->settings[i].value = value;
			return OK;
		}
	def->settings = append(a, def->settings, &def->setting_count, sizeof *def->settings);
	def->settings[def->setting_count - 1] = (struct setting_def){.name = arena_str(a, name), .value = value};
	return OK;
}

struct stored_sql ddl_stored_ttl(struct ddl_context *c, struct arena *a, const struct ast_list *items)
{
	struct strbuf b;
	struct stored_sql sql = ddl_stored(c, a, items->count == 0 ? NULL : items->items[0]);
	if (items->count <= 1)
		return sql;
	strbuf_init(&b, NULL);
	AST_EACH(items, x) {
		if (b.size != 0)
			strbuf_put(&b, ", ", 2);
		ast_print(&b, x, &(struct print_options){.dialect = c->session->dialect});
	}
	sql.text = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return sql;
}

enum status ddl_add_index(struct ddl_context *c, struct table_def *def, const struct ast_index_def *x,
                          struct error *err)
{
	struct arena *a = &def->arena;
	int64_t granularity = 1;
	for (uint32_t i = 0; i < def->index_count; i++)
		if (str_eq(def->indexes[i].name, x->name))
			return ERR(err, E_OBJECT_EXISTS, "Index with name %.*s already exists", STR_ARG(x->name));
	if (x->granularity != NULL &&
	    (!ddl_is_integer(x->granularity, &granularity) || granularity < 1 || granularity > UINT32_MAX))
		return ERR(err, E_BAD_ARGUMENTS, "GRANULARITY of index %.*s must be a positive integer", STR_ARG(x->name));
	def->indexes = append(a, def->indexes, &def->index_count, sizeof *def->indexes);
	def->indexes[def->index_count - 1] = (struct index_def){
		.name = arena_str(a, x->name),
		.expr = ddl_stored(c, a, x->value),
		.type = x->type == NULL ? STR("minmax") : ast_text(a, &x->type->ast, DIALECT_CLICKHOUSE),
		.granularity = (uint32_t)granularity,
		.pg_definition = STR(""),
	};
	/* `bloom_filter()` is written bloom_filter; of a text index ClickHouse has one for the part, and says so */
	struct index_def *d = &def->indexes[def->index_count - 1];
	if (str_ends_with(d->type, STR("()")))
		d->type.size -= 2;
	if (str_starts_with(d->type, STR("text(")))
		d->granularity = 100000000;
	return OK;
}

enum status ddl_add_projection(struct ddl_context *c, struct table_def *def, const struct ast_projection_def *x,
                               struct error *err)
{
	struct arena *a = &def->arena;
	for (uint32_t i = 0; i < def->projection_count; i++)
		if (str_eq(def->projections[i].name, x->name))
			return ERR(err, E_OBJECT_EXISTS, "Projection with name %.*s already exists", STR_ARG(x->name));
	if (x->query == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: PROJECTION … INDEX");
	def->projections = append(a, def->projections, &def->projection_count, sizeof *def->projections);
	ddl_say(c, "WARNING", E_NOT_IMPLEMENTED, "not supported yet: building projections; %.*s is recorded, queries read "
	        "the table", STR_ARG(x->name));
	def->projections[def->projection_count - 1] =
		(struct projection_def){.name = arena_str(a, x->name), .query = ddl_stored(c, a, x->query)};
	return OK;
}

/* ---- constraints ---- */
struct str ddl_columns_text(struct arena *a, const struct ast_list *identifiers, enum dialect dialect)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	AST_EACH(identifiers, x) {
		if (b.size != 0)
			strbuf_put(&b, ", ", 2);
		ident_quote(&b, name_last(&((struct ast_identifier *)x)->name), dialect);
	}
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static bool has_constraint(const struct table_def *def, struct str name)
{
	for (uint32_t i = 0; i < def->constraint_count; i++)
		if (!constraint_is_note(&def->constraints[i]) && str_eq(def->constraints[i].name, name))
			return true;
	return false;
}

/* The one column that a CHECK names; empty when it names several or none. */
static struct str checked_column(struct arena *a, const struct table_def *def, const struct ast *check)
{
	struct ast_list stack = {0};
	struct str only = STR("");
	ast_list_push(a, &stack, (struct ast *)check);
	for (unsigned i = 0; i < stack.count; i++) {
		const struct ast *x = stack.items[i];
		if (x->kind == AST_CAST)
			ast_list_push(a, &stack, ((const struct ast_cast *)x)->value);
		if (x->kind == AST_OPERATOR) {
			const struct ast_operator *o = (const struct ast_operator *)x;
			if (o->left != NULL)
				ast_list_push(a, &stack, o->left);
			if (o->right != NULL)
				ast_list_push(a, &stack, o->right);
		}
		if (x->kind == AST_CALL)
			AST_EACH(&((const struct ast_call *)x)->args, arg)
				ast_list_push(a, &stack, arg);
		if (x->kind != AST_IDENTIFIER)
			continue;
		struct str name = name_last(&((const struct ast_identifier *)x)->name);
		if (table_def_column(def, name) == NULL || str_eq(name, only))
			continue;
		if (only.size != 0)
			return STR("");
		only = name;
	}
	return only;
}

/* t_pkey, t_a_key, t_a_check, t_a_fkey, as PostgreSQL chooses. */
static struct str choose_name(struct arena *a, const struct table_def *def, const struct ast_constraint *x)
{
	const char *suffix = x->type == CONSTRAINT_UNIQUE ? "key" : x->type == CONSTRAINT_FOREIGN_KEY ? "fkey" : "check";
	struct strbuf b;
	if (x->type == CONSTRAINT_PRIMARY_KEY)
		return arena_strf(a, "%.*s_pkey", STR_ARG(def->name));
	strbuf_init(&b, NULL);
	strbuf_puts(&b, def->name);
	if (x->type == CONSTRAINT_CHECK && def->dialect == DIALECT_POSTGRESQL) {
		struct str column = checked_column(a, def, x->check);
		if (column.size != 0)
			strbuf_printf(&b, "_%.*s", STR_ARG(column));
	} else if (x->type != CONSTRAINT_CHECK && x->type != CONSTRAINT_ASSUME)
		AST_EACH(&x->columns, k)
			strbuf_printf(&b, "_%.*s", STR_ARG(name_last(&((struct ast_identifier *)k)->name)));
	strbuf_printf(&b, "_%s", suffix);
	struct str base = arena_str(a, strbuf_str(&b)), name = base;
	strbuf_fini(&b);
	for (unsigned i = 1; has_constraint(def, name); i++)
		name = arena_strf(a, "%.*s%u", STR_ARG(base), i);
	return name;
}

static const char *action_words(enum reference_action action)
{
	static const char *const words[] = {
		[REFERENCE_CASCADE] = "CASCADE", [REFERENCE_RESTRICT] = "RESTRICT", [REFERENCE_SET_NULL] = "SET NULL",
		[REFERENCE_SET_DEFAULT] = "SET DEFAULT", [REFERENCE_NO_ACTION] = NULL, [REFERENCE_UNSAID] = NULL,
	};
	return words[action];
}

/* REFERENCES t alone means its primary key. */
static void referenced_key(struct ddl_context *c, struct strbuf *b, const struct ast_constraint *x)
{
	struct table *t;
	struct error ignored;
	error_init(&ignored);
	if (ddl_find_table(c, &x->references, false, &t, &ignored) != OK)
		return;
	for (uint32_t i = 0; i < t->def->constraint_count; i++)
		if (t->def->constraints[i].kind == 'p')
			strbuf_printf(b, "(%.*s)", STR_ARG(t->def->constraints[i].columns));
}

static struct str constraint_text(struct ddl_context *c, struct arena *a, const struct ast_constraint *x,
                                  struct str columns)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	switch (x->type) {
	case CONSTRAINT_PRIMARY_KEY:
	case CONSTRAINT_UNIQUE:
		strbuf_printf(&b, "%s (%.*s)", x->type == CONSTRAINT_UNIQUE ? "UNIQUE" : "PRIMARY KEY", STR_ARG(columns));
		break;
	case CONSTRAINT_FOREIGN_KEY:
		strbuf_printf(&b, "FOREIGN KEY (%.*s) REFERENCES ", STR_ARG(columns));
		name_print(&b, &x->references, DIALECT_POSTGRESQL);
		if (x->referenced.count != 0)
			strbuf_printf(&b, "(%.*s)", STR_ARG(ddl_columns_text(c->arena, &x->referenced, DIALECT_POSTGRESQL)));
		else
			referenced_key(c, &b, x);
		if (action_words(x->on_update) != NULL)
			strbuf_printf(&b, " ON UPDATE %s", action_words(x->on_update));
		if (action_words(x->on_delete) != NULL)
			strbuf_printf(&b, " ON DELETE %s", action_words(x->on_delete));
		break;
	default:
		strbuf_printf(&b, "CHECK (%.*s)", STR_ARG(ast_text(c->arena, x->check, DIALECT_POSTGRESQL)));
		break;
	}
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static enum status check_columns(struct table_def *def, const struct ast_constraint *x, struct error *err)
{
	AST_EACH(&x->columns, k) {
		struct str name = name_last(&((struct ast_identifier *)k)->name);
		struct column_def *d = (struct column_def *)table_def_column(def, name);
		if (d == NULL)
			return ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" named in key does not exist", STR_ARG(name));
		if (x->type == CONSTRAINT_PRIMARY_KEY) {
			d->not_null = true;
			d->type = type_not_nullable(&def->arena, d->type);
		}
	}
	return OK;
}

enum status ddl_add_constraint(struct ddl_context *c, struct table_def *def, const struct ast_constraint *x,
                               struct error *err)
{
	static const char kinds[] = {[CONSTRAINT_CHECK] = 'c', [CONSTRAINT_ASSUME] = 'a', [CONSTRAINT_PRIMARY_KEY] = 'p',
	                             [CONSTRAINT_UNIQUE] = 'u', [CONSTRAINT_FOREIGN_KEY] = 'f'};
	struct arena *a = &def->arena;
	if (x->type == CONSTRAINT_NOT_NULL || x->type == CONSTRAINT_NULL)
		return OK;
	if (x->type == CONSTRAINT_EXCLUDE) {
		ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "EXCLUDE constraints are not enforced");
		return OK;
	}
	struct constraint_def d = {.kind = kinds[x->type]};
	d.name = x->name.size != 0 ? arena_str(a, x->name) : choose_name(a, def, x);
	if (has_constraint(def, d.name))
		return ERR(err, E_OBJECT_EXISTS, "constraint \"%.*s\" for relation \"%.*s\" already exists", STR_ARG(d.name),
		           STR_ARG(def->name));
	if (x->check == NULL && x->type != CONSTRAINT_FOREIGN_KEY)
		TRY(check_columns(def, x, err));
	if (x->type == CONSTRAINT_FOREIGN_KEY)
		ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "foreign key \"%.*s\" is recorded and not enforced", STR_ARG(d.name));
	for (uint32_t i = 0; d.kind == 'p' && i < def->constraint_count; i++)
		if (def->constraints[i].kind == 'p')
			return ERR(err, E_INVALID_TABLE_DEFINITION, "multiple primary keys for table \"%.*s\" are not allowed",
			           STR_ARG(def->name));
	d.columns = ddl_columns_text(a, &x->columns, DIALECT_POSTGRESQL);
	d.expr = ddl_stored(c, a, x->check);
	d.definition = constraint_text(c, a, x, d.columns);
	def->constraints = append(a, def->constraints, &def->constraint_count, sizeof *def->constraints);
	def->constraints[def->constraint_count - 1] = d;
	return OK;
}

/* ---- storage ---- */
static enum status set_engine(struct ddl_context *c, struct table_def *def, const struct ast_call *engine,
                              struct error *err)
{
	struct arena *a = &def->arena;
	struct strbuf b;
	def->engine = arena_str(a, name_last(&engine->name));
	def->engine_args = STR("");
	if (table_engine_find(def->engine) == NULL) {
		struct str near = STR("");
		for (uint32_t i = 0; i < table_engine_count(); i++)
			if (str_distance_nocase(str_of(table_engine_at(i)->engine), def->engine, 3) <= 3)
				near = str_of(table_engine_at(i)->engine);
		static const char *const later[] = {"Kafka", "PostgreSQL", "MySQL", "S3", "URL", "Distributed", "Dictionary",
		                                    "Buffer",
		                                    "Merge", "MongoDB", "SQLite", "EmbeddedRocksDB", "RabbitMQ", "NATS", "S3Queue",
		                                    "KeeperMap", "Join", "Set", "GenerateRandom", "File", "HDFS", "ODBC", "JDBC",
		                                    "Redis", "MaterializedPostgreSQL", "GraphiteMergeTree",
		                                    	"ReplicatedGraphiteMergeTree",
		                                    "CoalescingMergeTree", "ReplicatedCoalescingMergeTree", "WindowView"};
		for (size_t i = 0; i < ARRAY_COUNT(later); i++)
			if (str_eq(def->engine, str_of(later[i])))
				return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: table engine %s", later[i]);
		if (near.size != 0)
			return ERR(err, E_UNKNOWN_STORAGE, "Unknown table engine %.*s. Maybe you meant: ['%.*s']", STR_ARG(def->engine),
			           STR_ARG(near));
		return ERR(err, E_UNKNOWN_STORAGE, "Unknown table engine %.*s", STR_ARG(def->engine));
	}
	strbuf_init(&b, NULL);
	AST_EACH(&engine->args, x) {
		if (b.size != 0)
			strbuf_put(&b, ", ", 2);
		ast_print(&b, x, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	}
	def->engine_args = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	(void)c;
	return OK;
}

enum status ddl_storage(struct ddl_context *c, struct table_def *def, const struct ast_storage *s, struct error *err)
{
	struct arena *a = &def->arena;
	if (s != NULL && s->engine != NULL)
		TRY(set_engine(c, def, s->engine, err));
	if (def->engine.size == 0) {
		struct str name = settings_text(c->settings, def->temporary ? SET_default_temporary_table_engine
		                                : SET_default_table_engine);
		def->engine = arena_str(a, str_eq_nocase(name, STR("None")) || name.size == 0 ? STR("MergeTree") : name);
	}
	if (s == NULL)
		return OK;
	if (s->unique_key != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: UNIQUE KEY");
	if (s->partition_by != NULL && s->partition_by->kind == AST_PARTITION_SPEC)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: PARTITION BY of PostgreSQL");
	const struct table_ops *ops = table_engine_find(def->engine);
	if (ops != NULL && !(ops->features & TABLE_SORTED) && !ddl_is_pg(c)
	    && (s->partition_by != NULL || s->order_by != NULL || s->primary_key != NULL || s->sample_by != NULL))
		return ERR(err, E_BAD_ARGUMENTS, "Engine %.*s doesn't support PARTITION_BY, PRIMARY_KEY, ORDER_BY or SAMPLE_BY "
		           "clauses", STR_ARG(def->engine));
	if (s->partition_by != NULL)
		def->partition_by = ddl_stored(c, a, s->partition_by);
	if (s->order_by != NULL)
		def->order_by = ddl_stored(c, a, s->order_by);
	if (s->primary_key != NULL)
		def->primary_key = ddl_stored(c, a, s->primary_key);
	if (s->sample_by != NULL)
		def->sample_by = ddl_stored(c, a, s->sample_by);
	if (s->ttl.count != 0)
		def->ttl = ddl_stored_ttl(c, a, &s->ttl);
	AST_EACH(&s->settings, x)
		TRY(ddl_add_setting(c, def, (struct ast_setting *)x, err));
	return OK;
}

/* A MergeTree without ORDER BY is sorted by its primary key, else not at all. */
static void settle_keys(struct ddl_context *c, struct table_def *def)
{
	/* ClickHouse: PRIMARY KEY (x) among the columns is the table's */
	for (uint32_t i = 0; !ddl_is_pg(c) && def->primary_key.text.size == 0 && i < def->constraint_count; i++)
		if (def->constraints[i].kind == 'p')
			def->primary_key = (struct stored_sql){
				.text = arena_strf(&def->arena, "(%.*s)", STR_ARG(def->constraints[i].columns)),
				.dialect = DIALECT_POSTGRESQL, .database = arena_str(&def->arena, c->session->database),
				.search_path = STR("")};
	if (!ddl_is_merge_tree(def->engine) || def->order_by.text.size != 0)
		return;
	if (def->primary_key.text.size != 0) {
		def->order_by = def->primary_key;
		def->primary_key = (struct stored_sql){.text = STR("")};
		return;
	}
	def->order_by = (struct stored_sql){.text = STR("tuple()"), .dialect = DIALECT_CLICKHOUSE,
	                                    .database = arena_str(&def->arena, c->session->database), .search_path = STR("")};
	for (uint32_t i = 0; ddl_is_pg(c) && i < def->constraint_count; i++)
		if (def->constraints[i].kind == 'p') {
			struct str columns = def->constraints[i].columns;
			bool several = str_find_char(columns, ',') >= 0;
			def->order_by.text = several ? arena_strf(&def->arena, "(%.*s)", STR_ARG(columns)) : columns;
			def->order_by.dialect = DIALECT_POSTGRESQL;
		}
}

/* ---- elements ---- */
static enum status copy_columns(struct ddl_columns *to, const struct table_def *from, struct error *err)
{
	for (uint32_t i = 0; i < from->column_count; i++) {
		const struct column_def *s = &from->columns[i];
		if (table_def_column(to->def, s->name) != NULL)
			return ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" specified more than once", STR_ARG(s->name));
		struct column_def *d = ddl_push_column(to, s->name, s->type);
		struct arena *a = &to->def->arena;
		d->default_kind = s->default_kind;
		d->default_expr = s->default_expr;
		d->codec = s->codec;
		d->ttl = s->ttl;
		d->comment = s->comment;
		d->hidden = s->hidden;
		d->not_null = s->not_null;
		struct str *texts[] = {&d->default_expr.text, &d->default_expr.database, &d->default_expr.search_path, &d->codec,
		                       &d->ttl.text, &d->ttl.database, &d->ttl.search_path, &d->comment};
		for (size_t k = 0; k < ARRAY_COUNT(texts); k++)
			*texts[k] = arena_str(a, *texts[k]);
	}
	return OK;
}

static enum status add_like(struct ddl_columns *to, const struct ast_like_clause *x, struct error *err)
{
	struct table *t;
	TRY(ddl_find_table(to->c, &x->source, false, &t, err));
	uint32_t first = to->def->column_count;
	TRY(copy_columns(to, t->def, err));
	bool defaults = str_find(x->options, STR("ALL")) >= 0 || str_find(x->options, STR("DEFAULTS")) >= 0;
	for (uint32_t i = first; !defaults && i < to->def->column_count; i++)
		if (to->def->columns[i].default_kind == COLUMN_DEFAULT) {
			to->def->columns[i].default_kind = COLUMN_PLAIN;
			to->def->columns[i].default_expr = (struct stored_sql){.text = STR("")};
		}
	return OK;
}

/* Columns first: everything else may name any of them. */
static enum status add_elements(struct ddl_columns *to, const struct ast_create_table *x, struct error *err)
{
	AST_EACH(&x->elements, e) {
		if (e->kind == AST_COLUMN_DEF)
			TRY(ddl_add_column(to, (struct ast_column_def *)e, err));
		else if (e->kind == AST_LIKE_CLAUSE)
			TRY(add_like(to, (struct ast_like_clause *)e, err));
	}
	AST_EACH(&x->elements, e) {
		if (e->kind == AST_INDEX_DEF)
			TRY(ddl_add_index(to->c, to->def, (struct ast_index_def *)e, err));
		else if (e->kind == AST_PROJECTION_DEF)
			TRY(ddl_add_projection(to->c, to->def, (struct ast_projection_def *)e, err));
		else if (e->kind == AST_CONSTRAINT)
			TRY(ddl_add_constraint(to->c, to->def, (struct ast_constraint *)e, err));
	}
	if (ddl_is_pg(to->c))
		return OK;
	/* ClickHouse: `x UInt8 PRIMARY KEY` is the table's key */
	struct strbuf b;
	uint32_t keys = 0;
	strbuf_init(&b, NULL);
	AST_EACH(&x->elements, e)
		if (e->kind == AST_COLUMN_DEF && ((struct ast_column_def *)e)->primary_key) {
			strbuf_printf(&b, "%s%.*s", keys++ == 0 ? "" : ", ",
			              STR_ARG(ddl_quoted(to->c->arena, name_last(&((struct ast_column_def *)e)->name), DIALECT_CLICKHOUSE)));
		}
	if (keys != 0)
		to->def->primary_key = (struct stored_sql){
			.text = arena_strf(&to->def->arena, keys > 1 ? "(%.*s)" : "%.*s", STR_ARG(strbuf_str(&b))),
			.dialect = DIALECT_CLICKHOUSE, .database = arena_str(&to->def->arena, to->c->session->database),
			.search_path = STR("")};
	strbuf_fini(&b);
	return OK;
}

/* Columns of AS SELECT: those that were not declared, in the query's order. */
static enum status add_query_columns(struct ddl_columns *to, const struct ast_create_table *x, struct error *err)
{
	struct bind_config config = ddl_bind_config(to->c, err);
	struct query_plan *plan;
	TRY(bind_query(&config, x->as_query, &plan));
	if (x->as_columns.count > plan->visible_columns)
		return ERR(err, E_SYNTAX, "too many column names were specified");
	bool declared = to->def->column_count != 0;
	for (uint32_t i = 0; i < plan->visible_columns; i++) {
		const struct type *type;
		struct str name = plan->root->names[i];
		if (i < x->as_columns.count)
			name = name_last(&((struct ast_identifier *)x->as_columns.items[i])->name);
		if (declared)
			continue;
		if (table_def_column(to->def, name) != NULL)
			return ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" specified more than once", STR_ARG(name));
		TRY(ddl_storable(to->c->arena, plan->root->types[i], &type, err));
		if (ddl_is_pg(to->c) && type->id != TYPE_ARRAY && type->id != TYPE_MAP && type->id != TYPE_TUPLE
		    && type->id != TYPE_AGGSTATE)
			type = type_nullable(to->c->arena, type);
		ddl_push_column(to, name, type);
		ddl_settle_null_column(to, name);
	}
	return OK;
}

static enum status copy_storage(struct table_def *def, const struct table_def *from)
{
	struct arena *a = &def->arena;
	struct table_def *copy = table_def_clone(from, NULL);
	def->engine = arena_str(a, copy->engine);
	def->engine_args = arena_str(a, copy->engine_args);
	struct stored_sql *to[] = {&def->partition_by, &def->order_by, &def->primary_key, &def->sample_by, &def->ttl};
	const struct stored_sql *source[] = {&copy->partition_by, &copy->order_by, &copy->primary_key, &copy->sample_by,
	                                     &copy->ttl};
	for (size_t i = 0; i < ARRAY_COUNT(to); i++)
		*to[i] = (struct stored_sql){.text = arena_str(a, source[i]->text), .dialect = source[i]->dialect,
		                             .database = arena_str(a, source[i]->database),
		                             .search_path = arena_str(a, source[i]->search_path)};
	for (uint32_t i = 0; i < copy->setting_count; i++) {
		def->settings = append(a, def->settings, &def->setting_count, sizeof *def->settings);
		def->settings[i] = (struct setting_def){arena_str(a, copy->settings[i].name), arena_str(a, copy->settings[i].value)};
	}
	table_def_unref(copy);
	return OK;
}

/* ---- the statement ---- */
static enum status exists_already(struct ddl_context *c, const struct ast_create_table *x,
                                  const struct ddl_place *place, bool *skip, struct error *err)
{
	struct table *t;
	struct error ignored;
	*skip = false;
	error_init(&ignored);
	if (catalog_find_table(c->catalog, c->txn, place->database, place->schema, place->name, &t, &ignored) != OK)
		return OK;
	enum status st = OK;
	if (x->if_not_exists) {
		*skip = true;
		ddl_say(c, "NOTICE", E_TABLE_EXISTS, "relation \"%.*s\" already exists, skipping", STR_ARG(place->name));
	} else if (x->or_replace || x->replace) {
		st = ddl_drop_one_table(c, t, err);
	} else if (ddl_is_pg(c)) {
		st = ERR(err, E_TABLE_EXISTS, "relation \"%.*s\" already exists", STR_ARG(place->name));
	} else {
		st = ERR(err, E_TABLE_EXISTS, "Table %.*s.%.*s already exists", STR_ARG(place->database), STR_ARG(place->name));
	}
	table_release(t);
	return st;
}

static enum status check_supported(const struct ast_create_table *x, struct error *err)
{
	if (x->as_function != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: CREATE TABLE AS table function");
	if (x->clone)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: CLONE AS");
	if (x->attach_from != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: ATTACH TABLE FROM");
	if (x->partition_of.count != 0 || x->partition_spec != NULL)
		return ERR(err, E_NOT_IMPLEMENTED,
		           "not supported yet: declarative partitions of PostgreSQL; PARTITION BY expression works");
	if (x->inherits.count != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: INHERITS");
	return OK;
}

static enum status read_uuid(const struct ast *x, uint8_t uuid[16], struct error *err)
{
	struct str text;
	unsigned n = 0;
	if (x == NULL)
		return OK;
	if (!ddl_is_string(x, &text))
		return ERR(err, E_SYNTAX, "UUID must be a string");
	for (size_t i = 0; i < text.size; i++) {
		char ch = ascii_lower(text.data[i]);
		int digit = ch >= '0' && ch <= '9' ? ch - '0' : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
		if (ch == '-')
			continue;
		if (digit < 0 || n == 32)
			return ERR(err, E_CANNOT_PARSE_UUID, "Cannot parse UUID '%.*s'", STR_ARG(text));
		uuid[n / 2] = (uint8_t)(uuid[n / 2] << 4 | digit);
		n++;
	}
	return n == 32 ? OK : ERR(err, E_CANNOT_PARSE_UUID, "Cannot parse UUID '%.*s'", STR_ARG(text));
}

static enum status fill_def(struct ddl_columns *to, const struct ast_create_table *x, struct error *err)
{
	struct ddl_context *c = to->c;
	struct table_def *def = to->def;
	struct str comment;
	TRY(add_elements(to, x, err));
	if (x->as_table.count != 0) {
		struct table *source;
		TRY(ddl_find_table(c, &x->as_table, false, &source, err));
		if (def->column_count == 0)
			TRY(copy_columns(to, source->def, err));
		if ((x->storage == NULL || x->storage->engine == NULL) && source->def->kind == TABLE_TABLE)
			TRY(copy_storage(def, source->def));
	}
	if (x->as_query != NULL)
		TRY(add_query_columns(to, x, err));
	if (def->column_count == 0)
		return ddl_is_pg(c) ? ERR(err, E_NOT_IMPLEMENTED, "not supported yet: a table without columns")
		                    : ERR(err, E_BAD_ARGUMENTS, "Incorrect CREATE query: required list of column descriptions or AS "
		                                                "section or SELECT.");
	TRY(ddl_storage(c, def, x->storage, err));
	settle_keys(c, def);
	if (x->comment != NULL && ddl_is_string(x->comment, &comment))
		def->comment = arena_str(&def->arena, comment);
	TRY(read_uuid(x->uuid, def->uuid, err));
	return OK;
}

static enum status make_temporary_schema(struct ddl_context *c, const struct ddl_place *place, struct error *err)
{
	if (!str_starts_with(place->schema, STR("pg_temp_"))
	    || catalog_has_schema(c->catalog, c->txn, place->database, place->schema))
		return OK;
	const struct schema_def d = {.database = place->database, .name = place->schema, .owner = c->user};
	return catalog_create_schema(c->catalog, c->txn, &d, err);
}

/* Types that there are not go before a table that there is already. */
static enum status check_types(struct ddl_context *c, const struct ast_create_table *x, struct error *err)
{
	const struct type *ignored;
	AST_EACH(&x->elements, e) {
		const struct ast_column_def *d = (const struct ast_column_def *)e;
		if (e->kind == AST_COLUMN_DEF && d->type != NULL && !ddl_is_pg(c))
			TRY(bind_type(c->arena, d->type, c->session->dialect, &ignored, err));
	}
	return OK;
}

enum status ddl_create_table(struct ddl_context *c, const struct ast_create_table *x, struct ddl_result *out,
                             struct error *err)
{
	struct ddl_place place;
	bool skip;
	if (x->attach && !x->has_elements && x->storage == NULL && x->attach_from == NULL) {
		TRY(ddl_new_place(c, &x->name, false, &place, err));
		return catalog_attach_table(c->catalog, c->txn, place.database, place.name, err);
	}
	TRY(check_supported(x, err));
	TRY(ddl_new_place(c, &x->name, x->temporary, &place, err));
	TRY(make_temporary_schema(c, &place, err));
	TRY(check_types(c, x, err));
	TRY(exists_already(c, x, &place, &skip, err));
	if (skip)
		return OK;
	struct table_def *def = table_def_new(NULL);
	struct ddl_columns columns = {.c = c, .def = def};
	def->kind = TABLE_TABLE;
	def->dialect = c->session->dialect;
	def->temporary = str_starts_with(place.schema, STR("pg_temp_"));
	def->database = arena_str(&def->arena, place.database);
	def->schema = arena_str(&def->arena, place.schema);
	def->name = arena_str(&def->arena, place.name);
	def->owner = arena_str(&def->arena, c->user);
	enum status st = fill_def(&columns, x, err);
	if (st == OK)
		st = ddl_make_sequences(&columns, err);
	if (st == OK)
		st = ddl_check_expressions(c, def, err);
	if (st != OK) {
		table_def_unref(def);
		return st;
	}
	TRY(catalog_create_table(c->catalog, c->txn, def, err));
	if (x->as_query == NULL || x->empty || x->no_data)
		return OK;
	struct name_part parts[3] = {{.text = place.database, .quoted = true}, {.text = place.schema, .quoted = true},
	                             {.text = place.name, .quoted = true}};
	const struct name full = {parts, 3};
	out->fill_query = x->as_query;
	out->tag = ddl_is_pg(c) ? "SELECT" : NULL;
	return ddl_find_table(c, &full, false, &out->fill_table, err);
}
