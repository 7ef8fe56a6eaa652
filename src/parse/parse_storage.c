// SPDX-License-Identifier: Apache-2.0
/* How tables are stored: ENGINE and its clauses, TTL; partitions; sequence options; what views have beside. */
#include "parse/parse_impl.h"

/* ---- TTL ---- */

static bool parse_ttl_destination(struct parser *p, struct ast_ttl *t)
{
	if (kw(p, KW_DISK))
		t->action = TTL_TO_DISK;
	else if (kw(p, KW_VOLUME))
		t->action = TTL_TO_VOLUME;
	else
		return fail(p) != NULL;
	t->if_exists = accept_if_exists(p);
	return (t->destination = parse_string_node(p)) != NULL;
}

/* GROUP BY a, b SET x = max(y), …; a comma may also begin the next TTL. */
static bool parse_ttl_group(struct parser *p, struct ast_ttl *t)
{
	t->action = TTL_GROUP_BY;
	if (!parse_expr_list(p, &t->group_by))
		return false;
	if (!kw(p, KW_SET))
		return true;
	for (;;) {
		struct ast *a = parse_assignment(p);
		if (a == NULL)
			return false;
		push(p, &t->assignments, a);
		if (!at_kind(p, 0, T_COMMA) || !at_ident(p, 1) || !at_op(p, 2, OP_EQ))
			return true;
		p->at++;
	}
}

bool parse_ttl_list(struct parser *p, struct ast_list *out)
{
	do {
		struct ast_ttl *t = NEW(p, TTL, ttl);
		if ((t->value = parse_expr(p)) == NULL)
			return false;
		if (kw(p, KW_TO)) {
			if (!parse_ttl_destination(p, t))
				return false;
		} else if (kw(p, KW_RECOMPRESS)) {
			t->action = TTL_RECOMPRESS;
			if (!need_kw(p, KW_CODEC) || !parse_codec(p, &t->codecs))
				return false;
		} else if (kw2(p, KW_GROUP, KW_BY)) {
			if (!parse_ttl_group(p, t))
				return false;
		} else {
			(void)kw(p, KW_DELETE);
		}
		if (kw(p, KW_WHERE) && (t->where = parse_expr(p)) == NULL)
			return false;
		push(p, out, seal(p, t));
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

/* ---- storage ---- */

static struct ast_storage *storage_of(struct parser *p, struct ast_storage **storage)
{
	if (*storage == NULL)
		*storage = NEW(p, STORAGE, storage);
	return *storage;
}

static struct ast *parse_key_element(struct parser *p)
{
	struct ast *e = parse_expr(p);
	if (e != NULL && kw(p, KW_DESC)) {
		struct ast_call *c = new_call(p, "desc", CALL_PLAIN, e->position);
		push(p, &c->args, e);
		return seal(p, c);
	}
	(void)(e != NULL && kw(p, KW_ASC));
	return e;
}

/* Whether a direction stands directly inside the parentheses that begin here. */
static bool at_directed_key(struct parser *p)
{
	unsigned parens = 0;
	for (size_t n = 0; !at_kind(p, n, T_END); n++) {
		parens += at_kind(p, n, T_LPAREN);
		if (at_kind(p, n, T_RPAREN) && --parens == 0)
			return false;
		if (parens == 0)
			return false;
		if (parens == 1 && (at_kw(p, n, KW_DESC) || at_kw(p, n, KW_ASC)) &&
		    (at_kind(p, n + 1, T_COMMA) || at_kind(p, n + 1, T_RPAREN)))
			return true;
	}
	return false;
}

/* `key`, or ClickHouse's (a, b DESC): the direction becomes a call of `desc`. */
static struct ast *parse_key(struct parser *p)
{
	if (!at_kind(p, 0, T_LPAREN) || !at_directed_key(p))
		return parse_key_element(p);
	struct ast_call *key = new_call(p, "tuple", CALL_PLAIN, here(p));
	p->at++;
	do {
		struct ast *e = parse_key_element(p);
		if (e == NULL)
			return NULL;
		push(p, &key->args, e);
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN) ? seal(p, key) : NULL;
}

static bool set_once(struct parser *p, struct ast **slot, struct ast *(*rule)(struct parser *))
{
	if (*slot != NULL)
		return fail(p) != NULL;
	return (*slot = rule(p)) != NULL;
}

bool accept_storage_clause(struct parser *p, struct ast_storage **storage)
{
	struct str text;
	if (kw(p, KW_ENGINE)) {
		struct ast_storage *s = storage_of(p, storage);
		(void)accept_op(p, OP_EQ);
		if (s->engine != NULL)
			return fail(p) != NULL;
		return (s->engine = parse_engine_call(p)) != NULL;
	}
	if (kw2(p, KW_PARTITION, KW_BY))
		return set_once(p, &storage_of(p, storage)->partition_by, parse_expr);
	if (kw2(p, KW_PRIMARY, KW_KEY))
		return set_once(p, &storage_of(p, storage)->primary_key, parse_expr);
	if (kw2(p, KW_ORDER, KW_BY))
		return set_once(p, &storage_of(p, storage)->order_by, parse_key);
	if (kw2(p, KW_SAMPLE, KW_BY))
		return set_once(p, &storage_of(p, storage)->sample_by, parse_expr);
	if (kw2(p, KW_UNIQUE, KW_KEY))
		return set_once(p, &storage_of(p, storage)->unique_key, parse_expr);
	if (kw(p, KW_TTL))
		return parse_ttl_list(p, &storage_of(p, storage)->ttl);
	if (at_kw(p, 0, KW_SETTINGS) && kw(p, KW_SETTINGS))
		return parse_settings(p, &storage_of(p, storage)->settings);
	if (is_clickhouse(p))
		return false;
	if (kw(p, KW_USING))
		return parse_ident(p, &storage_of(p, storage)->access_method);
	if (at_kw(p, 0, KW_WITH) && at_kind(p, 1, T_LPAREN)) {
		p->at++;
		return parse_options(p, &storage_of(p, storage)->options);
	}
	if (kw(p, KW_TABLESPACE)) {
		if (!parse_ident(p, &text))
			return false;
		storage_of(p, storage)->tablespace = text;
		return true;
	}
	return kw2(p, KW_WITHOUT, KW_OIDS);
}

/* ---- partitions ---- */

struct ast *parse_partition(struct parser *p)
{
	if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_LPAREN) && !at_kind(p, 1, T_DOT)) {
		int position = here(p);
		p->at++;
		return &new_identifier(p, new_name(p, STR("ALL")), position)->ast;
	}
	if (at_kw(p, 0, KW_ID) && at_string(p, 1)) {
		struct ast_call *c = new_call(p, "partitionId", CALL_PLAIN, here(p));
		p->at++;
		struct ast *id = parse_string_node(p);
		if (id == NULL)
			return NULL;
		push(p, &c->args, id);
		return seal(p, c);
	}
	return parse_expr(p);
}

