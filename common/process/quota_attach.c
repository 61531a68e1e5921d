/*
 * quota_attach.c - what a monitor sends to the bookkeeper for a session.
 *
 * Runs in: bookkeeper.
 */
#include "common/base.h"
#include "common/process/quota_attach.h"

#include "common/text.h"

bool
quota_attach_valid(const struct quota_attach *a)
{
	return TEXT_ENDS(a->user) && TEXT_ENDS(a->root) &&
	    TEXT_ENDS(a->file) && a->root[0] == '/' && a->file[0] == '/' &&
	    a->ngroups <= MESSAGE_QUOTA_GROUPS;
}
