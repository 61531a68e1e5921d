/*
 * test_send.c - downloads and listings, as received by the client.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "common/io.h"
#include "worker/data/send.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

const char *const unit_name = "send";

#define SIZE ((int64_t)3 * 1024 * 1024 + 17)

static void
check_end(const struct wire *w, enum transfer_end end, int64_t bytes)
{
	CU_ASSERT_EQUAL(w->result.end, end);
	CU_ASSERT_EQUAL(w->result.bytes, bytes);
}

static bool
wants_all(struct wire *w)
{
	return wire_drain(w->peer, 0) == SIZE;
}

static void
test_whole_file(void)
{
	struct wire w;

	wire_open(&w);
	wire_fill_file(&w, SIZE);
	wire_start(&w, wants_all);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_COMPLETE, SIZE);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
wants_the_rest(struct wire *w)
{
	return wire_drain(w->peer, 1000) == SIZE - 1000;
}

static void
test_from_an_offset(void)
{
	struct wire w;

	wire_open(&w);
	wire_fill_file(&w, SIZE);
	wire_start(&w, wants_the_rest);
	wire_download(&w, 1000, 5);
	check_end(&w, TRANSFER_COMPLETE, SIZE - 1000);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
wants_nothing(struct wire *w)
{
	return wire_drain(w->peer, 0) == 0;
}

static void
test_nothing_to_send(void)
{
	static const int64_t offsets[] = { 0, 100, (int64_t)1 << 40 };
	struct wire w;

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		wire_open(&w);
		wire_start(&w, wants_nothing);
		wire_download(&w, offsets[i], 5);
		check_end(&w, TRANSFER_COMPLETE, 0);
		CU_ASSERT_TRUE(wire_close(&w));
	}
}

/* No file is that long, and no arithmetic runs over. */
static void
test_offsets_at_the_border(void)
{
	static const int64_t offsets[] = { INT64_MAX, INT64_MAX - 1, -1 };
	struct wire w;

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		wire_open(&w);
		wire_download(&w, offsets[i], 5);
		CU_ASSERT_TRUE(w.result.end == TRANSFER_COMPLETE ||
			(w.result.end == TRANSFER_LOCAL_ERROR &&
			(w.result.error == EINVAL ||
			w.result.error == EOVERFLOW)));
		CU_ASSERT_EQUAL(w.result.bytes, 0);
		(void)wire_close(&w);
	}
}

static bool
wants_a_mebibyte_of_zeros(struct wire *w)
{
	char zeros[4096] = { 0 }, piece[4096];
	int64_t got = 0;
	ssize_t n;

	while ((n = read(w->peer, piece, sizeof(piece))) > 0) {
		if (memcmp(piece, zeros, (size_t)n) != 0)
			return false;
		got += n;
	}
	return n == 0 && got == 1 << 20;
}

static void
test_beyond_4_gib(void)
{
	const int64_t size = (int64_t)5 << 30;
	struct wire w;

	wire_open(&w);
	CU_ASSERT_EQUAL_FATAL(ftruncate(w.file, size), 0);
	wire_start(&w, wants_a_mebibyte_of_zeros);
	wire_download(&w, size - (1 << 20), 5);
	check_end(&w, TRANSFER_COMPLETE, 1 << 20);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
sees_a_reset(struct wire *w)
{
	return wire_drain(w->peer, 0) == -ECONNRESET - 1;
}

/* Neither can be read, and sendfile() refuses the directory in its own way;
 * the client must not take that for an empty file. */
static void
test_file_that_cannot_be_read(void)
{
	struct wire w;

	wire_open(&w);
	close(w.file);
	w.file = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	wire_start(&w, sees_a_reset);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_LOCAL_ERROR, 0);
	CU_ASSERT_EQUAL(w.result.error, EISDIR);
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	close(w.file);
	w.file = open("/dev/null", O_WRONLY | O_CLOEXEC);
	wire_start(&w, sees_a_reset);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_LOCAL_ERROR, 0);
	CU_ASSERT_EQUAL(w.result.error, EBADF);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* --- ASCII */

#define LINES_SIZE (200 * 1000)

/* Text whose line ends fall everywhere, on every border of every buffer: LF,
 * CR LF, and CR alone. */
static size_t
make_lines(char *text)
{
	size_t len = 0;

	for (size_t i = 0; len < LINES_SIZE - 8; i++) {
		text[len++] = (char)('a' + i % 26);
		if (i % 5 == 0)
			text[len++] = '\r';
		if (i % 3 == 0)
			text[len++] = '\n';
		if (i % 7 == 0)
			text[len++] = '\n';
	}
	return len;
}

