/*
 * test_privs.c - dropping privileges, in children, permanently.
 */
#include "common/base.h"
#include "common/process/privs.h"

#include "common/log/log.h"
#include "common/process/message.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

const char *const unit_name = "privs";

#define SOMEBODY 12345

static const cap_value_t none[] = { PRIVS_END };
static const cap_value_t kill_only[] = { CAP_KILL, PRIVS_END };

static void
become_somebody(void)
{
	static const gid_t groups[] = { 70003, 70001, 70002, 70001 };
	uid_t r, e, s;

	privs_set_ids(SOMEBODY, SOMEBODY + 1, groups, ARRAY_SIZE(groups));
	CHILD_CHECK(getresuid(&r, &e, &s) == 0);
	CHILD_CHECK(r == SOMEBODY && e == SOMEBODY && s == SOMEBODY);
	CHILD_CHECK(getegid() == SOMEBODY + 1);
	CHILD_CHECK(getgroups(0, NULL) == 4);
	CHILD_CHECK(setuid(0) < 0 && setgid(0) < 0);
}

static void
become_nobodys_friend(void)
{
	static const gid_t before[] = { 7, 8 };

	CHILD_CHECK(setgroups(2, before) == 0);
	privs_set_ids(SOMEBODY, SOMEBODY, NULL, 0);
	CHILD_CHECK(getgroups(0, NULL) == 0);
}

/* Groups are set even when the list is empty (rule R9). */
static void
test_ids(void)
{
	if (child_skip_without_root("ids"))
		return;
	CU_ASSERT_EQUAL(child_run(become_somebody), 0);
	CU_ASSERT_EQUAL(child_run(become_nobodys_friend), 0);
}

static void
become_without_right(void)
{
	CHILD_CHECK(setresuid(SOMEBODY, SOMEBODY, SOMEBODY) == 0);
	privs_set_ids(SOMEBODY + 1, SOMEBODY, NULL, 0);
}

static void
become_minus_one(void)
{
	signal(SIGABRT, SIG_DFL);
	privs_set_ids((uid_t)-1, SOMEBODY, NULL, 0);
}

static void
test_ids_refused(void)
{
	if (child_skip_without_root("ids that cannot be had"))
		return;
	CU_ASSERT_EQUAL(child_run(become_without_right), OUTCOME_ERROR);
	CU_ASSERT_EQUAL(child_run(become_minus_one), CHILD_KILLED + SIGABRT);
}

/* Someone left a door open: a uid of 0 in reserve would let root come back,
 * and the capabilities stay across the change. */
static void
keep_a_way_back(void)
{
	CHILD_CHECK(prctl(PR_SET_SECUREBITS, 1 << 2, 0, 0, 0) == 0);
	privs_set_ids(SOMEBODY, SOMEBODY, NULL, 0);
}

static void
test_way_back_is_fatal(void)
{
	if (child_skip_without_root("a way back"))
		return;
	CU_ASSERT_EQUAL(child_run(keep_a_way_back), OUTCOME_ERROR);
}

static void
drop_caps(void)
{
	privs_limit_bounding(none);
	CHILD_CHECK(cap_get_bound(CAP_CHOWN) == 0);
	privs_limit_caps(none);
	cap_t now = cap_get_proc(), empty = cap_init();
	CHILD_CHECK(cap_compare(now, empty) == 0);
	cap_free(now);
	cap_free(empty);
	CHILD_CHECK(chown("/", 0, 0) < 0 || geteuid() == 0);
	CHILD_CHECK(setgroups(0, NULL) < 0);
}

static void
keep_kill(void)
{
	cap_flag_value_t value;

	privs_limit_bounding(kill_only);
	CHILD_CHECK(cap_get_bound(CAP_KILL) == 1);
	CHILD_CHECK(cap_get_bound(CAP_SETUID) == 0);
	privs_limit_caps(kill_only);
	cap_t now = cap_get_proc();
	CHILD_CHECK(cap_get_flag(now, CAP_KILL, CAP_EFFECTIVE, &value) == 0 &&
		value == CAP_SET);
	CHILD_CHECK(cap_get_flag(now, CAP_SETUID, CAP_PERMITTED, &value) == 0 &&
		value == CAP_CLEAR);
	CHILD_CHECK(cap_get_flag(now, CAP_KILL, CAP_INHERITABLE, &value) == 0 &&
		value == CAP_CLEAR);
	cap_free(now);
	CHILD_CHECK(setuid(SOMEBODY) < 0);
}

/* Inheritable and ambient sets would survive an exec. */
static void
drop_ambient(void)
{
	static const cap_value_t kill_cap[] = { CAP_KILL };
	cap_t now = cap_get_proc();

	CHILD_CHECK(cap_set_flag(now, CAP_INHERITABLE, 1, kill_cap,
		CAP_SET) == 0);
	CHILD_CHECK(cap_set_proc(now) == 0);
	cap_free(now);
	CHILD_CHECK(cap_set_ambient(CAP_KILL, CAP_SET) == 0);
	privs_limit_caps(kill_only);
	CHILD_CHECK(cap_get_ambient(CAP_KILL) == 0);
}

static void
withheld_stays_out(void)
{
	BUFFER(missing, 100);

	privs_limit_caps(none);
	privs_limit_caps(kill_only);
	privs_add_missing(&missing, kill_only);
	CHILD_CHECK(strcmp(buffer_text(&missing), "cap_kill") == 0);
}

