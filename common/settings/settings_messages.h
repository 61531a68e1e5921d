/*
 * settings_messages.h - the files whose text is sent to clients (rows of kind
 * PATH with the unit "message"), read together with the settings, because the
 * processes that send them have no access to files.
 *
 * Only world-readable files are used, so that a link in the path cannot
 * disclose a secret file to clients.
 */
#ifndef COMMON_SETTINGS_SETTINGS_MESSAGES_H
#define COMMON_SETTINGS_SETTINGS_MESSAGES_H

#include "common/base.h"
#include "common/settings/settings.h"

#define SETTINGS_MESSAGE_SIZE 8192	/* maximum size of such a file */

struct settings_message {
	char *path;
	char *text;
};

/* Read the files that the settings name.  Calls complain() for each that cannot
 * be used; returns how often. */
size_t settings_messages_load(struct settings *settings,
	settings_complaint *complain, void *context);
void settings_messages_free(struct settings *settings);

/* The text of the file at this path, a setting's value; NULL for "". */
const char *settings_messages_text(const struct settings *settings,
	const char *path);

#endif
