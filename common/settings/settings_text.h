/*
 * settings_text.h - the settings as text.
 */
#ifndef COMMON_SETTINGS_SETTINGS_TEXT_H
#define COMMON_SETTINGS_SETTINGS_TEXT_H

#include "common/base.h"
#include "common/settings/settings.h"

/* --dump: every value with its source, in the format of the settings file. */
void settings_dump(const struct settings *settings, FILE *out);

/* --settings: the table. */
void settings_describe(FILE *out);

/* --sample: a settings file in which every default is commented out. */
void settings_sample(FILE *out);

#endif
