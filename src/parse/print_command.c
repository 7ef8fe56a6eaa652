// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's commands: transactions, cursors, prepared statements, COPY and the like. */
#include "parse/print_impl.h"

/* ---- transactions ---- */

static void print_modes(struct printer *pr, const struct ast_transaction *t)
{
	static const char *const levels[] = {
		"", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE",
	};
	const char *separator = " ";
	if (t->isolation != ISOLATION_UNSAID) {
		put(pr, " ISOLATION LEVEL ");
		put(pr, levels[t->isolation]);
		separator = ", ";
	}
	if (t->read_only != UNSAID) {
		put(pr, separator);
		put(pr, t->read_only == YES ? "READ ONLY" : "READ WRITE");
		separator = ", ";
	}
	if (t->deferrable != UNSAID) {
		put(pr, separator);
		put(pr, t->deferrable == YES ? "DEFERRABLE" : "NOT DEFERRABLE");
	}
}

static void print_transaction(struct printer *pr, const struct ast_transaction *t)
{
	static const char *const words[] = {
		[TRANSACTION_BEGIN] = "BEGIN", [TRANSACTION_COMMIT] = "COMMIT", [TRANSACTION_ROLLBACK] = "ROLLBACK",
		[TRANSACTION_SAVEPOINT] = "SAVEPOINT ", [TRANSACTION_RELEASE] = "RELEASE SAVEPOINT ",
		[TRANSACTION_ROLLBACK_TO] = "ROLLBACK TO SAVEPOINT ", [TRANSACTION_PREPARE] = "PREPARE TRANSACTION ",
		[TRANSACTION_COMMIT_PREPARED] = "COMMIT PREPARED ", [TRANSACTION_ROLLBACK_PREPARED] = "ROLLBACK PREPARED ",
		[TRANSACTION_SET] = "SET TRANSACTION", [TRANSACTION_SET_SESSION] = "SET SESSION CHARACTERISTICS AS TRANSACTION",
		[TRANSACTION_SET_SNAPSHOT] = "SET TRANSACTION SNAPSHOT ",
	};
	if (t->type == TRANSACTION_BEGIN)
		put(pr, t->start ? "START TRANSACTION" : in_clickhouse(pr) ? "BEGIN TRANSACTION" : "BEGIN");
	else
		put(pr, words[t->type]);
	put_if(pr, t->chain, " AND CHAIN");
	print_modes(pr, t);
	uint64_t n;
	switch (t->type) {
	case TRANSACTION_SAVEPOINT: case TRANSACTION_RELEASE: case TRANSACTION_ROLLBACK_TO: put_ident(pr, t->name); break;
	case TRANSACTION_PREPARE: case TRANSACTION_COMMIT_PREPARED:
	case TRANSACTION_ROLLBACK_PREPARED: put_string(pr, t->name); break;
	case TRANSACTION_SET_SNAPSHOT:
		if (str_to_u64(t->name, &n))
			puts_str(pr, t->name);
		else
			put_string(pr, t->name);
		break;
	default: break;
	}
}

static void print_lock(struct printer *pr, const struct ast_lock *l)
{
	put(pr, "LOCK TABLE ");
	for (unsigned i = 0; i < l->tables.count; i++) {
		put_if(pr, i != 0, ", ");
		print_table_expr(pr, l->tables.items[i]);
	}
	if (l->mode.data != NULL) {
		put(pr, " IN ");
		puts_str(pr, l->mode);
		put(pr, " MODE");
	}
	put_if(pr, l->nowait, " NOWAIT");
}

/* ---- cursors and prepared statements ---- */

static void print_declare(struct printer *pr, const struct ast_declare *d)
{
	put(pr, "DECLARE ");
	put_ident(pr, d->name);
	put_if(pr, d->binary, " BINARY");
	put_if(pr, d->insensitive, " INSENSITIVE");
	put_if(pr, d->scroll, " SCROLL");
	put_if(pr, d->no_scroll, " NO SCROLL");
	put(pr, d->hold ? " CURSOR WITH HOLD FOR" : " CURSOR FOR");
	new_line(pr);
	print_query(pr, d->query);
}

static void print_fetch(struct printer *pr, const struct ast_fetch *f)
{
	static const char *const words[] = {
		[FETCH_NEXT] = " NEXT", [FETCH_PRIOR] = " PRIOR", [FETCH_FIRST] = " FIRST", [FETCH_LAST] = " LAST",
		[FETCH_ABSOLUTE] = " ABSOLUTE", [FETCH_RELATIVE] = " RELATIVE", [FETCH_FORWARD] = " FORWARD",
			[FETCH_BACKWARD] = " BACKWARD",
	};
	put(pr, f->move ? "MOVE" : "FETCH");
	put(pr, words[f->direction]);
	if (f->all) {
		put(pr, " ALL");
	} else if (f->direction >= FETCH_ABSOLUTE) {
		put(pr, " ");
		strbuf_put_i64(pr->b, f->count);
	}
	put(pr, " FROM ");
	put_ident(pr, f->name);
}

static void print_optional_name(struct printer *pr, const char *words, struct str name)
{
	put(pr, words);
	if (name.data == NULL)
		put(pr, "ALL");
	else
		put_ident(pr, name);
}

static void print_prepare(struct printer *pr, const struct ast_prepare *s)
{
	put(pr, "PREPARE ");
	put_ident(pr, s->name);
	if (s->types.count != 0) {
		put(pr, "(");
		for (unsigned i = 0; i < s->types.count; i++) {
			put_if(pr, i != 0, ", ");
			print_type(pr, (const struct ast_type *)s->types.items[i]);
		}
		put(pr, ")");
	}
	put(pr, " AS");
	new_line(pr);
	print_any(pr, s->statement);
}

