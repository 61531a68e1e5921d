/*
 * check.c - has uploads checked by a program.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/check.h"

#include "common/settings/settings.h"
#include "worker/reason.h"

int
check_upload(const struct tree *t, const struct file *f)
{
	const char *program = t->settings->upload_check;
	BUFFER(path, 2 * PATH_MAX);

	if (program == NULL || *program == '\0')
		return 0;
	target_path(&f->at, &path);
	int error = t->authority->check_upload(t->authority->context, f->fd,
		buffer_text(&path), t->settings->upload_check_timeout);
	return error == 0 || error == -ECANCELED ? error : -REASON_REJECTED;
}
