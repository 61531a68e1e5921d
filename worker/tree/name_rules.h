/*
 * name_rules.h - the settings deny_names, allow_names, download_names,
 * hide_names and show_hidden.
 */
#ifndef WORKER_TREE_NAME_RULES_H
#define WORKER_TREE_NAME_RULES_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Are there rules about names that may be used? */
bool name_rules_exist(const struct user_settings *s);

/* May all components of the path be used?  0; -ENOENT for a name that is
 * treated as if it did not exist; -REASON_NAME. */
int name_rules_check(const struct user_settings *s, const char *path)
	MUST_CHECK;

/* May a file be given this name?  A slash at its end is ignored.  0 or
 * -REASON_NAME. */
int name_rules_check_new(const struct user_settings *s, const char *name)
	MUST_CHECK;

/* May a file of this name be read?  0 or -REASON_NAME. */
int name_rules_check_download(const struct user_settings *s, const char *name)
	MUST_CHECK;

/* Is the name shown in listings?  `all`: the client has requested names that
 * begin with a dot. */
bool name_rules_show(const struct user_settings *s, const char *name, bool all);

#endif
