/*
 * requests.c - answers the session's requests that need root.
 *
 * Runs in: monitor, after login. Never: trusts the session, except for the
 * address to connect to, and that only within the listener's rules; uses a path
 * (rule R10).
 */
#include "common/base.h"
#include "pam/requests.h"

#include "common/log/event.h"
#include "common/log/log.h"

#include <pwd.h>
#include <sys/stat.h>

bool
requests_in_order(const struct channel *session, bool ending)
{
	struct event e = event_new(EVENT_violation);

	if (ending || channel_all_received(session))
		return true;
	e.text = "message active_bind from the session: earlier answers were "
		"not received";
	event_send(&e);
	return false;
}

/* Rule R12.  The session has checked the same, but it may be compromised. */
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
	if (!address_same_host(to, &client->peer) &&
	    !settings_allow_fxp(rules, to))
		return -EPERM;
	if (port == 0 || (port < 1024 && !rules->allow_privileged_ports))
		return -EACCES;
	return 0;
}

/* SO_REUSEADDR: several sessions may have connections from this port, to
 * different peers, at the same time. */
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

bool
requests_find_owner(struct upload_owner *owner,
	const struct user_settings *settings)
{
	const struct passwd *pw;

	*owner = (struct upload_owner){
		.wanted = *settings->upload_user != '\0',
		.mode = (mode_t)settings->upload_mode,
	};
	if (!owner->wanted)
		return false;
	pw = getpwnam(settings->upload_user);
	owner->known = pw != NULL;
	if (owner->known)
		owner->uid = pw->pw_uid;
	else
		log_error("upload_user: there is no account %s; uploads are "
			"refused", settings->upload_user);
	return true;
}

static int
check_upload(int fd, uid_t session)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) && st.st_nlink == 1 &&
		st.st_uid == session ? 0 : -EPERM;
}

/* The owner first: this also clears setuid and setgid, and afterwards the
 * session cannot change the mode. */
static int
give(const struct upload_owner *owner, uid_t session, int fd)
{
	int error = check_upload(fd, session);

	if (error < 0)
		return error;
	if (!owner->wanted || !owner->known)
		return -EPERM;
	if (fchown(fd, owner->uid, (gid_t)-1) < 0 ||
		fchmod(fd, owner->mode) < 0)
		return -errno;
	return 0;
}

void
requests_give(const struct upload_owner *owner, uid_t session, int fd,
	struct message *reply)
{
	int error = give(owner, session, fd);

	close(fd);
	if (error < 0)
		log_warning("cannot make upload_user the owner of a file: %s",
			log_errno(error));
	message_begin(reply, MESSAGE_upload_given);
	reply->upload_given.error = -error;
}
