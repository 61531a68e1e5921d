/*
 * suite_event_commands.c - programs that run for events.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "event_commands";

#define OUT    "/var/log/hooks/out"
#define SCRIPT "/etc/sureftpd/hook"
#define ANNA "anna\nanna team\nCapEff:\t0000000000000000\n"
#define RUNNER "sureftpd-run"
#define MOVER  "/etc/sureftpd/mover"

static void
script(const char *path, const char *text)
{
	CHECK(files_writef(path, "#!/bin/sh\n%s", text));
	CHECK(chmod(path, 0755) == 0);
}

/* A directory that the account may write to. */
static void
prepare(const char *account, const char *text)
{
	CHECK(files_mkdir_as(account, "/var/log/hooks", 0755));
	script(SCRIPT, text);
}

#define ON(event) "events.on_" event "=" SCRIPT

/* Everything that a program gets. */
static void
test_environment(void)
{
	struct server s;
	struct ftp c;

	prepare("_sureftpdrun",
		"{ id -un; id -Gn; pwd; echo \"args $# <$1>\"; env | sort\n"
		"echo \"json $(cat)\"; grep -E 'NoNewPrivs|CapEff|CapBnd' "
		"/proc/self/status; ls /proc/self/fd; echo end; } >" OUT
		".new 2>&1\nmv " OUT ".new " OUT "\n");
	if (!SERVER(&s, ON("received")) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "four", 4, "STOR $(id) \xff'\""), 226);
	CHECK_FILE(OUT, "end\n");
	CHECK_HAS(files_text(OUT), "_sureftpdrun\n_sureftpdrun\n/\nargs 1 "
		"</home/anna/$(id) \xff'\">\n");
	CHECK_HAS(files_text(OUT),
		"\nSUREFTPD_PATH=/home/anna/$(id) \\xFF'\"\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_VIRTUAL_PATH=/home/anna/$(id) "
		"\\xFF'\"\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_EVENT=received\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_USER=anna\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_BYTES=4\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_STATUS=complete\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_PEER=127.0.0.1\n");
	CHECK_HAS(files_text(OUT), "\nSUREFTPD_SESSION=1\n");
	CHECK_LACKS(files_text(OUT), "JOURNAL");
	CHECK_LACKS(files_text(OUT), "NOTIFY");
	CHECK_HAS(files_text(OUT), "\njson {\"time\":\"");
	CHECK_HAS(files_text(OUT),
		"\"path\":\"/home/anna/$(id) \\udcff'\\\"\",");
	CHECK_HAS(files_text(OUT), "\nCapEff:\t0000000000000000\n");
	CHECK_HAS(files_text(OUT), "\nCapBnd:\t0000000000000000\n");
	CHECK_HAS(files_text(OUT), "\nNoNewPrivs:\t1\n");
	/* 3 is the directory that ls reads. */
	CHECK_HAS(files_text(OUT), "\n0\n1\n2\n3\nend\n");
	ftp_close(&c);
	server_stop(&s);
}

/* Each event runs the command of its setting; other events have none. */
static void
test_events(void)
{
	static const char *const events[] = {
		"login_failed bert", "login anna",
		"transfer_start anna /home/anna/f",
		"received anna /home/anna/f", "sent anna /home/anna/f",
		"incomplete_received anna /home/anna/part",
		"refused anna /home/anna/missing",
		"rename anna /home/anna/part", "chmod anna /home/anna/other",
		"delete anna /home/anna/other", "mkdir anna /home/anna/d",
		"rmdir anna /home/anna/d", "logout anna", "reload ",
		"\nban  127.0.7.0/24", "unban  127.0.7.0/24", "limit bert",
	};
	struct ctl_result r;
	struct server s;
	struct ftp c;
	size_t len;

	prepare("_sureftpdrun", "echo \"$SUREFTPD_EVENT $SUREFTPD_USER $1\" "
		">>" OUT "\n");
	if (!SERVER(&s, ON("login"), ON("login_failed"), ON("logout"),
		ON("transfer_start"), ON("sent"), ON("received"),
		ON("incomplete_received"), ON("delete"), ON("rename"),
		ON("mkdir"), ON("rmdir"), ON("chmod"), ON("refused"),
		ON("reload"), ON("ban"), ON("unban"), ON("limit"),
		"limits.max_login_rate=2"))
		return;
	check_refused("bert", "wrong", WRONG_PASSWORD);
	if (!ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 530);
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24"), 0);
	CHECK_NUMBER(CTL(&r, "unban", "127.0.7.0/24"), 0);
	EXPECT(&c, 200, "TYPE I");
	ftp_put(&c, "four", 4, "STOR f");
	free(ftp_get(&c, &len, "RETR f"));
	EXPECT(&c, 550, "RETR missing");
	CHECK_NUMBER(ftp_start(&c, "STOR part"), 150);
	ftp_data_send(&c, "12", 2);
	CHECK(files_wait_for_size("/home/anna/part", 2));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	EXPECT(&c, 350, "RNFR part");
	EXPECT(&c, 250, "RNTO other");
	EXPECT(&c, 200, "SITE CHMOD 600 other");
	EXPECT(&c, 250, "DELE other");
	EXPECT(&c, 257, "MKD d");
	EXPECT(&c, 250, "RMD d");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	kill(s.pid, SIGHUP);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		CHECK_FILE(OUT, events[i]);
	CHECK_LACKS(files_text(OUT), "connect");
	server_stop(&s);
}

