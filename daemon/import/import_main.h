/*
 * import_main.h - the command line of sureftpd --import-vsftpd.
 */
#ifndef DAEMON_IMPORT_IMPORT_MAIN_H
#define DAEMON_IMPORT_IMPORT_MAIN_H

#include "common/base.h"

/*
 * argv[0] is "--import-vsftpd".  The exit status: 0 when all stays the same, 1
 * when something changes, 2 when vsftpd would not have started; or one of
 * sysexits.h (64 and above) when nothing was imported.
 */
int import_main(int argc, char **argv);

#endif
