// SPDX-License-Identifier: Apache-2.0
/* Addresses: connecting, listening, naming. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/sock_impl.h"

enum { BACKLOG = 4096 };

void sock_peer_name(int fd, char *out, size_t size)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof a;
	char ip[INET6_ADDRSTRLEN];
	snprintf(out, size, "unix");
	if (getpeername(fd, (struct sockaddr *)&a, &n) != 0)
		return;
	if (a.ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)&a;
		inet_ntop(AF_INET, &v4->sin_addr, ip, sizeof ip);
		snprintf(out, size, "%s:%u", ip, ntohs(v4->sin_port));
	} else if (a.ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&a;
		/* a client of a dual-stack listener is shown as what it is */
		if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
			inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], ip, sizeof ip);
			snprintf(out, size, "%s:%u", ip, ntohs(v6->sin6_port));
		} else {
			inet_ntop(AF_INET6, &v6->sin6_addr, ip, sizeof ip);
			snprintf(out, size, "[%s]:%u", ip, ntohs(v6->sin6_port));
		}
	}
}

static enum status resolve(const char *host, unsigned port, int flags, struct addrinfo **out, struct error *err)
{
	char service[16];
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
	if (port > 65535)
		return ERR(err, E_BAD_ARGUMENTS, "port %u is out of range", port);
	snprintf(service, sizeof service, "%u", port);
	int rc = getaddrinfo(host, service, &hints, out);
	if (rc != 0)
		return ERR(err, E_NETWORK, "cannot resolve host '%s': %s", host == NULL ? "*" : host, gai_strerror(rc));
	return OK;
}

static enum status unix_address(const char *path, struct sockaddr_un *out, struct error *err)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof out->sun_path)
		return ERR(err, E_BAD_ARGUMENTS, "socket path '%s' is longer than %zu bytes", path, sizeof out->sun_path - 1);
	memcpy(out->sun_path, path, strlen(path) + 1);
	return OK;
}

/* ---- connecting ---- */

static enum status connect_one(const struct sockaddr *a, socklen_t size, const char *what, int64_t deadline_us,
                               int *out,
                               struct error *err)
{
	int fd = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR(err, E_NETWORK, "cannot connect to %s: %s", what, strerrordesc_np(errno));
	int code = connect(fd, a, size) == 0 ? 0 : errno;
	enum status s = OK;
	if (code == EINPROGRESS || code == EAGAIN) {
		socklen_t n = sizeof code;
		s = sock_poll(fd, POLLOUT, deadline_us, what, err);
		if (s == OK && getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &n) != 0)
			code = errno;
	}
	if (s == OK && code != 0)
		s = ERR(err, E_NETWORK, "cannot connect to %s: %s", what, strerrordesc_np(code));
	if (s != OK) {
		close(fd);
		return s;
	}
	int one = 1;
	if (a->sa_family != AF_UNIX)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	*out = fd;
	return OK;
}

enum status sock_connect(struct sock *s, const char *host, unsigned port, int64_t deadline_us, struct memtrack *track,
                         struct error *err)
{
	char what[300];
	int fd = -1;
	*s = (struct sock){.fd = -1};
	if (host[0] == '/') {
		struct sockaddr_un a;
		TRY(unix_address(host, &a, err));
		TRY(connect_one((struct sockaddr *)&a, sizeof a, host, deadline_us, &fd, err));
		return sock_init(s, fd, 0, track, err);
	}
	struct addrinfo *list;
	TRY(resolve(host, port, 0, &list, err));
	snprintf(what, sizeof what, "%.250s:%u", host, port);
	enum status st = E_NETWORK;
	for (const struct addrinfo *a = list; a != NULL && st != OK; a = a->ai_next) {
		struct error one;
		error_init(&one);
		st = connect_one(a->ai_addr, a->ai_addrlen, what, deadline_us, &fd, &one);
		if (st != OK && a->ai_next == NULL)
			st = ERR(err, st, "%s", one.message);
	}
	freeaddrinfo(list);
	return st == OK ? sock_init(s, fd, 0, track, err) : st;
}

/* ---- listening ---- */

static enum status listen_unix(const char *path, int *out, struct error *err)
{
	struct sockaddr_un a;
	struct stat st;
	TRY(unix_address(path, &a, err));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR(err, E_NETWORK, "cannot listen on '%s': %s", path, strerrordesc_np(errno));
	/* what a crashed server left behind; a living one holds the lock of its data directory */
	if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, BACKLOG) == 0) {
		*out = fd;
		return OK;
	}
	int code = errno;
	close(fd);
	return ERR(err, E_NETWORK, "cannot listen on '%s': %s", path, strerrordesc_np(code));
}

/* A negative errno, or the descriptor. */
static int listen_one(const struct addrinfo *a, bool both_families)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int one = 1, only = !both_families;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (a->ai_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int code = -errno;
	close(fd);
	return code;
}

static unsigned port_of(int fd)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof a;
	if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		return 0;
	return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port : ((struct sockaddr_in *)&a)->sin_port);
}

enum status sock_listen(const char *host, unsigned port, int *fd, unsigned *actual_port, struct error *err)
{
	*fd = -1;
	*actual_port = 0;
	if (host[0] == '/')
		return listen_unix(host, fd, err);
	bool any = host[0] == '\0' || strcmp(host, "*") == 0 || strcmp(host, "::") == 0;
	struct addrinfo *list;
	TRY(resolve(any ? NULL : host, port, AI_PASSIVE, &list, err));
	int rc = -EADDRNOTAVAIL;
	/* for all addresses, IPv6 first: it takes IPv4 along where the system has both */
	for (int pass = 0; pass < 2 && rc < 0; pass++)
		for (const struct addrinfo *a = list; a != NULL && rc < 0; a = a->ai_next)
			if (!any || (a->ai_family == AF_INET6) == (pass == 0))
				rc = listen_one(a, any);
	freeaddrinfo(list);
	if (rc < 0)
		return ERR(err, E_NETWORK, "cannot listen on %s port %u: %s", any ? "all addresses" : host, port,
		           strerrordesc_np(-rc));
	*fd = rc;
	*actual_port = port_of(rc);
	return OK;
}
