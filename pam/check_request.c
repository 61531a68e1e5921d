/*
 * check_request.c - has an upload checked by the runner.
 *
 * Runs in: monitor, after login.
 * Never: waits for the runner, or reads the file.
 */
#include "common/base.h"
#include "pam/check_request.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/runner_request.h"
#include "common/process/service.h"
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
open_for_reading(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink > 1 || !is_writable(fd))
		return -EPERM;
	return io_open_again(fd, O_RDONLY | O_NOCTTY | O_NONBLOCK);
}

static int
fill(struct runner_check *check, const struct identity *identity,
	const struct message_client *client, const char *path)
{
	const struct user_settings *settings = identity->settings;

	check->session = client->session;
	check->uid = (uint32_t)identity->uid;
	check->timeout = (uint32_t)settings->upload_check_timeout;
	check->peer = client->peer;
	if (text_copy(check->user, sizeof(check->user), identity->user) < 0 ||
	    text_copy(check->program, sizeof(check->program),
	    settings->upload_check) < 0 ||
	    text_copy(check->jail, sizeof(check->jail), identity->jail) < 0 ||
	    text_copy(check->path, sizeof(check->path), path) < 0)
		return -ENAMETOOLONG;
	return 0;
}

/* First the file, then the request with the socket that has it. */
static int
send_request(int service, const struct identity *identity,
	const struct message_client *client, const char *path, int file,
	int fds[2])
{
	static struct runner_check check;
	int error = fill(&check, identity, client, path);

	if (error == 0)
		error = service_send(fds[1], "f", 1, file, 0);
	if (error == 0)
		error = service_send(service, &check, sizeof(check), fds[0],
			0);
	return error;
}

/* The session's end of the socket, or -errno. */
static int
ask(int service, const struct identity *identity,
	const struct message_client *client, const char *path, int fd)
{
	int fds[2];

	if (service < 0 || *identity->settings->upload_check == '\0')
		return -ENOENT;
	int file = open_for_reading(fd);
	if (file < 0)
		return file;
	int error = service_pair(fds, 0);
	if (error == 0) {
		error = send_request(service, identity, client, path, file,
			fds);
		io_close(&fds[0]);
		if (error < 0)
			io_close(&fds[1]);
	}
	io_close(&file);
	return error < 0 ? error : fds[1];
}

void
check_request(int service, const struct identity *identity,
	const struct message_client *client, const char *path, int fd,
	struct message *reply)
{
	int verdict = ask(service, identity, client, path, fd);

	close(fd);
	if (verdict >= 0) {
		message_begin(reply, MESSAGE_upload_checking);
		reply->fds[0] = verdict;
		return;
	}
	log_error("cannot have an upload checked: %s", log_errno(verdict));
	message_begin(reply, MESSAGE_check_refused);
	reply->check_refused.error = -verdict;
}
