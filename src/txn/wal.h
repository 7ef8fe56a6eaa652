// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_WAL_H
#define TXN_WAL_H
/*
 * The commit log: records in segments of preallocated, zero-filled, recycled files. Format 2 (data_format.h).
 *
 * An LSN is a position in the log as if all its segments lay one behind the other; segment <first lsn, 16 hex>.wal
 * holds [first_lsn, first_lsn + size). All integers are little-endian.
 *
 *   segment  0  8  "HDWAL002"                     record  0  4  payload bytes
 *            8  8  first_lsn                              4  4  CRC-32C of bytes 8 … and of the size
 *           16  8  size                                   8  8  lsn of this record
 *           24  8  valid_upto: what earlier segments     16  8  durable_upto when it was written
 *                  hold from here on is void             24  8  csn
 *           32  8  id of the data directory              32  8  wall clock, µs
 *           40  4  CRC-32C of bytes 0 … 39               40     payload, zeros up to a multiple of 8
 *           64     records
 *
 * A record that is not whole is a torn tail, and the end of the log, unless a later record says that it had been
 * durable: then it is corruption. A start never writes into an old segment, so no half-written record is ever behind a
 * good one.
 *
 * Not thread safe: the manager's mutex guards it. wal_write() alone runs without the mutex, one thread at a time.
 */
#include "io/file.h"
#include "txn/txn.h"

enum { WAL_SEGMENT_HEADER = 64, WAL_RECORD_HEADER = 40 };

struct wal {
	char *dir;               /* <data>/wal */
	uint64_t id;             /* of the data directory */
	uint32_t segment_max;
	struct file *file;       /* the segment that is written to */
	uint64_t first_lsn, size;
	bool sealed;             /* a next segment may be on disk that says where this one ends: nothing more goes into it */
	uint64_t end_lsn;        /* of what was appended */
	uint64_t durable_lsn;
	struct strbuf pending;   /* [pending_lsn, end_lsn): appended, not handed to wal_write yet */
	struct strbuf inflight;  /* [inflight_lsn, …): being written */
	uint64_t pending_lsn, inflight_lsn;
	struct memtrack *track;
};

struct wal_record {
	uint64_t lsn, end_lsn, csn;
	int64_t wall_us;
	struct str payload;
};

/*
 * Reads all segments of `dir` from `from_lsn` on and calls fn for every record, in order; stops before recover_to (0:
 * off). *end receives where the good log ends. E_CORRUPTED_DATA names segment and offset.
 */
enum status wal_replay(const char *dir, uint64_t id, uint64_t from_lsn, uint64_t recover_to,
                       enum status (*fn)(void *arg, const struct wal_record *r, struct error *err), void *arg,
                       uint64_t *end, struct error *err) MUST_CHECK;
/* Starts a new segment behind all that exist; the log before it counts up to valid_upto. */
enum status wal_open(struct wal *w, const char *dir, uint64_t id, uint64_t valid_upto, uint32_t segment_max,
                     struct memtrack *track, struct error *err) MUST_CHECK;
void wal_close(struct wal *w);
/* Whether a record with this payload needs wal_switch() first. */
bool wal_needs_switch(const struct wal *w, size_t payload);
/* Starts the next segment. Everything appended is durable. `payload`: what must fit in. */
enum status wal_switch(struct wal *w, size_t payload, struct error *err) MUST_CHECK;
/* Gathers a record in memory; it fits. *end_lsn: durable when durable_lsn has reached it. */
enum status wal_append(struct wal *w, uint64_t csn, int64_t wall_us, struct str payload, uint64_t *end_lsn,
                       struct error *err) MUST_CHECK;
/* Moves pending to inflight, which is empty; false when nothing is pending. */
bool wal_take(struct wal *w);
/* Writes inflight and syncs it. */
enum status wal_write(struct wal *w, struct error *err) MUST_CHECK;
/* After a good wal_write. */
void wal_written(struct wal *w);
/*
 * After a failed one: poisons the segment, opens another whose header declares the log valid up to durable_lsn, and
 * puts into it again the records up to `keep_csn`, durably; all later ones are dropped.
 */
enum status wal_repair(struct wal *w, uint64_t keep_csn, struct error *err) MUST_CHECK;
/* Recycles or removes segments that hold nothing from lsn on. Errors are logged only. */
void wal_release(struct wal *w, uint64_t lsn);

#endif
