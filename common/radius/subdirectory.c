/*
 * subdirectory.c - the setting root_subdir.
 *
 * Runs in: monitor, and wherever settings are read.
 */
#include "common/base.h"
#include "common/radius/subdirectory.h"

#include "common/text.h"

bool
radius_subdirectory_is_safe(const char *path)
{
	if (*path == '\0')
		return true;
	for (;;) {
		size_t len = strcspn(path, "/");
		if (len == 0 || text_is_dots(path, len))
			return false;
		path += len;
		if (*path == '\0')
			return true;
		path++;
	}
}
