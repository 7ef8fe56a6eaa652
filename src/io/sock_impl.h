// SPDX-License-Identifier: Apache-2.0
#ifndef IO_SOCK_IMPL_H
#define IO_SOCK_IMPL_H
/* What sock.c and sock_addr.c share. */
#include "io/sock.h"

/* Waits for `events` on fd; E_NETWORK at the deadline (0: none). */
enum status sock_poll(int fd, short events, int64_t deadline_us, const char *peer, struct error *err);

#endif
