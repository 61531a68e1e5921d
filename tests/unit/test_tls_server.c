/*
 * test_tls_server.c - which certificate a client gets, and when the files
 * changed.
 */
#include "common/base.h"
#include "common/tls/tls_server.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <fcntl.h>
#include <openssl/x509v3.h>
#include <sys/mman.h>

const char *const unit_name = "tls_server";

#define TWO_HOSTS "[tls]\ncertificate = $D/rsa.pem\n"                    \
	"private_key = $D/rsa.key\n"                                        \
	"[tls \"other.example.org\"]\ncertificate = $D/other.pem\n"

static void
without_certificate_there_is_no_tls(void)
{
	struct complaints c;
	struct tls_server *server = tls_pair_from("[server]", &c);
	struct tls_pair p;
	SSL_CTX *client = tls_pair_client(0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	CU_ASSERT_FALSE(tls_server_on(server));
	CU_ASSERT_FALSE(tls_server_changed(server));
	CU_ASSERT_FALSE(tls_pair_new(&p, server, TLS_CONTROL,
		&tls_pair_binding, client, false));
	tls_pair_free(&p);
	tls_server_sign_by(server, NULL, NULL);
	tls_server_free(server);
	tls_server_free(NULL);
	SSL_CTX_free(client);
}

/* What a client sees; NULL when there is no handshake. */
static X509 *
shown(struct tls_server *server, SSL_CTX *client, const char *sni)
{
	struct tls_pair p;
	X509 *certificate = NULL;

	CU_ASSERT_TRUE(tls_pair_new(&p, server, TLS_CONTROL, &tls_pair_binding,
		client, false));
	if (sni != NULL)
		tls_pair_ask_for(&p, sni);
	if (tls_pair_handshake(&p)) {
		struct tls_facts facts;

		certificate = SSL_get1_peer_certificate(p.client);
		tls_describe(p.server, &facts);
		CU_ASSERT_STRING_EQUAL(facts.name, sni != NULL ? sni : "");
	}
	tls_pair_free(&p);
	return certificate;
}

static bool
shows(struct tls_server *server, SSL_CTX *client, const char *sni,
	const char *expected)
{
	X509 *is = shown(server, client, sni);
	X509 *should = tls_pki_certificate(expected);
	bool same = is != NULL && should != NULL && X509_cmp(is, should) == 0;

	X509_free(is);
	X509_free(should);
	return same;
}

static void
the_name_chooses_the_certificate(void)
{
	struct complaints c;
	struct tls_server *server = tls_pair_from(TWO_HOSTS, &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	     version++) {
		SSL_CTX *client = tls_pair_client(version);

		CU_ASSERT_TRUE(shows(server, client, NULL, "rsa.pem"));
		CU_ASSERT_TRUE(shows(server, client, "ftp.example.org",
			"rsa.pem"));
		CU_ASSERT_TRUE(shows(server, client, "other.example.org",
			"other.pem"));
		CU_ASSERT_TRUE(shows(server, client, "OTHER.example.org",
			"other.pem"));
		CU_ASSERT_TRUE(shows(server, client, "nobody.example.org",
			"rsa.pem"));
		CU_ASSERT_TRUE(shows(server, client, "xother.example.org",
			"rsa.pem"));
		SSL_CTX_free(client);
	}
	tls_server_free(server);
}

/* The rules hold behind every name, and so do tickets. */
static void
names_share_rules_and_tickets(void)
{
	struct complaints c;
	struct tls_server *server = tls_pair_from(TWO_HOSTS, &c);
	SSL_CTX *client = tls_pair_client(0);
	struct tls_pair control, data;

	CU_ASSERT_TRUE(tls_pair_new(&control, server, TLS_CONTROL,
		&tls_pair_binding, client, false));
	tls_pair_ask_for(&control, "other.example.org");
	CU_ASSERT_TRUE(tls_pair_handshake(&control));
	tls_server_sign_by(server, NULL, NULL);
	CU_ASSERT_TRUE(tls_pair_log_in(&control, &tls_pair_binding));
	CU_ASSERT_TRUE(tls_pair_open(&data, server, TLS_DATA, &tls_pair_binding,
		client, tls_pair_ticket(&control)));
	CU_ASSERT_TRUE(tls_resumed(data.server));
	tls_pair_free(&control);
	tls_pair_free(&data);
	tls_server_free(server);
	SSL_CTX_free(client);
}

static void
both_kinds_of_keys_stand_side_by_side(void)
{
	struct tls_server *server = tls_pair_usual_server();
	SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);

	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	SSL_CTX_set_cipher_list(client, "ECDHE-RSA-AES128-GCM-SHA256");
	CU_ASSERT_TRUE(shows(server, client, NULL, "rsa.pem"));
	SSL_CTX_set_cipher_list(client, "ECDHE-ECDSA-AES128-GCM-SHA256");
	CU_ASSERT_TRUE(shows(server, client, NULL, "ec.pem"));
	SSL_CTX_free(client);
	tls_server_free(server);
}

