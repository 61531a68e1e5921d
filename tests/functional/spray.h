/*
 * spray.h - makes a captured process (inject.h) send every message, valid or
 * not, on every socket that it has.
 */
#ifndef TESTS_FUNCTIONAL_SPRAY_H
#define TESTS_FUNCTIONAL_SPRAY_H

#include "common/base.h"
#include "common/process/channel.h"
#include "tests/functional/inject.h"

#define SPRAY_TYPES    (MESSAGE_TYPES + 1)	/* the last is unknown */
#define SPRAY_PATTERNS 4			/* of content */

/* Send one message as it should be, but for its content, and with wrong
 * lengths and numbers of descriptors. */
void spray_message(struct captive *c, uint32_t type, size_t pattern);

/* Let it continue; if it was killed, it is reaped. */
void spray_let_go(struct captive *c);

/* All of them, from the only process of this name. */
void spray_process(const char *name);

/* The message's name, and whether a greeter or a session may send it. */
const char *spray_name(uint32_t type);
bool spray_may_be_from_worker(uint32_t type);

/* How many were sent so far. */
size_t spray_sent(void);

#endif
