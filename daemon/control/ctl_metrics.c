/*
 * ctl_metrics.c - `sureftpctl metrics`: the metrics as OpenMetrics text.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_ask.h"

#include "common/io.h"
#include "common/log/log.h"

#include <sysexits.h>

static int
copy(int fd, FILE *out)
{
	char data[8192];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, data, sizeof(data), at)) > 0) {
		fwrite(data, 1, (size_t)n, out);
		at += n;
	}
	return n < 0 ? ctl_fail(EX_IOERR, "cannot read the metrics: %s",
		strerror(errno)) : EX_OK;
}

static int
run(const struct ctl *c)
{
	struct message question UNINITIALIZED, answer UNINITIALIZED;

	message_begin(&question, MESSAGE_ask_metrics);
	int status = ctl_ask(c, &question, MESSAGE_metrics, &answer);
	if (status != EX_OK)
		return status;
	status = copy(answer.fds[0], c->out);
	io_close(&answer.fds[0]);
	return status;
}

const struct ctl_command ctl_metrics = {
	.name = "metrics",
	.description = "show metrics in OpenMetrics format",
	.run = run,
};
