// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_VIEW_H
#define ENGINE_VIEW_H
/*
 * View and MaterializedView. A view is expanded by the binder and never scanned; a materialized view reads and writes
 * the table it fills.
 */

void view_register(void);

#endif
