/*
 * audit.h - what the session did to files, told to the recorder with absolute
 * names.
 */
#ifndef WORKER_TREE_AUDIT_H
#define WORKER_TREE_AUDIT_H

#include "common/base.h"
#include "common/log/event.h"

/* path (and path2, or NULL) as the client gave them; error 0 or an errno;
 * code as the event's row says. */
void audit(enum event_type type, const char *path, const char *path2,
	int error, int32_t code);

/* A finished transfer, all fields but the absolute path filled in. */
void audit_transfer(struct event *e, const char *path);

#endif
