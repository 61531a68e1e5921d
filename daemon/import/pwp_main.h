/*
 * pwp_main.h - the command line of sureftpd --import-pwp.
 */
#ifndef DAEMON_IMPORT_PWP_MAIN_H
#define DAEMON_IMPORT_PWP_MAIN_H

#include "common/base.h"

/*
 * argv[0] is "--import-pwp".  Returns the exit status: 0 if behaviour stays the
 * same, 1 if something changes, 2 if the server would not have started; or one
 * of sysexits.h (64 and above) if nothing was imported.
 */
int pwp_main(int argc, char **argv);

#endif
