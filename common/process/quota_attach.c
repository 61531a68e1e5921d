/*
 * quota_attach.c - what a monitor sends to the bookkeeper for a session.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "common/process/quota_attach.h"

static bool
ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

bool
quota_attach_valid(const struct quota_attach *a)
{
	return ends(a->user, sizeof(a->user)) &&
	    ends(a->root, sizeof(a->root)) && ends(a->file, sizeof(a->file)) &&
	    a->root[0] == '/' && a->file[0] == '/' &&
	    a->ngroups <= MESSAGE_QUOTA_GROUPS;
}