static void
a_chain_is_sent_whole(void)
{
	struct complaints c;
	X509 *parts[] = { tls_pki_certificate("ec.pem"),
		tls_pki_certificate("ca.pem") };
	FILE *file = fopen(tls_pki_path("chain.pem"), "we");
	SSL_CTX *client = tls_pair_client(0);
	struct tls_pair p;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		CU_ASSERT_EQUAL(PEM_write_X509(file, parts[i]), 1);
		X509_free(parts[i]);
	}
	fclose(file);
	struct tls_server *server = tls_pair_from("[tls]\n"
		"certificate = $D/chain.pem\nprivate_key = $D/ec.key", &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	CU_ASSERT_TRUE(tls_pair_open(&p, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	CU_ASSERT_EQUAL(sk_X509_num(SSL_get_peer_cert_chain(p.client)), 2);
	tls_pair_free(&p);
	SSL_CTX_free(client);
	tls_server_free(server);
	CU_ASSERT_EQUAL(unlink(tls_pki_path("chain.pem")), 0);
}

/* What loading says on standard error when the key's file has this mode. */
static const char *
warning(mode_t mode)
{
	static char text[4096];
	int said = memfd_create("said", MFD_CLOEXEC);
	int before = dup(2);

	CU_ASSERT_EQUAL(chmod(tls_pki_path("ec.key"), mode), 0);
	fflush(stderr);
	dup2(said, 2);
	struct tls_server *server = tls_pair_from("[tls]\n"
		"certificate = $D/ec.pem\nprivate_key = $D/ec.key", NULL);
	fflush(stderr);
	dup2(before, 2);
	close(before);
	CU_ASSERT_PTR_NOT_NULL(server);
	tls_server_free(server);
	ssize_t n = pread(said, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(said);
	CU_ASSERT_EQUAL(chmod(tls_pki_path("ec.key"), 0600), 0);
	return text;
}

static void
open_keys_are_warned_about(void)
{
	static const mode_t good[] = { 0400, 0600, 0440, 0640 };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		CU_ASSERT_STRING_EQUAL(warning(good[i]), "");
	CU_ASSERT_PTR_NOT_NULL(strstr(warning(0644),
		"ec.key: all users can read or change the private key (mode "
		"0644)"));
	CU_ASSERT_PTR_NOT_NULL(strstr(warning(0602), "all users can"));
	CU_ASSERT_PTR_NOT_NULL(strstr(warning(0660),
		"ec.key: the group can change the private key (mode 0660)"));
	if (geteuid() != 0)
		return;
	CU_ASSERT_EQUAL(chown(tls_pki_path("ec.key"), 65534, 0), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(warning(0600),
		"ec.key: the private key does not belong to root"));
	CU_ASSERT_EQUAL(chown(tls_pki_path("ec.key"), 0, 0), 0);
}

static void
changed_files_are_noticed_once(void)
{
	struct tls_server *server = tls_pair_usual_server();
	const char *key = tls_pki_path("rsa.key");
	char aside[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	CU_ASSERT_FALSE(tls_server_changed(server));
	CU_ASSERT_EQUAL(utimensat(AT_FDCWD, key, NULL, 0), 0);
	CU_ASSERT_TRUE(tls_server_changed(server));
	CU_ASSERT_FALSE(tls_server_changed(server));
	snprintf(aside, sizeof(aside), "%s.aside", key);
	CU_ASSERT_EQUAL(rename(key, aside), 0);
	CU_ASSERT_TRUE(tls_server_changed(server));
	CU_ASSERT_FALSE(tls_server_changed(server));
	CU_ASSERT_EQUAL(rename(aside, key), 0);
	CU_ASSERT_TRUE(tls_server_changed(server));
	CU_ASSERT_FALSE(tls_server_changed(server));
	/* Opened again for another keeper, the change still shows. */
	int fds[MESSAGE_KEYS];
	CU_ASSERT_EQUAL(utimensat(AT_FDCWD, key, NULL, 0), 0);
	CU_ASSERT_EQUAL(tls_server_open_keys(server, fds), 2);
	close(fds[0]);
	close(fds[1]);
	CU_ASSERT_TRUE(tls_server_changed(server));
	CU_ASSERT_FALSE(tls_server_changed(server));
	tls_server_free(server);
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
	{"no certificate, no TLS", without_certificate_there_is_no_tls},
	{"the name asked for chooses the certificate",
		the_name_chooses_the_certificate},
	{"names share rules and tickets", names_share_rules_and_tickets},
	{"RSA and ECDSA stand side by side",
		both_kinds_of_keys_stand_side_by_side},
	{"a chain is sent whole", a_chain_is_sent_whole},
	{"keys that others may use are warned about",
		open_keys_are_warned_about},
	{"changed files are noticed once", changed_files_are_noticed_once},
	{"the files go again", end},
	CU_TEST_INFO_NULL,
};
