/*
 * command.c - runs a program for an event or an upload.
 *
 * Runs in: runner; execute() in a child of it.
 * Never: uses a shell, or runs anything as root.
 */
#include "common/base.h"
#include "daemon/runner/command.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/process/service_socket.h"
#include "daemon/runner/account.h"
#include "daemon/runner/strays.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define LINES_MAX 100	/* maximum number of output lines logged */
#define FILE_DESCRIPTOR 3
#define VARIABLES_MAX 64
#define DIE_MS 2000	/* how long one that was killed may take to end */

/* Standard variables, followed by those of the request. */
static void
make_environment(const struct queued *q, char **environment)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
		"/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C.UTF-8";
	static char file[] = "SUREFTPD_FILE=/dev/fd/3";
	size_t n = 0;
	char *at = (char *)(uintptr_t)q->data + q->head.env;
	const char *end = q->data + q->head.json;

	environment[n++] = path;
	environment[n++] = locale;
	if (q->verdict >= 0)
		environment[n++] = file;
	for (; at < end && n < VARIABLES_MAX - 1; at += strlen(at) + 1)
		environment[n++] = at;
	environment[n] = NULL;
}

/* A memory file with the event as JSON, positioned at the beginning. */
static int
open_json(const struct queued *q)
{
	size_t len = q->len - q->head.json;
	int fd = memfd_create("event", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, q->data + q->head.json, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -EIO;
	}
	return fd;
}

/* The upload; -1 if its monitor has sent none. */
static int
take_file(const struct queued *q)
{
	struct service_datagram d = { .attached = -1 };
	uint64_t bytes;

	return service_socket_receive(q->verdict, &bytes, sizeof(bytes),
		&d) == 1 ? d.attached : -1;
}

/* Move the descriptors to the numbers that the program expects, via high
 * numbers so that none is overwritten. */
static bool
set_descriptors(const struct queued *q, int output)
{
	bool check = q->verdict >= 0;
	int json = open_json(q);
	int file = check ? take_file(q) : -1;

	if (json < 0 || (check && file < 0))
		return false;
	json = fcntl(json, F_DUPFD_CLOEXEC, 10);
	output = fcntl(output, F_DUPFD_CLOEXEC, 10);
	if (check)
		file = fcntl(file, F_DUPFD_CLOEXEC, 10);
	if (dup2(json, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		return false;
	if (check && dup2(file, FILE_DESCRIPTOR) < 0)
		return false;
	io_close_from(check ? FILE_DESCRIPTOR + 1 : FILE_DESCRIPTOR);
	return true;
}

static void
set_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The path as an argument.  One that could not be resolved, or was made up by a
 * process that was taken over, must not be taken for an option. */
static char *
argument_of(const struct queued *q)
{
	static char argument[RUNNER_REQUEST_MAX];
	struct buffer b;

	if (*q->path == '\0')
		return NULL;
	buffer_init(&b, argument, sizeof(argument));
	buffer_addf(&b, "%s%s", *q->path == '-' ? "./" : "", q->path);
	return argument;
}

/* Errors from here on are written to the command's output, which is logged. */
static void NORETURN
execute(const struct queued *q, int output, bool as_session)
{
	char *environment[VARIABLES_MAX];
	char *arguments[] = {
		(char *)(uintptr_t)q->command,
		argument_of(q),
		NULL,
	};

	child_new_group(0);
	make_environment(q, environment);
	if (!set_descriptors(q, output))
		_exit(126);
	log_connect(-1);
	if (as_session)
		account_enter(q->head.uid);
	strays_die_with_runner();
	set_signals();
	umask(022);
	if (chdir("/") == 0)
		execve(q->command, arguments, environment);
	BUFFER(text, 256);
	buffer_addf(&text, "cannot be executed: %s\n", strerror(errno));
	(void)!write(STDERR_FILENO, text.data, text.len);
	_exit(127);
}

bool
command_start(struct command *c, const struct settings *settings,
	struct queued *request, bool as_session)
{
	int64_t seconds = request->head.hook == RUNNER_CHECK ?
		request->head.timeout : settings->server.command_timeout;
	int fds[2];

	*c = (struct command){ .request = request, .output = -1 };
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0) {
		log_error("cannot run %s: %s", request->command,
			strerror(errno));
		return false;
	}
	/* The command's end of the pipe is blocking, as programs expect. */
	(void)!io_nonblocking(fds[1], false);
	pid_t pid = child_fork();
	if (pid == 0)
		execute(request, fds[1], as_session);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		log_error("cannot run %s: %s", request->command,
			log_errno((int)pid));
		return false;
	}
	child_new_group(pid);
	c->pid = pid;
	c->output = fds[0];
	c->deadline = clock_ms() + seconds * 1000;
	return true;
}

