/*
 * settings_accounts.h - errors and warnings about settings for accounts.
 * For settings_check.c, but for the last one.
 */
#ifndef COMMON_SETTINGS_SETTINGS_ACCOUNTS_H
#define COMMON_SETTINGS_SETTINGS_ACCOUNTS_H

#include "common/base.h"
#include "common/settings/settings_report.h"

void settings_accounts_check(struct settings_report *r);
void settings_accounts_warn(struct settings_report *r);

/* Is a quota set here?  In a section, rows that are not set have no value:
 * whether they are ever used is decided by that of another section. */
bool settings_accounts_limited(const struct user_settings *s);

#endif
