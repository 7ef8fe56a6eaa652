// SPDX-License-Identifier: Apache-2.0
#include "bench/gen_text.h"

#include <stdbool.h>
#include <string.h>

static const char *const browsers[] = {"Chrome",  "Chrome",  "Chrome", "Chrome", "Chrome", "Chrome",
                                       "Safari",  "Safari",  "Safari", "Firefox", "Firefox", "Edge",
                                       "Edge", "Opera", "Samsung Internet", "Brave"};
static const char *const systems[] = {"Windows", "Windows", "Mac OS X", "Mac OS X", "Linux", "iOS", "Android",
	"Android"};
static const char *const versions[] = {"10", "11", "10.15.7", "14.4", "", "17.5", "14", "13"};
static const char *const devices[] = {"Desktop", "Mobile", "Tablet", "Server"};
static const char *const titles[] = {"Home", "Pricing", "Docs", "Blog", "Dashboard", "Settings", "Models",
	"Playground"};
static const char *const sections[] = {"", "pricing", "docs/guide", "blog", "dashboard", "settings/team",
	"models", "play"};
static const char *const locales[] = {"en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "ja-JP", "pt-BR", "zh-CN"};
static const char *const plans[] = {"free", "free", "free", "free", "pro", "pro", "team", "enterprise"};
static const char *const sources[] = {"google", "newsletter", "twitter", "linkedin", "github", "hn", "reddit",
	"partner"};
static const char *const mediums[] = {"cpc", "email", "social", "social", "referral", "referral", "social",
	"affiliate"};
static const char *const campaigns[] = {"spring_launch", "zen_1", "brand", "retarget", "devday", "agents",
	"free_tier", "q1"};
static const char *const referrers[] = {"", "", "", "", "", "https://www.google.com/", "https://www.google.com/",
                                        "https://www.google.com/", "https://news.ycombinator.com/",
                                        "https://github.com/",
                                        "https://t.co/", "https://www.bing.com/", "https://duckduckgo.com/",
                                        "https://www.linkedin.com/", "https://www.reddit.com/", "https://hanzo.ai/"};
static const char *const hosts[] = {"hanzo.ai", "console.hanzo.ai", "docs.hanzo.ai", "hanzo.chat"};
static const int widths[] = {1280, 1366, 1440, 1536, 1920, 2560, 390, 412};
static const int heights[] = {720, 768, 900, 864, 1080, 1440, 844, 915};
static const struct {
	const char *country, *region, *city;
} places[] = {
	{"US", "California", "San Francisco"}, {"US", "New York", "New York"}, {"DE", "Berlin", "Berlin"},
	{"GB", "England", "London"}, {"IN", "Karnataka", "Bengaluru"}, {"FR", "Île-de-France", "Paris"},
	{"US", "Washington", "Seattle"}, {"BR", "São Paulo", "São Paulo"}, {"JP", "Tokyo", "Tokyo"},
	{"CA", "Ontario", "Toronto"},
	{"US", "Texas", "Austin"}, {"NL", "North Holland", "Amsterdam"}, {"ES", "Madrid", "Madrid"},
	{"PL", "Mazovia", "Warsaw"},
	{"AU", "New South Wales", "Sydney"}, {"SG", "", "Singapore"}, {"SE", "Stockholm", "Stockholm"},
	{"IT", "Lazio", "Rome"},
	{"KR", "Seoul", "Seoul"}, {"MX", "CDMX", "Mexico City"}, {"DE", "Bavaria", "Munich"}, {"US", "Illinois", "Chicago"},
	{"IN", "Maharashtra", "Mumbai"}, {"CH", "Zürich", "Zürich"}, {"IE", "Leinster", "Dublin"},
	{"PT", "Lisboa", "Lisbon"},
	{"UA", "Kyiv", "Kyiv"}, {"TR", "İstanbul", "İstanbul"}, {"ID", "Jakarta", "Jakarta"}, {"NG", "Lagos", "Lagos"},
	{"ZA", "Gauteng", "Johannesburg"}, {"AR", "Buenos Aires", "Buenos Aires"}, {"IL", "Tel Aviv", "Tel Aviv"},
	{"CZ", "Prague", "Prague"}, {"DK", "Capital", "Copenhagen"}, {"NO", "Oslo", "Oslo"}, {"FI", "Uusimaa", "Helsinki"},
	{"AT", "Vienna", "Vienna"}, {"VN", "Hanoi", "Hanoi"}, {"AE", "Dubai", "Dubai"},
};

/* Where text goes, and how a quote inside a text value is written there. */
struct pen {
	char *at;
	enum gen_format format;
	const char *quote;
	int column;
};

static void put(struct pen *p, const char *s)
{
	size_t n = strlen(s);
	memcpy(p->at, s, n);
	p->at += n;
}

static void put_u64(struct pen *p, uint64_t v)
{
	char digits[20];
	int n = 0;
	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	while (n > 0)
		*p->at++ = digits[--n];
}

static void put_digits(struct pen *p, uint64_t v, int n)
{
	for (int i = n; i-- > 0; v /= 10)
		p->at[i] = (char)('0' + v % 10);
	p->at += n;
}

static void put_hex(struct pen *p, uint64_t v, int n)
{
	for (int i = n; i-- > 0; v >>= 4)
		p->at[i] = "0123456789abcdef"[v & 15];
	p->at += n;
}

/* Days since 1970 to year, month, day (Hinnant's algorithm, for years behind 1970). */
static void put_time(struct pen *p, int64_t ms)
{
	int64_t days = ms / 86400000, rest = ms % 86400000, z = days + 719468, era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153, day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
	put_digits(p, (uint64_t)(yoe + era * 400 + (month <= 2)), 4);
	*p->at++ = '-';
	put_digits(p, (uint64_t)month, 2);
	*p->at++ = '-';
	put_digits(p, (uint64_t)day, 2);
	*p->at++ = p->format == GEN_JSON ? 'T' : ' ';
	put_digits(p, (uint64_t)(rest / 3600000), 2);
	*p->at++ = ':';
	put_digits(p, (uint64_t)(rest / 60000 % 60), 2);
	*p->at++ = ':';
	put_digits(p, (uint64_t)(rest / 1000 % 60), 2);
	*p->at++ = '.';
	put_digits(p, (uint64_t)(rest % 1000), 3);
	if (p->format == GEN_JSON)
		*p->at++ = 'Z';
}

static const char *const columns[] = {
	"uuid", "team_id", "distinct_id", "session_id", "event", "timestamp", "created_at", "properties", "url", "referrer",
	"host", "pathname", "browser", "browser_version", "os", "os_version", "device_type", "country_code", "city",
	"region",
	"utm_source", "utm_medium", "utm_campaign", "model", "provider", "tokens_prompt", "tokens_completion", "cost_usd",
	"organization_id", "project_id", "api_key_id",
};

const char *gen_text_columns(void)
{
	static char text[1024];
	char *at = text;
	if (*text != '\0')
		return text;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (i > 0)
			*at++ = ',';
		size_t n = strlen(columns[i]);
		memcpy(at, columns[i], n + 1);
		at += n;
	}
	return text;
}

