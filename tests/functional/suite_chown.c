/*
 * suite_chown.c - allow_chown: MFF UNIX.owner, and groups that the account is
 * not in; and what a compromised session gets from its monitor.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/change_owner.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/inject.h"
#include "tests/functional/logged.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

const char *const functional_name = "chown";

#define HOME "/home/anna/"
#define ANNA 1001
#define BERT 1002
#define BIT(capability) (UINT64_C(1) << (capability))

static void
make(const char *path, uid_t uid, gid_t gid, mode_t mode)
{
	files_write_as("anna", path, "x", 1);
	CHECK(chown(path, uid, gid) == 0 && chmod(path, mode) == 0);
}

static void
test_delegate(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "user anna.allow_chown=yes") || !ftp_enter(&c, "anna"))
		return;
	make(HOME "a file", ANNA, ANNA, 0644);
	make(HOME "suid", ANNA, ANNA, 04755);
	make(HOME "shared", BERT, BERT, 0666);
	CHECK(mkdir(HOME "d", 0755) == 0 && chown(HOME "d", ANNA, ANNA) == 0);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n MFF modify;UNIX.group;UNIX.mode;UNIX.owner;\n");
	size_t mark = logged_mark();
	/* In any order: the owner is changed last. */
	EXPECT(&c, 213, "MFF UNIX.owner=bert;UNIX.mode=0640;UNIX.group=carl;"
		"modify=20200229123456; a file");
	files_check_owner(HOME "a file", BERT, 1003, 0640);
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna changed "
		"owner of \"" HOME "a file\" to 1002");
	/* The monitor's, which a session cannot leave out. */
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna "
		"allow_chown: changed inode * to owner 1002, group -1 *");
	EXPECT(&c, 250, "MLST a file");
	CHECK_HAS(c.text, "UNIX.owner=1002;");
	/* Not hers any more, and not writable. */
	EXPECT(&c, 550, "MFF UNIX.owner=anna; a file");
	CHECK_HAS(c.text, "550 Neither your own nor a file that you can write");
	EXPECT(&c, 213, "MFF UNIX.ownername=1002; suid");
	files_check_owner(HOME "suid", BERT, ANNA, 0755);
	EXPECT(&c, 213, "MFF UNIX.owner=anna; shared");
	files_check_owner(HOME "shared", ANNA, BERT, 0666);
	EXPECT(&c, 200, "SITE CHGRP carl shared");
	files_check_owner(HOME "shared", ANNA, 1003, 0666);
	EXPECT(&c, 213, "MFF UNIX.owner=bert; d");
	files_check_owner(HOME "d", BERT, ANNA, 0755);
	ftp_close(&c);
	server_stop(&s);
}

/* A reply for each reason, and nothing is changed. */
static void
test_delegate_refused(void)
{
	static const struct {
		int code;
		const char *line, *reason;
	} rows[] = {
		{ 550, "UNIX.owner=root; f", "new owner is a system account" },
		{ 550, "UNIX.owner=901; f", "new owner is a system account" },
		{ 550, "UNIX.group=root; f", "new group is a system group" },
		{ 501, "UNIX.owner=no.such.name; f", "UNIX.owner" },
		{ 501, "UNIX.owner=4294967295; f", "UNIX.owner" },
		{ 501, "UNIX.owner=-1; f", "UNIX.owner" },
		{ 501, "UNIX.owner=; f", "UNIX.owner" },
		{ 550, "UNIX.owner=bert; /etc/passwd", "Neither your own" },
		{ 550, "UNIX.owner=bert; of root",
			"current owner is a system account" },
		{ 550, "UNIX.owner=bert; linked", "one link" },
		{ 550, "UNIX.owner=bert; fifo", "regular file" },
		{ 550, "UNIX.owner=bert; to passwd", "Neither your own" },
		{ 550, "UNIX.owner=bert; missing", "No such file" },
		{ 504, "size=0; f", "UNIX.owner" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "user anna.allow_chown=yes") || !ftp_enter(&c, "anna"))
		return;
	make(HOME "f", ANNA, ANNA, 0644);
	make(HOME "of root", 0, 0, 0666);
	make(HOME "linked", ANNA, ANNA, 0644);
	CHECK(link(HOME "linked", HOME "second") == 0);
	CHECK(symlink("/etc/passwd", HOME "to passwd") == 0);
	CHECK(mkfifo(HOME "fifo", 0600) == 0);
	CHECK(chown(HOME "fifo", ANNA, ANNA) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT(&c, rows[i].code, "MFF %s", rows[i].line);
		CHECK_HAS(c.text, rows[i].reason);
	}
	files_check_owner(HOME "f", ANNA, ANNA, 0644);
	files_check_owner(HOME "of root", 0, 0, 0666);
	files_check_owner(HOME "linked", ANNA, ANNA, 0644);
	files_check_owner("/etc/passwd", 0, 0, 0644);
	CHECK_LOGGED(0, "* could not change owner of \"" HOME "of root\" to "
		"1002: The current owner is a system account (min_chown_id)");
	ftp_close(&c);
	server_stop(&s);
}

static void
check_refuses(const char *name, int code, const char *reason)
{
	struct ftp c;

	if (!ftp_enter(&c, name))
		return;
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "UNIX.owner;\n");
	EXPECT(&c, code, "MFF UNIX.owner=1003; /tmp/f");
	CHECK_HAS(c.text, reason);
	EXPECT(&c, 550, "SITE CHGRP 1003 /tmp/f");
	ftp_close(&c);
}

