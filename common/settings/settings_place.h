/*
 * settings_place.h - what a heading names, and what holds for an account.
 * For the rooms settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_PLACE_H
#define COMMON_SETTINGS_SETTINGS_PLACE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"
#include "common/settings/settings_table.h"

/* Where assignments go.  Pointers hold until the next place is opened. */
struct settings_place {
	const char *section;	/* of the table; NULL for [user], [group] */
	bool group;
	bool named;		/* [tls "NAME"]: the section's TLS rows only */
	bool misnamed;		/* the heading was wrong: no place at all */
	struct settings_origin *origin;	/* NULL without a place */
	struct server_settings *server;
	struct listener_settings *listener;
	struct tls_settings *tls;
	struct user_settings *user;
};

/* Origins: of server, user and [tls]; of each listener; of each [tls "NAME"]
 * (the first is not used). */
#define SETTINGS_ORIGIN_LISTENER(i) (1 + (i))
#define SETTINGS_ORIGIN_TLS(i)      (1 + SETTINGS_MAX_LISTENERS + (i))
#define SETTINGS_ORIGINS            SETTINGS_ORIGIN_TLS(SETTINGS_MAX_TLS)

/*
 * Open the place that a heading (without brackets) names, making the listener
 * or override it speaks of.  A listener that is there already may be opened
 * again only with may_exist.  0; or -EINVAL, the sentence in *why and no
 * place.
 */
int settings_place_open(struct settings *settings, const char *heading,
	bool may_exist, struct settings_place *place, struct buffer *why)
	MUST_CHECK;

/* Where the place keeps this row's value; NULL when it does not. */
void *settings_place_field(const struct settings_place *place,
	const struct settings_row *row);

#endif
