/*
 * logins.c - how soon a client is greeted, and how soon it is in.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"

#define PAUSE_MS 10	/* for the server to make its next worker ready */

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
	double samples[51];

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct client c;
		int64_t began = client_ns();
		arrive(&c, t);
		samples[i] = (double)(client_ns() - began);
		client_quit(&c);
		clock_sleep_until(clock_ms() + PAUSE_MS);
	}
	printf("%.0f\n", samples_median(samples, ARRAY_SIZE(samples)) / 1000);
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
