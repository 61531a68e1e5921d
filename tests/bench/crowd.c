/*
 * crowd.c - many clients at the same time, each a process: their operations per
 * second, and the server's processor time for that.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/clock.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define CLIENTS_MAX 64
#define SETTLE_MS 300	/* for a server to reap what has ended */
#define FILE_SIZE 4096

/* What they share. */
struct crowd {
	int64_t counts[CLIENTS_MAX];
	int64_t deadline;
};

/* Each pipe is one way: clients say that they are ready, or done; its end tells
 * all of them to go on. */
struct pipes {
	int said[2], begin[2], end[2];
};

static void
wait_for_end(int fd)
{
	char byte;

	while (read(fd, &byte, 1) > 0)
		;
}

NORETURN static void
be_client(const struct target *t, const struct work *w, struct crowd *crowd,
	int64_t self, struct pipes *p)
{
	struct client c = { .fd = -1, .data = -1 };

	close(p->begin[1]);
	close(p->end[1]);
	if (w->prepare != NULL)
		w->prepare(&c, t);
	if (write(p->said[1], "", 1) != 1)
		client_fail("pipe");
	wait_for_end(p->begin[0]);
	do {
		w->run(&c, t);
		crowd->counts[self]++;
	} while (clock_ms() < crowd->deadline);
	if (write(p->said[1], "", 1) != 1)
		client_fail("pipe");
	wait_for_end(p->end[0]);
	if (w->prepare != NULL)
		client_quit(&c);
	_exit(0);
}

static void
wait_for_all(const struct pipes *p, int64_t clients)
{
	struct pollfd said = { .fd = p->said[0], .events = POLLIN };
	char byte;

	for (int64_t i = 0; i < clients; i++) {
		while (poll(&said, 1, 100) == 0)
			if (waitpid(-1, NULL, WNOHANG) > 0)
				client_fail("a client gave up");
		if (read(p->said[0], &byte, 1) != 1)
			client_fail("a client gave up");
	}
}

static void
reap_all(void)
{
	int status, failed = 0;

	while (wait(&status) > 0)
		failed += status != 0;
	if (failed > 0)
		client_fail("a client gave up");
}

static void
start_all(const struct target *t, const struct work *w, struct crowd *crowd,
	int64_t clients, struct pipes *p)
{
	if (clients < 1 || clients > CLIENTS_MAX || pipe(p->said) < 0 ||
	    pipe(p->begin) < 0 || pipe(p->end) < 0)
		client_fail("too many clients");
	for (int64_t i = 0; i < clients; i++) {
		pid_t pid = fork();
		if (pid < 0)
			client_fail("fork");
		if (pid == 0)
			be_client(t, w, crowd, i, p);
	}
	close(p->said[1]);
	wait_for_all(p, clients);
}

void
crowd_measure(const struct target *t, const struct work *w, int64_t clients,
	int64_t ms)
{
	struct crowd *crowd = mmap(NULL, sizeof(*crowd),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct pipes p;
	int64_t sum = 0;

	if (crowd == MAP_FAILED)
		client_fail("out of memory");
	start_all(t, w, crowd, clients, &p);
	int64_t cpu = serve_cpu(t->pid), began = client_ns();
	crowd->deadline = clock_ms() + ms;
	close(p.begin[1]);
	wait_for_all(&p, clients);
	int64_t took = client_ns() - began;
	/* Sessions that have ended go on costing until they are reaped. */
	if (w->prepare == NULL)
		clock_sleep_until(clock_ms() + SETTLE_MS);
	cpu = serve_cpu(t->pid) - cpu;
	close(p.end[1]);
	reap_all();
	for (int64_t i = 0; i < clients; i++)
		sum += crowd->counts[i];
	printf("%" PRId64 " %.2f\n", sum * 1000000000 / took,
		(double)cpu / 1000 / (double)sum);
}

/* --- what they do */

static void
log_in(struct client *c, const struct target *t)
{
	client_login(c, t);
	client_quit(c);
}

static void
connect_only(struct client *c, const struct target *t)
{
	client_connect(c, t);
	client_quit(c);
}

static void
prepare(struct client *c, const struct target *t)
{
	client_login(c, t);
	client_protect(c);
	client_command(c, 200, "TYPE I");
}

static void
noop(struct client *c, const struct target *t UNUSED)
{
	client_command(c, 200, "NOOP");
}

static void
download(struct client *c, const struct target *t UNUSED)
{
	char data[FILE_SIZE];
	size_t sum = 0;
	ssize_t n;

	client_transfer(c, "RETR small");
	while ((n = client_data_read(c, data, sizeof(data))) > 0)
		sum += (size_t)n;
	client_data_end(c);
	if (sum != FILE_SIZE)
		client_fail("a file is not whole");
}

static void
upload(struct client *c, const struct target *t UNUSED)
{
	static const char data[FILE_SIZE];

	client_transfer(c, "STOR small-%d", (int)getpid());
	client_data_write(c, data, sizeof(data));
	client_data_end(c);
}

const struct work crowd_logins = { NULL, log_in };
const struct work crowd_accepts = { NULL, connect_only };
const struct work crowd_commands = { prepare, noop };
const struct work crowd_downloads = { prepare, download };
const struct work crowd_uploads = { prepare, upload };
