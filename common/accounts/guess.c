/*
 * guess.c - keyed hashes of user names and passwords.
 *
 * Runs in: master (guess_init), monitor.
 */
#include "common/base.h"
#include "common/accounts/guess.h"

#include "common/process/secret.h"
#include "common/tls/tls_hash.h"

#include <sys/random.h>

/* Monitors inherit it by fork.  So do the processes that they fork, to which
 * it is of no use: hashes are sent to the master only. */
static uint8_t key[32];

int
guess_init(void)
{
	return getrandom(key, sizeof(key), 0) == (ssize_t)sizeof(key) ? 0 :
	    -EIO;
}

/* The first 64 bits of hexadecimal digits. */
static uint64_t
first_bits(const char *hex)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < 16; i++)
		bits = bits << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' :
			hex[i] - 'a' + 10);
	return bits;
}

/* The hash of the key and the texts with their NULs; `password` may be NULL. */
static uint64_t
hash(const char *user, const char *password)
{
	struct tls_hash *h = tls_hash_new("SHA256");
	char hex[TLS_HASH_HEX_SIZE];
	uint64_t bits = 0;

	if (h != NULL && tls_hash_add(h, key, sizeof(key)) &&
	    tls_hash_add(h, user, strlen(user) + 1) &&
	    (password == NULL ||
	    tls_hash_add(h, password, strlen(password) + 1)) &&
	    tls_hash_end(h, hex))
		bits = first_bits(hex) | 1;
	tls_hash_free(h);
	secret_wipe(hex, sizeof(hex));
	return bits;
}

struct guess
guess_make(const char *user, const char *password)
{
	return (struct guess){ .user = hash(user, NULL),
		.password = hash(user, password) };
}
