/*
 * settings_accounts.h - errors and warnings about settings for accounts.
 * For settings_check.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_ACCOUNTS_H
#define COMMON_SETTINGS_SETTINGS_ACCOUNTS_H

#include "common/base.h"
#include "common/settings/settings_report.h"

void settings_accounts_check(struct settings_report *r);
void settings_accounts_warn(struct settings_report *r);

#endif
