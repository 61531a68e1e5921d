/*
 * process.c - descriptors and signals of the worker's two processes.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/process.h"

#include "common/io.h"

#include <signal.h>

void
process_begin(const int *keep, size_t n)
{
	static const int ignored[] = { SIGPIPE, SIGXFSZ, SIGHUP, SIGINT };
	sigset_t none;

	io_close_all_except(keep, n);
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
