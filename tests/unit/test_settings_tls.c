/*
 * test_settings_tls.c - [tls] sections, values of many lines, and what is set
 * for a client's network.
 */
#include "common/base.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_reuse.h"
#include "common/settings/settings_text.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_tls";

#define CERTIFICATE "[tls]\ncertificate = /etc/a.pem\n"

/* The text loads; the caller frees. */
static struct settings *
must_load(const char *text)
{
	struct complaints c;
	struct settings *s = with_text(text, &c);

	if (s == NULL)
		printf("\n  %s", buffer_text(&c.text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	return s;
}

static void
test_no_certificate(void)
{
	struct settings *s = must_load("");

	CU_ASSERT_EQUAL(s->tls_count, 1);
	CU_ASSERT_STRING_EQUAL(s->tls[0].name, "");
	CU_ASSERT_STRING_EQUAL(s->tls[0].certificate, "");
	CU_ASSERT_EQUAL(s->server.min_version, MIN_VERSION_1_2);
	CU_ASSERT_EQUAL(s->user.require_tls, REQUIRE_TLS_NO);
	CU_ASSERT_EQUAL(s->user.session_reuse, REUSE_REQUIRE);
	CU_ASSERT_EQUAL(s->user.login_with, LOGIN_WITH_PASSWORD);
	CU_ASSERT_EQUAL(s->listeners[0].tls, TLS_EXPLICIT);
	CU_ASSERT_TRUE(settings_close_notify_upload(&s->user));
	CU_ASSERT_FALSE(settings_close_notify_download(&s->user));
	CU_ASSERT_FALSE(s->server.allow_ccc);
	settings_free(s);
}

static void
test_certificates_add_up(void)
{
	struct settings *s = must_load("[tls]\n"
	    "certificate = /etc/rsa.pem\ncertificate = /etc/ec.pem\n"
	    "private_key = /etc/rsa.key /etc/ec.key\n");

	CU_ASSERT_STRING_EQUAL(s->tls[0].certificate,
	    "/etc/rsa.pem /etc/ec.pem");
	CU_ASSERT_STRING_EQUAL(s->tls[0].private_key,
	    "/etc/rsa.key /etc/ec.key");
	settings_free(s);
}

static void
test_hosts(void)
{
	struct settings *s = must_load(CERTIFICATE
	    "[tls \"a.example\"]\ncertificate = /etc/x.pem\n"
	    "[tls \"b.example\"]\ncertificate = /etc/b.pem\n"
	    "[tls \"A.Example\"]\nprivate_key = /etc/x.key\n");

	CU_ASSERT_EQUAL(s->tls_count, 3);
	CU_ASSERT_STRING_EQUAL(s->tls[0].certificate, "/etc/a.pem");
	CU_ASSERT_STRING_EQUAL(s->tls[1].name, "a.example");
	CU_ASSERT_STRING_EQUAL(s->tls[1].certificate, "/etc/x.pem");
	CU_ASSERT_STRING_EQUAL(s->tls[1].private_key, "/etc/x.key");
	CU_ASSERT_STRING_EQUAL(s->tls[2].certificate, "/etc/b.pem");
	settings_free(s);
}

static void
test_host_by_option(void)
{
	char one[] = "tls.certificate=/etc/a=b.c.pem";
	char two[] = "tls \"a.example\".certificate=/etc/x.pem";
	char *options[] = { one, two };
	struct complaints c;

	with_no_complaints(&c);
	struct settings *s = settings_load(NULL, true, options, 2,
	    with_complaint, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_STRING_EQUAL(s->tls[0].certificate, "/etc/a=b.c.pem");
	CU_ASSERT_EQUAL(s->tls_count, 2);
	CU_ASSERT_STRING_EQUAL(s->tls[1].certificate, "/etc/x.pem");
	settings_free(s);
}

static void
test_hosts_refused(void)
{
	CU_ASSERT(with_refusal("[tls \"a b\"]\n", "F:1: invalid host name "
	    "\"a b\"; use letters, digits, \"-\", \"_\" and \".\"\n"));
	CU_ASSERT(with_refusal("[tls a b]\n", "F:1: invalid name in "
	    "[tls a b]; use [tls NAME], or [tls \"NAME\"] if it contains "
	    "blanks\n"));
	CU_ASSERT(with_refusal("[tls \"a\"]\nciphers = x\n",
	    "F:2: ciphers cannot be set per host; it belongs in [tls]\n"));
	CU_ASSERT(with_refusal("[tls \"a\"]\nrequire_tls = both\n",
	    "F:2: require_tls cannot be set per host; it belongs in [tls]\n"));
	CU_ASSERT(with_refusal("[tls \"a\"]\n", "F: [tls \"a\"] has no "
	    "certificate\n"));
	CU_ASSERT(with_refusal("[tls \"a\"]\ncertificate = /x\n",
	    "F:2: [tls \"a\"] also needs a certificate in [tls], for "
	    "clients that send no host name (SNI)\n"));
}

static void
test_too_many_hosts(void)
{
	BUFFER(text, 4096);

	buffer_add_text(&text, CERTIFICATE);
	for (int i = 1; i < SETTINGS_MAX_TLS; i++)
		buffer_addf(&text, "[tls \"h%d\"]\ncertificate = /x\n", i);
	settings_free(must_load(buffer_text(&text)));
	buffer_add_text(&text, "[tls \"last\"]\n");
	CU_ASSERT(with_refusal(buffer_text(&text), "F:33: too many TLS "
	    "hosts (at most 15): [tls last]\n"));
}

static void
test_lines_add_up(void)
{
	struct settings *s = must_load("[tls]\n"
	    "openssl_commands = Options -SessionTicket\n"
	    "openssl_commands =\n"
	    "openssl_commands = NumTickets  2\n");

	CU_ASSERT_STRING_EQUAL(s->server.openssl_commands,
	    "Options -SessionTicket\nNumTickets  2");
	settings_free(s);
}

static void
test_lines_are_bounded(void)
{
	BUFFER(text, 60000);

	buffer_add_text(&text, "[tls]\n");
	for (int i = 0; i < 2000; i++)
		buffer_add_text(&text, "openssl_commands = 1234567\n");
	settings_free(must_load(buffer_text(&text)) /* 2000 * 8 - 1 */);
	buffer_add_text(&text, "openssl_commands = 1\n");
	CU_ASSERT(with_refusal(buffer_text(&text), "F:2002: openssl_commands "
	    "must be lines of at most 16000 bytes, not \"1\"\n"));
}

static void
test_lines_come_back(void)
{
	struct settings *s = must_load(CERTIFICATE
	    "openssl_commands = A 1\nopenssl_commands = B 2\n"
	    "[tls \"h\"]\ncertificate = /x\n");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	settings_dump(s, out);
	fclose(out);
	settings_free(s);
	s = must_load(text);
	CU_ASSERT_STRING_EQUAL(s->server.openssl_commands, "A 1\nB 2");
	CU_ASSERT_EQUAL(s->tls_count, 2);
	CU_ASSERT_STRING_EQUAL(s->tls[1].name, "h");
	CU_ASSERT_STRING_EQUAL(s->tls[1].certificate, "/x");
	settings_free(s);
	free(text);
}

static void
test_files_fit(void)
{
	CU_ASSERT(with_refusal("[tls]\ncertificate = /a b.pem\n",
	    "F:2: certificate must be absolute paths, not \"b.pem\"\n"));
	CU_ASSERT(with_refusal(CERTIFICATE "private_key = k\n",
	    "F:3: private_key must be absolute paths, not \"k\"\n"));
	CU_ASSERT(with_refusal(CERTIFICATE "private_key = /k /l\n",
	    "F:3: private_key has 2 files, but certificate has 1; list one key "
	    "for each certificate, in the same order, or none\n"));
	CU_ASSERT(with_refusal("[tls]\nprivate_key = /k\n",
	    "F:2: private_key has 1 files, but certificate has 0; list one key "
	    "for each certificate, in the same order, or none\n"));
}

static void
test_certificate_needed(void)
{
	CU_ASSERT(with_refusal("[listener ftps]\ntls = implicit\n",
	    "F:2: tls = implicit requires a certificate in [tls]\n"));
	CU_ASSERT(with_refusal("[tls]\nrequire_tls = login\n",
	    "F:2: require_tls requires a certificate in [tls]\n"));
	CU_ASSERT(with_refusal("[group \"g\"]\nrequire_tls = data\n",
	    "F:2: require_tls requires a certificate in [tls]\n"));
	CU_ASSERT(with_refusal("[anonymous]\nrequire_tls = login\n",
	    "F:2: require_tls requires a certificate in [tls]\n"));
	settings_free(must_load("[listener]\ntls = implicit\n" CERTIFICATE
	    "[user \"u\"]\nrequire_tls = both\n"));
	settings_free(must_load("[user \"u\"]\nrequire_tls = no\n"));
}

/* Whose process has the private keys. */
static void
test_keeper_user(void)
{
	static const char *const shared[] = { "_sureftpd", "_sureftpdlog" };
	struct complaints c;

	CU_ASSERT(with_refusal("[server]\nkeeper_user = root\n",
	    "F:2: keeper_user must not be root: it answers processes that "
	    "talk to clients\n"));
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++) {
		BUFFER(text, 128);
		buffer_addf(&text, "[server]\nkeeper_user = %s\n", shared[i]);
		struct settings *s = with_text(buffer_text(&text), &c);
		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		CU_ASSERT_EQUAL(settings_warn(s, with_complaint, &c), 1);
		CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text),
		    "keeper_user should be an account of its own"));
		settings_free(s);
	}
}

