/*
 * settings_client.h - [client NAME]: settings for clients that need exceptions,
 * such as cameras and scanners.
 *
 * NAME is an address or a network; or listener: and a listener's name; or clnt:
 * and a pattern (common/glob.h) for the name that the client sends with CLNT.
 * Because the client chooses that name, and addresses may be shared, only
 * settings of the protocol can be set, and no permissions.
 */
#ifndef COMMON_SETTINGS_SETTINGS_CLIENT_H
#define COMMON_SETTINGS_SETTINGS_CLIENT_H

#include "common/base.h"
#include "common/settings/settings.h"

/* The client's properties. */
struct settings_client {
	const struct address *peer;
	const char *listener;	/* the listener's name, "" for [listener] */
	const char *clnt;	/* from CLNT, or "" */
};

/* Is this a NAME? */
bool settings_client_is_name(const char *name);

/* Is the listener that it names, if any, one of these settings? */
bool settings_client_is_known(const char *name,
	const struct settings *settings);

/* Can this row be set in [client NAME]? */
bool settings_client_allows(size_t row);

/* Apply the matching sections to *out, in the order of the file.  False if none
 * matches; then *out is not changed. */
bool settings_client_apply(const struct settings *settings,
	const struct settings_client *client, struct user_settings *out);

#endif
