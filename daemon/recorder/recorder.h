/*
 * recorder.h - the process that writes every log (design section 2).
 */
#ifndef DAEMON_RECORDER_RECORDER_H
#define DAEMON_RECORDER_RECORDER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/log_file.h"
#include "daemon/recorder/log_text.h"

/*
 * The recorder's sockets: fds[0] receives, with the kernel's word on who
 * sent; fds[1] is for log_connect() in all other processes.  The master
 * keeps both, so that a new recorder can go on where one died.  0 or -errno.
 */
int recorder_pair(int fds[2]) MUST_CHECK;

/*
 * In a freshly forked child of the master, as root, the sending end closed:
 * open the logs, enter the role, write what comes to fd until every process
 * that can send has gone, then exit with status 0.
 */
void recorder_main(int fd, const struct settings *settings) NORETURN;

/* The parts of recorder_main(), for tests. */
enum { RECORDER_PROTOCOL, RECORDER_VSFTPD, RECORDER_XFERLOG, RECORDER_FILES };

struct recorder {
	struct log_text text;
	struct log_file files[RECORDER_FILES];
	uid_t trusted;		/* of master and monitors */
};

/* Open what the settings name; log files are given to `owner` unless NULL.
 * From now on this process's own lines go straight into the log. */
void recorder_open(struct recorder *r, const struct settings *settings,
	const struct role_account *owner);
void recorder_loop(struct recorder *r, int fd);
void recorder_close(struct recorder *r);

#endif
