/*
 * scoreboard.h - what the master knows at one moment, for sureftpctl.
 *
 * The master writes it into a file in memory that nobody can change any more
 * and gives that away, so that whoever reads it may take his time (rule R33).
 * The file is one struct scoreboard, its listeners, its sessions.
 */
#ifndef DAEMON_SCOREBOARD_H
#define DAEMON_SCOREBOARD_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"
#include "daemon/listener.h"

struct scoreboard {
	char version[32];	/* of the server; first in every version, */
	uint32_t size;		/* with the sizes of the three structs */
	uint32_t listener_size;
	uint32_t session_size;
	uint32_t listeners;	/* how many follow */
	uint32_t sessions;
	int32_t pid;
	int64_t started_ns;	/* clock_wall_ns() */
	int64_t age_ms;		/* since then */
	uint32_t spares;	/* workers by what they do */
	uint32_t logging_in;
	uint32_t logged_in;
	uint32_t refusing;
	int64_t max_workers;	/* the settings of these names */
	int64_t max_clients;
	uint8_t tls;		/* there is a certificate */
	uint8_t seccomp;	/* the kernel has it */
	char missing_caps[512];	/* names, with blanks between */
};

struct scoreboard_listener {
	char text[LISTENER_TEXT_SIZE];
	int32_t tls;		/* TLS_EXPLICIT... */
	uint8_t open;		/* a reload could not open it otherwise */
};

struct scoreboard_session {
	uint64_t session;
	int64_t age_ms;		/* since it was accepted */
	struct address peer;
	int32_t monitor;	/* its process */
	uint8_t logged_in;	/* only then the rest: */
	uid_t uid;
	char user[MESSAGE_USER_SIZE];	/* untrusted, but it ends */
	struct tls_summary tls;		/* likewise */
};

struct master;

/* The scoreboard of this moment: a descriptor, sealed and at its end, or
 * -errno. */
int scoreboard_make(const struct master *m) MUST_CHECK;

#endif
