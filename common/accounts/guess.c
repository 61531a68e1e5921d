/*
 * guess.c - keyed hashes of user names and passwords.
 *
 * Runs in: master (guess_init), monitor.
 */
#include "common/base.h"
#include "common/accounts/guess.h"

#include "common/process/secret.h"
#include "common/siphash.h"

#include <sys/random.h>

/* Monitors inherit it by fork.  So do the processes that they fork, to which
 * it is of no use: hashes are sent to the master only. */
static uint8_t key[SIPHASH_KEY_SIZE];

int
guess_init(void)
{
	return getrandom(key, sizeof(key), 0) == (ssize_t)sizeof(key) ? 0 :
	    -EIO;
}

struct guess
guess_make(const struct message_auth *attempt)
{
	size_t user = strlen(attempt->user) + 1;
	size_t password = strlen(attempt->password) + 1;
	char both[sizeof(attempt->user) + sizeof(attempt->password)];

	memcpy(both, attempt->user, user);
	memcpy(both + user, attempt->password, password);
	struct guess guess = {
		.user = siphash(key, both, user) | 1,
		.password = siphash(key, both, user + password) | 1,
	};
	secret_wipe(both, user + password);
	return guess;
}
