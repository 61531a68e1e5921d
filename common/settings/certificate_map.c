/*
 * certificate_map.c - the file that maps certificates to accounts.
 *
 * Runs in: the master (checking), the monitor.
 */
#include "common/base.h"
#include "common/settings/certificate_map.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/settings/settings_report.h"
#include "common/text.h"

/* 1 with both parts, NUL-terminated; 0 for a line to be ignored; -EINVAL. */
static int
split_line(char *line, size_t len, char **subject, char **account)
{
	if (memchr(line, '\0', len) != NULL)
		return -EINVAL;
	line = text_trim(line);
	if (*line == '\0' || *line == '#')
		return 0;

	char *last = line + strlen(line);
	while (last > line && !text_is_blank(last[-1]))
		last--;
	if (last == line)
		return -EINVAL;
	*account = last;
	last[-1] = '\0';
	*subject = text_trim(line);
	return 1;
}

int
certificate_map_find(const char *path, const char *subject, char *account,
	size_t size)
{
	char *line = NULL, *that, *whose;
	const char *why;
	size_t room = 0;
	int found = 0;
	FILE *file = io_open_trusted(path, &why, &found);

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

/* Line 0 is the file as a whole. */
static void
complain_of(const char *path, size_t number, const char *sentence,
	settings_complaint *complain, void *context)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);

	text_escape(&where, path, strlen(path));
	if (number > 0)
		buffer_addf(&where, ":%zu", number);
	complain(context, buffer_text(&where), sentence);
}

size_t
certificate_map_check(const char *path, settings_complaint *complain,
	void *context)
{
	char *line = NULL, *subject, *account;
	const char *why;
	size_t room = 0, number = 0, complaints = 0;
	int error;
	FILE *file = io_open_trusted(path, &why, &error);

	if (file == NULL) {
		complain_of(path, 0, why, complain, context);
		return 1;
	}
	for (ssize_t len; (len = getline(&line, &room, file)) >= 0;) {
		number++;
		if (split_line(line, (size_t)len, &subject, &account) >= 0)
			continue;
		complain_of(path, number, "expected SUBJECT ACCOUNT",
			complain, context);
		complaints++;
	}
	free(line);
	fclose(file);
	return complaints;
}
