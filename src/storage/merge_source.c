// SPDX-License-Identifier: Apache-2.0
#include "storage/merge_source.h"

#include <stdlib.h>

enum status merge_input_whole(struct part *p, uint32_t number, struct arena *a, struct merge_input *out,
                              struct error *err)
{
	struct part_meta *m;
	TRY(part_load(p, NULL, &m, err));
	struct granule_range *r = ARENA_NEW(a, struct granule_range);
	*r = (struct granule_range){number, 0, m->granules};
	*out = (struct merge_input){p, r, m->granules == 0 ? 0 : 1};
	return OK;
}

uint64_t merge_input_rows(const struct merge_input *i)
{
	const struct part_meta *m = i->part->meta;
	uint64_t rows = 0;
	for (uint32_t k = 0; k < i->range_count; k++)
		rows += m->first_row[i->ranges[k].to] - m->first_row[i->ranges[k].from];
	return rows;
}

enum status merge_source_open(struct merge_source *s, const struct merge_env *env, const struct merge_input *input,
                              const uint32_t *columns, uint32_t column_count, struct error *err)
{
	memset(s, 0, sizeof *s);
	s->input = input;
	s->column_count = column_count;
	arena_init(&s->scratch, env->track);
	s->eval = (struct eval){.session = env->session, .track = env->track, .scratch = &s->scratch, .err = err,
	                        .cancelled = env->cancelled};
	TRY(part_load(input->part, env->session, &s->meta, err));
	s->columns = calloc(column_count + 1, sizeof *s->columns);
	if (s->columns == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	return part_source_new(env->keys, env->set, input->part, columns, column_count, env->cache, &s->eval, &s->source, err);
}

static void drop_batch(struct merge_source *s)
{
	for (uint32_t i = 0; s->columns != NULL && i < s->column_count; i++) {
		vector_unref(s->columns[i]);
		s->columns[i] = NULL;
	}
	s->count = s->at = 0;
}

void merge_source_close(struct merge_source *s)
{
	drop_batch(s);
	free(s->columns);
	part_source_free(s->source);
	arena_fini(&s->scratch);
	s->columns = NULL;
	s->source = NULL;
}

enum status merge_source_next(struct merge_source *s, struct error *err)
{
	drop_batch(s);
	arena_reset(&s->scratch);
	s->eval.err = err;
	if (s->eval.cancelled != NULL && *s->eval.cancelled)
		return ERR(err, E_CANCELLED, "merging was cancelled");
	while (s->row == s->end) {
		if (s->range == s->input->range_count)
			return OK;
		const struct granule_range *g = &s->input->ranges[s->range++];
		s->row = s->meta->first_row[g->from];
		s->end = s->meta->first_row[g->to];
		TRY(part_source_seek(s->source, g->from, g->to, err));
	}
	uint32_t n = s->end - s->row < BATCH_ROWS_MAX ? (uint32_t)(s->end - s->row) : BATCH_ROWS_MAX;
	TRY(part_source_read(s->source, n, s->columns, err));
	s->row += n;
	s->count = n;
	return OK;
}
