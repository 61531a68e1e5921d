/*
 * upload_check.c - has an upload checked by the runner.
 *
 * Runs in: monitor, after login.
 * Never: waits for the runner, or reads the file.
 */
#include "common/base.h"
#include "pam/upload_check.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/runner_request.h"
#include "common/process/service_socket.h"
#include "common/settings/settings.h"
#include "common/text.h"

#include <fcntl.h>
#include <sys/stat.h>

/* An upload is open for writing.  A session that was taken over could open
 * others for reading, or, with O_PATH, those that it may not read. */
static bool
is_writable(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_PATH) == 0 &&
	    (flags & O_ACCMODE) != O_RDONLY;
}

/* The file as it is open, for reading only; it may have no name yet. */
static int
open_for_reading(int fd, uint64_t *bytes)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink > 1 || !is_writable(fd))
		return -EPERM;
	*bytes = (uint64_t)st.st_size;
	return io_open_again(fd, O_RDONLY | O_NOCTTY | O_NONBLOCK);
}

/* The path is what the client sees. */
static int
fill(struct runner_check *check, const struct request_case *c, const char *path)
{
	const struct identity *identity = c->identity;
	const struct user_settings *settings = identity->settings;

	if (*settings->upload_check == '\0')
		return -ENOENT;
	check->session = c->client->session;
	check->uid = (uint32_t)identity->uid;
	check->timeout = (uint32_t)settings->upload_check_timeout;
	check->peer = c->client->peer;
	if (text_copy(check->user, sizeof(check->user), identity->user) < 0 ||
	    text_copy(check->program, sizeof(check->program),
	    settings->upload_check) < 0 ||
	    text_copy(check->jail, sizeof(check->jail), identity->jail) < 0 ||
	    text_copy(check->path, sizeof(check->path), path) < 0)
		return -ENAMETOOLONG;
	return 0;
}

/* The session's end of the socket, or -errno. */
static int
ask(int service, const struct runner_check *check, int file, uint64_t bytes)
{
	int fds[2];
	int error = service_socket_pair(fds, 0);

	if (error < 0)
		return error;
	/* First the file, then the request with the socket that has it. */
	error = service_socket_send(fds[1], &bytes, sizeof(bytes), file, 0);
	if (error == 0)
		error = service_socket_send(service, check, sizeof(*check),
			fds[0], 0);
	close(fds[0]);
	if (error == 0)
		return fds[1];
	close(fds[1]);
	return error;
}

void
upload_check_request(const struct request_case *c, const struct message *m,
	struct message *reply)
{
	static struct runner_check check;
	uint64_t bytes = 0;
	int error = c->runner < 0 ? -ENOENT : fill(&check, c,
		m->check_upload.path);
	int file = error < 0 ? error : open_for_reading(m->fds[0], &bytes);
	int answer = file < 0 ? file : ask(c->runner, &check, file, bytes);

	if (file >= 0)
		close(file);
	close(m->fds[0]);
	if (answer >= 0) {
		message_begin(reply, MESSAGE_upload_checking);
		reply->fds[0] = answer;
		return;
	}
	log_error("cannot have an upload checked: %s", log_errno(answer));
	message_begin(reply, MESSAGE_check_refused);
	reply->check_refused.error = -answer;
}