static void
describe(struct buffer *b, const struct command *c)
{
	const struct queued *q = c->request;

	buffer_addf(b, "%s%s %s", q->head.hook == RUNNER_CHECK ? "" : "on_",
		runner_request_label(q->head.hook), q->command);
	if (q->head.session != 0)
		buffer_addf(b, " (session %" PRIu64 ")", q->head.session);
}

static void
log_output(struct command *c)
{
	BUFFER(who, PATH_MAX + 64);

	c->line[c->len] = '\0';
	c->len = 0;
	if (c->lines++ > LINES_MAX)
		return;
	describe(&who, c);
	if (c->lines > LINES_MAX)
		log_warning("%s: further output is not logged",
			buffer_text(&who));
	else
		log_info("%s: %s", buffer_text(&who), c->line);
}

static void
add_output(struct command *c, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] != '\n')
			c->line[c->len++] = data[i] != '\0' ? data[i] : ' ';
		if ((data[i] == '\n' && c->len > 0) ||
		    c->len == sizeof(c->line) - 1)
			log_output(c);
	}
}

void
command_read(struct command *c)
{
	char data[4096];
	ssize_t n;

	for (int i = 0; i < 16 && c->output >= 0; i++) {
		n = read(c->output, data, sizeof(data));
		if (n > 0)
			add_output(c, data, (size_t)n);
		else if (n == 0 || errno != EAGAIN)
			io_close(&c->output);
		else
			return;
	}
}

void
command_kill(struct command *c)
{
	c->late = true;
	c->deadline = clock_ms() + DIE_MS;
	child_kill_group(c->pid);
}

static void
send_verdict(const struct command *c, bool failed)
{
	const struct runner_verdict verdict = { .accepted = !failed };

	if (c->request->verdict >= 0)
		(void)!send(c->request->verdict, &verdict, sizeof(verdict),
			MSG_DONTWAIT | MSG_NOSIGNAL);
}

void
command_give_up(struct command *c)
{
	BUFFER(who, PATH_MAX + 64);

	c->stuck = true;
	c->deadline = CLOCK_NEVER;
	describe(&who, c);
	log_error("%s: was killed, but does not end: a file system does not "
		"answer", buffer_text(&who));
	send_verdict(c, true);
}

static void
report(const struct command *c, int status)
{
	BUFFER(who, PATH_MAX + 64);

	describe(&who, c);
	if (c->late)
		log_warning("%s: killed, it took too long", buffer_text(&who));
	else if (WIFSIGNALED(status))
		log_warning("%s: killed by signal %d", buffer_text(&who),
			WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		log_warning("%s: exit status %d", buffer_text(&who),
			WEXITSTATUS(status));
}

bool
command_reap(struct command *c, bool *failed)
{
	siginfo_t info = { .si_pid = 0 };
	int status = 0;

	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) <
	    0 || info.si_pid == 0)
		return false;
	/* Before the child is reaped, so that its pid cannot be reused yet. */
	child_kill_group(c->pid);
	if (waitpid(c->pid, &status, 0) != c->pid)
		status = 1 << 8;
	command_read(c);
	if (c->len > 0)
		log_output(c);
	*failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	report(c, status);
	send_verdict(c, *failed);
	io_close(&c->output);
	queued_free(c->request);
	*c = (struct command){ .output = -1 };
	return true;
}
