/*
 * server.h - the real daemon, started and stopped by a test.
 */
#ifndef TESTS_FUNCTIONAL_SERVER_H
#define TESTS_FUNCTIONAL_SERVER_H

#include "common/base.h"

#define SERVER_CONFIG "/etc/sureftpd/sureftpd.conf"
#define SERVER_ERRORS "/var/log/sureftpd.stderr"

struct server {
	pid_t pid;		/* the master; -1 when it did not start */
};

/*
 * Start it with a configuration that is quick for tests (no delay after
 * failed logins, no automatic bans of addresses, two spare workers) and these
 * -o assignments, and wait until it says READY=1.  A failure to start fails
 * the test.  SERVER(&s, "limits.max_clients=2", ...) is the usual call.
 */
#define SERVER(server, ...)                                           \
	server_start((server), (const char *const[]){ __VA_ARGS__     \
		__VA_OPT__(,) NULL })
bool server_start(struct server *s, const char *const *options);

/* If set, called in the new process before it becomes the server. */
extern void (*server_prepare)(void);

/* SIGTERM; checks that it exits with 0 and that none of its processes is
 * left.  Bounded to ten seconds. */
void server_stop(struct server *s);

/* Add lines to the configuration file that server_start() wrote. */
void server_configure(const char *lines);

/* What the log on standard error holds now; valid until the next call.
 * Checks of it are in logged.h. */
const char *server_log(void);

/* Wait until a process has ended (at most ms); its wait status in *status
 * when it is our child. */
bool server_wait(pid_t pid, int64_t ms, int *status);

#endif
