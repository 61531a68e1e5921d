/*
 * name_rules.h - what names may be: the settings deny_names, allow_names,
 * hide_names and show_hidden.
 */
#ifndef WORKER_TREE_NAME_RULES_H
#define WORKER_TREE_NAME_RULES_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Are there rules about what may be used? */
bool name_rules_exist(const struct user_settings *s);

/* May each component of the path be used?  0; -ENOENT for what is treated as
 * if it did not exist; -REASON_NAME. */
int name_rules_check(const struct user_settings *s, const char *path)
	MUST_CHECK;

/* May a file get this name?  A slash at its end does not count.  0 or
 * -REASON_NAME. */
int name_rules_check_new(const struct user_settings *s, const char *name)
	MUST_CHECK;

/* Is the name shown in listings?  `all` if the client asked for those that
 * begin with a dot. */
bool name_rules_show(const struct user_settings *s, const char *name, bool all);

#endif
