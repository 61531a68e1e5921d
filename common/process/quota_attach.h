/*
 * quota_attach.h - what a monitor sends to the bookkeeper for a session: a
 * datagram on its service socket (service_socket.h), with one end of a channel
 * attached, whose other end the session has.
 *
 * The monitor keeps a copy of that end, to attach it again if the bookkeeper
 * dies.  Messages that the session has sent meanwhile are still in the channel.
 */
#ifndef COMMON_PROCESS_QUOTA_ATTACH_H
#define COMMON_PROCESS_QUOTA_ATTACH_H

#include "common/base.h"
#include "common/identity.h"
#include "common/process/message_quota.h"

struct quota_attach {
	uint64_t session;
	struct quota_limits limits;
	int64_t max_age, max_changes;	/* 0: none */
	int64_t cache;			/* seconds to wait for a first count */
	uint32_t kinds;			/* QUOTA_ bits */
	int32_t format;			/* QUOTA_FORMAT_ */
	uint32_t uid, gid;
	uint32_t ngroups;
	uint32_t groups[MESSAGE_QUOTA_GROUPS];
	char user[IDENTITY_NAME_SIZE];	/* for the log */
	char root[IDENTITY_PATH_SIZE];	/* on the host */
	char file[IDENTITY_PATH_SIZE];	/* quota_file */
};

/* Are all texts terminated, and the numbers in their range? */
bool quota_attach_valid(const struct quota_attach *a);

#endif
