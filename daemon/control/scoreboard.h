/*
 * scoreboard.h - a snapshot of the master's state, for sureftpctl.
 *
 * The master writes it into a sealed file in memory and sends the descriptor,
 * so that a slow reader delays nothing.  The file contains one
 * struct scoreboard, the listeners, and the sessions.
 */
#ifndef DAEMON_SCOREBOARD_H
#define DAEMON_SCOREBOARD_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"
#include "common/process/page.h"
#include "daemon/clients/listener.h"

struct scoreboard {
	char version[32];	/* of the server */
	uint32_t size;		/* of the structs; version and sizes
				 * come first in every version */
	uint32_t listener_size;
	uint32_t session_size;
	uint32_t listeners;	/* the numbers that follow */
	uint32_t sessions;
	int32_t pid;
	int64_t started_ns;	/* clock_wall_ns() */
	int64_t age_ms;		/* since then */
	uint32_t spares;	/* workers by state */
	uint32_t logging_in;
	uint32_t logged_in;
	uint32_t refusing;
	int64_t max_workers;	/* the settings with these names */
	int64_t max_clients;
	int32_t log_level;	/* enum log_level */
	uint8_t draining;	/* new clients are refused */
	uint8_t tls;		/* there is a certificate */
	uint8_t seccomp;	/* the kernel supports it */
	uint8_t landlock;	/* its version; 0: not supported by the
				 * kernel */
	char missing_caps[512];	/* names, separated by blanks */
	char radius_silent[1024];	/* RADIUS servers that do not answer,
				 * likewise; truncated if too long */
	char file[1024];	/* the configuration file */
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
	int32_t monitor;	/* pid of its monitor */
	uint8_t logged_in;	/* the following fields are valid only then: */
	char account[MESSAGE_ACCOUNT_SIZE];	/* the key, "uid 1000" */
	char user[MESSAGE_USER_SIZE];	/* untrusted, but terminated */
	struct tls_summary tls;		/* the same */
	/* Reported by the session: untrusted, but in range. */
	uint8_t known;		/* its page could be read; the rest is valid
				 * only then */
	uint8_t doing;		/* enum page_state */
	int64_t doing_ms;	/* time in this state */
	int64_t moved;		/* see struct page_report */
	int64_t offset;
	int64_t size;
	int64_t down, up;	/* of the session, including the running
				 * transfer */
	int64_t files_down, files_up;
	int64_t commands;
	char verb[PAGE_VERB_SIZE];
	char path[PAGE_PATH_SIZE];
	int64_t download_rate;	/* set by the administrator; 0: none */
	int64_t upload_rate;
};

struct board;
struct charges;
struct clients;
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
	const struct board *board;
	const struct clients *clients;	/* NULL: not draining */
	const struct charges *charges;	/* for the bans */
	const char *file;		/* configuration file; NULL: none */
	int64_t started;		/* clock_ms() */
	int64_t started_wall_ns;
};

/* Make a scoreboard: its descriptor, sealed and with the offset at the end, or
 * -errno. */
int scoreboard_make(const struct scoreboard_source *source) MUST_CHECK;

#endif
