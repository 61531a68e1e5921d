/*
 * suite_radius.c - logins that a RADIUS server decides.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "radius";

#define PROCESS "sureftpd-rad"

static struct proc
session_process(void)
{
	struct proc p = { 0 };

	CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
	return p;
}

/* P3, P4, P21, P35: the home directory of the answer, and the ids of the
 * settings for an account that the host does not know. */
static void
test_login(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	radius_text(&radius_users[RADIUS_VIRT], 0, 18, "Welcome\nto you");
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	if (radius_enter(&c, "virt", "pw-1")) {
		CHECK_TEXT(c.text, "230-Welcome\n230-to you\n"
			"230 Login successful.");
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "\"/home/virt\"");
		struct proc p = session_process();
		CHECK_NUMBER(p.uid[1], 7001);
		CHECK_NUMBER(p.gid[1], 7002);
		CHECK(p.ngroups == 0 || (p.ngroups == 1 &&
			p.groups[0] == 7002));
		EXPECT(&c, 257, "MKD made");
	}
	ftp_close(&c);
	CHECK_NUMBER(radius_times(1812, "access password=pw-1"), 1);
	CHECK_NUMBER(radius_times(1812, " 1=virt 6=1 61=5 32=sureftpd "
		"4=2130706433 31=127.0.0.1"), 1);
	/* An account of the host has its own ids. */
	if (radius_enter(&c, "anna", "pw-2"))
		CHECK_NUMBER(session_process().uid[1], 1001);
	ftp_close(&c);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 530);
	check_refused("virt", "wrong", "rejected by the RADIUS server "
		"127.0.0.1");
	check_refused("nobody-knows", "wrong", "rejected by the RADIUS server "
		"127.0.0.1");
	check_refused("virt", "", "empty password");
	server_stop(&s);
	radius_stop(radius);
}