static bool parse_bound_values(struct parser *p, struct ast_list *out)
{
	return parse_expr_parens(p, out);
}

/* FOR VALUES … | DEFAULT */
struct ast_partition_bound *parse_partition_bound(struct parser *p)
{
	struct ast_partition_bound *b = NEW(p, PARTITION_BOUND, partition_bound);
	if (kw(p, KW_DEFAULT)) {
		b->is_default = true;
		return seal(p, b);
	}
	if (!need_kw(p, KW_FOR) || !need_kw(p, KW_VALUES))
		return NULL;
	if (kw(p, KW_IN)) {
		if (!parse_bound_values(p, &b->in))
			return NULL;
	} else if (kw(p, KW_FROM)) {
		if (!parse_bound_values(p, &b->from) || !need_kw(p, KW_TO) || !parse_bound_values(p, &b->to))
			return NULL;
	} else {
		if (!need_kw(p, KW_WITH) || !need(p, T_LPAREN))
			return NULL;
		do {
			if (word(p, "MODULUS"))
				b->modulus = parse_expr(p);
			else if (word(p, "REMAINDER"))
				b->remainder = parse_expr(p);
			else
				return fail(p);
		} while (accept(p, T_COMMA));
		if (!need(p, T_RPAREN))
			return NULL;
	}
	return seal(p, b);
}

/* ---- sequences ---- */

