// SPDX-License-Identifier: Apache-2.0
#include "storage/part_info.h"

#include <stdio.h>
#include "storage/stream_name.h"
#include "storage/ttl.h"
#include "storage/value_binary.h"

static pthread_mutex_t merges_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the list */
static struct merge_info *merges;

/* The partition values as ClickHouse spells them: one bare, several as a tuple. */
static enum status partition_text(const struct part_meta *m, const struct table_keys *k, struct arena *a,
                                  struct str *out, struct error *err)
{
	struct strbuf b;
	struct cursor c = cursor_of(m->partition);
	*out = STR("tuple()");
	if (k->partition_count == 0 || m->partition.size == 0)
		return OK;
	strbuf_init(&b, NULL);
	enum status st = OK;
	bool tuple = k->partition_count > 1;
	if (tuple)
		strbuf_putc(&b, '(');
	for (uint32_t i = 0; st == OK && i < k->partition_count; i++) {
		struct builder *builder = NULL;
		struct vector *v = NULL;
		if (i != 0)
			strbuf_putc(&b, ',');
		st = builder_new(NULL, type_low_cardinality(a, k->partition_types[i], false), &builder, err);
		if (st == OK)
			st = value_binary_read(&c, builder, err);
		if (st == OK)
			st = builder_finish(builder, &v, err);
		if (st == OK)
			value_write(&b, v, 0, tuple ? VALUE_QUOTED : VALUE_RAW, &value_options_default);
		builder_free(builder);
		vector_unref(v);
	}
	if (tuple)
		strbuf_putc(&b, ')');
	if (st == OK)
		*out = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return st;
}

static bool is_marks(struct str name)
{
	return str_ends_with(name, STR(".cmrk2")) || str_ends_with(name, STR(".mrk2")) || str_ends_with(name, STR(".cmrk4"))
	       || str_ends_with(name, STR(".cmrk3")) || str_ends_with(name, STR(".mrk3"));
}

static int64_t time_of(const struct vector *v)
{
	switch (v->type->id) {
	case TYPE_DATE:
		return ((const uint16_t *)v->data)[0];
	case TYPE_DATETIME:
		return ((const uint32_t *)v->data)[0];
	case TYPE_DATETIME64:
		return ((const int64_t *)v->data)[0] / (int64_t)pow10_u64(v->type->scale);
	default:
		return 0;
	}
}

/* The first column of the partition key that is a day, and the first that is a time. */
static enum status times_of(struct part *p, struct part_meta *m, const struct table_keys *k, struct part_info *out,
                            struct error *err)
{
	struct vector **ranges;
	bool day = false, time = false;
	TRY(part_load_minmax(p, m, k, &ranges, err));
	for (uint32_t i = 0; ranges != NULL && i < k->minmax_count; i++) {
		const struct type *t = k->def->columns[k->stored[k->minmax[i]]].type;
		const struct vector *v = ranges[i];
		bool is_day = t->id == TYPE_DATE, is_time = t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64;
		if (t->nullable || v->count < 2 || (is_day ? day : is_time ? time : true))
			continue;
		struct vector *greatest = NULL;
		TRY(vector_slice(NULL, v, 1, 1, &greatest, err));
		*(is_day ? &out->min_day : &out->min_time) = time_of(v);
		*(is_day ? &out->max_day : &out->max_time) = time_of(greatest);
		vector_unref(greatest);
		*(is_day ? &day : &time) = true;
	}
	return OK;
}

static enum status ttl_of(struct part *p, const struct table_keys *k, struct arena *a, struct part_info *out,
                          struct error *err)
{
	struct ttl_bounds *b = ARENA_ARRAY(a, struct ttl_bounds, k->ttl_count + 1);
	if (k->ttl_count == 0)
		return OK;
	TRY(ttl_read(k, p, b, err));
	for (uint32_t i = 0; i < k->ttl_count; i++)
		if (k->ttls[i].column == UINT32_MAX && k->ttls[i].where == NULL &&
		    k->ttls[i].rule == TTL_RULE_DELETE && b[i].min <= b[i].max) {
			out->ttl_min = b[i].min;
			out->ttl_max = b[i].max;
		}
	return OK;
}

static void count_file(const struct checksum *c, struct part_info *out)
{
	bool index = str_starts_with(c->name, STR("skp_idx_"));
	if (is_marks(c->name)) {
		*(index ? &out->index_marks : &out->marks_bytes) += c->size;
	} else if (index) {
		out->index_compressed += c->size;
		out->index_uncompressed += c->plain_size;
	} else if (str_ends_with(c->name, STR(".bin"))) {
		out->bytes_compressed += c->size;
		out->bytes_uncompressed += c->plain_size;
	} else if (str_starts_with(c->name, STR("primary."))) {
		out->primary_key_bytes += c->size;
	}
	out->hash_of_all_files.low ^= c->hash.low;
	out->hash_of_all_files.high ^= c->hash.high;
}

/* "CODEC(ZSTD(1))" of a file beside the columns. */
static enum status codec_of(struct part *p, const struct part_meta *m, struct arena *a, struct str *out,
                            struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	if (checksums_find(&m->checksums, STR("default_compression_codec.txt")) == NULL)
		return OK;
	enum status st = part_read_file(p, m, "default_compression_codec.txt", &b, err);
	struct str text = str_trim(strbuf_str(&b));
	if (st == OK && str_starts_with(text, STR("CODEC(")) && text.data[text.size - 1] == ')')
		*out = arena_str(a, str_make(text.data + 6, text.size - 7));
	strbuf_fini(&b);
	return st;
}

