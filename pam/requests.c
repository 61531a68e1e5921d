/*
 * requests.c - answers what a session asks of root.
 *
 * Runs in: monitor, after login.
 * Never: believes the session about anything but where it wants to connect,
 * and that only within the listener's rules.
 */
#include "common/base.h"
#include "pam/requests.h"

/* Rule R12; the session has checked the same, but it may have been taken over
 * since. */
static int
check_target(const struct message_client *client,
	const struct listener_settings *rules, const struct address *to)
{
	uint16_t port = address_port(to);

	if (!rules->allow_active)
		return -EACCES;
	if (address_family(to) == AF_UNSPEC ||
	    address_family(to) != address_family(&client->local))
		return -EAFNOSUPPORT;
	if (!rules->allow_fxp &&
	    !address_same_host(to, &client->peer))
		return -EPERM;
	if (port == 0 || (port < 1024 && !rules->allow_privileged_ports))
		return -EACCES;
	return 0;
}

/* Several sessions have a connection from this port at a time, to different
 * peers: hence SO_REUSEADDR. */
static int
bound_socket(const struct address *from)
{
	int on = 1;
	int fd = socket(address_family(from),
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, &from->any, address_size(from)) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

static int
bind_for(const struct message_client *client,
	const struct listener_settings *rules, const struct address *to)
{
	struct address from = client->local;
	int error = check_target(client, rules, to);

	if (error < 0)
		return error;
	address_set_port(&from, (uint16_t)rules->active_source_port);
	return bound_socket(&from);
}

void
requests_bind(const struct message_client *client,
	const struct listener_settings *rules, const struct address *to,
	struct message *reply)
{
	int fd = bind_for(client, rules, to);

	if (fd >= 0) {
		message_begin(reply, MESSAGE_active_socket);
		reply->fds[0] = fd;
		return;
	}
	message_begin(reply, MESSAGE_active_refused);
	reply->active_refused.error = -fd;
}
