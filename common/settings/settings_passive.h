/*
 * settings_passive.h - which address a client is told in a PASV reply.
 */
#ifndef COMMON_SETTINGS_SETTINGS_PASSIVE_H
#define COMMON_SETTINGS_SETTINGS_PASSIVE_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "common/settings/settings_report.h"

#define SETTINGS_PASSIVE_SIZE 256

/* What a client at `peer`, connected to `local`, is told: by
 * passive_address_for, passive_address_map or passive_address, in this order.
 * The address as it was set into text[SETTINGS_PASSIVE_SIZE]; "" for `local`
 * itself. */
void settings_passive_address(const struct listener_settings *l,
	const struct address *peer, const struct address *local, char *text);

/* The host names that these settings announce, each once: at most `most`, in
 * names[].  They belong to the settings, or to a buffer that the next call
 * uses. */
size_t settings_passive_names(const struct settings *settings,
	const char **names, size_t most);

/* Report what is no address or name. */
void settings_passive_check(struct settings_report *r);

#endif
