/*
 * target_path.c - absolute paths of targets.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/target.h"

#include "common/log/log.h"
#include "common/process/message.h"
#include "common/text.h"

#include <fcntl.h>
#include <sys/syscall.h>

/* Uses the system call: for paths that are too long, the C library's getcwd()
 * would read all directories up to the root.  Paths outside the root directory
 * begin without a slash. */
static bool
name_working_directory(char *text, size_t size)
{
	return syscall(SYS_getcwd, text, size) > 0 && *text == '/';
}

const char *
target_working_directory(char *text, size_t size)
{
	if (!name_working_directory(text, size))
		(void)!text_copy(text, size, "(unreachable)");
	return text;
}

/* Without /proc the kernel returns the path of the working directory only:
 * change to the directory, get the path, and return.  First check that
 * returning is possible. */
static bool
name_directory(int dir, char *text, size_t size)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool named = false;

	if (here < 0)
		return false;
	if (fchdir(here) == 0 && fchdir(dir) == 0) {
		named = name_working_directory(text, size);
		if (fchdir(here) < 0)
			fatal(OUTCOME_ERROR,
				"cannot return to the working directory: %s",
				log_errno(-errno));
	}
	close(here);
	return named;
}

void
target_find_home(struct resolver *r)
{
	char text[PATH_MAX];
	int home = open(r->home, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (home < 0)
		return;
	if (name_directory(home, text, sizeof(text)))
		r->home_found = strdup(text);
	close(home);
}

const char *
target_home(const struct resolver *r)
{
	return r->home_found != NULL ? r->home_found : r->home;
}

static bool
is_dots(const struct target *at)
{
	return text_is_dots(at->name, strcspn(at->name, "/"));
}

/* The directory part of the target's path. */
static bool
add_directory(const struct target *at, struct buffer *b)
{
	char text[PATH_MAX] UNINITIALIZED;
	int dir = at->dir;
	bool named;

	if (is_dots(at) && dir != -1)
		dir = openat(at->dir, at->name,
			O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return false;
	named = dir == AT_FDCWD || name_directory(dir, text, sizeof(text));
	if (dir == AT_FDCWD)
		(void)target_working_directory(text, sizeof(text));
	if (dir != at->dir)
		close(dir);
	if (named && strcmp(text, "/") != 0)
		buffer_add_text(b, text);
	return named;
}

void
target_named_path(const struct target *at, struct buffer *b)
{
	char text[PATH_MAX] UNINITIALIZED;

	if (at->path[0] != '/') {
		(void)target_working_directory(text, sizeof(text));
		buffer_addf(b, "%s/", strcmp(text, "/") != 0 ? text : "");
	}
	buffer_add_text(b, at->path);
}

void
target_path(const struct target *at, struct buffer *b)
{
	const struct target link = { .path = at->path, .dir = at->link_dir,
		.name = at->link };
	size_t begin = b->len;

	if (at->link != NULL)
		at = &link;
	size_t len = strlen(at->name);

	if (at->name[0] == '/') {
		buffer_add_char(b, '/');
		return;
	}
	if (!add_directory(at, b)) {
		target_named_path(at, b);
		return;
	}
	while (len > 1 && at->name[len - 1] == '/')
		len--;
	if (!is_dots(at)) {
		buffer_add_char(b, '/');
		buffer_add(b, at->name, len);
	} else if (b->len == begin) {
		buffer_add_char(b, '/');
	}
}
