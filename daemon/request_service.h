/*
 * request_service.h - a child of the master that handles the requests on a
 * service socket (common/process/service.h): the runner, and radius.
 *
 * It runs only if the settings need it.  The master keeps both ends of the
 * socket, so a process that dies is replaced by one on the same socket.  After
 * a reload or an upgrade a new one takes over the socket immediately, and the
 * previous one exits when it has finished what it has received.
 */
#ifndef DAEMON_REQUEST_SERVICE_H
#define DAEMON_REQUEST_SERVICE_H

#include "common/base.h"
#include "common/process/log_source.h"
#include "daemon/service_child.h"

struct request_service {
	struct service_child child;
	enum log_source_role role;
	int finish;		/* signal that makes it finish and exit */
	bool wanted;
	int receive, send;	/* -1: not open */
	struct log_source log;
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

/* Fork the process if it is wanted and not running, and no pause is in effect.
 * True in the child, which has a log of its own; the receiving end and `also`
 * (-1: none) are the only other descriptors that it keeps. */
bool request_service_step(struct request_service *s, int also, int64_t now)
	MUST_CHECK;

/* When request_service_step() is due; CLOCK_NEVER. */
int64_t request_service_due(const struct request_service *s, int64_t now);

/* Attach its log to a new recorder. */
void request_service_reattach(const struct request_service *s);

/* At the shutdown: the process finishes what it has received, and exits. */
void request_service_close(struct request_service *s);

#endif
