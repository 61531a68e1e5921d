/*
 * handover.h - the greeter gives the client up, and a session takes it.
 */
#ifndef PAM_HANDOVER_H
#define PAM_HANDOVER_H

#include "common/base.h"
#include "pam/monitor_state.h"

/*
 * MESSAGE_handover or one of its kin is in m->inbox: fork the session, and give
 * up what only a login needs.  What makes no sense is a breach; the monitor's
 * loop ends then, as when the fork fails.
 */
void handover_take(struct monitor *m);

#endif
