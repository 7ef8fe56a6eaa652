// SPDX-License-Identifier: Apache-2.0
/* Parts of URLs. None of them allocates: a part is a view of the URL. */
#include "func/str_impl.h"

static bool is_scheme_byte(char c, bool first)
{
	c = ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

static size_t scheme_size(struct str s)
{
	size_t i = 0;
	while (i < s.size && is_scheme_byte(s.data[i], i == 0))
		i++;
	return i != 0 && i + 2 < s.size && s.data[i] == ':' && s.data[i + 1] == '/' && s.data[i + 2] == '/' ? i : 0;
}

static struct str from(struct str s, size_t n)
{
	return n >= s.size ? STR("") : str_make(s.data + n, s.size - n);
}

static size_t find_any(struct str s, const char *set)
{
	size_t i = 0;
	while (i < s.size && (s.data[i] == '\0' || strchr(set, s.data[i]) == NULL))
		i++;
	return i;
}

static struct str protocol(struct str s)
{
	return str_make(s.data, scheme_size(s));
}

/* Behind the scheme and its slashes; a URL without a scheme may begin with two slashes. */
static struct str behind_scheme(struct str s, bool *has_authority)
{
	size_t n = scheme_size(s);
	*has_authority = true;
	if (n != 0)
		return from(s, n + 3);
	if (str_starts_with(s, STR("//")))
		return from(s, 2);
	*has_authority = false;
	return s;
}

static struct str netloc(struct str s)
{
	bool authority;
	struct str rest = behind_scheme(s, &authority);
	rest.size = find_any(rest, "/?#");
	return rest;
}

/* What may be neither in a host nor before it. */
static bool is_foreign(char c)
{
	return c != '\0' && strchr(" \t<>%{}|\\^~[];=&", c) != NULL;
}

/* A host needs a dot that is not its last byte. */
static struct str checked_host(struct str host)
{
	const char *dot = host.size == 0 ? NULL : memrchr(host.data, '.', host.size);
	return dot == NULL || dot == host.data + host.size - 1 ? STR("") : host;
}

/*
 * The host up to the first of : / ? #, behind a user's name; and as RFC 3986 has it, behind a password too, or an IPv6
 * address between brackets.
 */
static struct str domain(struct str s)
{
	bool authority;
	struct str host = behind_scheme(s, &authority);
	size_t start = 0, i = 0;
	for (; i < host.size && strchr(":/?#", host.data[i] == '\0' ? ' ' : host.data[i]) == NULL; i++) {
		if (host.data[i] == '@')
			start = i + 1;
		else if (is_foreign(host.data[i]))
			return STR("");
	}
	return checked_host(str_make(host.data + start, i - start));
}

static struct str domain_rfc(struct str s)
{
	bool authority;
	struct str host = behind_scheme(s, &authority);
	host.size = find_any(host, "/?#");
	size_t at = find_any(host, "@");
	if (at < host.size)
		host = from(host, at + 1);
	if (host.size != 0 && host.data[0] == '[') {
		size_t end = find_any(host, "]");
		return end == host.size ? STR("") : str_make(host.data + 1, end - 1);
	}
	host.size = find_any(host, ":");
	for (size_t i = 0; i < host.size; i++)
		if (is_foreign(host.data[i]) || host.data[i] == '@')
			return STR("");
	return checked_host(host);
}

static struct str without_www(struct str d)
{
	return str_starts_with(d, STR("www.")) ? from(d, 4) : d;
}

static struct str domain_without_www(struct str s)
{
	return without_www(domain(s));
}

static struct str domain_without_www_rfc(struct str s)
{
	return without_www(domain_rfc(s));
}

static struct str top_level_of(struct str d)
{
	size_t i = d.size;
	if (d.size == 0 || d.data[0] == '[' || d.data[d.size - 1] == '.')
		return STR("");
	while (i != 0 && d.data[i - 1] != '.')
		i--;
	if (i == 0 || (d.data[i] >= '0' && d.data[i] <= '9'))
		return STR("");
	return from(d, i);
}

static struct str top_level(struct str s)
{
	return top_level_of(domain(s));
}

static struct str top_level_rfc(struct str s)
{
	return top_level_of(domain_rfc(s));
}

/* The last dots of a host: [0] is the rightmost. */
static unsigned last_dots(struct str d, size_t dots[3])
{
	unsigned n = 0;
	for (size_t i = d.size; i != 0 && n < 3; i--)
		if (d.data[i - 1] == '.')
			dots[n++] = i - 1;
	return n;
}

/* Second-level names that take a further label: com, net, org, gov, edu, co of a country. */
static bool is_common_second(struct str s)
{
	static const char *const names[] = {"com", "net", "org", "gov", "edu", "co", "mil", "ac", "biz"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq(s, str_of(names[i])))
			return true;
	return false;
}

static struct str first_significant(struct str d, bool with_rest)
{
	size_t dots[3];
	unsigned n = last_dots(d, dots);
	if (n == 0 || (d.data[d.size - 1] >= '0' && d.data[d.size - 1] <= '9'))
		return d;
	size_t start = n > 1 ? dots[1] + 1 : 0, end = dots[0];
	if (n > 1 && is_common_second(str_make(d.data + dots[1] + 1, dots[0] - dots[1] - 1))) {
		end = dots[1];
		start = n > 2 ? dots[2] + 1 : 0;
	}
	return with_rest ? from(d, start) : str_make(d.data + start, end - start);
}

#define SIGNIFICANT(name, domain, rest) \
	static struct str name(struct str s) \
	{ \
		return first_significant(domain(s), rest); \
	}
SIGNIFICANT(first_significant_subdomain, domain_without_www, false)
SIGNIFICANT(first_significant_subdomain_rfc, domain_without_www_rfc, false)
SIGNIFICANT(cut_to_first_significant, domain_without_www, true)
SIGNIFICANT(cut_to_first_significant_rfc, domain_without_www_rfc, true)
SIGNIFICANT(cut_to_first_significant_www, domain, true)
SIGNIFICANT(cut_to_first_significant_www_rfc, domain_rfc, true)

static struct str path_full(struct str s)
{
	bool authority;
	struct str rest = behind_scheme(s, &authority);
	return authority ? from(rest, find_any(rest, "/?#")) : from(rest, find_any(rest, "/"));
}

static struct str path(struct str s)
{
	struct str p = path_full(s);
	p.size = find_any(p, "?#");
	return p;
}

static struct str query_string(struct str s)
{
	size_t q = find_any(s, "?");
	struct str rest = from(s, q + 1);
	rest.size = find_any(rest, "#");
	return rest;
}

static struct str fragment(struct str s)
{
	return from(s, find_any(s, "#") + 1);
}

static struct str query_and_fragment(struct str s)
{
	size_t at = find_any(s, "?#");
	if (at < s.size && s.data[at] == '?')
		return from(s, at + 1);
	return from(s, at);
}

static struct str cut_query_and_fragment(struct str s)
{
	s.size = find_any(s, "?#");
	return s;
}

static struct str cut_fragment(struct str s)
{
	s.size = find_any(s, "#");
	return s;
}

typedef struct str (*part_fn)(struct str);

static const struct {
	const char *name;
	part_fn part;
} parts[] = {
	{"protocol", protocol}, {"netloc", netloc}, {"domain", domain}, {"domainWithoutWWW", domain_without_www},
	{"topLevelDomain", top_level}, {"firstSignificantSubdomain", first_significant_subdomain},
	{"domainRFC", domain_rfc}, {"domainWithoutWWWRFC", domain_without_www_rfc}, {"topLevelDomainRFC", top_level_rfc},
	{"firstSignificantSubdomainRFC", first_significant_subdomain_rfc},
	{"cutToFirstSignificantSubdomain", cut_to_first_significant},
	{"cutToFirstSignificantSubdomainRFC", cut_to_first_significant_rfc},
	{"cutToFirstSignificantSubdomainWithWWW", cut_to_first_significant_www},
	{"cutToFirstSignificantSubdomainWithWWWRFC", cut_to_first_significant_www_rfc}, {"path", path}, {"pathFull",
		path_full},
	{"queryString", query_string}, {"fragment", fragment}, {"queryStringAndFragment", query_and_fragment},
	{"cutQueryStringAndFragment", cut_query_and_fragment}, {"cutFragment", cut_fragment},
};

static enum status exec_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const part_fn *part = c->state;
	return str_each_part(c, e, args[0], count, *part, out);
}

