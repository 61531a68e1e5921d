/*
 * secrets.h - the secrets that are shared with the RADIUS servers.
 */
#ifndef DAEMON_RADIUS_SECRETS_H
#define DAEMON_RADIUS_SECRETS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/radius/packet.h"

/* The text of secret_file, or of `secret` in the settings. */
struct radius_secrets {
	char text[8192];
};

/* Read it, as root.  0, or -errno after the reason was logged.  The caller must
 * wipe *s. */
int radius_secrets_read(struct radius_secrets *s,
	const struct settings *settings) MUST_CHECK;

/* Copy the secret of a server, as written in the settings: that of its own
 * line, or else the one on a line without a server.  False if there is none, or
 * it is too long. */
bool radius_secrets_find(const struct radius_secrets *s, const char *server,
	struct radius_secret *secret) MUST_CHECK;

#endif
