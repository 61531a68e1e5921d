/*
 * test_log_jail.c - paths of a jailed session: the host's and the client's,
 * from the event to the line.
 */
#include "common/base.h"
#include "common/log/event.h"

#include "common/buffer.h"
#include "common/log/log.h"
#include "daemon/recorder/log_text.h"
#include "daemon/recorder/log_vsftpd.h"
#include "tests/unit/unit.h"

const char *const unit_name = "log_jail";

/* What the recorder would write of the event that was sent last. */
static char written[32768];
static char client_path[PATH_MAX];

static void
deliver(void *context UNUSED, struct event *e)
{
	static char packed[EVENT_PACKED_MAX];
	struct event got;
	struct buffer line;

	CU_ASSERT_EQUAL_FATAL(event_unpack(&got, packed,
		event_pack(e, packed)), 0);
	buffer_init(&line, written, sizeof(written));
	log_text_format(&line, &got);
	snprintf(client_path, sizeof(client_path), "%s",
		event_client_path(&got, got.path));
}

static const char *
send_event(enum event_type type, const char *path, const char *path2)
{
	struct event e = event_new(type);

	e.path = path;
	e.path2 = path2;
	event_divert(deliver, NULL);
	event_send(&e);
	event_divert(NULL, NULL);
	CU_ASSERT_PTR_EQUAL(e.path, path);
	CU_ASSERT_PTR_EQUAL(e.path2, path2);
	return written;
}

static void
test_paths(void)
{
	log_set_root("/srv/ftp");
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_mkdir, "/a b", ""),
		"info created directory \"/srv/ftp/a b\" "
		"(client path \"/a b\")");
	CU_ASSERT_STRING_EQUAL(client_path, "/a b");
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_rmdir, "/", NULL),
		"info removed directory \"/srv/ftp\" (client path \"/\")");
	CU_ASSERT_STRING_EQUAL(client_path, "/");
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_rename, "/a", "/b"),
		"info renamed \"/srv/ftp/a\" (client path \"/a\") to "
		"\"/srv/ftp/b\" (client path \"/b\")");
	/* the verb of a transfer is no path */
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_upload, "/a", "STOR"),
		"info upload of \"/srv/ftp/a\" (client path \"/a\") complete, "
		"0 bytes in 0.000 s");
	/* nor is what could not be resolved */
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_delete, "(unreachable)/a", ""),
		"info deleted \"(unreachable)/a\"");
	log_set_root("");
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_delete, "/a", ""),
		"info deleted \"/a\"");
	CU_ASSERT_STRING_EQUAL(client_path, "/a");
	CU_ASSERT_STRING_EQUAL(send_event(EVENT_login, "/h/a", "/h"),
		"info login, home directory \"/h/a\", jail \"/h\"");
}

/* Both as long as they may be. */
static void
test_longest(void)
{
	static char root[PATH_MAX], path[2 * PATH_MAX];

	memset(root, 'r', sizeof(root) - 1);
	memset(path, 'p', sizeof(path) - 1);
	root[0] = path[0] = '/';
	log_set_root(root);
	send_event(EVENT_delete, path, path);
	CU_ASSERT_PTR_NOT_NULL(strstr(written, "deleted \"/rrr"));
	CU_ASSERT_STRING_EQUAL(client_path, "/");
	log_set_root("");
}

/* Whatever another process says, no more than the path is read. */
static void
test_wrong_length(void)
{
	struct event e = event_new(EVENT_delete);

	e.path = "/a";
	for (unsigned len = 0; len <= UINT16_MAX; len++) {
		e.root_len = (uint16_t)len;
		const char *seen = event_client_path(&e, e.path);
		CU_ASSERT_STRING_EQUAL(seen, len == 1 ? "a" :
			len == 2 ? "/" : "/a");
	}
}

/* vsftpd's log has the paths that the client sees, and its own name for
 * anonymous users. */
static void
test_vsftpd(void)
{
	struct event e = event_new(EVENT_rename);
	BUFFER(line, 1000);

	e.role = e.user = "anna";
	e.path = "/home/anna/f";
	e.path2 = "/home/anna/g";
	e.text = "";
	e.root_len = strlen("/home/anna");
	CU_ASSERT(log_vsftpd_format(&line, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&line), "\"/f /g\""));

	e.type = EVENT_login;
	e.user = "anonymous";
	e.text = "me@\"";
	buffer_clear(&line);
	CU_ASSERT(log_vsftpd_format(&line, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&line), "[ftp] OK LOGIN: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&line),
		", anon password \"me@\\x22\""));
	/* It may have been the name of an account. */
	e.type = EVENT_login_failed;
	buffer_clear(&line);
	CU_ASSERT(log_vsftpd_format(&line, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&line),
		"[anonymous] FAIL LOGIN: "));
}

CU_TestInfo unit_tests[] = {
	{ "the host's path and the client's", test_paths },
	{ "the longest ones are cut", test_longest },
	{ "vsftpd's log", test_vsftpd },
	{ "a wrong length does no harm", test_wrong_length },
	CU_TEST_INFO_NULL,
};
