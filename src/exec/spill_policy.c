// SPDX-License-Identifier: Apache-2.0
/* What settings say of temporary files: ClickHouse's limits and shares, PostgreSQL's work_mem and temp_file_limit. */
#include <assert.h>

#include "exec/session_impl.h"

/* "64MB", "10GB", "4096": kilobytes where no unit stands, as PostgreSQL has it. -1: none, or no such size. */
static int64_t kilobytes_text(struct str text)
{
	static const struct {
		const char *unit;
		unsigned shift;
	} units[] = {{"", 10}, {"B", 0}, {"kB", 10}, {"MB", 20}, {"GB", 30}, {"TB", 40}};
	uint64_t n = 0;
	size_t i = 0;
	for (; i < text.size && text.data[i] >= '0' && text.data[i] <= '9' && n < (uint64_t)1 << 40; i++)
		n = n * 10 + (uint64_t)(text.data[i] - '0');
	if (i == 0)
		return -1;
	while (i < text.size && text.data[i] == ' ')
		i++;
	struct str unit = {text.data + i, text.size - i};
	for (size_t k = 0; k < ARRAY_COUNT(units); k++)
		if (str_eq_nocase(unit, str_of(units[k].unit)))
			return n > (uint64_t)INT64_MAX >> units[k].shift ? INT64_MAX : (int64_t)(n << units[k].shift);
	return -1;
}

/* The smaller of two limits, of which 0 is none. */
static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

static uint64_t ratio_and_limit(const struct settings *l, enum setting_id limit, enum setting_id ratio, uint64_t work,
                                double *share)
{
	*share = settings_float(l, ratio);
	return smaller(settings_u64(l, limit), work);
}

void spill_policy_set(struct spill_policy *p, struct session *s)
{
	const struct settings *l = s->local;
	struct temp_area *area = &s->instance->temp;
	if (s->temp_user == NULL)
		s->temp_user = temp_area_user(area, s->user);
	struct temp_quota *user = s->temp_user;
	int64_t work = settings_changed(l, SET_work_mem) ? kilobytes_text(settings_text(l, SET_work_mem)) : 0;
	int64_t disk = kilobytes_text(settings_text(l, SET_temp_file_limit));
	uint64_t own = work > 0 ? (uint64_t)work : 0;
	assert(p->area == NULL || atomic_load(&p->quota.used_bytes) == 0);
	memset(p, 0, sizeof *p);
	p->area = area;
	p->limit_bytes[SPILL_GROUP] = ratio_and_limit(l, SET_max_bytes_before_external_group_by,
	                                              SET_max_bytes_ratio_before_external_group_by, own,
	                                              &p->ratio[SPILL_GROUP]);
	p->limit_bytes[SPILL_SORT] = ratio_and_limit(l, SET_max_bytes_before_external_sort,
	                                             SET_max_bytes_ratio_before_external_sort, own, &p->ratio[SPILL_SORT]);
	p->limit_bytes[SPILL_JOIN] = ratio_and_limit(l, SET_max_bytes_before_external_join,
	                                             SET_max_bytes_ratio_before_external_join, own, &p->ratio[SPILL_JOIN]);
	p->limit_bytes[SPILL_DISTINCT] = p->limit_bytes[SPILL_GROUP];
	p->ratio[SPILL_DISTINCT] = p->ratio[SPILL_GROUP];
	if (user != NULL)
		atomic_store(&user->limit_bytes, settings_u64(l, SET_max_temporary_data_on_disk_size_for_user));
	uint64_t limit = settings_u64(l, SET_max_temporary_data_on_disk_size_for_query);
	bool pg = disk >= 0 && (limit == 0 || (uint64_t)disk < limit);
	/* a limit of nothing allows nothing */
	temp_quota_init(&p->quota, user != NULL ? user : &area->quota,
	                pg ? "temp_file_limit" : "max_temporary_data_on_disk_size_for_query",
	                pg ? (disk == 0 ? 1 : (uint64_t)disk) : limit);
	p->quota.min_free_bytes = settings_u64(l, SET_min_free_disk_space_for_temporary_data);
	p->quota.log_bytes = kilobytes_text(settings_text(l, SET_log_temp_files));
}
