/*
 * enter.h - enters the jail and the start directory, and becomes the user.
 */
#ifndef WORKER_ENTER_H
#define WORKER_ENTER_H

#include "common/base.h"
#include "common/identity.h"
#include "common/process/message.h"
#include "worker/tree/rules.h"

/*
 * Called once, as root, which finds the directories of rules.  If there is a
 * jail, it is opened with the account's groups and file-system ids and becomes
 * the root directory.  Then the process takes ROLE_SESSION permanently and
 * enters the start directory as the user, like a login shell. With
 * allow_missing_home it starts in "/" if that directory cannot be entered; the
 * jail must always be entered.
 *
 * *rules is set to those of the identity's directories, which are looked up
 * before the jail becomes the root directory.
 *
 * 0; or -errno, with the directory in *place.  After an error the process must
 * exit, because it may be outside the jail.
 */
int enter_place(const struct identity *identity, struct rules *rules,
	enum entry_place *place) MUST_CHECK;

#endif
