/*
 * fuse.h - a FUSE file system of a user: a few files in one directory, which no
 * other user can access, not even root.
 *
 * 	hello	as it should be
 * 	nosize	the same, but its size is 0, as in /proc
 * 	page	the same, but its size is 4096, as in /sys
 * 	large	FUSE_LARGE bytes, which are hello's over and over
 * 	broken	the same, but from FUSE_BROKEN on it cannot be read
 * 	slow-NNNN
 * 		FUSE_SLOW of them: to look one up takes milliseconds
 */
#ifndef TESTS_FUNCTIONAL_FUSE_H
#define TESTS_FUNCTIONAL_FUSE_H

#include "common/base.h"

/* What the file "hello" holds. */
#define FUSE_HELLO     "Hello from the user's own file system.\n"
#define FUSE_HELLO_LEN (sizeof(FUSE_HELLO) - 1)
#define FUSE_LARGE     ((size_t)3 << 20)
#define FUSE_BROKEN    ((size_t)1 << 20)
#define FUSE_SLOW      2000

/* Mount it for this account.  False where the kernel or the surroundings have
 * no FUSE.  The process that serves it ends with the world. */
bool fuse_mount(const char *path, uid_t uid, gid_t gid);
void fuse_unmount(const char *path);

/* One without the slow files, where another user who closes a file waits until
 * fuse_end(). */
bool fuse_mount_stuck(const char *path, uid_t uid, gid_t gid);

/* One without the slow files, which everybody may access; but only its user and
 * root can examine files, and any other user who closes one waits.  Whatever is
 * written disappears. */
bool fuse_mount_shared(const char *path, uid_t uid, gid_t gid);

/* What was mounted last fails from now on. */
void fuse_end(void);

/* What was mounted last answers nothing any more: whoever looks waits. */
void fuse_hang(void);

#endif
