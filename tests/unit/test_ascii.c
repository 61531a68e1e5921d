/*
 * test_ascii.c - line ends, at all buffer boundaries.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/data/ascii.h"

const char *const unit_name = "ascii";

#define MAX 64

/* Send text[len] in pieces of at most `in_piece` bytes into buffers of
 * `out_piece`; returns what came out, terminated. */
static size_t
send_text(const char *text, size_t len, size_t in_piece, size_t out_piece,
	char *out)
{
	struct ascii a = { false };
	size_t used = 0, made = 0;

	while (used < len) {
		size_t n = len - used < in_piece ? len - used : in_piece;
		/* Exact storage, so that a sanitizer sees a byte too many. */
		char *piece = malloc(out_piece);
		size_t produced = ascii_to_network(&a, text + used, &n, piece,
			out_piece);
		CU_ASSERT_TRUE_FATAL(n > 0 && produced > 0);
		CU_ASSERT_TRUE_FATAL(produced <= out_piece);
		memcpy(out + made, piece, produced);
		free(piece);
		used += n;
		made += produced;
	}
	out[made] = '\0';
	return made;
}

static size_t
receive_text(const char *text, size_t len, size_t in_piece, char *out)
{
	struct ascii a = { false };
	size_t made = 0;

	for (size_t used = 0; used < len;) {
		size_t n = len - used < in_piece ? len - used : in_piece;
		char *piece = malloc(n + 1);
		size_t produced = ascii_from_network(&a, text + used, n, piece);
		CU_ASSERT_TRUE_FATAL(produced <= n + 1);
		memcpy(out + made, piece, produced);
		free(piece);
		used += n;
		made += produced;
	}
	made += ascii_from_network_end(&a, out + made);
	out[made] = '\0';
	return made;
}

static void
check_send(const char *text, const char *expected)
{
	char out[2 * MAX + 1];

	for (size_t in = 1; in <= strlen(text) + 1; in++)
		for (size_t out_piece = 2; out_piece < 12; out_piece++) {
			send_text(text, strlen(text), in, out_piece, out);
			CU_ASSERT_STRING_EQUAL(out, expected);
		}
}

static void
check_receive(const char *text, const char *expected)
{
	char out[2 * MAX + 1];

	for (size_t in = 1; in <= strlen(text) + 1; in++) {
		receive_text(text, strlen(text), in, out);
		CU_ASSERT_STRING_EQUAL(out, expected);
	}
}

static void
test_send(void)
{
	check_send("", "");
	check_send("plain", "plain");
	check_send("\n", "\r\n");
	check_send("a\nb\n", "a\r\nb\r\n");
	check_send("\n\n\n", "\r\n\r\n\r\n");
	check_send("no end\nlast", "no end\r\nlast");
}

static void
test_send_keeps_what_is_there(void)
{
	check_send("a\r\nb\r\n", "a\r\nb\r\n");
	check_send("a\rb", "a\rb");
	check_send("a\r", "a\r");
	check_send("\r\r\n", "\r\r\n");
	check_send("\r\n\n", "\r\n\r\n");
	check_send("\n\r", "\r\n\r");
}

static void
test_receive(void)
{
	check_receive("", "");
	check_receive("plain", "plain");
	check_receive("\r\n", "\n");
	check_receive("a\r\nb\r\n", "a\nb\n");
	check_receive("a\nb", "a\nb");
	check_receive("\r\n\r\n\r\n", "\n\n\n");
}

static void
test_receive_keeps_lone_cr(void)
{
	check_receive("\r", "\r");
	check_receive("\r\r", "\r\r");
	check_receive("a\rb", "a\rb");
	check_receive("\r\r\n", "\r\n");
	check_receive("\n\r", "\n\r");
	check_receive("a\r\n\r", "a\n\r");
}

static void
test_end_comes_once(void)
{
	struct ascii a = { false };
	char out[2];

	CU_ASSERT_EQUAL(ascii_from_network_end(&a, out), 0);
	CU_ASSERT_EQUAL(ascii_from_network(&a, "\r", 1, out), 0);
	CU_ASSERT_EQUAL(ascii_from_network_end(&a, out), 1);
	CU_ASSERT_EQUAL(out[0], '\r');
	CU_ASSERT_EQUAL(ascii_from_network_end(&a, out), 0);
}

static void
test_line_end_waits_for_room(void)
{
	struct ascii a = { false };
	char out[3];
	size_t n = 4;

	CU_ASSERT_EQUAL(ascii_to_network(&a, "ab\nc", &n, out, 3), 2);
	CU_ASSERT_EQUAL(n, 2);
	n = 2;
	CU_ASSERT_EQUAL(ascii_to_network(&a, "\nc", &n, out, 3), 3);
	CU_ASSERT_EQUAL(n, 2);
	CU_ASSERT_EQUAL(memcmp(out, "\r\nc", 3), 0);
}

/* Every text of six letters out of four: whole and in pieces it must come out
 * the same, and what was sent must be received as it was, but for CR LF of
 * the file, which the network cannot tell from LF. */
static void
test_every_short_text(void)
{
	static const char letters[] = { 'x', '\r', '\n', '\0' };
	char text[6], sent[16], pieces[16], back[16], expected[16];

	for (unsigned n = 0; n < 4096; n++) {
		size_t want = 0;
		for (size_t i = 0; i < 6; i++)
			text[i] = letters[(n >> (2 * i)) & 3];
		for (size_t i = 0; i < 6; i++)
			if (i == 5 || text[i] != '\r' || text[i + 1] != '\n')
				expected[want++] = text[i];

		size_t len = send_text(text, 6, 6, 16, sent);
		for (size_t in = 1; in < 6; in++) {
			CU_ASSERT_EQUAL(send_text(text, 6, in, in + 1, pieces),
				len);
			CU_ASSERT_EQUAL(memcmp(sent, pieces, len), 0);
		}
		for (size_t in = 1; in <= len; in++) {
			CU_ASSERT_EQUAL(receive_text(sent, len, in, back),
				want);
			CU_ASSERT_EQUAL(memcmp(back, expected, want), 0);
		}
	}
}

CU_TestInfo unit_tests[] = {
	{ "sending: LF becomes CR LF", test_send },
	{ "sending: CR LF and CR stay", test_send_keeps_what_is_there },
	{ "receiving: CR LF becomes LF", test_receive },
	{ "receiving: a lone CR stays", test_receive_keeps_lone_cr },
	{ "receiving: a CR at the end is stored once", test_end_comes_once },
	{ "sending: CR LF is not split", test_line_end_waits_for_room },
	{ "results do not depend on buffer boundaries", test_every_short_text },
	CU_TEST_INFO_NULL,
};
