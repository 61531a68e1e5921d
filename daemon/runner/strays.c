/*
 * strays.c - processes that have left the group of their command.
 *
 * Runs in: runner; strays_die_with_runner() in a child of it.
 */
#include "common/base.h"
#include "daemon/runner/strays.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/text.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define LIST_MAX (64 * 1024)	/* the rest is found in the next round */
#define ROUNDS	 50		/* each ends one generation */
#define ROUND_MS 2

void
strays_adopt(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		log_error("PR_SET_CHILD_SUBREAPER: %s", strerror(errno));
}

void
strays_die_with_runner(void)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
	    getppid() != child_parent())
		_exit(127);
}

/* The pids of all children, as text; "" if the kernel has no such list. */
static void
read_children(char *list, size_t size)
{
	BUFFER(path, 64);
	size_t len = 0;
	ssize_t n;

	buffer_addf(&path, "/proc/self/task/%d/children", (int)getpid());
	int fd = open(buffer_text(&path), O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (n = read(fd, list + len, size - 1 - len)) > 0)
		len += (size_t)n;
	io_close(&fd);
	list[len] = '\0';
}

static bool
is_stray(pid_t pid, const pid_t *commands, size_t count)
{
	pid_t group = getpgid(pid);

	for (size_t i = 0; i < count; i++)
		if (commands[i] == pid || commands[i] == group)
			return false;
	return true;
}

/* False when there were none. */
static bool
kill_generation(const pid_t *commands, size_t count)
{
	static char list[LIST_MAX];
	const char *at = list, *word;
	bool found = false;
	int64_t number;
	size_t len;

	read_children(list, sizeof(list));
	while ((word = text_word(&at, &len)) != NULL) {
		if (text_number(word, len, &number) < 0 ||
		    !is_stray((pid_t)number, commands, count))
			continue;
		found = true;
		child_kill_group((pid_t)number);
		(void)waitpid((pid_t)number, NULL, WNOHANG);
	}
	return found;
}

void
strays_kill(const pid_t *commands, size_t count)
{
	for (int i = 0; i < ROUNDS && kill_generation(commands, count); i++)
		clock_sleep_until(clock_ms() + ROUND_MS);
}
