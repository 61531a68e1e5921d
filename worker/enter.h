/*
 * enter.h - how a session process takes its place (design section 2).
 */
#ifndef WORKER_ENTER_H
#define WORKER_ENTER_H

#include "common/base.h"
#include "common/identity.h"

/*
 * Called once, as root.  With the account's groups and file-system ids the home
 * directory is opened; then the process enters the identity's root directory,
 * if it has one, and ROLE_SESSION for good; then it enters the home directory
 * with nothing but the user's own rights.  With allow_missing_home "/" takes
 * the place of a home that cannot be entered.
 *
 * 0, or an errno for the home directory; the process is the user either way.
 */
int enter_place(const struct identity *identity) MUST_CHECK;

#endif