/* Opens the next column; text is put between quotes where the format has them. */
static void begin(struct pen *p, bool text)
{
	if (p->format == GEN_JSON) {
		*p->at++ = p->column == 0 ? '{' : ',';
		*p->at++ = '"';
		put(p, columns[p->column]);
		*p->at++ = '"';
		*p->at++ = ':';
	} else if (p->column > 0) {
		*p->at++ = p->format == GEN_CSV ? ',' : '\t';
	}
	p->column++;
	if (text && p->format != GEN_TSV)
		*p->at++ = '"';
}

static void end_text(struct pen *p)
{
	if (p->format != GEN_TSV)
		*p->at++ = '"';
}

static void column_text(struct pen *p, const char *s)
{
	begin(p, true);
	put(p, s);
	end_text(p);
}

static void column_u64(struct pen *p, uint64_t v)
{
	begin(p, false);
	put_u64(p, v);
}

static void column_time(struct pen *p, int64_t ms)
{
	begin(p, true);
	put_time(p, ms);
	end_text(p);
}

/* "key": of the properties. */
static void key(struct pen *p, char before, const char *name)
{
	*p->at++ = before;
	put(p, p->quote);
	put(p, name);
	put(p, p->quote);
	*p->at++ = ':';
}

static void key_text(struct pen *p, char before, const char *name, const char *value)
{
	key(p, before, name);
	put(p, p->quote);
	put(p, value);
	put(p, p->quote);
}

