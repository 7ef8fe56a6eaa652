// SPDX-License-Identifier: Apache-2.0
#include "storage/part_writer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/strmap.h"
#include "io/file_stream.h"
#include "storage/stream_name.h"
#include "storage/value_binary.h"

/* One file of a wide column. */
struct out_stream {
	struct file_writer file;
	struct frame_writer frames;
	struct strbuf marks;
	bool open;
};

/* Compact: all streams of one codec, in data.bin. */
struct shared_writer {
	struct codec_chain chain;
	struct frame_writer frames;
};

struct part_writer {
	struct arena arena;
	struct part_spec spec;
	char *dir;
	struct column_layout **layouts;
	struct checksums checksums;
	struct strmap written;           /* wide: streams that are there, for shared lengths */
	struct strbuf keys;              /* primary index, plain */
	uint64_t granules;
	uint64_t bytes_on_disk, bytes_plain;

	/* wide: the open column */
	uint32_t column;
	struct out_stream *streams;
	struct frame_writer **frames;
	bool *only;
	struct frame_mark *marks;
	struct serial_writer *serial;
	uint64_t column_granules;

	/* compact */
	struct file_writer data;
	bool data_open;
	struct strbuf data_marks;
	struct shared_writer **shared;   /* pointers: frame writers do not move */
	size_t shared_count, shared_capacity;
	struct frame_writer *current;
	struct frame_writer ***column_frames; /* per column, per stream */
	struct serial_writer **serials;
};

static void path_of(const struct part_writer *w, const char *name, char *to, size_t size)
{
	snprintf(to, size, "%s/%s", w->dir, name);
}

static enum status make_layouts(struct part_writer *w, struct error *err)
{
	struct layout_options o = {
		.compact = w->spec.compact,
		.classic_strings = w->spec.classic,
		.arena = &w->arena,
		.session = w->spec.session,
	};
	uint32_t n = w->spec.columns.count;
	w->layouts = ARENA_ARRAY(&w->arena, struct column_layout *, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct part_column *c = &w->spec.columns.columns[i];
		TRY(column_layout_new(&o, c->name, c->type, c->sparse, &w->layouts[i], err));
	}
	return OK;
}

/* The chain that stream `s` of a column is written with. */
static enum status stream_chain(const struct part_writer *w, uint32_t column, const struct stream_def *s,
                                struct codec_chain *out, struct error *err)
{
	struct str text = w->spec.codecs != NULL ? w->spec.codecs[column] : (struct str){0};
	*out = w->spec.default_codec;
	if (text.size == 0)
		return OK;
	struct codec_chain chain;
	TRY(codec_chain_parse(text, type_codec_value(s->type), true, &chain, err));
	chain = codec_chain_resolve(&chain, &w->spec.default_codec);
	*out = s->kind == STREAM_VALUES ? chain : codec_chain_generic(&chain, &w->spec.default_codec);
	return OK;
}

/* What else a stream may be written with where its column has no codec of its own; count 0: nothing. */
static struct codec_chain other_chain(const struct part_writer *w, uint32_t column, const struct stream_def *s,
                                      const struct codec_chain *chain)
{
	if (!w->spec.adaptive_codecs || (w->spec.codecs != NULL && w->spec.codecs[column].size != 0))
		return (struct codec_chain){.count = 0};
	if (s->kind == STREAM_SIZES || s->kind == STREAM_STRING_SIZES)
		return codec_chain_cropped(chain, (struct codec_value){CODEC_VALUE_UINT, 8});
	if (s->kind != STREAM_VALUES)
		return (struct codec_chain){.count = 0};
	return codec_chain_cropped(chain, type_codec_value(s->type));
}

