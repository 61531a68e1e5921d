/*
 * certificates.h - checks periodically whether the files of the certificates
 * have changed.
 */
#ifndef DAEMON_CERTIFICATES_H
#define DAEMON_CERTIFICATES_H

#include "common/base.h"
#include "daemon/configuration.h"

struct certificates {
	int64_t next;		/* clock_ms() of the next check */
};

/* Call it after the certificates were loaded: schedule the first check. */
void certificates_loaded(struct certificates *c,
	const struct configuration *configuration);

/* If a check is due: has a file changed since the last one? */
bool certificates_changed(struct certificates *c,
	const struct configuration *configuration);

/* When to check next; CLOCK_NEVER without certificates. */
int64_t certificates_due(const struct certificates *c);

#endif
