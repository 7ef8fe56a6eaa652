// SPDX-License-Identifier: Apache-2.0
/* The combinators -Distinct, -ForEach, -Map, -Resample, -ArgMin, -ArgMax. */
#include "func/aggregate_impl.h"

static enum status missing(struct agg_call *c, const char *suffix)
{
	return ERR(c->env->err, E_NOT_IMPLEMENTED, "not supported yet: aggregate function combinator %s", suffix);
}

enum status agg_bind_distinct(struct agg_call *c, struct aggregator **out)
{
	return missing(c, "Distinct");
}

enum status agg_bind_foreach(struct agg_call *c, struct aggregator **out)
{
	return missing(c, "ForEach");
}

enum status agg_bind_map(struct agg_call *c, struct aggregator **out)
{
	return missing(c, "Map");
}

enum status agg_bind_resample(struct agg_call *c, struct aggregator **out)
{
	return missing(c, "Resample");
}

enum status agg_bind_arg_min(struct agg_call *c, struct aggregator **out)
{
	return missing(c, "ArgMin");
}

enum status agg_bind_arg_max(struct agg_call *c, struct aggregator **out)
{
	return missing(c, "ArgMax");
}
