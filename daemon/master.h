/*
 * master.h - the process that owns everything and understands nothing: it
 * accepts, counts, refuses, keeps workers ready and reaps them.  It parses not
 * one byte that a client sent, and it never waits for anything but its event
 * loop (rule R33).
 *
 * struct master is all that it knows, for one process for its whole life.  The
 * rooms clients, workers, recording, certificates, admin, reload and stop each
 * carry out a part of its work on it.
 */
#ifndef DAEMON_MASTER_H
#define DAEMON_MASTER_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/names.h"
#include "common/settings/settings.h"
#include "daemon/control/admin.h"
#include "daemon/listener.h"
#include "daemon/notify.h"
#include "daemon/options.h"
#include "daemon/pause.h"
#include "daemon/penalty.h"
#include "daemon/sessions.h"
#include "common/tls/tls_server.h"

/* The signals the master waits for; blocked in it, and only in it. */
#define MASTER_SIGNALS { SIGTERM, SIGINT, SIGHUP, SIGCHLD }

enum stop_stage {
	STOP_NOT,	/* at work */
	STOP_GRACE,	/* running transfers may end */
	STOP_NOW,	/* everybody was told to end at once */
	STOP_KILL,	/* who did not was killed */
	STOP_OVER,	/* who even then is there is left behind */
};

struct master {
	const struct options *options;
	struct settings *settings;	/* replaced as a whole by a reload */
	struct tls_server *tls;		/* likewise, or when a file changes */
	int64_t tls_look;		/* when to see whether one has */
	struct names *names;
	struct notify notify;
	struct admin admin;
	int64_t started;		/* clock_ms() */
	int64_t started_wall_ns;

	int epoll;
	int signals;			/* signalfd */
	struct listeners listeners;
	bool listening;			/* they are in the epoll set */

	struct sessions *sessions;
	struct penalties *penalties;
	uint64_t last_session;		/* the last number given out */
	bool has_waiting;		/* a client for whom no worker could */
	struct message waiting;		/* be forked yet, with its socket */

	struct {
		pid_t pid;		/* 0: to be started again */
		int read;		/* its end, kept over restarts */
		struct pause pause;
		int64_t finish_by;	/* it was told to; 0: it was not */
	} recorder;

	struct pause accept_pause;	/* out of descriptors or memory */
	struct pause fork_pause;
	struct pause full_pause;	/* between two lines about the next */
	uint64_t full_count;		/* clients closed, not yet told */

	enum stop_stage stop;
	int64_t stop_next;		/* when the next stage comes */
};

/*
 * What epoll hands back: what kind of thing is ready, and which one - the
 * index of a listener, the pid of a worker's monitor, the place of a
 * sureftpctl.
 */
enum master_source {
	MASTER_SIGNAL,
	MASTER_LISTENER,
	MASTER_WORKER,
	MASTER_CONTROL_SOCKET,
	MASTER_CONTROL,
};

/* Watch fd for reading.  0 or -errno. */
int master_watch(struct master *m, int fd, enum master_source source,
	uint32_t which) MUST_CHECK;

/* Before it is closed: a child may still hold it, and then closing it alone
 * would not take it out of the epoll set. */
void master_unwatch(struct master *m, int fd);

/* Listen to new clients, or do not for a while. */
void master_listen(struct master *m, bool on);

/* Lines and events from here on are about this worker's session; NULL: about
 * none. */
void master_speak_of(const struct slot *slot);

/* Serve until a signal ends it. */
void master_run(struct master *m);

#endif
