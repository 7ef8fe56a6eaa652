// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_MEMORY_H
#define ENGINE_MEMORY_H
/* Tables that keep nothing on disk: Memory holds its blocks in its slot of the root, Null forgets them. */

void memory_register(void);

#endif
