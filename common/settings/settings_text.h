/*
 * settings_text.h - the settings as text.
 */
#ifndef COMMON_SETTINGS_SETTINGS_TEXT_H
#define COMMON_SETTINGS_SETTINGS_TEXT_H

#include "common/base.h"
#include "common/settings/settings.h"

/* --dump: every value, and where it came from, as a file that can be read
 * back. */
void settings_dump(const struct settings *settings, FILE *out);

/* --settings: the table. */
void settings_describe(FILE *out);

/* --sample: a settings file in which every default is commented out. */
void settings_sample(FILE *out);

#endif
