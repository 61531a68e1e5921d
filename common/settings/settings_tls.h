/*
 * settings_tls.h - mistakes and doubts about the TLS settings.  For
 * settings_check.c only; what holds for an account is in settings.h.
 *
 * Files are not looked at here: the code that loads them reports what is
 * wrong.
 */
#ifndef COMMON_SETTINGS_SETTINGS_TLS_H
#define COMMON_SETTINGS_SETTINGS_TLS_H

#include "common/base.h"
#include "common/settings/settings_report.h"

void settings_tls_check(struct settings_report *r);
void settings_tls_warn(struct settings_report *r);

#endif
