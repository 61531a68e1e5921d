/*
 * charsets.h - the character sets of file names that a session may need
 * (filename_charset).
 *
 * Names on disk are UTF-8.  There are three doors: a line of the client is
 * converted when it is taken (command_loop.c), replies when they are made
 * (reply.c), listings when they are sent (cmd_list.c).
 */
#ifndef WORKER_CHARSETS_H
#define WORKER_CHARSETS_H

#include "common/base.h"
#include "common/charset.h"
#include "common/settings/settings.h"

struct charsets {
	struct charset sets[CHARSETS];
};

/* Open those that depend on the client; before the process enters its jail,
 * because the C library may have to load modules.  NULL if none is needed; one
 * that cannot be opened is logged and left out. */
const struct charsets *charsets_open(const struct settings *settings,
	const struct user_settings *user);

/* The one to use; NULL for UTF-8.  `opened` may be NULL. */
const struct charset *charsets_choose(const struct charsets *opened,
	const struct user_settings *user);

#endif
