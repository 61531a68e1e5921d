/*
 * intake.h - reads the events of all other processes, in rounds: in each round
 * it reads a limited number from every socket that is ready, so that no process
 * can delay the others.
 *
 * Events of master and monitors arrive on the service socket.  Each greeter and
 * session has its own socket, attached by its monitor with its identity
 * (common/process/log_source.h); events.def defines which events they may send,
 * log.max_rate how many.
 *
 * The events of a round are sorted by time.  The service socket is drained
 * after the attached sockets were read, so that no event is handled without an
 * identity that was sent before it.  The end of a session is returned after all
 * events of its processes.
 */
#ifndef DAEMON_RECORDER_INTAKE_H
#define DAEMON_RECORDER_INTAKE_H

#include "common/base.h"
#include "common/log/event.h"

struct intake;

/*
 * service: the receiving end of the service socket; signals: a signalfd or -1;
 * both remain the caller's.  trusted: the uid of master and monitors; max_rate:
 * events per second from one attached socket, 0 for no limit.  NULL with errno
 * set.
 */
struct intake *intake_new(int service, int signals, uid_t trusted,
	int64_t max_rate);
void intake_free(struct intake *in);

/*
 * Wait for the next round.  False at the end: all senders have closed their
 * sockets and everything was read; or the signal has arrived and everything
 * sent before it was read.
 */
bool intake_wait(struct intake *in);

/* The same as if the signal had arrived. */
void intake_finish(struct intake *in);

/* For callers that also wait for other descriptors: one that is readable when
 * intake_wait() would return, and the clock_ms() at which to call it even if
 * the descriptor is not readable. */
int intake_fd(const struct intake *in);
int64_t intake_due(const struct intake *in);

/* Have all senders exited except the runner, which still gets events from the
 * recorder? */
bool intake_waits_for_runner(const struct intake *in);

/* Called for descriptors that root's processes attach and that are not logs:
 * takes ownership of fd, or returns false. */
typedef bool intake_other(void *context, const void *data, size_t len, int fd);
void intake_on_other(struct intake *in, intake_other *other, void *context);

/* The round's next event, valid until the next call, with role, session, peer,
 * local, user, pid and sender filled in from trusted sources; or NULL. */
struct event *intake_next(struct intake *in);

#endif
