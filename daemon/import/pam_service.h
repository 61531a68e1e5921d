/*
 * pam_service.h - what a PAM service asks for (pam.d(5)).
 *
 * vsftpd answers every question with the password.  sureftpd answers the first
 * one with it, and sends the others to the client.
 */
#ifndef DAEMON_IMPORT_PAM_SERVICE_H
#define DAEMON_IMPORT_PAM_SERVICE_H

#include "common/base.h"

/* Which module of the service in the file asks for the password again?  Some
 * do unless their arguments make them use the password that another module has
 * asked for.  NULL if none does, or if the file cannot be read. */
const char *pam_service_asks_again(const char *path);

#endif
