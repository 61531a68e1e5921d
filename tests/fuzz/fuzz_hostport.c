/*
 * fuzz_hostport.c - addresses as clients and administrators write them: the
 * arguments of PORT and EPRT, or an address, a line feed and a network.  A
 * parsed address is the same after it was written and parsed again, and after
 * parsing by a second parser.
 */
#include "common/base.h"

#include "common/text.h"
#include "tests/fuzz/fuzz.h"
#include "worker/data/hostport.h"

#include <arpa/inet.h>

#define LONGEST 200
#define MAPPED_BITS 96

const char *
fuzz_prepare(void)
{
	return NULL;
}

static bool
same(const struct address *a, const struct address *b)
{
	return address_same_host(a, b) && address_port(a) == address_port(b);
}

/* --- PORT */

/* Without the blanks and zeros before each number. */
static void
add_plain(struct buffer *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool begins = b->len == 0 || b->data[b->len - 1] == ',';
		bool ends = i + 1 == len || text[i + 1] == ',';
		if (!(begins && (text[i] == ' ' || (text[i] == '0' && !ends))))
			buffer_add_char(b, text[i]);
	}
}

static void
check_port(const char *text, size_t len)
{
	BUFFER(plain, LONGEST + 1);
	BUFFER(written, 64);
	struct address a, again;

	if (hostport_parse_port(text, len, &a) < 0) {
		if (address_is_set(&a))
			fuzz_fail("PORT: an address despite the error");
		return;
	}
	if (address_family(&a) != AF_INET || address_port(&a) == 0)
		fuzz_fail("PORT: no IPv4 address, or no port");
	hostport_add_port(&written, &a);
	add_plain(&plain, text, len);
	if (strcmp(buffer_text(&plain), buffer_text(&written)) != 0)
		fuzz_fail("PORT: %s becomes %s", buffer_text(&plain),
			buffer_text(&written));
	if (hostport_parse_port(written.data, written.len, &again) < 0 ||
		!same(&a, &again))
		fuzz_fail("PORT: it is another after a second reading");
}

/* --- EPRT */

static void
check_eprt(const char *text, size_t len)
{
	char host[ADDRESS_TEXT_SIZE];
	struct address a, again;
	BUFFER(written, 128);

	if (hostport_parse_eprt(text, len, &a) < 0) {
		if (address_is_set(&a))
			fuzz_fail("EPRT: an address despite the error");
		return;
	}
	if (!address_is_set(&a) || address_port(&a) == 0)
		fuzz_fail("EPRT: no address, or no port");
	buffer_addf(&written, "|%d|%s|%u|",
		address_family(&a) == AF_INET ? 1 : 2, address_text(&a, host),
		address_port(&a));
	if (hostport_parse_eprt(written.data, written.len, &again) < 0 ||
		!same(&a, &again))
		fuzz_fail("EPRT: another after %s", buffer_text(&written));
	if (memchr(text, '\0', len) != NULL || memchr(text, '\n', len) != NULL)
		fuzz_fail("EPRT: a NUL or a line feed in an address");
}

/* --- addresses and networks */

static void
check_address(const char *text, struct address *a)
{
	char written[ADDRESS_TEXT_SIZE];
	uint8_t raw[16];
	struct address again;
	bool plain = strchr(text, '%') == NULL;
	bool expected = inet_pton(AF_INET, text, raw) == 1 ||
		inet_pton(AF_INET6, text, raw) == 1;

	bool parsed = address_parse(a, text) == 0;
	if (plain && parsed != expected)
		fuzz_fail("%s: understood: %d", text, parsed);
	if (parsed != address_is_set(a))
		fuzz_fail("%s: an address despite the error, or none", text);
	if (!parsed)
		return;
	if (address_parse(&again, address_text(a, written)) < 0 ||
		!same(a, &again))
		fuzz_fail("%s: another after %s", text, written);
	struct address_prefix one = address_prefix(a);
	struct address_prefix two = address_prefix(&again);
	if (!address_prefix_same(&one, &two))
		fuzz_fail("%s: two clients", text);
}

/* The first `bits` of both are the same; one bit after the other. */
static bool
same_bits(const uint8_t *a, const uint8_t *b, int64_t bits)
{
	for (int64_t i = 0; i < bits; i++)
		if ((a[i / 8] ^ b[i / 8]) & (0x80 >> i % 8))
			return false;
	return true;
}

static const uint8_t *
bytes_of(const struct address *a)
{
	return address_family(a) == AF_INET ?
		(const uint8_t *)&a->v4.sin_addr : a->v6.sin6_addr.s6_addr;
}

/* As address_in_network() has it, read with the C library's functions.  IPv4 in
 * IPv6 is IPv4. */
static int
other_in_network(const struct address *a, const char *network)
{
	static const uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff };
	const char *slash = strchrnul(network, '/');
	uint8_t base[16] = { 0 };
	BUFFER(host, LONGEST + 1);
	int64_t bits;

	buffer_add(&host, network, (size_t)(slash - network));
	bool four = inet_pton(AF_INET, buffer_text(&host), base) == 1;
	if (!four && inet_pton(AF_INET6, buffer_text(&host), base) != 1)
		return -EINVAL;
	int64_t all = four ? 32 : 128;
	bits = all;
	if (*slash != '\0' && (text_number(slash + 1, strlen(slash + 1),
		&bits) < 0 || bits > all))
		return -EINVAL;
	if (!four && bits >= MAPPED_BITS && same_bits(base, mapped,
		MAPPED_BITS)) {
		memmove(base, base + 12, 4);
		bits -= MAPPED_BITS;
		all = 32;
		four = true;
	}
	for (int64_t i = bits; i < all; i++)
		if (base[i / 8] & (0x80 >> i % 8))
			return -EINVAL;
	if (address_family(a) != (four ? AF_INET : AF_INET6))
		return 0;
	return same_bits(base, bytes_of(a), bits);
}

static void
check_network(const struct address *a, const char *network)
{
	int in = address_in_network(a, network);

	if (in != other_in_network(a, network))
		fuzz_fail("%s: %d", network, in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[LONGEST + 1];
	struct address a;

	if (size > LONGEST)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_port(text, size);
	check_eprt(text, size);
	char *network = strchr(text, '\n');
	if (network != NULL)
		*network++ = '\0';
	check_address(text, &a);
	check_network(&a, network != NULL ? network : text);
	return 0;
}
