// SPDX-License-Identifier: Apache-2.0
/*
 * Start: MANIFEST, then every record of the log behind it, through the redo functions. A record's payload, version 1:
 * varuint count, then per change: 1 byte kind (0: the slot becomes empty), varuint slot, varuint size, bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/log.h"
#include "txn/cursor.h"
#include "txn/data_format.h"
#include "txn/txn_impl.h"

static const char version_text[] = "hanzo-datastore data directory, version ";

static enum status redo_change(struct txn_manager *m, struct cursor *c, uint64_t csn, struct error *err)
{
	uint8_t kind = (uint8_t)cursor_le(c, 1);
	uint64_t slot = cursor_varuint(c);
	struct str bytes = cursor_str(c);
	bool known = kind == CHANGE_CLEAR
	             || (kind < TXN_KIND_MAX && version_kinds[kind] != NULL && version_kinds[kind]->redo != NULL);
	if (c->failed || slot > UINT32_MAX || !known)
		return ERR(err, E_CORRUPTED_DATA, "the commit log has a change of unknown kind %u (commit %" PRIu64 ")", kind, csn);
	struct version *v = NULL;
	const struct version *base = root_get(m->tail, (uint32_t)slot);
	if (kind != CHANGE_CLEAR)
		TRY(version_kinds[kind]->redo(m->contexts[kind], (uint32_t)slot, base, bytes, csn, &v, err));
	if (v != NULL)
		v->csn = csn;
	struct root *next = root_with(m->tail, (uint32_t)slot, v);
	version_unref(v);
	if (next == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	root_unref(m->tail);
	m->tail = next;
	if (slot >= m->next_slot)
		m->next_slot = (uint32_t)slot + 1;
	return OK;
}

static enum status redo_record(void *arg, const struct wal_record *r, struct error *err)
{
	struct txn_manager *m = arg;
	if (r->csn <= m->tail->csn)
		return OK;
	struct cursor c = cursor_of(r->payload);
	uint64_t count = cursor_varuint(&c);
	for (uint64_t i = 0; i < count; i++)
		TRY(redo_change(m, &c, r->csn, err));
	m->tail->csn = r->csn; /* nobody else has it yet */
	return OK;
}

static enum status write_version(const char *path, struct error *err)
{
	char text[100];
	int n = snprintf(text, sizeof text, "%s%d\n", version_text, DATA_FORMAT);
	return file_replace(path, text, (size_t)n, err);
}

/* Raises an older directory: from here on an older program refuses it. */
static enum status check_version(const char *path, struct error *err)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	enum status st = file_read_all(path, 4096, &text, err);
	struct str s = strbuf_str(&text);
	uint64_t format = UINT64_MAX;
	if (st == OK && str_starts_with(s, str_of(version_text)) && s.data[s.size - 1] == '\n')
		format = data_format_digits(s.data + sizeof version_text - 1, s.size - sizeof version_text);
	if (st == OK && format == UINT64_MAX)
		st = ERR(err, E_CORRUPTED_DATA, "%s is not of a data directory of this program: %s", path, strbuf_cstr(&text));
	strbuf_fini(&text);
	TRY(st);
	TRY(data_format_check(format, path, err));
	return format == DATA_FORMAT ? OK : write_version(path, err);
}

static enum status check_directory(struct txn_manager *m, struct error *err)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/wal", m->path);
	TRY(file_mkdirs(path, true, err));
	snprintf(path, sizeof path, "%s/LOCK", m->path);
	TRY(file_lock(&m->lock, path, err));
	if (m->lock == NULL)
		return ERR(err, E_FILE_OPEN, "another server is running on the directory %s", m->path);
	snprintf(path, sizeof path, "%s/VERSION", m->path);
	/* an earlier start may have ended between making a directory and syncing its name */
	TRY(file_sync_dir(m->path, err));
	return file_exists(path) ? check_version(path, err) : write_version(path, err);
}

enum status recovery_run(struct txn_manager *m, const struct txn_config *config, struct error *err)
{
	char wal_dir[4096];
	TRY(check_directory(m, err));
	struct manifest_head head = {0};
	struct root *root;
	TRY(manifest_read(m, &head, &root, err));
	if (root == NULL) {
		root = root_new_empty();
		if (root == NULL || getrandom(&head.id, sizeof head.id, 0) != sizeof head.id) {
			root_unref(root);
			return ERR(err, E_CANNOT_ALLOCATE, "cannot start a new data directory");
		}
		head.next_slot = TXN_SLOT_CATALOG + 1;
		/* the id is what later segments of the log are recognised by, so it must be there before them */
		enum status st = manifest_write(m, root, &head, err);
		if (st != OK) {
			root_unref(root);
			return st;
		}
	}
	m->tail = root;
	m->id = head.id;
	m->next_slot = head.next_slot;
	snprintf(wal_dir, sizeof wal_dir, "%s/wal", m->path);
	uint64_t end;
	TRY(wal_replay(wal_dir, m->id, head.lsn, config->recover_to, redo_record, m, &end, err));
	uint32_t segment_max = config->segment_size_max != 0 ? config->segment_size_max : 64u << 20;
	TRY(wal_open(&m->wal, wal_dir, m->id, end, segment_max, m->track, err));
	m->checkpoint_lsn = head.lsn;
	m->was_cut = config->recover_to != 0;
	return OK;
}
