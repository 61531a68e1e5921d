/*
 * check_request.c - has an upload checked by the runner.
 *
 * Runs in: monitor, after login.
 * Never: waits for the runner, or reads the file.
 */
#include "common/base.h"
#include "pam/check_request.h"

#include "common/io.h"
#include "common/json.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/runner_request.h"
#include "common/process/service.h"
#include "common/settings/settings.h"

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
	BUFFER(link, 64);
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink > 1 || !is_writable(fd))
		return -EPERM;
	buffer_addf(&link, "/proc/self/fd/%d", fd);
	int copy = open(buffer_text(&link), O_RDONLY | O_CLOEXEC | O_NOCTTY |
		O_NONBLOCK);
	return copy < 0 ? -errno : copy;
}

struct fields {
	struct buffer *env;
	struct buffer json;
};

static void
add(struct fields *f, const char *name, const char *value)
{
	runner_request_add(f->env, name, value);
	json_add_text(&f->json, name, value);
}

static void
add_number(struct fields *f, const char *name, uint64_t value)
{
	BUFFER(text, 32);

	buffer_addf(&text, "%" PRIu64, value);
	runner_request_add(f->env, name, buffer_text(&text));
	json_add_number(&f->json, name, buffer_text(&text));
}

static void
add_fields(struct fields *f, const struct identity *identity,
	const struct message_client *client, const char *host_path,
	const char *path, int file)
{
	char peer[ADDRESS_TEXT_SIZE];
	struct stat st;

	buffer_add_char(&f->json, '{');
	add(f, "event", "upload_check");
	add_number(f, "session", client->session);
	add(f, "peer", address_text(&client->peer, peer));
	add(f, "user", identity->user);
	add(f, "path", host_path);
	add(f, "virtual_path", path);
	if (fstat(file, &st) == 0)
		add_number(f, "bytes", (uint64_t)st.st_size);
	buffer_add_text(&f->json, "}\n");
}

static void
make_request(struct buffer *b, const struct identity *identity,
	const struct message_client *client, const char *path, int file)
{
	const struct user_settings *settings = identity->settings;
	static char json[RUNNER_REQUEST_MAX / 2];
	struct fields f = { .env = b };
	struct runner_request head = {
		.session = client->session,
		.hook = RUNNER_CHECK,
		.uid = (uint32_t)identity->uid,
		.timeout = (uint32_t)settings->upload_check_timeout,
	};
	BUFFER(host_path, 2 * PATH_MAX);

	buffer_addf(&host_path, "%s%s", identity->jail, path);
	buffer_init(&f.json, json, sizeof(json));
	buffer_add(b, &head, sizeof(head));
	buffer_add(b, settings->upload_check,
		strlen(settings->upload_check) + 1);
	buffer_add(b, host_path.data, host_path.len + 1);
	head.env = (uint32_t)b->len;
	add_fields(&f, identity, client, buffer_text(&host_path), path, file);
	head.json = (uint32_t)b->len;
	buffer_add(b, f.json.data, f.json.len);
	memcpy(b->data, &head, sizeof(head));
}

/* First the file, then the request with the socket that has it. */
static int
send_request(int service, const struct identity *identity,
	const struct message_client *client, const char *path, int file,
	int fds[2])
{
	static char storage[RUNNER_REQUEST_MAX];
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	make_request(&b, identity, client, path, file);
	int error = b.overflow ? -EMSGSIZE :
		service_send(fds[1], "f", 1, file, 0);
	if (error == 0)
		error = service_send(service, b.data, b.len, fds[0], 0);
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
