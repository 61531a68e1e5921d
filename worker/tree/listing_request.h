/*
 * listing_request.h - what to list, and how.
 */
#ifndef WORKER_TREE_LISTING_REQUEST_H
#define WORKER_TREE_LISTING_REQUEST_H

#include "common/base.h"
#include "common/names.h"
#include "worker/tree/tree.h"

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
	bool by_time;		/* -t */
	bool by_size;		/* -S */
	bool reverse;		/* -r: reverse; alone, by name */
	bool recursive;		/* -R */
	bool directory_itself;	/* -d */
	bool gmt;
	uint32_t facts;
	struct tree *tree;
	const struct names *names;
	int64_t max_entries;
	int64_t max_depth;	/* levels of directories, including the top */
};

/*
 * Split LIST's argument into option letters and path: "-la foo" gives all =
 * true and "foo".  Supported are a l t r S R d 1; of l (format of LIST) and 1
 * (format of NLST) the last one applies.  Other letters and words like --color
 * are ignored, as clients expect (-F, -h, -A...).  "--" and one blank end the
 * options, so that a path may begin with blanks.  Other blanks before words and
 * path are skipped, as in vsftpd.  Returns the path within the argument.
 */
const char *listing_request_options(const char *argument,
	struct listing_request *request);

#endif