static void
test_client_certificates(void)
{
	CU_ASSERT(with_refusal("[tls]\nclient_certificate = require\n",
	    "F:2: client_certificate requires client_ca\n"));
	CU_ASSERT(with_refusal("[tls]\nclient_crl = /x\n",
	    "F:2: client_crl requires client_ca\n"));
	CU_ASSERT(with_refusal("[tls]\ncertificate_user = map\n",
	    "F:2: certificate_user = map requires certificate_map\n"));
	CU_ASSERT(with_refusal("[user \"u\"]\n"
	    "login_with = certificate+password\n",
	    "F:2: login_with requires client_certificate = request or "
	    "require\n"));
	struct settings *s = must_load("[tls]\nclient_certificate = request\n"
	    "client_ca = /ca\nlogin_with = certificate\n");
	CU_ASSERT_EQUAL(s->user.login_with, LOGIN_WITH_CERTIFICATE);
	settings_free(s);
}

static int
reuse(const struct settings *s, const char *peer)
{
	struct address a;

	CU_ASSERT_EQUAL(address_parse(&a, peer), 0);
	return settings_reuse_for(s, &s->user, &a);
}

static void
test_reuse_by_network(void)
{
	struct settings *s = must_load("[tls]\nsession_reuse = prefer\n"
	    "session_reuse_for = 192.0.2.7 require\n"
	    "session_reuse_for = 192.0.2.0/24, off\n"
	    "session_reuse_for = 2001:db8::/32 require\n"
	    "session_reuse_for = 192.0.2.0/25 require\n");

	CU_ASSERT_EQUAL(reuse(s, "192.0.2.7"), REUSE_REQUIRE);
	CU_ASSERT_EQUAL(reuse(s, "192.0.2.8"), REUSE_OFF);
	CU_ASSERT_EQUAL(reuse(s, "192.0.3.7"), REUSE_PREFER);
	CU_ASSERT_EQUAL(reuse(s, "2001:db8::1"), REUSE_REQUIRE);
	CU_ASSERT_EQUAL(reuse(s, "2001:db9::1"), REUSE_PREFER);
	settings_free(s);
}

