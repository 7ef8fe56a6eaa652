// SPDX-License-Identifier: Apache-2.0
/*
 * Programs over registers. Each distinct subexpression gets one register; registers are freed after their last use, so
 * a long SELECT list holds few vectors at once. Arguments that a short-circuit function may not need are compiled into
 * programs of their own over the same inputs and run over the rows that need them.
 */
#include <assert.h>
#include <stdlib.h>

#include "func/expr.h"

enum op { OP_COLUMN, OP_CONSTANT, OP_SLOT, OP_CALL };

/* How the rows that a lazy argument is evaluated for follow from the arguments before it. */
enum lazy_rule { LAZY_NONE, LAZY_AND, LAZY_OR, LAZY_IF, LAZY_MULTI_IF, LAZY_COALESCE };

struct instruction {
	enum op op;
	uint32_t out;
	uint32_t column;              /* input column or slot */
	struct vector *constant;
	const struct call *call;
	uint32_t arg_count;
	uint32_t *args;               /* registers; NO_REGISTER for lambdas and lazy arguments */
	uint32_t **captures;          /* per argument: registers captured by its lambda, NULL for others */
	uint32_t *capture_counts;
	struct program **lazy;        /* per argument: its own program, NULL where eager */
	enum lazy_rule rule;
	uint32_t free_count;          /* registers that die here */
	uint32_t *frees;
};

enum { NO_REGISTER = UINT32_MAX };

struct program {
	uint32_t register_count, instruction_count, out_count;
	struct instruction *instructions;
	uint32_t *outs;               /* registers of the results */
	uint32_t input_count;         /* highest input column + 1 */
	bool *inputs_used;
};

struct compiler {
	struct arena *arena;
	struct error *err;
	struct instruction *instructions;
	size_t count, capacity;
	const struct expr **exprs;    /* of each register */
	size_t expr_count, expr_capacity;
	uint32_t input_count;
	unsigned depth;
};

/* ---- compiling ---- */

static enum status compile(struct compiler *c, const struct expr *x, uint32_t *out);

static struct instruction *emit(struct compiler *c, enum op op, const struct expr *x)
{
	ARENA_PUSH(c->arena, c->exprs, c->expr_count, c->expr_capacity, x);
	c->instructions = arena_grow(c->arena, c->instructions, c->count, &c->capacity, sizeof *c->instructions);
	struct instruction *i = &c->instructions[c->count++];
	memset(i, 0, sizeof *i);
	i->op = op;
	i->out = (uint32_t)(c->expr_count - 1);
	return i;
}

/* An expression whose evaluation over all rows is never worth avoiding and cannot fail. */
static bool is_cheap(const struct expr *x)
{
	if (x->kind == EXPR_CALL && (x->call->function == NULL || !(x->call->function->flags & FUNCTION_CHEAP)))
		return false;
	if (x->kind == EXPR_LAMBDA)
		return false;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!is_cheap(x->args[i]))
			return false;
	return true;
}

static enum lazy_rule rule_of(const struct expr *x)
{
	static const struct {
		const char *name;
		enum lazy_rule rule;
	} rules[] = {
		{"and", LAZY_AND}, {"or", LAZY_OR}, {"if", LAZY_IF}, {"multiIf", LAZY_MULTI_IF},
		{"coalesce", LAZY_COALESCE}, {"ifNull", LAZY_COALESCE},
	};
	const struct function *f = x->call->function;
	if (f == NULL || !(f->flags & FUNCTION_SHORT_CIRCUIT))
		return LAZY_NONE;
	for (size_t i = 0; i < ARRAY_COUNT(rules); i++)
		if (strcmp(rules[i].name, f->name) == 0)
			return rules[i].rule;
	return LAZY_NONE;
}

