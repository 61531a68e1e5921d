/*
 * hidden_name.c - names of temporary files.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/hidden_name.h"

#include "common/siphash.h"

#include <sys/random.h>

#define PREFIX ".sureftpd-upload."
#define DIGITS 16

bool
hidden_is_name(const char *name)
{
	size_t prefix = strlen(PREFIX);

	return name[0] == '.' && strncmp(name, PREFIX, prefix) == 0 &&
		strspn(name + prefix, "0123456789abcdef") == DIGITS &&
		name[prefix + DIGITS] == '\0';
}

/* Each number is used once; which one is next cannot be guessed. */
int
hidden_choose_name(char name[HIDDEN_NAME_SIZE])
{
	static uint8_t key[SIPHASH_KEY_SIZE];
	static uint64_t count;

	if (count == 0 && getrandom(key, sizeof(key), 0) !=
		(ssize_t)sizeof(key))
		return -EIO;
	count++;
	snprintf(name, HIDDEN_NAME_SIZE, PREFIX "%016" PRIx64,
		siphash(key, &count, sizeof(count)));
	return 0;
}
