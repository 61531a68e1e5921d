/*
 * members.h - the sessions that have a quota, and their uploads.
 */
#ifndef DAEMON_QUOTA_MEMBERS_H
#define DAEMON_QUOTA_MEMBERS_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/quota/store.h"
#include "daemon/quota/watched.h"

/* A request that is not answered yet. */
struct question {
	enum message_type type;
	int fd;			/* of an upload, or -1 */
	bool placed;		/* the running scan knows of its new file */
	union {
		struct message_quota_upload upload;
		struct message_quota_grow grow;
		struct message_quota_claim claim;
		struct message_quota_settle settle;
		struct message_quota_ask ask;
	};
};

struct member {
	enum watched watched;
	struct channel channel;
	uint64_t session;
	char user[IDENTITY_NAME_SIZE];
	struct quota_limits limits;
	uint32_t kinds;
	struct store_book *book;
	struct book_upload upload;
	int fd;			/* of the upload, or -1 */
	struct quota_inode dir;	/* the directory of that file */
	int64_t weighed;	/* clock_ns() when it was weighed last */
	struct book_upload claim;
	struct book_upload allowance;
	uint64_t answered;	/* the number of the last question */
	bool bye;		/* quota_bye was received */
	int stuck;		/* files that cannot be closed */
	bool asks;
	struct question question;	/* then */
	struct member *next_asking;
	struct member *next;
};

struct members {
	struct member *first;
	size_t count;
	struct store *store;	/* of their books */
	struct member *asking;	/* those who asked, the first one first */
	uint64_t questions;	/* that were asked so far */
};

/* Add the session of a monitor; takes the descriptor.  NULL when out of memory,
 * which is logged. */
struct member *members_add(struct members *all, struct store *store,
	const struct quota_attach *a, int fd);

/* Has a session with this book an allowance, so that it may report late? */
bool members_allowed(const struct members *all,
	const struct store_book *book);

/* Is this session attached? */
bool members_have(const struct members *all, uint64_t session);

/* End its upload and reservations, and free it. */
void members_remove(struct members *all, struct member *m);

/* Count what the running uploads to this directory have stored so far, and not
 * the new files of those that will begin after the scan. */
void members_weigh(struct members *all, struct store_book *book);

/* It does not ask any more; the descriptor of its question is not closed. */
void members_forget_question(struct members *all, struct member *m);

/* Its upload as it is now; false if there is none. */
bool members_examine(const struct member *m, struct book_weight *w) MUST_CHECK;

/* Its upload has ended. */
void members_settle(struct member *m);

#endif
