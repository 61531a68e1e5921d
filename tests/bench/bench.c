/*
 * bench.c - a client that measures something of one server and prints it.
 *
 *	serve PROGRAM [ARG]...	run a server, see serve.c
 *	raw PORT [CERTIFICATE]	be the least of all servers, see raw.c
 *	log			be /dev/log
 *	title TEXT SERVER...	the head of a table
 *	row LABEL UNIT BETTER TARGET COLUMN SERVER...
 *				a line of it, see table.c
 *
 * All others have a PORT and the PID of `bench serve` before their arguments:
 *	wait		until something listens there
 *	banner		us from connect to greeting
 *	enter		us from connect to 230
 *	idle COUNT	KiB of PSS of an idle session
 *	held COUNT	beside so many sessions: us from connect to 230, us of
 *			the first command, us of processor time for a session
 *	get PATH	MB/s, ms of processor time for a GiB
 *	put PATH MIB	the same
 *	listings VERB PATH ENTRIES MS
 *			ns of an entry; ns of processor time of it
 *	logins|accepts|commands|downloads|uploads CLIENTS MS
 *			how many a second, CLIENTS at a time, and us of
 *			processor time for each
 *
 * With -t before it, under TLS (AUTH TLS, PROT P for data); the banner's time
 * is then the handshake's, too.  It logs in as anna.  Exits with 1, after a
 * line on standard error, when the server does not do what was asked.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/text.h"

#include <signal.h>
#include <sys/resource.h>

#define MAX_SECONDS 500

static int64_t
number(const char *text)
{
	int64_t value;

	if (text == NULL || text_number(text, strlen(text), &value) < 0)
		client_fail("a number was expected");
	return value;
}

/* The sessions that are held. */
static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static const struct {
	const char *name;
	const struct work *work;
} works[] = {
	{ "logins", &crowd_logins },
	{ "accepts", &crowd_accepts },
	{ "commands", &crowd_commands },
	{ "downloads", &crowd_downloads },
	{ "uploads", &crowd_uploads },
};

static bool
measure_many(const char *what, const struct target *t, int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_SIZE(works) && argc == 2; i++) {
		if (strcmp(what, works[i].name) != 0)
			continue;
		crowd_measure(t, works[i].work, number(argv[0]),
			number(argv[1]));
		return true;
	}
	return false;
}

/* False for what is not known, or has other arguments. */
static bool
measure(const char *what, const struct target *t, int argc, char **argv)
{
	if (strcmp(what, "wait") == 0 && argc == 0)
		client_wait(t);
	else if (strcmp(what, "banner") == 0 && argc == 0)
		measure_banner(t);
	else if (strcmp(what, "enter") == 0 && argc == 0)
		measure_enter(t);
	else if (strcmp(what, "idle") == 0 && argc == 1)
		measure_idle(t, number(argv[0]));
	else if (strcmp(what, "held") == 0 && argc == 1)
		measure_held(t, number(argv[0]));
	else if (strcmp(what, "get") == 0 && argc == 1)
		measure_get(t, argv[0]);
	else if (strcmp(what, "put") == 0 && argc == 2)
		measure_put(t, argv[0], number(argv[1]));
	else if (strcmp(what, "listings") == 0 && argc == 4)
		measure_listings(t, argv[0], argv[1], number(argv[2]),
			number(argv[3]));
	else
		return measure_many(what, t, argc, argv);
	return true;
}

/* What needs no server. */
static bool
help(const char *what, int argc, char **argv)
{
	if (strcmp(what, "serve") == 0 && argc > 0)
		serve_run(argv);
	if (strcmp(what, "log") == 0 && argc == 0)
		serve_log();
	if (strcmp(what, "raw") == 0 && argc > 0)
		raw_run((uint16_t)number(argv[0]), argv[1]);
	if (strcmp(what, "title") == 0 && argc > 1) {
		table_title(argv[0], argv + 1, (size_t)argc - 1);
	} else if (strcmp(what, "row") == 0 && argc > 5) {
		const struct table_row row = { argv[0], argv[1], argv[2],
			argv[3], number(argv[4]) };
		table_row(&row, argv + 5, (size_t)argc - 5);
	} else {
		return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	bool secure = argc > 1 && strcmp(argv[1], "-t") == 0;

	if (argc > 1 && help(argv[1], argc - 2, argv + 2))
		return 0;
	argc -= 1 + secure;
	argv += 1 + secure;
	alarm(MAX_SECONDS);
	signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	const struct target t = {
		.port = (uint16_t)(argc < 3 ? 0 : number(argv[1])),
		.pid = (pid_t)(argc < 3 ? 0 : number(argv[2])),
		.secure = secure,
	};
	if (argc < 3 || !measure(argv[0], &t, argc - 3, argv + 3))
		client_fail("usage: bench [-t] WHAT PORT PID [ARG]...");
	return 0;
}
