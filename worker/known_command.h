/*
 * known_command.h - the words of commands_allowed and commands_denied.
 */
#ifndef WORKER_KNOWN_COMMAND_H
#define WORKER_KNOWN_COMMAND_H

#include "common/base.h"

/* Does the word stand for a command, as DELE, SITE and SITE_CHMOD do? */
bool known_command(const char *word, size_t len);

#endif
