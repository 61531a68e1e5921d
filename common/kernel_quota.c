/*
 * kernel_quota.c - asks the kernel for the disk quotas of a file system.
 *
 * Runs in: session, sureftpd --quota.
 */
#include "common/base.h"
#include "common/kernel_quota.h"

#include <linux/dqblk_xfs.h>
#include <linux/fs.h>
#include <linux/quota.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#define LIMIT_UNIT 1024		/* QIF_DQBLKSIZE */

#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443	/* the same on every processor */
#endif

static bool
ask(int fd, unsigned command, int type, uint32_t id, void *answer)
{
	return syscall(SYS_quotactl_fd, fd, QCMD(command, type), id, answer) ==
	    0;
}

/* Which quotas the kernel enforces there: FS_QUOTA_ flags. */
static unsigned
enforced(int fd)
{
	struct fs_quota_statv state = { .qs_version = FS_QSTATV_VERSION1 };

	return ask(fd, Q_XGETQSTATV, USRQUOTA, 0, &state) ? state.qs_flags : 0;
}

static int64_t
limit_of(uint64_t limit, uint64_t unit)
{
	return limit == 0 || limit > INT64_MAX / unit ? -1 :
	    (int64_t)(limit * unit);
}

static bool
is_over(int64_t used, int64_t soft, uint64_t until)
{
	return soft >= 0 && used > soft && until != 0 &&
	    (int64_t)until <= (int64_t)time(NULL);
}

static bool
has_limit(const struct kernel_quota *q)
{
	return q->max_bytes >= 0 || q->soft_bytes >= 0 || q->max_files >= 0 ||
	    q->soft_files >= 0;
}

static bool
read_quota(int fd, int type, uint32_t id, struct kernel_quota *q)
{
	struct if_dqblk d = { 0 };

	if (!ask(fd, Q_GETQUOTA, type, id, &d))
		return false;
	*q = (struct kernel_quota){
		.kind = type == USRQUOTA ? KERNEL_QUOTA_USER :
			KERNEL_QUOTA_GROUP,
		.id = id,
		.bytes = (int64_t)d.dqb_curspace,
		.max_bytes = limit_of(d.dqb_bhardlimit, LIMIT_UNIT),
		.soft_bytes = limit_of(d.dqb_bsoftlimit, LIMIT_UNIT),
		.files = (int64_t)d.dqb_curinodes,
		.max_files = limit_of(d.dqb_ihardlimit, 1),
		.soft_files = limit_of(d.dqb_isoftlimit, 1),
	};
	q->bytes_over = is_over(q->bytes, q->soft_bytes, d.dqb_btime);
	q->files_over = is_over(q->files, q->soft_files, d.dqb_itime);
	return has_limit(q);
}

/* statfs(2) shows a project's limits in the place of the file system's size. */
static bool
read_project(int fd, struct kernel_quota *q)
{
	struct fsxattr attributes;
	struct statvfs fs;

	if (ioctl(fd, FS_IOC_FSGETXATTR, &attributes) < 0 ||
	    attributes.fsx_projid == 0 ||
	    (attributes.fsx_xflags & FS_XFLAG_PROJINHERIT) == 0 ||
	    fstatvfs(fd, &fs) < 0)
		return false;
	*q = (struct kernel_quota){
		.kind = KERNEL_QUOTA_PROJECT,
		.id = attributes.fsx_projid,
		.bytes = (int64_t)((fs.f_blocks - fs.f_bfree) * fs.f_frsize),
		.max_bytes = limit_of(fs.f_blocks, fs.f_frsize),
		.soft_bytes = -1,
		.files = (int64_t)(fs.f_files - fs.f_ffree),
		.max_files = limit_of(fs.f_files, 1),
		.soft_files = -1,
	};
	return true;
}

size_t
kernel_quota_find(int fd, uid_t uid, gid_t gid,
	struct kernel_quota found[KERNEL_QUOTA_KINDS])
{
	unsigned flags = enforced(fd);
	struct stat st;
	size_t n = 0;

	if (flags == 0 || fstat(fd, &st) < 0)
		return 0;
	bool directory = S_ISDIR(st.st_mode);
	uid_t user = directory ? uid : st.st_uid;
	bool inherits = !directory || (st.st_mode & S_ISGID) != 0;
	gid_t group = inherits ? st.st_gid : gid;
	if ((flags & FS_QUOTA_UDQ_ENFD) != 0 &&
	    read_quota(fd, USRQUOTA, user, &found[n]))
		n++;
	if ((flags & FS_QUOTA_GDQ_ENFD) != 0 &&
	    read_quota(fd, GRPQUOTA, group, &found[n]))
		n++;
	if ((flags & FS_QUOTA_PDQ_ENFD) != 0 && read_project(fd, &found[n]))
		n++;
	return n;
}

/* What is left of the hard limit; nothing once the soft limit must not be
 * exceeded any more. */
int64_t
kernel_quota_room(const struct kernel_quota *q)
{
	if (q->bytes_over)
		return 0;
	if (q->max_bytes < 0)
		return -1;
	return q->bytes >= q->max_bytes ? 0 : q->max_bytes - q->bytes;
}

int64_t
kernel_quota_bytes(int fd)
{
	struct kernel_quota found[KERNEL_QUOTA_KINDS];
	size_t n = kernel_quota_find(fd, geteuid(), getegid(), found);
	int64_t least = -1;

	for (size_t i = 0; i < n; i++) {
		int64_t left = kernel_quota_room(&found[i]);
		if (left >= 0 && (least < 0 || left < least))
			least = left;
	}
	return least;
}
