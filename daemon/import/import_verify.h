/*
 * import_verify.h - checks a draft as sureftpd checks a configuration.
 */
#ifndef DAEMON_IMPORT_IMPORT_VERIFY_H
#define DAEMON_IMPORT_IMPORT_VERIFY_H

#include "common/base.h"
#include "daemon/import/draft.h"
#include "daemon/import/report.h"

/* Parse the draft as sureftpd does; settings that it rejects are removed and
 * reported.  0 or -errno. */
int import_verify(struct draft *draft, struct report *report) MUST_CHECK;

#endif
