/*
 * name_rules.c - checks names against the patterns in the settings.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/name_rules.h"

#include "common/glob.h"
#include "common/text.h"
#include "worker/reason.h"

/* NULL: no settings were loaded. */
static bool
is_empty(const char *patterns)
{
	return patterns == NULL || *patterns == '\0';
}

static bool
matches(const char *patterns, const char *name, size_t len)
{
	const char *pattern;
	size_t pattern_len;

	if (is_empty(patterns))
		return false;
	while ((pattern = glob_word(&patterns, &pattern_len)) != NULL)
		if (glob_match(pattern, pattern_len, name, len))
			return true;
	return false;
}

static bool
is_hidden(const char *name, size_t len)
{
	return name[0] == '.' && !text_is_dots(name, len);
}

bool
name_rules_exist(const struct user_settings *s)
{
	return !is_empty(s->deny_names) || !is_empty(s->allow_names) ||
		!is_empty(s->download_names) ||
		s->show_hidden == SHOW_HIDDEN_NO;
}

int
name_rules_check(const struct user_settings *s, const char *path)
{
	while (*path != '\0') {
		size_t len = strcspn(path, "/");

		if (len > 0 && s->show_hidden == SHOW_HIDDEN_NO &&
		    is_hidden(path, len))
			return -ENOENT;
		if (len > 0 && !text_is_dots(path, len) &&
		    matches(s->deny_names, path, len))
			return -REASON_NAME;
		path += len + (path[len] == '/');
	}
	return 0;
}

/* An empty list allows every name. */
static int
check_allowed(const char *patterns, const char *name)
{
	size_t len = strcspn(name, "/");

	return is_empty(patterns) || matches(patterns, name, len) ? 0 :
		-REASON_NAME;
}

int
name_rules_check_new(const struct user_settings *s, const char *name)
{
	return check_allowed(s->allow_names, name);
}

int
name_rules_check_download(const struct user_settings *s, const char *name)
{
	return check_allowed(s->download_names, name);
}

bool
name_rules_show(const struct user_settings *s, const char *name, bool all)
{
	size_t len = strlen(name);

	if (text_is_dots(name, len))
		return all;
	if (is_hidden(name, len) && (s->show_hidden == SHOW_HIDDEN_NO ||
	    (!all && s->show_hidden == SHOW_HIDDEN_ASKED)))
		return false;
	return !matches(s->hide_names, name, len);
}
