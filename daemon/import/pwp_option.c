/*
 * pwp_option.c - pwp_options.def as data, and the values of Perl.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_option.h"

#include "common/buffer.h"
#include "common/text.h"

#define NUMBER_DIGITS 15	/* more are as good as these */

const struct pwp_row pwp_table[PWP_OPTIONS] = {
#define OPTION(name, key, origin, kind, repeated, default_text, map, sentence) \
	{ key, PWP_##origin, PWP_##kind, repeated, default_text, sentence },
#include "daemon/import/pwp_options.def"
#undef OPTION
};

enum pwp_option
pwp_find(const char *key, size_t len)
{
	BUFFER(standard, 64);

	for (size_t i = 0; i < len; i++)
		if (key[i] != ' ' || i == 0 || key[i - 1] != ' ')
			buffer_add_char(&standard, key[i]);
	for (size_t i = 0; i < PWP_OPTIONS && !standard.overflow; i++)
		if (text_same(pwp_table[i].key, strlen(pwp_table[i].key),
		    buffer_text(&standard), standard.len))
			return (enum pwp_option)i;
	return PWP_OPTIONS;
}

static size_t
count_digits(const char *text)
{
	size_t n = 0;

	while (text_is_digit(text[n]))
		n++;
	return n;
}

int64_t
pwp_number(const char *text)
{
	bool minus = *text == '-';
	int64_t number = 0;

	if (minus || *text == '+')
		text++;
	while (*text == '0')
		text++;
	size_t digits = count_digits(text);
	if (digits > NUMBER_DIGITS)
		digits = NUMBER_DIGITS;
	if (digits > 0 && text_number(text, digits, &number) < 0)
		return 0;
	return minus ? -number : number;
}

bool
pwp_number_is_plain(const char *text)
{
	if (*text == '-')
		text++;
	return *text != '\0' && text[count_digits(text)] == '\0';
}

bool
pwp_is_true(const char *text)
{
	return *text != '\0' && strcmp(text, "0") != 0;
}
