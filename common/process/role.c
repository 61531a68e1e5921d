/*
 * role.c - the table of the roles' privileges, and the function that applies
 * one.
 *
 * Runs in: every process, at its start; the monitor once more after login.
 */
#include "common/base.h"
#include "common/process/role.h"

#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/landlock.h"
#include "common/process/message.h"
#include "common/process/privs.h"
#include "common/process/role_accounts.h"
#include "common/process/role_caps.h"
#include "common/process/role_limits.h"
#include "common/process/sandbox.h"
#include "common/process/sandbox_denied.h"
#include "common/process/user_namespace.h"

#include <signal.h>
#include <sys/prctl.h>

enum ids {
	IDS_ROOT,		/* uid 0, gid 0, no other groups */
	IDS_GREETER,
	IDS_RECORDER,
	IDS_KEEPER,
	IDS_BOOKKEEPER,
	IDS_RUNNER,
	IDS_RADIUS,
	IDS_ACCOUNT,		/* of the account that logged in */
};

#define NO_LIMIT ROLE_NO_LIMIT
#define MIB(n) ((rlim_t)(n) << 20)

struct row {
	const char *process;	/* at most 15 bytes */
	const char *log_name;
	enum ids ids;
	const cap_value_t *caps;	/* kept, and the bounding set */
	bool empty_root;
	struct role_limits limits;	/* processes, files, memory */
	bool no_new_privs;
	bool die_with_parent;
	bool no_stderr;		/* /dev/null in its place */
	bool by_letters;	/* what the identity's permissions need */
	bool never_root;	/* by a filter */
	enum sandbox_filter filter;
};

static const cap_value_t no_caps[] = { PRIVS_END };

/* pam_namespace mounts the account's own /tmp.  No warning if it is missing,
 * because systems without pam_namespace should not grant it. */
static const cap_value_t login_caps[] = {
	LOGIN_CAPS, CAP_SYS_ADMIN, PRIVS_END };

static const cap_value_t session_caps[] = { SESSION_CAPS, PRIVS_END };

/* The same, for upload_user and allow_chown. */
static const cap_value_t owner_caps[] = {
	SESSION_CAPS, CAP_CHOWN, CAP_FOWNER, PRIVS_END };

/* To start commands as the session's account (events.run_as), and to end
 * them. */
static const cap_value_t runner_caps[] = {
	CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_KILL, PRIVS_END };

/* Without root, each row keeps what it has of these, in a user namespace.  The
 * column ids has no effect then: there is one user only. */
static const cap_value_t caps_without_root[] = {
	CAP_SYS_CHROOT, CAP_SETPCAP, PRIVS_END };
static bool without_root;

#define RUNNER_ROW(who, capabilities) {                                   \
	.process = "sureftpd-run", .log_name = "runner",                  \
	.ids = (who), .caps = (capabilities), .no_new_privs = true,       \
	.never_root = true,                                               \
	.limits = { NO_LIMIT, NO_LIMIT, NO_LIMIT } }

#define MONITOR_ROW(capabilities) {                                       \
	.process = "sureftpd-mon", .log_name = "monitor",                 \
	.ids = IDS_ROOT, .caps = (capabilities), .no_new_privs = true,    \
	.limits = { NO_LIMIT, NO_LIMIT, NO_LIMIT } }

/*
 * If the master dies, the recorder continues to write the last lines, a monitor
 * to close its PAM session, and the keeper and radius to serve the remaining
 * sessions; all others end with their parent.  The number of files that the
 * recorder needs depends on max_workers: it sets that limit itself, and so does
 * radius. The session may have a directory of each level of LIST -R open, and
 * sorts up to max_list_entries names.
 */
