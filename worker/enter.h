/*
 * enter.h - how a session process takes its place (design section 2).
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
 * With allow_missing_home "/" takes the place of a directory that cannot be
 * started in; nothing takes the place of the jail.
 *
 * *rules become those of the identity's directories, found before the jail
 * closes.
 *
 * 0, or an errno and in *place what it is about; the process is the user
 * either way, and must end after an error: it may be outside the jail.
 */
int enter_place(const struct identity *identity, struct rules *rules,
	enum entry_place *place) MUST_CHECK;

#endif