static enum status open_compact(struct part_writer *w, struct error *err)
{
	char path[4096];
	path_of(w, "data.bin", path, sizeof path);
	TRY(file_writer_open(&w->data, path, true, w->spec.track, err));
	w->data_open = true;
	uint32_t n = w->spec.columns.count;
	w->column_frames = ARENA_ARRAY(&w->arena, struct frame_writer **, n);
	w->serials = ARENA_ARRAY(&w->arena, struct serial_writer *, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct column_layout *l = w->layouts[i];
		w->column_frames[i] = ARENA_ARRAY(&w->arena, struct frame_writer *, l->stream_count);
		for (uint32_t k = 0; k < l->stream_count; k++) {
			struct codec_chain chain;
			TRY(stream_chain(w, i, &l->streams[k], &chain, err));
			struct shared_writer *found = NULL;
			for (size_t j = 0; j < w->shared_count && found == NULL; j++)
				if (codec_chain_equal(&w->shared[j]->chain, &chain))
					found = w->shared[j];
			if (found == NULL) {
				found = ARENA_NEW(&w->arena, struct shared_writer);
				found->chain = chain;
				TRY(frame_writer_init(&found->frames, file_writer_sink(&w->data), &chain, 0, 0, false, w->spec.track, err));
				ARENA_PUSH(&w->arena, w->shared, w->shared_count, w->shared_capacity, found);
			}
			w->column_frames[i][k] = &found->frames;
		}
		TRY(serial_writer_new(l, w->column_frames[i], &w->current, w->spec.track, &w->serials[i], err));
	}
	return OK;
}

enum status part_writer_new(const struct part_spec *spec, struct part_writer **out, struct error *err)
{
	struct part_writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&w->arena, spec->track);
	w->spec = *spec;
	w->dir = arena_strdup(&w->arena, spec->dir);
	w->spec.columns.sized_strings = w->spec.columns.sized_nested_strings = !spec->classic;
	strmap_init(&w->written, &w->arena, false);
	strbuf_init(&w->keys, spec->track);
	strbuf_init(&w->data_marks, spec->track);
	enum status st = file_mkdir(w->dir, err);
	if (st != OK) {
		arena_fini(&w->arena);
		free(w);
		return st;
	}
	st = make_layouts(w, err);
	if (st == OK && spec->compact)
		st = open_compact(w, err);
	if (st != OK) {
		part_writer_abort(w);
		return st;
	}
	*out = w;
	return OK;
}

static void close_column(struct part_writer *w)
{
	serial_writer_free(w->serial);
	w->serial = NULL;
	if (w->streams == NULL)
		return;
	for (uint32_t i = 0; i < w->layouts[w->column]->stream_count; i++) {
		struct out_stream *s = &w->streams[i];
		if (!s->open)
			continue;
		frame_writer_fini(&s->frames);
		file_writer_abort(&s->file);
		strbuf_fini(&s->marks);
	}
	free(w->streams);
	w->streams = NULL;
}

static void writer_free(struct part_writer *w)
{
	close_column(w);
	if (w->serials != NULL)
		for (uint32_t i = 0; i < w->spec.columns.count; i++)
			serial_writer_free(w->serials[i]);
	for (size_t i = 0; i < w->shared_count; i++)
		frame_writer_fini(&w->shared[i]->frames);
	if (w->data_open)
		file_writer_abort(&w->data);
	strbuf_fini(&w->keys);
	strbuf_fini(&w->data_marks);
	arena_fini(&w->arena);
	free(w);
}

void part_writer_abort(struct part_writer *w)
{
	if (w == NULL)
		return;
	struct error ignored;
	error_init(&ignored);
	char dir[4096];
	snprintf(dir, sizeof dir, "%s", w->dir);
	writer_free(w);
	(void)!file_remove_tree(dir, &ignored);
}

static void put_mark(struct strbuf *to, struct frame_mark m)
{
	strbuf_put_le(to, m.frame_offset, 8);
	strbuf_put_le(to, m.block_offset, 8);
}

/* ---- files ---- */

