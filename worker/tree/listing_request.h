/*
 * listing_request.h - what to list, and how.
 */
#ifndef WORKER_TREE_LISTING_REQUEST_H
#define WORKER_TREE_LISTING_REQUEST_H

#include "common/base.h"
#include "common/names.h"
#include "worker/tree/tree.h"

/* Size of the longest line: path, name, a link's target, the columns. */
#define LISTING_LINE_MAX 9216

enum listing_format {
	LISTING_LONG,		/* LIST: ls -l */
	LISTING_NAMES,		/* NLST, -1 */
	LISTING_FACTS,		/* MLSD */
};

struct listing_request {
	enum listing_format format;
	const char *path;	/* "" means the working directory; may have a
				 * pattern in its last component, except for
				 * FACTS */
	bool by_name;		/* list_sort */
	bool all;		/* -a: also names that begin with a dot, . and
				 * .. */
	bool almost_all;	/* -A: without . and .. */
	bool by_time;		/* -t */
	bool by_size;		/* -S */
	bool reverse;		/* -r: reverse; alone, by name */
	bool recursive;		/* -R */
	bool directory_itself;	/* -d */
	bool classify;		/* -F: '/' after directories, ... */
	bool targets;		/* -L: what links lead to, not the links */
	int owners;		/* LIST_OWNERS_...; -n: not NAMES */
	bool gmt;
	bool links;		/* FACTS: links themselves, not targets */
	uint32_t facts;
	struct tree *tree;
	const struct names *names;
	int64_t max_entries;
	int64_t max_depth;	/* levels of directories, including the top */
};

/*
 * Split LIST's argument into letters and path: "-la foo" gives all = true and
 * "foo".  Supported letters are a A l n t r S R d F L 1; of l, n (the format of
 * LIST) and 1 (that of NLST) the last one applies.  Other letters and words
 * like --color are ignored, as clients expect, unless they are not letters of
 * ls and the text from there on is an existing path.  "--" ends the letters;
 * only one blank after it is skipped, so that the path may begin with blanks.
 * Other blanks before words and path are skipped, as vsftpd does.  Returns the
 * path within the argument.
 */
const char *listing_request_options(const char *argument,
	struct listing_request *request);

#endif
