/*
 * name_list.h - a list of names.
 */
#ifndef COMMON_NAME_LIST_H
#define COMMON_NAME_LIST_H

#include "common/base.h"

struct name_list {		/* { 0 }: empty */
	char **names;
	size_t count;
	size_t size;		/* allocated */
};

/* 0 or -ENOMEM. */
int name_list_add(struct name_list *list, const char *name) MUST_CHECK;
int name_list_add_bytes(struct name_list *list, const char *name, size_t len)
	MUST_CHECK;
void name_list_free(struct name_list *list);

bool name_list_has(const struct name_list *list, const char *name);

/* By their bytes. */
void name_list_sort(struct name_list *list);

#endif