static enum status compile_args(struct compiler *c, const struct expr *x, struct instruction *made)
{
	made->arg_count = x->arg_count;
	made->args = ARENA_ARRAY(c->arena, uint32_t, x->arg_count + 1);
	made->captures = ARENA_ARRAY(c->arena, uint32_t *, x->arg_count + 1);
	made->capture_counts = ARENA_ARRAY(c->arena, uint32_t, x->arg_count + 1);
	made->lazy = ARENA_ARRAY(c->arena, struct program *, x->arg_count + 1);
	made->rule = rule_of(x);
	for (uint32_t i = 0; i < x->arg_count; i++) {
		const struct expr *arg = x->args[i];
		made->args[i] = NO_REGISTER;
		if (arg->kind == EXPR_LAMBDA) {
			made->capture_counts[i] = arg->arg_count;
			made->captures[i] = ARENA_ARRAY(c->arena, uint32_t, arg->arg_count + 1);
			for (uint32_t k = 0; k < arg->arg_count; k++)
				TRY(compile(c, arg->args[k], &made->captures[i][k]));
		} else if (made->rule != LAZY_NONE && i != 0 && !is_cheap(arg)) {
			TRY(program_compile(c->arena, (struct expr *const *)&arg, 1, &made->lazy[i], c->err));
			if (made->lazy[i]->input_count > c->input_count)
				c->input_count = made->lazy[i]->input_count;
		} else {
			TRY(compile(c, arg, &made->args[i]));
		}
	}
	return OK;
}

static enum status compile(struct compiler *c, const struct expr *x, uint32_t *out)
{
	if (!x->is_volatile)
		for (size_t i = 0; i < c->expr_count; i++)
			if (expr_equal(c->exprs[i], x)) {
				*out = (uint32_t)i;
				return OK;
			}
	struct instruction *i;
	switch (x->kind) {
	case EXPR_COLUMN:
		i = emit(c, OP_COLUMN, x);
		i->column = x->column;
		if (x->column >= c->input_count)
			c->input_count = x->column + 1;
		break;
	case EXPR_SLOT:
		i = emit(c, OP_SLOT, x);
		i->column = x->column;
		break;
	case EXPR_CONSTANT:
		i = emit(c, OP_CONSTANT, x);
		i->constant = x->constant;
		break;
	case EXPR_CALL: {
		struct instruction made = {0};
		if (++c->depth > 2000)
			return ERR(c->err, E_AST_TOO_DEEP, "Expression is nested too deeply");
		TRY(compile_args(c, x, &made));
		c->depth--;
		i = emit(c, OP_CALL, x);
		made.op = OP_CALL;
		made.out = i->out;
		made.call = x->call;
		*i = made;
		break;
	}
	default:
		return ERR(c->err, E_LOGICAL_ERROR, "a lambda stands where a value is expected");
	}
	*out = i->out;
	return OK;
}

/* Finds where each register is used last and lets it die there. Results never die. */
static void plan_frees(struct compiler *c, const uint32_t *outs, uint32_t out_count)
{
	size_t n = c->count;
	uint32_t *last = ARENA_ARRAY(c->arena, uint32_t, n + 1);
	for (uint32_t k = 0; k < n; k++) {
		const struct instruction *i = &c->instructions[k];
		last[i->out] = k;
		for (uint32_t a = 0; a < i->arg_count; a++) {
			if (i->args[a] != NO_REGISTER)
				last[i->args[a]] = k;
			for (uint32_t m = 0; m < i->capture_counts[a]; m++)
				last[i->captures[a][m]] = k;
		}
	}
	for (uint32_t o = 0; o < out_count; o++)
		last[outs[o]] = NO_REGISTER;
	uint32_t *counts = ARENA_ARRAY(c->arena, uint32_t, n + 1);
	for (uint32_t r = 0; r < n; r++)
		if (last[r] != NO_REGISTER)
			counts[last[r]]++;
	for (uint32_t k = 0; k < n; k++)
		c->instructions[k].frees = ARENA_ARRAY(c->arena, uint32_t, counts[k] + 1);
	for (uint32_t r = 0; r < n; r++)
		if (last[r] != NO_REGISTER) {
			struct instruction *i = &c->instructions[last[r]];
			i->frees[i->free_count++] = r;
		}
}

static void mark_inputs(const struct program *from, bool *used)
{
	for (uint32_t k = 0; k < from->instruction_count; k++) {
		const struct instruction *i = &from->instructions[k];
		if (i->op == OP_COLUMN)
			used[i->column] = true;
		for (uint32_t a = 0; a < i->arg_count; a++)
			if (i->lazy[a] != NULL)
				mark_inputs(i->lazy[a], used);
	}
}

enum status program_compile(struct arena *a, struct expr *const *exprs, uint32_t n, struct program **out,
                            struct error *err)
{
	struct compiler c = {.arena = a, .err = err};
	struct program *p = ARENA_NEW(a, struct program);
	p->outs = ARENA_ARRAY(a, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++)
		TRY(compile(&c, exprs[i], &p->outs[i]));
	plan_frees(&c, p->outs, n);
	p->out_count = n;
	p->instructions = c.instructions;
	p->instruction_count = (uint32_t)c.count;
	p->register_count = (uint32_t)c.expr_count;
	p->input_count = c.input_count;
	p->inputs_used = ARENA_ARRAY(a, bool, c.input_count + 1);
	mark_inputs(p, p->inputs_used);
	*out = p;
	return OK;
}

