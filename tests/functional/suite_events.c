/*
 * suite_events.c - events as programs see them: JSON, the custom format, the
 * journal, metrics, and `sureftpctl events`.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/io.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

const char *const functional_name = "events";

#define JSON   "/var/log/events.json"
#define CUSTOM "/var/log/custom.log"
#define TEXT   "/var/log/sureftpd.log"
#define COPIED "\"SITE COPY\",\"type\":\"binary\",\"offset\":0,\"status\":"

/* A session with one event of each kind. */
static void
visit(void)
{
	struct ftp c;
	size_t len;

	check_refused("bert", "wrong", WRONG_PASSWORD);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	ftp_put(&c, "four", 4, "STOR f \xff");
	free(ftp_get(&c, &len, "RETR f \xff"));
	EXPECT(&c, 550, "RETR missing");
	CHECK_NUMBER(ftp_start(&c, "STOR part"), 150);
	ftp_data_send(&c, "12", 2);
	CHECK(files_wait_for_size("/home/anna/part", 2));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	EXPECT(&c, 350, "RNFR part");
	EXPECT(&c, 250, "RNTO other");
	EXPECT(&c, 200, "SITE CHMOD 600 other");
	EXPECT(&c, 250, "DELE other");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
}

/* A copy that is aborted, and one that is refused. */
static void
visit_and_copy(void)
{
	struct ftp c;

	files_write_as("anna", "/home/anna/endless", "", 0);
	CHECK(truncate("/home/anna/endless", INT64_C(1) << 40) == 0);
	if (!ftp_enter(&c, "anna"))
		return;
	ftp_send_text(&c, "SITE COPY endless copy\r\nABOR\r\n");
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 226);
	EXPECT(&c, 550, "SITE COPY endless missing/copy");
	ftp_close(&c);
}

static void
test_json(void)
{
	static const char *const parts[] = {
		"\"event\":\"connect\",\"level\":\"info\",\"session\":1,",
		"\"event\":\"login_failed\",\"level\":\"warning\"",
		"\"user\":\"bert\",\"status\":\"refused\",\"reason\":"
			"\"" WRONG_PASSWORD "\"}",
		"\"user\":\"anna\",\"home\":\"/home/anna\"}",
		"\"path\":\"/home/anna/f \\udcff\",\"virtual_path\":"
			"\"/home/anna/f \\udcff\",\"verb\":\"STOR\",\"type\":"
			"\"binary\",\"offset\":0,\"status\":\"complete\","
			"\"bytes\":4,\"seconds\":0.",
		"\"event\":\"transfer_start\",\"level\":\"debug\"",
		"\"event\":\"received\"",
		"\"event\":\"sent\"",
		"\"event\":\"incomplete_received\"",
		"\"status\":\"aborted\",\"reason\":\"aborted by the client\","
			"\"bytes\":2",
		"\"event\":\"refused\"",
		"\"status\":\"refused\",\"reason\":\"No such file or "
			"directory\",\"bytes\":0",
		"\"event\":\"rename\"",
		"\"new_path\":\"/home/anna/other\"",
		"\"event\":\"chmod\"",
		"\"mode\":\"0600\",\"verb\":\"chmod\",\"status\":\"complete\"",
		"\"event\":\"delete\"",
		/* One complete upload and a part of one. */
		"\"event\":\"logout\",\"level\":\"debug\",\"session\":2,",
		"\"user\":\"anna\",\"reason\":\"quit\",\"bytes_sent\":4,"
			"\"bytes_received\":6,\"seconds\":",
		"\"reason\":\"quit\",\"seconds\":",
		"\"event\":\"disconnect\"",
		COPIED "\"aborted\",\"reason\":\"aborted by the client\"",
		COPIED "\"refused\",\"reason\":\"No such file or directory\"",
	};
	struct server s;

	if (!SERVER(&s, "log.json_file=" JSON, "log.transfer_start=yes"))
		return;
	visit();
	visit_and_copy();
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		CHECK_FILE(JSON, parts[i]);
	server_stop(&s);
}

