// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_MIN = 4096, CHUNK_MAX = 1 << 20, REUSE_MAX = 4 << 20, ALIGN = 16 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
};

struct arena_deferred {
	struct arena_deferred *next;
	void (*fn)(void *arg);
	void *arg;
};

static_assert(sizeof(struct arena_chunk) % ALIGN == 0, "chunk header keeps the alignment");

void arena_init(struct arena *a, struct memtrack *track)
{
	memset(a, 0, sizeof *a);
	a->track = track;
}

static void run_deferred(struct arena *a)
{
	while (a->deferred != NULL) {
		struct arena_deferred *d = a->deferred;
		a->deferred = d->next;
		d->fn(d->arg);
	}
}

void arena_reset(struct arena *a)
{
	run_deferred(a);
	while (a->chunks != NULL) {
		struct arena_chunk *c = a->chunks;
		a->chunks = c->next;
		free(c);
	}
	if (a->track != NULL)
		memtrack_release(a->track, (int64_t)a->total_bytes);
	a->at = a->end = NULL;
	a->total_bytes = 0;
	a->over_limit = false;
}

void arena_reuse(struct arena *a)
{
	if (a->chunks == NULL || a->chunks->next != NULL || a->total_bytes > REUSE_MAX) {
		a->first_bytes = a->total_bytes < REUSE_MAX ? a->total_bytes : REUSE_MAX;
		arena_reset(a);
		return;
	}
	run_deferred(a);
	a->at = (char *)(a->chunks + 1);
}

void arena_fini(struct arena *a)
{
	arena_reset(a);
}

/* A fresh chunk of at least `need` bytes. The system refusing a small allocation leaves nothing sensible to do: the
 * limits of the data plane have failed long before that. */
static void add_chunk(struct arena *a, size_t need)
{
	size_t size = a->total_bytes < CHUNK_MIN ? CHUNK_MIN : a->total_bytes > CHUNK_MAX ? CHUNK_MAX : a->total_bytes;
	if (size < need + sizeof(struct arena_chunk))
		size = need + sizeof(struct arena_chunk);
	if (a->chunks == NULL && size < a->first_bytes)
		size = a->first_bytes;
	struct arena_chunk *c = malloc(size);
	if (c == NULL) {
		fputs("out of memory for control structures\n", stderr);
		abort();
	}
	c->next = a->chunks;
	c->size = size;
	a->chunks = c;
	a->at = (char *)(c + 1);
	a->end = (char *)c + size;
	a->total_bytes += size;
	if (a->track != NULL)
		memtrack_force(a->track, (int64_t)size);
	if (a->limit_bytes != 0 && a->total_bytes > a->limit_bytes)
		a->over_limit = true;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p = arena_raw(a, size);
	if (size != 0)
		memset(p, 0, size);
	return p;
}

void *arena_raw(struct arena *a, size_t size)
{
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (unlikely((size_t)(a->end - a->at) < size))
		add_chunk(a, size);
	void *p = a->at;
	a->at += size;
	return p;
}

void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg)
{
	struct arena_deferred *d = arena_alloc(a, sizeof *d);
	d->next = a->deferred;
	d->fn = fn;
	d->arg = arg;
	a->deferred = d;
}

void *arena_copy(struct arena *a, const void *from, size_t size)
{
	void *p = arena_raw(a, size);
	if (size != 0)
		memcpy(p, from, size);
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t size)
{
	char *p = arena_raw(a, size + 1);
	if (size != 0)
		memcpy(p, s, size);
	p[size] = '\0';
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

struct str arena_str(struct arena *a, struct str s)
{
	return (struct str){arena_strndup(a, s.data, s.size), s.size};
}

struct str arena_vstrf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	assert(n >= 0);
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){p, (size_t)n};
}

struct str arena_strf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	struct str s = arena_vstrf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *arena_grow(struct arena *a, void *array, size_t count, size_t *capacity, size_t element_size)
{
	if (count < *capacity)
		return array;
	size_t more = *capacity == 0 ? 8 : *capacity * 2;
	void *p = arena_alloc(a, more * element_size);
	if (count != 0)
		memcpy(p, array, count * element_size);
	*capacity = more;
	return p;
}
