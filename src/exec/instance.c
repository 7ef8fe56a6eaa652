// SPDX-License-Identifier: Apache-2.0
#include "exec/instance.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "catalog/config.h"
#include "exec/run_impl.h"
#include "exec/session_impl.h"
#include "func/aggregate.h"
#include "io/file.h"

void (*instance_register_hook)(void);
enum status (*instance_started_hook)(struct instance *i, bool background, struct error *err);
void (*instance_stopping_hook)(struct instance *i);

static struct instance *current;

struct instance *instance_current(void)
{
	return current;
}

const struct config *instance_configuration(const struct instance *i)
{
	return i->config;
}

struct txn_manager *instance_txns(struct instance *i)
{
	return i->txns;
}

struct pool *instance_pool(struct instance *i)
{
	return i->pool;
}

struct memtrack *instance_memtrack(struct instance *i)
{
	return &i->track;
}

struct catalog *instance_catalog(struct instance *i)
{
	return i->catalog;
}

static void register_once(void)
{
	static bool done;
	if (done)
		return;
	done = true;
	function_registry_init();
	aggregate_registry_init();
	apply_register();
	insert_register();
	catalog_register();
	if (instance_register_hook != NULL)
		instance_register_hook();
}

static enum status open_temporary(struct instance *i, const char *path, struct error *err)
{
	char where[1024];
	if (path != NULL && snprintf(where, sizeof where, "%s/tmp", path) >= (int)sizeof where)
		return ERR(err, E_BAD_ARGUMENTS, "the path of the data directory is too long");
	TRY(temp_area_open(&i->temp, path == NULL ? NULL : where, err));
	if (i->config != NULL)
		atomic_store(&i->temp.quota.limit_bytes, (uint64_t)config_i64(i->config, "max_temporary_data_on_disk_size", 0));
	return OK;
}

static enum status drop_temporary(struct instance *i, struct error *err)
{
	struct txn *t = txn_begin(i->txns, TXN_READ_COMMITTED);
	if (t == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a transaction");
	enum status s = ddl_drop_all_temporary(i->catalog, t, err);
	if (s != OK || !txn_has_changes(t)) {
		txn_rollback(t);
		return s;
	}
	return txn_commit(t, err);
}

enum status instance_open(const struct instance_config *config, struct instance **out, struct error *err)
{
	struct instance *i = calloc(1, sizeof *i);
	*out = NULL;
	if (i == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an instance");
	register_once();
	i->config = config->config;
	pthread_mutex_init(&i->lock, NULL);
	uint64_t limit = config->memory_limit_bytes != 0 ? config->memory_limit_bytes : memory_available_bytes() / 10 * 9;
	atomic_store(&memtrack_server.limit_bytes, (int64_t)limit);
	memtrack_init(&i->track, &memtrack_server, "total", (int64_t)limit);
	temp_area_init(&i->temp);
	struct txn_config txns = {.path = config->path, .recover_to = config->recover_to, .track = &i->track,
	                            .segment_size_max = config->log_segment_bytes};
	struct pool_config pool = {.name = "query", .threads = config->threads != 0 ? config->threads : cpu_count()};
	enum status s = pool_new(&i->pool, &pool, err);
	if (s == OK)
		s = txn_manager_open(&txns, &i->txns, err);
	if (s == OK)
		s = open_temporary(i, config->path, err);
	if (s == OK)
		s = catalog_open(i->txns, &i->track, &i->catalog, err);
	if (s == OK && i->config != NULL)
		s = config_apply_users(i->config, i->catalog, err);
	current = i;
	if (s == OK)
		s = drop_temporary(i, err);
	if (s == OK && instance_started_hook != NULL)
		s = instance_started_hook(i, config->background, err);
	if (s != OK) {
		instance_close(i);
		return s;
	}
	*out = i;
	return OK;
}

void instance_close(struct instance *i)
{
	if (i == NULL)
		return;
	if (i->catalog != NULL && instance_stopping_hook != NULL)
		instance_stopping_hook(i);
	if (i->catalog != NULL)
		catalog_close(i->catalog);
	txn_manager_close(i->txns);
	if (i->pool != NULL)
		pool_free(i->pool);
	temp_area_fini(&i->temp);
	pthread_mutex_destroy(&i->lock);
	if (current == i)
		current = NULL;
	free(i);
}
