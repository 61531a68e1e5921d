/*
 * settings_section.h - what a heading of the settings file names.
 * For settings_*.c only.
 *
 * A heading is a section's name, or one of the words listener, tls, user,
 * group and directory followed by a NAME.  The name may stand in quotes; it
 * must where it holds a blank or a quote.
 */
#ifndef COMMON_SETTINGS_SETTINGS_SECTION_H
#define COMMON_SETTINGS_SETTINGS_SECTION_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"
#include "common/settings/settings_table.h"

/* Where assignments go.  Pointers hold until the next section is opened. */
struct settings_section {
	const char *name;	/* of the table; NULL for [user], [group] */
	bool group;
	bool invalid;		/* the heading was wrong: no section at all */
	struct settings_origin *origin;	/* NULL without a section */
	/* Where rows of scope USER have another one, as in [anonymous], which
	 * may hold any of them. */
	struct settings_origin *user_origin;
	struct server_settings *server;
	struct listener_settings *listener;
	struct tls_settings *tls;
	struct user_settings *user;
	struct directory_settings *directory;
};

/*
 * Open the section that a heading (without brackets) names, making the
 * listener, override or directory it names.  A listener or directory that
 * exists is opened again only with may_exist.  0; or -EINVAL, the reason in
 * *why and an invalid section.
 */
int settings_section_open(struct settings *settings, const char *heading,
	bool may_exist, struct settings_section *section, struct buffer *why)
	MUST_CHECK;

/* The NAME in a heading without its quotes, if it has some; false for an
 * invalid one. */
#define SETTINGS_SECTION_NAME_SIZE 256
bool settings_section_name(const char *text, char *name);

/* Is this the heading of that user's section? */
bool settings_section_is_user(const char *heading, const char *user);

/* Is this one of the words that a NAME may follow? */
bool settings_section_takes_name(const char *word, size_t len);

/* Where the section keeps the line that set the row. */
int *settings_section_line(const struct settings_section *section,
	const struct settings_row *row);

/* Where the section keeps this row's value; NULL when it does not. */
void *settings_section_field(const struct settings_section *section,
	const struct settings_row *row);

#endif
