/*
 * certificate_map.h - the file that maps certificates to accounts.
 *
 * Each line is a subject, in OpenSSL's form of RFC 2253, and after its last
 * blank the account.  Empty lines and lines that begin with # are ignored.  The
 * file decides about logins, so it must be writable by root only.
 */
#ifndef COMMON_SETTINGS_CERTIFICATE_MAP_H
#define COMMON_SETTINGS_CERTIFICATE_MAP_H

#include "common/base.h"
#include "common/settings/settings.h"

/* The account of the first line with exactly this subject into account[size].
 * 1; 0 when there is none, or the name does not fit; -EPERM when the file must
 * not be trusted, or another -errno. */
int certificate_map_find(const char *path, const char *subject, char *account,
	size_t size) MUST_CHECK;

/* Calls complain() for a file that cannot be used and for every invalid line;
 * returns how often. */
size_t certificate_map_check(const char *path, settings_complaint *complain,
	void *context);

#endif
