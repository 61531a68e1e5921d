/*
 * enter.h - a session process becomes its user, in its jail (design section 2).
 */
#ifndef WORKER_ENTER_H
#define WORKER_ENTER_H

#include "common/base.h"
#include "common/identity.h"
#include "common/process/message.h"
#include "worker/tree/rules.h"

/*
 * Called once, as root, which finds directories of rules.  With the account's
 * groups and file-system ids the jail is opened, if there is one; then the
 * process enters the jail as its root directory, and ROLE_SESSION for good;
 * then it enters the directory to start in as the user, as a login shell would.
 * With allow_missing_home it starts in "/" if that directory cannot be entered;
 * the jail must always be entered.
 *
 * *rules become those of the identity's directories, found before the jail
 * closes.
 *
 * 0, or an errno and in *place the directory concerned; the process is the
 * user in either case, and must exit on an error: it may be outside the jail.
 */
int enter_place(const struct identity *identity, struct rules *rules,
	enum entry_place *place) MUST_CHECK;

#endif
