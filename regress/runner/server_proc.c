// SPDX-License-Identifier: Apache-2.0
#include "regress/runner/server_proc.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_MS = 30000, STOP_MS = 20000 };

/* A port that was free a moment ago. */
static int free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;
	if (fd < 0)
		return 0;
	if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(fd, (struct sockaddr *)&at, &size) == 0)
		port = ntohs(at.sin_port);
	close(fd);
	return port;
}

static void run_server(const struct server_proc *s, int ready_fd)
{
	char pg[16], http[16], ready[16];
	snprintf(pg, sizeof pg, "%d", s->pg_port);
	snprintf(http, sizeof http, "%d", s->http_port);
	snprintf(ready, sizeof ready, "%d", ready_fd);
	int log = open(s->log, O_WRONLY | O_CREAT | O_APPEND, 0644), null = open("/dev/null", O_RDONLY);
	if (log < 0 || null < 0)
		_exit(126);
	dup2(null, 0);
	dup2(log, 1);
	dup2(log, 2);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(s->binary, s->binary, "server", "--path", s->dir, "--listen", "127.0.0.1", "--pg-port", pg, "--http-port", http,
	      "--native-port", "0", "--ready-fd", ready, (char *)NULL);
	perror(s->binary);
	_exit(127);
}

bool server_start(struct server_proc *s, struct arena *a, const char **why)
{
	int pipe_fds[2];
	s->pg_port = free_port();
	s->http_port = free_port();
	*why = "no free port or descriptor";
	if (s->pg_port == 0 || s->http_port == 0 || pipe(pipe_fds) != 0)
		return false;
	fcntl(pipe_fds[0], F_SETFD, FD_CLOEXEC);
	s->pid = fork();
	if (s->pid == 0)
		run_server(s, pipe_fds[1]);
	close(pipe_fds[1]);
	struct pollfd p = {.fd = pipe_fds[0], .events = POLLIN};
	char byte;
	bool ready = s->pid > 0 && poll(&p, 1, READY_MS) > 0 && read(pipe_fds[0], &byte, 1) == 1;
	close(pipe_fds[0]);
	if (ready)
		return true;
	*why = arena_strf(a, "%s is not ready: see %s", s->binary, s->log).data;
	server_stop(s);
	return false;
}

bool server_alive(struct server_proc *s)
{
	if (s->pid > 0 && waitpid(s->pid, NULL, WNOHANG) == s->pid)
		s->pid = 0;
	return s->pid > 0;
}

int server_stop(struct server_proc *s)
{
	int status = 0, left_ms = STOP_MS;
	if (s->pid <= 0)
		return 0;
	kill(s->pid, SIGTERM);
	for (;;) {
		pid_t got = waitpid(s->pid, &status, WNOHANG);
		if (got == s->pid || got < 0)
			break;
		if (left_ms <= 0) {
			kill(s->pid, SIGKILL);
			waitpid(s->pid, NULL, 0);
			status = -1;
			break;
		}
		poll(NULL, 0, 10);
		left_ms -= 10;
	}
	s->pid = 0;
	return status;
}
