// SPDX-License-Identifier: Apache-2.0
/* SCRAM-SHA-256: the RFC's exchange, ours against ours, and every way to fail. */
#include "proto/base64.h"
#include "proto/scram.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"

/* RFC 7677, section 3: user "user", password "pencil". */
#define RFC_CLIENT_NONCE "rOprNGfwEbeRWgbNEkqO"
#define RFC_SERVER_NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define RFC_CLIENT_FIRST "n,,n=user,r=" RFC_CLIENT_NONCE
#define RFC_SERVER_FIRST "r=" RFC_CLIENT_NONCE RFC_SERVER_NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
#define RFC_CLIENT_FINAL \
	"c=biws,r=" RFC_CLIENT_NONCE RFC_SERVER_NONCE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define RFC_SERVER_FINAL "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static struct strbuf out;
static struct error err;

static struct strbuf *fresh(void)
{
	strbuf_clear(&out);
	error_clear(&err);
	return &out;
}

static void make(struct scram_verifier *v, const char *password, uint32_t iterations)
{
	uint8_t salt[16];
	size_t size;
	ok(base64_decode(STR("W22ZaJ0SNY7soEsUEjb6gQ=="), salt, &size) && size == 16
		&& scram_verifier_make(str_of(password), salt, 16, iterations, v, &err) == OK, "a verifier of \"%s\"",
		password);
}

static void test_rfc(void)
{
	struct scram_verifier v;
	struct scram s;
	make(&v, "pencil", 4096);
	scram_server_init(&s, &v, STR(""));
	ok(scram_server_first(&s, STR(RFC_CLIENT_FIRST), false, RFC_SERVER_NONCE, fresh(), &err) == OK,
		"server, first step");
	is_str(strbuf_str(&out), RFC_SERVER_FIRST, "as RFC 7677 says");
	ok(scram_server_final(&s, STR(RFC_CLIENT_FINAL), fresh(), &err) == OK, "server, last step");
	is_str(strbuf_str(&out), RFC_SERVER_FINAL, "as RFC 7677 says");

	scram_client_init(&s, STR(""));
	ok(scram_client_first(&s, STR("user"), RFC_CLIENT_NONCE, fresh(), &err) == OK, "client, first step");
	is_str(strbuf_str(&out), RFC_CLIENT_FIRST, "as RFC 7677 says");
	ok(scram_client_final(&s, STR(RFC_SERVER_FIRST), STR("pencil"), fresh(), &err) == OK, "client, second step");
	is_str(strbuf_str(&out), RFC_CLIENT_FINAL, "as RFC 7677 says");
	ok(scram_client_verify(&s, STR(RFC_SERVER_FINAL), &err) == OK, "client accepts the server's signature");
	scram_wipe(&s);
}

/* Both ends with random nonces; returns the server's verdict. */
static enum status exchange(const struct scram_verifier *v, const char *password, const char *user,
	struct str client_binding,
	struct str server_binding)
{
	struct scram c, s;
	struct str copy;
	enum status st;
	scram_client_init(&c, client_binding);
	scram_server_init(&s, v, server_binding);
	TRY(scram_client_first(&c, str_of(user), NULL, fresh(), &err));
	copy = mutate_copy(strbuf_str(&out));
	st = scram_server_first(&s, copy, client_binding.size != 0, NULL, fresh(), &err);
	mutate_drop(copy);
	TRY(st);
	copy = mutate_copy(strbuf_str(&out));
	st = scram_client_final(&c, copy, str_of(password), fresh(), &err);
	mutate_drop(copy);
	TRY(st);
	copy = mutate_copy(strbuf_str(&out));
	st = scram_server_final(&s, copy, fresh(), &err);
	mutate_drop(copy);
	TRY(st);
	return scram_client_verify(&c, strbuf_str(&out), &err);
}

static void test_exchange(void)
{
	struct scram_verifier v, mock, again;
	struct str none = STR(""), hash = STR("0123456789abcdef0123456789abcdef"),
		other = STR("0123456789abcdef0123456789abcdeX");
	make(&v, "pencil", 10);
	ok(exchange(&v, "pencil", "user", none, none) == OK, "the right password");
	ok(exchange(&v, "pencil", "a=b,c", none, none) == OK, "a user name with = and ,");
	ok(exchange(&v, "pencils", "user", none, none) == E_AUTHENTICATION_FAILED, "a wrong password");
	ok(exchange(&v, "", "user", none, none) == E_AUTHENTICATION_FAILED, "an empty password");
	ok(exchange(&v, "pencil", "user", hash, hash) == OK, "with channel binding");
	ok(exchange(&v, "pencil", "user", other, hash) == E_PROTOCOL, "with another channel's binding");
	ok(scram_verifier_check(&v, STR("pencil")) && !scram_verifier_check(&v, STR("pen")), "a password in clear");
	ok(scram_verifier_mock(STR("nobody"), STR("secret"), &mock, &err) == OK
		&& scram_verifier_mock(STR("nobody"), STR("secret"), &again, &err) == OK, "a mock verifier");
	ok(memcmp(mock.salt, again.salt, SCRAM_SALT_BYTES) == 0, "has the same salt each time");
	ok(scram_verifier_mock(STR("nobody2"), STR("secret"), &again, &err) == OK
		&& memcmp(mock.salt, again.salt, SCRAM_SALT_BYTES) != 0, "another for another name");
	ok(exchange(&mock, "pencil", "nobody", none, none) == E_AUTHENTICATION_FAILED, "and no password fits");
	ok(!scram_verifier_check(&mock, STR("")), "in clear neither");
}

