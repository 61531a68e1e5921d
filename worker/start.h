/*
 * start.h - starts the greeter and the session process.
 *
 * Both functions are called in a newly forked child of the monitor, as root;
 * they take their role before they read a byte from the client, and never
 * return.
 *
 * The session process first enters its directories, and reports the result to
 * the monitor.  Then it waits for the greeter, which hands over the client on
 * the channel between the two.
 */
#ifndef WORKER_START_H
#define WORKER_START_H

#include "common/base.h"
#include "common/identity.h"
#include "common/names.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

struct passive_ports;	/* common/process/passive_ports.h */
struct quota_place;	/* common/accounts/quota_place.h */
struct tls_binding;	/* common/tls/tls_binding.h */
struct tls_server;	/* common/tls/tls_server.h */

struct greeter_start {
	int monitor_fd;			/* channel to the monitor */
	int keeper_fd;			/* to the keeper; -1 without TLS */
	const struct settings *settings;
	struct tls_server *tls;		/* of these settings; never NULL */
	const struct tls_binding *binding;	/* session number is 0 */
	struct passive_ports *ports;	/* or NULL; unmapped or passed on */
};

void greeter_main(const struct greeter_start *start) NORETURN;

struct session_start {
	int monitor_fd;			/* channel to the monitor */
	int handover_fd;		/* to the greeter, later the relay */
	int keeper_fd;			/* to the keeper; -1 without TLS */
	int control_fd;			/* to the client, or to the relay */
	const struct settings *settings;
	struct tls_server *tls;
	const struct names *names;
	const struct identity *identity;
	const struct message_client *client;
	const struct tls_binding *binding;
	struct passive_ports *ports;	/* or NULL */
	int quota_fd;		/* to the bookkeeper; -1 without a quota */
	const struct quota_place *quota;	/* with quota_fd */
	const char *notices;	/* PAM's messages for the 230: escaped lines */
};

void session_main(const struct session_start *start) NORETURN;

#endif
