/*
 * missed.c - sockets that the recorder could not receive.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/missed.h"

#include "common/clock.h"
#include "common/log/log.h"

#include <sys/socket.h>

#define RETRY_MS 1000
#define FREE	 16	/* descriptors that must be free before it exits */

void
missed_init(struct missed *m)
{
	m->retry_at = CLOCK_NEVER;
}

void
missed_add(struct missed *m, int error, int64_t now)
{
	if (m->retry_at == CLOCK_NEVER)
		log_error("cannot receive further log sockets: %s",
			log_errno(error));
	m->retry_at = now + RETRY_MS;
}

/* Tries socket(), which creates descriptors and which the filter allows. */
static bool
are_free(void)
{
	int fds[FREE];
	size_t n = 0;

	while (n < FREE && (fds[n] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC,
	    0)) >= 0)
		n++;
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
	return n == FREE;
}

bool
missed_ends(struct missed *m, int64_t now)
{
	if (now < m->retry_at)
		return false;
	m->retry_at = now + RETRY_MS;
	if (!are_free())
		return false;
	m->retry_at = CLOCK_NEVER;
	log_info("descriptors are free again, restarting the recorder");
	return true;
}
