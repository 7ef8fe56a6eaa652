// SPDX-License-Identifier: Apache-2.0
/* ALTER, DROP, RENAME, TRUNCATE. */
#include "parse/print_impl.h"

/* ---- parts of commands ---- */

static void print_place(struct printer *pr, const struct ast_alter_command *c)
{
	put_if(pr, c->first, " FIRST ");
	if (c->target.count != 0) {
		put(pr, " AFTER ");
		put_name(pr, &c->target);
	}
}

static void print_exists(struct printer *pr, const struct ast_alter_command *c)
{
	put_if(pr, c->if_exists, "IF EXISTS ");
	put_if(pr, c->if_not_exists, "IF NOT EXISTS ");
}

static void print_in_partition(struct printer *pr, const struct ast *partition)
{
	if (partition == NULL)
		return;
	put(pr, " IN PARTITION ");
	print_partition(pr, partition);
}

static void print_part(struct printer *pr, const struct ast_alter_command *c)
{
	put(pr, c->part ? "PART " : "PARTITION ");
	print_partition(pr, c->partition);
}

/* WORDS [IF EXISTS] name [IN PARTITION p] [CASCADE] */
static void print_named(struct printer *pr, const char *words, const struct ast_alter_command *c)
{
	put(pr, words);
	print_exists(pr, c);
	put_name(pr, &c->name);
	print_in_partition(pr, c->partition);
	put_if(pr, c->cascade, " CASCADE");
}

static void print_added(struct printer *pr, const char *words, const struct ast_alter_command *c)
{
	struct strbuf text, *outer = pr->b;
	/* an element prints its own first word; IF NOT EXISTS stands behind it */
	strbuf_init(&text, NULL);
	pr->b = &text;
	print_element(pr, c->definition);
	pr->b = outer;
	struct str s = strbuf_str(&text), word = str_of(words);
	if (str_starts_with(s, word))
		s = str_make(s.data + word.size, s.size - word.size);
	put(pr, "ADD ");
	put(pr, words);
	print_exists(pr, c);
	puts_str(pr, s);
	strbuf_fini(&text);
	print_place(pr, c);
}

static void print_statistics(struct printer *pr, const char *words, const struct ast_alter_command *c)
{
	put(pr, words);
	print_exists(pr, c);
	if (c->items.count == 0)
		put(pr, "ALL");
	print_list(pr, &c->items);
	if (c->value == NULL)
		return;
	put(pr, " TYPE ");
	const struct ast_call *kinds = (const struct ast_call *)c->value;
	for (unsigned i = 0; i < kinds->args.count; i++) {
		put_if(pr, i != 0, ", ");
		print_engine_call(pr, (const struct ast_call *)kinds->args.items[i]);
	}
}

static void print_valued(struct printer *pr, const char *words, const struct ast *value)
{
	put(pr, words);
	print_expr(pr, value);
}

/* ALTER COLUMN name … of PostgreSQL */
static void print_alter_column(struct printer *pr, const struct ast_alter_command *c, const char *words)
{
	put(pr, "ALTER COLUMN ");
	put_name(pr, &c->name);
	put(pr, " ");
	put(pr, words);
}

