/*
 * suite_quota_paused.c - a session is stopped before each of its system calls
 * in turn, and another one changes the same names just then: the count is exact
 * at once.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/paused.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"


const char *const functional_name = "quota_paused";

#define ROOT	  "/home/anna"
#define PLENTY	  "quota.quota_bytes=1G"
#define TIGHT	  "quota.quota_bytes=150k"
#define CALLS_MAX 300

struct pair {
	struct server s;
	struct ftp a, b;
	pid_t pid;		/* of the session of a */
	int paused;		/* how often it was */
};

/* Only then the session's process is known. */
static bool
begin(struct pair *p, const char *limit, const char *option)
{
	struct proc one;

	p->paused = 0;
	world_fresh();
	if (!SERVER(&p->s, QUOTAS_BYTES, limit, option) ||
	    !ftp_enter(&p->a, "anna") || !EXPECT(&p->a, 200, "TYPE I") ||
	    !CHECK_NUMBER(procs_list(PROCS_SESSION, &one, 1), 1) ||
	    !ftp_enter(&p->b, "anna") || !EXPECT(&p->b, 200, "TYPE I"))
		return false;
	p->pid = one.pid;
	/* Now both know of each other. */
	CHECK_NUMBER(quotas_used(&p->a), 0);
	return true;
}

static void
end(struct pair *p)
{
	ftp_close(&p->a);
	ftp_close(&p->b);
	server_stop(&p->s);
}

/* --- what the other one does; it may fail */

static void
store(struct ftp *c, const char *name, size_t len)
{
	char command[32];

	snprintf(command, sizeof(command), "STOR %s", name);
	(void)quotas_put(c, len, command);
}

static void
move(struct ftp *c, const char *from, const char *to)
{
	if (ftp_command(c, "RNFR %s", from) == 350)
		(void)ftp_command(c, "RNTO %s", to);
}

static void
delete_to(struct ftp *c)
{
	(void)ftp_command(c, "DELE to");
}

static void
store_to(struct ftp *c)
{
	store(c, "to", 50000);
}

static void
renew_to(struct ftp *c)
{
	(void)ftp_command(c, "DELE to");
	store(c, "to", 60000);
}

static void
move_to(struct ftp *c)
{
	move(c, "to", "away");
}

static void
move_over_to(struct ftp *c)
{
	move(c, "other", "to");
}

static void
delete_from(struct ftp *c)
{
	(void)ftp_command(c, "DELE from");
}

static void
store_from(struct ftp *c)
{
	store(c, "from", 70000);
}

static void
move_from(struct ftp *c)
{
	move(c, "from", "away");
}

static void
move_over_from(struct ftp *c)
{
	move(c, "to", "from");
}

static void
store_new(struct ftp *c)
{
	store(c, "new", 40000);
}

static void
append_new(struct ftp *c)
{
	(void)quotas_put(c, 5000, "APPE new");
}

static void
remove_tree(struct ftp *c)
{
	(void)ftp_command(c, "SITE RMDIR d");
}

static void (*const others[])(struct ftp *c) = {
	store_new, delete_to, store_to, renew_to, move_to, move_over_to,
	delete_from, store_from, move_from, move_over_from,
};

/* --- what is interrupted */

enum moment { COMMAND, UPLOAD_BEGIN, UPLOAD_END };

struct act {
	const char *line;
	enum moment moment;
	void (*other)(struct ftp *c);	/* NULL: all of them, in turn */
};

static void
make_files(struct ftp *c)
{
	(void)ftp_command(c, "DELE away");
	(void)ftp_command(c, "DELE new");
	store(c, "from", 1000);
	store(c, "to", 2000);
	store(c, "other", 3000);
}

static void
make_directory(struct ftp *c)
{
	(void)ftp_command(c, "MKD d");
	store(c, "d/to", 4000);
}

static void
send_data(struct ftp *c)
{
	char data[4000] = "";

	CHECK_NUMBER(ftp_data_send(c, data, sizeof(data)), sizeof(data));
	ftp_data_close(c);
}

static bool
prepare(struct ftp *c, const struct act *act)
{
	switch (act->moment) {
	case COMMAND:
		return EXPECT(c, 350, "RNFR from");
	case UPLOAD_BEGIN:
		return CHECK(ftp_prepare(c));
	default:
		return CHECK_NUMBER(ftp_start(c, "%s", act->line), 150);
	}
}

static void
do_act(struct ftp *c, const struct act *act)
{
	if (act->moment == UPLOAD_END) {
		send_data(c);
		return;
	}
	CHECK(ftp_send_text(c, act->line) && ftp_send_text(c, "\r\n"));
}

