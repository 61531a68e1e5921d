/*
 * settings_client.h - [client NAME]: settings for clients that need exceptions,
 * such as cameras and scanners.
 *
 * NAME is an address or a network; or listener: and a listener's name; or clnt:
 * and a pattern (common/glob.h) for what the client says with CLNT.  Because
 * that is the client's choice, and addresses may be shared, only settings
 * about how clients are talked to can be set: nothing that an account may do.
 */
#ifndef COMMON_SETTINGS_SETTINGS_CLIENT_H
#define COMMON_SETTINGS_SETTINGS_CLIENT_H

#include "common/base.h"
#include "common/settings/settings.h"

/* What is known of a client. */
struct settings_client {
	const struct address *peer;
	const char *listener;	/* the listener's name, "" for [listener] */
	const char *clnt;	/* from CLNT, or "" */
};

/* Is this a NAME? */
bool settings_client_is_name(const char *name);

/* Can this row be set in [client NAME]? */
bool settings_client_allows(size_t row);

/* Set in *out what the sections that fit the client set, in the order of the
 * file.  False when none fits, and *out is as it was. */
bool settings_client_apply(const struct settings *settings,
	const struct settings_client *client, struct user_settings *out);

#endif
