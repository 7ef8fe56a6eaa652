// SPDX-License-Identifier: Apache-2.0
/*
 * MANIFEST, format 2 (data_format.h): all durable versions of one root, and the log position from which to
 * replay. Little-endian.
 *
 *   0  8  "HDMANIF2"     8  8  id of the data directory     16  8  csn     24  8  lsn
 *   32 4  next slot     36  4  entries                      40  8  wall clock, µs
 *   48    per entry: 4 slot, 1 kind, 8 csn, 8 size, bytes
 *   end 4  CRC-32C of all before
 */
#include <inttypes.h>
#include <stdio.h>
#include "base/clock.h"
#include "base/hash.h"
#include "txn/cursor.h"
#include "txn/data_format.h"
#include "txn/txn_impl.h"

enum { COUNT_AT = 36 };
static const char manifest_magic[] = "HDMANIF"; /* and the format in one digit */
static const uint64_t manifest_size_max = (uint64_t)4 << 30;

static enum status put_version(const struct txn_manager *m, uint32_t slot, const struct version *v, struct strbuf *out,
                               struct error *err)
{
	strbuf_put_le(out, slot, 4);
	strbuf_put_le(out, v->kind->id, 1);
	strbuf_put_le(out, v->csn, 8);
	size_t size_at = out->size;
	strbuf_put_le(out, 0, 8);
	TRY(v->kind->save(m->contexts[v->kind->id], v, out, err));
	TRY(strbuf_status(out, err));
	uint64_t size = out->size - size_at - 8;
	memcpy(out->data + size_at, &size, 8);
	return OK;
}

static enum status encode(const struct txn_manager *m, const struct root *root, const struct manifest_head *head,
                          struct strbuf *out, struct error *err)
{
	strbuf_putz(out, manifest_magic);
	strbuf_putc(out, '0' + DATA_FORMAT);
	strbuf_put_le(out, head->id, 8);
	strbuf_put_le(out, head->csn, 8);
	strbuf_put_le(out, head->lsn, 8);
	strbuf_put_le(out, head->next_slot, 4);
	strbuf_put_le(out, 0, 4);
	strbuf_put_le(out, (uint64_t)clock_wall_us(), 8);
	uint32_t count = 0;
	for (uint32_t slot = 0; slot < root_slot_end(root); slot++) {
		const struct version *v = root_get(root, slot);
		if (v == NULL || v->kind->save == NULL)
			continue;
		TRY(put_version(m, slot, v, out, err));
		count++;
	}
	TRY(strbuf_status(out, err));
	memcpy(out->data + COUNT_AT, &count, 4);
	strbuf_put_le(out, crc32c(0, out->data, out->size), 4);
	return strbuf_status(out, err);
}

enum status manifest_write(const struct txn_manager *m, const struct root *root, const struct manifest_head *head,
                           struct error *err)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/MANIFEST", m->path);
	struct strbuf bytes;
	strbuf_init(&bytes, m->track);
	enum status st = encode(m, root, head, &bytes, err);
	if (st == OK)
		st = file_replace(path, bytes.data, bytes.size, err);
	strbuf_fini(&bytes);
	return st;
}

static enum status read_version(const struct txn_manager *m, struct cursor *c, struct root **root, struct error *err)
{
	uint32_t slot = (uint32_t)cursor_le(c, 4);
	uint8_t kind = (uint8_t)cursor_le(c, 1);
	uint64_t csn = cursor_le(c, 8), size = cursor_le(c, 8);
	const uint8_t *bytes = cursor_bytes(c, size);
	if (c->failed || kind >= TXN_KIND_MAX || version_kinds[kind] == NULL || version_kinds[kind]->load == NULL)
		return ERR(err, E_CORRUPTED_DATA, "the MANIFEST has an entry of unknown kind %u for slot %u", kind, slot);
	struct version *v;
	TRY(version_kinds[kind]->load(m->contexts[kind], slot, (struct str){(const char *)bytes, size}, &v, err));
	v->csn = csn;
	struct root *next = root_with(*root, slot, v);
	version_unref(v);
	if (next == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	root_unref(*root);
	*root = next;
	return OK;
}

static enum status decode(const struct txn_manager *m, struct str bytes, struct manifest_head *head, struct root **root,
                          struct error *err)
{
	struct cursor c = cursor_of(bytes);
	uint32_t crc = 0;
	if (bytes.size >= 4)
		memcpy(&crc, bytes.data + bytes.size - 4, 4);
	size_t magic = sizeof manifest_magic - 1;
	uint64_t format = bytes.size < 52 ? UINT64_MAX : data_format_digits(bytes.data + magic, 1);
	if (format != UINT64_MAX && memcmp(bytes.data, manifest_magic, magic) == 0) {
		char path[4096];
		snprintf(path, sizeof path, "%s/MANIFEST", m->path);
		TRY(data_format_check(format, path, err));
	}
	if (format == UINT64_MAX || memcmp(bytes.data, manifest_magic, magic) != 0
	    || crc != crc32c(0, bytes.data, bytes.size - 4))
		return ERR(err, E_CORRUPTED_DATA, "%s/MANIFEST is damaged", m->path);
	c.end -= 4;
	(void)cursor_le(&c, 8);
	head->id = cursor_le(&c, 8);
	head->csn = cursor_le(&c, 8);
	head->lsn = cursor_le(&c, 8);
	head->next_slot = (uint32_t)cursor_le(&c, 4);
	uint32_t count = (uint32_t)cursor_le(&c, 4);
	(void)cursor_le(&c, 8);
	struct root *r = root_new_empty();
	enum status st = r == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < count; i++)
		st = read_version(m, &c, &r, err);
	if (st == OK && (c.failed || c.at != c.end))
		st = ERR(err, E_CORRUPTED_DATA, "%s/MANIFEST has a wrong length", m->path);
	if (st != OK) {
		root_unref(r);
		return st;
	}
	r->csn = head->csn;
	*root = r;
	return OK;
}

enum status manifest_read(const struct txn_manager *m, struct manifest_head *head, struct root **root,
                          struct error *err)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/MANIFEST", m->path);
	*root = NULL;
	if (!file_exists(path))
		return OK;
	struct strbuf bytes;
	strbuf_init(&bytes, m->track);
	enum status st = file_read_all(path, manifest_size_max, &bytes, err);
	if (st == OK)
		st = decode(m, strbuf_str(&bytes), head, root, err);
	strbuf_fini(&bytes);
	return st;
}
