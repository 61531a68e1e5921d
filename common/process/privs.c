/*
 * privs.c - drop privileges, and verify that they are gone.
 *
 * Runs in: every process, through role_enter().  Never: returns when a
 * privilege could not be dropped.
 */
#include "common/base.h"
#include "common/process/privs.h"

#include "common/log/log.h"
#include "common/process/message.h"

#include <grp.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>

NORETURN static void
failed(const char *what)
{
	fatal(OUTCOME_ERROR, "%s: %s", what, strerror(errno));
}

NORETURN static void
unproven(const char *what)
{
	fatal(OUTCOME_ERROR, "%s: the change did not take effect", what);
}

static bool
listed(const cap_value_t *caps, cap_value_t cap)
{
	for (; *caps != PRIVS_END; caps++)
		if (*caps == cap)
			return true;
	return false;
}

static bool
holds(cap_t set, cap_value_t cap, cap_flag_t flag)
{
	cap_flag_value_t value = CAP_CLEAR;

	return cap_get_flag(set, cap, flag, &value) == 0 && value == CAP_SET;
}

static cap_t
current_caps(void)
{
	cap_t set = cap_get_proc();

	if (set == NULL)
		failed("reading the capabilities");
	return set;
}

void
privs_add_missing(struct buffer *b, const cap_value_t *caps)
{
	cap_t now = current_caps();

	for (; *caps != PRIVS_END; caps++) {
		if (holds(now, *caps, CAP_PERMITTED))
			continue;
		char *name = cap_to_name(*caps);
		if (b->len > 0)
			buffer_add_char(b, ' ');
		buffer_add_text(b, name != NULL ? name : "?");
		cap_free(name);
	}
	cap_free(now);
}

static int
by_gid(const void *a, const void *b)
{
	const gid_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The kernel sorts the groups. */
static bool
same_groups(const gid_t *wanted, size_t n)
{
	int have = getgroups(0, NULL);

	if (have < 0 || (size_t)have != n)
		return false;
	if (n == 0)
		return true;
	gid_t *pairs = calloc(2 * n, sizeof(*pairs));
	if (pairs == NULL)
		return false;
	memcpy(pairs, wanted, n * sizeof(*pairs));
	bool same = getgroups(have, pairs + n) == have;
	qsort(pairs, n, sizeof(*pairs), by_gid);
	qsort(pairs + n, n, sizeof(*pairs), by_gid);
	same = same && memcmp(pairs, pairs + n, n * sizeof(*pairs)) == 0;
	free(pairs);
	return same;
}

static void
prove_ids(uid_t uid, gid_t gid)
{
	uid_t ru, eu, su;
	gid_t rg, eg, sg;

	if (getresuid(&ru, &eu, &su) < 0 || getresgid(&rg, &eg, &sg) < 0)
		failed("reading the user and group");
	if (ru != uid || eu != uid || su != uid)
		unproven("setresuid");
	if (rg != gid || eg != gid || sg != gid)
		unproven("setresgid");
}

static void
try_to_regain_ids(uid_t uid, gid_t gid)
{
	if (uid == 0)
		return;
	if (setresuid(0, 0, 0) == 0 || seteuid(0) == 0)
		unproven("giving up root");
	if (gid != 0 && (setresgid(0, 0, 0) == 0 || setegid(0) == 0))
		unproven("giving up the group root");
	if (setgroups(0, NULL) == 0)
		unproven("giving up setgroups");
}

static struct {
	bool on;
	uid_t uid;
	gid_t gid;
} kept;			/* by privs_keep_ids() */

static void
prove_file_ids(uid_t uid, gid_t gid)
{
	/* With an invalid id these calls only return the current one. */
	if ((uid_t)setfsuid((uid_t)-1) != uid ||
	    (gid_t)setfsgid((gid_t)-1) != gid)
		unproven("the ids for file access");
}

void
privs_keep_ids(void)
{
	kept.on = true;
	kept.uid = getuid();
	kept.gid = getgid();
}

static void
prove_kept_ids(void)
{
	prove_ids(kept.uid, kept.gid);
	prove_file_ids(kept.uid, kept.gid);
	try_to_regain_ids(kept.uid, kept.gid);
}

void
privs_set_file_ids(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups)
{
	if (kept.on) {
		prove_kept_ids();
		return;
	}
	if (uid == (uid_t)-1 || gid == (gid_t)-1)
		bug("an invalid user or group id");
	if (setgroups(ngroups, groups) < 0)
		failed("setgroups");
	if (!same_groups(groups, ngroups))
		unproven("setgroups");
	(void)setfsgid(gid);
	(void)setfsuid(uid);
	prove_file_ids(uid, gid);
}

/* The kernel does so only if the former user was root. */
static void
clear_effective_caps(void)
{
	cap_t now = current_caps();

	if (cap_clear_flag(now, CAP_EFFECTIVE) < 0 || cap_set_proc(now) < 0)
		failed("clearing the effective capabilities");
	cap_free(now);
}

void
privs_set_ids(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups)
{
	bool was_root = geteuid() == 0;

	if (kept.on) {
		prove_kept_ids();
		return;
	}
	/* For the calls below -1 means "unchanged". */
	if (uid == (uid_t)-1 || gid == (gid_t)-1)
		bug("an invalid user or group id");
	if (setgroups(ngroups, groups) < 0)
		failed("setgroups");
	if (setresgid(gid, gid, gid) < 0)
		failed("setresgid");
	if (setresuid(uid, uid, uid) < 0)
		failed("setresuid");
	if (!was_root)
		clear_effective_caps();
	prove_ids(uid, gid);
	prove_file_ids(uid, gid);
	if (!same_groups(groups, ngroups))
		unproven("setgroups");
	try_to_regain_ids(uid, gid);
}

void
privs_set_ids_with_caps(uid_t uid, gid_t gid)
{
	if (prctl(PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL) < 0)
		failed("keeping capabilities");
	privs_set_ids(uid, gid, NULL, 0);
	if (prctl(PR_SET_KEEPCAPS, 0UL, 0UL, 0UL, 0UL) < 0)
		failed("keeping capabilities no longer");
}

static void
set_flag(cap_t set, cap_flag_t flag, cap_value_t cap)
{
	if (cap_set_flag(set, flag, 1, &cap, CAP_SET) < 0)
		failed("building a capability set");
}

/* Read all sets at once.  An ambient capability is always inheritable as well
 * (capabilities(7)). */
static cap_t
prove_caps(const cap_value_t *caps)
{
	cap_t now = current_caps();

	for (cap_value_t c = 0; c < cap_max_bits(); c++) {
		if (holds(now, c, CAP_INHERITABLE))
			unproven("emptying the inheritable capabilities");
		if (!listed(caps, c) && (holds(now, c, CAP_PERMITTED) ||
		    holds(now, c, CAP_EFFECTIVE)))
			unproven("giving up capabilities");
	}
	return now;
}

/* Try to regain all in one call, which the kernel refuses if it would not grant
 * any of them.  `more` are those that are known to be kept. */
static void
try_to_regain_caps(cap_t more, const cap_value_t *caps)
{
	bool any = false;

	for (cap_value_t c = 0; c < cap_max_bits(); c++) {
		if (listed(caps, c))
			continue;
		set_flag(more, CAP_PERMITTED, c);
		set_flag(more, CAP_EFFECTIVE, c);
		any = true;
	}
	if (any && cap_set_proc(more) == 0)
		unproven("giving up capabilities");
}

void
privs_limit_caps(const cap_value_t *caps)
{
	cap_t now = current_caps(), wanted = cap_init();

	if (wanted == NULL)
		failed("building a capability set");
	for (const cap_value_t *c = caps; *c != PRIVS_END; c++) {
		if (!holds(now, *c, CAP_PERMITTED))
			continue;
		set_flag(wanted, CAP_PERMITTED, *c);
		set_flag(wanted, CAP_EFFECTIVE, *c);
	}
	/* Kernels before 4.3 have no ambient set to clear. */
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL);
	if (cap_set_proc(wanted) < 0)
		failed("giving up capabilities");
	cap_free(wanted);
	cap_free(now);
	now = prove_caps(caps);
	try_to_regain_caps(now, caps);
	cap_free(now);
}