static void
finish(struct ftp *c, const struct act *act)
{
	CHECK(ftp_reply(c) > 0);
	if (act->moment == UPLOAD_BEGIN && c->code == 150) {
		send_data(c);
		CHECK(ftp_reply(c) > 0);
	}
	ftp_data_close(c);
}

static void
check_equal(struct pair *p, const struct act *act, size_t other, int n)
{
	int64_t there = quotas_recount(ROOT), counted = quotas_used(&p->b);

	if (strncmp(act->line, "RNTO", 4) == 0 && !quotas_can_link(ROOT)) {
		CHECK(quotas_become(&p->b, there));
		return;
	}
	CHECK_SAYS(counted == there, "%s %d, with %zu at call %d: counted %"
		PRId64 ", there are %" PRId64, act->line, act->moment, other,
		n, counted, there);
}

/* False at the end of the command, and when the other one has waited for a
 * lock, which would be so before all later calls. */
static bool
pause_at(struct pair *p, const struct act *act, size_t other, int n)
{
	make_files(&p->b);
	if (act->other == remove_tree)
		make_directory(&p->b);
	if (!prepare(&p->a, act) || !CHECK(paused_begin(p->pid)))
		return false;
	do_act(&p->a, act);
	bool paused = paused_at(p->pid, n, &p->a);
	if (paused)
		(act->other != NULL ? act->other : others[other])(&p->b);
	bool waited = paused && p->b.code == 450;
	p->paused += paused;
	CHECK(paused_end(p->pid));
	finish(&p->a, act);
	check_equal(p, act, other, n);
	return paused && !waited;
}

/* An upload into the file itself has locked it: another one would wait. */
static bool
is_possible(const struct act *act, bool atomic, size_t other)
{
	if (act->other != NULL)
		return other == 0;
	return act->moment == COMMAND || others[other] != store_to ||
		(atomic && strncmp(act->line, "STOR", 4) == 0);
}

static void
check_act(const char *limit, bool atomic, const struct act *act)
{
	struct pair p;

	if (!begin(&p, limit, atomic ? "session.atomic_uploads=yes" :
		"session.atomic_uploads=no"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		for (int n = 1; n < CALLS_MAX &&
		     is_possible(act, atomic, i) && pause_at(&p, act, i, n);
		     n++)
			;
	printf("%s: stopped at %d calls\n", act->line, p.paused);
	CHECK(p.paused > (act->other == NULL ? 80 : 5));
	end(&p);
}

static void
check_all_ways(const struct act *act)
{
	check_act(PLENTY, true, act);
	check_act(PLENTY, false, act);
	check_act(TIGHT, true, act);
	check_act(TIGHT, false, act);
}

static void
check_acts(const char *line, enum moment moment)
{
	const struct act act = { line, moment, NULL };

	check_all_ways(&act);
}

static void
test_renames(void)
{
	check_acts("RNTO to", COMMAND);
}

static void
test_removals(void)
{
	check_acts("DELE to", COMMAND);
}

static void
test_uploads_begin(void)
{
	check_acts("STOR to", UPLOAD_BEGIN);
	check_acts("APPE to", UPLOAD_BEGIN);
}

static void
test_uploads_end(void)
{
	check_acts("STOR to", UPLOAD_END);
	check_acts("APPE to", UPLOAD_END);
}

/* Another session stores something in the file before it is locked. */
static void
test_new_file(void)
{
	const struct act append = { "APPE new", UPLOAD_BEGIN, NULL };
	const struct act store = { "STOR new", UPLOAD_BEGIN, NULL };
	const struct act end = { "STOR new", UPLOAD_END, append_new };

	check_act(PLENTY, false, &append);
	check_act(PLENTY, false, &store);
	check_act(TIGHT, false, &append);
	check_act(PLENTY, true, &end);
	check_act(TIGHT, true, &end);
}

/* The name gets a file only after the session has looked for it. */
static void
test_no_file(void)
{
	const struct act remove = { "DELE new", COMMAND, store_new };

	check_all_ways(&remove);
}

/* Who removes the directory may remove the hidden file of an upload. */
static void
test_removed_directory(void)
{
	const struct act end = { "STOR d/to", UPLOAD_END, remove_tree };

	check_all_ways(&end);
}

CU_TestInfo functional_tests[] = {
	{ "P30 RNTO while another session uses the names", test_renames },
	{ "P30 P31 DELE while another session uses the names", test_removals },
	{ "P30 the begin of an upload, the same", test_uploads_begin },
	{ "P30 the end of an upload, the same", test_uploads_end },
	{ "P30 a new file, the same", test_new_file },
	{ "P30 a file that is not there yet", test_no_file },
	{ "P30 a directory is removed during an upload",
		test_removed_directory },
	CU_TEST_INFO_NULL,
};
