/*
 * listing.h - listings as text: LIST, NLST, MLSD, STAT path.
 *
 * A listing is a source for send_text(): it is opened on a path, fills
 * buffers until it ends, and is closed.  Paths are opened through tree.h, and
 * the opened directory is listed.
 *
 * Contents.  LIST: lines as of `ls -l`, without the total.  NLST: names, with
 * the path in front if one was given, as mget needs them ("NLST dir" gives
 * dir/name).  MLSD: all entries, including dot files, with `.` as cdir and `..`
 * as pdir; symbolic links are followed (facts.h).  A pattern lists the matching
 * entries, with the path in front, but not the contents of matching
 * directories; without a match the listing is empty.  One that ends with a
 * slash lists directories only.  A file, or a pattern that is also the name of
 * a file, gives that file.  -R never enters a symbolic
 * link; in LIST each directory has a line `path:` above it, NLST lists every
 * path below the top.  An entry that was removed meanwhile is left out; one
 * whose stat() fails (a directory without x, a broken network file system) is
 * shown with the data in the directory.  CR and LF in names are shown as '?'.
 *
 * Cost.  A sorted listing keeps the lines of one directory in memory; a
 * directory with more than max_list_entries is listed unsorted, without memory
 * for its lines, and this is logged.  A recursive listing is bounded
 * (max_list_entries, max_list_depth); when it is cut, listing_was_cut(), and
 * LIST ends with a line `# listing truncated ...`.  Its directories are listed
 * in the order in which they are found.
 */
#ifndef WORKER_TREE_LISTING_H
#define WORKER_TREE_LISTING_H

#include "common/base.h"
#include "worker/tree/listing_request.h"

struct listing;

/*
 * Open a listing.  0 and *listing; -ENOENT, -ENOTDIR (MLSD of a file),
 * -EACCES..., -E2BIG or -EINVAL for a bad pattern, -ENOMEM.  LIST and NLST of
 * a file give that file.  The request's pointers must outlive the listing.
 */
int listing_open(struct listing **listing,
	const struct listing_request *request) MUST_CHECK;

/*
 * A send_fill: writes whole lines with CR LF into text[size]; *len is the
 * number of bytes written.  A line that does not fit is left for the next call.
 * 1 while there is more, 0 at the end, or -errno; -EMSGSIZE when not even one
 * line fits, which is impossible with LISTING_LINE_MAX bytes.  After a few
 * milliseconds it returns the lines it has, possibly none.
 */
int listing_fill(void *listing, char *text, size_t size, size_t *len);

/* Were entries left out because of max_entries or max_depth? */
bool listing_was_cut(const struct listing *listing);

void listing_close(struct listing *listing);

#endif
