/*
 * suite_processes.c - ids, capabilities, filters and descriptors of each
 * process, from /proc (rules R3, R9, R26, R30, R31).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/lists.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>

const char *const functional_name = "processes";

#define BIT(cap) (UINT64_C(1) << (cap))

/* What the monitor may keep while a session runs (design section 5). */
#define MONITOR_CAPS                                                     \
	(BIT(CAP_KILL) | BIT(CAP_NET_BIND_SERVICE) |                     \
		BIT(CAP_AUDIT_WRITE) | BIT(CAP_DAC_OVERRIDE))

/* Capabilities that no process of the server needs. */
#define NOBODYS_CAPS                                                     \
	(BIT(CAP_SYS_MODULE) | BIT(CAP_SYS_RAWIO) | BIT(CAP_SYS_BOOT) |  \
		BIT(CAP_SYS_PTRACE) | BIT(CAP_NET_ADMIN) |               \
		BIT(CAP_NET_RAW) | BIT(CAP_SYS_TIME) | BIT(CAP_MKNOD) |  \
		BIT(CAP_MAC_ADMIN) | BIT(CAP_SYSLOG))

static struct proc
serving(const char *name)
{
	struct proc p = { 0 };

	CHECK(procs_settle());
	pid_t pid = procs_serving(name);
	CHECK_SAYS(pid > 1 && procs_read(pid, &p), "no %s serves", name);
	return p;
}

static struct proc
only(const char *name)
{
	struct proc p = { 0 };

	CHECK(procs_settle());
	CHECK_SAYS(procs_list(name, &p, 1) == 1, "not one %s", name);
	return p;
}

static void
check_ids(const struct proc *p, uid_t uid, gid_t gid)
{
	for (size_t i = 0; i < 4; i++) {
		CHECK_SAYS(p->uid[i] == uid, "%s: uid %zu is %u", p->name, i,
			p->uid[i]);
		CHECK_SAYS(p->gid[i] == gid, "%s: gid %zu is %u", p->name, i,
			p->gid[i]);
	}
}

static void
check_caps(const struct proc *p, uint64_t allowed)
{
	CHECK_SAYS(p->inheritable == 0, "%s: inheritable %#jx", p->name,
		(uintmax_t)p->inheritable);
	CHECK_SAYS(p->ambient == 0, "%s: ambient %#jx", p->name,
		(uintmax_t)p->ambient);
	CHECK_SAYS((p->permitted & ~allowed) == 0, "%s: permitted %#jx",
		p->name, (uintmax_t)p->permitted);
	CHECK_SAYS((p->effective & ~allowed) == 0, "%s: effective %#jx",
		p->name, (uintmax_t)p->effective);
	CHECK_SAYS((p->bounding & ~allowed) == 0, "%s: bounding %#jx",
		p->name, (uintmax_t)p->bounding);
}

/* What /proc shows of a process that is not dumpable belongs to root, whoever
 * it is. */
static void
check_closed(const struct proc *p)
{
	char path[64];
	struct stat st = { .st_uid = 12345 };

	CHECK_NUMBER(p->no_new_privs, 1);
	CHECK_NUMBER(p->seccomp, 2);
	snprintf(path, sizeof(path), "/proc/%d/environ", p->pid);
	CHECK(stat(path, &st) == 0);
	CHECK_SAYS(st.st_uid == 0, "%s is dumpable", p->name);
}

static void
check_no_core(const struct proc *p)
{
	char path[64], limits[4096];

	snprintf(path, sizeof(path), "/proc/%d/limits", p->pid);
	CHECK(files_read(path, limits, sizeof(limits)) > 0);
	CHECK_HAS(limits, "Max core file size        0                    0 ");
	CHECK_HAS(limits, "Max processes             0                    0 ");
}

static void
test_master(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	struct proc p = { 0 };
	CHECK(procs_settle());
	CHECK(procs_read(s.pid, &p));
	CHECK_TEXT(p.name, PROCS_MASTER);
	check_ids(&p, 0, 0);
	check_caps(&p, ~NOBODYS_CAPS);
	CHECK_NUMBER(p.ngroups, 0);
	CHECK(procs_listening(p.pid) >= 1);
	server_stop(&s);
}

static void
test_greeter(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	struct proc p = serving(PROCS_GREETER);
	check_ids(&p, 901, 901);
	CHECK_NUMBER(p.ngroups, 0);
	check_caps(&p, 0);
	check_closed(&p);
	check_no_core(&p);
	/* Its root directory holds nothing, and nothing can be made there. */
	CHECK(procs_root_entries(p.pid) <= 2);
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/root/x", p.pid);
	CHECK(mkdir(path, 0700) != 0);
	/* The same for idle workers. */
	struct proc list[8];
	size_t n = procs_list(PROCS_GREETER, list, 8);
	CHECK(n >= 2);
	for (size_t i = 0; i < n && i < 8; i++) {
		check_ids(&list[i], 901, 901);
		check_caps(&list[i], 0);
		check_closed(&list[i]);
		CHECK(procs_root_entries(list[i].pid) <= 2);
	}
	ftp_close(&c);
	server_stop(&s);
}

