/*
 * refusing.c - refuses logins, because no RADIUS server can be asked.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/refusing.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/radius_request.h"
#include "common/process/service_socket.h"

#include <poll.h>
#include <sys/socket.h>

#define RETRY_MS 10000	/* until the secret is read again */

static void
refuse(int monitor)
{
	static const struct radius_answer answer = {
		.verdict = RADIUS_FAILED,
		.reason = "RADIUS: the process radius could not start, see "
			"its log lines",
	};

	(void)!send(monitor, &answer, sizeof(answer), MSG_DONTWAIT |
		MSG_NOSIGNAL);
	close(monitor);
}

/* Refuse those that wait.  False when the server has ended. */
static bool
refuse_all(int service, size_t *lost)
{
	union {
		struct radius_login login;
		struct radius_accounting accounting;
	} request;
	struct service_datagram d;
	int n;

	while ((n = service_socket_receive(service, &request, sizeof(request),
	    &d)) == 1 || n == -EMFILE) {
		explicit_bzero(&request, sizeof(request));
		if (n == 1 && d.attached >= 0)
			refuse(d.attached);
		else if (n == 1)
			(*lost)++;
	}
	return n == -EAGAIN;
}

void
radius_refusing(int service, int signals)
{
	int64_t until = clock_ms() + RETRY_MS;
	size_t lost = 0;

	while (!clock_passed(until)) {
		struct pollfd fds[] = { { service, POLLIN, 0 },
			{ signals, POLLIN, 0 } };

		(void)!poll(fds, ARRAY_SIZE(fds), clock_poll(until));
		if (fds[1].revents != 0 || !refuse_all(service, &lost))
			break;
	}
	if (lost > 0)
		log_error("accounting reports were lost, because the process "
			"radius could not start: %zu", lost);
}
