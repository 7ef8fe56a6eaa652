// SPDX-License-Identifier: Apache-2.0
/* Writing HTTP/1.1 heads and chunks. */
#include <stdio.h>
#include <time.h>

#include "proto/base64.h"
#include "proto/http.h"

const char *http_reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} reasons[] = {
		{100, "Continue"}, {101, "Switching Protocols"}, {200, "OK"}, {201, "Created"}, {202, "Accepted"},
		{204, "No Content"}, {206, "Partial Content"}, {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"},
		{304, "Not Modified"}, {307, "Temporary Redirect"}, {308, "Permanent Redirect"}, {400, "Bad Request"},
		{401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
		{406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {411, "Length Required"},
		{413, "Content Too Large"}, {414, "URI Too Long"}, {415, "Unsupported Media Type"}, {417, "Expectation Failed"},
		{426, "Upgrade Required"}, {429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
		{504, "Gateway Timeout"}, {505, "HTTP Version Not Supported"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

void http_put_status(struct strbuf *b, unsigned status)
{
	strbuf_printf(b, "HTTP/1.1 %03u %s\r\n", status, http_reason(status));
}

/* A control character would end the line or the header. */
static void put_line(struct strbuf *b, struct str s)
{
	size_t at = b->size;
	strbuf_puts(b, s);
	for (; at < b->size; at++)
		if ((uint8_t)b->data[at] < 0x20 || b->data[at] == 0x7f)
			b->data[at] = ' ';
}

void http_put_header(struct strbuf *b, const char *name, struct str value)
{
	strbuf_putz(b, name);
	strbuf_put(b, ": ", 2);
	put_line(b, value);
	strbuf_put(b, "\r\n", 2);
}

void http_put_header_u64(struct strbuf *b, const char *name, uint64_t value)
{
	strbuf_putz(b, name);
	strbuf_put(b, ": ", 2);
	strbuf_put_u64(b, value);
	strbuf_put(b, "\r\n", 2);
}

void http_put_date(struct strbuf *b, int64_t unix_seconds)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm t;
	time_t seconds = (time_t)unix_seconds;
	if (gmtime_r(&seconds, &t) == NULL)
		return;
	strbuf_printf(b, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n", days + 3 * t.tm_wday, t.tm_mday,
		months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

void http_put_head_end(struct strbuf *b)
{
	strbuf_put(b, "\r\n", 2);
}

void http_put_continue(struct strbuf *b)
{
	http_put_status(b, 100);
	http_put_head_end(b);
}

void http_put_chunk(struct strbuf *b, struct str data)
{
	if (data.size == 0)
		return;
	strbuf_printf(b, "%zx\r\n", data.size);
	strbuf_puts(b, data);
	strbuf_put(b, "\r\n", 2);
}

enum { CHUNK_ROOM = 10 }; /* eight digits and CR LF */

size_t http_chunk_begin(struct strbuf *b)
{
	size_t at = b->size;
	if (strbuf_reserve(b, CHUNK_ROOM))
		b->size += CHUNK_ROOM;
	return at;
}

void http_chunk_end(struct strbuf *b, size_t at)
{
	char head[CHUNK_ROOM + 1];
	if (b->failed)
		return;
	size_t size = b->size - at - CHUNK_ROOM;
	if (size > UINT32_MAX) {
		b->failed = true;
	} else if (size == 0) {
		b->size = at;
	} else {
		snprintf(head, sizeof head, "%08x\r\n", (unsigned)size);
		memcpy(b->data + at, head, CHUNK_ROOM);
		strbuf_put(b, "\r\n", 2);
	}
}

void http_put_last_chunk(struct strbuf *b)
{
	strbuf_put(b, "0\r\n\r\n", 5);
}

void http_put_request(struct strbuf *b, const char *method, struct str target, struct str host)
{
	strbuf_putz(b, method);
	strbuf_putc(b, ' ');
	put_line(b, target);
	strbuf_putz(b, " HTTP/1.1\r\n");
	http_put_header(b, "Host", host);
}

void http_put_encoded(struct strbuf *b, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.size; i++) {
		uint8_t c = (uint8_t)s.data[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.'
			|| c == '_' || c == '~';
		char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
		if (plain)
			strbuf_putc(b, (char)c);
		else
			strbuf_put(b, escape, sizeof escape);
	}
}

void http_put_basic(struct strbuf *b, struct str user, struct str password)
{
	struct strbuf both;
	strbuf_init(&both, b->track);
	strbuf_puts(&both, user);
	strbuf_putc(&both, ':');
	strbuf_puts(&both, password);
	strbuf_putz(b, "Authorization: Basic ");
	base64_put(b, both.data, both.size);
	strbuf_put(b, "\r\n", 2);
	b->failed |= both.failed;
	strbuf_fini(&both);
}
