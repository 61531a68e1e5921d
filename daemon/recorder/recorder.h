/*
 * recorder.h - the process that writes all logs (design section 2).
 */
#ifndef DAEMON_RECORDER_RECORDER_H
#define DAEMON_RECORDER_RECORDER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/intake.h"
#include "daemon/recorder/log_file.h"
#include "daemon/recorder/log_text.h"

#include <signal.h>

/* The queue of its service socket (common/process/service.h), for bursts. */
#define RECORDER_QUEUE (1024 * 1024)

/* Ask it to write what was sent so far and exit, to be replaced.  Signals that
 * a service manager sends are ignored. */
#define RECORDER_FINISH SIGUSR1

/*
 * Run in a newly forked child of the master, as root, with no other descriptor
 * than the receiving end of the service socket: open the logs, enter the role,
 * write events until RECORDER_FINISH or until all processes that can send have
 * exited, then exit with status 0.
 */
void recorder_main(int service, const struct settings *settings) NORETURN;

/* The parts of recorder_main(), for tests. */
enum { RECORDER_PROTOCOL, RECORDER_VSFTPD, RECORDER_XFERLOG, RECORDER_FILES };

struct recorder {
	struct log_text text;
	struct log_file files[RECORDER_FILES];
};

/* Open the logs in the settings; log files are given to `owner` unless NULL.
 * From now on this process's own lines are written directly to the text log. */
void recorder_open(struct recorder *r, const struct settings *settings,
	const struct role_account *owner);
void recorder_loop(struct recorder *r, struct intake *in);
void recorder_close(struct recorder *r);

#endif
