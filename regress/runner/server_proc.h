// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_RUNNER_SERVER_PROC_H
#define REGRESS_RUNNER_SERVER_PROC_H
/*
 * The server under test as a child process: free ports on loopback, its own directory, its output in a log file. It
 * counts as started when it has written to the descriptor it got as --ready-fd, and it dies with us.
 */
#include <stdbool.h>
#include <sys/types.h>
#include "base/arena.h"

struct server_proc {
	const char *binary, *dir, *log;
	int pg_port, http_port;
	pid_t pid;                  /* 0: not running */
};

/* Starts on the directory as it is. False, with a reason in *why, where it does not get ready within 30 s. */
bool server_start(struct server_proc *s, struct arena *a, const char **why);
/* True while the process lives; a dead one is reaped and pid becomes 0. */
bool server_alive(struct server_proc *s);
/* SIGTERM, and SIGKILL after 20 s. The exit status as of waitpid, or -1 where it had to be killed. */
int server_stop(struct server_proc *s);

#endif
