/*
 * wrappers.h - parses the rules of hosts.allow and hosts.deny (hosts_access(5))
 * that apply to vsftpd, as networks.
 */
#ifndef DAEMON_IMPORT_WRAPPERS_H
#define DAEMON_IMPORT_WRAPPERS_H

#include "common/base.h"
#include "common/buffer.h"

#define WRAPPERS_LIST_SIZE 8000

struct wrappers {
	size_t rules;		/* that apply to vsftpd */
	bool allow_all, deny_all;	/* all others, never both */
	struct buffer allow;	/* networks, blanks between */
	struct buffer deny;
	size_t deny_first;	/* how much of deny is from hosts.allow, which
				 * counts first */
	char not_understood[256]; /* the first pattern that is not a network */
	char allow_storage[WRAPPERS_LIST_SIZE];
	char deny_storage[WRAPPERS_LIST_SIZE];
};

/* An unreadable file counts as empty. NULL when out of memory. */
struct wrappers *wrappers_read(const char *allow_path, const char *deny_path);
void wrappers_free(struct wrappers *w);

/* Append a client pattern as networks; false if it does not denote any.  ALL is
 * handled by the caller. */
bool wrappers_add_network(struct buffer *b, const char *pattern, size_t len);

#endif
