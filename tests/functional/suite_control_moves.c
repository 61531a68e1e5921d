/*
 * suite_control_moves.c - the path of the control socket: changed by a reload,
 * unsafe (rule R10), and used by other programs.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/channel.h"
#include "daemon/control/scoreboard.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>

const char *const functional_name = "control_moves";

#define OTHER "/run/other/control"

static struct ctl_result r;

static void
check_answers(const char *path, bool wanted)
{
	CTL(&r, "--socket", path, "who");
	CHECK_SAYS(r.status == (wanted ? EX_OK : EX_UNAVAILABLE), "%s: %d, %s",
		path, r.status, r.err);
	CHECK_SAYS(files_exist(path) == wanted, "%s", path);
}

static void
reload(const struct server *s, const char *path)
{
	files_writef(SERVER_CONFIG, "[server]\ncontrol_socket = %s\n", path);
	logged_reload(s);
}

static void
test_reload(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	check_answers(CTL_SOCKET, true);
	reload(&s, OTHER);
	check_answers(OTHER, true);
	CHECK_HAS(r.out, "anna");
	check_answers(CTL_SOCKET, false);
	reload(&s, "");
	check_answers(OTHER, false);
	CHECK_NUMBER(procs_listening(s.pid), 1);
	reload(&s, CTL_SOCKET);
	check_answers(CTL_SOCKET, true);
	/* A reload with the same path keeps the socket, and recreates it if it
	 * was removed. */
	struct stat before, after;
	CHECK(lstat(CTL_SOCKET, &before) == 0);
	reload(&s, CTL_SOCKET);
	CHECK(lstat(CTL_SOCKET, &after) == 0);
	CHECK(before.st_ino == after.st_ino);
	CHECK(unlink(CTL_SOCKET) == 0);
	reload(&s, CTL_SOCKET);
	check_answers(CTL_SOCKET, true);
	/* If the new socket cannot be created, the old one stays. */
	reload(&s, "/no/such/place/control");
	CHECK_LOGGED(0, "warning control_socket /no/such/place/control: No "
		"such file or directory; sureftpctl cannot reach the server "
		"there");
	check_answers(CTL_SOCKET, true);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
	CHECK(!files_exist(CTL_SOCKET));
}

static void
test_untrusted_places(void)
{
	static const char *const paths[] = {
		"/home/anna/control", "/home/anna/new/control",
		"/run/world/link/control", "/run/loose/control",
		"/run/loose/new/control", "/run/loose/tight/control",
	};
	struct server s;
	struct ftp c;

	mkdir("/run/loose", 0755);
	mkdir("/run/loose/tight", 0755);
	CHECK(chmod("/run/loose", 01777) == 0);
	unlink("/run/world/link");
	CHECK(symlink("/home/anna", "/run/world/link") == 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char option[128];
		snprintf(option, sizeof(option), "server.control_socket=%s",
			paths[i]);
		unlink(SERVER_ERRORS);
		if (!SERVER(&s, option))
			return;
		CHECK_LOGGED(0, "warning control_socket %s: its directory or "
			"one above it is not owned by root, or is writable by "
			"others; sureftpctl cannot reach the server there",
			paths[i]);
		CHECK_SAYS(!files_exist(paths[i]), "%s", paths[i]);
		CHECK(ftp_enter(&c, "anna"));
		ftp_close(&c);
		server_stop(&s);
	}
	CHECK(!files_exist("/home/anna/new"));
	CHECK(!files_exist("/run/loose/new"));
}

/* A link that root has made leads on, as /var/run does. */
static void
test_link_of_root(void)
{
	struct server s;

	mkdir("/run/real", 0755);
	unlink("/run/also");
	CHECK(symlink("/run/real", "/run/also") == 0);
	if (!SERVER(&s, "server.control_socket=/run/also/control"))
		return;
	check_answers("/run/also/control", true);
	check_answers("/run/real/control", true);
	server_stop(&s);
	check_answers("/run/real/control", false);
}

