/*
 * members.h - the sessions that have a quota, and their requests.
 */
#ifndef DAEMON_QUOTA_MEMBERS_H
#define DAEMON_QUOTA_MEMBERS_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/quota/shelf.h"
#include "daemon/quota/watched.h"

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
	struct quota_inode dir;	/* the directory of that file */
	int64_t weighed;	/* clock_ns() when it was weighed last */
	struct book_upload claim;
	struct book_upload allowance;
	uint64_t answered;	/* the number of the last question */
	bool bye;		/* quota_bye was received */
	struct message *waiting;	/* a request that waits for the first
					 * count, or NULL */
	struct member *next;
};

struct members {
	struct member *first;
	size_t count;
};

/* Add the session of a monitor; takes the descriptor.  NULL when out of memory,
 * which is logged. */
struct member *members_add(struct members *m, struct shelf *shelf,
	const struct quota_attach *a, int fd);

/* Has a session with this book an allowance, so that it may report late? */
bool members_allowed(const struct members *m, const struct shelf_book *book);

/* Is this session attached? */
bool members_have(const struct members *m, uint64_t session);

/* Handle its messages.  False when it has ended or violated the protocol: the
 * caller removes it. */
bool members_receive(struct member *m) MUST_CHECK;

/* End its upload and reservations, and free it. */
void members_remove(struct members *all, struct member *m);

/* Count what the running uploads to this directory have stored so far. */
void members_weigh(struct members *all, struct shelf_book *book);

/* Answer those whose count is now known, or whose time has passed. */
void members_answer_waiting(struct members *all);

/* Is any session waiting for a count? */
bool members_wait(const struct members *all);

#endif
