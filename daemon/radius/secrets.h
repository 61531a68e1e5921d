/*
 * secrets.h - the secret that is shared with a RADIUS server.
 */
#ifndef DAEMON_RADIUS_SECRETS_H
#define DAEMON_RADIUS_SECRETS_H

#include "common/base.h"
#include "common/settings/settings.h"

/* The text of secret_file, or of `secret` in the settings. */
struct radius_secrets {
	char text[8192];
};

/* Read it; as root.  0, or -errno after the reason was logged.  The caller must
 * wipe it. */
int radius_secrets_read(struct radius_secrets *s,
	const struct settings *settings) MUST_CHECK;

/* The secret for the server that is written like this into secret[size]: that
 * of its own line, or the one that stands alone.  Its length; 0: none, or it is
 * too long. */
size_t radius_secrets_find(const struct radius_secrets *s, const char *server,
	char *secret, size_t size);

#endif
