/*
 * log_source.h - the log socket of a child that the recorder does not trust.
 *
 * Each has its own log socket, made by its parent (a monitor or the master),
 * and no other connection to the recorder.  The parent attaches the other end
 * to the recorder (service_socket.h), with the identity that the recorder adds
 * to all lines from there.  It keeps that end open, to attach it again when the
 * identity changes or the recorder was restarted.
 */
#ifndef COMMON_PROCESS_LOG_SOURCE_H
#define COMMON_PROCESS_LOG_SOURCE_H

#include "common/address.h"
#include "common/base.h"
#include "common/log/event.h"

enum log_source_role {
	LOG_SOURCE_GREETER,
	LOG_SOURCE_RELAY,	/* the greeter after login under TLS */
	LOG_SOURCE_SESSION,
	LOG_SOURCE_KEEPER,	/* attached by the master */
	LOG_SOURCE_RUNNER,	/* likewise */
	LOG_SOURCE_RADIUS,	/* likewise */
	LOG_SOURCE_BOOKKEEPER,	/* likewise */
	LOG_SOURCE_SCANNER,	/* likewise */
	LOG_SOURCE_ROLES
};

/* What is sent with an attached socket. */
struct log_identity {
	uint64_t number;	/* random, names the socket */
	uint64_t session;	/* 0: no client yet */
	uint64_t run_pass;	/* of a session (run_pass.h) */
	int64_t since_ns;	/* clock_wall_ns() of this identity; filled in
				 * by log_source_attach() */
	struct address peer;
	struct address local;
	int32_t role;		/* enum log_source_role */
	char user[EVENT_USER_MAX];	/* "" before login */
};

/* The role's name for the log, and which events it may send. */
const char *log_source_role_name(enum log_source_role role);
enum event_sender log_source_sender(enum log_source_role role);

struct log_source {
	int fd;			/* -1: none */
	int64_t patience_ms;	/* timeout while the recorder's queue is full */
	struct log_identity identity;
};

void log_source_init(struct log_source *s);

/* A socket for a child that is to be forked; *child_fd is the child's end, the
 * caller's to close.  Both are -1 while this process logs to standard error, as
 * the child does then.  0 or -errno. */
int log_source_open(struct log_source *s, enum log_source_role role,
	int *child_fd) MUST_CHECK;

/* In the child: send events there, and close the service socket. */
void log_source_use(int child_fd);

/* Send s->identity to the recorder.  To be called before the child learns of
 * the change itself, so that the recorder knows it before the child's next
 * line.  A failure is logged; the next call repairs it. */
void log_source_attach(const struct log_source *s);

/* Close it after the child has exited.  What it has sent is still read, even if
 * the recorder is being restarted. */
void log_source_close(struct log_source *s);

#endif
