/*
 * refusing.h - what the process radius does when it cannot serve, for instance
 * because others can read the secret: logins that nobody takes would wait until
 * login_timeout.
 */
#ifndef DAEMON_RADIUS_REFUSING_H
#define DAEMON_RADIUS_REFUSING_H

/* Refuse all logins on the service socket, until it is time to start again, a
 * signal arrives, or the server has ended. */
void radius_refusing(int service, int signals);

#endif
