/*
 * test_tls_mschap.c - MS-CHAPv2: the example of RFC 2759 section 9.2.
 */
#include "common/base.h"
#include "common/tls/tls_mschap.h"

#include "tests/unit/unit.h"

const char *const unit_name = "tls_mschap";

static const uint8_t server[] = { 0x5b, 0x5d, 0x7c, 0x7d, 0x7b, 0x3f, 0x2f,
	0x3e, 0x3c, 0x2c, 0x60, 0x21, 0x32, 0x26, 0x26, 0x28 };
static const uint8_t peer[] = { 0x21, 0x40, 0x23, 0x24, 0x25, 0x5e, 0x26, 0x2a,
	0x28, 0x29, 0x5f, 0x2b, 0x3a, 0x33, 0x7c, 0x7e };
static const struct tls_mschap_challenges both = { server, peer };

static void
test_example(void)
{
	static const uint8_t expected[] = { 0x82, 0x30, 0x9e, 0xcd, 0x8d, 0x70,
		0x8b, 0x5e, 0xa0, 0x8f, 0xaa, 0x39, 0x81, 0xcd, 0x83, 0x54,
		0x42, 0x33, 0x11, 0x4a, 0x3d, 0x85, 0xd6, 0xdf };
	static const char *const names[] = { "User", "DOMAIN\\User" };
	struct tls_mschap *m = tls_mschap_new();
	struct tls_mschap_answer answer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CU_ASSERT(tls_mschap_respond(m, names[i], "clientPass", &both,
		    &answer));
		CU_ASSERT_EQUAL(memcmp(answer.response, expected,
		    sizeof(expected)), 0);
		CU_ASSERT_STRING_EQUAL(answer.success,
		    "S=407A5589115FD0D6209F510FE9C04566932CDA56");
	}
	tls_mschap_free(m);
}

static void
test_passwords(void)
{
	struct tls_mschap *m = tls_mschap_new();
	struct tls_mschap_answer answer;
	char longest[258];

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	memset(longest, 'x', sizeof(longest));
	longest[255] = '\0';
	CU_ASSERT(tls_mschap_respond(m, "u", longest, &both, &answer));
	longest[255] = 'x';
	longest[257] = '\0';
	CU_ASSERT_FALSE(tls_mschap_respond(m, "u", longest, &both, &answer));
	CU_ASSERT(tls_mschap_respond(m, "u", "\xc3\xa9 \xf0\x9f\x98\x80",
	    &both, &answer));
	CU_ASSERT_FALSE(tls_mschap_respond(m, "u", "\xff", &both, &answer));
	CU_ASSERT_FALSE(tls_mschap_respond(m, "u", "", &both, &answer));
	tls_mschap_free(m);
}

CU_TestInfo unit_tests[] = {
	{ "the example of RFC 2759", test_example },
	{ "passwords", test_passwords },
	CU_TEST_INFO_NULL
};
