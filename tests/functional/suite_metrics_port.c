/*
 * suite_metrics_port.c - the port for metrics and clients that misbehave.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

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

/* Clients that send nothing, or only a part, do not keep others away. */
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
	server_stop(&s);
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

CU_TestInfo functional_tests[] = {
	{ "silent clients do not keep others away", test_silent },
	{ "endless requests", test_long },
	CU_TEST_INFO_NULL,
};
