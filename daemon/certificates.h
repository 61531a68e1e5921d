/*
 * certificates.h - the files that TLS is served with: loaded at start and at
 * a reload, and looked at now and then.
 */
#ifndef DAEMON_CERTIFICATES_H
#define DAEMON_CERTIFICATES_H

#include "common/base.h"
#include "daemon/master.h"

/* Serve with these from now on; takes them over and frees the former. */
void certificates_use(struct master *m, struct tls_server *tls);

/*
 * If it is time to look and a file has changed, load all of them.  New
 * sessions get the new ones: spare workers are replaced, running sessions keep
 * what they had by fork.  A mistake is logged, once for every change, and
 * everything stays as it was.
 */
void certificates_watch(struct master *m);

/* When to look next; CLOCK_NEVER without certificates. */
int64_t certificates_due(const struct master *m);

#endif
