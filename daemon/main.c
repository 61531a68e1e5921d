/*
 * main.c - parses the command line, and chooses what the program does.
 *
 * Runs in: master, before it serves.  Never: continues after an error; each
 * ends the program with an error message and a status of sysexits.h.
 */
#include "common/base.h"

#include "common/log/log.h"
#include "common/process/title.h"
#include "daemon/import/import_main.h"
#include "daemon/import/pwp_main.h"
#include "daemon/modes/modes.h"
#include "daemon/options.h"
#include "daemon/quick_share/quick_share.h"
#include "daemon/serve.h"

#include <fcntl.h>
#include <sysexits.h>

/* The program may have been started with 0, 1 or 2 closed; a socket must not
 * get one of these numbers, or it would be used as standard error.  The next
 * number is reserved for the log socket. */
static void
fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd < LOG_DESCRIPTOR);
}

static int
run(struct options *options, struct surroundings *surroundings)
{
	if (geteuid() != 0) {
		log_error("must be started as root: sessions run as the users "
			"that log in; to share a directory, use sureftpd "
			"--share");
		return EX_NOPERM;
	}
	return serve(options, surroundings);
}

static int
choose(int argc, char **argv, struct surroundings *surroundings)
{
	struct options options;

	/* Their arguments are those of the other servers. */
	if (argc > 1 && strcmp(argv[1], "--import-vsftpd") == 0)
		return import_main(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "--import-pwp") == 0)
		return pwp_main(argc - 1, argv + 1);
	char **arguments = title_prepare(argc, argv);
	if (arguments == NULL)
		return EX_OSERR;
	if (argc > 1 && strcmp(arguments[1], "--share") == 0)
		return quick_share_main(argc - 1, arguments + 1, surroundings);
	int status = options_parse(&options, argc, arguments);
	if (status != 0)
		return status;
	status = modes_run(&options);
	if (status < 0)
		status = run(&options, surroundings);
	options_free(&options);
	return status;
}

int
main(int argc, char **argv)
{
	struct surroundings surroundings = {
		.background.ready = -1,
		.control = -1,
		.program = argc > 0 ? argv[0] : NULL,
	};

	if (state_open(&surroundings.state) < 0) {
		log_error("cannot continue from the state of the previous "
			"program");
		return EX_SOFTWARE;
	}
	if (surroundings.state == NULL) {
		passed_take(&surroundings.passed, LOG_DESCRIPTOR);
		fill_standard_descriptors();
	} else {
		/* The recorder goes on; standard error may be closed. */
		log_connect(LOG_DESCRIPTOR);
		event_never_wait(true);
	}
	int status = choose(argc, argv, &surroundings);
	state_reader_free(surroundings.state);
	return status;
}
