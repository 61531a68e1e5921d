/*
 * forge.h - makes a captured process (inject.h) send forged events.
 */
#ifndef TESTS_FUNCTIONAL_FORGE_H
#define TESTS_FUNCTIONAL_FORGE_H

#include "common/base.h"
#include "common/log/event.h"
#include "tests/functional/inject.h"

#define FORGE_VICTIM "198.51.100.9"

/* An event that claims to come from a monitor, about session 99 of bert from
 * FORGE_VICTIM. */
struct event forge_event(enum event_type type);

/* Put an event into the captured process's memory; sets the arguments of
 * sendto() to its log. */
bool forge_load(struct captive *c, const struct event *e, uint64_t args[6]);

/* Make it send the event.  Returns the result of the call. */
long forge_send(struct captive *c, const struct event *e);

#endif