/* The two examples of the tutorial, as the session's account: films are moved
 * to a directory, and incomplete files are removed. */
static void
test_as_session(void)
{
	struct server s;
	struct ftp c;

	CHECK(files_mkdir_as("anna", "/home/anna/films", 0755));
	script(MOVER, "case $1 in\n*.avi) mv -- \"$1\" /home/anna/films/ ;;\n"
		"esac\n");
	script(SCRIPT, "rm -- \"$1\"\n");
	if (!SERVER(&s, "events.run_as=session",
		"events.on_received=" MOVER, ON("incomplete_received")) ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "film", 4, "STOR a film\xff.avi"), 226);
	CHECK_NUMBER(ftp_put(&c, "text", 4, "STOR a text"), 226);
	CHECK_NUMBER(ftp_start(&c, "STOR part"), 150);
	ftp_data_send(&c, "12", 2);
	CHECK(files_wait_for_size("/home/anna/part", 2));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	CHECK(files_wait_for_size("/home/anna/films/a film\xff.avi", 4));
	for (int i = 0; i < 100 && files_exist("/home/anna/part"); i++)
		wait_for_time(50);
	CHECK(!files_exist("/home/anna/part"));
	CHECK(!files_exist("/home/anna/a film\xff.avi"));
	CHECK(files_exist("/home/anna/a text"));
	ftp_close(&c);
	server_stop(&s);
}

/* The account of commands, which is never root. */
static void
test_account(void)
{
	struct server s;
	struct ftp c;

	prepare("anna", "{ id -un; id -Gn; grep CapEff /proc/self/status; } "
		">" OUT "-$SUREFTPD_EVENT\n");
	CHECK(chmod("/var/log/hooks", 0777) == 0);
	if (!SERVER(&s, "events.run_as=session", ON("login"), ON("logout"),
		ON("connect"), ON("mkdir")) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD d");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK_FILE(OUT "-login", ANNA);
	CHECK_FILE(OUT "-mkdir", ANNA);
	CHECK_FILE(OUT "-logout", ANNA);
	CHECK_FILE(OUT "-connect", "_sureftpdrun\n_sureftpdrun\nCapEff:\t"
		"0000000000000000\n");
	server_stop(&s);
}

/* Output, exit status and time limit. */
static void
test_ends(void)
{
	struct server s;
	struct ftp c;

	script(SCRIPT, "case $1 in\n"
		"*/fail) echo first; echo \"second \033[2J\" >&2; exit 3 ;;\n"
		"*/late) sleep 60 & sleep 60 ;;\n"
		"*/left) sleep 61 >/dev/null 2>&1 & ;;\n"
		"esac\n");
	if (!SERVER(&s, ON("mkdir"), "events.on_delete=/no/such/program",
		"events.command_timeout=1") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD fail");
	CHECK_LOGGED(0, "info runner: on_mkdir " SCRIPT " (session 1): first");
	CHECK_LOGGED(0, "info runner: on_mkdir " SCRIPT " (session 1): second "
		"\\x1B[2J");
	CHECK_LOGGED(0, "warning runner: on_mkdir " SCRIPT " (session 1): exit "
		"status 3");
	EXPECT(&c, 257, "MKD late");
	CHECK_LOGGED(0, "warning runner: on_mkdir " SCRIPT " (session 1): "
		"killed, it took too long");
	EXPECT(&c, 257, "MKD left");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	EXPECT(&c, 250, "DELE f");
	CHECK_LOGGED(0, "info runner: on_delete /no/such/program (session 1): "
		"cannot be executed: No such file or directory");
	CHECK(procs_wait_for_count("sleep", 0, 5000));
	ftp_close(&c);
	server_stop(&s);
}

/* A runner that dies is replaced, and a reload changes the commands. */
static void
test_life(void)
{
	struct proc runner, recorder;
	struct server s;
	struct ftp c;

	prepare("_sureftpdrun", "echo \"$1\" >>" OUT "\n");
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(procs_list(RUNNER, &runner, 1), 0);
	EXPECT(&c, 257, "MKD none");
	server_configure("[events]\non_mkdir = " SCRIPT "\n");
	size_t mark = logged_mark();
	CHECK_NUMBER(procs_list(PROCS_RECORDER, &recorder, 1), 1);
	logged_reload(&s);
	CHECK(procs_wait_for_count(RUNNER, 1, 5000));
	/* The next one knows the command. */
	CHECK(server_wait(recorder.pid, 5000, NULL));
	EXPECT(&c, 257, "MKD one");
	CHECK_FILE(OUT, "/home/anna/one\n");
	CHECK_LACKS(files_text(OUT), "none");
	CHECK(procs_list(RUNNER, &runner, 1) == 1 &&
		kill(runner.pid, SIGKILL) == 0);
	EXPECT(&c, 257, "MKD two");
	CHECK_FILE(OUT, "/home/anna/two\n");
	CHECK_LOGGED(mark, "error runner was killed by signal 9, restarting "
		"it");
	ftp_close(&c);
	server_stop(&s);
}

/* upload_check. */
static void
check_uploads(const char *atomic)
{
	struct server s;
	struct ftp c;
	char name[64];

	CHECK(files_mkdir_as("_sureftpdrun", "/var/log/hooks", 0755));
	script(SCRIPT, "{ echo \"$SUREFTPD_EVENT $SUREFTPD_USER "
		"$SUREFTPD_BYTES $1\"; id -un; } >>" OUT "\n"
		"if grep -q virus <&3; then echo found it; exit 1; fi\n"
		"case $1 in */slow) sleep 60 ;; esac\n");
	if (!SERVER(&s, "session.upload_check=" SCRIPT,
		"session.upload_check_timeout=1", atomic,
		"session.file_mode=600") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR good"), 226);
	CHECK(files_same("/home/anna/good", "fine", 4));
	CHECK_HAS(files_text(OUT), "upload_check anna 4 /home/anna/good\n"
		"_sureftpdrun\n");
	CHECK_NUMBER(ftp_put(&c, "a virus", 7, "STOR bad"), 550);
	CHECK(!files_exist("/home/anna/bad"));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/bad\" failed after 7 bytes in *: Rejected by the "
		"server's check");
	CHECK_LOGGED(0, "info runner: upload_check " SCRIPT " (session 1): "
		"found it");
	CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR slow"), 550);
	CHECK(!files_exist("/home/anna/slow"));
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "/home/anna/many-%d", i);
		CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR many-%d", i), 226);
		CHECK(files_exist(name));
	}
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_checks(void)
{
	check_uploads("session.atomic_uploads=no");
}

/* The old file stays until the new one is accepted. */
static void
test_atomic_checks(void)
{
	struct server s;
	struct ftp c;

	check_uploads("session.atomic_uploads=yes");
	if (!SERVER(&s, "session.upload_check=" SCRIPT,
		"session.atomic_uploads=yes") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "a virus", 7, "STOR good"), 550);
	CHECK(files_same("/home/anna/good", "fine", 4));
	CHECK_NUMBER(ftp_put(&c, "better", 6, "STOR good"), 226);
	CHECK(files_same("/home/anna/good", "better", 6));
	ftp_close(&c);
	server_stop(&s);
}

