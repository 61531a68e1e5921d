/*
 * charsets.c - the character sets of file names that a session may need.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/charsets.h"

#include "common/log/log.h"
#include "common/settings/settings_charset.h"

const struct charsets *
charsets_open(const struct settings *settings,
	const struct user_settings *user)
{
	static struct charsets opened;
	uint32_t needed = settings_charset_needed(settings, user);

	for (int i = 0; i < CHARSETS; i++) {
		if ((needed & (1U << i)) == 0 || opened.sets[i].name != NULL)
			continue;
		int error = charset_open(&opened.sets[i], i);
		if (error < 0)
			log_warning("filename_charset: %s: %s; file names are "
				"not converted", charset_name(i),
				log_errno(error));
	}
	return needed != 0 ? &opened : NULL;
}

const struct charset *
charsets_choose(const struct charsets *opened,
	const struct user_settings *user)
{
	const struct charset *c;

	if (opened == NULL)
		return NULL;
	c = &opened->sets[user->filename_charset];
	return c->name != NULL ? c : NULL;
}