enum status part_info_of(struct part *p, const struct table_keys *k, struct arena *a, struct part_info *out,
                         struct error *err)
{
	struct part_meta *m;
	TRY(part_load(p, storage_session(k->def->dialect), &m, err));
	char path[4096];
	part_path(p, path, sizeof path);
	*out = (struct part_info){
		.name = arena_str(a, str_of(p->name_text)),
		.partition_id = arena_str(a, p->name.partition),
		.path = p->delta != NULL ? STR("") : arena_strf(a, "%s/", path),
		.part_type = p->delta != NULL ? STR("InMemory") : m->compact ? STR("Compact") : STR("Wide"),
		.rows = p->rows,
		.marks = m->granules + 1,
		.bytes_on_disk = p->bytes_on_disk,
		.min_block = p->name.min_block,
		.max_block = p->name.max_block,
		.data_version = p->name.mutation != 0 ? p->name.mutation : p->name.min_block,
		.level = p->name.level,
		.modified_us = p->modified_us,
		.active = true,
		.default_codec = STR("LZ4"),
	};
	if (p->delta != NULL)
		return partition_text(m, k, a, &out->partition, err);
	out->files = m->checksums.count;
	for (size_t i = 0; i < m->checksums.count; i++)
		count_file(&m->checksums.files[i], out);
	TRY(codec_of(p, m, a, &out->default_codec, err));
	TRY(ttl_of(p, k, a, out, err));
	TRY(times_of(p, m, k, out, err));
	return partition_text(m, k, a, &out->partition, err);
}

enum status part_columns_of(struct part *p, const struct table_keys *k, struct arena *a, struct part_column_info **out,
                            uint32_t *count, struct error *err)
{
	struct part_meta *m;
	*count = 0;
	if (p->delta != NULL)
		return OK;
	TRY(part_load(p, storage_session(k->def->dialect), &m, err));
	*count = m->columns.count;
	*out = ARENA_ARRAY(a, struct part_column_info, *count + 1);
	for (uint32_t i = 0; i < *count; i++) {
		const struct part_column *c = &m->columns.columns[i];
		const struct column_layout *l = m->layouts[i];
		struct part_column_info *x = &(*out)[i];
		x->name = arena_str(a, c->name);
		x->type = type_name(a, c->type);
		x->sparse = c->sparse != NULL && c->sparse->sparse;
		x->substreams = ARENA_ARRAY(a, struct str, l->stream_count + 1);
		x->files = ARENA_ARRAY(a, struct str, l->stream_count + 1);
		x->substream_count = l->stream_count;
		for (uint32_t s = 0; s < l->stream_count; s++) {
			struct str file = stream_name_file(a, l->streams[s].name);
			x->substreams[s] = arena_str(a, l->streams[s].name);
			x->files[s] = m->compact ? STR("data") : file;
			if (m->compact)
				continue;
			const struct checksum *data = checksums_find(&m->checksums, arena_strf(a, "%.*s.bin", STR_ARG(file)));
			const struct checksum *marks = checksums_find(&m->checksums, arena_strf(a, "%.*s.cmrk2", STR_ARG(file)));
			x->bytes_compressed += data == NULL ? 0 : data->size;
			x->bytes_uncompressed += data == NULL ? 0 : data->plain_size;
			x->marks_bytes += marks == NULL ? 0 : marks->size;
		}
		x->bytes_on_disk = x->bytes_compressed + x->marks_bytes;
	}
	return OK;
}

enum status part_index_sizes(struct part *p, struct str index, uint64_t sizes[3], struct error *err)
{
	struct part_meta *m;
	struct strbuf stem;
	TRY(part_load(p, storage_session(DIALECT_CLICKHOUSE), &m, err));
	strbuf_init(&stem, NULL);
	strbuf_putz(&stem, "skp_idx_");
	stream_name_escape(&stem, index);
	strbuf_putc(&stem, '.');
	for (size_t i = 0; i < m->checksums.count; i++) {
		const struct checksum *c = &m->checksums.files[i];
		if (!str_starts_with(c->name, strbuf_str(&stem)))
			continue;
		sizes[is_marks(c->name) ? 2 : 0] += c->size;
		sizes[1] += is_marks(c->name) ? 0 : c->plain_size;
	}
	strbuf_fini(&stem);
	return OK;
}

void merge_info_add(struct merge_info *m)
{
	pthread_mutex_lock(&merges_mutex);
	m->next = merges;
	merges = m;
	pthread_mutex_unlock(&merges_mutex);
}

void merge_info_remove(struct merge_info *m)
{
	pthread_mutex_lock(&merges_mutex);
	struct merge_info **link = &merges;
	while (*link != m)
		link = &(*link)->next;
	*link = m->next;
	pthread_mutex_unlock(&merges_mutex);
}

void merge_info_each(void (*fn)(void *arg, const struct merge_info *m), void *arg)
{
	pthread_mutex_lock(&merges_mutex);
	for (const struct merge_info *m = merges; m != NULL; m = m->next)
		fn(arg, m);
	pthread_mutex_unlock(&merges_mutex);
}

uint32_t merge_info_count(void)
{
	uint32_t n = 0;
	pthread_mutex_lock(&merges_mutex);
	for (const struct merge_info *m = merges; m != NULL; m = m->next)
		n++;
	pthread_mutex_unlock(&merges_mutex);
	return n;
}
