// SPDX-License-Identifier: Apache-2.0
#ifndef IO_SINK_H
#define IO_SINK_H
/* Byte sink: where a stream of bytes goes; a file_writer, a string buffer or a socket behind one function. */
#include "base/strbuf.h"

struct byte_sink {
	enum status (*write)(void *self, const void *data, size_t size, struct error *err);
	void *self;
};

static inline enum status byte_sink_write(struct byte_sink s, const void *data, size_t size, struct error *err)
{
	return s.write(s.self, data, size, err);
}

/* Appends to b. */
struct byte_sink byte_sink_strbuf(struct strbuf *b);

#endif