#define KEYS "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="

static void test_verifier_text(void)
{
	struct scram_verifier v, back;
	make(&v, "pencil", 4096);
	scram_verifier_put(fresh(), &v);
	is_str(strbuf_str(&out), "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
		":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=", "the verifier as PostgreSQL writes it");
	ok(scram_verifier_parse(strbuf_str(&out), &back) && memcmp(&v, &back, sizeof v) == 0, "and back");
	static const char *const bad[] = {
		"", "md5abc", "SCRAM-SHA-256", "SCRAM-SHA-256$0:AAAA$AAAA:AAAA",
		"SCRAM-SHA-256$99999999:c2FsdA==" KEYS,
		"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7",
		"SCRAM-SHA-256$4096:" KEYS,
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		ok(!scram_verifier_parse(str_of(bad[i]), &back), "no verifier: \"%.40s\"", bad[i]);
}

static void test_saslprep(void)
{
	static const struct {
		const char *stored, *typed;
		bool same;
	} pairs[] = {
		{"I\xc2\xadX", "IX", true},           /* the soft hyphen vanishes */
		{"\xc2\xaa", "a", true},              /* NFKC */
		{"\xe2\x85\xa8", "IX", true},         /* roman numeral nine */
		{"a\xc2\xa0" "b", "a b", true},       /* no-break space */
		{"e\xcc\x81", "\xc3\xa9", true},      /* composed and not */
		{"user", "USER", false},
		{"\xff\xfe", "\xff\xfe", true},       /* not UTF-8: as it is */
		{"\x07", "\x07", true},               /* prohibited: as it is */
	};
	struct scram_verifier v;
	for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
		bool made = scram_verifier_make(str_of(pairs[i].stored), (const uint8_t *)"salt", 4, 1, &v, &err) == OK;
		ok(made && scram_verifier_check(&v, str_of(pairs[i].typed)) == pairs[i].same, "SASLprep case %zu", i);
	}
}

static void test_server_refuses(void)
{
	static const struct {
		const char *message;
		enum status want;
		bool binding, plus;
	} first[] = {
		{"", E_PROTOCOL, false, false}, {"n,,", E_PROTOCOL, false, false}, {"n", E_PROTOCOL, false, false},
		{"x,,n=u,r=abc", E_PROTOCOL, false, false}, {"n,a=admin,n=u,r=abc", E_NOT_IMPLEMENTED, false, false},
		{"n,,m=x,n=u,r=abc", E_NOT_IMPLEMENTED, false, false}, {"n,,n=u,r=", E_PROTOCOL, false, false},
		{"n,,r=abc,n=u", E_PROTOCOL, false, false}, {"n,,n=u,r=a\x01" "c", E_PROTOCOL, false, false},
		{"p=tls-server-end-point,,n=u,r=abc", E_PROTOCOL, false, false},
		{"p=tls-unique,,n=u,r=abc", E_PROTOCOL, true, true}, {"n,,n=u,r=abc", E_PROTOCOL, true, true},
		{"y,,n=u,r=abc", E_PROTOCOL, true, false}, {"y,,n=u,r=abc", OK, false, false},
		{"n,,n=u,r=abc,ext=1", OK, false, false}, {"n,,n=u,r=abc", OK, true, false},
	};
	struct scram_verifier v;
	struct scram s;
	make(&v, "pencil", 1);
	for (size_t i = 0; i < ARRAY_COUNT(first); i++) {
		scram_server_init(&s, &v, first[i].binding ? STR("hash") : STR(""));
		enum status st = scram_server_first(&s, str_of(first[i].message), first[i].plus, NULL, fresh(), &err);
		ok(st == first[i].want, "client first \"%s\": %s", first[i].message, status_name(st));
	}
	char longest[2000];
	memset(longest, 'x', sizeof longest);
	memcpy(longest, "n,,n=u,r=", 9);
	for (size_t size = 900; size < sizeof longest; size += 20) {
		scram_server_init(&s, &v, STR(""));
		enum status st = scram_server_first(&s, str_make(longest, size), false, NULL, fresh(), &err);
		if (st != OK && st != E_PROTOCOL)
			ok(false, "a nonce of %zu characters", size);
	}
	static const char *const last[] = {
		"", "c=biws", "c=biws,r=abcdef", "c=biws,r=abcDEF,p=", "c=biws,r=abcDEF,p=AAAA",
		"c=eSws,r=abcDEF,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"c=biws,r=abcDEG,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"c=biws,r=abcDEF,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=,x=1", "p=AAAA", "c=biws,r=abcDEF,,,p=",
	};
	for (size_t i = 0; i < ARRAY_COUNT(last); i++) {
		scram_server_init(&s, &v, STR(""));
		bool good = scram_server_first(&s, STR("n,,n=u,r=abc"), false, "DEF", fresh(), &err) == OK;
		ok(good && scram_server_final(&s, str_of(last[i]), fresh(), &err) == E_PROTOCOL, "client final \"%s\"",
			last[i]);
	}
}

