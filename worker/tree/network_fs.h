/*
 * network_fs.h - file systems of other hosts, where an open file is another
 * matter than on a disk.
 */
#ifndef WORKER_TREE_NETWORK_FS_H
#define WORKER_TREE_NETWORK_FS_H

#include "common/base.h"

/* SMB: a file that is open cannot be replaced by a rename. */
bool network_fs_is_smb(int fd);

/* SMB, and NFS: a file that is open keeps a link when its last name is
 * removed, here or under a name of the kernel's own (.nfs...). */
bool network_fs_keeps_open(int fd);

#endif
