/*
 * scanning.h - starts the scanners that the bookkeeper asks for.
 */
#ifndef DAEMON_QUOTA_SCANNING_H
#define DAEMON_QUOTA_SCANNING_H

#include "common/base.h"
#include "common/process/log_source.h"
#include "common/process/message.h"
#include "daemon/state/state.h"

#define SCANNING_MAX 4		/* at the same time */

struct scanning {
	struct {
		pid_t pid;	/* 0: unused */
		bool killed;	/* by us, which is logged already */
		struct log_source log;
	} list[SCANNING_MAX];
};

void scanning_init(struct scanning *s);

/*
 * Fork a scanner with its end of the channel, which is closed here.  If that
 * fails (too many, no process, uid 0), the bookkeeper's end reports that it is
 * closed, and it asks again later.
 */
void scanning_start(struct scanning *s,
	const struct message_quota_scan *order, int fd);

/* Handle a result of waitpid(); true when it was a scanner. */
bool scanning_exited(struct scanning *s, pid_t pid, int status);

/* Reap those that have exited, and end those that were stopped. */
void scanning_reap(struct scanning *s);

/* The recorder was restarted. */
void scanning_reattach(const struct scanning *s);

void scanning_close(struct scanning *s);

/* The next program reaps them; they report to the bookkeeper as before. */
void scanning_save(const struct scanning *s, struct state_writer *w);
void scanning_restore(struct scanning *s, struct state_reader *r);

#endif
