/*
 * visits.c - many concurrent clients with failing logins.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/visits.h"

#include "tests/functional/ftp.h"
#include "tests/functional/network.h"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#define MOST 256	/* at a time */
#define PATIENCE_MS 20000

struct visit {
	int fd;
	const struct visitor *who;
	int answers;		/* received: greeting, USER, PASS */
	double sent;		/* when the last command went out, in ms */
	double user_ms;
};

struct visits {
	const struct visitor *const *order;	/* whose turn it is, for all */
	struct sample *user, *pass;
	struct visit under_way[MOST];
	size_t count;		/* of under_way[] */
	size_t begun, done;
	bool failed;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1000000;
}

/* All turns in random order.  Rounds of one turn each would not do: who comes
 * after whom makes a difference to how busy the machine is. */
static const struct visitor **
shuffled(const struct visitor *visitors, size_t n, size_t total)
{
	const struct visitor **order = calloc(total, sizeof(*order));
	uint32_t seed = (uint32_t)now_ms();

	if (order == NULL)
		abort();
	for (size_t i = 0; i < total; i++) {
		seed = seed * 1664525u + 1013904223u;
		size_t other = (seed >> 8) % (i + 1);
		order[i] = order[other];
		order[other] = &visitors[i % n];
	}
	return order;
}

/* No two from one address: it would be refused after some failures. */
static void
begin(struct visits *v)
{
	struct visit *new = &v->under_way[v->count++];
	char from[32];

	snprintf(from, sizeof(from), "127.1.%zu.%zu", v->begun / 200,
		v->begun % 200 + 1);
	*new = (struct visit){
		.fd = network_connect(FTP_HOST, 21, from),
		.who = v->order[v->begun],
	};
	v->begun++;
}

static void
say(struct visit *visit, const char *verb, const char *argument)
{
	char line[128];
	int len = snprintf(line, sizeof(line), "%s %s\r\n", verb, argument);

	visit->sent = now_ms();
	(void)!send(visit->fd, line, (size_t)len, MSG_NOSIGNAL);
}

/* Handle the reply and send the next command; true after the last one. */
static bool
go_on(struct visits *v, struct visit *visit)
{
	static const char *const codes[] = { "220 ", "331 ", "530 " };
	char text[512];
	ssize_t len = recv(visit->fd, text, sizeof(text) - 1, 0);
	double took = now_ms() - visit->sent;

	text[len > 0 ? len : 0] = '\0';
	if (strncmp(text, codes[visit->answers], 4) != 0) {
		printf("%s was answered: %s\n", visit->who->name, text);
		v->failed = true;
		return true;
	}
	switch (visit->answers++) {
	case 0:
		say(visit, "USER", visit->who->name);
		return false;
	case 1:
		visit->user_ms = took;
		say(visit, "PASS", visit->who->password);
		return false;
	}
	v->user[v->done] = (struct sample){ visit->user_ms, visit->who->kind };
	v->pass[v->done++] = (struct sample){ took, visit->who->kind };
	return true;
}

/* Handle replies until then, or until a timeout. */
static void
serve_until(struct visits *v, double until)
{
	struct pollfd p[MOST];
	double left = until - now_ms();

	for (size_t i = 0; i < v->count; i++)
		p[i] = (struct pollfd){ v->under_way[i].fd, POLLIN, 0 };
	struct timespec t = { .tv_nsec = left > 0 ? (long)(left * 1e6) : 0 };
	t.tv_sec = t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	int ready = ppoll(p, v->count, &t, NULL);
	for (size_t i = v->count; ready > 0 && i-- > 0;) {
		if (p[i].revents == 0 || !go_on(v, &v->under_way[i]))
			continue;
		close(v->under_way[i].fd);
		v->under_way[i] = v->under_way[--v->count];
	}
}

size_t
visits_run(const struct visitor *visitors, size_t n, size_t total, int rate,
	struct sample *user, struct sample *pass)
{
	const struct visitor **order = shuffled(visitors, n, total);
	struct visits v = { .order = order, .user = user, .pass = pass };
	double next = now_ms(), deadline;

	while (v.begun < total && !v.failed) {
		if (now_ms() >= next && v.count < MOST) {
			begin(&v);
			next += 1000.0 / rate;
		}
		serve_until(&v, next);
	}
	deadline = now_ms() + PATIENCE_MS;
	while (v.count > 0 && !v.failed && now_ms() < deadline)
		serve_until(&v, deadline);
	for (size_t i = 0; i < v.count; i++)
		close(v.under_way[i].fd);
	free(order);
	return v.done;
}
