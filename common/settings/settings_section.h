/*
 * settings_section.h - finds or creates the section of a heading. For
 * settings_*.c only.
 *
 * A heading is a section's name, or one of the words listener, tls, user,
 * group, client and directory followed by a NAME.  The name may be quoted; it
 * must be if it contains a blank or a quote.
 */
#ifndef COMMON_SETTINGS_SETTINGS_SECTION_H
#define COMMON_SETTINGS_SETTINGS_SECTION_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"
#include "common/settings/settings_table.h"

/* Where assignments are stored.  Pointers are valid until the next section is
 * opened. */
struct settings_section {
	const char *name;	/* name in the table; NULL for those of
				 * settings_override_words */
	const char *word;	/* then this one of them */
	bool invalid;		/* the heading was invalid: no section */
	struct settings_origin *origin;	/* NULL without a section */
	/* The override for rows of scope USER in a section such as [anonymous],
	 * which may set any of them. */
	struct settings_origin *user_origin;
	struct server_settings *server;
	struct listener_settings *listener;
	struct tls_settings *tls;
	struct user_settings *user;
	struct directory_settings *directory;
};

/*
 * Open the section that a heading (without brackets) names, creating the
 * listener, override or directory that it names.  A listener or directory that
 * exists is opened again only with may_exist.  0; or -EINVAL, with the reason
 * in *why and the section set to invalid.
 */
int settings_section_open(struct settings *settings, const char *heading,
	bool may_exist, struct settings_section *section, struct buffer *why)
	MUST_CHECK;

/* The NAME in a heading, without quotes; false for an invalid one. */
#define SETTINGS_SECTION_NAME_SIZE 256
bool settings_section_name(const char *text, char *name);

/* Is this the heading of that user's section? */
bool settings_section_is_user(const char *heading, const char *user);

/* Is this one of the words that a NAME may follow? */
bool settings_section_takes_name(const char *word, size_t len);

/* Where the section stores the line that set the row. */
int *settings_section_line(const struct settings_section *section,
	const struct settings_row *row);

/* Where the section stores this row's value; NULL if the row does not belong to
 * the section. */
void *settings_section_field(const struct settings_section *section,
	const struct settings_row *row);

#endif