static void
test_reuse_refused(void)
{
	static const char *const lines[] = {
		"192.0.2.0/24", "192.0.2.0/24 never", "require 192.0.2.0/24",
		"192.0.2.1/24 off", "192.0.2.0/33 off", "192.0.2.0/ off",
		"host off", "10.0.0.0/8 off off", "fe80::1%2 off",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		BUFFER(text, 256);
		BUFFER(want, 256);
		buffer_addf(&text, "[tls]\nsession_reuse_for = 10.0.0.0/8 "
		    "off\nsession_reuse_for = %s\n", lines[i]);
		buffer_addf(&want, "F:3: session_reuse_for must be a network "
		    "such as 192.0.2.0/24 and strict, require, prefer or "
		    "off, not \"%s\"\n", lines[i]);
		CU_ASSERT(with_refusal(buffer_text(&text),
		    buffer_text(&want)));
	}
}

static void
test_reuse_long_line(void)
{
	BUFFER(text, 2048);
	struct complaints c;

	buffer_add_text(&text, "[tls]\nsession_reuse_for = 10.0.0.0/8 off");
	for (int i = 0; i < 1000; i++)
		buffer_add_char(&text, 'x');
	buffer_add_char(&text, '\n');
	CU_ASSERT_PTR_NULL(with_text(buffer_text(&text), &c));
	CU_ASSERT_EQUAL(c.count, 1);
}

