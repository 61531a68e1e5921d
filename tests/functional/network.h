/*
 * network.h - the loopback interface of a suite's world.
 */
#ifndef TESTS_FUNCTIONAL_NETWORK_H
#define TESTS_FUNCTIONAL_NETWORK_H

#include "common/base.h"

#include <sys/socket.h>

/* Bring up lo and give it the addresses of world.h. */
bool network_prepare(void);

/* Convert a numeric address and port for socket calls. */
socklen_t network_address(struct sockaddr_storage *ss, const char *address,
	uint16_t port);

/* A TCP connection from `from` (NULL: any) to address and port, or -1. */
int network_connect(const char *address, uint16_t port, const char *from);

/* A listening TCP socket; port 0 means any.  *port gets the real one. */
int network_listen(const char *address, uint16_t *port);

/* Accept within ten seconds, or -1.  peer may be NULL. */
int network_accept(int listener, struct sockaddr_storage *peer);

uint16_t network_port(const struct sockaddr_storage *ss);

/* Close so that the other side gets a reset. */
void network_reset(int fd);

/* Wait until it is readable; false after ms. */
bool network_readable(int fd, int64_t ms);

/* Wait, at most five seconds, until the process at the other end, which must be
 * in this world, has read everything sent to it, including the end of the
 * stream. */
bool network_was_read(int fd);

/* Wait, at most five seconds, until the other end has sent FIN; its data may
 * still be unread. */
bool network_was_ended(int fd);

#endif
