/*
 * place.h - the jail of an account's sessions, if any, and the directory they
 * start in.
 *
 * Only the paths are determined here, from settings and the account's data.
 * The session process opens them with the account's own rights
 * (worker/enter.h).
 */
#ifndef COMMON_ACCOUNTS_PLACE_H
#define COMMON_ACCOUNTS_PLACE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

/*
 * Fill in jail, client_home and start from home and the settings jail,
 * hide_mount_point and start_dir; identity->settings must be set.  Anonymous
 * sessions are always in a jail.  False, with the reason appended, when there
 * is no valid path; the login must be refused.
 */
bool place_decide(struct identity *identity, struct buffer *reason) MUST_CHECK;

/*
 * Select the [directory] sections that apply to the account, by its name and by
 * identity->groups.  False, with the reason appended, when out of memory.
 */
bool place_directories(const struct settings *settings,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

/* Replace the tokens of a path in the settings; out[IDENTITY_PATH_SIZE].
 * False, with the reason appended. */
bool place_expand(const char *setting, const struct identity *identity,
	char *out, struct buffer *reason) MUST_CHECK;

/* Append the name of the directory that could not be entered, and the error
 * unless it is 0, for the log. */
void place_explain_failure(const struct identity *identity,
	enum entry_place place, int error, struct buffer *reason);

#endif
