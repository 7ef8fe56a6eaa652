// SPDX-License-Identifier: Apache-2.0
#ifndef IO_LOOP_H
#define IO_LOOP_H
/*
 * Event loop: one thread and one epoll that accept connections, keep idle ones parked and watch running ones.
 *
 * A struct loop_conn is embedded in the owner's session. It is in one of these states, and its owner is who may touch
 * the session behind it:
 *
 *     loop_park            bytes came, the time is up, or the peer left
 *   RUNNING ----> PARKED ---------------------------------------------> RUNNING, through on_ready
 *   the caller's   the loop's                                           whoever on_ready gives it to
 *
 * While RUNNING it may be watched for hang-up (loop_watch): on_hangup then tells once. A session that ends calls
 * loop_forget before it closes its descriptor; after that no callback of it runs or is running.
 *
 * All functions may be called by any thread, except from inside on_hangup. One mutex guards the loop's state; on_accept
 * and on_ready run without it on the loop's thread and must not block.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

struct loop;

enum loop_event {
	LOOP_READABLE,  /* bytes, or the end of the stream */
	LOOP_CLOSED,    /* the peer is gone */
	LOOP_TIMEOUT,   /* idle for too long */
	LOOP_STOPPING,  /* the loop is being stopped */
};

struct loop_timer {
	void (*fire)(struct loop_timer *t); /* on the loop's thread, without its mutex */
	int64_t deadline_us;                /* the loop's, as is at */
	uint32_t at;                        /* place in the heap, from 1; 0: not set */
};

struct loop_conn {
	void (*on_ready)(struct loop_conn *c, enum loop_event event);
	/* The peer closed its side or both while the connection was running. Called with the loop's mutex held: it sets a
	 * flag and returns. May be NULL. */
	void (*on_hangup)(struct loop_conn *c);
	/* the loop's */
	int fd;
	uint32_t slot;                      /* place in the loop's table, from 1; 0: not known to the loop */
	bool parked, watched;
	struct loop_timer timer;
};

struct loop_config {
	unsigned connections_max;           /* on_accept is not called beyond; such clients are turned away */
	/* A new connection, its descriptor non-blocking and the callee's. `listener` is what loop_listen was given. */
	void (*on_accept)(void *arg, int fd, void *listener);
	/* Beyond connections_max: may send a word of explanation without blocking; the loop closes fd. May be NULL. */
	void (*on_refuse)(void *arg, int fd, void *listener);
	void *arg;
};

struct loop_stats {
	unsigned connections, parked;
	uint64_t accepted, refused;
};

enum status loop_new(struct loop **out, const struct loop_config *config, struct error *err) MUST_CHECK;
/* After loop_stop; no connection is known to it any more. Closes nothing but its own descriptors. */
void loop_free(struct loop *l);
/* Starts the loop's thread. */
enum status loop_start(struct loop *l, struct error *err) MUST_CHECK;
/* Stops accepting, hands every parked connection to on_ready with LOOP_STOPPING, ends and joins the thread. */
void loop_stop(struct loop *l);
/* Adds a listening descriptor (sock_listen), which stays the caller's to close after loop_stop. */
enum status loop_listen(struct loop *l, int fd, void *listener, struct error *err) MUST_CHECK;

/* Parks a connection whose fd, on_ready and on_hangup are set, for at most idle_ms (0: no limit). From then on it is
 * the loop's. The caller has made sure that no unread bytes lie in its own buffers or in TLS. */
enum status loop_park(struct loop *l, struct loop_conn *c, unsigned idle_ms, struct error *err) MUST_CHECK;
/* Watches a running connection for hang-up until it is parked or forgotten. */
enum status loop_watch(struct loop *l, struct loop_conn *c, struct error *err) MUST_CHECK;
/* The loop knows a running connection no more. Not for parked ones: those come back through on_ready first. */
void loop_forget(struct loop *l, struct loop_conn *c);
/* Ends a parked connection's wait: its on_ready is called with `event`. False where it is not parked. */
bool loop_kick(struct loop *l, struct loop_conn *c, enum loop_event event);

/* Sets or moves a timer, whose fire is set, to clock_mono_us() + delay_us. Its memory lives until it fired or was
 * unset. */
enum status loop_timer_set(struct loop *l, struct loop_timer *t, int64_t delay_us, struct error *err) MUST_CHECK;
/* False where it was not set: it has fired or is firing. */
bool loop_timer_unset(struct loop *l, struct loop_timer *t);

void loop_stats(struct loop *l, struct loop_stats *out);

#endif