/* ---- running ---- */

struct run {
	struct eval *e;
	struct vector *const *inputs;
	struct vector *const *slots;
	uint32_t count;
	struct vector **registers;
};

/* A condition value per row: 0 false, 1 true, 2 NULL. */
static uint8_t truth_at(const struct vector *v, uint32_t i)
{
	const struct vector *at;
	uint32_t k = vector_index(v, i, &at);
	if (at->nulls != NULL && bit_get(at->nulls, k))
		return 2;
	return ((const uint8_t *)at->data)[k] != 0;
}

/*
 * Which rows the lazy argument `arg` is evaluated for. open[] holds the rows not decided by the arguments before; it is
 * narrowed by argument `arg - 1` first.
 */
static void narrow(const struct instruction *i, uint32_t arg, const struct vector *const *args, bool *open,
                   bool *wanted, uint32_t count)
{
	const struct vector *before = args[arg - 1];
	for (uint32_t r = 0; r < count; r++) {
		bool now = open[r];
		switch (i->rule) {
		case LAZY_AND:
			open[r] = now && truth_at(before, r) != 0;
			wanted[r] = open[r];
			break;
		case LAZY_OR:
			open[r] = now && truth_at(before, r) != 1;
			wanted[r] = open[r];
			break;
		case LAZY_COALESCE:
			open[r] = now && vector_is_null(before, r);
			wanted[r] = open[r];
			break;
		case LAZY_IF:
			wanted[r] = (truth_at(args[0], r) == 1) == (arg == 1);
			break;
		case LAZY_MULTI_IF:
			if (arg % 2 == 1 && arg + 1 != i->arg_count) { /* the result that belongs to condition arg - 1 */
				wanted[r] = now && truth_at(before, r) == 1;
			} else {                                       /* the next condition, or else */
				open[r] = now && truth_at(args[arg - 2], r) != 1;
				wanted[r] = open[r];
			}
			break;
		case LAZY_NONE:
			wanted[r] = true;
			break;
		}
	}
}

/* Runs `lazy` over the wanted rows only; the other rows of *out mean nothing. */
static enum status run_lazy(struct run *run, const struct program *lazy, const bool *wanted, struct vector **out)
{
	struct eval *e = run->e;
	uint32_t *rows = ARENA_ARRAY(e->scratch, uint32_t, run->count), n = 0;
	for (uint32_t r = 0; r < run->count; r++)
		if (wanted[r])
			rows[n++] = r;
	if (n == run->count)
		return program_run(lazy, e, run->inputs, run->slots, run->count, out);
	struct vector **inputs = ARENA_ARRAY(e->scratch, struct vector *, lazy->input_count + 1);
	struct vector *few = NULL, *spread = NULL;
	const uint64_t *skip = e->skip;
	enum status s = OK;
	e->skip = NULL; /* its bits are of the outer rows; rows under NULL are few and wanted */
	for (uint32_t k = 0; s == OK && k < lazy->input_count; k++)
		if (lazy->inputs_used[k])
			s = vector_gather(e->track, run->inputs[k], rows, n, &inputs[k], e->err);
	if (s == OK)
		s = program_run(lazy, e, inputs, run->slots, n, &few);
	e->skip = skip;
	if (s == OK && n == 0) {
		s = vector_default_constant(e->track, few->type, run->count, &spread, e->err);
	} else if (s == OK) {
		uint32_t *map = ARENA_ARRAY(e->scratch, uint32_t, run->count);
		for (uint32_t k = 0; k < n; k++)
			map[rows[k]] = k;
		s = vector_gather(e->track, few, map, run->count, &spread, e->err);
	}
	*out = spread;
	vector_unref(few);
	for (uint32_t k = 0; k < lazy->input_count; k++)
		vector_unref(inputs[k]);
	return s;
}

