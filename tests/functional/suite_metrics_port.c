/*
 * suite_metrics_port.c - the port for metrics and clients that misbehave, and
 * the dashboard that shows the metrics.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

const char *const functional_name = "metrics_port";

#define PORT 9117
#define SILENT 20

/* A connection to the port, or -1. */
static int
try_dial(void)
{
	const struct timeval patience = { .tv_sec = 2 };
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof(patience)) == 0 &&
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof(patience)) == 0 &&
		connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
dial(void)
{
	int fd = try_dial();

	CHECK(fd >= 0);
	return fd;
}

static bool
listens(void *context UNUSED)
{
	int fd = try_dial();

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The recorder opens the port, a moment after the server is ready. */
static bool
start(struct server *s)
{
	return SERVER(s, "metrics.metrics_port=9117") &&
		wait_until(listens, NULL, 5000);
}

/* Are the metrics there in two seconds? */
static void
check_served(void)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\n\r\n";
	char text[64] = "";
	int fd = dial();

	CHECK(send(fd, request, strlen(request), MSG_NOSIGNAL) ==
		(ssize_t)strlen(request));
	(void)!recv(fd, text, sizeof(text) - 1, 0);
	CHECK_HAS(text, "HTTP/1.1 200 OK\r\n");
	close(fd);
}

static bool
is_closed(void *context)
{
	char byte;

	return recv(*(int *)context, &byte, 1, MSG_DONTWAIT) == 0;
}

/* Clients that send nothing, or only a part, do not keep others away, and are
 * disconnected after five seconds. */
static void
test_silent(void)
{
	struct server s;
	int fds[SILENT];

	if (!start(&s))
		return;
	for (int i = 0; i < SILENT; i++) {
		fds[i] = dial();
		if (i % 2 == 0)
			CHECK(send(fds[i], "GET /", 5, MSG_NOSIGNAL) == 5);
	}
	for (int i = 0; i < 10; i++)
		check_served();
	for (int i = 0; i < SILENT; i++)
		close(fds[i]);
	check_served();
	int last = dial();
	CHECK(!is_closed(&last));
	CHECK(wait_until(is_closed, &last, 10000));
	close(last);
	server_stop(&s);
}

/* A link in the place of the temporary name is no way to other files of the
 * recorder's account. */
static void
test_link_for_the_file(void)
{
	static const char other[] = "/var/log/metrics/other";
	struct server s;

	CHECK(files_mkdir_as("_sureftpdlog", "/var/log/metrics", 0755));
	CHECK(files_write_as("_sureftpdlog", other, "mine", 4));
	CHECK(symlink(other, "/var/log/metrics/m.new") == 0);
	if (!SERVER(&s, "metrics.metrics_file=/var/log/metrics/m"))
		return;
	CHECK_LOGGED(0, "error metrics_file /var/log/metrics/m: Too many "
		"levels of symbolic links");
	server_stop(&s);
	CHECK(files_same(other, "mine", 4));
}

/* A request without an end is answered when it is too long. */
static void
test_long(void)
{
	static char request[100000];
	struct server s;

	memset(request, 'x', sizeof(request));
	memcpy(request, "GET /", 5);
	if (!start(&s))
		return;
	for (int i = 0; i < 20; i++) {
		int fd = dial();
		(void)!send(fd, request, sizeof(request), MSG_NOSIGNAL);
		close(fd);
	}
	check_served();
	server_stop(&s);
}

static char dashboard[65536];

/* Read before the suite enters its world, in which the repository is not
 * accessible. */
__attribute__((constructor)) static void
load(void)
{
	FILE *file = fopen("etc/grafana-dashboard.json", "re");

	if (file == NULL)
		return;
	(void)!fread(dashboard, 1, sizeof(dashboard) - 1, file);
	fclose(file);
}

/* Its queries name metrics that the server has. */
static void
test_dashboard(void)
{
	static struct ctl_result r;
	struct server s;
	size_t count = 0;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "metrics"), 0);
	for (const char *at = strstr(dashboard, "sureftpd_"); at != NULL;
	     at = strstr(at, "sureftpd_")) {
		char name[80];
		size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");

		snprintf(name, sizeof(name), "\n%.*s", (int)len, at);
		CHECK_SAYS(strstr(r.out, name) != NULL, "no metric%s", name);
		at += len;
		count++;
	}
	CHECK_SAYS(count >= 10, "%zu metrics in the dashboard", count);
	server_stop(&s);
}

/* When the last session has ended, nothing wakes the recorder but a client of
 * the port. */
static void
test_idle_server(void)
{
	struct server s;
	struct ftp c;

	if (!start(&s))
		return;
	for (int i = 0; i < 5; i++) {
		ftp_enter(&c, "anna");
		EXPECT(&c, 221, "QUIT");
		ftp_close(&c);
		CHECK_LOGGED(0, "* session=%d * session ended: quit *", i + 1);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
		for (int n = 0; n < 3; n++)
			check_served();
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "silent clients do not keep others away", test_silent },
	{ "endless requests", test_long },
	{ "after the last session", test_idle_server },
	{ "the dashboard's metrics exist", test_dashboard },
	{ "a link in the place of metrics_file", test_link_for_the_file },
	CU_TEST_INFO_NULL,
};
