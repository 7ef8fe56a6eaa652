// SPDX-License-Identifier: Apache-2.0
/*
 * An event names a slot of a table and the slot's generation, not an address: an event that was fetched before a
 * connection was forgotten finds another generation and is dropped. Every epoll registration is one-shot, so that one
 * change of state gives one event.
 */
#include "io/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum { EVENTS = 256, LISTENERS_MAX = 16, ACCEPTS_AT_ONCE = 64, ACCEPT_PAUSE_US = 100000 };

/* epoll's data: the high half tells what it is */
enum { DATA_WAKE = 0, DATA_LISTENER = 1, DATA_CONN = 2 };

struct slot {
	struct loop_conn *conn;      /* NULL: free */
	uint32_t generation;         /* 30 bits count */
	uint32_t next_free;
};

struct listener {
	int fd;
	void *arg;
};

struct loop {
	pthread_mutex_t mutex;       /* guards everything below, and the loop's fields of connections and timers */
	struct loop_config config;
	int epoll_fd, wake_fd;
	int spare_fd;                /* given up to accept and turn away a client when descriptors have run out */
	struct slot *slots;          /* [0] is not used */
	uint32_t slot_count, first_free;
	struct loop_timer **heap;    /* by deadline, places from 1 */
	uint32_t heap_count, heap_capacity;
	struct listener listeners[LISTENERS_MAX];
	unsigned listener_count;
	struct loop_timer accept_pause;
	unsigned connections, parked;
	uint64_t accepted, refused;
	bool stopping, started;
	pthread_t thread;
};

/* ---- timers, under the mutex ---- */

static void heap_place(struct loop *l, struct loop_timer *t, uint32_t at)
{
	l->heap[at] = t;
	t->at = at;
}

static void heap_up(struct loop *l, uint32_t at)
{
	struct loop_timer *t = l->heap[at];
	for (; at > 1 && t->deadline_us < l->heap[at / 2]->deadline_us; at /= 2)
		heap_place(l, l->heap[at / 2], at);
	heap_place(l, t, at);
}

static void heap_down(struct loop *l, uint32_t at)
{
	struct loop_timer *t = l->heap[at];
	for (uint32_t child; (child = 2 * at) <= l->heap_count; at = child) {
		if (child < l->heap_count && l->heap[child + 1]->deadline_us < l->heap[child]->deadline_us)
			child++;
		if (t->deadline_us <= l->heap[child]->deadline_us)
			break;
		heap_place(l, l->heap[child], at);
	}
	heap_place(l, t, at);
}

static void heap_remove(struct loop *l, struct loop_timer *t)
{
	uint32_t at = t->at;
	if (at == 0)
		return;
	struct loop_timer *last = l->heap[l->heap_count--];
	t->at = 0;
	if (last == t)
		return;
	heap_place(l, last, at);
	heap_up(l, at);
	heap_down(l, last->at);
}

static void wake(struct loop *l)
{
	uint64_t one = 1;
	ssize_t n = write(l->wake_fd, &one, sizeof one);
	(void)n; /* a full counter wakes as well */
}