/* Accounts without the setting, and those without the permission M. */
static void
test_others(void)
{
	struct server s;

	make("/tmp/f", BERT, BERT, 0666);
	if (!SERVER(&s, "user anna.allow_chown=yes",
	    "user anna.permissions=elradfmwT", "anonymous.enabled=yes",
	    "anonymous.user=bert", "anonymous.root=/",
	    "anonymous.allow_chown=yes", "anonymous.permissions=elradfmwM"))
		return;
	check_refuses("bert", 504, "504 The fact UNIX.owner cannot be changed "
		"by this account (allow_chown).");
	check_refuses("anna", 550, "550 No permission to change file modes");
	struct ftp c;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", "a@example.org"), 230);
	EXPECT(&c, 504, "MFF UNIX.owner=1003; /tmp/f");
	EXPECT(&c, 550, "SITE CHGRP 1003 /tmp/f");
	ftp_close(&c);
	files_check_owner("/tmp/f", BERT, BERT, 0666);
	server_stop(&s);
}

/* Only the monitor of a delegate can change owners at all. */
static void
test_rights(void)
{
	static const char *const names[] = { "anna", "bert" };
	const uint64_t give = BIT(CAP_CHOWN) | BIT(CAP_FOWNER);
	struct server s;
	struct ftp c;
	struct proc p;

	if (!SERVER(&s, "user anna.allow_chown=yes"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!ftp_enter(&c, names[i]))
			return;
		EXPECT(&c, 200, "NOOP");
		CHECK(procs_read(procs_serving(PROCS_MONITOR), &p));
		CHECK_NUMBER(p.permitted & give, i == 0 ? give : 0);
		CHECK_NUMBER(p.permitted & BIT(CAP_SETUID), 0);
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	}
	server_stop(&s);
}

/* --- a compromised session */

struct request {
	uint32_t header[2];
	struct message_change_owner body;
};

/* sendmsg() with the request and a descriptor, on whatever is the channel to
 * the monitor: its number is not known here. */
static void
ask(struct captive *c, const char *path, int flags, int64_t uid, int64_t gid)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct cmsghdr *cmsg = &control.align;
	const struct request request = { { MESSAGE_change_owner,
		sizeof(request.body) }, { uid, gid } };
	const uint64_t open_args[6] = { (uint64_t)AT_FDCWD,
		inject_put(c, 0, path, strlen(path) + 1), (uint64_t)flags };
	const int fd = (int)inject_syscall(c, SYS_openat, open_args);

	if (!CHECK_SAYS(fd >= 0, "cannot open %s: %d", path, fd))
		return;
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	struct iovec iov = { (void *)(uintptr_t)inject_put(c, 512, &request,
		sizeof(request)), sizeof(request) };
	const struct msghdr msg = {
		.msg_iov = (void *)(uintptr_t)inject_put(c, 640, &iov,
			sizeof(iov)),
		.msg_iovlen = 1,
		.msg_control = (void *)(uintptr_t)inject_put(c, 704, &control,
			sizeof(control)),
		.msg_controllen = sizeof(control),
	};
	uint64_t at = inject_put(c, 768, &msg, sizeof(msg));
	for (uint64_t to = LOG_DESCRIPTOR + 1; to < 32; to++) {
		const uint64_t send[6] = { to, at,
			MSG_DONTWAIT | MSG_NOSIGNAL };
		const uint64_t receive[6] = { to, inject_put(c, 1024, "", 1),
			64, MSG_DONTWAIT };
		if (inject_syscall(c, SYS_sendmsg, send) !=
		    (long)sizeof(request))
			continue;
		/* So that earlier answers are not left unread. */
		for (int i = 0; i < 100 && inject_syscall(c, SYS_recvfrom,
			receive) == -EAGAIN; i++)
			usleep(10000);
	}
}

static void
check_captured(const char *option, const char *reason)
{
	struct captive captive;
	struct server s;
	struct ftp c;

	make(HOME "f", ANNA, ANNA, 0644);
	if (!SERVER(&s, option) || !ftp_enter(&c, "anna") ||
	    !CHECK(inject_capture(&captive, procs_serving(PROCS_SESSION))))
		return;
	size_t mark = logged_mark();
	ask(&captive, HOME "f", O_RDWR, 0, CHANGE_OWNER_KEEP);
	CHECK_LOGGED(mark, "warning session=1 peer=127.0.0.1 user=anna cannot "
		"change the owner of a file: %s", reason);
	files_check_owner(HOME "f", ANNA, ANNA, 0644);
	ask(&captive, "/etc/passwd", O_RDONLY, ANNA, CHANGE_OWNER_KEEP);
	files_check_owner("/etc/passwd", 0, 0, 0644);
	(void)inject_release(&captive);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_captured(void)
{
	check_captured("user bert.allow_chown=yes", "Owners cannot be changed "
		"by this account (allow_chown)");
	check_captured("user anna.allow_chown=yes", "The new owner is a system "
		"account (min_chown_id)");
}

CU_TestInfo functional_tests[] = {
	{ "a delegate gives files away", test_delegate },
	{ "a delegate's refusals say why", test_delegate_refused },
	{ "nobody else changes owners", test_others },
	{ "only monitors that need it can change owners", test_rights },
	{ "a captured session gains nothing", test_captured },
	CU_TEST_INFO_NULL,
};