/* If the check cannot run, the upload is rejected. */
static void
test_no_check(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.upload_check=/no/such/program") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR f"), 550);
	CHECK(!files_exist("/home/anna/f"));
	ftp_close(&c);
	server_stop(&s);
}

/* The recorder does not wait for a runner that does not read: it drops events,
 * and counts them. */
static void
test_full_queue(void)
{
	struct ctl_result r;
	struct proc runner;
	struct server s;
	struct ftp c;

	prepare("_sureftpdrun", "echo \"$SUREFTPD_EVENT\" >>" OUT "\n");
	if (!SERVER(&s, ON("mkdir"), ON("rmdir"),
		    "events.max_queued_events=10") || !ftp_enter(&c, "anna") ||
	    !CHECK_NUMBER(procs_list(RUNNER, &runner, 1), 1))
		return;
	CHECK(kill(runner.pid, SIGSTOP) == 0);
	for (int i = 0; i < 50; i++) {
		for (int k = 0; k < 100; k++) {
			EXPECT(&c, 257, "MKD d");
			EXPECT(&c, 250, "RMD d");
		}
		CHECK_NUMBER(CTL(&r, "metrics"), 0);
		if (strstr(r.out, "\nsureftpd_event_commands_dropped_total 0\n")
		    == NULL)
			break;
	}
	CHECK_HAS(r.out, "\nsureftpd_event_commands_dropped_total ");
	CHECK_LACKS(r.out, "\nsureftpd_event_commands_dropped_total 0\n");
	CHECK(kill(runner.pid, SIGCONT) == 0);
	CHECK_FILE(OUT, "mkdir\nrmdir\n");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "arguments, environment and input of a program", test_environment },
	{ "each event runs the command of its own setting", test_events },
	{ "finished files are moved, incomplete ones removed",
		test_as_session },
	{ "commands run as the session's account, never as root",
		test_account },
	{ "output, exit status and time limit", test_ends },
	{ "uploads are accepted or removed by a program", test_checks },
	{ "upload_check with atomic_uploads", test_atomic_checks },
	{ "if the check cannot run, uploads are rejected", test_no_check },
	{ "the runner is replaced after a crash and a reload", test_life },
	{ "a runner that does not read blocks nothing", test_full_queue },
	CU_TEST_INFO_NULL,
};
