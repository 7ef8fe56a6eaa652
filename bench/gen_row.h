// SPDX-License-Identifier: Apache-2.0
#ifndef BENCH_GEN_ROW_H
#define BENCH_GEN_ROW_H
/*
 * One HIP-0047 event, and the stream of them.
 *
 * The stream is made of sessions: a user (Zipf-like: few users make most of the traffic) opens one on a device, from a
 * place and a campaign, and steps through events in order. It is a pure function of the seed, the number of rows and
 * the time windows, so the same arguments give the same rows on every machine, whatever the format.
 */
#include <stdbool.h>
#include <stdint.h>

enum { WINDOWS_MAX = 4 };

struct gen_window {
	int64_t from_ms, to_ms;     /* [from, to), milliseconds since 1970 */
	double share;               /* of all rows */
};

struct gen_plan {
	uint64_t seed, rows;
	struct gen_window windows[WINDOWS_MAX];
	int window_count;
};

/* What a session keeps. */
struct gen_session {
	uint64_t id, user;
	uint32_t team, organization, project;
	int kind, length, step;
	int browser, os, device, place, campaign, referrer, screen, plan;
	int64_t at_ms;
	bool converted;             /* has signed up in this session */
	int funnel;                 /* steps of the funnel still to come */
};

struct gen_row {
	uint64_t uuid_high, uuid_low;
	uint64_t row;
	const char *event;
	int64_t at_ms, created_ms;
	int path;                   /* -1: no page */
	int model;                  /* -1: no request to a model */
	uint32_t tokens_prompt, tokens_completion, latency_ms;
	uint64_t cost_e8;           /* USD times 10^8 */
	uint64_t salt;              /* for what the properties hold */
};

struct gen_stream {
	struct gen_plan plan;
	struct gen_session session;
	uint64_t next_row, next_session;
};

void gen_stream_init(struct gen_stream *g, const struct gen_plan *plan);
/* False behind the last row. */
bool gen_stream_next(struct gen_stream *g, struct gen_row *row);

struct gen_model {
	const char *name, *provider;
	uint32_t cents_in, cents_out; /* per million tokens */
};

extern const struct gen_model gen_models[];
uint64_t gen_mix(uint64_t a, uint64_t b);

#endif
