// SPDX-License-Identifier: Apache-2.0
#include "storage/part_merge.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "storage/block_part.h"
#include "storage/delta.h"
#include "storage/ttl.h"

struct merging {
	const struct merge_env *env;
	const struct merge_input *inputs;
	uint32_t input_count;
	const struct merge_options *options;
	const struct merge_target *target;
	struct arena arena;
	struct merge_rows rows;
	struct part_writer *writer;
	struct part_extras *extras;
	uint32_t granule;
	bool compact;
};

/* ---- Summing: rows that sum to nothing ---- */

static bool any_nonzero(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	size_t width = physical_size(type_physical(at->type));
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return false;
	if (type_physical(at->type) == PHYS_ARRAY)
		return ((const uint32_t *)at->data)[i] != ((const uint32_t *)at->data)[i + 1];
	if (v->type->nullable) /* ClickHouse: nothing is NULL there, and a sum of 0 is something */
		return true;
	if (type_is_float(at->type)) /* -0.0 is zero */
		return width == 8 ? ((const double *)at->data)[i] != 0 : ((const float *)at->data)[i] != 0;
	for (size_t k = 0; k < width; k++)
		if (((const uint8_t *)at->data)[i * width + k] != 0)
			return true;
	return false;
}

void merge_keep_rows(struct merge_rows *rows, const uint64_t *keep)
{
	uint16_t *ops = (uint16_t *)rows->ops->data;
	uint64_t group = UINT64_MAX, output = 0;
	for (uint64_t i = 0; i < rows->count; i++) {
		if (merge_op_kind(ops[i]) == MERGE_START)
			output += bit_get(keep, ++group);
		if (merge_op_kind(ops[i]) != MERGE_DROP && !bit_get(keep, group))
			ops[i] = (uint16_t)((ops[i] & ~3u) | MERGE_DROP);
	}
	rows->output = output;
}

enum status merge_drop_zero_sums(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                                 struct merge_rows *rows, struct error *err)
{
	const struct table_keys *k = env->keys;
	const struct merge_options o = {.fold = true};
	struct buffer *bits;
	bool any = false;
	if (k->mode != MERGE_SUMMING || rows->output == 0)
		return OK;
	TRY(buffer_new(env->track, bits_words(rows->output) * 8, &bits, err));
	uint64_t *keep = (uint64_t *)bits->data;
	memset(keep, 0, bits_words(rows->output) * 8);
	enum status st = OK;
	for (uint32_t c = 0; st == OK && c < k->stored_count; c++) {
		const struct type *t = k->def->columns[k->stored[c]].type;
		if (!k->summed[c])
			continue;
		bool map = k->map_of[c] != NULL && k->map_of[c]->key_count == 1;
		if (map || t->id == TYPE_AGGSTATE || t->simple_aggregate.size != 0) {
			any = false; /* states are never nothing */
			break;
		}
		any = true;
		struct merge_column *column = NULL;
		st = merge_column_new(env, inputs, input_count, rows, c, &o, &column, err);
		for (uint64_t at = 0; st == OK && at < rows->output;) {
			uint32_t n = rows->output - at < BATCH_ROWS_MAX ? (uint32_t)(rows->output - at) : BATCH_ROWS_MAX;
			struct vector *v;
			st = merge_column_read(column, n, &v, err);
			for (uint32_t i = 0; st == OK && i < n; i++)
				if (any_nonzero(v, i))
					bit_set(keep, at + i);
			if (st == OK)
				vector_unref(v);
			at += n;
		}
		merge_column_free(column);
	}
	if (st == OK && any)
		merge_keep_rows(rows, keep);
	buffer_unref(bits);
	return st;
}

/* ---- output ---- */