static void print_column_command(struct printer *pr, const struct ast_alter_command *c)
{
	switch (c->type) {
	case ALTER_COLUMN_TYPE:
		print_alter_column(pr, c, "TYPE ");
		print_type(pr, c->type_name);
		if (c->items.count != 0) {
			put(pr, " COLLATE ");
			print_list(pr, &c->items);
		}
		if (c->value != NULL)
			print_valued(pr, " USING ", c->value);
		break;
	case ALTER_COLUMN_SET_DEFAULT:
		print_alter_column(pr, c, "SET DEFAULT ");
		print_expr(pr, c->value);
		break;
	case ALTER_COLUMN_DROP_DEFAULT: print_alter_column(pr, c, "DROP DEFAULT"); break;
	case ALTER_COLUMN_SET_NOT_NULL: print_alter_column(pr, c, "SET NOT NULL"); break;
	case ALTER_COLUMN_DROP_NOT_NULL: print_alter_column(pr, c, "DROP NOT NULL"); break;
	case ALTER_COLUMN_DROP_IDENTITY:
		print_alter_column(pr, c, "DROP IDENTITY");
		put_if(pr, c->if_exists, " IF EXISTS");
		break;
	case ALTER_COLUMN_DROP_EXPRESSION:
		print_alter_column(pr, c, "DROP EXPRESSION");
		put_if(pr, c->if_exists, " IF EXISTS");
		break;
	case ALTER_COLUMN_ADD_IDENTITY:
		print_alter_column(pr, c, "ADD GENERATED ");
		put_upper(pr, c->text);
		put(pr, " AS IDENTITY");
		if (c->definition != NULL) {
			put(pr, " (");
			print_element(pr, c->definition);
			put(pr, " )");
		}
		break;
	case ALTER_COLUMN_SET_IDENTITY: {
		const struct ast_sequence_options *o = (const struct ast_sequence_options *)c->definition;
		print_alter_column(pr, c, c->text.data != NULL ? "SET GENERATED " : "");
		put_upper(pr, c->text.data != NULL ? c->text : STR(""));
		put_if(pr, c->text.data == NULL && !o->restart_only && o->restart == NULL, "SET");
		print_sequence_options(pr, o);
		break;
	}
	case ALTER_COLUMN_SET_STATISTICS:
		print_alter_column(pr, c, "SET STATISTICS ");
		print_expr(pr, c->value);
		break;
	case ALTER_COLUMN_SET_STORAGE: case ALTER_COLUMN_SET_COMPRESSION:
		print_alter_column(pr, c, c->type == ALTER_COLUMN_SET_STORAGE ? "SET STORAGE " : "SET COMPRESSION ");
		puts_str(pr, c->text);
		break;
	case ALTER_COLUMN_SET_OPTIONS: case ALTER_COLUMN_RESET_OPTIONS:
		print_alter_column(pr, c, c->type == ALTER_COLUMN_SET_OPTIONS ? "SET " : "RESET ");
		print_options(pr, &c->items);
		break;
	default: assert(false); break;
	}
}

static void print_modify_column(struct printer *pr, const struct ast_alter_command *c)
{
	put(pr, "MODIFY COLUMN ");
	print_exists(pr, c);
	switch (c->type) {
	case ALTER_REMOVE_PROPERTY:
		put_column_name(pr, &c->name);
		put(pr, " REMOVE ");
		puts_str(pr, c->text);
		break;
	case ALTER_COLUMN_MODIFY_SETTING:
		put_column_name(pr, &c->name);
		put(pr, " MODIFY SETTING ");
		print_settings(pr, &c->items);
		break;
	case ALTER_COLUMN_RESET_SETTING:
		put_column_name(pr, &c->name);
		put(pr, " RESET SETTING ");
		print_list(pr, &c->items);
		break;
	default:
		print_element(pr, c->definition);
		print_place(pr, c);
		break;
	}
}

static void print_partition_command(struct printer *pr, const struct ast_alter_command *c)
{
	switch (c->type) {
	case ALTER_DROP_PARTITION: put(pr, c->detached ? "DROP DETACHED " : "DROP "); break;
	case ALTER_DETACH_PARTITION: put(pr, "DETACH "); break;
	case ALTER_ATTACH_PARTITION: put(pr, "ATTACH "); break;
	case ALTER_REPLACE_PARTITION: put(pr, "REPLACE "); break;
	case ALTER_MOVE_PARTITION: put(pr, "MOVE "); break;
	case ALTER_FETCH_PARTITION: put(pr, "FETCH "); break;
	default: put(pr, "FORGET "); break;
	}
	if (c->partition == NULL) {
		/* PostgreSQL's partitions are tables */
		put(pr, "PARTITION ");
		put_name(pr, &c->target);
		if (c->definition != NULL) {
			put(pr, " ");
			print_element(pr, c->definition);
		}
		return;
	}
	print_part(pr, c);
	if (c->type == ALTER_MOVE_PARTITION) {
		put(pr, " TO ");
		puts_str(pr, c->text);
		put(pr, " ");
		if (c->destination != NULL)
			print_expr(pr, c->destination);
		else
			put_name(pr, &c->target);
	} else if (c->target.count != 0) {
		put(pr, " FROM ");
		put_name(pr, &c->target);
	} else if (c->destination != NULL) {
		print_valued(pr, " FROM ", c->destination);
	}
}

