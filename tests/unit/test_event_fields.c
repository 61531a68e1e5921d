/*
 * test_event_fields.c - the fields of events, and the formats that use them:
 * JSON, the journal's datagrams, the custom format, metrics.
 */
#include "common/base.h"

#include "common/json.h"
#include "common/log/custom_format.h"
#include "common/log/event_names.h"
#include "daemon/recorder/event_fields.h"
#include "daemon/recorder/log_custom.h"
#include "daemon/recorder/log_journal.h"
#include "daemon/recorder/log_json.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"
#include "daemon/recorder/metrics.h"
#include "tests/unit/unit.h"

const char *const unit_name = "event_fields";

static char storage[LOG_JSON_MAX];

static struct event
sample(enum event_type type)
{
	struct event e = event_new(type);

	setenv("TZ", "UTC0", 1);
	tzset();
	e.wall_ns = 1795228741123456789;
	e.session = 12;
	e.pid = 44;
	e.role = "session";
	e.user = "anna";
	e.path = "/srv/ftp/a b";
	e.root_len = 8;
	CU_ASSERT_EQUAL(address_parse(&e.peer, "192.0.2.1"), 0);
	return e;
}

static const char *
json_of(const struct event *e)
{
	struct event_fields f;
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	event_fields(&f, e);
	log_json_format(&b, &f);
	CU_ASSERT_FALSE(b.overflow);
	return buffer_text(&b);
}

#define HEAD(event, level) "{\"time\":\"2026-11-21T02:39:01.123Z\",\"event\":" \
	"\"" event "\",\"level\":\"" level "\",\"session\":12,\"pid\":44," \
	"\"process\":\"session\",\"peer\":\"192.0.2.1\",\"user\":\"anna\","
#define PATHS "\"path\":\"/srv/ftp/a b\",\"virtual_path\":\"/a b\","

static void
test_json(void)
{
	struct event e = sample(EVENT_upload);

	e.path2 = "STOR";
	e.bytes = 5;
	e.duration_ms = 1234;
	e.text = "TLSv1.3 X";
	CU_ASSERT_STRING_EQUAL(json_of(&e), HEAD("received", "info") PATHS
		"\"verb\":\"STOR\",\"type\":\"binary\",\"offset\":0,"
		"\"status\":\"complete\",\"tls\":\"TLSv1.3 X\",\"bytes\":5,"
		"\"seconds\":1.234}");
	e.ok = false;
	e.code = EVENT_STATUS_disk_full;
	e.text = "No space left on device";
	CU_ASSERT_STRING_EQUAL(json_of(&e),
		HEAD("incomplete_received", "info") PATHS
		"\"verb\":\"STOR\",\"type\":\"binary\",\"offset\":0,"
		"\"status\":\"disk_full\",\"reason\":\"No space left on "
		"device\",\"bytes\":5,\"seconds\":1.234}");
	e = sample(EVENT_command);
	e.text = "PASS secret";
	CU_ASSERT_STRING_EQUAL(json_of(&e), HEAD("command", "debug")
		"\"text\":\"PASS ****\"}");
	e = sample(EVENT_ban);
	e.text = "too many failures";
	e.duration_ms = 60000;
	e.path = "192.0.2.0/24";
	CU_ASSERT_STRING_EQUAL(json_of(&e), HEAD("ban", "warning")
		"\"network\":\"192.0.2.0/24\","
		"\"reason\":\"too many failures\",\"seconds\":60.000}");
}

static void
test_labels(void)
{
	static const struct {
		enum event_type type;
		bool ok;
		int32_t code;
		const char *label;
	} cases[] = {
		{ EVENT_download, true, EVENT_STATUS_complete, "sent" },
		{ EVENT_download, false, EVENT_STATUS_aborted,
			"incomplete_sent" },
		{ EVENT_download, false, EVENT_STATUS_refused, "refused" },
		{ EVENT_upload, false, EVENT_STATUS_rejected,
			"incomplete_received" },
		/* from a session that was taken over */
		{ EVENT_upload, false, INT32_MIN, "incomplete_received" },
		{ EVENT_delete, true, 0, "delete" },
		{ EVENT_delete, false, 0, "refused" },
		{ EVENT_mtime, false, 0, "refused" },
		{ EVENT_refuse, false, 0, "refused" },
		{ EVENT_login_failed, false, 0, "login_failed" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct event e = sample(cases[i].type);

		e.ok = cases[i].ok;
		e.code = cases[i].code;
		CU_ASSERT_STRING_EQUAL(event_fields_label(&e), cases[i].label);
		CU_ASSERT_TRUE(event_names_has_label(cases[i].label,
			strlen(cases[i].label)));
	}
	CU_ASSERT_FALSE(event_names_has_label("sen", 3));
	CU_ASSERT_STRING_EQUAL(event_status_name(-1), "unknown");
	CU_ASSERT_STRING_EQUAL(event_status_name(EVENT_STATUSES), "unknown");
}

/* Every event has fields, each name once and known. */
static void
test_all(void)
{
	for (int type = 0; type < EVENT_TYPES; type++) {
		struct event e = sample((enum event_type)type);
		struct event_fields f;

		e.path2 = e.text = "/srv/ftp/x";
		event_fields(&f, &e);
		for (size_t i = 0; i < f.count; i++) {
			const char *name = f.list[i].name;

			CU_ASSERT_TRUE(event_names_has_field(name,
				strlen(name)));
			CU_ASSERT_PTR_EQUAL(event_fields_find(&f, name,
				strlen(name)), f.list[i].value);
		}
		CU_ASSERT_PTR_NULL(event_fields_find(&f, "no", 2));
	}
}

static void
test_escapes(void)
{
	BUFFER(b, 512);

	json_add_string(&b, "a\"b\\\n\x1b\x7f\xff\xc3\xa9\xe2\x80\xae\xc2\x85"
		"\xf0\x9f\x98\x80");
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "\"a\\\"b\\\\\\u000a\\u001b"
		"\\u007f\\udcff\xc3\xa9\\u202e\\u0085\xf0\x9f\x98\x80\"");
}

