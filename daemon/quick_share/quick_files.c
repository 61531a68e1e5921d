/*
 * quick_files.c - the temporary files of a quick share.
 *
 * Runs in: sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_files.h"

#include "common/io.h"
#include "common/password_hash.h"
#include "common/permissions.h"
#include "common/text.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

static const char *const names[QUICK_FILES] = {
	[QUICK_SHARED] = "shared", [QUICK_ACCOUNTS] = "accounts",
	[QUICK_CERTIFICATE] = "certificate.pem", [QUICK_CONTROL] = "control",
};

/* Blanks and percent signs have a meaning in settings. */
static bool
is_plain(const char *path)
{
	if (path == NULL || *path != '/')
		return false;
	for (; *path != '\0'; path++)
		if (!text_is_alpha(*path) && !text_is_digit(*path) &&
		    strchr("/._-", *path) == NULL)
			return false;
	return true;
}

static int
make_base(struct quick_files *f, const char *parent)
{
	int len = snprintf(f->base, sizeof(f->base), "%s/sureftpd.XXXXXX",
		parent);

	if (len > 0 && (size_t)len < sizeof(f->base) &&
	    mkdtemp(f->base) != NULL)
		return 0;
	f->base[0] = '\0';
	return -errno;
}

int
quick_files_open(struct quick_files *f, const char *shared)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	memset(f, 0, sizeof(*f));
	errno = ENAMETOOLONG;
	int error = is_plain(runtime) ? make_base(f, runtime) : -ENOENT;
	if (error < 0)
		error = make_base(f, "/tmp");
	if (error < 0)
		return error;
	for (size_t i = 0; i < QUICK_FILES; i++)
		(void)!snprintf(f->path[i], sizeof(f->path[i]), "%s/%s",
			f->base, names[i]);
	return symlink(shared, f->path[QUICK_SHARED]) < 0 ? -errno : 0;
}

int
quick_files_write_account(const struct quick_files *f,
	const struct quick_account *a)
{
	char hash[PASSWORD_HASH_SIZE] = "";
	int fd = open(f->path[QUICK_ACCOUNTS],
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	int error = a->user == NULL ? 0 : password_hash_new(a->password, hash);
	if (error == 0 && a->user != NULL && dprintf(fd, "[%s]\naccount = %s\n"
	    "password_hash = %s\nhome = %s\njail = home\n%s%s\n", a->user,
	    a->account, hash, f->path[QUICK_SHARED],
	    a->writable ? "permissions = " : "",
	    a->writable ? permissions_letters : "") < 0)
		error = -errno;
	close(fd);
	explicit_bzero(hash, sizeof(hash));
	return error;
}

int
quick_files_listen(const struct quick_files *f)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (text_copy(a.sun_path, sizeof(a.sun_path),
	    f->path[QUICK_CONTROL]) < 0)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 &&
	    listen(fd, 8) == 0)
		return fd;
	int error = -errno;
	io_close(&fd);
	return error;
}

void
quick_files_remove(struct quick_files *f)
{
	if (f->base[0] == '\0')
		return;
	for (size_t i = 0; i < QUICK_FILES; i++)
		(void)unlink(f->path[i]);
	(void)rmdir(f->base);
	f->base[0] = '\0';
}
