// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_TTL_H
#define STORAGE_TTL_H
/*
 * TTL: when rows and column values expire. A part keeps the least and greatest expiry of each rule in ttl.txt
 * (ClickHouse's form), so that nothing is read of parts in which nothing, or everything, has expired.
 */
#include "storage/block_part.h"

/* Seconds since the epoch; of no rows: min > max. */
struct ttl_bounds {
	int64_t min, max;
};

/* bounds[k->ttl_count], over rows of stored columns; rows NULL: all `count`. Widens what is there. */
enum status ttl_bounds_of(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                          struct vector *const *stored, const uint32_t *rows, uint32_t count, struct ttl_bounds *bounds,
                          struct error *err) MUST_CHECK;
void ttl_bounds_clear(const struct table_keys *k, struct ttl_bounds *bounds);
enum status ttl_write(const struct table_keys *k, const struct ttl_bounds *bounds, struct part_writer *w,
                      struct error *err) MUST_CHECK;
/* What ttl.txt of the part says; rules that it lacks get min > max. */
enum status ttl_read(const struct table_keys *k, struct part *p, struct ttl_bounds *bounds,
                     struct error *err) MUST_CHECK;
/* The codec of the last RECOMPRESS rule that has become due for all rows of the parts; *codec stays where none has. */
enum status ttl_codec(const struct table_keys *k, struct part *const *parts, uint32_t count, int64_t now,
                      struct codec_chain *codec, struct error *err) MUST_CHECK;
/* A byte per row that the row rules have expired; *expired NULL: none. malloc'ed. */
enum status ttl_expired_rows(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                             struct vector *const *stored, uint32_t count, int64_t now, uint8_t **expired,
                             struct error *err) MUST_CHECK;
/* The same for one rule (of a column, say). */
enum status ttl_expired_by(const struct table_keys *k, const struct table_ttl *t, const struct eval_session *session,
                           struct memtrack *track, struct vector *const *stored, uint32_t count, int64_t now,
                           uint8_t *expired, bool *any, struct error *err) MUST_CHECK;

#endif
