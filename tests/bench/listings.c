/*
 * listings.c - the server's processor time per entry of a large listing.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/buffer.h"

#define PIECE ((size_t)256 << 10)

/* Fetch one listing; it must have this many lines or, with "." and "..", two
 * more. */
static void
fetch(struct client *c, const char *command, int64_t entries)
{
	static char piece[PIECE];
	int64_t lines = 0;
	ssize_t n;

	client_transfer(c, "%s", command);
	while ((n = client_data_read(c, piece, PIECE)) > 0)
		for (const char *at = piece; (at = memchr(at, '\n',
			(size_t)(piece + n - at))) != NULL; at++)
			lines++;
	client_data_end(c);
	if (lines < entries || lines > entries + 2)
		client_fail("the listing is not whole");
}

void
measure_listings(const struct target *t, const char *verb, const char *path,
	int64_t entries, int64_t ms)
{
	BUFFER(command, 256);
	struct client c;
	int64_t count = 0;

	buffer_addf(&command, "%s %s", verb, path);
	client_login(&c, t);
	client_protect(&c);
	client_command(&c, 200, "TYPE I");
	fetch(&c, buffer_text(&command), entries);
	int64_t cpu = serve_cpu(t->pid), began = client_ns(), ns;
	do {
		fetch(&c, buffer_text(&command), entries);
		count += entries;
		ns = client_ns() - began;
	} while (ns < ms * 1000000);
	cpu = serve_cpu(t->pid) - cpu;
	printf("%" PRId64 " %" PRId64 "\n", ns / count, cpu / count);
	client_quit(&c);
}
