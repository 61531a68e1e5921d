/*
 * run_pass.h - the proof that an account has a session, for the runner.
 *
 * With run_as = session the runner starts programs as the account that a
 * request names, and the requests come from the recorder, which may have been
 * taken over.  The master makes a pass for each login, with a key that only
 * master and runner have.  It goes to the monitor, from there with the
 * session's identity to the recorder, and with each request to the runner.  So
 * a recorder can name only sessions that it was told of.
 */
#ifndef COMMON_PROCESS_RUN_PASS_H
#define COMMON_PROCESS_RUN_PASS_H

#include "common/base.h"
#include "common/siphash.h"

#define RUN_PASS_KEY_SIZE SIPHASH_KEY_SIZE

/* The pass of a session of the account with this uid; 0 without a key. */
uint64_t run_pass(const uint8_t *key, uint64_t session, uint32_t uid);

#endif
