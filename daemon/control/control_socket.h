/*
 * control_socket.h - the socket that sureftpctl connects to: a
 * listening socket at a path.  Its mode is 0600, or 0666 where others than root
 * may be allowed to use it; who may is decided for each connection (access.h).
 *
 * All directories of the path must be owned by root and writable by root only,
 * so that no other user can create files there; the last one is
 * created if missing.  A socket on which another program is listening is not
 * replaced; one without a listening program is.
 */
#ifndef DAEMON_CONTROL_CONTROL_SOCKET_H
#define DAEMON_CONTROL_CONTROL_SOCKET_H

#include "common/base.h"

#include <sys/un.h>

struct control_socket {
	int fd;			/* listening, non-blocking; -1: none */
	char asked[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	dev_t device;		/* of the socket file */
	ino_t inode;
};

/* Listen at this absolute path.  0; or -errno with the reason in *why, and
 * c->fd is -1. */
int control_socket_open(struct control_socket *c, const char *path,
	bool shared, const char **why) MUST_CHECK;

/* Change its mode. */
void control_socket_share(const struct control_socket *c, bool shared);

/* Was it opened at this path, and does it still exist? */
bool control_socket_is_at(const struct control_socket *c, const char *path);

/* For the next program (daemon/state/state.h). */
struct state_reader;
struct state_writer;
void control_socket_save(const struct control_socket *c,
	struct state_writer *w);
void control_socket_restore(struct control_socket *c, struct state_reader *r);

/* Stop listening, and remove the socket file unless it was replaced. */
void control_socket_close(struct control_socket *c);

#endif
