/*
 * suite_admins.c - who may use sureftpctl: root, admin_users, and members of
 * admin_groups.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/channel.h"
#include "tests/functional/accounts.h"
#include "tests/functional/ctl.h"

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "admins";

#define ANNA 1001u
#define BERT 1002u

static struct ctl_result r;

static const char *const commands[][4] = {
	{ "who" }, { "status" }, { "kick", "--all" }, { "drain" },
	{ "resume" }, { "reload" }, { "set", "max_clients", "9" },
	{ "log", "level", "info" }, { "top" },
};

static void
check_refused_all(uid_t uid)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		CHECK_SAYS(ctl_run(&r, uid, commands[i]) == EX_NOPERM,
			"%s: %d, %s", commands[i][0], r.status, r.err);
		CHECK_HAS(r.err, "admin_users");
		CHECK_TEXT(r.out, "");
	}
}

static mode_t
mode_of_socket(void)
{
	struct stat st = { 0 };

	CHECK(lstat(CTL_SOCKET, &st) == 0);
	return st.st_mode & 07777;
}

static void
test_nobody_but_root(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	check_refused_all(ANNA);
	server_stop(&s);
}

static void
test_admin_users(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "server.admin_users=anna 4711"))
		return;
	CHECK_NUMBER(mode_of_socket(), 0666);
	CHECK(ftp_enter(&c, "bert"));
	CHECK_NUMBER(CTL_AS(ANNA, &r, "who"), EX_OK);
	CHECK_HAS(r.out, "bert");
	CHECK_NUMBER(CTL_AS(4711, &r, "status"), EX_OK);
	CHECK_NUMBER(CTL_AS(ANNA, &r, "kick", "--user", "bert"), EX_OK);
	EXPECT_REPLY(&c, 421);
	CHECK_LOGGED(0, "info sureftpctl kick user bert by uid 1001*");
	check_refused_all(BERT);
	EXPECT_WAS(&c, 421);
	CHECK_LOGGED(0, "warning control socket: refused uid 1002, which is "
		"neither root nor in admin_users or admin_groups");
	ftp_close(&c);
	/* Until a reload changes it. */
	server_configure("[server]\nadmin_groups = bert\n");
	CHECK_NUMBER(CTL_AS(BERT, &r, "who"), EX_NOPERM);
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK_NUMBER(CTL_AS(BERT, &r, "who"), EX_OK);
	server_stop(&s);
}

/* Run sureftpctl as a user with this supplementary group. */
static int
ask_with_group(gid_t group)
{
	static struct message m;
	static struct channel c;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (setgroups(1, &group) != 0 ||
			setresgid(4711, 4711, 4711) != 0 ||
			setresuid(4711, 4711, 4711) != 0)
			_exit(9);
		channel_open(&c, ctl_connect(CTL_SOCKET), PARTY_CONTROL,
			PARTY_MASTER, &channel_any_phase);
		message_begin(&m, MESSAGE_ask_scoreboard);
		(void)!channel_send(&c, &m);
		if (channel_recv(&c, &m) != 1)
			_exit(8);
		_exit(m.type == MESSAGE_scoreboard ? 0 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_admin_groups(void)
{
	struct server s;

	if (!SERVER(&s, "server.admin_groups=team"))
		return;
	CHECK_NUMBER(ask_with_group(ACCOUNTS_TEAM_GID), 0);
	CHECK_NUMBER(ask_with_group(ACCOUNTS_TEAM_GID + 1), 1);
	check_refused_all(BERT);
	server_stop(&s);
	if (!SERVER(&s, "server.admin_groups=1002, 7"))
		return;
	CHECK_NUMBER(CTL_AS(BERT, &r, "who"), EX_OK);
	CHECK_NUMBER(CTL_AS(ANNA, &r, "who"), EX_NOPERM);
	server_stop(&s);
}

static void
test_mode_follows(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(mode_of_socket(), 0600);
	server_configure("[server]\nadmin_users = anna\n");
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK_NUMBER(mode_of_socket(), 0666);
	CHECK_NUMBER(CTL_AS(ANNA, &r, "who"), EX_OK);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "by default root only, for every command", test_nobody_but_root },
	{ "admin_users: names and numbers", test_admin_users },
	{ "admin_groups, also supplementary ones", test_admin_groups },
	{ "the socket's mode follows the settings", test_mode_follows },
	CU_TEST_INFO_NULL,
};
