/*
 * listing.h - directories as text: LIST, NLST, MLSD, STAT path.
 *
 * A listing is a source for transfer_send_text(): it is opened on a path,
 * asked to fill buffers until it ends, and closed.  Memory does not depend on
 * the directory's size unless sorting was asked for; then entries are bounded
 * (list_entries), as is the depth of -R (list_depth), and a cut listing ends
 * with a line that says so.  getdents64 in large buffers; an entry is looked
 * up (fstatat, no symlink followed) only when the format needs it.  Names with
 * CR or LF show '?' in their place.
 */
#ifndef WORKER_LISTING_H
#define WORKER_LISTING_H

#include "common/base.h"
#include "common/names.h"
#include "worker/facts.h"

enum listing_format {
	LISTING_LONG,		/* LIST: ls -l */
	LISTING_NAMES,		/* NLST, LIST -1 */
	LISTING_FACTS,		/* MLSD */
};

struct listing_request {
	enum listing_format format;
	const char *path;	/* "" means the working directory; may hold a
				 * pattern in its last component unless FACTS */
	bool all;		/* -a: names that begin with a dot, . and .. */
	bool by_time;		/* -t */
	bool by_size;		/* -S */
	bool reverse;		/* -r: also sorts by name when alone */
	bool recursive;		/* -R */
	bool directory_itself;	/* -d */
	bool gmt;
	uint32_t facts;
	const struct fact_user *user;
	const struct names *names;
	int64_t max_entries;
	int64_t max_depth;
};

struct listing;

/*
 * Open a listing.  0 and *listing; -ENOENT, -ENOTDIR (MLSD of a file),
 * -EACCES..., -E2BIG or -EINVAL for a bad pattern, -ENOMEM.  LIST and NLST of
 * a file give that file.  The request's pointers must outlive the listing.
 */
int listing_open(struct listing **listing, const struct listing_request *request)
	MUST_CHECK;

/* A transfer_fill: whole lines, each ended by CR LF. */
int listing_fill(void *listing, char *text, size_t size, size_t *len);

/* Entries sent so far. */
int64_t listing_count(const struct listing *listing);

void listing_close(struct listing *listing);

/*
 * Split LIST's argument into letters and path: "-la foo" gives all = true and
 * "foo".  Only the letters a l t r S R d 1 are known; others are ignored as
 * clients expect (-F, -h, -A...).  "--" ends the letters.  Returns the path
 * within the argument.
 */
const char *listing_options(const char *argument, struct listing_request *request);

/* One `ls -l` line for STAT of a file and for tests: permission bits as
 * "-rw-r--r--" into text[11]. */
void listing_mode(mode_t mode, char *text);

#endif
