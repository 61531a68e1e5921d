/*
 * forge.h - events that a captured process (inject.h) sends about somebody
 * else.
 */
#ifndef TESTS_FUNCTIONAL_FORGE_H
#define TESTS_FUNCTIONAL_FORGE_H

#include "common/base.h"
#include "common/log/event.h"
#include "tests/functional/inject.h"

#define FORGE_VICTIM "198.51.100.9"

/* An event that claims to be the monitor's, about session 99, of bert's, from
 * FORGE_VICTIM. */
struct event forge_event(enum event_type type);

/* Put an event into the captive's memory: the arguments of sendto() to its
 * log. */
bool forge_load(struct captive *c, const struct event *e, uint64_t args[6]);

/* Make it send the event.  The call's result. */
long forge_send(struct captive *c, const struct event *e);

#endif
