/*
 * sockets.h - the sockets of the server's processes.
 */
#ifndef TESTS_FUNCTIONAL_SOCKETS_H
#define TESTS_FUNCTIONAL_SOCKETS_H

#include "common/base.h"

/* A copy of the connected socket of this process whose own port this is, or
 * -1. */
int sockets_borrow(pid_t pid, uint16_t port);

/* The same for the other end of our connection `fd`. */
int sockets_borrow_peer(pid_t pid, int fd);

/* An option whose value is a number. */
int sockets_option(int fd, int level, int option);

#endif
