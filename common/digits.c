/*
 * digits.c - formats numbers.
 *
 * Runs in: session, recorder, monitor.
 */
#include "common/base.h"
#include "common/digits.h"

/* Write the digits so that they end at `end`; returns where they begin. */
static char *
put_before(char *end, uint64_t number, unsigned base)
{
	do {
		*--end = "0123456789abcdef"[number % base];
		number /= base;
	} while (number > 0);
	return end;
}

static char *
copy(char *at, const char *digits, const char *end)
{
	size_t len = (size_t)(end - digits);

	memcpy(at, digits, len);
	return at + len;
}

char *
digits_put(char *at, uint64_t number)
{
	char text[DIGITS_MAX], *end = text + sizeof(text);

	return copy(at, put_before(end, number, 10), end);
}

char *
digits_put_hex(char *at, uint64_t number)
{
	char text[DIGITS_MAX], *end = text + sizeof(text);

	return copy(at, put_before(end, number, 16), end);
}

char *
digits_put_right(char *at, uint64_t number, size_t width)
{
	char text[DIGITS_MAX], *end = text + sizeof(text);
	const char *digits = put_before(end, number, 10);

	for (size_t len = (size_t)(end - digits); len < width; len++)
		*at++ = ' ';
	return copy(at, digits, end);
}

char *
digits_put_two(char *at, unsigned number)
{
	*at++ = (char)('0' + number / 10 % 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

char *
digits_put_bytes(char *at, const uint8_t *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*at++ = hex[bytes[i] >> 4];
		*at++ = hex[bytes[i] & 15];
	}
	return at;
}
