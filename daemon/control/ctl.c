/*
 * ctl.c - sureftpctl: parses the command line and runs the command.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl.h"

#include "common/buffer.h"
#include "common/settings/settings_table.h"

#include <getopt.h>
#include <signal.h>
#include <sysexits.h>

static const struct ctl_command *const commands[] = {
	&ctl_who,
	&ctl_top,
	&ctl_status,
	&ctl_events,
	&ctl_metrics,
	&ctl_kick,
	&ctl_ban,
	&ctl_unban,
	&ctl_bans,
	&ctl_quota,
	&ctl_drain,
	&ctl_resume,
	&ctl_reload,
	&ctl_upgrade,
	&ctl_set,
	&ctl_log,
	&ctl_check,
	&ctl_nat_check,
	&ctl_explain_login,
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

/* All options; `bit` is 0 for those that all commands accept. */
static const struct {
	const char *name;
	char letter;
	enum ctl_option bit;
	size_t field;		/* offset in struct ctl; 0: takes no argument */
	const char *argument;
	const char *usage;
} options[] = {
	{ "socket", 's', 0, offsetof(struct ctl, socket), "PATH",
		"the server's control_socket" },
	{ "file", 'f', CTL_FILE, offsetof(struct ctl, accounts), "PATH",
		"the accounts_file, for passwd" },
	{ "json", 'j', CTL_JSON, 0, "", "print JSON, one object per line" },
	{ "follow", 'o', CTL_FOLLOW, 0, "", "show events as they come" },
	{ "wide", 'w', CTL_WIDE, 0, "", "print more columns" },
	{ "user", 'u', CTL_USER, offsetof(struct ctl, user), "NAME",
		"sessions of this account" },
	{ "address", 'a', CTL_ADDRESS, offsetof(struct ctl, address),
		"NETWORK", "sessions from this address or network" },
	{ "all", 'A', CTL_ALL, 0, "", "all sessions" },
	{ "end", 'e', CTL_END, 0, "",
		"also end sessions, after their transfers" },
	{ "config", 'C', CTL_CONFIG, offsetof(struct ctl, config), "FILE",
		"configuration file; default: that of the running server" },
	{ "from", 'F', CTL_FROM, offsetof(struct ctl, from), "ADDRESS",
		"the client's address" },
	{ "tls", 't', CTL_TLS, 0, "", "the client uses TLS" },
	{ "version", 'V', 0, 0, "", "print the version" },
	{ "help", 'h', 0, 0, "", "print this help" },
};

#define OPTIONS ARRAY_SIZE(options)

static void
print_commands(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		printf("  %-13s %s\n", commands[i]->name,
			commands[i]->description);
		if (commands[i]->arguments != NULL)
			fputs(commands[i]->arguments, stdout);
	}
}

static void
print_usage(void)
{
	puts("usage: sureftpctl [OPTION]... COMMAND [ARGUMENT]...\n"
	    "\n"
	    "Commands:");
	print_commands();
	puts("\nOptions:");
	for (size_t i = 0; i < OPTIONS; i++) {
		BUFFER(left, 64);
		buffer_addf(&left, "-%c, --%s %s", options[i].letter,
			options[i].name, options[i].argument);
		printf("  %-22s %s\n", buffer_text(&left), options[i].usage);
	}
	printf("\n"
	    "The default of --socket is %s,\n"
	    "that of --file %s.\n", default_socket(), default_accounts());
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

/* An option that the command does not use is an error. */
static int
check_options(const struct ctl *c, const struct ctl_command *command)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if ((c->options & options[i].bit & ~command->options) != 0)
			return ctl_fail(EX_USAGE, "%s has no option --%s; try "
				"sureftpctl --help", command->name,
				options[i].name);
	return EX_OK;
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
	c->json = (c->options & CTL_JSON) != 0;
	if (argc > 1 && command->arguments == NULL)
		return ctl_fail(EX_USAGE, "%s takes no arguments: %s",
			command->name, argv[1]);
	int status = check_options(c, command);
	return status == EX_OK ? command->run(c) : status;
}

/* Store the option of row `which`. */
static void
apply(struct ctl *c, size_t which)
{
	c->options |= options[which].bit;
	if (options[which].field != 0)
		memcpy((char *)c + options[which].field, &optarg,
			sizeof(optarg));
}

/* The tables of getopt_long(3). */
static void
list_options(struct option *longs, struct buffer *shorts)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		bool argument = options[i].field != 0;
		longs[i] = (struct option){ options[i].name,
			argument ? required_argument : no_argument, NULL,
			options[i].letter };
		buffer_addf(shorts, "%c%s", options[i].letter,
			argument ? ":" : "");
	}
	longs[OPTIONS] = (struct option){ 0 };
}

static size_t
find_option(int letter)
{
	size_t i = 0;

	while (i < OPTIONS && options[i].letter != letter)
		i++;
	return i;
}

static int
act(int argc, char **argv)
{
	struct option longs[OPTIONS + 1];
	struct ctl c = { .socket = default_socket(),
		.accounts = default_accounts(), .out = stdout };
	BUFFER(shorts, 3 * OPTIONS + 1);
	int letter;

	list_options(longs, &shorts);
	while ((letter = getopt_long(argc, argv, buffer_text(&shorts), longs,
	    NULL)) != -1) {
		size_t which = find_option(letter);
		if (which == OPTIONS)	/* getopt_long() has reported it */
			return misuse();
		if (letter == 'V') {
			puts("sureftpctl " PACKAGE_VERSION);
			return EX_OK;
		}
		if (letter == 'h') {
			print_usage();
			return EX_OK;
		}
		apply(&c, which);
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
