/*
 * test_address.c - parsing, formatting, comparing and grouping of addresses.
 */
#include "common/base.h"

#include "common/address.h"
#include "tests/unit/unit.h"

#include <sys/un.h>

const char *const unit_name = "address";

static struct address
make(const char *text)
{
	struct address a;

	if (address_parse(&a, text) < 0)
		CU_FAIL("a good address was refused");
	return a;
}

/* The address as it is written back. */
static const char *
rewritten(const char *text)
{
	static char out[ADDRESS_TEXT_SIZE];
	struct address a = make(text);

	return address_text(&a, out);
}

static void
test_empty(void)
{
	struct address a;
	char text[ADDRESS_TEXT_SIZE];

	memset(&a, 0xff, sizeof(a));
	address_clear(&a);
	CU_ASSERT_FALSE(address_is_set(&a));
	CU_ASSERT_EQUAL(address_family(&a), AF_UNSPEC);
	CU_ASSERT_EQUAL(address_size(&a), 0);
	address_set_port(&a, 21);
	CU_ASSERT_EQUAL(address_port(&a), 0);
	CU_ASSERT_STRING_EQUAL(address_text(&a, text), "-");
	CU_ASSERT_FALSE(address_same_host(&a, &a));
}

static void
test_parse(void)
{
	CU_ASSERT_STRING_EQUAL(rewritten("192.0.2.1"), "192.0.2.1");
	CU_ASSERT_STRING_EQUAL(rewritten("0.0.0.0"), "0.0.0.0");
	CU_ASSERT_STRING_EQUAL(rewritten("::"), "::");
	CU_ASSERT_STRING_EQUAL(rewritten("2001:DB8:0:0::1"), "2001:db8::1");
	CU_ASSERT_STRING_EQUAL(rewritten("fe80::1%2"), "fe80::1%2");
	CU_ASSERT_STRING_EQUAL(rewritten("fe80::1%4294967295"),
		"fe80::1%4294967295");
	CU_ASSERT_STRING_EQUAL(
		rewritten("1111:2222:3333:4444:5555:6666:7777:8888"),
		"1111:2222:3333:4444:5555:6666:7777:8888");
}

static void
test_parse_refused(void)
{
	static const char *const wrong[] = {
		"", " ", "localhost", "192.0.2", "192.0.2.256", "192.0.2.1 ",
		"192.0.2.1:21", "0300.0.2.1", "3221225985", "[::1]", ":::",
		"1:2:3:4:5:6:7:8:9", "fe80::1%", "fe80::1%eth0", "fe80::1%-1",
		"fe80::1%4294967296", "192.0.2.1%1", "%1", "::g", "::1\n",
		("111111111111111111111111111111111111111111111111111111111111"
		"11111111111111111111111111111111111111111111111111111::"),
	};
	struct address a;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		memset(&a, 0xff, sizeof(a));
		CU_ASSERT_EQUAL(address_parse(&a, wrong[i]), -EINVAL);
		CU_ASSERT_FALSE(address_is_set(&a));
	}
}

static void
test_port(void)
{
	struct address v4 = make("192.0.2.1"), v6 = make("2001:db8::1");

	CU_ASSERT_EQUAL(address_port(&v4), 0);
	address_set_port(&v4, 65535);
	address_set_port(&v6, 21);
	CU_ASSERT_EQUAL(address_port(&v4), 65535);
	CU_ASSERT_EQUAL(address_port(&v6), 21);
	CU_ASSERT_EQUAL(v6.v6.sin6_port, htons(21));
	CU_ASSERT_EQUAL(address_size(&v4), sizeof(struct sockaddr_in));
	CU_ASSERT_EQUAL(address_size(&v6), sizeof(struct sockaddr_in6));
}

