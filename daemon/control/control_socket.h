/*
 * control_socket.h - the socket that sureftpctl connects to: a
 * listening socket at a path.  Its mode is 0600, or 0666 where others than root
 * may be allowed to use it; who may is decided for each connection (access.h).
 *
 * All directories of the path are owned by root and writable by root only, so
 * that no other user can have put a file there (rule R10); the last of
 * them is made if it is missing.  A socket that another program listens on is
 * left alone; one that no program listens on is replaced.
 */
#ifndef DAEMON_CONTROL_CONTROL_SOCKET_H
#define DAEMON_CONTROL_CONTROL_SOCKET_H

#include "common/base.h"

#include <sys/un.h>

struct control_socket {
	int fd;			/* listening, non-blocking; -1: there is none */
	char asked[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	dev_t device;		/* of the socket file */
	ino_t inode;
};

/* Listen at the path, which is absolute.  0, or -errno and the reason in *why;
 * then *c has none. */
int control_socket_open(struct control_socket *c, const char *path,
	bool shared, const char **why) MUST_CHECK;

/* Change its mode. */
void control_socket_share(const struct control_socket *c, bool shared);

/* Was it asked for at this path, and is it still there? */
bool control_socket_stands(const struct control_socket *c, const char *path);

/* Stop listening, and remove the socket unless it is another one by now. */
void control_socket_close(struct control_socket *c);

#endif
