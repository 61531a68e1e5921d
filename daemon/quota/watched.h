/*
 * watched.h - what the bookkeeper's events belong to.
 */
#ifndef DAEMON_QUOTA_WATCHED_H
#define DAEMON_QUOTA_WATCHED_H

/* What an event of the bookkeeper's epoll set belongs to: the first member of
 * each struct that has a descriptor in it. */
enum watched {
	WATCHED_SERVICE,
	WATCHED_MASTER,
	WATCHED_MEMBER,
	WATCHED_SCAN,
};

#endif
