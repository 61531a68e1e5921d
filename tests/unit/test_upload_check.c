/*
 * test_upload_check.c - which files are given to an upload check, whatever the
 * session sends; and how many of one session.
 */
#include "common/base.h"

#include "common/io.h"
#include "common/log/event.h"
#include "common/process/channel.h"
#include "common/process/runner_request.h"
#include "common/process/service_socket.h"
#include "common/settings/settings.h"
#include "daemon/runner/upload_check.h"
#include "daemon/runner/queue.h"
#include "pam/upload_check.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>

const char *const unit_name = "upload_check";

static void
ignore(UNUSED void *context, UNUSED struct event *e)
{
}

/* The type of the answer about the file that is opened so. */
static int
answer(const char *path, int flags)
{
	static char program[] = "/bin/true";
	static struct user_settings settings;
	static struct identity identity;
	static struct message_client client;
	struct message m, reply;
	int fds[2];

	settings.upload_check = program;
	settings.upload_check_timeout = 1;
	identity.settings = &settings;
	CU_ASSERT_EQUAL_FATAL(service_socket_pair(fds, 0), 0);
	const struct request_case c = { .runner = fds[1], .client = &client,
		.identity = &identity };
	message_begin(&m, MESSAGE_check_upload);
	memcpy(m.check_upload.path, "/f", 3);
	m.fds[0] = open(path, flags | O_CLOEXEC);
	CU_ASSERT_FATAL(m.fds[0] >= 0);
	upload_check_request(&c, &m, &reply);
	if (reply.type == MESSAGE_upload_checking)
		io_close(&reply.fds[0]);
	io_close(&fds[0]);
	io_close(&fds[1]);
	return (int)reply.type;
}

/* Root opens the file again, for reading: that must not be one which the
 * session itself could not write, and so perhaps not read. */
static void
test_files(void)
{
	struct scratch scratch;

	scratch_open(&scratch);
	event_divert(ignore, NULL);
	scratch_file("f", 10, 0);
	CU_ASSERT_EQUAL(answer("f", O_WRONLY), MESSAGE_upload_checking);
	CU_ASSERT_EQUAL(answer("f", O_RDWR), MESSAGE_upload_checking);
	CU_ASSERT_EQUAL(answer("f", O_RDONLY), MESSAGE_check_refused);
	CU_ASSERT_EQUAL(answer("f", O_PATH), MESSAGE_check_refused);
	CU_ASSERT_EQUAL(answer("/dev/null", O_WRONLY), MESSAGE_check_refused);
	event_divert(NULL, NULL);
	scratch_close(&scratch);
}

/* What the program gets: the fields as variables and as JSON. */
static void
test_fields(void)
{
	static const char env[] =
		"SUREFTPD_EVENT=upload_check\0SUREFTPD_SESSION=7\0"
		"SUREFTPD_PEER=192.0.2.1\0SUREFTPD_USER=anna\0"
		"SUREFTPD_PATH=/srv/anna/a \\xFF\0"
		"SUREFTPD_VIRTUAL_PATH=/a \\xFF\0SUREFTPD_BYTES=10";
	static const char json[] = "{\"event\":\"upload_check\",\"session\":7,"
		"\"peer\":\"192.0.2.1\",\"user\":\"anna\","
		"\"path\":\"/srv/anna/a \\udcff\","
		"\"virtual_path\":\"/a \\udcff\",\"bytes\":10}\n";
	static const struct server_settings settings;
	static char storage[RUNNER_REQUEST_MAX];
	struct runner_check check = { .session = 7, .uid = 1000, .timeout = 9,
		.user = "anna", .program = "/bin/true", .jail = "/srv/anna",
		.path = "/a \xff" };
	const uint64_t bytes = 10;
	struct buffer b;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(service_socket_pair(fds, 0), 0);
	CU_ASSERT_EQUAL(service_socket_send(fds[1], &bytes, sizeof(bytes), -1,
		0), 0);
	CU_ASSERT_EQUAL(address_parse(&check.peer, "192.0.2.1"), 0);
	buffer_init(&b, storage, sizeof(storage));
	CU_ASSERT_EQUAL_FATAL(upload_check_expand(&check, sizeof(check), fds[0],
		&b), 0);
	struct queued *q = queued_new(&settings, b.data, b.len, fds[0]);
	CU_ASSERT_PTR_NOT_NULL_FATAL(q);
	CU_ASSERT_EQUAL(q->head.session, 7);
	CU_ASSERT_EQUAL(q->head.uid, 1000);
	CU_ASSERT_EQUAL(q->head.timeout, 9);
	CU_ASSERT_STRING_EQUAL(q->command, "/bin/true");
	CU_ASSERT_STRING_EQUAL(q->path, "/srv/anna/a \xff");
	CU_ASSERT_EQUAL_FATAL(q->head.json - q->head.env, sizeof(env));
	CU_ASSERT_EQUAL(memcmp(q->data + q->head.env, env, sizeof(env)), 0);
	CU_ASSERT_STRING_EQUAL(q->data + q->head.json, json);
	queued_free(q);
	io_close(&fds[1]);
}

static void
test_malformed(void)
{
	struct runner_check check = { .path = "/f" };
	char storage[100];
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	CU_ASSERT_EQUAL(upload_check_expand(&check, sizeof(check) - 1, -1, &b),
		-EPROTO);
	CU_ASSERT_EQUAL(upload_check_expand(&check, sizeof(check), -1, &b),
		-EMSGSIZE);
	memset(check.user, 'u', sizeof(check.user));
	CU_ASSERT_EQUAL(upload_check_expand(&check, sizeof(check), -1, &b),
		-EPROTO);
}

static struct queued *
request_of(uint64_t session)
{
	static const struct server_settings settings;
	struct { struct runner_request head; char texts[16]; } data = {
		.head = { .session = session, .hook = RUNNER_CHECK },
		.texts = "/bin/true",
	};
	size_t len = sizeof(data.head) + sizeof("/bin/true") + 1;

	data.head.env = data.head.json = (uint32_t)len;
	struct queued *q = queued_new(&settings, &data, len, -1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(q);
	return q;
}

static void
test_counted(void)
{
	struct queued *q;
	struct queue queue;

	queue_init(&queue);
	CU_ASSERT_EQUAL(queue_count_of(&queue, 7), 0);
	for (uint64_t i = 0; i < 10; i++)
		queue_add(&queue, request_of(i % 3));
	CU_ASSERT_EQUAL(queue_count_of(&queue, 0), 4);
	CU_ASSERT_EQUAL(queue_count_of(&queue, 2), 3);
	CU_ASSERT_EQUAL(queue_count_of(&queue, 7), 0);
	queued_free(queue_take(&queue, NULL, 0));
	CU_ASSERT_EQUAL(queue_count_of(&queue, 0), 3);
	while ((q = queue_take(&queue, NULL, 0)) != NULL)
		queued_free(q);
}

CU_TestInfo unit_tests[] = {
	{ "only what the session can write is checked", test_files },
	{ "its fields are those of an event", test_fields },
	{ "a malformed request is none", test_malformed },
	{ "requests are counted by session", test_counted },
	CU_TEST_INFO_NULL,
};
