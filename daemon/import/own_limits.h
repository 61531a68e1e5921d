/*
 * own_limits.h - limits of sureftpd that the other server does not have.
 */
#ifndef DAEMON_IMPORT_OWN_LIMITS_H
#define DAEMON_IMPORT_OWN_LIMITS_H

#include "common/base.h"
#include "daemon/import/draft.h"
#include "daemon/import/report.h"

/* Report them as changes, with the values that the draft or their defaults
 * give them. */
void own_limits_report(struct report *r, const struct draft *draft);

#endif
