/*
 * fuse.c - serves a FUSE file system with a few files.
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
#define READ_SIZE ((size_t)256 << 10)
#define REQUEST_SIZE (FUSE_MIN_READ_BUFFER + 65536)

#define FIRST_INODE 2
#define SLOW "slow-"

/* `size` is what stat() says, `len` how much there is to be read; from `fails`
 * on reading fails. */
static const struct {
	const char *name;
	uint64_t size, len, fails;
	uint32_t flags;		/* FOPEN_ */
} files[] = {
	{ "hello", FUSE_HELLO_LEN, FUSE_HELLO_LEN, UINT64_MAX, 0 },
	{ "nosize", 0, FUSE_HELLO_LEN, UINT64_MAX, FOPEN_DIRECT_IO },
	{ "page", 4096, FUSE_HELLO_LEN, UINT64_MAX, FOPEN_DIRECT_IO },
	{ "large", FUSE_LARGE, FUSE_LARGE, UINT64_MAX, 0 },
	{ "broken", FUSE_LARGE, FUSE_LARGE, FUSE_BROKEN, FOPEN_DIRECT_IO },
};

static pid_t server;	/* of the last one */

struct serving {
	int fd;
	uid_t uid;
	gid_t gid;
	bool stuck;		/* fuse_mount_stuck() */
	bool shared;		/* fuse_mount_shared() */
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

/* Does it leave this request without an answer? */
static bool
ignores(const struct serving *s, const struct fuse_in_header *head)
{
	if (s->shared && head->opcode == FUSE_GETATTR)
		return head->uid != s->uid && head->uid != 0;
	return (s->stuck || s->shared) && head->opcode == FUSE_FLUSH &&
		head->uid != s->uid;
}

static struct fuse_attr
attributes(const struct serving *s, uint64_t inode)
{
	bool file = inode >= FIRST_INODE;

	return (struct fuse_attr){
		.ino = inode,
		.size = file ? files[inode - FIRST_INODE].size : 0,
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
answer_slow_lookup(const struct serving *s, const struct request *r)
{
	const struct timespec pause = { .tv_nsec = 4000000 };
	const struct fuse_entry_out out = {
		.nodeid = FIRST_INODE,
		.attr = attributes(s, FIRST_INODE),
	};

	nanosleep(&pause, NULL);
	answer(s, r, 0, &out, sizeof(out));
}

static void
answer_lookup(const struct serving *s, const struct request *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const struct fuse_entry_out out = {
			.nodeid = FIRST_INODE + i,
			.attr = attributes(s, FIRST_INODE + i),
		};
		if (strcmp(r->body, files[i].name) != 0)
			continue;
		answer(s, r, 0, &out, sizeof(out));
		return;
	}
	if (strncmp(r->body, SLOW, strlen(SLOW)) == 0)
		answer_slow_lookup(s, r);
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
	uint64_t inode = r->head.nodeid;
	const struct fuse_open_out out = {
		.fh = inode,
		.open_flags = inode >= FIRST_INODE ?
			files[inode - FIRST_INODE].flags : 0,
	};

	answer(s, r, 0, &out, sizeof(out));
}

static void
answer_statfs(const struct serving *s, const struct request *r)
{
	const struct fuse_statfs_out out = { .st = { .namelen = 255 } };

	answer(s, r, 0, &out, sizeof(out));
}

/* The content of files, repeated as needed. */
static void
fill(char *to, size_t len, uint64_t offset)
{
	for (size_t i = 0; i < len; i++)
		to[i] = FUSE_HELLO[(offset + i) % FUSE_HELLO_LEN];
}

static void
answer_read(const struct serving *s, const struct request *r)
{
	size_t i = r->head.nodeid - FIRST_INODE;
	static char piece[READ_SIZE];
	struct fuse_read_in in;
	uint64_t end = files[i].len;

	memcpy(&in, r->body, sizeof(in));
	if (in.offset >= files[i].fails) {
		answer(s, r, -EIO, NULL, 0);
		return;
	}
	if (end > files[i].fails)
		end = files[i].fails;
	size_t len = in.offset < end ? end - in.offset : 0;
	if (len > in.size)
		len = in.size;
	if (len > sizeof(piece))
		len = sizeof(piece);
	fill(piece, len, in.offset);
	answer(s, r, 0, piece, len);
}

static void
answer_write(const struct serving *s, const struct request *r)
{
	struct fuse_write_in in;

	memcpy(&in, r->body, sizeof(in));
	const struct fuse_write_out out = { .size = in.size };
	answer(s, r, 0, &out, sizeof(out));
}

/* The entry at this place of the directory; its length, 0 at the end. */
static size_t
put_entry(const struct serving *s, char *to, uint64_t at)
{
	struct fuse_dirent entry = { .ino = FIRST_INODE, .off = at + 1,
		.type = S_IFREG >> 12 };
	char name[32];

	if (at >= ARRAY_SIZE(files) + (s->stuck || s->shared ? 0 : FUSE_SLOW))
		return 0;
	if (at < ARRAY_SIZE(files))
		snprintf(name, sizeof(name), "%s", files[at].name);
	else
		snprintf(name, sizeof(name), SLOW "%04d",
			(int)(at - ARRAY_SIZE(files)));
	entry.namelen = (uint32_t)strlen(name);
	memcpy(to, &entry, FUSE_NAME_OFFSET);
	memcpy(to + FUSE_NAME_OFFSET, name, sizeof(name));
	return FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + entry.namelen);
}

static void
answer_directory(const struct serving *s, const struct request *r)
{
	struct fuse_read_in in;
	char text[4096];
	size_t len = 0, n;

	memcpy(&in, r->body, sizeof(in));
	while (len + FUSE_NAME_OFFSET + 32 <= sizeof(text) &&
		len + FUSE_NAME_OFFSET + 32 <= in.size &&
		(n = put_entry(s, text + len, in.offset)) > 0) {
		len += n;
		in.offset++;
	}
	answer(s, r, 0, text, len);
}

static void
handle(const struct serving *s, const struct request *r)
{
	if (ignores(s, &r->head))
		return;
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
	case FUSE_READDIR:
		answer_directory(s, r);
		break;
	case FUSE_WRITE:
		answer_write(s, r);
		break;
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

static bool
mount_for(struct serving s, const char *path)
{
	char options[128];

	if (mknod(DEVICE, S_IFCHR | 0666, makedev(10, 229)) != 0 &&
	    errno != EEXIST)
		return false;
	s.fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (s.fd < 0)
		return false;
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=%u,"
		"group_id=%u%s", s.fd, s.uid, s.gid,
		s.shared ? ",allow_other" : "");
	bool mounted = mount("world", path, "fuse", MS_NOSUID | MS_NODEV,
		options) == 0;
	if (mounted && (server = fork()) == 0)
		serve(&s);
	close(s.fd);
	return mounted;
}

bool
fuse_mount(const char *path, uid_t uid, gid_t gid)
{
	return mount_for((struct serving){ .uid = uid, .gid = gid }, path);
}

bool
fuse_mount_stuck(const char *path, uid_t uid, gid_t gid)
{
	return mount_for((struct serving){ .uid = uid, .gid = gid,
		.stuck = true }, path);
}

bool
fuse_mount_shared(const char *path, uid_t uid, gid_t gid)
{
	return mount_for((struct serving){ .uid = uid, .gid = gid,
		.shared = true }, path);
}

void
fuse_unmount(const char *path)
{
	umount2(path, MNT_DETACH);
}

void
fuse_end(void)
{
	if (server > 0 && kill(server, SIGKILL) < 0)
		perror("fuse");
}

void
fuse_hang(void)
{
	if (server > 0 && kill(server, SIGSTOP) < 0)
		perror("fuse");
}
