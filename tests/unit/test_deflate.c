/*
 * test_deflate.c - MODE Z: where a stream ends, however it arrives.
 */
#include "common/base.h"
#include "worker/data/deflate.h"

#include "tests/unit/unit.h"

const char *const unit_name = "deflate";

#define TEXT "one text, one text, one text"

/* A stream of TEXT with two more bytes; the length of the stream. */
static size_t
make(char *wire, size_t size)
{
	struct deflate *d = deflate_new_writer(DEFLATE_LEVEL_DEFAULT);
	size_t made = 0, len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_EQUAL(deflate_add(d, TEXT, strlen(TEXT)), strlen(TEXT));
	do {
		const char *part = deflate_waiting(d, &len);

		CU_ASSERT_FATAL(made + len + 2 <= size);
		memcpy(wire + made, part, len);
		made += len;
		deflate_sent(d, len);
	} while (deflate_finish(d));
	deflate_free(d);
	memcpy(wire + made, "xz", 2);
	return made;
}

/* What a reader says at last of data[len] that comes in two pieces. */
static ssize_t
read_pieces(const char *data, size_t len, size_t first, bool *may_end)
{
	struct deflate *d = deflate_new_reader();
	const size_t parts[] = { first, len - first };
	char text[256];
	size_t room;
	ssize_t n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	for (size_t i = 0; i < 2 && n >= 0; i++) {
		if (parts[i] == 0)
			continue;
		memcpy(deflate_input(d, &room), data, parts[i]);
		deflate_received(d, parts[i]);
		data += parts[i];
		do
			n = deflate_take(d, text, sizeof(text));
		while (n > 0);
	}
	*may_end = deflate_may_end(d);
	deflate_free(d);
	return n;
}

static void
test_input_after_the_end(void)
{
	char wire[256];
	size_t len = make(wire, sizeof(wire));
	bool may_end;

	for (size_t first = 0; first <= len; first++) {
		CU_ASSERT_EQUAL(read_pieces(wire, len, first, &may_end), 0);
		CU_ASSERT(may_end);
		CU_ASSERT_EQUAL(read_pieces(wire, len + 2, first, &may_end),
			-EILSEQ);
	}
}

static void
test_cut(void)
{
	char wire[256];
	size_t len = make(wire, sizeof(wire));
	bool may_end;

	for (size_t cut = 1; cut < len; cut++) {
		CU_ASSERT_EQUAL(read_pieces(wire, cut, cut / 2, &may_end), 0);
		CU_ASSERT_FALSE(may_end);
	}
}

CU_TestInfo unit_tests[] = {
	{ "input after the end of the stream", test_input_after_the_end },
	{ "a stream without its end", test_cut },
	CU_TEST_INFO_NULL,
};
