/*
 * scoreboard.h - the master's state at one moment, for sureftpctl.
 *
 * The master writes it into a sealed file in memory and sends its descriptor,
 * so that a slow reader delays nothing (rule R33).  The
 * file is one struct scoreboard, its listeners, its sessions.
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
	int64_t max_workers;	/* the settings with these names */
	int64_t max_clients;
	uint8_t tls;		/* there is a certificate */
	uint8_t seccomp;	/* the kernel has it */
	uint8_t landlock;	/* its version; 0: the kernel has none */
	char missing_caps[512];	/* names, with blanks between */
};

struct scoreboard_listener {
	char text[LISTENER_TEXT_SIZE];
	int32_t tls;		/* TLS_EXPLICIT... */
	uint8_t open;		/* it could be opened */
};

struct scoreboard_session {
	uint64_t session;
	int64_t age_ms;		/* since it was accepted */
	struct address peer;
	int32_t monitor;	/* its process */
	uint8_t logged_in;	/* only then the rest: */
	char account[MESSAGE_ACCOUNT_SIZE];	/* the key, "uid 1000" */
	char user[MESSAGE_USER_SIZE];	/* untrusted, but terminated */
	struct tls_summary tls;		/* likewise */
};

struct configuration;
struct metrics;
struct listeners;
struct sessions;

/* Its sources. */
struct scoreboard_source {
	const struct configuration *configuration;
	const struct listeners *listeners;
	const struct sessions *sessions;
	struct metrics *metrics;
	int64_t started;		/* clock_ms() */
	int64_t started_wall_ns;
};

/* The scoreboard of this moment: a descriptor, sealed and at its end, or
 * -errno. */
int scoreboard_make(const struct scoreboard_source *source) MUST_CHECK;

#endif
