/*
 * warm_up.h - the master's idle PAM handle: keeps PAM's modules mapped, so
 * that a worker's own pam_start finds them loaded (design section 2).
 */
#ifndef PAM_WARM_UP_H
#define PAM_WARM_UP_H

#include "common/base.h"

/* At the start and at a reload, for workers that are forked later.  A
 * service without a file, or with one that PAM cannot use, is only logged. */
void warm_up_pam(const char *service);

#endif
