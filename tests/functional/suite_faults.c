/*
 * suite_faults.c - the clock jumps, forks fail: sessions notice nothing, the
 * log says it, and the service goes on.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/faults/faults.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

const char *const functional_name = "faults";

#define YEAR INT64_C(31536000)

static struct faults *faults;

/* A server with the library of tests/faults/, and no fault yet. */
#define FAULTY(server, ...) (begin() && SERVER(server, __VA_ARGS__) && end())

static bool
begin(void)
{
	int fd = open(FAULTS_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (!CHECK(fd >= 0 && ftruncate(fd, 4096) == 0))
		return false;
	if (faults == NULL)
		faults = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			fd, 0);
	close(fd);
	*faults = (struct faults){ 0 };
	/* The library may come before the sanitizers' own. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
	return CHECK(setenv("LD_PRELOAD", WORLD_FAULTS, 1) == 0);
}

static bool
end(void)
{
	unsetenv("LD_PRELOAD");
	unsetenv("ASAN_OPTIONS");
	return true;
}

static void
check_serves(void)
{
	struct ftp c;

	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR f"), 226);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
}

/* By years, in both directions. */
static const int64_t jumps[] = { 3 * YEAR, -20 * YEAR, 0 };

/* "\n2029-" */
static const char *
year_after(int64_t jump)
{
	time_t then = (time_t)(clock_wall_ns() / 1000000000 + jump);
	static char text[16];
	struct tm tm;

	gmtime_r(&then, &tm);
	snprintf(text, sizeof(text), "\n%d-", tm.tm_year + 1900);
	return text;
}

static void
test_sessions(void)
{
	struct ftp idle, login, busy;
	struct server s;

	if (!FAULTY(&s) || !ftp_enter(&idle, "anna") ||
	    !ftp_enter(&busy, "anna"))
		return;
	CHECK_NUMBER(ftp_connect(&login), 220);
	CHECK_NUMBER(ftp_start(&busy, "STOR long"), 150);
	for (size_t i = 0; i < ARRAY_SIZE(jumps); i++) {
		faults->clock_offset = jumps[i];
		CHECK_NUMBER(ftp_data_send(&busy, "more", 4), 4);
		EXPECT(&idle, 200, "NOOP");
		EXPECT(&login, 331, "USER anna");
		/* No time has passed for any timer. */
		CHECK(!ftp_replies_within(&login, 300));
		CHECK(!ftp_replies_within(&idle, 0));
		CHECK(!ftp_replies_within(&busy, 0));
		check_serves();
	}
	CHECK_NUMBER(ftp_finish(&busy), 226);
	CHECK(files_same("/home/anna/long", "moremoremore", 12));
	EXPECT(&login, 230, "PASS anna-pass");
	/* Lines have the time of day, whatever it is. */
	CHECK_HAS(server_log(), year_after(jumps[0]));
	CHECK_HAS(server_log(), year_after(jumps[1]));
	ftp_close(&idle);
	ftp_close(&login);
	ftp_close(&busy);
	server_stop(&s);
}

/* Bans, rates and idle timers go by the time that has really passed. */
static void
test_timers(void)
{
	struct ctl_result r;
	struct ftp c, rated, banned;
	struct server s;
	char data[4096];

	if (!FAULTY(&s, "limits.idle_timeout=2", "limits.max_login_rate=3",
	    "limits.max_download_rate=20000"))
		return;
	CHECK(files_write("/home/bert/big", files_pattern(40000), 40000));
	CHECK_NUMBER(CTL(&r, "ban", "127.0.0.7", "2"), 0);
	ftp_enter(&c, "anna");
	ftp_enter(&rated, "bert");
	EXPECT(&rated, 200, "TYPE I");
	int64_t began = clock_ms();
	CHECK_NUMBER(ftp_start(&rated, "RETR big"), 150);
	faults->clock_offset = 3 * YEAR;
	CHECK_NUMBER(ftp_connect_to(&banned, FTP_HOST, "127.0.0.7"), 421);
	ftp_close(&banned);
	CHECK_NUMBER(CTL(&r, "bans"), 0);
	CHECK_HAS(r.out, "127.0.0.7");
	while (ftp_data_read(&rated, data, sizeof(data)) > 0)
		faults->clock_offset -= YEAR;
	CHECK_NUMBER(ftp_finish(&rated), 226);
	CHECK_SAYS(clock_ms() - began > 1000, "40,000 bytes in %" PRId64 " ms",
		clock_ms() - began);
	CHECK_LOGGED(0, "* ban of 127.0.0.7 lifted: expired");
	EXPECT_REPLY(&c, 421);
	CHECK_SAYS(clock_ms() - began < 6000, "%" PRId64 " ms",
		clock_ms() - began);
	ftp_close(&c);
	ftp_close(&rated);
	server_stop(&s);
}

/* Tickets of before the jump are not what data connections depend on. */
static void
test_tls(void)
{
	struct server s;
	struct ftps t;

	ftps_certs_configure();
	if (!FAULTY(&s))
		return;
	ftps_init(&t);
	CHECK(ftps_enter(&t, "anna"));
	for (size_t i = 0; i < ARRAY_SIZE(jumps); i++) {
		faults->clock_offset = i == 0 ? 3600 : i == 1 ? -3600 : 0;
		CHECK_NUMBER(ftp_put(&t.c, "fine", 4, "STOR f%zu", i), 226);
	}
	ftp_close(&t.c);
	server_stop(&s);
}

static bool
forks_failed(void *context UNUSED)
{
	return __atomic_load_n(&faults->forks_failed, __ATOMIC_RELAXED) > 0;
}

static void
fail_forks(bool on)
{
	faults->forks_failed = 0;
	faults->fork_error = on ? EAGAIN : 0;
}

/* Spare workers greet, no further ones; the sessions that exist go on. */
static void
test_no_forks(void)
{
	struct ftp session, spare[2], late;
	struct server s;

	if (!FAULTY(&s) || !ftp_enter(&session, "anna"))
		return;
	CHECK(procs_settle());
	fail_forks(true);
	for (size_t i = 0; i < ARRAY_SIZE(spare); i++)
		CHECK_NUMBER(ftp_connect(&spare[i]), 220);
	ftp_init(&late, FTP_HOST, NULL);
	late.fd = network_connect(FTP_HOST, 21, NULL);
	CHECK(!ftp_replies_within(&late, 500));
	CHECK(wait_until(forks_failed, NULL, 3000));
	CHECK_LOGGED(0, "error cannot fork a worker: Resource temporarily "
		"unavailable");
	CHECK_NUMBER(ftp_put(&session, "x", 1, "STOR x"), 226);
	/* A login needs a process for the session. */
	EXPECT(&spare[0], 331, "USER anna");
	EXPECT(&spare[0], 530, "PASS anna-pass");
	CHECK_HAS(spare[0].text, "The server is overloaded");
	CHECK_LOGGED(0, "error session=2 peer=127.0.0.1 cannot start "
		"the session process: Resource temporarily unavailable");
	CHECK_LOGGED(0, "warning session=2 peer=127.0.0.1 user=anna login "
		"failed: the session process could not be started");
	int64_t used = procs_ticks(s.pid);
	CHECK(!ftp_replies_within(&late, 1000));
	CHECK_SAYS(procs_ticks(s.pid) - used < 20, "the master used %lld ticks",
		(long long)(procs_ticks(s.pid) - used));
	fail_forks(false);
	CHECK_NUMBER(ftp_reply(&late), 220);
	for (size_t i = 0; i < ARRAY_SIZE(spare); i++)
		CHECK_NUMBER(ftp_login(&spare[i], "anna", "anna-pass"), 230);
	check_serves();
	ftp_close(&session);
	ftp_close(&spare[0]);
	ftp_close(&spare[1]);
	ftp_close(&late);
	server_stop(&s);
}

/* A recorder that dies then is replaced later, and nothing is lost. */
static void
test_recorder(void)
{
	struct server s;
	struct ftp c;
	struct proc p;

	if (!FAULTY(&s) || !ftp_enter(&c, "anna") ||
	    !CHECK(procs_list(PROCS_RECORDER, &p, 1) == 1))
		return;
	CHECK(procs_settle());
	fail_forks(true);
	kill(p.pid, SIGKILL);
	CHECK(wait_until(forks_failed, NULL, 3000));
	EXPECT(&c, 257, "MKD made");
	EXPECT(&c, 250, "RMD made");
	fail_forks(false);
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna removed "
		"directory \"/home/anna/made\"");
	CHECK_NUMBER(logged_times(0, "* created directory *"), 1);
	ftp_close(&c);
	server_stop(&s);
}

/* A reload and a file of bans have to wait. */
static void
test_services(void)
{
	struct ctl_result r;
	struct server s;
	struct ftp c;

	if (!FAULTY(&s, "limits.bans_file=/run/world/bans-of-faults") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK(procs_settle());
	fail_forks(true);
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24"), 0);
	CHECK_LOGGED(0, "error cannot fork a process to write the bans: "
		"Resource temporarily unavailable");
	fail_forks(true);
	kill(s.pid, SIGHUP);
	CHECK(wait_until(forks_failed, NULL, 10000));
	EXPECT(&c, 200, "NOOP");
	/* The next recorder writes what none could be started for. */
	fail_forks(false);
	CHECK_LOGGED(0, "* reload*");
	CHECK_FILE("/run/world/bans-of-faults", "127.0.7.0/24");
	CHECK_NUMBER(CTL(&r, "reload"), 0);
	check_serves();
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the clock jumps: sessions", test_sessions },
	{ "the clock jumps: timers, bans and rates", test_timers },
	{ "the clock jumps: TLS", test_tls },
	{ "no process can be forked", test_no_forks },
	{ "the recorder cannot be replaced", test_recorder },
	{ "reload and bans without forks", test_services },
	CU_TEST_INFO_NULL,
};