static enum status bind_part(struct bind_env *env, struct call *c)
{
	part_fn *state = ARENA_NEW(env->arena, part_fn);
	for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
		if (strcmp(parts[i].name, c->function->name) == 0)
			*state = parts[i].part;
	c->state = state;
	return OK;
}

/* ---- those that leave something out ---- */

static void cut_query(struct strbuf *to, struct str s)
{
	size_t q = find_any(s, "?#");
	strbuf_put(to, s.data, q);
	if (q < s.size && s.data[q] == '?')
		q += find_any(from(s, q), "#");
	strbuf_puts(to, from(s, q));
}

static void cut_www(struct strbuf *to, struct str s)
{
	bool authority;
	struct str rest = behind_scheme(s, &authority);
	size_t before = authority ? (size_t)(rest.size == 0 ? s.size : (size_t)(rest.data - s.data)) : 0;
	strbuf_put(to, s.data, before);
	strbuf_puts(to, authority ? without_www(rest) : rest);
}

static enum status exec_cut_query(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	return str_each_text(c, e, args[0], count, cut_query, out);
}

static enum status exec_cut_www(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return str_each_text(c, e, args[0], count, cut_www, out);
}

static int hex_digit(char c)
{
	c = ascii_lower(c);
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode_url(struct strbuf *to, struct str s, bool form)
{
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == '%' && i + 2 < s.size && hex_digit(s.data[i + 1]) >= 0 && hex_digit(s.data[i + 2]) >= 0) {
			strbuf_putc(to, (char)(hex_digit(s.data[i + 1]) << 4 | hex_digit(s.data[i + 2])));
			i += 2;
		} else {
			strbuf_putc(to, form && s.data[i] == '+' ? ' ' : s.data[i]);
		}
	}
}