static enum status run_call(struct run *run, const struct instruction *i, struct vector **out)
{
	struct eval *e = run->e;
	const struct vector **args = ARENA_ARRAY(e->scratch, const struct vector *, i->arg_count + 1);
	const struct vector *const **captures = ARENA_ARRAY(e->scratch, const struct vector *const *, i->arg_count + 1);
	struct vector **made = ARENA_ARRAY(e->scratch, struct vector *, i->arg_count + 1);
	bool *open = NULL, *wanted = NULL;
	enum status s = OK;
	for (uint32_t a = 0; a < i->arg_count && s == OK; a++) {
		if (i->captures[a] != NULL) {
			const struct vector **captured = ARENA_ARRAY(e->scratch, const struct vector *, i->capture_counts[a] + 1);
			for (uint32_t k = 0; k < i->capture_counts[a]; k++)
				captured[k] = run->registers[i->captures[a][k]];
			captures[a] = captured;
			continue;
		}
		if (i->rule != LAZY_NONE && a == 0) {
			open = ARENA_ARRAY(e->scratch, bool, run->count);
			wanted = ARENA_ARRAY(e->scratch, bool, run->count);
			memset(open, 1, run->count);
		}
		if (i->rule != LAZY_NONE && a != 0)
			narrow(i, a, args, open, wanted, run->count);
		if (i->lazy[a] != NULL) {
			s = run_lazy(run, i->lazy[a], wanted, &made[a]);
			args[a] = made[a];
		} else {
			args[a] = run->registers[i->args[a]];
		}
	}
	const struct vector *const *const *outer = e->captures;
	e->captures = captures;
	if (s == OK)
		s = call_run(i->call, e, args, run->count, out);
	e->captures = outer;
	for (uint32_t a = 0; a < i->arg_count; a++)
		vector_unref(made[a]);
	return s;
}

/* A constant register stands for the batch's rows. */
static enum status stretch(struct run *run, const struct vector *v, struct vector **out)
{
	if (v->count == run->count) {
		*out = vector_ref(v);
		return OK;
	}
	return vector_constant(run->e->track, v, 0, run->count, out, run->e->err);
}

enum status program_run(const struct program *p, struct eval *e, struct vector *const *inputs,
                        struct vector *const *slots, uint32_t count, struct vector **outs)
{
	struct run run = {.e = e, .inputs = inputs, .slots = slots, .count = count};
	run.registers = ARENA_ARRAY(e->scratch, struct vector *, p->register_count + 1);
	enum status s = OK;
	for (uint32_t k = 0; k < p->instruction_count && s == OK; k++) {
		const struct instruction *i = &p->instructions[k];
		switch (i->op) {
		case OP_COLUMN:
			run.registers[i->out] = vector_ref(inputs[i->column]);
			break;
		case OP_CONSTANT:
			s = stretch(&run, i->constant, &run.registers[i->out]);
			break;
		case OP_SLOT:
			s = slots[i->column] != NULL ? stretch(&run, slots[i->column], &run.registers[i->out])
				: ERR(e->err, E_LOGICAL_ERROR, "a value is read before it is known");
			break;
		case OP_CALL:
			s = run_call(&run, i, &run.registers[i->out]);
			break;
		}
		for (uint32_t f = 0; f < i->free_count; f++) {
			vector_unref(run.registers[i->frees[f]]);
			run.registers[i->frees[f]] = NULL;
		}
	}
	for (uint32_t o = 0; o < p->out_count; o++)
		outs[o] = s == OK ? vector_ref(run.registers[p->outs[o]]) : NULL;
	for (uint32_t r = 0; r < p->register_count; r++)
		vector_unref(run.registers[r]);
	return s;
}

enum status lambda_run(const struct call *c, uint32_t arg, struct eval *e, const struct vector *const *params,
                       const uint32_t *row_of, uint32_t count, struct vector **out)
{
	const struct lambda *l = c->lambdas[arg];
	const struct vector *const *captured = e->captures == NULL ? NULL : e->captures[arg];
	struct vector **inputs = ARENA_ARRAY(e->scratch, struct vector *, l->param_count + l->capture_count + 1);
	const uint64_t *skip = e->skip;
	enum status s = OK;
	for (uint32_t i = 0; i < l->param_count; i++)
		inputs[i] = vector_ref(params[i]);
	for (uint32_t i = 0; i < l->capture_count && s == OK; i++)
		s = vector_gather(e->track, captured[i], row_of, count, &inputs[l->param_count + i], e->err);
	e->skip = NULL;
	if (s == OK)
		s = program_run(l->body, e, inputs, NULL, count, out);
	e->skip = skip;
	for (uint32_t i = 0; i < l->param_count + l->capture_count; i++)
		vector_unref(inputs[i]);
	return s;
}
