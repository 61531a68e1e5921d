/*
 * subdirectory.h - the setting root_subdir: a directory below the home
 * directory that a RADIUS server sends.
 */
#ifndef COMMON_RADIUS_SUBDIRECTORY_H
#define COMMON_RADIUS_SUBDIRECTORY_H

#include "common/base.h"

/* Is it empty, or a relative path with no component that is empty, "." or
 * ".."? */
bool radius_subdirectory_is_safe(const char *path);

#endif
