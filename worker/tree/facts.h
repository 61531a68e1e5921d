/*
 * facts.h - the facts of MLST and MLSD (RFC 3659 7.5).
 *
 * type        file, dir, cdir, pdir; OS.unix=symlink, =chr, =blk, =fifo,
 *             =socket.  Callers follow symbolic links, so that clients can
 *             enter and download entries; only a dangling link is a
 *             symlink.  With list_links = link they do not, and links are
 *             OS.unix=slink:TARGET.
 * size        bytes; not of directories.
 * modify      ftptime_add().
 * perm        what this user may do (RFC 3659 7.5.5), from the account's
 *             permissions and the mode bits.  A hint for clients: the kernel
 *             decides, also by ACLs and read-only mounts.
 * unique      device and inode: identical for all names and links of a file.
 * create      the creation time, if the file system records it; on request only
 *             (OPTS MLST).
 *
 * UNIX.mode is 0644 and the like, UNIX.owner and UNIX.group are numbers;
 * UNIX.ownername and UNIX.groupname, on request only, are names, or the numbers
 * if there is no name or it contains characters not allowed in a fact.
 */
#ifndef WORKER_TREE_FACTS_H
#define WORKER_TREE_FACTS_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/names.h"
#include "worker/tree/ftptime.h"

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
	FACT_CREATE = 1 << 10,
};
#define FACTS_OF_OWNERS (FACT_UNIX_OWNER | FACT_UNIX_GROUP | \
	FACT_UNIX_OWNERNAME | FACT_UNIX_GROUPNAME)
#define FACTS_ALL ((uint32_t)FACT_CREATE * 2 - 1)
/* The others are sent on request only. */
#define FACTS_DEFAULT (FACTS_ALL & ~(uint32_t)(FACT_UNIX_OWNERNAME | \
	FACT_UNIX_GROUPNAME | FACT_CREATE))

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
	bool world_readable_only;	/* reads only what everybody can read */
};

/* The selection of OPTS MLST ("type;size;") into *chosen: unknown names are
 * ignored (RFC 3659 7.9); without a known name it is 0.  0, or -EINVAL for an
 * invalid list. */
int facts_parse(const char *text, size_t len, uint32_t *chosen) MUST_CHECK;

/* Append the offered facts for FEAT, "type*;size*;modify;...;", with a star
 * after selected ones. */
void facts_add_feat(struct buffer *b, uint32_t offered, uint32_t chosen);

/* Append "type;size;", the reply to OPTS MLST. */
void facts_add_chosen(struct buffer *b, uint32_t chosen);

#define FACTS_MAX      16
#define FACTS_NAME_MAX 255	/* longer owner names are shown as numbers */

/*
 * The facts of the entries of one directory.  Parts that are the same for
 * consecutive entries are cached: most have the same owner and mode.
 */
struct facts {
	uint32_t chosen;
	const struct stat *dir;	/* of the directory that contains the entries;
				 * NULL if unknown: perm without "d" and "f" */
	/* of the entry that is added next; NULL: unknown */
	const struct timespec *created;
	const char *link;	/* type=OS.unix=slink: and this */
	/* private; zero at first */
	struct ftptime_day day;
	struct facts_shared {
		bool known;
		enum fact_place place;
		mode_t mode;
		uid_t uid;
		gid_t gid;
		uint32_t permissions, inside;
		size_t ends[FACTS_MAX + 1];	/* of each fact in the text */
		char text[2 * FACTS_NAME_MAX + 300];
	} shared;
};

/* Append the facts of one entry, "type=file;size=1;...; " with the blank at the
 * end; the caller appends the name.  Between calls, only `permissions` and
 * `inside` of the user may change. */
void facts_add(struct facts *f, struct buffer *b, enum fact_place place,
	const struct stat *st, const struct fact_user *user);

/* The same for an entry whose stat() failed: only its type, if known from the
 * directory (the type bits of st_mode, or 0). */
void facts_add_type(struct buffer *b, uint32_t chosen, enum fact_place place,
	mode_t type);

#endif
