/*
 * serve.c - prepares the process, and runs the master.
 *
 * Runs in: master, before it serves.  Never: continues after an error; each
 * ends the program with an error message and a status of sysexits.h.
 */
#include "common/base.h"
#include "daemon/serve.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/title.h"
#include "daemon/configuration.h"
#include "daemon/master.h"

#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>

#define PATIENCE_SECONDS 10	/* with invalid files after an upgrade */
#define AGAIN_MS	 500
#define ASKED_TO_END	 (-1)

/* Set a fixed environment for children and PAM's modules.  TZ is kept as the
 * administrator's choice; JOURNAL_STREAM, because the recorder checks it to
 * detect that standard error is the journal. */
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

/* A reload must find the file from the root directory as well.  The string is
 * never freed. */
static bool
anchor_path(struct options *options)
{
	char here[PATH_MAX];
	char *absolute;

	if (options->path == NULL || options->path[0] == '/')
		return true;
	if (getcwd(here, sizeof(here)) == NULL ||
	    asprintf(&absolute, "%s/%s", here, options->path) < 0)
		return false;
	options->path = absolute;
	return true;
}

/* Reset what the server inherits from the process that started it. */
static int
set_surroundings(struct surroundings *s)
{
	if (s->state == NULL) {
		if (notify_open(&s->notify, getenv("NOTIFY_SOCKET")) < 0)
			log_warning("invalid NOTIFY_SOCKET, the service "
				"manager will not be notified");
		watchdog_init(&s->watchdog, getenv("WATCHDOG_USEC"),
			getenv("WATCHDOG_PID"));
	}
	int error = set_environment();
	umask(022);
	if (error == 0 && chdir("/") < 0)
		error = -errno;
	return error < 0 ? error : io_silence_stdio(true);
}

/* All errors in the configuration have been reported before this. */
static int
enter_background(const struct options *options,
	const struct configuration *configuration, struct background *b)
{
	if (!options->background)
		return 0;
	if (configuration->settings->server.destination == LOG_TO_STDERR &&
	    !background_keeps_stderr()) {
		log_error("--background: nobody would see the log; set "
			"destination = syslog in [log], or write standard "
			"error to a file");
		return EX_USAGE;
	}
	int error = background_begin(b);
	if (error == 0)
		return 0;
	log_error("cannot start: %s", log_errno(error));
	return EX_OSERR;
}

/* --- the configuration */

static void
keep_silent(UNUSED void *context, UNUSED struct event *e)
{
}

static bool
is_valid(const struct options *options)
{
	struct configuration tried;

	event_divert(keep_silent, NULL);
	bool valid = configuration_load(&tried, options) == 0;
	event_divert(NULL, NULL);
	if (valid)
		configuration_clear(&tried);
	return valid;
}

/* Pause.  True when somebody wants the server to end; the previous program has
 * blocked these signals. */
static bool
is_asked_to_end(void)
{
	const struct timespec pause = { .tv_nsec = AGAIN_MS * 1000000L };
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	return sigtimedwait(&ends, NULL, &pause) > 0;
}

/*
 * The trial of an upgrade has accepted the files; one that has changed since,
 * or that is just being written, may be valid again in a moment.  Sessions go
 * on meanwhile, and would end with this program.
 */
static int
load_again(struct configuration *configuration, const struct options *options,
	struct surroundings *s)
{
	int64_t until = clock_after(PATIENCE_SECONDS);
	int error = -1;
	bool last;

	log_warning("the configuration is tried again for %d seconds",
		PATIENCE_SECONDS);
	do {
		if (is_asked_to_end()) {
			log_info("shut down without a configuration");
			return ASKED_TO_END;
		}
		watchdog_step(&s->watchdog, &s->notify, clock_ms());
		last = clock_passed(until);
		if (last || is_valid(options))
			error = configuration_load(configuration, options);
	} while (error < 0 && !last);
	return error < 0 ? EX_CONFIG : 0;
}

/* 0, EX_CONFIG or ASKED_TO_END. */
static int
load(struct configuration *configuration, const struct options *options,
	struct surroundings *s)
{
	if (configuration_load(configuration, options) == 0)
		return 0;
	if (s->state == NULL)
		return EX_CONFIG;
	int status = load_again(configuration, options, s);
	if (status != 0)
		background_end(&s->background);
	return status;
}

int
serve(struct options *options, struct surroundings *surroundings)
{
	struct configuration configuration;

	if (!anchor_path(options)) {
		log_error("cannot start: %s", strerror(errno));
		return EX_OSERR;
	}
	surroundings->background.pid_file = options->pid_file;
	if (surroundings->state != NULL)
		surroundings_restore(surroundings, surroundings->state);
	int status = load(&configuration, options, surroundings);
	if (status != 0)
		return status == ASKED_TO_END ? EX_OK : status;
	log_set_level((enum log_level)configuration.settings->server.level);
	title_enable(configuration.settings->server.process_titles);
	status = surroundings->state != NULL ? 0 :
	    enter_background(options, &configuration,
		&surroundings->background);
	int error = status == 0 ? set_surroundings(surroundings) : 0;
	if (error < 0) {
		log_error("cannot start: %s", log_errno(error));
		status = EX_OSERR;
	}
	if (status != 0) {
		configuration_clear(&configuration);
		return status;
	}
	return master_main(options, &configuration, surroundings);
}
