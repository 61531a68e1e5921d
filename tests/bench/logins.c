/*
 * logins.c - how soon a client is in, and how many can be a second.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"

#include <sys/mman.h>
#include <sys/wait.h>

#define CLIENTS_MAX 64
#define PAUSE_MS 10	/* for the server to make its next worker ready */

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t
samples_median(int64_t *samples, size_t n)
{
	qsort(samples, n, sizeof(*samples), compare);
	return samples[n / 2];
}

static void
measure_from_connect(const struct target *t,
	void (*arrive)(struct client *c, const struct target *t))
{
	int64_t samples[101];

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct client c;
		int64_t began = client_ns();
		arrive(&c, t);
		samples[i] = client_ns() - began;
		client_quit(&c);
		clock_sleep_until(clock_ms() + PAUSE_MS);
	}
	printf("%" PRId64 "\n",
		samples_median(samples, ARRAY_SIZE(samples)) / 1000);
}

void
measure_banner(const struct target *t)
{
	measure_from_connect(t, client_connect);
}

void
measure_enter(const struct target *t)
{
	measure_from_connect(t, client_login);
}

/* Log in and out again until the deadline, at least once. */
static uint64_t
log_in_repeatedly(const struct target *t, int64_t deadline)
{
	uint64_t count = 0;

	do {
		struct client c;
		client_login(&c, t);
		client_quit(&c);
		count++;
	} while (!clock_passed(deadline));
	return count;
}

void
measure_logins(const struct target *t, int64_t clients, int64_t ms)
{
	uint64_t *counts = mmap(NULL, CLIENTS_MAX * sizeof(*counts),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t cpu = serve_cpu(t->pid), began = clock_ms();
	int status, failed = 0;
	int64_t sum = 0;

	if (counts == MAP_FAILED || clients < 1 || clients > CLIENTS_MAX)
		client_fail("too many clients");
	for (int64_t i = 0; i < clients; i++) {
		if (fork() != 0)
			continue;
		counts[i] = log_in_repeatedly(t, began + ms);
		_exit(0);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	if (failed > 0)
		client_fail("a client gave up");
	for (int64_t i = 0; i < clients; i++)
		sum += (int64_t)counts[i];
	int64_t took = clock_ms() - began;
	/* The last sessions' processes end, and are reaped. */
	clock_sleep_until(clock_ms() + 300);
	cpu = serve_cpu(t->pid) - cpu;
	printf("%" PRId64 " %" PRId64 "\n", sum * 1000 / took, cpu / sum);
}