static void
test_something_else_is_there(void)
{
	struct server s;

	mkdir("/run/other", 0755);
	CHECK(files_write_text(OTHER, "precious"));
	if (!SERVER(&s, "server.control_socket=" OTHER))
		return;
	CHECK_LOGGED(0, "warning control_socket " OTHER ": exists and is not "
		"a socket; sureftpctl cannot reach the server there");
	server_stop(&s);
	CHECK(files_same(OTHER, "precious", 8));
	CHECK(unlink(OTHER) == 0);
}

/* Replaced by another file, which the server must not remove. */
static void
test_taken_over(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK(unlink(CTL_SOCKET) == 0);
	CHECK(files_write_text(CTL_SOCKET, "mine"));
	server_stop(&s);
	CHECK(files_same(CTL_SOCKET, "mine", 4));
	CHECK(unlink(CTL_SOCKET) == 0);
}

/* --- programs other than a server of this version */

static void
say_nothing(int fd UNUSED)
{
}

static void
say_garbage(int fd)
{
	(void)!send(fd, "good morning", 12, MSG_NOSIGNAL);
}

/* The message is valid, but not the attached descriptor. */
static void
send_board(int fd, const void *data, size_t len)
{
	struct channel c;
	struct message m;

	channel_open(&c, fd, PARTY_MASTER, PARTY_CONTROL, &channel_any_phase);
	message_zero(&m);
	m.type = MESSAGE_scoreboard;
	m.fds[0] = memfd_create("board", MFD_CLOEXEC);
	(void)!write(m.fds[0], data, len);
	(void)!channel_send(&c, &m);
}

static void
say_other_version(int fd)
{
	send_board(fd, "17.4\033[2J\0and what it has\n", 24);
}

static void
say_other_size(int fd)
{
	struct scoreboard s;

	memset(&s, 0, sizeof(s));
	snprintf(s.version, sizeof(s.version), "%s", PACKAGE_VERSION);
	s.size = sizeof(s);
	s.listener_size = sizeof(struct scoreboard_listener);
	s.session_size = sizeof(struct scoreboard_session) + 8;
	send_board(fd, &s, sizeof(s));
}

static void
say_too_little(int fd)
{
	struct scoreboard s;

	memset(&s, 0, sizeof(s));
	snprintf(s.version, sizeof(s.version), "%s", PACKAGE_VERSION);
	s.size = sizeof(s);
	s.listener_size = sizeof(struct scoreboard_listener);
	s.session_size = sizeof(struct scoreboard_session);
	s.sessions = 1000;
	send_board(fd, &s, sizeof(s));
}

/* One connection, served by this function in a child. */
static void
stand_in(void (*serve)(int fd))
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = OTHER };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	mkdir("/run/other", 0755);
	unlink(OTHER);
	CHECK(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	CHECK(listen(fd, 1) == 0);
	fflush(stdout);
	if (fork() == 0) {
		int client = accept(fd, NULL, NULL);
		network_readable(client, 5000);
		serve(client);
		_exit(0);
	}
	close(fd);
}

static void
test_other_versions(void)
{
	static void (*const programs[])(int) = { say_nothing, say_garbage,
		say_other_version, say_other_size, say_too_little };

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		stand_in(programs[i]);
		CHECK_NUMBER(CTL(&r, "who", "--socket", OTHER), EX_PROTOCOL);
		CHECK_HAS(r.err, "version mismatch");
		CHECK_HAS(r.err, "sureftpctl is " PACKAGE_VERSION "\n");
		CHECK_TEXT(r.out, "");
		if (programs[i] == say_other_version)
			CHECK_HAS(r.err, "is 17.4\\x1B[2J, this");
	}
	unlink(OTHER);
}

CU_TestInfo functional_tests[] = {
	{ "a reload moves the socket", test_reload },
	{ "not in directories that others can write to",
		test_untrusted_places },
	{ "root's symbolic links are followed", test_link_of_root },
	{ "an existing file is not replaced", test_something_else_is_there },
	{ "a file that replaced the socket is not removed", test_taken_over },
	{ "servers of other versions", test_other_versions },
	CU_TEST_INFO_NULL,
};
