/*
 * pam_service.h - what a PAM service asks for (pam.d(5)).
 *
 * vsftpd answers every question with the password.  sureftpd answers the first
 * one with it, and sends the others to the client.
 */
#ifndef DAEMON_IMPORT_PAM_SERVICE_H
#define DAEMON_IMPORT_PAM_SERVICE_H

#include "common/base.h"

/* Does the service in the file ask for the password again?  So does pam_userdb
 * after another module that has asked, unless it is told to try the same
 * password.  False if the file cannot be read. */
bool pam_service_asks_again(const char *path);

#endif
