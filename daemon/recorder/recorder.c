/*
 * recorder.c - the process that writes all logs.
 *
 * Runs in: recorder.  Never: ends before the last sender has exited, unless
 * another recorder takes its place; has a sending end open.
 */
#include "common/base.h"
#include "daemon/recorder/recorder.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/message.h"
#include "common/process/role.h"
#include "common/process/title.h"
#include "daemon/recorder/log_protocol.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#define SYSLOG_PATH  "/dev/log"
#define OWN_DESCRIPTORS 64	/* other than attached sockets */
#define WORKER_DESCRIPTORS 2	/* attached sockets: its greeter's and its
				 * session's */
#define ROUND_FULL 16		/* events: there may be more already */
#define GATHER_MS 5

static log_format *const formats[RECORDER_FILES] = {
	[RECORDER_PROTOCOL] = log_protocol_format,
	[RECORDER_VSFTPD] = log_vsftpd_format,
	[RECORDER_XFERLOG] = log_xferlog_format,
};

static void
write_files(struct recorder *r, const struct event *e)
{
	for (size_t i = 0; i < RECORDER_FILES; i++) {
		char storage[LOG_LINE_MAX] UNINITIALIZED;
		struct buffer line;
		if (*r->files[i].path == '\0')
			continue;
		log_line_begin(&line, storage, sizeof(storage));
		if (!formats[i](&line, e))
			continue;
		log_line_end(&line);
		log_file_write(&r->files[i], &line);
	}
}

/* The recorder's own lines go to the text log only, so that an error in a log
 * file cannot cause another one there. */
static void
deliver_own(void *recorder, struct event *e)
{
	struct recorder *r = recorder;

	e->pid = getpid();
	log_text_write(&r->text, e);
}

/* One round; how many events it had. */
static size_t
write_round(struct recorder *r, struct intake *in)
{
	const struct event *e;
	size_t count = 0;

	for (; (e = intake_next(in)) != NULL; count++) {
		log_text_write(&r->text, e);
		write_files(r, e);
	}
	return count;
}

/* What comes alone is written at once; then others have time to gather, so that
 * a busy server does not wake the recorder for each of them. */
void
recorder_loop(struct recorder *r, struct intake *in)
{
	while (intake_wait(in)) {
		int64_t began = clock_ms();
		if (write_round(r, in) < ROUND_FULL)
			clock_sleep_until(began + GATHER_MS);
	}
}

void
recorder_open(struct recorder *r, const struct settings *settings,
	const struct role_account *owner)
{
	const struct server_settings *s = &settings->server;
	enum log_level level = (enum log_level)s->level;
	const char *const paths[RECORDER_FILES] = {
		[RECORDER_PROTOCOL] = s->protocol,
		[RECORDER_VSFTPD] = s->vsftpd_file,
		[RECORDER_XFERLOG] = s->xferlog_file,
	};

	if (s->destination == LOG_TO_SYSLOG)
		log_text_open_syslog(&r->text, SYSLOG_PATH, level);
	else
		log_text_open_stderr(&r->text, STDERR_FILENO, level);
	event_divert(deliver_own, r);
	log_set_level(level);
	for (size_t i = 0; i < RECORDER_FILES; i++)
		log_file_open(&r->files[i], paths[i] == NULL ? "" : paths[i],
			owner);
}

void
recorder_close(struct recorder *r)
{
	event_divert(NULL, NULL);
	for (size_t i = 0; i < RECORDER_FILES; i++)
		log_file_close(&r->files[i]);
	log_text_close(&r->text);
}

/* Ignore signals that a terminal or a service manager sends to all processes of
 * the server: the recorder must log how the others end. */
static int
open_signals(void)
{
	static const int ignored[] = {
		SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ,
	};
	sigset_t finish;

	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&finish);
	sigaddset(&finish, RECORDER_FINISH);
	sigprocmask(SIG_BLOCK, &finish, NULL);
	return signalfd(-1, &finish, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Set the limit of open files to what is needed. */
static void
set_descriptor_limit(int64_t workers)
{
	rlim_t wanted = (rlim_t)workers * WORKER_DESCRIPTORS + OWN_DESCRIPTORS;
	struct rlimit limit = { wanted, wanted };

	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 ||
	    getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	log_warning("max_workers needs %ju open files for logs, the limit is "
		"%ju", (uintmax_t)wanted, (uintmax_t)limit.rlim_max);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

void
recorder_main(int service, const struct settings *settings)
{
	struct recorder r;

	int signals = open_signals();
	tzset();
	umask(027);
	log_connect(-1);
	log_set_role("recorder");
	recorder_open(&r, settings, role_service_account(ROLE_RECORDER));
	set_descriptor_limit(settings->server.max_workers);
	struct intake *in = intake_new(service, signals, geteuid(),
		settings->server.max_rate);
	if (signals < 0 || in == NULL)
		fatal(OUTCOME_ERROR, "recorder: %s", strerror(errno));
	role_enter(ROLE_RECORDER, NULL);
	title_begin("recorder");
	recorder_loop(&r, in);
	_exit(0);
}
