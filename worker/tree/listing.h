/*
 * listing.h - directories as text: LIST, NLST, MLSD, STAT path.
 *
 * A listing is a source for transfer_send_text(): it is opened on a path,
 * asked to fill buffers until it ends, and closed.
 *
 * What is shown.  LIST: `ls -l` lines without the total.  NLST: names, with
 * the path in front when one was given, as mget needs them ("NLST dir" gives
 * dir/name).  MLSD: every entry, also hidden ones, `.` as cdir and `..` as
 * pdir; entries are looked up through symbolic links (facts.h).  A pattern
 * shows the entries that match, with the path in front, and does not list
 * matching directories; no match is an empty listing.  A file, or a pattern
 * that is itself a file's name, gives that file.  -R never enters a symbolic
 * link; in LIST each directory has a line `path:` above it, NLST gives every
 * path below the top.  An entry that vanishes meanwhile is left out.  Names
 * with CR or LF show '?' in their place.
 *
 * What it costs.  Memory does not depend on the directory's size unless
 * sorting was asked for.  Sorted and recursive listings are bounded
 * (max_list_entries, max_list_depth); a cut one says so in its last line in
 * LIST, `# listing cut ...`, and through listing_was_cut().  When a sorted
 * listing is cut, what was read first is shown, in order.
 */
#ifndef WORKER_TREE_LISTING_H
#define WORKER_TREE_LISTING_H

#include "common/base.h"
#include "common/names.h"
#include "worker/tree/facts.h"

enum listing_format {
	LISTING_LONG,		/* LIST: ls -l */
	LISTING_NAMES,		/* NLST, -1 */
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
	int64_t max_depth;	/* levels of directories, the top included */
};

struct listing;

/*
 * Open a listing.  0 and *listing; -ENOENT, -ENOTDIR (MLSD of a file),
 * -EACCES..., -E2BIG or -EINVAL for a bad pattern, -ENOMEM.  LIST and NLST of
 * a file give that file.  The request's pointers must outlive the listing.
 */
int listing_open(struct listing **listing,
	const struct listing_request *request) MUST_CHECK;

/* Room for the longest line: path, name, a link's target, the columns. */
#define LISTING_LINE_MAX 9216

/*
 * A transfer_fill: whole lines, each ended by CR LF, into text[size]; *len is
 * how many bytes were written.  A line that does not fit waits for the next
 * call.  1 while there is more, 0 at the end, -errno; -EMSGSIZE when not even
 * one line fits, which LISTING_LINE_MAX bytes rule out.
 */
int listing_fill(void *listing, char *text, size_t size, size_t *len);

/* Entries sent so far. */
int64_t listing_count(const struct listing *listing);

/* Did entries stay out because of max_entries or max_depth? */
bool listing_was_cut(const struct listing *listing);

void listing_close(struct listing *listing);

/*
 * Split LIST's argument into letters and path: "-la foo" gives all = true and
 * "foo".  Known are a l t r S R d 1; of l (LIST's format) and 1 (NLST's) the
 * last one counts.  Other letters and words like --color are ignored, as
 * clients expect (-F, -h, -A...).  "--" ends the letters; one blank ends each
 * word, so a path may begin with blanks.  Returns the path within the
 * argument.
 */
const char *listing_options(const char *argument,
	struct listing_request *request);

/* A mode as ls shows it, "-rw-r--r--", into text[11]. */
void listing_mode(mode_t mode, char *text);

#endif
