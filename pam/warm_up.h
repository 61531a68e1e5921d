/*
 * warm_up.h - the master's idle PAM handle: keeps PAM's modules mapped, so
 * that a worker's own pam_start finds them loaded.
 */
#ifndef PAM_WARM_UP_H
#define PAM_WARM_UP_H

#include "common/base.h"

/* Called at the start and at a reload, for workers that are forked later.  If
 * the service has no file, or PAM cannot use it, this is only logged, the
 * former only if a login may need it. */
void warm_up_pam(const char *service, bool needed);

/* Does this service have a file? */
bool warm_up_has_service(const char *service);

#endif