static void print_freeze(struct printer *pr, const struct ast_alter_command *c)
{
	put(pr, c->type == ALTER_FREEZE_PARTITION ? "FREEZE" : "UNFREEZE");
	if (c->partition != NULL) {
		put(pr, " ");
		print_part(pr, c);
	}
	if (c->text.data != NULL) {
		put(pr, " WITH NAME ");
		put_string(pr, c->text);
	}
}

static void print_mutation(struct printer *pr, const struct ast_alter_command *c)
{
	if (c->type == ALTER_UPDATE) {
		put(pr, "UPDATE ");
		print_assignments(pr, &c->items);
	} else {
		put(pr, "DELETE");
	}
	print_in_partition(pr, c->partition);
	print_valued(pr, " WHERE ", c->value);
}

static void print_value_command(struct printer *pr, const struct ast_alter_command *c)
{
	put(pr, c->type == ALTER_ADD_VALUE ? "ADD VALUE " : "RENAME VALUE ");
	print_exists(pr, c);
	print_expr(pr, c->value);
	if (c->destination != NULL) {
		put(pr, c->type == ALTER_RENAME_VALUE ? " TO " : c->first ? " BEFORE " : " AFTER ");
		print_expr(pr, c->destination);
	}
}

/* ---- one command ---- */

/* Commands that are fixed words. */
static const char *fixed_words(enum alter_type type)
{
	switch (type) {
	case ALTER_REMOVE_SAMPLE_BY: return "REMOVE SAMPLE BY";
	case ALTER_REMOVE_TTL: return "REMOVE TTL";
	case ALTER_DROP_DEFAULT: return "DROP DEFAULT";
	case ALTER_SET_NOT_NULL: return "SET NOT NULL";
	case ALTER_DROP_NOT_NULL: return "DROP NOT NULL";
	default: return NULL;
	}
}

/* Commands of words and a name. */
static const char *named_words(enum alter_type type)
{
	switch (type) {
	case ALTER_DROP_COLUMN: return "DROP COLUMN ";
	case ALTER_CLEAR_COLUMN: return "CLEAR COLUMN ";
	case ALTER_MATERIALIZE_COLUMN: return "MATERIALIZE COLUMN ";
	case ALTER_DROP_INDEX: return "DROP INDEX ";
	case ALTER_CLEAR_INDEX: return "CLEAR INDEX ";
	case ALTER_MATERIALIZE_INDEX: return "MATERIALIZE INDEX ";
	case ALTER_DROP_PROJECTION: return "DROP PROJECTION ";
	case ALTER_CLEAR_PROJECTION: return "CLEAR PROJECTION ";
	case ALTER_MATERIALIZE_PROJECTION: return "MATERIALIZE PROJECTION ";
	case ALTER_DROP_CONSTRAINT: return "DROP CONSTRAINT ";
	case ALTER_VALIDATE_CONSTRAINT: return "VALIDATE CONSTRAINT ";
	case ALTER_OWNER: return "OWNER TO ";
	case ALTER_SET_TABLESPACE: return "SET TABLESPACE ";
	default: return NULL;
	}
}

/* Commands of words and another object's name. */
static const char *target_words(enum alter_type type)
{
	switch (type) {
	case ALTER_RENAME: return "RENAME TO ";
	case ALTER_SET_SCHEMA: return "SET SCHEMA ";
	case ALTER_INHERIT: return "INHERIT ";
	case ALTER_NO_INHERIT: return "NO INHERIT ";
	case ALTER_ATTACH_INDEX: return "ATTACH PARTITION ";
	default: return NULL;
	}
}