static void
test_normalise(void)
{
	struct address mapped = make("::ffff:192.0.2.7");
	struct address plain = make("2001:db8::1");
	char text[ADDRESS_TEXT_SIZE];

	address_set_port(&mapped, 2121);
	address_normalise(&mapped);
	CU_ASSERT_EQUAL(address_family(&mapped), AF_INET);
	CU_ASSERT_EQUAL(address_port(&mapped), 2121);
	CU_ASSERT_STRING_EQUAL(address_text(&mapped, text), "192.0.2.7");
	address_normalise(&plain);
	CU_ASSERT_EQUAL(address_family(&plain), AF_INET6);
}

static void
test_from_socket(void)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNIX };
	struct address mapped = make("::ffff:192.0.2.7");
	struct address a;

	CU_ASSERT_EQUAL(address_from_socket(&a, &ss), -EAFNOSUPPORT);
	CU_ASSERT_FALSE(address_is_set(&a));
	memcpy(&ss, &mapped.v6, sizeof(mapped.v6));
	CU_ASSERT_EQUAL(address_from_socket(&a, &ss), 0);
	CU_ASSERT_EQUAL(address_family(&a), AF_INET);
	struct address v4 = make("192.0.2.7");
	memcpy(&ss, &v4.v4, sizeof(v4.v4));
	CU_ASSERT_EQUAL(address_from_socket(&a, &ss), 0);
	CU_ASSERT_TRUE(address_same_host(&a, &v4));
	struct address v6 = make("fe80::1%3");
	memcpy(&ss, &v6.v6, sizeof(v6.v6));
	CU_ASSERT_EQUAL(address_from_socket(&a, &ss), 0);
	CU_ASSERT_TRUE(address_same_host(&a, &v6));
}

static bool
same(const char *a, const char *b)
{
	struct address x = make(a), y = make(b);

	address_set_port(&x, 1);
	address_set_port(&y, 2);
	return address_same_host(&x, &y);
}

static void
test_same_host(void)
{
	CU_ASSERT_TRUE(same("192.0.2.1", "192.0.2.1"));
	CU_ASSERT_FALSE(same("192.0.2.1", "192.0.2.2"));
	CU_ASSERT_TRUE(same("2001:db8::1", "2001:db8:0::1"));
	CU_ASSERT_FALSE(same("2001:db8::1", "2001:db8::2"));
	CU_ASSERT_FALSE(same("0.0.0.0", "::"));
	CU_ASSERT_TRUE(same("fe80::1%2", "fe80::1%2"));
	CU_ASSERT_TRUE(same("fe80::1%2", "fe80::1"));
	CU_ASSERT_FALSE(same("fe80::1%2", "fe80::1%3"));
}

static bool
same_prefix(const char *a, const char *b)
{
	struct address x = make(a), y = make(b);
	struct address_prefix p = address_prefix(&x), q = address_prefix(&y);

	return address_prefix_same(&p, &q);
}

static void
test_prefix(void)
{
	CU_ASSERT_TRUE(same_prefix("192.0.2.1", "192.0.2.1"));
	CU_ASSERT_FALSE(same_prefix("192.0.2.1", "192.0.2.2"));
	CU_ASSERT_TRUE(same_prefix("2001:db8::1", "2001:db8::ffff:0:0:2"));
	CU_ASSERT_FALSE(same_prefix("2001:db8::1", "2001:db8:0:1::1"));
	CU_ASSERT_FALSE(same_prefix("192.0.2.1", "::1"));
	CU_ASSERT_FALSE(same_prefix("0.0.0.0", "::"));
}

static int
in(const char *a, const char *network)
{
	struct address x = make(a);

	return address_in_network(&x, network);
}

