// SPDX-License-Identifier: Apache-2.0
/* Engines and table functions: registered at start by one thread, then only read. */
#include <assert.h>
#include "catalog/catalog_impl.h"
#include "catalog/table_function.h"

enum { ENGINES_MAX = 256, FUNCTIONS_MAX = 256 };

static const struct table_ops *engines[ENGINES_MAX];
static uint32_t engine_count;
static const struct table_function *functions[FUNCTIONS_MAX];
static uint32_t fn_count;

void table_engine_register(const struct table_ops *ops)
{
	for (uint32_t i = 0; i < engine_count; i++)
		if (strcmp(engines[i]->engine, ops->engine) == 0) {
			engines[i] = ops;
			return;
		}
	assert(engine_count < ENGINES_MAX);
	engines[engine_count++] = ops;
}

const struct table_ops *table_engine_find(struct str name)
{
	for (uint32_t i = 0; i < engine_count; i++)
		if (str_eq(str_of(engines[i]->engine), name))
			return engines[i];
	return NULL;
}

uint32_t table_engine_count(void)
{
	return engine_count;
}

const struct table_ops *table_engine_at(uint32_t i)
{
	assert(i < engine_count);
	return engines[i];
}

/* A view needs no engine of its own: the binder puts its query in its place. */
static const struct table_ops view_ops = {.engine = "View"};
static const struct table_ops missing_ops = {.engine = "Missing"};

const struct table_ops *ops_of(const struct table_def *def)
{
	const struct table_ops *ops = table_engine_find(def->engine);
	if (ops != NULL)
		return ops;
	return def->kind == TABLE_VIEW ? &view_ops : &missing_ops;
}

void table_function_register(const struct table_function *f)
{
	assert(fn_count < FUNCTIONS_MAX);
	functions[fn_count++] = f;
}

const struct table_function *table_function_find(struct str name)
{
	const struct table_function *nocase = NULL;
	for (uint32_t i = 0; i < fn_count; i++) {
		if (str_eq(str_of(functions[i]->name), name))
			return functions[i];
		if (nocase == NULL && str_eq_nocase(str_of(functions[i]->name), name))
			nocase = functions[i];
	}
	return nocase;
}

uint32_t table_function_count(void)
{
	return fn_count;
}

const struct table_function *table_function_at(uint32_t i)
{
	assert(i < fn_count);
	return functions[i];
}
