/*
 * name_list.c - reads vsftpd's lists of names.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/name_list.h"

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

static int
add(struct name_list *list, const char *entry, size_t len)
{
	char **grown = reallocarray(list->names, list->count + 1,
		sizeof(*grown));

	if (grown == NULL)
		return -ENOMEM;
	list->names = grown;
	list->names[list->count] = strndup(entry, len);
	if (list->names[list->count] == NULL)
		return -ENOMEM;
	list->count++;
	return 0;
}

int
name_list_add(struct name_list *list, const char *name)
{
	return add(list, name, strlen(name));
}

int
name_list_read(struct name_list *list, const char *path)
{
	struct vsftpd_file file;
	const char *line;
	size_t at = 0, len;

	*list = (struct name_list){ 0 };
	int error = vsftpd_file_read(&file, path);
	while (error == 0 &&
	    (line = vsftpd_file_line(&file, &at, &len)) != NULL) {
		if (len == 0)
			continue;
		if (is_plain(line, len))
			error = add(list, line, len);
		else
			list->strange++;
	}
	vsftpd_file_free(&file);
	return error;
}

void
name_list_free(struct name_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct name_list){ 0 };
}

bool
name_list_has(const struct name_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->names[i], name) == 0)
			return true;
	return false;
}
