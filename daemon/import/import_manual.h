/*
 * import_manual.h - the reference of vsftpd's options in sureftpd-vsftpd(7).
 */
#ifndef DAEMON_IMPORT_IMPORT_MANUAL_H
#define DAEMON_IMPORT_IMPORT_MANUAL_H

#include "common/base.h"

/* In mdoc, from vsftpd_options.def. */
void import_manual(FILE *out);

#endif
