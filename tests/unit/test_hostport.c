/*
 * test_hostport.c - PORT, EPRT and PASV, to the letter of their RFCs.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/data/hostport.h"

const char *const unit_name = "hostport";

static int
port(const char *text, struct address *a)
{
	return hostport_parse_port(text, strlen(text), a);
}

static int
eprt(const char *text, struct address *a)
{
	return hostport_parse_eprt(text, strlen(text), a);
}

static void
check(const struct address *a, const char *host, unsigned number)
{
	char text[ADDRESS_TEXT_SIZE];

	CU_ASSERT_STRING_EQUAL(address_text(a, text), host);
	CU_ASSERT_EQUAL(address_port(a), number);
}

static void
test_port(void)
{
	struct address a;

	CU_ASSERT_EQUAL(port("192,0,2,17,4,1", &a), 0);
	CU_ASSERT_EQUAL(address_family(&a), AF_INET);
	check(&a, "192.0.2.17", 1025);
	CU_ASSERT_EQUAL(port("0,0,0,0,0,1", &a), 0);
	check(&a, "0.0.0.0", 1);
	CU_ASSERT_EQUAL(port("255,255,255,255,255,255", &a), 0);
	check(&a, "255.255.255.255", 65535);
	CU_ASSERT_EQUAL(port("127,000,000,001,004,001", &a), 0);
	check(&a, "127.0.0.1", 1025);
	/* Padded, as some clients do. */
	CU_ASSERT_EQUAL(port("127, 0, 0,  1,  4,  1", &a), 0);
	check(&a, "127.0.0.1", 1025);
	CU_ASSERT_EQUAL(port(" 127,0,0,1,4,1", &a), 0);
	check(&a, "127.0.0.1", 1025);
}

static void
test_bad_port(void)
{
	static const char *const bad[] = {
		"", ",", "1", "1,2,3,4,5", "1,2,3,4,5,", "1,2,3,4,5,6,",
		"1,2,3,4,5,6,7", ",1,2,3,4,5,6", "1,,2,3,4,5", "1,2,3,4,,5",
		"256,0,0,1,4,1", "1,2,3,4,256,1", "1,2,3,4,4,256",
		"1,2,3,4,0,0", "1,2,3,4,5,6 ", "1 ,2,3,4,5,6", "1, ,3,4,5,6",
		"1,2,3,4,5, ", "1,2,3,4,5,1 6", "1,2,3,-4,5,6", "1,2,3,+4,5,6",
		"1,2,3,0x4,5,6", "1.2.3.4.5.6",
		"0001,2,3,4,5,6", "1,2,3,4,5,6\r", "a,b,c,d,e,f",
		"4294967297,2,3,4,5,6", "1,2,3,4,5,99999999999999999999",
	};
	struct address a;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CU_ASSERT_EQUAL(port(bad[i], &a), -EINVAL);
		CU_ASSERT_FALSE(address_is_set(&a));
	}
}

static void
test_port_looks_at_its_length_only(void)
{
	struct address a;

	CU_ASSERT_EQUAL(hostport_parse_port("1,2,3,4,5,67", 11, &a), 0);
	check(&a, "1.2.3.4", 5 * 256 + 6);
	CU_ASSERT_EQUAL(hostport_parse_port("1,2,3,4,5,6", 10, &a), -EINVAL);
	CU_ASSERT_EQUAL(hostport_parse_port("1,2,3,4,5,6\0", 12, &a), -EINVAL);
}

static void
test_eprt(void)
{
	struct address a;

	CU_ASSERT_EQUAL(eprt("|1|132.235.1.2|6275|", &a), 0);
	check(&a, "132.235.1.2", 6275);
	CU_ASSERT_EQUAL(eprt("|2|1080::8:800:200C:417A|5282|", &a), 0);
	CU_ASSERT_EQUAL(address_family(&a), AF_INET6);
	check(&a, "1080::8:800:200c:417a", 5282);
	CU_ASSERT_EQUAL(eprt("|2|::1|1|", &a), 0);
	check(&a, "::1", 1);
	CU_ASSERT_EQUAL(eprt("|1|1.2.3.4|65535|", &a), 0);
	check(&a, "1.2.3.4", 65535);
	/* The zone is a name or number of the client's host. */
	CU_ASSERT_EQUAL(eprt("|2|fe80::1%eth0|2048|", &a), 0);
	check(&a, "fe80::1", 2048);
	CU_ASSERT_EQUAL(a.v6.sin6_scope_id, 0);
	CU_ASSERT_EQUAL(eprt("|2|fe80::1%12|2048|", &a), 0);
	CU_ASSERT_EQUAL(a.v6.sin6_scope_id, 0);
}

