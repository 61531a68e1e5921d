/*
 * dictionary.c - prints a dictionary for libFuzzer: every verb of the command
 * tables, and the actions of client.h.
 */
#include "common/base.h"

#include "worker/command.h"

int
main(void)
{
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row))
		printf("\"%s%s\"\n", row->verb,
			row->syntax[0] != '\0' ? " " : "\\x0a");
	for (const char *mark = "phcdDesSxntqkrmMz"; *mark != '\0'; mark++)
		printf("\"!%c\\x0a\"\n", *mark);
	return 0;
}