static void note_file(struct part_writer *w, struct checksum c)
{
	c.name = arena_str(&w->arena, c.name);
	checksums_add(&w->arena, &w->checksums, c);
	w->bytes_on_disk += c.size;
	w->bytes_plain += c.compressed ? c.plain_size : c.size;
}

/* `frame` NULL: as they are. */
static enum status write_small(struct part_writer *w, const char *name, struct str bytes,
                               const struct codec_chain *frame, bool checksum, struct error *err)
{
	char path[4096];
	path_of(w, name, path, sizeof path);
	struct strbuf framed;
	strbuf_init(&framed, NULL);
	struct checksum c = {.name = str_of(name), .size = bytes.size};
	struct stream_hash h;
	enum status st = OK;
	if (frame != NULL) {
		stream_hash_init(&h);
		stream_hash_update(&h, bytes.data, bytes.size);
		c.compressed = true;
		c.plain_size = bytes.size;
		c.plain_hash = stream_hash_value(&h);
		for (size_t at = 0; st == OK && at < bytes.size; at += FRAME_BLOCK_MAX) {
			size_t n = bytes.size - at < FRAME_BLOCK_MAX ? bytes.size - at : FRAME_BLOCK_MAX;
			st = frame_encode(frame, bytes.data + at, n, &framed, err);
		}
		bytes = strbuf_str(&framed);
		c.size = bytes.size;
	}
	stream_hash_init(&h);
	stream_hash_update(&h, bytes.data, bytes.size);
	c.hash = stream_hash_value(&h);
	if (st == OK)
		st = file_write_all(path, bytes.data, bytes.size, true, err);
	if (st == OK && checksum)
		note_file(w, c);
	strbuf_fini(&framed);
	return st;
}

enum status part_writer_add_file(struct part_writer *w, const char *name, struct str bytes, struct error *err)
{
	return write_small(w, name, bytes, NULL, true, err);
}

/* ---- wide ---- */

static enum status open_stream(struct part_writer *w, uint32_t column, const struct stream_def *def,
                               struct out_stream *s, struct error *err)
{
	char path[4096];
	struct codec_chain chain;
	TRY(stream_chain(w, column, def, &chain, err));
	struct str file = stream_name_file(&w->arena, def->name);
	snprintf(path, sizeof path, "%s/%.*s.bin", w->dir, STR_ARG(file));
	TRY(file_writer_open(&s->file, path, true, w->spec.track, err));
	enum status st = frame_writer_init(&s->frames, file_writer_sink(&s->file), &chain, 0, 0, true, w->spec.track, err);
	if (st != OK) {
		file_writer_abort(&s->file);
		return st;
	}
	struct codec_chain other = other_chain(w, column, def, &chain);
	frame_writer_try(&s->frames, &other);
	strbuf_init(&s->marks, w->spec.track);
	s->open = true;
	return OK;
}