static void
test_session(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	struct proc p = serving(PROCS_SESSION);
	check_ids(&p, 1001, 1001);
	for (size_t i = 0; i < p.ngroups; i++)
		CHECK(p.groups[i] == 1001 ||
			p.groups[i] == ACCOUNTS_TEAM_GID);
	CHECK(p.ngroups >= 1 && p.ngroups <= 2);
	check_caps(&p, 0);
	check_closed(&p);
	check_no_core(&p);
	ftp_close(&c);
	/* An account without groups has no groups left over from other
	 * processes. */
	if (!ftp_enter(&c, "jan"))
		return;
	p = serving(PROCS_SESSION);
	check_ids(&p, 1010, 1010);
	for (size_t i = 0; i < p.ngroups; i++)
		CHECK_NUMBER(p.groups[i], 1010);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_monitor(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	struct proc p = serving(PROCS_MONITOR);
	CHECK_TEXT(p.name, PROCS_MONITOR);
	check_ids(&p, 0, 0);
	check_caps(&p, MONITOR_CAPS);
	CHECK_NUMBER(p.no_new_privs, 1);
	CHECK_NUMBER(procs_connected(p.pid), 0);
	/* Before login PAM needs more, but not everything. */
	struct proc list[8];
	size_t n = procs_list(PROCS_MONITOR, list, 8);
	for (size_t i = 0; i < n && i < 8; i++)
		check_caps(&list[i], ~NOBODYS_CAPS);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_recorder(void)
{
	struct server s;

	if (!SERVER(&s, "log.xferlog_file=/var/log/xferlog"))
		return;
	struct proc p = only(PROCS_RECORDER);
	check_ids(&p, 902, 902);
	CHECK_NUMBER(p.ngroups, 0);
	check_caps(&p, 0);
	check_closed(&p);
	check_no_core(&p);
	server_stop(&s);
}

/* Rule R26 */
static void
test_descriptors(void)
{
	struct server s;
	struct ftp c[3];
	struct proc list[64];
	char text[256];

	if (!SERVER(&s))
		return;
	ftp_enter(&c[0], "anna");
	ftp_enter(&c[1], "bert");
	CHECK_NUMBER(ftp_connect(&c[2]), 220);
	size_t n = procs_list(NULL, list, 64);
	for (size_t i = 0; i < n && i < 64; i++) {
		const struct proc *p = &list[i];
		if (p->pid == s.pid)
			continue;
		CHECK_SAYS(procs_listening(p->pid) == 0,
			"%s holds a listening socket", p->name);
		CHECK_SAYS(procs_connected(p->pid) <= 1,
			"%s holds more than its client", p->name);
		CHECK_SAYS(procs_open(p->pid) <= 10, "%s has %zu descriptors",
			p->name, procs_open(p->pid));
		for (int fd = 0; fd < 64; fd++) {
			procs_descriptor(p->pid, fd, text, sizeof(text));
			CHECK_SAYS(strncmp(text, "/etc", 4) != 0 &&
					strncmp(text, "/home", 5) != 0,
				"%s has %s open", p->name, text);
		}
	}
	/* The listener of PASV is the session's, and gone after use. */
	pid_t session = procs_serving(PROCS_SESSION);
	CHECK_NUMBER(ftp_put(&c[0], "x", 1, "STOR f"), 226);
	CHECK_NUMBER(ftp_put(&c[1], "x", 1, "STOR f"), 226);
	CHECK_NUMBER(procs_listening(session), 0);
	EXPECT(&c[0], 229, "EPSV");
	EXPECT(&c[0], 229, "EPSV");
	EXPECT(&c[1], 229, "EPSV");
	CHECK_NUMBER(procs_listening(session), 1);
	for (int i = 0; i < 3; i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* A descriptor leak shows as a growing number. */
static void
test_descriptors_do_not_grow(void)
{
	struct server s;
	struct ftp c;
	size_t len, session = 0, master = 0;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 30; i++) {
		struct ftp other;
		if (i == 10) {
			session = procs_open(procs_serving(PROCS_SESSION));
			master = procs_open(s.pid);
		}
		free(ftp_get(&c, &len, "LIST -R /home/anna"));
		ftp_put(&c, "x", 1, "STOR f");
		free(ftp_get(&c, &len, "RETR f"));
		ftp_command(&c, "RETR missing");
		ftp_command(&c, "EPSV");
		ftp_command(&c, "ABOR");
		ftp_connect(&other);
		ftp_login(&other, "bert", i % 2 ? "bert-pass" : "wrong");
		ftp_close(&other);
	}
	CHECK_NUMBER(procs_open(procs_serving(PROCS_SESSION)), session);
	CHECK(procs_wait_for_count(PROCS_SESSION, 1, 3000));
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 3000));
	CHECK_SAYS(procs_open(s.pid) <= master + 2, "the master has %zu, had "
		"%zu", procs_open(s.pid), master);
	ftp_close(&c);
	server_stop(&s);
}

/* Rule R31.  Control: data that is not wiped is found. */
static void
test_passwords_are_wiped(void)
{
	struct server s;
	struct ftp c, wrong;
	char *line = files_pattern(64);

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	procs_check_lack("anna-pass");
	pid_t session = procs_serving(PROCS_SESSION);
	CHECK_NUMBER(procs_memory_has(session, "/home/anna", 10), 1);
	/* A wrong one is worth as much: the greeter is still there. */
	CHECK_NUMBER(ftp_connect(&wrong), 220);
	CHECK_NUMBER(ftp_login(&wrong, "bert", "hunter-two-or-three"), 530);
	procs_check_lack("hunter-two-or-three");
	/* Sent in two halves, and with a command behind it. */
	EXPECT(&wrong, 331, "USER bert");
	ftp_send_text(&wrong, "PASS hunter-fo");
	CHECK(network_was_read(wrong.fd));
	ftp_send_text(&wrong, "ur-or-five\r\nNOOP\r\n");
	EXPECT_REPLY(&wrong, 530);
	EXPECT_REPLY(&wrong, 200);
	procs_check_lack("hunter-four-or-five");
	/* Before USER, and to the wrong process. */
	EXPECT(&wrong, 503, "PASS hunter-six-or-seven");
	procs_check_lack("hunter-six-or-seven");
	EXPECT(&c, 503, "PASS hunter-eight-or-nine");
	procs_check_lack("hunter-eight-or-nine");
	EXPECT(&c, 202, "ACCT hunter-ten-or-twelve");
	procs_check_lack("hunter-ten-or-twelve");
	ftp_close(&wrong);
	ftp_close(&c);
	server_stop(&s);
out:
	free(line);
}

/* The kernel lets a session list its own map_files, whose names are addresses
 * of memory.  Those of root have the same, so no client is shown them. */
static void
test_layout(void)
{
	static const struct {
		const char *verb, *rest;
	} refused[] = { { "CWD", "" }, { "LIST", "" }, { "NLST", "/*" },
		{ "MLSD", "" }, { "STAT", "" }, { "MLST", "/x" },
		{ "SIZE", "/x" } };
	static const char *const names[] = { "/proc/self/map_files", "link",
		"/proc/self", "proc/self/map_files" };
	struct server s;
	struct ftp c;

	CHECK(symlink("/proc/self/map_files", "/home/anna/link") == 0);
	CHECK(mkdir("/home/anna/proc", 0755) == 0 &&
		mount("/proc", "/home/anna/proc", NULL, MS_BIND | MS_REC,
		NULL) == 0);
	if (!SERVER(&s, "limits.max_list_depth=9") || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t k = 0; k < ARRAY_SIZE(refused); k++) {
			EXPECT(&c, 229, "EPSV");
			EXPECT(&c, 550, "%s %s%s", refused[k].verb, names[i],
				refused[k].rest);
			CHECK_HAS(c.text, "Permission denied");
		}
	char *text = lists_get(&c, "LIST -R");
	CHECK_HAS(text, "proc");
	CHECK(strstr(text, " map_files") == NULL);
	free(text);
	ftp_close(&c);
	server_stop(&s);
	CHECK(umount2("/home/anna/proc", MNT_DETACH) == 0);
}

CU_TestInfo functional_tests[] = {
	{ "the master: root with only the capabilities it needs", test_master },
	{ "the greeter: unprivileged, in an empty root, with a filter",
		test_greeter },
	{ "the session: the account's ids, no capabilities, a filter",
		test_session },
	{ "the monitor: few capabilities after login", test_monitor },
	{ "the recorder: its own account, a filter", test_recorder },
	{ "no worker holds a socket or file of others", test_descriptors },
	{ "descriptors do not leak", test_descriptors_do_not_grow },
	{ "the memory layout is not shown", test_layout },
	{ "passwords are erased from all processes", test_passwords_are_wiped },
	CU_TEST_INFO_NULL,
};
