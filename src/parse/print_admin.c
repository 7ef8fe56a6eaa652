// SPDX-License-Identifier: Apache-2.0
/* SET, SHOW, DESCRIBE, EXPLAIN, OPTIMIZE, SYSTEM and their kin. */
#include "parse/lexer.h"
#include "parse/print_impl.h"

static void print_format(struct printer *pr, struct str format)
{
	if (format.data == NULL)
		return;
	new_line(pr);
	put(pr, "FORMAT ");
	put_format(pr, format);
}

static void print_inline_format(struct printer *pr, struct str format)
{
	if (format.data == NULL)
		return;
	put(pr, " FORMAT ");
	put_format(pr, format);
}

/* ---- SET ---- */

/* Words that PostgreSQL takes bare stay bare; a list is a tuple without its parentheses. */
static void print_set_value(struct printer *pr, const struct ast *value)
{
	const struct ast_call *c = (const struct ast_call *)value;
	if (!in_clickhouse(pr) && value->kind == AST_CALL && c->form == CALL_PARENS)
		print_list(pr, &c->args);
	else if (!in_clickhouse(pr) && value->kind == AST_LITERAL)
		print_literal(pr, (const struct ast_literal *)value);
	else
		print_expr(pr, value);
}

void print_set(struct printer *pr, const struct ast_set *s)
{
	put(pr, s->scope == SET_LOCAL ? "SET LOCAL " : "SET ");
	for (unsigned i = 0; i < s->settings.count; i++) {
		const struct ast_setting *one = (const struct ast_setting *)s->settings.items[i];
		put_if(pr, i != 0, ", ");
		if (name_is(&one->name, "constraints")) {
			put(pr, "CONSTRAINTS ALL ");
			put_upper(pr, ((const struct ast_literal *)one->value)->text);
			continue;
		}
		put_name(pr, &one->name);
		put(pr, " = ");
		if (one->is_default || one->value == NULL)
			put(pr, "DEFAULT");
		else
			print_set_value(pr, one->value);
	}
}

static void print_set_role(struct printer *pr, const struct ast_set_role *r)
{
	if (r->roles == NULL) {
		put(pr, "SET ROLE DEFAULT");
		return;
	}
	put(pr, r->is_default ? "SET DEFAULT ROLE " : "SET ROLE ");
	(void)print_object(pr, r->roles);
	if (r->to.count != 0) {
		put(pr, " TO ");
		print_list(pr, &r->to);
	}
}

/* ---- SHOW ---- */

static const char *show_words(enum show_type type)
{
	static const char *const words[] = {
		[SHOW_SETTING] = "", [SHOW_TABLES] = "TABLES", [SHOW_VIEWS] = "VIEWS", [SHOW_DICTIONARIES] = "DICTIONARIES",
		[SHOW_DATABASES] = "DATABASES", [SHOW_CLUSTERS] = "CLUSTERS", [SHOW_CLUSTER] = "CLUSTER ",
			[SHOW_COLUMNS] = "COLUMNS",
		[SHOW_INDEXES] = "INDEXES", [SHOW_FUNCTIONS] = "FUNCTIONS", [SHOW_SETTINGS] = "SETTINGS",
			[SHOW_SETTING_VALUE] = "SETTING ",
		[SHOW_ENGINES] = "ENGINES", [SHOW_PROCESSLIST] = "PROCESSLIST", [SHOW_MERGES] = "MERGES",
		[SHOW_FILESYSTEM_CACHES] = "FILESYSTEM CACHES", [SHOW_GRANTS] = "GRANTS", [SHOW_USERS] = "USERS",
			[SHOW_ROLES] = "ROLES",
		[SHOW_CURRENT_ROLES] = "CURRENT ROLES", [SHOW_ENABLED_ROLES] = "ENABLED ROLES", [SHOW_ACCESS] = "ACCESS",
		[SHOW_PRIVILEGES] = "PRIVILEGES", [SHOW_POLICIES] = "ROW POLICIES", [SHOW_PROFILES] = "SETTINGS PROFILES",
		[SHOW_QUOTAS] = "QUOTAS", [SHOW_QUOTA] = "QUOTA", [SHOW_CREATE] = "CREATE ",
	};
	return words[type];
}

static void print_show_filter(struct printer *pr, const struct ast_show *s)
{
	if (s->has_like) {
		put(pr, s->not_like ? " NOT" : "");
		put(pr, s->case_insensitive ? " ILIKE " : " LIKE ");
		print_expr(pr, s->like);
	}
	if (s->where != NULL) {
		put(pr, " WHERE ");
		print_expr(pr, s->where);
	}
	if (s->limit != NULL) {
		put(pr, " LIMIT ");
		print_expr(pr, s->limit);
	}
	if (s->outfile != NULL) {
		put(pr, " INTO OUTFILE ");
		print_expr(pr, s->outfile);
	}
	print_settings_clause(pr, &s->settings);
	print_format(pr, s->format);
}

