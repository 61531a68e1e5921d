/*
 * make.c - creates directories with missing parents, and symbolic links.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/make.h"

#include "worker/reason.h"
#include "worker/tree/counted.h"

#include <fcntl.h>

static bool
is_there(struct tree *t, const char *path)
{
	int fd = target_open_directory(&t->resolver, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Another session may create the same directory at the same time. */
static int
make_one(struct tree *t, const char *path)
{
	BUFFER(made, 2 * PATH_MAX);
	int error;

	if (is_there(t, path))
		return 0;
	error = tree_make_directory(t, path, &made);
	return error == -EEXIST && is_there(t, path) ? 0 : error;
}

int
make_directories(struct tree *t, const char *path)
{
	const char *at = path;
	int error = 0;

	for (int i = 0; *at != '\0' && error == 0; i++) {
		BUFFER(part, PATH_MAX);

		at += strspn(at, "/");
		at += strcspn(at, "/");
		buffer_add(&part, path, (size_t)(at - path));
		if (i == MAKE_DIRECTORIES_MAX)
			return -REASON_DEPTH;
		if (part.overflow)
			return -ENAMETOOLONG;
		error = make_one(t, buffer_text(&part));
	}
	/* What is in the way, but not at the end, is no directory. */
	return error == -EEXIST && *at != '\0' ? -ENOTDIR : error;
}

int
make_link(struct tree *t, const char *target, const char *path)
{
	struct event e = event_new(EVENT_symlink);
	BUFFER(shown, 2 * PATH_MAX);
	struct target at;
	int error = tree_enter_link(t, &at, path, PERMISSION_store);

	if (error == 0)
		error = counted_make_link(t, target, &at);
	target_path(&at, &shown);
	e.path = buffer_text(&shown);
	e.path2 = target;
	e.ok = error == 0;
	e.text = e.ok ? NULL : reason_text(-error);
	event_send(&e);
	target_close(&at);
	return error;
}
