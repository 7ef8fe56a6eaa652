// SPDX-License-Identifier: Apache-2.0
/* From a plan to pipelines: sources and operators are chained until a sink closes the pipeline. */
#include "exec/run_impl.h"

/* A further source that feeds the open chain from `after` on (NULL: from its beginning). */
struct feeder {
	struct operator *source;
	struct operator *first;  /* its own operators, or NULL */
	struct operator *join;   /* the operator of the open chain behind which it joins */
};

/* The pipeline that is being built. */
struct open_pipeline {
	struct operator *source, *first, *last;
	struct feeder *feeders;
	size_t feeder_count, feeder_capacity;
};

struct build {
	struct query_run *run;
	struct error *err;
	unsigned depth;
};

enum status run_own(struct query_run *r, struct operator *o)
{
	ARENA_PUSH(&r->arena, r->operators, r->operator_count, r->operator_capacity, o);
	o->query = r->query;
	return OK;
}

static void append(struct open_pipeline *p, struct operator *o)
{
	if (p->last == NULL)
		p->first = o;
	else
		p->last->next = o;
	p->last = o;
}

static struct pipeline *emit(struct build *b, struct operator *source, struct operator *first)
{
	struct pipeline *p = ARENA_NEW(&b->run->arena, struct pipeline);
	p->source = source;
	p->first = first;
	*b->run->last_pipeline = p;
	b->run->last_pipeline = &p->next;
	return p;
}

/* Closes the chain, whose last operator is a sink: its pipelines are complete. */
static void close_pipeline(struct build *b, struct open_pipeline *p, bool delivers)
{
	struct pipeline *main = emit(b, p->source, p->first);
	main->delivers = delivers;
	for (size_t i = 0; i < p->feeder_count; i++) {
		struct feeder *f = &p->feeders[i];
		struct operator *shared = f->join->next;
		struct pipeline *last = main;
		while (last->next != NULL)
			last = last->next;
		last->shared_from = shared;
		struct pipeline *more = emit(b, f->source, f->first != NULL ? f->first : shared);
		more->delivers = delivers;
	}
	memset(p, 0, sizeof *p);
}

static enum status build(struct build *b, const struct plan *p, struct open_pipeline *open);

static enum status build_input(struct build *b, const struct plan *p, uint32_t i, struct open_pipeline *open)
{
	if (++b->depth > 1000)
		return ERR(b->err, E_AST_TOO_DEEP, "The query plan is nested too deeply");
	enum status s = build(b, p->inputs[i], open);
	b->depth--;
	return s;
}

/* A sink that is the source of what comes after, or an operator that streams. */
static enum status append_breaker(struct build *b, struct operator *o, struct open_pipeline *open)
{
	append(open, o);
	if (o->ops->next == NULL)
		return OK;
	close_pipeline(b, open, false);
	open->source = o;
	return OK;
}

/* A further pipeline into what follows the join's probe: `source` and, NULL or not, an operator before that. */
static void add_feeder(struct build *b, struct open_pipeline *open, struct operator *source, struct operator *first,
                       struct operator *join, struct operator *pass)
{
	struct feeder f = {.source = source, .first = first, .join = join};
	if (first != NULL)
		first->next = pass;
	ARENA_PUSH(&b->run->arena, open->feeders, open->feeder_count, open->feeder_capacity, f);
}

static enum status build_join(struct build *b, const struct plan *p, struct open_pipeline *open)
{
	struct query *q = b->run->query;
	struct open_pipeline right = {0};
	struct operator *made[5], *pass;
	TRY(build_input(b, p, 1, &right));
	enum status s = join_operators_new(q, p, b->run->threads, &made[0], &made[1], &made[2], &made[3], &made[4]);
	if (s != OK)
		return ERR(b->err, s, "%s", error_is_set(&q->err) ? q->err.message : "the join cannot be built");
	for (unsigned i = 0; i < ARRAY_COUNT(made); i++)
		if (made[i] != NULL)
			TRY(run_own(b->run, made[i]));
	struct operator *probe = made[1], *rest = made[2], *part_source = made[3], *part_probe = made[4];
	append(&right, made[0]);
	close_pipeline(b, &right, false);
	TRY(build_input(b, p, 0, open));
	append(open, probe);
	if (rest == NULL && part_source == NULL)
		return OK;
	TRY(pass_operator_new(b->run, NULL, &pass, b->err)); /* where further rows join */
	TRY(run_own(b->run, pass));
	append(open, pass);
	if (rest != NULL)
		add_feeder(b, open, rest, NULL, probe, pass);
	if (part_source != NULL)
		add_feeder(b, open, part_source, part_probe, probe, pass);
	return OK;
}

static enum status build_union(struct build *b, const struct plan *p, struct open_pipeline *open)
{
	struct operator *pass;
	TRY(build_input(b, p, 0, open));
	if (open->last == NULL) { /* the joining point needs an operator before it */
		struct operator *head;
		TRY(pass_operator_new(b->run, NULL, &head, b->err));
	TRY(run_own(b->run, head));
		append(open, head);
	}
	struct operator *before = open->last;
	TRY(pass_operator_new(b->run, p, &pass, b->err));
	TRY(run_own(b->run, pass));
	append(open, pass);
	for (uint32_t i = 1; i < p->input_count; i++) {
		struct open_pipeline arm = {0};
		TRY(build_input(b, p, i, &arm));
		/* an arm with feeders of its own (a RIGHT JOIN below UNION) keeps them: they join where the arm joins */
		if (arm.last != NULL)
			arm.last->next = pass;
		struct feeder f = {.source = arm.source, .first = arm.first, .join = before};
		ARENA_PUSH(&b->run->arena, open->feeders, open->feeder_count, open->feeder_capacity, f);
		for (size_t k = 0; k < arm.feeder_count; k++)
			ARENA_PUSH(&b->run->arena, open->feeders, open->feeder_count, open->feeder_capacity, arm.feeders[k]);
	}
	return OK;
}