static void
test_warnings(void)
{
	static const struct {
		const char *text, *warning;
	} rows[] = {
		{ CERTIFICATE, "" },
		{ "[tls]\nsession_reuse = off\n", "" },
		{ "[listener]\ntls = off\n[listener b]\nport = 22\n"
		    CERTIFICATE, "" },
		{ "[listener]\ntls = off\n[listener b]\nport = 22\n"
		    "tls = off\n" CERTIFICATE,
		    "every listener has tls = off" },
		{ CERTIFICATE "session_reuse = prefer\n",
		    "session_reuse is neither strict nor require" },
		{ CERTIFICATE "require_tls_close_notify = no\n",
		    "set require_tls_close_notify" },
		{ CERTIFICATE "[client clnt:Old*]\nsession_reuse = off\n",
		    "any client can send this name" },
		{ CERTIFICATE "[client 192.0.2.7]\nsession_reuse = off\n",
		    "" },
		{ CERTIFICATE "client_ca = /etc/ca.pem\n",
		    "client_ca has no effect without client_certificate" },
		{ CERTIFICATE "[user \"old\"]\nsession_reuse = off\n", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct complaints c;
		struct settings *s = must_load(rows[i].text);
		with_no_complaints(&c);
		CU_ASSERT_EQUAL(settings_warn(s, with_complaint, &c),
		    *rows[i].warning != '\0');
		CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text),
		    rows[i].warning));
		settings_free(s);
	}
}

/* Values are the administrator's text, and complaints go to a terminal; a long
 * value is cut. */
static void
test_values_are_escaped(void)
{
	static char long_value[3000];
	struct complaints c;

	CU_ASSERT(with_refusal("[tls]\nsession_reuse_for = \xbe \\\n",
	    "F:2: session_reuse_for must be a network such as 192.0.2.0/24 "
	    "and strict, require, prefer or off, not \"\\xBE \\x5C\"\n"));
	CU_ASSERT(with_refusal("[tls]\ncertificate = a\xc2\x85z\n",
	    "F:2: certificate must be absolute paths, not "
	    "\"a\\xC2\\x85z\"\n"));
	snprintf(long_value, sizeof(long_value), "[tls]\ncertificate = "
	    "%0*d\n", 2000, 7);
	CU_ASSERT_PTR_NULL(with_text(long_value, &c));
	CU_ASSERT_EQUAL(c.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text),
	    "F:2: certificate must be absolute paths, not \"000000"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), "000...\n"));
}

CU_TestInfo unit_tests[] = {
	{ "values are escaped and cut", test_values_are_escaped },
	{ "without [tls] there is no TLS", test_no_certificate },
	{ "certificates and keys add up", test_certificates_add_up },
	{ "hosts have their own, in any letter case", test_hosts },
	{ "-o reaches [tls] and hosts", test_host_by_option },
	{ "invalid hosts are reported", test_hosts_refused },
	{ "fifteen hosts and no more", test_too_many_hosts },
	{ "lines add up, empty ones do not count", test_lines_add_up },
	{ "lines are bounded together", test_lines_are_bounded },
	{ "lines and hosts come back from a dump", test_lines_come_back },
	{ "files are absolute, a key for each", test_files_fit },
	{ "required TLS needs a certificate", test_certificate_needed },
	{ "the keeper has an account of its own", test_keeper_user },
	{ "client certificates need a CA file", test_client_certificates },
	{ "the first matching network applies", test_reuse_by_network },
	{ "invalid networks are reported", test_reuse_refused },
	{ "unlikely settings give a warning", test_warnings },
	{ "an endless line is reported once", test_reuse_long_line },
	CU_TEST_INFO_NULL,
};
