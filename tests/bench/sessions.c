/*
 * sessions.c - the memory of idle sessions, and the cost of one more login
 * while they exist.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"

#define SETTLE_MS 1500	/* a server may free memory after a second */
#define FIRST_MS  300	/* one session more or less is not seen */
#define SAMPLES 101
#define PAUSE_MS 10

static void
hold(struct client *clients, size_t from, size_t to, const struct target *t,
	int64_t settle_ms)
{
	for (size_t i = from; i < to; i++)
		client_login(&clients[i], t);
	clock_sleep_until(clock_ms() + settle_ms);
}

static struct client *
new_clients(size_t count)
{
	struct client *clients = calloc(count, sizeof(*clients));

	if (clients == NULL)
		client_fail("out of memory");
	return clients;
}

static void
end_clients(struct client *clients, size_t count)
{
	for (size_t i = 0; i < count; i++)
		client_close(&clients[i]);
	free(clients);
}

/* The cost of one more session: what COUNT of them add. */
void
measure_idle(const struct target *t, int64_t count)
{
	struct client *clients = new_clients((size_t)count + 1);

	/* The first session may map what all others share. */
	hold(clients, 0, 1, t, FIRST_MS);
	int64_t before = serve_pss(t->pid);
	hold(clients, 1, (size_t)count + 1, t, SETTLE_MS);
	printf("%.1f\n", (double)(serve_pss(t->pid) - before) / (double)count);
	end_clients(clients, (size_t)count + 1);
}

/* One more session beside those, now and again: us from connect to 230, us of
 * the first command, us of processor time for the session. */
void
measure_held(const struct target *t, int64_t count)
{
	struct client *clients = new_clients((size_t)count);
	double enter[SAMPLES], command[SAMPLES];

	hold(clients, 0, (size_t)count, t, SETTLE_MS);
	int64_t cpu = serve_cpu(t->pid);
	for (size_t i = 0; i < SAMPLES; i++) {
		struct client c;
		int64_t began = client_ns();
		client_login(&c, t);
		int64_t entered = client_ns();
		enter[i] = (double)(entered - began);
		client_command(&c, 257, "PWD");
		command[i] = (double)(client_ns() - entered);
		client_quit(&c);
		clock_sleep_until(clock_ms() + PAUSE_MS);
	}
	clock_sleep_until(clock_ms() + SETTLE_MS);
	cpu = serve_cpu(t->pid) - cpu;
	printf("%.0f %.0f %.0f\n", samples_median(enter, SAMPLES) / 1000,
		samples_median(command, SAMPLES) / 1000,
		(double)cpu / 1000 / SAMPLES);
	end_clients(clients, (size_t)count);
}
