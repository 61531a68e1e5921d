/*
 * audit.c - names of files made absolute for the log.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/audit.h"

#include "common/buffer.h"
#include "worker/tree/paths.h"
#include "worker/reply.h"

static void
make_absolute(struct buffer *b, const char *path)
{
	char cwd[PATH_MAX];

	if (paths_absolute(b, paths_cwd(cwd, sizeof(cwd)), path) < 0) {
		buffer_clear(b);
		buffer_add_text(b, path);
	}
}

void
audit(enum event_type type, const char *path, const char *path2, int error,
	int32_t code)
{
	struct event e = event_new(type);
	BUFFER(first, 2 * PATH_MAX);
	BUFFER(second, 2 * PATH_MAX);

	make_absolute(&first, path);
	e.path = buffer_text(&first);
	if (path2 != NULL) {
		make_absolute(&second, path2);
		e.path2 = buffer_text(&second);
	}
	e.code = code;
	e.ok = error == 0;
	e.text = error == 0 ? NULL : reply_reason(error);
	event_send(&e);
}

void
audit_transfer(struct event *e, const char *path)
{
	BUFFER(absolute, 2 * PATH_MAX);

	make_absolute(&absolute, path);
	e->path = buffer_text(&absolute);
	event_send(e);
}
