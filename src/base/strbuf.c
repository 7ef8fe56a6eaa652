// SPDX-License-Identifier: Apache-2.0
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"

/* Up to here a text charged to nobody is control plane, like what is in an arena: names and messages, never refused. */
enum { CONTROL_MAX = 4096 };

void strbuf_init(struct strbuf *b, struct memtrack *track)
{
	memset(b, 0, sizeof *b);
	b->track = track;
}

void strbuf_fini(struct strbuf *b)
{
	free(b->data);
	memtrack_release(b->track, (int64_t)b->capacity);
	b->data = NULL;
	b->size = b->capacity = 0;
}

void strbuf_clear(struct strbuf *b)
{
	b->size = 0;
	b->failed = false;
}

enum status strbuf_status(const struct strbuf *b, struct error *err)
{
	return b->failed ? ERR(err, E_MEMORY_LIMIT, "Memory limit exceeded by a text of more than %zu bytes", b->size) : OK;
}

bool strbuf_reserve_slow(struct strbuf *b, size_t more)
{
	if (b->failed)
		return false;
	size_t want = b->capacity < 64 ? 128 : b->capacity * 2;
	if (want < b->size + more)
		want = b->size + more;
	if (memtrack_charge(b->track, (int64_t)(want - b->capacity), NULL) != OK) {
		b->failed = true;
		return false;
	}
	bool control = b->track == NULL && want <= CONTROL_MAX;
	char *p = !control && FAULT_HIT(alloc) ? NULL : realloc(b->data, want);
	if (p == NULL && control) {
		fputs("out of memory for control structures\n", stderr);
		abort();
	}
	if (p == NULL) {
		memtrack_release(b->track, (int64_t)(want - b->capacity));
		b->failed = true;
		return false;
	}
	b->data = p;
	b->capacity = want;
	return true;
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0 && strbuf_reserve(b, (size_t)n + 1)) {
		vsnprintf(b->data + b->size, (size_t)n + 1, fmt, again);
		b->size += (size_t)n;
	}
	va_end(again);
}

void strbuf_put_u64(struct strbuf *b, uint64_t v)
{
	char digits[20];
	unsigned n = sizeof digits;
	do
		digits[--n] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	strbuf_put(b, digits + n, sizeof digits - n);
}

void strbuf_put_i64(struct strbuf *b, int64_t v)
{
	if (v < 0)
		strbuf_putc(b, '-');
	strbuf_put_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void strbuf_put_varuint(struct strbuf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		strbuf_putc(b, (char)(v | 0x80));
	strbuf_putc(b, (char)v);
}

void strbuf_put_le(struct strbuf *b, uint64_t v, unsigned bytes)
{
	if (!strbuf_reserve(b, bytes))
		return;
	for (unsigned i = 0; i < bytes; i++)
		b->data[b->size++] = (char)(v >> (8 * i));
}

void strbuf_put_be(struct strbuf *b, uint64_t v, unsigned bytes)
{
	if (!strbuf_reserve(b, bytes))
		return;
	for (unsigned i = bytes; i-- != 0;)
		b->data[b->size++] = (char)(v >> (8 * i));
}

const char *strbuf_cstr(struct strbuf *b)
{
	if (b->failed || !strbuf_reserve(b, 1))
		return "";
	b->data[b->size] = '\0';
	return b->data;
}
