/*
 * crc32.h - the checksum of Ethernet, ZIP and XCRC.
 */
#ifndef COMMON_CRC32_H
#define COMMON_CRC32_H

#include "common/base.h"

/* The checksum of what `crc` is the checksum of, which is 0 for nothing, and
 * data[len] after it. */
uint32_t crc32_add(uint32_t crc, const void *data, size_t len);

#endif
