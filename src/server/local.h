// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_LOCAL_H
#define SERVER_LOCAL_H
/* `hanzo-datastore local`: the engine in this process, on a directory or in memory, statements from -q or standard
 * input. */

int local_main(int argc, char **argv);

#endif
