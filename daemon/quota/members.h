/*
 * members.h - the sessions that have a quota, and their requests.
 */
#ifndef DAEMON_QUOTA_MEMBERS_H
#define DAEMON_QUOTA_MEMBERS_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/quota/shelf.h"

/* What an event of the bookkeeper's epoll set belongs to: the first member of
 * each struct that has a descriptor in it. */
enum watched {
	WATCHED_SERVICE,
	WATCHED_MASTER,
	WATCHED_MEMBER,
	WATCHED_SCAN,
};

struct member {
	enum watched watched;
	struct channel channel;
	uint64_t session;
	char user[IDENTITY_NAME_SIZE];
	struct quota_limits limits;
	uint32_t kinds;
	struct shelf_book *book;
	struct book_upload upload;
	int fd;			/* of the upload, or -1 */
	struct book_upload claim;
	bool bye;		/* it has ended in order */
	struct message *waiting;	/* a request that waits for the first
					 * count, or NULL */
	struct member *next;
};

struct members {
	struct member *first;
	size_t count;
};

/* Add the session of a monitor; takes the descriptor.  NULL, logged, without
 * memory. */
struct member *members_add(struct members *m, struct shelf *shelf,
	const struct quota_attach *a, int fd);

/* Is this session attached? */
bool members_have(const struct members *m, uint64_t session);

/* Handle its next message.  False when it has ended or sent something that is
 * not allowed: the caller removes it. */
bool members_receive(struct member *m) MUST_CHECK;

/* Settle what it has left, and free it. */
void members_remove(struct members *all, struct member *m);

/* Answer those that have waited for a count, or long enough. */
void members_answer_waiting(struct members *all);

/* Is one of them waiting? */
bool members_wait(const struct members *all);

#endif
