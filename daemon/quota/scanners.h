/*
 * scanners.h - starts the scanners that the bookkeeper asks for.
 */
#ifndef DAEMON_QUOTA_SCANNERS_H
#define DAEMON_QUOTA_SCANNERS_H

#include "common/base.h"
#include "common/process/log_source.h"
#include "common/process/message.h"
#include "daemon/state/state.h"

#define SCANNERS_MAX 4		/* at the same time */

struct scanners {
	struct {
		pid_t pid;	/* 0: unused */
		bool killed;	/* by us, which is logged already */
		struct log_source log;
	} list[SCANNERS_MAX];
};

void scanners_init(struct scanners *s);

/*
 * Fork a scanner with its end of the channel, which is closed here.  If that
 * fails (too many, no process, uid 0), the bookkeeper's end reports that it is
 * closed, and it asks again later.
 */
void scanners_start(struct scanners *s,
	const struct message_quota_scan *order, int fd);

/* Handle a result of waitpid(); true when it was a scanner. */
bool scanners_exited(struct scanners *s, pid_t pid, int status);

/* Reap those that have exited, and end those that were stopped. */
void scanners_reap(struct scanners *s);

/* The recorder was restarted. */
void scanners_reattach(const struct scanners *s);

void scanners_close(struct scanners *s);

/* The next program reaps them; they report to the bookkeeper as before. */
void scanners_save(const struct scanners *s, struct state_writer *w);
void scanners_restore(struct scanners *s, struct state_reader *r);

#endif
