/*
 * network_fs.c - which files are on other hosts.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/network_fs.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#ifndef SMB2_SUPER_MAGIC
#define SMB2_SUPER_MAGIC 0xfe534d42
#endif
#ifndef CIFS_SUPER_MAGIC
#define CIFS_SUPER_MAGIC 0xff534d42
#endif

static uint32_t
type_of(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 ? 0 : (uint32_t)fs.f_type;
}

bool
network_fs_is_smb(int fd)
{
	uint32_t type = type_of(fd);

	return type == SMB2_SUPER_MAGIC || type == CIFS_SUPER_MAGIC;
}

bool
network_fs_keeps_open(int fd)
{
	return type_of(fd) == NFS_SUPER_MAGIC || network_fs_is_smb(fd);
}
