/*
 * cmd_dir.c - PWD CWD CDUP MKD RMD and their X forms (RFC 959 4.1.3,
 * RFC 775).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/tree/audit.h"
#include "worker/command.h"
#include "worker/tree/paths.h"
#include "worker/reply.h"

#include <sys/stat.h>

static void
reply_257(struct session *s, const char *path, const char *text)
{
	BUFFER(quoted, 2 * PATH_MAX + 8);

	paths_add_quoted(&quoted, path);
	reply(s, 257, "%s %s", buffer_text(&quoted), text);
}

static void
cmd_pwd(struct session *s, char *none UNUSED)
{
	char cwd[PATH_MAX];
	const char *path = paths_cwd(cwd, sizeof(cwd));

	if (*path == '/')
		reply_257(s, path, "is the current directory.");
	else
		reply(s, 550, "The current directory is gone, or its name is "
			"too long.");
}

static void
change(struct session *s, const char *path)
{
	if (chdir(path) < 0)
		reply_errno(s, errno);
	else
		reply(s, 250, "Directory changed.");
}

static void
cmd_cwd(struct session *s, char *path)
{
	change(s, path);
}

static void
cmd_cdup(struct session *s, char *none UNUSED)
{
	change(s, "..");
}

static void
cmd_mkd(struct session *s, char *path)
{
	char cwd[PATH_MAX];
	BUFFER(absolute, 2 * PATH_MAX);
	int error = mkdir(path, 0777) < 0 ? errno : 0;

	audit(EVENT_mkdir, path, NULL, error, 0);
	if (error != 0) {
		reply_errno(s, error);
		return;
	}
	/* RFC 959 appendix II: the name that CWD will understand from
	 * anywhere. */
	if (paths_absolute(&absolute, paths_cwd(cwd, sizeof(cwd)), path) < 0)
		reply_257(s, path, "created.");
	else
		reply_257(s, buffer_text(&absolute), "created.");
}

static void
cmd_rmd(struct session *s, char *path)
{
	int error = rmdir(path) < 0 ? errno : 0;

	audit(EVENT_rmdir, path, NULL, error, 0);
	if (error != 0)
		reply_errno(s, error);
	else
		reply(s, 250, "Directory removed.");
}

#define PWD_ROW(verb)                                                     \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_NO_ARGUMENT, 0, "", NULL,   \
		"names the current directory", cmd_pwd }
#define CWD_ROW(verb)                                                     \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'e', "<path>",    \
		NULL, "changes the current directory", cmd_cwd }
#define CDUP_ROW(verb)                                                    \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_NO_ARGUMENT, 'e', "", NULL, \
		"changes to the parent directory", cmd_cdup }
#define MKD_ROW(verb)                                                     \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'm', "<path>",    \
		NULL, "makes a directory", cmd_mkd }
#define RMD_ROW(verb)                                                     \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'd', "<path>",    \
		NULL, "removes an empty directory", cmd_rmd }

const struct command cmd_dir_rows[] = {
	PWD_ROW("PWD"),
	PWD_ROW("XPWD"),
	CWD_ROW("CWD"),
	CWD_ROW("XCWD"),
	CDUP_ROW("CDUP"),
	CDUP_ROW("XCUP"),
	MKD_ROW("MKD"),
	MKD_ROW("XMKD"),
	RMD_ROW("RMD"),
	RMD_ROW("XRMD"),
	{ .verb = NULL },
};
