/*
 * find_hosts.c - looks up the host names of RADIUS servers.
 *
 * Runs in: radius, before it takes its role; the lookup in a child; the
 * connector takes what comes later.
 */
#include "common/base.h"
#include "daemon/radius/find_hosts.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/radius/server_name.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>

#define WAIT_MS	 30000	/* for the first round */
#define AGAIN_MS 1000	/* from the first round to the second: the name service
			 * may be just starting; each pause is twice as long */
#define PAUSE_MS 16000	/* the longest, while an address is missing */

/* What the child sends; a pipe does not split it. */
struct found {
	uint32_t target;	/* ROUND: all have been looked up once */
	struct address address;
};

#define ROUND UINT32_MAX

/* A host of logins and of accounting is mentioned once. */
static bool
is_first(const struct radius_target *targets, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(targets[k].host, targets[i].host) == 0)
			return false;
	return true;
}

/* --- the child */

static int output = -1;

/* The kernel does not kill it when radius ends, because that is another user's
 * process; a lookup can take long, so this is a signal handler. */
static void
exit_without_reader(int number UNUSED)
{
	struct pollfd fd = { .fd = output };
	int saved = errno;

	if (poll(&fd, 1, 0) == 1)
		_exit(0);
	errno = saved;
}

static void
watch_reader(bool on)
{
	static const struct itimerval often = { { 0, 500000 }, { 0, 500000 } };
	static const struct itimerval never = { { 0, 0 }, { 0, 0 } };

	if (setitimer(ITIMER_REAL, on ? &often : &never, NULL) < 0)
		_exit(OUTCOME_ERROR);
}

static void
set_address(struct address *a, const struct addrinfo *found)
{
	address_clear(a);
	if (found->ai_family == AF_INET)
		memcpy(&a->v4, found->ai_addr, sizeof(a->v4));
	else if (found->ai_family == AF_INET6)
		memcpy(&a->v6, found->ai_addr, sizeof(a->v6));
}

/* Find an address for the target.  If it has one that is still among those of
 * its host, it keeps that: the answer to a challenge must go where the
 * challenge came from.  False if there is nothing new. */
static bool
look_up(const struct radius_target *target, struct address *a)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_ADDRCONFIG };
	struct addrinfo *found = NULL;

	if (getaddrinfo(target->host, NULL, &hints, &found) != 0 ||
	    found == NULL)
		return false;
	bool is_new = true;
	for (const struct addrinfo *f = found; f != NULL; f = f->ai_next) {
		set_address(a, f);
		if (address_same_host(a, &target->address))
			is_new = false;
	}
	set_address(a, found);
	freeaddrinfo(found);
	return is_new && address_is_set(a);
}

static void
send_address(int out, uint32_t target, const struct address *a)
{
	const struct found f = { target, *a };

	if (write(out, &f, sizeof(f)) != (ssize_t)sizeof(f))
		_exit(0);	/* nobody listens any more */
}

static void
change_address(int out, struct radius_target *targets, size_t i,
	const struct address *a)
{
	struct radius_target *t = &targets[i];
	bool moved = address_is_set(&t->address);
	char text[ADDRESS_TEXT_SIZE];

	t->address = *a;
	send_address(out, (uint32_t)i, a);
	if (moved && is_first(targets, i))
		log_info("RADIUS server %s has a new address: %s", t->host,
			address_text(a, text));
}

/* A name that is not found any more keeps its address.  How many have none. */
static size_t
look_up_names(int out, struct radius_target *targets, size_t count)
{
	size_t missing = 0;

	watch_reader(true);
	for (size_t i = 0; i < count; i++) {
		struct radius_target *t = &targets[i];
		struct address a;

		if (t->named && look_up(t, &a))
			change_address(out, targets, i, &a);
		missing += !address_is_set(&t->address);
	}
	watch_reader(false);
	return missing;
}

static void
pause_for(int out, int64_t ms)
{
	struct pollfd fd = { .fd = out };

	if (poll(&fd, 1, clock_poll(clock_ms() + ms)) > 0)
		_exit(0);	/* nobody listens any more */
}

NORETURN static void
look_up_all(int out, struct radius_target *targets, size_t count,
	int64_t interval)
{
	const int keep[] = { out, log_descriptor() };
	const struct address none = { .any.sa_family = AF_UNSPEC };
	int64_t pause = AGAIN_MS;

	child_begin(keep, ARRAY_SIZE(keep));
	role_enter(ROLE_RESOLVER, NULL);
	output = out;
	signal(SIGALRM, exit_without_reader);
	size_t missing = look_up_names(out, targets, count);
	send_address(out, ROUND, &none);
	for (;;) {
		pause_for(out, missing > 0 ? pause : interval * 1000);
		missing = look_up_names(out, targets, count);
		if (pause < PAUSE_MS)
			pause *= 2;
	}
}

/* --- what it finds */

static bool
receive(int fd, struct radius_target *targets, size_t count, bool *round)
{
	struct found f;

	if (read(fd, &f, sizeof(f)) != (ssize_t)sizeof(f))
		return false;
	*round = f.target == ROUND;
	if (f.target >= count || (address_family(&f.address) != AF_INET &&
	    address_family(&f.address) != AF_INET6))
		return true;
	targets[f.target].address = f.address;
	address_set_port(&targets[f.target].address, targets[f.target].port);
	return true;
}

bool
radius_find_hosts_later(int fd, struct radius_target *targets, size_t count)
{
	bool round;

	return receive(fd, targets, count, &round);
}

static int
start_child(struct radius_target *targets, size_t count, int64_t interval)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid_t pid = child_fork();
	if (pid == 0)
		look_up_all(fds[1], targets, count, interval);
	io_close(&fds[1]);
	if (pid < 0)
		io_close(&fds[0]);
	return fds[0];
}

static void
await_round(int fd, struct radius_target *targets, size_t count)
{
	int64_t deadline = clock_ms() + WAIT_MS;
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	bool round = false;

	while (!round && poll(&readable, 1, clock_poll(deadline)) == 1)
		if (!receive(fd, targets, count, &round))
			return;
}

/* Set the numeric addresses.  Are there names? */
static bool
has_names(struct radius_target *targets, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		struct radius_target *t = &targets[i];

		t->named = address_parse(&t->address, t->host) < 0;
		if (t->named)
			address_clear(&t->address);
		else
			address_set_port(&t->address, t->port);
		any = any || t->named;
	}
	return any;
}

int
radius_find_hosts(struct radius_target *targets, size_t count,
	int64_t interval)
{
	if (!has_names(targets, count))
		return -1;
	int fd = start_child(targets, count, interval);
	if (fd >= 0)
		await_round(fd, targets, count);
	for (size_t i = 0; i < count; i++)
		if (!address_is_set(&targets[i].address) &&
		    is_first(targets, i))
			log_error("RADIUS server %s: host not found",
				targets[i].host);
	return fd;
}
