/*
 * test_tls_selfsigned.c - --make-certificate: what is written, and when not.
 */
#include "common/base.h"
#include "common/tls/tls_selfsigned.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

const char *const unit_name = "tls_selfsigned";

static void
a_pair_is_written_and_served(void)
{
	const char *path = tls_pki_path("new.pem");
	SSL_CTX *client = tls_pair_client(0);
	struct tls_pair p;
	struct stat st;

	umask(0);
	CU_ASSERT_EQUAL(tls_server_make_certificate(path, "new.example.org"),
		0);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode, S_IFREG | 0600);
	CU_ASSERT_EQUAL(st.st_nlink, 1);
	struct tls_server *server = tls_pair_from("[tls]\n"
		"certificate = $D/new.pem", NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	/* A client that was given the certificate believes it, for this name
	 * only. */
	CU_ASSERT_EQUAL(SSL_CTX_load_verify_file(client, path), 1);
	SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(tls_pair_new(&p, server, TLS_CONTROL,
			&tls_pair_binding, client, false));
		SSL_set1_host(p.client, i == 0 ? "new.example.org" :
			"old.example.org");
		CU_ASSERT_EQUAL(tls_pair_handshake(&p), i == 0);
		tls_pair_free(&p);
	}
	tls_server_free(server);
	SSL_CTX_free(client);
	CU_ASSERT_EQUAL(unlink(path), 0);
}

static void
nothing_is_overwritten(void)
{
	char name[PATH_MAX];
	size_t files = scratch_descriptors();

	CU_ASSERT_EQUAL(tls_pki_write("there.pem", "precious", 0600), 0);
	CU_ASSERT_EQUAL(symlink("nowhere", tls_pki_path("link.pem")), 0);
	CU_ASSERT_EQUAL(tls_server_make_certificate(tls_pki_path("there.pem"),
		"a.example"), -EEXIST);
	CU_ASSERT_EQUAL(tls_server_make_certificate(tls_pki_path("link.pem"),
		"a.example"), -EEXIST);
	CU_ASSERT_EQUAL(access(tls_pki_path("nowhere"), F_OK), -1);
	CU_ASSERT_EQUAL(tls_server_make_certificate(
		tls_pki_path("no/such/place"), "a.example"), -ENOENT);
	FILE *file = fopen(tls_pki_path("there.pem"), "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_STRING_EQUAL(fgets(name, sizeof(name), file), "precious");
	fclose(file);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CU_ASSERT_EQUAL(tls_server_make_certificate(name, "a.example"),
		-ENAMETOOLONG);
	CU_ASSERT_EQUAL(scratch_descriptors(), files);
	CU_ASSERT_EQUAL(unlink(tls_pki_path("there.pem")), 0);
	CU_ASSERT_EQUAL(unlink(tls_pki_path("link.pem")), 0);
}

/* Nothing of a failed try is left: the directory can go. */
static void
nothing_is_left_behind(void)
{
	CU_ASSERT_EQUAL(mkdir(tls_pki_path("d"), 0700), 0);
	CU_ASSERT_EQUAL(tls_pki_write("d/x.pem", "there", 0600), 0);
	CU_ASSERT_EQUAL(tls_server_make_certificate(tls_pki_path("d/x.pem"),
		"a.example"), -EEXIST);
	CU_ASSERT_EQUAL(unlink(tls_pki_path("d/x.pem")), 0);
	CU_ASSERT_EQUAL(rmdir(tls_pki_path("d")), 0);
}

/* What the certificate for this host says. */
static X509 *
made(const char *host)
{
	EVP_PKEY *key;
	X509 *certificate;

	CU_ASSERT_EQUAL_FATAL(tls_selfsigned_new(host, &key, &certificate), 0);
	CU_ASSERT_EQUAL(X509_check_private_key(certificate, key), 1);
	CU_ASSERT_EQUAL(X509_verify(certificate, key), 1);
	EVP_PKEY_free(key);
	return certificate;
}

static void
names_and_addresses_stand_in_it(void)
{
	X509 *c = made("ftp.example.org");

	CU_ASSERT_EQUAL(X509_check_host(c, "FTP.example.org", 0, 0, NULL), 1);
	CU_ASSERT_EQUAL(X509_check_ca(c), 0);
	CU_ASSERT_TRUE(X509_cmp_current_time(X509_get0_notBefore(c)) < 0);
	CU_ASSERT_TRUE(X509_cmp_current_time(X509_get0_notAfter(c)) > 0);
	X509_free(c);
	c = made("192.0.2.7");
	CU_ASSERT_EQUAL(X509_check_ip_asc(c, "192.0.2.7", 0), 1);
	CU_ASSERT_EQUAL(X509_check_ip_asc(c, "192.0.2.8", 0), 0);
	X509_free(c);
	c = made("2001:db8::7");
	CU_ASSERT_EQUAL(X509_check_ip_asc(c, "2001:db8:0::7", 0), 1);
	X509_free(c);
	c = made("*.example.org");
	CU_ASSERT_EQUAL(X509_check_host(c, "ftp.example.org", 0, 0, NULL), 1);
	X509_free(c);
	/* Longer than a common name may be. */
	const char *lengthy = "a-host-with-a-name-that-is-quite-a-bit-longer."
		"than-sixty-four-bytes.example.org";
	c = made(lengthy);
	CU_ASSERT_EQUAL(X509_check_host(c, lengthy, 0, 0, NULL), 1);
	CU_ASSERT_EQUAL(X509_NAME_entry_count(X509_get_subject_name(c)), 0);
	X509_free(c);
}

static void
two_are_never_the_same(void)
{
	X509 *a = made("a.example"), *b = made("a.example");

	CU_ASSERT_NOT_EQUAL(ASN1_INTEGER_cmp(X509_get0_serialNumber(a),
		X509_get0_serialNumber(b)), 0);
	CU_ASSERT_NOT_EQUAL(EVP_PKEY_eq(X509_get0_pubkey(a),
		X509_get0_pubkey(b)), 1);
	X509_free(a);
	X509_free(b);
}

static void
odd_hosts_are_refused(void)
{
	static const char *const odd[] = { "", "a b", "a,DNS:b", "a\nb",
		"a/b", "\303\266", "[::1]" };
	char lengthy[300];
	EVP_PKEY *key;
	X509 *certificate;

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		CU_ASSERT_EQUAL(tls_selfsigned_new(odd[i], &key, &certificate),
			-EINVAL);
		CU_ASSERT_PTR_NULL(key);
		CU_ASSERT_PTR_NULL(certificate);
	}
	memset(lengthy, 'a', sizeof(lengthy));
	lengthy[254] = '\0';
	CU_ASSERT_EQUAL(tls_server_make_certificate(tls_pki_path("x"), lengthy),
		-EINVAL);
	CU_ASSERT_EQUAL(access(tls_pki_path("x"), F_OK), -1);
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
	{"there is a place to write to", begin},
	{"a pair is written, served and believed",
		a_pair_is_written_and_served},
	{"nothing is overwritten", nothing_is_overwritten},
	{"nothing is left behind", nothing_is_left_behind},
	{"names and addresses stand in it", names_and_addresses_stand_in_it},
	{"two are never the same", two_are_never_the_same},
	{"odd hosts are refused", odd_hosts_are_refused},
	{"the files go again", end},
	CU_TEST_INFO_NULL,
};
