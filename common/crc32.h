/*
 * crc32.h - the checksum of Ethernet, ZIP and XCRC.
 */
#ifndef COMMON_CRC32_H
#define COMMON_CRC32_H

#include "common/base.h"

/* Continue a checksum with data[len]; crc is that of the data before it, 0 at
 * the beginning. */
uint32_t crc32_add(uint32_t crc, const void *data, size_t len);

#endif
