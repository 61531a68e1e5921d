/*
 * master.c - the event loop.
 *
 * Runs in: master.
 * Never: waits for anything but epoll (rule R33).
 */
#include "common/base.h"
#include "daemon/master.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "daemon/certificates.h"
#include "daemon/clients.h"
#include "daemon/recording.h"
#include "daemon/reload.h"
#include "daemon/stop.h"
#include "daemon/workers.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#define EVENTS 64	/* taken from the kernel at a time */

int
master_watch(struct master *m, int fd, enum master_source source,
	uint32_t which)
{
	struct epoll_event e = {
		.events = EPOLLIN,
		.data.u64 = (uint64_t)source << 32 | which,
	};

	return epoll_ctl(m->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

void
master_unwatch(struct master *m, int fd)
{
	(void)epoll_ctl(m->epoll, EPOLL_CTL_DEL, fd, NULL);
}

void
master_listen(struct master *m, bool on)
{
	if (m->listening == on)
		return;
	m->listening = on;
	for (size_t i = 0; i < m->listeners.count; i++) {
		int fd = m->listeners.list[i].fd;

		if (fd < 0)
			continue;
		if (!on) {
			master_unwatch(m, fd);
			continue;
		}
		int error = master_watch(m, fd, MASTER_LISTENER, (uint32_t)i);
		if (error < 0)
			log_error("cannot watch a listener: %s",
				log_errno(error));
	}
}

void
master_speak_of(const struct slot *slot)
{
	struct address nobody;

	address_clear(&nobody);
	if (slot == NULL)
		log_set_session(0, &nobody);
	else
		log_set_session(slot->session, &slot->peer);
}

static void
take_signal(struct master *m)
{
	struct signalfd_siginfo info;

	while (read(m->signals, &info, sizeof(info)) ==
	    (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			workers_reap(m);
		else if (info.ssi_signo == SIGHUP)
			reload_settings(m);
		else
			stop_ask(m);
	}
}

/* What it is about may be gone since the kernel noted it. */
static void
take(struct master *m, uint64_t data)
{
	uint32_t which = (uint32_t)data;
	struct slot *slot;

	switch ((enum master_source)(data >> 32)) {
	case MASTER_SIGNAL:
		take_signal(m);
		break;
	case MASTER_LISTENER:
		if (m->listening && which < m->listeners.count)
			clients_accept(m, &m->listeners.list[which]);
		break;
	case MASTER_WORKER:
		slot = sessions_find(m->sessions, (pid_t)which);
		if (slot != NULL)
			workers_hear(m, slot);
		break;
	case MASTER_CONTROL_SOCKET:
		admin_accept(m);
		break;
	case MASTER_CONTROL:
		admin_hear(m, which);
		break;
	}
}

/* Work that is due without anything being ready.  True when there is more of
 * it, which must not delay a client that has come meanwhile. */
static bool
do_due(struct master *m, int64_t now)
{
	clients_retry(m);
	if (m->stop == STOP_NOT)
		master_listen(m, !m->has_waiting &&
			!pause_holds(&m->accept_pause, now));
	clients_report_full(m);
	recording_restart(m);
	certificates_watch(m);
	admin_step(m, now);
	workers_kill_late(m, now);
	stop_step(m);
	return workers_fill_pool(m);
}

/* When do_due() has to be called next though nothing happens.  `now` is the
 * one that do_due() had, so that no pause can end unseen between the two. */
static int64_t
next_due(const struct master *m, int64_t now)
{
	int64_t at = sessions_deadline(m->sessions);

	at = clock_earlier(at, pause_end(&m->accept_pause, now));
	at = clock_earlier(at, pause_end(&m->fork_pause, now));
	at = clock_earlier(at, pause_end(&m->full_pause, now));
	at = clock_earlier(at, recording_due(m, now));
	at = clock_earlier(at, certificates_due(m));
	at = clock_earlier(at, admin_due(m, now));
	if (m->stop != STOP_NOT)
		at = clock_earlier(at, m->stop_next);
	return at;
}

void
master_run(struct master *m)
{
	struct epoll_event events[EVENTS];
	int64_t now = clock_ms();
	bool more = true;

	while (!stop_done(m)) {
		int n = epoll_wait(m->epoll, events, EVENTS,
			more ? 0 : clock_poll(next_due(m, now)));
		if (n < 0 && errno != EINTR)
			bug("epoll_wait");
		for (int i = 0; i < n; i++)
			take(m, events[i].data.u64);
		now = clock_ms();
		more = do_due(m, now);
	}
}
