/*
 * import_main.h - the command line of sureftpd --import-vsftpd.
 */
#ifndef DAEMON_IMPORT_IMPORT_MAIN_H
#define DAEMON_IMPORT_IMPORT_MAIN_H

#include "common/base.h"

/*
 * argv[0] is "--import-vsftpd".  Returns the exit status: 0 if behaviour stays
 * the same, 1 if something changes, 2 if vsftpd would not have started; or one
 * of sysexits.h (64 and above) if nothing was imported.
 */
int import_main(int argc, char **argv);

#endif
