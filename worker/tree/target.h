/*
 * target.h - resolves a client's name: the first step of everything that
 * is done to files.
 *
 * The kernel resolves the name (rule R7): all of it but the last component is
 * opened as a directory, and what is done then is done to that component in
 * that directory.  So a rule about a directory, a check, the action and its
 * record are all about the same place, whatever is renamed meanwhile.
 *
 * "~" and "~/..." are ordinary names; where there is no such name, they mean
 * the home directory, as in vsftpd.
 */
#ifndef WORKER_TREE_TARGET_H
#define WORKER_TREE_TARGET_H

#include "common/base.h"
#include "common/buffer.h"

struct resolver {
	const char *home;	/* what "~" means */
	char *home_found;	/* as the kernel names it, or NULL */
	int links;		/* SYMLINKS_FOLLOW..., see links.h */
	bool careful;		/* what a link leads to is decided on, see
				 * target_follow() */
	bool jailed;		/* nothing outside the root is reached */
	bool no_openat2;	/* not there, or refused: found out once */
};

struct target {
	const char *path;	/* as the client named it; not owned */
	int dir;		/* the directory, opened with O_PATH; AT_FDCWD
				 * for a name in the working directory, -1
				 * when it was not resolved */
	const char *name;	/* the last component, within path or, once a
				 * link was followed, within followed */
	char *followed;		/* malloc'd, or NULL */
	bool has_place;		/* the directory that counts for rules is not */
	int place;		/* dir, but this one */
};

/* Ask the kernel for the home directory's path, in which no link is left. */
void target_find_home(struct resolver *r);

/* What "~" leads to. */
const char *target_home(const struct resolver *r);

/* 0, or -errno; target_close() is due in either case.  A name in the working
 * directory costs no system call. */
int target_resolve(struct resolver *r, struct target *at, const char *path)
	MUST_CHECK;
void target_close(struct target *at);

/*
 * Where the last component is a symbolic link, go on to what it leads to, until
 * it is none: then rules are about the directory that holds the thing itself,
 * and the thing can be acted on without following.  What is named by "." or
 * "..", or with a slash at its end, is a directory, whose parent is its place.
 * A name that does not exist is left as it is.  0, -REASON_LINK for a link that
 * may not be followed, or another -errno.
 */
int target_follow(struct resolver *r, struct target *at) MUST_CHECK;

/* Is it "/", "." or "..", or has it a slash at the end?  Then it is certainly
 * no link. */
bool target_names_directory(const char *name);

/* Open a name in an open directory, or AT_FDCWD; if careful, no link.  Never
 * waits for the other end of a FIFO, never follows the magic links of /proc.
 * The descriptor (close-on-exec), or -errno. */
int target_open(struct resolver *r, int dir, const char *name, int flags,
	mode_t mode) MUST_CHECK;

/* Open a directory by its whole path. */
int target_open_directory(struct resolver *r, const char *path, int flags)
	MUST_CHECK;

/*
 * Append the absolute path as the kernel resolved it, for replies and the log.
 * Where the kernel cannot name the directory, the client's own words follow
 * the working directory, dots and all.  Uses nothing of /proc.
 */
void target_path(const struct target *at, struct buffer *b);

/* The same in the client's own words: no directory is looked up, and links and
 * dots stay. */
void target_named_path(const struct target *at, struct buffer *b);

/* The path of the working directory into text[size]; "(unreachable)" when the
 * kernel cannot name it. */
const char *target_working_directory(char *text, size_t size);

#endif