static void
bounding_without_right(void)
{
	privs_limit_caps(kill_only);
	privs_limit_bounding(none);
}

static void
test_caps(void)
{
	if (child_skip_without_root("capabilities"))
		return;
	CU_ASSERT_EQUAL(child_run(drop_caps), 0);
	CU_ASSERT_EQUAL(child_run(keep_kill), 0);
	CU_ASSERT_EQUAL(child_run(drop_ambient), 0);
	CU_ASSERT_EQUAL(child_run(withheld_stays_out), 0);
	CU_ASSERT_EQUAL(child_run(bounding_without_right), OUTCOME_ERROR);
}

static void
nothing_missing(void)
{
	BUFFER(missing, 100);

	privs_add_missing(&missing, none);
	CHILD_CHECK(missing.len == 0);
}

static void
flags(void)
{
	privs_no_new();
	CHILD_CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	privs_not_dumpable();
	CHILD_CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
}

static void
test_flags(void)
{
	CU_ASSERT_EQUAL(child_run(nothing_missing), 0);
	CU_ASSERT_EQUAL(child_run(flags), 0);
}

static void
enter_directory(void)
{
	char path[] = "/tmp/unit_privs.XXXXXX";
	struct stat st;

	CHILD_CHECK(mkdtemp(path) != NULL);
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHILD_CHECK(fd >= 0 && rmdir(path) == 0);
	privs_root_directory(fd);
	CHILD_CHECK(stat("/etc", &st) < 0 && errno == ENOENT);
	CHILD_CHECK(stat("../../etc", &st) < 0);
	/* Removed: not even root can put something into it. */
	CHILD_CHECK(mkdir("/x", 0700) < 0 && errno == ENOENT);
	CHILD_CHECK(open("/x", O_CREAT | O_WRONLY, 0600) < 0);
}

static void
enter_no_directory(void)
{
	privs_root_directory(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

static void
test_root_directory(void)
{
	if (child_skip_without_root("root directory"))
		return;
	CU_ASSERT_EQUAL(child_run(enter_directory), 0);
	CU_ASSERT_EQUAL(child_run(enter_no_directory), OUTCOME_ERROR);
}

static void
orphan(void)
{
	privs_die_with_parent(getppid());
	/* Somebody else's child: the parent died in between. */
	privs_die_with_parent(getpid());
}

static void
test_parent(void)
{
	CU_ASSERT_EQUAL(child_run(orphan), OUTCOME_LOST);
}

/* A call that says it did its work and did nothing: its number, and its first
 * argument where it has many uses. */
struct lie {
	unsigned call;
	int first;		/* -1: any */
	void (*drop)(void);
};

static const struct lie *told;

static void
believe(void)
{
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, told->call, 0, 4),
		BPF_JUMP(BPF_JMP | BPF_JA, told->first < 0 ? 2 : 0, 0, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)told->first,
			0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = ARRAY_SIZE(code),
		.filter = (struct sock_filter *)(uintptr_t)code,
	};

	CHILD_CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
	told->drop();
}

static void
drop_groups(void)
{
	static const gid_t groups[] = { 70001 };

	privs_set_ids(SOMEBODY, SOMEBODY, groups, ARRAY_SIZE(groups));
}

static void
drop_bounding(void)
{
	privs_limit_bounding(kill_only);
}

static void
drop_most_caps(void)
{
	privs_limit_caps(kill_only);
}

static void
follow_parent(void)
{
	privs_die_with_parent(getppid());
}

/* Each proof finds what its call has not done (rule R9). */
static void
test_proofs(void)
{
	static const struct lie lies[] = {
#ifdef SYS_setgroups32
		{ SYS_setgroups32, 1, drop_groups },
		{ SYS_setresgid32, SOMEBODY, drop_groups },
		{ SYS_setresuid32, SOMEBODY, drop_groups },
#else
		{ SYS_setgroups, 1, drop_groups },
		{ SYS_setresgid, SOMEBODY, drop_groups },
		{ SYS_setresuid, SOMEBODY, drop_groups },
#endif
		{ SYS_capset, -1, drop_most_caps },
		{ SYS_prctl, PR_CAPBSET_DROP, drop_bounding },
		{ SYS_prctl, PR_SET_NO_NEW_PRIVS, privs_no_new },
		{ SYS_prctl, PR_SET_DUMPABLE, privs_not_dumpable },
		{ SYS_prctl, PR_SET_PDEATHSIG, follow_parent },
	};

	if (child_skip_without_root("proofs"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		told = &lies[i];
		CU_ASSERT_EQUAL(child_run(believe), OUTCOME_ERROR);
	}
}

CU_TestInfo unit_tests[] = {
	{ "an account's ids and groups replace root's", test_ids },
	{ "ids that cannot be set end the process", test_ids_refused },
	{ "a way back to root ends the process", test_way_back_is_fatal },
	{ "capabilities are dropped permanently", test_caps },
	{ "an incomplete drop ends the process", test_proofs },
	{ "no new privileges, no debugger", test_flags },
	{ "an empty root directory stays empty", test_root_directory },
	{ "an orphan exits", test_parent },
	CU_TEST_INFO_NULL
};
