/*
 * transfers.c - large files, small files, a large directory.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"

#define PIECE ((size_t)256 << 10)

static char piece[PIECE];	/* what is sent, and where it is received */

static void
begin(struct client *c, const struct target *t)
{
	client_login(c, t);
	client_protect(c);
	client_command(c, 200, "TYPE I");
}

static int64_t
receive_all(struct client *c)
{
	int64_t bytes = 0;
	ssize_t n;

	while ((n = client_data_read(c, piece, PIECE)) > 0)
		bytes += n;
	client_data_end(c);
	return bytes;
}

static void
print_rate(int64_t bytes, int64_t ns)
{
	printf("%.0f\n", (double)bytes * 1000 / (double)ns);
}

void
measure_get(const struct target *t, const char *path)
{
	struct client c;

	begin(&c, t);
	int64_t began = client_ns();
	client_transfer(&c, "RETR %s", path);
	int64_t bytes = receive_all(&c);
	print_rate(bytes, client_ns() - began);
	client_quit(&c);
}

void
measure_put(const struct target *t, const char *path, int64_t mib)
{
	struct client c;
	int64_t bytes = 0;

	begin(&c, t);
	int64_t began = client_ns();
	client_transfer(&c, "STOR %s", path);
	for (; bytes < mib << 20; bytes += (int64_t)PIECE)
		client_data_write(&c, piece, PIECE);
	client_data_end(&c);
	print_rate(bytes, client_ns() - began);
	client_command(&c, 250, "DELE %s", path);
	client_quit(&c);
}

void
measure_files(const struct target *t, const char *path, int64_t ms)
{
	struct client c;
	int64_t count = 0;

	begin(&c, t);
	int64_t began = clock_ms();
	while (!clock_passed(began + ms)) {
		client_transfer(&c, "RETR %s", path);
		if (receive_all(&c) == 0)
			client_fail("an empty file");
		count++;
	}
	printf("%" PRId64 "\n", count * 1000 / (clock_ms() - began));
	client_quit(&c);
}

void
measure_list(const struct target *t, const char *path)
{
	struct client c;

	begin(&c, t);
	int64_t began = client_ns();
	client_transfer(&c, "LIST %s", path);
	/* An entry's line has more than 50 bytes. */
	if (receive_all(&c) < (int64_t)10000 * 50)
		client_fail("the listing is not whole");
	printf("%" PRId64 "\n", (client_ns() - began) / 1000);
	client_quit(&c);
}