/* All logs at once, each in its own format. */
static void
test_custom(void)
{
	struct server s;

	if (!SERVER(&s, "log.json_file=" JSON, "log.text_file=" TEXT,
		"log.custom_file=" CUSTOM,
		"log.custom_format=%{time:%Y}|%{event}|%{user}|%{path}|"
		"%{bytes}|%{new_path}|100%%",
		"log.custom_events=received rename login"))
		return;
	visit();
	CHECK_FILE(CUSTOM, "|login|anna|-|-|-|100%\n");
	CHECK_FILE(CUSTOM, "|received|anna|/home/anna/f\\x20\\xFF|4|-|100%\n");
	CHECK_FILE(CUSTOM, "|rename|anna|/home/anna/part|-|/home/anna/other|"
		"100%\n");
	CHECK_LACKS(files_text(CUSTOM), "|sent|");
	CHECK_FILE(TEXT, " info session=2 peer=127.0.0.1 user=anna deleted "
		"\"/home/anna/other\"\n");
	CHECK_FILE(JSON, "\"event\":\"delete\"");
	CHECK_LOGGED(0, "info session=2 peer=127.0.0.1 user=anna deleted "
		"\"/home/anna/other\"");
	server_stop(&s);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct timeval t = { .tv_sec = 5 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	CHECK(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	CHECK(chmod(path, 0666) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	return fd;
}

/* Read datagrams until one contains all of these texts. */
static bool
received(int fd, const char *const *parts)
{
	static char text[1 << 16];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, 0)) > 0) {
		const char *const *part = parts;

		text[n] = '\0';
		while (*part != NULL && memmem(text, (size_t)n, *part,
			strlen(*part)) != NULL)
			part++;
		if (*part == NULL)
			return true;
	}
	return false;
}

static void
test_journal(void)
{
	static const char *const login[] = {
		"MESSAGE=login, home directory \"/home/anna\" session=1 "
			"peer=127.0.0.1 user=anna\n",
		"\nPRIORITY=6\n", "\nSYSLOG_IDENTIFIER=sureftpd\n",
		"\nSYSLOG_FACILITY=3\n", "\nSUREFTPD_EVENT=login\n",
		"\nSUREFTPD_SESSION=1\n", "\nSUREFTPD_USER=anna\n", NULL };
	struct server s;
	struct ftp c;

	CHECK(mkdir("/run/systemd", 0755) == 0);
	CHECK(mkdir("/run/systemd/journal", 0755) == 0);
	int fd = listen_at("/run/systemd/journal/socket");
	if (SERVER(&s, "log.destination=journald",
		"log.syslog_facility=daemon") && ftp_enter(&c, "anna")) {
		CHECK(received(fd, login));
		ftp_close(&c);
		server_stop(&s);
	}
	close(fd);
}

/* Nothing is lost while there is no syslog. */
static void
test_no_syslog(void)
{
	static const char *const later[] = { "user=anna created directory",
		NULL };
	struct server s;
	struct ftp c;

	(void)unlink("/dev/log");
	if (!SERVER(&s, "log.destination=syslog") || !ftp_enter(&c, "anna"))
		return;
	CHECK_LOGGED(0, "warning cannot reach /dev/log: No such file or "
		"directory; logging to standard error");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna login, home "
		"directory \"/home/anna\"");
	int fd = listen_at("/dev/log");
	EXPECT(&c, 257, "MKD d");
	CHECK(received(fd, later));
	CHECK_LACKS(server_log(), "created directory");
	ftp_close(&c);
	server_stop(&s);
	close(fd);
	unlink("/dev/log");
}

#define PORT 9117

