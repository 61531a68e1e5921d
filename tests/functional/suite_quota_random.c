/*
 * suite_quota_random.c - eight clients do random things to one directory, which
 * is counted again meanwhile, and their sessions are killed; then the count is
 * what is there.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const functional_name = "quota_random";

#define ROOT	 "/home/anna"
#define FILE_	 "/var/lib/sureftpd/quota/%home%anna"
#define CLIENTS	 8
#define STEPS	 150
#define NAMES	 6
#define DIRS	 3
#define SIZE_MAX_ 20000
#define TIGHT	 "quota.quota_bytes=200k"
#define PLENTY	 "quota.quota_bytes=1G"
#define LIMIT_BYTES (200 * 1024)

/* A generator of its own, so that a failure can be repeated by its seed. */
struct dice {
	uint64_t state;
	const char *prefix;	/* of the names that it uses */
};

static unsigned
throw(struct dice *d, unsigned sides)
{
	d->state = d->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(d->state >> 33) % sides;
}

static const char *
name(struct dice *d, char text[32])
{
	if (throw(d, 3) == 0)
		snprintf(text, 32, "%sf%u", d->prefix, throw(d, NAMES));
	else
		snprintf(text, 32, "%sd%u/f%u", d->prefix, throw(d, DIRS),
			throw(d, NAMES));
	return text;
}

static void
put(struct ftp *c, struct dice *d, const char *data, const char *verb)
{
	char path[32];

	(void)ftp_put(c, data, throw(d, SIZE_MAX_), "%s %s", verb,
		name(d, path));
}

/* From within an existing file, which may be gone by then. */
static void
resume(struct ftp *c, struct dice *d, const char *data)
{
	if (ftp_command(c, "REST %u", throw(d, 2000)) == 350)
		put(c, d, data, "STOR");
}

static void
abort_upload(struct ftp *c, struct dice *d, const char *data)
{
	char path[32];

	if (ftp_start(c, "STOR %s", name(d, path)) == 150) {
		ftp_data_send(c, data, throw(d, SIZE_MAX_));
		/* First the upload's reply, which may be a 552. */
		if (ftp_command(c, "ABOR") / 100 != 2)
			(void)ftp_reply(c);
	}
	ftp_data_close(c);
}

static void
move(struct ftp *c, struct dice *d)
{
	char path[32];

	if (ftp_command(c, "RNFR %s", name(d, path)) == 350)
		(void)ftp_command(c, "RNTO %s", name(d, path));
}

static void
do_something(struct ftp *c, struct dice *d, const char *data)
{
	char path[32], other[32];

	switch (throw(d, 10)) {
	case 0:
	case 1:
		put(c, d, data, "STOR");
		break;
	case 2:
		put(c, d, data, "APPE");
		break;
	case 3:
		resume(c, d, data);
		break;
	case 4:
		abort_upload(c, d, data);
		break;
	case 5:
	case 6:
		(void)ftp_command(c, "DELE %s", name(d, path));
		break;
	case 7:
		move(c, d);
		break;
	case 8:
		(void)ftp_command(c, "SITE COPY %s %s", name(d, path),
			name(d, other));
		break;
	default:
		(void)ftp_command(c, throw(d, 6) == 0 ? "SITE RMDIR %sd%u" :
			"MKD %sd%u", d->prefix, throw(d, DIRS));
	}
}

/* A client whose session was killed connects again. */
static void NORETURN
run_client(uint64_t seed, const char *prefix, int steps, int64_t pause_ms)
{
	struct dice d = { seed, prefix };
	char *data = files_pattern(SIZE_MAX_);
	struct ftp c;
	bool connected = false;

	signal(SIGPIPE, SIG_IGN);
	/* What goes wrong here is wanted. */
	int nothing = open("/dev/null", O_WRONLY);
	dup2(nothing, 1);
	for (int i = 0; i < steps; i++) {
		clock_sleep_until(clock_ms() + pause_ms);
		if (!connected)
			connected = ftp_connect(&c) == 220 &&
				ftp_login(&c, "anna", "anna-pass") == 230 &&
				ftp_command(&c, "TYPE I") == 200;
		if (connected)
			do_something(&c, &d, data);
		if (connected && c.code <= 0) {
			ftp_close(&c);
			connected = false;
		}
	}
	if (connected)
		ftp_close(&c);
	_exit(0);
}

static size_t
running(const pid_t *clients, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += kill(clients[i], 0) == 0 &&
			waitpid(clients[i], NULL, WNOHANG) == 0;
	return count;
}

static void
kill_one(struct dice *d)
{
	struct proc list[64];
	size_t n = procs_list(PROCS_SESSION, list, 64);

	if (n > 0)
		(void)kill(list[throw(d, (unsigned)n)].pid, SIGKILL);
}

/* A walk may see a file twice that is renamed meanwhile, and a replaced one
 * beside the one that replaces it. */
static void
check_limit(void)
{
	int64_t now = LIMIT_BYTES + 1;

	for (int i = 0; i < 10 && now > LIMIT_BYTES; i++)
		now = quotas_recount(ROOT);
	CHECK_SAYS(now <= LIMIT_BYTES, "%" PRId64 " bytes are stored", now);
}

/* Of a line of quota_file. */
static int64_t
number_in_file(const char *name)
{
	char line[32];
	int64_t number;

	snprintf(line, sizeof(line), "\n%s ", name);
	const char *at = strstr(files_text(FILE_), line);
	return at != NULL && text_number(at + strlen(line),
		strcspn(at + strlen(line), "\n"), &number) == 0 ? number : -1;
}

