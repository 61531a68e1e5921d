/*
 * cmd_site.c - SITE HELP, CHMOD and UMASK.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/text.h"
#include "worker/tree/audit.h"
#include "worker/command.h"
#include "worker/reply.h"

#include <sys/stat.h>

struct site {
	const char *verb;
	char letter;
	const char *syntax;
	const char *help;
	void (*run)(struct session *s, char *argument);
};

static void site_help(struct session *s, char *argument);

static void
site_chmod(struct session *s, char *argument)
{
	char *path = strchr(argument, ' ');
	unsigned mode;

	if (path == NULL || path[1] == '\0' ||
		text_octal(argument, (size_t)(path - argument), &mode) < 0) {
		reply(s, 501, "SITE CHMOD takes an octal mode and a path.");
		return;
	}
	path++;
	int error = chmod(path, mode) < 0 ? errno : 0;
	audit(EVENT_chmod, path, NULL, error, (int32_t)mode);
	if (error != 0)
		reply_errno(s, error);
	else
		reply(s, 200, "Mode is %03o.", mode);
}

static void
site_umask(struct session *s, char *argument)
{
	unsigned mask;

	if (argument[0] == '\0') {
		mask = umask(0);
		umask(mask);
		reply(s, 200, "The umask is %03o.", mask);
		return;
	}
	if (text_octal(argument, strlen(argument), &mask) < 0 || mask > 0777) {
		reply(s, 501, "SITE UMASK takes an octal mask up to 777.");
		return;
	}
	umask(mask);
	reply(s, 200, "The umask is %03o.", mask);
}

static const struct site sites[] = {
	{ "CHMOD", 'M', "<mode> <path>", "sets the mode of a file",
		site_chmod },
	{ "UMASK", 0, "[<mask>]", "sets or tells the mask for new files",
		site_umask },
	{ "HELP", 0, "", "lists the SITE commands", site_help },
};

static void
site_help(struct session *s, char *argument UNUSED)
{
	struct reply_lines r;

	reply_begin(&r, s, 214, "SITE commands:");
	for (size_t i = 0; i < ARRAY_SIZE(sites); i++)
		reply_line(&r, "SITE %s %s - %s", sites[i].verb,
			sites[i].syntax, sites[i].help);
	reply_finish(&r, "End.");
}

static void
cmd_site(struct session *s, char *argument)
{
	char *rest = strchr(argument, ' ');

	if (rest != NULL)
		*rest++ = '\0';
	else
		rest = argument + strlen(argument);
	for (size_t i = 0; i < ARRAY_SIZE(sites); i++) {
		if (!text_is(sites[i].verb, argument))
			continue;
		if (sites[i].letter != 0 && !session_may(s, sites[i].letter))
			reply(s, 550, "Permission denied.");
		else
			sites[i].run(s, rest);
		return;
	}
	reply(s, 504, "No such SITE command; see SITE HELP.");
}

const struct command cmd_site_rows[] = {
	{ "SITE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 0,
		"HELP | CHMOD | UMASK ...", NULL,
		"is for commands of this server", cmd_site },
	{ .verb = NULL },
};
