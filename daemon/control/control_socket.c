/*
 * control_socket.c - the socket that sureftpctl connects to.
 *
 * Runs in: master.  Never: creates or removes anything in a directory that
 * others than root can write to.
 */
#include "common/base.h"
#include "daemon/control/control_socket.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/text.h"
#include "daemon/state/state.h"

#include <sys/socket.h>
#include <sys/stat.h>

#define WAITING 64	/* length of the accept queue */

static bool
is_trusted(const char *directory)
{
	struct stat st;

	return stat(directory, &st) == 0 && S_ISDIR(st.st_mode) &&
	    (st.st_uid == 0 || st.st_uid == geteuid()) &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Check the directory and all above it; the path contains no symbolic links. */
static bool
all_trusted(char *path)
{
	for (char *at = path;; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		bool trusted = is_trusted(*path == '\0' ? "/" : path);
		*at = c;
		if (!trusted || c == '\0')
			return trusted;
	}
}

/* Resolve the directory into resolved[PATH_MAX], if it can be trusted. */
static int
resolve(const char *directory, char *resolved)
{
	if (realpath(*directory == '\0' ? "/" : directory, resolved) == NULL)
		return -errno;
	return all_trusted(resolved) ? 0 : -EPERM;
}

/* Split off the last component; returns where it begins. */
static char *
split_name(char *path)
{
	char *slash = strrchr(path, '/');

	*slash = '\0';
	return slash + 1;
}

/* Create a missing directory in an existing one. */
static int
make_directory(const char *directory)
{
	char parent[PATH_MAX], resolved[PATH_MAX];
	int error = text_copy(parent, sizeof(parent), directory);

	if (error < 0 || *parent == '\0')
		return -ENOENT;
	const char *name = split_name(parent);
	error = resolve(parent, resolved);
	if (error < 0)
		return error;
	BUFFER(path, 2 * PATH_MAX);
	buffer_addf(&path, "%s/%s", resolved, name);
	return mkdir(buffer_text(&path), 0755) < 0 ? -errno : 0;
}

/* Resolve the directory of the path, and check that it can be trusted. */
static int
find_place(const char *asked, char *path, size_t size)
{
	char directory[PATH_MAX], resolved[PATH_MAX];
	int error = text_copy(directory, sizeof(directory), asked);

	if (error < 0)
		return error;
	const char *name = split_name(directory);
	error = resolve(directory, resolved);
	if (error == -ENOENT && (error = make_directory(directory)) == 0)
		error = resolve(directory, resolved);
	if (error < 0)
		return error;
	BUFFER(place, 2 * PATH_MAX);
	buffer_addf(&place, "%s/%s", resolved, name);
	return text_copy(path, size, buffer_text(&place));
}

/* Is a program listening on the socket? */
static bool
is_served(const struct sockaddr_un *place)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0);

	if (fd < 0)
		return true;	/* after an error nothing is removed */
	bool served = connect(fd, (const struct sockaddr *)place,
		sizeof(*place)) == 0 || errno != ECONNREFUSED;
	io_close(&fd);
	return served;
}

/* Remove a socket that a previous server has left. */
static int
remove_stale(const struct sockaddr_un *place)
{
	struct stat st;

	if (lstat(place->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	if (is_served(place))
		return -EADDRINUSE;
	return unlink(place->sun_path) < 0 ? -errno : 0;
}

/* With this umask no chmod() is needed; before a chmod() others could
 * connect. */
static int
bind_with_mode(int fd, const struct sockaddr_un *place, mode_t mode)
{
	mode_t mask = umask(0777 & ~mode);
	int error = bind(fd, (const struct sockaddr *)place, sizeof(*place)) < 0
		? -errno : 0;

	umask(mask);
	return error;
}

static mode_t
mode_of(bool shared)
{
	return shared ? 0666 : 0600;
}

static int
listen_at(struct control_socket *c, const struct sockaddr_un *place,
	bool shared)
{
	struct stat st;

	int error = remove_stale(place);
	if (error == 0)
		error = bind_with_mode(c->fd, place, mode_of(shared));
	if (error < 0)
		return error;
	if (listen(c->fd, WAITING) < 0 || lstat(place->sun_path, &st) < 0)
		return -errno;
	c->device = st.st_dev;
	c->inode = st.st_ino;
	return 0;
}

static int
open_at(struct control_socket *c, const char *asked, bool shared)
{
	struct sockaddr_un place = { .sun_family = AF_UNIX };

	int error = find_place(asked, place.sun_path, sizeof(place.sun_path));
	if (error == 0)
		error = text_copy(c->asked, sizeof(c->asked), asked);
	if (error < 0)
		return error;
	memcpy(c->path, place.sun_path, sizeof(c->path));
	c->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0);
	if (c->fd < 0)
		return -errno;
	error = listen_at(c, &place, shared);
	if (error < 0)
		io_close(&c->fd);
	return error;
}

int
control_socket_open(struct control_socket *c, const char *path,
	bool shared, const char **why)
{
	*c = (struct control_socket){ .fd = -1 };
	int error = open_at(c, path, shared);
	switch (error) {
	case -EADDRINUSE:
		*why = "in use by another server";
		break;
	case -EPERM:
		*why = "its directory or one above it is not owned by "
			"root, or is writable by others";
		break;
	case -ENOTSOCK:
		*why = "exists and is not a socket";
		break;
	default:
		*why = log_errno(error);
		break;
	}
	return error;
}

static bool
is_there(const struct control_socket *c)
{
	struct stat st;

	return lstat(c->path, &st) == 0 && st.st_dev == c->device &&
	    st.st_ino == c->inode;
}

bool
control_socket_is_at(const struct control_socket *c, const char *path)
{
	return c->fd >= 0 && strcmp(c->asked, path) == 0 && is_there(c);
}

/* Only root can create files in this directory, so the path still names our
 * socket. */
void
control_socket_share(const struct control_socket *c, bool shared)
{
	if (chmod(c->path, mode_of(shared)) < 0)
		log_warning("control_socket %s: cannot change its mode: %s",
			c->path, strerror(errno));
}

void
control_socket_close(struct control_socket *c)
{
	if (c->fd >= 0 && is_there(c))
		(void)unlink(c->path);
	io_close_at_once(&c->fd);
}

void
control_socket_save(const struct control_socket *c, struct state_writer *w)
{
	state_put_text(w, c->asked);
	state_put_text(w, c->path);
	STATE_PUT(w, c->device);
	STATE_PUT(w, c->inode);
	state_put_fd(w, c->fd);
}

void
control_socket_restore(struct control_socket *c, struct state_reader *r)
{
	state_get_text(r, c->asked, sizeof(c->asked));
	state_get_text(r, c->path, sizeof(c->path));
	STATE_GET(r, c->device);
	STATE_GET(r, c->inode);
	c->fd = state_get_fd(r);
}
