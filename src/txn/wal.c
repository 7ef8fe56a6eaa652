// SPDX-License-Identifier: Apache-2.0
#include "txn/wal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/bits.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "txn/cursor.h"
#include "txn/data_format.h"

enum { SEGMENT_FIRST = 1 << 20, SEGMENTS_MAX = 1 << 16, SPARES_MAX = 2, HEADER_CRC_AT = 40 };
static const char segment_magic[] = "HDWAL"; /* and the format in three digits */
static const char segment_suffix[] = ".wal";

/* ---- encoding ---- */

static void put_le(uint8_t *to, uint64_t v, unsigned bytes)
{
	memcpy(to, &v, bytes);
}

static uint64_t get_le(const uint8_t *from, unsigned bytes)
{
	uint64_t v = 0;
	memcpy(&v, from, bytes);
	return v;
}

static size_t record_size(size_t payload)
{
	return (size_t)round_up_to(WAL_RECORD_HEADER + payload, 8);
}

static uint32_t record_crc(const uint8_t *record, uint32_t payload)
{
	uint32_t crc = crc32c(0, &payload, sizeof payload);
	return crc32c(crc, record + 8, WAL_RECORD_HEADER - 8 + payload);
}

static void record_seal(uint8_t *record, uint64_t lsn, uint64_t durable_upto, uint64_t csn, int64_t wall_us,
                        uint32_t payload)
{
	put_le(record, payload, 4);
	put_le(record + 8, lsn, 8);
	put_le(record + 16, durable_upto, 8);
	put_le(record + 24, csn, 8);
	put_le(record + 32, (uint64_t)wall_us, 8);
	put_le(record + 4, record_crc(record, payload), 4);
}

/* Whether a whole, untouched record with this LSN begins here. */
static bool record_valid(const uint8_t *at, size_t available, uint64_t lsn)
{
	if (available < WAL_RECORD_HEADER || get_le(at + 8, 8) != lsn)
		return false;
	uint64_t payload = get_le(at, 4);
	if (record_size(payload) > available)
		return false;
	return record_crc(at, (uint32_t)payload) == get_le(at + 4, 4);
}

/* ---- the files of the log ---- */

struct segment {
	char *path;
	uint64_t first_lsn, size, valid_upto;
};

static void segment_path(char *to, size_t size, const char *dir, uint64_t first_lsn)
{
	int n = snprintf(to, size, "%s/%016" PRIx64 "%s", dir, first_lsn, segment_suffix);
	assert(n > 0 && (size_t)n < size);
	(void)n;
}

static bool parse_segment_name(const char *name, uint64_t *first_lsn)
{
	if (strlen(name) != 16 + sizeof segment_suffix - 1 || strcmp(name + 16, segment_suffix) != 0)
		return false;
	char *end;
	*first_lsn = strtoull(name, &end, 16);
	return end == name + 16;
}

static enum status read_segment_header(struct segment *s, uint64_t id, struct error *err)
{
	uint8_t h[WAL_SEGMENT_HEADER];
	size_t got = 0;
	struct file *f;
	TRY(file_open(&f, s->path, FILE_READ, err));
	enum status st = file_read_at(f, h, sizeof h, 0, &got, err);
	file_drop(f);
	TRY(st);
	size_t magic = sizeof segment_magic - 1;
	uint64_t format = data_format_digits((const char *)h + magic, 3);
	if (got == sizeof h && memcmp(h, segment_magic, magic) == 0 && format != UINT64_MAX)
		TRY(data_format_check(format, s->path, err));
	if (got < sizeof h || memcmp(h, segment_magic, magic) != 0 || format == UINT64_MAX
	    || crc32c(0, h, HEADER_CRC_AT) != get_le(h + HEADER_CRC_AT, 4) || get_le(h + 8, 8) != s->first_lsn)
		return ERR(err, E_CORRUPTED_DATA, "the commit log's segment %s has a damaged header", s->path);
	if (get_le(h + 32, 8) != id) /* what another server acknowledged must not be taken for ours */
		return ERR(err, E_CORRUPTED_DATA, "the commit log's segment %s belongs to another data directory", s->path);
	s->size = get_le(h + 16, 8);
	s->valid_upto = get_le(h + 24, 8);
	return OK;
}

