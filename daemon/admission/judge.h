/*
 * judge.h - collects what admission.h needs to know about a client.
 */
#ifndef DAEMON_JUDGE_H
#define DAEMON_JUDGE_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/admission/admission.h"
#include "daemon/bans/charges.h"
#include "daemon/sessions/sessions.h"

struct judge {
	const struct settings *settings;
	const struct sessions *sessions;
	struct charges *charges;
	bool draining;
};

/* A client that has connected from this address, not counted yet.  On a
 * listener with proxy_protocol it is a proxy: its client is judged later. */
enum verdict judge_connection(const struct judge *j,
	const struct listener_settings *listener, const struct address *peer);

/* The client that a proxy has named.  Its session is counted already, but not
 * for an address; `listener` is NULL if a reload has removed it. */
enum verdict judge_proxied(const struct judge *j,
	const struct listener_settings *listener, const struct address *peer);

#endif
