/*
 * watchers.c - descriptors that the recorder watches in addition to its events.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/watchers.h"

#include "common/clock.h"

void
watchers_clear(struct watchers *w)
{
	w->count = 0;
	w->due = CLOCK_NEVER;
}

void
watchers_add(struct watchers *w, int fd)
{
	if (fd >= 0 && w->count < WATCHERS_MAX)
		w->list[w->count++] = (struct pollfd){
			.fd = fd, .events = POLLIN };
}

void
watchers_wake_at(struct watchers *w, int64_t at)
{
	w->due = clock_earlier(w->due, at);
}

void
watchers_wait(struct watchers *w)
{
	if (poll(w->list, w->count, clock_poll(w->due)) > 0)
		return;
	for (size_t i = 0; i < w->count; i++)
		w->list[i].revents = 0;
}

bool
watchers_ready(const struct watchers *w, int fd)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->list[i].fd == fd)
			return w->list[i].revents != 0;
	return false;
}
