/*
 * custom_format.h - the format of lines in log.custom_file.
 *
 * In the format, %{FIELD} is replaced by the field (event_fields.h), or "-" if
 * the event does not have it, %{time:FORMAT} by the local time as formatted by
 * strftime(3), and %% by a percent sign.
 */
#ifndef COMMON_LOG_CUSTOM_FORMAT_H
#define COMMON_LOG_CUSTOM_FORMAT_H

#include "common/base.h"

/* The error in a format, or NULL. */
const char *custom_format_mistake(const char *format);

/* The name in "%{NAME}" at the beginning of the text, and its length; NULL if
 * there is none. */
const char *custom_format_field(const char *text, size_t *len);

/* If this name is "time:FORMAT", the FORMAT; else NULL. */
const char *custom_format_time(const char *name, size_t len);

#endif
