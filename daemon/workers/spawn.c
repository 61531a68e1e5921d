/*
 * spawn.c - forking one worker.
 *
 * Runs in: master; worker_main() begins in the monitor.
 */
#include "common/base.h"
#include "daemon/workers/spawn.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "pam/monitor.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define OWN_DESCRIPTORS 64	/* of the master, in addition to one per
				 * worker */

/* Descriptors below this number are inherited by workers; the master's ends of
 * their channels are above it. */
#define INHERITED 64

static void NORETURN
worker_main(const struct configuration *configuration,
	const struct start_hold *held)
{
	const struct monitor_start start = {
		.master_fd = held->channel,
		.settings = configuration->settings,
		.tls = configuration->tls,
		.names = configuration->names,
		.ports = configuration->ports,
		.keeper_service = held->keeper,
		.runner_service = configuration->runner,
		.radius_service = configuration->radius,
		.bookkeeper_service = configuration->bookkeeper,
	};
	const int keep[] = { start.master_fd, start.keeper_service,
		start.runner_service, start.radius_service,
		start.bookkeeper_service, log_descriptor(), empty_root_fd() };

	child_new_group(0);
	child_begin(keep, ARRAY_SIZE(keep));
	monitor_main(&start);
}

/* Make a channel whose own end is above what workers inherit, and the other end
 * below: *inherited is set to whether both was possible.  0 or -errno. */
static int
make_channel(int fds[2], bool *inherited)
{
	int error = channel_pair(fds);

	if (error < 0)
		return error;
	int above = fcntl(fds[0], F_DUPFD_CLOEXEC, INHERITED);
	if (above >= 0) {
		close(fds[0]);
		fds[0] = above;
	}
	*inherited = above >= 0 && fds[1] < INHERITED;
	return 0;
}

static pid_t
fork_monitor(const struct configuration *configuration,
	const struct start_hold *held, bool inherited,
	const struct page_files *files, size_t place)
{
	pid_t pid = inherited ? child_fork_sharing_descriptors() :
	    child_fork();

	if (pid != 0)
		return pid;
	if (page_map(files, place) < 0 ||
	    (inherited && child_own_descriptors(INHERITED) < 0) ||
	    send(held->channel, "", 1, MSG_NOSIGNAL) != 1)
		_exit(OUTCOME_STOPPED);
	worker_main(configuration, held);
}

static int
hold_keeper(struct slot *slot, const struct keeper_service *keeper)
{
	if (keeper == NULL)
		return 0;
	slot->held.keeper =
		fcntl(keeper_service_fd(keeper), F_DUPFD_CLOEXEC, 0);
	return slot->held.keeper < 0 ? -errno : 0;
}

static void
let_go(struct slot *slot)
{
	io_close(&slot->held.channel);
	io_close(&slot->held.keeper);
}

static int
fork_into(struct slot *slot, const struct configuration *configuration,
	struct page_files files)
{
	bool inherited;
	int fds[2];

	int error = make_channel(fds, &inherited);
	if (error < 0)
		return error;
	slot->held.channel = fds[1];
	slot->keeper = keeper_service_number(configuration->keeper);
	error = hold_keeper(slot, configuration->keeper);
	struct start_hold held = slot->held;	/* the child has no slots */
	if (error == 0)
		slot->pid = fork_monitor(configuration, &held,
			inherited && held.keeper < INHERITED, &files,
			slot->place);
	if (error < 0 || slot->pid < 0) {
		io_close(&fds[0]);
		let_go(slot);
		return error < 0 ? error : slot->pid;
	}
	child_new_group(slot->pid);
	channel_open(&slot->channel, fds[0], PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
	return 0;
}

int
spawn_worker(struct slot *slot, const struct configuration *configuration,
	struct board *board)
{
	ssize_t place = board_take(board);

	if (place < 0)
		return (int)place;
	slot->place = (size_t)place;
	int error = fork_into(slot, configuration, board_files(board));
	if (error < 0)
		board_give_back(board, slot->place);
	return error;
}

void
spawn_receive_start(struct slot *slot)
{
	char byte;

	if (recv(slot->channel.fd, &byte, 1, MSG_DONTWAIT) == 1)
		let_go(slot);
}

void
spawn_end(struct slot *slot)
{
	if (slot->held.channel >= 0)
		spawn_receive_start(slot);
	let_go(slot);
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
