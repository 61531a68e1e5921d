/*
 * fuse.c - answers the kernel's questions about a file system of one file.
 *
 * Runs in: a child of the suite's process.
 */
#include "common/base.h"
#include "tests/functional/fuse.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#define DEVICE "/dev/fuse"
#define HELLO_INODE 2
#define REQUEST_SIZE (FUSE_MIN_READ_BUFFER + 65536)

struct serving {
	int fd;
	uid_t uid;
	gid_t gid;
};

struct request {
	struct fuse_in_header head;
	char body[REQUEST_SIZE - sizeof(struct fuse_in_header)];
};

static void
answer(const struct serving *s, const struct request *r, int error,
	const void *body, size_t len)
{
	struct fuse_out_header head = {
		.len = (uint32_t)(sizeof(head) + len),
		.error = error,
		.unique = r->head.unique,
	};
	union {
		const void *given;
		void *taken;
	} part = { .given = body };
	const struct iovec parts[] = { { &head, sizeof(head) },
		{ part.taken, len } };

	(void)!writev(s->fd, parts, len > 0 ? 2 : 1);
}

static struct fuse_attr
attributes(const struct serving *s, uint64_t inode)
{
	bool file = inode == HELLO_INODE;

	return (struct fuse_attr){
		.ino = inode,
		.size = file ? FUSE_HELLO_LEN : 0,
		.mode = file ? S_IFREG | 0600 : S_IFDIR | 0700,
		.nlink = file ? 1 : 2,
		.uid = s->uid,
		.gid = s->gid,
		.blksize = 4096,
	};
}

static void
answer_init(const struct serving *s, const struct request *r)
{
	const struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};

	answer(s, r, 0, &out, sizeof(out));
}

static void
answer_lookup(const struct serving *s, const struct request *r)
{
	const struct fuse_entry_out out = {
		.nodeid = HELLO_INODE,
		.attr = attributes(s, HELLO_INODE),
	};

	if (strcmp(r->body, "hello") == 0)
		answer(s, r, 0, &out, sizeof(out));
	else
		answer(s, r, -ENOENT, NULL, 0);
}

static void
answer_attributes(const struct serving *s, const struct request *r)
{
	const struct fuse_attr_out out = {
		.attr = attributes(s, r->head.nodeid) };

	answer(s, r, 0, &out, sizeof(out));
}

static void
answer_open(const struct serving *s, const struct request *r)
{
	const struct fuse_open_out out = { .fh = r->head.nodeid };

	answer(s, r, 0, &out, sizeof(out));
}

static void
answer_statfs(const struct serving *s, const struct request *r)
{
	const struct fuse_statfs_out out = { .st = { .namelen = 255 } };

	answer(s, r, 0, &out, sizeof(out));
}

/* All of the file or, from its end on, nothing. */
static void
answer_read(const struct serving *s, const struct request *r)
{
	struct fuse_read_in in;

	memcpy(&in, r->body, sizeof(in));
	answer(s, r, 0, FUSE_HELLO, in.offset == 0 ? FUSE_HELLO_LEN : 0);
}

static void
handle(const struct serving *s, const struct request *r)
{
	switch (r->head.opcode) {
	case FUSE_INIT:
		answer_init(s, r);
		break;
	case FUSE_LOOKUP:
		answer_lookup(s, r);
		break;
	case FUSE_GETATTR:
		answer_attributes(s, r);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer_open(s, r);
		break;
	case FUSE_STATFS:
		answer_statfs(s, r);
		break;
	case FUSE_READ:
		answer_read(s, r);
		break;
	case FUSE_READDIR:	/* an empty directory */
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_ACCESS:
		answer(s, r, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		break;
	default:
		answer(s, r, -ENOSYS, NULL, 0);
		break;
	}
}

static void NORETURN
serve(const struct serving *s)
{
	static struct request r;
	ssize_t n;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while ((n = read(s->fd, &r, sizeof(r))) > 0 || errno == EINTR)
		if (n >= (ssize_t)sizeof(r.head))
			handle(s, &r);
	_exit(0);
}

bool
fuse_mount(const char *path, uid_t uid, gid_t gid)
{
	struct serving s = { .uid = uid, .gid = gid };
	char options[128];

	if (mknod(DEVICE, S_IFCHR | 0666, makedev(10, 229)) != 0 &&
	    errno != EEXIST)
		return false;
	s.fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (s.fd < 0)
		return false;
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=%u,"
		"group_id=%u", s.fd, uid, gid);
	bool mounted = mount("world", path, "fuse", MS_NOSUID | MS_NODEV,
		options) == 0;
	if (mounted && fork() == 0)
		serve(&s);
	close(s.fd);
	return mounted;
}

void
fuse_unmount(const char *path)
{
	umount2(path, MNT_DETACH);
}