/* The share of defaults as the inputs counted it; a column that a part lacks is all defaults. */
static struct sparse_kind *sparse_of(struct merging *m, uint32_t stored)
{
	const struct table_keys *k = m->env->keys;
	const struct type *t = k->def->columns[k->stored[stored]].type;
	double defaults = 0, rows = 0;
	for (uint32_t i = 0; i < m->input_count; i++) {
		const struct part *p = m->inputs[i].part;
		const struct part_meta *meta = p->meta;
		uint32_t column = part_source_find(k, m->env->set, p, meta, stored);
		const struct sparse_kind *s = column == UINT32_MAX ? NULL : meta->columns.columns[column].sparse;
		rows += (double)meta->rows;
		if (column != UINT32_MAX && p->delta != NULL) {
			defaults += (double)delta_count_defaults(p->delta, column);
			continue;
		}
		if (column == UINT32_MAX)
			defaults += (double)meta->rows;
		else if (s != NULL && s->rows != 0)
			defaults += (double)meta->rows * (double)s->defaults / (double)s->rows;
	}
	uint64_t estimate = rows == 0 ? 0 : (uint64_t)(defaults / rows * (double)m->rows.output);
	return sparse_kind_for(&m->arena, k, t, m->rows.output, estimate);
}

static uint32_t granule_size(const struct merging *m, uint64_t at)
{
	return m->rows.output - at < m->granule ? (uint32_t)(m->rows.output - at) : m->granule;
}

static void report(struct merging *m, uint64_t rows)
{
	if (m->target->rows_done != NULL)
		*m->target->rows_done += rows;
}

static enum status write_wide_column(struct merging *m, uint32_t c, struct error *err)
{
	struct merge_column *column;
	TRY(merge_column_new(m->env, m->inputs, m->input_count, &m->rows, c, m->options, &column, err));
	enum status st = part_writer_column_begin(m->writer, c, err);
	for (uint64_t at = 0; st == OK && at < m->rows.output;) {
		uint32_t n = granule_size(m, at);
		struct vector *v;
		st = merge_column_read(column, n, &v, err);
		if (st == OK) {
			st = part_writer_column_granule(m->writer, v, 0, n, err);
			vector_unref(v);
		}
		at += n;
	}
	if (st == OK)
		st = part_writer_column_end(m->writer, err);
	merge_column_free(column);
	return st;
}

/*
 * Granule by granule, several columns at once: all of a compact part, or those that keys and indexes need.
 */
static enum status walk_granules(struct merging *m, const uint32_t *columns, uint32_t count, struct error *err)
{
	const struct table_keys *k = m->env->keys;
	struct merge_column **merges = calloc(count + 1, sizeof *merges);
	struct vector **stored = calloc(k->stored_count + 1, sizeof *stored);
	enum status st = merges == NULL || stored == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < count; i++)
		st = merge_column_new(m->env, m->inputs, m->input_count, &m->rows, columns[i], m->options, &merges[i], err);
	for (uint64_t at = 0; st == OK && at < m->rows.output;) {
		uint32_t n = granule_size(m, at);
		for (uint32_t i = 0; st == OK && i < count; i++)
			st = merge_column_read(merges[i], n, &stored[columns[i]], err);
		for (uint32_t i = 0; st == OK && m->compact && i < count; i++)
			st = part_writer_granule_column(m->writer, columns[i], stored[columns[i]], 0, n, err);
		if (st == OK)
			st = part_extras_granule(m->extras, m->writer, stored, n, at + n == m->rows.output, err);
		for (uint32_t i = 0; i < count; i++) {
			vector_unref(stored[columns[i]]);
			stored[columns[i]] = NULL;
		}
		at += n;
	}
	for (uint32_t i = 0; merges != NULL && i < count; i++)
		merge_column_free(merges[i]);
	free(merges);
	free(stored);
	return st;
}

