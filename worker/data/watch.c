/*
 * watch.c - waits for the data connection, the client and the monitor.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/watch.h"

#include "common/clock.h"

enum transfer_end
watch_wait(struct watch *w, int fd, short events, int64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = events },
		{ .fd = w->monitor_fd, .events = POLLIN },
		{ .fd = w->control_fd, .events = w->control_events },
	};
	enum transfer_end end = TRANSFER_RUNNING;

	int n = poll(fds, ARRAY_SIZE(fds), clock_poll(deadline));

	if (n < 0)
		return errno == EINTR ? TRANSFER_RUNNING : TRANSFER_LOCAL_ERROR;
	if (fds[1].revents != 0)
		end = w->monitor(w->context);
	if (fds[2].revents == 0 || end != TRANSFER_RUNNING)
		return end;
	if (w->control_events == 0)
		return TRANSFER_CONTROL_LOST;
	return w->control(w->context, true);
}
