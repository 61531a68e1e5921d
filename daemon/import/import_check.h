/*
 * import_check.h - for import_check*.c only: reasons why vsftpd would not
 * start.
 */
#ifndef DAEMON_IMPORT_IMPORT_CHECK_H
#define DAEMON_IMPORT_IMPORT_CHECK_H

#include "common/base.h"
#include "daemon/import/import.h"

/* Add a reason, with the line that set the option. */
void check_fault(struct import *i, enum vsftpd_option option,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* The file that an option names must be readable, unless there is no name. */
void check_readable(struct import *i, enum vsftpd_option option);

/* Certificates, keys and ciphers. */
void import_check_tls(struct import *i);

#endif