/* The HTTP response; valid until the next call. */
static const char *
fetch(const char *request)
{
	static char text[65536];
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval t = { .tv_sec = 5 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t len = 0;
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	if (CHECK(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0))
		CHECK(send(fd, request, strlen(request), MSG_NOSIGNAL) ==
			(ssize_t)strlen(request));
	while ((n = recv(fd, text + len, sizeof(text) - 1 - len, 0)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fd);
	return text;
}

static void
test_metrics(void)
{
	static const char *const parts[] = {
		"# TYPE sureftpd_logins counter\n",
		"\nsureftpd_logins_total 1\n",
		"\nsureftpd_login_failures_total 1\n",
		"\nsureftpd_connections_total 2\n",
		"\nsureftpd_sessions 0\n",
		"\nsureftpd_transfers_total{direction=\"upload\",status="
			"\"complete\"} 1\n",
		"\nsureftpd_transfers_total{direction=\"upload\",status="
			"\"aborted\"} 1\n",
		"\nsureftpd_transfers_total{direction=\"download\",status="
			"\"refused\"} 1\n",
		"\nsureftpd_transfer_bytes_total{direction=\"upload\"} 6\n",
		"\nsureftpd_operations_total{operation=\"delete\"} 1\n",
		"\nsureftpd_transfer_size_bytes_bucket{direction="
			"\"upload\",le=\"1024\"} 2\n",
		"\nsureftpd_transfer_size_bytes_sum{direction=\"upload\"} "
			"6\n",
		"\nsureftpd_session_duration_seconds_count 2\n",
		"\n# EOF\n",
	};
	static const char file[] = "/var/log/metrics/sureftpd.prom";
	struct ctl_result r;
	struct server s;

	CHECK(files_mkdir_as("_sureftpdlog", "/var/log/metrics", 0755));
	if (!SERVER(&s, "metrics.metrics_port=9117",
		"metrics.metrics_file=/var/log/metrics/sureftpd.prom",
		"metrics.metrics_file_interval=1"))
		return;
	visit();
	CHECK_LOGGED(0, "*session=2*session ended: quit*");
	/* A new recorder does not reset the counters. */
	logged_reload(&s);
	CHECK(files_wait_for_text(file, "sureftpd_reloads_total 1\n"));
	CHECK_NUMBER(CTL(&r, "metrics"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		CHECK_HAS(r.out, parts[i]);
		CHECK_FILE(file, parts[i]);
		CHECK_HAS(fetch("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"),
			parts[i]);
	}
	CHECK_HAS(fetch("GET /metrics HTTP/1.1\r\n\r\n"),
		"Content-Type: application/openmetrics-text; version=1.0.0; "
		"charset=utf-8\r\n");
	CHECK_HAS(fetch("GET / HTTP/1.0\r\n\r\n"), "HTTP/1.1 404 ");
	CHECK_HAS(fetch("POST /metrics HTTP/1.0\r\n\r\n"),
		"HTTP/1.1 405 ");
	server_stop(&s);
}

/* Run `sureftpctl events` with its output in a file. */
static pid_t
follow(const char *to, const char *const *filters)
{
	const char *arguments[8] = { "sureftpctl", "events", "--follow" };

	for (size_t i = 0; filters[i] != NULL; i++)
		arguments[3 + i] = filters[i];
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	execv(WORLD_CTL, (char *const *)(uintptr_t)arguments);
	_exit(127);
}

static void
end_follow(pid_t pid)
{
	CHECK(kill(pid, SIGTERM) == 0);
	CHECK(server_wait(pid, 5000, NULL));
}

/* It is connected once it has shown an event. */
static void
await_follower(const char *file)
{
	int64_t before = files_size(file);
	struct ftp c;

	for (int i = 0; i < 100 && files_size(file) <= before; i++) {
		if (!ftp_enter(&c, "anna"))
			return;
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR probe"), 226);
		ftp_close(&c);
	}
	CHECK_SAYS(files_size(file) > before, "%s does not grow", file);
}

static void
test_follow(void)
{
	static const char all[] = "/var/log/all", some[] = "/var/log/some",
		json[] = "/var/log/json";
	struct proc recorder;
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	pid_t first = follow(all, (const char *const[]){ NULL });
	pid_t second = follow(some, (const char *const[]){ "user=anna",
		"received", "delete", NULL });
	pid_t third = follow(json, (const char *const[]){ "--json",
		"peer=127.0.0.1", NULL });
	await_follower(all);
	await_follower(some);
	await_follower(json);
	visit();
	CHECK_FILE(all, " user=anna session ended: quit");
	CHECK_FILE(all, " user=bert login failed: ");
	CHECK_FILE(some, " user=anna upload of \"/home/anna/f ");
	CHECK_FILE(some, " user=anna deleted \"/home/anna/other\"");
	CHECK_LACKS(files_text(some), "renamed");
	CHECK_LACKS(files_text(some), "bert");
	CHECK_FILE(json, "\"event\":\"login_failed\"");
	CHECK(ctl_json_lines(files_text(json)) > 5);
	/* A reload replaces the recorder; sureftpctl reconnects. */
	CHECK_NUMBER(procs_list(PROCS_RECORDER, &recorder, 1), 1);
	logged_reload(&s);
	CHECK(server_wait(recorder.pid, 5000, NULL));
	await_follower(all);
	if (ftp_enter(&c, "anna"))
		EXPECT(&c, 257, "MKD after");
	ftp_close(&c);
	CHECK_FILE(all, "created directory \"/home/anna/after\"");
	end_follow(first);
	end_follow(second);
	end_follow(third);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "JSON has each event with its fields", test_json },
	{ "a custom format, together with the other logs", test_custom },
	{ "the journal gets fields", test_journal },
	{ "without syslog, lines go to standard error", test_no_syslog },
	{ "metrics by sureftpctl, HTTP and in a file", test_metrics },
	{ "sureftpctl events shows events live", test_follow },
	CU_TEST_INFO_NULL,
};