static void encode_url(struct strbuf *to, struct str s, bool form)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.data[i];
		char low = ascii_lower((char)c);
		bool plain = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
		if (plain) {
			strbuf_putc(to, (char)c);
		} else if (form && c == ' ') {
			strbuf_putc(to, '+');
		} else {
			strbuf_putc(to, '%');
			strbuf_putc(to, digits[c >> 4]);
			strbuf_putc(to, digits[c & 15]);
		}
	}
}

static void decode_component(struct strbuf *to, struct str s)
{
	decode_url(to, s, false);
}

static void decode_form(struct strbuf *to, struct str s)
{
	decode_url(to, s, true);
}

static void encode_component(struct strbuf *to, struct str s)
{
	encode_url(to, s, false);
}

static void encode_form(struct strbuf *to, struct str s)
{
	encode_url(to, s, true);
}

static enum status exec_code(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const char *name = c->function->name;
	bool form = str_find(str_of(name), STR("Form")) >= 0;
	return str_each_text(c, e, args[0], count, name[0] == 'd' ? (form ? decode_form : decode_component)
	                                                          : (form ? encode_form : encode_component), out);
}

/* ---- parameters ---- */

/* The next name=value of a query behind ? & ; or #. */
static bool next_parameter(struct str s, size_t *at, struct str *whole)
{
	size_t i = *at;
	if (i == 0)
		i = find_any(s, "?#");
	if (i >= s.size)
		return false;
	struct str rest = from(s, i + 1);
	size_t n = find_any(rest, "&;#?");
	*whole = str_make(rest.data, n);
	*at = i + 1 + n;
	return true;
}

