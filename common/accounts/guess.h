/*
 * guess.h - keyed hashes by which the master recognises a failed login that is
 * tried again, without knowing passwords.
 *
 * The key is random for each run of the server, and is kept nowhere else.
 */
#ifndef COMMON_ACCOUNTS_GUESS_H
#define COMMON_ACCOUNTS_GUESS_H

#include "common/base.h"
#include "common/process/message.h"

/* Make the key, in the master before it forks any worker.  0 or -errno. */
int guess_init(void) MUST_CHECK;

/* The hashes of a user name and a password; never 0. */
struct guess guess_make(const struct message_auth *attempt);

#endif
