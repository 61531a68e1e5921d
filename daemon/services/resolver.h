/*
 * resolver.h - finds the addresses of host names in the settings.
 *
 * This is done in a separate process, because lookups can take long and their
 * answers come from the network.  It runs only while a setting contains a host
 * name, as greeter_user, and can only write to one page of addresses
 * (common/process/resolved.h).  It is restarted if it exits.
 */
#ifndef DAEMON_RESOLVER_H
#define DAEMON_RESOLVER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/services/service_child.h"

struct resolver {
	struct service_child child;
	int page;		/* for writing the addresses, or -1 */
	const struct settings *settings;
	bool needed;
};

/* 0 or -errno. */
int resolver_open(struct resolver *r) MUST_CHECK;
void resolver_close(struct resolver *r);

/* For the next program (state.h), in place of resolver_open(): the same page.
 * The process is killed. */
struct state_reader;
struct state_writer;
void resolver_save(struct resolver *r, struct state_writer *w);
void resolver_restore(struct resolver *r, struct state_reader *state);

/* Use these settings from now on, and look up their names. */
void resolver_change(struct resolver *r, const struct settings *settings);

/* Start the process if it is not running and a restart is due. */
void resolver_step(struct resolver *r, int64_t now);
int64_t resolver_due(const struct resolver *r, int64_t now);

#endif
