/*
 * requests.c - answers the session's requests that need root.
 *
 * Runs in: monitor, after login.  Never: uses a path that the session sent, or
 * trusts it, except for the address to connect to, and that only within the
 * listener's rules.
 */
#include "common/base.h"
#include "pam/requests.h"

#include "common/buffer.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/change_owner.h"
#include "pam/upload_check.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

bool
requests_in_order(const struct channel *session, enum message_type type,
	bool ending)
{
	struct event e = event_new(EVENT_violation);
	BUFFER(text, 128);

	if (ending || channel_all_received(session))
		return true;
	buffer_addf(&text, "message %s from the session: earlier answers were "
		"not received", channel_message_name(type));
	e.text = buffer_text(&text);
	event_send(&e);
	return false;
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
	/* The session has checked the same, but it may be compromised. */
	int error = settings_check_active(rules, &client->local, &client->peer,
		to);

	if (error < 0 || !rules->allow_active)
		return error < 0 ? error : -EACCES;
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

static void
give(const struct upload_owner *owner, uid_t session, int fd,
	struct message *reply)
{
	int error = upload_owner_give(owner, session, fd);

	close(fd);
	if (error < 0)
		log_warning("cannot make upload_user the owner of a file: %s",
			log_errno(error));
	message_begin(reply, MESSAGE_upload_given);
	reply->upload_given.error = -error;
}

/* The session's event has the path; this line does not depend on the
 * session. */
static void
log_change(const struct message_change_owner *m, int fd, int error)
{
	struct stat st = { 0 };
	const char *refusal = change_owner_text(-error);

	if (error < 0)
		log_warning("cannot change the owner of a file: %s",
			refusal != NULL ? refusal : log_errno(error));
	else if (fstat(fd, &st) == 0)
		log_info("allow_chown: changed inode %ju of device %u:%u to "
			"owner %" PRId64 ", group %" PRId64 " (-1: as before)",
			(uintmax_t)st.st_ino, major(st.st_dev),
			minor(st.st_dev), m->uid, m->gid);
}

static void
change_for(const struct identity *identity, const struct message *m,
	struct message *reply)
{
	int fd = m->fds[0];
	int error = change_owner(identity->settings, identity, fd,
		m->change_owner.uid, m->change_owner.gid);

	log_change(&m->change_owner, fd, error);
	close(fd);
	message_begin(reply, MESSAGE_owner_changed);
	reply->owner_changed.error = -error;
}

void
requests_answer(const struct request_case *c, const struct message *m,
	struct message *reply)
{
	if (m->type == MESSAGE_check_upload)
		upload_check_request(c, m, reply);
	else if (m->type == MESSAGE_change_owner)
		change_for(c->identity, m, reply);
	else if (m->type == MESSAGE_give_upload)
		give(c->owner, c->identity->uid, m->fds[0], reply);
	else
		requests_bind(c->client,
			&c->settings->listeners[c->client->listener],
			&m->active_bind.to, reply);
}
