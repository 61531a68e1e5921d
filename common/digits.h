/*
 * digits.h - numbers as text where there are very many of them: in listings
 * printf() would cost more than all the rest.
 *
 * All functions write without a NUL and return where the text ends.
 */
#ifndef COMMON_DIGITS_H
#define COMMON_DIGITS_H

#include "common/base.h"

#define DIGITS_MAX 20	/* of the largest number */

char *digits_put(char *at, uint64_t number);
char *digits_put_hex(char *at, uint64_t number);

/* With blanks before it, if it has fewer than `width` digits. */
char *digits_put_right(char *at, uint64_t number, size_t width);

/* A number below 100, as two digits. */
char *digits_put_two(char *at, unsigned number);

#endif