static void print_rename_of(struct printer *pr, const struct ast_alter_command *c)
{
	put(pr, c->type == ALTER_RENAME_COLUMN ? "RENAME COLUMN " : "RENAME CONSTRAINT ");
	print_exists(pr, c);
	put_name(pr, &c->name);
	put(pr, " TO ");
	put_name(pr, &c->target);
	put_if(pr, c->cascade, " CASCADE");
}

static void print_modify_query(struct printer *pr, const struct ast_alter_command *c)
{
	put(pr, "MODIFY QUERY");
	new_line(pr);
	print_query(pr, c->definition);
}

static void print_table_clause(struct printer *pr, const struct ast_alter_command *c)
{
	switch (c->type) {
	case ALTER_MODIFY_ORDER_BY: print_valued(pr, "MODIFY ORDER BY ", c->value); break;
	case ALTER_MODIFY_SAMPLE_BY: print_valued(pr, "MODIFY SAMPLE BY ", c->value); break;
	case ALTER_MODIFY_COMMENT: print_valued(pr, "MODIFY COMMENT ", c->value); break;
	case ALTER_SET_DEFAULT: print_valued(pr, "SET DEFAULT ", c->value); break;
	case ALTER_MODIFY_TTL:
		put(pr, "MODIFY TTL ");
		print_ttl_list(pr, &c->items);
		break;
	case ALTER_MATERIALIZE_TTL:
		put(pr, "MATERIALIZE TTL");
		print_in_partition(pr, c->partition);
		break;
	case ALTER_APPLY_DELETED_MASK: case ALTER_APPLY_PATCHES:
		put(pr, c->type == ALTER_APPLY_PATCHES ? "APPLY PATCHES" : "APPLY DELETED MASK");
		print_in_partition(pr, c->partition);
		break;
	case ALTER_REWRITE_PARTS:
		put(pr, "REWRITE PARTS");
		print_in_partition(pr, c->partition);
		break;
	case ALTER_MODIFY_SETTING:
		put(pr, "MODIFY SETTING ");
		print_settings(pr, &c->items);
		break;
	case ALTER_RESET_SETTING:
		put(pr, in_clickhouse(pr) ? "RESET SETTING " : "RESET ");
		put_if(pr, c->items.count == 0, "ALL");
		print_list(pr, &c->items);
		break;
	case ALTER_MODIFY_QUERY: print_modify_query(pr, c); break;
	case ALTER_MODIFY_REFRESH:
		put(pr, "MODIFY ");
		print_element(pr, c->definition);
		break;
	case ALTER_MODIFY_SQL_SECURITY:
		put(pr, "MODIFY ");
		print_definer(pr, &c->name, c->text);
		break;
	case ALTER_SET_OPTIONS: case ALTER_RESET_OPTIONS:
		put(pr, c->type == ALTER_SET_OPTIONS ? "SET " : "RESET ");
		print_options(pr, &c->items);
		break;
	case ALTER_SEQUENCE_OPTIONS: print_element(pr, c->definition); break;
	case ALTER_ALTER_CONSTRAINT:
		put(pr, "ALTER CONSTRAINT ");
		put_name(pr, &c->name);
		put(pr, " ");
		puts_str(pr, c->text);
		break;
	case ALTER_CONFIGURE: {
		struct ast_set set = {.settings = c->items};
		print_set(pr, &set);
		break;
	}
	default: puts_str(pr, c->text); break;
	}
}