/*
 * Ascending by first_lsn, since names sort so. Those with a bad header are left out when `lenient`, and where the next
 * one begins at or before from_lsn: such a one is not needed, and may be a spare on its way back.
 */
static enum status list_segments(const char *dir, uint64_t id, bool lenient, uint64_t from_lsn, struct arena *a,
                                 struct segment **out, size_t *count, struct error *err)
{
	struct file_entry *entries;
	size_t n, kept = 0;
	TRY(file_list(dir, a, &entries, &n, err));
	*out = ARENA_ARRAY(a, struct segment, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct segment s = {0};
		if (!parse_segment_name(entries[i].name, &s.first_lsn))
			continue;
		s.path = (char *)arena_strf(a, "%s/%s", dir, entries[i].name).data;
		uint64_t next_lsn;
		bool needless = lenient || (i + 1 < n && parse_segment_name(entries[i + 1].name, &next_lsn) && next_lsn <= from_lsn);
		struct error ignored;
		error_init(&ignored);
		enum status st = read_segment_header(&s, id, needless ? &ignored : err);
		if (st == OK)
			(*out)[kept++] = s;
		else if (!needless)
			return st;
	}
	*count = kept;
	return OK;
}

/* ---- replay ---- */

struct replay {
	enum status (*fn)(void *arg, const struct wal_record *r, struct error *err);
	void *arg;
	uint64_t from_lsn, recover_to, end;
	uint64_t durable_upto;   /* as the records say */
	bool stopped;
};

/* Whether a record behind `from` says that what is at `lsn` had reached the disk. */
static bool was_durable(const uint8_t *bytes, size_t size, uint64_t first_lsn, size_t from)
{
	uint64_t lsn = first_lsn + from;
	for (size_t at = from + 8; at + WAL_RECORD_HEADER <= size; at += 8)
		if (get_le(bytes + at + 8, 8) == first_lsn + at && record_valid(bytes + at, size - at, first_lsn + at)
		    && get_le(bytes + at + 16, 8) > lsn)
			return true;
	return false;
}

static enum status cut_segment(const struct segment *s, size_t at, size_t size, uint64_t lsn, struct error *err)
{
	enum status st = ERR(err, E_CORRUPTED_DATA, "the commit log is cut: segment %s has %zu of %" PRIu64
	                     " bytes, and its whole records end at offset %zu (LSN %" PRIu64 ")", s->path, size, s->size,
	                     at, lsn);
	error_hint(err, "Start with --recover-to %" PRIu64 " to give up everything from there on.", lsn);
	return st;
}

static enum status replay_bytes(struct replay *p, const struct segment *s, const uint8_t *bytes, size_t size,
                                uint64_t limit, struct error *err)
{
	size_t at = WAL_SEGMENT_HEADER;
	if (p->from_lsn > s->first_lsn + at) {
		if (p->from_lsn - s->first_lsn > size)
			return OK;
		at = (size_t)(p->from_lsn - s->first_lsn);
	}
	while (true) {
		uint64_t lsn = s->first_lsn + at;
		p->end = lsn;
		if (lsn >= limit)
			return OK;
		if (p->recover_to != 0 && lsn >= p->recover_to) {
			p->stopped = true;
			return OK;
		}
		if (!record_valid(bytes + at, size - at, lsn)) {
			if (size < s->size) /* a segment has its whole length before it has its name */
				return cut_segment(s, at, size, lsn, err);
			if (limit != UINT64_MAX || was_durable(bytes, size, s->first_lsn, at)) {
				enum status st = ERR(err, E_CORRUPTED_DATA,
				                     "the commit log is damaged: segment %s, offset %zu (LSN %" PRIu64 ")", s->path, at, lsn);
				error_hint(err, "Start with --recover-to %" PRIu64 " to give up everything from there on.", lsn);
				return st;
			}
			if (size - at >= WAL_RECORD_HEADER && get_le(bytes + at + 8, 8) == lsn)
				LOG(LOG_WARNING, "txn", "the commit log ends in a record that is not whole: segment %s, offset %zu "
				    "(LSN %" PRIu64 ", commit %" PRIu64 ")", s->path, at, lsn, get_le(bytes + at + 24, 8));
			return OK;
		}
		const uint8_t *r = bytes + at;
		uint64_t payload = get_le(r, 4);
		struct wal_record record = {
			.lsn = lsn,
			.end_lsn = lsn + record_size(payload),
			.csn = get_le(r + 24, 8),
			.wall_us = (int64_t)get_le(r + 32, 8),
			.payload = {(const char *)r + WAL_RECORD_HEADER, payload},
		};
		TRY(p->fn(p->arg, &record, err));
		p->durable_upto = get_le(r + 16, 8);
		at += record_size(payload);
	}
}

