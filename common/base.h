/*
 * base.h - what every file needs; include it first.
 *
 * It includes the configuration header and common headers of the C library,
 * defines a few attributes, and poisons the functions that truncate strings
 * silently, parse numbers loosely or keep hidden state.  Each group names its
 * replacement.
 */
#ifndef COMMON_BASE_H
#define COMMON_BASE_H

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define PRINTF_LIKE(format_at, arguments_at) \
	__attribute__((format(printf, format_at, arguments_at)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN   __attribute__((noreturn))
#define UNUSED     __attribute__((unused))

/* For a function with large variables that is seldom called: in its caller they
 * would always cost a page fault for each page, because the stack is probed. */
#define NOINLINE   __attribute__((noinline))

/* A large array that is filled before it is read, so that the compiler need not
 * clear it first (-ftrivial-auto-var-init). */
#if __has_attribute(uninitialized)
#define UNINITIALIZED __attribute__((uninitialized))
#else
#define UNINITIALIZED
#endif

#define BANNED(name) name##_is_banned_see_common_base_h

/* Use struct buffer (common/buffer.h) or snprintf with a checked result. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef stpcpy
#undef sprintf
#undef vsprintf
#undef gets
#define strcpy(d, s)      BANNED(strcpy)
#define strcat(d, s)      BANNED(strcat)
#define strncpy(d, s, n)  BANNED(strncpy)
#define strncat(d, s, n)  BANNED(strncat)
#define stpcpy(d, s)      BANNED(stpcpy)
#define sprintf(...)      BANNED(sprintf)
#define vsprintf(...)     BANNED(vsprintf)
#define gets(s)           BANNED(gets)

/* Use text_number() (common/text.h). */
#undef atoi
#undef atol
#undef atoll
#undef strtol
#undef strtoul
#undef strtoll
#undef strtoull
#undef sscanf
#define atoi(s)            BANNED(atoi)
#define atol(s)            BANNED(atol)
#define atoll(s)           BANNED(atoll)
#define strtol(s, e, b)    BANNED(strtol)
#define strtoul(s, e, b)   BANNED(strtoul)
#define strtoll(s, e, b)   BANNED(strtoll)
#define strtoull(s, e, b)  BANNED(strtoull)
#define sscanf(...)        BANNED(sscanf)

/* Hidden state, or they run another program. */
#undef strtok
#undef ctime
#undef asctime
#undef localtime
#undef gmtime
#undef system
#undef popen
#define strtok(s, d)  BANNED(strtok)
#define ctime(t)      BANNED(ctime)
#define asctime(t)    BANNED(asctime)
#define localtime(t)  BANNED(localtime)
#define gmtime(t)     BANNED(gmtime)
#define system(c)     BANNED(system)
#define popen(c, m)   BANNED(popen)

#endif