static void key_u64(struct pen *p, const char *name, uint64_t value)
{
	key(p, ',', name);
	put_u64(p, value);
}

static void put_path(struct pen *p, int path)
{
	*p->at++ = '/';
	put(p, sections[path % 8]);
	if (path >= 8) {
		put(p, path % 8 == 0 ? "p/" : "/");
		put_u64(p, (uint64_t)path);
	}
}

static void put_url(struct pen *p, const struct gen_session *s, const struct gen_row *r, bool query)
{
	if (r->path < 0)
		return;
	put(p, "https://");
	put(p, hosts[s->project]);
	put_path(p, r->path);
	if (query && s->campaign != 0 && s->step <= 2) {
		put(p, "?utm_source=");
		put(p, sources[s->campaign & 7]);
		put(p, "&utm_campaign=");
		put(p, campaigns[s->campaign >> 1 & 7]);
	}
}

static void put_ip(struct pen *p, uint64_t by_user)
{
	put_u64(p, 11 + by_user % 190);
	for (int i = 1; i < 4; i++) {
		*p->at++ = '.';
		put_u64(p, by_user >> 8 * i & 255);
	}
}

static void put_properties(struct pen *p, const struct gen_session *s, const struct gen_row *r)
{
	uint64_t by_user = gen_mix(0x6970, s->user);
	key_text(p, '{', "$lib", s->kind == 2 ? "hanzo-python" : s->kind == 1 ? "hanzo-ios" : "web");
	key(p, ',', "$lib_version");
	put(p, p->quote);
	put(p, "1.");
	put_u64(p, 100 + by_user % 37);
	*p->at++ = '.';
	put_u64(p, by_user >> 9 & 3);
	put(p, p->quote);
	key(p, ',', "$ip");
	put(p, p->quote);
	put_ip(p, by_user);
	put(p, p->quote);
	key_text(p, ',', "plan", plans[s->plan]);
	key_text(p, ',', "locale", locales[by_user >> 16 & 7]);
	if (r->model >= 0) {
		key_u64(p, "latency_ms", r->latency_ms);
		key_u64(p, "status", r->salt % 50 == 0 ? 429 : 200);
		key_text(p, ',', "stream", r->salt >> 8 & 1 ? "yes" : "no");
		key_u64(p, "max_tokens", 256u << (r->salt >> 12 & 3));
	} else {
		key_u64(p, "$screen_width", (uint64_t)widths[s->screen]);
		key_u64(p, "$screen_height", (uint64_t)heights[s->screen]);
		key_text(p, ',', "title", titles[r->path % 8]);
		key_u64(p, "$viewport_height", (uint64_t)heights[s->screen] - 120 - (r->salt >> 20 & 63));
		key_u64(p, "scroll_depth", r->salt % 101);
		key_u64(p, "load_ms", 80 + r->salt % 1900);
		key(p, ',', "is_first_visit");
		put(p, s->step <= 1 ? "true" : "false");
		key(p, ',', "$current_url");
		put(p, p->quote);
		put_url(p, s, r, true);
		put(p, p->quote);
	}
	key(p, ',', "$insert_id");
	put(p, p->quote);
	put_hex(p, r->salt, 16);
	put(p, p->quote);
	key_u64(p, "$sequence", (uint64_t)s->step);
	*p->at++ = '}';
}

