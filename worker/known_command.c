/*
 * known_command.c - the words of commands_allowed and commands_denied.
 *
 * Runs in: sureftpd --check.
 */
#include "common/base.h"
#include "worker/known_command.h"

#include "worker/command.h"

bool
known_command(const char *word, size_t len)
{
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row))
		if (command_is_meant(row, word, len))
			return true;
	return false;
}
