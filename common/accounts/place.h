/*
 * place.h - where an account's sessions take place: the jail, if there is one,
 * and the directory to start in.
 *
 * Only paths are decided here, from settings and the account's data.  The
 * session process opens them with the account's own rights (worker/enter.h).
 */
#ifndef COMMON_ACCOUNTS_PLACE_H
#define COMMON_ACCOUNTS_PLACE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/*
 * Fill in jail, client_home and start from home and the settings jail and
 * start_dir; identity->settings must be set.  Anonymous sessions are always in
 * a jail.  False, with the reason
 * appended, when they give no valid path; the login must be refused.
 */
bool place_decide(struct identity *identity, struct buffer *reason) MUST_CHECK;

/*
 * Select the [directory] sections that apply to the account, by its name and
 * its groups as they are in identity->groups.  False, with the reason
 * appended, when out of memory.
 */
bool place_directories(const struct settings *settings,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

#endif