static void print_alter_command(struct printer *pr, const struct ast_alter_command *c)
{
	const char *words;
	if ((words = fixed_words(c->type)) != NULL) {
		put(pr, words);
		return;
	}
	if ((words = named_words(c->type)) != NULL) {
		print_named(pr, words, c);
		return;
	}
	if ((words = target_words(c->type)) != NULL) {
		put(pr, words);
		put_name(pr, &c->target);
		return;
	}
	switch (c->type) {
	case ALTER_ADD_COLUMN:
		put(pr, "ADD COLUMN ");
		print_exists(pr, c);
		print_element(pr, c->definition);
		print_place(pr, c);
		break;
	case ALTER_ADD_INDEX: print_added(pr, "INDEX ", c); break;
	case ALTER_ADD_PROJECTION: print_added(pr, "PROJECTION ", c); break;
	case ALTER_ADD_CONSTRAINT: {
		bool named = ((const struct ast_constraint *)c->definition)->name.data != NULL;
		print_added(pr, named ? "CONSTRAINT " : "", c);
		break;
	}
	case ALTER_MODIFY_COLUMN: case ALTER_REMOVE_PROPERTY: case ALTER_COLUMN_MODIFY_SETTING:
	case ALTER_COLUMN_RESET_SETTING:
		print_modify_column(pr, c);
		break;
	case ALTER_COMMENT_COLUMN:
		print_named(pr, "COMMENT COLUMN ", c);
		put(pr, " ");
		print_expr(pr, c->value);
		break;
	case ALTER_RENAME_COLUMN: case ALTER_RENAME_CONSTRAINT: print_rename_of(pr, c); break;
	case ALTER_ADD_STATISTICS: print_statistics(pr, "ADD STATISTICS ", c); break;
	case ALTER_MODIFY_STATISTICS: print_statistics(pr, "MODIFY STATISTICS ", c); break;
	case ALTER_DROP_STATISTICS: print_statistics(pr, "DROP STATISTICS ", c); break;
	case ALTER_CLEAR_STATISTICS: print_statistics(pr, "CLEAR STATISTICS ", c); break;
	case ALTER_MATERIALIZE_STATISTICS: print_statistics(pr, "MATERIALIZE STATISTICS ", c); break;
	case ALTER_UPDATE: case ALTER_DELETE: print_mutation(pr, c); break;
	case ALTER_DROP_PARTITION: case ALTER_DETACH_PARTITION: case ALTER_ATTACH_PARTITION: case ALTER_REPLACE_PARTITION:
	case ALTER_MOVE_PARTITION: case ALTER_FETCH_PARTITION: case ALTER_FORGET_PARTITION:
		print_partition_command(pr, c);
		break;
	case ALTER_FREEZE_PARTITION: case ALTER_UNFREEZE_PARTITION: print_freeze(pr, c); break;
	case ALTER_ADD_VALUE: case ALTER_RENAME_VALUE: print_value_command(pr, c); break;
	default:
		if (c->type >= ALTER_COLUMN_TYPE && c->type <= ALTER_COLUMN_RESET_OPTIONS)
			print_column_command(pr, c);
		else
			print_table_clause(pr, c);
		break;
	}
}

static void print_alter(struct printer *pr, const struct ast_alter *a)
{
	put(pr, a->temporary ? "ALTER TEMPORARY " : "ALTER ");
	put(pr, object_type_words(a->object));
	put(pr, " ");
	put_if(pr, a->if_exists, "IF EXISTS ");
	put_if(pr, a->only, "ONLY ");
	put_name(pr, &a->name);
	put_if(pr, a->star, " *");
	if (a->args.count != 0) {
		put(pr, "(");
		print_function_args(pr, &a->args);
		put(pr, ")");
	}
	print_cluster(pr, &a->cluster);
	/* ClickHouse sets each command in parentheses */
	bool parens = in_clickhouse(pr);
	pr->indent++;
	for (unsigned i = 0; i < a->commands.count; i++) {
		put_if(pr, i != 0, ",");
		const struct ast_alter_command *c = (const struct ast_alter_command *)a->commands.items[i];
		bool wrap = parens && c->type != ALTER_TABLE_SWITCH && c->type != ALTER_OTHER
			&& c->type != ALTER_ALTER_CONSTRAINT;
		new_line(pr);
		put_if(pr, wrap, "(");
		print_alter_command(pr, c);
		put_if(pr, wrap, ")");
	}
	pr->indent--;
	print_settings_clause(pr, &a->settings);
}

/* ---- DROP and kin ---- */

