/*
 * certificate_map.c - the file that gives accounts to certificates.
 *
 * Runs in: the master (checking), the monitor.
 */
#include "common/base.h"
#include "common/settings/certificate_map.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/text.h"

/* Without the blanks around it, in place. */
static char *
trim(char *text)
{
	size_t len;

	while (text_is_blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && (text_is_blank(text[len - 1]) ||
	    text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	text[len] = '\0';
	return text;
}

/* 1 and both parts, terminated; 0 for a line that is nothing; -EINVAL. */
static int
split_line(char *line, size_t len, char **subject, char **account)
{
	if (memchr(line, '\0', len) != NULL)
		return -EINVAL;
	line = trim(line);
	if (*line == '\0' || *line == '#')
		return 0;

	char *last = line + strlen(line);
	while (last > line && !text_is_blank(last[-1]))
		last--;
	if (last == line)
		return -EINVAL;
	*account = last;
	last[-1] = '\0';
	*subject = trim(line);
	return 1;
}

static FILE *
open_map(const char *path, const char **why, int *error)
{
	int fd = io_open_trusted(path, why);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "re");

	*error = fd < 0 ? fd : file == NULL ? -errno : 0;
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

int
certificate_map_find(const char *path, const char *subject, char *account,
	size_t size)
{
	char *line = NULL, *that, *whose;
	const char *why;
	size_t room = 0;
	int found = 0;
	FILE *file = open_map(path, &why, &found);

	if (file == NULL)
		return found;
	for (ssize_t len; (len = getline(&line, &room, file)) >= 0;) {
		if (split_line(line, (size_t)len, &that, &whose) != 1 ||
		    strcmp(that, subject) != 0)
			continue;
		found = text_copy(account, size, whose) == 0;
		break;
	}
	free(line);
	fclose(file);
	return found;
}

size_t
certificate_map_check(const char *path, settings_complaint *complain,
	void *context)
{
	char *line = NULL, *subject, *account;
	const char *why = NULL;
	size_t room = 0, number = 0, complaints = 0;
	int error;
	FILE *file = open_map(path, &why, &error);

	if (file == NULL) {
		complain(context, path, why != NULL ? why : strerror(-error));
		return 1;
	}
	for (ssize_t len; (len = getline(&line, &room, file)) >= 0;) {
		BUFFER(where, PATH_MAX + 32);

		number++;
		if (split_line(line, (size_t)len, &subject, &account) >= 0)
			continue;
		buffer_addf(&where, "%s:%zu", path, number);
		complain(context, buffer_text(&where), "this is not a subject "
		    "and, behind a blank, an account");
		complaints++;
	}
	free(line);
	fclose(file);
	return complaints;
}
