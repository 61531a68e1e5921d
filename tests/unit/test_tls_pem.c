/*
 * test_tls_pem.c - private keys do not get past the reader of certificates.
 */
#include "common/base.h"
#include "common/tls/tls_pem.h"

#include "tests/unit/unit.h"

const char *const unit_name = "tls_pem";

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\npublic\n" \
	"-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"
#define CRL "-----BEGIN X509 CRL-----\nlist\n-----END X509 CRL-----\n"

/* What is left of the text, which must have been overwritten otherwise. */
static bool
keeps(const char *text, const char *expected)
{
	size_t len = strlen(text);
	char *data = malloc(len + 1);
	bool clean = true;

	memcpy(data, text, len + 1);
	size_t kept = tls_pem_keep_public(data, len);
	for (size_t i = kept; i < len; i++)
		clean = clean && data[i] == '\0';
	bool same = kept == strlen(expected) &&
		memcmp(data, expected, kept) == 0;
	if (!same)
		printf("\n%.*s", (int)kept, data);
	free(data);
	return same && clean;
}

static void
certificates_stay(void)
{
	CU_ASSERT_TRUE(keeps(CERTIFICATE, CERTIFICATE));
	CU_ASSERT_TRUE(keeps(CERTIFICATE CERTIFICATE, CERTIFICATE
		CERTIFICATE));
	CU_ASSERT_TRUE(keeps("Subject: x\n" CERTIFICATE "Subject: y\n" CRL,
		CERTIFICATE CRL));
	CU_ASSERT_TRUE(keeps("-----BEGIN TRUSTED CERTIFICATE-----\r\nx\r\n"
		"-----END TRUSTED CERTIFICATE-----\r\n", "-----BEGIN TRUSTED "
		"CERTIFICATE-----\r\nx\r\n-----END TRUSTED CERTIFICATE-----"
		"\r\n"));
	/* Without the last line's end. */
	CU_ASSERT_TRUE(keeps("-----BEGIN X509 CERTIFICATE-----\nx\n-----END "
		"X509 CERTIFICATE-----", "-----BEGIN X509 CERTIFICATE-----\nx"
		"\n-----END X509 CERTIFICATE-----"));
}

static void
keys_go(void)
{
	CU_ASSERT_TRUE(keeps("", ""));
	CU_ASSERT_TRUE(keeps(KEY, ""));
	CU_ASSERT_TRUE(keeps(KEY CERTIFICATE, CERTIFICATE));
	CU_ASSERT_TRUE(keeps(CERTIFICATE KEY, CERTIFICATE));
	CU_ASSERT_TRUE(keeps(CERTIFICATE KEY CERTIFICATE, CERTIFICATE
		CERTIFICATE));
	CU_ASSERT_TRUE(keeps("-----BEGIN EC PARAMETERS-----\nx\n"
		"-----END EC PARAMETERS-----\n-----BEGIN EC PRIVATE KEY-----\n"
		"SECRET\n-----END EC PRIVATE KEY-----\n" CERTIFICATE,
		CERTIFICATE));
	/* No label at all, or half a one. */
	CU_ASSERT_TRUE(keeps("SECRET\n", ""));
	CU_ASSERT_TRUE(keeps("-----BEGIN CERTIFICATE\nSECRET\n", ""));
	CU_ASSERT_TRUE(keeps("-----BEGIN CERTIFICATE REQUEST-----\nx\n"
		"-----END CERTIFICATE REQUEST-----\n", ""));
	CU_ASSERT_TRUE(keeps(" -----BEGIN CERTIFICATE-----\nSECRET\n", ""));
}

CU_TestInfo unit_tests[] = {
	{ "certificates and lists stay as they are", certificates_stay },
	{ "keys and everything else are removed", keys_go },
	CU_TEST_INFO_NULL,
};
