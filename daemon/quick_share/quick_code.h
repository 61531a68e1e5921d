/*
 * quick_code.h - a QR code in characters.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_CODE_H
#define DAEMON_QUICK_SHARE_QUICK_CODE_H

#include "common/base.h"

/* Print the text as a QR code, for a terminal that shows UTF-8.  False, with
 * nothing printed, if it is too long, does not fit in so many columns, or
 * libqrencode is not installed. */
bool quick_code_print(const char *text, int columns, FILE *out);

#endif
