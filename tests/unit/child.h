/*
 * child.h - tests of things that change a process for good run in a child.
 */
#ifndef TESTS_UNIT_CHILD_H
#define TESTS_UNIT_CHILD_H

#include "common/base.h"
#include "common/process/child.h"

#include <sys/wait.h>

#define CHILD_KILLED 1000	/* added to the signal's number */

/* Run body in a child; its exit status, or CHILD_KILLED + signal, or -1. */
static inline int
child_run(void (*body)(void))
{
	int status;
	pid_t pid = child_fork();

	if (pid == 0) {
		body();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		CHILD_KILLED + WTERMSIG(status);
}

/* In the child: end it with a number that says where. */
#define CHILD_CHECK(condition)                                     \
	do {                                                       \
		if (!(condition)) {                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__,   \
				__LINE__, #condition);             \
			_exit(99);                                 \
		}                                                  \
	} while (0)

/* Changing identity takes root; without it a test is skipped, aloud. */
static inline bool
child_skip_without_root(const char *what)
{
	if (geteuid() == 0)
		return false;
	printf("SKIP (needs root): %s\n", what);
	return true;
}

#endif
