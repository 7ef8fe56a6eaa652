// SPDX-License-Identifier: Apache-2.0
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H
/* `hanzo-datastore client`: statements from -q, standard input or typed, sent over HTTP. */

int client_main(int argc, char **argv);

#endif