static enum status build_set(struct build *b, const struct plan *p, struct open_pipeline *open)
{
	struct operator *left, *right, *source;
	struct open_pipeline side = {0};
	TRY(set_operator_new(b->run->query, p, b->run->threads, &left, &right, &source));
	TRY(run_own(b->run, left));
	if (right != left)
		TRY(run_own(b->run, right));
	if (source != left && source != right)
		TRY(run_own(b->run, source));
	TRY(build_input(b, p, 1, &side));
	append(&side, right);
	close_pipeline(b, &side, false);
	TRY(build_input(b, p, 0, open));
	append(open, left);
	close_pipeline(b, open, false);
	open->source = source;
	return OK;
}

static enum status operator_failure(struct build *b, enum status s)
{
	if (s != OK && !error_is_set(b->err))
		return ERR(b->err, s, "%s", error_is_set(&b->run->query->err) ? b->run->query->err.message
		           : "an operator cannot be built");
	return s;
}

/* The sort comes before the scan that takes its bound. */
static enum status build_sort(struct build *b, const struct plan *p, struct open_pipeline *open)
{
	struct query_run *r = b->run;
	struct operator *o;
	TRY(operator_failure(b, sort_operator_new(r->query, p, r->threads, &o)));
	TRY(run_own(r, o));
	const struct plan *outer = r->bound_plan;
	const struct scan_bound *bound = r->bound;
	if (p->u.sort.bound != NULL) {
		r->bound_plan = p->u.sort.bound;
		r->bound = sort_operator_bound(o);
	}
	TRY(build_input(b, p, 0, open));
	r->bound_plan = outer;
	r->bound = bound;
	return append_breaker(b, o, open);
}

static enum status build(struct build *b, const struct plan *p, struct open_pipeline *open)
{
	struct query_run *r = b->run;
	struct query *q = r->query;
	struct operator *o = NULL;
	enum status s = OK;
	switch (p->kind) {
	case PLAN_SORT:
		return build_sort(b, p, open);
	case PLAN_SCAN:
	case PLAN_FUNCTION:
		s = scan_source_new(r, p, &o, b->err);
		break;
	case PLAN_VALUES:
		s = values_source_new(r, p, &o, b->err);
		break;
	case PLAN_SERIES:
		s = series_source_new(r, p, &o, b->err);
		break;
	case PLAN_COUNT_ROWS:
		s = count_source_new(r, p, &o, b->err);
		break;
	case PLAN_RANGES:
		TRY(ranges_source_new(r, p, &o, b->err));
		if (o == NULL)
			return build(b, p->inputs[0], open);
		break;
	case PLAN_TOTALS_ROW:
		s = totals_row_source_new(r, p, &o, b->err);
		break;
	case PLAN_JOIN:
		return build_join(b, p, open);
	case PLAN_UNION:
		return build_union(b, p, open);
	case PLAN_SET:
		return operator_failure(b, build_set(b, p, open));
	default:
		TRY(build_input(b, p, 0, open));
		break;
	}
	TRY(s);
	if (o != NULL) {
		open->source = o;
		return run_own(r, o);
	}
	switch (p->kind) {
	case PLAN_FILTER:
		s = filter_operator_new(r, p, &o, b->err);
		break;
	case PLAN_PROJECT:
		s = project_operator_new(r, p, &o, b->err);
		break;
	case PLAN_LIMIT:
		s = plan_limit_waits(p) ? limit_range_operator_new(r, p, &o, b->err) : limit_operator_new(r, p, &o, b->err);
		break;
	case PLAN_APPLY:
		s = apply_operator_new(r, p, &o, b->err);
		break;
	case PLAN_TOTALS:
		s = totals_operator_new(r, p, &o, b->err);
		break;
	case PLAN_UNNEST:
		s = unnest_operator_new(q, p, &o);
		break;
	case PLAN_AGGREGATE:
		s = aggregate_operator_new(q, p, r->threads, &o);
		break;
	case PLAN_DISTINCT:
		s = distinct_operator_new(q, p, r->threads, &o);
		break;
	case PLAN_FETCH:
		s = fetch_operator_new(r, p, &o, b->err);
		break;
	case PLAN_WINDOW:
		s = window_operator_new(q, p, &o);
		break;
	case PLAN_FILL:
		s = fill_operator_new(q, p, &o);
		break;
	case PLAN_LIMIT_BY:
		s = p->u.limit_by.limit_from_end || p->u.limit_by.offset_from_end ? limit_by_range_operator_new(q, p, &o)
			: limit_by_operator_new(q, p, &o);
		break;
	default:
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: this kind of query");
	}
	TRY(operator_failure(b, s));
	TRY(run_own(r, o));
	return append_breaker(b, o, open);
}

enum status run_build(struct query_run *r, const struct plan *p, struct error *err)
{
	struct build b = {.run = r, .err = err};
	struct open_pipeline open = {0};
	struct operator *result;
	TRY(build(&b, p, &open));
	TRY(result_operator_new(r, p, &result, err));
	TRY(run_own(r, result));
	append(&open, result);
	close_pipeline(&b, &open, true);
	return OK;
}
