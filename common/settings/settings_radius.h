/*
 * settings_radius.h - errors and warnings about [radius].
 */
#ifndef COMMON_SETTINGS_SETTINGS_RADIUS_H
#define COMMON_SETTINGS_SETTINGS_RADIUS_H

#include "common/base.h"
#include "common/settings/settings_report.h"

/* Is radius one of the backends? */
bool settings_radius_used(const struct server_settings *s);

/* Which kinds of servers are in `servers` and `accounting_servers`? */
struct settings_radius_kinds {
	bool tls, datagram;
};
struct settings_radius_kinds settings_radius_kinds(
	const struct server_settings *s);

void settings_radius_check(struct settings_report *r);
void settings_radius_warn(struct settings_report *r);

#endif
