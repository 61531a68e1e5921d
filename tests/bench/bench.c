/*
 * bench.c - a client that measures one thing and prints one number.
 *
 *	wait PORT		until something listens there
 *	banner PORT		microseconds from connect to greeting
 *	login PORT CLIENTS MS	logins a second, CLIENTS at a time
 *	idle PORT NAME COUNT	KiB of PSS of an idle session
 *	get PORT PATH		MB/s
 *	put PORT PATH MIB	MB/s
 *
 * With -t before it, under TLS (AUTH TLS, PROT P); the banner's time is then
 * the handshake's, too.  It logs in as anna.  NAME is how the server's
 * processes begin to call themselves.  Exits with 1, after a line on standard
 * error, when the server does not do what was asked.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"
#include "common/text.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define PIECE ((size_t)256 << 10)

static char piece[PIECE];	/* what is sent, and where it is received */
static bool secure;		/* -t; set once */

static void
measure_banner(uint16_t port)
{
	int64_t samples[101];

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct client c;
		int64_t began = client_ns();
		client_connect(&c, port, secure);
		samples[i] = client_ns() - began;
		client_close(&c);
		/* Let the server make its next worker ready. */
		clock_sleep_until(clock_ms() + 10);
	}
	printf("%" PRId64 "\n",
		client_median(samples, ARRAY_SIZE(samples)) / 1000);
}

/* Log in and out again until the deadline. */
static uint64_t
log_in_repeatedly(uint16_t port, int64_t deadline)
{
	uint64_t count = 0;

	while (!clock_passed(deadline)) {
		struct client c;
		client_login(&c, port, secure);
		client_command(&c, 221, "QUIT");
		client_close(&c);
		count++;
	}
	return count;
}

static void
measure_login(uint16_t port, int64_t clients, int64_t ms)
{
	uint64_t *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t began = clock_ms();
	int status, failed = 0;
	uint64_t sum = 0;

	if (counts == MAP_FAILED || clients > 64)
		client_fail("too many clients");
	for (int64_t i = 0; i < clients; i++) {
		if (fork() != 0)
			continue;
		counts[i] = log_in_repeatedly(port, began + ms);
		_exit(0);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	if (failed > 0)
		client_fail("a client gave up");
	for (int64_t i = 0; i < clients; i++)
		sum += counts[i];
	printf("%.0f\n", (double)sum * 1000 / (double)(clock_ms() - began));
}

/* The cost of one more session: what COUNT of them add. */
static void
measure_idle(uint16_t port, const char *process, int64_t count)
{
	struct client clients[64];
	int64_t before, after;

	if (count < 1 || count > (int64_t)ARRAY_SIZE(clients))
		client_fail("too many clients");
	/* The first session may map what all others share. */
	client_login(&clients[0], port, secure);
	clock_sleep_until(clock_ms() + 500);
	before = client_pss(process);
	for (int64_t i = 1; i < count; i++)
		client_login(&clients[i], port, secure);
	clock_sleep_until(clock_ms() + 500);
	after = client_pss(process);
	printf("%" PRId64 "\n", (after - before) / (count - 1));
	for (int64_t i = 0; i < count; i++)
		client_close(&clients[i]);
}

static void
print_rate(int64_t bytes, int64_t ns)
{
	printf("%.0f\n", (double)bytes * 1000 / (double)ns);
}

static void
measure_get(uint16_t port, const char *path)
{
	int64_t began, bytes = 0;
	struct client c;
	ssize_t n;

	client_login(&c, port, secure);
	client_command(&c, 200, "TYPE I");
	began = client_ns();
	client_transfer(&c, "RETR %s", path);
	while ((n = client_data_read(&c, piece, PIECE)) > 0)
		bytes += n;
	client_data_end(&c);
	print_rate(bytes, client_ns() - began);
	client_close(&c);
}

static void
measure_put(uint16_t port, const char *path, int64_t mib)
{
	struct client c;
	int64_t began, bytes = 0;

	client_login(&c, port, secure);
	client_command(&c, 200, "TYPE I");
	began = client_ns();
	client_transfer(&c, "STOR %s", path);
	for (; bytes < mib << 20; bytes += (int64_t)PIECE)
		client_data_write(&c, piece, PIECE);
	client_data_end(&c);
	print_rate(bytes, client_ns() - began);
	client_command(&c, 250, "DELE %s", path);
	client_close(&c);
}

static int64_t
number(const char *text)
{
	int64_t value;

	if (text == NULL || text_number(text, strlen(text), &value) < 0)
		client_fail("a number was expected");
	return value;
}

int
main(int argc, char **argv)
{
	secure = argc > 1 && strcmp(argv[1], "-t") == 0;
	argc -= secure;
	argv += secure;
	const char *what = argc > 2 ? argv[1] : "";
	uint16_t port = (uint16_t)(argc > 2 ? number(argv[2]) : 0);

	alarm(120);
	if (strcmp(what, "wait") == 0)
		client_wait(port);
	else if (strcmp(what, "banner") == 0)
		measure_banner(port);
	else if (strcmp(what, "login") == 0 && argc == 5)
		measure_login(port, number(argv[3]), number(argv[4]));
	else if (strcmp(what, "idle") == 0 && argc == 5)
		measure_idle(port, argv[3], number(argv[4]));
	else if (strcmp(what, "get") == 0 && argc == 4)
		measure_get(port, argv[3]);
	else if (strcmp(what, "put") == 0 && argc == 5)
		measure_put(port, argv[3], number(argv[4]));
	else
		client_fail("usage: bench [-t] "
			"wait|banner|login|idle|get|put PORT ...");
	return 0;
}