static void test_client_refuses(void)
{
	static const char *const first[] = {
		"", "r=abcDEF", "r=abc,s=c2FsdA==,i=1", "r=xbcDEF,s=c2FsdA==,i=1", "r=abcDEF,s=,i=1", "r=abcDEF,s=c2FsdA==,i=0",
		"r=abcDEF,s=c2FsdA==,i=4294967295", "r=abcDEF,s=c2FsdA=,i=1", "e=other-error",
	};
	struct scram c;
	for (size_t i = 0; i < ARRAY_COUNT(first); i++) {
		scram_client_init(&c, STR(""));
		bool good = scram_client_first(&c, STR("u"), "abc", fresh(), &err) == OK;
		ok(good && scram_client_final(&c, str_of(first[i]), STR("p"), fresh(), &err) == E_PROTOCOL,
			"server first \"%s\"", first[i]);
	}
	static const struct {
		const char *message;
		enum status want;
	} last[] = {{"", E_PROTOCOL}, {"v=AAAA", E_PROTOCOL}, {"e=invalid-proof", E_AUTHENTICATION_FAILED},
		{"v=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", E_AUTHENTICATION_FAILED}};
	for (size_t i = 0; i < ARRAY_COUNT(last); i++) {
		scram_client_init(&c, STR(""));
		bool good = scram_client_first(&c, STR("u"), "abc", fresh(), &err) == OK
			&& scram_client_final(&c, STR("r=abcDEF,s=c2FsdA==,i=1"), STR("p"), fresh(), &err) == OK;
		ok(good && scram_client_verify(&c, str_of(last[i].message), &err) == last[i].want, "server final \"%s\"",
			last[i].message);
	}
}

static void test_base64(void)
{
	static const char *const bad[] = {"A", "AA", "AAA", "A===", "AB==", "AAB=", "AA==AAAA", "A A=", "AA=A", "____",
		"AAAA\n"};
	static const char text[] = "foobar", *const coded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=",
		"Zm9vYmFy"};
	uint8_t room[16];
	size_t size;
	for (size_t i = 0; i < ARRAY_COUNT(coded); i++) {
		base64_put(fresh(), text, i);
		ok(str_eq(strbuf_str(&out), str_of(coded[i])) && base64_decode(str_of(coded[i]), room, &size) && size == i
			&& memcmp(room, text, i) == 0, "base64 of %zu bytes", i);
	}
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		ok(!base64_decode(str_of(bad[i]), room, &size), "no base64: \"%s\"", bad[i]);
}

static struct scram_verifier weak;

static void check_mutation(struct str m)
{
	struct scram s;
	struct scram_verifier v;
	scram_server_init(&s, &weak, STR("bind"));
	strbuf_clear(&out);
	if (scram_server_first(&s, m, false, "DEF", &out, NULL) == OK)
		(void)!scram_server_final(&s, STR("c=biws,r=abcDEF,p=AAAA"), &out, NULL);
	scram_server_init(&s, &weak, STR(""));
	if (scram_server_first(&s, STR("n,,n=,r=abc"), false, "DEF", &out, NULL) == OK)
		(void)!scram_server_final(&s, m, &out, NULL);
	scram_client_init(&s, STR(""));
	if (scram_client_first(&s, STR("u"), "abc", &out, NULL) == OK)
		if (str_find(m, STR(",i=1")) >= 0 && str_ends_with(m, STR(",i=1")))
			(void)!scram_client_final(&s, m, STR("p"), &out, NULL);
	(void)scram_verifier_parse(m, &v);
}

static void test_mutations(void)
{
	make(&weak, "x", 1);
	struct str seeds[] = {STR("n,,n=u,r=abc"), STR("c=biws,r=abcDEF,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
		STR("r=abcDEF,s=c2FsdA==,i=1"),
		STR("SCRAM-SHA-256$1:c2FsdA==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
			"wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")};
	unsigned long runs = mutate_run(seeds, ARRAY_COUNT(seeds), 0.7, check_mutation);
	ok(runs > 0, "%lu mutations are survived", runs);
}

int main(void)
{
	strbuf_init(&out, NULL);
	error_init(&err);
	test_base64();
	test_rfc();
	test_verifier_text();
	test_exchange();
	test_saslprep();
	test_server_refuses();
	test_client_refuses();
	test_mutations();
	strbuf_fini(&out);
	return tap_done();
}
