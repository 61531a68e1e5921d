/*
 * logins.c - the times from connect to the greeting, and to the end of the
 * login.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"

#define PAUSE_MS 10	/* for the server to start its next worker */
#define SAMPLES 51
#define FEW	5	/* of a server that takes longer than MOST_MS for all */
#define MOST_MS 500

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double
samples_median(double *samples, size_t n)
{
	qsort(samples, n, sizeof(*samples), compare);
	return samples[n / 2];
}

static void
measure_from_connect(const struct target *t,
	void (*arrive)(struct client *c, const struct target *t))
{
	double samples[SAMPLES];
	int64_t until = clock_ms() + MOST_MS;
	size_t n = 0;

	for (; n < SAMPLES && (n < FEW || clock_ms() < until); n++) {
		struct client c;
		int64_t began = client_ns();
		arrive(&c, t);
		samples[n] = (double)(client_ns() - began);
		client_quit(&c);
		clock_sleep_until(clock_ms() + PAUSE_MS);
	}
	printf("%.0f\n", samples_median(samples, n) / 1000);
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