static void print_show_create(struct printer *pr, const struct ast_show *s)
{
	put_if(pr, s->temporary, "TEMPORARY ");
	put(pr, object_type_words(s->object));
	if (s->items.count != 0) {
		put(pr, " ");
		print_list(pr, &s->items);
	} else if (s->name.count != 0) {
		put(pr, " ");
		put_name(pr, &s->name);
	}
	if (s->from.count != 0) {
		put(pr, " ON ");
		put_name(pr, &s->from);
	}
}

static void print_show(struct printer *pr, const struct ast_show *s)
{
	put(pr, "SHOW ");
	if (s->type == SHOW_SETTING) {
		if (s->name.count == 0)
			put(pr, "ALL");
		else
			put_name(pr, &s->name);
		return;
	}
	if (s->type == SHOW_CREATE) {
		put(pr, "CREATE ");
		print_show_create(pr, s);
		print_show_filter(pr, s);
		return;
	}
	/* FULL changes nothing of SHOW TABLES but its columns; ClickHouse does not print it there */
	put_if(pr, s->extended, "EXTENDED ");
	put_if(pr, s->full && (s->type == SHOW_COLUMNS || !in_clickhouse(pr)), "FULL ");
	put_if(pr, s->temporary, "TEMPORARY ");
	put_if(pr, s->changed, "CHANGED ");
	put(pr, show_words(s->type));
	if (s->type == SHOW_CLUSTER || s->type == SHOW_SETTING_VALUE) {
		put_name(pr, &s->name);
	} else if (s->type == SHOW_COLUMNS || s->type == SHOW_INDEXES) {
		/* FROM db.t is shown as FROM t FROM db */
		struct name last = {s->name.parts + (s->name.count - 1), 1}, rest = {s->name.parts, s->name.count - 1};
		put(pr, " FROM ");
		put_name(pr, &last);
		if (rest.count != 0 || s->from.count != 0) {
			put(pr, " FROM ");
			put_name(pr, s->from.count != 0 ? &s->from : &rest);
		}
	} else {
		if (s->name.count != 0) {
			put(pr, " ON ");
			put_name(pr, &s->name);
		}
		if (s->from.count != 0) {
			put(pr, " FROM ");
			put_name(pr, &s->from);
		}
		if (s->items.count != 0) {
			put(pr, " FOR ");
			print_list(pr, &s->items);
		}
	}
	print_show_filter(pr, s);
}

/* ---- DESCRIBE, EXISTS, EXPLAIN ---- */

static void print_describe(struct printer *pr, const struct ast_describe *d)
{
	put(pr, "DESCRIBE TABLE");
	if (d->table->form == TABLE_SUBQUERY && in_clickhouse(pr))
		new_line(pr);
	else
		put(pr, " ");
	print_table_expr(pr, &d->table->ast);
	print_settings_clause(pr, &d->settings);
	print_format(pr, d->format);
}

static void print_exists(struct printer *pr, const struct ast_exists *e)
{
	put(pr, "EXISTS ");
	put_if(pr, e->temporary, "TEMPORARY ");
	put(pr, object_type_words(e->object));
	put(pr, " ");
	put_name(pr, &e->name);
	print_format(pr, e->format);
}

static void print_explain(struct printer *pr, const struct ast_explain *e)
{
	static const char *const words[] = {
		[EXPLAIN_PLAN] = "", [EXPLAIN_AST] = " AST", [EXPLAIN_SYNTAX] = " SYNTAX", [EXPLAIN_QUERY_TREE] = " QUERY TREE",
		[EXPLAIN_PIPELINE] = " PIPELINE", [EXPLAIN_ESTIMATE] = " ESTIMATE",
			[EXPLAIN_TABLE_OVERRIDE] = " TABLE OVERRIDE",
		[EXPLAIN_CURRENT_TRANSACTION] = " CURRENT TRANSACTION", [EXPLAIN_UNSAID] = "",
	};
	put(pr, "EXPLAIN");
	put(pr, words[e->type]);
	put_if(pr, e->type == EXPLAIN_PLAN && !in_clickhouse(pr), " PLAN");
	put_if(pr, e->analyze, " ANALYZE");
	put_if(pr, e->verbose, " VERBOSE");
	if (e->options.count != 0) {
		bool parens = e->type == EXPLAIN_UNSAID
			&& (((const struct ast_setting *)e->options.items[0])->value == NULL || !in_clickhouse(pr));
		put(pr, parens ? " (" : " ");
		for (unsigned i = 0; i < e->options.count; i++) {
			const struct ast_setting *s = (const struct ast_setting *)e->options.items[i];
			put_if(pr, i != 0, ", ");
			if (!parens) {
				print_setting(pr, s);
				continue;
			}
			put_upper(pr, name_last(&s->name));
			if (s->value != NULL) {
				put(pr, " ");
				if (s->value->kind == AST_LITERAL && ((const struct ast_literal *)s->value)->type == LITERAL_STRING)
					puts_str(pr, ((const struct ast_literal *)s->value)->text);
				else
					print_expr(pr, s->value);
			}
		}
		put_if(pr, parens, ")");
	}
	if (e->statement != NULL) {
		new_line(pr);
		print_any(pr, e->statement);
	}
	print_format(pr, e->format);
}

/* ---- administration ---- */