/* Without CAP_SETPCAP it cannot be dropped, so it must be absent.  The kernel
 * returns -1 for a capability that it does not know. */
static void
drop_bound(cap_value_t cap)
{
	bool dropped = cap_drop_bound(cap) == 0;
	int error = errno;

	if (cap_get_bound(cap) != 1)
		return;
	if (dropped)
		unproven("reducing the bounding set");
	errno = error;
	failed("reducing the bounding set (it takes CAP_SETPCAP)");
}

void
privs_limit_bounding(const cap_value_t *caps)
{
	for (cap_value_t c = 0; c < cap_max_bits(); c++)
		if (!listed(caps, c))
			drop_bound(c);
}

void
privs_limit_bounding_from(const cap_value_t *had, const cap_value_t *caps)
{
	for (; *had != PRIVS_END; had++)
		if (!listed(caps, *had))
			drop_bound(*had);
}

void
privs_no_new(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) < 0)
		failed("no-new-privileges");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL) != 1)
		unproven("no-new-privileges");
}

void
privs_not_dumpable(void)
{
	if (prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) < 0)
		failed("not dumpable");
	if (prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) != 0)
		unproven("not dumpable");
}

void
privs_die_with_parent(pid_t parent)
{
	int signal = 0;

	if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) < 0)
		failed("dying with the parent");
	if (prctl(PR_GET_PDEATHSIG, &signal, 0UL, 0UL, 0UL) < 0 ||
	    signal != SIGKILL)
		unproven("dying with the parent");
	/* The parent may have died before this call. */
	if (getppid() != parent)
		_exit(OUTCOME_LOST);
}

static bool
is_directory_of(const char *path, const struct stat *wanted)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == wanted->st_dev &&
		st.st_ino == wanted->st_ino;
}

int
privs_try_root_directory(void)
{
	return chroot("/") < 0 ? -errno : 0;
}

void
privs_root_directory(int fd)
{
	struct stat wanted;

	if (fstat(fd, &wanted) < 0 || fchdir(fd) < 0)
		failed("entering the new root directory");
	if (chroot(".") < 0 || chdir("/") < 0)
		failed("changing the root directory");
	if (!is_directory_of("/", &wanted) || !is_directory_of(".", &wanted) ||
	    !is_directory_of("..", &wanted))
		unproven("changing the root directory");
}
