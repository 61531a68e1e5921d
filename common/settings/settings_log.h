/*
 * settings_log.h - checks the settings of [log] that depend on each other, or
 * have a format of their own.
 */
#ifndef COMMON_SETTINGS_SETTINGS_LOG_H
#define COMMON_SETTINGS_SETTINGS_LOG_H

#include "common/base.h"
#include "common/settings/settings_report.h"

void settings_log_check(struct settings_report *r);

#endif