static void put_page_columns(struct pen *p, const struct gen_session *s, const struct gen_row *r)
{
	begin(p, true);
	put_url(p, s, r, true);
	end_text(p);
	column_text(p, r->path < 0 || s->step > 1 ? "" : referrers[s->referrer]);
	column_text(p, r->path < 0 ? "api.hanzo.ai" : hosts[s->project]);
	begin(p, true);
	if (r->path >= 0)
		put_path(p, r->path);
	end_text(p);
	column_text(p, s->kind == 2 ? "" : browsers[s->browser]);
	begin(p, true);
	if (s->kind != 2) {
		put_u64(p, 110 + gen_mix(1, s->user) % 30);
		put(p, ".0.");
		put_u64(p, gen_mix(2, s->user) % 7000);
	}
	end_text(p);
	column_text(p, systems[s->os]);
	column_text(p, versions[s->os]);
	column_text(p, devices[s->device]);
	column_text(p, places[s->place].country);
	column_text(p, places[s->place].city);
	column_text(p, places[s->place].region);
	column_text(p, s->campaign == 0 ? "" : sources[s->campaign & 7]);
	column_text(p, s->campaign == 0 ? "" : mediums[s->campaign & 7]);
	column_text(p, s->campaign == 0 ? "" : campaigns[s->campaign >> 1 & 7]);
}

static void put_billing_columns(struct pen *p, const struct gen_session *s, const struct gen_row *r)
{
	column_text(p, r->model < 0 ? "" : gen_models[r->model].name);
	column_text(p, r->model < 0 ? "" : gen_models[r->model].provider);
	column_u64(p, r->tokens_prompt);
	column_u64(p, r->tokens_completion);
	begin(p, false);
	put_u64(p, r->cost_e8 / 100000000);
	*p->at++ = '.';
	put_digits(p, r->cost_e8 % 100000000, 8);
	begin(p, true);
	put(p, "org_");
	put_u64(p, s->organization);
	end_text(p);
	begin(p, true);
	put(p, "proj_");
	put_u64(p, s->organization * 4 + s->project);
	end_text(p);
	begin(p, true);
	if (r->model >= 0) {
		put(p, "key_");
		put_hex(p, gen_mix(s->organization, s->user % 5), 12);
	}
	end_text(p);
}

char *gen_text_row(char *out, enum gen_format format, const struct gen_session *s, const struct gen_row *r)
{
	struct pen pen = {out, format, format == GEN_JSON ? "\\\"" : format == GEN_CSV ? "\"\"" : "\"", 0}, *p = &pen;
	begin(p, true);
	put_hex(p, r->uuid_high >> 32, 8);
	*p->at++ = '-';
	put_hex(p, r->uuid_high >> 16, 4);
	*p->at++ = '-';
	put_hex(p, r->uuid_high, 4);
	*p->at++ = '-';
	put_hex(p, r->uuid_low >> 48, 4);
	*p->at++ = '-';
	put_hex(p, r->uuid_low, 12);
	end_text(p);
	column_u64(p, s->team);
	begin(p, true);
	put(p, "user_");
	put_u64(p, s->user);
	end_text(p);
	begin(p, true);
	put(p, "s-");
	put_hex(p, gen_mix(3, s->id), 16);
	*p->at++ = '-';
	put_u64(p, s->id);
	end_text(p);
	column_text(p, r->event);
	column_time(p, r->at_ms);
	column_time(p, r->created_ms);
	begin(p, true);
	put_properties(p, s, r);
	end_text(p);
	put_page_columns(p, s, r);
	put_billing_columns(p, s, r);
	if (format == GEN_JSON)
		*p->at++ = '}';
	*p->at++ = '\n';
	return p->at;
}