enum status part_writer_column_begin(struct part_writer *w, uint32_t column, struct error *err)
{
	assert(!w->spec.compact && w->serial == NULL);
	const struct column_layout *l = w->layouts[column];
	w->column = column;
	w->column_granules = 0;
	w->streams = calloc(l->stream_count, sizeof *w->streams);
	if (w->streams == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	w->frames = ARENA_ARRAY(&w->arena, struct frame_writer *, l->stream_count);
	w->only = ARENA_ARRAY(&w->arena, bool, l->stream_count);
	w->marks = ARENA_ARRAY(&w->arena, struct frame_mark, l->stream_count);
	for (uint32_t i = 0; i < l->stream_count; i++) {
		w->frames[i] = &w->streams[i].frames;
		w->only[i] = strmap_set(&w->written, l->streams[i].name, w) == NULL;
		if (w->only[i])
			TRY(open_stream(w, column, &l->streams[i], &w->streams[i], err));
	}
	TRY(serial_writer_new(l, w->frames, NULL, w->spec.track, &w->serial, err));
	return serial_writer_begin(w->serial, err);
}

enum status part_writer_column_granule(struct part_writer *w, const struct vector *v, uint32_t from, uint32_t count,
                                       struct error *err)
{
	const struct column_layout *l = w->layouts[w->column];
	TRY(serial_write_granule(w->serial, v, from, count, w->marks, w->only, err));
	for (uint32_t i = 0; i < l->stream_count; i++) {
		if (!w->only[i])
			continue;
		put_mark(&w->streams[i].marks, w->marks[i]);
		strbuf_put_le(&w->streams[i].marks, count, 8);
	}
	w->column_granules++;
	return OK;
}

/* The last mark, which has no rows; then the file and its marks. */
static enum status finish_stream(struct part_writer *w, struct str stream, struct out_stream *s, struct error *err)
{
	struct frame_mark end;
	TRY(frame_writer_mark(&s->frames, &end, err));
	put_mark(&s->marks, end);
	strbuf_put_le(&s->marks, 0, 8);
	TRY(strbuf_status(&s->marks, err));
	TRY(frame_writer_flush(&s->frames, err));
	TRY(file_writer_close(&s->file, true, err));
	char name[256];
	struct str file = stream_name_file(&w->arena, stream);
	snprintf(name, sizeof name, "%.*s.bin", STR_ARG(file));
	note_file(w, (struct checksum){
		.name = str_of(name),
		.size = file_writer_offset(&s->file),
		.hash = file_writer_hash(&s->file),
		.compressed = true,
		.plain_size = s->frames.plain_bytes,
		.plain_hash = frame_writer_plain_hash(&s->frames),
	});
	struct codec_chain zstd = codec_chain_zstd(3);
	snprintf(name, sizeof name, "%.*s.%s", STR_ARG(file), w->spec.classic ? "mrk2" : "cmrk2");
	return write_small(w, name, strbuf_str(&s->marks), w->spec.classic ? NULL : &zstd, true, err);
}

const char *part_writer_marks_suffix(const struct part_writer *w, bool *framed)
{
	*framed = !w->spec.classic;
	return w->spec.classic ? w->spec.compact ? ".mrk3" : ".mrk2" : w->spec.compact ? ".cmrk4" : ".cmrk2";
}

enum status part_writer_column_end(struct part_writer *w, struct error *err)
{
	const struct column_layout *l = w->layouts[w->column];
	TRY(serial_writer_end(w->serial, err));
	for (uint32_t i = 0; i < l->stream_count; i++)
		if (w->only[i])
			TRY(finish_stream(w, l->streams[i].name, &w->streams[i], err));
	assert(w->column == 0 || w->granules == w->column_granules);
	w->granules = w->column_granules;
	close_column(w);
	return OK;
}

/* ---- compact ---- */

/* Classic marks (24) are one a column, of its first stream; current ones are one a stream. */
enum status part_writer_granule_column(struct part_writer *w, uint32_t column, const struct vector *v, uint32_t from,
                                       uint32_t count, struct error *err)
{
	assert(w->spec.compact);
	const struct column_layout *l = w->layouts[column];
	struct buffer *marks;
	TRY(buffer_new(NULL, l->stream_count * sizeof(struct frame_mark), &marks, err));
	struct frame_mark *m = (struct frame_mark *)marks->data;
	enum status st = serial_write_granule(w->serials[column], v, from, count, m, NULL, err);
	for (uint32_t i = 0; st == OK && i < l->stream_count; i++)
		if (!w->spec.classic || i == 0)
			put_mark(&w->data_marks, m[i]);
	buffer_unref(marks);
	if (column + 1 == w->spec.columns.count) {
		strbuf_put_le(&w->data_marks, count, 8);
		w->granules++;
	}
	return st;
}

static enum status finish_compact(struct part_writer *w, struct error *err)
{
	/* the last mark: the end of the file for every stream, no rows */
	uint64_t end = w->current == NULL ? 0 : w->current->frame_offset;
	for (uint32_t i = 0; i < w->spec.columns.count; i++)
		for (uint32_t k = 0; k < (w->spec.classic ? 1 : w->layouts[i]->stream_count); k++)
			put_mark(&w->data_marks, (struct frame_mark){end, 0});
	strbuf_put_le(&w->data_marks, 0, 8);
	TRY(strbuf_status(&w->data_marks, err));
	w->data_open = false;
	TRY(file_writer_close(&w->data, true, err));
	uint64_t plain = 0;
	for (size_t i = 0; i < w->shared_count; i++)
		plain += w->shared[i]->frames.plain_bytes;
	note_file(w, (struct checksum){
		.name = STR("data.bin"),
		.size = file_writer_offset(&w->data),
		.hash = file_writer_hash(&w->data),
	});
	w->bytes_plain += plain - file_writer_offset(&w->data);
	struct codec_chain zstd = codec_chain_zstd(3);
	return write_small(w, w->spec.classic ? "data.mrk3" : "data.cmrk4", strbuf_str(&w->data_marks),
	                   w->spec.classic ? NULL : &zstd, true, err);
}

/* ---- the end ---- */

void part_writer_key(struct part_writer *w, const struct vector *const *keys, uint32_t key_count, uint32_t row)
{
	for (uint32_t i = 0; i < key_count; i++)
		value_binary_write(&w->keys, keys[i], row);
}

static enum status write_texts(struct part_writer *w, uint64_t rows, struct strbuf *b, struct error *err)
{
	columns_txt_write(&w->spec.columns, b);
	TRY(strbuf_status(b, err));
	TRY(write_small(w, "columns.txt", strbuf_str(b), NULL, false, err));
	strbuf_clear(b);
	strbuf_put_u64(b, rows);
	TRY(strbuf_status(b, err));
	TRY(write_small(w, "count.txt", strbuf_str(b), NULL, true, err));
	strbuf_clear(b);
	serialization_json_write(&w->spec.columns, rows, b);
	TRY(strbuf_status(b, err));
	TRY(write_small(w, "serialization.json", strbuf_str(b), NULL, true, err));
	if (!w->spec.classic) {
		strbuf_clear(b);
		substreams_txt_write(w->layouts, w->spec.columns.count, b);
		TRY(strbuf_status(b, err));
		TRY(write_small(w, "columns_substreams.txt", strbuf_str(b), NULL, false, err));
	}
	strbuf_clear(b);
	strbuf_putz(b, "CODEC(");
	codec_chain_print(&w->spec.default_codec, b);
	strbuf_putc(b, ')');
	TRY(strbuf_status(b, err));
	TRY(write_small(w, "default_compression_codec.txt", strbuf_str(b), NULL, false, err));
	return write_small(w, "metadata_version.txt", STR("0"), NULL, false, err);
}

enum status part_writer_finish(struct part_writer *w, uint64_t rows, struct part_written *out, struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status st = w->spec.compact ? finish_compact(w, err) : OK;
	if (st == OK)
		st = write_texts(w, rows, &b, err);
	if (st == OK)
		st = strbuf_status(&w->keys, err);
	struct codec_chain zstd = codec_chain_zstd(3);
	if (st == OK && w->keys.size != 0 && w->spec.classic)
		st = write_small(w, "primary.idx", strbuf_str(&w->keys), NULL, true, err);
	else if (st == OK && w->keys.size != 0)
		st = write_small(w, "primary.cidx", strbuf_str(&w->keys), &zstd, true, err);
	strbuf_clear(&b);
	if (st == OK)
		st = checksums_write(&w->checksums, &b, err);
	if (st == OK)
		st = write_small(w, "checksums.txt", strbuf_str(&b), NULL, false, err);
	if (st == OK)
		st = file_sync_dir(w->dir, err);
	strbuf_fini(&b);
	if (st != OK)
		return st;
	*out = (struct part_written){rows, w->granules, w->bytes_on_disk, w->bytes_plain};
	writer_free(w);
	return OK;
}
