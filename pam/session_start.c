/*
 * session_start.c - forks the session process.
 *
 * Runs in: monitor, and in its children until they have become the user.
 * Never: follows a path that a user can change with root's rights (rule R10).
 */
#include "common/base.h"
#include "pam/session_start.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "pam/partner.h"
#include "worker/start.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* For a greeter that has handed over and has nothing left to do. */
#define GREETER_MS 1000

NORETURN static void
try_to_enter(const struct identity *identity)
{
	const struct role_account account = {
		.uid = identity->uid, .gid = identity->gid,
		.groups = identity->groups, .ngroups = identity->ngroups,
	};
	int keep = log_descriptor();

	io_close_all_except(&keep, 1);
	role_enter(ROLE_SESSION, &account);
	_exit(chdir(identity->home) == 0 ? 0 : 1);
}

/*
 * Asked of a child that becomes the user as the session will: simpler and
 * safer than to guess in root's name what the kernel will say, and the answer
 * is there before the client hears that it is logged in.
 */
bool
session_start_may_enter(const struct identity *identity)
{
	int status;
	pid_t pid, r;

	if (*identity->home != '/')
		return false;
	pid = fork();
	if (pid == 0)
		try_to_enter(identity);
	if (pid < 0) {
		log_error("fork: %s", strerror(errno));
		return false;
	}
	do {
		r = waitpid(pid, &status, 0);
	} while (r < 0 && errno == EINTR);
	return r == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
is_stream(int fd)
{
	int type = 0;
	socklen_t size = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
		type == SOCK_STREAM;
}

bool
session_start_is_sound(const struct message_handover *h, int stream_fd)
{
	return (h->type == 'A' || h->type == 'I') &&
		(h->utf8 == 0 || h->utf8 == 1) &&
		(h->epsv_all == 0 || h->epsv_all == 1) &&
		(h->prot == 'C' || h->prot == 'P') && h->pbsz <= 1 &&
		h->leftover_len <= sizeof(h->leftover) &&
		memchr(h->client, '\0', sizeof(h->client)) != NULL &&
		is_stream(stream_fd);
}

NORETURN static void
be_session(const struct monitor *m, const struct message_handover *handover,
	int monitor_fd, int stream_fd, int relay_fd)
{
	const struct session_start start = {
		.monitor_fd = monitor_fd,
		.stream_fd = stream_fd,
		.relay_fd = relay_fd,
		.settings = m->settings,
		.tls = m->tls,
		.names = m->names,
		.identity = &m->identity,
		.client = &m->client,
		.handover = handover,
		.facts = &m->control_tls,
		.saved = &m->control_saved,
		.binding = &m->binding,
	};

	/* -1: as PAM has left it. */
	if (m->identity.settings.umask >= 0)
		umask((mode_t)m->identity.settings.umask);
	session_main(&start);
}

int
session_start_fork(struct monitor *m,
	const struct message_handover *handover, int stream_fd, int relay_fd)
{
	pid_t greeter = m->partner_pid;
	int fds[2];
	int error = channel_pair(fds);

	if (error < 0)
		return error;
	pid_t pid = fork();
	if (pid == 0)
		be_session(m, handover, fds[1], stream_fd, relay_fd);
	error = pid < 0 ? -errno : 0;
	io_close(&fds[1]);
	if (error < 0) {
		io_close(&fds[0]);
		return error;
	}
	channel_close(&m->partner);
	channel_open(&m->partner, fds[0], PARTY_MONITOR, PARTY_SESSION,
		PHASE_SESSION);
	m->partner_pid = pid;
	if (relay_fd >= 0)
		m->relay_pid = greeter;
	else
		(void)partner_bury_pid(greeter, GREETER_MS);
	return 0;
}
