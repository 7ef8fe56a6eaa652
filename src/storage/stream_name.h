// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_STREAM_NAME_H
#define STORAGE_STREAM_NAME_H
/*
 * Names of files: how user text becomes a file name, and back, as ClickHouse does it. Letters, digits and '_' stand for
 * themselves, every other byte is %XX. Stream names longer than 127 bytes are replaced by their SipHash-128 in hex.
 */
#include "base/arena.h"
#include "base/strbuf.h"

enum { STREAM_NAME_MAX = 127 };

void stream_name_escape(struct strbuf *to, struct str text);
struct str stream_name_unescape(struct arena *a, struct str name);
/* The name to use on disk for a stream: itself, or its hash. */
struct str stream_name_file(struct arena *a, struct str stream);

#endif
