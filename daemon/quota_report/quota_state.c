/*
 * quota_state.c - what is known of an account's quota.
 *
 * Runs in: sureftpd --quota, as root; serves no client.
 */
#include "common/base.h"
#include "daemon/quota_report/quota_state.h"

#include "common/process/channel.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/process/sandbox.h"
#include "daemon/quota/scanners.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>

static int
open_path(const struct quota_account *a, struct book_path *p)
{
	const struct identity *identity = &a->identity;
	const struct book_account account = { identity->uid, identity->gid,
		identity->groups, identity->ngroups };

	return book_path_open(p, a->place.file, a->settings.quota_format,
		&account);
}

void
quota_state_read(const struct quota_account *a, struct quota_state *s)
{
	struct book_path path;

	*s = (struct quota_state){ .known = false };
	if (open_path(a, &path) == 0) {
		s->known = book_file_read(&path, &s->file) == 0;
		book_path_close(&path);
	}
	int fd = open(a->place.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		O_NONBLOCK);
	if (fd < 0)
		return;
	s->kernels = kernel_quota_find(fd, a->identity.uid, a->identity.gid,
		s->kernel);
	close(fd);
}

/* --- a new count */

static void
fill_order(struct message_quota_scan *order, const struct quota_account *a)
{
	const struct identity *identity = &a->identity;
	struct book_path path;

	*order = (struct message_quota_scan){ .kinds = a->place.kinds,
		.uid = identity->uid, .gid = identity->gid };
	memcpy(order->root, a->place.root, sizeof(order->root));
	for (size_t i = 0; i < identity->ngroups &&
	    i < MESSAGE_QUOTA_GROUPS; i++)
		order->groups[order->ngroups++] = identity->groups[i];
	if (open_path(a, &path) == 0) {
		struct quota_inode file = book_path_inode(&path);
		order->ledger_device = file.device;
		order->ledger_inode = file.inode;
		book_path_close(&path);
	}
}

/* Until it has ended.  0 or -errno. */
static int
receive_count(struct channel *scanner, struct message_quota_scanned *last)
{
	struct message m;

	message_begin(&m, MESSAGE_quota_scan_end);
	int error = channel_send(scanner, &m);
	struct pollfd p = { .fd = scanner->fd, .events = POLLIN };
	while (error == 0) {
		int r = poll(&p, 1, -1) < 0 ? -errno :
		    channel_recv(scanner, &m);
		if (r == -EAGAIN || r == -EINTR)
			continue;
		if (r <= 0)
			return r == 0 ? -ECHILD : r;
		*last = m.quota_scanned;
		if (last->state == QUOTA_SCAN_FAILED)
			error = -last->error;
		if (last->state == QUOTA_SCAN_DONE)
			return 0;
	}
	return error;
}

int
quota_state_scan(const struct quota_account *a, struct quota_count *count,
	uint64_t *unreadable)
{
	struct message_quota_scanned last = { 0 };
	struct message_quota_scan order;
	struct scanners scanners;
	struct channel scanner;
	int fds[2];

	int error = sandbox_prepare();
	if (error == 0)
		error = channel_pair(fds);
	if (error < 0)
		return error;
	fill_order(&order, a);
	scanners_init(&scanners);
	scanners_start(&scanners, &order, fds[1]);
	/* In the place of the bookkeeper. */
	channel_open(&scanner, fds[0], PARTY_BOOKKEEPER, PARTY_SCANNER,
		&channel_any_phase);
	error = receive_count(&scanner, &last);
	channel_close(&scanner);
	if (scanners.list[0].pid > 0)
		(void)child_reap(scanners.list[0].pid, 5000);
	scanners_close(&scanners);
	*count = last.count;
	*unreadable = last.unreadable;
	return error;
}

/* --- the file */

static int
write_file(const struct quota_account *a, const struct quota_count *count)
{
	const struct book_file_state state = { .count = *count,
		.counted_at = (int64_t)time(NULL) };
	struct book_path path;
	int error = open_path(a, &path);

	if (error < 0)
		return error;
	error = book_file_write(&path, &state);
	book_path_close(&path);
	return error;
}

/* In a child, because the change of its rights is final. */
int
quota_state_write(const struct quota_account *a, const char *quota_user,
	const struct quota_count *count)
{
	const struct passwd *pw = getpwnam(quota_user);
	int status;

	if (pw == NULL)
		pw = getpwnam("nobody");
	if (pw == NULL || pw->pw_uid == 0)
		return -ENOENT;
	const struct identity identity = { .uid = pw->pw_uid,
		.gid = pw->pw_gid, .root = -1 };
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		role_use_files_as(&identity);
		_exit(-write_file(a, count));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -ECHILD;
	return -WEXITSTATUS(status);
}