static void
test_any_delimiter(void)
{
	char text[] = "x1x1.2.3.4x80x";
	struct address a;

	for (int c = 1; c < 128; c++) {
		bool inside = strchr("1.2348", c) != NULL || c == '0';
		text[0] = text[2] = text[10] = text[13] = (char)c;
		bool good = c >= 33 && c <= 126 && !inside;
		CU_ASSERT_EQUAL(eprt(text, &a), good ? 0 : -EINVAL);
	}
	CU_ASSERT_EQUAL(eprt("\2001\2001.2.3.4\20080\200", &a), -EINVAL);
}

static void
test_bad_eprt(void)
{
	static const char *const bad[] = {
		"", "|", "||", "|||", "||||", "|1|1.2.3.4|80",
		"|1|1.2.3.4|80||",
		"|1|1.2.3.4|80|x", "|1|1.2.3.4|80| ", " |1|1.2.3.4|80|",
		"1|1.2.3.4|80|", "|1|1.2.3.4|0|", "|1|1.2.3.4|65536|",
		"|1|1.2.3.4|-1|", "|1|1.2.3.4|+80|", "|1|1.2.3.4| 80|",
		"|1|1.2.3.4||", "|1||80|", "||1.2.3.4|80|", "|1|1.2.3|80|",
		"|1|1.2.3.256|80|", "|1|::1|80|", "|2|1.2.3.4|80|",
		"|2|[::1]|80|", "|2|::1::|80|", "|x|1.2.3.4|80|",
		"|-1|1.2.3.4|80|", "|1|localhost|80|",
		"|2|::1%lo|80|", "|1|1.2.3.4%lo|80|", "|2|%lo|80|",
		"|1|1.2.3.4|18446744073709551696|",
		"|2|0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0|9|",
	};
	struct address a;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CU_ASSERT_EQUAL(eprt(bad[i], &a), -EINVAL);
		CU_ASSERT_FALSE(address_is_set(&a));
	}
	CU_ASSERT_EQUAL(hostport_parse_eprt("|1|1.2.3.4\0x|80|", 16, &a),
		-EINVAL);
}

static void
test_other_protocols(void)
{
	struct address a;

	CU_ASSERT_EQUAL(eprt("|0|1.2.3.4|80|", &a), -EAFNOSUPPORT);
	CU_ASSERT_EQUAL(eprt("|3|whatever|80|", &a), -EAFNOSUPPORT);
	CU_ASSERT_FALSE(address_is_set(&a));
}

static void
test_mapped_is_ipv4(void)
{
	struct address a;

	CU_ASSERT_EQUAL(eprt("|2|::ffff:192.0.2.1|2000|", &a), 0);
	CU_ASSERT_EQUAL(address_family(&a), AF_INET);
	check(&a, "192.0.2.1", 2000);
}

static void
test_shown_and_read_back(void)
{
	struct address a, b;
	BUFFER(text, 32);

	CU_ASSERT_EQUAL(port("10,20,30,40,200,7", &a), 0);
	hostport_add_port(&text, &a);
	CU_ASSERT_STRING_EQUAL(buffer_text(&text), "10,20,30,40,200,7");

	for (unsigned number = 1; number < 65536; number += 251) {
		address_set_port(&a, (uint16_t)number);
		buffer_clear(&text);
		hostport_add_port(&text, &a);
		CU_ASSERT_EQUAL(port(buffer_text(&text), &b), 0);
		CU_ASSERT_EQUAL(address_port(&b), number);
		CU_ASSERT_TRUE(address_same_host(&a, &b));
	}
}

CU_TestInfo unit_tests[] = {
	{ "PORT is six numbers", test_port },
	{ "anything else in PORT is refused", test_bad_port },
	{ "PORT ends where its text ends", test_port_looks_at_its_length_only },
	{ "EPRT names both families", test_eprt },
	{ "EPRT takes any printable delimiter", test_any_delimiter },
	{ "anything else in EPRT is refused", test_bad_eprt },
	{ "EPRT tells an unknown protocol apart", test_other_protocols },
	{ "a mapped address becomes IPv4", test_mapped_is_ipv4 },
	{ "what PASV shows, PORT reads", test_shown_and_read_back },
	CU_TEST_INFO_NULL,
};
