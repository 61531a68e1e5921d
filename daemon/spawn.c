/*
 * spawn.c - forking one worker.
 *
 * Runs in: master; worker_main() begins in the monitor.
 */
#include "common/base.h"
#include "daemon/spawn.h"

#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
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
	const int keep[] = { fd, log_descriptor(), empty_root_fd() };

	child_new_group(0);
	child_begin(keep, ARRAY_SIZE(keep));
	monitor_main(&start);
}

int
spawn_worker(struct slot *slot, const struct configuration *configuration)
{
	int fd;

	slot->pid = child_fork_with_channel(&fd);
	if (slot->pid < 0)
		return slot->pid;
	if (slot->pid == 0)
		worker_main(configuration, fd);
	child_new_group(slot->pid);
	channel_open(&slot->channel, fd, PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
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