static const struct row table[ROLES] = {
	[ROLE_MASTER] = {
		.process = "sureftpd", .log_name = "master",
		.ids = IDS_ROOT, .caps = login_caps,
		.limits = { NO_LIMIT, NO_LIMIT, NO_LIMIT },
	},
	/* No no_new_privs: newer PAM executes a set-uid helper. */
	[ROLE_MONITOR_LOGIN] = {
		.process = "sureftpd-mon", .log_name = "monitor",
		.ids = IDS_ROOT, .caps = login_caps,
		.limits = { NO_LIMIT, NO_LIMIT, NO_LIMIT },
	},
	[ROLE_MONITOR_SESSION] = MONITOR_ROW(session_caps),
	[ROLE_MONITOR_OWNER] = MONITOR_ROW(owner_caps),
	[ROLE_GREETER] = {
		.process = "sureftpd-greet", .log_name = "greeter",
		.ids = IDS_GREETER, .caps = no_caps, .empty_root = true,
		.limits = { .processes = 0, .files = 32, .memory = MIB(256) },
		.no_new_privs = true, .die_with_parent = true,
		.no_stderr = true, .filter = SANDBOX_GREETER,
	},
	[ROLE_SESSION] = {
		.process = "sureftpd-sess", .log_name = "session",
		.ids = IDS_ACCOUNT, .caps = no_caps,
		.limits = { .processes = 0, .files = 256, .memory = MIB(2048) },
		.no_new_privs = true, .die_with_parent = true,
		.no_stderr = true, .by_letters = true,
		.filter = SANDBOX_SESSION,
	},
	[ROLE_RECORDER] = {
		.process = "sureftpd-log", .log_name = "recorder",
		.ids = IDS_RECORDER, .caps = no_caps,
		.limits = { 0, NO_LIMIT, MIB(256) },
		.no_new_privs = true, .filter = SANDBOX_RECORDER,
	},
	/* One open file for each worker. */
	[ROLE_KEEPER] = {
		.process = "sureftpd-key", .log_name = "keeper",
		.ids = IDS_KEEPER, .caps = no_caps, .empty_root = true,
		.limits = { 0, NO_LIMIT, MIB(256) },
		.no_new_privs = true, .filter = SANDBOX_KEEPER,
	},
	/* Two sockets for each login; the queue for accounting servers. */
	[ROLE_RADIUS] = {
		.process = "sureftpd-rad", .log_name = "radius",
		.ids = IDS_RADIUS, .caps = no_caps, .empty_root = true,
		.limits = { 0, NO_LIMIT, MIB(512) },
		.no_new_privs = true, .no_stderr = true,
		.filter = SANDBOX_RADIUS,
	},
	/* Files: the kernel counts sockets that radius has not received. */
	[ROLE_CONNECTOR] = {
		.process = "sureftpd-conn", .log_name = "connector",
		.ids = IDS_RADIUS, .caps = no_caps, .empty_root = true,
		.limits = { 0, NO_LIMIT, MIB(256) },
		.no_new_privs = true, .die_with_parent = true,
		.no_stderr = true, .filter = SANDBOX_CONNECTOR,
	},
	/* No filter: the system calls of name service modules cannot be
	 * foreseen. */
	[ROLE_RESOLVER] = {
		.process = "sureftpd-dns", .log_name = "resolver",
		.ids = IDS_GREETER, .caps = no_caps,
		.limits = { .processes = 0, .files = 64, .memory = MIB(256) },
		.no_new_privs = true, .die_with_parent = true,
		.no_stderr = true,
	},
	/* If the master dies, it goes on for the remaining sessions.  One open
	 * file for each session with a quota, and one for an upload. */
	[ROLE_BOOKKEEPER] = {
		.process = "sureftpd-quota", .log_name = "bookkeeper",
		.ids = IDS_BOOKKEEPER, .caps = no_caps,
		.limits = { 0, NO_LIMIT, MIB(512) },
		.no_new_privs = true, .filter = SANDBOX_BOOKKEEPER,
	},
	/* Its memory: daemon/quota/scan.h. */
	[ROLE_SCANNER] = {
		.process = "sureftpd-scan", .log_name = "scanner",
		.ids = IDS_ACCOUNT, .caps = no_caps,
		.limits = { .processes = 0, .files = 64, .memory = MIB(256) },
		.no_new_privs = true, .die_with_parent = true,
		.no_stderr = true, .filter = SANDBOX_SCANNER,
	},
	/* No filter but against becoming root, because the commands inherit
	 * it. */
	[ROLE_RUNNER] = RUNNER_ROW(IDS_RUNNER, no_caps),
	[ROLE_RUNNER_SESSION] = RUNNER_ROW(IDS_RUNNER, runner_caps),
	[ROLE_COMMAND] = RUNNER_ROW(IDS_ACCOUNT, no_caps),
	/* Root only because the directory is. */
	[ROLE_BANS_WRITER] = {
		.process = "sureftpd-bans", .log_name = "master",
		.ids = IDS_ROOT, .caps = no_caps, .by_letters = true,
		.limits = { .processes = 0, .files = 16, .memory = NO_LIMIT },
		.no_new_privs = true,
	},
};

/* Called after the master has entered its role: all later children inherit its
 * bounding set. */
static bool bounded;

int
role_without_root(void)
{
	int error = user_namespace_enter();

	if (error == 0)
		error = privs_try_root_directory();
	if (error < 0)
		return error;
	privs_keep_ids();
	privs_limit_caps(caps_without_root);
	without_root = true;
	return 0;
}

bool
role_is_without_root(void)
{
	return without_root;
}

const struct role_account *
role_service_account(enum role role)
{
	switch (role) {
	case ROLE_RECORDER:
		return role_accounts_of(ROLE_ACCOUNT_RECORDER);
	case ROLE_KEEPER:
		return role_accounts_of(ROLE_ACCOUNT_KEEPER);
	case ROLE_RADIUS:
		return role_accounts_of(ROLE_ACCOUNT_RADIUS);
	case ROLE_BOOKKEEPER:
		return role_accounts_of(ROLE_ACCOUNT_BOOKKEEPER);
	case ROLE_RUNNER:
		return role_accounts_of(ROLE_ACCOUNT_RUNNER);
	default:
		return role_accounts_of(ROLE_ACCOUNT_GREETER);
	}
}