static enum status heap_add(struct loop *l, struct loop_timer *t, int64_t deadline_us, struct error *err)
{
	heap_remove(l, t);
	if (l->heap_count + 1 >= l->heap_capacity) {
		uint32_t capacity = l->heap_capacity == 0 ? 64 : l->heap_capacity * 2;
		struct loop_timer **heap = realloc(l->heap, capacity * sizeof *heap);
		if (heap == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %u timers", capacity);
		l->heap = heap;
		l->heap_capacity = capacity;
	}
	t->deadline_us = deadline_us;
	heap_place(l, t, ++l->heap_count);
	heap_up(l, t->at);
	if (t->at == 1) /* the loop sleeps for the one that was first */
		wake(l);
	return OK;
}

enum status loop_timer_set(struct loop *l, struct loop_timer *t, int64_t delay_us, struct error *err)
{
	assert(t->fire != NULL);
	pthread_mutex_lock(&l->mutex);
	enum status s = heap_add(l, t, clock_mono_us() + delay_us, err);
	pthread_mutex_unlock(&l->mutex);
	return s;
}

bool loop_timer_unset(struct loop *l, struct loop_timer *t)
{
	pthread_mutex_lock(&l->mutex);
	bool was = t->at != 0;
	heap_remove(l, t);
	pthread_mutex_unlock(&l->mutex);
	return was;
}

/* ---- slots, under the mutex ---- */

static bool slot_take(struct loop *l, struct loop_conn *c)
{
	if (l->first_free == 0) {
		uint32_t count = l->slot_count == 0 ? 64 : l->slot_count * 2;
		struct slot *slots = realloc(l->slots, count * sizeof *slots);
		if (slots == NULL)
			return false;
		memset(slots + l->slot_count, 0, (count - l->slot_count) * sizeof *slots);
		for (uint32_t i = count - 1; i >= l->slot_count && i > 0; i--) {
			slots[i].next_free = l->first_free;
			l->first_free = i;
		}
		l->slots = slots;
		l->slot_count = count;
	}
	uint32_t i = l->first_free;
	l->first_free = l->slots[i].next_free;
	l->slots[i].conn = c;
	c->slot = i;
	l->connections++;
	return true;
}

static void slot_give(struct loop *l, struct loop_conn *c)
{
	struct slot *s = &l->slots[c->slot];
	assert(s->conn == c);
	s->conn = NULL;
	s->generation++;
	s->next_free = l->first_free;
	l->first_free = c->slot;
	c->slot = 0;
	l->connections--;
}

static uint64_t conn_data(const struct loop *l, uint32_t slot)
{
	return (uint64_t)DATA_CONN << 62 | (uint64_t)(l->slots[slot].generation & 0x3fffffff) << 32 | slot;
}

static enum status arm(struct loop *l, struct loop_conn *c, uint32_t events, struct error *err)
{
	bool fresh = c->slot == 0;
	if (fresh && !slot_take(l, c))
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a place for a connection");
	/* a new generation: what was reported for the old registration no longer counts */
	l->slots[c->slot].generation++;
	struct epoll_event ev = {.events = events | EPOLLONESHOT, .data.u64 = conn_data(l, c->slot)};
	if (epoll_ctl(l->epoll_fd, fresh ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &ev) == 0)
		return OK;
	int code = errno;
	if (fresh)
		slot_give(l, c);
	return ERR(err, E_NETWORK, "cannot watch a connection: %s", strerrordesc_np(code));
}

/* ---- connections ---- */

static void conn_timeout(struct loop_timer *t)
{
	struct loop_conn *c = (struct loop_conn *)((char *)t - offsetof(struct loop_conn, timer));
	c->on_ready(c, LOOP_TIMEOUT);
}

enum status loop_park(struct loop *l, struct loop_conn *c, unsigned idle_ms, struct error *err)
{
	assert(c->on_ready != NULL && !c->parked);
	pthread_mutex_lock(&l->mutex);
	if (l->stopping) {
		pthread_mutex_unlock(&l->mutex);
		return ERR(err, E_ABORTED, "the server is stopping");
	}
	c->watched = false;
	c->timer.fire = conn_timeout;
	enum status s = OK;
	if (idle_ms != 0)
		s = heap_add(l, &c->timer, clock_mono_us() + (int64_t)idle_ms * 1000, err);
	if (s == OK)
		s = arm(l, c, EPOLLIN | EPOLLRDHUP, err);
	if (s == OK) {
		c->parked = true;
		l->parked++;
	} else {
		heap_remove(l, &c->timer);
	}
	pthread_mutex_unlock(&l->mutex);
	return s;
}

enum status loop_watch(struct loop *l, struct loop_conn *c, struct error *err)
{
	assert(!c->parked);
	pthread_mutex_lock(&l->mutex);
	enum status s = arm(l, c, EPOLLRDHUP, err);
	c->watched = s == OK;
	pthread_mutex_unlock(&l->mutex);
	return s;
}

void loop_forget(struct loop *l, struct loop_conn *c)
{
	pthread_mutex_lock(&l->mutex);
	assert(!c->parked);
	if (c->slot != 0) {
		(void)epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
		slot_give(l, c);
	}
	heap_remove(l, &c->timer);
	c->watched = false;
	pthread_mutex_unlock(&l->mutex);
}

/* Takes a connection out of its parking place; the mutex is held, and on_ready is to be called without it. */
static void unpark(struct loop *l, struct loop_conn *c)
{
	c->parked = false;
	l->parked--;
	heap_remove(l, &c->timer);
	/* nothing more is reported until the next arm; an event already fetched has the old generation */
	l->slots[c->slot].generation++;
}

bool loop_kick(struct loop *l, struct loop_conn *c, enum loop_event event)
{
	pthread_mutex_lock(&l->mutex);
	bool was = c->parked;
	if (was)
		unpark(l, c);
	pthread_mutex_unlock(&l->mutex);
	if (was)
		c->on_ready(c, event);
	return was;
}

static void conn_event(struct loop *l, uint64_t data, uint32_t events)
{
	uint32_t slot = (uint32_t)data;
	pthread_mutex_lock(&l->mutex);
	assert(slot < l->slot_count);
	struct loop_conn *c = l->slots[slot].conn;
	if (c == NULL || conn_data(l, slot) != data) {
		pthread_mutex_unlock(&l->mutex);
		return;
	}
	if (c->parked) {
		unpark(l, c);
		pthread_mutex_unlock(&l->mutex);
		c->on_ready(c, events & EPOLLIN ? LOOP_READABLE : LOOP_CLOSED);
		return;
	}
	if (c->watched) {
		c->watched = false;
		if (c->on_hangup != NULL)
			c->on_hangup(c);
	}
	pthread_mutex_unlock(&l->mutex);
}

/* ---- accepting ---- */

static void watch_listeners(struct loop *l, bool on)
{
	for (unsigned i = 0; i < l->listener_count; i++) {
		struct epoll_event ev = {.events = on ? EPOLLIN : 0, .data.u64 = (uint64_t)DATA_LISTENER << 62 | i};
		(void)epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, l->listeners[i].fd, &ev);
	}
}

