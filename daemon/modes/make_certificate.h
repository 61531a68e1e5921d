/*
 * make_certificate.h - sureftpd --make-certificate.
 */
#ifndef DAEMON_MAKE_CERTIFICATE_H
#define DAEMON_MAKE_CERTIFICATE_H

#include "common/base.h"

/*
 * Write a self-signed certificate and its key to a new file.  `host` is the
 * name or numeric address that clients will use; NULL: this host's name, fully
 * qualified if the resolver knows it.  Prints the result or the error.  Returns
 * the exit status.
 */
int make_certificate(const char *path, const char *host) MUST_CHECK;

#endif