static void print_execute(struct printer *pr, const struct ast_execute *e)
{
	put(pr, "EXECUTE ");
	put_ident(pr, e->name);
	if (e->args.count == 0)
		return;
	put(pr, "(");
	print_list(pr, &e->args);
	put(pr, ")");
}

/* ---- COPY ---- */

static void print_copy_options(struct printer *pr, const struct ast_list *options)
{
	put(pr, "(");
	for (unsigned i = 0; i < options->count; i++) {
		const struct ast_setting *s = (const struct ast_setting *)options->items[i];
		put_if(pr, i != 0, ", ");
		put_upper(pr, name_last(&s->name));
		if (s->value == NULL)
			continue;
		put(pr, " ");
		const struct ast_literal *l = (const struct ast_literal *)s->value;
		/* FORMAT csv is a word, DELIMITER ',' a string */
		if (name_is(&s->name, "format") && s->value->kind == AST_LITERAL) {
			puts_str(pr, l->text);
		} else if (s->value->kind == AST_CALL) {
			put(pr, "(");
			print_list(pr, &((const struct ast_call *)s->value)->args);
			put(pr, ")");
		} else {
			print_expr(pr, s->value);
		}
	}
	put(pr, ")");
}

static void print_copy(struct printer *pr, const struct ast_copy *c)
{
	put(pr, "COPY ");
	if (c->query != NULL) {
		put(pr, "(");
		print_any(pr, c->query);
		put(pr, ")");
	} else {
		put_name(pr, &c->table);
		if (c->columns.count != 0) {
			put(pr, " (");
			print_list(pr, &c->columns);
			put(pr, ")");
		}
	}
	put(pr, c->from ? " FROM " : " TO ");
	if (c->standard) {
		put(pr, c->from ? "STDIN" : "STDOUT");
	} else {
		put_if(pr, c->program, "PROGRAM ");
		put_string(pr, c->file);
	}
	if (c->options.count != 0) {
		put(pr, " WITH ");
		print_copy_options(pr, &c->options);
	}
	if (c->where != NULL) {
		put(pr, " WHERE ");
		print_expr(pr, c->where);
	}
}

/* ---- the rest ---- */

static void print_do(struct printer *pr, const struct ast_do *d)
{
	put(pr, "DO ");
	if (d->language.data != NULL) {
		put(pr, "LANGUAGE ");
		put_ident(pr, d->language);
		put(pr, " ");
	}
	put_string(pr, d->body);
}

static void print_notify(struct printer *pr, const struct ast_notify *n)
{
	static const char *const words[] = {"NOTIFY ", "LISTEN ", "UNLISTEN "};
	put(pr, words[n->type]);
	if (n->channel.data == NULL)
		put(pr, "*");
	else
		put_ident(pr, n->channel);
	if (n->payload.data != NULL) {
		put(pr, ", ");
		put_string(pr, n->payload);
	}
}

static void print_maintenance(struct printer *pr, const struct ast_maintenance *m)
{
	puts_str(pr, m->command);
	bool reindex = str_eq(m->command, STR("REINDEX"));
	bool refresh = str_starts_with(m->command, STR("REFRESH"));
	if (refresh) {
		put_if(pr, m->options.count != 0, " CONCURRENTLY");
	} else if (m->options.count != 0) {
		put(pr, " ");
		print_copy_options(pr, &m->options);
	}
	put_if(pr, reindex, " TABLE");
	for (unsigned i = 0; i < m->tables.count; i++) {
		struct ast_table t = *(const struct ast_table *)m->tables.items[i];
		struct ast_list columns = t.columns;
		t.columns = (struct ast_list){NULL, 0, 0};
		put(pr, i != 0 ? ", " : " ");
		print_table_expr(pr, &t.ast);
		if (columns.count != 0) {
			put(pr, " (");
			print_list(pr, &columns);
			put(pr, ")");
		}
	}
	put_if(pr, m->no_data, " WITH NO DATA");
}

bool print_command(struct printer *pr, const struct ast *ast)
{
	switch (ast->kind) {
	case AST_TRANSACTION: print_transaction(pr, (const struct ast_transaction *)ast); return true;
	case AST_LOCK: print_lock(pr, (const struct ast_lock *)ast); return true;
	case AST_DECLARE: print_declare(pr, (const struct ast_declare *)ast); return true;
	case AST_FETCH: print_fetch(pr, (const struct ast_fetch *)ast); return true;
	case AST_CLOSE: print_optional_name(pr, "CLOSE ", ((const struct ast_close *)ast)->name); return true;
	case AST_PREPARE: print_prepare(pr, (const struct ast_prepare *)ast); return true;
	case AST_EXECUTE: print_execute(pr, (const struct ast_execute *)ast); return true;
	case AST_DEALLOCATE: print_optional_name(pr, "DEALLOCATE ",
		((const struct ast_deallocate *)ast)->name); return true;
	case AST_COPY: print_copy(pr, (const struct ast_copy *)ast); return true;
	case AST_DO: print_do(pr, (const struct ast_do *)ast); return true;
	case AST_COMMAND_CALL:
		put(pr, "CALL ");
		print_expr(pr, &((const struct ast_command_call *)ast)->call->ast);
		return true;
	case AST_NOTIFY: print_notify(pr, (const struct ast_notify *)ast); return true;
	case AST_DISCARD:
		put(pr, "DISCARD ");
		put_upper(pr, ((const struct ast_discard *)ast)->what);
		return true;
	case AST_MAINTENANCE: print_maintenance(pr, (const struct ast_maintenance *)ast); return true;
	default: return false;
	}
}