static void accept_again(struct loop_timer *t)
{
	struct loop *l = (struct loop *)((char *)t - offsetof(struct loop, accept_pause));
	pthread_mutex_lock(&l->mutex);
	if (!l->stopping)
		watch_listeners(l, true);
	pthread_mutex_unlock(&l->mutex);
}

/* No descriptor is left: one client is accepted in place of the spare one and told by an end of stream; then a pause,
 * since the queue would only wake us again at once. */
static void out_of_descriptors(struct loop *l, int listen_fd)
{
	LOG(LOG_ERROR, "io", "cannot accept a connection: out of file descriptors");
	close(l->spare_fd);
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pthread_mutex_lock(&l->mutex);
	l->refused++;
	watch_listeners(l, false);
	if (heap_add(l, &l->accept_pause, clock_mono_us() + ACCEPT_PAUSE_US, NULL) != OK)
		watch_listeners(l, true);
	pthread_mutex_unlock(&l->mutex);
}

static void accept_some(struct loop *l, const struct listener *from)
{
	for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
		int fd = accept4(from->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
				out_of_descriptors(l, from->fd);
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			return;
		}
		int one = 1;
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
		pthread_mutex_lock(&l->mutex);
		bool full = l->config.connections_max != 0 && l->connections >= l->config.connections_max;
		l->accepted += !full;
		l->refused += full;
		pthread_mutex_unlock(&l->mutex);
		if (!full) {
			l->config.on_accept(l->config.arg, fd, from->arg);
			continue;
		}
		if (l->config.on_refuse != NULL)
			l->config.on_refuse(l->config.arg, fd, from->arg);
		close(fd);
	}
}

enum status loop_listen(struct loop *l, int fd, void *listener, struct error *err)
{
	enum status s = OK;
	pthread_mutex_lock(&l->mutex);
	unsigned i = l->listener_count;
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = (uint64_t)DATA_LISTENER << 62 | i};
	if (i == LISTENERS_MAX) {
		s = ERR(err, E_LIMIT_EXCEEDED, "more than %d listeners", LISTENERS_MAX);
	} else {
		l->listeners[i] = (struct listener){fd, listener};
		l->listener_count++;
		if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev) != 0) {
			l->listener_count--;
			s = ERR(err, E_NETWORK, "cannot watch a listener: %s", strerrordesc_np(errno));
		}
	}
	pthread_mutex_unlock(&l->mutex);
	return s;
}

/* ---- the thread ---- */

