/*
 * test_tls_client.c - clients' certificates: who is let in, as whom.
 */
#include "common/base.h"
#include "common/tls/tls_peer.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <openssl/x509v3.h>

const char *const unit_name = "tls_client";

#define PAIR    "[tls]\ncertificate = $D/other.pem\nclient_ca = $D/ca.pem\n"
#define REQUEST PAIR "client_certificate = request\n"
#define REQUIRE PAIR "client_certificate = require\n"
#define CRL     "client_crl = $D/crl.pem\n"

/* A client with this certificate (NULL: none) comes; what the server then
 * knows of it.  False with *why when there is no handshake. */
static bool
comes(const char *wishes, int version, const char *certificate,
	struct tls_facts *facts, char why[200])
{
	struct tls_server *server = tls_pair_from(wishes, NULL);
	SSL_CTX *client = tls_pair_client(version);
	struct tls_pair p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	if (certificate != NULL) {
		const char *path = tls_pki_path(certificate);

		CU_ASSERT_EQUAL(SSL_CTX_use_certificate_file(client, path,
			SSL_FILETYPE_PEM), 1);
		CU_ASSERT_EQUAL(SSL_CTX_use_PrivateKey_file(client, path,
			SSL_FILETYPE_PEM), 1);
	}
	bool in = tls_pair_open(&p, server, TLS_CONTROL, &tls_pair_binding,
		client, NULL) && tls_pair_talks(&p);
	snprintf(why, 200, "%s", tls_error(p.server));
	tls_describe(p.server, facts);
	/* What the ticket brings back on a data connection is the same. */
	if (in) {
		struct tls_pair data;
		struct tls_facts again;

		CU_ASSERT_TRUE(tls_pair_open(&data, server, TLS_DATA,
			&tls_pair_binding, client, tls_pair_ticket(&p)));
		CU_ASSERT_TRUE(tls_resumed(data.server));
		tls_describe(data.server, &again);
		CU_ASSERT_EQUAL(again.has_certificate, facts->has_certificate);
		CU_ASSERT_STRING_EQUAL(again.subject, facts->subject);
		tls_pair_free(&data);
	}
	tls_pair_free(&p);
	tls_server_free(server);
	SSL_CTX_free(client);
	return in;
}

static void
let_in(const char *wishes, const char *certificate, const char *subject)
{
	for (int v = TLS1_2_VERSION; v <= TLS1_3_VERSION; v++) {
		struct tls_facts facts;
		char why[200];

		CU_ASSERT_TRUE(comes(wishes, v, certificate, &facts, why));
		CU_ASSERT_EQUAL(facts.has_certificate, *subject != '\0');
		CU_ASSERT_STRING_EQUAL(facts.subject, subject);
	}
}

static void
kept_out(const char *wishes, const char *certificate, const char *reason)
{
	for (int v = TLS1_2_VERSION; v <= TLS1_3_VERSION; v++) {
		struct tls_facts facts;
		char why[200];

		CU_ASSERT_FALSE(comes(wishes, v, certificate, &facts, why));
		CU_ASSERT_FALSE(facts.has_certificate);
		CU_ASSERT_STRING_EQUAL(facts.subject, "");
		CU_ASSERT_STRING_EQUAL(why, reason);
	}
}

static void
nobody_is_asked_by_default(void)
{
	let_in(PAIR, NULL, "");
	let_in(PAIR, "anna.pem", "");
	let_in(PAIR, "stranger.pem", "");
}

static void
a_requested_certificate_may_be_missing(void)
{
	let_in(REQUEST, NULL, "");
	let_in(REQUEST, "anna.pem", "anna");
	kept_out(REQUEST, "stranger.pem", "self-signed certificate");
}

static void
a_required_certificate_may_not(void)
{
	let_in(REQUIRE, "anna.pem", "anna");
	kept_out(REQUIRE, NULL, "peer did not return a certificate");
	kept_out(REQUIRE, "stranger.pem", "self-signed certificate");
}

static void
revoked_certificates_are_refused(void)
{
	let_in(REQUIRE, "revoked.pem", "revoked");
	let_in(REQUIRE CRL, "anna.pem", "anna");
	kept_out(REQUIRE CRL, "revoked.pem", "certificate revoked");
}

static void
the_setting_says_what_names_the_account(void)
{
	let_in(REQUIRE "certificate_user = cn", "anna.pem", "anna");
	let_in(REQUIRE "certificate_user = email", "anna.pem",
		"anna@example.org");
	let_in(REQUIRE "certificate_user = map\ncertificate_map = $D/map",
		"anna.pem", "CN=anna");
}

/* A certificate with these parts of a subject ("CN", text, length). */
struct part {
	const char *name;
	const char *text;
	int len;
};

static void
named(const struct part *parts, size_t n, int what, const char *expected)
{
	X509 *c = X509_new();
	char text[32];

	for (size_t i = 0; i < n; i++)
		CU_ASSERT_EQUAL(X509_NAME_add_entry_by_txt(
			X509_get_subject_name(c), parts[i].name, MBSTRING_UTF8,
			(const unsigned char *)parts[i].text, parts[i].len, -1,
			0), 1);
	memset(text, 'x', sizeof(text));
	tls_peer_name(c, what, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, expected);
	X509_free(c);
}

static void
unclear_names_are_none(void)
{
	const struct part two[] = { {"CN", "root", 4}, {"CN", "anna", 4} };
	const struct part nul = {"CN", "root\0.example.org", 17};
	const struct part fits = {"CN", "a name of thirty-one bytes here", 31};
	const struct part does_not = {"CN",
		"a name of thirty-two bytes here!", 32};
	const struct part utf8 = {"CN", "j\303\266rg", 5};
	const struct part mails[] = { {"emailAddress", "a@x.org", 7},
		{"emailAddress", "b@x.org", 7} };
	const struct part place[] = { {"O", "Firm, Ltd", 9},
		{"CN", "anna", 4} };

	named(NULL, 0, CERTIFICATE_USER_CN, "");
	named(two, 1, CERTIFICATE_USER_CN, "root");
	named(two, 2, CERTIFICATE_USER_CN, "");
	named(&nul, 1, CERTIFICATE_USER_CN, "");
	named(&fits, 1, CERTIFICATE_USER_CN, fits.text);
	named(&does_not, 1, CERTIFICATE_USER_CN, "");
	named(&utf8, 1, CERTIFICATE_USER_CN, utf8.text);
	named(two, 1, CERTIFICATE_USER_EMAIL, "");
	named(mails, 1, CERTIFICATE_USER_EMAIL, "a@x.org");
	named(mails, 2, CERTIFICATE_USER_EMAIL, "");
	named(place, 2, CERTIFICATE_USER_MAP, "CN=anna,O=Firm\\, Ltd");
	named(&nul, 1, CERTIFICATE_USER_MAP, "CN=root\\00.example.org");
	named(&does_not, 1, CERTIFICATE_USER_MAP, "");
}

static void
begin(void)
{
	CU_ASSERT_EQUAL_FATAL(tls_pki_begin(), 0);
}

static void
end(void)
{
	tls_pki_end();
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made", begin},
	{"nobody is asked by default", nobody_is_asked_by_default},
	{"a requested certificate may be missing, not be wrong",
		a_requested_certificate_may_be_missing},
	{"a required certificate must be there",
		a_required_certificate_may_not},
	{"revoked certificates are refused", revoked_certificates_are_refused},
	{"the account's name comes from where the setting says",
		the_setting_says_what_names_the_account},
	{"unclear names are none", unclear_names_are_none},
	{"the files go again", end},
	CU_TEST_INFO_NULL,
};
