/*
 * quota_link.c - connects a session to the bookkeeper.
 *
 * Runs in: monitor.
 * Never: opens quota_root or quota_file.
 */
#include "common/base.h"
#include "pam/quota_link.h"

#include "common/accounts/quota_limits.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/quota_attach.h"
#include "common/process/service_socket.h"
#include "common/text.h"

#define PATIENCE_MS 1000

static void
fill(struct quota_attach *a, const struct identity *identity,
	const struct quota_limits *limits, const struct quota_place *place)
{
	const struct user_settings *s = identity->settings;
	size_t n = identity->ngroups;

	a->limits = *limits;
	a->max_age = s->quota_max_age;
	a->max_changes = s->quota_max_changes;
	a->cache = s->quota_cache;
	a->kinds = place->kinds;
	a->format = s->quota_format;
	a->uid = identity->uid;
	a->gid = identity->gid;
	a->ngroups = (uint32_t)(n < MESSAGE_QUOTA_GROUPS ? n :
		MESSAGE_QUOTA_GROUPS);
	for (size_t i = 0; i < a->ngroups; i++)
		a->groups[i] = identity->groups[i];
	(void)!text_copy(a->user, sizeof(a->user), identity->user);
	memcpy(a->root, place->root, sizeof(a->root));
	memcpy(a->file, place->file, sizeof(a->file));
}

static int
open_link(struct quota_link *l, const struct identity *identity,
	const struct quota_limits *limits, uint64_t session, int *fd)
{
	BUFFER(reason, 512);
	int fds[2];

	l->attach = calloc(1, sizeof(*l->attach));
	l->place = calloc(1, sizeof(*l->place));
	if (l->attach == NULL || l->place == NULL)
		return -ENOMEM;
	int error = channel_pair(fds);
	if (error < 0)
		return error;
	*fd = fds[1];
	if (!quota_place_find(l->place, identity, &reason)) {
		log_error("cannot use the quota, uploads are refused: "
			"quota_root or quota_file: %s", buffer_text(&reason));
		/* With the other end closed, the session can store nothing. */
		io_close(&fds[0]);
		return 0;
	}
	fill(l->attach, identity, limits, l->place);
	l->attach->session = session;
	if (l->service < 0)
		io_close(&fds[0]);
	l->fd = fds[0];
	quota_link_attach(l);
	return 0;
}

int
quota_link_open(struct quota_link *l, int service,
	const struct identity *identity, uint64_t session, int *fd)
{
	const struct quota_limits limits = quota_limits_of(identity->settings);

	*fd = -1;
	quota_link_close(l);
	if (!quota_is_limited(&limits))
		return 0;
	if (service < 0)
		log_error("the bookkeeper does not run, uploads are refused; "
			"reload the server after setting the first quota in "
			"accounts_file");
	l->service = service;
	return open_link(l, identity, &limits, session, fd);
}

const struct quota_place *
quota_link_place(const struct quota_link *l)
{
	return l->place;
}

void
quota_link_attach(const struct quota_link *l)
{
	bool attached = l->fd >= 0 && l->service >= 0;
	int error = !attached ? 0 : service_socket_send(l->service, l->attach,
		sizeof(*l->attach), l->fd, PATIENCE_MS);

	if (error < 0)
		log_error("cannot reach the bookkeeper: %s", log_errno(error));
}

void
quota_link_close(struct quota_link *l)
{
	io_close(&l->fd);
	free(l->attach);
	free(l->place);
	*l = (struct quota_link){ .fd = -1 };
}