static void
test_in_network(void)
{
	CU_ASSERT_EQUAL(in("192.0.2.1", "192.0.2.1"), 1);
	CU_ASSERT_EQUAL(in("192.0.2.1", "192.0.2.2"), 0);
	CU_ASSERT_EQUAL(in("192.0.2.1", "192.0.2.1/32"), 1);
	CU_ASSERT_EQUAL(in("192.0.2.129", "192.0.2.128/25"), 1);
	CU_ASSERT_EQUAL(in("192.0.2.127", "192.0.2.128/25"), 0);
	CU_ASSERT_EQUAL(in("203.0.113.9", "0.0.0.0/0"), 1);
	CU_ASSERT_EQUAL(in("::1", "0.0.0.0/0"), 0);
	CU_ASSERT_EQUAL(in("192.0.2.1", "::/0"), 0);
	CU_ASSERT_EQUAL(in("2001:db8::1", "2001:db8::/33"), 1);
	CU_ASSERT_EQUAL(in("2001:db8:8000::1", "2001:db8::/33"), 0);
	CU_ASSERT_EQUAL(in("2001:db8::1", "2001:db8::/128"), 0);
	CU_ASSERT_EQUAL(in("fe80::1%3", "fe80::/10"), 1);

	struct address empty;
	address_clear(&empty);
	CU_ASSERT_EQUAL(address_in_network(&empty, "::/0"), 0);
	/* IPv4 as other programs write it, on IPv6 sockets. */
	CU_ASSERT_EQUAL(in("192.0.2.1", "::ffff:192.0.2.1"), 1);
	CU_ASSERT_EQUAL(in("192.0.2.2", "::ffff:192.0.2.1"), 0);
	CU_ASSERT_EQUAL(in("192.0.2.9", "::ffff:192.0.2.0/120"), 1);
	CU_ASSERT_EQUAL(in("192.0.3.9", "::ffff:192.0.2.0/120"), 0);
	CU_ASSERT_EQUAL(in("192.0.2.9", "::ffff:0:0/96"), 1);
	CU_ASSERT_EQUAL(in("::1", "::ffff:0:0/96"), 0);
	CU_ASSERT_EQUAL(in("192.0.2.9", "::/0"), 0);
	CU_ASSERT_EQUAL(in("192.0.2.9", "::ffff:192.0.2.1/120"),
		-EINVAL);
}

static int
in_list(const char *a, const char *networks)
{
	struct address x = make(a);

	return address_in_networks(&x, networks);
}

static void
test_in_networks(void)
{
	CU_ASSERT_EQUAL(in_list("192.0.2.1", ""), 0);
	CU_ASSERT_EQUAL(in_list("192.0.2.1", " , "), 0);
	CU_ASSERT_EQUAL(in_list("192.0.2.1", "10.0.0.0/8 192.0.2.1"), 1);
	CU_ASSERT_EQUAL(in_list("192.0.2.1", "::/0,192.0.2.0/24"), 1);
	CU_ASSERT_EQUAL(in_list("192.0.2.1", "10.0.0.0/8 ::/0"), 0);
	CU_ASSERT_EQUAL(in_list("192.0.2.1", "10.0.0.0/8 host"), -EINVAL);
	CU_ASSERT_EQUAL(in_list("192.0.2.1", "host 192.0.2.1"), -EINVAL);
	/* longer than any network */
	CU_ASSERT_EQUAL(in_list("192.0.2.1", "0000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000"),
		-EINVAL);
}

static void
test_no_network(void)
{
	static const char *const wrong[] = {
		"", "/", "/8", "192.0.2.1/", "192.0.2.0/33", "192.0.2.1/24",
		"192.0.2.0/-1", "192.0.2.0/8x", "192.0.2.0/24/24", "host",
		"192.0.2.0/99999999999999999999", "2001:db8::1/64",
		"2001:db8::/129", "fe80::1%2", "fe80::%2/10",
		("1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:"
		 "dddd/8"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		CU_ASSERT_EQUAL(in("192.0.2.1", wrong[i]), -EINVAL);
}

CU_TestInfo unit_tests[] = {
	{ "the empty address", test_empty },
	{ "numeric addresses are read and written", test_parse },
	{ "anything else is refused", test_parse_refused },
	{ "ports", test_port },
	{ "mapped IPv4 becomes IPv4", test_normalise },
	{ "what a socket says", test_from_socket },
	{ "hosts are compared without ports", test_same_host },
	{ "one client is an IPv4 address or an IPv6 /64", test_prefix },
	{ "networks contain addresses", test_in_network },
	{ "lists of networks contain addresses", test_in_networks },
	{ "invalid networks", test_no_network },
	CU_TEST_INFO_NULL,
};