/*
 * The last records were read, but may be in the system's cache only: the process ended before its sync, or the sync
 * failed, after which no other one helps. The next segment will say that they count, so they are written once more.
 */
static enum status secure_tail(const struct replay *p, const struct segment *s, const char *bytes, struct error *err)
{
	uint64_t from = p->durable_upto > s->first_lsn + WAL_SEGMENT_HEADER ? p->durable_upto
	                                                                    : s->first_lsn + WAL_SEGMENT_HEADER;
	if (p->end <= from)
		return OK;
	struct file *f;
	TRY(file_open(&f, s->path, FILE_READ | FILE_WRITE, err));
	enum status st = file_write_at(f, bytes + (from - s->first_lsn), p->end - from, from - s->first_lsn, err);
	if (st == OK)
		st = file_sync_data(f, err);
	file_drop(f);
	return st;
}

static enum status replay_segment(struct replay *p, const struct segment *s, uint64_t limit, struct error *err)
{
	struct strbuf bytes;
	strbuf_init(&bytes, NULL);
	enum status st = file_read_all(s->path, SIZE_MAX, &bytes, err);
	if (st == OK)
		st = replay_bytes(p, s, (const uint8_t *)bytes.data, bytes.size, limit, err);
	if (st == OK && limit == UINT64_MAX)
		st = secure_tail(p, s, bytes.data, err);
	strbuf_fini(&bytes);
	return st;
}

/* The segment where the MANIFEST leaves off is never removed by this program. */
static enum status check_begin(const char *dir, const struct segment *s, size_t n, uint64_t from_lsn, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (s[i].first_lsn <= from_lsn && from_lsn <= s[i].first_lsn + s[i].size)
			return OK;
	if (from_lsn == 0)
		return OK;
	enum status st = ERR(err, E_CORRUPTED_DATA, "a segment of the commit log is missing: none in %s holds LSN %" PRIu64
	                     ", where the MANIFEST ends", dir, from_lsn);
	error_hint(err, "Start with --recover-to %" PRIu64 " to go on with what the MANIFEST has.", from_lsn);
	return st;
}

enum status wal_replay(const char *dir, uint64_t id, uint64_t from_lsn, uint64_t recover_to,
                       enum status (*fn)(void *arg, const struct wal_record *r, struct error *err), void *arg,
                       uint64_t *end, struct error *err)
{
	struct arena a;
	arena_init(&a, NULL);
	struct replay p = {.fn = fn, .arg = arg, .from_lsn = from_lsn, .recover_to = recover_to, .end = from_lsn};
	struct segment *s = NULL;
	size_t n = 0;
	enum status st = list_segments(dir, id, recover_to != 0, from_lsn, &a, &s, &n, err);
	if (st == OK && recover_to == 0)
		st = check_begin(dir, s, n, from_lsn, err);
	for (size_t i = 0; st == OK && i < n && !p.stopped; i++) {
		/* what a later segment declares void is not looked at */
		uint64_t limit = UINT64_MAX;
		for (size_t j = i + 1; j < n; j++)
			if (s[j].valid_upto < limit)
				limit = s[j].valid_upto;
		if (s[i].first_lsn + s[i].size <= from_lsn || s[i].first_lsn >= limit)
			continue;
		st = replay_segment(&p, &s[i], limit, err);
	}
	*end = p.end;
	arena_fini(&a);
	return st;
}

/* ---- writing ---- */

/* A file of exactly `size` bytes at `path`: a spare one where one of that size is there. */
static enum status make_file(struct wal *w, const char *path, uint64_t size, struct error *err)
{
	char spare[4096];
	for (int i = 0; i < SPARES_MAX; i++) {
		struct file_info info;
		snprintf(spare, sizeof spare, "%s/spare%d", w->dir, i);
		if (!file_exists(spare) || file_stat(spare, &info, NULL) != OK || info.size != size)
			continue;
		return file_rename(spare, path, err);
	}
	struct file *f;
	TRY(file_open(&f, path, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE, err));
	enum status st = file_fill_zero(f, 0, size, err);
	if (st == OK)
		st = file_sync(f, err);
	if (st == OK)
		return file_close(f, err);
	file_drop(f);
	struct error ignored;
	error_init(&ignored);
	if (file_unlink(path, &ignored) != OK)
		LOG(LOG_WARNING, "txn", "%s", ignored.message);
	return st;
}

