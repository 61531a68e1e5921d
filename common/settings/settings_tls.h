/*
 * settings_tls.h - mistakes and doubts about what is set for TLS.  For
 * settings_check.c only; what holds for an account is in settings.h.
 *
 * Files are not looked at here: whoever loads them says what is wrong.
 */
#ifndef COMMON_SETTINGS_SETTINGS_TLS_H
#define COMMON_SETTINGS_SETTINGS_TLS_H

#include "common/base.h"
#include "common/settings/settings_check.h"

/* What cannot be, and what is allowed but hardly meant. */
void settings_tls_check(struct settings_checking *c);
void settings_tls_warn(struct settings_checking *c);

#endif
