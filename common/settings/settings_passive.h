/*
 * settings_passive.h - determines the address in PASV replies.
 */
#ifndef COMMON_SETTINGS_SETTINGS_PASSIVE_H
#define COMMON_SETTINGS_SETTINGS_PASSIVE_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "common/settings/settings_report.h"

#define SETTINGS_PASSIVE_SIZE 256

/* The address to announce to a client at `peer`, connected to `local`: from
 * passive_address_for, passive_address_map or passive_address, in this order.
 * Copies the setting into text[SETTINGS_PASSIVE_SIZE]; "" for `local`
 * itself. */
void settings_passive_address(const struct listener_settings *l,
	const struct address *peer, const struct address *local, char *text);

/* Collect the host names that these settings announce, without duplicates: at
 * most `most`, in names[].  Returns their number.  They belong to the settings,
 * or to a buffer that the next call uses. */
size_t settings_passive_names(const struct settings *settings,
	const char **names, size_t most);

/* Report invalid addresses and names; addresses that clients cannot use. */
void settings_passive_check(struct settings_report *r);
void settings_passive_warn(struct settings_report *r);

#endif
