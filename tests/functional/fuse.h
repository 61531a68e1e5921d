/*
 * fuse.h - a file system of a user's own: one file in one directory, which the
 * kernel shows to nobody else, not even to root.
 */
#ifndef TESTS_FUNCTIONAL_FUSE_H
#define TESTS_FUNCTIONAL_FUSE_H

#include "common/base.h"

/* What the file "hello" holds. */
#define FUSE_HELLO     "Hello from the user's own file system.\n"
#define FUSE_HELLO_LEN (sizeof(FUSE_HELLO) - 1)

/* Mount it for this account.  False where the kernel or the surroundings have
 * no FUSE.  The process that serves it ends with the world. */
bool fuse_mount(const char *path, uid_t uid, gid_t gid);
void fuse_unmount(const char *path);

#endif
