/*
 * settings_guests.h - the account of the host that a guest's sessions run as.
 */
#ifndef COMMON_SETTINGS_SETTINGS_GUESTS_H
#define COMMON_SETTINGS_SETTINGS_GUESTS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "common/settings/settings_report.h"

#define SETTINGS_GUEST_SIZE 256

/* guest_user_for, else guest_user, into account[SETTINGS_GUEST_SIZE]. */
void settings_guest_user(const struct server_settings *server,
	const char *guest, char *account);

/* For settings_check.c. */
void settings_guests_check(struct settings_report *r);

#endif
