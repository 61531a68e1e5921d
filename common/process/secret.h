/*
 * secret.h - memory for passwords: pages that are locked in
 * memory, left out of core dumps and empty in a forked child.
 */
#ifndef COMMON_PROCESS_SECRET_H
#define COMMON_PROCESS_SECRET_H

#include "common/base.h"

/* Zeroed pages for at least `size` bytes; NULL when out of memory.  If the
 * kernel refuses mlock (RLIMIT_MEMLOCK), the pages are not locked. */
void *secret_new(size_t size);

/* Wipe and unmap; NULL is fine. */
void secret_free(void *secret, size_t size);

/* Overwrite with zeros; the compiler cannot optimise this away. */
void secret_wipe(void *data, size_t size);

#endif
