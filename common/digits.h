/*
 * digits.h - formats numbers fast, for listings, where printf() would take most
 * of the time.
 *
 * All functions write without a NUL, and return the end of the text.
 */
#ifndef COMMON_DIGITS_H
#define COMMON_DIGITS_H

#include "common/base.h"

#define DIGITS_MAX 20	/* digits of the largest number */

char *digits_put(char *at, uint64_t number);
char *digits_put_hex(char *at, uint64_t number);

/* Padded with blanks on the left to `width`. */
char *digits_put_right(char *at, uint64_t number, size_t width);

/* A number below 100, as two digits. */
char *digits_put_two(char *at, unsigned number);

/* Bytes, two hexadecimal digits each. */
char *digits_put_bytes(char *at, const uint8_t *bytes, size_t n);

#endif
