/*
 * quick_server.c - settings for a quick share, and the process that serves it.
 *
 * Runs in: sureftpd --share; server_main() in the master.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_server.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/permissions.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "daemon/options.h"
#include "daemon/serve.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sysexits.h>

#define ASSIGNMENTS_MAX 40

static bool
add(struct options *o, const char *format, ...)
	PRINTF_LIKE(2, 3);

static bool
add(struct options *o, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	int len = vasprintf(&text, format, ap);
	va_end(ap);
	if (len < 0 || o->assignment_count == ASSIGNMENTS_MAX)
		return false;
	o->assignments[o->assignment_count++] = text;
	return true;
}

static bool
add_listener(struct options *o, const struct quick_server *s)
{
	char text[ADDRESS_TEXT_SIZE];

	if (address_is_set(&s->options->address) && !add(o,
	    "listener.address=%s", address_text(&s->options->address, text)))
		return false;
	return add(o, "listener.port=%u", s->port);
}

/* All accounts of the server's processes are the user itself. */
static bool
add_server(struct options *o, const struct quick_server *s)
{
	return add(o, "server.greeter_user=%s", s->account) &&
		add(o, "server.recorder_user=%s", s->account) &&
		add(o, "server.keeper_user=%s", s->account) &&
		add(o, "server.control_socket=") &&
		add(o, "limits.bans_file=") &&
		add(o, "server.admin_users=%u", (unsigned)getuid()) &&
		add(o, "server.min_spare_workers=2") &&
		add(o, "server.max_workers=100") &&
		add(o, "server.shutdown_grace=0") &&
		add(o, "server.list_times=local") &&
		add(o, "limits.max_clients=64") &&
		add(o, "log.level=%s", s->options->debug ? "debug" : "info");
}

/* Clients see what the user sees; DIRECTORY is their root directory. */
static bool
add_anonymous(struct options *o, const struct quick_server *s)
{
	return add(o, "anonymous.enabled=yes") &&
		add(o, "anonymous.user=%s", s->account) &&
		add(o, "anonymous.root=%s", s->files->path[QUICK_SHARED]) &&
		add(o, "anonymous.password=none") &&
		add(o, "anonymous.world_readable_only=no") &&
		(!s->options->writable || add(o, "anonymous.permissions=%s",
			permissions_letters));
}

/* PAM is never asked: a user cannot check other users' passwords. */
static bool
add_all(struct options *o, const struct quick_server *s)
{
	return add_listener(o, s) && add_server(o, s) &&
		add(o, "auth.backends=file") &&
		add(o, "auth.accounts_file=%s",
			s->files->path[QUICK_ACCOUNTS]) &&
		add(o, "tls.certificate=%s",
			s->files->path[QUICK_CERTIFICATE]) &&
		add(o, "tls.certificate_check_interval=0") &&
		(!s->options->require_tls || add(o, "tls.require_tls=both")) &&
		(s->options->user != NULL || add_anonymous(o, s));
}

static bool
enter_namespace(void)
{
	int error = role_without_root();

	if (error == 0)
		return true;
	log_error("this system does not let users create user namespaces (%s), "
		"without which clients cannot be confined to the directory; "
		"see kernel.unprivileged_userns_clone, "
		"kernel.apparmor_restrict_unprivileged_userns and "
		"user.max_user_namespaces in sysctl", log_errno(error));
	return false;
}

static bool
redirect(int log)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
		dup2(null, STDOUT_FILENO) >= 0 &&
		dup2(log, STDERR_FILENO) >= 0;
}

NORETURN static void
server_main(const struct quick_server *s)
{
	static char *assignments[ASSIGNMENTS_MAX];
	struct options options = { .assignments = assignments };
	const int keep[] = { LOG_DESCRIPTOR, s->control, s->log };
	pid_t parent = child_parent();

	io_close_all_except(keep, ARRAY_SIZE(keep));
	s->surroundings->passed = (struct passed){ 0 };
	child_new_group(0);
	if (!redirect(s->log))
		exit(EX_OSERR);
	if (!enter_namespace())
		exit(EX_UNAVAILABLE);
	/* Only now: a change of credentials can cancel it. */
	if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGTERM, 0UL, 0UL, 0UL) < 0
	    || getppid() != parent)
		exit(EX_OSERR);
	s->surroundings->control = s->control;
	if (!add_all(&options, s)) {
		log_error("cannot start: %s", strerror(ENOMEM));
		exit(EX_OSERR);
	}
	exit(serve(&options, s->surroundings));
}

pid_t
quick_server_start(const struct quick_server *s)
{
	pid_t pid = child_fork();

	if (pid == 0)
		server_main(s);
	if (pid > 0)
		child_new_group(pid);
	return pid;
}
