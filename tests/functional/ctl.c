/*
 * ctl.c - runs sureftpctl for a test.
 *
 * Runs in: the suite's process; the program is its child.
 */
#include "common/base.h"
#include "tests/functional/ctl.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/server.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#define OUT "/run/world/ctl.out"
#define ERR "/run/world/ctl.err"
#define IN "/run/world/ctl.in"
#define MAX_ARGUMENTS 32

struct program {
	const char *path, *name;
	uid_t uid;
	const char *input;
};

static void NORETURN
become_program(const struct program *p, const char *const *arguments)
{
	const char *argv[MAX_ARGUMENTS + 2] = { p->name };
	int out = open(OUT, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int err = open(ERR, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	for (size_t i = 0; arguments[i] != NULL && i < MAX_ARGUMENTS; i++)
		argv[i + 1] = arguments[i];
	if (p->input != NULL) {
		files_write_text(IN, p->input);
		dup2(open(IN, O_RDONLY), 0);
	}
	dup2(out, 1);
	dup2(err, 2);
	close_range(3, ~0U, 0);
	if (p->uid != 0 && (setgroups(0, NULL) != 0 ||
			    setresgid(p->uid, p->uid, p->uid) != 0 ||
			    setresuid(p->uid, p->uid, p->uid) != 0))
		_exit(126);
	execv(p->path, (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void
keep(const char *path, char *text, size_t size)
{
	if (files_read(path, text, size) < 0)
		text[0] = '\0';
}

static int
run(struct ctl_result *r, const struct program *p,
	const char *const *arguments)
{
	int status = 0;

	memset(r, 0, sizeof(*r));
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		become_program(p, arguments);
	bool ended = pid > 0 && server_wait(pid, 20000, &status);
	r->status = ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	keep(OUT, r->out, sizeof(r->out));
	keep(ERR, r->err, sizeof(r->err));
	return r->status;
}

int
ctl_run(struct ctl_result *r, uid_t uid, const char *const *arguments)
{
	const struct program ctl = { WORLD_CTL, "sureftpctl", uid, NULL };

	return run(r, &ctl, arguments);
}

int
ctl_run_program(struct ctl_result *r, const char *program, const char *input,
	const char *const *arguments)
{
	const struct program p = { program, program, 0, input };

	return run(r, &p, arguments);
}

const char *
ctl_line(const char *text, size_t n)
{
	static char line[4096];

	for (; n > 0 && text != NULL; n--) {
		text = strchr(text, '\n');
		text = text == NULL ? NULL : text + 1;
	}
	snprintf(line, sizeof(line), "%.*s",
		text == NULL ? 0 : (int)strcspn(text, "\n"),
		text == NULL ? "" : text);
	return line;
}

const char *
ctl_line_with(const char *text, const char *part)
{
	for (size_t n = 0;; n++) {
		const char *line = ctl_line(text, n);
		if (*line == '\0' || strstr(line, part) != NULL)
			return line;
	}
}

int
ctl_connect(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || text_copy(a.sun_path, sizeof(a.sun_path), path) < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
ctl_is_closed(int fd, int64_t ms)
{
	int64_t deadline = clock_ms() + ms;
	char data[4096];

	while (!clock_passed(deadline)) {
		if (!network_readable(fd, 50))
			continue;
		if (recv(fd, data, sizeof(data), 0) <= 0)
			return true;
	}
	return false;
}

/* --- a JSON parser, strict about likely errors of the writer */

static bool read_value(const char **at, int depth);

static bool
take(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

static bool
read_escape(const char **at)
{
	char c = *(*at)++;

	if (c != 'u')
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++, (*at)++)
		if (**at == '\0' ||
		    strchr("0123456789abcdefABCDEF", **at) == NULL)
			return false;
	return true;
}

static bool
read_string(const char **at)
{
	if (!take(at, "\""))
		return false;
	while (**at >= 0x20 && **at < 0x7f) {
		char c = *(*at)++;
		if (c == '"')
			return true;
		if (c == '\\' && !read_escape(at))
			return false;
	}
	return false;
}

static bool
read_members(const char **at, int depth, bool keys, const char *end)
{
	if (take(at, end))
		return true;
	do {
		if (keys && (!read_string(at) || !take(at, ":")))
			return false;
		if (!read_value(at, depth))
			return false;
	} while (take(at, ","));
	return take(at, end);
}

static bool
read_number(const char **at)
{
	const char *begin = *at;

	while (text_is_digit(**at))
		(*at)++;
	if (*at == begin || (*begin == '0' && *at > begin + 1))
		return false;
	if (!take(at, "."))
		return true;
	begin = *at;
	while (text_is_digit(**at))
		(*at)++;
	return *at > begin;
}

static bool
read_value(const char **at, int depth)
{
	if (depth == 0)
		return false;
	if (take(at, "{"))
		return read_members(at, depth - 1, true, "}");
	if (take(at, "["))
		return read_members(at, depth - 1, false, "]");
	if (**at == '"')
		return read_string(at);
	return take(at, "true") || take(at, "false") || take(at, "null") ||
		read_number(at);
}

int
ctl_json_lines(const char *text)
{
	int lines = 0;

	for (; *text != '\0'; lines++)
		if (!read_value(&text, 5) || !take(&text, "\n"))
			return -1;
	return lines;
}
