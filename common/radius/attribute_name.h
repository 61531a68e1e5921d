/*
 * attribute_name.h - a RADIUS attribute as it is written in the settings: by
 * its number, or by its name in a dictionary.
 */
#ifndef COMMON_RADIUS_ATTRIBUTE_NAME_H
#define COMMON_RADIUS_ATTRIBUTE_NAME_H

#include "common/base.h"
#include "common/buffer.h"

struct radius_attribute_name {
	uint32_t vendor;	/* 0: a standard attribute */
	uint8_t number;		/* 0: none */
};

/*
 * Parse "" (none), NUMBER (of `vendor`), VENDOR:NUMBER, or a name, which is
 * looked up in the file `dictionary` ("" for none).  Its lines ATTRIBUTE,
 * VENDOR, BEGIN-VENDOR and END-VENDOR are used, others ignored.  0; -EINVAL
 * with the reason appended.
 */
int radius_attribute_name_parse(struct radius_attribute_name *a,
	const char *text, int64_t vendor, const char *dictionary,
	struct buffer *why) MUST_CHECK;

#endif
