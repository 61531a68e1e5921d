/*
 * one_time_code.c - one-time codes that are sent with the password.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/one_time_code.h"

#include "common/settings/settings.h"
#include "common/text.h"

#define CODE_DIGITS 6		/* code_in_password = append */

const char *
one_time_code_find(const char *password, int code_in_password, size_t *len)
{
	size_t all = strlen(password), digits = 0;
	const char *comma = strrchr(password, ',');

	*len = all;
	switch (code_in_password) {
	case CODE_IN_PASSWORD_COMMA:
		if (comma == NULL || comma == password || comma[1] == '\0')
			return NULL;
		*len = (size_t)(comma - password);
		return comma + 1;
	case CODE_IN_PASSWORD_APPEND:
		while (digits < CODE_DIGITS && digits < all &&
		    text_is_digit(password[all - 1 - digits]))
			digits++;
		if (digits < CODE_DIGITS || all == CODE_DIGITS)
			return NULL;
		*len = all - CODE_DIGITS;
		return password + *len;
	default:
		return NULL;
	}
}
