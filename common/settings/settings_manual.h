/*
 * settings_manual.h - the settings' part of sureftpd.conf(5).
 */
#ifndef COMMON_SETTINGS_SETTINGS_MANUAL_H
#define COMMON_SETTINGS_SETTINGS_MANUAL_H

#include "common/base.h"

/* --manual: in mdoc. */
void settings_manual(FILE *out);

#endif