/* The longest event there can be fits into a line, whole. */
static void
test_longest(void)
{
	static char path[EVENT_PATH_MAX], user[EVENT_USER_MAX];
	struct event e = sample(EVENT_rename);

	memset(path, 0xff, sizeof(path) - 1);
	memset(user, 0xff, sizeof(user) - 1);
	e.root_len = 0;
	e.path = e.path2 = e.text = path;
	e.user = user;
	const char *text = json_of(&e);
	CU_ASSERT_EQUAL(text[strlen(text) - 1], '}');
}

static void
test_journal(void)
{
	static char data[LOG_JOURNAL_MAX];
	static const char two[] =
		"SUREFTPD_PATH\n\x09\0\0\0\0\0\0\0two\nlines\n";
	struct event e = sample(EVENT_delete);
	struct buffer b;

	e.root_len = 0;
	e.path = "two\nlines";
	buffer_init(&b, data, sizeof(data));
	log_journal_format(&b, &e, 6, 11 << 3);
	CU_ASSERT_EQUAL(memcmp(data, "MESSAGE=deleted \"two\\x0Alines\" "
		"session=12 peer=192.0.2.1 user=anna\nPRIORITY=6\n"
		"SYSLOG_FACILITY=11\nSYSLOG_IDENTIFIER=sureftpd\n"
		"SYSLOG_PID=44\nSUREFTPD_TIME=2026-11-21T02:39:01.123Z\n",
		169), 0);
	CU_ASSERT_PTR_NOT_NULL(memmem(data, b.len, two, sizeof(two) - 1));
	CU_ASSERT_EQUAL(data[b.len - 1], '\n');
}

static const char *
custom(const char *format, const char *events, const struct event *e)
{
	struct event_fields f;
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	event_fields(&f, e);
	if (!log_custom_format(&b, format, events, e, &f))
		return NULL;
	return buffer_text(&b);
}

static void
test_custom(void)
{
	struct event e = sample(EVENT_mkdir);

	CU_ASSERT_STRING_EQUAL(custom("%{user}:%{path} 5%% %{bytes}"
		"%{time:%d.%m.%Y}", "", &e), "anna:/srv/ftp/a\\x20b 5% -"
		"21.11.2026");
	CU_ASSERT_PTR_NULL(custom("x", "rmdir sent", &e));
	CU_ASSERT_STRING_EQUAL(custom("x", "rmdir mkdir", &e), "x");
	e = sample(EVENT_command);
	CU_ASSERT_PTR_NULL(custom("x", "", &e));
	CU_ASSERT_PTR_NULL(custom_format_mistake("%{time} %% %{time:%H}"));
	CU_ASSERT_PTR_NOT_NULL(custom_format_mistake("%{tim}"));
	CU_ASSERT_PTR_NOT_NULL(custom_format_mistake("%{time"));
	CU_ASSERT_PTR_NOT_NULL(custom_format_mistake("100%"));
}

/* As in a chroot of vsftpd's. */
static void
test_jail(void)
{
	struct event e = sample(EVENT_rename);
	struct buffer b;

	e.path2 = "/srv/ftp/c";
	buffer_init(&b, storage, sizeof(storage));
	CU_ASSERT_TRUE(log_vsftpd_format(&b, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b), ", \"/a b /c\""));
	e = sample(EVENT_download);
	buffer_init(&b, storage, sizeof(storage));
	CU_ASSERT_TRUE(log_xferlog_format(&b, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b), " 0 /a_b b _ o r "));
}

/* Numbers of a session that was taken over harm only its own counts. */
static void
test_metrics(void)
{
	struct metrics *m = metrics_new(&(int){ -1 });
	struct event e = sample(EVENT_upload);
	struct buffer b;

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	e.bytes = 2000;
	e.duration_ms = 10;
	metrics_count(m, &e);
	e.bytes = INT64_MAX;
	e.duration_ms = INT64_MIN;
	metrics_count(m, &e);
	metrics_count(m, &e);
	e.code = -7;
	metrics_count(m, &e);
	buffer_init(&b, storage, sizeof(storage));
	metrics_text(&b, m);
	CU_ASSERT_TRUE(b.len < METRICS_TEXT_MAX);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b), "\nsureftpd_transfers_"
		"total{direction=\"upload\",status=\"complete\"} 3\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b), "\nsureftpd_transfer_"
		"duration_seconds_bucket{direction=\"upload\",le=\"0.010\"} "
		"3\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b), "\nsureftpd_transfer_"
		"duration_seconds_sum{direction=\"upload\"} 0.010\n"));
	metrics_free(m);
}

CU_TestInfo unit_tests[] = {
	{ "JSON", test_json },
	{ "events have labels", test_labels },
	{ "every event has fields", test_all },
	{ "JSON escapes unsafe characters", test_escapes },
	{ "the longest event is complete", test_longest },
	{ "the journal's datagrams", test_journal },
	{ "the custom format", test_custom },
	{ "paths of a jail as vsftpd logs them", test_jail },
	{ "metrics", test_metrics },
	CU_TEST_INFO_NULL,
};