static void print_optimize(struct printer *pr, const struct ast_optimize *o)
{
	put(pr, "OPTIMIZE TABLE ");
	put_name(pr, &o->table);
	print_cluster(pr, &o->cluster);
	if (o->partition != NULL) {
		put(pr, o->part ? " PART " : " PARTITION ");
		print_partition(pr, o->partition);
	}
	put_if(pr, o->dry_run, " DRY RUN");
	put_if(pr, o->final, " FINAL");
	put_if(pr, o->deduplicate, " DEDUPLICATE");
	if (o->deduplicate_by.count != 0) {
		put(pr, " BY ");
		print_list(pr, &o->deduplicate_by);
	}
	put_if(pr, o->cleanup, " CLEANUP");
	print_settings_clause(pr, &o->settings);
}

static void print_check(struct printer *pr, const struct ast_check *c)
{
	if (c->table.count == 0) {
		put(pr, "CHECK ALL TABLES");
	} else {
		put(pr, "CHECK TABLE ");
		put_name(pr, &c->table);
	}
	if (c->partition != NULL) {
		put(pr, c->part ? " PART " : " PARTITION ");
		print_partition(pr, c->partition);
	}
	print_format(pr, c->format);
	print_settings_clause(pr, &c->settings);
}

static void print_system(struct printer *pr, const struct ast_system *s)
{
	put(pr, "SYSTEM ");
	puts_str(pr, s->command);
	if (s->name.count != 0) {
		put(pr, " ");
		put_name(pr, &s->name);
	}
	print_cluster(pr, &s->cluster);
	bool list = str_eq(s->command, STR("FLUSH LOGS"));
	AST_EACH(&s->args, a) {
		put(pr, list ? ", " : " ");
		/* words between the arguments */
		const struct name *n = &((const struct ast_identifier *)a)->name;
		if (a->kind == AST_IDENTIFIER && n->count == 1 && !n->parts[0].quoted &&
		    keyword_find(n->parts[0].text) != NOT_KEYWORD)
			put_upper(pr, n->parts[0].text);
		else
			print_expr(pr, a);
	}
	print_settings_clause(pr, &s->settings);
}

static void print_kill(struct printer *pr, const struct ast_kill *k)
{
	static const char *const words[] = {"QUERY", "MUTATION", "PART_MOVE_TO_SHARD", "TRANSACTION"};
	put(pr, "KILL ");
	put(pr, words[k->type]);
	print_cluster(pr, &k->cluster);
	put(pr, " WHERE ");
	print_expr(pr, k->where);
	put(pr, k->test ? " TEST" : k->sync ? " SYNC" : " ASYNC");
	print_inline_format(pr, k->format);
}

static void print_backup(struct printer *pr, const struct ast_backup *b)
{
	put(pr, b->restore ? "RESTORE " : "BACKUP ");
	for (unsigned i = 0; i < b->elements.count; i++) {
		const struct ast_recorded *r = (const struct ast_recorded *)b->elements.items[i];
		put_if(pr, i != 0, ", ");
		if (r->object == OBJECT_NONE) {
			put(pr, "ALL");
		} else {
			put(pr, object_type_words(r->object));
			put(pr, " ");
			put_name(pr, &r->name);
		}
		if (r->text.size != 0) {
			put(pr, " ");
			puts_str(pr, r->text);
		}
	}
	print_cluster(pr, &b->cluster);
	put(pr, b->restore ? " FROM " : " TO ");
	print_engine_call(pr, b->location);
	print_settings_clause(pr, &b->settings);
	put_if(pr, b->async, " ASYNC");
	print_format(pr, b->format);
}

bool print_admin(struct printer *pr, const struct ast *ast)
{
	switch (ast->kind) {
	case AST_SET: print_set(pr, (const struct ast_set *)ast); return true;
	case AST_SET_ROLE: print_set_role(pr, (const struct ast_set_role *)ast); return true;
	case AST_RESET:
		put(pr, "RESET ");
		if (((const struct ast_reset *)ast)->name.count == 0)
			put(pr, "ALL");
		else
			put_name(pr, &((const struct ast_reset *)ast)->name);
		return true;
	case AST_SHOW: print_show(pr, (const struct ast_show *)ast); return true;
	case AST_USE:
		put(pr, "USE ");
		put_part(pr, &((const struct ast_use *)ast)->name);
		return true;
	case AST_DESCRIBE: print_describe(pr, (const struct ast_describe *)ast); return true;
	case AST_EXISTS: print_exists(pr, (const struct ast_exists *)ast); return true;
	case AST_EXPLAIN: print_explain(pr, (const struct ast_explain *)ast); return true;
	case AST_OPTIMIZE: print_optimize(pr, (const struct ast_optimize *)ast); return true;
	case AST_CHECK: print_check(pr, (const struct ast_check *)ast); return true;
	case AST_SYSTEM: print_system(pr, (const struct ast_system *)ast); return true;
	case AST_KILL: print_kill(pr, (const struct ast_kill *)ast); return true;
	case AST_BACKUP: print_backup(pr, (const struct ast_backup *)ast); return true;
	default: return false;
	}
}
