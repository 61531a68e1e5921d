/*
 * transfers.c - large files.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#define PIECE ((size_t)256 << 10)

static char piece[PIECE];	/* what is sent, and where it is received */

/* Since when, in time and in the server's processor time. */
struct since {
	int64_t ns, cpu;
};

static struct since
begin(struct client *c, const struct target *t)
{
	client_login(c, t);
	client_protect(c);
	client_command(c, 200, "TYPE I");
	return (struct since){ client_ns(), serve_cpu(t->pid) };
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

/* MB/s, and ms of processor time for a GiB. */
static void
print_rate(const struct target *t, int64_t bytes, const struct since *since)
{
	int64_t ns = client_ns() - since->ns;
	int64_t cpu = serve_cpu(t->pid) - since->cpu;

	printf("%.0f %.1f\n", (double)bytes * 1000 / (double)ns,
		(double)cpu / 1e6 / ((double)bytes / (1 << 30)));
}

void
measure_get(const struct target *t, const char *path)
{
	struct client c;
	struct since since = begin(&c, t);

	client_transfer(&c, "RETR %s", path);
	int64_t bytes = receive_all(&c);
	print_rate(t, bytes, &since);
	client_quit(&c);
}

void
measure_put(const struct target *t, const char *path, int64_t mib)
{
	struct client c;
	struct since since = begin(&c, t);
	int64_t bytes = 0;

	client_transfer(&c, "STOR %s", path);
	for (; bytes < mib << 20; bytes += (int64_t)PIECE)
		client_data_write(&c, piece, PIECE);
	client_data_end(&c);
	print_rate(t, bytes, &since);
	client_command(&c, 250, "DELE %s", path);
	client_quit(&c);
}
