/*
 * clamp_message.h - brings numbers from sessions into a range that can be
 * calculated with.
 */
#ifndef DAEMON_QUOTA_CLAMP_MESSAGE_H
#define DAEMON_QUOTA_CLAMP_MESSAGE_H

#include "common/base.h"
#include "common/process/channel.h"

/* A session that was captured may send any number; and a file with holes may
 * have nearly any size.  What was changed is counted again. */
void clamp_message(struct message *m);

#endif