/* Fires what is due; returns how long to sleep, in ms, -1 for ever. */
static int run_timers(struct loop *l)
{
	pthread_mutex_lock(&l->mutex);
	int64_t now = clock_mono_us();
	while (l->heap_count > 0 && l->heap[1]->deadline_us <= now) {
		struct loop_timer *t = l->heap[1];
		/* a connection's timer runs only while it is parked */
		if (t->fire == conn_timeout)
			unpark(l, (struct loop_conn *)((char *)t - offsetof(struct loop_conn, timer)));
		else
			heap_remove(l, t);
		pthread_mutex_unlock(&l->mutex);
		t->fire(t);
		pthread_mutex_lock(&l->mutex);
		now = clock_mono_us();
	}
	int64_t wait_us = l->heap_count == 0 ? -1 : l->heap[1]->deadline_us - now;
	pthread_mutex_unlock(&l->mutex);
	return wait_us < 0 ? -1 : wait_us > 60000000 ? 60000 : (int)(wait_us / 1000) + 1;
}

static void *loop_thread(void *arg)
{
	struct loop *l = arg;
	struct epoll_event events[EVENTS];
	for (;;) {
		int timeout = run_timers(l);
		int n = epoll_wait(l->epoll_fd, events, EVENTS, timeout);
		pthread_mutex_lock(&l->mutex);
		bool stopping = l->stopping;
		pthread_mutex_unlock(&l->mutex);
		if (stopping)
			return NULL;
		for (int i = 0; i < n; i++) {
			uint64_t data = events[i].data.u64, count;
			if (data >> 62 == DATA_CONN)
				conn_event(l, data, events[i].events);
			else if (data >> 62 == DATA_LISTENER)
				accept_some(l, &l->listeners[(uint32_t)data]);
			else if (read(l->wake_fd, &count, sizeof count) < 0)
				continue; /* somebody's wake was taken with the last one */
		}
	}
}

enum status loop_new(struct loop **out, const struct loop_config *config, struct error *err)
{
	*out = NULL;
	struct loop *l = calloc(1, sizeof *l);
	if (l == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate the event loop");
	l->config = *config;
	l->accept_pause.fire = accept_again;
	pthread_mutex_init(&l->mutex, NULL);
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = (uint64_t)DATA_WAKE << 62};
	if (l->epoll_fd < 0 || l->wake_fd < 0 || epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->wake_fd, &ev) != 0) {
		enum status s = ERR(err, E_NETWORK, "cannot create the event loop: %s", strerrordesc_np(errno));
		loop_free(l);
		return s;
	}
	*out = l;
	return OK;
}

void loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	assert(l->connections == 0 && !l->started);
	int fds[] = {l->epoll_fd, l->wake_fd, l->spare_fd};
	for (size_t i = 0; i < ARRAY_COUNT(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	pthread_mutex_destroy(&l->mutex);
	free(l->slots);
	free(l->heap);
	free(l);
}

enum status loop_start(struct loop *l, struct error *err)
{
	assert(!l->started);
	if (pthread_create(&l->thread, NULL, loop_thread, l) != 0)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot start the event loop's thread");
	pthread_setname_np(l->thread, "loop");
	l->started = true;
	return OK;
}

void loop_stop(struct loop *l)
{
	pthread_mutex_lock(&l->mutex);
	l->stopping = true;
	for (unsigned i = 0; i < l->listener_count; i++)
		(void)epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, l->listeners[i].fd, NULL);
	wake(l);
	pthread_mutex_unlock(&l->mutex);
	if (l->started)
		pthread_join(l->thread, NULL);
	l->started = false;
	pthread_mutex_lock(&l->mutex);
	heap_remove(l, &l->accept_pause);
	for (uint32_t i = 1; i < l->slot_count; i++) {
		struct loop_conn *c = l->slots[i].conn;
		if (c == NULL || !c->parked)
			continue;
		unpark(l, c);
		pthread_mutex_unlock(&l->mutex);
		c->on_ready(c, LOOP_STOPPING);
		pthread_mutex_lock(&l->mutex);
	}
	pthread_mutex_unlock(&l->mutex);
}

void loop_stats(struct loop *l, struct loop_stats *out)
{
	pthread_mutex_lock(&l->mutex);
	*out = (struct loop_stats){l->connections, l->parked, l->accepted, l->refused};
	pthread_mutex_unlock(&l->mutex);
}
