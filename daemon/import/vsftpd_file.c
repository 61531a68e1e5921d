/*
 * vsftpd_file.c - reads files like vsftpd.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/vsftpd_file.h"

#include "common/io.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Read up to len bytes.  Returns their number, or -errno. */
static ssize_t
read_up_to(int fd, char *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, data + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int
read_open(struct vsftpd_file *file, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	file->owner_wrong = st.st_uid != 0 && st.st_uid != getuid();
	/* One more byte, to detect a longer file. */
	file->data = malloc(VSFTPD_FILE_MAX + 1);
	if (file->data == NULL)
		return -ENOMEM;
	ssize_t n = read_up_to(fd, file->data, VSFTPD_FILE_MAX + 1);
	if (n < 0)
		return (int)n;
	file->cut = n > VSFTPD_FILE_MAX;
	file->len = file->cut ? VSFTPD_FILE_MAX : (size_t)n;
	return 0;
}

int
vsftpd_file_read(struct vsftpd_file *file, const char *path)
{
	*file = (struct vsftpd_file){ 0 };
	/* Do not block on a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	int error = read_open(file, fd);
	io_close(&fd);
	return error;
}

void
vsftpd_file_free(struct vsftpd_file *file)
{
	free(file->data);
	*file = (struct vsftpd_file){ 0 };
}

const char *
vsftpd_file_line(const struct vsftpd_file *file, size_t *at, size_t *len)
{
	if (*at >= file->len)
		return NULL;
	const char *line = file->data + *at;
	const char *end = memchr(line, '\n', file->len - *at);
	*len = end != NULL ? (size_t)(end - line) : file->len - *at;
	*at += *len + 1;
	return line;
}
