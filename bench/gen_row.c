// SPDX-License-Identifier: Apache-2.0
#include "bench/gen_row.h"

#include <math.h>
#include <string.h>

enum { TEAMS = 50, ORGANIZATIONS = 300, MODELS = 9, PATHS = 5000 };
enum session_kind { WEB, MOBILE, API };

const struct gen_model gen_models[] = {
	{"zen-1", "hanzo", 50, 150},       {"zen-1-mini", "hanzo", 10, 40},   {"zen-coder", "hanzo", 80, 240},
	{"gpt-5", "openai", 125, 1000},    {"gpt-5-mini", "openai", 25, 200}, {"claude-sonnet", "anthropic", 300, 1500},
	{"claude-haiku", "anthropic", 100, 500}, {"gemini-pro", "google", 125, 500}, {"llama-70b", "together", 88, 88},
};

/* MurmurHash3's finaliser over two words. */
uint64_t gen_mix(uint64_t a, uint64_t b)
{
	uint64_t x = a + b * 0x9e3779b97f4a7c15u;
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

/* [0, 1) out of 53 bits. */
static double unit(uint64_t h)
{
	return (double)(h >> 11) * 0x1p-53;
}

/* 1 … n with a density of 1/x: Zipf with exponent 1, in closed form. */
static uint64_t zipf(uint64_t h, uint64_t n)
{
	uint64_t x = (uint64_t)exp(unit(h) * log((double)n + 1));
	return x < 1 ? 1 : x > n ? n : x;
}

static uint64_t user_count(const struct gen_plan *p)
{
	return p->rows / 25 < 2000 ? 2000 : p->rows / 25;
}

/* The time at which the fraction `f` of all rows has gone by. */
static int64_t time_at(const struct gen_plan *p, double f)
{
	double before = 0;
	for (int i = 0; i < p->window_count; i++) {
		const struct gen_window *w = &p->windows[i];
		if (f < before + w->share || i + 1 == p->window_count) {
			double inside = (f - before) / w->share;
			return w->from_ms + (int64_t)(inside * (double)(w->to_ms - w->from_ms));
		}
		before += w->share;
	}
	return 0;
}

static int64_t window_end(const struct gen_plan *p, int64_t at_ms)
{
	int64_t end = at_ms + 1;
	for (int i = 0; i < p->window_count; i++)
		if (at_ms >= p->windows[i].from_ms && at_ms < p->windows[i].to_ms)
			end = p->windows[i].to_ms;
	return end;
}

static void open_session(struct gen_stream *g)
{
	struct gen_session *s = &g->session;
	uint64_t h = gen_mix(g->plan.seed, g->next_session), u = gen_mix(h, 1), w = gen_mix(h, 2);
	double skew = unit(u);
	memset(s, 0, sizeof *s);
	s->id = g->next_session++;
	s->user = (uint64_t)((double)user_count(&g->plan) * skew * skew * skew);
	uint64_t by_user = gen_mix(0x75736572, s->user);
	s->team = (uint32_t)zipf(by_user, TEAMS);
	s->organization = by_user % 8 == 0 ? 123 : (uint32_t)zipf(gen_mix(by_user, 1), ORGANIZATIONS);
	s->project = (uint32_t)(by_user >> 20) % 4;
	s->kind = w % 100 < 70 ? WEB : w % 100 < 80 ? MOBILE : API;
	s->length = 1 + (int)(-log(1 - unit(gen_mix(h, 3))) * 7.0);
	if (s->length > 60)
		s->length = 60;
	s->browser = (int)(by_user >> 8 & 15);
	s->os = (int)(by_user >> 12 & 7);
	int screen_kind = (by_user >> 16) % 10 < 7 ? 0 : (int)((by_user >> 16) % 3);
	s->device = s->kind == MOBILE ? 1 : s->kind == API ? 3 : screen_kind;
	s->place = (int)zipf(gen_mix(by_user, 2), 40) - 1;
	s->campaign = w >> 20 & 3 ? 0 : 1 + (int)(w >> 24 & 15);
	s->referrer = (int)(w >> 32 & 15);
	s->screen = (int)(by_user >> 24 & 7);
	s->plan = (int)(by_user >> 30 & 7);
	s->funnel = (w >> 40) % 100 < 9 && s->kind != API ? 1 : 0;
	s->at_ms = time_at(&g->plan, (double)g->next_row / (double)g->plan.rows);
}

static void fill_request(struct gen_session *s, struct gen_row *row, uint64_t h)
{
	row->event = "$llm_request";
	row->model = (int)zipf(gen_mix(h, 11) ^ (uint64_t)s->organization, MODELS) - 1;
	row->tokens_prompt = 20 + (uint32_t)(-log(1 - unit(gen_mix(h, 12))) * 900);
	row->tokens_completion = 5 + (uint32_t)(-log(1 - unit(gen_mix(h, 13))) * 350);
	row->latency_ms = 120 + row->tokens_completion * (8 + (uint32_t)(h & 15));
	const struct gen_model *m = &gen_models[row->model];
	row->cost_e8 = (uint64_t)row->tokens_prompt * m->cents_in + (uint64_t)row->tokens_completion * m->cents_out;
}

/* signup, then (six in ten) onboarding_complete, then (half of them) first_api_call. */
static bool fill_funnel(struct gen_session *s, struct gen_row *row, uint64_t h)
{
	static const char *const steps[] = {"signup", "onboarding_complete", "first_api_call"};
	if (s->funnel < 1 || s->funnel > 3 || s->step < s->funnel)
		return false;
	row->event = steps[s->funnel - 1];
	s->converted = true;
	s->funnel = (h >> 8) % 100 < (s->funnel == 1 ? 60u : 50u) ? s->funnel + 1 : 0;
	return true;
}

static void fill_page(struct gen_session *s, struct gen_row *row, uint64_t h)
{
	static const char *const others[] = {"$autocapture", "$autocapture", "search", "feature_used", "$feature_flag_called",
	                                     "purchase", "$pageleave", "$identify"};
	row->path = (int)zipf(gen_mix(h, 21), PATHS) - 1;
	if (s->step > 0 && fill_funnel(s, row, h))
		return;
	bool page = s->step == 0 || h % 100 < 55;
	row->event = !page ? others[h >> 16 & 7] : s->kind == MOBILE ? "$screen" : "$pageview";
}

void gen_stream_init(struct gen_stream *g, const struct gen_plan *plan)
{
	memset(g, 0, sizeof *g);
	g->plan = *plan;
}

bool gen_stream_next(struct gen_stream *g, struct gen_row *row)
{
	struct gen_session *s = &g->session;
	if (g->next_row >= g->plan.rows)
		return false;
	if (s->step >= s->length)
		open_session(g);
	uint64_t h = gen_mix(g->plan.seed ^ 0x726f77, g->next_row);
	memset(row, 0, sizeof *row);
	row->row = g->next_row++;
	row->salt = gen_mix(h, 5);
	row->uuid_high = (gen_mix(h, 6) & ~0xf000ull) | 0x4000;
	row->uuid_low = (gen_mix(h, 7) & ~(3ull << 62)) | 1ull << 63;
	row->path = row->model = -1;
	if (s->kind == API)
		fill_request(s, row, h);
	else
		fill_page(s, row, h);
	if (s->step > 0)
		s->at_ms += 500 + (int64_t)(-log(1 - unit(gen_mix(h, 8))) * 45000);
	int64_t end = window_end(&g->plan, s->at_ms);
	if (s->at_ms >= end)
		s->at_ms = end - 1;
	row->at_ms = s->at_ms;
	row->created_ms = s->at_ms + (int64_t)(h >> 40) % 4000;
	s->step++;
	return true;
}