static void print_drop(struct printer *pr, const struct ast_drop *d)
{
	put(pr, d->detach ? "DETACH " : "DROP ");
	put_if(pr, d->temporary, "TEMPORARY ");
	put(pr, object_type_words(d->object));
	put(pr, " ");
	put_if(pr, d->concurrently, "CONCURRENTLY ");
	put_if(pr, d->if_exists, "IF EXISTS ");
	put_if(pr, d->if_empty, "IF EMPTY ");
	for (unsigned i = 0; i < d->names.count; i++) {
		const struct ast *n = d->names.items[i];
		put_if(pr, i != 0, ", ");
		if (n->kind == AST_CALL) {
			put_name(pr, &((const struct ast_call *)n)->name);
			put(pr, "(");
			print_function_args(pr, &((const struct ast_call *)n)->args);
			put(pr, ")");
		} else {
			put_name(pr, &((const struct ast_identifier *)n)->name);
		}
	}
	if (d->on.count != 0) {
		put(pr, " ON ");
		put_name(pr, &d->on);
	}
	print_cluster(pr, &d->cluster);
	put_if(pr, d->permanently, " PERMANENTLY");
	put_if(pr, d->sync, " SYNC");
	put_if(pr, d->cascade, " CASCADE");
	print_settings_clause(pr, &d->settings);
}

static void print_rename(struct printer *pr, const struct ast_rename *r)
{
	put(pr, r->exchange ? "EXCHANGE " : "RENAME ");
	if (r->exchange)
		put(pr, r->object == OBJECT_DICTIONARY ? "DICTIONARIES" : "TABLES");
	else
		put(pr, object_type_words(r->object));
	put(pr, " ");
	put_if(pr, r->if_exists, "IF EXISTS ");
	for (unsigned i = 0; i < r->pairs.count; i++) {
		const struct ast_rename_pair *pair = (const struct ast_rename_pair *)r->pairs.items[i];
		put_if(pr, i != 0, ", ");
		put_name(pr, &pair->from);
		put(pr, r->exchange ? " AND " : " TO ");
		put_name(pr, &pair->to);
	}
	print_cluster(pr, &r->cluster);
	print_settings_clause(pr, &r->settings);
}

static void print_truncate(struct printer *pr, const struct ast_truncate *t)
{
	put(pr, "TRUNCATE ");
	if (t->all_tables) {
		put(pr, t->all_word ? "ALL TABLES FROM " : "TABLES FROM ");
	} else {
		put_if(pr, t->temporary, "TEMPORARY ");
		put(pr, object_type_words(t->object));
		put(pr, " ");
		put_if(pr, t->if_exists, "IF EXISTS ");
		put_if(pr, t->if_empty, "IF EMPTY ");
	}
	for (unsigned i = 0; i < t->tables.count; i++) {
		put_if(pr, i != 0, ", ");
		print_table_expr(pr, t->tables.items[i]);
	}
	if (t->like != NULL) {
		put(pr, t->not_like ? " NOT" : "");
		put(pr, t->case_insensitive ? " ILIKE " : " LIKE ");
		print_expr(pr, t->like);
	}
	print_cluster(pr, &t->cluster);
	put_if(pr, t->restart_identity, " RESTART IDENTITY");
	put_if(pr, t->cascade, " CASCADE");
	put_if(pr, t->sync, " SYNC");
	print_settings_clause(pr, &t->settings);
}

static void print_undrop(struct printer *pr, const struct ast_undrop *u)
{
	put(pr, "UNDROP TABLE ");
	put_name(pr, &u->name);
	if (u->uuid != NULL)
		print_valued(pr, " UUID ", u->uuid);
	print_cluster(pr, &u->cluster);
}

bool print_alter_family(struct printer *pr, const struct ast *ast)
{
	switch (ast->kind) {
	case AST_ALTER: print_alter(pr, (const struct ast_alter *)ast); return true;
	case AST_ALTER_COMMAND: print_alter_command(pr, (const struct ast_alter_command *)ast); return true;
	case AST_DROP: print_drop(pr, (const struct ast_drop *)ast); return true;
	case AST_UNDROP: print_undrop(pr, (const struct ast_undrop *)ast); return true;
	case AST_RENAME: print_rename(pr, (const struct ast_rename *)ast); return true;
	case AST_TRUNCATE: print_truncate(pr, (const struct ast_truncate *)ast); return true;
	default: return false;
	}
}
