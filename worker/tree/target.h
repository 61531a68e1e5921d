/*
 * target.h - resolves a client's name: the first step of all file operations.
 *
 * The kernel resolves the name: everything except the last component
 * is opened as a directory, and the operation is applied to that component in
 * that directory.  So [directory] rules, checks, the operation and its log
 * entry all refer to the same directory, even if something is renamed
 * meanwhile.
 *
 * "~" and "~/..." are ordinary names; if there is no such file, they mean the
 * home directory, as in vsftpd.
 */
#ifndef WORKER_TREE_TARGET_H
#define WORKER_TREE_TARGET_H

#include "common/base.h"
#include "common/buffer.h"

struct resolver {
	const char *home;	/* the path for "~" */
	char *home_found;	/* the same, resolved by the kernel, or NULL */
	int links;		/* SYMLINKS_FOLLOW..., see links.h */
	bool careful;		/* links are followed before checks, see
				 * target_follow() */
	bool names_links;	/* careful only for the jail's sake: replies and
				 * the log have the names of links */
	bool jailed;		/* nothing outside the root directory can be
				 * reached */
	bool no_openat2;	/* openat2() is missing or refused; determined
				 * once */
};

struct target {
	const char *path;	/* as sent by the client; not owned */
	int dir;		/* the directory, opened with O_PATH; AT_FDCWD
				 * for a name in the working directory; -1 if
				 * not resolved */
	const char *name;	/* the last component, within path or, after a
				 * link was followed, within followed */
	char *followed;		/* malloc'd, or NULL */
	const char *link;	/* names_links: the link that was followed, */
	int link_dir;		/* and its directory; NULL if none was */
	bool has_place;		/* for rules, use this directory */
	int place;		/* instead of dir */
};

/* Get the home directory's path from the kernel, without symbolic links. */
void target_find_home(struct resolver *r);

/* The path that "~" is replaced by. */
const char *target_home(const struct resolver *r);

/* Resolve a path.  0 or -errno; call target_close() in either case.  A name in
 * the working directory needs no system call. */
int target_resolve(struct resolver *r, struct target *at, const char *path)
	MUST_CHECK;
void target_close(struct target *at);

/*
 * If the last component is a symbolic link, resolve it until it is none: then
 * rules apply to the directory that contains the actual file, and operations
 * need not follow links.  A name that is "." or "..", or has a slash at its
 * end, is a directory; the target becomes its entry in its parent.  A name that
 * does not exist is not changed.  0, -REASON_LINK for a link that may not be
 * followed, or another -errno.
 */
int target_follow(struct resolver *r, struct target *at) MUST_CHECK;

/* Is it "/", "." or "..", or does it end with a slash?  Then it cannot name a
 * symbolic link itself. */
bool target_names_directory(const char *name);

/* Open a name in an open directory, or AT_FDCWD; if careful, no link.  Never
 * blocks on a FIFO, never follows the magic links of /proc.  The descriptor
 * (close-on-exec), or -errno. */
int target_open(struct resolver *r, int dir, const char *name, int flags,
	mode_t mode) MUST_CHECK;

/* Open a directory by its whole path. */
int target_open_directory(struct resolver *r, const char *path, int flags)
	MUST_CHECK;

/*
 * Append the absolute path as resolved by the kernel, for replies and the log;
 * with names_links it is that of the link.
 * If the kernel cannot return the directory's path, the path sent by the client
 * is appended to the working directory, unresolved.  Does not use /proc.
 */
void target_path(const struct target *at, struct buffer *b);

/* The same without resolving the path: links and dots are kept. */
void target_named_path(const struct target *at, struct buffer *b);

/* The path of the working directory into text[size]; "(unreachable)" if the
 * kernel cannot return it. */
const char *target_working_directory(char *text, size_t size);

#endif
