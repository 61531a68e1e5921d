/*
 * ctl.c - sureftpctl: from the command line to a command.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl.h"

#include "common/settings/settings_table.h"

#include <getopt.h>
#include <signal.h>
#include <sysexits.h>

static const struct ctl_command *const commands[] = {
	&ctl_who,
	&ctl_status,
	&ctl_events,
	&ctl_metrics,
	&ctl_passwd,
};

static const char *
default_socket(void)
{
	return settings_table_find("server", "control_socket")->default_text;
}

static const char *
default_accounts(void)
{
	return settings_table_find("auth", "accounts_file")->default_text;
}

static void
print_usage(void)
{
	puts("usage: sureftpctl [--socket PATH] [--json] COMMAND\n"
	    "       sureftpctl [--file PATH] passwd ...\n"
	    "\n"
	    "Commands:");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		printf("  %-10s %s\n", commands[i]->name,
			commands[i]->description);
		if (commands[i]->arguments != NULL)
			fputs(commands[i]->arguments, stdout);
	}
	printf("\n"
	    "  -s, --socket PATH  the server's control_socket\n"
	    "                     (default %s)\n"
	    "  -f, --file PATH    its accounts_file\n"
	    "                     (default %s)\n"
	    "  -j, --json         print JSON, one object per line\n"
	    "  -V, --version\n"
	    "  -h, --help\n", default_socket(), default_accounts());
}

static const struct ctl_command *
find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int
misuse(void)
{
	return ctl_fail(EX_USAGE, "try sureftpctl --help");
}

static int
run(struct ctl *c, int argc, char **argv)
{
	if (argc < 1)
		return ctl_fail(EX_USAGE,
			"missing command; try sureftpctl --help");
	const struct ctl_command *command = find(argv[0]);
	if (command == NULL)
		return ctl_fail(EX_USAGE, "unknown command: %s; try "
			"sureftpctl --help", argv[0]);
	c->argc = argc - 1;
	c->argv = argv + 1;
	if (argc > 1 && command->arguments == NULL)
		return ctl_fail(EX_USAGE, "%s takes no arguments: %s",
			command->name, argv[1]);
	return command->run(c);
}

static int
act(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "file", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "follow", no_argument, NULL, 'F' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct ctl c = { .socket = default_socket(),
		.accounts = default_accounts(), .out = stdout };
	int option;

	while ((option = getopt_long(argc, argv, "s:f:jFVh", options,
	    NULL)) != -1)
		switch (option) {
		case 's':
			c.socket = optarg;
			break;
		case 'f':
			c.accounts = optarg;
			break;
		case 'j':
			c.json = true;
			break;
		case 'F':	/* events are always followed */
			break;
		case 'V':
			puts("sureftpctl " PACKAGE_VERSION);
			return EX_OK;
		case 'h':
			print_usage();
			return EX_OK;
		default:	/* getopt_long() has reported what is wrong */
			return misuse();
		}
	return run(&c, argc - optind, argv + optind);
}

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	int status = act(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout))
		return ctl_fail(EX_IOERR, "cannot write the output");
	return status;
}