/* Access-Challenge. */
static void
test_challenge(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "auth.code_in_password=comma"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	CHECK_TEXT(c.text, "332 Code, please:");
	EXPECT(&c, 230, "ACCT 4711");
	/* State comes back with the answer. */
	CHECK_NUMBER(radius_times(1812, "password=4711"), 1);
	CHECK_NUMBER(radius_times(1812, " 24=7374617465"), 1);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	EXPECT(&c, 530, "ACCT 1234");
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	/* Given up by USER. */
	CHECK_NUMBER(ftp_login(&c, "virt", "pw-1"), 230);
	ftp_close(&c);
	CHECK_LOGGED(0, "warning session=2 peer=127.0.0.1 user=token login "
		"failed: RADIUS: challenge not answered: Code, please:");
	/* A code that is sent with the password. */
	CHECK_NUMBER(ftp_try_login("token", "pw-4,4711"), 230);
	CHECK_NUMBER(ftp_try_login("token", "pw-4,1234"), 530);
	/* The client leaves instead of answering. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	pid_t monitor = procs_serving(PROCS_MONITOR);
	ftp_close(&c);
	CHECK(monitor > 1 && server_wait(monitor, 5000, NULL));
	server_stop(&s);
	radius_stop(radius);
}

/* P15: the realm. */
static void
test_realm(void)
{
	struct server s;

	radius_prepare();
	radius_users[RADIUS_VIRT].name = "virt@pwp";
	radius_users[RADIUS_TOKEN].name = "virt@other";
	radius_users[RADIUS_TOKEN].challenge = NULL;
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.realm=pwp"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(ftp_try_login("virt@other", "pw-4"), 230);
	/* Vendor 582, attribute 2: pwp */
	CHECK_NUMBER(radius_times(1812, " 26=000002460205707770"), 2);
	server_stop(&s);
	if (!SERVER(&s, RADIUS_ON, "radius.realm=pwp",
		"radius.append_realm=no"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 530);
	CHECK_NUMBER(radius_times(1812, " 1=virt "), 1);
	CHECK_NUMBER(radius_times(1812, " 26=000002460205707770"), 3);
	server_stop(&s);
	radius_stop(radius);
}

static void
test_chap(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.authentication=chap",
		"radius.nas_identifier=ftp.example.org",
		"radius.nas_address=2001:db8::7"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(ftp_try_login("virt", "pw-2"), 530);
	CHECK_NUMBER(radius_times(1812, "password=pw"), 0);
	CHECK_NUMBER(radius_times(1812, " 32=ftp.example.org 95=20010db8000000"
		"000000000000000007 "), 2);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	EXPECT(&c, 230, "ACCT 4711");
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* The server must prove that it knows the password, too. */
static void
test_mschap(void)
{
	struct server s;

	radius_prepare();
	radius_users[RADIUS_VIRT].name = "virt@pwp";
	radius_users[RADIUS_ANNA].name = "anna@pwp";
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.authentication=mschapv2",
		"radius.realm=pwp"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(ftp_try_login("anna", "pw-2"), 230);
	check_refused("virt", "pw-2", "rejected by the RADIUS server "
		"127.0.0.1");
	CHECK_NUMBER(radius_times(1812, "password=pw"), 0);
	radius_stop(radius);
	radius = radius_serve(1812, RADIUS_UNPROVEN);
	check_refused("virt", "pw-1", "the RADIUS server has not proved that "
		"it knows the password (MS-CHAP2-Success)");
	server_stop(&s);
	radius_stop(radius);
}

/* P35: never uid 0, and never without map_uid. */
static void
test_ids(void)
{
	struct server s;

	radius_prepare();
	radius_users[RADIUS_TOKEN].name = "root";
	radius_users[RADIUS_TOKEN].challenge = NULL;
	radius_users[RADIUS_BERT].name = "carl";
	radius_text(&radius_users[RADIUS_BERT], RADIUS_PWP, 1, "/home/carl");
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, "auth.backends=radius", "radius.servers=127.0.0.1",
		"auth.rejected_users="))
		return;
	check_refused("virt", "pw-1", "the host has no such account, and "
		"map_uid and map_gid are not set");
	check_refused("root", "pw-4", "an account with uid 0 or gid 0 cannot "
		"log in by RADIUS");
	/* The shell of an account of the host. */
	check_refused("carl", "pw-3", "shell /usr/sbin/nologin is not listed "
		"in /etc/shells");
	server_stop(&s);
	/* A name that the host has in a group, but not as an account. */
	files_append_text("/etc/group", "staff2:x:2002:virt\n");
	if (!SERVER(&s, RADIUS_ON, "auth.rejected_users=anna",
		"user.virt.map_uid=7005", "group.staff2.map_gid=7006",
		"radius.require_home=no"))
		return;
	struct ftp c;
	if (radius_enter(&c, "virt", "pw-1")) {
		struct proc p = session_process();
		CHECK_NUMBER(p.uid[1], 7005);
		CHECK_NUMBER(p.gid[1], 7002);
		CHECK(p.ngroups == 0 || (p.ngroups == 1 &&
			p.groups[0] == 7002));
	}
	ftp_close(&c);
	check_refused("anna", "pw-2", "the account is in rejected_users");
	server_stop(&s);
	radius_stop(radius);
}

/* The order of backends: the first that knows the name decides. */
static void
test_backends(void)
{
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "auth.backends=pam radius"))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	check_refused("anna", "pw-2", WRONG_PASSWORD);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(radius_times(1812, " 1=anna "), 0);
	server_stop(&s);
	radius_stop(radius);
}

