/*
 * settings_tls.h - mistakes in what is set about TLS.
 * For settings_check.c only; settings_reuse_for() is in settings.h.
 *
 * Files are not looked at here: whoever loads them says what is wrong.
 */
#ifndef COMMON_SETTINGS_TLS_H
#define COMMON_SETTINGS_TLS_H

#include "common/base.h"
#include "common/settings_check.h"

void settings_tls_check(struct settings_checking *c);

#endif
