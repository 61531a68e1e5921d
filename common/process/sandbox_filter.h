/*
 * sandbox_filter.h - the names of the system call filters (sandbox.h).
 */
#ifndef COMMON_PROCESS_SANDBOX_FILTER_H
#define COMMON_PROCESS_SANDBOX_FILTER_H

#include "common/base.h"

enum sandbox_filter {
	SANDBOX_NONE,
	SANDBOX_GREETER,
	SANDBOX_SESSION,
	SANDBOX_RECORDER,
	SANDBOX_KEEPER,
	SANDBOX_RADIUS,
	SANDBOX_CONNECTOR,
	SANDBOX_SCANNER,
	SANDBOX_BOOKKEEPER,
	SANDBOX_FILTERS
};

/* Built with a sanitizer, which needs more system calls and more memory. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || \
	__has_feature(undefined_behavior_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif

#endif
