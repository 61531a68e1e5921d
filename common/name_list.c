/*
 * name_list.c - a list of names.
 *
 * Runs in: master (accounts_file); sureftpd --import-vsftpd, --quota.
 */
#include "common/base.h"
#include "common/name_list.h"

int
name_list_add_bytes(struct name_list *list, const char *name, size_t len)
{
	if (list->count == list->size) {
		size_t size = list->size == 0 ? 64 : 2 * list->size;
		char **grown = reallocarray(list->names, size,
			sizeof(*grown));
		if (grown == NULL)
			return -ENOMEM;
		list->names = grown;
		list->size = size;
	}
	list->names[list->count] = strndup(name, len);
	if (list->names[list->count] == NULL)
		return -ENOMEM;
	list->count++;
	return 0;
}

int
name_list_add(struct name_list *list, const char *name)
{
	return name_list_add_bytes(list, name, strlen(name));
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

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
name_list_sort(struct name_list *list)
{
	if (list->count > 0)
		qsort(list->names, list->count, sizeof(*list->names), compare);
}
