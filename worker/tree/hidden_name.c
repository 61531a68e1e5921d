/*
 * hidden_name.c - names of temporary files.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/hidden_name.h"

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

int
hidden_choose_name(char name[HIDDEN_NAME_SIZE])
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return -EIO;
	snprintf(name, HIDDEN_NAME_SIZE, PREFIX "%016" PRIx64, number);
	return 0;
}
