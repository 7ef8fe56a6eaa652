// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
/*
 * Arena: memory with one lifetime (server, session, statement, task or batch), freed as a whole.
 *
 * For the control plane: AST, plans, names, descriptions. Memory comes zeroed and 16-byte aligned, and allocation never
 * returns NULL, so that parser and planner read without null checks; their input limits bound it. What passes the
 * arena's soft limit sets `over_limit`, which the owner of an unbounded loop polls. The data plane (columns, hash
 * tables, buffers) uses buffer.h and the tracker instead. One thread at a time.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/memtrack.h"
#include "base/str.h"

struct arena_chunk;
struct arena_deferred;

struct arena {
	struct arena_chunk *chunks;  /* newest first */
	char *at, *end;              /* free space of the newest chunk */
	size_t total_bytes;          /* taken from the system */
	size_t limit_bytes;          /* soft; 0: none */
	size_t first_bytes;          /* of the next first chunk, at least: what arena_reuse() has seen used */
	bool over_limit;
	struct memtrack *track;      /* charged without limit; may be NULL */
	struct arena_deferred *deferred; /* newest first */
};

void arena_init(struct arena *a, struct memtrack *track);
/* Frees everything; the arena may be used again. */
void arena_reset(struct arena *a);
/* Forgets everything, too, but keeps memory for the next time: where a loop fills and empties it. */
void arena_reuse(struct arena *a);
void arena_fini(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);
/* Not zeroed: for large arrays that are filled at once. */
void *arena_raw(struct arena *a, size_t size);
/* Calls fn(arg) when the arena is reset or ended, newest first, before its memory goes: for references it holds. */
void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg);
#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_RAW(a, T, n) ((T *)arena_raw((a), sizeof(T) * (size_t)(n)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))
void *arena_copy(struct arena *a, const void *from, size_t size);

/* NUL-terminated copies. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t size);
struct str arena_str(struct arena *a, struct str s);
struct str arena_strf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str arena_vstrf(struct arena *a, const char *fmt, va_list ap);

/*
 * Room for one more element in a growing array: returns the array to use, moved when it was full. `count` is how many
 * elements are in use, `*capacity` is kept by this function and starts at 0 with a NULL array.
 */
void *arena_grow(struct arena *a, void *array, size_t count, size_t *capacity, size_t element_size);
#define ARENA_PUSH(a, array, count, capacity, value) \
	((array) = arena_grow((a), (array), (count), &(capacity), sizeof *(array)), (array)[(count)++] = (value))

#endif
