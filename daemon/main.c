/*
 * main.c - from the command line to a running master.
 *
 * Runs in: master, until its loop begins.
 * Never: goes on after a mistake; each ends the program with one clear line
 * and a status of sysexits.h.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/settings/settings_load.h"
#include "daemon/certificates.h"
#include "daemon/listener.h"
#include "daemon/master.h"
#include "daemon/options.h"
#include "daemon/recording.h"
#include "daemon/workers.h"
#include "pam/monitor.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>

#define OWN_DESCRIPTORS 64	/* of the master, beside one a worker */

/* Whoever started us may have left 0, 1 or 2 closed; a socket must not land
 * there and be written to as standard error.  The recorder's has a place of
 * its own behind them. */
static void
fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd < LOG_DESCRIPTOR);
}

/* What children and PAM's modules shall see, wherever we were started from.
 * The time zone is the administrator's choice; JOURNAL_STREAM tells the
 * recorder that standard error is the journal. */
static int
set_environment(void)
{
	static const char *const kept[] = { "TZ", "JOURNAL_STREAM" };
	char *values[ARRAY_SIZE(kept)];
	bool failed = false;

	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		const char *value = getenv(kept[i]);
		values[i] = value == NULL ? NULL : strdup(value);
		failed |= value != NULL && values[i] == NULL;
	}
	failed |= clearenv() != 0 ||
	    setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1) < 0 ||
	    setenv("LANG", "C", 1) < 0;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		failed |= values[i] != NULL &&
		    setenv(kept[i], values[i], 1) < 0;
		free(values[i]);
	}
	tzset();
	return failed ? -ENOMEM : 0;
}

/* A worker costs the master one descriptor. */
static void
raise_descriptor_limit(int64_t workers)
{
	rlim_t wanted = (rlim_t)workers + OWN_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	if (limit.rlim_max < wanted)
		log_warning("max_workers needs %ju open files, the limit is "
			"%ju", (uintmax_t)wanted, (uintmax_t)limit.rlim_max);
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Signals are read from a descriptor, so that nothing happens between two
 * instructions (rule R27). */
static int
open_signals(void)
{
	static const int signals[] = MASTER_SIGNALS;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaddset(&set, signals[i]);
		signal(signals[i], SIG_DFL);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_SETMASK, &set, NULL);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int
open_loop(struct master *m)
{
	m->signals = open_signals();
	if (m->signals < 0)
		return m->signals;
	m->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (m->epoll < 0)
		return -errno;
	return master_watch(m, m->signals, MASTER_SIGNAL, 0);
}

static int
make_tables(struct master *m)
{
	m->sessions = sessions_new();
	m->penalties = penalty_new();
	m->names = names_load("/etc/passwd", "/etc/group");
	return m->sessions == NULL || m->penalties == NULL ||
	    m->names == NULL ? -ENOMEM : 0;
}

/* In an order that keeps from each process what it does not need: the
 * recorder is forked before PAM's modules are mapped. */
static int
start(struct master *m)
{
	const struct server_settings *s = &m->settings->server;

	raise_descriptor_limit(s->max_workers);
	if (role_prepare(s->greeter_user, s->recorder_user) < 0 ||
	    listener_change(&m->listeners, m->settings) < 0)
		return EX_OSERR;	/* they have said why */

	int error = make_tables(m);
	if (error == 0)
		error = open_loop(m);
	if (error == 0)
		error = recording_open(m);
	if (error < 0) {
		log_error("cannot start: %s", log_errno(error));
		return EX_OSERR;
	}
	admin_change(m);
	monitor_warm_up(s->pam_service);
	role_enter(ROLE_MASTER, NULL);
	return 0;
}

static void
announce(const struct master *m)
{
	char text[LISTENER_TEXT_SIZE];

	for (size_t i = 0; i < m->listeners.count; i++)
		log_info("listening on %s",
			listener_text(&m->listeners.list[i], text));
	notify_ready(&m->notify);
	notify_status(&m->notify, "Serving FTP on %zu address%s",
		m->listeners.count, m->listeners.count == 1 ? "" : "es");
}

static void
release(struct master *m)
{
	admin_close(m);
	penalty_free(m->penalties);
	sessions_free(m->sessions);
	names_free(m->names);
	io_close(&m->epoll);
	io_close(&m->signals);
}

static int
serve(const struct options *options, struct settings *settings,
	struct tls_server *tls)
{
	struct master m = {
		.options = options,
		.settings = settings,
		.epoll = -1,
		.signals = -1,
		.recorder = { .read = -1 },
		.started = clock_ms(),
		.started_wall_ns = clock_wall_ns(),
	};

	admin_init(&m.admin);
	certificates_use(&m, tls);
	log_set_level((enum log_level)settings->server.level);
	if (notify_open(&m.notify, getenv("NOTIFY_SOCKET")) < 0)
		log_warning("NOTIFY_SOCKET is not understood");
	umask(022);
	if (set_environment() < 0 || chdir("/") < 0 ||
	    io_silence_stdio(true) < 0) {
		log_error("cannot start: %s", strerror(errno));
		return EX_OSERR;
	}
	int status = start(&m);
	if (status == 0) {
		announce(&m);
		master_run(&m);
		log_info("stopped");
	}
	recording_close(&m);
	release(&m);
	tls_server_free(m.tls);
	settings_free(m.settings);
	return status;
}

/* A reload must find the file from the root directory as well.  The text
 * lives as long as the program. */
static bool
anchor_path(struct options *options)
{
	char here[PATH_MAX];
	char *absolute;

	if (options->path[0] == '/')
		return true;
	if (getcwd(here, sizeof(here)) == NULL ||
	    asprintf(&absolute, "%s/%s", here, options->path) < 0)
		return false;
	options->path = absolute;
	return true;
}

static int
run(struct options *options)
{
	if (!anchor_path(options)) {
		log_error("cannot start: %s", strerror(errno));
		return EX_OSERR;
	}

	struct settings *settings = options_load(options);

	if (settings == NULL)
		return EX_CONFIG;
	if (geteuid() != 0) {
		log_error("must be started as root, because its sessions run "
			"as the users that log in");
		settings_free(settings);
		return EX_NOPERM;
	}

	struct tls_server *tls = options_load_tls(settings);

	if (tls == NULL) {
		settings_free(settings);
		return EX_CONFIG;
	}
	return serve(options, settings, tls);
}

int
main(int argc, char **argv)
{
	struct options options;

	io_close_all_except(NULL, 0);
	fill_standard_descriptors();
	int status = options_parse(&options, argc, argv);
	if (status != 0)
		return status;
	status = options_inform(&options);
	if (status < 0)
		status = run(&options);
	options_free(&options);
	return status;
}
