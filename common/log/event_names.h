/*
 * event_names.h - the names of fields and events in logs.
 */
#ifndef COMMON_LOG_EVENT_NAMES_H
#define COMMON_LOG_EVENT_NAMES_H

#include "common/base.h"

/* Is this a field that events may have? */
bool event_names_has_field(const char *name, size_t len);

/* Is this a label that events may have? */
bool event_names_has_label(const char *text, size_t len);

#endif
