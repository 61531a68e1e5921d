/*
 * watchdog.c - sends watchdog messages to the service manager.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/manager/watchdog.h"

#include "common/clock.h"
#include "common/text.h"

void
watchdog_init(struct watchdog *w, const char *usec, const char *pid)
{
	int64_t number;

	*w = (struct watchdog){ 0 };
	if (usec == NULL || (pid != NULL &&
	    (text_number(pid, strlen(pid), &number) < 0 ||
	    number != getpid())))
		return;
	if (text_number(usec, strlen(usec), &number) < 0 || number == 0)
		return;
	/* Twice per interval, as the protocol recommends. */
	w->interval = number < 2000 ? 1 : number / 2000;
}

void
watchdog_step(struct watchdog *w, const struct notify *notify, int64_t now)
{
	if (w->interval == 0 || now < w->next)
		return;
	notify_alive(notify);
	w->next = now + w->interval;
}

int64_t
watchdog_due(const struct watchdog *w)
{
	return w->interval == 0 ? CLOCK_NEVER : w->next;
}