static bool parse_sequence_option(struct parser *p, struct ast_sequence_options *o)
{
	if (kw(p, KW_AS))
		return (o->as = parse_type_node(p)) != NULL;
	if (kw(p, KW_INCREMENT)) {
		(void)kw(p, KW_BY);
		return (o->increment = parse_expr_above(p, PREC_UNARY)) != NULL;
	}
	if (kw(p, KW_MINVALUE))
		return (o->minimum = parse_expr_above(p, PREC_UNARY)) != NULL;
	if (kw(p, KW_MAXVALUE))
		return (o->maximum = parse_expr_above(p, PREC_UNARY)) != NULL;
	if (kw(p, KW_START)) {
		(void)kw(p, KW_WITH);
		return (o->start = parse_expr_above(p, PREC_UNARY)) != NULL;
	}
	if (kw(p, KW_CACHE))
		return (o->cache = parse_expr_above(p, PREC_UNARY)) != NULL;
	if (kw(p, KW_RESTART)) {
		bool with = kw(p, KW_WITH);
		o->restart_only = !with && !at_kind(p, 0, T_NUMBER) && !at_op(p, 0, OP_MINUS);
		return o->restart_only || (o->restart = parse_expr_above(p, PREC_UNARY)) != NULL;
	}
	if (kw2(p, KW_OWNED, KW_BY)) {
		if (!kw(p, KW_NONE))
			return parse_path(p, &o->owned_by);
		o->owned_by = new_name(p, STR("none"));
		return true;
	}
	if (kw2(p, KW_SEQUENCE, KW_NAME))
		return parse_path(p, &o->sequence_name);
	if (kw2(p, KW_NO, KW_MINVALUE))
		o->no_minimum = true;
	else if (kw2(p, KW_NO, KW_MAXVALUE))
		o->no_maximum = true;
	else if (kw2(p, KW_NO, KW_CYCLE))
		o->no_cycle = true;
	else if (kw(p, KW_CYCLE))
		o->cycle = true;
	else
		return kw(p, KW_LOGGED) || kw(p, KW_UNLOGGED);
	return true;
}

struct ast_sequence_options *parse_sequence_options(struct parser *p)
{
	struct ast_sequence_options *o = NEW(p, SEQUENCE_OPTIONS, sequence_options);
	size_t before;
	do {
		before = p->at;
		(void)kw(p, KW_SET); /* ALTER COLUMN … SET INCREMENT … */
		if (!parse_sequence_option(p, o) && p->failed == OK)
			p->at = before;
	} while (p->at != before && p->failed == OK);
	return seal(p, o);
}

/* ---- views ---- */

/* DEFINER = name | CURRENT_USER, SQL SECURITY …; false when neither stands here. */
bool accept_definer(struct parser *p, struct name *definer, struct str *security)
{
	struct str text;
	if (at_kw(p, 0, KW_DEFINER) && at_op(p, 1, OP_EQ)) {
		p->at += 2;
		if (kw(p, KW_CURRENT_USER))
			text = STR("CURRENT_USER");
		else if (!parse_ident_or_string(p, &text))
			return false;
		*definer = new_name(p, text);
		return true;
	}
	if (!kw2(p, KW_SQL, KW_SECURITY))
		return false;
	if (kw(p, KW_DEFINER))
		*security = STR("definer");
	else if (kw(p, KW_INVOKER))
		*security = STR("invoker");
	else if (kw(p, KW_NONE))
		*security = STR("none");
	else
		return fail(p) != NULL;
	return true;
}

/* 1 HOUR 30 MINUTE: an interval, or a tuple of several. */
static struct ast *parse_period(struct parser *p)
{
	struct ast_call *several = new_call(p, "tuple", CALL_PARENS, here(p));
	do {
		struct ast_interval *i = NEW(p, INTERVAL, interval);
		i->precision = -1;
		if (!at_kind(p, 0, T_NUMBER) || (i->value = parse_number(p, false)) == NULL
			|| !accept_interval_unit(p, &i->unit))
			return fail(p);
		push(p, &several->args, seal(p, i));
	} while (at_kind(p, 0, T_NUMBER));
	return several->args.count == 1 ? several->args.items[0] : seal(p, several);
}

struct ast_refresh *parse_refresh(struct parser *p)
{
	struct ast_refresh *r = NEW(p, REFRESH, refresh);
	r->after = kw(p, KW_AFTER);
	if (!r->after && !need_kw(p, KW_EVERY))
		return NULL;
	if ((r->period = parse_period(p)) == NULL)
		return NULL;
	if (at_kw(p, 0, KW_OFFSET) && kw(p, KW_OFFSET) && (r->offset = parse_period(p)) == NULL)
		return NULL;
	if (kw2(p, KW_RANDOMIZE, KW_FOR) && (r->randomize = parse_period(p)) == NULL)
		return NULL;
	if (kw2(p, KW_DEPENDS, KW_ON) && !parse_path_list(p, &r->depends_on))
		return NULL;
	if (!accept_settings(p, &r->settings))
		return NULL;
	r->append = kw(p, KW_APPEND);
	return seal(p, r);
}
