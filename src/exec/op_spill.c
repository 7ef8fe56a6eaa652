// SPDX-License-Identifier: Apache-2.0
/* Aggregation beyond memory. */
#include "exec/op_aggregate_impl.h"

enum status agg_spill_check(struct agg_operator *g, struct agg_worker *me, struct worker *w)
{
	return OK;
}

enum status agg_spill_finish(struct agg_operator *g, struct worker *w)
{
	return OK;
}

enum status agg_spill_next(struct agg_operator *g, struct worker *w, struct batch **out)
{
	*out = NULL;
	return OK;
}

void agg_spill_free(struct agg_operator *g)
{
}
