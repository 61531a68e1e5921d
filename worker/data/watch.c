/*
 * watch.c - the one place where the worker waits for several things at once.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/watch.h"

#include "common/clock.h"

#include <poll.h>

static enum transfer_end
hear_control(struct watch *w)
{
	/* A dead client's kernel sends FIN, which only POLLRDHUP shows. */
	if (w->control_paused)
		return TRANSFER_CONTROL_LOST;
	return w->control(w->context);
}

enum transfer_end
watch_wait(struct watch *w, int fd, short events, int64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = events },
		{ .fd = w->monitor_fd, .events = POLLIN },
		{ .fd = w->control_fd,
		  .events = w->control_paused ? POLLRDHUP : POLLIN },
	};
	enum transfer_end end = TRANSFER_RUNNING;
	int n = poll(fds, ARRAY_SIZE(fds), clock_poll(deadline));

	if (n < 0)
		return errno == EINTR ? TRANSFER_RUNNING : TRANSFER_LOCAL_ERROR;
	if (fds[1].revents != 0)
		end = w->monitor(w->context);
	if (fds[2].revents != 0 && end == TRANSFER_RUNNING)
		end = hear_control(w);
	return end;
}
