/*
 * facts.h - the facts of MLST and MLSD (RFC 3659 7.5).
 *
 * type        file, dir, cdir, pdir; OS.unix=symlink, =chr, =blk, =fifo,
 *             =socket.  Callers follow symbolic links, so that clients can
 *             enter and download entries; only a link that leads nowhere is
 *             a symlink.
 * size        bytes; not of directories.
 * modify      ftptime_add().
 * perm        what this user may do (RFC 3659 7.5.5), from the account's
 *             permissions and the mode bits.  A hint for clients: the kernel
 *             decides, also by ACLs and read-only mounts.
 * unique      device and inode: the same through every name and link.
 * UNIX.mode   0644.  UNIX.owner  and UNIX.group: numbers.  UNIX.ownername and
 * UNIX.groupname: names, or the numbers if there is no name
 *             or it contains characters not allowed in a fact.  On request only
 *             (OPTS MLST).
 */
#ifndef WORKER_TREE_FACTS_H
#define WORKER_TREE_FACTS_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/names.h"

#include <sys/stat.h>

enum fact {
	FACT_TYPE = 1 << 0,
	FACT_SIZE = 1 << 1,
	FACT_MODIFY = 1 << 2,
	FACT_PERM = 1 << 3,
	FACT_UNIQUE = 1 << 4,
	FACT_UNIX_MODE = 1 << 5,
	FACT_UNIX_OWNER = 1 << 6,
	FACT_UNIX_GROUP = 1 << 7,
	FACT_UNIX_OWNERNAME = 1 << 8,
	FACT_UNIX_GROUPNAME = 1 << 9,
};
#define FACTS_ALL     0x3ffu
#define FACTS_DEFAULT 0xffu

/* The role of an entry in its listing. */
enum fact_place {
	FACT_ENTRY,		/* a name in the directory */
	FACT_CURRENT,		/* the listed directory itself: cdir */
	FACT_PARENT,		/* its parent: pdir */
};

/* The account, for the "perm" fact: its permissions, and the names of
 * owners. */
struct fact_user {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t ngroups;
	uint32_t permissions;	/* PERMISSION_ bits, in the directory */
	uint32_t inside;	/* inside the entry, if it is a directory */
	const struct names *names;	/* NULL: numbers */
};

/* The selection of OPTS MLST ("type;size;") into *chosen: unknown names are
 * ignored (RFC 3659 7.9); without a known name it is 0.  0, or -EINVAL for an
 * invalid list. */
int facts_parse(const char *text, size_t len, uint32_t *chosen) MUST_CHECK;

/* Append "type*;size*;modify;...;" for FEAT, with a star after selected
 * ones. */
void facts_add_feat(struct buffer *b, uint32_t chosen);

/* Append "type;size;", the reply to OPTS MLST. */
void facts_add_chosen(struct buffer *b, uint32_t chosen);

/*
 * Append the facts of one entry, "type=file;size=1;...; " with the blank at the
 * end; the caller appends the name.  dir is the stat of the directory that
 * contains the entry; NULL if unknown: then perm contains neither "d" nor "f".
 */
void facts_add(struct buffer *b, uint32_t chosen, enum fact_place place,
	const struct stat *st, const struct stat *dir,
	const struct fact_user *user);

/* The same for an entry whose stat() failed: only its type, if known from the
 * directory (the type bits of st_mode, or 0). */
void facts_add_type(struct buffer *b, uint32_t chosen, enum fact_place place,
	mode_t type);

#endif
