/*
 * settings_tls.h - errors and warnings about the TLS settings.  For
 * settings_check.c only; the settings of one account are in settings.h.
 *
 * Files are not read here: the code that loads them reports their
 * errors.
 */
#ifndef COMMON_SETTINGS_SETTINGS_TLS_H
#define COMMON_SETTINGS_SETTINGS_TLS_H

#include "common/base.h"
#include "common/settings/settings_report.h"

void settings_tls_check(struct settings_report *r);
void settings_tls_warn(struct settings_report *r);

#endif