/* The header is on disk before the segment has its name, so a named segment always has one. */
static enum status start_segment(struct wal *w, uint64_t first_lsn, size_t payload, uint64_t valid_upto,
                                 struct error *err)
{
	uint64_t size = w->size == 0 ? SEGMENT_FIRST : w->size * 2;
	uint64_t need = WAL_SEGMENT_HEADER + record_size(payload);
	if (size > w->segment_max)
		size = w->segment_max;
	if (size < need)
		size = round_up_to(need, 4096);
	char next[4096], path[4096];
	snprintf(next, sizeof next, "%s/next", w->dir);
	segment_path(path, sizeof path, w->dir, first_lsn);
	TRY(make_file(w, next, size, err));
	uint8_t h[WAL_SEGMENT_HEADER] = {0};
	char magic[16];
	snprintf(magic, sizeof magic, "%s%03d", segment_magic, DATA_FORMAT);
	memcpy(h, magic, 8);
	put_le(h + 8, first_lsn, 8);
	put_le(h + 16, size, 8);
	put_le(h + 24, valid_upto, 8);
	put_le(h + 32, w->id, 8);
	put_le(h + HEADER_CRC_AT, crc32c(0, h, HEADER_CRC_AT), 4);
	struct file *f;
	TRY(file_open(&f, next, FILE_READ | FILE_WRITE, err));
	enum status st = file_write_at(f, h, sizeof h, 0, err);
	if (st == OK)
		st = file_sync(f, err);
	if (st == OK) {
		w->sealed = true;
		st = file_rename(next, path, err);
	}
	if (st == OK)
		st = file_sync_dir(w->dir, err);
	if (st != OK) {
		file_drop(f);
		return st;
	}
	w->sealed = false;
	file_drop(w->file);
	w->file = f;
	w->first_lsn = first_lsn;
	w->size = size;
	w->end_lsn = w->durable_lsn = w->pending_lsn = first_lsn + WAL_SEGMENT_HEADER;
	return OK;
}