static enum status write_all(struct merging *m, struct error *err)
{
	const struct table_keys *k = m->env->keys;
	if (m->compact) {
		uint32_t *all = ARENA_ARRAY(&m->arena, uint32_t, k->stored_count + 1);
		for (uint32_t i = 0; i < k->stored_count; i++)
			all[i] = i;
		TRY(walk_granules(m, all, k->stored_count, err));
		report(m, m->rows.count);
	} else {
		for (uint32_t c = 0; c < k->stored_count; c++) {
			TRY(write_wide_column(m, c, err));
			report(m, m->rows.count / k->stored_count);
		}
		uint32_t count;
		const uint32_t *columns = part_extras_columns(m->extras, &count);
		TRY(walk_granules(m, columns, count, err));
	}
	return part_extras_finish(m->extras, m->writer, err);
}

/* What a TTL says about the codec of a part in which all rows are that old. */
static enum status recompress(struct merging *m, struct part_spec *spec, struct error *err)
{
	struct part **parts = ARENA_ARRAY(&m->arena, struct part *, m->input_count + 1);
	for (uint32_t i = 0; i < m->input_count; i++)
		parts[i] = m->inputs[i].part;
	return m->options->ttl ? ttl_codec(m->env->keys, parts, m->input_count, m->options->now, &spec->default_codec, err)
	                       : OK;
}

static enum status write_part(struct merging *m, struct part **out, struct error *err)
{
	const struct table_keys *k = m->env->keys;
	const struct merge_settings *set = &k->settings;
	struct part_spec spec;
	char sub[128], path[4096];
	uint64_t rows = 0, bytes = 0;
	for (uint32_t i = 0; i < m->input_count; i++) {
		rows += m->inputs[i].part->rows;
		bytes += m->inputs[i].part->bytes_plain;
	}
	bytes = rows == 0 ? 0 : (uint64_t)((double)bytes / (double)rows * (double)m->rows.output);
	m->compact = bytes < set->min_bytes_for_wide_part
	             && (set->min_rows_for_wide_part == 0 || m->rows.output < set->min_rows_for_wide_part);
	m->granule = granule_rows(set, m->rows.output, bytes);
	part_spec_for(&m->arena, k, &spec);
	TRY(recompress(m, &spec, err));
	temporary_name("merge", sub, sizeof sub);
	snprintf(path, sizeof path, "%s/%s", m->target->place->dir, sub);
	spec.dir = path;
	spec.track = m->env->track;
	spec.compact = m->compact;
	for (uint32_t c = 0; c < k->stored_count; c++)
		spec.columns.columns[c].sparse = sparse_of(m, c);
	TRY(part_writer_new(&spec, &m->writer, err));
	TRY(part_extras_new(k, m->env->session, m->env->track, &m->extras, err));
	TRY(write_all(m, err));
	struct part_written done;
	TRY(part_writer_finish(m->writer, m->rows.output, &done, err));
	m->writer = NULL;
	TRY(part_new(part_name_text(&m->arena, &m->target->name), m->target->place->dir, sub, out, err));
	(*out)->rows = done.rows;
	(*out)->granules = done.granules;
	(*out)->bytes_on_disk = done.bytes_on_disk;
	(*out)->bytes_plain = done.bytes_plain;
	(*out)->schema_version = k->def->schema_version;
	(*out)->modified_us = clock_wall_us();
	(*out)->compact = m->compact;
	return OK;
}

enum status part_merge(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                       const struct merge_options *o, const struct merge_target *target, struct part **out,
                       struct error *err)
{
	struct merging m = {.env = env, .inputs = inputs, .input_count = input_count, .options = o, .target = target};
	*out = NULL;
	TRY(merge_rows_make(env, inputs, input_count, o, &m.rows, err));
	arena_init(&m.arena, env->track);
	enum status st = o->fold ? merge_drop_zero_sums(env, inputs, input_count, &m.rows, err) : OK;
	if (st == OK && o->distinct)
		st = merge_drop_duplicates(env, inputs, input_count, o, &m.rows, err);
	if (st == OK && m.rows.output != 0)
		st = write_part(&m, out, err);
	part_extras_free(m.extras);
	part_writer_abort(m.writer);
	if (st == OK && target->rows != NULL)
		*target->rows = m.rows;
	else
		merge_rows_fini(&m.rows);
	arena_fini(&m.arena);
	return st;
}
