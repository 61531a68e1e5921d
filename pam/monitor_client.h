/*
 * monitor_client.h - the client of a monitor: its arrival and its address.
 */
#ifndef PAM_MONITOR_CLIENT_H
#define PAM_MONITOR_CLIENT_H

#include "pam/monitor_internal.h"

/* Handle the messages client from the master, proxied from the greeter, and the
 * master's proxied_verdict about it. */
void monitor_client_arrived(struct monitor *m);
void monitor_client_proxied(struct monitor *m);
void monitor_client_named(struct monitor *m);

#endif
