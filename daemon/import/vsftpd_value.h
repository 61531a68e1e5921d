/*
 * vsftpd_value.h - parses values like vsftpd.
 */
#ifndef DAEMON_IMPORT_VSFTPD_VALUE_H
#define DAEMON_IMPORT_VSFTPD_VALUE_H

#include "common/base.h"

/*
 * YES, TRUE and 1, NO, FALSE and 0, in any letter case, without surrounding
 * blanks.  -EINVAL for anything else.
 */
int vsftpd_bool(const char *text, size_t len, bool *value) MUST_CHECK;

/*
 * As C's atoi() into an unsigned 32-bit number, or, with a first digit 0, octal
 * up to the first other byte.  There are no errors: "abc" is 0.
 */
uint32_t vsftpd_number(const char *text, size_t len);

/* Write an IPv4 address in its usual form; false if the text is none.  As for
 * inet_aton(3) of glibc, 127.1 is 127.0.0.1, and what follows a blank is
 * ignored. */
#define VSFTPD_IPV4_SIZE 16
bool vsftpd_ipv4(const char *text, char address[VSFTPD_IPV4_SIZE]);

/* Does it consist of digits only, so that its meaning is obvious? */
bool vsftpd_number_is_plain(const char *text, size_t len);

#endif
