/*
 * request_service.h - a child of the master that handles the requests on a
 * service socket (common/process/service_socket.h): runner, radius, bookkeeper.
 *
 * It runs only if the settings need it.  The master keeps both ends of the
 * socket, so a process that dies is replaced by one on the same socket.  After
 * a reload or an upgrade a new one takes over the socket immediately, and the
 * former one exits when it has finished what it has received.
 */
#ifndef DAEMON_REQUEST_SERVICE_H
#define DAEMON_REQUEST_SERVICE_H

#include "common/base.h"
#include "common/process/log_source.h"
#include "daemon/recorder/metrics.h"
#include "daemon/services/service_child.h"

/* Former ones that are known; of earlier ones no log lines come any more. */
#define REQUEST_SERVICE_FORMER 8

struct request_service_former {
	pid_t pid;		/* 0: none */
	struct log_source log;
};

struct request_service {
	struct service_child child;
	enum log_source_role role;
	int finish;		/* signal that makes it finish and exit */
	bool wanted;
	int receive, send;	/* -1: not open */
	struct log_source log;
	struct request_service_former former[REQUEST_SERVICE_FORMER];
	/* If not NULL, it is told of each of its processes that has ended. */
	void (*ended)(void *context, pid_t pid);
	void *context;
	struct metrics *metrics;	/* shared with its processes; or NULL */
};

/* The name is not copied. */
void request_service_init(struct request_service *s, const char *name,
	enum log_source_role role, int finish);

/* Create the socket, with a queue of this many bytes.  0 or -errno. */
int request_service_open(struct request_service *s, int queue) MUST_CHECK;

/* For the next program (state.h), in place of request_service_open(): the same
 * socket.  If it is there, request_service_change() has to follow. */
struct state_reader;
struct state_writer;
void request_service_save(const struct request_service *s,
	struct state_writer *w);
bool request_service_restore(struct request_service *s,
	struct state_reader *state) MUST_CHECK;

/* The sending end of the socket, for monitors; -1 if it is not wanted. */
int request_service_fd(const struct request_service *s);

/* After a reload: let the present process finish, and start another one if the
 * settings need it. */
void request_service_change(struct request_service *s, bool wanted);

/* Is it wanted and not running, with no pause in effect? */
bool request_service_missing(const struct request_service *s, int64_t now);

/* Fork the process if it is missing; a failure starts a pause.  True in the
 * child, which has a log of its own; the receiving end and `also` (-1: none)
 * are the only other descriptors that it keeps. */
bool request_service_step(struct request_service *s, int also, int64_t now)
	MUST_CHECK;

/* When request_service_step() is due; CLOCK_NEVER. */
int64_t request_service_due(const struct request_service *s, int64_t now);

/* Handle a result of waitpid(); true when it was one of its processes. */
bool request_service_exited(struct request_service *s, pid_t pid, int status);

/* Reap those that have exited. */
void request_service_reap(struct request_service *s);

/* Attach their logs to a new recorder. */
void request_service_reattach(const struct request_service *s);

/* At the shutdown, after the monitors: its processes finish what they have
 * received, and exit; wait for that, but not longer than patience_ms. */
void request_service_close(struct request_service *s, int64_t patience_ms);

#endif
