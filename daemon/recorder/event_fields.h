/*
 * event_fields.h - an event as a list of named fields, from which JSON, the
 * custom format, the journal and the environment of event commands are made.
 *
 * Values are raw bytes; the output format must escape them.
 */
#ifndef DAEMON_RECORDER_EVENT_FIELDS_H
#define DAEMON_RECORDER_EVENT_FIELDS_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/log/event.h"

struct event_field {
	const char *name;
	bool number;		/* value is a JSON number */
	const char *value;
};

#define EVENT_FIELDS_MAX 28

struct event_fields {
	size_t count;
	struct event_field list[EVENT_FIELDS_MAX];
	size_t used;		/* of made[] */
	char made[1024];	/* values that are not texts of the event */
	char masked[EVENT_TEXT_MAX + 64];	/* a command */
};

/* The event's name for users: the name in events.def, except that a transfer is
 * "sent", "received", "incomplete_sent", "incomplete_received" or "refused",
 * and a failed operation is "refused". */
const char *event_fields_label(const struct event *e);

/* Is this a valid label? */
bool event_fields_is_label(const char *text, size_t len);

/* Fill *f with the fields of this event; the values are valid as long as both
 * *f and the event are. */
void event_fields(struct event_fields *f, const struct event *e);

/* The value of a field, or NULL if the event does not have it. */
const char *event_fields_find(const struct event_fields *f, const char *name,
	size_t len);

/* Is this a valid field name? */
bool event_fields_is_name(const char *name, size_t len);

#endif
