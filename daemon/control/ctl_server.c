/*
 * ctl_server.c - sureftpctl check, nat-check, explain-login and quota: run
 * sureftpd with the configuration that the running server uses.
 *
 * Runs in: sureftpctl, which becomes sureftpd.
 */
#include "common/base.h"
#include "daemon/control/ctl.h"

#include "common/buffer.h"
#include "daemon/control/ctl_board.h"

#include <sysexits.h>

#define ARGUMENTS_MAX 10

/* sureftpd is in the directory of this program. */
static int
find_server(struct buffer *path)
{
	char own[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (len <= 0)
		return -1;
	own[len] = '\0';
	char *slash = strrchr(own, '/');
	if (slash == NULL)
		return -1;
	*slash = '\0';
	buffer_addf(path, "%s/sureftpd", own);
	return 0;
}

/* The file of --config, or that of the running server; "" for sureftpd's
 * default if there is neither. */
static void
find_file(const struct ctl *c, struct buffer *file)
{
	char failure[256];
	struct ctl_board board;

	if (c->config != NULL) {
		buffer_add_text(file, c->config);
		return;
	}
	/* It is not an error if no server is running, or if it refuses this
	 * user. */
	ctl_fail_keep(failure, sizeof(failure));
	if (ctl_board_get(c, &board) == EX_OK) {
		buffer_add_text(file, board.head.file);
		ctl_board_clear(&board);
	}
	ctl_fail_keep(NULL, 0);
}

/* Execute sureftpd with -C FILE and these arguments. */
static int
become_server(const struct ctl *c, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX + 4] = { "sureftpd" };
	BUFFER(path, PATH_MAX);
	BUFFER(file, PATH_MAX);
	size_t n = 1;

	find_file(c, &file);
	if (find_server(&path) < 0)
		return ctl_fail(EX_OSERR, "cannot find sureftpd");
	if (file.len > 0) {
		argv[n++] = "-C";
		argv[n++] = buffer_text(&file);
	}
	for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++)
		argv[n++] = arguments[i];
	fflush(c->out);
	execv(buffer_text(&path), (char *const *)(uintptr_t)argv);
	return ctl_fail(EX_UNAVAILABLE, "cannot execute %s: %s",
		buffer_text(&path), strerror(errno));
}

static int
run_check(const struct ctl *c)
{
	return become_server(c, (const char *const[]){ "--check", NULL });
}

const struct ctl_command ctl_check = {
	.name = "check",
	.description = "check the configuration (of --config FILE)",
	.options = CTL_CONFIG, .run = run_check,
};

static int
run_nat_check(const struct ctl *c)
{
	return become_server(c, (const char *const[]){ "--nat-check", NULL });
}

const struct ctl_command ctl_nat_check = {
	.name = "nat-check",
	.description = "show and check what passive mode announces",
	.options = CTL_CONFIG, .run = run_nat_check,
};

static int
run_explain(const struct ctl *c)
{
	const char *arguments[ARGUMENTS_MAX] = { "--explain-login" };
	size_t n = 1;

	if (c->argc != 1)
		return ctl_fail(EX_USAGE, "use: explain-login NAME");
	arguments[n++] = c->argv[0];
	if (c->from != NULL) {
		arguments[n++] = "--from";
		arguments[n++] = c->from;
	}
	if ((c->options & CTL_TLS) != 0)
		arguments[n++] = "--tls";
	return become_server(c, arguments);
}

const struct ctl_command ctl_explain_login = {
	.name = "explain-login",
	.description = "show which rules allow or deny a login:",
	.arguments = "    explain-login NAME [--from ADDRESS] [--tls]\n",
	.options = CTL_CONFIG | CTL_FROM | CTL_TLS, .run = run_explain,
};

static int
run_quota(const struct ctl *c)
{
	static const char *const names[] = { "--name", "--bytes", "--files" };
	const char *action = c->argc > 0 ? c->argv[0] : "report";
	const char *arguments[ARGUMENTS_MAX] = { "--quota", action };
	bool all = strcmp(action, "report") == 0;
	int most = all ? 1 : strcmp(action, "set") == 0 ? 4 : 2;
	size_t n = 2;

	if ((c->argc != most && !(all && c->argc == 0)) ||
	    (strcmp(action, "show") != 0 && strcmp(action, "scan") != 0 &&
	    strcmp(action, "set") != 0 && !all))
		return ctl_fail(EX_USAGE, "use: quota [report], quota show "
			"NAME, quota scan NAME or quota set NAME BYTES FILES");
	for (int i = 1; i < c->argc; i++) {
		arguments[n++] = names[i - 1];
		arguments[n++] = c->argv[i];
	}
	if (c->json)
		arguments[n++] = "--json";
	return become_server(c, arguments);
}

const struct ctl_command ctl_quota = {
	.name = "quota",
	.description = "show what accounts use of their quotas, or count it:",
	.arguments = "    quota [report] | show NAME | scan NAME |\n"
		"          set NAME BYTES FILES\n",
	.options = CTL_CONFIG | CTL_JSON, .run = run_quota,
};