enum status wal_open(struct wal *w, const char *dir, uint64_t id, uint64_t valid_upto, uint32_t segment_max,
                     struct memtrack *track, struct error *err)
{
	memset(w, 0, sizeof *w);
	w->dir = strdup(dir);
	if (w->dir == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	w->id = id;
	w->segment_max = segment_max;
	w->track = track;
	strbuf_init(&w->pending, track);
	strbuf_init(&w->inflight, track);
	struct arena a;
	arena_init(&a, NULL);
	struct segment *s;
	size_t n = 0;
	/* behind every segment, valid or not, so that no LSN is ever given twice */
	uint64_t first = round_up_to(valid_upto, 8);
	enum status st = list_segments(dir, id, true, 0, &a, &s, &n, err);
	for (size_t i = 0; st == OK && i < n; i++)
		if (s[i].first_lsn + s[i].size > first)
			first = s[i].first_lsn + s[i].size;
	arena_fini(&a);
	if (st == OK)
		st = start_segment(w, first, 0, valid_upto, err);
	if (st != OK)
		wal_close(w);
	return st;
}

void wal_close(struct wal *w)
{
	file_drop(w->file);
	strbuf_fini(&w->pending);
	strbuf_fini(&w->inflight);
	free(w->dir);
	memset(w, 0, sizeof *w);
}

bool wal_needs_switch(const struct wal *w, size_t payload)
{
	return w->sealed || w->end_lsn + record_size(payload) > w->first_lsn + w->size;
}

enum status wal_switch(struct wal *w, size_t payload, struct error *err)
{
	assert(w->durable_lsn == w->end_lsn);
	return start_segment(w, w->first_lsn + w->size, payload, w->end_lsn, err);
}

enum status wal_append(struct wal *w, uint64_t csn, int64_t wall_us, struct str payload, uint64_t *end_lsn,
                       struct error *err)
{
	assert(!wal_needs_switch(w, payload.size));
	size_t size = record_size(payload.size);
	if (payload.size > UINT32_MAX || !strbuf_reserve(&w->pending, size))
		return ERR(err, E_MEMORY_LIMIT, "no memory for a record of the commit log");
	uint8_t *r = (uint8_t *)w->pending.data + w->pending.size;
	memset(r, 0, WAL_RECORD_HEADER);
	memcpy(r + WAL_RECORD_HEADER, payload.data, payload.size);
	memset(r + WAL_RECORD_HEADER + payload.size, 0, size - WAL_RECORD_HEADER - payload.size);
	record_seal(r, w->end_lsn, w->durable_lsn, csn, wall_us, (uint32_t)payload.size);
	w->pending.size += size;
	w->end_lsn += size;
	*end_lsn = w->end_lsn;
	return OK;
}

bool wal_take(struct wal *w)
{
	assert(w->inflight.size == 0);
	if (w->pending.size == 0)
		return false;
	struct strbuf empty = w->inflight;
	w->inflight = w->pending;
	w->inflight_lsn = w->pending_lsn;
	w->pending = empty;
	w->pending_lsn = w->end_lsn;
	return true;
}

enum status wal_write(struct wal *w, struct error *err)
{
	TRY(file_write_at(w->file, w->inflight.data, w->inflight.size, w->inflight_lsn - w->first_lsn, err));
	return file_sync_data(w->file, err);
}

void wal_written(struct wal *w)
{
	w->durable_lsn = w->inflight_lsn + w->inflight.size;
	strbuf_clear(&w->inflight);
}

/* Writes records [0, keep) of `bytes` into the fresh segment. */
static enum status rewrite(struct wal *w, const struct strbuf *bytes, uint64_t keep_csn, struct error *err)
{
	for (size_t at = 0; at < bytes->size;) {
		const uint8_t *r = (const uint8_t *)bytes->data + at;
		uint64_t payload = get_le(r, 4), end, csn = get_le(r + 24, 8);
		if (csn > keep_csn)
			break;
		struct str body = {(const char *)r + WAL_RECORD_HEADER, payload};
		TRY(wal_append(w, csn, (int64_t)get_le(r + 32, 8), body, &end, err));
		at += record_size(payload);
	}
	return OK;
}

enum status wal_repair(struct wal *w, uint64_t keep_csn, struct error *err)
{
	struct strbuf lost = w->inflight, later = w->pending;
	strbuf_init(&w->inflight, w->track);
	strbuf_init(&w->pending, w->track);
	enum status st = start_segment(w, w->first_lsn + w->size, lost.size + later.size, w->durable_lsn, err);
	if (st == OK)
		st = rewrite(w, &lost, keep_csn, err);
	if (st == OK)
		st = rewrite(w, &later, keep_csn, err);
	if (st == OK && wal_take(w)) {
		st = wal_write(w, err);
		if (st == OK)
			wal_written(w);
	}
	strbuf_fini(&lost);
	strbuf_fini(&later);
	return st;
}

static bool keep_as_spare(struct wal *w, const struct segment *s)
{
	char spare[4096];
	for (int i = 0; s->size == w->segment_max && i < SPARES_MAX; i++) {
		snprintf(spare, sizeof spare, "%s/spare%d", w->dir, i);
		if (!file_exists(spare) && file_rename(s->path, spare, NULL) == OK)
			return true;
	}
	return false;
}

void wal_release(struct wal *w, uint64_t lsn)
{
	struct arena a;
	arena_init(&a, NULL);
	struct segment *s;
	size_t n = 0;
	struct error err;
	error_init(&err);
	enum status st = list_segments(w->dir, w->id, true, 0, &a, &s, &n, &err);
	for (size_t i = 0; st == OK && i < n; i++) {
		if (s[i].first_lsn == w->first_lsn || s[i].first_lsn + s[i].size > lsn)
			continue;
		if (!keep_as_spare(w, &s[i]) && file_unlink(s[i].path, &err) != OK)
			st = err.status;
	}
	if (st == OK)
		st = file_sync_dir(w->dir, &err);
	if (st != OK)
		LOG(LOG_WARNING, "txn", "cannot free segments of the commit log: %s", err.message);
	arena_fini(&a);
}
