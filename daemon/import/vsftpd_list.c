/*
 * vsftpd_list.c - reads vsftpd's lists of names.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/vsftpd_list.h"

#include "daemon/import/vsftpd_file.h"

/* Can it be the name of a user, and can a list of words contain it? */
static bool
is_plain(const char *entry, size_t len)
{
	if (entry[0] == '#')
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)entry[i] <= ' ' || entry[i] == ',' ||
		    entry[i] == 0x7f)
			return false;
	return true;
}

int
vsftpd_list_read(struct name_list *list, size_t *strange, const char *path)
{
	struct vsftpd_file file;
	const char *line;
	size_t at = 0, len;

	*list = (struct name_list){ 0 };
	*strange = 0;
	int error = vsftpd_file_read(&file, path);
	while (error == 0 &&
	    (line = vsftpd_file_line(&file, &at, &len)) != NULL) {
		if (len == 0)
			continue;
		if (is_plain(line, len))
			error = name_list_add_bytes(list, line, len);
		else
			++*strange;
	}
	vsftpd_file_free(&file);
	return error;
}

bool
vsftpd_list_has_line(const char *path, const char *text)
{
	struct vsftpd_file file;
	const char *line;
	size_t at = 0, len;
	bool found = false;

	if (vsftpd_file_read(&file, path) < 0)
		file.len = 0;
	while (!found && (line = vsftpd_file_line(&file, &at, &len)) != NULL)
		found = len == strlen(text) && memcmp(line, text, len) == 0;
	vsftpd_file_free(&file);
	return found;
}
