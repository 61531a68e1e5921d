/*
 * cmd_dir.c - PWD CWD CDUP MKD RMD and their X forms (RFC 959 4.1.3,
 * RFC 775), AVBL (draft-peterson-streamlined-ftp-command-extensions 4).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/command.h"
#include "worker/texts.h"

/* A path in double quotes, with each quote in it doubled (RFC 959 appendix II).
 * CR and LF are shown as '?'. */
static void
reply_257(struct session *s, const char *path, const char *text)
{
	BUFFER(quoted, 2 * PATH_MAX + 8);

	for (; *path != '\0'; path++) {
		buffer_add_char(&quoted, *path);
		if (*path == '"')
			buffer_add_char(&quoted, '"');
	}
	reply(&s->reply, 257, "\"%s\" %s", buffer_text(&quoted), text);
}

static void
cmd_pwd(struct session *s, char *none UNUSED)
{
	char cwd[PATH_MAX];
	const char *path = target_working_directory(cwd, sizeof(cwd));

	if (*path == '/')
		reply_257(s, path, "is the current directory.");
	else
		reply(&s->reply, 550, "The current directory was removed, or "
			"its path is too long.");
}

static void
change(struct session *s, const char *path)
{
	int error = tree_change_directory(&s->tree, path);

	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		texts_send_with_message(s, 250, "Directory changed.");
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

/* RFC 959 appendix II: the reply contains an absolute path for CWD. */
static void
cmd_mkd(struct session *s, char *path)
{
	BUFFER(made, 2 * PATH_MAX);
	int error = tree_make_directory(&s->tree, path, &made);

	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply_257(s, buffer_text(&made), "created.");
}

static void
cmd_rmd(struct session *s, char *path)
{
	reply_result(&s->reply, tree_remove_directory(&s->tree, path), 250,
		"Directory removed.");
}

/* The least of what file system, disk quota and quota leave. */
static void
cmd_avbl(struct session *s, char *path)
{
	uint64_t bytes;
	int error = tree_free_space(&s->tree, *path != '\0' ? path : ".",
		&bytes);

	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 213, "%" PRIu64, bytes);
}

#define PWD_ROW(verb)                                               \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_KEEPS_RESTART, 0, "", \
		NULL, "shows the current directory", cmd_pwd }
#define CWD_ROW(verb)                                               \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,             \
		PERMISSION_enter, "<path>", NULL,                   \
		"changes the current directory", cmd_cwd }
#define CDUP_ROW(verb)                                              \
	{ verb, COMMAND_AFTER_LOGIN, PERMISSION_enter, "", NULL,    \
		"changes to the parent directory", cmd_cdup }
#define MKD_ROW(verb)                                               \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,             \
		PERMISSION_make_directory, "<path>", NULL,          \
		"creates a directory", cmd_mkd }
#define RMD_ROW(verb)                                               \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,             \
		PERMISSION_delete, "<path>", NULL,                  \
		"removes an empty directory", cmd_rmd }

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
	{ "AVBL", COMMAND_AFTER_LOGIN | COMMAND_KEEPS_RESTART, PERMISSION_list,
		"[<path>]", "AVBL", "shows the free space of a directory",
		cmd_avbl },
	{ .verb = NULL },
};
