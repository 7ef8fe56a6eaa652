// SPDX-License-Identifier: Apache-2.0
/* Prepared statements and portals: their life. */
#include <stdlib.h>

#include "column/builder.h"
#include "wire/pg/pgconn_impl.h"

/* One statement in the text, or none. */
static enum status parse_one(struct pgconn *c, struct pg_prepared *p, struct error *err)
{
	struct parser parser;
	struct parse_options options = {.dialect = session_dialect(c->session)};
	struct ast *more = NULL;
	parser_init(&parser, &p->arena, p->text, &options);
	TRY(parser_next(&parser, &p->ast, err));
	if (p->ast != NULL)
		TRY(parser_next(&parser, &more, err));
	if (more != NULL)
		return ERR(err, E_SYNTAX, "cannot insert multiple commands into a prepared statement");
	return OK;
}

static enum status new_empty(struct pgconn *c, struct str text, const uint32_t *declared, uint32_t declared_count,
	struct pg_prepared **out, struct error *err)
{
	struct pg_prepared *p = calloc(1, sizeof *p);
	*out = p;
	if (p == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for a prepared statement");
	p->references = 1;
	arena_init(&p->arena, c->config.track);
	p->text = arena_str(&p->arena, text);
	if (declared_count != 0)
		p->declared = arena_copy(&p->arena, declared, declared_count * sizeof *declared);
	p->declared_count = declared_count;
	return OK;
}

/* Has the session prepare it, unless it runs here. On failure it is gone. */
static enum status complete(struct pgconn *c, struct pg_prepared **p, enum status st, struct error *err)
{
	struct pg_prepared *n = *p;
	n->local = st == OK && n->ast != NULL && pg_local_is(n->ast);
	if (st == OK && n->ast != NULL && !n->local)
		st = pgconn_prepare(c, n->ast, n->text, n->declared, n->declared_count, &n->statement, err);
	if (st != OK) {
		pg_prepared_unref(n);
		*p = NULL;
	}
	return st;
}

enum status pg_prepared_new(struct pgconn *c, struct str text, const uint32_t *declared, uint32_t declared_count,
	struct pg_prepared **out, struct error *err)
{
	TRY(new_empty(c, text, declared, declared_count, out, err));
	return complete(c, out, parse_one(c, *out, err), err);
}

enum status pg_prepared_clone(struct pgconn *c, const struct ast *ast, struct str text, const uint32_t *declared,
	uint32_t declared_count, struct pg_prepared **out, struct error *err)
{
	TRY(new_empty(c, text, declared, declared_count, out, err));
	(*out)->ast = ast_clone(&(*out)->arena, ast);
	return complete(c, out, OK, err);
}

void pg_prepared_unref(struct pg_prepared *p)
{
	assert(p->references > 0);
	if (--p->references != 0)
		return;
	assert(!p->lent && p->named.name.data == NULL);
	if (p->statement != NULL)
		statement_free(p->statement);
	arena_fini(&p->arena);
	free(p);
}

struct pg_prepared *pg_prepared_find(struct pgconn *c, struct str name, struct error *err)
{
	struct pg_prepared *p = (struct pg_prepared *)pg_names_get(&c->prepared, name);
	if (p == NULL && name.size == 0)
		ERR(err, E_BAD_STATEMENT_NAME, "unnamed prepared statement does not exist");
	else if (p == NULL)
		ERR(err, E_BAD_STATEMENT_NAME, "prepared statement \"%.*s\" does not exist", STR_ARG(name));
	return p;
}

void pg_prepared_drop(struct pgconn *c, struct pg_prepared *p)
{
	pg_names_remove(&c->prepared, &p->named);
	pg_prepared_unref(p);
}

void pg_prepared_drop_all(struct pgconn *c)
{
	for (unsigned i = 0; i < PG_NAME_SLOTS; i++)
		while (c->prepared.chains[i] != NULL)
			pg_prepared_drop(c, (struct pg_prepared *)c->prepared.chains[i]);
}

enum status pg_prepared_name(struct pgconn *c, struct pg_prepared *p, struct str name, struct error *err)
{
	struct pg_prepared *old = (struct pg_prepared *)pg_names_get(&c->prepared, name);
	enum status st = OK;
	if (old != NULL && name.size != 0)
		st = ERR(err, E_DUPLICATE_STATEMENT_NAME, "prepared statement \"%.*s\" already exists", STR_ARG(name));
	else if (old != NULL)
		pg_prepared_drop(c, old);
	if (st == OK)
		st = pg_names_add(&c->prepared, &p->named, name, c->config.statements_max, err);
	if (st != OK)
		pg_prepared_unref(p);
	return st;
}

enum status pg_portal_new(struct pgconn *c, struct pg_prepared *p, struct pg_portal **out, struct error *err)
{
	struct pg_portal *portal = calloc(1, sizeof *portal);
	*out = NULL;
	if (portal == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for a portal");
	arena_init(&portal->arena, c->config.track);
	portal->prepared = p;
	p->references++;
	if (p->statement != NULL && !p->lent) {
		portal->statement = p->statement;
		portal->lent = p->lent = true;
	} else if (p->statement != NULL) {
		enum status st =
			pgconn_prepare(c, p->ast, p->text, p->declared, p->declared_count, &portal->statement, err);
		if (st != OK) {
			pg_prepared_unref(p);
			free(portal);
			return st;
		}
	}
	*out = portal;
	return OK;
}

enum status pg_portal_name(struct pgconn *c, struct pg_portal *p, struct str name, struct error *err)
{
	struct pg_portal *old = (struct pg_portal *)pg_names_get(&c->portals, name);
	if (old != NULL && name.size != 0)
		return ERR(err, E_BAD_CURSOR, "portal \"%.*s\" already exists", STR_ARG(name));
	if (old != NULL)
		pg_portal_free(c, old, false);
	return pg_names_add(&c->portals, &p->named, name, c->config.statements_max, err);
}

struct pg_portal *pg_portal_find(struct pgconn *c, struct str name, struct error *err)
{
	struct pg_portal *p = (struct pg_portal *)pg_names_get(&c->portals, name);
	if (p == NULL)
		ERR(err, E_BAD_CURSOR, "portal \"%.*s\" does not exist", STR_ARG(name));
	return p;
}

enum status pg_portal_finish(struct pgconn *c, struct pg_portal *p, bool failed, struct error *err)
{
	if (p->batch != NULL && !p->scroll)
		batch_free(p->batch);
	p->batch = NULL;
	p->row = 0;
	if (!p->started || p->done)
		return OK;
	p->done = true;
	return statement_finish(p->statement, failed, err);
}

void pg_portal_free(struct pgconn *c, struct pg_portal *p, bool failed)
{
	if (p->named.name.data != NULL)
		pg_names_remove(&c->portals, &p->named);
	/* an error here is of a statement that nobody waits for any more */
	if (pg_portal_finish(c, p, failed, NULL) != OK)
		session_fail_transaction(c->session);
	for (uint32_t i = 0; i < p->kept_count; i++)
		batch_free(p->kept[i]);
	free(p->kept);
	free(p->kept_first);
	pg_params_free(p->params, p->param_count);
	arena_fini(&p->arena);
	free(p->formats);
	if (p->lent)
		p->prepared->lent = false;
	else if (p->statement != NULL)
		statement_free(p->statement);
	pg_prepared_unref(p->prepared);
	free(p);
}

void pg_portal_free_all(struct pgconn *c, bool held_too, bool failed, const struct pg_portal *but)
{
	for (unsigned i = 0; i < PG_NAME_SLOTS; i++) {
		for (struct pg_named *n = c->portals.chains[i], *next; n != NULL; n = next) {
			struct pg_portal *p = (struct pg_portal *)n;
			next = n->next;
			if (p != but && (held_too || !p->hold || !p->done))
				pg_portal_free(c, p, failed);
		}
	}
}

/* Keeps a batch of a cursor that may go back. */
static enum status keep(struct pg_portal *p, struct batch *b, struct error *err)
{
	if (p->kept_count == p->kept_capacity) {
		uint32_t more = p->kept_capacity == 0 ? 16 : p->kept_capacity * 2;
		struct batch **kept = realloc(p->kept, more * sizeof *kept);
		if (kept != NULL)
			p->kept = kept;
		uint64_t *first = realloc(p->kept_first, more * sizeof *first);
		if (first != NULL)
			p->kept_first = first;
		if (kept == NULL || first == NULL) {
			batch_free(b);
			return ERR(err, E_CANNOT_ALLOCATE, "no memory for the rows of a cursor");
		}
		p->kept_capacity = more;
	}
	uint32_t n = p->kept_count++;
	p->kept[n] = b;
	p->kept_first[n] = n == 0 ? 1 : p->kept_first[n - 1] + p->kept[n - 1]->count;
	return OK;
}

/* A batch of our own: rows that a statement gave are charged to it and must not outlive its run. */
static enum status copy_batch(struct pgconn *c, const struct batch *from, struct batch **out, struct error *err)
{
	TRY(batch_new(from->column_count, out, err));
	(*out)->count = from->count;
	for (uint32_t i = 0; i < from->column_count; i++) {
		const struct vector *v = from->columns[i];
		struct builder *b = NULL;
		enum status st = builder_new(c->config.track, v->type, &b, err);
		if (st == OK)
			st = builder_range(b, v, 0, v->count, err);
		if (st == OK)
			st = builder_finish(b, &(*out)->columns[i], err);
		builder_free(b);
		if (st != OK) {
			batch_free(*out);
			*out = NULL;
			return st;
		}
	}
	return OK;
}

/* What the statement gives next, still the caller's to free. */
static enum status next_batch(struct pg_portal *p, struct batch **out, struct error *err)
{
	TRY(statement_next(p->statement, out, err));
	if (*out == NULL)
		return statement_say_extras(p->statement, err);
	if ((*out)->column_count == statement_info(p->statement)->column_count)
		return OK;
	/* a plan that was made anew, after the table changed, must give what was described */
	batch_free(*out);
	*out = NULL;
	return ERR(err, E_NOT_IMPLEMENTED, "cached plan must not change result type");
}

enum status pg_portal_batch(struct pg_portal *p, struct error *err)
{
	assert(p->started && !p->scroll);
	batch_free(p->batch);
	p->batch = NULL;
	p->row = 0;
	return next_batch(p, &p->batch, err);
}

enum status pg_portal_fetch(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	struct batch *fresh, *own;
	assert(p->started);
	while (!p->done && (p->batch == NULL || p->row == p->batch->count)) {
		if (!p->scroll)
			batch_free(p->batch);
		p->batch = NULL;
		p->row = 0;
		TRY(next_batch(p, &fresh, err));
		if (fresh == NULL)
			return pg_portal_finish(c, p, false, err);
		if (p->scroll) {
			enum status st = copy_batch(c, fresh, &own, err);
			batch_free(fresh);
			TRY(st);
			TRY(keep(p, own, err));
			fresh = own;
		}
		p->batch = fresh;
	}
	return OK;
}