static enum status exec_parameter(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct str_arg urls = str_arg(args[0]), names = str_arg(args[1]);
	TRY(str_views(c, e, args[0], count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct str url = str_arg_at(&urls, i), name = str_arg_at(&names, i), p, value = STR("");
		for (size_t at = 0; next_parameter(url, &at, &p);)
			if (p.size > name.size && p.data[name.size] == '=' && str_starts_with(p, name)) {
				value = from(p, name.size + 1);
				break;
			}
		((struct strview *)(*out)->data)[i] = strview_make(value.data, value.size);
	}
	return OK;
}

static enum status exec_parameters(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	bool only_names = strcmp(c->function->name, "extractURLParameterNames") == 0;
	struct str_arg urls = str_arg(args[0]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str p;
		for (size_t at = 0; s == OK && next_parameter(str_arg_at(&urls, i), &at, &p);) {
			size_t equal = find_any(p, "=");
			if (equal < p.size)
				s = builder_string(b->children[0], p.data, only_names ? equal : p.size, e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

/* Digits behind the host and a colon, up to a slash or the end; else the default. */
static uint16_t port_of(struct str url, bool rfc, uint16_t otherwise)
{
	struct str host = rfc ? domain_rfc(url) : domain(url);
	const char *p = host.data + host.size, *end = url.data + url.size;
	uint32_t port = 0;
	if (host.size == 0 || p == end || *p++ != ':' || p == end)
		return otherwise;
	for (; p < end && *p != '/'; p++) {
		if (*p < '0' || *p > '9')
			return otherwise;
		port = port * 10 + (uint32_t)(*p - '0');
		if (port > UINT16_MAX)
			return otherwise;
	}
	return (uint16_t)port;
}

static enum status exec_port(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct str_arg urls = str_arg(args[0]);
	bool rfc = str_ends_with(str_of(c->function->name), STR("RFC"));
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint16_t otherwise = 0;
		if (c->arg_count > 1)
			otherwise = ((const uint16_t *)args[1]->data)[args[1]->form == VECTOR_CONST ? 0 : i];
		((uint16_t *)(*out)->data)[i] = port_of(str_arg_at(&urls, i), rfc, otherwise);
	}
	return OK;
}

static enum status bind_port(struct bind_env *env, struct call *c)
{
	return c->arg_count > 1 && c->arg_types[1]->id != TYPE_UINT16 ? call_bad_type(env, c, 1) : OK;
}

/* ---- hierarchies: each beginning of the URL that ends with / ? or #, then the whole ---- */

static inline bool is_divider(char c)
{
	return c == '/' || c == '?' || c == '#';
}

/* Where the path begins: behind the scheme and the host, at the end where there is no scheme. */
static size_t hierarchy_start(struct str s)
{
	size_t n = 0;
	while (n < s.size && ((ascii_lower(s.data[n]) >= 'a' && ascii_lower(s.data[n]) <= 'z') ||
	                      (s.data[n] >= '0' && s.data[n] <= '9')))
		n++;
	if (n == 0 || n + 2 >= s.size || memcmp(s.data + n, "://", 3) != 0)
		return s.size;
	for (n += 3; n < s.size && s.data[n] != '/'; n++)
		;
	return n;
}

static enum status put_hierarchy(struct builder *b, struct str s, bool path, struct error *err)
{
	size_t start = hierarchy_start(s), at = start;
	while (at < s.size) {
		/* dividers that follow a divider end nothing */
		for (bool first = at == start; !first && at < s.size && is_divider(s.data[at]);)
			at++;
		while (at < s.size && !is_divider(s.data[at]))
			at++;
		at += at < s.size;
		if (!path || at > start + 1)
			TRY(builder_string(b, path ? s.data + start : s.data, path ? at - start : at, err));
	}
	return !path && start == s.size && s.size != 0 ? builder_string(b, s.data, s.size, err) : OK;
}

static enum status exec_hierarchy(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	bool path = strcmp(c->function->name, "URLPathHierarchy") == 0;
	struct str_arg urls = str_arg(args[0]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		s = put_hierarchy(b->children[0], str_arg_at(&urls, i), path, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

/* ---- cutURLParameter ---- */

/* Without the first name=value of that name, and the & before it, or else behind it. */
static struct str cut_one(struct arena *a, struct str s, struct str name)
{
	size_t query = find_any(s, "?#");
	for (size_t at = query; at < s.size; at++) {
		bool starts = s.data[at] == '?' || s.data[at] == '#' || s.data[at] == '&';
		struct str rest = from(s, at + 1);
		if (!starts || rest.size <= name.size || rest.data[name.size] != '=' || !str_starts_with(rest, name))
			continue;
		size_t begin = at + 1, end = begin + find_any(rest, "&#");
		if (end < s.size && s.data[end] == '&')
			end++;
		else if (s.data[at] == '&')
			begin--;
		char *text = arena_alloc(a, s.size + 1);
		memcpy(text, s.data, begin);
		memcpy(text + begin, s.data + end, s.size - end);
		return str_make(text, begin + s.size - end);
	}
	return s;
}

static enum status exec_cut_parameter(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	struct str_arg urls = str_arg(args[0]);
	bool list = args[1]->type->id == TYPE_ARRAY;
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str url = str_arg_at(&urls, i);
		if (list) {
			const uint32_t *at = args[1]->data;
			uint32_t row = args[1]->form == VECTOR_CONST ? 0 : i;
			for (uint32_t k = at[row]; k < at[row + 1]; k++) {
				const struct vector *in;
				uint32_t r = vector_index(args[1]->children[0], k, &in);
				url = cut_one(e->scratch, url, strview_str((const struct strview *)in->data + r));
			}
		} else {
			struct str_arg names = str_arg(args[1]);
			url = cut_one(e->scratch, url, str_arg_at(&names, i));
		}
		strbuf_puts(&o.text, url);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_cut_parameter(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[1];
	bool good = type_is_string(t) || (t->id == TYPE_ARRAY && type_is_string(t->children[0]));
	return good ? OK : call_bad_type(env, c, 1);
}

#define PART(name, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "S", "String", bind_part, exec_part, text, name "('" sample "')", answer)
#define CODE(name, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "S", "String", NULL, exec_code, text, name "('" sample "')", answer)
#define URL "https://www.example.com:8080/a/b?x=1&y=2#end"

static const struct function rows[] = {
	PART("protocol", "The scheme.", URL, "https"),
	PART("netloc", "User, host and port.", URL, "www.example.com:8080"),
	PART("domain", "The host.", URL, "www.example.com"),
	PART("domainWithoutWWW", "The host without a leading www.", URL, "example.com"),
	PART("topLevelDomain", "The last label of the host.", URL, "com"),
	PART("firstSignificantSubdomain", "The label before the top-level domain.", URL, "example"),
	PART("cutToFirstSignificantSubdomain", "The registered part of the host.", URL, "example.com"),
	PART("path", "The path.", URL, "/a/b"),
	PART("pathFull", "Path, query and fragment.", URL, "/a/b?x=1&y=2#end"),
	PART("queryString", "What is between ? and #.", URL, "x=1&y=2"),
	PART("fragment", "What is behind #.", URL, "end"),
	PART("queryStringAndFragment", "What is behind ?.", URL, "x=1&y=2#end"),
	PART("cutQueryStringAndFragment", "Without query and fragment.", URL, "https://www.example.com:8080/a/b"),
	PART("cutFragment", "Without the fragment.", URL, "https://www.example.com:8080/a/b?x=1&y=2"),
	FUNCTION_ROW("cutQueryString", NULL, FUNCTION_CH, "S", "String", NULL, exec_cut_query, "Without the query.",
	             "cutQueryString('" URL "')", "https://www.example.com:8080/a/b#end"),
	FUNCTION_ROW("cutWWW", NULL, FUNCTION_CH, "S", "String", NULL, exec_cut_www, "Without a leading www.",
	             "cutWWW('http://www.a.b/')", "http://a.b/"),
	CODE("decodeURLComponent", "With %XX replaced by bytes.", "a%20b", "a b"),
	CODE("decodeURLFormComponent", "With %XX and + replaced.", "a+b%21", "a b!"),
	CODE("encodeURLComponent", "With bytes replaced by %XX.", "a b", "a%20b"),
	CODE("encodeURLFormComponent", "With bytes replaced by %XX and blanks by +.", "a b!", "a+b%21"),
	FUNCTION_ROW("extractURLParameter", NULL, FUNCTION_CH, "SS", "String", NULL, exec_parameter,
	             "The value of a parameter.", "extractURLParameter('" URL "', 'y')", "2"),
	FUNCTION_ROW("extractURLParameters", NULL, FUNCTION_CH, "S", "Array(String)", NULL, exec_parameters,
	             "The parameters with their values.", "extractURLParameters('" URL "')", "['x=1','y=2']"),
	FUNCTION_ROW("extractURLParameterNames", NULL, FUNCTION_CH, "S", "Array(String)", NULL, exec_parameters,
	             "The names of the parameters.", "extractURLParameterNames('" URL "')", "['x','y']"),
	PART("domainRFC", "The host, as RFC 3986 has it.", "http://user:p@a.com:80/", "a.com"),
	PART("domainWithoutWWWRFC", "The host without a leading www., as RFC 3986 has it.", "http://u:p@www.a.com/", "a.com"),
	PART("topLevelDomainRFC", "The last label of the host, as RFC 3986 has it.", "http://u:p@a.com/", "com"),
	PART("firstSignificantSubdomainRFC", "The label before the top-level domain.", "http://u:p@news.a.com/", "a"),
	PART("cutToFirstSignificantSubdomainRFC", "The registered part of the host.", "http://u:p@news.a.com/", "a.com"),
	PART("cutToFirstSignificantSubdomainWithWWW", "The registered part of the host, a leading www. being a label.",
	     "http://www.tr/", "www.tr"),
	PART("cutToFirstSignificantSubdomainWithWWWRFC", "The registered part of the host, a leading www. being a label.",
	     "http://u:p@www.tr/", "www.tr"),
	FUNCTION_ROW("port", NULL, FUNCTION_CH, "S*?", "UInt16", bind_port, exec_port, "The port, 0 where none is given.",
	             "port('" URL "')", "8080"),
	FUNCTION_ROW("portRFC", NULL, FUNCTION_CH, "S*?", "UInt16", bind_port, exec_port, "The port, 0 where none is given.",
	             "portRFC('http://u:p@a.com:80/')", "80"),
	FUNCTION_ROW("URLHierarchy", NULL, FUNCTION_CH, "S", "Array(String)", NULL, exec_hierarchy,
	             "The URL cut at each divider, the shortest first.", "URLHierarchy('http://a.com/x')",
	             "['http://a.com/','http://a.com/x']"),
	FUNCTION_ROW("URLPathHierarchy", NULL, FUNCTION_CH, "S", "Array(String)", NULL, exec_hierarchy,
	             "The path cut at each divider, the shortest first.", "URLPathHierarchy('http://a.com/x/y')",
	             "['/x/','/x/y']"),
	FUNCTION_ROW("cutURLParameter", NULL, FUNCTION_CH, "S*", "String", bind_cut_parameter, exec_cut_parameter,
	             "Without a parameter, or several.", "cutURLParameter('http://h/?a=1&b=2', 'a')", "http://h/?b=2"),
};

FUNCTION_FAMILY(url_parts, "URLs");