/* P18: the secret is for root only. */
static void
test_secret(void)
{
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	CHECK(chmod(RADIUS_SECRET_FILE, 0640) == 0);
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK_LOGGED(0, "error radius: RADIUS secret in " RADIUS_SECRET_FILE
		": others can read it; make its mode 0600");
	server_stop(&s);
	/* One for each server. */
	radius_write_secret("# secrets\n192.0.2.9 other\n127.0.0.1 "
		RADIUS_SECRET "\nwrong-for-all\n");
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	server_configure("[radius]\nsecret = " RADIUS_SECRET "\n");
	CHECK(chmod(SERVER_CONFIG, 0600) == 0);
	if (!SERVER(&s, RADIUS_ON, "radius.secret_file=/nonexistent"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	/* No process that talks to clients has it. */
	struct ftp c;
	if (radius_enter(&c, "virt", "pw-1")) {
		CHECK_NUMBER(procs_memory_has(procs_serving(PROCS_SESSION),
			RADIUS_SECRET, strlen(RADIUS_SECRET)), 0);
		CHECK_NUMBER(procs_memory_has(procs_serving(PROCS_MONITOR),
			RADIUS_SECRET, strlen(RADIUS_SECRET)), 0);
	}
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* The process has no rights, and is replaced when it dies. */
static void
test_process(void)
{
	struct server s;
	struct proc p;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK(procs_wait_for_count(PROCESS, 1, 5000) && procs_settle());
	CHECK_NUMBER(procs_list(PROCESS, &p, 1), 1);
	CHECK_NUMBER(p.uid[0], 906);
	CHECK_NUMBER(p.gid[0], 906);
	CHECK(p.permitted == 0 && p.bounding == 0 && p.no_new_privs == 1);
	CHECK_NUMBER(p.seccomp, 2);
	/* A session goes on without it. */
	if (!radius_enter(&c, "virt", "pw-1"))
		return;
	CHECK(kill(p.pid, SIGKILL) == 0);
	EXPECT(&c, 257, "PWD");
	CHECK_LOGGED(0, "error radius was killed by signal 9*");
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	/* A reload replaces it. */
	CHECK_NUMBER(procs_list(PROCESS, &p, 1), 1);
	size_t mark = logged_mark();
	logged_reload(&s);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK(server_wait(p.pid, 5000, NULL));
	/* And an upgrade. */
	CHECK_NUMBER(procs_list(PROCESS, &p, 1), 1);
	CHECK(kill(s.pid, SIGUSR2) == 0);
	CHECK_LOGGED(mark, "info restarted in place, *");
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK(server_wait(p.pid, 5000, NULL));
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	server_stop(&s);
	/* Without radius it does not run. */
	if (!SERVER(&s, "auth.backends=pam"))
		return;
	CHECK_NUMBER(procs_list(PROCESS, &p, 1), 0);
	server_stop(&s);
	radius_stop(radius);
}

/* --explain-login and --check. */
static void
test_explained(void)
{
	static const char *const explain[] = { "-C", SERVER_CONFIG,
		"--explain-login", "virt", NULL };
	static const char *const check[] = { "-C", SERVER_CONFIG, "--check",
		NULL };
	struct ctl_result r;

	radius_prepare();
	server_configure("[auth]\nbackends = pam radius\n[radius]\n"
		"servers = 127.0.0.1\nmap_uid = 7001\nmap_gid = 7002\n"
		"port = 1645\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, explain), 0);
	CHECK_HAS(r.out, "  authentication     not checked: password, by the "
		"RADIUS servers\n");
	CHECK_HAS(r.out, "  home               not checked: as the RADIUS "
		"server's answer says\n");
	CHECK_HAS(r.out, "  account            none, uid 7001, gid 7002\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, check), 0);
	CHECK_HAS(r.err, "port 1645 is the one of old RADIUS servers; the "
		"assigned port is 1812");
	CHECK(chmod(RADIUS_SECRET_FILE, 0644) == 0);
	server_configure("dead_time = 2m\nrequire_message_authenticator = no\n"
		"timeout = 40\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, check), 0);
	CHECK_HAS(r.err, "others can read " RADIUS_SECRET_FILE);
	CHECK_HAS(r.err, "others on the network can forge an accepted login");
	CHECK_HAS(r.err, "accounts that share map_uid can change each other's "
		"files; set jail = home in [session]");
	CHECK_HAS(r.err, "timeout and retries of all servers can take 80 "
		"seconds");
}

CU_TestInfo functional_tests[] = {
	{ "P3, P4, P21, P35: home and ids", test_login },
	{ "a challenge is a 332", test_challenge },
	{ "P15: the realm", test_realm },
	{ "CHAP; the server's name and address", test_chap },
	{ "MS-CHAPv2", test_mschap },
	{ "P35: ids that are refused", test_ids },
	{ "the first backend that knows the name decides", test_backends },
	{ "P18: the secret", test_secret },
	{ "the process has no rights, and is replaced", test_process },
	{ "--explain-login and --check", test_explained },
	CU_TEST_INFO_NULL,
};
