// SPDX-License-Identifier: Apache-2.0
#include <assert.h>
#include "catalog/settings.h"

static const struct merge_tree_setting rows[] = {
#define MERGE_TREE_SETTING(name, type, value) {#name, type, value},
#include "catalog/merge_tree_settings.def"
#undef MERGE_TREE_SETTING
};

const struct merge_tree_setting *merge_tree_setting_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
		if (str_eq(str_of(rows[i].name), name))
			return &rows[i];
	return NULL;
}

uint32_t merge_tree_setting_count(void)
{
	return ARRAY_COUNT(rows);
}

const struct merge_tree_setting *merge_tree_setting_at(uint32_t i)
{
	assert(i < ARRAY_COUNT(rows));
	return &rows[i];
}