/* So that a scan takes longer than a change. */
static void
make_tree(void)
{
	char path[64];

	for (int d = 0; d < 40; d++) {
		snprintf(path, sizeof(path), ROOT "/tree%d", d);
		files_mkdir_as("anna", path, 0700);
		for (int f = 0; f < 100; f++) {
			snprintf(path, sizeof(path), ROOT "/tree%d/%d", d, f);
			files_write_as("anna", path, "", 0);
		}
	}
}

#define FEW 2			/* so that most changes can be placed */

/* Without its file, the server counts the directory. */
static void
test_random_scans(void)
{
	struct dice d = { 9, "" };
	pid_t clients[FEW];
	struct server s;
	struct ftp c;

	if (!SERVER(&s, QUOTAS_BYTES, TIGHT, "session.atomic_uploads=no",
		    "log.level=warning", "limits.max_per_ip=0"))
		return;
	make_tree();
	CHECK(ftp_enter(&c, "anna"));
	CHECK(quotas_become(&c, 0));
	int64_t begun = (int64_t)time(NULL), last = begun;
	fflush(stdout);
	for (size_t i = 0; i < FEW; i++) {
		char prefix[16];
		snprintf(prefix, sizeof(prefix), "tree%zu/", i * 5);
		clients[i] = fork();
		if (clients[i] == 0)
			run_client(throw(&d, 1000000), prefix,
				3 * STEPS, 10);
	}
	while (running(clients, FEW) > 0) {
		clock_sleep_until(clock_ms() + 100);
		int64_t at = number_in_file("counted");
		last = at > last ? at : last;
		(void)unlink(FILE_);
	}
	CHECK(procs_wait_for_count(PROCS_SESSION, 1, 10000));
	/* Some of the scans could place all that changed meanwhile. */
	CHECK(last > begun);
	CHECK(quotas_become(&c, quotas_recount(ROOT)));
	ftp_close(&c);
	server_stop(&s);
}

/* What a killed session has not reported is found by a scan; so is, now and
 * then, a file that several sessions have written and removed at once. */
static void
check_count(struct ftp *c, int64_t there, uint64_t seed, bool exact)
{
	int64_t counted = quotas_used(c);

	CHECK_SAYS(!exact || counted == there, "seed %" PRIu64 ": counted %"
		PRId64 ", there are %" PRId64, seed, counted, there);
	CHECK(quotas_become(c, there));
}

static void
run(const char *limit, const char *option, uint64_t seed, bool apart,
	bool kills)
{
	static const char *const prefixes[CLIENTS] = {
		"a", "b", "c", "d", "e", "f", "g", "h" };
	struct dice d = { seed, "" };
	pid_t clients[CLIENTS];
	struct server s;
	struct ftp c;
	int64_t deadline = clock_ms() + 60000;

	world_fresh();
	if (!SERVER(&s, QUOTAS_BYTES, limit, option, "log.level=warning",
		    "limits.max_per_ip=0"))
		return;
	/* The empty directory is counted, and the book stays open. */
	CHECK(ftp_enter(&c, "anna"));
	CHECK_NUMBER(quotas_used(&c), 0);
	fflush(stdout);
	for (size_t i = 0; i < CLIENTS; i++) {
		clients[i] = fork();
		if (clients[i] == 0)
			run_client(seed * 100 + i, apart ? prefixes[i] : "",
				STEPS, 0);
	}
	while (running(clients, CLIENTS) > 0 && !clock_passed(deadline)) {
		clock_sleep_until(clock_ms() + 30);
		if (kills)
			kill_one(&d);
		if (strcmp(limit, TIGHT) == 0)
			check_limit();
	}
	CHECK_NUMBER(running(clients, CLIENTS), 0);
	if (kills) {
		/* If its session was not killed. */
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 10000));
		CHECK(ftp_enter(&c, "anna"));
	} else {
		CHECK(procs_wait_for_count(PROCS_SESSION, 1, 10000));
	}
	int64_t there = quotas_recount(ROOT);
	check_count(&c, there, seed, apart && !kills);
	CHECK(there > 0);
	CHECK(strcmp(limit, TIGHT) != 0 || there <= LIMIT_BYTES);
	ftp_close(&c);
	CHECK_FILE(FILE_, "state closed\n");
	if (apart && !kills)
		/* Since the last scan. */
		CHECK(number_in_file("changes") > 200);
	server_stop(&s);
}

static void
test_random(void)
{
	run(TIGHT, "session.atomic_uploads=no", 1, true, false);
	run(TIGHT, "session.atomic_uploads=yes", 2, true, false);
	run(TIGHT, "session.incomplete_uploads=delete", 3, true, false);
}

/* With allowances: few questions, and reports of several changes. */
static void
test_random_plenty(void)
{
	run(PLENTY, "session.atomic_uploads=no", 11, true, false);
	run(PLENTY, "session.atomic_uploads=yes", 12, true, false);
	run(PLENTY, "session.incomplete_uploads=delete", 13, true, false);
	run(PLENTY, "session.atomic_uploads=no", 14, false, true);
}

static void
test_random_together(void)
{
	run(TIGHT, "session.atomic_uploads=no", 4, false, false);
	run(TIGHT, "session.atomic_uploads=yes", 5, false, false);
	run(PLENTY, "session.incomplete_uploads=delete", 6, false, false);
}

static void
test_random_kills(void)
{
	run(TIGHT, "session.atomic_uploads=no", 7, false, true);
	run(TIGHT, "session.atomic_uploads=yes", 8, false, true);
}

CU_TestInfo functional_tests[] = {
	{ "P30 random operations of eight clients", test_random },
	{ "P30 the same, far from the limit", test_random_plenty },
	{ "P30 P31 the same, on the same files", test_random_together },
	{ "P30 P31 the same, with sessions killed", test_random_kills },
	{ "P13 the same, while the directory is scanned", test_random_scans },
	CU_TEST_INFO_NULL,
};
