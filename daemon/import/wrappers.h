/*
 * wrappers.h - rules of hosts.allow and hosts.deny that apply to vsftpd,
 * hosts_access(5), as networks.
 */
#ifndef DAEMON_IMPORT_WRAPPERS_H
#define DAEMON_IMPORT_WRAPPERS_H

#include "common/base.h"
#include "common/buffer.h"

#define WRAPPERS_LIST_SIZE 8000

struct wrappers {
	size_t rules;		/* that apply to vsftpd */
	bool allow_all, deny_all;
	struct buffer allow;	/* networks, blanks between */
	struct buffer deny;
	char not_understood[256]; /* the first pattern that is no network */
	char allow_storage[WRAPPERS_LIST_SIZE];
	char deny_storage[WRAPPERS_LIST_SIZE];
};

/* A file that cannot be read has no rules.  NULL when out of memory. */
struct wrappers *wrappers_read(const char *allow_path, const char *deny_path);
void wrappers_free(struct wrappers *w);

/* Append a client pattern as networks; false for one that is none.  ALL is for
 * the caller. */
bool wrappers_add_network(struct buffer *b, const char *pattern, size_t len);

#endif
