/*
 * spawn.c - forking one worker.
 *
 * Runs in: master; worker_main() begins in the monitor.
 */
#include "common/base.h"
#include "daemon/spawn.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "daemon/child.h"
#include "pam/monitor.h"

#include <sys/resource.h>

#define OWN_DESCRIPTORS 64	/* of the master, beside one a worker */

static void NORETURN
worker_main(const struct configuration *configuration, int fd)
{
	const struct monitor_start start = {
		.master_fd = fd,
		.settings = configuration->settings,
		.tls = configuration->tls,
		.names = configuration->names,
	};
	const int keep[] = { fd, log_descriptor(), role_empty_root() };

	child_begin(keep, ARRAY_SIZE(keep));
	monitor_main(&start);
}

int
spawn_worker(struct slot *slot, const struct configuration *configuration)
{
	int fds[2];

	int error = channel_pair(fds);
	if (error < 0)
		return error;
	slot->pid = fork();
	if (slot->pid == 0)
		worker_main(configuration, fds[1]);
	error = slot->pid < 0 ? -errno : 0;
	io_close(&fds[1]);
	if (error < 0) {
		io_close(&fds[0]);
		return error;
	}
	child_group(slot->pid);
	channel_open(&slot->channel, fds[0], PARTY_MASTER, PARTY_MONITOR,
		PHASE_SPARE);
	return 0;
}

void
spawn_make_room(int64_t workers)
{
	rlim_t wanted = (rlim_t)workers + OWN_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	if (limit.rlim_max < wanted)
		log_warning("max_workers requires %ju open files, but the "
			"limit is %ju; raise it (LimitNOFILE= in systemd, "
			"ulimit -n)", (uintmax_t)wanted,
			(uintmax_t)limit.rlim_max);
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}