/* What RFC 959 wants of it, one byte after the other. */
static size_t
network_lines(const char *text, size_t len, char *network)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
			network[n++] = '\r';
		network[n++] = text[i];
	}
	return n;
}

static bool
wants_network_lines(struct wire *w)
{
	static char text[LINES_SIZE], wanted[2 * LINES_SIZE];
	static char got[2 * LINES_SIZE];
	size_t len = network_lines(text, make_lines(text), wanted);
	size_t n = 0;
	ssize_t r;

	while ((r = read(w->peer, got + n, sizeof(got) - n)) > 0)
		n += (size_t)r;
	return r == 0 && n == len && memcmp(got, wanted, len) == 0;
}

static void
test_ascii(void)
{
	static char text[LINES_SIZE];
	size_t len = make_lines(text);
	struct wire w;

	for (int narrow = 0; narrow < 2; narrow++) {
		wire_open(&w);
		if (narrow)
			wire_narrow(&w);
		CU_ASSERT_EQUAL_FATAL(write(w.file, text, len), (ssize_t)len);
		wire_start(&w, wants_network_lines);
		const struct send what = {
			.file = w.file, .size = (int64_t)len, .ascii = true,
			.stall = 5,
		};
		send_file(&w.watch, wire_stream(&w), &what, &w.result);
		check_end(&w, TRANSFER_COMPLETE, (int64_t)len);
		CU_ASSERT_TRUE(wire_close(&w));
	}
}

/* --- text from a function */

struct text {
	int64_t at, size;
	int error;		/* at the end, instead of the end */
	bool hesitates;		/* every second call brings nothing */
	bool last_was_empty;
};

static int
fill(void *source, char *text, size_t size, size_t *len)
{
	struct text *t = source;

	t->last_was_empty = t->hesitates && !t->last_was_empty;
	if (t->last_was_empty)
		return 1;
	/* Odd pieces, so that they never fit the buffer. */
	for (*len = 0; *len < size && *len < 7777 && t->at < t->size; ++*len)
		text[*len] = wire_byte(t->at++);
	if (t->at < t->size)
		return 1;
	return -t->error;
}

static void
list(struct wire *w, struct text t)
{
	send_text(&w->watch, wire_stream(w), fill, &t, 5, &w->result);
}

static void
test_text(void)
{
	struct wire w;

	for (int hesitates = 0; hesitates < 2; hesitates++) {
		wire_open(&w);
		wire_start(&w, wants_all);
		list(&w, (struct text){ .size = SIZE,
			.hesitates = hesitates != 0 });
		check_end(&w, TRANSFER_COMPLETE, SIZE);
		CU_ASSERT_TRUE(wire_close(&w));
	}

	wire_open(&w);
	wire_start(&w, wants_nothing);
	list(&w, (struct text){ .size = 0 });
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_TRUE(wire_close(&w));
}

static void
test_text_that_breaks_off(void)
{
	struct wire w;

	wire_open(&w);
	wire_start(&w, sees_a_reset);
	list(&w, (struct text){ .size = SIZE, .error = EIO });
	CU_ASSERT_EQUAL(w.result.end, TRANSFER_LOCAL_ERROR);
	CU_ASSERT_EQUAL(w.result.error, EIO);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* A session that has moved a file keeps none of the memory. */
static void
test_memory_is_given_back(void)
{
	struct wire w;
	void *before = mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE |
		MAP_ANONYMOUS, -1, 0);

	munmap(before, 1 << 20);
	wire_open(&w);
	wire_start(&w, wants_all);
	list(&w, (struct text){ .size = SIZE });
	CU_ASSERT_TRUE(wire_close(&w));
	void *after = mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE |
		MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_PTR_EQUAL(after, before);
	munmap(after, 1 << 20);
}

CU_TestInfo unit_tests[] = {
	{ "a file arrives byte for byte", test_whole_file },
	{ "a file arrives from an offset on", test_from_an_offset },
	{ "an empty file, or an offset beyond its end", test_nothing_to_send },
	{ "offsets at the border of 64 bits", test_offsets_at_the_border },
	{ "a file beyond 4 GiB", test_beyond_4_gib },
	{ "a file that cannot be read", test_file_that_cannot_be_read },
	{ "ASCII lines across every border", test_ascii },
	{ "a listing arrives byte for byte", test_text },
	{ "an aborted listing is an error", test_text_that_breaks_off },
	{ "the buffers are given back", test_memory_is_given_back },
	CU_TEST_INFO_NULL,
};