static void
become_service(enum role_account_name name, bool with_caps)
{
	const struct role_account *account = role_accounts_of(name);

	if (account->uid == 0)
		bug("a role without its account");
	if (with_caps)
		privs_set_ids_with_caps(account->uid, account->gid);
	else
		privs_set_ids(account->uid, account->gid, NULL, 0);
}

static void
set_ids(const struct row *row, const struct identity *identity)
{
	static const enum role_account_name services[] = {
		[IDS_GREETER] = ROLE_ACCOUNT_GREETER,
		[IDS_RECORDER] = ROLE_ACCOUNT_RECORDER,
		[IDS_KEEPER] = ROLE_ACCOUNT_KEEPER,
		[IDS_BOOKKEEPER] = ROLE_ACCOUNT_BOOKKEEPER,
		[IDS_RUNNER] = ROLE_ACCOUNT_RUNNER,
		[IDS_RADIUS] = ROLE_ACCOUNT_RADIUS,
	};

	enum ids ids = row->ids;
	if (ids == IDS_ROOT)
		privs_set_ids(0, 0, NULL, 0);
	else if (ids != IDS_ACCOUNT)
		become_service(services[ids], row->caps[0] != PRIVS_END);
	else if (identity == NULL)
		bug("a session without an identity");
	else
		privs_set_ids(identity->uid, identity->gid, identity->groups,
			identity->ngroups);
}

static void
enter_landlock(const struct identity *identity)
{
	int error = landlock_enter(identity);

	/* -ENOSYS was logged once, by role_prepare(). */
	if (error < 0 && error != -ENOSYS)
		fatal(OUTCOME_ERROR, "entering the Landlock domain: %s",
			log_errno(error));
}

static void
deny_calls(const struct identity *identity)
{
	int error = sandbox_denied_enter(identity);

	if (error < 0)
		fatal(OUTCOME_ERROR, "denying system calls: %s",
			log_errno(error));
}

static void
deny_root(void)
{
	int error = sandbox_denied_root();

	if (error < 0)
		fatal(OUTCOME_ERROR, "denying root: %s", log_errno(error));
}

static void
enter_filter(enum sandbox_filter filter)
{
	if (filter == SANDBOX_NONE)
		return;
	int error = sandbox_enter(filter);
	/* -ENOSYS was logged once, by role_prepare(). */
	if (error < 0 && error != -ENOSYS)
		fatal(OUTCOME_ERROR, "installing the system call filter: %s",
			log_errno(error));
}

static void
enter_root_directory(const struct row *row, const struct identity *identity)
{
	int fd = row->empty_root ? empty_root_fd() :
		identity != NULL ? identity->root : -1;

	if (fd < 0)
		return;
	privs_root_directory(fd);
	close(fd);
}

/* The recorder may write to the same standard error, and lines from other
 * processes could be mistaken for the recorder's.  Standard input is
 * /dev/null. */
static void
close_stderr(void)
{
#ifndef SANDBOX_SANITIZED	/* which reports there */
	if (dup2(STDIN_FILENO, STDERR_FILENO) < 0)
		fatal(OUTCOME_ERROR, "closing standard error: %s",
			strerror(errno));
#endif
}

static void
become(const struct row *row, const struct identity *identity)
{
	if (row->no_stderr)
		close_stderr();
	enter_root_directory(row, identity);
	role_limits_enter(&row->limits);
	/* Before the ids, because it needs CAP_SETPCAP. */
	if (bounded)
		privs_limit_bounding_from(login_caps, row->caps);
	else
		privs_limit_bounding(row->caps);
	bounded = true;
	set_ids(row, identity);
	privs_limit_caps(row->caps);
	if (row->die_with_parent)
		privs_die_with_parent(child_parent());
#ifndef SANDBOX_SANITIZED	/* the leak checker attaches as a debugger */
	privs_not_dumpable();
#endif
	if (row->no_new_privs)
		privs_no_new();
	if (row->by_letters) {
		enter_landlock(identity);
		deny_calls(identity);
	}
	if (row->never_root)
		deny_root();
	enter_filter(row->filter);
}

void
role_use_files_as(const struct identity *identity)
{
	privs_set_file_ids(identity->uid, identity->gid, identity->groups,
		identity->ngroups);
}

void
role_use_root(int fd)
{
	privs_root_directory(fd);
}

void
role_enter(enum role role, const struct identity *identity)
{
	const struct row *row = &table[role];
	sigset_t all, before;

	/* No signal handler may run while the identity changes. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	prctl(PR_SET_NAME, row->process);
	log_set_role(row->log_name);
	become(row, identity);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
