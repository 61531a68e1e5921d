/*
 * subdirectory.c - the setting root_subdir.
 *
 * Runs in: monitor, and wherever settings are read.
 */
#include "common/base.h"
#include "common/radius/subdirectory.h"

static bool
is_dots(const char *component, size_t len)
{
	return (len == 1 && component[0] == '.') ||
		(len == 2 && component[0] == '.' && component[1] == '.');
}

bool
radius_subdirectory_is_safe(const char *path)
{
	if (*path == '\0')
		return true;
	for (;;) {
		size_t len = strcspn(path, "/");
		if (len == 0 || is_dots(path, len))
			return false;
		path += len;
		if (*path == '\0')
			return true;
		path++;
	}
}
